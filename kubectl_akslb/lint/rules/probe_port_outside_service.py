"""Probe port that is no port of the Service."""

from collections.abc import Iterator

from kubectl_akslb.evidence.workloads import container_port
from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Finding, Fix, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, PROBES, set_value
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """Probes that go to the node itself, and those that are refused."""
    for refusal in context.refused("probe-port-outside-service"):
        fix = _fix(context, refusal.origin.path, refusal.origin.raw or "")
        yield Finding(f"the Service stays pending: {refusal.message}", (*ANNOTATIONS, refusal.origin.path), fix=fix)
    for port, probe, hop in context.probed:
        if hop.because[0].cause is Cause.PROBE_PORT_OUTSIDE:
            key = keys.PORT_PROBE_PORT.for_port(port.port)
            hint = (
                "Name a port of the Service: its node port is probed. A management port must be added to the Service."
            )
            yield finding_of(hop, (*ANNOTATIONS, key), hint)._replace(fix=_fix(context, key, str(probe.port.value)))


def _fix(context: ServiceContext, key: str, value: str) -> Fix | None:
    """The Service port whose target the value is."""
    meant = [
        port.port
        for port in context.service.ports
        if value in (str(port.target_port), str(container_port(context.pods, port)))
    ]
    if len(meant) != 1:
        return None
    title = f"probe Service port {meant[0]}"
    return set_value(context, (*ANNOTATIONS, key), str(meant[0]), title, UNSAFE, PROBES)


RULES = (
    Rule(
        "probe-port-outside-service", "Probe port that is no port of the Service",
        Group.PROBES, ERROR, RuleEffect.STOPS, UNSAFE, check=check,
    ),
)  # fmt: skip
