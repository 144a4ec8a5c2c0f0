"""The pool, the rotation node by node, kube-proxy, and the way back."""

from typing import Any

import pytest

from kubectl_akslb.derive.addresses import parse_cidr
from kubectl_akslb.model.cluster import NODE_IP, Node
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.outbound_profile import USER_DEFINED_ROUTING, OutboundProfile
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.node import node_hop
from kubectl_akslb.path.pool import pool_hop
from kubectl_akslb.path.rotation import family_of, rotation
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.path.way_back import way_back_hop
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import Object, at, daemon_set, endpoint, files, live, node, piece, service_object
from tests.given.on_nodes import EXCLUDE, LOCAL, Given, derived
from tests.given.services import on

PASS, DROP, DEPENDS, UNKNOWN = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS, Outcome.UNKNOWN
INTERNET, PODS, RANGE, TAG = ClientGroup.INTERNET, ClientGroup.PODS, ClientGroup.RANGE, ClientGroup.SERVICE_TAG
PREFIX = "service.beta.kubernetes.io/"
STARTING = "node.cloudprovider.kubernetes.io/uninitialized"
AUTOSCALER = "ToBeDeletedByClusterAutoscaler"
BY_ADDRESS: dict[str, Any] = {"pool_type": NODE_IP}


def pool(
    *objects: Object,
    version: str = str(NEWEST),
    unread: tuple[str, ...] = (),
    spec: Object | None = None,
    **settings: Any,
) -> Hop:
    cluster, service = on(version, **settings), service_object(**(spec or {}))
    return pool_hop(PathContext(derived(service, cluster), cluster, live(service, *objects, unread=unread)))


UNNAMED = node()
del UNNAMED["spec"]["providerID"]


@pytest.mark.parametrize(
    ("one", "version", "by_card", "by_address"),
    [
        (node(), str(NEWEST), PASS, PASS),
        (node(labels={EXCLUDE: ""}), str(NEWEST), DROP, DROP),
        (node(labels={EXCLUDE: "true"}), str(NEWEST), DROP, DROP),
        (node(labels={EXCLUDE: "false"}), str(NEWEST), DROP, PASS),
        (node(labels={EXCLUDE: "false"}), "1.33.12", DROP, PASS),
        (node(labels={EXCLUDE: "false"}), "1.33.11", DROP, DROP),
        (node(labels={EXCLUDE: "no"}), str(NEWEST), DROP, DROP),
        (node(labels={"kubernetes.azure.com/managed": "False"}), str(NEWEST), DROP, PASS),
        (node(labels={"kubernetes.azure.com/managed": "true"}), str(NEWEST), PASS, PASS),
        (node(labels={"node-role.kubernetes.io/control-plane": ""}), str(NEWEST), DROP, DROP),
        (node(labels={"kubernetes.io/role": "agent"}), str(NEWEST), PASS, PASS),
        (node(labels={"type": "virtual-kubelet"}), str(NEWEST), DROP, PASS),
        (node(labels={"type": "virtual-kubelet", EXCLUDE: "true"}), str(NEWEST), DROP, DROP),
        (node(taints=["virtual-kubelet.io/provider"]), str(NEWEST), DROP, PASS),
        (node(taints=["node.kubernetes.io/unschedulable"]), str(NEWEST), PASS, PASS),
        (node(taints=[AUTOSCALER]), str(NEWEST), PASS, DROP),
        (node(taints=[AUTOSCALER]), "1.24.22", PASS, DROP),
        (node(taints=[AUTOSCALER]), "1.24.21", PASS, PASS),
        (node(deletionTimestamp="2026-05-29T11:00:00Z"), str(NEWEST), PASS, DROP),
        (node(deletionTimestamp="2026-05-29T11:00:00Z"), "1.27.0", PASS, PASS),
        (node(ready="False"), str(NEWEST), PASS, PASS),
        (node(ready="Unknown"), "1.27.1", DROP, PASS),
        (node(ready="False"), "1.27.6", PASS, PASS),
        (node(ready="False"), "1.26.12", PASS, DROP),
        (node(ready="False"), "1.25.16", PASS, DROP),
        (node(ready="False"), "1.24.22", PASS, DROP),
        (node(ready="False"), "1.24.21", DROP, DROP),
        (UNNAMED, "1.24.22", DEPENDS, PASS),
        (UNNAMED, "1.25.0", DEPENDS, DEPENDS),
        (UNNAMED, "1.27.0", DEPENDS, DEPENDS),
        (UNNAMED, "1.28.0", DEPENDS, PASS),
    ],
)
def test_who_is_in_the_pool(one: Object, version: str, by_card: Outcome, by_address: Outcome) -> None:
    assert by_card is pool(one, version=version).outcome
    assert by_address is pool(one, version=version, **BY_ADDRESS).outcome
    assert PASS is pool(one, node("n9"), version=version).outcome


