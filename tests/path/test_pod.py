"""Pods: selected, ready, listening on the target port, spoken to in the clear."""

from typing import Any

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.pod import pod_hop
from kubectl_akslb.path.sentences import sentences
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import Object, container, endpoint, files, live, piece, pod, read, service_object, workload
from tests.given.services import on

PASS, DROP, DEPENDS, UNKNOWN = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS, Outcome.UNKNOWN
KEDA = {"kind": "ScaledObject", "metadata": {"name": "s"}, "spec": {"scaleTargetRef": {"name": "web"}}}
NAMED = {"name": "http", "port": 80, "targetPort": "web"}
ASKS = {"readinessProbe": {"httpGet": {"port": 8080, "path": "/"}}}


def hop(service: Object, evidence: Evidence) -> Hop:
    own = read(service)
    return pod_hop(Context(own, on(str(NEWEST))), evidence, own.ports[0])


def in_files(*objects: Object, **spec: Any) -> Hop:
    service = service_object(**spec)
    return hop(service, files(service, *objects))


def in_cluster(*objects: Object, unread: tuple[str, ...] = (), **spec: Any) -> Hop:
    service = service_object(**spec)
    return hop(service, live(service, *objects, unread=unread))


def said(found: Hop) -> tuple[Outcome, Cause]:
    return found.outcome, found.because[0].cause


def in_namespace(one: Object, name: str) -> Object:
    return {**one, "metadata": {**one["metadata"], "namespace": name}}


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ([in_namespace(workload(), "shop")], (PASS, Cause.PODS_SELECTED)),
        ([in_namespace(workload(), "other")], (DEPENDS, Cause.PODS_ELSEWHERE)),
        ([in_namespace(workload(app="db"), "other")], (PASS, Cause.PODS_NOT_READ)),
        ([workload()], (PASS, Cause.PODS_NOT_READ)),
        ([in_namespace(workload(), "other"), in_namespace(workload(), "shop")], (PASS, Cause.PODS_SELECTED)),
        (
            [in_namespace(workload(), "other"), in_namespace(workload(app="db"), "shop")],
            (DEPENDS, Cause.SELECTOR_MATCHES_NOTHING),
        ),
    ],
)
def test_pods_in_another_namespace(beside: list[Object], expected: tuple[Outcome, Cause]) -> None:
    service = in_namespace(service_object(), "shop")
    assert expected == said(hop(service, files(service, *beside)))
    nowhere = service_object()
    assert Cause.PODS_ELSEWHERE is not said(hop(nowhere, files(nowhere, *beside)))[1]


@pytest.mark.parametrize(
    ("objects", "spec", "expected"),
    [
        ([], {}, (PASS, Cause.PODS_NOT_READ)),
        ([workload()], {}, (PASS, Cause.PODS_SELECTED)),
        ([workload(app="db")], {}, (DEPENDS, Cause.SELECTOR_MATCHES_NOTHING)),
        ([workload("Job")], {}, (DEPENDS, Cause.PODS_END)),
        ([workload("CronJob")], {}, (DEPENDS, Cause.PODS_END)),
        ([workload("Job"), workload()], {}, (PASS, Cause.PODS_SELECTED)),
        ([workload(replicas=0)], {}, (DROP, Cause.NO_REPLICAS)),
        ([workload(replicas=0), workload("StatefulSet")], {}, (PASS, Cause.PODS_SELECTED)),
        ([workload(replicas=0), KEDA], {}, (DEPENDS, Cause.NO_REPLICAS)),
        ([], {"selector": {}}, (PASS, Cause.NO_SELECTOR)),
        ([workload()], {"selector": {}}, (DEPENDS, Cause.NO_SELECTOR)),
        ([workload(containers=[container(9090)])], {}, (DEPENDS, Cause.PORT_NOT_DECLARED)),
        ([workload(containers=[container()])], {}, (PASS, Cause.PODS_SELECTED)),
        ([workload(containers=[container(9090, **ASKS)])], {}, (PASS, Cause.PODS_SELECTED)),
        ([workload()], {"ports": [NAMED]}, (DROP, Cause.NO_SUCH_PORT_NAME)),
        ([workload(containers=[container({"containerPort": 1, "name": "web"})])], {"ports": [NAMED]}, (PASS, Cause.PODS_SELECTED)),
        ([workload(containers=[container({"containerPort": 1, "name": "web", "protocol": "UDP"})])], {"ports": [NAMED]}, (DROP, Cause.NO_SUCH_PORT_NAME)),
        ([workload(initContainers=[container({"containerPort": 1, "name": "web"}, name="side", restartPolicy="Always")])], {"ports": [NAMED]}, (PASS, Cause.PODS_SELECTED)),
        ([], {"ports": [NAMED]}, (PASS, Cause.PODS_NOT_READ)),
    ],
)  # fmt: skip
def test_in_files(objects: list[Object], spec: Object, expected: tuple[Outcome, Cause]) -> None:
    found = in_files(*objects, **spec)
    assert expected == said(found)
    assert found.outcome is not PASS or found.confidence is Confidence.ASSUMED


