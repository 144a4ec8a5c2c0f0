"""Suppression that silences nothing."""

from collections.abc import Collection, Iterator, Sequence

from kubectl_akslb.errors import did_you_mean
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, remove
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.lint.suppress import IGNORE, Suppression


def check(
    context: ServiceContext, silenced: Sequence[Suppression], ran: Collection[str], used: Collection[str]
) -> Iterator[Finding]:
    """Entries whose rule ran, and found nothing; and those of rules that do not exist."""
    from kubectl_akslb.lint.registry import IDS

    for one in silenced:
        exists = one.rule in IDS
        if one.rule in used or not one.reason or (exists and one.rule not in ran):
            continue
        hint = (not exists and did_you_mean(one.rule, IDS)) or "Remove it."
        why = "finds nothing here" if exists else "does not exist"
        fix = remove(context, IGNORE, "remove the suppression") if len(silenced) == 1 and exists else None
        yield Finding(f"the rule {one.rule} {why}", (*ANNOTATIONS, IGNORE), hint=hint, fix=fix)


RULES = (
    Rule(
        "unused-suppression", "Suppression that silences nothing",
        Group.SUPPRESSIONS, WARNING, RuleEffect.IGNORED, SAFE, check_suppressions=check,
    ),
)  # fmt: skip
