"""The way out of the cluster and the arithmetic of SNAT ports, by the rows of the documents and of people's threads."""

from pathlib import Path
from typing import Any

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.outbound.outbound import derive_outbound, how_pods_leave
from kubectl_akslb.derive.outbound.outbound_rule import frontend_ips
from kubectl_akslb.derive.outbound.snat import automatic_ports, most_nodes, nodes_of, surge_of
from kubectl_akslb.derive.outbound.snat_plan import plan, plan_for
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.outbound import (
    CERTAIN,
    DOCUMENTED,
    ERROR,
    UNVERIFIED,
    OutboundFact,
    OutboundFinding,
    PodEgress,
)
from kubectl_akslb.model.outbound_profile import NodePool, OutboundProfile
from kubectl_akslb.model.provenance import CLUSTER_SETTING, DEFAULT, PROVIDER, Derived
from kubectl_akslb.model.service import Service, ServicePort
from kubectl_akslb.profile.load import load_profile
from kubectl_akslb.provider import outbound as known
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST

DATA = Path(__file__).parents[2] / "profile/data"
REFUSED = known.ALLOCATION_REFUSED
INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"
IDLE = "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout"


def cluster(*pools: NodePool, **outbound: Any) -> Cluster:
    if pools:
        outbound["node_pools"] = pools
    given = frozenset(f"outbound.{name}" for name in outbound)
    return Cluster(NEWEST, behaviours_of(NEWEST), given, outbound=OutboundProfile(**outbound))


def recorded(name: str) -> Cluster:
    return load_profile((DATA / f"{name}.json").read_bytes(), name).cluster


def service(annotations: dict[str, str] | None = None) -> Service:
    return Service("web", "shop", None, "LoadBalancer", annotations or {}, (ServicePort(0, "http", "TCP", 80),))


def value(derived: Derived[Any] | None) -> Any:
    return None if derived is None else derived.value


def leave(profile: Cluster, annotations: dict[str, str] | None = None) -> PodEgress:
    return how_pods_leave(Context(service(annotations), profile), derive_outbound(profile))


def only(findings: tuple[OutboundFinding, ...]) -> OutboundFinding:
    assert 1 == len(findings)
    return findings[0]


# The document "Configure a public standard load balancer in AKS", section "Calculate and verify outbound ports"


@pytest.mark.parametrize(
    ("nodes", "ports"),
    [
        (1, 1024), (50, 1024), (51, 512), (100, 512), (101, 256), (200, 256), (201, 128), (400, 128), (401, 64),
        (800, 64), (801, 32), (1000, 32), (1001, None),
        (48, 1024), (52, 512),  # the document's examples
    ],
)  # fmt: skip
def test_automatic_ports_by_number_of_nodes(nodes: int, ports: int | None) -> None:
    assert ports == automatic_ports(nodes)


@pytest.mark.parametrize(
    ("nodes", "ips", "ports"),
    [(50, 1, 1024), (50, 2, 1024), (51, 2, 1024), (51, 3, 1024), (101, 2, 512), (101, 5, 1024), (1000, 16, 512)],
)
def test_automatic_ports_of_several_addresses_end_at_1024(nodes: int, ips: int, ports: int) -> None:
    assert ports == automatic_ports(nodes, ips)


@pytest.mark.parametrize(
    ("ports", "ips", "nodes"),
    [(1000, 2, 128), (1000, 7, 448), (4000, 2, 32), (4000, 7, 112), (7104, 1, 9), (8, 1, 8000)],
)
def test_most_nodes(ports: int, ips: int, nodes: int) -> None:
    assert nodes == most_nodes(ports, ips)


