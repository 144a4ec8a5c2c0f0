"""Contour's provisioner. Upstream: internal/provisioner/objects/service, internal/gatewayapi/listeners.go."""

from kubectl_akslb.evidence.objects import Objects, mapping, mappings, text
from kubectl_akslb.producers.draft import Field, Made, Object, Path, below, first, name_of
from kubectl_akslb.producers.gateway_api import (
    CLASS,
    OF_INFRASTRUCTURE,
    draft_of,
    infrastructure,
    listeners,
    missing,
    parameters,
)
from kubectl_akslb.producers.producer import GatewayController

_PUBLISHED: Path = ("spec", "envoy", "networkPublishing")
_HEADS = {"HTTP": "http", "HTTPS": "https", "TLS": "https", "TCP": "tcp"}
_OFFSET = 8000


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    deployment, at = parameters(gateway, known, objects, "ContourDeployment", of_gateway=False)
    fields = mapping(below(deployment, *_PUBLISHED))
    field = Field(_PUBLISHED, deployment, at)
    draft = draft_of(gateway, objects, f"envoy-{name_of(gateway)}")
    draft.put("externalTrafficPolicy", "Local", CLASS)
    infrastructure(draft, gateway)
    draft.annotate(fields.get("serviceAnnotations"), field.below("serviceAnnotations"))
    draft.copy(fields, field, "externalTrafficPolicy", "ipFamilyPolicy")
    published = text(fields.get("type")).removesuffix("Service")
    draft.take("type", published or None, field.below("type"))
    address = first(mappings(below(gateway, "spec", "addresses")))
    draft.take("loadBalancerIP", address.get("value"), Field(("spec", "addresses", 0, "value")))
    for path, one in listeners(gateway):
        number, head = one.get("port"), _HEADS.get(text(one.get("protocol")))
        if head and isinstance(number, int):
            draft.port(f"{head}-{number}", number, path, target=number + _OFFSET)
    missing(draft, gateway, known, "ContourDeployment", deployment, of_gateway=False)
    places = (OF_INFRASTRUCTURE, field.below("serviceAnnotations")) if deployment else (OF_INFRASTRUCTURE,)
    return draft.made("Contour", *places)


GATEWAYS = GatewayController("projectcontour.io/gateway-controller", ("contour",), _make, ("ContourDeployment",))
