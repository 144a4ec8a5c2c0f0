"""Service that everybody on the internet can reach."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider import annotations as keys

_RESTRICTIONS = (keys.ALLOWED_IP_RANGES, keys.ALLOWED_SERVICE_TAGS, keys.SOURCE_RANGES)


def check(context: ServiceContext) -> Iterator[Finding]:
    """Services that are open without anybody having said so."""
    service = context.service
    said = service.load_balancer_source_ranges or any(key in service.annotations for key in _RESTRICTIONS)
    if context.lets_in(ClientGroup.INTERNET) and not said:
        yield Finding(
            "everybody on the internet can reach it",
            ("spec", "type"),
            hint='service.beta.kubernetes.io/azure-load-balancer-internal: "true" makes it private,'
            " service.beta.kubernetes.io/azure-allowed-ip-ranges lets in some only.",
        )


RULES = (
    Rule(
        "open-to-the-internet", "Service that everybody on the internet can reach",
        Group.ACCESS, INFO, RuleEffect.EXPOSES, check=check,
    ),
)  # fmt: skip
