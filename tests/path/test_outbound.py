"""What a pod sends out of the cluster: NetworkPolicies for egress, routes, and the cluster's way out."""

from typing import Any

import pytest

from kubectl_akslb.azure.resources import (
    IPConfiguration,
    NetworkInterface,
    NetworkSecurityGroup,
    NsgRule,
    PublicIP,
    Resources,
    Route,
    RouteTable,
    Subnet,
    VirtualNetwork,
)
from kubectl_akslb.derive.intervals import intervals
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.evidence.state import NodeState, PolicyEngine
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.outbound_profile import OutboundProfile
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.client import Client, ClientKind
from kubectl_akslb.path.egress import egress_hop
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.network_policy import Sender
from kubectl_akslb.path.trace_outbound import parse_target, trace_outbound
from tests.given.objects import ALONE
from tests.given.services import on

PASS, DROP, DEPENDS, UNKNOWN = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS, Outcome.UNKNOWN
POD = Client(
    ClientKind.POD, "web-1", intervals(("10.244.0.7/32",)), sender=Sender("10.244.0.7", "shop", {"app": "web"})
)


def policy(*egress: Any, types: list[str] | None = None, app: str = "web", namespace: str = "shop", **more: Any) -> Any:
    spec: dict[str, Any] = {"podSelector": {"matchLabels": {"app": app}}, "policyTypes": types, "egress": list(egress)}
    spec = {key: value for key, value in spec.items() if value is not None}
    return {
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": {"name": "p", "namespace": namespace}, "spec": spec, **more,
    }  # fmt: skip


CALICO = {
    "apiVersion": "crd.projectcalico.org/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "c", "namespace": "shop"},
}
ADMIN = {"apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "AdminNetworkPolicy", "metadata": {"name": "a"}}


def block(cidr: str, *excepted: str) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr, "except": list(excepted)}}


def beside(*policies: Any, **fields: Any) -> Evidence:
    given: dict[str, Any] = {"objects": Objects(policies), "policies": policies, "engine": PolicyEngine.CALICO}
    return ALONE._replace(**{**given, **fields})


LABELS: dict[str, Any] = {"podSelector": {}}
TCP_443, UDP_443 = ({"protocol": name, "port": 443} for name in ("TCP", "UDP"))


