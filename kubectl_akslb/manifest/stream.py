"""Cut a stream of bytes into YAML documents, and tell by its bytes which document can matter.

No YAML library and no line-by-line Python: a post-renderer is handed megabytes of CustomResourceDefinitions for the
sake of one Service.
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise

# What every stream needs is compiled here; the rest where it is used, and kept by re: most streams need none of it.
_MARKER = re.compile(rb"(---|\.\.\.)(?=[ \t\r\n]|\Z|(?<=-)#)")
# A group that repeats without end keeps memory for each time: these are bounded, and matched again where there is more.
_BLANKS = re.compile(rb"(?:[ \t]*(?:[#%][^\r\n]*)?(?:\r\n|\n|\r(?!\n))){0,100}")
_LEAD = re.compile(rb"(?:[ \t]*(?:[#%][^\r\n]*|---[ \t]*(?:#[^\r\n]*)?)?(?:\r\n|\n|\r(?!\n))){0,100}")
_LAST = re.compile(rb"[ \t]*(?:[#%][^\r\n]*)?\Z")
_MARK = b"\xef\xbb\xbf"
_BREAK = rb"\r\n|\n|\r"
_SOURCE = rb"^# Source: ([^\r\n]+?)[ \t]*\r?$"
_CONTENT = re.compile(rb"(?:---[ \t]+)?([ ]*)([^ ]?)")
_KIND_VALUE = re.compile(rb"""["']?[ \t]*:[ \t]+["']?(\w+)["']?[ \t]*(?:[ \t]#[^\r\n]*)?(?=[\r\n]|\Z)""")
_FLOW_TOKEN = rb"""(?P<open>[{\[])|(?P<close>[}\]])|"|'[^']*(?:'|\Z)|[^\s{}\[\],:"']+"""
_STRING = rb'(?s:[^"\\]+|\\.){0,100}'
_FLOW_KIND = rb"""["']?kind["']?\s*:\s*(?:"(?P<double>\w+)"|'(?P<single>\w+)'|(?P<plain>\w+)(?=[\s,}\]]|\Z))"""
_HIDDEN = rb"\\(?:x[0-9A-Fa-f]|u00|U0000|/|\r?\n)|!binary|!!|!<|%TAG"
_OPEN = re.compile(rb"\s*\{")
_TWO_OBJECTS = rb"\}\s*\{"
_SPACE = r"[ \t\r\n]*"
# What a key at the root can be, beside a word with or without quotes: an anchor, an alias, a tag, an escape, a merge.
_UNUSUAL = rb"""(?:[?!&*]|<<|"[^"\\\r\n]*\\)"""
_FLOW_KEY_END = rb"\s*:"
_UNUSUAL_FLOW = rb"[?!&*]|<<"
# The line breaks of YAML 1.1 beside its own, and such a one with a key behind it that could be the kind.
_ODD_BREAK = rb"(?:\r(?!\n)|\xc2\x85|\xe2\x80[\xa8\xa9])"
_BEHIND_ODD_BREAK = _ODD_BREAK + rb"""[ ]*(?:["'?!&*]|<<|kind)"""
_KEY_END = rb"""["']?[ \t]*:(?=[ \t\r\n]|\Z|""" + _ODD_BREAK + rb")"
_BESIDE_ODD_BREAK = rb"kind" + _ODD_BREAK + rb"|" + _ODD_BREAK + rb"kind"

LIST = b"List"
SECRETS = frozenset({b"Secret", b"SecretList"})


class Document:
    """One document of a stream: the bytes from *start* to *end* of *data*; the first is on line *line*, from 1.

    *ignored* says that it stands behind a line ``...`` without a line ``---``: kubectl, Helm and kustomize read none of
    it.
    """

    __slots__ = ("_kinds", "data", "end", "ignored", "index", "line", "start")

    def __init__(self, index: int, data: bytes, start: int, end: int, line: int, *, ignored: bool = False) -> None:
        self.index = index
        self.data = data
        self.start = start
        self.end = end
        self.line = line
        self.ignored = ignored
        self._kinds: frozenset[bytes] | None = None  # looked for once: it is asked for again and again

    @property
    def raw(self) -> bytes:
        """The document's bytes, its ``---`` line included."""
        return self.data[self.start : self.end]

    @property
    def text(self) -> str:
        """The document's text, decoded anew at each call; raises UnicodeDecodeError where it is not UTF-8."""
        return self.raw.decode()

    @property
    def source(self) -> str:
        """The template that Helm names in its ``# Source:`` comment, or ""."""
        position = self.data.find(b"# Source: ", self.start, self.end)
        found = re.compile(_SOURCE, re.MULTILINE).search(self.data, position, self.end) if position >= 0 else None
        return found[1].decode(errors="replace") if found else ""

    @property
    def kinds(self) -> frozenset[bytes]:
        """What the document says it is, by its bytes; empty where that cannot be told without reading it.

        A key that stands twice gives two kinds.
        """
        if self._kinds is None:
            self._kinds = self._told_kinds()
        return self._kinds

    def _told_kinds(self) -> frozenset[bytes]:
        content = _CONTENT.match(self.data, _behind(_LEAD, self.data, self.start, self.end), self.end)
        indent, first = (content[1], content[2]) if content else (b"", b"")
        if first in (b"{", b"["):
            return _flow_kinds(self.raw)
        if _is_unusual(self.data, self.start, self.end, indent):
            return frozenset()
        return frozenset(_root_kinds(self.data, self.start, self.end, indent))

    def is_secret(self) -> bool:
        """Whether the document calls itself a Secret: such a document is never read."""
        kinds = self.kinds
        return bool(kinds) and kinds <= SECRETS

    def may_hold(self, kind: bytes, *words: bytes) -> bool:
        """Whether an object of *kind* whose text has all *words* can stand in this document.

        False is certain, true is not. A word can hide behind an escape in double quotes or in ``!!binary``; an anchor
        hides nothing, because it stands in the same document.
        """
        there = all(self.data.find(word, self.start, self.end) >= 0 for word in (kind, *words))
        if not there and re.compile(_HIDDEN).search(self.data, self.start, self.end) is None:
            return False
        kinds = self.kinds
        return not (kinds and kinds <= SECRETS) and holds_objects(kinds, {kind})


def holds_objects(kinds: AbstractSet[bytes], wanted: AbstractSet[bytes]) -> bool:
    """Whether a document that says it is of *kinds* can hold an object of those *wanted*: it is one, or is a list.

    One that does not tell its kinds can hold any.
    """
    return not kinds or not kinds.isdisjoint(wanted) or any(kind.endswith(LIST) for kind in kinds)


def split(data: bytes) -> tuple[Document, ...]:
    """Cut *data* at the markers between documents; joined, the documents are *data* again, byte for byte.

    A document begins with its ``---`` line or, in front of the first one, with comments and directives; it ends after
    its ``...`` line.
    """
    cuts, ignored = _cuts(data)
    cuts[1:1] = [start for start, _ in json_objects(data, 0, cuts[1] if len(cuts) > 1 else len(data))][1:]
    documents = []
    line = 1
    for index, (start, end) in enumerate(pairwise([*cuts, len(data)])):
        documents.append(Document(index, data, start, end, line, ignored=start in ignored))
        line += data.count(b"\n", start, end)
    return tuple(documents)


def content_end(data: bytes, start: int, end: int) -> int:
    """Where the document ends that kubectl reads between two lines ``---``: what stands behind it is ignored."""
    for word in (b"\n...", b"\r...", b"\r---"):
        position = data.find(word, start, end)
        while position >= 0:
            if _MARKER.match(data, position + 1, end) and not (word == b"\r---" and is_bare(data, start, position + 1)):
                end = position + 1 if word == b"\r---" else _line_end(data, position + 1, end)
                break
            position = data.find(word, position + 4, end)
    return end


def json_objects(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Where the objects begin and end that kubectl reads one by one where a stream begins as JSON.

    Several of them may stand in a line or on lines of their own, with no line ``---`` between them. What is no such
    stream, or is no JSON behind some object, is one piece.
    """
    if start or _OPEN.match(data) is None or re.compile(_TWO_OBJECTS).search(data, start, end) is None:
        return [(start, end)]
    from json import JSONDecoder

    scan = JSONDecoder(parse_int=str, parse_float=str).raw_decode
    text = data[:end].decode("latin-1")  # a character for each byte
    starts, position = [0], _behind_space(text, 0)
    try:
        while position < end:
            position = _behind_space(text, scan(text, position)[1])
            starts.append(position)
    except (ValueError, RecursionError):
        starts.append(end)
    return list(pairwise([*starts[:-1], end]))


def _behind_space(text: str, position: int) -> int:
    found = re.compile(_SPACE).match(text, position)
    return found.end() if found else position


def is_bare(data: bytes, start: int, end: int) -> bool:
    """Whether nothing but comments, directives and blanks stands there."""
    return _LAST.match(data, _behind(_BLANKS, data, start, end), end) is not None


def _behind(pattern: "re.Pattern[bytes]", data: bytes, start: int, end: int) -> int:
    """The offset behind as many matches as there are, and behind a byte order mark in front of them."""
    position = start + len(_MARK) if data.startswith(_MARK, start, end) else start
    match = pattern.match(data, position, end)
    while match is not None and match.end() > position:
        position = match.end()
        match = pattern.match(data, position, end)
    return position


def join(documents: Iterable[Document], texts: Mapping[int, str]) -> bytes:
    """The stream again, with *texts* in place of the documents of those indexes."""
    return b"".join(
        texts[document.index].encode() if document.index in texts else document.raw for document in documents
    )


def _cuts(data: bytes) -> tuple[list[int], set[int]]:
    """The offsets at which documents begin, and which of these documents are ignored."""
    if not data:
        return [], set()
    starts = [0]
    bare = True  # nothing but a prologue can stand between here and the next "---" of the same document
    for position in _markers(data):
        if bare and is_bare(data, starts[-1], position):
            bare = False
        else:
            if position > starts[-1]:
                starts.append(position)
            bare = False
    if b"\n..." not in data and not _has_lone_breaks(data):
        return starts, set()
    cuts, ignored = [], set()
    begin = 0
    for end in [*starts[1:], len(data)]:
        cuts.append(begin)
        begin = end
        behind = content_end(data, cuts[-1], end)
        if behind < end and is_bare(data, behind, end):
            begin = behind  # comments and directives of the next document
        elif behind < end:
            cuts.append(behind)
            ignored.add(behind)
    if begin < len(data):
        cuts.append(begin)
    return cuts, ignored


def _markers(data: bytes) -> list[int]:
    """Where lines begin that are a document marker ``---``, in order. To kubectl a line ends with a line feed only."""
    found = []
    first = _MARKER.match(data, 3 if data.startswith(b"\xef\xbb\xbf") else 0)
    if first and first[1] == b"---":
        found.append(first.start())
    position = data.find(b"\n---")
    while position >= 0:
        if _MARKER.match(data, position + 1):
            found.append(position + 1)
        position = data.find(b"\n---", position + 4)
    return found


def _has_lone_breaks(data: bytes) -> bool:
    return b"\r" in data and data.count(b"\r") != data.count(b"\r\n")


def _line_end(data: bytes, position: int, end: int) -> int:
    """The offset behind the line break that follows *position*."""
    found = re.compile(_BREAK).search(data, position, end)
    return found.end() if found else end


def _root_kinds(data: bytes, start: int, end: int, indent: bytes) -> set[bytes]:
    """The values of ``kind`` that stand *indent* deep in a block document; none where one of them is unusual."""
    kinds = set()
    if data.startswith(_MARK, start):
        start += len(_MARK)
    for key in (b"kind", b'"kind', b"'kind"):
        word = b"\n" + indent + key
        after = start + len(word) - 1 if data.startswith(word[1:], start) else _find_end(data, word, start, end)
        while after >= 0:
            found = _KIND_VALUE.match(data, after, end)
            if found:
                kinds.add(found[1])
            elif re.compile(_KEY_END).match(data, after, end):
                return set()
            after = _find_end(data, word, after, end)
    return kinds


def _is_unusual(data: bytes, start: int, end: int, indent: bytes) -> bool:
    """Whether a key *indent* deep in a block document may be ``kind`` in another way than by this word."""
    if data.startswith(_MARK, start):
        start += len(_MARK)
    keys = re.compile(rb"\n" + indent + _UNUSUAL)
    if keys.match(b"\n" + data[start : start + len(indent) + 500]) or keys.search(data, start, end):
        return True
    breaks = (b"\r", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")
    if all(data.find(one, start, end) < 0 for one in breaks):
        return False
    return re.compile(_BEHIND_ODD_BREAK).search(data, start, end) is not None


def _find_end(data: bytes, word: bytes, start: int, end: int) -> int:
    """The offset behind the first *word*, or -1."""
    position = data.find(word, start, end)
    return position + len(word) if position >= 0 else -1


def _flow_kinds(raw: bytes) -> frozenset[bytes]:
    """The values of ``kind`` directly below the root of a JSON or flow document; none where one may be unusual."""
    kinds = set()
    depth = 0
    token = re.compile(_FLOW_TOKEN).search(raw)
    while token is not None:
        end = token.end()
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
        else:
            if token[0] == b'"':
                end = _behind(re.compile(_STRING), raw, end, len(raw)) + 1
            text = raw[token.start() : end] if depth == 1 else b""
            if re.compile(_UNUSUAL_FLOW).match(text) or (text[:1] == b'"' and b"\\" in text):
                return frozenset()
            if re.compile(_BESIDE_ODD_BREAK).search(text):
                return frozenset()
            if text.strip(b"\"'") == b"kind":
                found = re.compile(_FLOW_KIND).match(raw, token.start())
                if found:
                    kinds.add(found[found.lastgroup or ""])
                elif re.compile(_FLOW_KEY_END).match(raw, end):
                    return frozenset()
        token = re.compile(_FLOW_TOKEN).search(raw, end)
    return frozenset(kinds)
