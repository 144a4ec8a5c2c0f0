"""Findings for a person at a terminal: the place, the line with a caret, what to do, and whether it can be mended."""

from collections.abc import Iterable, Sequence

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.fix.fixer import FixResult
from kubectl_akslb.lint.diagnostic import ERROR, INFO, SAFE, WARNING, Diagnostic
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.render.terminal import MIN_WIDTH, Terminal, cells, wrap

_COLOURS = {ERROR: "red", WARNING: "yellow", INFO: "cyan"}
_MOST = 100
_BEFORE = 60


def diagnostics(result: LintResult, terminal: Terminal) -> str:
    """Every finding, then how many there are."""
    blocks = [diagnostic_lines(one, terminal) for one in result.diagnostics]
    parts = ["\n".join(block) for block in (*blocks, [summary(result)])]
    return "\n\n".join(parts) + "\n"


def fixed(result: FixResult, terminal: Terminal) -> str:
    """What was mended, what could not be, and what is left."""
    lines = [
        f"{terminal.paint('fixed', 'green')} {clean(f'{place(one)} {one.rule}')}: {clean(one.fix.title)}"
        for one in result.applied
        if one.fix is not None
    ]
    lines += [
        f"{terminal.paint('not fixed', 'yellow')} {clean(f'{place(one)} {one.rule}')}: it would change too much"
        for one in result.declined
    ]
    return "".join(f"{line}\n" for line in lines) + ("\n" if lines else "") + diagnostics(result.remaining, terminal)


def diagnostic_lines(one: Diagnostic, terminal: Terminal) -> list[str]:
    """One finding."""
    severity = terminal.paint(one.severity, "bold", _COLOURS[one.severity])
    head = f"{clean(place(one))}: {severity}[{one.rule}]: "
    bare = len(f"{place(one)}: {one.severity}[{one.rule}]: ")
    sure = "" if one.confidence is Confidence.CERTAIN else f" ({one.confidence.value})"
    lines = _wrapped(head, bare, clean(one.message) + sure, terminal)
    if one.source_line:
        lines += _caret(one, terminal)
    for label, text in (("hint", one.hint), ("fix", _fix(one))):
        if text:
            lines += terminal.labelled(2, f"{label}:", text, 8, "bold")
    if one.verify is not None:
        lines.append(terminal.verbatim(2, "verify:", str(one.verify), 10, "bold"))
    return lines


def place(one: Diagnostic) -> str:
    """``file:line:column``, or the object where it stands in no file."""
    return f"{one.path}:{one.line}:{one.column}" if one.path else f"{one.service}:{one.line}:{one.column}"


def summary(result: LintResult) -> str:
    """How many findings there are of each severity, and how many can be mended."""
    services = f"{result.services} Service{'' if result.services == 1 else 's'} of type LoadBalancer"
    silenced = f"; {result.suppressed} suppressed" if result.suppressed else ""
    if not result.diagnostics:
        return f"no findings in {services}{silenced}"
    counts = [
        f"{number} {severity}{'s' if number != 1 and severity != INFO else ''}"
        for severity in (ERROR, WARNING, INFO)
        if (number := sum(one.severity == severity for one in result.diagnostics))
    ]
    return f"{', '.join(counts)} in {services}{silenced}{_fixable(result.diagnostics)}"


def _fixable(found: Sequence[Diagnostic]) -> str:
    safe = sum(one.fix is not None and one.fix.applicability == SAFE for one in found)
    unsafe = sum(one.fix is not None and one.fix.applicability != SAFE for one in found)
    text = f"; {safe} can be fixed with --fix" if safe else ""
    return text + (f"; {unsafe} {'more' if safe else 'can be fixed'} with --unsafe-fixes" if unsafe else "")


def _fix(one: Diagnostic) -> str:
    if one.fix is None:
        return ""
    return (
        one.fix.title if one.fix.applicability == SAFE else f"{one.fix.title} (unsafe: changes more than the finding)"
    )


def _wrapped(head: str, bare: int, text: str, terminal: Terminal) -> list[str]:
    """*text* behind *head*, which is *bare* characters wide, wrapped to the terminal."""
    room = terminal.width - bare
    if room < MIN_WIDTH // 2:
        return [head.rstrip(), *(f"    {line}" for line in wrap(text, terminal.width - 4))]
    first = wrap(text, room)[0]
    rest = text[len(first) :].strip()
    return [head + first, *(f"    {line}" for line in wrap(rest, terminal.width - 4) if rest)]


def _caret(one: Diagnostic, terminal: Terminal) -> list[str]:
    """The line, and carets below what is wrong; a very long line is cut around it."""
    start = max(0, one.column - _BEFORE) if len(one.source_line) > _MOST else 0
    shown = one.source_line[start : start + _MOST].replace("\t", " ")
    at = max(one.column - 1 - start, 0)
    marks = "^" * max(cells(clean(shown[at : at + one.length])), 1)
    gutter = " " * len(str(one.line))
    bar = terminal.paint("|", "dim")
    number = terminal.paint(str(one.line), "dim")
    carets = " " * cells(clean(shown[:at])) + terminal.paint(marks, _COLOURS[one.severity])
    return [f"  {number} {bar} {clean(shown)}", f"  {gutter} {bar} {carets}"]


def by_file(found: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """The findings of each file, files in the order of their first finding."""
    files: dict[str, list[Diagnostic]] = {}
    for one in found:
        files.setdefault(one.path, []).append(one)
    return files
