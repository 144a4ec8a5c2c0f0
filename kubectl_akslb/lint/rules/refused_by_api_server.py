"""Service that the API server refuses."""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import reason_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.api_server import faults

_EXPLAINED = (".protocol", "loadBalancerSourceRanges", "load-balancer-source-ranges")


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first value that Kubernetes does not take, but for those with a rule of their own."""
    for reason in faults(context.asked) if context.handled else ():
        if not str(reason.facts["field"]).endswith(_EXPLAINED):
            yield reason_found(reason)
            return


RULES = (
    Rule(
        "refused-by-api-server", "Service that the API server refuses",
        Group.KEYS, ERROR, RuleEffect.STOPS, check=check,
    ),
)  # fmt: skip
