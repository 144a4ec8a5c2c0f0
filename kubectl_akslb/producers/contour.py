"""Contour's provisioner. Upstream: internal/provisioner/objects/service, internal/gatewayapi/listeners.go."""

from kubectl_akslb.evidence.objects import Objects, mapping, mappings, name_of, text
from kubectl_akslb.producers.draft import Field, Made, Object, Path, below, first
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
from kubectl_akslb.producers.versions import Controller, Dated, does

_PUBLISHED: Path = ("spec", "envoy", "networkPublishing")
_OPERATOR = Controller("Contour", (1, 33), ("contour-gateway-provisioner",))
_INFRASTRUCTURE = Dated("annotations of spec.infrastructure", (1, 28))
_SINGLE = Dated("ipFamilyPolicy SingleStack, and listeners of TCP", (1, 27))
_HEADS = {"HTTP": "http", "HTTPS": "https", "TLS": "https", "TCP": "tcp", "projectcontour.io/https": "https"}
_OFFSET, _PRIVILEGED, _LAST = 8000, 1023, 65535


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    deployment, at = parameters(gateway, known, objects, "ContourDeployment", of_gateway=False)
    fields = mapping(below(deployment, *_PUBLISHED))
    field = Field(_PUBLISHED, deployment, at)
    draft = draft_of(gateway, objects, f"envoy-{name_of(gateway)}")
    draft.put("externalTrafficPolicy", "Local", CLASS)
    single = does(draft, _OPERATOR, objects, _SINGLE)
    draft.put("ipFamilyPolicy", "SingleStack" if single else None, CLASS)
    copied = does(draft, _OPERATOR, objects, _INFRASTRUCTURE)
    if copied:
        infrastructure(draft, gateway)
    draft.annotate(fields.get("serviceAnnotations"), field.below("serviceAnnotations"))
    draft.copy(fields, field, "externalTrafficPolicy", "ipFamilyPolicy")
    published = text(fields.get("type")).removesuffix("Service")
    draft.take("type", published or None, field.below("type"))
    address = first(mappings(below(gateway, "spec", "addresses")))
    if (address.get("type") or "IPAddress") in ("IPAddress", "Hostname"):
        draft.take("loadBalancerIP", address.get("value"), Field(("spec", "addresses", 0, "value")))
    targets: dict[int, int] = {}
    for path, one in listeners(gateway):
        number, head = one.get("port"), _HEADS.get(text(one.get("protocol")))
        if not head or not isinstance(number, int) or (head == "tcp" and not single):
            continue
        target = _target(number)
        if targets.setdefault(target, number) == number:  # the first one has the port of the container
            draft.port(f"{head}-{number}", number, path, target=target)
    missing(draft, gateway, known, "ContourDeployment", deployment, of_gateway=False)
    places = [OF_INFRASTRUCTURE] if copied else []
    if deployment:
        places.append(field.below("serviceAnnotations"))
    return draft.made("Contour", *places)


def _target(number: int) -> int:
    """The port of the container: 8000 more, from the beginning again behind the last, without those below 1024."""
    target = number + _OFFSET
    target -= _LAST if target > _LAST else 0
    return target + _PRIVILEGED if target <= _PRIVILEGED else target


GATEWAYS = GatewayController(("projectcontour.io/gateway-controller",), ("contour",), _make, ("ContourDeployment",))
