"""Findings as workflow commands of GitHub Actions, which shows them in a pull request."""

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.lint.diagnostic import ERROR, INFO, WARNING
from kubectl_akslb.lint.engine import LintResult

_COMMANDS = {ERROR: "error", WARNING: "warning", INFO: "notice"}


def diagnostics_github(result: LintResult) -> str:
    """One command for each finding, and for each document that cannot be read."""
    lines = [
        _command(
            _COMMANDS[one.severity],
            one.message + (f"\n{one.hint}" if one.hint else ""),
            file=one.path,
            line=str(one.line),
            col=str(one.column),
            endColumn=str(one.column + one.length),
            title=f"{one.rule} ({one.service})",
        )
        for one in result.diagnostics
    ]
    lines += [
        _command("error", problem.message, file=problem.path, line=str(problem.line), title="cannot be read")
        for problem in result.problems
    ]
    return "".join(f"{line}\n" for line in lines)


def _command(name: str, message: str, **properties: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    """Text as a command's data: what would end the command, or act on the terminal of the log, is escaped."""
    text = "\n".join(clean(line) for line in text.split("\n"))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
