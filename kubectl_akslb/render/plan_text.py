"""A plan for a person at a terminal: how many Services differ, a line for each, the worst in detail."""

from collections.abc import Iterable

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.manifest.load import FoundService
from kubectl_akslb.model.count import counted
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.plan.effect import Effect, at_least
from kubectl_akslb.plan.upgrade_plan import Reported, UpgradePlan, ranked
from kubectl_akslb.render import plan_words as words
from kubectl_akslb.render.terminal import Terminal, cut, wrap

LABEL = 2
COLUMN = 15
MOST_IN_DETAIL = 20
"""So many Services are shown in detail; -v shows all."""
MOST_CHANGES = 12
COLOURS = {
    Effect.INTERRUPTS: "yellow", Effect.CHANGES: "yellow", Effect.RENAMES: "cyan", Effect.SAME: "green",
}  # fmt: skip
"""All others are red."""


def upgrade_text(plan: UpgradePlan, terminal: Terminal, *, verbose: bool = False) -> str:
    """The whole plan."""
    if not plan.services:
        lines = [] if plan.problems else wrap("no Service of type LoadBalancer found", terminal.width)
        return joined([lines])
    order = ranked(plan.services)
    every = len(order) == 1 or verbose
    shown = [one for one in order if every or at_least(one.effect, Effect.INTERRUPTS)]
    blocks = [_count(plan, terminal)]
    if len(order) > 1:
        blocks.append(_table(order, terminal, verbose=verbose))
    blocks += [_service(one, plan, terminal, verbose=verbose) for one in shown[: None if verbose else MOST_IN_DETAIL]]
    if len(shown) > MOST_IN_DETAIL and not verbose:
        blocks.append(wrap(f"{len(shown) - MOST_IN_DETAIL:,} more in detail with -v", terminal.width))
    blocks.append([line for notice in plan.notices for line in terminal.labelled(0, "note", notice, 6, "dim")])
    return joined(blocks)


def joined(blocks: Iterable[list[str]]) -> str:
    """Blocks of lines with an empty line between them."""
    parts = ["\n".join(block) for block in blocks if block]
    return "\n\n".join(parts) + "\n" if parts else ""


def _count(plan: UpgradePlan, terminal: Terminal) -> list[str]:
    total = len(plan.services)
    differ = sum(one.effect is not Effect.SAME for one in plan.services)
    says = "none differs" if not differ else f"{differ:,} differ{'s' if differ == 1 else ''}"
    text = f"{counted(total, 'Service')} derived twice, {says}: provider {plan.old} → {plan.new}"
    return [terminal.paint(line, "bold") for line in wrap(text, terminal.width)]


