"""Deprecated spec.loadBalancerIP."""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import is_address, is_ipv4
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import replace_field
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours


def check(context: ServiceContext) -> Iterator[Finding]:
    """The deprecated field, and the annotation in its place."""
    address = context.service.load_balancer_ip
    if not context.handled or not address:
        return
    key = keys.IPV4 if is_ipv4(address) else keys.IPV6
    taken = any(context.annotation(one) for one in (keys.IPV4, keys.IPV6))
    fix = None
    if is_address(address) and not taken and context.cluster.has(behaviours.ADDRESS_ANNOTATIONS):
        fix = replace_field(context, "loadBalancerIP", key, address, "use the annotation instead", SAFE)
    lost = " (and an annotation wins over it)" if taken else ""
    yield Finding(
        f"spec.loadBalancerIP is deprecated{lost}",
        ("spec", "loadBalancerIP"),
        True,
        f"Set {key} instead.",
        fix,
    )


RULES = (
    Rule(
        "deprecated-load-balancer-ip", "Deprecated spec.loadBalancerIP",
        Group.ADDRESSES, WARNING, RuleEffect.SURPRISES, SAFE, check=check,
    ),
)  # fmt: skip
