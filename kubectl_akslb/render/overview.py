"""Many Services as a table: how many need work, and a line for each, the worst first."""

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.render import verdict as words
from kubectl_akslb.render.marks import FINE, LABEL, colour
from kubectl_akslb.render.terminal import Terminal

MOST_FINE = 20
"""So many Services that need no work are listed; -v lists all."""


def overview(result: Explanation, terminal: Terminal, *, verbose: bool = False) -> list[str]:
    """How many Services need work, and a line for each, the worst first."""
    ranked = sorted(result.services, key=rank)
    needy = sum(one.path.verdict.kind not in FINE for one in ranked)
    working = sum(one.path.verdict.kind is VerdictKind.WORKS for one in ranked)
    count = f"{needy} of {len(ranked)} Services need work" if needy else f"{working} of {len(ranked)} Services work"
    count = f"all {len(ranked)} Services work" if working == len(ranked) else count
    names = [clean(one.derivation.service.full_name) for one in ranked]
    kinds = [one.path.verdict.kind.name for one in ranked]
    at = LABEL + max(map(len, kinds)) + 2
    widest = max((len(name) for name in names if len(name) <= terminal.width // 2), default=0)
    lines = [terminal.paint(count, "bold"), ""]
    fine = 0
    for one, name, kind in zip(ranked, names, kinds, strict=True):
        fine += one.path.verdict.kind in FINE
        if fine > MOST_FINE and not verbose:
            continue
        room = terminal.width - at - max(widest, len(name)) - 2
        shown = name.ljust(widest) + "  " + _cause(one, terminal, room)
        head = " " * LABEL + terminal.paint(kind, colour(one.path.verdict.kind))
        lines.append((head + " " * (at - LABEL - len(kind)) + shown).rstrip())
    if fine > MOST_FINE and not verbose:
        lines += terminal.labelled(0, "", f"and {fine - MOST_FINE} more that need none; -v lists them", at)
    return lines


def _cause(one: Explained, terminal: Terminal, room: int) -> str:
    """The cause in one clause, in brief where the whole has no room."""
    if one.path.verdict.kind is VerdictKind.WORKS:
        return ""
    whole = terminal.shorten(words.cause(one))
    return whole if len(whole) <= room else _cut(terminal.shorten(words.cause(one, in_brief=True)), room)


def _cut(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return text[: max(room - 1, 0)].rstrip() + "…" if room >= 12 else ""


def rank(one: Explained) -> int:
    """How bad it is: the worst is 0."""
    return list(VerdictKind).index(one.path.verdict.kind)
