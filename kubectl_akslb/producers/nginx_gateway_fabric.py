"""NGINX Gateway Fabric 2. Upstream: internal/controller/provisioner/objects.go and setter.go."""

from collections.abc import Mapping

from kubectl_akslb.evidence.objects import Objects, mapping, mappings
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below, is_list, name_of
from kubectl_akslb.producers.gateway_api import (
    CLASS,
    OF_INFRASTRUCTURE,
    class_name,
    draft_of,
    infrastructure,
    missing,
    parameters,
    with_sets,
)
from kubectl_akslb.producers.producer import GatewayController
from kubectl_akslb.producers.versions import Controller, Dated, does

_NAME = "gateway.nginx.org/nginx-gateway-controller"
_CONTROLLER = Controller("NGINX Gateway Fabric", (2, 6), ("nginx-gateway", "ngf-nginx-gateway-fabric"))
_DUAL_STACK = Dated("ipFamilyPolicy PreferDualStack", (2, 1))
_PATCHES = Dated("patches of the Service", (2, 1))
_CLASS_FOR_ADDRESS = Dated("a loadBalancerClass of its own beside spec.addresses", (2, 7))
_SERVICE: Path = ("spec", "kubernetes", "service")
_SPEC = ("type", "externalTrafficPolicy", "loadBalancerIP", "loadBalancerClass", "loadBalancerSourceRanges")


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    draft = draft_of(gateway, objects, f"{name_of(gateway)}-{class_name(gateway)}")
    draft.put("externalTrafficPolicy", "Local", CLASS)
    if does(draft, _CONTROLLER, objects, _DUAL_STACK):
        draft.put("ipFamilyPolicy", "PreferDualStack", CLASS)
    infrastructure(draft, gateway)
    of_class, _ = parameters(gateway, known, objects, "NginxProxy", of_gateway=False)
    found, at = parameters(gateway, known, objects, "NginxProxy")
    layers = [(of_class, CLASS)] if of_class and of_class is not found else []
    for proxy, where in (*layers, (found, at)):
        fields, field = mapping(below(proxy, *_SERVICE)), Field(_SERVICE, proxy, where)
        draft.copy(fields, field, *_SPEC)
    ports = sorted(with_sets(gateway, objects), key=lambda pair: _number(pair[1].get("port")))
    protocols: dict[str, set[str]] = {}
    for _, one in ports:
        protocols.setdefault(str(one.get("port")), set()).add(_protocol(one))
    for path, one in ports:
        number, protocol = one.get("port"), _protocol(one)
        tail = f"-{protocol.lower()}" if len(protocols[str(number)]) > 1 else ""
        draft.port(f"port-{number}{tail}", number, path, protocol=protocol, target=number)
    _addressed(draft, gateway, objects)
    missing(draft, gateway, known, "NginxProxy", found)
    for proxy, where in (*layers, (found, at)):
        _patched(draft, below(proxy, *_SERVICE, "patches"), Field((*_SERVICE, "patches"), proxy, where), objects)
    return draft.made("NGINX Gateway Fabric", OF_INFRASTRUCTURE)


def _addressed(draft: Draft, gateway: Object, objects: Objects) -> None:
    if not any(one.get("type", "IPAddress") == "IPAddress" for one in mappings(below(gateway, "spec", "addresses"))):
        return
    if does(draft, _CONTROLLER, objects, _CLASS_FOR_ADDRESS):
        draft.put("loadBalancerClass", _NAME, ("spec", "addresses"))
    else:
        draft.notes.append("spec.addresses becomes externalIPs, which Azure does not read")


def _patched(draft: Draft, patches: object, field: Field, objects: Objects) -> None:
    if not is_list(patches) or not patches or not does(draft, _CONTROLLER, objects, _PATCHES):
        return
    for index, one in enumerate(patches):
        kind, value = mapping(one).get("type", "StrategicMerge"), mapping(one).get("value")
        if kind in ("StrategicMerge", "Merge") and isinstance(value, Mapping):
            draft.overlay(value, field.below(index, "value"), strategic=kind == "StrategicMerge")
        else:
            draft.unknown.append("the JSON patch of the NginxProxy is not applied here")


def _protocol(listener: Mapping[str, object]) -> str:
    return "UDP" if listener.get("protocol") == "UDP" else "TCP"


def _number(port: object) -> int:
    return port if isinstance(port, int) else 0


GATEWAYS = GatewayController(_NAME, ("nginx",), _make, ("NginxProxy", "ListenerSet", "XListenerSet"))
