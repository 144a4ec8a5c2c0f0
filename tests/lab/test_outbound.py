"""What trace says of the way out of the cluster against who was reached, and which address was seen there."""

import ipaddress
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from kubectl_akslb.azure import security_groups as nsg
from kubectl_akslb.azure.resources import (
    OUTBOUND,
    NetworkSecurityGroup,
    NsgRule,
    Resources,
    Route,
    RouteTable,
    VirtualNetwork,
)
from kubectl_akslb.azure.security_groups import Doubt
from kubectl_akslb.derive.intervals import interval
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.outbound_profile import OutboundProfile
from kubectl_akslb.path import routes, security_rules, trace_outbound
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.client import parse_client
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.trace import Leg
from kubectl_akslb.path.way_back import routed_hop
from lab import outbound
from lab.cases.case import node_object
from lab.fixed import NODES, VNET_RANGE
from tests.lab.adapter import Json, client_pods, cluster_of, evidence_on, prefix_of, read

SUBNET = "/subnets/nodes"
SERVICE: Json = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]},
}
#: What a firewall does, and what a gateway knows of other networks, is in none of Azure's records; nor, exactly, what the service
#: tag VirtualNetwork holds beside the networks.
_UNTOLD = frozenset({Cause.FIREWALL_DECIDES})


class Packet(NamedTuple):
    """One packet of a case: who was called, and what came of it by firewall."""

    case: Json
    target: str
    port: int
    seen: dict[str, str]

    @property
    def arrived(self) -> set[bool]:
        """Whether it got there, with an open firewall and with a closed one."""
        return {answer.startswith(f"{self.target} from ") for answer in self.seen.values()}


@cache
def packets() -> tuple[Packet, ...]:
    """What the pod has sent; what its node sends itself is routed alike."""
    found = []
    for case in outbound.recorded():
        for target in outbound.TARGETS:
            for port in outbound.PORTS:
                seen = {wall: answers[f"client-a to {target} {port}"] for wall, answers in case["outcome"].items()}
                found.append(Packet(case, target, port, seen))
    return tuple(found)


@cache
def evidence() -> Evidence:
    """The nodes of the lab and the pod that sends."""
    return evidence_on(read(SERVICE), [SERVICE, *map(node_object, NODES), *client_pods("shop")])


def azure_of(case: Json) -> Resources:
    """What az would have said of the case."""
    rules = tuple(
        NsgRule(
            one["name"], one["priority"], OUTBOUND, one["access"], one["protocol"], tuple(one["sources"]),
            destinations=tuple(one["destinations"]), destination_ports=tuple(one["ports"]),
        )
        for one in case["rules"]
    )  # fmt: skip
    own = tuple(Route(one["name"], one["prefix"], one["nextHopType"], one["nextHop"]) for one in case["routes"])
    return Resources(
        security_groups=(NetworkSecurityGroup("group", "/group", rules, subnets=(SUBNET,)),),
        route_tables=(RouteTable("table", "/table", own, (SUBNET,)),),
        virtual_networks=(VirtualNetwork("vnet", "/vnet", (VNET_RANGE[4],), (outbound.PEERED,)),),
    )


def leg_of(packet: Packet) -> Leg:
    """What trace says."""
    kind = packet.case["outboundType"]
    ips = (outbound.ADDRESSES[kind],) if outbound.ADDRESSES[kind] else ()
    cluster = cluster_of("v1.36.1", shared=False)._replace(
        outbound=OutboundProfile(outbound_type=kind, effective_ips=ips)
    )
    azure = azure_of(packet.case)
    client = parse_client("pod/client-a", cluster, evidence(), azure, "shop")
    address = outbound.TARGETS[packet.target]
    (leg,) = trace_outbound.trace_outbound(client, address, packet.port, cluster, evidence(), azure).legs
    return leg


