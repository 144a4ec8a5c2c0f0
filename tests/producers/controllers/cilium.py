"""Gateways and Ingresses of Cilium.

Golden files stand in operator/pkg/model/translation/gateway-api/testdata of cilium/cilium, of 2024 to 2026.
"""

from tests.given.made import ANNOTATED, INTERNAL, INTERNAL_TEXT, Case, gateway, gateway_class, of_class, other

PORTS = ["port-80 80", "port-443 443"]
PLAIN = {"name": "shop/cilium-gateway-web", "ports": PORTS, "externalTrafficPolicy": "Cluster"}
CLASS = gateway_class("mine", "io.cilium/gateway-controller", of_class("cilium.io", "CiliumGatewayClassConfig"))
ALLOW = {"service.cilium.io/src-ranges-policy": "Allow"}
LONG = "a-gateway-with-a-name-of-very-many-characters-that-is-too-long"


def config(service: str) -> str:
    return CLASS + other("cilium.io/v2alpha1", "CiliumGatewayClassConfig", f"spec: {{service: {{{service}}}}}")


def ingress(annotations: str = "", class_name: str = "cilium", name: str = "web") -> str:
    return f"""apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: {name}, namespace: shop, annotations: {{{annotations}}}}}
spec: {{ingressClassName: {class_name}, rules: [{{host: a.example}}]}}
"""


OF_INGRESS = {
    "name": "shop/cilium-ingress-web",
    "ports": ["http 80", "https 443"],
    "externalTrafficPolicy": "Cluster",
}
CASES = {
    "default": Case("basic_http_listener_load_balancer/service-output.yaml", gateway("cilium"), (PLAIN,)),
    "ports in order": Case(
        "basic_https_multi_port_listener/service-output.yaml",
        gateway(
            "cilium",
            listeners="{name: a, port: 50051, protocol: HTTPS}, {name: b, port: 443, protocol: HTTPS}, {name: c, port: 80, protocol: HTTP}",
        ),
        ({**PLAIN, "ports": [*PORTS, "port-50051 50051"]},),
    ),
    "UDP and TCP": Case(
        "translator.go, toServicePorts",
        gateway("cilium", listeners="{name: a, port: 53, protocol: UDP}, {name: b, port: 53, protocol: TCP}"),
        ({**PLAIN, "ports": ["port-53 53", "port-53-udp 53/UDP"]},),
    ),
    "TLS": Case(
        "basic_tls_sni_listener/service-output.yaml",
        gateway("cilium", listeners="{name: https, port: 443, protocol: TLS}"),
        ({**PLAIN, "ports": PORTS[1:]},),
    ),
    "infrastructure": Case(
        "ingestion/gateway.go: annotations of infrastructure",
        gateway("cilium", ANNOTATED),
        ({**PLAIN, "annotations": INTERNAL},),
    ),
    "its own annotations": Case(
        "ingestion/gateway.go: those of infrastructure alone",
        gateway("cilium", metadata=f", annotations: {{{INTERNAL_TEXT}}}"),
        (PLAIN,),
    ),
    "configuration of the class": Case(
        "basic_http_listener_load_balancer/service-output.yaml, toServiceAnnotations",
        gateway("mine")
        + config(
            "type: LoadBalancer, allocateLoadBalancerNodePorts: true, loadBalancerClass: cilium, "
            "externalTrafficPolicy: Local, loadBalancerSourceRanges: [10.0.0.0/8], ipFamilies: [IPv4, IPv6], ipFamilyPolicy: PreferDualStack"
        ),
        (
            {
                **PLAIN,
                "annotations": ALLOW,
                "allocateLoadBalancerNodePorts": True,
                "loadBalancerClass": "cilium",
                "externalTrafficPolicy": "Local",
                "loadBalancerSourceRanges": ["10.0.0.0/8"],
                "ipFamilies": ["IPv4", "IPv6"],
                "ipFamilyPolicy": "PreferDualStack",
            },
        ),
    ),
    "externalTrafficPolicy": Case(
        "basic_http_listener_external_traffic_policy/service-output.yaml",
        gateway("mine") + config("externalTrafficPolicy: Local"),
        ({**PLAIN, "annotations": ALLOW, "externalTrafficPolicy": "Local"},),
    ),
    "NodePort": Case(
        "basic_http_listener_nodeport/service-output.yaml", gateway("mine") + config("type: NodePort"), ()
    ),
    "ClusterIP": Case("basic_http_listener_clusterip", gateway("mine") + config("type: ClusterIP"), ()),
    "a long name": Case(
        "pkg/shortener/shortener.go",
        gateway("cilium", name=LONG),
        ({**PLAIN, "name": "shop/cilium-gateway-a-gateway-with-a-name-of-very-many-ch-2hcm8hhbkb"},),
    ),
    "Ingress": Case("translation/ingress/dedicated_ingress.go, getService", ingress(), (OF_INGRESS,)),
    "Ingress, keys of load balancers": Case(
        "ingress_reconcile.go: prefixes of ingressLBAnnotationPrefixes",
        ingress(f"{INTERNAL_TEXT}, service.kubernetes.io/a: b, cert-manager.io/issuer: x"),
        ({**OF_INGRESS, "annotations": {**INTERNAL, "service.kubernetes.io/a": "b"}},),
    ),
    "Ingress that shares one": Case(
        "ingress_reconcile.go: loadbalancer-mode", ingress("ingress.cilium.io/loadbalancer-mode: shared"), ()
    ),
    "Ingress of its own": Case(
        "ingress_reconcile.go: loadbalancer-mode",
        ingress("ingress.cilium.io/loadbalancer-mode: dedicated"),
        (OF_INGRESS,),
    ),
    "Ingress, NodePort": Case(
        "dedicated_ingress.go: service-type", ingress("ingress.cilium.io/service-type: NodePort"), ()
    ),
    "Ingress, policy and class": Case(
        "annotations.go: service-external-traffic-policy, loadbalancer-class",
        ingress("ingress.cilium.io/service-external-traffic-policy: Local, ingress.cilium.io/loadbalancer-class: c"),
        ({**OF_INGRESS, "externalTrafficPolicy": "Local", "loadBalancerClass": "c"},),
    ),
    "Ingress of another class": Case("ingress_reconcile.go: class cilium", ingress(class_name="nginx"), ()),
    "Ingress by annotation": Case(
        "ingress.rst of its documentation: kubernetes.io/ingress.class",
        ingress("kubernetes.io/ingress.class: cilium").replace("ingressClassName: cilium, ", ""),
        (OF_INGRESS,),
    ),
}  # fmt: skip
