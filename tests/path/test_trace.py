"""One client's walk from the judge's side: whom a word names, which port, and what the legs come to."""

from typing import Any

import pytest

from kubectl_akslb.derive.intervals import address_interval
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.model.command import kubectl
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.client import Client, ClientKind, parse_client
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.remedy_command import first_node
from kubectl_akslb.path.trace import (
    Assumption,
    Leg,
    Subject,
    Trace,
    _assumed,
    _together,
    on_connection,
    service_port,
    trace_service,
)
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.pipeline import Explained, explain
from tests.given.streams import Object, deployment, on, policy, service

PASS, DROP, DEPENDS, UNKNOWN = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS, Outcome.UNKNOWN
PORTS = (
    {"port": 53, "name": "dns", "protocol": "UDP"},
    {"port": 53, "name": "dns-tcp"},
    {"port": 80, "name": "http", "targetPort": 8080},
)
NAMESPACE: Object = {
    "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"team": "a"}},
}  # fmt: skip


def pod(name: str, *addresses: str, namespace: str = "shop", **spec: Any) -> Object:
    status = {"phase": "Running", "podIP": addresses[0], "podIPs": [{"ip": one} for one in addresses]}
    metadata = {"name": name, "namespace": namespace, "labels": {"app": name}}
    containers = [{"name": "app", "image": "example.com/app:1"}]
    return {
        "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
        "spec": {"nodeName": "n1", "containers": containers, **spec}, "status": status,
    }  # fmt: skip


def node(name: str, *addresses: str) -> Object:
    listed = [{"type": "InternalIP", "address": one} for one in addresses]
    ready = [{"type": "Ready", "status": "True"}]
    return {
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": name},
        "spec": {"providerID": "azure:///x"}, "status": {"addresses": listed, "conditions": ready},
    }  # fmt: skip


PODS = (
    pod("front", "10.244.1.6", "fd00::6"),
    pod("on-host", "10.224.0.4", "fd01::4", hostNetwork=True),
    pod("front", "10.244.9.9", namespace="other"),
)
NODES = (node("n1", "10.224.0.4", "fd01::4"), node("n2", "10.224.0.5"))


def explained(*objects: Object) -> Explained:
    text = "---\n".join(map(block_text, objects)).encode()
    (found,) = explain([("x.yaml", text)], on()).services
    return found


BESIDE = explained(service(*PORTS), deployment(), *PODS, *NODES, NAMESPACE)


def client(word: str, one: Explained = BESIDE) -> Client:
    return parse_client(word, one.cluster, one.evidence, None, "shop")


def traced(word: str, one: Explained = BESIDE, port: str = "80") -> Trace:
    subject = Subject(one.derivation, one.cluster, one.evidence, one.path)
    return trace_service(subject, client(word, one), service_port(one.derivation.service, port))


@pytest.mark.parametrize(
    ("word", "kind", "addresses", "every"),
    [
        ("203.0.113.7", ClientKind.ADDRESS, ("203.0.113.7",), True),
        ("2001:db8::1", ClientKind.ADDRESS, ("2001:db8::1",), True),
        ("pod/front", ClientKind.POD, ("10.244.1.6", "fd00::6"), True),
        ("po/front", ClientKind.POD, ("10.244.1.6", "fd00::6"), True),
        ("node/n1", ClientKind.NODE, ("10.224.0.4", "fd01::4"), True),
        ("no/n2", ClientKind.NODE, ("10.224.0.5",), True),
    ],
)
def test_whom_a_word_names(word: str, kind: ClientKind, addresses: tuple[str, ...], every: bool) -> None:
    found = client(word)
    expected = tuple(span for one in addresses for span in address_interval(one))
    assert (kind, expected, every) == (found.kind, found.spans, found.every)
    assert found.is_inside is (kind in {ClientKind.POD, ClientKind.NODE})