@pytest.mark.parametrize(
    ("policies", "outcome", "cause"),
    [
        ([], PASS, Cause.EGRESS_OPEN),
        ([policy(app="api")], PASS, Cause.EGRESS_OPEN),
        ([policy(namespace="other")], PASS, Cause.EGRESS_OPEN),
        ([policy(types=["Ingress"])], PASS, Cause.EGRESS_OPEN),
        ([{**CALICO, "spec": {"selector": "app == 'api'", "types": ["Egress"]}}], PASS, Cause.EGRESS_OPEN),
        ([{**CALICO, "spec": {"selector": "app == 'web'", "types": ["Ingress"]}}], PASS, Cause.EGRESS_OPEN),
        ([policy()], DROP, Cause.EGRESS_KEEPS_IN),
        ([policy(types=["Ingress", "Egress"])], DROP, Cause.EGRESS_KEEPS_IN),
        ([policy({})], PASS, Cause.EGRESS_LETS_OUT),
        ([policy({"to": [block("20.0.0.0/8")]})], PASS, Cause.EGRESS_LETS_OUT),
        ([policy({"to": [block("21.0.0.0/8")]})], DROP, Cause.EGRESS_KEEPS_IN),
        ([policy({"to": [block("20.0.0.0/8", "20.1.0.0/16")]})], DROP, Cause.EGRESS_KEEPS_IN),
        ([policy({"to": [block("20.0.0.0/8", "20.2.0.0/16")]})], PASS, Cause.EGRESS_LETS_OUT),
        ([policy({"to": [LABELS]})], DEPENDS, Cause.EGRESS_UNDECIDED),
        ([policy({"to": [LABELS, block("20.0.0.0/8")]})], PASS, Cause.EGRESS_LETS_OUT),
        ([policy({"to": [LABELS], "ports": [UDP_443]})], DROP, Cause.EGRESS_KEEPS_IN),
        ([policy({"ports": [UDP_443]})], DROP, Cause.EGRESS_KEEPS_IN),
        ([policy({"ports": [UDP_443, TCP_443]})], PASS, Cause.EGRESS_LETS_OUT),
        ([policy({"ports": [{"port": 443}]})], PASS, Cause.EGRESS_LETS_OUT),
        ([policy({"ports": [{}]})], PASS, Cause.EGRESS_LETS_OUT),
        ([policy({"ports": [{"port": 442}, {"port": 444}]})], DROP, Cause.EGRESS_KEEPS_IN),
        ([policy({"ports": [{"port": 440, "endPort": 443}]})], PASS, Cause.EGRESS_LETS_OUT),
        ([policy({"ports": [{"port": 443, "endPort": 450}]})], PASS, Cause.EGRESS_LETS_OUT),
        ([policy({"ports": [{"port": 440, "endPort": 442}]})], DROP, Cause.EGRESS_KEEPS_IN),
        ([policy({"ports": [{"port": "https"}]})], DEPENDS, Cause.EGRESS_UNDECIDED),
        ([policy({"to": [block("20.0.0.0/8")], "ports": [{"port": "https"}]})], DEPENDS, Cause.EGRESS_UNDECIDED),
        ([policy(), policy({"to": [block("20.1.2.3/32")]})], PASS, Cause.EGRESS_LETS_OUT),
    ],
)
def test_what_policies_let_a_pod_send(policies: list[Any], outcome: Outcome, cause: Cause) -> None:
    to = intervals(("20.1.2.3/32",)), frozenset({443})
    hop = egress_hop(POD, beside(*policies), to, "20.1.2.3")
    assert (outcome, [cause]) == (hop.outcome, [one.cause for one in hop.because])
    assert (outcome is PASS) is (hop.verify is None)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({**CALICO, "spec": {"selector": "app == 'web'", "types": ["Egress"]}}, DEPENDS),
        ({**CALICO, "kind": "GlobalNetworkPolicy", "spec": {"egress": [{"action": "Deny"}]}}, DEPENDS),
        ({**CALICO, "metadata": {"name": "c", "namespace": "other"}, "spec": {"types": ["Egress"]}}, PASS),
        ({**ADMIN, "spec": {"subject": {"namespaces": {}}, "egress": [{"action": "Deny", "to": [{"networks": ["0.0.0.0/0"]}]}]}}, DEPENDS),
        ({**ADMIN, "spec": {"subject": {"namespaces": {}}, "ingress": [{"action": "Deny", "from": [{"namespaces": {}}]}]}}, PASS),
    ],
)  # fmt: skip
def test_policies_of_calico_and_of_administrators_about_what_a_pod_sends(policy: Any, expected: Outcome) -> None:
    to = intervals(("20.1.2.3/32",)), frozenset({443})
    hop = egress_hop(POD, beside(objects=Objects([policy]), policies=()), to, "20.1.2.3")
    cause = Cause.EGRESS_OPEN if expected is PASS else Cause.OTHER_POLICIES
    assert (expected, cause) == (hop.outcome, hop.because[0].cause)


@pytest.mark.parametrize(
    ("part", "engine", "expected"),
    [
        ("egress", PolicyEngine.CILIUM, (DEPENDS, Cause.OTHER_POLICIES)),
        ("egress", None, (DEPENDS, Cause.OTHER_POLICIES)),
        ("egress", PolicyEngine.CALICO, (PASS, Cause.EGRESS_OPEN)),
        ("ingress", PolicyEngine.CILIUM, (PASS, Cause.EGRESS_OPEN)),
    ],
)
def test_policies_of_cilium_about_what_a_pod_sends(
    part: str, engine: PolicyEngine | None, expected: tuple[Outcome, Cause]
) -> None:
    spec: dict[str, Any] = {"endpointSelector": {}, part: [{}]}
    objects = Objects([{"kind": "CiliumNetworkPolicy", "metadata": {"name": "p", "namespace": "shop"}, "spec": spec}])
    to = intervals(("20.1.2.3/32",)), frozenset({443})
    hop = egress_hop(POD, beside(objects=objects, engine=engine), to, "20.1.2.3")
    assert expected == (hop.outcome, hop.because[0].cause)


