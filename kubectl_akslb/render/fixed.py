"""What ``fix`` has done and what it leaves to a person: lines for standard error, or a document for machines.

The published schema of the document is ``fixed.schema.json`` beside this file.
"""

from collections.abc import Sequence

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.fix.fixer import Fixed, FixResult, target_of
from kubectl_akslb.fix.patch import Patch
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, WARNING, Diagnostic
from kubectl_akslb.manifest.nodes import path_text
from kubectl_akslb.model.count import counted
from kubectl_akslb.render.diagnostics import open_sentence, place, told_apart
from kubectl_akslb.render.diagnostics_json import Json, findings_json
from kubectl_akslb.render.document import API_VERSION, problems_json
from kubectl_akslb.render.json_text import json_text
from kubectl_akslb.render.patches import body, target


def mended_text(mended: FixResult) -> str:
    """A line for each thing that was mended, and for each that is left, with its rule."""
    lines = [f"fixed {_where(one)} {one.rule}: {one.title}" for one in mended.fixed]
    lines += [f"not fixed {place(one)} {one.rule}: the fix would change too much" for one in mended.declined]
    left = [one for one in mended.remaining.diagnostics if not _is_declined(one, mended.declined)]
    told, opened = told_apart(left)
    lines += [f"left {place(one)} {one.severity} {one.rule}: {one.message}{_offer(one)}" for one in told]
    if opened:
        lines.append(f"left {opened[0].severity} {opened[0].rule}: {open_sentence(opened)}")
    if not mended.fixed:
        count = mended.remaining.services
        lines.append(f"nothing to fix in {counted(count, 'Service')} of type LoadBalancer")
    elif left:
        lines.append(f"{_counted(left)} left to you: 'kubectl akslb rules RULE' tells why it matters")
    return "".join(f"{clean(line)}\n" for line in lines)


def forbidden_text(forbidden: Sequence[Diagnostic]) -> str:
    """Why the policy lets nothing pass."""
    return "".join(f"error: {clean(f'{one.path}:{one.line} {target_of(one)}: {one.message}')}\n" for one in forbidden)


def mended_json(mended: FixResult, patches: Sequence[Patch]) -> str:
    """The patches and the findings as a document, kind FixReport."""
    return json_text(
        {
            "apiVersion": API_VERSION,
            "kind": "FixReport",
            "patches": [_patch(one) for one in patches],
            "fixed": [_fixed(one) for one in mended.fixed],
            "declined": findings_json(mended.declined),
            "left": findings_json(mended.remaining.diagnostics),
            "problems": problems_json(mended.remaining.problems),
        }
    )


def _patch(one: Patch) -> Json:
    return {"object": one.target, "target": target(one), "patch": body(one)}


def _fixed(one: Fixed) -> Json:
    return {"rule": one.rule, "object": one.target, "path": one.path, "line": one.line, "title": one.title}


def _where(one: Fixed) -> str:
    """The place in its file; of an object that stands in no file its name and the fields."""
    live = one.target.endswith(f" {one.path}")
    return f"{one.path} {', '.join(map(path_text, one.fields))}" if live else f"{one.path}:{one.line}"


def _offer(one: Diagnostic) -> str:
    """What --unsafe-fixes would do."""
    return "" if one.fix is None or one.fix.applicability == SAFE else f" (--unsafe-fixes: {one.fix.title})"


def _is_declined(one: Diagnostic, declined: Sequence[Diagnostic]) -> bool:
    return any((one.rule, one.path, one.document, one.at) == (d.rule, d.path, d.document, d.at) for d in declined)


def _counted(left: Sequence[Diagnostic]) -> str:
    errors = sum(one.severity == ERROR for one in left)
    warnings = sum(one.severity == WARNING for one in left)
    infos = len(left) - errors - warnings
    counts = ((errors, "error"), (warnings, "warning"), (infos, "info"))
    shown = [counted(n, word) if word != "info" else f"{n:,} {word}" for n, word in counts if n]
    return f"{', '.join(shown)} {'is' if len(left) == 1 else 'are'}"
