"""What keeps ingress-nginx from answering a probe."""

from collections.abc import Mapping
from typing import Any

import pytest

from kubectl_akslb.evidence.evidence import Pods
from kubectl_akslb.evidence.ingress_nginx import Obstacle, obstacle
from kubectl_akslb.evidence.objects import Objects

NGINX = "nginx.ingress.kubernetes.io/"


def config(name: str = "controller", namespace: str = "", **data: str) -> dict[str, Any]:
    return {
        "kind": "ConfigMap",
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
        "data": {key.replace("_", "-"): value for key, value in data.items()},
    }


def ingress(
    *paths: str, annotations: Mapping[str, str] | None = None, host: str = "", kind: str = "Prefix", **spec: Any
) -> dict[str, Any]:
    rules = [
        {"http": {"paths": [{"path": path, "pathType": kind} for path in paths]}, **({"host": host} if host else {})}
    ]
    own = {(key if "/" in key else NGINX + key): value for key, value in (annotations or {}).items()}
    return {"kind": "Ingress", "metadata": {"name": "app", "annotations": own}, "spec": {"rules": rules, **spec}}


def controller(*arguments: str) -> tuple[Pods, ...]:
    return (Pods("Deployment/edge", "", {}, ({"args": list(arguments)},)),)


REGEX = {"use-regex": "true"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (config(use_proxy_protocol="true"), Obstacle("ConfigMap", "controller", "use-proxy-protocol", certain=True)),
        (config(use_proxy_protocol="false"), None),
        (config(server_snippet="return 403;"), Obstacle("ConfigMap", "controller", "server-snippet")),
        (config(whitelist_source_range="10.0.0.0/8"), Obstacle("ConfigMap", "controller", "whitelist-source-range")),
        (config(block_user_agents="bot"), Obstacle("ConfigMap", "controller", "block-user-agents")),
        (config(block_referers="x"), Obstacle("ConfigMap", "controller", "block-referers")),
        (config(block_cidrs="10.0.0.0/8"), Obstacle("ConfigMap", "controller", "block-cidrs")),
        (config(other="server-snippet"), None),
        (ingress("/healthz", kind="Exact"), Obstacle("Ingress", "app", "/healthz", captures=True)),
        (ingress("/healthz/"), Obstacle("Ingress", "app", "/healthz/", captures=True)),
        (ingress("/healthz", host="a.example.com"), None),
        (ingress("/", "/health"), None),
        (ingress("/(.*)", annotations=REGEX), Obstacle("Ingress", "app", "/(.*)", captures=True)),
        (ingress("/", annotations=REGEX), Obstacle("Ingress", "app", "/", captures=True)),
        (ingress("/api/(.*)", annotations=REGEX), None),
        (ingress("/(.*)", annotations={"rewrite-target": "/$1"}), Obstacle("Ingress", "app", "/(.*)", captures=True)),
        (ingress("/" + "a*" * 9, annotations=REGEX), Obstacle("Ingress", "app", "/" + "a*" * 9, captures=True)),
        (ingress("/(", annotations=REGEX), Obstacle("Ingress", "app", "/(", captures=True)),
        (ingress("/", annotations={"server-snippet": "return 403;"}), Obstacle("Ingress", "app", "server-snippet")),
        (ingress("/", annotations={"server-snippet": "add_header X-A b;"}), None),
        (ingress("/", annotations={"default-backend": "own"}), Obstacle("Ingress", "app", "default-backend", captures=True)),
        (ingress("/x", defaultBackend={}, rules=[]), None),
    ],
)  # fmt: skip
def test_obstacle(found: dict[str, Any], expected: Obstacle | None) -> None:
    assert expected == obstacle("/healthz", "HTTP", (), Objects([found]))


def test_a_rejected_handshake_concerns_https_only() -> None:
    objects = Objects([config(ssl_reject_handshake="true")])
    assert obstacle("/healthz", "HTTP", (), objects) is None
    assert Obstacle("ConfigMap", "controller", "ssl-reject-handshake") == obstacle("/healthz", "HTTPS", (), objects)


