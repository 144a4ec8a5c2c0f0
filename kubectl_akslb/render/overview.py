"""Many Services as a table: how many need work, and a line for each, the worst first."""

from collections.abc import Sequence

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.render import verdict as words
from kubectl_akslb.render.marks import FINE, LABEL, colour
from kubectl_akslb.render.terminal import Terminal, cut

MOST_ALIKE = 20
"""So many Services with one cause are listed, and so many that need no work; -v lists all."""

_HALF, _THIRD = 2, 3


def overview(
    groups: Sequence[Sequence[Explained]], cluster: Cluster, terminal: Terminal, *, verbose: bool = False
) -> list[str]:
    """How many Services need work, and a line for each, the worst first: *groups* have one cause each."""
    ranked = [one for group in groups for one in group]
    needy = sum(one.path.verdict.kind not in FINE for one in ranked)
    working = sum(one.path.verdict.kind is VerdictKind.WORKS for one in ranked)
    count = f"{needy:,} of {len(ranked):,} Services need work"
    if not needy:
        count = f"{'all' if working == len(ranked) else f'{working:,} of'} {len(ranked):,} Services work"
    most = len(ranked) if verbose else MOST_ALIKE
    shown = [one for group in groups for one in group[:most]]
    at = LABEL + max(len(one.path.verdict.kind.name) for one in ranked) + 2
    widest = _name_column(shown, terminal, at)
    lines = [*_head(count, cluster, terminal), ""]
    for group in groups:
        lines += [_row(one, terminal, at, widest) for one in group[:most]]
        if len(group) > most:
            what = "that need none" if group[0].path.verdict.kind in FINE else "with the same cause"
            lines += terminal.labelled(0, "", f"and {len(group) - most:,} more {what}; -v lists them", at)
    return lines


def _head(count: str, cluster: Cluster, terminal: Terminal) -> list[str]:
    """How many need work, and at the right for which Kubernetes that holds."""
    version = cluster.provider_version
    right = f"Kubernetes {version.major}.{version.minor} ({version}{' assumed' if cluster.provider_assumed else ''})"
    gap = terminal.width - len(count) - len(right)
    left, right = terminal.paint(count, "bold"), terminal.paint(right, "dim")
    return [left + " " * gap + right] if gap > 1 else [left, right]


def _name_column(shown: Sequence[Explained], terminal: Terminal, at: int) -> int:
    """How wide the column of names is: as wide as the widest of half a screen, unless that leaves no room for causes.

    Then names of more than a third of the screen stand out, and what is said of them stands further right.
    """
    names = [len(clean(one.derivation.service.full_name)) for one in shown]
    wide, narrow = (
        max((name for name in names if name <= terminal.width // part), default=0) for part in (_HALF, _THIRD)
    )
    needy = (one for one in shown if one.path.verdict.kind not in FINE)
    lost = any(_cause(one, terminal, terminal.width - at - wide - 2).endswith("…") for one in needy)
    return narrow if lost else wide


def _row(one: Explained, terminal: Terminal, at: int, widest: int) -> str:
    kind = one.path.verdict.kind
    name = clean(one.derivation.service.full_name)
    room = terminal.width - at - max(widest, len(name)) - 2
    head = " " * LABEL + terminal.paint(kind.name, colour(kind)) + " " * (at - LABEL - len(kind.name))
    return (head + name.ljust(widest) + "  " + _cause(one, terminal, room)).rstrip()


def _cause(one: Explained, terminal: Terminal, room: int) -> str:
    """The cause in one clause, in brief where the whole has no room."""
    if one.path.verdict.kind is VerdictKind.WORKS:
        return ""
    ports = words.blamed_ports(one)
    whole = terminal.shorten(ports + words.cause(one))
    return whole if len(whole) <= room else cut(terminal.shorten(ports + words.cause(one, in_brief=True)), room)
