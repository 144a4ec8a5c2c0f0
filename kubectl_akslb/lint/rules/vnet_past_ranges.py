"""Ranges that keep out the internet, and not the virtual network, which AllowVnetInBound lets in."""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import allows_all
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, UNSAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import set_annotations
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.ranges import control, opens_nothing
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours


def _public(context: ServiceContext) -> Iterator[Finding]:
    """Ranges of a public Service that hold for the internet only."""
    if not is_internal(context.service):
        yield from _passed(context, "the ranges do not hold for the virtual network: AllowVnetInBound lets it in")


def _internal(context: ServiceContext) -> Iterator[Finding]:
    """Ranges of an internal Service, which so keep nobody out."""
    if is_internal(context.service):
        yield from _passed(context, "the ranges restrict nothing: AllowVnetInBound lets the whole virtual network in")


def _passed(context: ServiceContext, message: str) -> Iterator[Finding]:
    access = control(context)
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
        yield Finding(message, steps_of(origin), True, hint, fix, Confidence.DOCUMENTED)


RULES = (
    Rule(
        "internal-ranges-without-deny-all", "Internal Service whose ranges keep nobody out",
        Group.ACCESS, WARNING, Effect.EXPOSES, UNSAFE, check=_internal,
    ),
    Rule(
        "vnet-bypasses-ranges", "Ranges that the virtual network bypasses",
        Group.ACCESS, INFO, Effect.EXPOSES, UNSAFE, check=_public,
    ),
)  # fmt: skip
