"""Gateway whose Service is probed over http."""

from collections.abc import Iterator

from kubectl_akslb.evidence.gateway import MANAGED
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.probe_fix import probe_fix
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.manifest.nodes import path_text
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.sentences import sentences
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """Listeners whose probe fails, or is not known to pass."""
    if not context.found.made_of or MANAGED not in context.service.labels:
        return
    proposal = context.proposal
    ports = dict.fromkeys(number for one in proposal.annotations for number in one.ports)
    left = {one.port: f"{sentences(one.because)}." for one in proposal.left}
    fix = probe_fix(context)
    for number in (*ports, *left):
        key = keys.PORT_PROBE_PROTOCOL.for_port(number)
        index = next(one.index for one in context.service.ports if one.port == number)
        spot = context.found.spot_of_annotations(key)
        at = path_text(spot.path) if spot is not None else "a ConfigMap that the Gateway refers to"
        yield Finding(
            f"Azure probes port {number} by http, and Envoy answers 404 until a route matches",
            ("spec", "ports", index, "appProtocol"),
            hint=left.get(number) or f"Add {key}: tcp under {at}.",
            fix=fix,
            confidence=Confidence.ASSUMED,
        )


RULES = (
    Rule(
        "http-probe-on-gateway", "Gateway whose Service is probed over http",
        Group.PROBES, WARNING, RuleEffect.STOPS, SAFE, check=check, probes_of="Gateway",
    ),
)  # fmt: skip
