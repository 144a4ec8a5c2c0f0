"""Well-known workloads: how each is recognised, and what its ports speak and answer."""

import pytest

from kubectl_akslb.model.service import TCP, ServicePort
from kubectl_akslb.provider.workloads import (
    ANY,
    HTTP,
    HTTPS,
    MEASURED,
    REPORTED,
    TEMPLATE,
    WORKLOADS,
    Workload,
    not_200,
    recognise,
)

BY_NAME = {workload.name: workload for workload in WORKLOADS}
NAME = "app.kubernetes.io/name"
COMPONENT = "app.kubernetes.io/component"
GATEWAY = "gateway.networking.k8s.io/gateway-name"


def port(name: str = "", number: int = 80, target: int | str | None = None) -> ServicePort:
    return ServicePort(0, name, TCP, number, target_port=target)


@pytest.mark.parametrize(
    ("labels", "selector", "images", "ports", "expected"),
    [
        ({NAME: "ingress-nginx"}, {}, (), (), "ingress-nginx"),
        ({}, {NAME: "ingress-nginx"}, (), (), "ingress-nginx"),
        ({}, {"app": "ingress-nginx"}, (), (), "ingress-nginx"),
        ({NAME: "temporal"}, {COMPONENT: "web"}, (), (), "temporal web"),
        ({NAME: "temporal"}, {}, (), (), None),
        ({NAME: "Kong"}, {}, (), (), None),
        ({"istio": "ingressgateway"}, {}, (), (), "istio gateway"),
        ({}, {}, (), (), None),
        ({}, {}, ("registry.k8s.io/ingress-nginx/controller:v1.11.2",), (), "ingress-nginx"),
        ({}, {}, ("localhost:5000/ingress-nginx/controller",), (), "ingress-nginx"),
        ({}, {}, ("registry.k8s.io/ingress-nginx/controller:v1@sha256:abc",), (), "ingress-nginx"),
        ({}, {}, ("traefik:v3.1",), (), "traefik"),
        ({}, {}, ("docker.io/library/kong:3",), (), "kong"),
        ({}, {}, ("busybox", "jenkins/jenkins:lts"), (), "jenkins"),
        ({}, {}, ("my-traefik:1",), (), None),
        ({}, {"istio": "edge"}, (), (port("status-port", 15021), port("http", 80)), "istio gateway"),
        ({}, {"istio": "edge"}, (), (port("http", 80),), None),
        ({}, {GATEWAY: "shop"}, (), (port("status", 15021),), "istio gateway"),
        ({}, {"istio.io/gateway-name": "shop"}, (), (port("s", 80, 15021),), "istio gateway"),
        ({}, {GATEWAY: "shop"}, (), (port("http", 80),), None),
        ({}, {}, ("example.com/app:1", "docker.io/istio/proxyv2:1.27"), (port("http", 80),), None),
        ({NAME: "traefik"}, {}, ("jenkins/jenkins:lts",), (), "traefik"),
        ({NAME: "nginx-ingress"}, {}, (), (), "nginx-ingress of F5"),
        ({}, {}, ("nginx/nginx-ingress:5.1.0",), (), "nginx-ingress of F5"),
        ({}, {}, ("quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.33",), (), "ingress-nginx"),
        ({NAME: "prometheus"}, {}, (), (port("http", 80, 9090),), "prometheus"),
        ({NAME: "prometheus"}, {}, ("bitnami/alertmanager:0",), (port("http", 80, "http"),), "alertmanager"),
        ({NAME: "argo-cd", COMPONENT: "server"}, {}, (), (), "argo-cd server"),
        ({}, {}, ("quay.io/argoproj/argocd:v3",), (port("http", 80, 8080),), "argo-cd server"),
        ({}, {}, ("quay.io/argoproj/argocd:v3",), (port("metrics", 8082, 8082),), None),
    ],
    ids=[
        "labels", "selector", "another label", "labels and selector together", "only one of two labels", "another case",
        "one of several labels", "nothing", "image", "registry with a port", "digest", "image without registry",
        "image of the library", "second image", "only the end of a name", "Istio by selector and status port",
        "a selector like Istio's", "Istio by the name of a Gateway", "Istio by its old label and a target port",
        "a Gateway of somebody else", "an application with Istio's sidecar", "labels before images", "F5 by label",
        "F5 by image", "an old image", "Prometheus by its port", "an Alertmanager with the label of Prometheus",
        "Argo CD of Bitnami", "Argo CD by image and port", "another part of Argo CD",
    ],
)  # fmt: skip
def test_recognise(
    labels: dict[str, str],
    selector: dict[str, str],
    images: tuple[str, ...],
    ports: tuple[ServicePort, ...],
    expected: str | None,
) -> None:
    found = recognise(labels, selector, images, ports)
    assert expected == (found.name if found else None)


