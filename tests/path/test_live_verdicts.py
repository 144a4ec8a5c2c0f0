"""What a broken cluster is found to suffer from: objects in the state that each trouble leaves, and the hop that is to blame."""

import json
from typing import Any

import pytest

from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.explain_services import explain
from kubectl_akslb.cluster.reading import Reading
from kubectl_akslb.evidence.evidence import EvidenceSource
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.sentences import SENTENCES, sentences
from kubectl_akslb.path.verdict import Verdict, VerdictKind
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.pipeline import explain as explain_files
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import (
    EVERYTHING,
    NOW,
    Object,
    at,
    blocks,
    container,
    daemon_set,
    endpoint,
    event,
    node,
    of_cilium,
    piece,
    pod,
    policy,
    service_object,
)
from tests.given.services import on

WORKS, DOWN, PENDING, UNKNOWN = VerdictKind.WORKS, VerdictKind.DOWN, VerdictKind.PENDING, VerdictKind.UNKNOWN
DEPENDS, UNREACHABLE = VerdictKind.DEPENDS, VerdictKind.UNREACHABLE
POD, POOL, PROBE, NODE, POLICY = HopName.POD, HopName.POOL, HopName.PROBE, HopName.NODE, HopName.POLICY
EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"
PREFIX = "service.beta.kubernetes.io/"
UID = "8f3c9b1e-1234-4cde-9abc-0123456789ab"
LOCAL: dict[str, Any] = {"externalTrafficPolicy": "Local", "healthCheckNodePort": 31000}
NAMED = {"name": "http", "port": 80, "targetPort": "web", "nodePort": 30080}
HTTP = {"name": "http", "port": 80, "targetPort": 8080, "nodePort": 30080}
READY_ALONE = {"conditions": [{"type": "Ready", "status": "True"}]}
NO_NODE_PORTS: dict[str, Any] = {
    "allocateLoadBalancerNodePorts": False, "ports": [{"name": "http", "port": 80, "targetPort": 8080}],
}  # fmt: skip
READY = {"readinessProbe": {"tcpSocket": {"port": 8080}}}
PROXIES = daemon_set("kube-proxy")
SIDECAR = ("cloud-node-manager", "health-probe-proxy")