@pytest.mark.parametrize(
    ("version", "taints", "cluster", "local"),
    [
        ("1.24.21", [], DROP, DROP),
        ("1.24.22", [], DROP, DROP),
        ("1.25.0", [], DROP, PASS),
        ("1.25.0", [STARTING], DROP, PASS),
        ("1.25.5", [STARTING], DROP, PASS),
        ("1.25.6", [STARTING], DROP, DROP),
        ("1.26.0", [STARTING], DROP, PASS),
        ("1.26.11", [], DROP, PASS),
        ("1.26.12", [], DROP, PASS),
        ("1.27.0", [STARTING], DROP, PASS),
        ("1.27.1", [STARTING], PASS, PASS),
    ],
)
def test_with_local_some_releases_kept_nodes_that_are_not_ready(
    version: str, taints: list[str], cluster: Outcome, local: Outcome
) -> None:
    unready = node(ready="False", taints=taints)
    found = [pool(unready, version=version, spec=spec, **BY_ADDRESS).outcome for spec in ({}, LOCAL)]
    assert [cluster, local] == found


def test_a_node_of_another_resource_group() -> None:
    one = node(labels={"kubernetes.azure.com/resource-group": "other"})
    assert PASS is pool(one).outcome
    assert DROP is pool(one, resource_group="MC_shop").outcome
    assert PASS is pool(one, resource_group="Other").outcome
    assert PASS is pool(one, resource_group="MC_shop", **BY_ADDRESS).outcome


def test_nodes_that_were_not_read() -> None:
    assert (UNKNOWN, Confidence.UNREAD) == pool(unread=("Node",))[1:3]
    service, cluster = service_object(), on()
    assert (PASS, Confidence.ASSUMED) == pool_hop(PathContext(derived(service, cluster), cluster, files(service)))[1:3]
    excluded = on(nodes=(Node("n1", ("10.0.0.4",), {EXCLUDE: ""}),))
    assert DROP is pool_hop(PathContext(derived(service, excluded), excluded, files(service))).outcome


def test_a_cluster_without_a_node() -> None:
    found = pool()
    assert (DROP, Cause.NO_MEMBER) == (found.outcome, found.because[0].cause)


def test_nodes_that_are_out_for_one_reason_are_named_together() -> None:
    first, second = node("n1", labels={EXCLUDE: ""}), node("n2", labels={EXCLUDE: ""})
    virtual = node("n3", labels={"type": "virtual-kubelet"})
    because = pool(first, virtual, second).because
    assert [Cause.NO_MEMBER, Cause.EXCLUDED, Cause.VIRTUAL_NODE] == [one.cause for one in because]
    assert [("n1", "n2"), ("n3",)] == [one.facts["nodes"] for one in because[1:]]


NODES = (node("n1"), node("n2"), node("n3", labels={EXCLUDE: ""}))
ON_ONE = piece(endpoint("a", "n1"))


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([ON_ONE], {"n1": True, "n2": False, "n3": False}),
        ([piece(endpoint("a", "n1", ready=False), endpoint("b", "n2"))], {"n1": False, "n2": True, "n3": False}),
        (
            [piece(endpoint("a", "n1", ready=False, serving=True, terminating=True))],
            {"n1": False, "n2": False, "n3": False},
        ),
        ([piece(endpoint("a", None))], {"n1": False, "n2": False, "n3": False}),
        ([piece(endpoint("a", "n1"), ports=[{"name": "other", "port": 1}])], {"n1": True, "n2": False, "n3": False}),
        ([piece(endpoint("a", "n1"), ports=[])], {"n1": False, "n2": False, "n3": False}),
    ],
)
def test_the_health_check_of_a_local_service(pieces: list[Object], expected: dict[str, bool]) -> None:
    assert expected == Given(*NODES, *pieces, **LOCAL).rotation()


def test_local_pods_only_on_a_node_that_is_kept_out() -> None:
    found = Given(*NODES, piece(endpoint("a", "n3")), **LOCAL).rotated()
    assert (DROP, (Cause.NONE_IN_ROTATION, Cause.NO_LOCAL_ENDPOINT, Cause.EXCLUDED)) == found