@pytest.mark.parametrize(
    ("workload", "given", "name", "number", "scheme", "path"),
    [
        ("ingress-nginx", port("https", 443, "https"), "", None, HTTPS, "/healthz"),
        ("ingress-nginx", port("https", 443, "http"), "", None, HTTP, "/healthz"),
        ("ingress-nginx", port("https", 443, 80), "", None, HTTP, "/healthz"),
        ("ingress-nginx", port("https", 443, "special"), "", None, "", ""),
        ("ingress-nginx", port("https", 443, "special"), "special", 80, HTTP, "/healthz"),
        ("ingress-nginx", port("http", 80, 8080), "", None, HTTP, "/healthz"),
        ("ingress-nginx", port("http", 80, 8080), "own", 8080, "", ""),
        ("ingress-nginx", port("extra", 8000), "", None, "", ""),
        ("haproxy kubernetes-ingress", port("http", 80, "http"), "", None, HTTP, None),
        ("haproxy kubernetes-ingress", port("stat", 1024, "stat"), "", None, HTTP, "/"),
        ("kong", port("kong-admin", 8001, 8001), "", None, HTTP, "/"),
        ("kong", port("kong-proxy", 80, 8000), "", None, HTTP, None),
        ("istio gateway", port("status-port", 15021, 15021), "", None, HTTP, "/healthz/ready"),
        ("istio gateway", port("http2", 80, 8080), "", None, "", ""),
        ("traefik", port("websecure", 443, "websecure"), "", None, HTTPS, None),
        ("qdrant", port("http", 6333, "http"), "", None, HTTP, "/readyz"),
        ("qdrant", port("grpc", 6334, "grpc"), "", None, "", ""),
        ("open-webui", port("http", 80, "http"), "", None, HTTP, "/health"),
        ("flower", port("flower-ui", 5555, 5555), "", None, HTTP, "/healthcheck"),
        ("minio", port("http", 9000, 9000), "", None, HTTP, "/minio/health/ready"),
        ("minio", port("http", 9001, 9001), "", None, HTTP, "/"),
        ("prometheus", port("http", 80, 9090), "", None, HTTP, "/-/healthy"),
        ("prometheus", port("reloader-web", 8080, "reloader-web"), "", None, "", ""),
        ("alertmanager", port("http", 9093, "http"), "", None, HTTP, "/-/healthy"),
        ("grafana", port("service", 80, 3000), "", None, HTTP, "/api/health"),
        ("rabbitmq", port("http-stats", 15672, "stats"), "", None, HTTP, "/"),
        ("rabbitmq", port("amqp", 5672, "amqp"), "", None, "", ""),
        ("nats", port("nats", 4222, "nats"), "", None, "", ""),
    ],
)
def test_the_container_port_decides(
    workload: str, given: ServicePort, name: str, number: int | None, scheme: str, path: str | None
) -> None:
    """A path of "" says that nothing is known of the port."""
    known = BY_NAME[workload].port_of(given, name, number)
    assert (known is None) == (path == "")
    if known is not None:
        answer = known.path(known.scheme)
        assert (scheme, path) == (known.scheme, answer.path if answer else None)


@pytest.mark.parametrize(
    ("workload", "given", "path", "scheme", "status"),
    [
        ("ingress-nginx", "http", "/healthz", HTTP, 200),
        ("ingress-nginx", "https", "/", HTTPS, 404),
        ("ingress-nginx", "http", "/livez", HTTP, 404),
        ("ingress-nginx", "http", "/other", HTTP, None),
        ("kong", "kong-proxy", "/healthz", HTTP, 404),
        ("nginx-ingress of F5", "http", "/", HTTP, 404),
        ("argo-cd server", "http", "/anything", HTTP, 307),
        ("argo-cd server", "https", "/healthz", HTTPS, 200),
        ("argo-cd server", "https", "/", HTTPS, None),
        ("influxdb", "http", "/ping", HTTP, 204),
        ("uptime-kuma", "http", "/", HTTP, 302),
        ("bookstack", "http", "/", HTTP, 302),
        ("vault", "http", "/v1/sys/health", HTTP, None),
    ],
)
def test_status(workload: str, given: str, path: str, scheme: str, status: int | None) -> None:
    known = BY_NAME[workload].port_of(port(given))
    assert known is not None
    answer = known.status(path, scheme)
    assert status == (answer.status if answer else None)


def test_the_port_that_answers_for_all() -> None:
    status = port("status-port", 15021, 15021)
    found = BY_NAME["istio gateway"].health_port((port("http", 80, 8080), status))
    assert found is not None
    assert status == found[0]
    assert BY_NAME["istio gateway"].health_port((port("http", 80, 8080),)) is None
    assert BY_NAME["ingress-nginx"].health_port((port("http"), port("https", 443))) is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/sys/health", 0), ("/v1/sys/health?standbyok=true", 0), ("/v1/sys/healthy", None), ("/weblogic", 302),
        ("/weblogic/ready", None), ("/-/health/ready/", 204), ("/ready", None), ("/", None),
    ],
)  # fmt: skip
def test_readiness_paths_that_are_known_to_answer_otherwise(path: str, status: int | None) -> None:
    found = not_200(path)
    assert status == (found.status if found else None)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_rows_say_what_they_know(workload: Workload) -> None:
    assert workload.signs
    assert workload.note
    assert all(sign.labels or sign.images for sign in workload.signs)
    for known in workload.ports:
        assert known.names or known.numbers
        assert known.scheme in {HTTP, HTTPS, ""}
        assert {MEASURED, TEMPLATE, REPORTED} >= {answer.evidence for answer in known.answers}
        assert all(answer.path == ANY or answer.path.startswith("/") for answer in known.answers)
        assert len({(answer.path, answer.scheme) for answer in known.answers}) == len(known.answers)
    numbers = [number for known in workload.ports for number in known.numbers]
    names = [name for known in workload.ports for name in known.names]
    assert (len(set(numbers)), len(set(names))) == (len(numbers), len(names))