@pytest.mark.parametrize(
    ("versions", "scheme", "blocks"),
    [
        ("TLSv1.3", "HTTPS", True),
        ("TLSv1.2 TLSv1.3", "HTTPS", False),
        ("TLSv1 TLSv1.1", "HTTPS", True),
        ("TLSv1.3", "HTTP", False),
    ],
)
def test_probes_speak_one_version_of_tls(versions: str, scheme: str, blocks: bool) -> None:
    expected = Obstacle("ConfigMap", "controller", "ssl-protocols") if blocks else None
    assert expected == obstacle("/healthz", scheme, (), Objects([config(ssl_protocols=versions)]))


def test_one_expression_makes_all_paths_of_the_default_server_expressions() -> None:
    objects = Objects([ingress("/", host=""), ingress("/x/(.*)", annotations=REGEX)])
    assert Obstacle("Ingress", "app", "/", captures=True) == obstacle("/healthz", "HTTP", (), objects)


def test_what_is_certain_comes_first() -> None:
    objects = Objects([config(server_snippet="x"), ingress("/healthz"), config("b", use_proxy_protocol="true")])
    found = obstacle("/healthz", "HTTP", (), objects)
    assert Obstacle("ConfigMap", "b", "use-proxy-protocol", certain=True) == found


@pytest.mark.parametrize(
    ("arguments", "found", "concerned"),
    [
        ((), config("any"), True),
        (("--configmap=$(POD_NAMESPACE)/mine",), config("mine"), True),
        (("--configmap=$(POD_NAMESPACE)/mine",), config("other"), False),
        (("--configmap", "edge/mine"), config("mine", "edge"), True),
        (("--configmap=edge/mine",), config("mine", "other"), False),
    ],
)
def test_whose_settings(arguments: tuple[str, ...], found: dict[str, Any], concerned: bool) -> None:
    objects = Objects([{**found, "data": {"server-snippet": "return 403;"}}])
    assert concerned == (obstacle("/healthz", "HTTP", controller(*arguments), objects) is not None)


def ingress_class(name: str, of: str) -> dict[str, Any]:
    return {"kind": "IngressClass", "metadata": {"name": name}, "spec": {"controller": of}}


@pytest.mark.parametrize(
    ("arguments", "name", "classes", "concerned"),
    [
        ((), "", (), True),
        ((), "nginx", (), True),
        ((), "nginx-internal", (), True),
        ((), "traefik", (), False),
        ((), "own", (), False),
        ((), "own", (ingress_class("own", "k8s.io/ingress-nginx"),), True),
        ((), "nginx", (ingress_class("nginx", "nginx.org/ingress-controller"),), False),
        (("--controller-class=k8s.io/internal",), "nginx", (ingress_class("nginx", "k8s.io/ingress-nginx"),), False),
        (("--controller-class=k8s.io/internal",), "own", (ingress_class("own", "k8s.io/internal"),), True),
        (("--ingress-class=own",), "nginx", (), False),
        (("--ingress-class=own",), "own", (), True),
    ],
)
def test_whose_ingress(
    arguments: tuple[str, ...],
    name: str,
    classes: tuple[dict[str, Any], ...],
    concerned: bool,
) -> None:
    objects = Objects([*classes, ingress("/healthz", ingressClassName=name)])
    assert concerned == (obstacle("/healthz", "HTTP", controller(*arguments), objects) is not None)


@pytest.mark.parametrize("bad", [{}, {"data": 1}, {"spec": {"rules": [1, {"http": {"paths": 2}}]}}, {"spec": []}])
def test_objects_are_not_trusted(bad: dict[str, Any]) -> None:
    objects = Objects([{"kind": kind, **bad} for kind in ("ConfigMap", "Ingress", "IngressClass")])
    assert obstacle("/healthz", "HTTP", controller("--configmap"), objects) is None
