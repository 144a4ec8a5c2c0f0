"""Gateways of kgateway.

Golden files stand in test/deployer/testdata of kgateway-dev/kgateway, of 2025 and 2026 (2.1 to 2.3).
"""

from tests.given.made import ANNOTATED, INTERNAL, INTERNAL_TEXT, Case, gateway, gateway_class, of_class, other, refers

GROUP = "gateway.kgateway.dev"
PLAIN = {"name": "shop/web", "ports": ["listener-80 80 80", "listener-443 443 443"]}
CLASS = gateway_class("mine", "kgateway.dev/kgateway", of_class(GROUP, "GatewayParameters"))
BOTH = gateway("mine", refers(GROUP, "GatewayParameters", "own", ", annotations: {c: gateway}")) + CLASS
REFERS = refers(GROUP, "GatewayParameters")


def parameters(kube: str, name: str = "p", spec: str = "") -> str:
    return other(f"{GROUP}/v1alpha1", "GatewayParameters", f"spec: {spec or f'{{kube: {{{kube}}}}}'}", name)


CASES = {
    "default": Case("base-gateway-out.yaml", gateway("kgateway"), (PLAIN,)),
    "annotations of Azure": Case(
        "envoy-azure-annotations-out.yaml",
        gateway("mine") + CLASS + parameters(f"serviceOverlay: {{metadata: {ANNOTATED}}}"),
        ({**PLAIN, "annotations": INTERNAL},),
    ),
    "infrastructure": Case(
        "envoy-infrastructure-out.yaml: keys of the Gateway API are not copied",
        gateway("kgateway", f"{{annotations: {{{INTERNAL_TEXT}, gateway.networking.k8s.io/x: y}}}}"),
        ({**PLAIN, "annotations": INTERNAL},),
    ),
    "infrastructure over extraAnnotations": Case(
        "service.yaml of its chart: merge",
        gateway("kgateway", refers(GROUP, "GatewayParameters", more=", annotations: {a: gateway}"))
        + parameters("service: {extraAnnotations: {a: extra, b: extra}}"),
        ({**PLAIN, "annotations": {"a": "gateway", "b": "extra"}},),
    ),
    "an overlay wins": Case(
        "envoy-configs-and-overlays-out.yaml",
        gateway("kgateway", refers(GROUP, "GatewayParameters", more=", annotations: {a: gateway}"))
        + parameters("service: {extraAnnotations: {a: extra}}, serviceOverlay: {metadata: {annotations: {a: overlay}}}"),
        ({**PLAIN, "annotations": {"a": "overlay"}},),
    ),
    "overlays of the class, then of the Gateway": Case(
        "envoy-overlay-ordering-out.yaml, both-gwc-and-gw-have-params-out.yaml",
        BOTH
        + parameters("serviceOverlay: {metadata: {annotations: {a: class, b: class}}}, service: {externalTrafficPolicy: Local}")
        + parameters("serviceOverlay: {metadata: {annotations: {a: own}}}", "own"),
        ({**PLAIN, "annotations": {"a": "own", "b": "class", "c": "gateway"}, "externalTrafficPolicy": "Local"},),
    ),
    "families": Case(
        "service-ip-families-out.yaml",
        gateway("mine")
        + CLASS
        + parameters("service: {type: LoadBalancer, ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6, IPv4]}"),
        ({**PLAIN, "ipFamilyPolicy": "RequireDualStack", "ipFamilies": ["IPv6", "IPv4"]},),
    ),
    "class and ranges": Case(
        "loadbalancer-class-out.yaml, loadbalancer-source-ranges-api-out.yaml",
        gateway("kgateway", REFERS)
        + parameters("service: {loadBalancerClass: c, loadBalancerSourceRanges: [10.0.0.0/8, 192.168.0.0/16]}"),
        ({**PLAIN, "loadBalancerClass": "c", "loadBalancerSourceRanges": ["10.0.0.0/8", "192.168.0.0/16"]},),
    ),
    "ranges of an overlay": Case(
        "loadbalancer-source-ranges-out.yaml",
        gateway("kgateway", REFERS) + parameters("serviceOverlay: {spec: {loadBalancerSourceRanges: [10.0.0.0/8]}}"),
        ({**PLAIN, "loadBalancerSourceRanges": ["10.0.0.0/8"]},),
    ),
    "address": Case(
        "loadbalancer-static-ip-out.yaml",
        gateway("kgateway", spec="addresses: [{type: Hostname, value: a.example}, {type: IPAddress, value: 203.0.113.10}]"),
        ({**PLAIN, "loadBalancerIP": "203.0.113.10"},),
    ),
    "more ports": Case(
        "values_helpers.go, GetPortsValues: ports of the parameters behind those of listeners, TCP all",
        gateway("kgateway", REFERS, listeners="{name: d, port: 53, protocol: UDP}")
        + parameters("service: {ports: [{port: 53, nodePort: 30053}, {port: 9000}]}"),
        ({**PLAIN, "ports": ["listener-53 53 53", "listener-9000 9000 9000"]},),
    ),
    "ClusterIP": Case("service.yaml of its chart", gateway("kgateway", REFERS) + parameters("service: {type: ClusterIP}"), ()),
    "self managed": Case(
        "gatewayparameters_types.go: selfManaged",
        gateway("kgateway", REFERS) + parameters("", spec="{selfManaged: {}}"),
        (),
    ),
    "a long name": Case(
        "long-gateway-name-over-63-chars-out.yaml",
        gateway(
            "kgateway",
            name="extremely-long-gateway-name-that-exceeds-the-sixty-three-character-limit-imposed-by-kubernetes-dns-naming-requirements",
        ),
        ({**PLAIN, "name": "shop/extremely-long-gateway-name-that-exceeds-the-sixty-ff41b39ff097"},),
    ),
}  # fmt: skip
