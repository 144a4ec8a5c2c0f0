"""A document as an immutable tree in which every value knows where it stands in the text."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from kubectl_akslb.errors import InputError
from kubectl_akslb.named_tuple import NamedTuple

Style: TypeAlias = Literal["plain", "single", "double", "literal", "folded"]
PLAIN: Final = "plain"
SINGLE: Final = "single"
DOUBLE: Final = "double"
LITERAL: Final = "literal"
FOLDED: Final = "folded"

MAX_DEPTH = 64
"""Mappings and sequences nested deeper than this are refused; a Kubernetes object needs fewer than 20."""

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys of mappings and indexes of sequences, from the root of the document."""


class DeclinedError(Exception):
    """The fast reader is not sure; the full parser decides."""


class Scalar(NamedTuple):
    """A single value. *start* and *end* are character offsets in the document's text, quotes included.

    A scalar that is not *editable* has a span that must not be overwritten: it has an anchor, an alias or a tag, or is
    a block scalar. *tag* is the explicit tag as written, in its long form for ``!!`` tags, else "".
    """

    text: str
    style: Style
    start: int
    end: int
    tag: str = ""
    editable: bool = True


class Mapping(NamedTuple):
    """Keys with values, in the order of the text; *indent* is the column of the keys of a block mapping, from 0.

    Where *editable* is false the mapping is shared through an anchor or an alias, and so is everything in it.
    """

    entries: "tuple[tuple[Scalar, Node], ...]"
    start: int
    end: int
    indent: int
    flow: bool = False
    editable: bool = True
    tag: str = ""


class Sequence(NamedTuple):
    """Values in order; *indent* is the column of the dashes of a block sequence, from 0."""

    items: "tuple[Node, ...]"
    start: int
    end: int
    indent: int
    flow: bool = False
    editable: bool = True
    tag: str = ""


Node: TypeAlias = Scalar | Mapping | Sequence


class Place(NamedTuple):
    """Where a person finds something: *line* and *column* count from 1, *source_line* is the whole line."""

    path: str
    line: int
    column: int
    source_line: str

    def error(self, message: str, hint: str) -> InputError:
        """What is wrong there."""
        return InputError(message, hint=hint, **self._asdict())


_FEW = 20
"""So many places are counted out; for more of them an index of the lines is worth its time and memory."""


class Source:
    """The text of one document of a file; turns its offsets into lines and columns of the file.

    Where *quote* is false its places quote no line: the document also holds a Secret. *unread* is set by who reads the
    text, where something stands behind its one document that kubectl does not read.
    """

    __slots__ = ("_asked", "_starts", "first_line", "path", "quote", "text", "tree", "unread")

    def __init__(self, text: str, path: str = "", first_line: int = 1, *, quote: bool = True) -> None:
        self.text = text
        self.path = path
        self.first_line = first_line
        self.quote = quote
        self.unread: int | None = None
        self.tree: Node | None = None
        self._starts: array[int] | None = None
        self._asked = 0

    def place(self, offset: int) -> Place:
        """The line and column of the character at *offset*; a byte order mark takes no column."""
        row, start = self._row(offset)
        line = self._line(start) if self.quote else ""
        mark = 1 if self.text.startswith("\ufeff") and row == 0 else 0
        return Place(self.path, self.first_line + row, max(offset - start - mark, 0) + 1, line[mark:])

    def _line(self, start: int) -> str:
        """The text of the line that begins at *start*, without its line break."""
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].rstrip("\r\n")

    def _row(self, offset: int) -> tuple[int, int]:
        """The number of the line of *offset*, from 0, and where it begins."""
        if self._starts is None and self._asked < _FEW:
            self._asked += 1
            start = self.text.rfind("\n", 0, offset) + 1
            return self.text.count("\n", 0, start), start
        starts = self._line_starts()
        row = bisect_right(starts, offset) - 1
        return row, starts[row]

    def _line_starts(self) -> "array[int]":
        if self._starts is None:
            starts, position = array("I", (0,)), self.text.find("\n")
            while position >= 0:
                starts.append(position + 1)
                position = self.text.find("\n", position + 1)
            self._starts = starts
        return self._starts


def entry(node: "Node | None", key: str) -> "tuple[Scalar, Node] | None":
    """The key and value under *key*, or None where *node* is no mapping or has no such key."""
    if isinstance(node, Mapping):
        for pair in node.entries:
            if pair[0].text == key:
                return pair
    return None


def child(node: "Node | None", step: str | int) -> "Node | None":
    """The value one step below *node*."""
    if isinstance(step, str):
        pair = entry(node, step)
        return pair[1] if pair else None
    if isinstance(node, Sequence) and 0 <= step < len(node.items):
        return node.items[step]
    return None


def get(node: "Node | None", *path: str | int) -> "Node | None":
    """The value at *path* below *node*, such as ``get(root, "spec", "ports", 0)``, or None."""
    for step in path:
        node = child(node, step)
    return node


def walk(node: "Node", path: Path = ()) -> "Iterator[tuple[Path, Node]]":
    """Every node of a tree with the path to it, parents first."""
    yield path, node
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield from walk(value, (*path, key.text))
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from walk(item, (*path, index))


def path_text(path: Path) -> str:
    """A path as a person writes it: ``spec.ports[0].appProtocol``, ``metadata.annotations["a.b/c"]``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step and all(letter.isalnum() or letter in "-_" for letter in step):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text
