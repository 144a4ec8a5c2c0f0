"""Cut a stream at its markers and tell what each part is, without a library: most charts have nothing to do with Azure.

This is all that runs for them, so it imports nothing (``re`` and ``typing`` alone take as long as Python's start) and
looks at each byte once: megabytes of CustomResourceDefinitions cost a few milliseconds.

A part ends at the next line ``---``, as for Helm and for kubectl: both ignore what stands behind a line ``...``.
"""

from kubectl_akslb.producers.kinds import PRODUCED_BY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Part: TypeAlias = tuple[int, int, bytes]
    """Start, end, and the kind that the first lines name; b"" where they are unusual."""

WORDS = {b"Service": b"LoadBalancer", **{kind.encode(): word.encode() for kind, word in PRODUCED_BY.items()}}
"""Kinds that can be annotated, or of which Services are made, and what such a document says besides."""
_ANY_WORD = tuple(dict.fromkeys(WORDS.values()))

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How a stream of UTF-16 begins, which kubectl can read, and in which no word is found."""

_LIST = b"List"
_ESCAPES = (
    (b"\\", (b"x", b"u00", b"U0000", b"\n", b"\r")),
    (b"!", (b"!", b"<", b"binary")),
    (b"%", (b"TAG",)),
)
"""How a word can be written so that its bytes are not there."""
_OTHER_KEYS = (b"\nkind", b"\n'", b'\n"')
_OTHER_MARKS = (b"?", b"!", b"&", b"*", b"<")
_OTHER_BREAKS = ((b"\xc2", (b"\x85",)), (b"\xe2", (b"\x80\xa8", b"\x80\xa9")))
"""How a second key ``kind`` can begin, of which kubectl takes the last one."""
_MARKER = b"\n---"
_BEHIND_MARKER = b" \t\r\n#"
_SKIPPED = b" \t\r\n\"'"
_BEHIND_KEY = b": \t\r\n\"'\xc2\x85\xe2\x80\xa8\xa9"
"""What can stand between a key and its value: the bytes of the line breaks of YAML 1.1, too."""
_HEAD = 400
_ASIDE = (b"#", b">", b"|", b"&", b"!", b"*")
"""What a comment, a text block, an anchor, a tag or an alias between key and value begins with."""


def outline(data: bytes) -> "list[Part]":
    """The parts of a stream in order; together they are the stream."""
    parts = []
    find = data.find
    start = 0
    position = find(_MARKER)
    while position >= 0:
        if data[position + 4 : position + 5] in _BEHIND_MARKER and not _is_prologue(data, start, position + 1):
            parts.append((start, position + 1, head_kind(data, start, position + 1)))
            start = position + 1
        position = find(_MARKER, position + 4)
    parts.append((start, len(data), head_kind(data, start, len(data))))
    return parts


def may_matter(data: bytes, part: "Part") -> bool:
    """Whether a part can hold a LoadBalancer Service, or what one is made of; False is certain, True is not."""
    start, end, kind = part
    if data.startswith(UTF16_MARKS):
        return True
    if kind in WORDS:
        return data.find(WORDS[kind], start, end) >= 0 or _is_escaped(data, start, end)
    if kind and not kind.endswith(_LIST):
        return (
            any(data.find(word, start, end) >= 0 for word in _ANY_WORD) or _is_escaped(data, start, end)
        ) and _is_more(data, kind, start, end)
    return any(
        data.find(word, start, end) >= 0 and (_is_kind(data, wanted, start, end) or _is_kind(data, _LIST, start, end))
        for wanted, word in WORDS.items()
    ) or _is_escaped(data, start, end)


def head_kind(data: bytes, start: int, end: int) -> bytes:
    """The kind that the document from *start* to *end* says in its first lines, or b"" where they are unusual.

    Only a marker, comments, ``apiVersion`` and ``kind`` are understood, all at column 0.
    """
    lines = data[start : min(end, start + _HEAD)].split(b"\n", 8)
    for line in lines[:-1]:  # the last one may be cut
        if line.startswith(b"kind: "):
            kind = line[6:].strip(b" \r\"'")
            return kind if kind.isalnum() else b""
        if line.rstrip() not in (b"", b"---") and not line.startswith((b"#", b"apiVersion: ")):
            break
    return b""


def _is_prologue(data: bytes, start: int, end: int) -> bool:
    """Whether nothing but comments, directives and blanks stands there: it belongs to the document that follows."""
    if data[start : start + 3] == b"---" or end - start > _HEAD * 100:
        return False
    return all(
        not line.strip() or (line.lstrip(b" \t").startswith((b"#", b"%")) and b"\r" not in line[:-1])
        for line in data[start:end].split(b"\n")
    )


def _is_escaped(data: bytes, start: int, end: int) -> bool:
    """Whether a word may hide behind an escape."""
    return any(_is_followed(data, mark, followers, start, end) for mark, followers in _ESCAPES)


def _is_followed(data: bytes, mark: bytes, followers: "tuple[bytes, ...]", start: int, end: int) -> bool:
    """Whether one of *followers* stands behind *mark*: to look for a single byte is the fastest way to look."""
    position = data.find(mark, start, end)
    while position >= 0:
        if data.startswith(followers, position + 1, end):
            return True
        position = data.find(mark, position + 1, end)
    return False


def _is_more(data: bytes, kind: bytes, start: int, end: int) -> bool:
    """Whether a document whose first lines name a *kind* may name another one."""
    behind = data.find(b"kind: ", start, end) + len(b"kind: ") + len(kind)
    return (
        data.count(b"\r", behind, end) != data.count(b"\r\n", behind, end)
        or any(_is_followed(data, mark, followers, behind, end) for mark, followers in _OTHER_BREAKS)
        or any(_begins_a_line(data, mark, behind, end) for mark in _OTHER_MARKS)
        or any(data.find(key, behind, end) >= 0 for key in _OTHER_KEYS)
    )


def _begins_a_line(data: bytes, mark: bytes, start: int, end: int) -> bool:
    position = data.find(mark, start, end)
    while position >= 0:
        if data[position - 1 : position] == b"\n":
            return True
        position = data.find(mark, position + 1, end)
    return False


def _is_kind(data: bytes, name: bytes, start: int, end: int) -> bool:
    """Whether *name* may be the value of a key ``kind``, or the end of it where *name* is List."""
    position = data.find(name, start, end)
    while position >= 0:
        before = data[max(start, position - 80) : position]
        while name == _LIST and before[-1:].isalnum():
            before = before[:-1]
        near = before.rstrip(_SKIPPED)
        line, key = _last_line(near), near.rstrip(_BEHIND_KEY)
        if line == near and before[len(near) :].strip(b" \t\"'"):  # the line above, as far as it goes
            line = data[max(start, data.rfind(b"\n", start, position - len(before) + len(near)) + 1) : position]
        line += _last_line(key)
        if not key or key.endswith(b"kind") or any(mark in line for mark in _ASIDE):
            return True
        position = data.find(name, position + len(name), end)
    return False


def _last_line(text: bytes) -> bytes:
    return text[max(text.rfind(b"\n"), text.rfind(b"\r")) + 1 :]
