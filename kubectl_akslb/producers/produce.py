"""Which Services are made of an object."""

from kubectl_akslb.evidence.objects import Objects, name_of, text
from kubectl_akslb.producers.draft import Made, Object, below
from kubectl_akslb.producers.embedded import TEMPLATES, of_any, of_templates
from kubectl_akslb.producers.gateway_api import GROUP, class_name, gateway_class, said_of_class
from kubectl_akslb.producers.producer_files import GATEWAYS, PRODUCERS

GATEWAY = "Gateway"
_BY_KIND = {one.kind: one for one in PRODUCERS}
_BY_CONTROLLER = {name: one for one in GATEWAYS for name in one.controllers}
_BY_CLASS = {name: one for one in GATEWAYS for name in one.classes}


def made_of(one: Object, objects: Objects) -> list[Made]:
    """The LoadBalancer Services that come of *one*; none where no controller is known for it and no field says so.

    A kind of the same name in another API group is not meant.
    """
    kind, version = text(one.get("kind")), text(one.get("apiVersion"))
    if kind == GATEWAY and version.startswith(f"{GROUP}/"):
        return _of_gateway(one, objects)
    producer = _BY_KIND.get(kind)
    if producer is not None and version.startswith(f"{producer.group}/"):
        return producer.make(one, objects)
    templates = (*objects.templates, *TEMPLATES)
    if any(template.has(one) for template in templates):
        return of_templates(one, objects, templates)
    return of_any(one, objects) if producer is None and kind != GATEWAY else []


def _of_gateway(gateway: Object, objects: Objects) -> list[Made]:
    if not name_of(gateway):
        return []
    known = gateway_class(gateway, objects)
    controller = text(below(known, "spec", "controllerName"))
    own = _BY_CONTROLLER.get(controller) if controller else _BY_CLASS.get(class_name(gateway))
    if own is None or own.make is None:
        return []
    return said_of_class(own.make(gateway, known, objects), gateway, is_known=bool(controller))