def _table(order: list[Reported], terminal: Terminal, *, verbose: bool) -> list[str]:
    """A line for each Service that differs; the others are counted."""
    differing = [one for one in order if verbose or one.effect is not Effect.SAME]
    most = max((len(one.effect.value) for one in differing), default=0)
    names = {one.planned.service.full_name: clean(one.planned.service.full_name) for one in differing}
    widest = max((len(name) for name in names.values() if len(name) <= terminal.width // 2), default=0)
    lines = []
    for one in differing:
        effect, name = one.effect.value.upper(), names[one.planned.service.full_name]
        causes = ", ".join(words.in_short(cause) for cause in one.planned.causes if cause.decisive)
        text = f"{name.ljust(widest)}  {terminal.shorten(causes)}".rstrip()
        head = " " * LABEL + terminal.paint(effect, COLOURS.get(one.effect, "red"))
        lines.append(head + " " * (most - len(effect) + 2) + cut(text, terminal.width - LABEL - most - 2))
    same = len(order) - len(differing)
    if same:
        count = f"{same} more" if differing else str(same)
        text = f"{count} stay{'s as it is' if same == 1 else ' as they are'}"
        lines.append(" " * LABEL + terminal.paint(text, "dim"))
    return lines


def _service(one: Reported, plan: UpgradePlan, terminal: Terminal, *, verbose: bool) -> list[str]:
    planned = one.planned
    terminal = terminal._replace(uid=f"<uid of {planned.service.full_name}>")
    lines = [title(planned.service.full_name, one.found, terminal), *_effect(one, terminal)]
    lines += _more(one, terminal)
    lines += _changes(one, terminal, verbose=verbose)
    for cause in planned.causes:
        if cause.decisive or verbose:
            label = "because" if cause is planned.causes[0] else ""
            lines += terminal.labelled(
                LABEL, label, words.cause(cause, step=_is_step(cause.release, plan)), column(one.effect), "bold"
            )
    if one.unless is not None:
        text = f"if the cluster runs a provider before {one.unless}; --from {one.unless} and later ones do it already"
        lines += terminal.labelled(LABEL, "only", text, column(one.effect), "bold")
    return [*lines, *_fix(one, plan, terminal)]


def column(effect: Effect) -> int:
    """Where the text about a Service begins: behind the longest of its labels, which the effect can be."""
    return max(COLUMN, LABEL + len(effect.value) + 1)


def _is_step(release: ProviderVersion, plan: UpgradePlan) -> bool:
    """Whether the upgrade takes several minors, and this release belongs to one after the first."""
    return plan.new.minor - plan.old.minor > 1 and release.minor > plan.old.minor


def title(service: str, found: FoundService | None, terminal: Terminal) -> str:
    """The name of a Service, and at the end of the line its place."""
    name = clean(service)
    place = clean(f"{found.path}:{found.line}") if found is not None and found.path else ""
    pad = terminal.width - len(name) - len(place)
    gap = " " * pad if pad >= 2 else "\n  "
    return (terminal.paint(name, "bold") + gap + terminal.paint(place, "dim")).rstrip()


def _effect(one: Reported, terminal: Terminal) -> list[str]:
    effect = one.effect
    text = words.headline(one.planned)
    label = effect.value.upper()
    return terminal.labelled(LABEL, label, text, column(one.effect), "bold", COLOURS.get(effect, "red"))


def _more(one: Reported, terminal: Terminal) -> list[str]:
    """The other consequences."""
    told = words.headline(one.planned)
    lines: list[str] = []
    for each in one.planned.consequences:
        text = words.consequence(each)
        if text != told:
            lines += terminal.labelled(LABEL, "", text, column(one.effect))
    return lines


def _changes(one: Reported, terminal: Terminal, *, verbose: bool) -> list[str]:
    """Old and new values; things that several ports change alike are told once."""
    told = words.headline(one.planned)
    texts = dict.fromkeys(words.value_change(change) for change in one.planned.changes)
    found = [text for text in texts if text != told]
    most = len(found) if verbose else MOST_CHANGES
    lines: list[str] = []
    for text in found[:most]:
        lines += terminal.labelled(LABEL, "" if lines else "changes", text, column(one.effect), "bold")
    if len(found) > most:
        lines += terminal.labelled(LABEL, "", f"{len(found) - most} more with -v", column(one.effect))
    return lines


def _fix(one: Reported, plan: UpgradePlan, terminal: Terminal) -> list[str]:
    """What to change before the upgrade."""
    if one.before is None:
        if not at_least(one.effect, Effect.LOSES_ADDRESS):
            return []
        return terminal.labelled(LABEL, "fix", words.no_fix(one), column(one.effect), "bold")
    lines: list[str] = []
    found = words.command(one, plan.connection) if not one.found.path or one.found.path.startswith("<") else None
    head = f"before the upgrade, proven on both releases{words.left_over(one.before)}:"
    lines += terminal.labelled(LABEL, "fix", head, column(one.effect), "bold")
    if found is not None and plan.connection is not None and not one.found.path:
        lines.append(terminal.verbatim(LABEL, "", str(found), column(one.effect)))
    lines += [terminal.verbatim(LABEL, "", text, column(one.effect)) for text in words.edits(one.before)]
    return lines
