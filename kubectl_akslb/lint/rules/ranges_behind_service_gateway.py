"""Ranges and service tags that nobody keeps, because a service gateway writes no security rules."""

from collections.abc import Iterator

from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.readers import is_true
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.provider import annotations as keys

_LISTS = (keys.ALLOWED_IP_RANGES, keys.SOURCE_RANGES, keys.ALLOWED_SERVICE_TAGS)


def check(context: ServiceContext) -> Iterator[Finding]:
    """What restricts the clients of a Service, and is read neither by the gateway nor by kube-proxy."""
    if not context.handled or not serves(context.cluster):
        return
    for where in _restrictions(context):
        yield Finding(
            "it keeps nobody out: a container load balancer has no security rule, and sends past kube-proxy",
            where,
            hint="A NetworkPolicy with ipBlock keeps it: the pods see the client's own address.",
        )


def _restrictions(context: ServiceContext) -> Iterator[Path]:
    service = context.service
    if service.load_balancer_source_ranges:
        yield ("spec", "loadBalancerSourceRanges")
    yield from ((*ANNOTATIONS, key) for key in _LISTS if key in service.annotations)
    if is_true(annotation(service, keys.DENY_ALL)):
        yield (*ANNOTATIONS, keys.DENY_ALL)


RULES = (
    Rule(
        "ranges-behind-service-gateway", "Ranges that a service gateway does not keep",
        Group.ACCESS, WARNING, RuleEffect.EXPOSES, check=check,
    ),
)  # fmt: skip
