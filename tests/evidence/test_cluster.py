"""Objects of a cluster to evidence: slices, nodes, DaemonSets, pods, events, status."""

from datetime import datetime
from typing import Any

import pytest

from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import EvidenceSource
from kubectl_akslb.evidence.objects import Objects, age_of
from kubectl_akslb.evidence.state import DaemonSet, Endpoint, EndpointPort, Ingress, PolicyEngine
from tests.given.objects import (
    NOW,
    Object,
    at,
    daemon_set,
    endpoint,
    event,
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

HTTP = (EndpointPort("http", 8080),)


@pytest.mark.parametrize(
    ("slices", "expected"),
    [
        ([piece(endpoint("a", "n1"), endpoint("b", "n2", ready=False))], [("a", "n1", True), ("b", "n2", False)]),
        ([piece(endpoint("a", ready=None))], [("a", "n1", True)]),
        ([piece(endpoint("a", None))], [("a", "", True)]),
        ([piece(endpoint("a", None)), piece(endpoint("a"))], [("a", "n1", True)]),
        ([piece(endpoint("a", ready=False)), piece(endpoint("a"))], [("a", "n1", True)]),
        ([piece()], []),
        ([piece(endpoint("a"), name="other")], None),
    ],
)
def test_endpoints(slices: list[Object], expected: list[tuple[str, str, bool]] | None) -> None:
    found = files(service_object(), *slices).endpoints
    assert expected == (None if found is None else [(one.name, one.node, one.ready) for one in found])


def test_both_families_of_a_pod_are_one_endpoint() -> None:
    second = endpoint("a")
    second["addresses"] = ["fd00::1"]
    (found,) = files(service_object(), piece(endpoint("a")), piece(second, family="IPv6")).endpoints or ()
    assert ("10.244.0.97", "fd00::1") == found.addresses


def test_ports_of_many_slices_of_a_pod_come_together() -> None:
    both = [piece(endpoint("a")), piece(endpoint("a"), ports=[{"name": "https", "port": 8443}])]
    (found,) = files(service_object(), *both).endpoints or ()
    assert (EndpointPort("http", 8080), EndpointPort("https", 8443)) == found.ports


@pytest.mark.parametrize("ports", [[], None, [{"name": "http", "port": None}], [{"name": "http"}]])
def test_a_slice_without_ports_serves_nothing(ports: Any) -> None:
    own = piece(endpoint("a"))
    own["ports"] = ports
    (found,) = files(service_object(), own).endpoints or ()
    assert found.ports is None


def test_conditions_that_are_missing() -> None:
    own = piece(
        endpoint("a", ready=False, terminating=True, serving=True),
        endpoint("b", ready=None),
        endpoint("c", ready=False),
    )
    first, second, third = files(service_object(), own).endpoints or ()
    assert (True, True) == (first.serving, first.terminating)
    assert (True, False) == (second.serving, second.terminating)
    assert (False, False) == (third.serving, third.terminating)


def test_endpoints_that_somebody_wrote_by_hand() -> None:
    by_hand = {
        "kind": "Endpoints",
        "metadata": {"name": "web"},
        "subsets": [
            {"addresses": [{"ip": "10.1.1.1"}], "notReadyAddresses": [{"ip": "10.1.1.2"}], "ports": [{"port": 8080}]}
        ],
    }
    ports = (EndpointPort("", 8080),)
    expected = [("10.1.1.1", True, ports), ("10.1.1.2", False, ports)]
    assert expected == [(one.name, one.ready, one.ports) for one in files(service_object(), by_hand).endpoints or ()]


def test_nothing_is_taken_for_read_that_was_not() -> None:
    nothing = files(service_object())
    assert (None, None, None, None, None, ()) == (
        nothing.endpoints, nothing.nodes, nothing.daemon_sets, nothing.events, nothing.pods, nothing.policies,
    )  # fmt: skip
    everything = live(service_object())
    assert ((), (), (), (), (), ()) == (
        everything.endpoints, everything.nodes, everything.daemon_sets, everything.events, everything.pods,
        everything.policies,
    )  # fmt: skip
    forbidden = live(service_object(), unread=("EndpointSlice", "Node", "NetworkPolicy", "Pod"))
    assert (None, None, None, None) == (forbidden.endpoints, forbidden.nodes, forbidden.policies, forbidden.running)


def test_files_and_a_cluster_with_the_same_objects_say_the_same() -> None:
    objects = (
        piece(endpoint("web-1")), node(), daemon_set("kube-proxy"), pod(), policy(), event("SyncLoadBalancerFailed"),
        workload(),
    )  # fmt: skip
    service = service_object(status=at("20.1.2.3"))
    ours, theirs = files(service, *objects), live(service, *objects)
    same = ours._replace(source=theirs.source, objects=theirs.objects, engine=theirs.engine)
    assert theirs == same


def test_nodes() -> None:
    gone = node("n2", ready="Unknown", taints=["ToBeDeletedByClusterAutoscaler"])
    bare: Object = {"kind": "Node", "metadata": {"name": "n3", "deletionTimestamp": "2026-05-29T11:00:00Z"}}
    first, second, third = files(service_object(), node(labels={"a": "b"}), gone, bare).nodes or ()
    assert ("n1", ("10.224.0.159",), {"a": "b"}, True, False) == (
        first.name,
        first.addresses,
        first.labels,
        first.ready,
        first.deleting,
    )
    assert (False, True, ("ToBeDeletedByClusterAutoscaler",)) == (second.ready, second.deleting, second.taints)
    assert (None, True, None, ()) == (third.ready, third.deleting, third.provider_id, third.addresses)


def test_the_pod_of_kube_proxy_on_each_node() -> None:
    proxy = pod("kube-proxy-x", ready=False)
    proxy["metadata"].update(namespace="kube-system", labels={"component": "kube-proxy"})
    first, second = files(service_object(), node("n1"), node("n2"), proxy).nodes or ()
    assert (False, None) == (first.kube_proxy, second.kube_proxy)


def test_daemon_sets() -> None:
    own = daemon_set("cloud-node-manager", 0, 3, ("cloud-node-manager", "health-probe-proxy"))
    elsewhere = daemon_set("kube-proxy", namespace="shop")
    expected = (DaemonSet("cloud-node-manager", 3, 0, ("cloud-node-manager", "health-probe-proxy")),)
    assert expected == files(service_object(), own, elsewhere).daemon_sets


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        ([daemon_set("cilium")], PolicyEngine.CILIUM),
        ([daemon_set("azure-npm")], PolicyEngine.AZURE),
        ([daemon_set("calico-node", namespace="calico-system")], PolicyEngine.CALICO),
        ([daemon_set("kube-proxy")], PolicyEngine.NONE),
    ],
)
def test_what_enforces_policies(sets: list[Object], expected: PolicyEngine) -> None:
    assert expected is live(service_object(), *sets).engine
    in_files = files(service_object(), *sets).engine
    assert in_files is (None if expected is PolicyEngine.NONE else expected)
    assert live(service_object(), daemon_set("kube-proxy"), unread=("policy engines",)).engine is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"containerStatuses": [{"state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}}}]}, ("CrashLoopBackOff", "back-off")),
        ({"containerStatuses": [{"state": {"waiting": {"reason": "ImagePullBackOff"}}}]}, ("ImagePullBackOff", "")),
        ({"initContainerStatuses": [{"state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}, ("CrashLoopBackOff", "")),
        ({"containerStatuses": [{"state": {"terminated": {"reason": "OOMKilled"}}}]}, ("OOMKilled", "")),
        ({"containerStatuses": [{"state": {"waiting": {"reason": "ContainerCreating"}}}]}, ("ContainerCreating", "")),
        ({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}]}, ("Unschedulable", "0/3 nodes")),
        ({"conditions": [{"type": "Ready", "status": "False", "reason": "ContainersNotReady", "message": "containers with unready status: [app]"}]}, ("ContainersNotReady", "containers with unready status: [app]")),
        ({"conditions": []}, ("", "")),
    ],
)  # fmt: skip
def test_why_a_pod_is_not_ready(status: Object, expected: tuple[str, str]) -> None:
    (found,) = files(service_object(), pod(ready=False, status=status)).running or ()
    assert expected == (found.reason, found.message)


def test_a_pod_without_a_network_says_so_in_its_events() -> None:
    waiting = {"containerStatuses": [{"state": {"waiting": {"reason": "ContainerCreating"}}}]}
    failed = event(
        "FailedCreatePodSandBox", "Failed to allocate address: No available addresses", about="web-1", kind="Pod"
    )
    (found,) = files(service_object(), pod(ready=False, status=waiting), failed).running or ()
    assert ("FailedCreatePodSandBox", "Failed to allocate address: No available addresses") == (
        found.reason,
        found.message,
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"phase": "Succeeded"}, ("Completed", "")),
        ({"phase": "Succeeded", "conditions": [{"type": "Ready", "status": "True"}]}, ("Completed", "")),
        ({"phase": "Failed", "reason": "Evicted", "message": "low on memory"}, ("Evicted", "low on memory")),
        ({"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"reason": "Error"}}}]}, ("Error", "")),
    ],
)
def test_pods_that_ended_count_where_there_are_no_others(status: Object, expected: tuple[str, str]) -> None:
    (found,) = files(service_object(), pod(status=status)).running or ()
    assert (False, *expected) == (found.ready, found.reason, found.message)
    (other,) = files(service_object(), pod(status=status), pod("web-2")).running or ()
    assert "web-2" == other.name


def test_what_a_pod_that_starts_waits_for_is_in_its_events() -> None:
    starting = {"phase": "Pending", "containerStatuses": [{"state": {"waiting": {"reason": "ContainerCreating"}}}]}
    mount = event("FailedMount", 'secret "tls" not found', about="web-1", kind="Pod")
    other = event("FailedScheduling", "0/3 nodes", about="web-1", kind="Pod")
    (found,) = files(service_object(), pod(ready=False, status=starting), mount, other).running or ()
    assert ("FailedMount", 'secret "tls" not found') == (found.reason, found.message)


def test_how_a_container_ended_before_it_was_started_again() -> None:
    ended = {"terminated": {"reason": "OOMKilled", "exitCode": 137}}
    waits = {
        "name": "app",
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
        "lastState": ended,
    }
    (found,) = (
        files(service_object(), pod(ready=False, status={"phase": "Running", "containerStatuses": [waits]})).running
        or ()
    )
    assert ("CrashLoopBackOff", "it ended with OOMKilled (137); back-off") == (found.reason, found.message)
    (found,) = (
        files(
            service_object(),
            pod(ready=False, status={"phase": "Pending", "initContainerStatuses": [{**waits, "lastState": {}}]}),
        ).running
        or ()
    )
    assert ("CrashLoopBackOff", "init container app; back-off") == (found.reason, found.message)


def owned(data: Object, kind: str, name: str) -> Object:
    data["metadata"]["ownerReferences"] = [{"kind": kind, "name": name, "controller": True}]
    return data


def test_pods_count_as_those_of_their_workload() -> None:
    pods = [owned(pod(f"web-5d4f-{number}"), "ReplicaSet", "web-5d4f") for number in range(3)]
    for one in pods:
        one["metadata"]["labels"]["pod-template-hash"] = "5d4f"
    alone = files(service_object(), *pods)
    assert ["Deployment/web"] == [one.owner for one in alone.pods or ()]
    assert 3 == len(alone.running or ())
    old = owned(workload("ReplicaSet"), "Deployment", "web")
    assert ["Deployment/web"] == [one.owner for one in files(service_object(), workload(), old, *pods).pods or ()]


def test_workloads_that_the_selector_does_not_match_are_the_others() -> None:
    found = files(service_object(), workload(app="db"))
    assert ((), ["Deployment/db"]) == (found.pods, [one.owner for one in found.others])


def test_events_are_those_of_this_service_newest_first() -> None:
    older = event("SyncLoadBalancerFailed", "of an older one", 5)
    older["involvedObject"]["uid"] = "other"
    service = service_object(metadata={"uid": "mine"})
    found = live(
        service,
        older,
        event("EnsuringLoadBalancer", minutes=9, warning=False),
        event("SyncLoadBalancerFailed", "no", 3),
    )
    assert ["SyncLoadBalancerFailed", "EnsuringLoadBalancer"] == [one.reason for one in found.events or ()]


def test_a_failure_before_a_success_is_over() -> None:
    found = live(
        service_object(),
        event("SyncLoadBalancerFailed", minutes=9),
        event("EnsuredLoadBalancer", minutes=5, warning=False),
    )
    assert [False, True] == [one.over for one in found.events or ()]
    found = live(
        service_object(),
        event("UpdateLoadBalancerFailed", minutes=2),
        event("EnsuredLoadBalancer", minutes=5, warning=False),
    )
    assert [False, False] == [one.over for one in found.events or ()]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, None),
        ({}, ()),
        (at(), ()),
        (at("20.1.2.3", ipMode="VIP"), (Ingress("20.1.2.3"),)),
        (at("20.1.2.3", ipMode="Proxy"), (Ingress("20.1.2.3", proxied=True),)),
        ({"loadBalancer": {"ingress": [{"hostname": "lb.example.com"}]}}, (Ingress("lb.example.com"),)),
    ],
)
def test_status(status: Object | None, expected: tuple[Ingress, ...] | None) -> None:
    found = files(service_object(status=status))
    assert expected == found.ingress
    assert tuple(one.address for one in expected or ()) == found.addresses


