"""What each controller makes, as its own golden files and tests have it: name, type, policy, annotations, ports."""

import pytest

from kubectl_akslb.producers import producer_files
from tests.given.made import INTERNAL, INTERNAL_TEXT, Case, deployment, gateway, gateway_class, made, made_with, short
from tests.producers.controllers import (
    app_routing,
    cilium,
    contour,
    envoy_gateway,
    istio,
    kgateway,
    kong,
    nginx_gateway_fabric,
    others,
    rabbitmq,
    strimzi,
    templates,
)

CASES: dict[str, dict[str, Case]] = {
    "app_routing": app_routing.CASES,
    "argo_cd": others.ARGO_CD,
    "cilium": cilium.CASES,
    "contour": contour.CASES,
    "envoy_gateway": envoy_gateway.CASES,
    "istio": istio.CASES,
    "kgateway": kgateway.CASES,
    "knative": others.KNATIVE,
    "kong": kong.CASES,
    "nginx_gateway_fabric": nginx_gateway_fabric.CASES,
    "rabbitmq": rabbitmq.CASES,
    "strimzi": strimzi.CASES,
    "traefik": others.TRAEFIK,
}
TEMPLATES = {"eck": templates.ECK, "cloudnative-pg": templates.CLOUD_NATIVE_PG, "dragonfly": templates.DRAGONFLY}
FEWEST = 6


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{controller}: {name}")
        for controller, cases in {**CASES, **TEMPLATES}.items()
        for name, case in cases.items()
    ],
)
def test_the_services_of_a_controller(case: Case) -> None:
    assert list(case.wanted) == [short(one) for one in made(case.text)], case.source


def test_each_controller_has_cases() -> None:
    files = {one.__name__.rpartition(".")[2] for one in vars(producer_files).values() if hasattr(one, "__file__")}
    assert files == {*CASES}
    assert {} == {name: len(cases) for name, cases in CASES.items() if len(cases) < FEWEST}


@pytest.mark.parametrize(
    "text",
    [
        gateway("unknown"),
        gateway("istio") + gateway_class("istio", "example.com/other"),
        gateway("istio").replace("gateway.networking.k8s.io/v1", "networking.istio.io/v1"),
        "kind: Gateway\nmetadata: {name: []}\nspec: {gatewayClassName: istio, listeners: 3}\napiVersion: gateway.networking.k8s.io/v1\n",
    ],
    ids=["unknown class", "another controller", "Istio's own kind", "wrong types"],
)
def test_no_service_is_made(text: str) -> None:
    assert [] == made(text)


ADDRESS = "addresses: [{value: 192.0.0.2}]"
PARAMETERS = istio.CASES["ConfigMap"].text
DUAL_STACK = ("spec", "ipFamilyPolicy")


