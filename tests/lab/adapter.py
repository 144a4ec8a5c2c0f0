"""A recorded case as the program reads it, and what the recording says in the program's words."""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kubectl_akslb.derive.addresses import Prefix, parse_cidr
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.service import IPV6, Service, ServicePort
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.probed import asks_health_check, asks_kube_proxy, asks_node_port, probe_of
from kubectl_akslb.path.rotation import family_of
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile
from lab import vectors
from lab.fixed import CLIENT_PODS
from lab.vectors import Vector
from tests.recorded.play import Watched

Json = dict[str, Any]

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)
#: The kinds that the lab's objects tell all about.
KINDS = frozenset({"EndpointSlice", "Node", "Event", "Pod", "NetworkPolicy", "policy engines"})


@cache
def recorded() -> dict[str, Vector]:
    """All recordings of kube-proxy; AKSLB_LAB_RECORDINGS is a folder with others, such as those of another seed."""
    return vectors.read(Path(os.environ.get("AKSLB_LAB_RECORDINGS", vectors.FOLDER)))


class Situation(NamedTuple):
    """One outcome of a case, with what the program makes of the same objects on that release."""

    vector: Vector
    outcome: Json
    version: str
    cluster: Cluster
    evidence: Evidence
    derivation: Derivation

    @property
    def context(self) -> PathContext:
        """What the hops ask."""
        return PathContext(self.derivation, self.cluster, self.evidence)

    @property
    def name(self) -> str:
        """For the message of a test that fails."""
        return f"{self.vector.id} {self.version}"

    @property
    def service(self) -> Json:
        """The Service as the API server has it."""
        return service_of(self.vector.case)

    def of(self, rule: LoadBalancingRule, port: ServicePort) -> Json:
        """The answers of a port of the Service, by way of the frontend of a rule."""
        found: Json = self.outcome[f"{self.frontend(rule)['ip']}:{port.port}/{port.protocol}"]
        return found

    def frontend(self, rule: LoadBalancingRule) -> Json:
        """The frontend of a rule, by its family."""
        colon = family_of(self.derivation.service, rule) == IPV6
        found: Json = next(one for one in self.vector.case["frontends"] if (":" in one["ip"]) == colon)
        return found

    @property
    def rules(self) -> tuple[LoadBalancingRule, ...]:
        """What is derived for each port and family."""
        lb = self.derivation.load_balancer
        assert lb is not None, self.name
        return lb.load_balancing_rules


def service_of(case: Json) -> Json:
    """The Service of a case."""
    found: Json = next(one for one in case["objects"] if one["kind"] == "Service")
    return found


def read(service: Json) -> Service:
    """A Service as the program reads it."""
    return with_defaults(decode(service))


def evidence_on(service: Service, objects: Sequence[Json]) -> Evidence:
    """What a cluster with these objects says about a Service; that the lab's servers listen, a readiness probe tells."""
    numbers = {port["port"] for one in objects if one["kind"] == "EndpointSlice" for port in one.get("ports") or ()}
    asked = [{"name": f"asked-{number}", "readinessProbe": {"tcpSocket": {"port": number}}} for number in numbers]
    listening = [_with_containers(one, asked) if one["kind"] == "Pod" else one for one in objects]
    return evidence_of(service, Objects(listening), EvidenceSource.CLUSTER, now=NOW, read=KINDS)


def _with_containers(pod: Json, more: Sequence[Json]) -> Json:
    spec = pod["spec"]
    return {**pod, "spec": {**spec, "containers": [*spec.get("containers", ()), *more]}}


def evidence_of_case(service: Service, vector: Vector) -> Evidence:
    """What the lab's cluster says about the Service of a case."""
    return evidence_on(service, [*vector.case["objects"], *client_pods(service.namespace)])


