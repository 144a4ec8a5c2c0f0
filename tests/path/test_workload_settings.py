"""What a well-known workload is told: it answers, or listens, otherwise than it does as it comes."""

import json
from typing import Any

import pytest

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import explain
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.provider.version import NEWEST
from kubectl_akslb.provider.workload_settings import FILES, SETTINGS, SIGNS
from kubectl_akslb.provider.workloads import WORKLOADS, release_of
from tests.given.objects import Object, service_object
from tests.given.services import on

WORKS, DEPENDS, DOWN = VerdictKind.WORKS, VerdictKind.DEPENDS, VerdictKind.DOWN
ANSWERS = (WORKS, Cause.WELL_KNOWN_ANSWER)
TOLD = (DEPENDS, Cause.WELL_KNOWN_BUT_TOLD)
UNPROVEN = (DEPENDS, Cause.ANSWER_NOT_PROVEN)
TLS = (DOWN, Cause.TLS_PORT_ASKED_PLAINLY)
ELSEWHERE = (DOWN, Cause.LISTENS_ELSEWHERE)
LOOPBACK = (DOWN, Cause.BOUND_TO_LOOPBACK)
CLOSED = (DEPENDS, Cause.OPENED_WHEN_TOLD)
LISTENS = (WORKS, Cause.LISTENS)
Said = tuple[VerdictKind, Cause]


def runs(image: str, number: int, port: str = "http", *args: str, **more: Any) -> Object:
    """A container with one port; variables are given in capitals."""
    env = [{"name": key, "value": value} for key, value in more.items() if key.isupper()]
    rest = {key: value for key, value in more.items() if not key.isupper()}
    ports = [{"name": port, "containerPort": number}]
    return {"name": port, "image": image, "args": list(args), "env": env, "ports": ports, **rest}


def said(
    path: str, *containers: Object, beside: tuple[Object, ...] = (), app: str | None = "http", name: str = ""
) -> Said:
    """What is said of a Service that leads to the port of the first container, and asks it for *path*."""
    port = {"name": "p", "port": 80, "targetPort": containers[0]["ports"][0]["name"]}
    labels = {"app.kubernetes.io/name": name} if name else {}
    metadata: Object = {"namespace": "shop", "labels": labels}
    metadata["annotations"] = {PREFIX + "azure-load-balancer-health-probe-request-path": path} if path else {}
    service = service_object(metadata=metadata, ports=[port | ({"appProtocol": app} if app else {})])
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": list(containers)}}
    body = {"selector": {"matchLabels": {"app": "web"}}, "template": template}
    workload = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}}
    items = [service, {**workload, "spec": body}, *beside]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
    verdict = explain([("web.yaml", text.encode())], on(str(NEWEST))).services[0].path.verdict
    return verdict.kind, verdict.because[0].cause


def config_map(name: str, data: Object, namespace: str = "shop") -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": data}


def from_config_map(variable: str, name: str) -> Object:
    return {"name": variable, "valueFrom": {"configMapKeyRef": {"name": name, "key": variable}}}


GRAFANA, PROMETHEUS, MINIO = "grafana/grafana:11.1", "prom/prometheus:v2.53.0", "minio/minio:RELEASE.2025-01-01"
NGINX = "registry.k8s.io/ingress-nginx/controller:v1.12.0"
NATS, KONG, PROXY = "nats:2.10", "kong:3.6", "quay.io/oauth2-proxy/oauth2-proxy:v7.6.0"