def test_the_documents_surge_example() -> None:
    """100 nodes, 4,000 ports, 7 IPs, maxSurge 2: 400,000 + 8,000 of 448,000 ports."""
    answer = plan(nodes=100, ips=7, ports=4000, max_surge="2")
    assert (408_000, 448_000) == (value(answer.ports_required), answer.ports_available.value)
    assert () == answer.findings
    assert answer.command.endswith("--load-balancer-managed-outbound-ip-count=7 --load-balancer-outbound-ports=4000")


# People's threads


def test_d1_three_nodes_are_four_with_surge() -> None:
    finding = only(plan(nodes=3, ports=21000).findings)
    assert (
        "Load balancer profile allocated ports 21000 is not in an allowable range given the number of nodes and IPs"
        " provisioned. Total node count 4 requires 84000 ports but only 64000 ports are available given 1 outbound"
        " public IPs."
    ) == finding.message
    assert "2 outbound IPs instead of 1 (128,000 ports)" in finding.remedies
    assert "16,000 ports per node at most, with 1 outbound IP" in finding.remedies


@pytest.mark.parametrize(
    ("row", "numbers", "expected"),
    [
        ("D2 cli#16480", {"nodes": 3, "ips": 2, "ports": 42664}, ["3 outbound IPs instead of 2", "32,000 ports per node"]),
        ("D4 azurerm#7340", {"nodes": 3, "max_nodes": 15, "ports": 7104},
         ["2 outbound IPs instead of 1", "4,000 ports per node"]),
        ("D4 without surge", {"nodes": 15, "max_surge": "0", "ports": 7104},
         ["2 outbound IPs instead of 1", "4,264 ports per node"]),
        ("D5 SupportArticles#2102", {"nodes": 8, "ports": 8000}, ["2 outbound IPs instead of 1", "7,104 ports per node"]),
    ],
)  # fmt: skip
def test_refused_allocations(row: str, numbers: dict[str, Any], expected: list[str]) -> None:
    finding = only(plan(**numbers).findings)
    assert (ERROR, REFUSED, DOCUMENTED) == (finding.severity, finding.code, finding.confidence)
    more_addresses, fewer_ports, *_ = finding.remedies
    assert expected == [more_addresses.partition(" (")[0], fewer_ports.partition(" at most")[0]], row


def test_a_number_of_ports_that_nobody_can_have_is_no_remedy() -> None:
    finding = only(plan(nodes=9000, max_surge="0", ports=16).findings)
    assert (
        "3 outbound IPs instead of 1 (192,000 ports)",
        "4,000 nodes at most (count, or maxCount of the autoscaler), besides 0 surge nodes",
        "a NAT gateway, which allocates no ports per node",
    ) == finding.remedies


def test_d5_prints_all_remedies() -> None:
    finding = only(plan(nodes=10, max_surge="4", ports=5000).findings)
    assert (
        "2 outbound IPs instead of 1 (128,000 ports)",
        "4,568 ports per node at most, with 1 outbound IP",
        "8 nodes at most (count, or maxCount of the autoscaler), besides 4 surge nodes",
        "a maxSurge of 2 nodes at most",
        "a NAT gateway, which allocates no ports per node",
    ) == finding.remedies


@pytest.mark.parametrize(
    ("pools", "ports", "total"),
    [
        ([NodePool("a", 10), NodePool("b", 10), NodePool("c", 2)], 3200, 25),
        ([NodePool("a", 2, 24, "33%"), NodePool("b", 3, None, "1")], 8000, 36),
    ],
)
def test_each_pool_surges(pools: list[NodePool], ports: int, total: int) -> None:
    outbound = derive_outbound(cluster(*pools, allocated_outbound_ports=ports))
    finding = only(outbound.findings)
    assert f"Total node count {total} requires {total * ports} ports but only 64000 ports" in finding.message


@pytest.mark.parametrize(
    ("pool", "surge"),
    [
        (NodePool("a", 3), 1),
        (NodePool("a", 3, None, "0"), 0),
        (NodePool("a", 3, None, "2"), 2),
        (NodePool("a", 10, None, "10%"), 1),
        (NodePool("a", 11, None, "10%"), 2),
        (NodePool("a", 3, 24, "33%"), 8),
    ],
)
def test_surge_of_a_pool(pool: NodePool, surge: int) -> None:
    assert surge == surge_of(pool)


