"""Azure annotation that no provider reads."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.keys import lookup, short
from kubectl_akslb.lint.misspelt import meant
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.lint.rules.obsolete_annotation import OBSOLETE
from kubectl_akslb.provider.annotations import PREFIX


def check(context: ServiceContext) -> Iterator[Finding]:
    """Keys in Azure's name that are like no known one."""
    for key in context.service.annotations:
        ours = key.startswith((PREFIX + "azure-", PREFIX + "port_"))
        if context.handled and ours and key not in OBSOLETE and lookup(key) is None and not meant(key):
            yield Finding(
                f"Azure's provider does not know {short(key)}",
                (*ANNOTATIONS, key),
                True,
                "Remove it, or look the right one up: docs/annotations.md lists all that are read.",
            )


RULES = (
    Rule(
        "unknown-annotation", "Azure annotation that no provider reads",
        Group.KEYS, WARNING, RuleEffect.IGNORED, check=check,
    ),
)  # fmt: skip
