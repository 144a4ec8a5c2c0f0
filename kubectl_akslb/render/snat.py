"""A plan for SNAT ports as text, and as a document for machines."""

from typing import Any

from kubectl_akslb.model.count import counted
from kubectl_akslb.model.outbound import DOCUMENTED, ERROR, SnatPlan
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.provider.outbound import ALLOCATION_REFUSED
from kubectl_akslb.render.marks import COLUMN, DETAIL, LABEL
from kubectl_akslb.render.terminal import Terminal

_PAGE = len("    see ")
"""Where the pages begin: nearer than other texts, so that no address is wider than 80 columns."""


def snat_text(plan: SnatPlan, terminal: Terminal) -> str:
    """The verdict, the numbers, and the command that applies them."""
    refused = [finding for finding in plan.findings if finding.severity == ERROR]
    word, colour = ("REFUSED", "red") if refused else ("FITS", "green")
    lines = terminal.labelled(LABEL, word, _headline(plan), COLUMN, "bold", colour)
    for finding in plan.findings:
        message = f'AKS says "{finding.message}"' if finding.code == ALLOCATION_REFUSED else finding.message
        text = f"{message} [{finding.confidence}]"
        styles = ("bold", "red" if finding.severity == ERROR else "yellow")
        lines += terminal.labelled(LABEL, finding.severity, text, COLUMN, *styles)
        for remedy in finding.remedies:
            lines += terminal.labelled(DETAIL, "or", remedy, COLUMN, "dim")
    lines += terminal.labelled(LABEL, "nodes", _nodes(plan), COLUMN, "bold")
    lines += terminal.labelled(LABEL, "ports", _ports(plan), COLUMN, "bold")
    lines += terminal.labelled(LABEL, "recommended", _recommended(plan), COLUMN, "bold")
    if plan.command:
        lines.append(terminal.verbatim(LABEL, "command", plan.command, COLUMN, "bold"))
    for fact in plan.notes:
        lines += terminal.labelled(LABEL, "note", f"{fact.summary} [{fact.confidence}]", COLUMN, "dim")
    pages = dict.fromkeys(fact.source for fact in plan.notes if fact.confidence == DOCUMENTED)
    lines += [terminal.verbatim(DETAIL, "see", page, _PAGE, "dim") for page in pages]
    return "\n".join(lines) + "\n"


def _headline(plan: SnatPlan) -> str:
    ips = counted(plan.ips.value, "outbound IP")
    available = f"{ips} {'has' if plan.ips.value == 1 else 'have'} {plan.ports_available.value:,}"
    if plan.ports_required is None:
        return f"ports per node follow the number of nodes; {available}"
    needed = f"{counted(plan.total_nodes.value, 'node')} {'needs' if plan.total_nodes.value == 1 else 'need'}"
    return f"{needed} {counted(plan.ports_required.value, 'port')}, {available}"


def _nodes(plan: SnatPlan) -> str:
    text = f"{plan.nodes.value:,} and {plan.surge_nodes.value:,} more while AKS upgrades"
    return text if plan.max_nodes is None else f"{text}; room for {plan.max_nodes.value:,}"


def _ports(plan: SnatPlan) -> str:
    return "by the table of Azure" if plan.ports_per_node is None else f"{plan.ports_per_node.value:,} per node"


def _recommended(plan: SnatPlan) -> str:
    return f"{plan.recommended_ports.value:,} ports per node with {counted(plan.recommended_ips.value, 'outbound IP')}"


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
        "notes": [fact.note for fact in plan.notes],
    }
