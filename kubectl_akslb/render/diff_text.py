"""What applying manifests does, for a person at a terminal: a line for each Service that differs, then the details."""

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.model.count import counted
from kubectl_akslb.plan.diff import APPLY, ServiceFate
from kubectl_akslb.plan.diff_manifests import ManifestDiff, ReportedDiff
from kubectl_akslb.render import diff_words as words
from kubectl_akslb.render import plan_words
from kubectl_akslb.render.plan_text import COLOURS, LABEL, MOST_CHANGES, MOST_IN_DETAIL, column, joined, title
from kubectl_akslb.render.terminal import Terminal, cut, wrap


def diff_text(plan: ManifestDiff, terminal: Terminal, *, verbose: bool = False) -> str:
    """The whole difference."""
    if not plan.services:
        lines = [] if plan.problems else wrap("no Service of type LoadBalancer found", terminal.width)
        return joined([lines])
    differ = plan.differ
    blocks = [_count(plan, terminal)]
    if len(differ) > 1:
        blocks.append(_table(differ, terminal))
    shown = differ if verbose else differ[:MOST_IN_DETAIL]
    blocks += [_service(one, terminal, verbose=verbose) for one in shown]
    if len(shown) < len(differ):
        blocks.append(wrap(f"{len(differ) - len(shown)} more in detail with -v", terminal.width))
    blocks.append([line for notice in plan.notices for line in terminal.labelled(0, "note", notice, 6, "dim")])
    return joined(blocks)


def _count(plan: ManifestDiff, terminal: Terminal) -> list[str]:
    differ = len(plan.differ)
    total = len(plan.services)
    says = "none differs" if not differ else f"{differ:,} differ{'s' if differ == 1 else ''}"
    text = f"{counted(total, 'Service')} against {plan.against}, {says}: provider {plan.cluster.provider_version}"
    return [terminal.paint(line, "bold") for line in wrap(text, terminal.width)]


def _table(differ: tuple[ReportedDiff, ...], terminal: Terminal) -> list[str]:
    most = max(len(one.effect.value) for one in differ)
    names = [clean(one.service.full_name) for one in differ]
    widest = max((len(name) for name in names if len(name) <= terminal.width // 2), default=0)
    lines = []
    for one, name in zip(differ, names, strict=True):
        effect = one.effect.value.upper()
        uid = terminal._replace(uid=f"<uid of {one.service.full_name}>")
        text = f"{name.ljust(widest)}  {uid.shorten(words.headline(one.difference))}"
        head = " " * LABEL + terminal.paint(effect, COLOURS.get(one.effect, "red"))
        lines.append(head + " " * (most - len(effect) + 2) + cut(text, terminal.width - LABEL - most - 2))
    return lines


def _service(one: ReportedDiff, terminal: Terminal, *, verbose: bool) -> list[str]:
    difference = one.difference
    planned = difference.planned
    terminal = terminal._replace(uid=f"<uid of {planned.service.full_name}>")
    label = one.effect.value.upper()
    at = column(one.effect)
    told = words.headline(difference)
    lines = [title(planned.service.full_name, one.found, terminal)]
    lines += terminal.labelled(LABEL, label, told, at, "bold", COLOURS.get(one.effect, "red"))
    rows = [("verdict", text) for text in (words.verdict(planned.old, planned.new),) if text]
    if difference.fate not in (ServiceFate.CREATED, ServiceFate.DELETED):  # the headline says it
        rows += [("address", words.address(each)) for each in difference.addresses]
    rows += [("clients", words.consequence(each)) for each in planned.consequences]
    if not any(change.field == APPLY for change in planned.changes):
        rows += [("connections", text) for text in (words.connections(difference),) if text]
    texts = list(dict.fromkeys(map(plan_words.value_change, words.changes(difference))))
    most = len(texts) if verbose else MOST_CHANGES
    rows += [("changes", text) for text in texts[:most]]
    rows += [("changes", f"{len(texts) - most} more with -v")] if len(texts) > most else []
    rows += [("deleted", text) for text in difference.goes]
    before = ""
    for name, text in rows:
        if text != told:
            lines += terminal.labelled(LABEL, "" if name == before else name, text, at, "bold")
            before = name
    found = one.edits if verbose else one.decisive
    for index, text in enumerate(words.edits(found)):
        lines.append(terminal.verbatim(LABEL, "because" if not index else "", terminal.shorten(text), at, "bold"))
    return lines