@pytest.mark.parametrize(
    ("word", "address", "namespace", "labels"),
    [
        ("pod/front", "10.244.1.6", "shop", {"app": "front"}),
        ("pod/on-host", "10.224.0.4", "", {}),
        ("node/n1", "10.224.0.4", "", {}),
    ],
)
def test_as_whom_policies_see_it(word: str, address: str, namespace: str, labels: dict[str, str]) -> None:
    sender = client(word).sender
    assert sender is not None
    assert (address, namespace, labels) == (sender.address, sender.namespace, dict(sender.labels))
    if namespace:
        assert {"team": "a", "kubernetes.io/metadata.name": "shop"} == dict(sender.namespace_labels)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("interent", "internet"), ("nowhere-at-all", "203.0.113.7"), ("10.0.0.1/99", "203.0.113.7"),
        ("pod/frnt", "mean front?"), ("pod/xxxxxxxx", "--namespace=shop pods"), ("node/n11", "mean n1?"), ("node/zzzzzz", "get nodes"),
    ],
)  # fmt: skip
def test_what_names_no_client_says_what_does(word: str, hint: str) -> None:
    with pytest.raises(AkslbError) as caught:
        client(word)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("word", "expected"),
    [("80", 2), ("http", 2), ("53/udp", 0), ("53/TCP", 1), ("dns-tcp", 1)],
)
def test_a_port_by_number_name_and_protocol(word: str, expected: int) -> None:
    assert expected == service_port(BESIDE.derivation.service, word).index


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("53", "53/UDP (dns), 53/TCP (dns-tcp)"),
        ("81", "80/TCP (http)"),
        ("80/udp", "80/TCP (http)"),
        ("", "80/TCP (http)"),
        ("", "svc/NAME:PORT"),
    ],
)
def test_a_port_that_is_none_says_which_there_are(word: str, hint: str) -> None:
    with pytest.raises(AkslbError) as caught:
        service_port(BESIDE.derivation.service, word)
    assert hint in caught.value.hint


def hop(outcome: Outcome, name: HopName = HopName.NODE, sure: Confidence = Confidence.CERTAIN, **more: Any) -> Hop:
    return Hop(name, outcome, sure, (Reason(Cause.TO_THE_PODS),), **more)


def of_legs(*outcomes: Outcome) -> Trace:
    legs = tuple(Leg((), (hop(PASS, HopName.ACCEPTED), hop(one), hop(PASS, HopName.POD))) for one in outcomes)
    return Trace(Client(ClientKind.INTERNET, "x", ()), "svc/web:80", 80, "TCP", legs)


@pytest.mark.parametrize(
    ("outcomes", "expected", "split", "shown"),
    [
        ((PASS,), PASS, False, PASS),
        ((DROP, DROP), DROP, False, DROP),
        ((PASS, DROP), DEPENDS, True, DROP),
        ((UNKNOWN, DROP), UNKNOWN, True, DROP),
        ((UNKNOWN, PASS), DEPENDS, True, UNKNOWN),
        ((DEPENDS, PASS), DEPENDS, True, DEPENDS),
    ],
)
def test_what_legs_come_to(
    outcomes: tuple[Outcome, ...], expected: Outcome, split: bool, shown: Outcome
) -> None:  # fmt: skip
    found = of_legs(*outcomes)
    assert (expected, split, shown) == (found.outcome, found.is_split, found.leg.deciding.outcome)


def test_nothing_is_reached_behind_what_drops() -> None:
    assert [3, 2] == [len(of_legs(one).legs[0].reached) for one in (PASS, DROP)]


def test_commands_get_the_words_of_the_connection() -> None:
    asks = kubectl("get", "nodes")
    before = of_legs(DEPENDS)
    leg = Leg((), (hop(DEPENDS, verify=asks), hop(PASS)))
    before = before._replace(legs=(leg,), assumptions=(Assumption(Reason(Cause.TO_THE_PODS), asks),))
    assert before == on_connection(before, ())
    after = on_connection(before, ("--context=prod",))
    assert "kubectl --context=prod get nodes" == str(after.settle) == str(after.assumptions[0].settle)
    assert after.legs[0].hops[1].verify is None


