"""Annotation value with blanks around it."""

from collections.abc import Iterator

from kubectl_akslb.derive.readers import trim
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.lint.keys import BOOLEANS, lookup, short
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider.annotations import INTERNAL, PORT_PROBE_PATH, PORT_REFERENCE, PROBE_PATH, RAW

#: Other rules speak about these.
_ELSEWHERE = frozenset({INTERNAL, PORT_PROBE_PATH, PROBE_PATH})


def check(context: ServiceContext) -> Iterator[Finding]:
    """Values that are read with their blanks."""
    refused = {refusal.origin.path for refusal in context.refusals}
    for key, value in context.service.annotations.items():
        known = lookup(key)
        if not context.handled or known is None or key in refused or known.row in _ELSEWHERE:
            continue
        if known.row.reading not in BOOLEANS | {RAW, PORT_REFERENCE} or trim(value) in ("", value):
            continue
        if known.row.reading in BOOLEANS and trim(value).lower() != "true":
            continue
        if known.row.is_read(context.cluster.provider_version):
            steps = (*ANNOTATIONS, key)
            what = "it does not count as true" if known.row.reading in BOOLEANS else "they are part of the value"
            yield Finding(
                f"{short(key)} has blanks around its value, and {what}",
                steps,
                hint="Remove the blanks.",
                fix=set_value(context, steps, trim(value), "remove the blanks", UNSAFE, ("*",)),
            )


RULES = (
    Rule(
        "blank-padded-value", "Annotation value with blanks around it",
        Group.KEYS, WARNING, RuleEffect.SURPRISES, UNSAFE, check=check,
    ),
)  # fmt: skip
