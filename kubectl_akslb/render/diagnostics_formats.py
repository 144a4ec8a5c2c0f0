"""The formats of ``lint -o``: each is imported only where it is asked for."""

from kubectl_akslb.fix.fixer import FixResult
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.render.terminal import Terminal

TEXT, JSON, SARIF, GITHUB, JUNIT, MARKDOWN = "text", "json", "sarif", "github", "junit", "markdown"
FORMATS = (TEXT, JSON, SARIF, GITHUB, JUNIT, MARKDOWN)


def rendered(result: LintResult, form: str, terminal: Terminal) -> str:
    """Findings in one of FORMATS."""
    if form == TEXT:
        from kubectl_akslb.render.diagnostics import diagnostics

        return diagnostics(result, terminal)
    if form == JSON:
        from kubectl_akslb.render.diagnostics_json import diagnostics_json

        return diagnostics_json(result)
    if form == SARIF:
        from kubectl_akslb.render.sarif import sarif

        return sarif(result)
    if form == GITHUB:
        from kubectl_akslb.render.diagnostics_github import diagnostics_github

        return diagnostics_github(result)
    if form == JUNIT:
        from kubectl_akslb.render.diagnostics_junit import diagnostics_junit

        return diagnostics_junit(result)
    from kubectl_akslb.render.diagnostics_markdown import diagnostics_markdown

    return diagnostics_markdown(result)


def rendered_fix(result: FixResult, form: str, terminal: Terminal) -> str:
    """What was mended and what is left, in one of FORMATS; formats for machines other than JSON tell what is left."""
    if form == TEXT:
        from kubectl_akslb.render.diagnostics import fixed

        return fixed(result, terminal)
    if form == JSON:
        from kubectl_akslb.render.diagnostics_json import fixed_json

        return fixed_json(result)
    return rendered(result.remaining, form, terminal)
