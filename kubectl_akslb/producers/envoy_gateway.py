"""Envoy Gateway. Upstream: internal/infrastructure/kubernetes/proxy/resource_provider.go, internal/gatewayapi."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.evidence.objects import Objects, mapping, mappings, text
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below, name_of
from kubectl_akslb.producers.gateway_api import (
    CLASS,
    OF_INFRASTRUCTURE,
    class_name,
    infrastructure,
    listeners,
    missing,
    parameters,
)
from kubectl_akslb.producers.producer import GatewayController
from kubectl_akslb.producers.versions import Controller, Dated, does

_CONTROLLER = Controller("Envoy Gateway", (1, 9), ("envoy-gateway",))
_RANGES = Dated("loadBalancerSourceRanges and name of an EnvoyProxy", (1, 1))
_NAMESPACE = "envoy-gateway-system"
_SERVICE: Path = ("spec", "provider", "kubernetes", "envoyService")
_SPEC = (
    "type", "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts",
    "externalTrafficPolicy",
)  # fmt: skip
_LONGEST = 48


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    proxy, at = parameters(gateway, known, objects, "EnvoyProxy")
    fields = mapping(below(proxy, *_SERVICE))
    gateways = [gateway]
    if below(proxy, "spec", "mergeGateways") is True:
        gateways = [one for one in objects.of("Gateway") if class_name(one) == class_name(gateway)] or gateways
        if gateways[0] is not gateway and gateways[0] != gateway:
            return []  # it is told of the first one
    draft = Draft(_name(gateway, objects, merged=len(gateways) > 1), _NAMESPACE)
    draft.label({"gateway.envoyproxy.io/owning-gateway-name": name_of(gateway)})
    draft.put("externalTrafficPolicy", "Local", CLASS)
    infrastructure(draft, gateway)
    if len(gateways) > 1:
        draft.unknown.append("Gateways are merged into one Service: whose annotations it gets is not known")
    field = Field(_SERVICE, proxy, at)
    draft.annotate(fields.get("annotations"), field.below("annotations"))
    new = not {"loadBalancerSourceRanges", "name"} & {*fields} or does(draft, _CONTROLLER, objects, _RANGES)
    draft.copy(fields, field, *(name for name in _SPEC if new or name != "loadBalancerSourceRanges"))
    if new and text(fields.get("name")):
        draft.rename(text(fields.get("name")))
    for path, one in _all(gateways):
        number, udp = one.get("port"), one.get("protocol") == "UDP"
        target = number + 10000 if isinstance(number, int) and number < 1024 else number
        target = number if below(proxy, "spec", "provider", "kubernetes", "useListenerPortAsContainerPort") else target
        protocol = "UDP" if udp else "TCP"
        draft.port(f"{protocol.lower()}-{number}", number, path, protocol=protocol, target=target)
    if below(proxy, "spec", "ipFamily") == "DualStack":
        draft.put("ipFamilyPolicy", "RequireDualStack", at)
    if any(one.get("type", "IPAddress") == "IPAddress" for one in mappings(below(gateway, "spec", "addresses"))):
        draft.notes.append("spec.addresses becomes externalIPs, which Azure does not read")
    missing(draft, gateway, known, "EnvoyProxy", proxy)
    _patched(draft, mapping(fields.get("patch")), field.below("patch"))
    places = (OF_INFRASTRUCTURE, field.below("annotations")) if proxy else (OF_INFRASTRUCTURE,)
    return draft.made("Envoy Gateway", *places)


def _patched(draft: Draft, patch: Mapping[str, Any], field: Field) -> None:
    kind = patch.get("type", "StrategicMerge")
    if kind in ("StrategicMerge", "JSONMerge") and isinstance(patch.get("value"), Mapping):
        draft.overlay(patch["value"], field.below("value"), strategic=kind == "StrategicMerge")
    elif patch:
        draft.unknown.append("the patch of the EnvoyProxy is not applied here")


def _all(gateways: list[Object]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The listeners of one Gateway, or of all that are merged; those of others have no place in the first."""
    for index, one in enumerate(gateways):
        for path, listener in listeners(one):
            yield (path if index == 0 else ("spec", "listeners")), listener


def _name(gateway: Object, objects: Objects, *, merged: bool) -> str:
    from hashlib import sha256  # it loads OpenSSL

    own = class_name(gateway) if merged else f"{objects.namespace_of(gateway)}/{name_of(gateway)}"
    return f"envoy-{own.replace('/', '-')[:_LONGEST]}-{sha256(own.encode()).hexdigest()[:8]}"


GATEWAYS = GatewayController(
    "gateway.envoyproxy.io/gatewayclass-controller", ("eg", "envoy-gateway"), _make, ("EnvoyProxy",)
)
