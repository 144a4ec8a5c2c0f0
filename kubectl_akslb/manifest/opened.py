"""YAML inside a text block of YAML, such as the ``service`` of a ConfigMap, opened for an edit.

Only a literal block is opened, of which each line stands in the file as it is read, behind the same blanks.
"""

from collections.abc import Sequence

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.nodes import LITERAL, Mapping, Node, Path, Scalar, Source, get
from kubectl_akslb.manifest.parse import parse
from kubectl_akslb.manifest.proof import verify
from kubectl_akslb.manifest.splice import Declined, Edit, apply
from kubectl_akslb.named_tuple import NamedTuple


class Opened(NamedTuple):
    """The text that holds what stands at a path, its tree, and the rest of the path in it.

    *outer* is the path of the block in the document, () where there is none; *start* is where it begins, and *indent*
    how many blanks stand in front of each of its lines.
    """

    text: str
    root: Node
    path: Path
    outer: Path = ()
    start: int = 0
    indent: int = 0

    def offset(self, inner: int) -> int:
        """The place in the document of a place in the text."""
        if not self.outer:
            return inner
        return self.start + inner + self.indent * (self.text.count("\n", 0, inner) + 1)

    def edits(self, made: Sequence[Edit]) -> tuple[Edit, ...]:
        """Edits of the text as edits of the document."""
        if not self.outer:
            return tuple(made)
        blanks = "\n" + " " * self.indent
        return tuple(
            Edit(self.offset(one.start), self.offset(one.end), one.replacement.replace("\n", blanks)) for one in made
        )

    def changes_more(self, made: Sequence[Edit], intended: Sequence[Path]) -> bool:
        """Whether edits of the block change more of it than is intended; of the document others tell."""
        if not self.outer:
            return False
        try:
            return bool(verify(self.root, apply(self.text, made), intended))
        except InputError:
            return True


def opened(text: str, root: Node, path: Path) -> Opened | Declined:
    """Where *path* leads: into the document itself, or into a block of text in it."""
    for end in range(len(path) + 1):
        node = get(root, *path[:end])
        if isinstance(node, Scalar) and end < len(path):
            return _block(text, node, path[:end], path[end:])
    return Opened(text, root, path)


def _block(text: str, node: Scalar, outer: Path, path: Path) -> Opened | Declined:
    header = text.find("\n", node.start)
    if node.style != LITERAL or header < 0 or "\r" in text[node.start : node.end]:
        return Declined("it stands in a text that is no block of lines")
    first = text[header + 1 :]
    line = first[: first.find("\n")] if "\n" in first else first
    indent = len(line) - len(line.lstrip(" "))
    inner = node.text.rstrip("\n") + "\n"
    blanks = " " * indent
    written = "".join(f"{blanks}{one}\n" for one in inner[:-1].split("\n"))
    if not indent or not first.startswith(written[:-1]):
        return Declined("it stands in a block whose lines are not written alike")
    try:
        tree = parse(Source(inner))
    except InputError:
        return Declined("it stands in a text that is no YAML")
    if not isinstance(tree, Mapping):
        return Declined("it stands in a text that is no mapping")
    return Opened(inner, tree, path, outer, header + 1, indent)
