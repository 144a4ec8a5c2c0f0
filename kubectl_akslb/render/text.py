"""An explanation for a person at a terminal: the worst first, one screen for one Service, details with -v.

More than one Service is a table, and only those that need work are shown in detail: each cause once.
"""

from collections.abc import Iterable, Sequence

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.render.alike import by_cause
from kubectl_akslb.render.footer import footer
from kubectl_akslb.render.marks import COLUMN, FINE, LABEL
from kubectl_akslb.render.overview import overview
from kubectl_akslb.render.service import service
from kubectl_akslb.render.terminal import Terminal, wrap

MOST_IN_DETAIL = 20
"""So many causes are shown below the table, each by one Service; -v shows all Services."""
MOST_NAMED = 20
"""So many further Services with the same cause are named."""


class Detail(NamedTuple):
    """How much is said: *verbose* adds flow, names, security rules, outbound and documents to each Service."""

    verbose: bool = False
    why: Sequence[str] = ()


def explanation(result: Explanation, terminal: Terminal, detail: Detail = Detail()) -> str:  # noqa: B008 - it cannot change
    """The whole explanation; with *why* only the trails of these paths."""
    if detail.why:
        from kubectl_akslb.render.why import trails_of

        blocks = [trails_of(one, result.cluster, terminal, detail.why) for one in result.services]
        return _joined(blocks)
    services = result.services
    every = len(services) <= 1 or detail.verbose
    ranked = by_cause(services)
    groups = [group for group in ranked if every or group[0].path.verdict.kind not in FINE]
    blocks = [overview(ranked, result.cluster, terminal, verbose=detail.verbose)] if len(services) > 1 else []
    if detail.verbose:
        blocks += [service(one, terminal, verbose=True) for group in groups for one in group]
    else:
        blocks += [service(group[0], terminal) + _likewise(group[1:], terminal) for group in groups[:MOST_IN_DETAIL]]
        left = sum(map(len, groups[MOST_IN_DETAIL:]))
        if left:
            text = f"{left:,} more need work: name them, as in svc/NAME or a file, or see all of them with -v"
            blocks.append(wrap(text, terminal.width))
    return _joined([*blocks, footer(result, terminal, verbose=detail.verbose)])


def _likewise(others: Sequence[Explained], terminal: Terminal) -> list[str]:
    """The Services of which the same is to be said."""
    if not others:
        return []
    names = [clean(one.derivation.service.full_name) for one in others[:MOST_NAMED]]
    left = len(others) - len(names)
    text = ", ".join(names) + (f" and {left:,} more; -v lists them" if left else "")
    return ["", *terminal.labelled(LABEL, "likewise", text, COLUMN, "bold")]


def _joined(blocks: Iterable[Sequence[str]]) -> str:
    parts = ["\n".join(block) for block in blocks if block]
    return "\n\n".join(parts) + "\n" if parts else ""
