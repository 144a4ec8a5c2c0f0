"""What applying manifests does, for other programs and for a pull request: a document, Markdown, SARIF, JUnit.

The published schema of the document is ``diff.schema.json`` beside this file.
"""

from typing import Any

from kubectl_akslb.edge.escape import clean, html
from kubectl_akslb.edge.escape import markdown as escaped
from kubectl_akslb.model.count import counted
from kubectl_akslb.path.verdict import Path
from kubectl_akslb.plan.diff_manifests import ManifestDiff, ReportedDiff
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.plan.kept_addresses import ServiceAddress
from kubectl_akslb.render import diff_words as words
from kubectl_akslb.render import plan_words
from kubectl_akslb.render.document import API_VERSION, problems_json
from kubectl_akslb.render.plan_formats import (
    Row,
    change_document,
    consequence_document,
    junit_of,
    plain,
    sarif_of,
)

Json = dict[str, Any]
_MOST = 60_000
"""A comment on GitHub has at most 65,536 characters."""


def diff_document(plan: ManifestDiff) -> Json:
    """The difference as a document, kind ManifestDiff."""
    counts = {effect: sum(one.effect is effect for one in plan.services) for effect in Effect}
    return {
        "apiVersion": API_VERSION,
        "kind": "ManifestDiff",
        "against": plan.against,
        "providerVersion": str(plan.cluster.provider_version),
        "counts": {effect.value: count for effect, count in counts.items() if count},
        "services": [_service(one) for one in sorted(plan.services, key=lambda one: one.effect.rank)],
        "notices": list(plan.notices),
        "problems": problems_json(plan.problems),
    }


def _service(one: ReportedDiff) -> Json:
    difference = one.difference
    planned = difference.planned
    return {
        "name": planned.service.name,
        "namespace": planned.service.namespace,
        "file": one.found.path if one.found is not None else "",
        "line": one.found.line if one.found is not None else 0,
        "fate": difference.fate.value,
        "effect": planned.effect.value,
        "text": words.headline(difference),
        "verdict": {"old": _verdict(planned.old), "new": _verdict(planned.new)},
        "addresses": [
            {"family": each.family, "old": _address(each.old), "new": _address(each.new), "kept": each.kept}
            for each in difference.addresses
        ],
        "interrupted": difference.is_interrupted,
        "consequences": [consequence_document(each, words.consequence(each)) for each in planned.consequences],
        "changes": [change_document(change) for change in planned.changes],
        "deleted": list(difference.goes),
        "kept": list(difference.stays),
        "edits": [
            {
                "path": list(edit.path),
                "old": plain(edit.old),
                "new": plain(edit.new),
                "decisive": edit in one.decisive,
            }
            for edit in one.edits
        ],
    }


def _verdict(path: Path | None) -> str | None:
    return path.verdict.kind.value if path is not None else None


def _address(one: ServiceAddress | None) -> Json | None:
    if one is None:
        return None
    return {"kind": one.kind, "address": one.text, "resource": one.resource, "managed": one.managed}


def diff_markdown(plan: ManifestDiff) -> str:
    """The difference for a pull request: a table, then what decides; cut to what a comment takes."""
    differ = plan.differ
    total = len(plan.services)
    lines = ["### What this does to the load balancer", ""]
    says = "none differs" if not differ else f"{len(differ):,} differ{'s' if len(differ) == 1 else ''}"
    head = f"{counted(total, 'Service')} against {plan.against}, {says}"
    lines += [f"{escaped(head)} (provider {plan.cluster.provider_version}).", ""]
    if differ:
        lines += ["| effect | Service | what | verdict | connections |", "| --- | --- | --- | --- | --- |"]
        for one in differ:
            difference = one.difference
            verdict = words.verdict(difference.planned.old, difference.planned.new).partition(":")[0]
            told = "cut" if difference.is_interrupted else "not cut"
            cells = one.effect.value.upper(), one.service.full_name, _short(one), verdict, told
            lines.append("| " + " | ".join(map(escaped, cells)) + " |")
        lines.append("")
    texts = []
    for one in differ:
        texts += _details(one)
    size = sum(len(text) + 1 for text in lines)
    for number, text in enumerate(texts):
        size += len(text) + 1
        if size > _MOST:
            lines += ["", f"{len(texts) - number} more lines; `-o text` has all of them."]
            break
        lines.append(text)
    lines += [f"> **not read**: {escaped(f'{p.path}:{p.line}: {p.message}')}\n" for p in plan.problems]
    lines += [f"> {escaped(notice)}\n" for notice in plan.notices]
    return "\n".join(lines).rstrip("\n") + "\n"


def _short(one: ReportedDiff) -> str:
    uid = f"<uid of {one.service.full_name}>"
    return words.headline(one.difference).replace(uid, "<uid>")


def _details(one: ReportedDiff) -> list[str]:
    difference = one.difference
    uid = f"<uid of {one.service.full_name}>"
    rows = [words.address(each) for each in difference.addresses]
    rows += [words.consequence(each) for each in difference.planned.consequences]
    rows += dict.fromkeys(map(plan_words.value_change, words.changes(difference)))
    rows += [f"{each} is deleted" for each in difference.goes]
    lines = [f"<details><summary>{html(one.service.full_name)}</summary>", ""]
    lines += [f"- {escaped(text.replace(uid, '<uid>'))}" for text in rows]
    found = list(words.edits(one.decisive))
    if found:
        lines += ["", "because of", "", "```diff", *(clean(text).replace("```", "` ` `") for text in found), "```"]
    return [*lines, "</details>", ""]


def diff_sarif(plan: ManifestDiff) -> str:
    """The Services that differ as SARIF 2.1.0."""
    rows = [Row(one.service.full_name, one.effect, words.headline(one.difference), one.found) for one in plan.differ]
    return sarif_of("diff", rows, plan.problems, f"against {plan.against}")


def diff_junit(plan: ManifestDiff) -> str:
    """A test for each Service; it fails from a lost address up."""
    rows = [Row(one.service.full_name, one.effect, words.headline(one.difference), one.found) for one in plan.services]
    return junit_of("diff", f"diff against {plan.against}", rows, plan.problems)