@pytest.mark.parametrize(
    ("evidence", "spans", "numbers", "read_in", "outcome"),
    [
        (beside(policy(), engine=PolicyEngine.NONE), ("20.1.2.3/32",), {443}, None, PASS),
        (beside(policy(), engine=None), ("20.1.2.3/32",), {443}, None, DEPENDS),
        (beside(policies=None), ("20.1.2.3/32",), {443}, None, UNKNOWN),
        (beside(source=EvidenceSource.CLUSTER), ("20.1.2.3/32",), {443}, "api", UNKNOWN),
        (beside(source=EvidenceSource.CLUSTER), ("20.1.2.3/32",), {443}, "shop", PASS),
        (beside(source=EvidenceSource.CLUSTER), ("20.1.2.3/32",), {443}, None, PASS),
        (beside(), ("20.1.2.3/32",), {443}, "api", PASS),
        (beside(policy({"to": [block("20.0.0.0/8")]})), (), {443}, None, DEPENDS),
        (beside(policy()), (), {443}, None, DROP),
        (beside(policy({"ports": [TCP_443]})), ("20.1.2.3/32",), set(), None, DEPENDS),
        (beside(policy({"to": [block("20.1.2.0/24")]})), ("20.1.0.0/16",), {443}, None, DEPENDS),
    ],
)
def test_what_is_not_known_of_policies(
    evidence: Evidence, spans: tuple[str, ...], numbers: set[int], read_in: str | None, outcome: Outcome
) -> None:
    hop = egress_hop(POD, evidence, (intervals(spans), frozenset(numbers)), "x", read_in=read_in)
    assert outcome is hop.outcome


def sent(host: str, *routes: Route, **outbound: Any) -> dict[HopName, tuple[Outcome, list[Cause]]]:
    """What the hops say of a packet to port 443."""
    cluster = on(outbound=OutboundProfile(**outbound)) if outbound else on()
    azure = Resources(route_tables=(RouteTable("rt", routes=routes, subnets=("nodes",)),)) if routes else None
    (leg,) = trace_outbound(POD, host, 443, cluster, beside(), azure).legs
    return {hop.name: (hop.outcome, [one.cause for one in hop.because]) for hop in leg.hops}


TO_FIREWALL, TO_NOWHERE = Route("fw", "0.0.0.0/0", "VirtualAppliance", "10.0.0.4"), Route("no", "20.0.0.0/8", "None")


@pytest.mark.parametrize(
    ("host", "routes", "outbound", "expected"),
    [
        ("20.1.2.3", (), {"outbound_type": "loadBalancer"}, (PASS, [Cause.LEAVES])),
        ("20.1.2.3", (), {"outbound_type": "managedNATGateway"}, (PASS, [Cause.LEAVES])),
        ("20.1.2.3", (), {"outbound_type": "userDefinedRouting"}, (DEPENDS, [Cause.FIREWALL_DECIDES])),
        ("20.1.2.3", (), {"outbound_type": "block"}, (DROP, [Cause.NO_WAY_OUT])),
        ("20.1.2.3", (), {"outbound_type": "somethingNew"}, (DEPENDS, [Cause.WAY_OUT_NOT_KNOWN])),
        ("10.0.0.9", (), {"outbound_type": "block"}, (PASS, [Cause.STAYS_IN_NETWORK])),
        ("20.1.2.3", (TO_FIREWALL,), {}, (DEPENDS, [Cause.ROUTED])),
        ("20.1.2.3", (TO_FIREWALL, TO_NOWHERE), {}, (DROP, [Cause.ROUTE_DROPS])),
        ("21.1.2.3", (TO_FIREWALL, TO_NOWHERE), {}, (DEPENDS, [Cause.ROUTED])),
        ("21.1.2.3", (TO_NOWHERE,), {"outbound_type": "block"}, (DROP, [Cause.NO_WAY_OUT])),
        ("20.1.2.3", (Route("i", "0.0.0.0/0", "Internet"),), {"outbound_type": "block"}, (DROP, [Cause.NO_WAY_OUT])),
        ("example.com", (TO_NOWHERE,), {}, (DEPENDS, [Cause.ROUTE_DROPS])),
    ],
)
def test_how_it_leaves(
    host: str, routes: tuple[Route, ...], outbound: dict[str, str], expected: tuple[Outcome, list[Cause]]
) -> None:
    assert expected == sent(host, *routes, **outbound)[HopName.OUTBOUND]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("203.0.113.7:443", ("203.0.113.7", 443)),
        ("example.com:1", ("example.com", 1)),
        ("[2603::1]:65535", ("2603::1", 65535)),
        ("example.com", None),
        (":443", None),
        ("example.com:0", None),
        ("example.com:65536", None),
        ("example.com:000443", None),
        ("example.com:x", None),
        ("10.0.0.0/8:443", None),
        ("web.shop.svc:443", None),
        ("web.shop.svc.cluster.local:443", None),
        ("a b:443", None),
    ],
)
def test_where_to(word: str, expected: tuple[str, int] | None) -> None:
    if expected is not None:
        assert expected == parse_target(word)
        return
    with pytest.raises(AkslbError) as caught:
        parse_target(word)
    assert caught.value.hint.startswith("write ")


