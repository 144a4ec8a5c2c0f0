"""Calico's own policies: whom they are about, which are as Kubernetes' would be, and what stays open."""

from typing import Any

import pytest

from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.path.calico_policy import (
    EGRESS,
    INGRESS,
    as_kubernetes,
    is_about_nodes,
    of_namespace,
    on_nodes,
    selecting,
)
from kubectl_akslb.path.calico_selector import Labels, selects
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.network_policy import PodSet
from tests.given.objects import daemon_set, live, node, pod, service_object
from tests.path.test_policy import hop

PASS, DROP, DEPENDS = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS
WEB = PodSet({"app": "web", "tier": "front"}, ())
LABELS = Labels({"app": "web", "tier": "front", "role/x.y": "a"}, lambda key: key == "unknown")
HERE = {"kubernetes.io/metadata.name": "shop"}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("", True),
        ("all()", True),
        ("global()", False),
        ("app == 'web'", True),
        ('app == "api"', False),
        ("app != 'api'", True),
        ("gone != 'x'", True),
        ("gone == 'x'", False),
        ("has(app)", True),
        ("!has(app)", False),
        ("has(gone)", False),
        ("app in {'web', 'api'}", True),
        ("app in { }", False),
        ("app not in {'web'}", False),
        ("gone not in {'web'}", True),
        ("app contains 'eb'", True),
        ("app starts with 'we'", True),
        ("app ends with 'we'", False),
        ("role/x.y == 'a'", True),
        ("app == 'web' && tier == 'back'", False),
        ("app == 'api' || tier == 'front'", True),
        ("!(app == 'web' && tier == 'front')", False),
        ("app == 'api' && tier == 'front' || has(app)", True),
        ("unknown == 'x'", None),
        ("!has(unknown)", None),
        ("unknown == 'x' && app == 'api'", False),
        ("unknown == 'x' || app == 'web'", True),
        ("app == ", None),
        ("app = 'web'", None),
        ("(app == 'web'", None),
        ("app == 'web' tier == 'front'", None),
        ("app == web", None),
        ("app in {'a' 'b'}", None),
        ("'all'()", None),
        ("$", None),
        ("!" * 60 + "has(app)", None),
        ("(" * 6000 + ")" * 6000, None),
    ],
)
def test_selectors(selector: str, expected: bool | None) -> None:
    assert expected is selects(selector, LABELS)


def calico(*ingress: Any, kind: str = "GlobalNetworkPolicy", name: str = "x", **spec: Any) -> dict[str, Any]:
    metadata = {"name": name, **({"namespace": "default"} if kind == "NetworkPolicy" else {})}
    body = {"types": ["Ingress"], "ingress": list(ingress), **spec}
    return {"apiVersion": "crd.projectcalico.org/v1", "kind": kind, "metadata": metadata, "spec": body}


def kubernetes(*ingress: Any) -> dict[str, Any]:
    spec = {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": list(ingress)}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "k"}, "spec": spec}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"selector": "app == 'web'"}, (1, 0)),
        ({"selector": "app == 'api'"}, (0, 0)),
        ({"types": ["Egress"]}, (0, 0)),
        ({"types": None, "ingress": None, "egress": []}, (1, 0)),
        ({"selector": "projectcalico.org/namespace == 'shop'"}, (1, 0)),
        ({"selector": "projectcalico.org/namespace == 'db'"}, (0, 0)),
        ({"selector": "projectcalico.org/serviceaccount == 'web'"}, (0, 1)),
        ({"namespaceSelector": "projectcalico.org/name not in {'kube-system', 'calico-system'}"}, (1, 0)),
        ({"namespaceSelector": "projectcalico.org/name == 'db'"}, (0, 0)),
        ({"namespaceSelector": "team == 'a'"}, (0, 1)),
        ({"serviceAccountSelector": "role == 'x'"}, (0, 1)),
        ({"preDNAT": True}, (0, 1)),
    ],
)
def test_whom_a_policy_is_about(spec: dict[str, Any], expected: tuple[int, int]) -> None:
    about, may_be = selecting([calico(**spec)], WEB, "shop", HERE)
    assert expected == (len(about), len(may_be))