def client_pods(namespace: str) -> Iterator[Json]:
    """The pods that are only clients: they run in the lab, and no case is about them."""
    for pod in CLIENT_PODS.values():
        addresses = [{"ip": address} for address in pod.addresses.values()]
        yield {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": pod.name, "namespace": namespace, "labels": {"app": "client"}},
            "spec": {"nodeName": pod.node, "containers": [{"name": "client", "image": "example.test/client:1"}]},
            "status": {
                "phase": "Running",
                "podIP": addresses[0]["ip"],
                "podIPs": addresses,
                "conditions": [{"type": "Ready", "status": "True"}],
            },
        }


def prefix_of(address: str) -> Prefix:
    """A client as the program names it."""
    return parse_cidr(f"{address}/{128 if ':' in address else 32}")


@cache
def cluster_of(version: str, *, shared: bool) -> Cluster:
    """An AKS cluster of this release."""
    flags: Json = {"probe_mode": "shared"} if shared else {}
    return with_flags(default_profile(), provider_version=version.removeprefix("v"), **flags).cluster


@cache
def situations(*, shared: bool) -> tuple[Situation, ...]:
    """Every case on every release, once for each different outcome."""
    return tuple(_situations(shared=shared))


def _situations(*, shared: bool) -> Iterator[Situation]:
    for vector in recorded().values():
        service, evidence = known_of(vector.id)
        derivations = Derivations(service)
        for outcome, proxies in vector.outcomes:
            # The program does not ask for kube-proxy's mode.
            for version in dict.fromkeys(proxy.partition(" ")[0] for proxy in proxies):
                cluster = cluster_of(version, shared=shared)
                yield Situation(vector, outcome, version, cluster, evidence, derivations.on(cluster))


@cache
def known_of(name: str) -> tuple[Service, Evidence]:
    """The Service of a case as the program reads it, and what the lab's cluster says about it."""
    vector = recorded()[name]
    service = read(service_of(vector.case))
    return service, evidence_of_case(service, vector)


class Derivations:
    """What is derived of a Service: releases that differ in nothing that it asks for share a derivation."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: list[tuple[dict[str, bool], Derivation]] = []

    def on(self, cluster: Cluster) -> Derivation:
        """The derivation on the release of a cluster; the clusters differ in nothing else."""
        for asked, derivation in self._known:
            if all(cluster.has(row) is found for row, found in asked.items()):
                return derivation
        watched = Watched(cluster.behaviours)
        watched.asked = {}
        self._known.append((watched.asked, derive(self._service, cluster._replace(behaviours=watched))))
        return self._known[-1][1]


# What was measured ----------------------------------------------------------------------------------------------------


def answered(seen: list[str]) -> Outcome:
    """PASS where a pod has answered each time, DROP where none ever has, DEPENDS where some packets were answered."""
    reached = [(" from " in one and not one.startswith("left")) or "always the same pod" in one for one in seen]
    return Outcome.PASS if all(reached) else Outcome.DEPENDS if any(reached) else Outcome.DROP


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """What becomes of packets that may take each of several ways."""
    found = set(outcomes)
    return found.pop() if len(found) == 1 else Outcome.DEPENDS


def up(situation: Situation, rule: LoadBalancingRule) -> dict[str, bool | None] | None:
    """By node, whether the probe of a rule is answered as Azure wants it; None where only some are.

    None for a probe that the lab does not ask: of a node port that is not given out.
    """
    service, probe = situation.derivation.service, probe_of(situation.derivation, rule)
    outcome, place = situation.outcome, "10256/healthz"
    if asks_health_check(service, probe):
        place = "healthCheckNodePort" + (" over IPv6" if family_of(service, rule) == IPV6 else "")
    elif not asks_kube_proxy(probe):
        port = asks_node_port(service, probe)
        answers = situation.of(rule, port).get("probe tcp") if port is not None else None
        if answers is None:
            return None
        return {
            node: seen == ["open"] if "open" not in seen or len(seen) == 1 else None for node, seen in answers.items()
        }
    return {node: seen == ["200"] for node, seen in outcome[place].items()}