def test_what_settles_a_walk_is_asked_of_the_leg_first() -> None:
    own, other = kubectl("get", "nodes"), kubectl("get", "pods")
    found = of_legs(DEPENDS)._replace(
        legs=(Leg((), (hop(DEPENDS, verify=own),)),), assumptions=(Assumption(Reason(Cause.TO_THE_PODS), other),)
    )
    assert own == found.settle
    assert other == found._replace(legs=(Leg((), (hop(PASS, verify=own),)),)).settle


DUAL = explained(
    service({"port": 80}, ipFamilyPolicy="RequireDualStack", ipFamilies=["IPv4", "IPv6"]), deployment(), *PODS, *NODES
)
V6 = explained(service({"port": 80}, ipFamilies=["IPv6"]), deployment(), *PODS, *NODES)


@pytest.mark.parametrize(
    ("word", "one", "families"),
    [
        ("203.0.113.7", BESIDE, ["" ]),
        ("2001:db8::1", BESIDE, ["IPv6"]),
        ("203.0.113.7", V6, ["IPv4"]),
        ("2001:db8::1", DUAL, [""]),
        ("pod/front", BESIDE, [""]),  # it has an address of either family, and takes that of the Service
        ("pod/front", DUAL, ["", ""]),
        ("internet", BESIDE, [""]),
        ("node/n2", V6, ["IPv4"]),
    ],
)  # fmt: skip
def test_a_client_without_an_address_of_the_family(word: str, one: Explained, families: list[str]) -> None:
    """The family that the Service lacks, by leg; "" where it has the client's."""
    legs = traced(word, one).legs
    lacks = [
        next((str(r.facts["family"]) for h in leg.hops for r in h.because if r.cause is Cause.NO_ADDRESS_OF_FAMILY), "")
        for leg in legs
    ]
    assert sorted(set(families)) == sorted(set(lacks))
    assert all(
        (DROP if family else leg.deciding.outcome) is leg.deciding.outcome
        for family, leg in zip(lacks, legs, strict=True)
    )


@pytest.mark.parametrize(("word", "assumed"), [("203.0.113.7", True), ("pod/front", False), ("2001:db8::1", False)])
def test_rules_are_assumed_only_where_a_security_group_is_met(word: str, assumed: bool) -> None:
    causes = {one.reason.cause for one in traced(word).assumptions}
    assert assumed is (Cause.SECURITY_RULES_ASSUMED in causes)


@pytest.mark.parametrize(
    ("word", "local", "sees"),
    [
        ("203.0.113.7", False, "node"), ("203.0.113.7", True, "client"),
        ("pod/front", True, "pod"), ("node/n1", True, "node"), ("pod/front", False, "node"),
    ],
)  # fmt: skip
def test_whose_address_the_pods_see(word: str, local: bool, sees: str) -> None:
    fields: dict[str, Any] = {"externalTrafficPolicy": "Local", "healthCheckNodePort": 31000} if local else {}
    assert sees == traced(word, explained(service({"port": 80}, **fields), deployment(), *PODS, *NODES)).sees


@pytest.mark.parametrize(
    ("address", "outcome"), [("10.224.0.4", PASS), ("10.224.0.5", DEPENDS), ("10.244.1.6", DEPENDS)]
)
def test_behind_a_cluster_address_pods_see_the_node_of_the_pod_that_calls(address: str, outcome: Outcome) -> None:
    only = policy({"from": [{"ipBlock": {"cidr": f"{address}/32"}}]})
    (leg,) = traced("pod/front", explained(service({"port": 80}), deployment(), *PODS, *NODES, only)).legs
    assert outcome is next(hop for hop in leg.hops if hop.name is HopName.POLICY).outcome