@pytest.mark.parametrize(
    ("text", "name", "image", "older", "newer", "path"),
    [
        (istio.CASES["infrastructure"].text, "istiod", "istio/pilot", "1.20.8", "1.21.0", ("metadata", "annotations")),
        (gateway("istio"), "istiod-1-24", "istio/pilot", "1.23.4", "1.24.0-distroless", DUAL_STACK),
        (PARAMETERS, "istiod", "istio/pilot", "1.25.3", "1.26.0", ("spec", "externalTrafficPolicy")),
        (
            istio.CASES["two names that become one"].text,
            "istiod", "istio/pilot", "1.30.2", "1.31.0", ("spec", "ports"),
        ),
        (
            envoy_gateway.CASES["EnvoyProxy"].text,
            "envoy-gateway", "envoyproxy/gateway", "v1.0.2", "v1.1.0", ("spec", "loadBalancerSourceRanges"),
        ),
        (
            envoy_gateway.CASES["IPv6"].text,
            "envoy-gateway", "envoyproxy/gateway", "v1.2.8", "v1.3.0", ("spec", "ipFamilyPolicy"),
        ),
        (
            envoy_gateway.CASES["mergeType"].text,
            "envoy-gateway", "envoyproxy/gateway", "v1.7.3", "v1.8.0", ("metadata", "annotations"),
        ),
        (gateway("nginx"), "ngf-nginx-gateway-fabric", "nginx-gateway-fabric", "2.0.2", "2.1.0", DUAL_STACK),
        (gateway("nginx", spec=ADDRESS), "nginx-gateway", "nginx-gateway-fabric", "2.1.4", "2.2.0", ("spec", "externalIPs")),
        (
            nginx_gateway_fabric.CASES["readiness probe"].text,
            "nginx-gateway", "nginx-gateway-fabric", "2.4.2", "2.5.0", ("spec", "ports"),
        ),
        (
            gateway("nginx", spec=ADDRESS),
            "nginx-gateway", "nginx-gateway-fabric", "2.6.7", "2.7.0", ("spec", "loadBalancerClass"),
        ),
        (gateway("contour"), "contour-gateway-provisioner", "contour", "v1.26.3", "v1.27.0", DUAL_STACK),
        (
            contour.CASES["infrastructure"].text,
            "contour-gateway-provisioner", "contour", "v1.27.4", "v1.28.0", ("metadata", "annotations"),
        ),
        (
            kong.CASES["infrastructure"].text,
            "kong-operator-controller-manager", "kong-operator", "2.1.9", "2.2.0", ("metadata", "annotations"),
        ),
        (kong.CASES["streams"].text, "gateway-operator", "gateway-operator", "2.1.9", "2.2.0", ("spec", "ports")),
        (
            strimzi.CASES["annotations of all brokers"].text.replace("{broker: 0, annotations: {b: c}}", ""),
            "strimzi-cluster-operator", "strimzi/operator", "1.0.1", "1.1.0", ("metadata", "annotations"),
        ),
        (
            strimzi.CASES["another template of the pool"].text,
            "strimzi-cluster-operator-v0.49.0", "strimzi/operator", "0.48.0", "0.49.0", ("metadata", "annotations"),
        ),
        (
            rabbitmq.CASES["plain"].text,
            "rabbitmq-cluster-operator", "cluster-operator", "1.10.0", "1.11.0", ("spec", "ports"),
        ),
        (
            rabbitmq.CASES["family"].text,
            "rabbitmq-cluster-operator", "cluster-operator", "2.5.0", "2.6.0", ("spec", "ipFamilyPolicy"),
        ),
        (
            rabbitmq.CASES["web"].text,
            "rabbitmq-cluster-operator", "cluster-operator", "2.19.2", "2.20.0", ("spec", "ports"),
        ),
    ],
)  # fmt: skip
def test_a_version_at_its_border(
    text: str, name: str, image: str, older: str, newer: str, path: tuple[str, str]
) -> None:
    """The value differs at the border alone, and the version that was seen is said where it is not the newest."""
    before, after = (
        made_with(text + deployment(name, f"registry.example:5000/{image}:{tag}@sha256:0")) for tag in (older, newer)
    )
    values = [str([one.service[path[0]].get(path[1]) for one in found]) for found in (before, after)]
    assert values[0] != values[1]
    major, minor = older.lstrip("v").split(".")[:2]
    assert any(f" {major}.{minor}: not " in note for one in before for note in one.notes)


