"""Gateways of Consul's API gateway.

What is seen stands in control-plane/api-gateway/gatekeeper/gatekeeper_test.go and service.go of hashicorp/consul-k8s.
"""

from kubectl_akslb.provider.annotations import PREFIX
from tests.given.made import ANNOTATED, INTERNAL, INTERNAL_TEXT, Case, gateway, gateway_class, of_class, other

NAME = "consul.hashicorp.com/gateway-controller"
PLAIN = {"name": "shop/web", "ports": ["http 80 80", "https 443 443"]}
CLASS = gateway_class("mine", NAME, of_class("consul.hashicorp.com", "GatewayClassConfig"))
OWN = f", annotations: {{{INTERNAL_TEXT}, a: b, external-dns.alpha.kubernetes.io/hostname: x.example}}"


def config(spec: str = "serviceType: LoadBalancer") -> str:
    return CLASS + other("consul.hashicorp.com/v1alpha1", "GatewayClassConfig", f"spec: {{{spec}}}")


CASES = {
    "LoadBalancer": Case("create a new gateway deployment with managed Service", gateway("mine") + config(), (PLAIN,)),
    "NodePort": Case(
        "create a new gateway deployment with managed Service", gateway("mine") + config("serviceType: NodePort"), ()
    ),
    "no type": Case("create a new gateway deployment with only Deployment", gateway("mine") + config("a: b"), ()),
    "privileged ports": Case(
        "create a new gateway with service and map privileged ports correctly",
        gateway("mine", listeners="{name: a, port: 80, protocol: TCP}, {name: b, port: 8080, protocol: TCP}")
        + config("serviceType: LoadBalancer, mapPrivilegedContainerPorts: 2000"),
        ({**PLAIN, "ports": ["a 80 2080", "b 8080 8080"]},),
    ),
    "one port twice": Case(
        "service.go: a listener of a number that is there is left out",
        gateway("mine", listeners="{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}")
        + config(),
        ({**PLAIN, "ports": ["a 80 80"]},),
    ),
    "annotations that the class names": Case(
        "service.go: copyAnnotations",
        gateway("mine", metadata=OWN)
        + config(f"serviceType: LoadBalancer, copyAnnotations: {{service: [{PREFIX}azure-load-balancer-internal]}}"),
        ({**PLAIN, "annotations": INTERNAL},),
    ),
    "annotations by default": Case(
        "service.go: defaultServiceAnnotations",
        gateway("mine", metadata=OWN) + config(),
        ({**PLAIN, "annotations": {"external-dns.alpha.kubernetes.io/hostname": "x.example"}},),
    ),
    "infrastructure": Case("service.go: nothing of it is copied", gateway("mine", ANNOTATED) + config(), (PLAIN,)),
}
