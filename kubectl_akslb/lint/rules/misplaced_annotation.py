"""Azure annotation on an object that Azure's provider does not read."""

from collections.abc import Iterator

from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.keys import lookup, short
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.lint.stream import GATEWAY, INGRESS, OtherObject
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.provider.annotations import SOURCE_RANGES

_HINTS = {
    "Service": "Only a Service of type LoadBalancer is read: change the type, or remove the annotation.",
    INGRESS: "Set it on the Service of the ingress controller.",
    GATEWAY: "Set it under spec.infrastructure.annotations: the controller copies those to its Service.",
}
_ISTIO = "istio"


def check(other: OtherObject, cluster: Cluster) -> Iterator[Finding]:
    """Known keys on objects that are not read; one finding for each place."""
    del cluster
    if other.kind == GATEWAY and _copies(other):
        return
    for steps, keys in other.annotations:
        known = [key for key in keys if lookup(key) is not None and key != SOURCE_RANGES]
        if known:
            more = f" and {len(known) - 1} more" if len(known) > 1 else ""
            what = "a Service of another type than LoadBalancer" if other.kind == "Service" else other.kind
            yield Finding(
                f"{short(known[0])}{more} on {what}: Azure's provider does not read it",
                (*steps, known[0]),
                True,
                _HINTS.get(other.kind, "Set it on the Service of type LoadBalancer."),
            )


def _copies(other: OtherObject) -> bool:
    """Whether Istio's controller takes the annotations of the Gateway itself: where it has no others."""
    spec = other.data.get("spec")
    if not isinstance(spec, dict) or not str(spec.get("gatewayClassName", "")).startswith(_ISTIO):
        return False
    infrastructure = spec.get("infrastructure")
    return not (isinstance(infrastructure, dict) and infrastructure.get("annotations"))


RULES = (
    Rule(
        "misplaced-annotation", "Azure annotation on an object that Azure's provider does not read",
        Group.KEYS, WARNING, RuleEffect.IGNORED, check_other=check,
    ),
)  # fmt: skip