def test_pods_that_are_not_ready_are_for_the_pod_hop_to_say() -> None:
    assert (None, ()) == Given(*NODES, piece(endpoint("a", "n1", ready=False)), **LOCAL).rotated()
    assert (None, ()) == Given(node(labels={EXCLUDE: ""}), ON_ONE, **LOCAL).rotated()


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([ON_ONE], {"n1": True, "n2": True, "n3": False}),
        (
            [piece(endpoint("a", "n1", ready=False, serving=True, terminating=True))],
            {"n1": True, "n2": True, "n3": False},
        ),
        ([piece(endpoint("a", "n1", ready=False))], {"n1": False, "n2": False, "n3": False}),
        ([], {"n1": False, "n2": False, "n3": False}),
    ],
)
def test_a_node_port_leads_to_a_pod_on_any_node(pieces: list[Object], expected: dict[str, bool]) -> None:
    assert expected == Given(*NODES, *pieces).rotation()


@pytest.mark.parametrize(("version", "answered"), [("1.25.24", False), ("1.26.0", True), (str(NEWEST), True)])
def test_pods_that_are_being_deleted_get_traffic_since_1_26(version: str, answered: bool) -> None:
    ending = piece(endpoint("a", "n1", ready=False, serving=True, terminating=True))
    assert {"n1": answered} == Given(node(), ending, version=version).rotation()


def test_unread_endpoints_leave_it_open() -> None:
    assert {"n1": None} == Given(node(), unread=("EndpointSlice",)).rotation()
    assert DEPENDS is Given(node(), unread=("EndpointSlice",)).rotated()[0]


SHARED = {"probe_mode": "shared", "shared_probe_port": 10356}
SIDECAR = ("cloud-node-manager", "health-probe-proxy")
DELETED = [node("n1", taints=[AUTOSCALER]), node("n2", deletionTimestamp="2026-05-29T11:00:00Z")]


@pytest.mark.parametrize(
    ("objects", "version", "expected"),
    [
        ([node()], str(NEWEST), True),
        ([node(), daemon_set("cloud-node-manager", 3, 3, SIDECAR)], str(NEWEST), True),
        ([node(), daemon_set("cloud-node-manager", 0, 3, SIDECAR)], str(NEWEST), False),
        ([node(), daemon_set("cloud-node-manager", 2, 3, SIDECAR)], str(NEWEST), None),
        ([node(), daemon_set("kube-proxy", 0, 3)], str(NEWEST), False),
        ([node(), daemon_set("cilium")], str(NEWEST), None),
        ([node(), daemon_set("cilium"), daemon_set("kube-proxy")], str(NEWEST), True),
        ([node(taints=[AUTOSCALER])], str(NEWEST), False),
        ([node(deletionTimestamp="2026-05-29T11:00:00Z")], str(NEWEST), False),
        ([node(taints=[AUTOSCALER])], "1.29.15", True),
        ([node(ready="False")], str(NEWEST), False),
    ],
)
def test_the_shared_probe(objects: list[Object], version: str, expected: bool | None) -> None:
    assert {"n1": expected} == Given(*objects, ON_ONE, version=version, settings=SHARED).rotation()


def test_the_sidecar_is_down_everywhere() -> None:
    found = Given(node(), daemon_set("cloud-node-manager", 0, 3, SIDECAR), ON_ONE, settings=SHARED).rotated()
    assert (DROP, (Cause.NONE_IN_ROTATION, Cause.SIDECAR_DOWN)) == found


def test_deletion_does_not_stop_the_health_check_of_a_local_service() -> None:
    assert {"n1": True} == Given(node(taints=[AUTOSCALER]), ON_ONE, **LOCAL).rotation()


def test_the_pod_of_kube_proxy_on_one_node() -> None:
    proxy = {
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "kube-system", "labels": {"component": "kube-proxy"}},
        "spec": {"nodeName": "n1"},
        "status": {"phase": "Running", "conditions": []},
    }
    both = piece(endpoint("a", "n1"), endpoint("b", "n2"))
    assert {"n1": False, "n2": True} == Given(node("n1"), node("n2"), proxy, both, **LOCAL).rotation()
    assert {"n1": None, "n2": True} == Given(node("n1"), node("n2"), proxy, both).rotation()
    assert DEPENDS is Given(node("n1"), node("n2"), proxy, both).node().outcome


def test_nothing_is_probed() -> None:
    given = Given(node(), annotations={"port_80_no_probe_rule": "true"}, version=str(NEWEST))
    assert {"n1": True} == given.rotation()


