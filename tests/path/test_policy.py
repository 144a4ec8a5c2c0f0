"""NetworkPolicies of every form, for the source that pods see, with each engine that enforces them."""

from typing import Any

import pytest

from kubectl_akslb.derive.addresses import parse_cidr
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.network_policy import Sender
from kubectl_akslb.path.policy import policy_hop
from kubectl_akslb.path.verdict import ClientGroup
from tests.given.objects import (
    Object,
    blocks,
    container,
    daemon_set,
    endpoint,
    files,
    live,
    node,
    piece,
    pod,
    policy,
    read,
    service_object,
    workload,
)

PASS, DROP, DEPENDS, UNKNOWN = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS, Outcome.UNKNOWN
INTERNET, PODS, PROBES, TAG = ClientGroup.INTERNET, ClientGroup.PODS, ClientGroup.PROBES, ClientGroup.SERVICE_TAG
LOCAL: dict[str, Any] = {"externalTrafficPolicy": "Local"}
ENGINES = {"calico": "calico-node", "cilium": "cilium", "azure": "azure-npm", "none": "kube-proxy"}
ONLY_PODS: Object = {"from": [{"namespaceSelector": {}}]}


def hop(
    *objects: Object,
    engine: str = "calico",
    group: ClientGroup = INTERNET,
    prefix: str = "",
    tag: str = "",
    **spec: Any,
) -> Hop:
    service = service_object(**spec)
    evidence = live(service, daemon_set(ENGINES[engine]), *objects)
    own = read(service)
    return policy_hop(
        own,
        evidence,
        own.ports[0],
        group,
        parse_cidr(prefix) if prefix else None,
        tag,
    )


@pytest.mark.parametrize(
    ("ingress", "client", "expected"),
    [
        ([], "198.51.100.0/24", DROP),
        ([{}], "198.51.100.0/24", PASS),
        ([{"from": []}], "198.51.100.0/24", PASS),
        ([{"from": None}], "198.51.100.0/24", PASS),
        ([ONLY_PODS], "198.51.100.0/24", DROP),
        ([blocks("198.51.100.0/24")], "198.51.100.0/24", PASS),
        ([blocks("198.51.0.0/16")], "198.51.100.0/24", PASS),
        ([blocks("198.51.100.0/25")], "198.51.100.0/24", DEPENDS),
        ([blocks("198.51.100.0/25"), blocks("198.51.100.128/25")], "198.51.100.0/24", PASS),
        ([blocks("0.0.0.0/0", cut=["198.51.100.0/24"])], "198.51.100.0/24", DROP),
        ([blocks("0.0.0.0/0", cut=["198.51.100.7/32"])], "198.51.100.0/24", DEPENDS),
        ([blocks("0.0.0.0/0", cut=["198.51.100.0/24"]), blocks("198.51.100.0/24")], "198.51.100.0/24", PASS),
        ([blocks("10.0.0.0/8")], "198.51.100.0/24", DROP),
        ([blocks("::/0")], "198.51.100.0/24", DROP),
        ([blocks("no range")], "198.51.100.0/24", DROP),
    ],
)
def test_ranges(ingress: list[Object], client: str, expected: Outcome) -> None:
    assert expected is hop(policy(*ingress), pod(), group=ClientGroup.RANGE, prefix=client, **LOCAL).outcome


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ([], PASS),
        ([{}], PASS),
        ([{"port": 8080}], PASS),
        ([{"port": 80}], DROP),
        ([{"port": 8080, "protocol": "UDP"}], DROP),
        ([{"protocol": "UDP"}], DROP),
        ([{"protocol": "TCP"}], PASS),
        ([{"port": 8000, "endPort": 8080}], PASS),
        ([{"port": 8000, "endPort": 8079}], DROP),
        ([{"port": "web"}], PASS),
        ([{"port": "admin"}], DROP),
        ([{"port": "unheard-of"}], DROP),
        ([{"port": 80}, {"port": "web"}], PASS),
    ],
)
def test_ports_are_those_of_the_pods(ports: list[Object], expected: Outcome) -> None:
    own = pod(containers=[container({"containerPort": 8080, "name": "web"}, {"containerPort": 9000, "name": "admin"})])
    assert expected is hop(policy(blocks("0.0.0.0/0", ports=ports)), own, **LOCAL).outcome


