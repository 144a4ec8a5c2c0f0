"""Gateways of Contour's provisioner.

What is seen stands in internal/provisioner/objects/service/service_test.go, internal/provisioner/controller/gateway_test.go
and internal/gatewayapi/listeners_test.go of projectcontour/contour at 31c4bb3 (1.33) and its tags.
"""

from tests.given.made import ANNOTATED, INTERNAL, Case, deployment, gateway, gateway_class, of_class, other

NAME = "projectcontour.io/gateway-controller"
PORTS = ["http-80 80 8080", "https-443 443 8443"]
PLAIN = {"name": "shop/envoy-web", "ports": PORTS, "externalTrafficPolicy": "Local", "ipFamilyPolicy": "SingleStack"}
CLASS = gateway_class("mine", NAME, of_class("projectcontour.io", "ContourDeployment"))


def deployed(published: str) -> str:
    spec = f"spec: {{envoy: {{networkPublishing: {{{published}}}}}}}"
    return CLASS + other("projectcontour.io/v1alpha1", "ContourDeployment", spec)


def version(tag: str) -> str:
    return deployment("contour-gateway-provisioner", f"ghcr.io/projectcontour/contour:{tag}")


CASES = {
    "default": Case("TestDesiredEnvoyService, model.Default", gateway("contour"), (PLAIN,)),
    "infrastructure": Case(
        "gateway_test.go: infrastructure annotations are propagated",
        gateway("contour", ANNOTATED),
        ({**PLAIN, "annotations": INTERNAL},),
    ),
    "serviceAnnotations win": Case(
        "service.go, DesiredEnvoyService: they are copied last",
        gateway("mine", "{annotations: {a: gateway, b: gateway}}") + deployed("serviceAnnotations: {b: class}"),
        ({**PLAIN, "annotations": {"a": "gateway", "b": "class"}},),
    ),
    "policies": Case(
        "gateway_test.go: externalTrafficPolicy and ipFamilyPolicy of the ContourDeployment",
        gateway("mine") + deployed("externalTrafficPolicy: Cluster, ipFamilyPolicy: PreferDualStack"),
        ({**PLAIN, "externalTrafficPolicy": "Cluster", "ipFamilyPolicy": "PreferDualStack"},),
    ),
    "LoadBalancerService": Case(
        "gateway_test.go: networkPublishing", gateway("mine") + deployed("type: LoadBalancerService"), (PLAIN,)
    ),
    "NodePortService": Case(
        "gateway_test.go: networkPublishing", gateway("mine") + deployed("type: NodePortService"), ()
    ),
    "address": Case(
        "gateway_test.go: the first address is the loadBalancerIP",
        gateway("contour", spec="addresses: [{value: 172.18.255.207}, {value: 1.2.3.4}]"),
        ({**PLAIN, "loadBalancerIP": "172.18.255.207"},),
    ),
    "address that is a name": Case(
        "gateway_test.go: a Hostname too",
        gateway("contour", spec="addresses: [{type: Hostname, value: contour.internal}]"),
        ({**PLAIN, "loadBalancerIP": "contour.internal"},),
    ),
    "address of another type": Case(
        "gateway.go: others are ignored",
        gateway("contour", spec="addresses: [{type: example.com/own, value: 1.2.3.4}]"),
        (PLAIN,),
    ),
    "protocols": Case(
        "listeners_test.go: HTTPS, TLS and projectcontour.io/https share a port, UDP is refused",
        gateway(
            "contour",
            listeners="{name: a, port: 443, protocol: TLS, hostname: a.x}, {name: b, port: 443, protocol: HTTPS, hostname: b.x}, "
            "{name: c, port: 444, protocol: projectcontour.io/https}, {name: d, port: 53, protocol: UDP}, {name: e, port: 9, protocol: TCP}",
        ),
        ({**PLAIN, "ports": ["https-443 443 8443", "https-444 444 8444", "tcp-9 9 8009"]},),
    ),
    "ports of the container": Case(
        "listeners.go, toContainerPort: behind the last one from the beginning, and the first of two for one",
        gateway(
            "contour",
            listeners="{name: a, port: 57535, protocol: HTTP}, {name: b, port: 57536, protocol: HTTP}, {name: c, port: 58559, protocol: HTTP}",
        ),
        ({**PLAIN, "ports": ["http-57535 57535 65535", "http-57536 57536 1024"]},),
    ),
    "1.27 copies no annotations": Case(
        "gateway.go of v1.27.0", gateway("contour", ANNOTATED) + version("v1.27.4"), (PLAIN,)
    ),
    "1.26 names no family": Case(
        "service.go of v1.26.0",
        gateway("contour", listeners="{name: a, port: 80, protocol: HTTP}, {name: b, port: 9, protocol: TCP}") + version("v1.26.3"),
        ({"name": "shop/envoy-web", "ports": ["http-80 80 8080"], "externalTrafficPolicy": "Local"},),
    ),
}  # fmt: skip