# kube-proxy

ONLY: dict[str, Any] = {"loadBalancerSourceRanges": ["198.51.100.0/24"]}
OFF = {"azure-disable-load-balancer-floating-ip": "true"}


@pytest.mark.parametrize(
    ("ranges", "group", "prefix", "tag", "expected"),
    [
        (["198.51.100.0/24"], RANGE, "198.51.100.0/25", "", PASS),
        (["198.51.100.0/25", "198.51.100.128/25"], RANGE, "198.51.100.0/24", "", PASS),
        (["198.51.100.0/25"], RANGE, "198.51.100.0/24", "", DEPENDS),
        (["198.51.100.0/24"], RANGE, "203.0.113.0/24", "", DROP),
        (["0.0.0.0/0"], INTERNET, "", "", PASS),
        (["10.0.0.0/8"], INTERNET, "", "", DROP),
        (["198.51.100.0/24"], INTERNET, "", "", DEPENDS),
        (["2001:db8::/32"], INTERNET, "", "", PASS),
        (["10.0.0.0/8"], TAG, "", "AzureFrontDoor.Backend", DROP),
        (["20.0.0.0/8"], TAG, "", "AzureFrontDoor.Backend", DEPENDS),
        (["10.0.0.0/8"], TAG, "", "VirtualNetwork", DEPENDS),
        (["10.0.0.0/8"], TAG, "", "", DEPENDS),
        (["0.0.0.0/0"], TAG, "", "AzureFrontDoor.Backend", PASS),
        (["198.51.100.0/24"], PODS, "", "", DEPENDS),
        (["0.0.0.0/0"], PODS, "", "", PASS),
        (["10.0.0.0/8"], ClientGroup.VIRTUAL_NETWORK, "", "", DEPENDS),
        (["198.51.100.0/24"], ClientGroup.PROBES, "", "", PASS),
    ],
)
def test_source_ranges(ranges: list[str], group: ClientGroup, prefix: str, tag: str, expected: Outcome) -> None:
    assert expected is Given(loadBalancerSourceRanges=ranges).node(group, prefix, tag).outcome
    off = Given(annotations=OFF, loadBalancerSourceRanges=ranges).node(group, prefix, tag)
    assert off.outcome is (expected if group is PODS else PASS), "pods meet kube-proxy before the load balancer"


def test_who_is_in_the_ranges_still_needs_nodes_that_take_the_address() -> None:
    given = Given(status=at("20.1.2.3", ipMode="Proxy"), **ONLY)
    assert DROP is given.node(RANGE, "198.51.100.0/25").outcome


def test_pods_outside_the_ranges_are_dropped_since_1_25_and_left_the_node_before() -> None:
    found = [Given(version=one, **ONLY).node(PODS).because[0].cause for one in ("1.24.22", "1.25.0")]
    assert [Cause.PODS_LEAVE_THE_NODE, Cause.PODS_BESIDE_SOURCE_RANGES] == found


