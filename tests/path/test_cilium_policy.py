"""Cilium's own policies: whom they are about, and when they let everybody in; whatever else they say stays open."""

from typing import Any

import pytest

from kubectl_akslb.derive.intervals import intervals
from kubectl_akslb.path.cilium_policy import (
    CLUSTER,
    EGRESS,
    INGRESS,
    REMOTE_NODE,
    WORLD,
    PolicyEffect,
    effect,
    is_about_nodes,
    let_in_from_outside,
    selecting,
)
from kubectl_akslb.path.network_policy import PodPort, PodSet

NONE, OPEN, UNDECIDED = PolicyEffect.NONE, PolicyEffect.OPEN, PolicyEffect.UNDECIDED
WEB = PodSet({"app": "web", "tier": "front"}, ({"name": "web"},))
PORT = PodPort(frozenset({8080}), "TCP", "http")
LOCAL, THROUGH_NODES = frozenset({WORLD}), frozenset({WORLD, REMOTE_NODE})


def policy(*rules: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return {"kind": "CiliumNetworkPolicy", "metadata": {"name": "p"}, "spec": {"endpointSelector": {}, "ingress": list(rules), **spec}}  # fmt: skip


def found(
    *policies: dict[str, Any], needed: frozenset[str] = LOCAL, families: tuple[str, ...] = ("IPv4",)
) -> PolicyEffect:
    return effect(policies, WEB, PORT, needed, "shop", families)


ALL = {"fromEntities": ["all"]}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"k8s:app": "web"}}, True),
        ({"matchLabels": {"any:tier": "front", "app": "web"}}, True),
        ({"matchLabels": {"app": "api"}}, False),
        ({"matchLabels": {"other": "label"}}, False),
        ({"matchLabels": {"k8s:io.kubernetes.pod.namespace": "shop"}}, True),
        ({"matchLabels": {"k8s:io.kubernetes.pod.namespace": "db"}}, False),
        ({"matchLabels": {"io.cilium.k8s.policy.serviceaccount": "web"}}, True),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "api"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "any:other", "operator": "Exists"}]}, False),
    ],
)
def test_whom_a_policy_is_about(selector: dict[str, Any], expected: bool) -> None:
    one = policy({}, endpointSelector=selector)
    assert expected is bool(selecting([one], WEB, "shop"))
    assert (UNDECIDED if expected else NONE) is found(one)


def test_pods_of_which_only_some_labels_are_known_may_have_any_other() -> None:
    some = WEB._replace(further_labels=True)
    assert selecting([policy({}, endpointSelector={"matchLabels": {"other": "label"}})], some, "shop")
    assert not selecting([policy({}, endpointSelector={"matchLabels": {"app": "api"}})], some, "shop")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"ingress": []}, NONE),
        ({"ingress": None}, NONE),
        ({"ingress": [], "egress": [{}]}, NONE),
        ({"ingress": [{}], "enableDefaultDeny": {"ingress": False}}, NONE),
        ({"ingress": [{}], "enableDefaultDeny": {"egress": False}}, UNDECIDED),
        ({"ingress": [ALL], "ingressDeny": [{"fromEntities": ["world"]}]}, UNDECIDED),
        ({"ingress": [], "ingressDeny": [{}], "enableDefaultDeny": {"ingress": False}}, UNDECIDED),
    ],
)
def test_which_policies_close_pods(spec: dict[str, Any], expected: PolicyEffect) -> None:
    assert expected is found(policy(**spec))


