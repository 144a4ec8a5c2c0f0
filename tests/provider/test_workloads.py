"""Known workloads: how each is recognised, and what it answers."""

import pytest

from kubectl_akslb.provider.workloads import REPORTED, TEMPLATE, WORKLOADS, KnownPath, Workload, recognise

NGINX, HAPROXY, KONG, ISTIO, TRAEFIK, TEMPORAL, JENKINS = WORKLOADS
NAME = "app.kubernetes.io/name"


@pytest.mark.parametrize(
    ("labels", "selector", "images", "expected"),
    [
        ({NAME: "ingress-nginx"}, {}, (), NGINX),
        ({}, {NAME: "ingress-nginx"}, (), NGINX),
        ({}, {"app": "ingress-nginx"}, (), NGINX),
        ({NAME: "temporal"}, {"app.kubernetes.io/component": "web"}, (), TEMPORAL),
        ({NAME: "temporal"}, {}, (), None),
        ({NAME: "Kong"}, {}, (), None),
        ({"istio": "ingressgateway"}, {}, (), ISTIO),
        ({}, {}, (), None),
        ({}, {}, ("registry.k8s.io/ingress-nginx/controller:v1.11.2",), NGINX),
        ({}, {}, ("localhost:5000/ingress-nginx/controller",), NGINX),
        ({}, {}, ("registry.k8s.io/ingress-nginx/controller:v1@sha256:abc",), NGINX),
        ({}, {}, ("traefik:v3.1",), TRAEFIK),
        ({}, {}, ("docker.io/library/kong:3",), KONG),
        ({}, {}, ("busybox", "jenkins/jenkins:lts"), JENKINS),
        ({}, {}, ("my-traefik:1",), None),
    ],
    ids=[
        "labels", "selector", "another label", "labels and selector together", "only one of two labels", "another case",
        "one of several labels", "nothing", "image", "registry with a port", "digest", "image without registry",
        "image of the library", "second image", "only the end of a name",
    ],
)  # fmt: skip
def test_recognise(
    labels: dict[str, str], selector: dict[str, str], images: tuple[str, ...], expected: Workload | None
) -> None:
    assert expected == recognise(labels, selector, images)


@pytest.mark.parametrize(
    ("workload", "port", "path"),
    [
        (NGINX, "https", "/healthz"), (NGINX, "metrics", None), (HAPROXY, "http", None),
        (ISTIO, "status-port", "/healthz/ready"), (ISTIO, "http2", None),
    ],
)  # fmt: skip
def test_path_that_answers(workload: Workload, port: str, path: str | None) -> None:
    known = workload.path_for(port)
    assert path == (known.path if known else None)


@pytest.mark.parametrize(
    ("workload", "path", "port", "expected"),
    [
        (NGINX, "/healthz", "http", KnownPath("/healthz", 200, ("http", "https"), TEMPLATE)),
        (NGINX, "/", "http", KnownPath("/", 404, ("http", "https"), REPORTED)),
        (NGINX, "/", "metrics", None),
        (NGINX, "/other", "http", None),
        (KONG, "/healthz", "anything", KnownPath("/healthz", 404, (), REPORTED)),
    ],
    ids=["answers", "fails", "another port", "another path", "every port"],
)
def test_status(workload: Workload, path: str, port: str, expected: KnownPath | None) -> None:
    assert expected == workload.status_of(path, port)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_rows_say_what_they_know(workload: Workload) -> None:
    assert workload.labels or workload.images
    assert workload.note
    assert {200} >= {known.status for known in workload.answers}
    assert 200 not in {known.status for known in workload.fails}
    assert {TEMPLATE, REPORTED} >= {known.evidence for known in (*workload.answers, *workload.fails)}