def test_ports_of_another_protocol_are_named_with_it() -> None:
    udp = pod(containers=[container({"containerPort": 8080, "protocol": "UDP"}, 9090)])
    found = in_cluster(piece(endpoint("a"), ports=[]), udp)
    assert Cause.NOT_IN_ENDPOINT_SLICES is found.because[0].cause
    assert "8080/UDP, 9090" in str(found.because[0].facts["declared"])
    assert (9090,) == found.because[0].facts["numbers"]


@pytest.mark.parametrize(
    "kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout", "Pod"]
)
def test_workloads_of_every_kind(kind: str) -> None:
    assert (PASS, Cause.PODS_SELECTED) == said(in_files(workload(kind)))
    assert (DEPENDS, Cause.SELECTOR_MATCHES_NOTHING) == said(in_files(workload(kind, app="db")))


def test_the_nearest_labels_are_named() -> None:
    found = in_files(
        workload(app="db"),
        workload(app="webb"),
        workload(labels={"tier": "front"}),
        selector={"app": "web", "tier": "front"},
    )
    facts = found.because[0].facts
    assert ("Deployment/web", {"tier": "front"}) == (facts["nearest"], facts["labels"])
    found = in_files(workload(app="database"), workload(app="webb"))
    assert "Deployment/webb" == found.because[0].facts["nearest"]
    assert "its selector app=web matches no pod; the nearest is Deployment/webb with app=webb" == sentences(
        found.because
    )


def test_some_pods_lack_the_name() -> None:
    named = workload(containers=[container({"containerPort": 1, "name": "web"})])
    other = workload("StatefulSet")
    assert (DEPENDS, Cause.NO_SUCH_PORT_NAME_IN_SOME) == said(in_files(named, other, ports=[NAMED]))