def test_d8_many_addresses_are_enough() -> None:
    answer = plan(nodes=11, ips=32, ports=64000)
    assert (768_000, 2_048_000, ()) == (value(answer.ports_required), answer.ports_available.value, answer.findings)


def test_d10_and_d11_the_limit_is_of_automatic_allocation_only() -> None:
    notes = plan(nodes=12).notes
    assert known.ONE_MORE_IP_ADDS_NONE == notes[0]
    assert known.DEFAULT_IS_NO_LIMIT in notes
    assert known.ONE_MORE_IP_ADDS_NONE not in plan(nodes=60).notes


def test_d11_more_addresses_do_not_help_a_node() -> None:
    assert known.IPS_ADD_NODES in plan(nodes=12, ports=4000).notes


@pytest.mark.parametrize(("max_surge", "drops"), [("0", False), ("1", True)])
def test_surge_nodes_can_take_ports_from_all_nodes(max_surge: str, drops: bool) -> None:
    findings = plan(nodes=50, max_surge=max_surge).findings
    assert drops is ("automatic-ports-drop" in [finding.code for finding in findings])


# The plan


@pytest.mark.parametrize(
    ("numbers", "ports", "ips"),
    [
        ({"nodes": 3}, 16000, 1),
        ({"nodes": 15}, 4000, 1),
        ({"nodes": 14, "max_surge": "0"}, 4568, 1),
        ({"nodes": 3, "max_nodes": 60, "ips": 2}, 2096, 2),
        ({"nodes": 1, "max_surge": "0", "ips": 4}, 64000, 4),
        ({"nodes": 9000}, 8, 2),
        ({"nodes": 3, "ports": 21000}, 21000, 2),
        ({"nodes": 3, "ports": 1001}, 1008, 1),
        ({"nodes": 3, "ports": 70000}, 64000, 4),
        ({"nodes": 3, "ports": 0}, 16000, 1),
    ],
)
def test_what_is_recommended_fits(numbers: dict[str, Any], ports: int, ips: int) -> None:
    answer = plan(**numbers)
    assert (ports, ips) == (answer.recommended_ports.value, answer.recommended_ips.value)
    again = plan(**{**numbers, "ports": ports, "ips": ips})
    assert () == again.findings


@pytest.mark.parametrize("nodes", [1, 3, 7, 50, 51, 999, 1001, 20_000])
@pytest.mark.parametrize("ips", [1, 2, 7, 100])
def test_what_is_recommended_uses_all_that_fits(nodes: int, ips: int) -> None:
    answer = plan(nodes=nodes, ips=ips)
    ports, total = answer.recommended_ports.value, answer.total_nodes.value
    assert 0 == ports % 8
    assert total * ports <= 64_000 * answer.recommended_ips.value
    assert ports == 64_000 or total * (ports + 8) > 64_000 * ips


@pytest.mark.parametrize(
    ("ports", "code"),
    [(1001, known.NOT_A_MULTIPLE), (64_008, known.TOO_MANY_PER_RULE), (4, known.NOT_A_MULTIPLE)],
)
def test_a_number_of_ports_that_cannot_be(ports: int, code: str) -> None:
    assert code in [finding.code for finding in plan(nodes=1, ips=9, ports=ports).findings]


