"""Probe or rule without a node port."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours


def check(context: ServiceContext) -> Iterator[Finding]:
    """Probes and rules of port 0, which Azure refuses."""
    keyed = [keys.NO_PROBE_RULE.for_port(port.port) for port in context.service.ports]
    read = context.cluster.has(behaviours.PORT_ANNOTATIONS)
    probeless = f', or no probe ({", ".join(keyed[:1])}: "true")' if read else ""
    for refusal in context.refused_by_azure("no-node-ports"):
        yield Finding(
            f"ports are probed at their node port, and the Service gets none: {refusal.because}",
            ("spec", "allocateLoadBalancerNodePorts"),
            hint=f"Use externalTrafficPolicy Local, a node port of your own, a shared probe{probeless}.",
            confidence=Confidence.DOCUMENTED,
        )
        return


RULES = (
    Rule(
        "no-node-ports", "Probe or rule without a node port",
        Group.PROBES, ERROR, RuleEffect.STOPS, check=check,
    ),
)  # fmt: skip
