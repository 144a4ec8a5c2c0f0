"""The one sentence for somebody at 3 a.m.: does the Service work, and if not, why and what now."""

from collections.abc import Sequence
from typing import NamedTuple

from kubectl_akslb.derive.answer import Answer, answer, probe_of, probed_port, service_port_of
from kubectl_akslb.derive.reach import passes
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import (
    LOAD_BALANCER_STAGE,
    PRIVATE_LINK_STAGE,
    PUBLIC_IP_STAGE,
    SECURITY_GROUP_STAGE,
    STATUS_STAGE,
    Derivation,
    Refusal,
)
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.reach import CERTAIN, KNOWN_WORKLOAD, UNKNOWN, Reach
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours as since
from kubectl_akslb.provider.workloads import Workload

WORKS = "works"
DEPENDS = "depends"
UNREACHABLE = "unreachable"
DOWN = "down"
PENDING = "pending"
IGNORED = "ignored"

WHAT_STANDS = {
    LOAD_BALANCER_STAGE: "the load balancer keeps what it had; a new public IP is already there",
    STATUS_STAGE: "frontend and rules are there, but no security rule, and the Service gets no address",
    SECURITY_GROUP_STAGE: "frontend and rules are there, but no security rule, and the Service gets no address",
    PRIVATE_LINK_STAGE: "load balancer and security rules are there, but the Service gets no address",
    PUBLIC_IP_STAGE: "load balancer and security rules are there, but the Service gets no address",
}

#: Upstream: the service controller of Kubernetes, which reports every error of the provider this way.
IN_DESCRIBE = (
    'kubectl describe shows it as Warning SyncLoadBalancerFailed "Error syncing load balancer: failed to ensure load'
    ' balancer: …", and it is tried again'
)


class Verdict(NamedTuple):
    """*kind* is WORKS, DEPENDS, UNREACHABLE, DOWN, PENDING or IGNORED; *fix* and *verify* may be empty."""

    kind: str
    headline: str
    confidence: str = CERTAIN
    fix: str = ""
    verify: str = ""
    detail: str = ""


def verdict(derivation: Derivation, cluster: Cluster, reach: Reach, workload: Workload | None) -> Verdict:
    """The verdict on one Service."""
    if derivation.ignored is not None:
        return Verdict(IGNORED, f"Azure's provider does not act on it: {derivation.ignored.value}")
    if derivation.refusal is not None:
        return _pending(derivation.refusal)
    if derivation.load_balancer is None or not derivation.load_balancer.load_balancing_rules:
        return Verdict(UNREACHABLE, "no port has a load-balancing rule, so nothing reaches the nodes")
    rules = derivation.load_balancer.load_balancing_rules
    answers = [(rule, answer(derivation, rule, workload)) for rule in rules]
    failing = [(rule, found) for rule, found in answers if found.up is False]
    if failing:
        return _down(derivation, cluster, failing, len(rules), workload)
    if not passes(reach.clients):
        return Verdict(UNREACHABLE, f"probes can pass, but nobody gets in: {reach.clients[0].because}")
    internal = derivation.service.annotations.get(keys.INTERNAL, "")
    if internal != "true" and internal.lower() == "true":
        headline = f"public address, but closed: {internal!r} is not exactly 'true' for the load balancer"
        return Verdict(UNREACHABLE, headline, fix=f'{keys.INTERNAL}: "true"  # if it is meant to be internal')
    unknown = [(rule, found) for rule, found in answers if found.up is None]
    if unknown:
        return _depends(derivation, unknown)
    confidence = KNOWN_WORKLOAD if any(a.confidence == KNOWN_WORKLOAD for _, a in answers) else CERTAIN
    if all(rule.probe is None for rule in rules):
        headline = "nothing stands in the way: nothing is probed, every node gets traffic, with or without a ready pod"
    else:
        headline = "nothing stands in the way: the probes pass as soon as pods are ready"
    return Verdict(WORKS, headline, confidence)


def _pending(refusal: Refusal) -> Verdict:
    return Verdict(
        PENDING,
        f"EXTERNAL-IP stays <pending>: {refusal.message}",
        fix=refusal.code.remedy,
        detail=f"stops at the {refusal.stage}: {WHAT_STANDS[refusal.stage]}; {IN_DESCRIBE}",
    )


def _ports(derivation: Derivation, rules: Sequence[LoadBalancingRule]) -> str:
    ports = [service_port_of(derivation.service, rule) for rule in rules]
    numbers = ", ".join(dict.fromkeys(str(port.port) for port in ports if port is not None))
    return f"port {numbers}" if numbers else "every port"


def _down(
    derivation: Derivation, cluster: Cluster, failing: Sequence[tuple[LoadBalancingRule, Answer]], total: int,
    workload: Workload | None,
) -> Verdict:  # fmt: skip
    rule, found = failing[0]
    rules = [rule for rule, _ in failing]
    ports = "every port" if len(rules) == total else _ports(derivation, rules)
    headline = f"{ports} is down: all nodes leave rotation, clients time out; {found.text}"
    return Verdict(DOWN, headline, found.confidence, _repair(derivation, cluster, rule, workload), found.verify)


def _repair(derivation: Derivation, cluster: Cluster, rule: LoadBalancingRule, workload: Workload | None) -> str:
    """The annotation that mends a failing http(s) probe: a path that is known to answer, else back to Tcp."""
    probe = probe_of(derivation, rule)
    if probe is None:
        return ""
    port = service_port_of(derivation.service, rule) or probed_port(derivation.service, probe)
    if port is None:
        return ""
    facts = workload.port_of(port) if workload is not None else None
    known = facts.path(probe.protocol.value.upper()) if facts is not None else None
    if known is not None:
        return f"{keys.PROBE_PATH}: {known.path}"
    if cluster.has(since.PORT_ANNOTATIONS):
        return f"{keys.PORT_PROBE_PROTOCOL.for_port(port.port)}: tcp"
    return f"remove appProtocol from port {port.port}"


def _depends(derivation: Derivation, unknown: Sequence[tuple[LoadBalancingRule, Answer]]) -> Verdict:
    found = unknown[0][1]
    ports = _ports(derivation, [rule for rule, _ in unknown])
    headline = f"{ports} works only if {_condition(found.text)}"
    return Verdict(DEPENDS, headline, UNKNOWN, verify=found.verify)


def _condition(text: str) -> str:
    many = not text.startswith("whatever ")
    return text.replace(" must answer ", " answer " if many else " answers ").replace(" must accept ", " accepts ")
