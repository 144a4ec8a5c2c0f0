"""What stands below all Services: the cluster's own way out, and what was assumed."""

from kubectl_akslb.model.count import counted
from kubectl_akslb.model.outbound_profile import LOAD_BALANCER
from kubectl_akslb.pipeline import Explanation
from kubectl_akslb.render.terminal import Terminal, wrap

_VERSION = frozenset({"provider_version"})
_COLUMN = len("cluster  ")


def footer(result: Explanation, terminal: Terminal, *, verbose: bool) -> list[str]:
    """What is wrong with the cluster's own way out, how many Services are of no interest, and the notices."""
    if not result.services:
        return _nothing(result, terminal)
    lines: list[str] = []
    if any(one.derivation.ignored is None for one in result.services):
        lines += _way_out(result, terminal, verbose=verbose)
    column = _COLUMN if lines else len("note  ")
    if result.other_services:
        text = f"Services of other types, on which Azure's provider does not act: {result.other_services:,}"
        lines += terminal.labelled(0, "note", text, column, "dim")
    for notice in result.notices:
        lines += terminal.labelled(0, "note", notice, column, "dim")
    return lines


def _nothing(result: Explanation, terminal: Terminal) -> list[str]:
    """Why there is nothing to explain; no words about a cluster that nothing is explained for."""
    if result.problems:
        return []  # the errors say it: a Service may well be in what could not be read
    what = "no Service of type LoadBalancer found"
    if result.other_services:
        what += f"; {result.other_services:,} of another type passed over"
    return wrap(what, terminal.width)


def _way_out(result: Explanation, terminal: Terminal, *, verbose: bool) -> list[str]:
    """The cluster's own way out, where somebody asks for it or something is wrong with it."""
    cluster = result.cluster
    if cluster.outbound.outbound_type != LOAD_BALANCER or not (verbose or cluster.given - _VERSION):
        return []  # there is no outbound rule, or nobody has said anything that can be wrong with it
    outbound = result.outbound
    rule, snat = outbound.rule, outbound.snat
    lines: list[str] = []
    if rule is not None and verbose:
        ports = "as many SNAT ports per node as the node count allows"
        if snat is not None and snat.ports_per_node is not None:
            ports = f"{snat.ports_per_node.value:,} SNAT ports per node"
        if snat is not None and snat.max_nodes is not None:
            ports += f", enough for {counted(snat.max_nodes.value, 'node')}"
        text = (
            f"outbound rule {rule.name.value}: {ports}, idle after {rule.idle_timeout_in_minutes.value} min,"
            f" TCP reset {'on' if rule.enable_tcp_reset.value else 'off'}"
        )
        lines += terminal.labelled(0, "cluster", text, _COLUMN, "bold")
    for finding in outbound.findings:
        if rule is not None and (verbose or finding.severity != "note"):
            text = f"{finding.severity}: {finding.message} [{finding.confidence}]"
            lines += terminal.labelled(0, "" if lines else "cluster", text, _COLUMN, "bold")
    return lines