@pytest.mark.parametrize(
    ("pool", "message"),
    [
        (NodePool("a", 50, None, "0"), None),
        (NodePool("a", 50), "automatic allocation: the ports of each node drop at 51 nodes from 1,024 to 512"),
        (NodePool("a", 48, 52, "0"), "automatic allocation: the ports of each node drop at 51 nodes from 1,024 to 512"),
        (NodePool("a", 52, None, "0"), None),
        (NodePool("a", 60, 230, "0"), "automatic allocation: the ports of each node drop at 101 nodes from 512 to 256,"
         " at 201 nodes from 256 to 128"),
        (NodePool("a", 900, 1001, "0"), "the table of automatic allocation ends at 1,000 nodes"),
    ],
)  # fmt: skip
def test_growing_over_a_boundary_takes_ports_away(pool: NodePool, message: str | None) -> None:
    for findings in derive_outbound(cluster(pool)).findings, plan_for(cluster(pool)).findings:
        assert ([message] if message else []) == [finding.message for finding in findings]


def test_two_addresses_move_the_first_boundary() -> None:
    assert () == derive_outbound(cluster(NodePool("a", 48, 52), managed_ip_count=2)).findings


def test_the_command_names_what_the_owner_brought() -> None:
    profile = recorded("own-ips")
    ids = ",".join(profile.outbound.public_ips)
    assert (
        f"az aks update --resource-group=shop --name=shop-prod --load-balancer-outbound-ips={ids},PUBLIC_IP_ID_3"
        " --load-balancer-outbound-ports=40000"
    ) == plan_for(profile, ports=40000).command


def test_the_command_keeps_the_idle_timeout_that_somebody_set() -> None:
    assert plan_for(recorded("managed-ips")).command.endswith(" --load-balancer-idle-timeout=10")


def test_the_command_quotes_for_the_shell() -> None:
    profile = cluster(NodePool("a", 3), aks_resource_group="it's (ours)")
    assert "'--resource-group=it'\"'\"'s (ours)' --name=CLUSTER" in plan_for(profile).command


@pytest.mark.parametrize("name", ["nat-gateway-managed", "routed-private", "basic", "none"])
def test_no_command_where_there_is_no_outbound_rule(name: str) -> None:
    answer = plan_for(recorded(name))
    assert "" == answer.command
    assert answer.notes


@pytest.mark.parametrize(
    ("profile", "numbers", "message"),
    [
        (cluster(), {}, "a plan needs the number of nodes"),
        (cluster(NodePool("a")), {}, "a plan needs the number of nodes"),
        (cluster(NodePool("a", 0)), {}, "a plan needs at least one node"),
        (cluster(NodePool("a", 3), prefixes=("p",)), {},
         "a plan needs the number of outbound IPs, and a prefix does not say how many it has"),
        (cluster(NodePool("a", 3), managed_ip_count=0), {}, "a plan needs at least one outbound IP"),
        (cluster(NodePool("a", 3)), {"ports": -8}, "-8 ports per node cannot be"),
        (cluster(NodePool("a", 3)), {"ips": 0}, "0 outbound IPs cannot be"),
    ],
)  # fmt: skip
def test_a_plan_says_what_it_lacks(profile: Cluster, numbers: dict[str, int], message: str) -> None:
    with pytest.raises(AkslbError) as caught:
        plan_for(profile, **numbers)
    assert message == caught.value.message
    assert caught.value.hint


# The outbound rule


def test_the_rule_that_the_document_shows() -> None:
    """The row "0 True 30 aksOutboundRule All" of az network lb outbound-rule list."""
    rule = derive_outbound(cluster()).rule
    assert rule is not None
    assert (0, True, 30, "aksOutboundRule", "All") == (
        rule.allocated_outbound_ports.value,
        rule.enable_tcp_reset.value,
        rule.idle_timeout_in_minutes.value,
        rule.name.value,
        rule.protocol.value,
    )
    assert DEFAULT == rule.idle_timeout_in_minutes.origin.kind