def test_labels_of_a_namespace_that_was_read() -> None:
    about, may_be = selecting([calico(namespaceSelector="team == 'a'")], WEB, "shop", {**HERE, "team": "b"})
    assert ((), ()) == (about, may_be)


def test_what_a_policy_sends_is_another_direction() -> None:
    both = calico(types=["Ingress", "Egress"])
    assert (1, 1, 0) == tuple(
        len(selecting([one], WEB, "shop", HERE, direction)[0])
        for one, direction in ((both, INGRESS), (both, EGRESS), (calico(), EGRESS))
    )


def test_policies_of_other_namespaces_and_of_kubernetes_are_none_of_these() -> None:
    other = calico(kind="NetworkPolicy")
    assert [] == list(of_namespace(Objects([kubernetes(), other], "shop"), "shop"))
    assert [other] == list(of_namespace(Objects([other]), "default"))


ALL, TCP = {"action": "Allow"}, {"action": "Allow", "protocol": "TCP"}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], []),
        ([ALL], [{}]),
        ([TCP], [{"ports": [{"protocol": "TCP"}]}]),
        (
            [{**TCP, "destination": {"ports": [80, "90:99", "http", "8080"]}}],
            [{"ports": [{"protocol": "TCP", "port": 80}, {"protocol": "TCP", "port": 90, "endPort": 99}, {"protocol": "TCP", "port": "http"}, {"protocol": "TCP", "port": 8080}]}],
        ),
        ([{**ALL, "source": {"nets": ["10.0.0.0/8"]}}], [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]),
        ([{"action": "Log"}, ALL], [{}]),
        ([{"action": "Allow", "protocol": "ICMP"}], []),
        ([ALL, {"action": "Deny"}], [{}]),
        ([{"action": "Deny"}, ALL], []),
        ([{"action": "Pass"}], None),
        ([{"action": "Deny", "source": {"nets": ["10.0.0.0/8"]}}, ALL], None),
        ([{**ALL, "source": {"selector": "a == 'b'"}}], None),
        ([{**ALL, "source": {"notNets": ["10.0.0.0/8"]}}], None),
        ([{**ALL, "destination": {"ports": [80]}}], None),
        ([{**ALL, "protocol": 6}], None),
        ([{**ALL, "notProtocol": "UDP"}], None),
        ([{**ALL, "http": {"methods": ["GET"]}}], None),
    ],
)  # fmt: skip
def test_which_policies_are_as_those_of_kubernetes(rules: list[Any], expected: list[Any] | None) -> None:
    made = as_kubernetes([calico(*rules)], beside=False)
    assert expected == (made[0]["spec"]["ingress"] if made is not None else None)


def test_a_denial_beside_other_policies_may_stand_before_them() -> None:
    denied = calico({"action": "Deny"})
    assert as_kubernetes([denied], beside=True) is None
    assert as_kubernetes([denied, calico(ALL)], beside=False) is None
    assert as_kubernetes([calico(), calico(ALL)], beside=True) is not None
    assert as_kubernetes([calico(tier="security")], beside=False) is None


CLOSED, OPEN = calico(), calico(ALL, name="open")
LOCAL: dict[str, Any] = {"externalTrafficPolicy": "Local"}


@pytest.mark.parametrize(
    ("policies", "engine", "expected"),
    [
        ([CLOSED], "calico", DROP),
        ([CLOSED], "cilium", PASS),
        ([CLOSED], "azure", PASS),
        ([CLOSED, OPEN], "calico", PASS),
        ([CLOSED, kubernetes({})], "calico", PASS),
        ([kubernetes(), OPEN], "calico", PASS),
        ([calico({"action": "Deny"}), OPEN], "calico", DEPENDS),
        ([calico({**ALL, "source": {"nets": ["203.0.113.0/24"]}})], "calico", DEPENDS),
        ([calico(selector="app == 'other'")], "calico", PASS),
        ([calico(tier="security")], "calico", DEPENDS),
    ],
)
def test_what_they_do_with_clients(policies: list[Any], engine: str, expected: Outcome) -> None:
    assert expected is hop(*policies, pod(), engine=engine, **LOCAL).outcome


def test_the_command_shows_the_policy() -> None:
    found = hop(CLOSED, pod(), engine="calico", **LOCAL)
    assert "kubectl get globalnetworkpolicies.crd.projectcalico.org/x --output=yaml" == str(found.verify)
    assert ("x (GlobalNetworkPolicy)",) == found.because[0].facts["policies"]


