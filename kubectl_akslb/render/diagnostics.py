"""Findings for a person at a terminal: the place, the line with a caret, what to do, and whether it can be mended."""

from collections.abc import Iterable, Sequence

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.fix.fixer import FixResult
from kubectl_akslb.lint.diagnostic import ERROR, INFO, SAFE, WARNING, Diagnostic
from kubectl_akslb.lint.engine import LintResult, by_severity
from kubectl_akslb.manifest.nodes import path_text
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.count import counted
from kubectl_akslb.render.marks import LABEL
from kubectl_akslb.render.terminal import MIN_WIDTH, Terminal, excerpt, wrap

_COLOURS = {ERROR: "red", WARNING: "yellow", INFO: "cyan"}
_OPEN = "open-to-the-internet"
_UNSAFE = "unsafe: changes more than the finding"
_MOST_NAMES = 5
_TEXT = LABEL + len("verify: ")


def diagnostics(result: LintResult, terminal: Terminal) -> str:
    """Every cause once, the worst first; then who is open to the internet, and how many there are."""
    told, opened = told_apart(result.diagnostics)
    groups = by_cause(told)
    earlier: dict[object, str] = {}
    blocks = []
    for group in groups:
        one = group[0]
        edit = (*one.edited[:2], one.fix.edits) if one.fix is not None else None
        blocks.append(_group_lines(group, terminal, earlier.get(edit, "")))
        earlier.setdefault(edit, one.rule)
    counted = summary(result, [*groups, *((one,) for one in opened)])
    nothing = bool(result.problems) and not result.services and not result.diagnostics  # the errors say it
    last = [*_open(opened, terminal), *([] if nothing else wrap(counted, terminal.width))]
    return "\n\n".join("\n".join(block) for block in (*blocks, last)) + "\n" * (not nothing)


def fixed(result: FixResult, terminal: Terminal) -> str:
    """What was mended, what could not be, and what is left."""
    lines = [line for group in by_cause(result.applied) for line in _fixed(group, terminal)]
    lines += [
        f"{terminal.paint('not fixed', 'yellow')} {clean(f'{place(one)} {one.rule}')}: it would change too much"
        for one in result.declined
    ]
    return "".join(f"{line}\n" for line in lines) + ("\n" if lines else "") + diagnostics(result.remaining, terminal)


def _fixed(group: Sequence[Diagnostic], terminal: Terminal) -> list[str]:
    """One fix: where, for which rule, and what it did; the lines themselves where it only added some."""
    one = group[0]
    head = f"{terminal.paint('fixed', 'green')} {clean(f'{_places(group)} {one.rule}')}"
    added = _added(one)
    if added:
        return [head, *(f"  + {clean(line)}" for line in added)]
    return [f"{head}: {clean(one.fix.title)}"] if one.fix is not None else []


def by_cause(found: Iterable[Diagnostic]) -> list[tuple[Diagnostic, ...]]:
    """Findings of one rule about one object that the same edit mends are one cause; the worst first, then by place."""
    groups: dict[tuple[object, ...], list[Diagnostic]] = {}
    for one in sorted(found, key=by_severity):
        same = (one.fix.edits if one.fix is not None else ()) or (one.line, one.column, one.message)
        groups.setdefault((one.rule, one.path, one.service, one.document, one.at, same), []).append(one)
    return [tuple(group) for group in groups.values()]


