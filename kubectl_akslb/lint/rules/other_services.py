"""What stands in Azure otherwise than the Service asks."""

from collections.abc import Iterator

from kubectl_akslb.azure.deviations import DeviationKind
from kubectl_akslb.lint.asked import deviations_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule


def left_out(context: ServiceContext) -> Iterator[Finding]:
    """Clients that are left out, ports without a rule, probes that others deny."""
    kinds = {
        DeviationKind.NOT_LET_IN,
        DeviationKind.KEPT_OUT_UNASKED,
        DeviationKind.PROBES_DENIED,
        DeviationKind.NOT_SERVED,
        DeviationKind.FOREIGN_FRONTEND,
    }
    return deviations_found(context, kinds)


def let_in(context: ServiceContext) -> Iterator[Finding]:
    """Denials that are lost, and rules that nobody asks for."""
    return deviations_found(context, {DeviationKind.NOT_KEPT_OUT, DeviationKind.LET_IN_UNASKED})


RULES = (
    Rule(
        "lets-in-less-than-asked", "Service that serves fewer than it asks for",
        Group.ACCESS, ERROR, RuleEffect.STOPS, check=left_out,
    ),
    Rule(
        "lets-in-more-than-asked", "Service that lets in others than it asks for",
        Group.ACCESS, ERROR, RuleEffect.EXPOSES, check=let_in,
    ),
)  # fmt: skip