CRASHING = {"containerStatuses": [{"state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}}}]}
GONE = {"deletionTimestamp": "2026-05-29T11:59:00Z"}


@pytest.mark.parametrize("where", [in_cluster, in_files])
@pytest.mark.parametrize(
    ("objects", "spec", "expected"),
    [
        ([piece(endpoint("web-1")), pod()], {}, (DEPENDS, Cause.TAKEN_TO_LISTEN)),
        ([piece(endpoint("web-1")), pod(containers=[container(8080, **ASKS)])], {}, (PASS, Cause.PODS_READY)),
        ([piece(endpoint("web-1", ready=None)), pod()], {}, (DEPENDS, Cause.TAKEN_TO_LISTEN)),
        ([piece(endpoint("web-1", None)), pod()], {}, (DEPENDS, Cause.TAKEN_TO_LISTEN)),
        ([piece(endpoint("web-1", ready=False))], {}, (DROP, Cause.NONE_READY)),
        ([piece(endpoint("web-1", ready=False)), pod(ready=False, status=CRASHING)], {}, (DROP, Cause.NOT_READY)),
        ([piece(endpoint("web-1", ready=False, serving=True, terminating=True))], {}, (DEPENDS, Cause.ONLY_TERMINATING)),
        ([piece(endpoint("web-1", ready=False, serving=False, terminating=True))], {}, (DROP, Cause.NONE_READY)),
        ([piece()], {}, (DROP, Cause.NO_ENDPOINTS)),
        ([piece(), workload(app="webb")], {}, (DROP, Cause.SELECTOR_MATCHES_NOTHING)),
        ([piece(), pod(ready=False, status=CRASHING)], {}, (DROP, Cause.NOT_READY)),
        ([piece()], {"selector": {}}, (DROP, Cause.NO_SELECTOR_NO_ENDPOINTS)),
        ([piece(endpoint("web-1"))], {"selector": {}}, (DEPENDS, Cause.ENDPOINTS_BY_HAND)),
        ([piece(endpoint("web-1"), ports=[])], {"ports": [NAMED]}, (DROP, Cause.NOT_IN_ENDPOINT_SLICES)),
        ([piece(endpoint("web-1"), ports=[{"name": "other", "port": 8080}])], {}, (DROP, Cause.SLICES_NAME_OTHER_PORTS)),
        ([piece(endpoint("web-1"), ports=[{"port": 8080}])], {}, (DROP, Cause.SLICES_NAME_OTHER_PORTS)),
        ([piece(endpoint("web-1"), ports=[{"name": "http", "port": 8080, "protocol": "UDP"}])], {}, (DROP, Cause.SLICES_NAME_OTHER_PORTS)),
        ([piece(endpoint("web-1"), ports=[{"name": "http", "port": 8080}])], {}, (PASS, Cause.PODS_READY)),
        ([piece(endpoint("web-1"), ports=[{"name": "other", "port": 1}])], {"selector": {}}, (DROP, Cause.SLICES_NAME_OTHER_PORTS)),
        ([piece(endpoint("web-1")), pod(containers=[container(9090)])], {}, (DEPENDS, Cause.PORT_NOT_DECLARED)),
        ([piece(endpoint("web-1")), pod(ready=False)], {"publishNotReadyAddresses": True}, (DEPENDS, Cause.PUBLISHED_NOT_READY)),
        ([piece(endpoint("web-1")), pod()], {"publishNotReadyAddresses": True}, (DEPENDS, Cause.TAKEN_TO_LISTEN)),
    ],
)  # fmt: skip
def test_with_endpoints_files_and_a_cluster_say_the_same(
    where: Any, objects: list[Object], spec: Object, expected: tuple[Outcome, Cause]
) -> None:
    assert expected == said(where(*objects, **spec))


def test_why_pods_are_not_ready_is_said() -> None:
    other = pod(
        "web-2", ready=False, status={"containerStatuses": [{"state": {"waiting": {"reason": "ImagePullBackOff"}}}]}
    )
    found = in_cluster(piece(), pod(ready=False, status=CRASHING), other)
    assert "web-1: CrashLoopBackOff back-off 5m0s; web-2: ImagePullBackOff" == sentences(found.because)
    assert "kubectl get --namespace=default pods --selector=app=web" == str(found.verify)


HTTP_AND_ADMIN: Any = [{"name": "admin", "port": 9090}, {"name": "http", "port": 8080}]


@pytest.mark.parametrize(
    ("endpoints", "asked"),
    [
        ([piece(endpoint("a"))], "-- nc -zv 10.244.0.97 8080"),
        ([piece(endpoint("a", ready=False), endpoint("b"))], "-- nc -zv 10.244.0.98 8080"),
        ([piece(endpoint("a"), ports=HTTP_AND_ADMIN)], "-- nc -zv 10.244.0.97 8080"),
        ([piece({**endpoint("a"), "addresses": ["10.244.0.97", "10.244.0.99"]})], "-- nc -zv 10.244.0.97 8080"),
        ([piece({**endpoint("a"), "addresses": ["web.example.com"]}, endpoint("b"))], "-- nc -zv 10.244.0.98 8080"),
        ([piece({**endpoint("a"), "addresses": []}, endpoint("b"))], "-- nc -zv 10.244.0.98 8080"),
        ([piece({**endpoint("a"), "addresses": ["web.example.com"]})], None),
    ],
)
def test_the_command_asks_a_ready_pod_by_its_address(endpoints: list[Object], asked: str | None) -> None:
    found = in_cluster(*endpoints, pod())
    assert Cause.TAKEN_TO_LISTEN is found.because[0].cause
    assert (asked is None) is (found.verify is None)
    assert asked is None or str(found.verify).endswith(asked)


def test_only_a_readiness_probe_of_the_port_shows_that_somebody_listens() -> None:
    asked = pod(containers=[container(8080, **ASKS)])
    elsewhere = pod(containers=[container(8080, 9090, readinessProbe={"tcpSocket": {"port": 9090}})])
    named = pod(containers=[container({"containerPort": 8080, "name": "x"}, readinessProbe={"httpGet": {"port": "x"}})])
    ready = piece(endpoint("web-1"))
    expected = [Confidence.OBSERVED, Confidence.ASSUMED, Confidence.OBSERVED, Confidence.ASSUMED, Confidence.ASSUMED]
    found = [in_cluster(ready, *one).confidence for one in ([asked], [elsewhere], [named], [pod()], [])]
    assert expected == found


@pytest.mark.parametrize(
    ("objects", "unread", "expected"),
    [
        ([], ("EndpointSlice", "Pod"), (UNKNOWN, Cause.ENDPOINTS_UNREAD)),
        ([pod()], ("EndpointSlice",), (DEPENDS, Cause.TAKEN_TO_LISTEN)),
        ([pod(ready=False, status=CRASHING)], ("EndpointSlice",), (DROP, Cause.NOT_READY)),
        ([], ("EndpointSlice",), (DROP, Cause.NO_ENDPOINTS)),
        ([piece(endpoint("web-1"))], ("Pod",), (PASS, Cause.PODS_READY)),
    ],
)
def test_what_may_not_be_read(objects: list[Object], unread: tuple[str, ...], expected: tuple[Outcome, Cause]) -> None:
    assert expected == said(in_cluster(*objects, unread=unread))


def test_the_worst_port_of_ha_ports_counts() -> None:
    service = service_object(
        ports=[{"name": "http", "port": 80, "targetPort": 8080}, NAMED | {"name": "x", "port": 81}]
    )
    found = pod_hop(Context(read(service), on(str(NEWEST))), files(service, workload()), None)
    assert DROP is found.outcome
