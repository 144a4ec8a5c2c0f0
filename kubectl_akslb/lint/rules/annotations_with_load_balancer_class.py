"""Azure annotations beside a loadBalancerClass."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.keys import lookup
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider.annotations import SOURCE_RANGES


def check(context: ServiceContext) -> Iterator[Finding]:
    """Services of another controller that are annotated for Azure."""
    ours = [key for key in context.service.annotations if lookup(key) is not None and key != SOURCE_RANGES]
    if context.service.load_balancer_class is not None and ours:
        yield Finding(
            f"loadBalancerClass {context.service.load_balancer_class!r} hands the Service to another controller:"
            f" Azure's provider ignores it, and {len(ours)} of its annotations",
            ("spec", "loadBalancerClass"),
            hint="Remove the class from the manifest and create the Service anew, or remove the annotations.",
        )


RULES = (
    Rule(
        "annotations-with-load-balancer-class", "Azure annotations beside a loadBalancerClass",
        Group.ADDRESSES, WARNING, RuleEffect.IGNORED, check=check,
    ),
)  # fmt: skip
