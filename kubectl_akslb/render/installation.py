"""What is installed, and what is wrong with it: for a terminal, and as a document for machines."""

from collections.abc import Sequence
from typing import Any

from kubectl_akslb.doctor.check_result import ERROR, INFO, WARNING, CheckResult
from kubectl_akslb.doctor.checks.copies import copy_text
from kubectl_akslb.doctor.installation import COMPLETION, PROGRAM, Installation
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.count import counted
from kubectl_akslb.render.marks import COLUMN, DETAIL, LABEL
from kubectl_akslb.render.terminal import Terminal

_COLOURS = {ERROR: "red", WARNING: "yellow", INFO: "cyan"}
_NONE = "not found"


def installation_text(seen: Installation, findings: Sequence[CheckResult], terminal: Terminal) -> str:
    """What was seen, then every finding, then the verdict."""
    lines: list[str] = []
    for label, text in _seen(seen):
        lines.append(terminal.verbatim(LABEL, label, text, COLUMN, "dim"))
    for one in findings:
        lines += ["", *_finding(one, terminal)]
    return "\n".join([*lines, "", _verdict(findings)]) + "\n"


def _seen(seen: Installation) -> list[tuple[str, str]]:
    program = seen.program
    rows = [("running", f"{PROGRAM} {program.version}, Python {program.python}, {program.file}")]
    rows += _rows("on the PATH", [copy_text(one, seen.system) for one in seen.copies])
    rows += _rows("completion", [one.path for one in seen.completions[:1]])
    kubectl = [seen.kubectl] if seen.kubectl is not None else []
    rows += _rows("kubectl", [f"{one.path} ({one.version or 'version unknown'})" for one in kubectl])
    rows += _rows("helm", [f"{one.path} ({one.version or 'version unknown'})" for one in seen.helms])
    rows += _rows("Helm plugin", [f"{one.folder} ({one.version}), starts {one.command}" for one in seen.ours])
    rows += _rows("krew", [seen.krew.root] if seen.krew.installed else [], "has not installed akslb")
    return rows


def _rows(label: str, found: list[str], otherwise: str = _NONE) -> list[tuple[str, str]]:
    return [("" if index else label, text) for index, text in enumerate(found or [otherwise])]


def _finding(one: CheckResult, terminal: Terminal) -> list[str]:
    sure = "" if one.confidence is Confidence.CERTAIN else f" ({one.confidence.value})"
    text = f"{one.message}{sure} [{one.id}]"
    lines = terminal.labelled(LABEL, one.severity, text, COLUMN, "bold", _COLOURS[one.severity])
    for index, place in enumerate(one.where):
        lines.append(terminal.verbatim(DETAIL, "" if index else "where", place, COLUMN, "dim"))
    lines += terminal.labelled(DETAIL, "why", one.why, COLUMN, "dim")
    for index, command in enumerate(one.commands):
        label = "run" if not index else "and" if one.every else "or"
        lines.append(terminal.verbatim(DETAIL, label, command, COLUMN, "bold"))
    return lines


def _verdict(findings: Sequence[CheckResult]) -> str:
    counts = [
        counted(number, severity) if severity != INFO else f"{number} {severity}"
        for severity in (ERROR, WARNING, INFO)
        if (number := sum(one.severity == severity for one in findings))
    ]
    if all(one.severity == INFO for one in findings):
        return "; ".join(["nothing is wrong", *counts])
    return ", ".join(counts)


def installation_document(seen: Installation, findings: Sequence[CheckResult]) -> dict[str, Any]:
    """The same with names for machines."""
    program = seen.program
    kubectl = seen.kubectl
    return {
        "apiVersion": "akslb.dev/v1alpha1",
        "kind": "InstallationReport",
        "program": {"version": program.version, "python": program.python, "file": program.file},
        "copies": [{"path": one.path, "target": one.target, "version": one.version or None} for one in seen.copies],
        COMPLETION: seen.completions[0].path if seen.completions else None,
        "kubectl": None if kubectl is None else {"path": kubectl.path, "version": kubectl.version or None},
        "helm": [{"path": one.path, "version": one.version or None} for one in seen.helms],
        "helmPluginFolders": list(seen.plugin_folders),
        "helmPlugins": [
            {"folder": one.folder, "version": one.version or None, "command": one.command} for one in seen.ours
        ],
        "krew": {"root": seen.krew.root, "installed": seen.krew.installed},
        "findings": [
            {
                "id": one.id,
                "severity": one.severity,
                "confidence": one.confidence.value,
                "message": one.message,
                "where": list(one.where),
                "why": one.why,
                "commands": list(one.commands),
                "everyCommand": one.every,
            }
            for one in findings
        ],
    }