@pytest.mark.parametrize(
    ("name", "ips", "ports", "most"),
    [
        ("defaults", 1, 1024, 1000),
        ("managed-ips", 3, 4000, 48),
        ("own-ips", 2, 1024, 1000),
        ("arm", 1, 1024, 1000),
        ("prefixes", None, None, 1000),
    ],
)
def test_capacity_of_recorded_clusters(name: str, ips: int | None, ports: int | None, most: int) -> None:
    snat = derive_outbound(recorded(name)).snat
    assert snat is not None
    assert (ips, ports, most) == (value(snat.outbound_ips), value(snat.ports_per_node), value(snat.max_nodes))


def test_capacity_counts_the_autoscaler_and_the_surge() -> None:
    snat = derive_outbound(recorded("managed-ips")).snat
    assert snat is not None
    assert (27, 9) == (value(snat.nodes), value(snat.surge_nodes))
    assert (144_000, 192_000) == (value(snat.ports_required), value(snat.ports_available))


def test_a_sum_names_what_it_adds_up() -> None:
    snat = derive_outbound(recorded("managed-ips")).snat
    assert snat is not None
    assert snat.nodes is not None
    assert [
        (CLUSTER_SETTING, "agentPoolProfiles[system].count", "3"),
        (CLUSTER_SETTING, "agentPoolProfiles[shop].maxCount", "24"),
        (PROVIDER, "nodes of all pools", "27"),
    ] == list(snat.nodes.considered)


@pytest.mark.parametrize(
    ("pool", "now", "most", "number"),
    [
        (NodePool("a", 3), "count", "count", "3"),
        (NodePool("a", 3, 5), "count", "maxCount", "5"),
        (NodePool("a", 3, 3), "count", "maxCount", "3"),
        (NodePool("a", 3, 2), "count", "count", "3"),
        (NodePool("a", None, 4), "maxCount", "maxCount", "4"),
    ],
)
def test_the_nodes_of_a_pool_are_those_of_the_setting_that_says_more(
    pool: NodePool, now: str, most: str, number: str
) -> None:
    found = nodes_of(cluster(pool))
    assert found is not None
    path = "agentPoolProfiles[a]."
    assert (path + now, path + most, number) == (found.now.origin.path, found.most.origin.path, found.most.origin.raw)


def test_automatic_ports_may_be_asked_for_where_others_are_set() -> None:
    profile = cluster(NodePool("a", 3), allocated_outbound_ports=4000)
    assert (4000, 1024) == (value(plan_for(profile).ports_per_node), value(plan_for(profile, ports=0).ports_per_node))


def test_a_prefix_is_an_open_question() -> None:
    finding = only(derive_outbound(recorded("prefixes")).findings)
    assert ("prefix-size", UNVERIFIED) == (finding.code, finding.confidence)
    assert "az network public-ip prefix show --ids ID --query prefixLength" == finding.verify


@pytest.mark.parametrize(
    ("outbound", "code"),
    [
        ({"managed_ip_count": 2, "public_ips": ("a",)}, "one-outbound-option"),
        ({"public_ips": ("a",), "prefixes": ("b",)}, "one-outbound-option"),
        ({"idle_timeout_in_minutes": 3}, "idle-timeout-range"),
        ({"idle_timeout_in_minutes": 121}, "idle-timeout-range"),
        ({"managed_ip_count": 101}, "managed-ip-range"),
        ({"allocated_outbound_ports": 1001}, known.NOT_A_MULTIPLE),
    ],
)
def test_what_aks_refuses(outbound: dict[str, Any], code: str) -> None:
    found = {finding.code: finding for finding in derive_outbound(cluster(**outbound)).findings}
    assert ERROR == found[code].severity


@pytest.mark.parametrize(
    ("ports", "near"),
    [
        (4, ["8 ports per node"]),
        (12, ["8 ports per node", "16 ports per node"]),
        (63999, ["63,992 ports per node", "64,000 ports per node"]),
        (64001, ["64,000 ports per node"]),
    ],
)
def test_ports_that_are_no_multiple_have_neighbours_that_are(ports: int, near: list[str]) -> None:
    found = {one.code: one for one in plan(nodes=1, ips=20, ports=ports).findings}
    assert near == list(found[known.NOT_A_MULTIPLE].remedies)