def test_pods_in_the_network_of_nodes_meet_policies_of_the_whole_cluster() -> None:
    assert is_about_nodes(calico())
    assert not is_about_nodes(calico(namespaceSelector="has(team)"))
    assert is_about_nodes(calico(namespaceSelector="has(team)", applyOnForward=True))
    assert DEPENDS is hop(CLOSED, pod(hostNetwork=True), engine="calico").outcome
    assert PASS is hop(calico(namespaceSelector="has(team)"), pod(hostNetwork=True), engine="calico").outcome


def endpoint(labels: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    api, metadata = "crd.projectcalico.org/v1", {"name": "n1", "labels": labels or {}}
    return {"apiVersion": api, "kind": "HostEndpoint", "metadata": metadata, "spec": {"interfaceName": "*", **spec}}


OPEN = {"profiles": ["projectcalico-default-allow"]}


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        ((), ()),
        ((calico(),), ()),
        ((endpoint(),), ("HostEndpoint",)),
        ((endpoint(**OPEN),), ()),
        ((endpoint(**OPEN), calico()), ("GlobalNetworkPolicy",)),
        ((endpoint(**OPEN), calico(namespaceSelector="has(team)")), ()),
        ((endpoint(**OPEN), calico(types=["Egress"])), ()),
        ((endpoint({"host": "a"}, **OPEN), calico(selector="host == 'a'")), ("GlobalNetworkPolicy",)),
        ((endpoint({"host": "a"}, **OPEN), calico(selector="host == 'b'")), ()),
        (({**endpoint(), "apiVersion": "example.com/v1"},), ()),
    ],
)
def test_what_closes_the_nodes_themselves(objects: tuple[dict[str, Any], ...], found: tuple[str, ...]) -> None:
    assert found == tuple(one["kind"] for one in on_nodes(Objects(objects)))


ADMIN = {"apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "AdminNetworkPolicy", "metadata": {"name": "a"}}
DENIED = {"action": "Deny", "from": [{"namespaces": {}}]}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"subject": {"namespaces": {}}, "ingress": [DENIED]}, PASS),
        ({"subject": {"namespaces": {}}, "ingress": [{"action": "Deny", "from": [{"networks": ["0.0.0.0/0"]}]}]}, DEPENDS),
        ({"subject": {"namespaces": {}}, "ingress": [{"action": "Deny"}]}, DEPENDS),
        ({"subject": {"namespaces": {"matchLabels": {"kubernetes.io/metadata.name": "db"}}}, "ingress": [{"action": "Deny"}]}, PASS),
        ({"subject": {"namespaces": {"matchLabels": {"team": "a"}}}, "ingress": [{"action": "Deny"}]}, DEPENDS),
        ({"subject": {"pods": {"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "db"}}}}, "ingress": [{"action": "Deny"}]}, PASS),
        ({"subject": {"namespaces": {}}, "egress": [DENIED]}, PASS),
        ({"subject": {"namespaces": {}}, "ingress": []}, PASS),
        ({}, DEPENDS),
    ],
)  # fmt: skip
def test_policies_of_administrators_know_pods_alone(spec: dict[str, Any], expected: Outcome) -> None:
    assert expected is hop({**ADMIN, "spec": spec}, pod(), engine="calico", **LOCAL).outcome


def test_policies_of_administrators_may_keep_out_pods() -> None:
    from kubectl_akslb.path.verdict import ClientGroup

    one = {**ADMIN, "spec": {"subject": {"namespaces": {}}, "ingress": [DENIED]}}
    assert DEPENDS is hop(one, pod(), engine="calico", group=ClientGroup.PODS).outcome
    assert PASS is hop(one, pod(), engine="azure", group=ClientGroup.PODS).outcome


def test_which_kinds_are_missing_is_said() -> None:
    found = live(service_object(), node("n1"), daemon_set("calico-node"), unread=["GlobalNetworkPolicy"])
    assert (None, ("globalnetworkpolicies.crd.projectcalico.org",)) == (found.policies, found.policies_unread)
    assert () == live(service_object(), daemon_set("azure-npm"), unread=["GlobalNetworkPolicy"]).policies_unread
