"""NginxIngressController of AKS app routing.

Golden files stand in pkg/manifests/fixtures/nginx of Azure/aks-app-routing-operator at 3c53bef (after 0.2.25).
"""

from tests.given.made import INTERNAL, INTERNAL_TEXT, Case

PORTS = ["http 80 http", "https 443 https"]
PLAIN = {"name": "app-routing-system/nginx-0", "ports": PORTS, "externalTrafficPolicy": "Local"}


def controller(spec: str = "", name: str = "x", class_name: str = "x", more: str = "") -> str:
    return (
        "apiVersion: approuting.kubernetes.azure.com/v1alpha1\nkind: NginxIngressController\n"
        f"metadata: {{name: {name}{more}}}\nspec: {{ingressClassName: {class_name}{spec}}}\n"
    )


CASES = {
    "the default one": Case(
        "full.yaml: called nginx, with the class of the add-on",
        controller(name="default", class_name="webapprouting.kubernetes.azure.com"),
        ({**PLAIN, "name": "app-routing-system/nginx"},),
    ),
    "one called default of another class": Case(
        "nginx_ingress_controller.go, IsDefaultNic", controller(name="default"), (PLAIN,)
    ),
    "one of the class with another name": Case(
        "nginx_ingress_controller.go, IsDefaultNic",
        controller(class_name="webapprouting.kubernetes.azure.com"),
        (PLAIN,),
    ),
    "prefix": Case(
        "ToNginxIngressConfig: prefix and collision count",
        controller(", controllerNamePrefix: in"),
        ({**PLAIN, "name": "app-routing-system/in-0"},),
    ),
    "collision count": Case(
        "ToNginxIngressConfig: prefix and collision count",
        controller("}\nstatus: {collisionCount: 2"),
        ({**PLAIN, "name": "app-routing-system/nginx-2"},),
    ),
    "internal": Case(
        "internal.yaml",
        controller(f", loadBalancerAnnotations: {{{INTERNAL_TEXT}}}"),
        ({**PLAIN, "annotations": INTERNAL},),
    ),
    "http disabled": Case(
        "full-with-http-disabled.yaml", controller(", httpDisabled: true"), ({**PLAIN, "ports": PORTS[1:]},)
    ),
    "ranges": Case(
        "full-with-other-ip-source-ranges.yaml",
        controller(", loadBalancerSourceRanges: [10.0.0.0/8, 192.168.0.0/16]"),
        ({**PLAIN, "loadBalancerSourceRanges": ["10.0.0.0/8", "192.168.0.0/16"]},),
    ),
    "its own annotations are not copied": Case(
        "nginx.go, newNginxIngressControllerService", controller(more=f", annotations: {{{INTERNAL_TEXT}}}"), (PLAIN,)
    ),
}
