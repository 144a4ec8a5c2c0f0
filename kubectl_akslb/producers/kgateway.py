"""Kgateway. Upstream: pkg/kgateway/helm/envoy/templates/service.yaml, pkg/deployer/values_helpers.go."""

from kubectl_akslb.evidence.objects import Objects, mapping, mappings
from kubectl_akslb.producers.draft import METADATA_ANNOTATIONS, Field, Made, Object, Path, below, name_of
from kubectl_akslb.producers.gateway_api import (
    CLASS,
    OF_INFRASTRUCTURE,
    draft_of,
    infrastructure,
    missing,
    parameters,
    with_sets,
)
from kubectl_akslb.producers.producer import GatewayController

_KUBE: Path = ("spec", "kube")
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
    draft = draft_of(gateway, objects, name_of(gateway))
    for one, where in layers:
        fields, field = mapping(below(one, *_KUBE, "service")), Field((*_KUBE, "service"), one, where)
        draft.annotate(fields.get("extraAnnotations"), field.below("extraAnnotations"))
        draft.copy(fields, field, *_SPEC)
    infrastructure(draft, gateway)
    addresses = mappings(below(gateway, "spec", "addresses"))
    if len(addresses) == 1:
        draft.take("loadBalancerIP", addresses[0].get("value"), Field(("spec", "addresses", 0, "value")))
    elif addresses:
        draft.unknown.append("kgateway takes one address, and refuses several")
    for path, one in with_sets(gateway, objects):
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
            places.append(field.below(*METADATA_ANNOTATIONS))
    return draft.made("kgateway", *places)


GATEWAYS = GatewayController(
    "kgateway.dev/kgateway", ("kgateway",), _make, ("GatewayParameters", "ListenerSet", "XListenerSet")
)
