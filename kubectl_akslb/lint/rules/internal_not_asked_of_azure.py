"""A Service that asks somebody else than Azure's provider for an internal load balancer, and is public."""

from collections.abc import Iterator

from kubectl_akslb.evidence.objects import mapping, text
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_annotations
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider.other_clouds import internal_asked_elsewhere


def check(context: ServiceContext) -> Iterator[Finding]:
    """Each place that asks for it; a key of Azure that is misspelt has a rule of its own."""
    asked = internal_asked_elsewhere(context.service)
    if not context.handled:
        return
    if asked is not None and asked.whom:
        what = (
            f"{asked.key} asks {asked.whom} for an internal load balancer: from Azure the Service gets a public address"
        )
        yield _finding(context, what, (*ANNOTATIONS, asked.key))
    for steps in (("metadata", "labels"), ("spec", "annotations")):
        found = mapping(mapping(context.found.data.get(steps[0])).get(steps[1]))
        if keys.INTERNAL not in context.service.annotations and text(found.get(keys.INTERNAL)).lower() == "true":
            what = f"{keys.INTERNAL.short} under {'.'.join(steps)} is not read: the Service gets a public address"
            yield _finding(context, what, (*steps, keys.INTERNAL))


def _finding(context: ServiceContext, message: str, steps: tuple[str | int, ...]) -> Finding:
    pairs = ((keys.INTERNAL, "true"),)
    hint = f'If that is meant: {keys.INTERNAL}: "true" under metadata.annotations.'
    return Finding(message, steps, True, hint, set_annotations(context, pairs, "make it internal", UNSAFE, ("*",)))


RULES = (
    Rule(
        "internal-not-asked-of-azure", "Internal load balancer that is asked of somebody else than Azure",
        Group.ADDRESSES, WARNING, RuleEffect.EXPOSES, UNSAFE, check=check,
    ),
)  # fmt: skip
