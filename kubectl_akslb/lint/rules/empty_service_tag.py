"""Empty item in the list of service tags."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.ranges import control, without_empty
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """Tags that are empty."""
    access = control(context)
    if access is not None and access.tags is not None and not all(access.tags.value):
        yield Finding(
            "an empty service tag becomes the source of a security rule, which Azure refuses",
            (*ANNOTATIONS, keys.ALLOWED_SERVICE_TAGS),
            hint="Remove the comma too many; leave the annotation out for a Service without tags.",
            fix=without_empty(context, keys.ALLOWED_SERVICE_TAGS),
            confidence=Confidence.DOCUMENTED,
        )


RULES = (
    Rule(
        "empty-service-tag", "Empty item in the list of service tags",
        Group.ACCESS, ERROR, RuleEffect.STOPS, UNSAFE, check=check,
    ),
)  # fmt: skip
