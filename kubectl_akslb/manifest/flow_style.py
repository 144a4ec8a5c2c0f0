"""The part of the fast reader for flow collections (and so JSON) and for quoted scalars with escapes."""

import re

from kubectl_akslb.manifest.nodes import (
    DOUBLE,
    MAX_DEPTH,
    PLAIN,
    SINGLE,
    DeclinedError,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Style,
)

_KEY = re.compile(
    r"""[ \r\n]*(?:"([^"\\\r\n]{0,500})"[ ]*:|'([^'\r\n]{0,500})'[ ]*:"""
    r"""|([A-Za-z0-9_./][A-Za-z0-9_./\-]{0,500}):(?=[ \r\n]))[ \r\n]*"""
)
_SIMPLE = re.compile(
    r""""([^"\\\r\n]*)"|'([^'\r\n]*)'"""
    r"""|((?:[A-Za-z0-9_./+]|-(?=[A-Za-z0-9.]))(?:[A-Za-z0-9_./+\- ]*[A-Za-z0-9_./+\-])?)"""
)
# Bounded, and matched again where there is more: a group that repeats keeps memory for each time.
_DOUBLE = re.compile(r'(?:[^"\\\r\n]+|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4}){0,100}')
_SINGLE = re.compile(r"(?:[^'\r\n]+|''){0,100}")
_ESCAPE = re.compile(r"\\(?:u(....)|(.))")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATE = re.compile(r"\\u[dD][89A-Fa-f]")
_MANY = 10_000
_SPACE = re.compile(r"[ \r\n]*")
_SURROGATES = range(0xD800, 0xE000)


def flow_node(text: str, pos: int, depth: int) -> tuple[Node, int]:
    """The flow node at *pos* and the offset behind it."""
    first = text[pos : pos + 1]
    if first in ("{", "["):
        if depth > MAX_DEPTH:
            raise DeclinedError
        return _flow_mapping(text, pos, depth) if first == "{" else _flow_sequence(text, pos, depth)
    match = _SIMPLE.match(text, pos)
    if match is None:
        return escaped(text, pos)
    double, single, plain = match.groups()
    end = match.end()
    if plain is not None:
        return Scalar(plain, PLAIN, pos, end), end
    if double is not None:
        return Scalar(double, DOUBLE, pos, end), end
    return Scalar(single, SINGLE, pos, end), end


def escaped(text: str, pos: int) -> tuple[Scalar, int]:
    """The quoted scalar at *pos*, escapes resolved, and the offset behind it."""
    quote = text[pos : pos + 1]
    if quote not in {'"', "'"}:
        raise DeclinedError
    end = _all(_DOUBLE if quote == '"' else _SINGLE, text, pos + 1)
    if text[end : end + 1] != quote:
        raise DeclinedError
    content = text[pos + 1 : end]
    if quote == '"':
        return Scalar(_unescaped(content), DOUBLE, pos, end + 1), end + 1
    return Scalar(content.replace("''", "'"), SINGLE, pos, end + 1), end + 1


def _unescaped(content: str) -> str:
    if content.count("\\") < _MANY:
        return _ESCAPE.sub(_character, content)
    from json import loads

    if _SURROGATE.search(content):
        raise DeclinedError
    return str(loads(f'"{content}"', strict=False))


def _all(pattern: "re.Pattern[str]", text: str, pos: int) -> int:
    """The offset behind as many matches as there are."""
    match = pattern.match(text, pos)
    while match is not None and match.end() > pos:
        pos = match.end()
        match = pattern.match(text, pos)
    return pos


def _character(escape: "re.Match[str]") -> str:
    if escape[1] is None:
        return _ESCAPES[escape[2]]
    code = int(escape[1], 16)
    if code in _SURROGATES:
        raise DeclinedError
    return chr(code)


def _flow_mapping(text: str, start: int, depth: int) -> tuple[Mapping, int]:
    pos = _space(text, start + 1)
    entries: list[tuple[Scalar, Node]] = []
    while text[pos : pos + 1] != "}":
        match = _KEY.match(text, pos)
        if match is None:
            raise DeclinedError
        group = match.lastindex or 0
        begin, end = match.span(group)
        style: Style = (DOUBLE, SINGLE, PLAIN)[group - 1]
        quotes = style != PLAIN
        key = Scalar(match[group], style, begin - quotes, end + quotes)
        value, pos = flow_node(text, match.end(), depth + 1)
        entries.append((key, value))
        pos = _separator(text, pos, "}")
    if len({key.text for key, _ in entries}) != len(entries):
        raise DeclinedError
    return Mapping(tuple(entries), start, pos + 1, -1, flow=True), pos + 1


def _flow_sequence(text: str, start: int, depth: int) -> tuple[Sequence, int]:
    pos = _space(text, start + 1)
    items: list[Node] = []
    while text[pos : pos + 1] != "]":
        item, pos = flow_node(text, pos, depth + 1)
        items.append(item)
        pos = _separator(text, pos, "]")
    return Sequence(tuple(items), start, pos + 1, -1, flow=True), pos + 1


def _separator(text: str, pos: int, closing: str) -> int:
    """The offset of the next element, or of *closing*; a comma in front of *closing* is declined."""
    pos = _space(text, pos)
    if text[pos : pos + 1] == closing:
        return pos
    if text[pos : pos + 1] != ",":
        raise DeclinedError
    pos = _space(text, pos + 1)
    if text[pos : pos + 1] == closing:
        raise DeclinedError
    return pos


def _space(text: str, pos: int) -> int:
    match = _SPACE.match(text, pos)
    return match.end() if match else pos
