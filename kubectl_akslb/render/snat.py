"""A plan for SNAT ports as text, and as a document for machines."""

from typing import Any

from kubectl_akslb.model.outbound import SnatPlan
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.render.marks import COLUMN, DETAIL, LABEL
from kubectl_akslb.render.terminal import Terminal


def snat_text(plan: SnatPlan, terminal: Terminal) -> str:
    """The verdict, the numbers, and the command that applies them."""
    refused = [finding for finding in plan.findings if finding.severity == "error"]
    word, colour = ("REFUSED", "red") if refused else ("FITS", "green")
    lines = terminal.labelled(LABEL, word, _headline(plan), COLUMN, "bold", colour)
    for finding in plan.findings:
        text = f"{finding.message} [{finding.confidence}]"
        lines += terminal.labelled(LABEL, finding.severity, text, COLUMN, "bold")
        for remedy in finding.remedies:
            lines += terminal.labelled(DETAIL, "or", remedy, COLUMN, "dim")
    lines += terminal.labelled(LABEL, "nodes", _nodes(plan), COLUMN, "bold")
    lines += terminal.labelled(LABEL, "ports", _ports(plan), COLUMN, "bold")
    lines += terminal.labelled(LABEL, "recommended", _recommended(plan), COLUMN, "bold")
    if plan.command:
        lines.append(terminal.verbatim(LABEL, "command", plan.command, COLUMN, "bold"))
    for note in plan.notes:
        lines += terminal.labelled(LABEL, "note", note, COLUMN, "dim")
    return "\n".join(lines) + "\n"


def _headline(plan: SnatPlan) -> str:
    available = f"there are {plan.ports_available.value} on {_outbound_ips(plan.ips.value)}"
    if plan.ports_required is None:
        return f"ports per node follow the number of nodes; {available}"
    return f"{plan.total_nodes.value} nodes need {plan.ports_required.value} ports, {available}"


def _outbound_ips(count: int) -> str:
    return f"{count} outbound IP{'' if count == 1 else 's'}"


def _nodes(plan: SnatPlan) -> str:
    text = f"{plan.nodes.value} and {plan.surge_nodes.value} more while AKS upgrades"
    return text if plan.max_nodes is None else f"{text}; room for {plan.max_nodes.value}"


def _ports(plan: SnatPlan) -> str:
    return "by the table of Azure" if plan.ports_per_node is None else f"{plan.ports_per_node.value} per node"


def _recommended(plan: SnatPlan) -> str:
    return f"{plan.recommended_ports.value} ports per node with {_outbound_ips(plan.recommended_ips.value)}"


def snat_document(plan: SnatPlan) -> dict[str, Any]:
    """The plan with ARM-like names."""

    def bare(derived: Derived[int] | None) -> int | None:
        return None if derived is None else derived.value

    return {
        "apiVersion": "akslb.dev/v1alpha1",
        "kind": "SnatPlan",
        "nodes": plan.nodes.value,
        "surgeNodes": plan.surge_nodes.value,
        "outboundIPs": plan.ips.value,
        "portsPerNode": bare(plan.ports_per_node),
        "portsRequired": bare(plan.ports_required),
        "portsAvailable": plan.ports_available.value,
        "maxNodes": bare(plan.max_nodes),
        "recommended": {"portsPerNode": plan.recommended_ports.value, "outboundIPs": plan.recommended_ips.value},
        "command": plan.command,
        "findings": [
            {"severity": f.severity, "code": f.code, "message": f.message, "remedies": list(f.remedies)}
            for f in plan.findings
        ],
        "notes": list(plan.notes),
    }