@pytest.mark.parametrize(
    ("path", "one", "expected"),
    [
        ("/api/health", runs(GRAFANA, 3000), ANSWERS),
        ("/api/health", runs(GRAFANA, 3000, GF_SERVER_HTTP_PORT="3000", GF_SERVER_PROTOCOL="http"), ANSWERS),
        ("/api/health", runs(GRAFANA, 3000, GF_SERVER_HTTP_PORT="8080"), ELSEWHERE),
        ("/api/health", runs(GRAFANA, 8080, GF_SERVER_HTTP_PORT="8080"), ANSWERS),
        ("/api/health", runs(GRAFANA, 8080, "grafana"), TOLD),
        ("/api/health", runs(GRAFANA, 3000, GF_SERVER_PROTOCOL="https"), TLS),
        ("/api/health", runs(GRAFANA, 3000, GF_SERVER_SERVE_FROM_SUB_PATH="true"), TOLD),
        ("/api/health", runs(GRAFANA, 3000, GF_SERVER_ROOT_URL="https://example.com/"), ANSWERS),
        ("/login", runs("jenkins/jenkins:lts", 8080, JENKINS_OPTS="--webroot=/w --httpPort=8080"), ANSWERS),
        ("/login", runs("jenkins/jenkins:lts", 8080, JENKINS_OPTS="--prefix=/jenkins"), TOLD),
        ("/login", runs("jenkins/jenkins:lts", 8080, "http", "--httpPort=9090"), ELSEWHERE),
        ("/login", runs("jenkins/jenkins:lts", 8080, "http", "--httpPort=-1", "--httpsPort=8443"), ELSEWHERE),
        ("/-/healthy", runs(PROMETHEUS, 9090, "web", "--web.listen-address=0.0.0.0:9090"), ANSWERS),
        ("/-/healthy", runs(PROMETHEUS, 9090, "web", "--web.listen-address=[::]:9090"), ANSWERS),
        ("/-/healthy", runs(PROMETHEUS, 9090, "web", "--web.listen-address", ":9091"), ELSEWHERE),
        ("/-/healthy", runs(PROMETHEUS, 9090, "web", "--web.listen-address=:$(WEB_PORT)"), TOLD),
        ("/-/healthy", runs(PROMETHEUS, 9090, "web", "--web.listen-address=:$(WEB_PORT)", WEB_PORT="9090"), ANSWERS),
        ("/-/healthy", runs(PROMETHEUS, 9090, "web", "--web.listen-address=:$(WEB_PORT)", WEB_PORT="9091"), ELSEWHERE),
        ("/-/healthy", runs(PROMETHEUS, 9090, "web", "--web.listen-address=':9090'"), ANSWERS),
        ("/-/healthy", runs(PROMETHEUS, 9090, "web", "--web.listen-address=unix:/run/web"), TOLD),
        ("/-/healthy", runs(PROMETHEUS, 9090, "web", "--web.listen-address=127.0.0.1:9090"), LOOPBACK),
        (
            "/-/healthy",
            runs(PROMETHEUS, 9091, "web", "--web.listen-address=:9090", "--web.listen-address=:9091"), ANSWERS,
        ),
        ("/-/healthy", runs("prom/prometheus:v1.8.2", 9090, "web"), TOLD),
        ("/-/healthy", runs("prom/prometheus:latest", 9090, "web"), ANSWERS),
        ("/minio/health/live", runs(MINIO, 9000, "api", "server", "/data"), ANSWERS),
        ("/minio/health/live", runs(MINIO, 9000, "api", "server", "/data", "--address", ":9090"), ELSEWHERE),
        ("/", runs(MINIO, 9001, "console", "server", "/data"), TOLD),
        ("/", runs(MINIO, 9001, "console", "server", "/data", "--console-address", ":9001"), ANSWERS),
        ("/healthz", runs(NATS, 8222, "monitor"), ANSWERS),
        ("/healthz", runs(NATS, 8222, "monitor", "-m", "8222"), ANSWERS),
        ("/healthz", runs(NATS, 8222, "monitor", "-js"), TOLD),
        ("/healthz", runs("nats:2.1", 8222, "monitor", "-m", "8222"), TOLD),
        ("/status", runs(KONG, 8100, "status", KONG_STATUS_LISTEN="0.0.0.0:8100, [::]:8100"), ANSWERS),
        ("/status", runs(KONG, 8100, "status", KONG_STATUS_LISTEN="off"), ELSEWHERE),
        ("/", runs(KONG, 8001, "kong-admin", KONG_ADMIN_LISTEN="127.0.0.1:8001"), LOOPBACK),
        ("/", runs(KONG, 8001, "kong-admin", KONG_ADMIN_LISTEN="0.0.0.0:8001, 0.0.0.0:8444 ssl"), ANSWERS),
        ("/ping", runs(PROXY, 4180, "http", "--http-address=0.0.0.0:4180"), ANSWERS),
        ("/ping", runs(PROXY, 4180), TOLD),
        ("/ping", runs(PROXY, 4180, OAUTH2_PROXY_HTTP_ADDRESS=":4180", OAUTH2_PROXY_PING_PATH="/alive"), TOLD),
        ("/ready", runs(PROXY, 4180, "http", "--http-address=:4180"), ANSWERS),
        ("/ready", runs("oauth2-proxy/oauth2-proxy:v7.4.0", 4180, "http", "--http-address=:4180"), TOLD),
        ("/readyz", runs("qdrant/qdrant:v1.9.0", 6333, QDRANT__SERVICE__ENABLE_TLS="false"), ANSWERS),
        ("/readyz", runs("qdrant/qdrant:v1.9.0", 6333, QDRANT__SERVICE__ENABLE_TLS="true"), TLS),
        ("/readyz", runs("qdrant/qdrant:v1.4.1", 6333), TOLD),
        ("/health", runs("ghcr.io/open-webui/open-webui:main", 8080, PORT="9090"), ELSEWHERE),
        ("/healthcheck", runs("mher/flower:2.0", 5555, "flower", "celery", "flower", "--url_prefix=flower"), TOLD),
        ("/healthz", runs("temporalio/ui:2.30", 8080, TEMPORAL_UI_PUBLIC_PATH="/temporal"), TOLD),
        ("/ping", runs("traefik:v3.1", 8080, "traefik", "--ping=true"), ANSWERS),
        ("/ping", runs("traefik:v3.1", 8080, "traefik", "--ping=false"), (DEPENDS, Cause.WELL_KNOWN_UNLESS)),
        ("/ping", runs("traefik:v3.1", 8080, "traefik", "--ping", "--ping.entryPoint=web"), TOLD),
        ("/ping", runs("traefik:v3.1", 8080, "traefik", "--ping", "--ping.manualRouting=true"), TOLD),
        (
            "/",
            runs(
                NGINX, 80, "http", "/nginx-ingress-controller", "--default-backend-service=shop/pages",
            ),
            (DEPENDS, Cause.WELL_KNOWN_UNLESS),
        ),
    ],
)  # fmt: skip
def test_what_it_is_told_decides(path: str, one: Object, expected: Said) -> None:
    assert expected == said(path, one)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (runs(GRAFANA, 3000, GF_SERVER_HTTP_PORT="8080"), ELSEWHERE),
        (runs(GRAFANA, 3000, GF_SERVER_PROTOCOL="https"), LISTENS),
        (runs(GRAFANA, 8080, "grafana"), CLOSED),
        (runs(NGINX, 8080, "http", "/nginx-ingress-controller"), (DOWN, Cause.OPENED_WHEN_TOLD)),
        (runs(NGINX, 8080), CLOSED),
        (runs(NGINX, 8443, "https", "/nginx-ingress-controller", "--https-port=8443"), LISTENS),
        (runs(NATS, 8222, "monitor", "-js"), CLOSED),
        (runs(NATS, 4222, "client", "-js"), LISTENS),
        (runs(KONG, 8001, "kong-admin"), CLOSED),
        (runs(PROXY, 4180, OAUTH2_PROXY_HTTP_ADDRESS="127.0.0.1:4180"), LOOPBACK),
    ],
)
def test_a_tcp_probe_needs_somebody_who_listens(one: Object, expected: Said) -> None:
    assert expected == said("", one, app=None)