@pytest.mark.parametrize("version", ["1.35.6", str(NEWEST)])
@pytest.mark.parametrize(("address", "family"), [("10.244.0.5", "IPv4"), ("fd00::5", "IPv6")])
def test_pods_of_one_family_behind_a_dual_stack_service(address: str, family: str, version: str) -> None:
    """Before 1.36 a kube-proxy has one health check for both families, of either."""
    one = endpoint("n1") | {"addresses": [address]}
    both = {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack", **LOCAL}
    given = Given(node(), piece(one, family=family), version=version, **both)
    assert given.derivation.load_balancer is not None
    by_family = {}
    for rule in given.derivation.load_balancer.load_balancing_rules:
        rows = rotation(given.context, rule)
        by_family[family_of(given.derivation.service, rule)] = [row.up for row in rows or ()]
    older = version == "1.35.6"
    assert {name: [None if older else name == family] for name in ("IPv4", "IPv6")} == by_family


@pytest.mark.parametrize(("prefix", "expected"), [("2001:db8:1::/48", PASS), ("2001:db9::/32", DROP)])
def test_ranges_of_an_ipv6_service(prefix: str, expected: Outcome) -> None:
    given = Given(loadBalancerSourceRanges=["2001:db8::/32"], ipFamilies=["IPv6"])
    assert expected is given.node(RANGE, prefix).outcome


def test_ranges_count_for_their_own_family() -> None:
    both: dict[str, Any] = {
        "ipFamilies": ["IPv4", "IPv6"],
        "ipFamilyPolicy": "RequireDualStack",
        "loadBalancerSourceRanges": ["198.51.100.0/24"],
    }
    given = Given(**both)
    assert given.derivation.load_balancer is not None
    rules = given.derivation.load_balancer.load_balancing_rules
    prefix = parse_cidr("2001:db8::/32")
    found = [node_hop(given.context, one, RANGE, prefix).outcome for one in rules]
    assert [PASS, PASS] == found
    other = parse_cidr("203.0.113.0/24")
    assert [DROP, PASS] == [node_hop(given.context, one, RANGE, other).outcome for one in rules]


KUBE_PROXY = {"port_80_health-probe_port": "10256", "port_80_health-probe_protocol": "tcp"}


@pytest.mark.parametrize("in_files", [True, False])
@pytest.mark.parametrize(
    ("annotations", "objects", "expected"),
    [
        ({}, [*NODES, ON_ONE], PASS),
        (KUBE_PROXY, [*NODES, ON_ONE], DEPENDS),
        (KUBE_PROXY, [*NODES, piece(endpoint("a", "n3"))], DROP),
        (KUBE_PROXY, [*NODES, piece(endpoint("a", "n1"), endpoint("b", "n2"))], PASS),
        ({"port_80_no_probe_rule": "true"}, [*NODES, ON_ONE], DEPENDS),
        ({"port_80_health-probe_port": "80"}, [*NODES, ON_ONE], PASS),
        ({}, [*NODES, piece(endpoint("a", "n1"), ports=[{"name": "other", "port": 1}])], DROP),
    ],
)
def test_nodes_without_a_pod_drop_what_they_get(
    annotations: Object,
    objects: list[Object],
    expected: Outcome,
    in_files: bool,
) -> None:
    assert expected is Given(*objects, annotations=annotations, in_files=in_files, **LOCAL).node().outcome


def test_named_ports_on_different_nodes_leave_each_node_with_one() -> None:
    slices = [piece(endpoint("a", "n1")), piece(endpoint("b", "n2"), ports=[{"name": "https", "port": 8443}])]
    found = Given(*NODES, *slices, **LOCAL).node()
    assert (DEPENDS, ("n2",)) == (found.outcome, found.because[0].facts["nodes"])


def test_files_alone_tell_that_a_probe_of_its_own_keeps_nodes_without_a_pod() -> None:
    assert [PASS, DEPENDS] == [
        Given(in_files=True, annotations=one, **LOCAL).node().outcome for one in ({}, KUBE_PROXY)
    ]


def test_the_mode_of_the_address() -> None:
    assert PASS is Given(status=at("20.1.2.3", ipMode="VIP")).node().outcome
    assert DROP is Given(status=at("20.1.2.3", ipMode="Proxy")).node().outcome
    assert PASS is Given(annotations=OFF, status=at("20.1.2.3", ipMode="Proxy")).node().outcome


def test_pods_of_a_node_that_is_not_ready_are_not_missed() -> None:
    nodes = (*NODES, node("n4", ready="False"))
    assert PASS is Given(*nodes, ON_ONE, daemon_set("kube-proxy", 3, 4)).node().outcome
    assert DEPENDS is Given(*nodes, ON_ONE, daemon_set("kube-proxy", 2, 4)).node().outcome
    shared = Given(*nodes, daemon_set("cloud-node-manager", 3, 4, SIDECAR), ON_ONE, settings=SHARED)
    assert {"n1": True, "n2": True, "n3": False, "n4": False} == shared.rotation()


@pytest.mark.parametrize(
    ("version", "address", "expected"),
    [
        (str(NEWEST), "20.1.2.3", {"IPv4": PASS, "IPv6": DROP}),
        (str(NEWEST), "2603::1", {"IPv4": DROP, "IPv6": PASS}),
        ("1.26.24", "20.1.2.3", {"IPv4": PASS}),
    ],
)
def test_an_address_in_the_status_is_for_its_own_family(
    version: str, address: str, expected: dict[str, Outcome]
) -> None:
    both: dict[str, Any] = {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack"}
    given = Given(status=at(address), version=version, **both)
    assert given.derivation.load_balancer is not None
    found = {}
    for rule in given.derivation.load_balancer.load_balancing_rules:
        hop = node_hop(given.context, rule, INTERNET, None, "")
        found[family_of(given.derivation.service, rule)] = hop.outcome
    assert expected == found


def test_without_floating_ip_a_node_port_is_needed() -> None:
    unallocated = {"name": "http", "port": 80, "targetPort": 8080}
    none: dict[str, Any] = {"ports": [unallocated], "allocateLoadBalancerNodePorts": False}
    assert PASS is Given(**none).node().outcome
    assert DROP is Given(annotations=OFF, **none).node().outcome
    assert PASS is Given(annotations=OFF, ports=[unallocated]).node().outcome


MODE = "--proxy-mode"
INTERNAL_WITH_HA_PORTS = {
    "azure-load-balancer-internal": "true",
    "azure-load-balancer-enable-high-availability-ports": "true",
}


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ({}, Confidence.CERTAIN),
        ({"args": ["--v=3"]}, Confidence.CERTAIN),
        ({"command": ["kube-proxy", f"{MODE}=iptables"]}, Confidence.CERTAIN),
        ({"args": [MODE, "nftables"]}, Confidence.CERTAIN),
        ({"command": ["kube-proxy", f"{MODE}=ipvs"]}, Confidence.DOCUMENTED),
        ({"args": [MODE, "IPVS"]}, Confidence.DOCUMENTED),
        ({"args": [MODE]}, Confidence.CERTAIN),
        ({"args": "ipvs"}, Confidence.CERTAIN),
    ],
)
def test_what_no_recording_shows_of_kube_proxy_is_documented(container: Object, expected: Confidence) -> None:
    proxy = daemon_set("kube-proxy", **container)
    assert (PASS, expected) == Given(*NODES, ON_ONE, proxy).node()[1:3]
    assert (DROP, expected) == Given(*NODES, ON_ONE, proxy, **ONLY).node(RANGE, "203.0.113.0/24")[1:3]


