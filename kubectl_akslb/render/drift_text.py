"""Drift for a person at a terminal: a sentence, then Service by Service what differs, then what belongs to nobody."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.model.count import counted
from kubectl_akslb.plan.drift.difference import Difference, Drift, Fate
from kubectl_akslb.render import drift_words as words
from kubectl_akslb.render.drift_removal import removals
from kubectl_akslb.render.terminal import Terminal, wrap

LABEL = 2
COLUMN = 13
MOST_SERVICES = 20
MOST_PLACES = 3
MOST_FOREIGN = 5
MOST_TOUCHED = 3
MOST_REMOVED = 6
COLOURS = {
    Fate.SURVIVES: "red",
    Fate.REVERTS: "yellow",
    Fate.UNFINISHED: "yellow",
    Fate.ORPHANED: "yellow",
    Fate.FOREIGN: "cyan",
}


def drift_text(
    found: Drift,
    terminal: Terminal,
    connection: Sequence[str] | None = None,
    *,
    verbose: bool = False,
    why: bool = False,
) -> str:
    """The whole answer; *connection* are kubectl's flags for the cluster that was read, None where none was."""
    if not (found.services or found.differences):
        return "no Service of type LoadBalancer found\n"
    blocks = [[terminal.paint(line, "bold") for line in wrap(words.summary(found), terminal.width)]]
    told = [one for one in found.differences if verbose or one.fate is not Fate.FOREIGN]
    names = list(dict.fromkeys(one.service for one in told if one.service))
    by_service: dict[str, list[Difference]] = {}
    for one in told:
        by_service.setdefault(one.service, []).append(one)
    if len(names) > MOST_SERVICES and not verbose:
        blocks.append(_overview(counted(len(names), "Service"), [one for one in told if one.service], terminal))
    else:
        blocks += [_block(clean(name), by_service[name], terminal, why=why) for name in names]
    nobodys = by_service.get("", [])
    if len(nobodys) > MOST_SERVICES and not verbose:
        blocks.append(_overview("of no Service", nobodys, terminal))
    elif nobodys:
        blocks.append(_block("of no Service", nobodys, terminal, why=why))
    blocks.append(_footer(found, terminal, connection, verbose=verbose))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _overview(title: str, found: Sequence[Difference], terminal: Terminal) -> list[str]:
    """What differs in many places, once each, with the first of them; -v shows every one."""
    lines = [terminal.paint(title, "bold")]
    kinds: dict[tuple[Fate, str], list[Difference]] = {}
    for one in found:
        whole = "that is missing" if one.stands is None else ""
        kinds.setdefault((one.fate, f"{one.kind.value} {one.field or whole}".rstrip()), []).append(one)
    for (fate, what), members in kinds.items():
        places = list(dict.fromkeys(clean(one.service) or words.place(one) for one in members))
        times = f"{what}, {len(members)} times" if len(members) > 1 else what
        lines += terminal.labelled(LABEL, fate.value.upper(), times, COLUMN, "bold", COLOURS[fate])
        more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
        lines += terminal.labelled(COLUMN, "", f"{', '.join(places[:MOST_PLACES])}{more}", COLUMN + 2)
        lines += terminal.labelled(COLUMN, "", f"such as {words.difference(members[0])}", COLUMN + 2)
    return [*lines, *terminal.labelled(LABEL, "", "-v shows each", COLUMN)]


def _block(title: str, found: Iterable[Difference], terminal: Terminal, *, why: bool) -> list[str]:
    lines = [terminal.paint(title, "bold")]
    for (fate, _), group in groupby(found, key=lambda one: (one.fate, one.path)):
        members = list(group)
        label = fate.value.upper()
        styles = "bold", COLOURS[fate]
        whole = [one for one in members if not one.field]
        head = words.place(members[0])
        lines += terminal.labelled(LABEL, label, head, COLUMN, *styles)
        for one in (*whole, *(one for one in members if one.field)):
            lines += terminal.labelled(COLUMN, "", words.difference(one), COLUMN + 2)
        for reason in dict.fromkeys(filter(None, map(words.unedited, members))):
            lines += terminal.labelled(COLUMN, "", reason, COLUMN + 2)
        if why:
            lines += terminal.labelled(COLUMN, "", f"decided by {members[0].upstream}", COLUMN + 2)
    return lines


def _footer(found: Drift, terminal: Terminal, connection: Sequence[str] | None, *, verbose: bool) -> list[str]:
    lines: list[str] = []
    changing = next((one for one in found.differences if words.changes(one)), None)
    if changing is not None:
        label = "goes" if changing.goes else changing.fate.value
        lines += terminal.labelled(0, label, words.TRIGGERS, COLUMN, "bold")
        if connection is not None:
            commands = (words.touch(name, connection) for name in words.services_to_reconcile(found))
            settle = [one for one in commands if one is not None][:MOST_TOUCHED]
            lines += [
                terminal.verbatim(0, "" if index else "settle", str(one), COLUMN, "bold")
                for index, one in enumerate(settle)
            ]
    remove = [str(one) for one in removals(found)]
    if remove:
        lines += terminal.labelled(0, "orphaned", words.BY_HAND, COLUMN, "bold")
        most = len(remove) if verbose else MOST_REMOVED
        lines += [
            terminal.verbatim(0, "" if index else "remove", one, COLUMN, "bold")
            for index, one in enumerate(remove[:most])
        ]
        if most < len(remove):
            lines += terminal.labelled(COLUMN, "", f"and {len(remove) - most} more (-v shows them)", COLUMN)
    foreign = found.of(Fate.FOREIGN)
    if foreign and not verbose:
        shown = ", ".join(_of_foreign(one) for one in foreign[:MOST_FOREIGN])
        more = f" and {len(foreign) - MOST_FOREIGN} more" if len(foreign) > MOST_FOREIGN else ""
        lines += terminal.labelled(0, "foreign", f"kept: {shown}{more} (-v says what)", COLUMN, "bold")
    seen: dict[tuple[str, str], list[str]] = {}
    for one in found.unchecked:
        seen.setdefault((one.what, one.why), []).append(one.service)
    for index, ((what, why), names) in enumerate(seen.items()):
        told = [clean(name) for name in names if name]
        whose = "" if not told else f" of {told[0]}" if len(told) == 1 else f" of {len(told)} Services"
        lines += terminal.labelled(0, "" if index else "not checked", f"{what}{whose}: {why}", COLUMN, "bold")
    for notice in found.notices:
        lines += terminal.labelled(0, "note", notice, COLUMN, "dim")
    return lines


def _of_foreign(one: Difference) -> str:
    return f"{words.place(one)} {one.field}".rstrip()