@pytest.mark.parametrize(
    ("text", "newest"),
    [
        (gateway("istio"), "Istio is not here: taken for 1.31"),
        (envoy_gateway.CASES["EnvoyProxy"].text, "Envoy Gateway is not here: taken for 1.9"),
        (gateway("nginx"), "NGINX Gateway Fabric is not here: taken for 2.6"),
        (gateway("contour"), "Contour is not here: taken for 1.33"),
        (kong.CASES["infrastructure"].text, "the Kong operator is not here: taken for 2.3"),
        (strimzi.CASES["annotations of all brokers"].text, "Strimzi is not here: taken for 1.2"),
        (rabbitmq.CASES["plain"].text, "the RabbitMQ operator is not here: taken for 2.22"),
        (gateway("istio") + deployment("istiod", "istio/pilot:latest"), "Istio is not here: taken for 1.31"),
        (gateway("istio") + deployment("istiod", "istio/pilot@sha256:00"), "Istio is not here: taken for 1.31"),
        (gateway("istio") + deployment("other", "istio/pilot:1.20.0"), "Istio is not here: taken for 1.31"),
    ],
)
def test_a_version_that_is_not_known_is_the_newest_and_that_is_said(text: str, newest: str) -> None:
    found = made_with(text)
    assert found
    assert any(newest in note for one in found for note in one.notes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (gateway("istio", istio.CONFIG), "without it Istio makes no Service"),
        (gateway("istio", istio.CONFIG) + istio.parameters("metadata: {name: x}"), "changes metadata.name"),
        (gateway("istio", istio.CONFIG) + istio.parameters("metadata: [", "service"), "is no YAML"),
        (gateway("istio", istio.CONFIG) + istio.parameters("x: y", "config"), "has the key config"),
        (gateway("approuting-istio", istio.CONFIG) + istio.parameters("spec: {sessionAffinity: ClientIP}"), "AKS refuses"),
        (gateway("istio", name="a" * 70), "more than 63 characters"),
        (gateway("kgateway", spec="addresses: [{value: 1.2.3.4}, {value: 1.2.3.5}]"), "takes one IP address"),
        (
            gateway("nginx", nginx_gateway_fabric.REFERS)
            + nginx_gateway_fabric.proxy("patches: [{type: JSONPatch, value: [{op: move, from: /a, path: /spec/b}]}]"),
            "not applied here",
        ),
        (
            gateway("eg", envoy_gateway.REFERS)
            + envoy_gateway.proxy("patch: {value: {spec: {$patch: replace, type: LoadBalancer}}}"),
            "not applied here",
        ),
        (gateway("mine") + cilium.CLASS, "CiliumGatewayClassConfig p is not here"),
        (kong.CASES["2.1 has no streams"].text, "refuses a Gateway with a listener of TCP"),
        (
            envoy_gateway.CASES["merged Gateways"].text.replace(INTERNAL_TEXT, "a: b", 1),
            "whose annotations it gets is not known",
        ),
    ],
)  # fmt: skip
def test_what_is_not_known_is_told(text: str, said: str) -> None:
    assert any(said in each for one in made_with(text) for each in one.unknown)


@pytest.mark.parametrize(
    ("spec", "annotations", "ports"),
    [
        (f"http: {{service: {{metadata: {{annotations: {{{INTERNAL_TEXT}}}}}, spec: {{type: LoadBalancer, ports: [{{port: 9200}}]}}}}}}", INTERNAL, [9200]),
        (f"serviceSpec: {{type: LoadBalancer, annotations: {{{INTERNAL_TEXT}}}}}", INTERNAL, []),
        (f"service: {{type: LoadBalancer, metadata: {{annotations: {{{INTERNAL_TEXT}}}}}}}", INTERNAL, []),
        ("managed: {services: {additional: [{serviceTemplate: {spec: {type: LoadBalancer, ports: [{port: 5432}]}}}]}}", {}, [5432]),
    ],
    ids=["metadata and spec", "flat", "type and metadata", "in a list"],
)  # fmt: skip
def test_a_service_in_a_field(spec: str, annotations: dict[str, str], ports: list[int]) -> None:
    (found,) = made(f"apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: a}}\nspec: {{{spec}}}\n")
    assert annotations == found["metadata"]["annotations"]
    assert ports == [one["port"] for one in found["spec"]["ports"]]


@pytest.mark.parametrize(
    "spec",
    [
        "template: {service: {type: LoadBalancer}}", "service: {type: ClusterIP}", "type: LoadBalancer",
        "a: {b: {c: {d: {e: {f: {g: {h: {type: LoadBalancer}}}}}}}}",
    ],
    ids=["pods", "another type", "the object itself", "too deep"],
)  # fmt: skip
def test_no_service_in_a_field(spec: str) -> None:
    assert [] == made(f"apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: a}}\nspec: {{{spec}}}\n")
