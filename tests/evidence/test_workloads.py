"""The pods behind a Service: whose they are, what their ports are, what their readiness probes prove."""

from typing import Any

import pytest

from kubectl_akslb.evidence.evidence import Pods
from kubectl_akslb.evidence.workloads import (
    ReadinessDoubt,
    Ready,
    Unproven,
    Workloads,
    container_port,
    is_plain,
    is_ready_by_listening,
    lasting,
    node_ports,
    pods_of,
    readiness,
    readiness_scheme,
)
from kubectl_akslb.model.service import TCP, Service, ServicePort

WEB = {"name": "web", "containerPort": 8080}
PORT = ServicePort(0, "", TCP, 80, target_port="web")


def pods(*ports: dict[str, Any], owner: str = "Deployment/web", **container: Any) -> Pods:
    return Pods(owner, "", {}, ({"ports": list(ports), **container},))


def ready(path: str = "/ready", port: object = "web", owner: str = "Deployment/web", **request: Any) -> Pods:
    return pods(WEB, owner=owner, readinessProbe={"httpGet": {"path": path, "port": port, **request}})


def workload(kind: str = "Deployment", **fields: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": "main"}], **fields.pop("pod", {})}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": spec}
    nested: dict[str, Any] = {"template": template}
    if kind == "Pod":
        nested = spec
    elif kind == "CronJob":
        nested = {"jobTemplate": {"spec": nested}}
    metadata = {"name": "web", **({"labels": {"app": "web"}} if kind == "Pod" else {}), **fields.pop("metadata", {})}
    return {"kind": kind, "metadata": metadata, "spec": {**nested, **fields.pop("spec", {})}, **fields}


def service(namespace: str = "", **selector: str) -> Service:
    return Service("web", namespace, None, "LoadBalancer", {}, (PORT,), selector=selector)


@pytest.mark.parametrize(
    ("target", "found", "wanted"),
    [
        (8080, (), 8080),
        (None, (pods(WEB),), None),
        ("web", (pods(WEB),), 8080),
        ("web", (pods(WEB), pods(WEB)), 8080),
        ("web", (pods(WEB), pods({**WEB, "containerPort": 9090})), None),
        ("web", (pods({"name": "other", "containerPort": 1}),), None),
        ("web", (pods({"name": "web", "containerPort": "8080"}),), None),
        ("web", (), None),
    ],
)
def test_container_port(target: int | str | None, found: tuple[Pods, ...], wanted: int | None) -> None:
    assert wanted == container_port(found, ServicePort(0, "", TCP, 80, target_port=target))


def template(**pod: Any) -> dict[str, Any]:
    return {"kind": "DaemonSet", "spec": {"template": {"spec": pod}}}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (template(containers=[{"ports": [{"containerPort": 1}]}]), set()),
        (template(containers=[{"ports": [{"containerPort": 1, "hostPort": 2}]}]), {2}),
        (template(hostNetwork=True, containers=[{"ports": [{"containerPort": 1}]}]), {1}),
        ({"kind": "Pod", "spec": {"hostNetwork": True, "containers": [{"ports": [{"containerPort": 3}]}]}}, {3}),
        ({"kind": "Pod", "spec": [1]}, set()),
        (template(containers=[1, {"ports": 2}, {"ports": [3, {"hostPort": "4"}]}]), set()),
        ({}, set()),
    ],
)
def test_node_ports(given: dict[str, Any], wanted: set[int]) -> None:
    assert wanted == node_ports([given])


@pytest.mark.parametrize(
    "kind",
    [
        "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout", "Job", "CronJob",
        "Pod",
    ],
)  # fmt: skip
def test_pods_of_every_kind(kind: str) -> None:
    (found,) = pods_of(workload(kind))
    assert (f"{kind}/web", {"app": "web"}) == (found.owner, found.labels)


@pytest.mark.parametrize(
    "given",
    [
        None, [], "Deployment", {"kind": ["Pod"]}, {"kind": "Service", "spec": {}}, {"kind": "Deployment", "spec": 1},
        workload(metadata={"annotations": {"helm.sh/hook": "test"}}),
        workload("Pod", status={"phase": "Succeeded"}),
        workload("ReplicaSet", metadata={"ownerReferences": [{"kind": "Deployment"}]}, spec={"replicas": 0}),
    ],
)  # fmt: skip
def test_no_pods(given: object) -> None:
    assert [] == list(pods_of(given))


def test_host_network_and_sidecars() -> None:
    pod = {
        "hostNetwork": True,
        "initContainers": [{"name": "once"}, {"name": "side", "restartPolicy": "Always"}, 1],
    }
    (found,) = pods_of(workload(pod=pod))
    assert (True, ["main", "side"]) == (found.host_network, [one["name"] for one in found.containers])


@pytest.mark.parametrize(
    ("given", "namespace", "expected"),
    [
        (service(app="web"), "", 1),
        (service("shop", app="web"), "", 0),
        (service("shop", app="web"), "shop", 1),
        (service(app="other"), "", 0),
        (service(app="web", tier="front"), "", 0),
        (service(), "", 0),
    ],
)
def test_selection(given: Service, namespace: str, expected: int) -> None:
    assert expected == len(Workloads([workload()], namespace).behind(given))


