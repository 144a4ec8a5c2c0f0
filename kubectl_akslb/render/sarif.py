"""Findings as SARIF 2.1.0, for code scanning.

Columns are given in Unicode code points. A finding's fingerprint is made of rule, object and message, so that it stays
the same finding when lines are added above it.
"""

from hashlib import sha256
from typing import Any
from urllib.parse import quote

from kubectl_akslb import __version__
from kubectl_akslb.edge.escape import sarif as escaped
from kubectl_akslb.lint.diagnostic import ERROR, INFO, WARNING, Diagnostic
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.lint.registry import ALL_RULES
from kubectl_akslb.lint.rule import Rule
from kubectl_akslb.render.diagnostics import is_live, place
from kubectl_akslb.render.json_text import json_text

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://github.com/akslb/kubectl-akslb"
_LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}

Json = dict[str, Any]


def sarif(result: LintResult) -> str:
    """All findings of one run."""
    return json_text(
        {
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": _driver()},
                    "columnKind": "unicodeCodePoints",
                    "results": [_result(one) for one in result.diagnostics],
                    "invocations": [_invocation(result)],
                }
            ],
        }
    )


def _driver() -> Json:
    return {
        "name": "kubectl-akslb",
        "version": __version__,
        "informationUri": HOME,
        "rules": [_rule(rule) for rule in ALL_RULES],
    }


def _rule(rule: Rule) -> Json:
    page = f"{HOME}/blob/main/docs/rules/{rule.id}.md"
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "help": {"text": f"{rule.title}. {page}", "markdown": rule.page},
        "helpUri": page,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(one: Diagnostic) -> Json:
    text = one.message + (f". {one.hint}" if one.hint else "")
    index = next(number for number, rule in enumerate(ALL_RULES) if rule.id == one.rule)
    body: Json = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": _LEVELS[one.severity],
        "message": {"text": escaped(text)},
        "locations": [_location(one)],
        "partialFingerprints": {"akslb/v1": fingerprint(one)},
        "properties": {"confidence": one.confidence.value},
    }
    if one.fix is not None:
        body["properties"]["fix"] = f"{one.fix.title} ({one.fix.applicability})"
    return body


def _location(one: Diagnostic) -> Json:
    if is_live(one):  # it stands in no file; its field is all there is to name
        return {"logicalLocations": [{"fullyQualifiedName": escaped(place(one)), "kind": "object"}]}
    region = {
        "startLine": max(one.line, 1),
        "startColumn": max(one.column, 1),
        "endColumn": max(one.column, 1) + one.length,
    }
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(one.path.replace("\\", "/"), safe="/:")},
            "region": region,
        },
        "logicalLocations": [{"fullyQualifiedName": one.service, "kind": "object"}],
    }


def fingerprint(one: Diagnostic) -> str:
    """What makes a finding the same one in another version of the file."""
    return sha256(f"{one.rule}\0{one.path}\0{one.service}\0{one.message}".encode()).hexdigest()[:32]


def _invocation(result: LintResult) -> Json:
    body: Json = {"executionSuccessful": not result.problems}
    if result.problems:
        body["toolExecutionNotifications"] = [
            {
                "level": "error",
                "message": {"text": escaped(problem.message)},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": quote(problem.path.replace("\\", "/"), safe="/:")},
                            "region": {"startLine": max(problem.line, 1)},
                        }
                    }
                ],
            }
            for problem in result.problems
        ]
    return body