NETWORK = VirtualNetwork("vnet", "/v", prefixes=("10.224.0.0/12",), peered=("172.16.0.0/16",))
ELSEWHERE = VirtualNetwork("other", "/o", prefixes=("192.168.0.0/16",))
CARD = NetworkInterface("card", configurations=(IPConfiguration("ip", subnet="/v/subnets/nodes"),))
PRIVATE_TO_NOWHERE, ONE_TO_NOWHERE = Route("no", "10.0.0.0/8", "None"), Route("no", "10.224.1.9/32", "None")


@pytest.mark.parametrize(
    ("host", "routes", "known", "expected"),
    [
        ("10.224.1.9", (), {}, (PASS, Cause.STAYS_IN_NETWORK)),
        ("10.224.1.9", (TO_FIREWALL,), {}, (DEPENDS, Cause.ROUTED)),
        ("10.224.1.9", (PRIVATE_TO_NOWHERE,), {}, (DEPENDS, Cause.ROUTE_DROPS)),
        ("10.224.1.9", (ONE_TO_NOWHERE,), {}, (DROP, Cause.ROUTE_DROPS)),
        ("10.224.1.9", (TO_FIREWALL,), {"virtual_networks": (NETWORK,)}, (PASS, Cause.STAYS_IN_NETWORK)),
        ("10.224.1.9", (PRIVATE_TO_NOWHERE,), {"virtual_networks": (NETWORK,)}, (PASS, Cause.STAYS_IN_NETWORK)),
        ("10.224.1.9", (ONE_TO_NOWHERE,), {"virtual_networks": (NETWORK,)}, (DROP, Cause.ROUTE_DROPS)),
        ("172.16.1.9", (TO_FIREWALL,), {"virtual_networks": (NETWORK,)}, (PASS, Cause.STAYS_IN_NETWORK)),
        ("172.17.1.9", (TO_FIREWALL,), {"virtual_networks": (NETWORK,)}, (DEPENDS, Cause.ROUTED)),
        ("172.17.1.9", (), {"virtual_networks": (NETWORK,)}, (DEPENDS, Cause.IN_NO_NETWORK)),
        ("10.9.9.9", (PRIVATE_TO_NOWHERE,), {"virtual_networks": (NETWORK,)}, (DEPENDS, Cause.IN_NO_NETWORK)),
        ("192.168.0.9", (), {"virtual_networks": (NETWORK, ELSEWHERE)}, (PASS, Cause.STAYS_IN_NETWORK)),
        (
            "192.168.0.9", (), {"virtual_networks": (NETWORK, ELSEWHERE), "network_interfaces": (CARD,)},
            (DEPENDS, Cause.IN_NO_NETWORK),
        ),
        ("20.1.2.3", (TO_NOWHERE,), {"network_interfaces": (CARD,)}, (PASS, Cause.LEAVES)),
    ],
)  # fmt: skip
def test_the_routes_of_azure_itself(
    host: str, routes: tuple[Route, ...], known: dict[str, Any], expected: tuple[Outcome, Cause]
) -> None:
    """The last: a route table of another subnet than the nodes' is none of theirs."""
    azure = Resources(route_tables=(RouteTable("rt", routes=routes, subnets=("nodes",)),), **known)
    (leg,) = trace_outbound(POD, host, 443, on(), beside(), azure).legs
    hop = next(one for one in leg.hops if one.name is HopName.OUTBOUND)
    assert expected == (hop.outcome, hop.because[0].cause)
    assert hop.outcome is DROP or hop.verify is not None or hop.confidence is Confidence.DOCUMENTED