def test_addresses_that_meet_the_same_are_one_leg() -> None:
    low, high, far = (address_interval(one) for one in ("203.0.113.6", "203.0.113.7", "203.0.113.9"))
    passing, dropping = (hop(PASS),), (hop(DROP),)
    found = list(_together([Leg(low, passing), Leg(far, dropping), Leg(high, passing)]))
    assert [((32, low[0][1], high[0][2]),), far] == [leg.spans for leg in found]
    assert [PASS, DROP] == [leg.deciding.outcome for leg in found]


@pytest.mark.parametrize(("named", "asked"), [(("n1", "n2"), "n1"), ("n2", "n2")])
def test_the_first_of_several_nodes_is_asked_about(named: object, asked: str) -> None:
    reason = Reason(Cause.NODE_NOT_READY, {"node": named})
    assert asked == first_node(reason)


@pytest.mark.parametrize("word", ["203.0.113.7", "2001:db8::1", "vnet"])
def test_every_hop_before_the_rules_is_met_from_outside(word: str) -> None:
    for leg in traced(word).legs:
        assert HopName.ACCEPTED is leg.hops[0].name
        if leg.deciding.name is not HopName.ADDRESS:
            assert {HopName.ADDRESS, HopName.POOL, HopName.PROBE, HopName.WAY_BACK} <= {one.name for one in leg.hops}


def test_hops_come_in_the_order_of_the_path() -> None:
    order = list(HopName)
    for word in ("203.0.113.7", "pod/front", "vnet"):
        for leg in traced(word).legs:
            places = [order.index(one.name) for one in leg.hops]
            assert sorted(set(places)) == places


@pytest.mark.parametrize(
    ("name", "outcome", "met"),
    [
        (HopName.ADDRESS, PASS, True),
        (HopName.RULE, DROP, True),
        (HopName.RULE, PASS, False),  # what passes is said of the one port
    ],
)
def test_which_hops_of_all_packets_a_client_meets(name: HopName, outcome: Outcome, met: bool) -> None:
    only = Hop(name, outcome, Confidence.CERTAIN, (Reason(Cause.DENIED),))
    one = BESIDE._replace(path=BESIDE.path._replace(common=(hop(PASS, HopName.ACCEPTED), only)))
    (leg,) = traced("203.0.113.7", one).legs
    assert met is any(each.because == only.because for each in leg.hops if each.name is name)


def test_the_last_reason_of_a_hop_is_what_was_assumed() -> None:
    taken = Hop(HopName.POD, PASS, Confidence.ASSUMED, (Reason(Cause.PODS_READY), Reason(Cause.TAKEN_TO_LISTEN)))
    subject = Subject(BESIDE.derivation, BESIDE.cluster, BESIDE.evidence, BESIDE.path)
    found = _assumed(subject, client("pod/front"), [Leg((), (taken,))])
    assert [Cause.TAKEN_TO_LISTEN] == [one.reason.cause for one in found]


DENYING = {
    "azure-allowed-ip-ranges": "203.0.113.0/24",
    "azure-deny-all-except-load-balancer-source-ranges": "true",
}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("203.0.113.7", {PASS}), ("203.0.114.7", {DROP}), ("203.0.112.0/23", {PASS, DROP}), ("203.0.112.0/22", {PASS, DROP}),
        ("internet", {PASS, DROP}),
    ],
)  # fmt: skip
def test_the_rules_of_the_provider_let_in_and_deny(word: str, expected: set[Outcome]) -> None:
    """Those on both sides of the range that is let in are one leg."""
    one = explained(service({"port": 80}, annotations=DENYING), deployment(), *PODS, *NODES)
    assert len(expected) == len(traced(word, one).legs)
    found = [next(hop for hop in leg.hops if hop.name is HopName.SECURITY_GROUP) for leg in traced(word, one).legs]
    assert expected == {hop.outcome for hop in found}