@pytest.mark.parametrize(
    ("protocols", "expected"),
    [
        (("TCP", "SCTP"), Confidence.DOCUMENTED),
        (("SCTP", "TCP"), Confidence.DOCUMENTED),
        (("TCP", "UDP"), Confidence.CERTAIN),
    ],
)
def test_sctp_was_not_measured(protocols: tuple[str, str], expected: Confidence) -> None:
    """Azure takes it only with HA ports, whose one rule stands for all ports of the Service."""
    ports = [
        {"name": f"p{number}", "port": number, "nodePort": 30000 + number, "protocol": protocol}
        for number, protocol in zip((80, 81), protocols, strict=True)
    ]
    given = Given(*NODES, ON_ONE, annotations=INTERNAL_WITH_HA_PORTS, ports=ports)
    assert (PASS, expected) == given.node()[1:3]


def test_a_node_that_calls_the_frontend() -> None:
    """kube-proxy beside it serves it like a pod, whatever externalTrafficPolicy and floating IP say."""
    own = f"10.224.0.{sum(map(ord, 'n2')) % 250}/32"
    asked = (ClientGroup.NODES, own)
    assert PASS is Given(*NODES, ON_ONE, **LOCAL).node(*asked).outcome
    assert PASS is Given(*NODES, ON_ONE, annotations=OFF, **LOCAL).node(*asked).outcome
    assert DROP is Given(*NODES, ON_ONE, annotations=OFF, **ONLY).node(*asked).outcome
    modes = {mode: Given(*NODES, ON_ONE, daemon_set("kube-proxy", args=[f"{MODE}={mode}"]), version="1.31.9", **LOCAL) for mode in ("iptables", "nftables")}  # fmt: skip
    assert {"iptables": PASS, "nftables": DEPENDS} == {mode: one.node(*asked).outcome for mode, one in modes.items()}
    assert PASS is modes["nftables"].node(ClientGroup.NODES, own.replace("10.224.0.", "10.224.9.")).outcome


def test_a_kube_proxy_that_is_down() -> None:
    assert DEPENDS is Given(*NODES, ON_ONE, daemon_set("kube-proxy", 2, 3)).node().outcome
    assert PASS is Given(*NODES, ON_ONE, daemon_set("kube-proxy", 3, 3)).node().outcome


# The way back


@pytest.mark.parametrize(
    ("annotations", "outbound", "expected"),
    [
        ({}, OutboundProfile(), PASS),
        ({}, OutboundProfile(USER_DEFINED_ROUTING), DEPENDS),
        ({"azure-load-balancer-internal": "true"}, OutboundProfile(USER_DEFINED_ROUTING), PASS),
    ],
)
def test_the_way_back(annotations: Object, outbound: OutboundProfile, expected: Outcome) -> None:
    given = Given(annotations=annotations, settings={"outbound": outbound})
    assert expected is way_back_hop(given.context).outcome
