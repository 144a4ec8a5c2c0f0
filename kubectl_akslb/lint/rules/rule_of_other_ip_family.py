"""Rule on the frontend of the other IP family."""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.hop import HopName, Outcome


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first rule on a frontend of the other IP family."""
    for one in context.port_paths:
        hop = one.hop(HopName.RULE)
        if hop.outcome is Outcome.DROP:
            yield finding_of(hop, ("spec", "ports", one.port.index) if one.port is not None else ("spec", "ports"))
            return


RULES = (
    Rule(
        "rule-of-other-ip-family", "Rule on the frontend of the other IP family",
        Group.RULES, ERROR, RuleEffect.STOPS, check=check,
    ),
)  # fmt: skip