@pytest.mark.parametrize("written", [{"nodePort": 30080}, {}])
@pytest.mark.parametrize(("word", "outcome"), [("203.0.113.7", PASS), ("203.0.114.7", DROP)])
def test_without_floating_ip_rules_are_about_the_node_port(
    word: str, outcome: Outcome, written: dict[str, int]
) -> None:
    ranges = {"azure-allowed-ip-ranges": "203.0.113.0/24"}
    off = ranges | {"azure-disable-load-balancer-floating-ip": "true"}
    one = explained(service({"port": 80, **written}, annotations=off), deployment(), *PODS, *NODES)
    (leg,) = traced(word, one).legs
    assert outcome is next(hop for hop in leg.hops if hop.name is HopName.SECURITY_GROUP).outcome


_INTERNAL = {"azure-load-balancer-internal": "true"}
_DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
_BY_SOURCE = frozenset({HopName.SECURITY_GROUP, HopName.NODE, HopName.POLICY})


@pytest.mark.parametrize(
    ("annotations", "ranges", "outcome"),
    [
        ({}, (), PASS),
        (_INTERNAL, (), PASS),
        ({}, ("203.0.113.0/24",), DEPENDS),
        ({}, ("10.0.0.0/8",), DROP),
        ({}, ("0.0.0.0/0",), PASS),
        ({"azure-allowed-ip-ranges": "203.0.113.0/24"}, (), DEPENDS),
        (DENYING, (), DEPENDS),
        ({"azure-allowed-ip-ranges": "10.224.0.0/12", **_DENY}, (), DROP),
        ({"azure-allowed-service-tags": "AzureCloud"}, (), DEPENDS),
        ({"azure-allowed-service-tags": "VirtualNetwork"}, (), DROP),
        ({"azure-allowed-service-tags": "AzureCloud"}, ("10.0.0.0/8",), DROP),
        ({"azure-load-balancer-internal": "True"}, (), DROP),
        ({"azure-disable-load-balancer-floating-ip": "true"}, ("203.0.113.0/24",), DEPENDS),
        (_INTERNAL, ("10.0.0.0/8",), DEPENDS),
        ({**_INTERNAL, "azure-allowed-ip-ranges": "203.0.113.0/24"}, (), PASS),
        ({**_INTERNAL, "azure-allowed-ip-ranges": "10.0.0.0/8", **_DENY}, (), DEPENDS),
    ],
)  # fmt: skip
def test_explain_and_trace_say_the_same_of_the_virtual_network(
    annotations: dict[str, str], ranges: tuple[str, ...], outcome: Outcome
) -> None:
    fields: dict[str, Any] = {"loadBalancerSourceRanges": list(ranges)} if ranges else {}
    one = explained(service({"port": 80}, annotations=annotations, **fields), deployment(), *PODS, *NODES)
    (network,) = [each for each in one.path.clients if each.group is ClientGroup.VIRTUAL_NETWORK]
    said = deciding(network._replace(hops=tuple(hop for hop in network.hops if hop.name in _BY_SOURCE))).outcome
    walked = traced("vnet", one)
    legs = tuple(Leg(leg.spans, tuple(hop for hop in leg.hops if hop.name in _BY_SOURCE)) for leg in walked.legs)
    assert (outcome, outcome) == (said, walked._replace(legs=legs).outcome)


@pytest.mark.parametrize("annotations", [{}, _INTERNAL, DENYING, {**_INTERNAL, **DENYING}])
def test_explain_and_trace_say_the_same_of_pods(annotations: dict[str, str]) -> None:
    """What a security group denies is nothing to them: kube-proxy beside them takes the packet."""
    one = explained(service({"port": 80}, annotations=annotations), deployment(), *PODS, *NODES)
    (pods,) = [each for each in one.path.clients if each.group is ClientGroup.PODS]
    causes = {reason.cause for leg in traced("pod/front", one).legs for hop in leg.hops for reason in hop.because}
    assert {reason.cause for reason in pods.hops[0].because} <= causes
    assert PASS is pods.hops[0].outcome
