"""Templates that tell why their pods do not answer: where they may run, what they start, and where they listen."""

from typing import Any

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.model.cluster import NODE_IP
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.pod import pod_hop
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import Object, container, endpoint, files, live, piece, pod, read, service_object, workload
from tests.given.services import on

PASS, DROP, DEPENDS = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS
LOCAL = {"externalTrafficPolicy": "Local"}
EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
VIRTUAL = {"type": "virtual-kubelet", "kubernetes.io/role": "agent"}


def hop(*objects: Object, pool_type: str = "", **spec: Any) -> Hop:
    service = service_object(**spec)
    own, cluster = read(service), on(str(NEWEST))
    cluster = cluster._replace(pool_type=pool_type) if pool_type else cluster
    return pod_hop(Context(own, cluster), files(service, *objects), own.ports[0])


def said(found: Hop) -> tuple[Outcome, Cause]:
    return found.outcome, found.because[0].cause


def needs(*expressions: Object, **spec: Any) -> Object:
    terms = [{"matchExpressions": [one]} for one in expressions]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    return workload(affinity={"nodeAffinity": required}, **spec)


EXISTS = {"key": EXCLUDED, "operator": "Exists"}
OUTSIDE = (DROP, Cause.PODS_OUTSIDE_POOL)
SELECTED = (PASS, Cause.PODS_SELECTED)


@pytest.mark.parametrize(
    ("objects", "spec", "expected"),
    [
        ([workload(nodeSelector={EXCLUDED: "true"})], LOCAL, OUTSIDE),
        ([workload(nodeSelector={EXCLUDED: "true"})], {}, SELECTED),
        ([workload(nodeSelector={"kubernetes.azure.com/managed": "false"})], LOCAL, OUTSIDE),
        ([workload(nodeSelector={"agentpool": "edge"})], LOCAL, SELECTED),
        ([workload(nodeSelector=VIRTUAL)], LOCAL, OUTSIDE),
        ([workload(nodeSelector=VIRTUAL)], {}, SELECTED),
        ([needs(EXISTS)], LOCAL, OUTSIDE),
        ([needs({**EXISTS, "operator": "In", "values": ["true"]})], LOCAL, OUTSIDE),
        ([needs({**EXISTS, "operator": "DoesNotExist"})], LOCAL, SELECTED),
        ([needs(EXISTS, {"key": "agentpool", "operator": "Exists"})], LOCAL, SELECTED),
        ([workload(nodeSelector=VIRTUAL), workload("StatefulSet")], LOCAL, SELECTED),
        ([workload(nodeSelector=VIRTUAL), workload("Job")], LOCAL, OUTSIDE),
    ],
)
def test_pods_that_may_run_only_outside_the_pool(objects: list[Object], spec: Object, expected: object) -> None:
    assert expected == said(hop(*objects, **spec))


def test_a_pool_of_addresses_takes_nodes_that_azure_does_not_manage() -> None:
    managed = workload(nodeSelector={"kubernetes.azure.com/managed": "false"})
    assert SELECTED == said(hop(managed, pool_type=NODE_IP, **LOCAL))
    assert OUTSIDE == said(hop(workload(nodeSelector=VIRTUAL), pool_type=NODE_IP, **LOCAL))


@pytest.mark.parametrize(
    ("paused", "kind", "expected"),
    [
        (True, "Deployment", (DEPENDS, Cause.ROLLOUT_PAUSED)),
        (False, "Deployment", SELECTED),
        (True, "StatefulSet", SELECTED),
    ],
)
def test_a_paused_deployment(paused: bool, kind: str, expected: object) -> None:
    one = workload(kind)
    one["spec"]["paused"] = paused
    assert expected == said(hop(one))


def stateful(**spec: Any) -> Object:
    one = workload("StatefulSet")
    one["spec"].update(spec)
    return one


NOTHING = (DEPENDS, Cause.SELECTOR_MATCHES_NOTHING)


@pytest.mark.parametrize(
    ("one", "selector", "expected"),
    [
        (stateful(), {"statefulset.kubernetes.io/pod-name": "web-0"}, SELECTED),
        (stateful(), {"statefulset.kubernetes.io/pod-name": "web-1"}, NOTHING),
        (stateful(replicas=3), {"statefulset.kubernetes.io/pod-name": "web-2"}, SELECTED),
        (stateful(replicas=3), {"app": "web", "statefulset.kubernetes.io/pod-name": "web-2"}, SELECTED),
        (stateful(replicas=3), {"app": "db", "statefulset.kubernetes.io/pod-name": "web-2"}, NOTHING),
        (stateful(replicas=3), {"statefulset.kubernetes.io/pod-name": "web-3"}, NOTHING),
        (stateful(replicas=3), {"statefulset.kubernetes.io/pod-name": "db-0"}, NOTHING),
        (stateful(replicas=2, ordinals={"start": 5}), {"apps.kubernetes.io/pod-index": "6"}, SELECTED),
        (stateful(replicas=2, ordinals={"start": 5}), {"apps.kubernetes.io/pod-index": "0"}, NOTHING),
        (stateful(replicas=2**31 - 1), {"apps.kubernetes.io/pod-index": "0"}, SELECTED),
        (workload(), {"statefulset.kubernetes.io/pod-name": "web-0"}, NOTHING),
    ],
)
def test_one_pod_of_a_stateful_set(one: Object, selector: Object, expected: object) -> None:
    assert expected == said(hop(one, selector=selector))


