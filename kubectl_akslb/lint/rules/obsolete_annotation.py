"""Annotation that is no longer read."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.ineffective import removal
from kubectl_akslb.lint.keys import lookup, short
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider import kubernetes
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.provider.behaviours import listed

#: Read by providers before 1.23.0 only.
OBSOLETE = {
    PREFIX + "azure-load-balancer-mixed-protocols": "a Service may mix TCP and UDP without it since"
    f" Kubernetes {kubernetes.MIXED_PROTOCOLS.dates}",
}


def check(context: ServiceContext) -> Iterator[Finding]:
    """Keys that this version has stopped reading."""
    version = context.cluster.provider_version
    for key in context.service.annotations:
        known = lookup(key)
        why = OBSOLETE.get(key, "")
        if known is not None and known.row.until and not known.row.is_read(version):
            why = f"not read since {listed(known.row.until)}"
        if context.handled and why:
            hint = "Remove it."
            yield Finding(f"{short(key)} does nothing: {why}", (*ANNOTATIONS, key), True, hint, removal(context, key))


RULES = (
    Rule(
        "obsolete-annotation", "Annotation that is no longer read",
        Group.KEYS, WARNING, RuleEffect.IGNORED, SAFE, check=check,
    ),
)  # fmt: skip
