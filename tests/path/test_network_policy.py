"""Whom NetworkPolicies let in, peer by peer and block by block."""

from typing import Any

import pytest

from kubectl_akslb.derive.intervals import address_interval, intervals
from kubectl_akslb.evidence.labels import matches
from kubectl_akslb.path.network_policy import AllowedPeers, PodPort, Sender, opened, selects

FRONT = Sender("10.244.1.6", "shop", {"app": "front"}, {"team": "a"})
OTHER = Sender("10.244.1.7", "other", {"app": "front"}, {"team": "b"})
NODE = Sender("10.224.0.4")
PODS = {"podSelector": {"matchLabels": {"app": "front"}}}
NAMESPACES = {"namespaceSelector": {"matchLabels": {"team": "b"}}}
EVERYWHERE: dict[str, Any] = {"namespaceSelector": {}}


@pytest.mark.parametrize(
    ("peer", "front", "other"),
    [
        (PODS, True, False),
        ({"podSelector": {"matchLabels": {"app": "back"}}}, False, False),
        ({"podSelector": {}}, True, False),
        (NAMESPACES, False, True),
        (EVERYWHERE, True, True),
        (EVERYWHERE | PODS, True, True),
        (NAMESPACES | PODS, False, True),
        (NAMESPACES | {"podSelector": {"matchLabels": {"app": "back"}}}, False, False),
    ],
)
def test_a_peer_is_of_its_namespace_and_has_its_labels(peer: dict[str, Any], front: bool, other: bool) -> None:
    rules = AllowedPeers(everything=False, selectors=(peer,))
    assert (front, other, False) == tuple(rules.admits(one, "shop") for one in (FRONT, OTHER, NODE))


@pytest.mark.parametrize(
    ("peer", "expected"),
    [(EVERYWHERE, True), (EVERYWHERE | {"podSelector": {}}, True), (EVERYWHERE | PODS, False), (NAMESPACES, False), (PODS, False), ({"podSelector": {}}, False)],
)  # fmt: skip
def test_which_peer_is_every_pod(peer: dict[str, Any], expected: bool) -> None:
    assert expected is AllowedPeers(everything=False, selectors=(peer,)).every_pod


def of(*rules: dict[str, Any]) -> AllowedPeers:
    return opened([{"spec": {"ingress": list(rules)}}], (), PodPort(frozenset({8080})))


@pytest.mark.parametrize(
    ("rule", "address", "expected"),
    [
        ({}, "203.0.113.7", True),
        ({"from": []}, "203.0.113.7", True),
        ({"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}, "10.1.2.3", True),
        ({"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}, "11.1.2.3", False),
        ({"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]}, "10.1.2.3", False),
        ({"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]}, "10.2.2.3", True),
        ({"from": [{"ipBlock": {"cidr": "2001:db8::/32"}}]}, "2001:db8::7", True),
        ({"ports": [{"port": 8080}]}, "10.1.2.3", True),
        ({"ports": [{"port": 8081}]}, "10.1.2.3", False),
        ({"ports": [{"port": 8079, "endPort": 8080}]}, "10.1.2.3", True),
        ({"ports": [{"port": 8070, "endPort": 8079}]}, "10.1.2.3", False),
        ({"ports": [{"port": 8080, "protocol": "UDP"}]}, "10.1.2.3", False),
        ({"ports": [{"protocol": "TCP"}]}, "10.1.2.3", True),
    ],
)
def test_blocks_and_ports(rule: dict[str, Any], address: str, expected: bool) -> None:
    assert expected is of(rule).admits(Sender(address), "shop")


def test_rules_add_up() -> None:
    found = of({"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}, {"from": [{"ipBlock": {"cidr": "11.0.0.0/8"}}, PODS]})
    assert intervals(("10.0.0.0/8", "11.0.0.0/8")) == found.ranges
    assert (PODS,) == found.selectors
    assert found.admits(Sender("11.0.0.1"), "shop")
    assert address_interval("11.0.0.1")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, True),
        ({"policyTypes": ["Ingress"]}, True),
        ({"policyTypes": ["Egress", "Ingress"]}, True),
        ({"policyTypes": ["Egress"]}, False),
        ({"policyTypes": []}, True),
        ({"podSelector": {"matchLabels": {"app": "web"}}}, True),
        ({"podSelector": {"matchLabels": {"app": "api"}}}, False),
        ({"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}]}}, True),
        ({"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": []}]}}, False),
        ({"podSelector": {"matchExpressions": [{"key": "app", "operator": "Nonsense"}]}}, False),
    ],
)
def test_which_pods_a_policy_closes(spec: dict[str, Any], expected: bool) -> None:
    assert expected is selects({"spec": spec}, {"app": "web"})


def test_a_label_that_is_not_to_be_there() -> None:
    wanted = {"matchExpressions": [{"key": "old", "operator": "DoesNotExist"}]}
    assert (True, False) == (matches(wanted, {}), matches(wanted, {"old": ""}))