@pytest.mark.parametrize(("count", "addresses"), [(1, 1), (3, 3)])
def test_each_managed_address_is_one(count: int, addresses: int) -> None:
    assert addresses == len({*frontend_ips(cluster(managed_ip_count=count)).value})


@pytest.mark.parametrize(("ports", "kind"), [(None, PROVIDER), (0, PROVIDER), (4000, CLUSTER_SETTING)])
def test_what_is_recommended_comes_from_what_was_asked_for_or_from_the_numbers(ports: int | None, kind: str) -> None:
    found = plan(nodes=10, ports=ports).recommended_ports
    assert (kind, kind) == (found.origin.kind, found.considered[0].kind)


def test_of_several_outbound_options_each_could_stay() -> None:
    findings = derive_outbound(cluster(managed_ip_count=2, public_ips=("a",), prefixes=("b",))).findings
    (remedies,) = (one.remedies for one in findings if one.code == "one-outbound-option")
    assert ("managedOutboundIPs alone", "outboundIPs alone", "outboundIPPrefixes alone") == remedies


def test_a_range_is_told_by_its_ends() -> None:
    findings = derive_outbound(cluster(idle_timeout_in_minutes=3, managed_ip_count=101)).findings
    assert [
        "an idle timeout of 3 minutes is not from 4 to 120", "101 managed outbound IPs are not from 1 to 100",
    ] == [finding.message for finding in findings]  # fmt: skip


@pytest.mark.parametrize("minutes", [4, 30, 120])
def test_an_idle_timeout_in_range_is_none_of_them(minutes: int) -> None:
    assert () == derive_outbound(cluster(idle_timeout_in_minutes=minutes)).findings


def test_basic_with_snat_disabled_stops_the_provider() -> None:
    profile = cluster()._replace(load_balancer_sku="basic", disable_outbound_snat=True)
    finding = only(derive_outbound(profile).findings)
    assert ("disableOutboundSNAT should only set when loadBalancerSKU is standard", CERTAIN) == (
        finding.message,
        finding.confidence,
    )


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("userDefinedRouting", "outboundType is userDefinedRouting"),
        ("managedNATGateway", "outboundType is managedNATGateway"),
    ],
)
def test_ports_without_a_rule_have_no_effect(kind: str, reason: str) -> None:
    outbound = derive_outbound(cluster(outbound_type=kind, allocated_outbound_ports=4000))
    assert None is outbound.rule
    message = f"networkProfile.loadBalancerProfile.allocatedOutboundPorts has no effect: {reason}"
    assert message == only(outbound.findings).message


# How pods leave


@pytest.mark.parametrize(
    ("name", "path", "address", "own", "confidence"),
    [
        ("defaults", "outbound rule aksOutboundRule of the load balancer kubernetes", "0a1b2c3d", "not expected",
         DOCUMENTED),
        ("own-ips", "outbound rule aksOutboundRule of the load balancer kubernetes", "egress-1, egress-2",
         "not expected", DOCUMENTED),
        ("nat-gateway-managed", "NAT gateway of the nodes' subnet", "nat-1, nat-2", "no", DOCUMENTED),
        ("nat-gateway-own", "NAT gateway of the nodes' subnet", "<addresses of the NAT gateway>", "no", DOCUMENTED),
        ("routed-private", "route table of the nodes' subnet",
         "<address of what the routes name, such as a firewall>", "no", DOCUMENTED),
        ("none", "whatever the nodes' subnet has", "<address, not known>", "no", UNVERIFIED),
        ("basic", "SNAT on demand by the Basic load balancer",
         "<any public frontend of the load balancer, chosen by Azure>", "possible", DOCUMENTED),
        ("azure.cloud", "<way out, not known>", "<address, not known>", "no", UNVERIFIED),
    ],
)  # fmt: skip
def test_how_pods_leave(name: str, path: str, address: str, own: str, confidence: str) -> None:
    egress = leave(recorded(name))
    assert (path, address, own, confidence) == (
        egress.path.value,
        egress.source_address.value,
        egress.own_address.value,
        egress.confidence,
    )
    assert "kubectl run" in str(egress.verify)


