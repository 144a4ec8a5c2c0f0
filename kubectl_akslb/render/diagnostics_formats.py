"""The formats of ``lint -o``: each is imported only where it is asked for."""

from typing import Literal, TypeAlias

from kubectl_akslb.errors import assert_never
from kubectl_akslb.fix.fixer import FixResult
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.render.terminal import Terminal

Format: TypeAlias = Literal["text", "json", "sarif", "github", "junit", "markdown"]


def rendered(result: LintResult, form: Format, terminal: Terminal) -> str:
    """Findings in the format that was asked for."""
    if form == "text":
        from kubectl_akslb.render.diagnostics import diagnostics

        return diagnostics(result, terminal)
    if form == "json":
        from kubectl_akslb.render.diagnostics_json import diagnostics_json

        return diagnostics_json(result)
    if form == "sarif":
        from kubectl_akslb.render.sarif import sarif

        return sarif(result)
    if form == "github":
        from kubectl_akslb.render.diagnostics_github import diagnostics_github

        return diagnostics_github(result)
    if form == "junit":
        from kubectl_akslb.render.diagnostics_junit import diagnostics_junit

        return diagnostics_junit(result)
    if form == "markdown":
        from kubectl_akslb.render.diagnostics_markdown import diagnostics_markdown

        return diagnostics_markdown(result)
    assert_never(form)


def rendered_fix(result: FixResult, form: Format, terminal: Terminal) -> str:
    """What was mended and what is left; formats for machines other than JSON tell what is left."""
    if form == "text":
        from kubectl_akslb.render.diagnostics import fixed

        return fixed(result, terminal)
    if form == "json":
        from kubectl_akslb.render.diagnostics_json import fixed_json

        return fixed_json(result)
    return rendered(result.remaining, form, terminal)
