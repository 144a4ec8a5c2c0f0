"""Drift for other programs and for a pull request: a document, Markdown, SARIF, JUnit.

The published schema of the document is ``drift.schema.json`` beside this file.
"""

from hashlib import sha256
from typing import Any

from kubectl_akslb import __version__
from kubectl_akslb.edge.escape import markdown as escaped
from kubectl_akslb.edge.escape import sarif as sarif_text
from kubectl_akslb.plan.drift.difference import Difference, Drift, Fate
from kubectl_akslb.render import drift_words as words
from kubectl_akslb.render.document import API_VERSION
from kubectl_akslb.render.drift_removal import removal, removals
from kubectl_akslb.render.json_text import json_text
from kubectl_akslb.render.sarif import HOME, SCHEMA

Json = dict[str, Any]
_LEVELS = {
    Fate.SURVIVES: "error",
    Fate.REVERTS: "warning",
    Fate.UNFINISHED: "warning",
    Fate.ORPHANED: "warning",
    Fate.FOREIGN: "note",
}


def drift_document(found: Drift) -> Json:
    """The answer as a document, kind Drift."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Drift",
        "services": [{"name": one.name, "namespace": one.namespace} for one in found.services],
        "counts": {fate.value: len(found.of(fate)) for fate in Fate},
        "differences": [_difference(one) for one in found.differences],
        "unchecked": [{"what": one.what, "why": one.why, "service": one.service} for one in found.unchecked],
        "notices": list(found.notices),
    }


def _difference(one: Difference) -> Json:
    remove = removal(one)
    return {
        "fate": one.fate.value,
        "service": one.service,
        "resource": one.kind.value,
        "path": one.path,
        "field": one.field,
        "stands": _plain(one.stands),
        "wanted": _plain(one.wanted),
        "goes": one.goes,
        "unfinished": one.unfinished.value if one.unfinished is not None else None,
        "text": _text(one),
        "upstream": one.upstream,
        "id": one.id,
        "remove": str(remove) if remove is not None else None,
    }


def _text(one: Difference) -> str:
    return f"{words.place(one)} {_what(one)}"


def _what(one: Difference) -> str:
    reason = words.unedited(one)
    return words.difference(one) + (f" ({reason})" if reason else "")


def _plain(value: object) -> object:
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def drift_markdown(found: Drift) -> str:
    """The answer for a pull request or an issue: a sentence, a table, and what was not compared."""
    lines = [f"### {escaped(words.summary(found))}", ""]
    if found.differences:
        lines += ["| fate | Service | resource | what |", "| --- | --- | --- | --- |"]
        for one in found.differences:
            cells = one.fate.value, one.service, words.place(one), _what(one)
            lines.append("| " + " | ".join(map(escaped, cells)) + " |")
        lines.append("")
    remove = [str(one) for one in removals(found)]
    if remove:
        lines += [escaped(f"Orphaned: {words.BY_HAND}:"), "", "```console", *remove, "```", ""]
    if any(map(words.changes, found.differences)):
        lines += [escaped(f"{words.TRIGGERS[0].upper()}{words.TRIGGERS[1:]}."), ""]
    for left in found.unchecked:
        whose = f" of {left.service}" if left.service else ""
        lines.append(f"> **not checked**: {escaped(f'{left.what}{whose}: {left.why}')}\n")
    lines += [f"> {escaped(notice)}\n" for notice in found.notices]
    return "\n".join(lines).rstrip("\n") + "\n"


def drift_sarif(found: Drift) -> str:
    """The differences as SARIF 2.1.0; they stand in Azure, so that no file has a line for them."""
    rules = [{"id": f"drift-{fate.value}", "shortDescription": {"text": words.MEANING[fate]}} for fate in Fate]
    results = [_result(one) for one in found.differences]
    notes = [
        {"level": "note", "message": {"text": sarif_text(f"not checked: {one.what}: {one.why}")}}
        for one in found.unchecked
    ]
    driver = {"name": "kubectl-akslb", "version": __version__, "informationUri": HOME, "rules": rules}
    invocation = {"executionSuccessful": True, "toolExecutionNotifications": notes}
    run = {"tool": {"driver": driver}, "results": results, "invocations": [invocation]}
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(one: Difference) -> Json:
    text = f"{one.service or 'of no Service'}: {_text(one)}"
    mark = sha256(f"{one.fate.value}\0{one.path}\0{one.field}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    name = sarif_text(one.path)
    return {
        "ruleId": f"drift-{one.fate.value}",
        "level": _LEVELS[one.fate],
        "message": {"text": sarif_text(text)},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": "azure"}, "region": {"startLine": 1}},
                "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"akslb/v1": mark},
    }


def drift_junit(found: Drift) -> str:
    """A test for each Service, and one for what belongs to none; foreign things do not fail it."""
    from kubectl_akslb.render.junit import Case, junit

    cases = []
    for name in (*(one.full_name for one in found.services), ""):
        own = [one for one in found.differences if one.service == name and one.fate is not Fate.FOREIGN]
        case = Case(name or "of no Service", {"classname": "drift"})
        if own:
            text = "\n".join(f"{one.fate.value}: {_text(one)}" for one in own)
            case = case._replace(came="failure", type=own[0].fate.value, message=text.partition("\n")[0], text=text)
        cases.append(case)
    return junit([("drift", cases)])
