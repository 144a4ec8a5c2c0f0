"""Port without a rule that the security group still opens."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports in an allow rule that have no load-balancing rule."""
    served = {rule.service_port for rule in context.rules}
    if -1 in served:
        return
    opened = {
        number
        for rule in context.settled.security_rules
        if rule.access.value == "Allow"
        for number in rule.destination_ports.value
    }
    for port in context.service.ports:
        key = keys.NO_LB_RULE.for_port(port.port)
        if port.index not in served and key in context.service.annotations and str(port.port) in opened:
            yield Finding(
                f"port {port.port} has no rule, but the security group still opens it",
                (*ANNOTATIONS, key),
                True,
                "Give the port a Service of its own, of type ClusterIP, if nobody outside is to reach it.",
            )


RULES = (
    Rule(
        "no-rule-port-open-in-nsg", "Port without a rule that the security group still opens",
        Group.ACCESS, INFO, RuleEffect.EXPOSES, check=check,
    ),
)  # fmt: skip