def runs(*command: str, args: tuple[str, ...] = (), **more: Any) -> Object:
    given = {key: list(value) for key, value in (("command", command), ("args", args)) if value}
    return workload(containers=[container(8080, **given, **more)])


def variable(name: str, value: str) -> Object:
    return runs(env=[{"name": name, "value": value}])


LOOPBACK = (DEPENDS, Cause.BOUND_TO_LOOPBACK)
IDLE = (DEPENDS, Cause.RUNS_NO_SERVER)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (runs("sleep", "infinity"), IDLE),
        (runs("/bin/sleep", "1d"), IDLE),
        (runs("tail", "-f", "/dev/null"), IDLE),
        (runs("sh", "-c", "sleep infinity"), IDLE),
        (runs("/bin/bash", "-c", args=("exec sleep 3600",)), IDLE),
        (runs("sh", "-c", "sleep 5; exec web"), SELECTED),
        (runs("sh", "-c", "sleep 5 && exec web"), SELECTED),
        (runs("web"), SELECTED),
        (workload(containers=[container(8080), container(name="b", command=["sleep", "1d"])]), SELECTED),
        (workload(containers=[container(9090), container(8080, name="b", command=["sleep", "1d"])]), IDLE),
        (runs(args=("--listen=127.0.0.1:8080",)), LOOPBACK),
        (runs(args=("--listen", "127.0.0.1:8080")), LOOPBACK),
        (runs(args=("--http-address=http://127.0.0.1:8080",)), LOOPBACK),
        (runs(args=("--bind", "localhost")), LOOPBACK),
        (runs(args=("--host=::1",)), LOOPBACK),
        (runs(args=("--listen=127.0.0.1:9090",)), SELECTED),
        (runs(args=("--upstream=http://127.0.0.1:8080",)), SELECTED),
        (runs(args=("--listen=0.0.0.0:8080",)), SELECTED),
        (runs(args=("--listen",)), SELECTED),
        (variable("HOST", "127.0.0.1"), LOOPBACK),
        (variable("BIND_ADDRESS", "localhost:8080"), LOOPBACK),
        (variable("DB_HOST", "127.0.0.1"), SELECTED),
        (variable("HOST", "::"), SELECTED),
    ],
)
def test_containers_that_do_not_listen_for_others(one: Object, expected: object) -> None:
    assert expected == said(hop(one))


@pytest.mark.parametrize(
    ("one", "word"),
    [
        (runs(args=("--listen=127.0.0.1:8080",)), "--listen=127.0.0.1:8080"),
        (runs(args=("--listen", "127.0.0.1:8080", "--fast")), "--listen 127.0.0.1:8080"),
        (variable("HOST", "127.0.0.1"), "HOST=127.0.0.1"),
    ],
)
def test_what_binds_to_loopback_is_named(one: Object, word: str) -> None:
    assert word == hop(one).because[0].facts["word"]


def asks(kind: str, port: object, handler: str = "httpGet", *ports: Object) -> Object:
    return container(*ports, name="b", **{kind: {handler: {"port": port}}})


NAMED = {"name": "http", "containerPort": 8080}
UNREADY = (DROP, Cause.NEVER_READY)
UNPULLED = (DEPENDS, Cause.IMAGE_NOT_PULLED)
UNSTARTED = (DROP, Cause.NEVER_STARTS)
NOT_ROOT = {"runAsNonRoot": True}
ROOT = {"runAsUser": 0}


