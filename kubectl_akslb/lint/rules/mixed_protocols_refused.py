"""TCP and UDP on one Service, before Kubernetes took that."""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import reason_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.api_server import faults
from kubectl_akslb.provider import kubernetes


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first port of a second protocol."""
    for reason in faults(context.asked) if context.handled else ():
        if str(reason.facts["field"]).endswith(".protocol"):
            yield reason_found(reason, "Use a Service for each protocol; both may ask for the same address.")
            return


RULES = (
    Rule(
        "mixed-protocols-refused", f"TCP and UDP on one Service before Kubernetes {kubernetes.MIXED_PROTOCOLS.dates}",
        Group.RULES, ERROR, RuleEffect.STOPS, check=check,
    ),
)  # fmt: skip
