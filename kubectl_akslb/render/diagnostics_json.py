"""Findings as a document for machines: ``apiVersion: akslb.dev/v1alpha1``, kind LintReport.

The published schema is ``diagnostics.schema.json`` beside this file.
"""

from collections.abc import Iterable
from typing import Any

from kubectl_akslb.fix.fixer import FixResult
from kubectl_akslb.lint.diagnostic import Diagnostic
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.manifest.nodes import path_text
from kubectl_akslb.render.document import API_VERSION, problems_json
from kubectl_akslb.render.json_text import json_text

Json = dict[str, Any]


def diagnostics_json(result: LintResult) -> str:
    """All findings."""
    return json_text({**_head(), **_result(result)})


def fixed_json(result: FixResult) -> str:
    """What was mended, and what is left."""
    body = {**_head(), **_result(result.remaining)}
    body["fixed"] = findings_json(result.applied)
    body["declined"] = findings_json(result.declined)
    body["changedFiles"] = [file.path for file in result.files if file.before != file.after]
    return json_text(body)


def findings_json(found: Iterable[Diagnostic]) -> list[Json]:
    """Findings as they stand in a report."""
    return [_diagnostic(one) for one in found]


def _head() -> Json:
    return {"apiVersion": API_VERSION, "kind": "LintReport"}


def _result(result: LintResult) -> Json:
    return {
        "services": result.services,
        "suppressed": result.suppressed,
        "findings": findings_json(result.diagnostics),
        "problems": problems_json(result.problems),
    }


def _diagnostic(one: Diagnostic) -> Json:
    fix = one.fix
    return {
        "rule": one.rule,
        "severity": one.severity,
        "effect": one.effect.value,
        "message": one.message,
        "hint": one.hint,
        "verify": str(one.verify) if one.verify is not None else "",
        "confidence": one.confidence.value,
        "object": one.service,
        "field": path_text(one.steps),
        "path": one.path,
        "line": one.line,
        "column": one.column,
        "endColumn": one.column + one.length,
        "document": one.document,
        "fix": {
            "title": fix.title,
            "applicability": fix.applicability,
            "changes": [path_text(path) for path in fix.paths],
        }
        if fix is not None
        else None,
    }
