"""The formats of ``lint -o``: each is imported only where it is asked for."""

from kubectl_akslb.fix.fixer import FixResult
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.render.terminal import Terminal

TEXT, JSON, SARIF, GITHUB, JUNIT, MARKDOWN = "text", "json", "sarif", "github", "junit", "markdown"
FORMATS = (TEXT, JSON, SARIF, GITHUB, JUNIT, MARKDOWN)


def rendered(result: LintResult, form: str, terminal: Terminal) -> str:
    """Findings in one of FORMATS."""
    if form == TEXT:
        from kubectl_akslb.render.diagnostics import diagnostics  # noqa: PLC0415 - only the format at hand

        return diagnostics(result, terminal)
    if form == JSON:
        from kubectl_akslb.render.diagnostics_json import diagnostics_json  # noqa: PLC0415

        return diagnostics_json(result)
    if form == SARIF:
        from kubectl_akslb.render.sarif import sarif  # noqa: PLC0415

        return sarif(result)
    if form == GITHUB:
        from kubectl_akslb.render.diagnostics_github import diagnostics_github  # noqa: PLC0415

        return diagnostics_github(result)
    if form == JUNIT:
        from kubectl_akslb.render.diagnostics_junit import diagnostics_junit  # noqa: PLC0415

        return diagnostics_junit(result)
    from kubectl_akslb.render.diagnostics_markdown import diagnostics_markdown  # noqa: PLC0415

    return diagnostics_markdown(result)


def rendered_fix(result: FixResult, form: str, terminal: Terminal) -> str:
    """What was mended and what is left, in one of FORMATS; formats for machines other than JSON tell what is left."""
    if form == TEXT:
        from kubectl_akslb.render.diagnostics import fixed  # noqa: PLC0415

        return fixed(result, terminal)
    if form == JSON:
        from kubectl_akslb.render.diagnostics_json import fixed_json  # noqa: PLC0415

        return fixed_json(result)
    return rendered(result.remaining, form, terminal)