@pytest.mark.parametrize(
    ("pod", "own", "image", "expected"),
    [
        (NOT_ROOT, {}, "example.com/web:1", SELECTED),
        (NOT_ROOT, ROOT, "example.com/web:1", UNSTARTED),
        ({**NOT_ROOT, **ROOT}, {}, "example.com/web:1", UNSTARTED),
        ({**NOT_ROOT, **ROOT}, {"runAsUser": 1000}, "example.com/web:1", SELECTED),
        ({**NOT_ROOT, **ROOT}, {"runAsNonRoot": False}, "example.com/web:1", SELECTED),
        (ROOT, {}, "example.com/web:1", SELECTED),
        (NOT_ROOT, {}, "mysql:8", UNSTARTED),
        (NOT_ROOT, {"runAsUser": 999}, "mysql:8", SELECTED),
        (NOT_ROOT, {}, "registry.example.com/mysql:8", SELECTED),
    ],
)
def test_a_container_that_may_not_be_root_and_is(pod: Object, own: Object, image: str, expected: object) -> None:
    one = {**container(8080, securityContext=own, args=["--port=8080"]), "image": image}
    assert expected == said(hop(workload(containers=[one], securityContext=pod)))


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"kubernetes.io/os": "linux"}, SELECTED),
        ({"kubernetes.io/os": "Linux"}, UNSTARTED),
        ({"kubernetes.io/arch": "arm64"}, SELECTED),
        ({"kubernetes.io/arch": "x86_64"}, UNSTARTED),
        ({"agentpool": "anything"}, SELECTED),
    ],
)
def test_no_node_has_what_the_pods_want(labels: Object, expected: object) -> None:
    assert expected == said(hop(workload(containers=[container(8080)], nodeSelector=labels)))


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        ([asks("readinessProbe", "web", "httpGet", NAMED)], UNREADY),
        ([asks("readinessProbe", "web", "tcpSocket", NAMED)], UNREADY),
        ([asks("startupProbe", "web", "httpGet", NAMED)], UNREADY),
        ([asks("livenessProbe", "web", "httpGet", NAMED)], SELECTED),
        ([asks("readinessProbe", "http", "httpGet", NAMED)], SELECTED),
        ([asks("readinessProbe", 9999, "httpGet", NAMED)], SELECTED),
        ([container(NAMED), asks("readinessProbe", "http")], UNREADY),
        ([container(8080, imagePullPolicy="Never")], UNPULLED),
        ([container(8080, imagePullPolicy="IfNotPresent")], SELECTED),
        ([{**container(8080), "image": "localhost:5000/web:1"}], UNPULLED),
        ([{**container(8080), "image": "127.0.0.1/web"}], UNPULLED),
        ([{**container(8080), "image": "localhost.example.com/web"}], SELECTED),
    ],
)
def test_pods_that_never_get_ready(containers: list[Object], expected: object) -> None:
    assert expected == said(hop(workload(containers=containers)))


def test_a_workload_that_the_api_server_refuses_has_no_pods() -> None:
    good, bad = workload(containers=[container(8080)]), {**workload(containers=[container(8080)]), "apiVersion": "v1"}
    assert (DROP, Cause.WORKLOAD_REFUSED) == said(hop(bad))
    assert SELECTED == said(hop(good, bad))


def image(name: str, *declared: int, **more: Any) -> Object:
    return workload(containers=[{**container(*declared, **more), "image": name}])


