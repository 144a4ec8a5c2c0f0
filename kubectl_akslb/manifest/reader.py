"""A fast reader for the YAML that charts produce. What it does not know for certain it declines.

It reads block mappings and sequences, one-line scalars, block scalars, simple flow collections and JSON. Anchors,
aliases, tags, merge keys, directives, scalars over several lines, tabs, duplicate keys and broken YAML are left to
``parse``. The property that holds it together: what is accepted here gives the tree that ``parse`` gives.
"""

import re
from functools import cache

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
)

# Tabs, control characters, lone carriage returns, the line breaks of YAML 1.1, a byte order mark inside the text.
_ODD = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]|\r(?!\n)")

# The expressions below step back through spaces; nobody but an attacker writes this many.
_LONG_GAP = " " * 1000

# The rest of a line behind a value, then blank lines and comments, then the indentation of the next line. A group that
# repeats without end would keep half a kilobyte for each time: where there is more, it is matched again.
_BLANK = r"(?:[ \r\n]*\n)?"
_SKIP = _BLANK + r"(?: *\#[^\r\n]*\r?\n" + _BLANK + r"){0,100}(?: *\#[^\r\n]*\Z)?([ ]*)"
_TAIL = r"[ ]*(?:(?<=[ ])\#[^\r\n]*)?(?:\r?\n" + _SKIP + r"|\Z())"
_KEY = r"""(?:([A-Za-z0-9_./$][A-Za-z0-9_./$\-]{0,500})|"([^"\\\r\n]{0,500})"|'([^'\r\n]{0,500})'):(?=[ \r\n]|\Z)[ ]*"""
_PLAIN_FIRST = r"""(?:[^\s\-?:,\[\]{}\#&*!|>'"%@`]|-(?!\s|\Z))"""
_PLAIN = _PLAIN_FIRST + r"[^:\#\r\n]*(?:(?::(?![ \r\n]|\Z)|(?<!\ )\#)[^:\#\r\n]*){0,2000}"
_VALUE = rf"""(?:({_PLAIN})|"([^"\\\r\n]*)"|'([^'\r\n]*)'|)"""

_ENTRY = re.compile(_KEY + _VALUE + _TAIL)
_BARE_KEY = re.compile(_KEY)
_NEXT = re.compile(_TAIL)
_START = re.compile(r"\ufeff?" + _SKIP)
_MARKER = r"---" + _TAIL
_DASH = re.compile(r"-(?:[ ]+|(?=\r?\n)|\Z)")
_MORE = frozenset("#\r\n")


# To compile an expression takes longer than to read a short manifest: these two wait for who needs them.


@cache
def _item() -> "re.Pattern[str]":
    """A value behind a dash."""
    return re.compile(_VALUE + _TAIL)


@cache
def _after_block() -> "re.Pattern[str]":
    """What stands behind a block scalar, or is more than ``_TAIL`` takes at once."""
    return re.compile(_SKIP)


def read(text: str, depth: int = 1) -> Node | None:
    """The tree of a document's text, or None where this reader is not sure of it.

    The text may be a part that stands at *depth* of a document, 1 for a whole one.
    """
    if _ODD.search(text, 1 if text.startswith("\ufeff") else 0) or _LONG_GAP in text:
        return None
    try:
        return _Reader(text).root(depth)
    except DeclinedError:
        return None


