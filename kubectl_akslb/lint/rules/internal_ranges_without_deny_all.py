"""Ranges of an internal Service, which keep nobody out: AllowVnetInBound lets the virtual network in."""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import allows_all
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import set_annotations
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.ranges import control, opens_nothing
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ranges of an internal Service; to a public one the virtual network comes with public addresses."""
    access = control(context) if is_internal(context.service) else None
    if access is None or not access.prefixes or access.deny_all.value:
        return
    if opens_nothing(context.asked):
        return  # the provider writes no deny-all rule either
    if context.lets_in(ClientGroup.VIRTUAL_NETWORK) and not allows_all(access.prefixes):
        origin = next(ranges.origin for ranges in access.all_ranges if ranges.prefixes)
        since = behaviours.SHARED_NSG_RULES.dates
        fix, hint = None, f"Before {since} deny-all needs the ranges in spec.loadBalancerSourceRanges."
        if context.cluster.has(behaviours.SHARED_NSG_RULES):
            hint = 'Add service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges: "true".'
            pairs = ((keys.DENY_ALL, "true"),)
            fix = set_annotations(context, pairs, "deny all but the ranges", UNSAFE, ("security_rules",))
        message = "the ranges restrict nothing: AllowVnetInBound lets the whole virtual network in"
        yield Finding(message, steps_of(origin), True, hint, fix, Confidence.DOCUMENTED)


RULES = (
    Rule(
        "internal-ranges-without-deny-all", "Internal Service whose ranges keep nobody out",
        Group.ACCESS, WARNING, RuleEffect.EXPOSES, UNSAFE, check=check,
    ),
)  # fmt: skip
