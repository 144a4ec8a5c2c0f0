"""The grid that every screen stands on: where labels and texts begin, and the mark and colour of each verdict."""

from kubectl_akslb.path.verdict import VerdictKind

LABEL = 2
DETAIL = 4
COLUMN = 15

FINE = frozenset({VerdictKind.WORKS, VerdictKind.IGNORED})
"""Verdicts that ask nobody to do anything."""

BAD = "✗"
_MARKS = {VerdictKind.WORKS: "✓", VerdictKind.IGNORED: "-", VerdictKind.DEPENDS: "?", VerdictKind.UNKNOWN: "?"}
_COLOURS = {
    VerdictKind.WORKS: "green",
    VerdictKind.IGNORED: "cyan",
    VerdictKind.DEPENDS: "yellow",
    VerdictKind.UNKNOWN: "yellow",
}


def mark(kind: VerdictKind) -> str:
    """The mark before a Service with this verdict."""
    return _MARKS.get(kind, BAD)


def colour(kind: VerdictKind) -> str:
    """The colour of this verdict."""
    return _COLOURS.get(kind, "red")
