"""Findings as a JUnit report: a suite for each file, a failed test for each finding, a passed one if there is none."""

from kubectl_akslb.lint.diagnostic import INFO, Diagnostic
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.render.diagnostics import by_file, is_live, place
from kubectl_akslb.render.junit import Case, junit


def diagnostics_junit(result: LintResult) -> str:
    """The report. Findings of severity info are skipped tests: they fail nothing."""
    suites = [(path, [_case(one) for one in found]) for path, found in by_file(result.diagnostics).items()]
    if result.problems:
        unread = [Case(f"{one.path}:{one.line}", {}, "error", one.message) for one in result.problems]
        suites.append(("cannot be read", unread))
    return junit(suites or [("kubectl-akslb", [Case("lint", {})])])


def _case(one: Diagnostic) -> Case:
    where = {"classname": one.rule}
    if not is_live(one):
        where.update(file=one.path, line=str(one.line))
    case = Case(f"{one.service} {one.rule}", where, "skipped", one.message)
    if one.severity == INFO:
        return case
    text = f"{place(one)}: {one.hint}" if one.hint else place(one)
    return case._replace(came="failure", type=one.severity, text=text)
