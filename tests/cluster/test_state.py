"""Endpoints by node, events with cause and fix, ages: JSON of the API in, state out."""

from datetime import datetime, timezone
from typing import Any

import pytest

from kubectl_akslb.cluster.state import Surroundings, age_of, by_node, endpoints, events, states
from kubectl_akslb.model.live import LiveState, NodeEndpoints, duration
from kubectl_akslb.provider.events import cause_of
from tests.e2e.apiserver import objects as make

NOW = datetime(2026, 5, 29, 12, 0, 0, tzinfo=timezone.utc)
EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"


def piece(name: str, *found: tuple[str, str, bool | None], family: str = "IPv4") -> dict[str, Any]:
    slice_ = make.endpoint_slice(name, *((pod, node, bool(ready)) for pod, node, ready in found))
    slice_["metadata"]["namespace"] = "shop"
    slice_["addressType"] = family
    for endpoint, (_, _, ready) in zip(slice_["endpoints"], found, strict=True):
        if ready is None:
            del endpoint["conditions"]["ready"]
    return slice_


@pytest.mark.parametrize(
    ("slices", "expected"),
    [
        ([], {}),
        ([piece("web", ("a", "n1", True), ("b", "n1", False))], {"a": ("n1", True), "b": ("n1", False)}),
        ([piece("web", ("a", "n1", None))], {"a": ("n1", True)}),
        ([piece("web", ("a", "n1", True)), piece("web", ("a", "n1", True), family="IPv6")], {"a": ("n1", True)}),
        ([piece("web", ("a", "n1", False)), piece("web", ("a", "n1", True))], {"a": ("n1", True)}),
    ],
)
def test_endpoints(slices: list[dict[str, Any]], expected: dict[str, tuple[str, bool]]) -> None:
    assert expected == {name: tuple(one) for name, one in endpoints(slices).get(("shop", "web"), {}).items()}


def test_slices_of_nobody_and_damaged_ones_are_passed_over() -> None:
    assert {} == endpoints([{}, {"metadata": {"labels": {}}}, {"metadata": None, "endpoints": None}])


def test_endpoints_without_a_pod_are_told_apart_by_their_addresses() -> None:
    own = piece("web", ("a", "n1", True), ("b", "n2", True))
    for endpoint in own["endpoints"]:
        del endpoint["targetRef"], endpoint["nodeName"]
    pods = endpoints([own])[("shop", "web")]
    assert [NodeEndpoints("", 2, 0, None, "")] == list(by_node(pods.values(), None))


def test_every_node_is_listed_and_an_excluded_one_is_out() -> None:
    nodes = [make.node(0), make.node(1, labels={EXCLUDED: ""})]
    names = [node["metadata"]["name"] for node in nodes]
    pods = endpoints([piece("web", ("a", names[0], True))])[("shop", "web")]
    first, second = by_node(pods.values(), nodes)
    assert (names[0], 1, 0, None) == first[:4]
    assert (names[1], 0, 0, False) == second[:4]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-05-29T11:59:00Z", 60),
        ("2026-05-29T11:59:59.500000Z", 0),
        ("2026-05-29T13:00:00Z", 0),
        (None, None),
        ("yesterday", None),
        ("2026-05-29T11:59:00", None),
    ],
)
def test_age(time: object, expected: int | None) -> None:
    assert expected == age_of(time, NOW)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (172_799, "47 h"), (172_800, "2 days")],
)
def test_duration(seconds: int, expected: str) -> None:
    assert expected == duration(seconds)


def happened(reason: str, message: str, minutes: int, kind: str = "Warning", **more: Any) -> dict[str, Any]:
    time = f"2026-05-29T11:{60 - minutes:02}:00Z"
    about = {"kind": "Service", "name": "web", "namespace": "shop", "uid": "u"}
    return {
        "involvedObject": about, "type": kind, "reason": reason, "message": message, "lastTimestamp": time, **more,
    }  # fmt: skip


def test_events_newest_first_each_once() -> None:
    found = events(
        [
            happened("EnsuringLoadBalancer", "Ensuring", 9, "Normal"),
            happened("SyncLoadBalancerFailed", "SubnetIsFull", 2, count=7),
            happened("SyncLoadBalancerFailed", "SubnetIsFull", 5),
        ],
        NOW,
    )["u"]
    assert [("SyncLoadBalancerFailed", 7, 120), ("EnsuringLoadBalancer", 1, 540)] == [
        (event.reason, event.times, event.age) for event in found
    ]
    assert ("the subnet has no free address", "use a larger subnet or another one") == (found[0].cause, found[0].fix)


def test_a_warning_before_a_success_is_over() -> None:
    found = events(
        [happened("EnsuredLoadBalancer", "Ensured", 1, "Normal"), happened("SyncLoadBalancerFailed", "x", 5)], NOW
    )["u"]
    assert [False, True] == [event.over for event in found]


def test_a_warning_after_a_success_is_not_over() -> None:
    found = events(
        [happened("EnsuredLoadBalancer", "Ensured", 5, "Normal"), happened("SyncLoadBalancerFailed", "x", 1)], NOW
    )["u"]
    assert [("SyncLoadBalancerFailed", False), ("EnsuredLoadBalancer", False)] == [(e.reason, e.over) for e in found]


def test_events_of_the_newer_api_have_a_series() -> None:
    one = happened("X", "y", 5, lastTimestamp=None, eventTime="2026-05-29T11:00:00.000000Z", series={
        "count": 4, "lastObservedTime": "2026-05-29T11:58:00.000000Z",
    })  # fmt: skip
    (event,) = events([one], NOW)["u"]
    assert (4, 120) == (event.times, event.age)


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
    found = cause_of(reason, message)
    assert cause in found[0]
    assert fix in found[1]
    assert bool(cause) == bool(found[0])


def test_what_could_not_be_read_is_not_made_up() -> None:
    service = {"metadata": {"name": "web", "namespace": "shop", "uid": "u"}, "status": {"loadBalancer": {}}}
    (state,) = states([service], Surroundings(None, None, None), NOW)
    assert LiveState((), None) == state
    assert state.pending


def test_addresses_and_hostnames() -> None:
    ingress = [{"ip": "20.1.2.3"}, {"hostname": "x.example"}, {}]
    service = {"metadata": {"name": "web"}, "status": {"loadBalancer": {"ingress": ingress}}}
    (state,) = states([service], Surroundings([], [], []), NOW)
    assert (("20.1.2.3", "x.example"), 0, 0, ()) == (state.addresses, state.ready, state.not_ready, state.events)
