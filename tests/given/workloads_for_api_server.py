"""Single changes of a Deployment, some of which the API server refuses; a real one is asked about each."""

import copy
from collections.abc import Mapping
from typing import Any

_DEPLOYMENT: Mapping[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web", "tier": "front"}},
            "spec": {"containers": [{"name": "web", "image": "example.com/web:1"}], "volumes": []},
        },
    },
}
_SELECTOR = "spec.selector"
_POD = "spec.template.spec"


def _container(**fields: Any) -> dict[str, Any]:
    return {f"{_POD}.containers": [{"name": "web", "image": "example.com/web:1", **fields}]}


def _ports(*ports: Mapping[str, Any]) -> dict[str, Any]:
    return _container(ports=list(ports))


def _expression(**fields: Any) -> dict[str, Any]:
    return {_SELECTOR: {"matchLabels": {"app": "web"}, "matchExpressions": [fields]}}


def _beside(**fields: Any) -> dict[str, Any]:
    first = {"name": "web", "image": "example.com/web:1", "ports": [{"name": "http", "containerPort": 8080}]}
    return {f"{_POD}.containers": [first, {"name": "side", "image": "example.com/side:1", **fields}]}


def _volumes(name: str) -> dict[str, Any]:
    mounted = _container(volumeMounts=[{"name": name, "mountPath": "/data"}])
    return {**mounted, f"{_POD}.volumes": [{"name": "data", "emptyDir": {}}]}


_GET = {"path": "/", "port": 8080}

TAKEN: tuple[dict[str, Any], ...] = (
    {},
    {_SELECTOR: {"matchLabels": {"tier": "front"}}},
    _expression(key="tier", operator="In", values=["front", "back"]),
    _expression(key="tier", operator="NotIn", values=["back"]),
    _expression(key="zone", operator="NotIn", values=["1"]),
    _expression(key="tier", operator="Exists"),
    _expression(key="zone", operator="DoesNotExist"),
    {"metadata.name": "web.v1"},
    {"spec.replicas": None},
    {f"{_POD}.restartPolicy": "Always"},
    _ports({"containerPort": 8080}, {"containerPort": 8081}),
    _ports({"name": "http", "containerPort": 8080}, {"name": "h2", "containerPort": 8080, "protocol": "UDP"}),
    _ports({"name": "8080-tcp", "containerPort": 8080}),
    _beside(ports=[{"name": "http", "containerPort": 8081}]),
    {f"{_POD}.hostNetwork": True, **_ports({"containerPort": 8080, "hostPort": 8080})},
    _container(readinessProbe={"httpGet": _GET}),
    _container(readinessProbe={"httpGet": {"path": "/", "port": "nowhere"}}),
    _container(readinessProbe={"exec": {"command": ["true"]}}),
    _container(env=[{"name": "A", "value": "1"}, {"name": "B"}]),
    _container(imagePullPolicy="Never"),
    _volumes("data"),
)

REFUSED: tuple[dict[str, Any], ...] = (
    {"apiVersion": "extensions/v1beta1"},
    {"apiVersion": "apps/v1beta2"},
    {"apiVersion": "v1"},
    {"metadata.name": "Web"},
    {"metadata.name": "web_1"},
    {"spec.replicas": "2"},
    {_SELECTOR: {"matchLabels": {"app": "other"}}},
    {_SELECTOR: {"matchLabels": {"app": "web", "zone": "1"}}},
    {_SELECTOR: {"matchLabels": {"app": 1}}},
    {"spec.template.metadata.labels": {"app": "web", "version": 1.0}},
    {"spec.template.metadata.labels": {"app": "web", "canary": True}},
    _expression(key="tier", operator="In", values=["back"]),
    _expression(key="tier", operator="NotIn", values=["front"]),
    _expression(key="zone", operator="Exists"),
    _expression(key="tier", operator="DoesNotExist"),
    {f"{_POD}.restartPolicy": "Never"},
    {f"{_POD}.restartPolicy": "OnFailure"},
    _ports({"containerPort": "8080"}),
    _ports({"containerPort": 0}),
    _ports({"containerPort": 70000}),
    _ports({"name": "http_1", "containerPort": 8080}),
    _ports({"name": "this-name-is-too-long", "containerPort": 8080}),
    _ports({"name": "8080", "containerPort": 8080}),
    _ports({"name": "http", "containerPort": 8080}, {"name": "http", "containerPort": 8081}),
    {f"{_POD}.hostNetwork": True, **_ports({"containerPort": 8080, "hostPort": 80})},
    _beside(name="web"),
    _beside(name="Side"),
    _container(readinessProbe={"httpGet": _GET, "tcpSocket": {"port": 8080}}),
    _container(livenessProbe={"exec": {"command": ["true"]}, "tcpSocket": {"port": 8080}}),
    _container(readinessProbe={"tcpSocket": {"port": "8080"}}),
    _container(startupProbe={"httpGet": {"path": "/", "port": "a_b"}}),
    _container(env=[{"name": "A", "value": 3000}]),
    _container(env=[{"name": "A", "value": True}]),
    _volumes("date"),
)


def changed(change: Mapping[str, Any]) -> dict[str, Any]:
    """The Deployment with the values of *change*, by their paths."""
    found = copy.deepcopy(dict(_DEPLOYMENT))
    for path, value in change.items():
        *steps, last = path.split(".")
        at: dict[str, Any] = found
        for step in steps:
            at = at[step]
        at[last] = value
    return found
