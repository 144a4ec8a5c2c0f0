"""Findings for a pull request: a table, and the rules' pages behind the ids."""

from kubectl_akslb.edge.escape import markdown
from kubectl_akslb.lint.diagnostic import SAFE, Diagnostic
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.render.diagnostics import is_live, place, summary
from kubectl_akslb.render.sarif import HOME


def diagnostics_markdown(result: LintResult) -> str:
    """One row for each finding."""
    parts = []
    if result.diagnostics:
        rows = ["| severity | where | what | rule |", "| --- | --- | --- | --- |"]
        rows += ["| " + " | ".join(_cells(one)) + " |" for one in result.diagnostics]
        parts.append("\n".join(rows))
    parts += [
        f"> **not read**: {markdown(f'{problem.path}:{problem.line}: {problem.message}')}"
        for problem in result.problems
    ]
    parts.append(f"{summary(result)}.")
    return "\n\n".join(parts) + "\n"


def _cells(one: Diagnostic) -> tuple[str, ...]:
    sure = "" if one.confidence is Confidence.CERTAIN else f" ({one.confidence.value})"
    what = f"{one.message}{sure}."
    if one.hint:
        what += f" {one.hint}"
    fix = (
        f" Fix ({one.fix.applicability}): {one.fix.title}."
        if one.fix is not None and one.fix.applicability == SAFE
        else ""
    )
    where = place(one) if is_live(one) or not one.path else f"{one.service}, {one.path}:{one.line}"
    link = f"[{one.rule}]({HOME}/blob/main/docs/rules/{one.rule}.md)"
    return one.severity, markdown(where), markdown(what + fix), link