def wrong(packet: Packet) -> tuple[object, ...] | None:
    """What trace says, where something else was measured."""
    leg = leg_of(packet)
    outcome, reasons = leg.deciding.outcome, [reason for hop in leg.hops for reason in hop.because]
    untold = packet.target == "unknown" or any(
        one.cause in _UNTOLD or one.facts.get("doubt") == Doubt.VIRTUAL_NETWORK.value for one in reasons
    )
    right = {
        Outcome.PASS: packet.arrived == {True} and _is_seen(leg, packet),
        Outcome.DROP: packet.arrived == {False},
        Outcome.DEPENDS: len(packet.arrived) == 2 or untold,
        Outcome.UNKNOWN: False,
    }[outcome]
    said = (outcome.name, leg.deciding.name.name, leg.deciding.because[0].cause.name)
    return None if right else (packet.case["case"], packet.target, packet.port, *said, packet.seen)


def _is_seen(leg: Leg, packet: Packet) -> bool:
    """Where trace names the address that is seen, whether it was; within the network it is the node's."""
    reason = next(hop for hop in leg.hops if hop.name is HopName.OUTBOUND).because[0]
    sources = {answer.rpartition(" ")[2] for answer in packet.seen.values()}
    if reason.cause is Cause.LEAVES:
        return sources == {reason.facts["address"]}
    return all(ipaddress.ip_address(one).is_private for one in sources)


def all_wrong() -> Iterator[tuple[object, ...]]:
    return (found for packet in packets() if (found := wrong(packet)) is not None)


def test_what_a_pod_sends_gets_where_trace_says() -> None:
    assert [] == list(all_wrong())


def test_the_recordings_are_those_of_the_cases() -> None:
    recorded = [{key: value for key, value in one.items() if key != "outcome"} for one in outbound.recorded()]
    assert list(outbound.cases()) == recorded


def test_each_outcome_was_measured_often() -> None:
    outcomes = [leg_of(packet).deciding.outcome for packet in packets()]
    assert all(outcomes.count(one) > 200 for one in (Outcome.PASS, Outcome.DROP, Outcome.DEPENDS))
    arrived = [packet.arrived for packet in packets()]
    assert all(arrived.count(one) > 100 for one in ({True}, {False}, {True, False}))


def test_answers_of_a_frontend_take_the_routes_of_the_nodes() -> None:
    """A firewall that has not seen the question drops the answer."""
    derivation = derive(read(SERVICE), cluster_of("v1.36.1", shared=False))
    client = (interval(prefix_of(outbound.TARGETS["internet"])),)
    seen = set()
    for case in outbound.recorded():
        if case["rules"]:
            continue  # they are stateful: of an answer no rule is asked
        hop = routed_hop(derivation, azure_of(case), client)
        assert hop is not None
        answer = case["outcome"]["open"]["internet to the frontend"]
        assert hop.outcome is (
            Outcome.PASS if answer == "node-a from internet" or "from 203" in answer else Outcome.DROP
        ), case
        seen.add(hop.outcome)
    assert seen == {Outcome.PASS, Outcome.DROP}


CONDITIONS: dict[str, tuple[Any, str, Any]] = {
    "user-defined routes": (trace_outbound, "_outside", lambda *_: None),
    "the longest prefix": (routes, "_length", lambda _: 0),
    "routes of the virtual network": (routes, "_networks", lambda _: iter(())),
    "the priority of rules": (nsg, "rules_of", lambda group: tuple(one._replace(priority=1) for one in group.rules)),
    "the default rules": (nsg, "rules_of", lambda group: group.rules),
    "the ports of a rule": (nsg, "_of_ports", lambda *_: True),
    "the destinations of a rule": (nsg, "_of_destinations", lambda *_: True),
    "the groups of the subnet": (security_rules, "_attached", lambda *_: iter([(None, None)])),
    "an outbound type that leads nowhere": (trace_outbound, "BLOCK", "nothing"),
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_that_is_switched_off_is_noticed(condition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*CONDITIONS[condition])
    assert any(True for _ in all_wrong())
