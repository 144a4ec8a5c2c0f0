"""SCTP without HA ports."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Finding, RuleEffect
from kubectl_akslb.lint.fixes import set_annotations
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """SCTP ports with a rule of their own that is not for port 0."""
    for refusal in context.refused_by_azure("sctp-without-ha-ports"):
        standard = context.cluster.is_standard  # a Basic load balancer has no HA ports
        pairs = ((keys.HA_PORTS, "true"),)
        yield Finding(
            f"Azure refuses a rule for all protocols on one port, and there is none for SCTP alone: {refusal.because}",
            steps_of(refusal.origin),
            hint="SCTP needs HA ports.",
            fix=set_annotations(context, pairs, "enable HA ports", UNSAFE, ("load_balancer",)) if standard else None,
            confidence=Confidence.DOCUMENTED,
        )
        return


RULES = (
    Rule(
        "sctp-without-ha-ports", "SCTP without HA ports",
        Group.RULES, ERROR, RuleEffect.STOPS, UNSAFE, check=check,
    ),
)  # fmt: skip
