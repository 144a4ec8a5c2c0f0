"""What the security groups of several nodes, of a subnet and a card, or none at all come to for one client."""

import pytest

from kubectl_akslb.azure.resources import (
    IPConfiguration,
    NetworkInterface,
    NetworkSecurityGroup,
    NsgRule,
    Resources,
    Subnet,
)
from kubectl_akslb.azure.security_groups import Addresses, Packets
from kubectl_akslb.derive.intervals import Interval, intervals
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.security_rules import Groups, evaluated, groups_of, tags_of
from tests.given.objects import ALONE
from tests.given.services import on

PASS, DROP, DEPENDS = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS
LOW, HIGH = intervals(("20.0.0.0/9",)), intervals(("20.128.0.0/9",))
ALL = intervals(("20.0.0.0/8",))


def group(name: str, access: str, source: str = "*") -> NetworkSecurityGroup:
    rule = NsgRule(
        name, 200, "Inbound", access, sources=(source,), destinations=("*",), destination_ports=("*",)
    )  # fmt: skip
    return NetworkSecurityGroup(name, f"/{name}", (rule,))


OPEN, SHUT, HALF = group("open", "Allow"), group("shut", "Deny"), group("half", "Allow", "20.0.0.0/9")
Pair = tuple[NetworkSecurityGroup | None, NetworkSecurityGroup | None]


def of(*pairs: Pair, closed: bool = True) -> dict[tuple[Interval, ...], Outcome]:
    packets = Packets(Addresses(ALL), Addresses(intervals(("20.50.1.2/32",))), 80)
    parts = evaluated(Groups(pairs), packets, tags_of(None, on(), ALONE), {}, closed=closed)
    return {part.spans: part.hop.outcome for part in parts}


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(OPEN, None)], {ALL: PASS}),
        ([(None, SHUT)], {ALL: DROP}),
        ([(OPEN, OPEN)], {ALL: PASS}),
        ([(OPEN, SHUT)], {ALL: DROP}),
        ([(SHUT, OPEN)], {ALL: DROP}),
        ([(HALF, OPEN)], {LOW: PASS, HIGH: DROP}),
        ([(OPEN, HALF)], {LOW: PASS, HIGH: DROP}),
        ([(OPEN, None), (OPEN, None)], {ALL: PASS}),
        ([(OPEN, None), (SHUT, None)], {ALL: DEPENDS}),
        ([(SHUT, None), (SHUT, None)], {ALL: DROP}),
        ([(OPEN, None), (HALF, None)], {LOW: PASS, HIGH: DEPENDS}),
        ([(HALF, None), (HALF, None)], {LOW: PASS, HIGH: DROP}),
        ([(HALF, None), (SHUT, None), (OPEN, None)], {LOW: DEPENDS, HIGH: DEPENDS}),
    ],
)
def test_all_of_a_node_and_each_of_the_nodes(pairs: list[Pair], expected: dict[tuple[Interval, ...], Outcome]) -> None:
    assert expected == of(*pairs)


@pytest.mark.parametrize(("closed", "outcome"), [(True, DROP), (False, PASS)])
def test_without_any_group_a_public_address_of_sku_standard_is_closed(closed: bool, outcome: Outcome) -> None:
    pairs = groups_of(None, on(), Resources(security_groups=())).pairs
    assert {ALL: outcome} == of(*pairs, closed=closed)


@pytest.mark.parametrize(
    ("assumed", "sure"),
    [
        (True, {LOW: Confidence.CERTAIN, HIGH: Confidence.DOCUMENTED}),  # Azure's default rule denies the rest
        (False, {LOW: Confidence.OBSERVED, HIGH: Confidence.OBSERVED}),
    ],
)
def test_how_sure_a_rule_is(assumed: bool, sure: dict[tuple[Interval, ...], Confidence]) -> None:
    packets = Packets(Addresses(ALL), Addresses(intervals(("20.50.1.2/32",))), 80)
    groups = Groups(((HALF, None),), assumed=assumed)
    parts = evaluated(groups, packets, tags_of(None, on(), ALONE), {}, closed=True)
    assert sure == {part.spans: part.hop.confidence for part in parts}


def card(subnet: str, own: str = "") -> NetworkInterface:
    return NetworkInterface("c", security_group=own, configurations=(IPConfiguration("ip", subnet=subnet),))


@pytest.mark.parametrize(
    ("cards", "pairs"),
    [
        ([card("/s/one")], [("open", "")]),  # the subnet names its group
        ([card("/s/two")], [("half", "")]),  # the group names its subnet
        ([card("/s/three")], [("", "")]),
        ([card("/s/one", "/shut")], [("open", "shut")]),
        ([card("/s/one"), card("/s/one"), card("/s/two", "/shut")], [("open", ""), ("half", "shut")]),
    ],
)
def test_the_groups_of_each_network_card(cards: list[NetworkInterface], pairs: list[tuple[str, str]]) -> None:
    azure = Resources(
        security_groups=(OPEN, SHUT, HALF._replace(subnets=("/s/two",))),
        subnets=(Subnet("one", "/s/one", security_group="/open"), Subnet("two", "/s/two")),
        network_interfaces=tuple(cards),
    )
    found = groups_of(None, on(), azure).pairs
    assert pairs == [(subnet.name if subnet else "", own.name if own else "") for subnet, own in found]


def test_where_nodes_differ_both_groups_are_named() -> None:
    packets = Packets(Addresses(ALL), Addresses(intervals(("20.50.1.2/32",))), 80)
    pairs = (OPEN, None), (SHUT, None)
    (part,) = evaluated(Groups(pairs), packets, tags_of(None, on(), ALONE), {}, closed=True)
    assert Cause.SECURITY_GROUPS_DIFFER is part.hop.because[0].cause
    assert ("open (subnet)", "shut (subnet)") == part.hop.because[0].facts["group"]
