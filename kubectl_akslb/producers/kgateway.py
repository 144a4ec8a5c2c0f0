"""Kgateway. Upstream: pkg/kgateway/helm/envoy/templates/service.yaml, pkg/deployer/values_helpers.go."""

from kubectl_akslb.evidence.objects import Objects, mapping, name_of
from kubectl_akslb.producers.draft import METADATA_ANNOTATIONS, Field, Made, Object, Path, below, items_of
from kubectl_akslb.producers.gateway_api import (
    CLASS,
    GROUP,
    MAX_NAME,
    OF_INFRASTRUCTURE,
    addressed,
    digest,
    draft_of,
    infrastructure,
    missing,
    parameters,
    with_sets,
)
from kubectl_akslb.producers.producer import GatewayController

_KUBE: Path = ("spec", "kube")
_KEPT = 50
_SPEC = (
    "type", "externalTrafficPolicy", "loadBalancerClass", "loadBalancerSourceRanges", "ipFamilies", "ipFamilyPolicy",
)  # fmt: skip


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    of_class, _ = parameters(gateway, known, objects, "GatewayParameters", of_gateway=False)
    found, at = parameters(gateway, known, objects, "GatewayParameters")
    layers = [(of_class, CLASS)] if of_class and of_class is not found else []
    layers += [(found, at)] if found else []
    if any(below(one, "spec", "selfManaged") is not None for one, _ in layers):
        return []
    draft = draft_of(gateway, objects, _name(name_of(gateway)))
    for one, where in layers:
        fields, field = mapping(below(one, *_KUBE, "service")), Field((*_KUBE, "service"), one, where)
        draft.annotate(fields.get("extraAnnotations"), field.below("extraAnnotations"))
        draft.copy(fields, field, *_SPEC)
    infrastructure(draft, gateway)
    draft.without(*(key for key in draft.annotations if key.startswith(f"{GROUP}/")))
    addresses = addressed(gateway)
    if len(addresses) == 1:
        index, value = addresses[0]
        draft.take("loadBalancerIP", value, Field(("spec", "addresses", index, "value")))
    elif below(gateway, "spec", "addresses"):
        draft.unknown.append("kgateway takes one IP address, and makes no Service of this Gateway")
    given = [(where, each) for one, where in layers for _, each in items_of(below(one, *_KUBE, "service", "ports"))]
    for path, one in (*with_sets(gateway, objects), *given):
        draft.port(f"listener-{one.get('port')}", one.get("port"), path, target=one.get("port"))
    missing(draft, gateway, known, "GatewayParameters", found)
    places: list[Field] = []
    for one, where in layers:
        places.append(Field((*_KUBE, "service", "extraAnnotations"), one, where))
    places.append(OF_INFRASTRUCTURE)
    for one, where in layers:
        overlay = below(one, *_KUBE, "serviceOverlay")
        field = Field((*_KUBE, "serviceOverlay"), one, where)
        if overlay is not None:
            draft.overlay(overlay, field)
            places.append(field.below(*METADATA_ANNOTATIONS)._replace(patches=True))
    return draft.made("kgateway", *places)


def _name(gateway: str) -> str:
    """The name of the Gateway; of one that is too long the beginning, and a hash."""
    return gateway if len(gateway) <= MAX_NAME else f"{gateway[:_KEPT]}-{digest(gateway)[: MAX_NAME - _KEPT - 1]}"


GATEWAYS = GatewayController(
    ("kgateway.dev/kgateway",), ("kgateway",), _make, ("GatewayParameters", "ListenerSet", "XListenerSet")
)
