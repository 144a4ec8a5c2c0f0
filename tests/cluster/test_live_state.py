"""The state of a Service as it is shown: endpoints by node, events, durations."""

from typing import Any

import pytest

from kubectl_akslb.cluster.live_state import MAX_EVENTS, live_state
from kubectl_akslb.model.live_state import LiveState, NodeEndpoints, duration
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.walk import walk
from kubectl_akslb.provider.events import explained
from tests.given.objects import Object, at, endpoint, event, live, node, piece, service_object
from tests.given.on_nodes import EXCLUDE, LOCAL, Given


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (172_799, "47 h"), (172_800, "2 days")],
)
def test_duration(seconds: int, expected: str) -> None:
    assert expected == duration(seconds)


@pytest.mark.parametrize(
    ("reason", "message", "cause", "fix"),
    [
        ("SyncLoadBalancerFailed", "LinkedAuthorizationFailed: has permission ... publicIPAddresses/join/action", "may not join the public IP", "Network Contributor"),
        ("SyncLoadBalancerFailed", "LinkedAuthorizationFailed ... virtualNetworks/subnets/join/action", "may not join the subnet", "SUBNET"),
        ("SyncLoadBalancerFailed", "AuthorizationFailed ... virtualNetworks/subnets/read", "may not read the subnet", "SUBNET"),
        ("SyncLoadBalancerFailed", "Standard sku load balancer x cannot reference Basic sku publicIP y", "different SKUs", "--sku Standard"),
        ("SyncLoadBalancerFailed", "Code=PublicIPCountLimitReached", "as many public IPs as it may", "quota"),
        ("SyncLoadBalancerFailed", "PrivateIPAddressNotInSubnet", "not in the subnet", "internal-subnet"),
        ("SyncLoadBalancerFailed", "PrivateIPAddressIsAllocated", "in use", "free one"),
        ("SyncLoadBalancerFailed", "RequestDisallowedByPolicy", "Azure Policy", "internal"),
        ("SyncLoadBalancerFailed", "cannot have more than 299 NAT or LB rules", "300 load-balancing rules", "fewer ports"),
        ("SyncLoadBalancerFailed", "the minimum value of num-of-probe is 2", "refuses", "2 or more"),
        ("UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer", "no node may take traffic", "kubectl get nodes"),
        ("SyncLoadBalancerFailed", "something that nobody knows", "", ""),
    ],
)  # fmt: skip
def test_cause(reason: str, message: str, cause: str, fix: str) -> None:
    found = explained(reason, message)
    assert bool(cause) == (found is not None)
    assert found is None or (cause in found.cause and fix in found.remedy)


def state(*objects: Object, unread: tuple[str, ...] = (), **spec: Any) -> LiveState:
    given = Given(*objects, unread=unread, status=at("20.1.2.3"), **spec)
    path = walk(given.context)
    return live_state(given.context, path)


def test_every_node_is_listed_with_its_place_in_rotation() -> None:
    nodes = [node("n1"), node("n2"), node("n3", labels={EXCLUDE: ""})]
    found = state(*nodes, piece(endpoint("a", "n1"), endpoint("b", "n1", ready=False)), **LOCAL)
    label = "excluded by its label"
    expected = (
        NodeEndpoints("n1", 1, 1, True, "answers the probe"),
        NodeEndpoints("n2", 0, 0, False, "no ready pod there, so it fails the probe"),
        NodeEndpoints("n3", 0, 0, False, label),
    )
    assert (1, 1, expected) == (found.ready, found.not_ready, found.endpoints)


def test_without_nodes_those_with_endpoints_are_listed() -> None:
    found = state(piece(endpoint("a", "n1"), endpoint("b", None)), unread=("Node",))
    assert (NodeEndpoints("n1", 1, 0, None, ""), NodeEndpoints("", 1, 0, None, "")) == found.endpoints


def test_a_node_counts_by_the_rule_that_it_serves_the_least() -> None:
    ports = [
        {"name": "http", "port": 80, "targetPort": 8080, "nodePort": 30080},
        {"name": "x", "port": 81, "nodePort": 30081},
    ]
    found = state(node("n1"), piece(endpoint("a", "n1")), ports=ports)
    assert [False] == [one.passes for one in found.endpoints or ()]


def test_what_could_not_be_read_is_not_made_up() -> None:
    found = state(unread=("EndpointSlice", "Event", "Node"))
    assert (None, None, None, ("20.1.2.3",)) == (found.ready, found.endpoints, found.events, found.addresses)


def test_the_last_events_are_shown() -> None:
    many = [event("SyncLoadBalancerFailed", f"try {minutes}", minutes) for minutes in range(1, 10)]
    shown = state(*many).events or ()
    assert (MAX_EVENTS, "try 1") == (len(shown), shown[0].message)


def test_a_service_without_an_address_is_pending() -> None:
    given, evidence = Given(), live(service_object(status=at()))
    path = walk(PathContext(given.derivation, given.cluster, evidence))
    assert live_state(PathContext(given.derivation, given.cluster, evidence), path).pending


def test_a_node_that_fails_over_one_family_names_it() -> None:
    dual = {"ipFamilies": ["IPv4", "IPv6"], "clusterIPs": ["10.0.0.1", "fd00::1"], **LOCAL}
    both = node("n1")
    both["status"]["addresses"].append({"type": "InternalIP", "address": "fd01::4"})
    (one,) = state(both, piece(endpoint("a", "n1")), **dual).endpoints or ()
    assert (False, "no ready pod there, so it fails the probe over IPv6") == (one.passes, one.because)
    (one,) = state(both, piece(), **dual).endpoints or ()
    assert (False, "no ready pod there, so it fails the probe") == (one.passes, one.because)
    (one,) = state(node("n1"), piece(endpoint("a", "n1")), **dual).endpoints or ()
    assert (False, "no InternalIP over IPv6") == (one.passes, one.because)
