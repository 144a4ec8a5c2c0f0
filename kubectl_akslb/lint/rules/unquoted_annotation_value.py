"""Annotation value that is no string."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.lint.stream import unquoted


def check(context: ServiceContext) -> Iterator[Finding]:
    """Values that YAML reads as a number or a boolean."""
    for key, text, value in unquoted(context.found.node):
        steps = (*ANNOTATIONS, key)
        yield Finding(
            f"{value.text} is not a string: the API server refuses the object",
            steps,
            hint="Put the value in quotes.",
            fix=set_value(context, steps, text, f'write "{text}"', SAFE),
        )


RULES = (
    Rule(
        "unquoted-annotation-value", "Annotation value that is no string",
        Group.KEYS, ERROR, RuleEffect.STOPS, SAFE, check=check,
    ),
)  # fmt: skip
