"""Gateways and DataPlanes of the Kong operator.

What is seen stands in controller/gateway/controller_reconciler_utils_test.go and
pkg/utils/kubernetes/resources/services_test.go of Kong/kong-operator at cefc384 (2.3) and its tags.
"""

from tests.given.made import ANNOTATED, INTERNAL, Case, deployment, gateway, gateway_class, of_class, other, refers

GROUP = "gateway-operator.konghq.com"
PORTS = ["http 80 8000", "https 443 8443"]
PLAIN = {"name": "shop/dataplane-ingress-web", "ports": PORTS}
REFERS = refers(GROUP, "GatewayConfiguration")


def configuration(ingress: str) -> str:
    spec = f"spec: {{dataPlaneOptions: {{network: {{services: {{ingress: {{{ingress}}}}}}}}}}}"
    return other(f"{GROUP}/v2beta1", "GatewayConfiguration", spec)


def data_plane(ingress: str) -> str:
    return (
        f"apiVersion: {GROUP}/v1beta1\nkind: DataPlane\nmetadata: {{name: web, namespace: shop}}\n"
        f"spec: {{network: {{services: {{ingress: {{{ingress}}}}}}}}}\n"
    )


def version(tag: str) -> str:
    return deployment("kong-operator-controller-manager", f"docker.io/kong/kong-operator:{tag}")


CASES = {
    "default": Case("TestSetDataPlaneIngressServicePorts", gateway("kong"), (PLAIN,)),
    "infrastructure": Case(
        "config/samples/gateway-with-infrastructure-labels_v2.yaml (2.2)",
        gateway("kong", ANNOTATED),
        ({**PLAIN, "annotations": INTERNAL},),
    ),
    "infrastructure over the configuration": Case(
        "mergeInfrastructureIntoDataPlane (2.2)",
        gateway("kong", refers(GROUP, "GatewayConfiguration", more=", annotations: {a: gateway}"))
        + configuration("annotations: {a: b, c: d}"),
        ({**PLAIN, "annotations": {"a": "gateway", "c": "d"}},),
    ),
    "2.1 copies no infrastructure": Case(
        "controller_reconciler_utils.go of v2.1.0", gateway("kong", ANNOTATED) + version("2.1.9"), (PLAIN,)
    ),
    "configuration of the class": Case(
        "gatewayConfigDataPlaneOptionsToDataPlaneOptions: name, policy",
        gateway("mine")
        + gateway_class("mine", "konghq.com/gateway-operator", of_class(GROUP, "GatewayConfiguration"))
        + configuration("name: front, externalTrafficPolicy: Local"),
        ({**PLAIN, "name": "shop/front", "externalTrafficPolicy": "Local"},),
    ),
    "ClusterIP": Case(
        "gatewayConfigDataPlaneOptionsToDataPlaneOptions: type", gateway("kong", REFERS) + configuration("type: ClusterIP"), ()
    ),
    "streams": Case(
        "setDataPlaneDeploymentListenPorts (2.2): privileged and taken ports get one from 16384 on",
        gateway(
            "kong",
            listeners="{name: a, port: 53, protocol: UDP}, {name: b, port: 8443, protocol: TLS}, {name: c, port: 9000, protocol: TCP}",
        ),
        ({**PLAIN, "ports": ["a 53 16384/UDP", "b 8443 16385", "c 9000 9000"]},),
    ),
    "2.1 has no streams": Case(
        "setDataPlaneIngressServicePorts of v2.1.0",
        gateway("kong", listeners="{name: a, port: 80, protocol: HTTP}, {name: b, port: 9000, protocol: TCP}") + version("2.1.9"),
        ({**PLAIN, "ports": ["a 80 8000"]},),
    ),
    "DataPlane": Case("DefaultDataPlaneIngressServicePorts", data_plane(""), (PLAIN,)),
    "DataPlane, annotations": Case(
        "services_test.go: annotations, name, policy",
        data_plane("annotations: {a: b}, name: front, externalTrafficPolicy: Local"),
        ({**PLAIN, "name": "shop/front", "annotations": {"a": "b"}, "externalTrafficPolicy": "Local"},),
    ),
    "DataPlane, ports": Case(
        "services_test.go: ports",
        data_plane("ports: [{name: http, port: 8080}, {name: tls, port: 8443, targetPort: 8443}]"),
        ({**PLAIN, "ports": ["http 8080 8000", "tls 8443 8443"]},),
    ),
    "DataPlane, ClusterIP": Case("services_test.go: type", data_plane("type: ClusterIP"), ()),
}  # fmt: skip
