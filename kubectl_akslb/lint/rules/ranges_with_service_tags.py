"""loadBalancerSourceRanges together with service tags."""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.cause import Cause


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first tag that kube-proxy drops: it knows the ranges only."""
    for client in context.clients:
        for hop in client.hops:
            if any(reason.cause is Cause.TAG_BESIDE_SOURCE_RANGES for reason in hop.because):
                hint = "Move the ranges to the annotation service.beta.kubernetes.io/azure-allowed-ip-ranges."
                yield finding_of(hop, ("spec", "loadBalancerSourceRanges"), hint)
                return


RULES = (
    Rule(
        "ranges-with-service-tags", "loadBalancerSourceRanges together with service tags",
        Group.ACCESS, ERROR, RuleEffect.STOPS, check=check,
    ),
)  # fmt: skip