def test_tls_is_no_fault_where_it_is_asked_for() -> None:
    assert ANSWERS == said("/api/health", runs(GRAFANA, 3000, GF_SERVER_PROTOCOL="https"), app="https")


@pytest.mark.parametrize(
    ("one", "data", "namespace", "expected"),
    [
        (runs(GRAFANA, 3000), {"grafana.ini": "[server]\nprotocol = https\n"}, "shop", TLS),
        (runs(GRAFANA, 3000), {"grafana.ini": "[server]\nprotocol = https\n"}, "else", ANSWERS),
        (runs(GRAFANA, 3000), {"grafana.ini": "[server]\n;protocol = https\n"}, "shop", ANSWERS),
        (runs(GRAFANA, 3000), {"grafana.ini": "[server]\nhttp_port = 8000\n"}, "shop", ELSEWHERE),
        (runs(GRAFANA, 3000), {"notes.txt": "http_port = 8000\n"}, "shop", ANSWERS),
        (
            runs(GRAFANA, 3000, GF_SERVER_HTTP_PORT="3000"), {"grafana.ini": "[server]\nhttp_port = 8000\n"}, "shop",
            ANSWERS,
        ),
        (
            runs(GRAFANA, 3000, envFrom=[{"configMapRef": {"name": "c"}}]), {"GF_SERVER_PROTOCOL": "https"}, "shop", TLS,
        ),
        (runs(GRAFANA, 3000, envFrom=[{"prefix": "X_", "configMapRef": {"name": "c"}}]), {"GF_SERVER_PROTOCOL": "https"}, "shop", ANSWERS),
        (runs(GRAFANA, 3000, env=[from_config_map("GF_SERVER_HTTP_PORT", "c")]), {"GF_SERVER_HTTP_PORT": "3000"}, "shop", ANSWERS),
        (runs(GRAFANA, 3000, env=[from_config_map("GF_SERVER_HTTP_PORT", "gone")]), {}, "shop", TOLD),
    ],
)  # fmt: skip
def test_config_maps_that_it_reads_count(one: Object, data: Object, namespace: str, expected: Said) -> None:
    assert expected == said("/api/health", one, beside=(config_map("c", data, namespace),))


