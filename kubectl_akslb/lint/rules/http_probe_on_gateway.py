"""Gateway whose Service is probed over http."""

from collections.abc import Iterator

from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.probe_fix import remedy_fix
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.lint.stream import OtherObject
from kubectl_akslb.manifest.nodes import path_text
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.sentences import sentences
from kubectl_akslb.provider import annotations as keys


def check(other: OtherObject, cluster: Cluster) -> Iterator[Finding]:  # noqa: ARG001 - as all such rules
    """Listeners whose probe fails, or is not known to pass."""
    proposal = other.proposal
    if proposal is None:
        return
    ports = dict.fromkeys(number for one in proposal.annotations for number in one.ports)
    left = {one.port: f"{sentences(one.because)}." for one in proposal.left}
    fix = remedy_fix(other.text.text, other.node, proposal)
    for number in (*ports, *left):
        key = keys.PORT_PROBE_PROTOCOL.for_port(number)
        yield Finding(
            f"Azure probes port {number} by http, and Envoy answers 404 until a route matches",
            ("spec", "listeners", listener_of(other, number), "protocol"),
            hint=left.get(number) or f"Add {key}: tcp under {path_text(proposal.at)}.",
            fix=fix,
            confidence=Confidence.ASSUMED,
        )


def listener_of(other: OtherObject, port: int) -> int:
    """The number of the first listener on this port."""
    listeners = other.data["spec"]["listeners"]
    return next(index for index, one in enumerate(listeners) if isinstance(one, dict) and one.get("port") == port)


RULES = (
    Rule(
        "http-probe-on-gateway", "Gateway whose Service is probed over http",
        Group.PROBES, WARNING, Effect.STOPS, SAFE, check_other=check,
    ),
)  # fmt: skip
