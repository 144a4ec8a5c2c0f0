"""`internal` that is not exactly "true"."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours


def check(context: ServiceContext) -> Iterator[Finding]:
    """A Service that was meant to be internal, and is public."""
    value = context.annotation(keys.INTERNAL)
    if not context.handled or value is None or value == "true" or value.strip().lower() in ("false", "", "no", "0"):
        return
    closed = value.lower() == "true" and context.cluster.has(behaviours.ACCESS_CONTROL)
    but = ", and the security rules close it to everybody" if closed else ""
    steps = (*ANNOTATIONS, keys.INTERNAL)
    yield Finding(
        f'{value!r} is not exactly "true": the Service gets a public address{but}',
        steps,
        hint='Write "true", in lower case.',
        fix=set_value(context, steps, "true", 'write "true"', UNSAFE, ("*",)),
    )


RULES = (
    Rule(
        "internal-not-exactly-true", '`internal` that is not exactly "true"',
        Group.ADDRESSES, ERROR, RuleEffect.EXPOSES, UNSAFE, check=check,
    ),
)  # fmt: skip