def test_a_pod_has_an_address_of_the_family_of_the_peer() -> None:
    trace = trace_outbound(POD, "2603:1030::7", 443, on(), beside(), None)
    assert (DROP, Cause.SENDER_OF_OTHER_FAMILY) == (trace.outcome, trace.leg.deciding.because[0].cause)


@pytest.mark.parametrize(
    ("denied", "host", "outcome"),
    [
        ("10.224.0.4", "20.1.2.3", DROP),
        ("fd01::4", "20.1.2.3", PASS),
        ("10.244.0.7", "20.1.2.3", PASS),  # outside of the cluster nobody sees the pod
        ("fd01::4", "2603:1030::7", DROP),
        ("10.224.0.4", "2603:1030::7", PASS),
    ],
)
def test_the_security_group_sees_the_node_s_address_of_the_family(denied: str, host: str, outcome: Outcome) -> None:
    client = POD._replace(node="n1", spans=intervals(("10.244.0.7/32", "fd00::7/128")))
    rule = NsgRule("shut", 200, "Outbound", "Deny", sources=(denied,), destinations=("*",))
    azure = Resources(security_groups=(NetworkSecurityGroup("nsg", "/nsg", (rule,), subnets=("/s",)),))
    node = NodeState("n1", ("10.224.0.4", "fd01::4"), {})
    (leg,) = trace_outbound(client, host, 443, on(), beside(nodes=(node,)), azure).legs
    assert outcome is next(one for one in leg.hops if one.name is HopName.SECURITY_GROUP).outcome


def test_a_pod_that_is_not_ready_sends_nothing() -> None:
    trace = trace_outbound(POD._replace(ready="CrashLoopBackOff"), "20.1.2.3", 443, on(), beside(), None)
    (first, *_) = trace.legs[0].hops
    assert (DROP, Cause.SENDER_NOT_READY) == (first.outcome, first.because[0].cause)


GATEWAY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/natGateways/out"


@pytest.mark.parametrize(
    ("kind", "subnets", "expected"),
    [
        ("loadBalancer", (GATEWAY,), "the NAT gateway out of the nodes' subnet"),
        ("userDefinedRouting", (GATEWAY,), "the NAT gateway out of the nodes' subnet"),
        ("loadBalancer", ("",), "outbound rule"),
        ("loadBalancer", (GATEWAY, ""), "outbound rule"),
    ],
)
def test_a_nat_gateway_of_the_subnet_goes_before_outbound_rules(
    kind: str, subnets: tuple[str, ...], expected: str
) -> None:
    known = tuple(Subnet(f"s{index}", f"/v/subnets/s{index}", nat_gateway=one) for index, one in enumerate(subnets))
    cards = tuple(NetworkInterface("c", configurations=(IPConfiguration("ip", subnet=one.id),)) for one in known)
    address = PublicIP("a", "/a", "20.9.9.9", nat_gateway=GATEWAY.upper())
    azure = Resources(subnets=known, network_interfaces=cards, public_ips=(address,), route_tables=())
    (leg,) = trace_outbound(POD, "20.1.2.3", 443, on(outbound=OutboundProfile(kind)), beside(), azure).legs
    (reason,) = next(one for one in leg.hops if one.name is HopName.OUTBOUND).because
    assert str(reason.facts["path"]).startswith(expected)
    assert ("20.9.9.9" == reason.facts["address"]) is expected.startswith("the NAT")
