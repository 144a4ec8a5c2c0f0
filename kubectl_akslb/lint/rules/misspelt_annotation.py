"""Annotation that is almost one of Azure's."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, rename
from kubectl_akslb.lint.misspelt import meant
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.lint.rules.obsolete_annotation import OBSOLETE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Keys that are like a known one."""
    for key in context.service.annotations:
        wanted = meant(key) if context.handled and key not in OBSOLETE else ""
        if wanted:
            there = wanted in context.service.annotations
            yield Finding(
                f"Azure's provider does not know {key}",
                (*ANNOTATIONS, key),
                True,
                f"{wanted} is there already: remove this one." if there else f"Did you mean {wanted}?",
                rename(context, key, wanted, UNSAFE, ("*",)),
            )


RULES = (
    Rule(
        "misspelt-annotation", "Annotation that is almost one of Azure's",
        Group.KEYS, WARNING, RuleEffect.IGNORED, UNSAFE, check=check,
    ),
)  # fmt: skip