@pytest.mark.parametrize(
    ("rule", "local", "through_nodes"),
    [
        ({}, UNDECIDED, UNDECIDED),
        (ALL, OPEN, OPEN),
        ({"fromEntities": ["world"]}, OPEN, UNDECIDED),
        ({"fromEntities": ["world", "remote-node"]}, OPEN, OPEN),
        ({"fromEntities": ["world", "cluster"]}, OPEN, OPEN),
        ({"fromEntities": ["cluster"]}, UNDECIDED, UNDECIDED),
        ({"fromCIDR": ["0.0.0.0/0"]}, OPEN, UNDECIDED),
        ({"fromCIDRSet": [{"cidr": "0.0.0.0/0"}]}, OPEN, UNDECIDED),
        ({"fromCIDRSet": [{"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}]}, UNDECIDED, UNDECIDED),
        ({"fromCIDR": ["203.0.113.0/24"]}, UNDECIDED, UNDECIDED),
        ({"fromEndpoints": [{}]}, UNDECIDED, UNDECIDED),
        ({"fromEntities": ["world"], "fromCIDR": ["0.0.0.0/0"]}, UNDECIDED, UNDECIDED),
        ({**ALL, "fromRequires": [{}]}, UNDECIDED, UNDECIDED),
        ({**ALL, "authentication": {"mode": "required"}}, UNDECIDED, UNDECIDED),
        ({**ALL, "toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}]}]}, OPEN, OPEN),
        ({**ALL, "toPorts": [{"ports": [{"port": "8080"}]}]}, OPEN, OPEN),
        ({**ALL, "toPorts": [{"ports": [{"port": "0"}]}]}, OPEN, OPEN),
        ({**ALL, "toPorts": [{"ports": [{"port": "http"}]}]}, OPEN, OPEN),
        ({**ALL, "toPorts": [{"ports": [{"port": "8000", "endPort": 8100, "protocol": "ANY"}]}]}, OPEN, OPEN),
        ({**ALL, "toPorts": [{"ports": [{"port": "8080", "protocol": "UDP"}]}]}, UNDECIDED, UNDECIDED),
        ({**ALL, "toPorts": [{"ports": [{"port": "80"}]}]}, UNDECIDED, UNDECIDED),
        ({**ALL, "toPorts": [{"ports": [{"port": "8080"}], "rules": {"http": [{"path": "/"}]}}]}, UNDECIDED, UNDECIDED),
    ],
)
def test_whom_a_rule_lets_in(rule: dict[str, Any], local: PolicyEffect, through_nodes: PolicyEffect) -> None:
    assert (local, through_nodes) == (found(policy(rule)), found(policy(rule), needed=THROUGH_NODES))


def test_rules_of_several_policies_add_up() -> None:
    world, nodes = policy({"fromEntities": ["world"]}), policy({"fromEntities": ["remote-node"]})
    assert UNDECIDED is found(world, needed=THROUGH_NODES)
    assert OPEN is found(world, nodes, needed=THROUGH_NODES)
    assert OPEN is found(policy({}), policy({"fromEntities": ["cluster"]}), needed=frozenset({CLUSTER}))


def test_every_family_of_the_service_has_to_get_in() -> None:
    one = policy({"fromCIDR": ["0.0.0.0/0"]})
    assert UNDECIDED is found(one, families=("IPv4", "IPv6"))
    assert OPEN is found(policy({"fromCIDR": ["0.0.0.0/0", "::/0"]}), families=("IPv4", "IPv6"))


def test_several_rules_in_one_policy_and_policies_of_nodes() -> None:
    several = {"kind": "CiliumNetworkPolicy", "metadata": {"name": "p"}, "specs": [policy(ALL)["spec"], {}]}
    assert OPEN is found(several)
    nodes = {"kind": "CiliumClusterwideNetworkPolicy", "metadata": {"name": "p"}, "spec": {"nodeSelector": {}, "ingress": [{}]}}  # fmt: skip
    assert (True, False) == (is_about_nodes(nodes), is_about_nodes(several))
    assert NONE is found(nodes)


@pytest.mark.parametrize("part", ["egress", "egressDeny"])
def test_what_is_about_sending(part: str) -> None:
    one = policy(**{"ingress": [], part: [{}]})
    assert (True, False) == (bool(selecting([one], WEB, "shop", EGRESS)), bool(selecting([one], WEB, "shop", INGRESS)))


@pytest.mark.parametrize(
    "broken", [None, [], "x", {"endpointSelector": 1, "ingress": "x"}, {"ingress": [1, {"toPorts": [3]}]}]
)
def test_what_has_the_wrong_shape_is_no_error(broken: object) -> None:
    assert found({"kind": "CiliumNetworkPolicy", "metadata": None, "spec": broken}) in {NONE, UNDECIDED}


EVERYBODY = ("0.0.0.0/0", "::/0")
NAMED = PodSet({"app": "web"}, ({"name": "web", "ports": [{"name": "http", "containerPort": 8080}, {"name": "metrics", "containerPort": 9090}]},))  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{}], ()),
        ([ALL], EVERYBODY),
        ([{"fromEntities": ["world"]}], EVERYBODY),
        ([{"fromEntities": ["world-ipv4"]}], ("0.0.0.0/0",)),
        ([{"fromEntities": ["cluster", "remote-node", "kube-apiserver"]}], ()),
        ([{"fromCIDR": ["10.0.0.0/8"]}, {"fromCIDR": ["192.0.2.0/24"]}], ("10.0.0.0/8", "192.0.2.0/24")),
        ([{"fromCIDRSet": [{"cidr": "10.0.0.0/8", "except": ["10.128.0.0/9"]}]}], ("10.0.0.0/9",)),
        ([{"fromCIDRSet": [{"cidrGroupRef": "offices"}]}], None),
        ([{"fromEndpoints": [{}]}], ()),
        ([{"fromEndpoints": [{"matchLabels": {"reserved:world": ""}}]}], None),
        ([{"fromEntities": ["world"], "fromCIDR": ["10.0.0.0/8"]}], None),
        ([{"fromNodes": [{}]}], None),
        ([{"toPorts": [{"ports": [{"port": "8080"}]}]}], EVERYBODY),
        ([{**ALL, "toPorts": [{"ports": [{"port": "9090", "protocol": "TCP"}]}]}], ()),
        ([{**ALL, "toPorts": [{"ports": [{"port": "8080", "protocol": "UDP"}]}]}], ()),
        ([{**ALL, "toPorts": [{"ports": [{"port": "8000", "endPort": 8090, "protocol": "TCP"}]}]}], EVERYBODY),
        ([{**ALL, "toPorts": [{"ports": [{"port": "8000", "endPort": 8079, "protocol": "TCP"}]}]}], ()),
        ([{**ALL, "toPorts": [{"ports": [{"port": "metrics"}]}]}], ()),
        ([{**ALL, "toPorts": [{"ports": [{"port": "unknown"}]}]}], ()),
        ([{**ALL, "toPorts": [{"ports": [{"port": "8080"}], "rules": {"http": [{"path": "/"}]}}]}], None),
        ([{**ALL, "toPorts": [{"ports": [{"port": "9090"}], "rules": {"http": [{"path": "/"}]}}]}], ()),
        ([{"fromRequires": [{}], **ALL}], None),
    ],
)
def test_whom_from_outside_policies_let_in(rules: list[dict[str, Any]], expected: tuple[str, ...] | None) -> None:
    found = let_in_from_outside([policy(*rules)], NAMED, PORT, "shop")
    assert (None if expected is None else intervals(expected)) == (None if found is None else tuple(found))


def test_denials_and_selectors_of_the_whole_cluster_stay_open() -> None:
    assert let_in_from_outside([policy(ALL, ingressDeny=[{"fromEntities": ["world"]}])], NAMED, PORT, "shop") is None
    wide = {**policy({"fromEndpoints": [{}]}), "kind": "CiliumClusterwideNetworkPolicy"}
    assert let_in_from_outside([wide], NAMED, PORT, "shop") is None
    assert () == let_in_from_outside([policy({}, ingress=[])], NAMED, PORT, "shop")
