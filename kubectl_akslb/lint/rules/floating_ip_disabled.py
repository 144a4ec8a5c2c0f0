"""Floating IP switched off."""

from collections.abc import Iterator

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.rules import uses_ha_ports
from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """Services without floating IP."""
    service = context.service
    asked = Context(service, context.cluster)
    if not context.handled or not floating_ip_disabled(asked) or serves(context.cluster):
        return
    denied = any(rule.access.value == "Deny" for rule in context.settled.security_rules)
    if denied or uses_ha_ports(asked):
        return  # other rules say what is wrong there
    kept = ", and kube-proxy keeps loadBalancerSourceRanges only for pods and nodes"
    ranges = kept if service.load_balancer_source_ranges else ""
    yield Finding(
        f"without floating IP the security group opens the node ports on every node{ranges}",
        (*ANNOTATIONS, keys.DISABLE_FLOATING_IP),
        True,
        "Remove it unless a private link service or the application needs it.",
        confidence=Confidence.DOCUMENTED,
    )


RULES = (
    Rule(
        "floating-ip-disabled", "Floating IP switched off",
        Group.RULES, INFO, RuleEffect.SURPRISES, check=check,
    ),
)  # fmt: skip
