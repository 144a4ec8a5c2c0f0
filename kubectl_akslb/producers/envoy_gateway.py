"""Envoy Gateway. Upstream: internal/infrastructure/kubernetes/proxy/resource_provider.go, internal/gatewayapi."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.objects import Objects, mapping, mappings, name_of, text
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below
from kubectl_akslb.producers.gateway_api import (
    CLASS,
    OF_INFRASTRUCTURE,
    REFERENCE,
    addressed,
    class_name,
    digest,
    infrastructure,
    listeners,
    missing,
    parameters,
    with_sets,
)
from kubectl_akslb.producers.producer import GatewayController
from kubectl_akslb.producers.versions import Controller, Dated, does

_CONTROLLER = Controller("Envoy Gateway", (1, 9), ("envoy-gateway",))
_RANGES = Dated("loadBalancerSourceRanges and name of an EnvoyProxy", (1, 1))
_FAMILY = Dated("ipFamily of an EnvoyProxy", (1, 3))
_MERGED = Dated("mergeType of an EnvoyProxy", (1, 8))
_SETTINGS = "envoy-gateway-config"
_NAMESPACE = "envoy-gateway-system"
_KUBERNETES: Path = ("spec", "provider", "kubernetes")
_SERVICE: Path = (*_KUBERNETES, "envoyService")
_SPEC = (
    "type", "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts",
    "externalTrafficPolicy",
)  # fmt: skip
_SETS = Dated("ListenerSets", (1, 7))
_FAMILIES = {"IPv6": (["IPv6"], "SingleStack"), "DualStack": (["IPv4", "IPv6"], "RequireDualStack")}
_LONGEST = 48
_FIRST_UNPRIVILEGED = 1024


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    of_class, _ = parameters(gateway, known, objects, "EnvoyProxy", of_gateway=False)
    merged = below(of_class, "spec", "mergeGateways") is True
    proxy, at = (of_class, CLASS) if merged else parameters(gateway, known, objects, "EnvoyProxy")
    gateways = [gateway]
    if merged:
        gateways = [one for one in objects.of("Gateway") if class_name(one) == class_name(gateway)] or gateways
        if gateways[0] is not gateway and gateways[0] != gateway:
            return []  # it is told of the first one
    draft = _named(gateway, objects, merged=merged)
    draft.label({"gateway.envoyproxy.io/owning-gateway-name": name_of(gateway)})
    draft.put("externalTrafficPolicy", "Local", CLASS)
    infrastructure(draft, gateway)
    if any(
        mapping(below(one, "spec", "infrastructure")) != mapping(below(gateway, "spec", "infrastructure"))
        for one in gateways
    ):
        draft.unknown.append("Gateways are merged into one Service: whose annotations it gets is not known")
    layers = [(proxy, at)] if proxy else []
    if (
        at == REFERENCE
        and of_class
        and below(proxy, "spec", "mergeType")
        and does(draft, _CONTROLLER, objects, _MERGED)
    ):
        layers.insert(0, (of_class, CLASS))
    places = [OF_INFRASTRUCTURE]
    for one, where in layers:
        fields, field = mapping(below(one, *_SERVICE)), Field(_SERVICE, one, where)
        places.append(field.below("annotations"))
        draft.annotate(fields.get("annotations"), places[-1])
        new = not {"loadBalancerSourceRanges", "name"} & {*fields} or does(draft, _CONTROLLER, objects, _RANGES)
        draft.copy(fields, field, *(name for name in _SPEC if new or name != "loadBalancerSourceRanges"))
        if new and text(fields.get("name")):
            draft.rename(text(fields.get("name")))
    _ports(draft, gateways, proxy, objects)
    family = text(below(proxy, "spec", "ipFamily"))
    if family in _FAMILIES and does(draft, _CONTROLLER, objects, _FAMILY):
        families, policy = _FAMILIES[family]
        draft.put("ipFamilies", families, at)
        draft.put("ipFamilyPolicy", policy, at)
    asked = [value for _, value in addressed(gateway)]
    if asked and draft.type == "LoadBalancer":
        draft.put("externalIPs", asked, ("spec", "addresses"))
        draft.notes.append("spec.addresses becomes externalIPs, which Azure does not read")
    missing(draft, gateway, known, "EnvoyProxy", proxy)
    for one, where in layers:
        _patched(draft, mapping(below(one, *_SERVICE, "patch")), Field((*_SERVICE, "patch"), one, where))
    return draft.made("Envoy Gateway", *places)


def _ports(draft: Draft, gateways: list[Object], proxy: Object, objects: Objects) -> None:
    """A port of each number and protocol; with HTTP/3 one of UDP beside it."""
    shifted = below(proxy, *_KUBERNETES, "useListenerPortAsContainerPort") is not True
    sets = any(below(one, "spec", "allowedListeners") is not None for one in gateways)
    sets = sets and does(draft, _CONTROLLER, objects, _SETS)
    for path, one, gateway in _all(gateways, objects, sets=sets):
        number, protocol = one.get("port"), "UDP" if one.get("protocol") == "UDP" else "TCP"
        target = number + 10000 if shifted and isinstance(number, int) and number < _FIRST_UNPRIVILEGED else number
        head = text(one.get("protocol")).lower()
        is_new = draft.port(f"{head}-{number}", number, path, protocol=protocol, target=target)
        if is_new and head == "https" and _has_http3(gateway, one, objects):
            draft.port(f"{head}-{number}-h3", number, path, protocol="UDP", target=target)


def _has_http3(gateway: Object, listener: Object, objects: Objects) -> bool:
    """Whether the ClientTrafficPolicy of a listener asks for it; one of the listener alone goes before."""
    found: dict[bool, bool] = {}
    for one in objects.of("ClientTrafficPolicy"):
        if objects.namespace_of(one) != objects.namespace_of(gateway):
            continue
        spec = mapping(one.get("spec"))
        for target in (mapping(spec.get("targetRef")), *mappings(spec.get("targetRefs"))):
            section = target.get("sectionName")
            if (target.get("kind"), target.get("name")) == ("Gateway", name_of(gateway)) and section in (
                None,
                listener.get("name"),
            ):
                found.setdefault(section is not None, spec.get("http3") is not None)
    return found.get(True, found.get(False, False))


def _patched(draft: Draft, patch: Mapping[str, Any], field: Field) -> None:
    kind = patch.get("type", "StrategicMerge")
    if kind in ("StrategicMerge", "JSONMerge") and isinstance(patch.get("value"), Mapping):
        draft.overlay(patch["value"], field.below("value"), strategic=kind == "StrategicMerge")
    elif patch:
        draft.unknown.append("the patch of the EnvoyProxy is not applied here")


def _all(gateways: list[Object], objects: Objects, *, sets: bool) -> Iterator[tuple[Path, Object, Object]]:
    """The listeners of one Gateway, or of all that are merged; those of others have no place in the first."""
    for index, one in enumerate(gateways):
        for path, listener in with_sets(one, objects) if sets else listeners(one):
            yield (path if index == 0 else ("spec", "listeners")), listener, one


def _named(gateway: Object, objects: Objects, *, merged: bool) -> Draft:
    """The Service with its name and namespace, which the settings of the controller say."""
    settings = next((one for one in objects.of("ConfigMap") if name_of(one) == _SETTINGS), {})
    own = f"{objects.namespace_of(gateway)}/{name_of(gateway)}"
    if _in_namespace_of_gateway(settings):
        return Draft(name_of(gateway), objects.namespace_of(gateway))
    name = class_name(gateway) if merged else own
    flat = name.replace("/", "-")
    flat = flat[:_LONGEST].removesuffix("-") if len(flat) > _LONGEST else flat
    namespace = objects.namespace_of(settings) if settings else _NAMESPACE
    return Draft(f"envoy-{flat}-{digest(name)[:8]}", namespace)


def _in_namespace_of_gateway(settings: Object) -> bool:
    from kubectl_akslb.manifest.nodes import Source
    from kubectl_akslb.manifest.parse import parse_data

    given = text(below(settings, "data", "envoy-gateway.yaml"))
    try:
        content = parse_data(Source(given))[1] if "GatewayNamespace" in given else None
    except InputError:
        return False
    return bool(below(content, "provider", "kubernetes", "deploy", "type") == "GatewayNamespace")


GATEWAYS = GatewayController(
    ("gateway.envoyproxy.io/gatewayclass-controller",),
    ("eg", "envoy-gateway"),
    _make,
    ("EnvoyProxy", "ClientTrafficPolicy", "ListenerSet", "XListenerSet"),
)
