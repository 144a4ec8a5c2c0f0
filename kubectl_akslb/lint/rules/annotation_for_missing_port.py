"""Annotation for a port that the Service does not have."""

from collections.abc import Iterator

from kubectl_akslb.evidence.workloads import container_port
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import rename
from kubectl_akslb.lint.ineffective import NoEffect, finding, idle
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider.annotations import PortAnnotation


def check(context: ServiceContext) -> Iterator[Finding]:
    """Annotations for ports that are not there."""
    for one in idle(context, NoEffect.MISSING_PORT):
        meant = {
            port.port
            for port in context.service.ports
            if one.known.port in (port.target_port, port.node_port, container_port(context.pods, port))
        }
        fix, hint = None, "The number in the key is the port of the Service."
        if len(meant) == 1 and isinstance(one.known.row, PortAnnotation):
            number = meant.pop()
            fix = rename(context, one.key, one.known.row.for_port(number), UNSAFE, ("*",))
            hint = f"Port {one.known.port} is behind Service port {number}: write {one.known.row.for_port(number)}."
        yield finding(context, one, hint, offer=False)._replace(fix=fix)


RULES = (
    Rule(
        "annotation-for-missing-port", "Annotation for a port that the Service does not have",
        Group.NO_EFFECT, WARNING, RuleEffect.IGNORED, UNSAFE, check=check,
    ),
)  # fmt: skip
