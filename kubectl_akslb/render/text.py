"""An explanation for a person at a terminal: the worst first, one screen for one Service, details with -v.

More than one Service is a table, and only those that need work are shown in detail.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kubectl_akslb.pipeline import Explanation
from kubectl_akslb.render.footer import footer
from kubectl_akslb.render.marks import FINE
from kubectl_akslb.render.overview import overview, rank
from kubectl_akslb.render.service import service
from kubectl_akslb.render.terminal import Terminal, wrap

MOST_IN_DETAIL = 20
"""So many Services that need work are shown below the table; -v shows all."""


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
    shown = sorted((one for one in services if every or one.path.verdict.kind not in FINE), key=rank)
    blocks = [overview(result, terminal, verbose=detail.verbose)] if len(services) > 1 else []
    most = len(shown) if detail.verbose else MOST_IN_DETAIL
    blocks += [service(one, terminal, verbose=detail.verbose) for one in shown[:most]]
    if len(shown) > most:
        text = f"{len(shown) - most} more need work: name them, as in svc/NAME or a file, or see all of them with -v"
        blocks.append(wrap(text, terminal.width))
    return _joined([*blocks, footer(result, terminal, verbose=detail.verbose)])


def _joined(blocks: Iterable[Sequence[str]]) -> str:
    parts = ["\n".join(block) for block in blocks if block]
    return "\n\n".join(parts) + "\n" if parts else ""
