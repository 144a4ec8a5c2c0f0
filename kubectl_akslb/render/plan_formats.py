"""A plan for other programs and for a pull request: a document, Markdown, SARIF, JUnit.

The published schema of the document is ``plan.schema.json`` beside this file.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from kubectl_akslb import __version__
from kubectl_akslb.edge.escape import clean
from kubectl_akslb.edge.escape import markdown as escaped
from kubectl_akslb.edge.escape import sarif as sarif_text
from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.load import FoundService
from kubectl_akslb.model.count import counted
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.plan.before import Before
from kubectl_akslb.plan.change import Change
from kubectl_akslb.plan.consequence import Consequence
from kubectl_akslb.plan.effect import Effect, at_least
from kubectl_akslb.plan.upgrade import count_by_effect
from kubectl_akslb.plan.upgrade_plan import Reported, UpgradePlan, ranked
from kubectl_akslb.render import plan_words as words
from kubectl_akslb.render.document import API_VERSION, problems_json
from kubectl_akslb.render.json_text import json_text
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


def consequence_document(one: Consequence, text: str) -> Json:
    """A consequence, with the hop that decides."""
    return {
        "effect": one.effect.value,
        "who": one.who,
        "text": text,
        "hop": one.after.name.value if one.after is not None else "security group",
        "confidence": one.after.confidence.value if one.after is not None else "certain",
    }


def change_document(change: Change) -> Json:
    """A change of one value."""
    return {
        "resource": change.kind.value,
        "name": change.name,
        "field": change.field,
        "old": plain(change.old),
        "new": plain(change.new),
        "effect": change.effect.value,
        "upstream": change.because.upstream if change.because is not None else "",
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
        "consequences": [consequence_document(each, words.consequence(each)) for each in planned.consequences],
        "changes": [change_document(change) for change in planned.changes],
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


def plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, (tuple, list)):
        return list(map(plain, value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def _before(first: Before | None) -> Json | None:
    if first is None:
        return None
    return {
        "edits": [{"path": list(edit.path), "value": plain(edit.value)} for edit in first.edits],
        "effectNow": first.now.value,
        "effectThen": first.then.value,
    }


def upgrade_markdown(plan: UpgradePlan) -> str:
    """The plan for a pull request: a table, then what needs work."""
    total = len(plan.services)
    differ = [one for one in ranked(plan.services) if one.effect is not Effect.SAME]
    lines = [f"### Upgrade of the provider {plan.old} → {plan.new}", ""]
    lines += [f"{counted(total, 'Service')} derived twice, {len(differ) or 'none'} differ.", ""]
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
    rows = [
        Row(one.planned.service.full_name, one.effect, words.headline(one.planned), one.found)
        for one in ranked(plan.services)
        if one.effect is not Effect.SAME
    ]
    return sarif_of("upgrade", rows, plan.problems, f"provider {plan.old} to {plan.new}")


class Row(NamedTuple):
    """One Service in a list for other programs; *found* is its place, None where it stands in no manifest."""

    name: str
    effect: Effect
    text: str
    found: FoundService | None


def sarif_of(command: str, rows: Sequence[Row], unread: Sequence[InputError], about: str) -> str:
    """What differs as SARIF 2.1.0, by the rules of a *command*; *about* is said of each."""
    rules = [{"id": _rule(command, effect), "shortDescription": {"text": effect.value}} for effect in Effect]
    problems = [{"level": "error", "message": {"text": sarif_text(f"{p.path}: {p.message}")}} for p in unread]
    driver = {"name": "kubectl-akslb", "version": __version__, "informationUri": HOME, "rules": rules}
    invocation = {"executionSuccessful": not problems, "toolExecutionNotifications": problems}
    results = [_result(command, one, about) for one in rows]
    run = {"tool": {"driver": driver}, "results": results, "invocations": [invocation]}
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(command: str, effect: Effect) -> str:
    return f"{command}-{effect.value.replace(' ', '-')}"


def _result(command: str, one: Row, about: str) -> Json:
    path, line = (one.found.path, one.found.line) if one.found is not None else ("", 0)
    uri = path.replace("\\", "/") if path and not path.startswith("<") else "cluster"
    mark = sha256(f"{one.name}\0{one.effect.value}\0{about}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return {
        "ruleId": _rule(command, one.effect),
        "level": _LEVELS.get(one.effect, "error"),
        "message": {"text": sarif_text(f"{one.name}: {one.text} ({about})")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": sarif_uri(uri)},
                    "region": {"startLine": max(line, 1)},
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
    rows = [
        Row(one.planned.service.full_name, one.effect, words.headline(one.planned), one.found) for one in plan.services
    ]
    return junit_of("upgrade", f"upgrade {plan.old} to {plan.new}", rows, plan.problems)


def junit_of(command: str, title: str, rows: Sequence[Row], problems: Sequence[InputError]) -> str:
    """A test for each Service; it fails from a lost address up."""
    from kubectl_akslb.render.junit import Case, junit

    cases = []
    for one in rows:
        case = Case(one.name, {"classname": command})
        if at_least(one.effect, Effect.LOSES_ADDRESS):
            case = case._replace(came="failure", type=one.effect.value, message=one.text, text=one.text)
        cases.append(case)
    cases += [Case(one.path, {}, "error", f"{one.path}:{one.line}: {one.message}") for one in problems]
    return junit([(title, cases)])
