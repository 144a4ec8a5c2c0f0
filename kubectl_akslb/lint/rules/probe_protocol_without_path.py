"""Probe protocol annotation without a path."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.keys import short, steps_of
from kubectl_akslb.lint.probe_fix import probe_fix, why_not
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import ANNOTATION, DEFAULT
from kubectl_akslb.path.hop import Outcome


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports that are probed at the default path because of an annotation."""
    for port, probe, hop in context.probed:
        origin, path = probe.protocol.origin, probe.request_path
        if (
            hop.outcome is not Outcome.DEPENDS
            or path is None
            or path.origin.kind != DEFAULT
            or origin.kind != ANNOTATION
        ):
            continue
        yield Finding(
            f"{short(origin.path)} asks for an {probe.protocol.value.lower()} probe of port {port.port}, and no"
            f" annotation for a path, so {path.value} is probed",
            steps_of(origin),
            hint=why_not(context, port),
            fix=probe_fix(context, port),
            confidence=Confidence.ASSUMED,
            verify=hop.verify,
        )


RULES = (
    Rule(
        "probe-protocol-without-path", "Probe protocol annotation without a path",
        Group.PROBES, WARNING, RuleEffect.STOPS, SAFE, check=check, probes_of="Service",
    ),
)  # fmt: skip
