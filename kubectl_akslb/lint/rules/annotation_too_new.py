"""Annotation that this provider version does not read yet."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.keys import BOOLEANS, lookup, short
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider.behaviours import listed


def check(context: ServiceContext) -> Iterator[Finding]:
    """Keys that this version does not read, and a later one does."""
    version = context.cluster.provider_version
    for key, value in context.service.annotations.items():
        known = lookup(key)
        if not context.handled or known is None or known.row.until or known.row.is_read(version):
            continue
        if known.row.reading in BOOLEANS and value.lower() != "true":
            continue
        dates = listed(known.row.since)
        yield Finding(f"provider {version} ignores {short(key)}: it is read since {dates}", (*ANNOTATIONS, key), True)


RULES = (
    Rule(
        "annotation-too-new", "Annotation that this provider version does not read yet",
        Group.KEYS, WARNING, RuleEffect.IGNORED, check=check,
    ),
)  # fmt: skip