def stored(
    *, status: Object | None = None, annotations: Object | None = None, deleted: bool = False, **spec: Any
) -> Object:
    """The Service as the API server has it, with an address unless *status* is another."""
    metadata: Object = {"uid": UID, "namespace": "default", "creationTimestamp": "2026-05-29T10:00:00Z"}
    metadata["annotations"] = {PREFIX + key: value for key, value in (annotations or {}).items()}
    if deleted:
        metadata["deletionTimestamp"] = "2026-05-29T11:59:00Z"
    body = {"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "ipFamilies": ["IPv4"], **spec}
    return service_object(status=at("20.1.2.3") if status is None else status, metadata=metadata, **body)


def live(
    *objects: Object,
    service: Object | None = None,
    unread: tuple[str, ...] = (),
    flags: Connection | None = None,
    **settings: Any,
) -> Explained:
    """What is explained of a Service among the objects of a cluster: kube-proxy, a node and a ready pod unless others are given."""
    given = {one["kind"] for one in objects}
    usual = [
        ("Node", node("n1")),
        ("Pod", pod(containers=[container(8080, **READY)])),
        ("EndpointSlice", piece(endpoint("web-1"))),
        ("DaemonSet", PROXIES),
    ]
    beside = (*objects, *(one for kind, one in usual if kind not in given and kind not in unread))
    reading = Reading((service or stored(),), beside, EVERYTHING - set(unread))
    found = explain(reading, on(str(NEWEST), **settings), (), connection=flags or Connection(), named=True, now=NOW)
    assert not found.problems
    return found.services[0]


def said(one: Explained) -> tuple[VerdictKind, HopName | None, Cause]:
    """The verdict, the hop that is to blame, and its first cause."""
    verdict: Verdict = one.path.verdict
    return verdict.kind, verdict.hop.name if verdict.hop is not None else None, verdict.because[0].cause


def waiting(reason: str, message: str = "") -> Object:
    return {"containerStatuses": [{"state": {"waiting": {"reason": reason, "message": message}}}]}


def without_network() -> Object:
    """A node to which no route was made."""
    one = node()
    one["status"]["conditions"].append({"type": "NetworkUnavailable", "status": "True"})
    return one


READY_POD, NOT_READY = piece(endpoint("web-1")), piece(endpoint("web-1", ready=False))
CLOSED: Object = {"from": [{"namespaceSelector": {}}]}
CALICO = daemon_set("calico-node")
TWO = (node("n1"), node("n2"))
CASES: dict[str, tuple[tuple[Object, ...], Object, Object, tuple[VerdictKind, HopName | None, Cause]]] = {
    "selector": ((piece(), pod(app="webb")), {}, {}, (DOWN, POD, Cause.SELECTOR_MATCHES_NOTHING)),
    "no pod in the slices": ((piece(),), {}, {}, (DOWN, POD, Cause.NOT_IN_SLICES_YET)),
    "targetPort by number": ((pod(containers=[container(9090)]),), {}, {}, (DEPENDS, POD, Cause.PORT_NOT_DECLARED)),
    "targetPort by name": ((piece(endpoint("web-1"), ports=[]),), {"ports": [NAMED]}, {}, (DOWN, POD, Cause.NOT_IN_ENDPOINT_SLICES)),
    "CrashLoopBackOff": ((NOT_READY, pod(ready=False, status=waiting("CrashLoopBackOff"))), {}, {}, (DOWN, POD, Cause.NOT_READY)),
    "ImagePullBackOff": ((NOT_READY, pod(ready=False, status=waiting("ImagePullBackOff"))), {}, {}, (DOWN, POD, Cause.NOT_READY)),
    "no address for the pod": (
        (
            piece(), pod(ready=False, status=waiting("ContainerCreating")),
            event("FailedCreatePodSandBox", "No available addresses", about="web-1", kind="Pod"),
        ),
        {}, {}, (DOWN, POD, Cause.NOT_READY),
    ),
    "Local, pods on excluded nodes": (
        (node("n1", labels={EXCLUDE: ""}), node("n2")), LOCAL, {}, (DOWN, PROBE, Cause.NONE_IN_ROTATION),
    ),
    "addresses in the pool, and nodes without one": (
        ({**node(), "status": READY_ALONE},), {}, {"pool_type": "nodeIP"}, (DOWN, POOL, Cause.NO_MEMBER),
    ),
    "all nodes excluded": ((node(labels={EXCLUDE: ""}),), {}, {}, (DOWN, POOL, Cause.NO_MEMBER)),
    "managed=false": ((node(labels={"kubernetes.azure.com/managed": "false"}),), {}, {}, (DOWN, POOL, Cause.NO_MEMBER)),
    "virtual nodes only": ((node(labels={"type": "virtual-kubelet"}),), {}, {}, (DOWN, POOL, Cause.NO_MEMBER)),
    "no node is ready": ((node(ready="Unknown"),), {}, {}, (DOWN, PROBE, Cause.NONE_IN_ROTATION)),
    "no network on the node": ((without_network(),), {}, {}, (DEPENDS, PROBE, Cause.NODE_HAS_NO_NETWORK)),
    "deletion taint, by address": (
        (node(taints=["ToBeDeletedByClusterAutoscaler"]),), {}, {"pool_type": "nodeIP"}, (DOWN, POOL, Cause.NO_MEMBER),
    ),
    "deletion taint, shared probe": (
        (node(taints=["ToBeDeletedByClusterAutoscaler"]),), {}, {"probe_mode": "shared", "shared_probe_port": 10256},
        (DOWN, PROBE, Cause.NONE_IN_ROTATION),
    ),
    "sidecar down": (
        (PROXIES, daemon_set("cloud-node-manager", 0, 3, SIDECAR)), {}, {"probe_mode": "shared", "shared_probe_port": 10356},
        (DOWN, PROBE, Cause.NO_KUBE_PROXY),
    ),
    "a slice without node names": ((piece(endpoint("web-1", None)),), LOCAL, {}, (DOWN, PROBE, Cause.NONE_IN_ROTATION)),
    "ranges with an Azure tag": (
        (), {"loadBalancerSourceRanges": ["10.0.0.0/8"], "annotations": {"azure-allowed-service-tags": "AzureFrontDoor.Backend"}}, {},
        (UNREACHABLE, NODE, Cause.TAG_BESIDE_SOURCE_RANGES),
    ),
    "policy for pods only, Local": (
        (policy(CLOSED), CALICO, PROXIES), LOCAL, {}, (UNREACHABLE, POLICY, Cause.POLICIES_KEEP_OUT),
    ),
    "policy for pods only, Cluster": (
        (policy(CLOSED), CALICO, PROXIES, *TWO), {}, {}, (DEPENDS, POLICY, Cause.POLICIES_KEEP_OUT_NODES),
    ),
    "policy for another port": (
        (policy(blocks("0.0.0.0/0", ports=[{"port": 9090}])), CALICO, PROXIES), LOCAL, {},
        (UNREACHABLE, POLICY, Cause.POLICIES_KEEP_OUT),
    ),
    "policy with except": (
        (policy(blocks("0.0.0.0/0", cut=["198.51.100.0/24"])), CALICO, PROXIES), LOCAL, {},
        (DEPENDS, POLICY, Cause.POLICIES_LET_IN_SOME),
    ),
    "policy that nothing enforces": ((policy(CLOSED), PROXIES), {}, {}, (WORKS, None, Cause.LISTENS)),
    "kube-proxy down on some nodes": ((daemon_set("kube-proxy", 2, 3),), {}, {}, (DEPENDS, NODE, Cause.KUBE_PROXY_DOWN)),
    "last change failed": (
        (event("SyncLoadBalancerFailed", "SubnetIsFull", 1), event("EnsuredLoadBalancer", minutes=9, warning=False)), {}, {},
        (PENDING, HopName.ACCEPTED, Cause.SYNC_FAILED_SINCE),
    ),
    "last change failed once": (
        (event("SyncLoadBalancerFailed", "SubnetIsFull", 9), event("EnsuredLoadBalancer", minutes=1, warning=False)), {}, {},
        (WORKS, None, Cause.LISTENS),
    ),
    "pending": (
        (event("SyncLoadBalancerFailed", "SubnetIsFull", 1),), {"status": at()}, {}, (PENDING, HopName.ACCEPTED, Cause.SYNC_FAILED),
    ),
    "pending in silence": ((), {"status": at()}, {}, (PENDING, HopName.ACCEPTED, Cause.NO_EVENT)),
    "deletion hangs": (
        (event("SyncLoadBalancerFailed", "failed to delete load balancer: ScopeLocked", 1),), {"deleted": True}, {},
        (PENDING, HopName.ACCEPTED, Cause.BEING_DELETED),
    ),
    "status is public, the manifest internal": (
        (), {"annotations": {"azure-load-balancer-internal": "true"}}, {}, (DEPENDS, HopName.ADDRESS, Cause.STATUS_IS_STALE),
    ),
    "pending in silence, and Azure refuses it": ((), {"status": at(), **NO_NODE_PORTS}, {}, (PENDING, HopName.ACCEPTED, Cause.REFUSED_BY_AZURE)),
    "pending, and Azure refused another thing": (
        (event("SyncLoadBalancerFailed", "SubnetIsFull", 1),), {"status": at(), **NO_NODE_PORTS}, {},
        (PENDING, HopName.ACCEPTED, Cause.SYNC_FAILED),
    ),
    "pending, and an event that does not say why": (
        (event("SyncLoadBalancerFailed", "timed out waiting for the condition", 1),), {"status": at(), **NO_NODE_PORTS}, {},
        (PENDING, HopName.ACCEPTED, Cause.REFUSED_BY_AZURE),
    ),
    "pending, and an event that nobody knows": (
        (event("SyncLoadBalancerFailed", "something new", 1),), {"status": at(), **NO_NODE_PORTS}, {},
        (PENDING, HopName.ACCEPTED, Cause.REFUSED_BY_AZURE),
    ),
    "pending, and nothing says why": (
        (event("SyncLoadBalancerFailed", "something new", 1),), {"status": at()}, {}, (PENDING, HopName.ACCEPTED, Cause.SYNC_FAILED),
    ),
    "a change failed since, and an event that does not say why": (
        (event("SyncLoadBalancerFailed", "something new", 1),), NO_NODE_PORTS, {}, (PENDING, HopName.ACCEPTED, Cause.REFUSED_BY_AZURE),
    ),
    "Cilium takes the address away": (
        (), {"status": of_cilium("False")}, {}, (PENDING, HopName.ACCEPTED, Cause.CILIUM_TAKES_ADDRESS),
    ),
    "Cilium gives the address": (
        (), {"status": of_cilium("True", "10.0.10.5")}, {}, (DEPENDS, HopName.ADDRESS, Cause.ADDRESS_OF_CILIUM),
    ),
    "Cilium gives an internal address": (
        (), {"status": of_cilium("True", "10.0.10.5"), "annotations": {"azure-load-balancer-internal": "true"}}, {},
        (DEPENDS, HopName.ADDRESS, Cause.ADDRESS_OF_CILIUM),
    ),
    "Cilium gave an address before": ((), {"status": of_cilium("True", "20.1.2.3")}, {}, (WORKS, None, Cause.LISTENS)),
    "Cilium gives none, and Azure's stays": ((), {"status": of_cilium("False", "20.1.2.3")}, {}, (WORKS, None, Cause.LISTENS)),
    "a condition of somebody else": (
        (), {"status": {**at("20.1.2.3"), "conditions": [{"type": "example.com/Other", "status": "True"}]}}, {},
        (WORKS, None, Cause.LISTENS),
    ),
    "ipMode Proxy": ((), {"status": at("20.1.2.3", ipMode="Proxy")}, {}, (UNREACHABLE, NODE, Cause.STATUS_IS_PROXIED)),
    "nothing wrong": ((), {}, {}, (WORKS, None, Cause.LISTENS)),
    "nothing wrong, Local": ((), LOCAL, {}, (WORKS, None, Cause.HEALTH_CHECK_ANSWERS)),
}  # fmt: skip


def proxy_on(name: str, *, ready: bool = True) -> Object:
    """The pod of kube-proxy on a node."""
    one = pod(f"kube-proxy-{name}", ready=ready, nodeName=name)
    one["metadata"] |= {"namespace": "kube-system", "labels": {"component": "kube-proxy"}}
    return one


LAME = (
    daemon_set("kube-proxy", 1, 2),
    proxy_on("n1"),
    proxy_on("n2", ready=False),
    pod(containers=[container(8080, **READY)]),
)


@pytest.mark.parametrize(
    ("nodes", "spec", "expected"),
    [
        (TWO, {}, (DEPENDS, NODE, Cause.KUBE_PROXY_DOWN)),
        (TWO, LOCAL, (WORKS, None, Cause.HEALTH_CHECK_ANSWERS)),
        ((node("n1"), node("n2", labels={EXCLUDE: ""})), {}, (WORKS, None, Cause.LISTENS)),
        ((node("n1"), node("n2", ready="False")), {}, (WORKS, None, Cause.LISTENS)),
    ],
    ids=["in rotation", "its health check is refused", "not in the pool", "not ready"],
)
def test_a_node_that_gets_nothing_needs_no_kube_proxy(nodes: Any, spec: Object, expected: object) -> None:
    assert expected == said(live(*nodes, *LAME, service=stored(**spec)))


@pytest.mark.parametrize("of_second", ["n1", "n2"])
def test_a_port_whose_pods_are_on_no_node_in_rotation(of_second: str) -> None:
    """Local: the health check counts the pods of all ports, and the first port has one on n1."""
    ports = [
        {"name": name, "port": number, "targetPort": name, "nodePort": 30000 + number}
        for name, number in (("a", 80), ("b", 443))
    ]
    pieces = [
        piece(endpoint(f"of-{name}", where), name="web", ports=[{"name": name, "port": 8080, "protocol": "TCP"}])
        for name, where in (("a", "n1"), ("b", of_second))
    ]
    for index, one in enumerate(pieces):
        one["metadata"]["name"] += str(index)
    pods = [
        pod(f"of-{name}", nodeName=where, containers=[container({"name": name, "containerPort": 8080}, readinessProbe={"tcpSocket": {"port": name}})])
        for name, where in (("a", "n1"), ("b", of_second))
    ]  # fmt: skip
    found = live(node("n1"), node("n2", labels={EXCLUDE: ""}), *pieces, *pods, service=stored(ports=ports, **LOCAL))
    verdict = found.path.verdict
    if of_second == "n1":
        assert WORKS is verdict.kind
    else:
        assert (UNREACHABLE, NODE, Cause.ALL_NODES_WITHOUT_POD) == said(found)
        assert [443] == [one.port for one in verdict.ports]


@pytest.mark.parametrize("name", CASES)
def test_the_hop_that_is_to_blame(name: str) -> None:
    objects, spec, settings, expected = CASES[name]
    found = live(*objects, service=stored(**spec), **settings)
    assert expected == said(found)
    for hop in _hops(found):
        words = sentences(hop.because)
        assert words == words.strip()
        assert "{" not in words


def test_every_cause_has_its_sentence() -> None:
    assert set(Cause) == set(SENTENCES)


@pytest.mark.parametrize("kind", ["Node", "EndpointSlice", "NetworkPolicy"])
def test_what_decides_and_may_not_be_read_leaves_it_open(kind: str) -> None:
    unread = (kind, "Pod") if kind == "EndpointSlice" else (kind,)
    assert UNKNOWN is live(unread=unread).path.verdict.kind


@pytest.mark.parametrize("kind", ["Pod", "Event", "DaemonSet"])
def test_the_rest_lowers_what_it_rests_on(kind: str) -> None:
    found = live(unread=(kind, "policy engines"))
    assert (WORKS, EvidenceSource.CLUSTER) == (found.path.verdict.kind, found.evidence.source)


def test_a_refused_edit_keeps_what_it_had_and_says_nothing_of_who_gets_in() -> None:
    found = live(service=stored(annotations={"azure-load-balancer-health-probe-num-of-probe": "1"}))
    assert (PENDING, [Cause.REFUSED_BY_PROVIDER, Cause.KEEPS_WHAT_IT_HAD]) == (
        found.path.verdict.kind, [one.cause for one in found.path.verdict.because],
    )  # fmt: skip
    assert () == found.path.clients


REFUSED_EDIT = {"azure-load-balancer-health-probe-num-of-probe": "1"}
READY_POD, NOT_READY = piece(endpoint("web-1")), piece(endpoint("web-1", ready=False))
FAILED_SINCE = event("SyncLoadBalancerFailed", "SubnetIsFull", 1)


@pytest.mark.parametrize(
    ("objects", "annotations", "expected"),
    [
        ((READY_POD,), REFUSED_EDIT, (PENDING, [Cause.REFUSED_BY_PROVIDER, Cause.KEEPS_WHAT_IT_HAD])),
        ((NOT_READY,), REFUSED_EDIT, (DOWN, [Cause.NONE_READY, Cause.REFUSED_BY_PROVIDER, Cause.KEEPS_WHAT_IT_HAD])),
        ((READY_POD, FAILED_SINCE), {}, (PENDING, [Cause.SYNC_FAILED_SINCE])),
        ((NOT_READY, FAILED_SINCE), {}, (DOWN, [Cause.NONE_READY, Cause.SYNC_FAILED_SINCE])),
    ],
    ids=["refused", "refused, no pod ready", "failed since", "failed since, no pod ready"],
)
def test_what_azure_keeps_is_down_where_no_pod_is_ready(
    objects: tuple[Object, ...], annotations: Object, expected: Any
) -> None:
    verdict = live(*objects, service=stored(annotations=annotations)).path.verdict
    assert expected == (verdict.kind, [one.cause for one in verdict.because])


def test_without_an_address_it_is_pending_with_or_without_ready_pods() -> None:
    assert PENDING is live(NOT_READY, service=stored(status=at(), annotations=REFUSED_EDIT)).path.verdict.kind


def test_commands_ask_the_cluster_that_was_read() -> None:
    flags = Connection(context="prod", kubeconfig="my config", as_user="jane", as_group=("ops",), request_timeout="5s")
    found = live(piece(), service=stored(), flags=flags)
    words = "kubectl --context=prod '--kubeconfig=my config' --as=jane --as-group=ops"
    assert str(found.path.verdict.verify).startswith(f"{words} get ")
    assert str(found.egress.verify).startswith(f"{words} run egress ")
    commands = [str(hop.verify) for hop in _hops(found) if hop.verify is not None and hop.verify.words[0] == "kubectl"]
    assert commands
    assert all(one.startswith(words) for one in commands)


def _hops(one: Explained) -> list[Hop]:
    """All hops of a path."""
    path = one.path
    by_port, by_client = (
        (hop for port in path.ports for hop in port.hops),
        (hop for who in path.clients for hop in who.hops),
    )
    return [*path.common, *by_port, *by_client]


def in_a_file(*objects: Object) -> Explained:
    """What is explained of what ``kubectl get -o yaml`` printed."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    found = explain_files([("<stdin>", text.encode())], on(str(NEWEST)))
    assert not found.problems
    return found.services[0]


@pytest.mark.parametrize(
    ("status", "objects", "expected"),
    [
        (at(), (), (PENDING, Cause.EVENTS_UNREAD)),
        (at(), (event("SyncLoadBalancerFailed", "SubnetIsFull", 1),), (PENDING, Cause.SYNC_FAILED)),
        (at("20.1.2.3"), (), (WORKS, Cause.LISTENS)),
        (at("20.1.2.3"), (event("SyncLoadBalancerFailed", "SubnetIsFull", 1),), (PENDING, Cause.SYNC_FAILED_SINCE)),
        (at("20.1.2.3"), (piece(endpoint("web-1", ready=False)),), (DOWN, Cause.NONE_READY)),
        (at("20.1.2.3", ipMode="Proxy"), (), (UNREACHABLE, Cause.STATUS_IS_PROXIED)),
    ],
)
def test_what_kubectl_printed_into_a_file_counts(status: Object, objects: tuple[Object, ...], expected: Any) -> None:
    found = in_a_file(stored(status=status), *objects).path.verdict
    assert expected == (found.kind, found.because[0].cause)


def test_an_address_in_a_file_that_is_still_public() -> None:
    internal = stored(status=at("20.76.9.9"), annotations={"azure-load-balancer-internal": "true"})
    assert Cause.STATUS_IS_STALE is in_a_file(internal).path.verdict.because[0].cause


def test_a_manifest_with_an_empty_status_is_not_pending() -> None:
    assert WORKS is in_a_file(service_object(status=at())).path.verdict.kind


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"pending in silence"}))
def test_a_file_with_the_same_objects_is_walked_alike(name: str) -> None:
    """But for what is not there: a file cannot say that no event, or nothing that enforces policies, is in the cluster."""
    objects, spec, settings, _ = CASES[name]
    cluster = live(*objects, service=stored(**spec), **settings)
    file = explain_files(
        [("all.yaml", json.dumps({"kind": "List", "apiVersion": "v1", "items": cluster_objects(cluster)}).encode())],
        on(str(NEWEST), **settings),
    )
    ours, theirs = (_outcomes(one) for one in (file.services[0], cluster))
    assert {key: value for key, value in theirs.items() if key[-1] is not POLICY} == {
        key: value for key, value in ours.items() if key[-1] is not POLICY
    }
    assert name.startswith("policy") or ours == theirs


def cluster_objects(one: Explained) -> list[Object]:
    """All objects that the evidence was made of."""
    kinds = ("Service", *sorted(EVERYTHING - {"policy engines"}))
    return [dict(each) for each in one.evidence.objects.of(*kinds)]


def _outcomes(one: Explained) -> dict[tuple[Any, ...], list[tuple[Outcome, tuple[Cause, ...]]]]:
    found: dict[tuple[Any, ...], list[tuple[Outcome, tuple[Cause, ...]]]] = {}
    for hop in _hops(one):
        found.setdefault((hop.name,), []).append((hop.outcome, tuple(reason.cause for reason in hop.because)))
    return found
