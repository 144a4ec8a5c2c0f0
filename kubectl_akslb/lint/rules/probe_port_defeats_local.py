"""Probe port that defeats externalTrafficPolicy Local."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, PROBES, remove
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports of a Local Service that are probed elsewhere than at the node's health check."""
    dropping = {Cause.NODES_WITHOUT_POD_DROP, Cause.ALL_NODES_WITHOUT_POD}
    if not any(reason.cause in dropping for client in context.clients for hop in client.hops for reason in hop.because):
        return
    for port, probe, _ in context.probed:
        key = keys.PORT_PROBE_PORT.for_port(port.port)
        considered = {origin.path for origin in probe.port.considered if origin.raw is not None}
        if key not in considered or probe.port.value == context.service.health_check_node_port:
            continue
        yield Finding(
            f"port {port.port} is probed at {probe.port.value} on every node, so nodes without a pod stay in rotation"
            " and drop its traffic",
            (*ANNOTATIONS, key),
            True,
            "Remove it: with externalTrafficPolicy Local the health check of the node is probed.",
            remove(context, key, applicability=UNSAFE, intended=PROBES),
        )


RULES = (
    Rule(
        "probe-port-defeats-local", "Probe port that defeats externalTrafficPolicy Local",
        Group.PROBES, ERROR, RuleEffect.STOPS, UNSAFE, check=check,
    ),
)  # fmt: skip