def test_fields_of_the_service_that_the_provider_does_not_read() -> None:
    metadata = {"deletionTimestamp": "2026-05-29T11:59:00Z", "creationTimestamp": "2026-05-29T11:00:00Z"}
    found = files(service_object(metadata=metadata, externalIPs=["20.9.9.9"], publishNotReadyAddresses=True))
    assert (True, 3600, ("20.9.9.9",), True) == (
        found.deleting,
        found.age,
        found.external_ips,
        found.publishes_not_ready,
    )


@pytest.mark.parametrize(
    "broken", [None, 1, "x", [], [None], {"metadata": 1}, {"spec": [], "status": "x", "endpoints": {}}]
)
@pytest.mark.parametrize(
    "kind",
    ["EndpointSlice", "Node", "DaemonSet", "Pod", "Event", "NetworkPolicy", "Deployment", "Endpoints", "Service"],
)
def test_damaged_objects_are_passed_over(kind: str, broken: Any) -> None:
    one = {
        "kind": kind,
        "metadata": broken,
        "spec": broken,
        "status": broken,
        "involvedObject": broken,
        "endpoints": broken,
    }
    if isinstance(broken, dict):
        one.update(broken)
    found = evidence_of(read(service_object()), Objects([one]), EvidenceSource.CLUSTER, now=NOW, read={kind})
    assert not found.endpoints and not found.running


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-05-29T11:59:00Z", 60),
        ("2026-05-29T11:59:59.500000Z", 0),
        ("2026-05-29T13:00:00Z", 0),
        (datetime(2026, 5, 29, 11, 0, 0), 3600),  # noqa: DTZ001 - as YAML reads it
        (None, None),
        ("yesterday", None),
        ("2026-05-29T11:59:00", None),
    ],
)
def test_age(time: object, expected: int | None) -> None:
    assert expected == age_of(time, NOW)


def test_an_endpoint_has_ports_of_its_slice() -> None:
    assert (Endpoint("a", ("10.244.0.97",), "n1", ready=True, serving=True, terminating=False, ports=HTTP),) == files(
        service_object(), piece(endpoint("a"))
    ).endpoints
