"""NginxIngressController of AKS app routing. Upstream: pkg/manifests/nginx.go of Azure/aks-app-routing-operator."""

from kubectl_akslb.evidence.objects import Objects, name_of, text
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, below
from kubectl_akslb.producers.producer import Producer

NAMESPACE = "app-routing-system"
_DEFAULT_CLASS = "webapprouting.kubernetes.azure.com"
_ANNOTATIONS = Field(("spec", "loadBalancerAnnotations"))


def _make(one: Object, objects: Objects) -> list[Made]:
    """The Service of a managed ingress-nginx; nothing of it can be set but annotations, ranges and the http port."""
    del objects
    default = name_of(one) == "default" and below(one, "spec", "ingressClassName") == _DEFAULT_CLASS
    prefix = text(below(one, "spec", "controllerNamePrefix")) or "nginx"
    count = below(one, "status", "collisionCount")
    draft = Draft("nginx" if default else f"{prefix}-{count if isinstance(count, int) else 0}", NAMESPACE)
    draft.label({"app.kubernetes.io/name": "nginx"})
    draft.put("externalTrafficPolicy", "Local")
    draft.annotate(below(one, *_ANNOTATIONS.path), _ANNOTATIONS)
    draft.copy(below(one, "spec"), Field(("spec",)), "loadBalancerSourceRanges")
    if below(one, "spec", "httpDisabled") is not True:
        draft.port("http", 80, (), target="http")
    draft.port("https", 443, (), target="https")
    if not default and count is None:
        draft.notes.append("the number in the Service's name is 0 unless another controller has that name")
    return draft.made("AKS app routing", _ANNOTATIONS)


PRODUCER = Producer("NginxIngressController", "approuting.kubernetes.azure.com", _make)
