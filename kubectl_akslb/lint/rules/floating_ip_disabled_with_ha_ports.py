"""HA ports without floating IP."""

from collections.abc import Iterator

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.rules import uses_ha_ports
from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, remove
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """HA ports whose security rules are for other addresses."""
    asked = Context(context.service, context.cluster)
    if context.handled and floating_ip_disabled(asked) and uses_ha_ports(asked):
        yield Finding(
            "the rule of HA ports keeps the floating IP, but the security rules are for the nodes: they do not match",
            (*ANNOTATIONS, keys.DISABLE_FLOATING_IP),
            True,
            "Remove one of the two annotations.",
            remove(context, keys.DISABLE_FLOATING_IP, applicability=UNSAFE, intended=("security_rules",)),
        )


RULES = (
    Rule(
        "floating-ip-disabled-with-ha-ports", "HA ports without floating IP",
        Group.RULES, ERROR, RuleEffect.STOPS, UNSAFE, check=check,
    ),
)  # fmt: skip
