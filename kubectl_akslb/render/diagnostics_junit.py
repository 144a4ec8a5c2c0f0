"""Findings as a JUnit report: a suite for each file, a failed test for each finding, a passed one if there is none."""

from collections.abc import Iterable

from kubectl_akslb.lint.diagnostic import INFO, Diagnostic
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.render.diagnostics import by_file

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


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
    name, where = _text(f"{one.service} {one.rule}"), _text(f"{one.path}:{one.line}:{one.column}")
    inside = _text(one.message)
    if info:
        body = f'<skipped message="{inside}"/>'
    else:
        more = where + _text(f": {one.hint}" if one.hint else "")
        body = f'<failure type="{one.severity}" message="{inside}">{more}</failure>'
    place = f'file="{_text(one.path)}" line="{one.line}"'
    return f'<testcase name="{name}" classname="{_text(one.rule)}" {place}>{body}</testcase>'


def _error(path: str, line: int, message: str) -> str:
    text = _text(message)
    return f'<testcase name="{_text(path)}:{line}"><error message="{text}"/></testcase>'


def _wrapped(tag: str, name: str, cases: Iterable[str], tests: int, failures: int, errors: int, skipped: int) -> str:
    counts = f'tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    body = "".join(f"    {case}\n" for case in cases)
    return f'  <{tag} name="{_text(name)}" {counts}>\n{body}  </{tag}>\n'


def _text(text: str) -> str:
    """Text for XML; characters that XML does not allow become U+FFFD."""
    return "".join(_ESCAPES.get(letter) or (letter if _allowed(letter) else "\ufffd") for letter in text)


def _allowed(letter: str) -> bool:
    return " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter >= "\U00010000"
