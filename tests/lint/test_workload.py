"""Ports of the pods behind a Service."""

from typing import Any

import pytest

from kubectl_akslb.lint.readiness import Pods
from kubectl_akslb.lint.workload import container_port, node_ports
from kubectl_akslb.model.service import TCP, ServicePort


def pods(*ports: dict[str, Any]) -> Pods:
    return Pods("Deployment/web", "", {}, ({"ports": list(ports)},))


WEB = {"name": "web", "containerPort": 8080}


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
    ("workload", "wanted"),
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
def test_node_ports(workload: dict[str, Any], wanted: set[int]) -> None:
    assert wanted == node_ports([workload])