ELSEWHERE = (DEPENDS, Cause.LISTENS_ELSEWHERE)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (image("nginx"), ELSEWHERE),
        (image("nginx:1.27", 8080), ELSEWHERE),
        (image("docker.io/library/nginx:1.27@sha256:0"), ELSEWHERE),
        (image("mcr.microsoft.com/mirror/docker/library/nginx:1.25"), ELSEWHERE),
        (image("hashicorp/http-echo", args=["-text=hello"]), ELSEWHERE),
        (image("hashicorp/http-echo", args=["-listen=:8080"]), SELECTED),
        (image("nginxinc/nginx-unprivileged"), SELECTED),
        (image("registry.example.com/nginx:1.27"), SELECTED),
        (image("nginx", command=["nginx"]), SELECTED),
        (image("nginx", env=[{"name": "NGINX_PORT", "value": "8080"}]), SELECTED),
        (image("nginx", env=[{"name": "GREETING", "value": "hello"}]), ELSEWHERE),
        (image("nginx", env=[{"name": "PORT", "valueFrom": {"configMapKeyRef": {}}}]), SELECTED),
        (image("postgres", env=[{"name": "POSTGRES_PASSWORD", "valueFrom": {"secretKeyRef": {}}}]), ELSEWHERE),
        (image("nginx", envFrom=[{"configMapRef": {}}]), SELECTED),
        (image("nginx", volumeMounts=[{"name": "c", "mountPath": "/etc/nginx/conf.d"}]), SELECTED),
        (image("nginx", volumeMounts=[{"name": "d", "mountPath": "/usr/share/nginx/html"}]), ELSEWHERE),
        (workload(containers=[{**container(), "image": "nginx"}, container(name="b")]), SELECTED),
        (workload(containers=[{**container(), "image": "nginx"}, container(8080, name="b")]), SELECTED),
    ],
)
def test_images_that_come_with_another_port(one: Object, expected: object) -> None:
    assert expected == said(hop(one))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"env": [{"name": "PORT", "value": "3000"}]}, ELSEWHERE),
        ({"env": [{"name": "ASPNETCORE_URLS", "value": "http://+:5000"}]}, ELSEWHERE),
        ({"env": [{"name": "SERVER_PORT", "value": "9090"}]}, ELSEWHERE),
        ({"args": ["--port=9090"]}, ELSEWHERE),
        ({"args": ["--port", "9090"]}, ELSEWHERE),
        ({"args": ["--listen", ":9090"]}, ELSEWHERE),
        ({"command": ["serve", "--http-port=9090"]}, ELSEWHERE),
        ({"args": ["--port=9090", "--admin-port=8080"]}, SELECTED),
        ({"args": ["--db-port=9090"]}, SELECTED),
        ({"args": ["--listen=10.0.0.1:9090"]}, SELECTED),
        ({"env": [{"name": "DB_PORT", "value": "5432"}]}, SELECTED),
        ({"env": [{"name": "PORT", "value": "8080"}]}, SELECTED),
        ({"env": [{"name": "PORT", "value": "http"}]}, SELECTED),
        ({"env": [{"name": "PORT", "valueFrom": {"configMapKeyRef": {}}}]}, SELECTED),
        ({"env": [{"name": "PORT", "value": "3000"}], "ports": [{"containerPort": 8080}]}, ELSEWHERE),
        ({"args": ["--port=3000"], "ports": [{"containerPort": 8080}, {"containerPort": 3000}]}, SELECTED),
        ({"args": ["--listen=:3000"], "readinessProbe": {"tcpSocket": {"port": 8080}}}, SELECTED),
        ({"args": ["--listen=:3000"], "readinessProbe": {"tcpSocket": {"port": 3000}}}, ELSEWHERE),
    ],
)
def test_containers_that_are_told_another_port(given: Object, expected: object) -> None:
    assert expected == said(hop(workload(containers=[{**container(), **given}])))


def test_a_program_of_several_ports_may_listen_on_more_than_it_is_told() -> None:
    one = workload(containers=[container(env=[{"name": "PORT", "value": "3000"}])])
    ports = [{"name": name, "port": number, "targetPort": number} for name, number in (("a", 9091), ("b", 3000))]
    assert SELECTED == said(hop(one, ports=ports))


@pytest.mark.parametrize(("asked", "expected"), [(8080, (PASS, Cause.PODS_READY)), (9090, LOOPBACK)])
def test_pods_that_are_ready_by_that_port_do_listen(asked: int, expected: object) -> None:
    probe = {"httpGet": {"port": asked, "path": "/"}}
    one = pod(containers=[container(8080, args=["--listen=127.0.0.1:8080"], readinessProbe=probe)])
    service = service_object()
    own = read(service)
    evidence = live(service, piece(endpoint("web-1")), one)
    assert expected == said(pod_hop(Context(own, on(str(NEWEST))), evidence, own.ports[0]))


def nginx(*args: str, **more: Any) -> Object:
    ports = [{"name": "http", "containerPort": 80}, {"name": "metrics", "containerPort": 10254}]
    one = container(*ports, image="registry.k8s.io/ingress-nginx/controller:v1.11.2", args=list(args))
    return workload(containers=[one | more])


PROXY = {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"use-proxy-protocol": "true"}}
HTTP = [{"name": "http", "port": 80, "targetPort": "http"}]
METRICS = [{"name": "metrics", "port": 80, "targetPort": "metrics"}]


@pytest.mark.parametrize(
    ("objects", "ports", "expected"),
    [
        ([nginx()], HTTP, SELECTED),
        ([nginx(), PROXY], HTTP, (DEPENDS, Cause.WANTS_PROXY_PROTOCOL)),
        ([nginx(), PROXY], METRICS, SELECTED),
        ([nginx("--configmap=default/other"), PROXY], HTTP, SELECTED),
        ([nginx(), {**PROXY, "data": {"use-proxy-protocol": "false"}}], HTTP, SELECTED),
        ([nginx("--http-port=8080")], HTTP, (DROP, Cause.LISTENS_ELSEWHERE)),
        ([nginx("--http-port=80")], HTTP, SELECTED),
        ([nginx("--https-port=8443")], HTTP, SELECTED),
        ([nginx(command=["sh", "-c", "run"]), PROXY], HTTP, SELECTED),
    ],
)
def test_what_ingress_nginx_is_told(objects: list[Object], ports: list[Object], expected: object) -> None:
    assert expected == said(hop(*objects, ports=ports))
