"""Idle timeout above 30 minutes."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence


def check(context: ServiceContext) -> Iterator[Finding]:
    """Timeouts that the provider accepts and the documentation does not."""
    for rule in context.rules[:1]:
        idle = rule.idle_timeout_in_minutes
        if idle is not None and idle.value > 30:
            yield Finding(
                f"an idle timeout of {idle.value} minutes is accepted by this provider, but Azure's pages say 4 to 30",
                steps_of(idle.origin),
                hint="Stay within 30 minutes, and let clients send TCP keep-alives.",
                confidence=Confidence.DOCUMENTED,
            )


RULES = (
    Rule(
        "idle-timeout-over-30", "Idle timeout above 30 minutes",
        Group.RULES, WARNING, RuleEffect.SURPRISES, check=check,
    ),
)  # fmt: skip
