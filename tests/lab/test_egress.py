"""What the path says of NetworkPolicies for what a pod sends, packet by packet, against the engine of kube-network-policies."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from kubectl_akslb.derive.intervals import address_interval, intervals
from kubectl_akslb.evidence.state import PolicyEngine
from kubectl_akslb.path import egress
from kubectl_akslb.path.client import parse_client
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.sources import Share
from lab import policies
from lab.vectors import Vector
from tests.lab.adapter import Json, cluster_of, evidence_on, read

SERVICE: Json = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]},
}
#: What trace asks no labels and names for: who is behind an address, and how its ports are called.
_BY_LABEL = frozenset({"podSelector", "namespaceSelector"})


@cache
def recorded() -> dict[str, Vector]:
    return policies.recorded("egress")


def wrong(vector: Vector) -> Iterator[tuple[object, ...]]:
    """Packets of which the path says something else than the engine; where labels or names decide, that it depends."""
    evidence = evidence_on(read(SERVICE), [SERVICE, *vector.case["objects"]])._replace(engine=PolicyEngine.CALICO)
    client = parse_client("pod/client-a", cluster_of("v1.37.1", shared=False), evidence, None, "shop")
    told = not _is_by_label(vector.case["objects"])
    ((outcome, _),) = vector.outcomes
    for packet, allowed in zip(vector.case["packets"], outcome["allowed"], strict=True):
        to = address_interval(packet["destination"]), frozenset({packet["port"]})
        hop = egress.egress_hop(client, evidence, to, packet["destination"], packet["protocol"])
        right = {Outcome.PASS: allowed, Outcome.DROP: not allowed, Outcome.DEPENDS: not told, Outcome.UNKNOWN: False}
        if not right[hop.outcome]:
            yield vector.id, packet["destination"], packet["port"], packet["protocol"], hop.outcome.name, allowed


def _is_by_label(objects: list[Json]) -> bool:
    rules = [rule for one in objects if one["kind"] == "NetworkPolicy" for rule in one["spec"].get("egress", ())]
    peers = any(_BY_LABEL & peer.keys() for rule in rules for peer in rule.get("to", ()))
    return peers or any(isinstance(port.get("port"), str) for rule in rules for port in rule.get("ports", ()))


def all_wrong() -> Iterator[tuple[object, ...]]:
    return (found for vector in recorded().values() for found in wrong(vector))


def test_policies_let_out_what_the_engine_lets_out() -> None:
    assert [] == list(all_wrong())


def test_most_packets_are_decided_and_both_ways() -> None:
    answers = [one for vector in recorded().values() for one in vector.outcomes[0][0]["allowed"]]
    assert 3000 < sum(answers) < len(answers) - 3000


CONDITIONS: dict[str, tuple[str, Any]] = {
    "which pods a policy selects": ("_selects", lambda *_: True),
    "that policies close what is selected": ("_selects", lambda *_: False),
    "the ranges of a policy": ("_block", lambda _: ()),
    "what is excepted of a range": ("_block", lambda block: intervals((block["cidr"],))),
    "the ports of a policy": ("_has_ports", lambda *_: True),
    "the namespace of a policy": ("_of_namespace", lambda evidence, _: tuple(evidence.objects.of("NetworkPolicy"))),
    "what all policies let out together": ("_let_out", lambda *_: Share.NONE),
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_that_is_switched_off_is_noticed(condition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, value = CONDITIONS[condition]
    monkeypatch.setattr(egress, name, value)
    assert any(True for _ in all_wrong())
