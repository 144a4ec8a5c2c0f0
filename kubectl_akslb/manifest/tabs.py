"""Tabs where YAML has them for blanks: behind values, before comments, inside flow collections, as kubectl reads them.

ruamel.yaml refuses most of these, and Go's parsers some that ruamel takes. So a document with tabs is read with spaces
in their place, each value that a tab belongs to is read again as it is, and Go's own rules say where none must be.
"""

import re
from bisect import bisect_left

from kubectl_akslb.manifest.blockscalar import block_scalar
from kubectl_akslb.manifest.nodes import FOLDED, LITERAL, PLAIN, DeclinedError, Mapping, Node, Scalar, Sequence

TAB = "\t"
_PROPERTIES = re.compile(r"(?:[&!][^\s]*[ \t]*)+")
_LEADING = re.compile(r"\n[ ]*\t")
_CONTENT = re.compile(r"\n(?:[ ]*\r?\n)*([ ]*)")


def blanked(text: str) -> str:
    """*text* with a space in place of each tab: every offset stays."""
    return text.replace(TAB, " ")


def restored(text: str, root: Node) -> Node | None:
    """The tree of *text*, from the tree *root* of the same text ``blanked``; None where that is not certain."""
    restorer = _Restorer(text)
    try:
        node = restorer.node(root)
    except DeclinedError:
        return None
    return None if restorer.aliases and restorer.changed else node  # an alias has what its anchor had before


def misplaced(text: str, root: Node) -> int | None:
    """The offset of a tab that Go refuses where it stands, or None; *root* is the tree of *text*."""
    places = _Places(text)
    places.add(root, -1)
    places.sort()
    end_of_all = root.end if not isinstance(root, Scalar) and root.flow else len(text)  # Go reads no further
    position = text.find(TAB, 0, end_of_all)
    while position >= 0:
        line = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
        if not text[line:position].strip(" \t") and not places.allow(line, position):
            return position
        end = text.find("\n", position)
        position = text.find(TAB, end, end_of_all) if end >= 0 else -1
    return places.behind_dash


class _Restorer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._blank = blanked(text)
        self.aliases = self.changed = False

    def node(self, node: Node) -> Node:
        if self._text.find(TAB, node.start, node.end + 1) < 0 and not isinstance(node, Scalar):
            last = _last(node)
            if not (isinstance(last, Scalar) and last.style in {LITERAL, FOLDED}):
                return node
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Mapping):
            return node._replace(entries=tuple((self._scalar(key), self.node(value)) for key, value in node.entries))
        return node._replace(items=tuple(self.node(item) for item in node.items))

    def _scalar(self, node: Scalar) -> Scalar:
        if self._text.startswith("*", node.start) and not node.editable:
            self.aliases = True
            return node
        properties = None if node.editable else _PROPERTIES.match(self._text, node.start, max(node.end, node.start + 1))
        start = properties.end() if properties else node.start
        if node.style in {LITERAL, FOLDED}:
            return self._block(node, start)
        written = self._text[start : node.end]
        if TAB not in written:
            return node
        self.changed = True
        if node.style == PLAIN:
            if "\n" in written or "\r" in written:
                raise DeclinedError
            return node._replace(text=written)
        from kubectl_akslb.manifest.flow_style import escaped

        found, end = escaped(self._text, start)
        if end != node.end:
            raise DeclinedError
        return node._replace(text=found.text)

    def _block(self, node: Scalar, start: int) -> Scalar:
        end = node.end
        while end < len(self._text) and self._text[end] in " \t\r\n":
            end += 1
        if self._text.find(TAB, start, end) < 0:
            return node
        self.changed = True
        _, end = block_scalar(self._blank, start, -1)
        found, own_end = block_scalar(self._text, start, -1)
        if own_end != end or (node.style == FOLDED and _LEADING.search(self._text, start, end)):
            raise DeclinedError
        return node._replace(text=found.text, end=found.end)


class _Places:
    """Where in a text a line may begin with a tab: inside scalars from a column on, and in flow collections."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._scalars: list[tuple[int, int, int]] = []  # start, end, and the first column that may hold a tab
        self._flows: list[tuple[int, int]] = []
        self._plain: dict[int, int] = {}
        self.behind_dash: int | None = None

    def add(self, node: Node, indent: int) -> None:
        """Add a node that stands in a block of this indentation."""
        if isinstance(node, Scalar):
            self._add_scalar(node, indent)
            return
        if node.flow:
            if not self._flows or node.start >= self._flows[-1][1]:
                self._flows.append((node.start, node.end))
        else:
            indent = node.indent
        if isinstance(node, Sequence):
            for item in node.items:
                if not node.flow:
                    self._check_dash(item)
                self.add(item, indent)
        else:
            for key, value in node.entries:
                self.add(key, indent)
                self.add(value, indent)

    def sort(self) -> None:
        """Make ready for questions: an alias has its anchor's nodes, which stand before it."""
        self._scalars.sort()
        self._flows.sort()

    def _add_scalar(self, node: Scalar, indent: int) -> None:
        if node.style == PLAIN:
            self._plain[node.end] = indent + 1
            self._scalars.append((node.start, node.end, indent + 1))
        elif node.style in {LITERAL, FOLDED}:
            content = _CONTENT.search(self._text, node.start)
            column = len(content[1]) if content else 0
            end = node.end
            while end < len(self._text) and self._text[end] in " \t\r\n":
                end += 1
            self._scalars.append((node.start, end, column))
        else:
            self._scalars.append((node.start, node.end, 0))

    def _check_dash(self, item: Node) -> None:
        start = item.start
        while self._text[start - 1 : start] in {" ", TAB}:
            start -= 1
        if self._text[start - 1 : start] == "-" and TAB in self._text[start : item.start]:
            self.behind_dash = start

    def allow(self, line: int, position: int) -> bool:
        """Whether Go takes a tab at *position* among the blanks at the beginning of the line that begins at *line*."""
        index = bisect_left(self._scalars, (position + 1,)) - 1
        if index >= 0 and position < self._scalars[index][1]:
            return position - line >= self._scalars[index][2]
        before = line
        while before > 0 and self._text[before - 1] in " \t\r\n":
            before -= 1
        column = self._plain.get(before)
        if column is not None:
            return position - line >= column
        index = bisect_left(self._flows, (position + 1,)) - 1
        return index >= 0 and position < self._flows[index][1]


def _last(node: Node) -> Node | None:
    while not isinstance(node, Scalar):
        values = node.items if isinstance(node, Sequence) else [value for _, value in node.entries]
        if not values:
            return None
        node = values[-1]
    return node
