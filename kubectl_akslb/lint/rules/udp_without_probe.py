"""UDP port that is not probed."""

from collections.abc import Iterator

from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.service import UDP
from kubectl_akslb.path.walk import service_port_of
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first UDP port whose rule has no probe, unless somebody wanted it so."""
    if serves(context.cluster):
        return  # its members are pods, and those that are not ready are none
    for rule in context.rules:
        port = service_port_of(context.service, rule)
        if port is None or port.protocol != UDP or rule.probe is not None:
            continue
        if (context.annotation(keys.NO_PROBE_RULE.for_port(port.port)) or "").lower() != "true":
            yield Finding(
                f"UDP port {port.port} is not probed: nodes that are down keep getting its traffic",
                ("spec", "ports", port.index),
                hint="externalTrafficPolicy Local, or a shared probe, gives UDP ports a probe.",
            )
            return


RULES = (
    Rule(
        "udp-without-probe", "UDP port that is not probed",
        Group.PROBES, INFO, RuleEffect.SURPRISES, check=check,
    ),
)  # fmt: skip
