"""Knative's kourier, the Argo CD operator, and Traefik.

What is seen stands in pkg/reconciler/knativeserving/ingress/kourier_test.go of knative/operator at b4f2c25 (1.23),
controllers/argocd/service_test.go of argoproj-labs/argocd-operator at cf5d1c0, and pkg/provider/kubernetes/gateway of
traefik/traefik.
"""

from tests.given.made import ANNOTATED, INTERNAL, INTERNAL_TEXT, Case, gateway, gateway_class

KOURIER = {"name": "shop/kourier", "ports": ["http2 80 8080", "https 443 8443"]}
ARGO = {"name": "shop/web-server", "ports": ["http 80 8080", "https 443 8080"]}


def knative(kourier: str = "enabled: true", services: str = "") -> str:
    return (
        "apiVersion: operator.knative.dev/v1beta1\nkind: KnativeServing\nmetadata: {name: web, namespace: shop}\n"
        f"spec: {{ingress: {{kourier: {{{kourier}}}}}, services: [{services}]}}\n"
    )


def argo(service: str, version: str = "v1beta1", server: str = "") -> str:
    return (
        f"apiVersion: argoproj.io/{version}\nkind: ArgoCD\nmetadata: {{name: web, namespace: shop, annotations: "
        f"{{{INTERNAL_TEXT}}}}}\nspec: {{server: {{service: {{{service}}}{server}}}}}\n"
    )


KNATIVE = {
    "kourier": Case("TestKourierTransform", knative(), (KOURIER,)),
    "not enabled": Case("TestKourierTransform: another ingress", knative("enabled: false"), ()),
    "type": Case("TestKourierTransform: service-type", knative("enabled: true, service-type: ClusterIP"), ()),
    "LoadBalancer": Case(
        "TestKourierTransform: service-type", knative("enabled: true, service-type: LoadBalancer"), (KOURIER,)
    ),
    "address": Case(
        "TestKourierTransform: service-load-balancer-ip",
        knative("enabled: true, service-load-balancer-ip: 1.2.3.4"),
        ({**KOURIER, "loadBalancerIP": "1.2.3.4"},),
    ),
    "annotations": Case(
        "pkg/apis/operator/base/common.go, services: by the name of the Service",
        knative(services=f"{{name: kourier, annotations: {{{INTERNAL_TEXT}}}}}, {{name: activator, annotations: {{a: b}}}}"),
        ({**KOURIER, "annotations": INTERNAL},),
    ),
}  # fmt: skip
ARGO_CD = {
    "LoadBalancer": Case("TestReconcileServerService", argo("type: LoadBalancer"), (ARGO,)),
    "v1alpha1": Case("api/v1alpha1/argocd_types.go", argo("type: LoadBalancer", "v1alpha1"), (ARGO,)),
    "ClusterIP": Case("TestReconcileServerService", argo("type: ClusterIP"), ()),
    "no type": Case("getArgoServerServiceType: ClusterIP is the default", argo(""), ()),
    "NodePort": Case("TestReconcileServerService", argo("type: NodePort"), ()),
    "annotations of the pods": Case(
        "argocd_types.go: server.annotations are those of the pods",
        argo("type: LoadBalancer", server=f", annotations: {{{INTERNAL_TEXT}}}"),
        (ARGO,),
    ),
}
TRAEFIK = {
    "by name": Case("the documentation's class", gateway("traefik"), ()),
    "by class": Case(
        "pkg/provider/kubernetes/gateway: controllerName",
        gateway("mine") + gateway_class("mine", "traefik.io/gateway-controller"),
        (),
    ),
    "infrastructure": Case("its status is the Service of the chart", gateway("traefik", ANNOTATED), ()),
    "addresses": Case(
        "its status is the Service of the chart", gateway("traefik", spec="addresses: [{value: 1.2.3.4}]"), ()
    ),
    "entry points": Case(
        "listeners name the ports of containers",
        gateway("traefik", listeners="{name: web, port: 8000, protocol: HTTP}"),
        (),
    ),
    "a class of its name of somebody else": Case(
        "the class counts, not its name",
        gateway("traefik", ANNOTATED) + gateway_class("traefik", "kgateway.dev/kgateway"),
        ({"name": "shop/web", "ports": ["listener-80 80 80", "listener-443 443 443"], "annotations": INTERNAL},),
    ),
}