class _Reader:
    """A position in the text: *pos* is the next content, *column* its indentation, -1 at the end of the text."""

    __slots__ = ("column", "pos", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self.column = -1

    def root(self, depth: int) -> Node:
        """The whole text."""
        text = self.text
        self._advance(_START.match(text))
        if self.column == 0 and text.startswith("---", self.pos):
            self._advance(re.compile(_MARKER).match(text, self.pos))
        if self.column < 0:
            return Scalar("", PLAIN, len(text), len(text), editable=False)
        node = self._block(self.column, -1, depth)
        if self.column >= 0:
            raise DeclinedError
        return node

    def _advance(self, match: "re.Match[str] | None") -> None:
        """Move to the content that follows a match of ``_SKIP`` or ``_TAIL``."""
        if match is None:
            raise DeclinedError
        indent = match[match.lastindex or 0]
        self.pos = match.end()
        while self.text[self.pos : self.pos + 1] in _MORE:
            match = _after_block().match(self.text, self.pos - len(indent))
            if match is None or match.end() <= self.pos:
                break
            indent = match[1]
            self.pos = match.end()
        self.column = -1 if self.pos == len(self.text) else len(indent)

    def _block(self, column: int, parent: int, depth: int) -> Node:
        """The node that begins on this line, below a key or dash at column *parent*."""
        if depth > MAX_DEPTH:
            raise DeclinedError
        if _DASH.match(self.text, self.pos):
            return self._sequence(column, depth, in_mapping=False)
        if self.text[self.pos] not in "{[" and _BARE_KEY.match(self.text, self.pos):
            return self._mapping(column, depth)
        if self.text[self.pos] in "|>" or (parent < 0 and self.text[self.pos] not in "{["):
            raise DeclinedError
        node = self._item(parent, depth - 1)
        if self.column > parent:
            raise DeclinedError
        return node

    def _mapping(self, column: int, depth: int) -> Mapping:
        text = self.text
        start = self.pos
        entries: list[tuple[Scalar, Node]] = []
        keys = set()
        while True:
            pos = self.pos
            match = _ENTRY.match(text, pos)
            if match is None:
                key, value = self._slow_entry(column, depth)
            else:
                plain, double, single, text_plain, text_double, text_single, _, _ = match.groups()
                if plain is not None:
                    key = Scalar(plain, PLAIN, pos, pos + len(plain))
                else:
                    key = _quoted_key(double, single, pos)
                self._advance(match)
                if text_plain is not None:
                    begin = match.start(4)
                    bare = text_plain.rstrip(" ")
                    value = Scalar(bare, PLAIN, begin, begin + len(bare))
                elif text_double is not None:
                    value = Scalar(text_double, DOUBLE, match.start(5) - 1, match.end(5) + 1)
                elif text_single is not None:
                    value = Scalar(text_single, SINGLE, match.start(6) - 1, match.end(6) + 1)
                else:
                    value = self._below(column, key.end + 1, depth, in_mapping=True)
            entries.append((key, value))
            keys.add(key.text)
            if self.column != column:
                break
        if self.column > column or len(keys) != len(entries):
            raise DeclinedError
        return Mapping(tuple(entries), start, max(value.end, key.end + 1), column)

    def _sequence(self, column: int, depth: int, *, in_mapping: bool) -> Sequence:
        """A block sequence; as the value of a key (*in_mapping*) its dashes may stand below the key."""
        text = self.text
        start = self.pos
        items: list[Node] = []
        dash = _DASH.match(text, start)
        while dash is not None:
            at, end = dash.span()
            inner = column + end - at
            self.pos = end
            if end - at == 1:
                self._advance(_NEXT.match(text, end))
                item = self._below(column, end, depth, in_mapping=False)
            elif _BARE_KEY.match(text, end):
                item = self._compact(inner, depth)
            elif _DASH.match(text, end):
                item = self._compact_sequence(inner, depth)
            else:
                item = self._item(column, depth)
            items.append(item)
            if self.column != column:
                break
            dash = _DASH.match(text, self.pos)
        if self.column > column or (self.column == column and not in_mapping):
            raise DeclinedError
        return Sequence(tuple(items), start, max(items[-1].end, start + 1), column)

    def _compact(self, column: int, depth: int) -> Mapping:
        if depth >= MAX_DEPTH:
            raise DeclinedError
        return self._mapping(column, depth + 1)

    def _compact_sequence(self, column: int, depth: int) -> Sequence:
        if depth >= MAX_DEPTH:
            raise DeclinedError
        return self._sequence(column, depth + 1, in_mapping=False)

    def _item(self, column: int, depth: int) -> Node:
        """The scalar or flow collection behind a dash, or what stands below it."""
        match = _item().match(self.text, self.pos)
        if match is None:
            return self._odd_value(column, depth)
        begin = self.pos
        plain, double, single = match[1], match[2], match[3]
        self._advance(match)
        if plain is not None:
            bare = plain.rstrip(" ")
            return Scalar(bare, PLAIN, begin, begin + len(bare))
        if double is not None:
            return Scalar(double, DOUBLE, begin, match.end(2) + 1)
        if single is not None:
            return Scalar(single, SINGLE, begin, match.end(3) + 1)
        return self._below(column, begin, depth, in_mapping=False)

    def _below(self, column: int, empty: int, depth: int, *, in_mapping: bool) -> Node:
        """The block below a key or dash at *column*; null, standing at *empty*, where there is none."""
        if self.column > column:
            return self._block(self.column, column, depth + 1)
        if in_mapping and self.column == column and _DASH.match(self.text, self.pos):
            if depth >= MAX_DEPTH:
                raise DeclinedError
            return self._sequence(column, depth + 1, in_mapping=True)
        return Scalar("", PLAIN, empty, empty)

    def _slow_entry(self, column: int, depth: int) -> tuple[Scalar, Node]:
        match = _BARE_KEY.match(self.text, self.pos)
        if match is None:
            raise DeclinedError
        plain, double, single = match.groups()
        pos = self.pos
        key = Scalar(plain, PLAIN, pos, pos + len(plain)) if plain is not None else _quoted_key(double, single, pos)
        self.pos = match.end()
        return key, self._odd_value(column, depth)

    def _odd_value(self, column: int, depth: int) -> Node:
        """A block scalar, a flow collection or a quoted scalar with escapes; *column* is that of its parent."""
        text, pos = self.text, self.pos
        first = text[pos : pos + 1]
        if first and first in "|>":
            from kubectl_akslb.manifest.blockscalar import block_scalar

            scalar, end = block_scalar(text, pos, column)
            self._advance(_after_block().match(text, end))
            return scalar
        from kubectl_akslb.manifest.flow_style import (  # its patterns take a hundredth of a start to compile
            escaped,
            flow_node,
        )

        if first and first in "{[":
            node, end = flow_node(text, pos, depth + 1)
        else:
            node, end = escaped(text, pos)
        self._advance(_NEXT.match(text, end))
        return node


def _quoted_key(double: str | None, single: str | None, pos: int) -> Scalar:
    if double is not None:
        return Scalar(double, DOUBLE, pos, pos + len(double) + 2)
    return Scalar(single or "", SINGLE, pos, pos + len(single or "") + 2)
