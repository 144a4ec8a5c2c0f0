"""KnativeServing with kourier. Upstream: pkg/reconciler/knativeserving/ingress/kourier.go of knative/operator."""

from kubectl_akslb.evidence.objects import Objects, mapping
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below, items_of
from kubectl_akslb.producers.producer import Producer

_KOURIER: Path = ("spec", "ingress", "kourier")
_NAME = "kourier"


def _make(one: Object, objects: Objects) -> list[Made]:
    """The Service of kourier: LoadBalancer unless the object says otherwise."""
    fields = mapping(below(one, *_KOURIER))
    if fields.get("enabled") is not True:
        return []
    draft = Draft(_NAME, objects.namespace_of(one))
    kourier = Field(_KOURIER)
    draft.copy(fields, kourier, "type=service-type", "loadBalancerIP=service-load-balancer-ip")
    places = []
    for index, each in items_of(below(one, "spec", "services")):
        if each.get("name") == _NAME:
            place = Field(("spec", "services", index, "annotations"))
            draft.annotate(each.get("annotations"), place)
            places.append(place)
    draft.port("http2", 80, _KOURIER, target=8080)
    draft.port("https", 443, _KOURIER, target=8443)
    return draft.made("the Knative operator", *places)


PRODUCER = Producer("KnativeServing", "operator.knative.dev", _make, word=_NAME)