@pytest.mark.parametrize(
    ("scheme", "found", "expected"),
    [
        ("HTTP", (ready(),), Ready("/ready", "Deployment/web")),
        ("HTTP", (ready(port=8080),), Ready("/ready", "Deployment/web")),
        ("HTTP", (ready(), ready(owner="Rollout/two")), Ready("/ready", "Deployment/web")),
        ("HTTP", (ready(), pods(owner="Job/migrate")), Ready("/ready", "Deployment/web")),
        ("HTTPS", (ready(scheme="HTTPS"),), Ready("/ready", "Deployment/web")),
        ("HTTP", (), Unproven(ReadinessDoubt.NO_PODS)),
        ("HTTP", (pods(WEB),), Unproven(ReadinessDoubt.NO_HTTP, "Deployment/web")),
        ("HTTP", (pods(),), Unproven(ReadinessDoubt.NO_CONTAINER_PORT, "Deployment/web", "web")),
        ("HTTP", (ready(port=9090),), Unproven(ReadinessDoubt.OTHER_PORT, "Deployment/web", 9090)),
        ("HTTP", (ready(scheme="HTTPS"),), Unproven(ReadinessDoubt.OTHER_SCHEME, "Deployment/web", "HTTPS")),
        ("HTTPS", (ready(),), Unproven(ReadinessDoubt.OTHER_SCHEME, "Deployment/web", "HTTP")),
        ("HTTP", (ready(host="a"),), Unproven(ReadinessDoubt.OWN_REQUEST, "Deployment/web", "/ready")),
        ("HTTP", (ready(httpHeaders=[{}]),), Unproven(ReadinessDoubt.OWN_REQUEST, "Deployment/web", "/ready")),
        ("HTTP", (ready("/"),), Unproven(ReadinessDoubt.ROOT, "Deployment/web", "/")),
        ("HTTP", (ready(""),), Unproven(ReadinessDoubt.ROOT, "Deployment/web", "")),
        ("HTTP", (ready("/a#b"),), Unproven(ReadinessDoubt.NOT_PLAIN, "Deployment/web", "/a#b")),
        ("HTTP", (ready("/weblogic"),), Unproven(ReadinessDoubt.NOT_200, "Deployment/web", "/weblogic")),
        ("HTTP", (ready("/v1/sys/health?standbyok=true"),),
         Unproven(ReadinessDoubt.NOT_200, "Deployment/web", "/v1/sys/health?standbyok=true")),
        ("HTTP", (ready(), ready("/other", owner="Rollout/two")),
         Unproven(ReadinessDoubt.DISAGREE, "Deployment/web", "Rollout/two")),
        ("HTTP", (ready(), pods(WEB, owner="Rollout/two")), Unproven(ReadinessDoubt.NO_HTTP, "Rollout/two")),
    ],
)  # fmt: skip
def test_readiness(scheme: str, found: tuple[Pods, ...], expected: Ready | Unproven) -> None:
    assert expected == readiness(PORT, scheme, found)


@pytest.mark.parametrize("path", ["/", "/a", "/a-b_c.d~e", "/a?b=c&d=e;f", "/%20", "/a%2Fb", "/a:b@c", "/(a)!*,$+"])
def test_plain_paths(path: str) -> None:
    assert is_plain(path)


@pytest.mark.parametrize(
    "path",
    [
        "", "a", "/a#b", "/{a}", "/a|b", "/'a'", '/"a"', "/a b", "/a\tb", "/a\nb", "/a\x00", "/é", "/a\\b", "/`a`", "/^",
        "/%", "/%2", "/%zz", "/a%2", "/[a]", "/<a>", 1, None, ["/a"],
    ],
)  # fmt: skip
def test_paths_that_are_not_taken(path: object) -> None:
    assert not is_plain(path)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((ready(),), "HTTP"),
        ((ready(scheme="HTTPS"),), "HTTPS"),
        ((ready(scheme="HTTPS"), ready(owner="Rollout/two")), ""),
        ((ready(port=9090),), ""),
        ((pods(WEB),), ""),
        ((), ""),
    ],
)
def test_what_the_port_speaks_by_readiness(found: tuple[Pods, ...], expected: str) -> None:
    assert expected == readiness_scheme(PORT, found)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((ready(),), True),
        ((pods(WEB, readinessProbe={"tcpSocket": {"port": "web"}}),), True),
        ((pods(WEB, readinessProbe={"grpc": {"port": 8080}}),), True),
        ((pods(WEB, readinessProbe={"exec": {"command": ["true"]}}),), False),
        ((ready(port=9090),), False),
        ((ready(host="example.com"),), False),
        ((ready(), pods(WEB)), False),
        ((), False),
    ],
)
def test_ready_by_listening(found: tuple[Pods, ...], expected: bool) -> None:
    assert expected == is_ready_by_listening(PORT, found)


def test_pods_of_jobs_count_only_where_nothing_else_is() -> None:
    web, job = pods(), pods(owner="Job/migrate")
    assert (web,) == lasting((web, job))
    assert (job,) == lasting((job,))
