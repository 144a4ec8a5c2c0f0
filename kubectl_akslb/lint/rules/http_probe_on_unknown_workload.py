"""Http probe of `/` on a workload nobody knows."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.probe_fix import probe_fix, why_not
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import DEFAULT, SPEC
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.sentences import sentences

OPEN = frozenset({
    Cause.ANSWER_NOT_PROVEN, Cause.MAY_SPEAK_OTHERWISE, Cause.WELL_KNOWN_UNLESS, Cause.WELL_KNOWN_BUT_TOLD,
})  # fmt: skip
"""Causes for which nothing in the manifests says what the pods answer."""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports that are probed at `/` because of their appProtocol alone."""
    for port, probe, hop in context.probed:
        path = probe.request_path
        if (
            hop.outcome is Outcome.DEPENDS
            and hop.because[0].cause in OPEN
            and path is not None
            and path.origin.kind == DEFAULT
            and probe.protocol.origin.kind == SPEC
        ):
            yield Finding(
                f"appProtocol {port.app_protocol} makes Azure probe {path.value} on port {port.port}:"
                f" {sentences(hop.because)}",
                steps_of(probe.protocol.origin),
                hint=why_not(context, port),
                fix=probe_fix(context, port),
                confidence=Confidence.ASSUMED,
                verify=hop.verify,
            )


RULES = (
    Rule(
        "http-probe-on-unknown-workload", "Http probe of `/` on a workload nobody knows",
        Group.PROBES, WARNING, RuleEffect.STOPS, SAFE, check=check, probes_of="Service", said_of_gateway=True,
    ),
)  # fmt: skip
