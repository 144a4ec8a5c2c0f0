"""Findings as a JUnit report: a suite for each file, a failed test for each finding, a passed one if there is none."""

from collections.abc import Iterable

from kubectl_akslb.edge.escape import xml
from kubectl_akslb.lint.diagnostic import INFO, Diagnostic
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.render.diagnostics import by_file


def diagnostics_junit(result: LintResult) -> str:
    """The report. Findings of severity info are skipped tests: they fail nothing."""
    files = by_file(result.diagnostics)
    suites = [_suite(path, found) for path, found in files.items()]
    errors = [_error(problem.path, problem.line, problem.message) for problem in result.problems]
    if errors:
        suites.append(_wrapped("testsuite", "cannot be read", errors, len(errors), 0, len(errors), 0))
    if not suites:
        suites.append(_wrapped("testsuite", "kubectl-akslb", ['<testcase name="lint"/>'], 1, 0, 0, 0))
    return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n' + "".join(suites) + "</testsuites>\n"


def _suite(path: str, found: Iterable[Diagnostic]) -> str:
    cases = []
    failures = skipped = 0
    for one in found:
        info = one.severity == INFO
        skipped += info
        failures += not info
        cases.append(_case(one, info=info))
    return _wrapped("testsuite", path, cases, len(cases), failures, 0, skipped)


def _case(one: Diagnostic, *, info: bool) -> str:
    name, where = xml(f"{one.service} {one.rule}"), xml(f"{one.path}:{one.line}:{one.column}")
    inside = xml(one.message)
    if info:
        body = f'<skipped message="{inside}"/>'
    else:
        more = where + xml(f": {one.hint}" if one.hint else "")
        body = f'<failure type="{one.severity}" message="{inside}">{more}</failure>'
    place = f'file="{xml(one.path)}" line="{one.line}"'
    return f'<testcase name="{name}" classname="{xml(one.rule)}" {place}>{body}</testcase>'


def _error(path: str, line: int, message: str) -> str:
    text = xml(message)
    return f'<testcase name="{xml(path)}:{line}"><error message="{text}"/></testcase>'


def _wrapped(tag: str, name: str, cases: Iterable[str], tests: int, failures: int, errors: int, skipped: int) -> str:
    counts = f'tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    body = "".join(f"    {case}\n" for case in cases)
    return f'  <{tag} name="{xml(name)}" {counts}>\n{body}  </{tag}>\n'
