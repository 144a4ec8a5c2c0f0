"""A plan for other programs and for a pull request: a document, Markdown, SARIF, JUnit.

The published schema of the document is ``plan.schema.json`` beside this file.
"""

from hashlib import sha256
from typing import Any

from kubectl_akslb import __version__
from kubectl_akslb.edge.escape import clean
from kubectl_akslb.edge.escape import markdown as escaped
from kubectl_akslb.edge.escape import sarif as sarif_text
from kubectl_akslb.plan.before import Before
from kubectl_akslb.plan.effect import Effect, at_least
from kubectl_akslb.plan.report import Reported, UpgradePlan, ranked
from kubectl_akslb.plan.upgrade import count_by_effect
from kubectl_akslb.render import plan_words as words
from kubectl_akslb.render.document import API_VERSION, json_text, problems_json
from kubectl_akslb.render.sarif import HOME, SCHEMA

Json = dict[str, Any]


def upgrade_document(plan: UpgradePlan) -> Json:
    """The plan as a document, kind UpgradePlan."""
    return {
        "apiVersion": API_VERSION,
        "kind": "UpgradePlan",
        "from": str(plan.old),
        "to": str(plan.new),
        "counts": {
            effect.value: count for effect, count in count_by_effect([one.planned for one in plan.services]).items()
        },
        "services": [_service(one) for one in ranked(plan.services)],
        "notices": list(plan.notices),
        "problems": problems_json(plan.problems),
    }


def _service(one: Reported) -> Json:
    planned = one.planned
    return {
        "name": planned.service.name,
        "namespace": planned.service.namespace,
        "file": one.found.path,
        "line": one.found.line,
        "effect": planned.effect.value,
        "text": words.headline(planned),
        "consequences": [
            {
                "effect": each.effect.value,
                "who": each.who,
                "text": words.consequence(each),
                "hop": each.after.name.value if each.after is not None else "security group",
                "confidence": each.after.confidence.value if each.after is not None else "certain",
            }
            for each in planned.consequences
        ],
        "changes": [
            {
                "resource": change.kind.value,
                "name": change.name,
                "field": change.field,
                "old": _plain(change.old),
                "new": _plain(change.new),
                "effect": change.effect.value,
                "upstream": change.because.upstream if change.because is not None else "",
            }
            for change in planned.changes
        ],
        "causes": [
            {
                "behaviour": cause.behaviour,
                "summary": cause.summary,
                "release": str(cause.release),
                "comes": cause.comes,
                "decisive": cause.decisive,
                "source": cause.source,
            }
            for cause in planned.causes
        ],
        "before": _before(one.before),
        "onlyBefore": str(one.unless) if one.unless is not None else None,
    }


def _plain(value: object) -> object:
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def _before(first: Before | None) -> Json | None:
    if first is None:
        return None
    return {
        "edits": [{"path": list(edit.path), "value": _plain(edit.value)} for edit in first.edits],
        "effectNow": first.now.value,
        "effectThen": first.then.value,
    }


def upgrade_markdown(plan: UpgradePlan) -> str:
    """The plan for a pull request: a table, then what needs work."""
    total = len(plan.services)
    differ = [one for one in ranked(plan.services) if one.effect is not Effect.SAME]
    lines = [f"### Upgrade of the provider {plan.old} → {plan.new}", ""]
    lines += [f"{total} Service{'' if total == 1 else 's'} derived twice, {len(differ) or 'none'} differ.", ""]
    if differ:
        lines += ["| effect | Service | what | because |", "| --- | --- | --- | --- |"]
        for one in differ:
            causes = ", ".join(words.in_short(cause) for cause in one.planned.causes if cause.decisive)
            cells = one.effect.value, one.planned.service.full_name, words.headline(one.planned), causes
            lines.append("| " + " | ".join(map(escaped, cells)) + " |")
        lines.append("")
    for one in differ:
        if one.before is not None:
            name = escaped(one.planned.service.full_name)
            lines += [f"Before the upgrade, on {name}:", "", "```diff", *map(clean, words.edits(one.before)), "```", ""]
    lines += [f"> **not read**: {escaped(f'{p.path}:{p.line}: {p.message}')}\n" for p in plan.problems]
    lines += [f"> {escaped(notice)}\n" for notice in plan.notices]
    return "\n".join(lines).rstrip("\n") + "\n"


_LEVELS = {Effect.SAME: "none", Effect.RENAMES: "note", Effect.CHANGES: "note", Effect.INTERRUPTS: "warning"}


def upgrade_sarif(plan: UpgradePlan) -> str:
    """The Services that differ as SARIF 2.1.0."""
    rules = [{"id": _rule(effect), "shortDescription": {"text": effect.value}} for effect in Effect]
    results = [_result(one, plan) for one in ranked(plan.services) if one.effect is not Effect.SAME]
    problems = [{"level": "error", "message": {"text": sarif_text(f"{p.path}: {p.message}")}} for p in plan.problems]
    driver = {"name": "kubectl-akslb", "version": __version__, "informationUri": HOME, "rules": rules}
    invocation = {"executionSuccessful": not problems, "toolExecutionNotifications": problems}
    run = {"tool": {"driver": driver}, "results": results, "invocations": [invocation]}
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(effect: Effect) -> str:
    return f"upgrade-{effect.value.replace(' ', '-')}"


def _result(one: Reported, plan: UpgradePlan) -> Json:
    name = one.planned.service.full_name
    text = f"{name}: {words.headline(one.planned)} (provider {plan.old} to {plan.new})"
    uri = one.found.path.replace("\\", "/") if one.found.path and not one.found.path.startswith("<") else "cluster"
    mark = sha256(f"{name}\0{one.effect.value}\0{plan.new}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return {
        "ruleId": _rule(one.effect),
        "level": _LEVELS.get(one.effect, "error"),
        "message": {"text": sarif_text(text)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": sarif_uri(uri)},
                    "region": {"startLine": max(one.found.line, 1)},
                }
            }
        ],
        "partialFingerprints": {"akslb/v1": mark},
    }


def sarif_uri(path: str) -> str:
    """A path as a URI reference."""
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogateescape"))


def upgrade_junit(plan: UpgradePlan) -> str:
    """A test for each Service; it fails from a lost address up."""
    from kubectl_akslb.render.junit import Case, junit

    cases = []
    for one in plan.services:
        case = Case(one.planned.service.full_name, {"classname": "upgrade"})
        if at_least(one.effect, Effect.LOSES_ADDRESS):
            text = words.headline(one.planned)
            case = case._replace(came="failure", type=one.effect.value, message=text, text=text)
        cases.append(case)
    for problem in plan.problems:
        text = f"{problem.path}:{problem.line}: {problem.message}"
        cases.append(Case(problem.path, {}, "error", text))
    return junit([(f"upgrade {plan.old} to {plan.new}", cases)])
