"""Probe path that is known not to answer 200."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, Finding, RuleEffect
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.probe_fix import probe_fix, why_not
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.provenance import ANNOTATION
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.sentences import sentences

#: What rules of their own explain.
_EXPLAINED = frozenset(
    {
        Cause.PROBE_PORT_OUTSIDE, Cause.NO_NODE_PORT, Cause.SETTING_STOPS_PROBE, Cause.PROXY_HEADER_TO_KUBE_PROXY,
        Cause.INGRESS_CAPTURES_PROBE, Cause.NONE_IN_ROTATION,
    }
)  # fmt: skip


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports whose probe cannot pass."""
    for port, probe, hop in context.probed:
        if hop.outcome is not Outcome.DROP or hop.because[0].cause in _EXPLAINED:
            continue
        path = probe.request_path
        chosen = path is not None and path.origin.kind == ANNOTATION
        where = path.origin if chosen and path is not None else probe.protocol.origin
        yield Finding(
            f"port {port.port} is down: {sentences(hop.because)}",
            steps_of(where) or ("spec", "ports", port.index),
            hint=why_not(context, port),
            fix=probe_fix(context, port),
            confidence=hop.confidence,
            verify=hop.verify,
        )


RULES = (
    Rule(
        "probe-path-not-answered", "Probe path that is known not to answer 200",
        Group.PROBES, ERROR, RuleEffect.STOPS, SAFE, check=check, probes_of="Service", said_of_gateway=True,
    ),
)  # fmt: skip
