"""NGINX Gateway Fabric 2. Upstream: internal/controller/provisioner/objects.go and setter.go."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, TypeAlias

from kubectl_akslb.evidence.objects import Objects, mapping, name_of, text
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below, is_list
from kubectl_akslb.producers.gateway_api import (
    CLASS,
    GATEWAY_NAME,
    MAX_NAME,
    OF_INFRASTRUCTURE,
    addressed,
    class_name,
    digest,
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
_EXTERNAL = Dated("externalIPs of spec.addresses", (2, 2))
_CLASS_FOR_ADDRESS = Dated("a loadBalancerClass of its own beside spec.addresses", (2, 7))
_EXPOSED = Dated("a port for the readiness probe", (2, 5))
_OF_GATEWAYS = Dated("a Service for each Gateway", (2, 0))
_READY = 8081
_HASHED = 8
_RESERVED = tuple(f"app.kubernetes.io/{name}" for name in ("name", "instance", "managed-by"))
_SERVICE: Path = ("spec", "kubernetes", "service")
_FAMILIES = {"ipv4": ["IPv4"], "ipv6": ["IPv6"]}
_SPEC = ("type", "externalTrafficPolicy", "loadBalancerIP", "loadBalancerClass", "loadBalancerSourceRanges")


Layers: TypeAlias = list[tuple[Object, Path]]
"""NginxProxies with where each is referred to: of the class, and of the Gateway, whose fields win."""


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    draft = draft_of(gateway, objects, _name(name_of(gateway), class_name(gateway)))
    if not does(draft, _CONTROLLER, objects, _OF_GATEWAYS):
        return []  # before, the Service is one of the chart
    draft.put("externalTrafficPolicy", "Local", CLASS)
    if does(draft, _CONTROLLER, objects, _DUAL_STACK):
        draft.put("ipFamilyPolicy", "PreferDualStack", CLASS)
    infrastructure(draft, gateway)
    draft.without(GATEWAY_NAME, *_RESERVED)
    of_class, _ = parameters(gateway, known, objects, "NginxProxy", of_gateway=False)
    found, at = parameters(gateway, known, objects, "NginxProxy")
    layers = [(of_class, CLASS)] if of_class and of_class is not found else []
    layers.append((found, at))
    for proxy, where in layers:
        fields, field = mapping(below(proxy, *_SERVICE)), Field(_SERVICE, proxy, where)
        draft.copy(fields, field, *_SPEC)
        family = text(below(proxy, "spec", "ipFamily")).lower()
        if family in _FAMILIES:
            draft.put("ipFamilyPolicy", "SingleStack", where)
            draft.put("ipFamilies", _FAMILIES[family], where)
    _ports(draft, gateway, layers, objects)
    missing(draft, gateway, known, "NginxProxy", found)
    patched = [(proxy, where) for proxy, where in layers if is_list(below(proxy, *_SERVICE, "patches"))]
    for proxy, where in patched[-1:]:  # those of the Gateway stand in place of those of the class
        _patched(draft, below(proxy, *_SERVICE, "patches"), Field((*_SERVICE, "patches"), proxy, where), objects)
    _addressed(draft, gateway, objects)
    return draft.made("NGINX Gateway Fabric", OF_INFRASTRUCTURE)


def _name(gateway: str, of_class: str) -> str:
    """The name of both; one that is too long is cut, with a hash between them."""
    full = f"{gateway}-{of_class}"
    if len(full) <= MAX_NAME:
        return full
    room = MAX_NAME - _HASHED - 2
    tail = of_class[: room - 1] if len(of_class) >= room else of_class
    return f"{gateway[: room - len(tail)].rstrip('-')}-{digest(full)[:_HASHED]}-{tail}"


def _ports(draft: Draft, gateway: Object, layers: Layers, objects: Objects) -> None:
    found: list[tuple[int, str, Path]] = []
    for path, one in with_sets(gateway, objects):
        number, protocol = one.get("port"), "UDP" if one.get("protocol") == "UDP" else "TCP"
        if isinstance(number, int) and (number, protocol) not in [pair[:2] for pair in found]:
            found.append((number, protocol, path))
    probe, where = _probed(layers)
    exposed = probe is not None and does(draft, _CONTROLLER, objects, _EXPOSED)
    if exposed and (probe, "TCP") not in [pair[:2] for pair in found]:
        found.append((probe or 0, "TCP", where))
    numbers = [number for number, _, _ in found]
    for number, protocol, path in sorted(found, key=lambda one: one[:2]):
        name = f"port-{number}-{protocol.lower()}" if numbers.count(number) > 1 else f"port-{number}"
        name = "health" if exposed and (number, protocol) == (probe, "TCP") else name
        draft.port(name, number, path, protocol=protocol, target=number)


def _probed(layers: Layers) -> tuple[int | None, Path]:
    """The port of the readiness probe where a NginxProxy puts it on the Service."""
    values: dict[str, Any] = {}
    place = CLASS
    for proxy, where in layers:
        kubernetes = mapping(below(proxy, "spec", "kubernetes"))
        pods = kubernetes.get("deployment") or kubernetes.get("daemonSet")
        probe = mapping(below(pods, "container", "readinessProbe"))
        values |= probe
        place = where if probe else place
    number = values.get("port", _READY)
    return (number if values.get("expose") is True and isinstance(number, int) else None), place


def _addressed(draft: Draft, gateway: Object, objects: Objects) -> None:
    asked = [value for _, value in addressed(gateway) if _is_ip(value)]
    if not asked:
        return
    if does(draft, _CONTROLLER, objects, _CLASS_FOR_ADDRESS):
        draft.put("loadBalancerClass", _NAME, ("spec", "addresses"))
    elif does(draft, _CONTROLLER, objects, _EXTERNAL):
        draft.put("externalIPs", asked, ("spec", "addresses"))
        draft.notes.append("spec.addresses becomes externalIPs, which Azure does not read")


def _is_ip(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _patched(draft: Draft, patches: object, field: Field, objects: Objects) -> None:
    if not is_list(patches) or not patches or not does(draft, _CONTROLLER, objects, _PATCHES):
        return
    for index, one in enumerate(patches):
        kind, value = mapping(one).get("type", "StrategicMerge"), mapping(one).get("value")
        place = field.below(index, "value")
        if kind in ("StrategicMerge", "Merge") and isinstance(value, Mapping):
            draft.overlay(value, place, strategic=kind == "StrategicMerge")
        elif kind != "JSONPatch" or not draft.json_patch(value, place):
            draft.unknown.append(f"patch {index} of the NginxProxy is not applied here")


GATEWAYS = GatewayController((_NAME,), ("nginx",), _make, ("NginxProxy", "ListenerSet", "XListenerSet"))
