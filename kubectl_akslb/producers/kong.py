"""The Kong operator: Gateways, and DataPlanes of their own.

Upstream: controller/gateway/controller_reconciler_utils.go, pkg/utils/kubernetes/resources/services.go.
"""

from kubectl_akslb.evidence.objects import Objects, mapping, name_of, text
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below, items_of
from kubectl_akslb.producers.gateway_api import (
    OF_INFRASTRUCTURE,
    draft_of,
    infrastructure,
    listeners,
    missing,
    parameters,
)
from kubectl_akslb.producers.producer import GatewayController, Producer
from kubectl_akslb.producers.versions import Controller, Dated, does

_OPERATOR = Controller("the Kong operator", (2, 3), ("gateway-operator", "kong-operator"))
_INFRASTRUCTURE = Dated("annotations of spec.infrastructure", (2, 2))
_STREAMS = Dated("listeners of TLS, TCP and UDP", (2, 2))
_FIRST_ASSIGNED, _FIRST_UNPRIVILEGED = 16384, 1024
_TAKEN = frozenset({8000, 8443, 8100, 8444})
"""Ports of the container that Kong listens on by itself."""
_INGRESS: Path = ("network", "services", "ingress")
_OF_GATEWAY: Path = ("spec", "dataPlaneOptions", *_INGRESS)
_OF_DATA_PLANE: Path = ("spec", *_INGRESS)
_TARGETS = {"HTTP": 8000, "HTTPS": 8443}
_DRAWN = "the name of the Service ends in letters that the operator draws"


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    configuration, at = parameters(gateway, known, objects, "GatewayConfiguration")
    draft = draft_of(gateway, objects, f"dataplane-ingress-{name_of(gateway)}")
    field = Field(_OF_GATEWAY, configuration, at)
    _copied(draft, mapping(below(configuration, *_OF_GATEWAY)), field)
    above = below(gateway, "spec", "infrastructure", "annotations") is None
    if above or does(draft, _OPERATOR, objects, _INFRASTRUCTURE):
        infrastructure(draft, gateway)
    assigned = _FIRST_ASSIGNED
    for path, one in listeners(gateway):
        head, number = text(one.get("protocol")), one.get("port")
        target: object = _TARGETS.get(head)
        if target is None:
            if not does(draft, _OPERATOR, objects, _STREAMS):
                draft.unknown.append(f"the Kong operator refuses a Gateway with a listener of {head}")
                continue
            target = number
            if isinstance(number, int) and (number < _FIRST_UNPRIVILEGED or number in _TAKEN):
                target, assigned = assigned, assigned + 1
        protocol = "UDP" if head == "UDP" else "TCP"
        draft.port(text(one.get("name")), number, path, protocol=protocol, target=target)
    missing(draft, gateway, known, "GatewayConfiguration", configuration)
    places = (field.below("annotations"), OF_INFRASTRUCTURE) if configuration else (OF_INFRASTRUCTURE,)
    return draft.made("the Kong operator", *places)


def _of_data_plane(one: Object, objects: Objects) -> list[Made]:
    """The Service for clients of a DataPlane that no Gateway owns."""
    fields, field = mapping(below(one, *_OF_DATA_PLANE)), Field(_OF_DATA_PLANE)
    draft = Draft(f"dataplane-ingress-{name_of(one)}", objects.namespace_of(one))
    draft.label({"app": name_of(one)})
    _copied(draft, fields, field)
    ports = items_of(fields.get("ports"))
    for index, port in ports:
        target = port.get("targetPort") or _TARGETS["HTTP"]
        draft.port(text(port.get("name")), port.get("port"), (*_OF_DATA_PLANE, "ports", index), target=target)
    if not ports:
        draft.port("http", 80, ("spec",), target=_TARGETS["HTTP"])
        draft.port("https", 443, ("spec",), target=_TARGETS["HTTPS"])
    return draft.made("the Kong operator", field.below("annotations"))


def _copied(draft: Draft, fields: Object, field: Field) -> None:
    name = text(fields.get("name"))
    if name:
        draft.rename(name)
    else:
        draft.notes.append(_DRAWN)
    draft.annotate(fields.get("annotations"), field.below("annotations"))
    draft.copy(fields, field, "type", "externalTrafficPolicy")


GATEWAYS = GatewayController(("konghq.com/gateway-operator",), ("kong",), _make, ("GatewayConfiguration",))
PRODUCER = Producer("DataPlane", "gateway-operator.konghq.com", _of_data_plane)
