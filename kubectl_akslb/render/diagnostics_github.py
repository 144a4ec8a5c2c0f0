"""Findings as workflow commands of GitHub Actions, which shows them in a pull request."""

from kubectl_akslb.edge.escape import workflow_data, workflow_property
from kubectl_akslb.lint.diagnostic import ERROR, INFO, WARNING, Diagnostic
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.render.diagnostics import is_live, place

_COMMANDS = {ERROR: "error", WARNING: "warning", INFO: "notice"}


def diagnostics_github(result: LintResult) -> str:
    """One command for each finding, and for each document that cannot be read."""
    lines = [
        _command(
            _COMMANDS[one.severity],
            one.message + (f"\n{one.hint}" if one.hint else ""),
            **_place(one),
            title=f"{one.rule} ({place(one) if is_live(one) else one.service})",
        )
        for one in result.diagnostics
    ]
    lines += [
        _command("error", problem.message, file=problem.path, line=str(problem.line), title="cannot be read")
        for problem in result.problems
    ]
    return "".join(f"{line}\n" for line in lines)


def _place(one: Diagnostic) -> dict[str, str]:
    """Where it stands in a file of the repository; what a cluster holds stands in none."""
    if is_live(one):
        return {}
    end = one.column + one.length
    return {"file": one.path, "line": str(one.line), "col": str(one.column), "endColumn": str(end)}


def _command(name: str, message: str, **properties: str) -> str:
    given = ",".join(f"{key}={workflow_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {given}::{workflow_data(message)}"