@pytest.mark.parametrize(("line", "expected"), [('"http_port": 8222,', ANSWERS), ("port: 4222", TOLD)])
def test_the_configuration_of_nats_opens_its_monitoring(line: str, expected: Said) -> None:
    one = runs(NATS, 8222, "monitor", "--config", "/etc/nats-config/nats.conf")
    assert expected == said("/healthz", one, beside=(config_map("c", {"nats.conf": f"{{\n  {line}\n}}"}),))


@pytest.mark.parametrize(
    ("path", "containers", "name", "expected"),
    [
        ("/api/health", (runs("corp/app:1", 3000), runs(GRAFANA, 3001, "graf")), "", UNPROVEN),
        ("/api/health", (runs(GRAFANA, 3000), runs("corp/app:1", 8080, "app")), "", ANSWERS),
        ("/api/health", (runs("corp/login:1", 4180), runs(GRAFANA, 3000, "grafana")), "grafana", UNPROVEN),
        ("/api/health", (runs("corp/renamed:1", 3000, "grafana"),), "grafana", ANSWERS),
        (
            "/ping",
            (runs(PROXY, 4180, "http", "--http-address=:4180"), runs(GRAFANA, 3000, "grafana")), "grafana", ANSWERS,
        ),
        ("/", (runs("corp.azurecr.io/games/kong:1", 8000, "proxy"),), "", UNPROVEN),
        ("/", (runs("corp.azurecr.io/kong:3.6", 8000, "proxy"),), "", (DOWN, Cause.WELL_KNOWN_FAILURE)),
        ("/", (runs("corp.azurecr.io/docker.io/library/kong:3.6", 8000, "proxy"),), "", (DOWN, Cause.WELL_KNOWN_FAILURE)),
        ("/", (runs("games/kong:1", 8000, "proxy"),), "", UNPROVEN),
        ("/metrics", (runs("corp/nginx-exporter:1", 9113),), "", UNPROVEN),
    ],
)  # fmt: skip
def test_the_container_behind_the_port_is_the_one_that_is_asked(
    path: str, containers: tuple[Object, ...], name: str, expected: Said
) -> None:
    assert expected == said(path, *containers, name=name)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("prom/prometheus:v2.53.0", (2, 53, 0)),
        ("nats:2.10-alpine", (2, 10)),
        ("localhost:5000/nats", ()),
        ("nats:latest", ()),
        ("nats:2.1.9@sha256:abc", (2, 1, 9)),
        ("nats@sha256:2.1", ()),
    ],
)
def test_the_release_of_an_image(image: str, expected: tuple[int, ...]) -> None:
    assert expected == release_of(image)


def test_each_setting_is_of_a_port_of_the_table() -> None:
    ports = {one.name: {port.names[0] for port in one.ports} for one in WORKLOADS}
    assert [] == [(name, one.port) for name, rows in SETTINGS.items() for one in rows if one.port not in ports[name]]
    assert set(FILES) == {name for name, rows in SETTINGS.items() if any(one.keys for one in rows)}
    assert b"GF_SERVER_PROTOCOL" in SIGNS
    assert b"grafana.ini" in SIGNS
