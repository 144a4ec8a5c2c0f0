"""Annotations that do nothing, by what keeps them from it. One for a port that is not there has a file of its own."""

from collections.abc import Iterator
from functools import partial

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.ineffective import NoEffect, finding, idle
from kubectl_akslb.lint.rule import Group, Rule


def _check(kind: NoEffect, hint: str, context: ServiceContext) -> Iterator[Finding]:
    """The annotations without effect of one kind: each is of one kind only, so that it is found once."""
    for one in idle(context, kind):
        yield finding(context, one, hint)


#: id, title, kind, hint
_ROWS = (
    (
        "annotation-without-effect", "Annotation that does nothing on this Service", NoEffect.OTHER,
        "Add what it needs, or remove it.",
    ),
    (
        "port-annotation-on-ha-ports", "Annotation for one port on a Service with HA ports", NoEffect.HA_PORTS,
        "Remove it, or do without HA ports.",
    ),
    (
        "probe-annotation-under-local", "Probe annotation under externalTrafficPolicy Local", NoEffect.LOCAL,
        "Remove it, or use externalTrafficPolicy Cluster if the port itself is to be probed.",
    ),
    (
        "probe-annotation-under-shared-probe", "Probe annotation on a cluster with a shared probe",
        NoEffect.SHARED_PROBE, "Remove it: readiness of the pods is up to kube-proxy in this mode.",
    ),
    (
        "shadowed-annotation", "Annotation that something more specific wins over", NoEffect.SHADOWED,
        "Remove it, or change the one that wins.",
    ),
)  # fmt: skip
RULES = tuple(
    Rule(id_, title, Group.NO_EFFECT, WARNING, RuleEffect.IGNORED, SAFE, partial(_check, kind, hint))
    for id_, title, kind, hint in _ROWS
)
