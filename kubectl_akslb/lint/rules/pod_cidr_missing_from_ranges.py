"""Ranges without the cluster's own pods."""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import AddressError, Prefix, parse_cidr
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import IPV6
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.provider import kubernetes

_PRIVATE = tuple(parse_cidr(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))


_FILTERED = frozenset({Cause.PODS_BESIDE_SOURCE_RANGES, Cause.NOT_IN_SOURCE_RANGES})


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ranges that can hold no pod."""
    pods = [one for one in context.clients if one.group is ClientGroup.PODS]
    kept_out = any(reason.cause in _FILTERED for one in pods for reason in deciding(one).because)
    if not kept_out or any(_may_hold_pods(text) for text in context.service.load_balancer_source_ranges):
        return
    yield Finding(
        "pods of this cluster cannot use the address of the Service: kube-proxy filters them since Kubernetes"
        f" {kubernetes.INSIDE_FILTERED.dates}, and no range is private",
        ("spec", "loadBalancerSourceRanges"),
        True,
        "Add the Pod CIDR if pods use this address; if none does, nothing is wrong.",
        confidence=Confidence.DOCUMENTED,
    )


def _may_hold_pods(text: str) -> bool:
    try:
        prefix: Prefix = parse_cidr(text.strip())
    except AddressError:
        return True
    return prefix.family is IPV6 or any(one.contains(prefix) or prefix.contains(one) for one in _PRIVATE)


RULES = (
    Rule(
        "pod-cidr-missing-from-ranges", "Ranges without the cluster's own pods",
        Group.ACCESS, INFO, RuleEffect.SURPRISES, check=check,
    ),
)  # fmt: skip