def test_a_name_is_resolved_pod_by_pod() -> None:
    named = {"name": "http", "port": 80, "targetPort": "web"}
    one = pod("web-1", containers=[container({"containerPort": 8080, "name": "web"})])
    other = pod("web-2", containers=[container({"containerPort": 9090, "name": "web"})])
    other["metadata"]["labels"]["tier"] = "new"
    closed = policy(blocks("0.0.0.0/0", ports=[{"port": 8080}]))
    assert PASS is hop(closed, one, ports=[named], **LOCAL).outcome
    assert DROP is hop(closed, other, ports=[named], **LOCAL).outcome
    assert DEPENDS is hop(closed, one, other, ports=[named], **LOCAL).outcome


@pytest.mark.parametrize(
    ("spec", "selected"),
    [
        ({"selector": {}}, True),
        ({"selector": {"matchLabels": {"app": "web"}}}, True),
        ({"selector": {"matchLabels": {"app": "db"}}}, False),
        ({"selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "x"]}]}}, True),
        ({"selector": {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}}, False),
        ({"selector": {"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["web"]}]}}, True),
        ({"selector": {"matchExpressions": [{"key": "tier", "operator": "Exists"}]}}, False),
        ({"selector": {"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}}, True),
        ({"policyTypes": ["Egress"]}, False),
        ({"policyTypes": ["Ingress"]}, True),
        ({"policyTypes": ["Egress", "Ingress"]}, True),
        ({"policyTypes": []}, True),
    ],
)
def test_which_policies_are_about_the_pods(spec: Object, selected: bool) -> None:
    assert (DROP if selected else PASS) is hop(policy(**spec), pod(), **LOCAL).outcome


def test_without_workloads_a_policy_counts_that_the_selector_does_not_rule_out() -> None:
    service = service_object(selector={"app": "web", "tier": "front"})
    own = read(service)
    fits = policy(selector={"matchLabels": {"tier": "front"}})
    unsure = policy(selector={"matchExpressions": [{"key": "zone", "operator": "DoesNotExist"}]})
    outcomes = [policy_hop(own, files(service, one), own.ports[0], INTERNET).outcome for one in (fits, unsure)]
    assert [DEPENDS, DEPENDS] == outcomes


def test_policies_add_up_and_those_of_other_namespaces_do_not_count() -> None:
    opening = policy(blocks("0.0.0.0/0"), name="open")
    elsewhere = policy(blocks("0.0.0.0/0"), name="elsewhere")
    elsewhere["metadata"]["namespace"] = "shop"
    assert PASS is hop(policy(), opening, pod(), **LOCAL).outcome
    assert DROP is hop(policy(), elsewhere, pod(), **LOCAL).outcome


@pytest.mark.parametrize(
    ("engine", "local", "cluster"),
    [("azure", DROP, PASS), ("calico", DROP, DEPENDS), ("cilium", DROP, DEPENDS), ("none", PASS, PASS)],
)
def test_engines(engine: str, local: Outcome, cluster: Outcome) -> None:
    closed = (policy(ONLY_PODS), pod(), node())
    assert local is hop(*closed, engine=engine, **LOCAL).outcome
    assert cluster is hop(*closed, engine=engine).outcome


@pytest.mark.parametrize(
    ("engine", "block", "expected"),
    [
        ("calico", "10.224.0.0/16", PASS),
        ("calico", "10.225.0.0/16", DEPENDS),
        ("calico", "0.0.0.0/0", PASS),
        ("cilium", "0.0.0.0/0", DEPENDS),
        ("cilium", "10.224.0.0/16", DEPENDS),
    ],
)
def test_with_cluster_the_pods_see_nodes(engine: str, block: str, expected: Outcome) -> None:
    assert expected is hop(policy(blocks(block)), pod(), node("n1"), node("n2"), engine=engine).outcome


@pytest.mark.parametrize(
    ("sender", "pods_on", "expected"),
    [
        (Sender("10.224.0.159"), "n1", DEPENDS),  # nothing keeps a node from the pods on it
        (Sender("10.224.0.159"), "n2", DROP),
        (Sender("10.224.0.159"), None, DROP),
        (Sender("10.224.0.77"), "n1", DROP),
        (Sender("10.244.1.6", "other", {"app": "client"}), "n1", DROP),
    ],
)
def test_a_node_reaches_its_own_pods(sender: Sender, pods_on: str | None, expected: Outcome) -> None:
    service = service_object()
    own = read(service)
    slices = [piece(endpoint("a", pods_on))] if pods_on is not None else []
    closed = policy(blocks("192.0.2.0/24"))
    evidence = live(service, daemon_set("calico-node"), closed, pod(), node("n1"), node("n2"), *slices)
    found = policy_hop(own, evidence, own.ports[0], PODS, sender=sender)
    assert expected is found.outcome


NAMED = {"kubernetes.io/metadata.name": "other"}
TEAM: Object = {"from": [{"namespaceSelector": {"matchLabels": {"team": "a"}}}]}
BY_NAME: Object = {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}}]}


@pytest.mark.parametrize(
    ("ingress", "labels", "expected"),
    [
        (TEAM, NAMED, DEPENDS),  # only the name is known, which every namespace has
        (TEAM, {**NAMED, "team": "b"}, DROP),
        (TEAM, {**NAMED, "stage": "x"}, DROP),
        (TEAM, {**NAMED, "team": "a"}, PASS),
        (BY_NAME, NAMED, DROP),
    ],
)
def test_labels_of_a_namespace_that_were_not_read(ingress: Object, labels: dict[str, str], expected: Outcome) -> None:
    service = service_object()
    own, sender = read(service), Sender("10.244.1.6", "other", {"app": "client"}, labels)
    evidence = live(service, daemon_set("calico-node"), policy(ingress), pod())
    assert expected is policy_hop(own, evidence, own.ports[0], PODS, sender=sender).outcome


def test_in_files_nobody_knows_what_enforces_policies() -> None:
    for spec in ({}, LOCAL):
        service = service_object(**spec)
        own = read(service)
        found = policy_hop(own, files(service, workload(), policy(ONLY_PODS)), own.ports[0], INTERNET)
        assert (DEPENDS, Confidence.ASSUMED) == found[1:3]
        found = policy_hop(own, files(service, workload()), own.ports[0], INTERNET)
        assert (PASS, Confidence.ASSUMED) == found[1:3]


def test_probes_come_from_the_node_or_from_azure() -> None:
    assert DROP is hop(policy(blocks("198.51.100.0/24")), pod(), group=PROBES, **LOCAL).outcome
    assert PASS is hop(policy(blocks("168.63.129.16/32")), pod(), group=PROBES, **LOCAL).outcome
    assert PASS is hop(policy(blocks("10.224.0.0/16")), pod(), node(), group=PROBES).outcome


@pytest.mark.parametrize(
    ("ingress", "expected"),
    [
        (ONLY_PODS, PASS),
        ({"from": [{"podSelector": {}}]}, DEPENDS),
        ({"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"a": "b"}}}]}, DEPENDS),
        ({"from": [{"namespaceSelector": {"matchLabels": {"a": "b"}}}]}, DEPENDS),
        (blocks("10.0.0.0/8"), DEPENDS),
        (blocks("198.51.100.0/24"), DEPENDS),
        (blocks("0.0.0.0/0"), PASS),
    ],
)
def test_pods_of_the_cluster_are_let_in_by_selectors(ingress: Object, expected: Outcome) -> None:
    assert expected is hop(policy(ingress), pod(), group=PODS).outcome


def test_the_addresses_of_a_service_tag_are_public_but_not_known() -> None:
    front_door: dict[str, Any] = {"group": TAG, "tag": "AzureFrontDoor.Backend", **LOCAL}
    assert DROP is hop(policy(blocks("10.0.0.0/8")), pod(), **front_door).outcome
    assert DEPENDS is hop(policy(blocks("20.0.0.0/8")), pod(), **front_door).outcome
    assert PASS is hop(policy(blocks("0.0.0.0/0")), pod(), **front_door).outcome
    assert PASS is hop(policy(blocks("0.0.0.0/0", cut=["10.0.0.0/8"])), pod(), **LOCAL).outcome
    assert DEPENDS is hop(policy(blocks("10.0.0.0/8")), pod(), group=TAG, tag="VirtualNetwork", **LOCAL).outcome


def test_every_family_of_the_service_counts() -> None:
    both: dict[str, Any] = {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack", **LOCAL}
    assert DEPENDS is hop(policy(blocks("0.0.0.0/0")), pod(), **both).outcome
    assert PASS is hop(policy(blocks("0.0.0.0/0", "::/0")), pod(), **both).outcome


def test_pods_in_the_network_of_their_node_are_spared() -> None:
    found = hop(policy(), pod(hostNetwork=True), **LOCAL)
    assert (PASS, Cause.POLICIES_SPARE_HOST_NETWORK) == (found.outcome, found.because[0].cause)


@pytest.mark.parametrize(
    "other",
    [
        {"apiVersion": "crd.projectcalico.org/v1", "kind": "GlobalNetworkPolicy", "metadata": {"name": "x"}},
        {"apiVersion": "projectcalico.org/v3", "kind": "NetworkPolicy", "metadata": {"name": "x"}},
        {"apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "AdminNetworkPolicy", "metadata": {"name": "x"}},
    ],
)
def test_other_kinds_of_policies_are_not_evaluated(other: Object) -> None:
    found = hop(other, pod())
    assert (DEPENDS, Cause.OTHER_POLICIES) == (found.outcome, found.because[-1].cause)
    assert PASS is hop({**other, "spec": {"egress": []}}, pod()).outcome
    other["metadata"]["namespace"] = "elsewhere"
    spared = "Cluster" not in other["kind"] and "Global" not in other["kind"] and "Admin" not in other["kind"]
    assert (PASS if spared else DEPENDS) is hop(other, pod()).outcome


@pytest.mark.parametrize(("types", "outcome"), [(["Egress"], PASS), (["Ingress", "Egress"], DEPENDS), ([], DEPENDS)])
def test_policies_of_calico_name_their_directions(types: list[str], outcome: Outcome) -> None:
    other = {"apiVersion": "projectcalico.org/v3", "kind": "GlobalNetworkPolicy", "metadata": {"name": "x"}}
    assert outcome is hop({**other, "spec": {"types": types, "ingress": []}}, pod()).outcome


def cilium(kind: str = "CiliumNetworkPolicy", selector: str = "endpointSelector", **rule: Any) -> Object:
    spec = {selector: {}, "ingress": [rule]}
    return {"apiVersion": "cilium.io/v2", "kind": kind, "metadata": {"name": "x"}, "spec": spec}


def test_policies_of_cilium_add_up_with_those_of_kubernetes() -> None:
    everybody, nobody = cilium(fromEntities=["all"]), cilium()
    assert PASS is hop(policy(), everybody, pod(), engine="cilium").outcome
    found = hop(policy(), nobody, pod(), engine="cilium", **LOCAL)
    assert (DROP, [Cause.POLICIES_KEEP_OUT]) == (found.outcome, [one.cause for one in found.because])
    assert ("closed", "x (CiliumNetworkPolicy)") == found.because[0].facts["policies"]
    ranges = cilium(fromCIDR=["0.0.0.0/1"]), policy({"from": [{"ipBlock": {"cidr": "128.0.0.0/1"}}]})
    assert PASS is hop(*ranges, pod(), engine="cilium", **LOCAL).outcome
    assert DEPENDS is hop(ranges[0], pod(), engine="cilium", **LOCAL).outcome
    assert DEPENDS is hop(nobody, pod(), engine="cilium").outcome


@pytest.mark.parametrize(
    ("word", "group", "spec", "expected"),
    [
        ("cluster", PODS, {}, PASS),
        ("cluster", INTERNET, {}, DEPENDS),
        ("world", PODS, LOCAL, DEPENDS),
        ("world", INTERNET, LOCAL, PASS),
        ("world", INTERNET, {}, DEPENDS),
    ],
)
def test_whom_cilium_sees(word: str, group: ClientGroup, spec: dict[str, Any], expected: Outcome) -> None:
    assert expected is hop(cilium(fromEntities=[word]), pod(), engine="cilium", group=group, **spec).outcome


def test_policies_of_cilium_are_nothing_to_other_engines() -> None:
    assert PASS is hop(cilium(), pod(), engine="calico").outcome


def test_policies_of_nodes_are_about_node_ports() -> None:
    nodes = cilium("CiliumClusterwideNetworkPolicy", "nodeSelector")
    found = hop(nodes, pod(hostNetwork=True), engine="cilium")
    assert (DEPENDS, Cause.OTHER_POLICIES) == (found.outcome, found.because[-1].cause)
    second = {**nodes, "metadata": {"name": "y"}}
    found = hop(nodes, second, pod(hostNetwork=True), engine="cilium")
    assert "/x " in str(found.verify)


def test_policies_that_may_not_be_read() -> None:
    service = service_object()
    own = read(service)
    found = policy_hop(own, live(service, unread=["NetworkPolicy"]), own.ports[0], INTERNET)
    assert (UNKNOWN, "kubectl get --namespace=default networkpolicies") == (found.outcome, str(found.verify))
    beside = live(service, daemon_set("cilium"), unread=["CiliumNetworkPolicy"])
    found = policy_hop(own, beside, own.ports[0], INTERNET)
    assert UNKNOWN is found.outcome
    assert "ciliumnetworkpolicies" in str(found.verify)
