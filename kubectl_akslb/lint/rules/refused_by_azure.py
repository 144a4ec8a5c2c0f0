"""Service that Azure refuses."""

from collections.abc import Iterator

from kubectl_akslb.azure.refusals import GENERIC
from kubectl_akslb.azure.refused.sent import INFERRED
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Finding, RuleEffect
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence


def check(context: ServiceContext) -> Iterator[Finding]:
    """What Azure objects to, but for what has a rule of its own."""
    if any(context.refused_by_azure("rule-of-other-ip-family")):
        return  # what follows from that is no other fault
    for refusal in context.refused_by_azure(GENERIC):
        hint = f"{refusal.remedy[:1].upper()}{refusal.remedy[1:]}."
        verb = "may refuse" if refusal.unless or refusal.evidence == INFERRED else "refuses"
        code = f" ({refusal.code})" if refusal.code else ""
        confidence = Confidence.ASSUMED if refusal.evidence == INFERRED else Confidence.DOCUMENTED
        yield Finding(
            f"Azure {verb} it{code}: {refusal.because}", steps_of(refusal.origin), hint=hint, confidence=confidence
        )


RULES = (
    Rule(
        "refused-by-azure", "Service that Azure refuses",
        Group.KEYS, ERROR, RuleEffect.STOPS, check=check,
    ),
)  # fmt: skip