def test_without_a_profile_the_addresses_are_aks_own() -> None:
    assert "<outbound IP managed by AKS>" == leave(cluster()).source_address.value


def test_blocked() -> None:
    egress = leave(cluster(outbound_type="block"))
    assert ("no way out", "none") == (egress.path.value, egress.source_address.value)


def test_a_type_of_the_future_is_not_known() -> None:
    assert UNVERIFIED == leave(cluster(outbound_type="wormhole")).confidence


@pytest.mark.parametrize(
    ("disabled", "given", "annotations", "own"),
    [
        (True, True, {}, "no"),
        (False, True, {}, "possible"),
        (False, False, {}, "not expected"),
        (False, True, {INTERNAL: "true"}, "no"),
        (False, True, {INTERNAL: "True"}, "possible"),  # the load balancer reads it exactly: this one is public
    ],
)
def test_whether_the_services_own_address_is_seen(
    *,
    disabled: bool,
    given: bool,
    annotations: dict[str, str],
    own: str,
) -> None:
    profile = cluster()._replace(disable_outbound_snat=disabled)
    profile = profile._replace(given=frozenset({"disable_outbound_snat"} if given else ()))
    assert own == leave(profile, annotations).own_address.value


def test_an_internal_service_gives_no_way_out() -> None:
    assert known.NO_OUTBOUND_OF_INTERNAL.note in leave(cluster(), {INTERNAL: "true"}).own_address.notes


def test_f1_the_idle_timeout_annotation_is_for_inbound_flows() -> None:
    notes = leave(cluster(), {IDLE: "20"}).path.notes
    assert f"{IDLE} is for inbound flows: {known.INBOUND_ONLY.note}" in notes
    assert [] == [note for note in leave(cluster()).path.notes if IDLE in note]


def test_a_public_service_behind_a_routed_way_out_is_half_routed() -> None:
    profile = cluster(outbound_type="userDefinedRouting")
    assert known.ASYMMETRIC.note in leave(profile).path.notes
    assert known.ASYMMETRIC.note not in leave(profile, {INTERNAL: "true"}).path.notes


def test_nodes_with_an_address_of_their_own_leave_by_it() -> None:
    notes = leave(cluster(NodePool("edge", 3, node_public_ip=True), NodePool("a", 3))).path.notes
    assert f"pods in node pool edge: {known.INSTANCE_ADDRESS.note}" in notes


# Reasons


def leaves(thing: object) -> list[Derived[Any]]:
    if isinstance(thing, Derived):
        return [thing]
    return [found for part in thing for found in leaves(part)] if isinstance(thing, tuple) else []


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.stem)
def test_every_value_has_its_reason(path: Path) -> None:
    profile = recorded(path.stem)
    values = [*leaves(derive_outbound(profile)), *leaves(leave(profile))]
    assert values
    for found in values:
        assert found.origin in found.considered, found
        assert found.upstream or found.origin.kind == CLUSTER_SETTING, found


def test_every_fact_has_a_source_and_one_of_three_confidences() -> None:
    facts = [fact for fact in vars(known).values() if isinstance(fact, OutboundFact)]
    assert len(facts) > 20
    assert {CERTAIN, DOCUMENTED, UNVERIFIED} == {fact.confidence for fact in facts}
    assert [] == [fact for fact in facts if not fact.source or fact.summary.endswith(".")]
    assert known.PREFIX_SIZE.note.endswith("(unknown - verify with az network public-ip prefix show)")