def told_apart(found: Iterable[Diagnostic]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Findings for a block of their own, and those that say only that a Service is public, as most are."""
    told: list[Diagnostic] = []
    opened: list[Diagnostic] = []
    for one in found:
        (opened if one.rule == _OPEN and one.severity == INFO else told).append(one)
    return told, opened


def _open(found: Sequence[Diagnostic], terminal: Terminal) -> list[str]:
    """The Services that everybody on the internet can reach, in one sentence."""
    if not found:
        return []
    head = f"{terminal.paint(INFO, 'bold', _COLOURS[INFO])}[{_OPEN}]: "
    return _wrapped(head, len(f"{INFO}[{_OPEN}]: "), open_sentence(found), terminal)


def open_sentence(found: Sequence[Diagnostic]) -> str:
    """Which Services everybody on the internet can reach; of many the first."""
    names = [clean(one.service) for one in found]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"everybody on the internet can reach {', '.join(names[:_MOST_NAMES])}{more}"


def _group_lines(group: Sequence[Diagnostic], terminal: Terminal, fixed_by: str = "") -> list[str]:
    """One cause, at all places where it was found; *fixed_by* is the rule that has shown the same edit before."""
    one = group[0]
    severity = terminal.paint(one.severity, "bold", _COLOURS[one.severity])
    head = f"{clean(place(one))}: {severity}[{one.rule}]: "
    bare = len(f"{place(one)}: {one.severity}[{one.rule}]: ")
    sure = "" if one.confidence is Confidence.CERTAIN else f" ({one.confidence.value})"
    message = clean(one.message) + sure
    if bare - 1 > terminal.width:  # a long path, or the field of a live object: it has a line of its own
        named = f"    {severity}[{one.rule}]: "
        at = bare - len(f"{place(one)}: ") + 4
        lines = [f"{clean(place(one))}:", *_wrapped(named, at, message, terminal)]
    else:
        lines = _wrapped(head, bare, message, terminal)
    if one.source_line:
        lines += _caret(one, terminal)
    also = ", ".join(place(other) if is_live(other) else f"{other.line}:{other.column}" for other in group[1:])
    for label, text in (("also:", also), ("hint:", "" if _is_said_by_fix(one) else one.hint)):
        if text:
            lines += terminal.labelled(LABEL, label, text, _TEXT, "bold")
    same = terminal.labelled(LABEL, "fix:", f"the edit above, of {fixed_by}", _TEXT, "bold")
    lines += same if one.fix is not None and fixed_by else _fix_lines(one, terminal)
    if one.verify is not None:
        lines.append(terminal.verbatim(LABEL, "verify:", str(one.verify), _TEXT, "bold"))
    return lines


def _fix_lines(one: Diagnostic, terminal: Terminal) -> list[str]:
    """What the fix does; where it only adds lines, the lines themselves."""
    if one.fix is None:
        return []
    added = _added(one)
    if not added:
        return terminal.labelled(LABEL, "fix:", _fix(one), _TEXT, "bold")
    labels = ("fix:", *("" for _ in added[1:]))
    lines = [
        terminal.verbatim(LABEL, label, f"+ {line}", _TEXT, "bold") for label, line in zip(labels, added, strict=True)
    ]
    return lines if one.fix.applicability == SAFE else [*lines, *terminal.labelled(LABEL, "", f"({_UNSAFE})", _TEXT)]


def _added(one: Diagnostic) -> list[str]:
    """The lines of a fix that only adds some, without the mapping that comes with the first of them."""
    edits = one.fix.edits if one.fix is not None else ()
    lines = [line.strip() for edit in edits for line in edit.replacement.splitlines()]
    return [] if any(edit.start != edit.end for edit in edits) else [one for one in lines if one and one[-1] != ":"]


def _is_said_by_fix(one: Diagnostic) -> bool:
    """Whether the hint is to add the one line that the fix adds."""
    return [one.hint.removeprefix("Add ").removesuffix(".")] == _added(one)


def is_live(one: Diagnostic) -> bool:
    """Whether the object was read from a cluster: it stands under its own name, not in a file."""
    return one.path == one.service


def place(one: Diagnostic) -> str:
    """``file:line:column``; of an object that stands in no file its name and the field."""
    if is_live(one) or not one.path:
        return " ".join(filter(None, (one.service, path_text(one.steps))))
    return f"{one.path}:{one.line}:{one.column}"


def _places(group: Sequence[Diagnostic]) -> str:
    if is_live(group[0]):
        return ", ".join(dict.fromkeys(map(place, group)))
    return ", ".join((place(group[0]), *(f"{one.line}:{one.column}" for one in group[1:])))


def summary(result: LintResult, groups: Sequence[Sequence[Diagnostic]] | None = None) -> str:
    """How many findings there are of each severity, and how many can be mended; of *groups* each counts once."""
    found = [group[0] for group in groups] if groups is not None else result.diagnostics
    services = f"{counted(result.services, 'Service')} of type LoadBalancer"
    silenced = f"; {result.suppressed:,} suppressed" if result.suppressed else ""
    if not found:
        return f"no findings in {services}{silenced}"
    counts = [
        counted(number, severity) if severity != INFO else f"{number:,} {severity}"
        for severity in (ERROR, WARNING, INFO)
        if (number := sum(one.severity == severity for one in found))
    ]
    return f"{', '.join(counts)} in {services}{silenced}{_fixable(found)}"


def _fixable(found: Sequence[Diagnostic]) -> str:
    if any(one.fix is not None and is_live(one) for one in found):
        return f"; {sum(one.fix is not None for one in found):,} can be fixed: 'kubectl akslb fix' prints the commands"
    safe = sum(one.fix is not None and one.fix.applicability == SAFE for one in found)
    unsafe = sum(one.fix is not None and one.fix.applicability != SAFE for one in found)
    text = f"; {safe:,} can be fixed with --fix" if safe else ""
    return text + (f"; {unsafe:,} {'more' if safe else 'can be fixed'} with --unsafe-fixes" if unsafe else "")


def _fix(one: Diagnostic) -> str:
    if one.fix is None:
        return ""
    return one.fix.title if one.fix.applicability == SAFE else f"{one.fix.title} ({_UNSAFE})"


def _wrapped(head: str, bare: int, text: str, terminal: Terminal) -> list[str]:
    """*text* behind *head*, which is *bare* characters wide, wrapped to the terminal."""
    room = terminal.width - bare
    first = wrap(text, max(room, 1))[0]
    if room < MIN_WIDTH // 2 or len(first) > room:
        return [head.rstrip(), *(f"    {line}" for line in wrap(text, terminal.width - 4))]
    rest = text[len(first) :].strip()
    return [head + first, *(f"    {line}" for line in wrap(rest, terminal.width - 4) if rest)]


def _caret(one: Diagnostic, terminal: Terminal) -> list[str]:
    """The line, and carets below what is wrong."""
    number = "" if is_live(one) else str(one.line)
    bar = terminal.paint("|", "dim")
    shown, carets = excerpt(one.source_line, one.column, one.length, terminal.width - len(number) - 5)
    painted = carets.replace("^" * carets.count("^"), terminal.paint("^" * carets.count("^"), _COLOURS[one.severity]))
    return [f"  {terminal.paint(number, 'dim')} {bar} {shown}", f"  {' ' * len(number)} {bar} {painted}"]


def by_file(found: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """The findings of each file, files in the order of their first finding."""
    files: dict[str, list[Diagnostic]] = {}
    for one in found:
        files.setdefault(one.path, []).append(one)
    return files
