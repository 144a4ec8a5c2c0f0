"""Suppression without a reason."""

from collections.abc import Collection, Iterator, Sequence

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.lint.suppress import IGNORE, Suppression


def check(
    context: ServiceContext, silenced: Sequence[Suppression], ran: Collection[str], used: Collection[str]
) -> Iterator[Finding]:
    """Entries that say nothing."""
    del context, ran, used
    for one in silenced:
        if not one.reason:
            yield Finding(
                f"{one.rule} is not silenced: no reason is given",
                (*ANNOTATIONS, IGNORE),
                hint=f'Write "{one.rule}: the reason".',
            )


RULES = (
    Rule(
        "suppression-without-reason", "Suppression without a reason",
        Group.SUPPRESSIONS, WARNING, RuleEffect.IGNORED, check_suppressions=check,
    ),
)  # fmt: skip
