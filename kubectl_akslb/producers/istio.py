"""Istio's own classes of Gateways, and the one of AKS app routing.

Upstream: pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go and files/kube-gateway.yaml of istio/istio.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.gateway import OWN_ANNOTATIONS, annotations_path
from kubectl_akslb.evidence.objects import Objects, mapping, mappings, name_of, text, texts
from kubectl_akslb.producers.draft import METADATA_ANNOTATIONS, Draft, Field, Made, Object, below, first
from kubectl_akslb.producers.gateway_api import (
    CLASS,
    GROUP,
    INFRASTRUCTURE,
    ISTIO,
    ISTIO_OF_AKS,
    OF_INFRASTRUCTURE,
    REFERENCE,
    addressed,
    class_name,
    draft_of,
    listeners,
    with_sets,
)
from kubectl_akslb.producers.producer import GatewayController
from kubectl_akslb.producers.versions import Controller, Dated, does

_ISTIOD = Controller("Istio", (1, 31), ("istiod",))
_INFRASTRUCTURE = Dated("annotations of spec.infrastructure", (1, 21))
_DUAL_STACK = Dated("ipFamilyPolicy PreferDualStack", (1, 24))
_OVERLAYS = Dated("a ConfigMap of parameters", (1, 26))
_OTHER_NAMES = Dated("another name for a port whose name is taken", (1, 31))
_LISTENER_SETS = Dated("ListenerSets", (1, 27))

_OWN_NAMED = {
    "istio-agentgateway": "istio.io/agentgateway-controller",
    "istio-east-west": "istio.io/eastwest-controller",
}
"""Classes whose Services are called as their Gateways, and the controllers of those."""
_SERVICE_TYPE = "networking.istio.io/service-type"
_NAME = "gateway.istio.io/name-override"
_NOT_COPIED = (
    _NAME, "gateway.istio.io/service-account", "gateway.istio.io/controller-version",
    "kubectl.kubernetes.io/last-applied-configuration",
)  # fmt: skip
_PARTS = frozenset({"deployment", "service", "serviceAccount", "horizontalPodAutoscaler", "podDisruptionBudget"})
"""What a ConfigMap of parameters may say something of."""
_QUIC = "PILOT_ENABLE_QUIC_LISTENERS"
_COPY = "PILOT_ENABLE_GATEWAY_API_COPY_LABELS_ANNOTATIONS"
_DEFAULTS_FOR = "gateway.istio.io/defaults-for-class"
_STATUS_PORT = 15021
_ROOTS = ("istio-system", "aks-istio-system")
"""The namespaces of istiod: its own, and the one of app routing."""
_PRESET = {"port": "10256", "protocol": "http", "request-path": "/healthz"}
_PRESET_PORTS = (80, 443)
#: What a ConfigMap of parameters is written for, whether it is there yet or not.
_SETTABLE = ("loadBalancerSourceRanges", "externalTrafficPolicy", "loadBalancerClass")
#: What AKS lets a ConfigMap of parameters change about the Service.
_ALLOWED = frozenset({
    "type", "loadBalancerSourceRanges", "loadBalancerClass", "externalTrafficPolicy", "internalTrafficPolicy",
    "healthCheckNodePort",
})  # fmt: skip


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    own = texts(below(gateway, *OWN_ANNOTATIONS))
    if not _is_managed(gateway):
        return []
    of_aks = _is_of_aks(gateway)
    name = name_of(gateway) if _is_own_named(gateway, known) else f"{name_of(gateway)}-{class_name(gateway)}"
    draft = draft_of(gateway, objects, own.get(_NAME) or name)
    draft.put("type", own.get(_SERVICE_TYPE), (*OWN_ANNOTATIONS, _SERVICE_TYPE))
    if of_aks:
        draft.preset(_preset(gateway), CLASS)
        draft.notes.append("AKS presets the probes of ports 80 and 443 to kube-proxy's /healthz on 10256")
    else:
        draft.notes.append("taken for an Istio of your own: that of AKS presets probes")
    annotated = _annotations(draft, gateway, objects)
    draft.label(
        texts(below(gateway, "spec", "infrastructure", "labels")) or texts(below(gateway, "metadata", "labels"))
    )
    draft.label({"gateway.istio.io/managed": "istio.io-gateway-controller"})
    _ports(draft, gateway, objects)
    address = first(mappings(below(gateway, "spec", "addresses")))
    draft.take("loadBalancerIP", address.get("value"), Field(("spec", "addresses", 0, "value")))
    if does(draft, _ISTIOD, objects, _DUAL_STACK):
        draft.put("ipFamilyPolicy", "PreferDualStack", CLASS)
    overlaid = tuple(_overlays(draft, gateway, objects, of_aks=of_aks))
    if of_aks:
        _check_preset(draft, gateway)
    return draft.made(ISTIO_OF_AKS if of_aks else ISTIO, annotated, *overlaid)


def _annotations(draft: Draft, gateway: Object, objects: Objects) -> Field:
    """Copy the annotations, of the one place that counts; returns it."""
    is_there = isinstance(below(gateway, *INFRASTRUCTURE), Mapping)
    if is_there and not does(draft, _ISTIOD, objects, _INFRASTRUCTURE):
        place = Field(OWN_ANNOTATIONS)
    elif (path := annotations_path(gateway)) == INFRASTRUCTURE:
        place = OF_INFRASTRUCTURE
    else:
        place = Field(path)
    own = place.path == OWN_ANNOTATIONS
    if own and _setting(objects, _COPY) == "false":
        place, own = OF_INFRASTRUCTURE, False  # an istiod that was told to copy nothing else
    copied = mapping(below(gateway, *place.path))
    draft.annotate(
        {
            key: value
            for key, value in copied.items()
            if isinstance(key, str) and key not in _NOT_COPIED and (own or not key.startswith(f"{GROUP}/"))
        },
        place,
    )
    return place


def _preset(gateway: Object) -> dict[str, str]:
    numbers = {one.get("port") for _, one in listeners(gateway) if isinstance(one.get("port"), int)}
    return {
        f"service.beta.kubernetes.io/port_{number}_health-probe_{key}": value
        for number in _PRESET_PORTS
        if number in numbers
        for key, value in _PRESET.items()
    }


def _check_preset(draft: Draft, gateway: Object) -> None:
    """Whether the Gateway's annotations win over what AKS presets was never seen: only a ConfigMap is sure to."""
    mine = texts(below(gateway, *annotations_path(gateway)))
    for key, value in _preset(gateway).items():
        if mine.get(key, value) != value and draft.annotations.get(key) == mine[key]:
            name = key.rpartition("/")[2]
            draft.unknown.append(f"whether {name} of the Gateway wins over the preset of AKS is not known")
            return


def _ports(draft: Draft, gateway: Object, objects: Objects) -> None:
    draft.port("status-port", _STATUS_PORT, CLASS, app="tcp")
    found = list(listeners(gateway))
    if below(gateway, "spec", "allowedListeners") is not None and does(draft, _ISTIOD, objects, _LISTENER_SETS):
        found = list(with_sets(gateway, objects))
    taken, quic = {"status-port"}, _setting(objects, _QUIC) == "true"
    numbers: set[object] = {_STATUS_PORT}
    for path, one in found:
        protocol, number = one.get("protocol"), one.get("port")
        if not isinstance(protocol, str) or not isinstance(number, int) or number in numbers:
            continue
        numbers.add(number)
        name = text(one.get("name")).replace(".", "-")[:63]
        if name in taken and does(draft, _ISTIOD, objects, _OTHER_NAMES):
            name = f"{name[: 62 - len(str(number))]}-{number}"
        taken.add(name)
        draft.port(name, number, path, app=protocol.lower(), app_from=(*path, "protocol"))
        if quic and protocol == "HTTPS":
            draft.port(f"{name}-quic", number, path, protocol="UDP", app="https", app_from=(*path, "protocol"))


def _setting(objects: Objects, name: str) -> str:
    """A setting of istiod's environment, where its Deployment is here."""
    for one in objects.of("Deployment"):
        if name_of(one).startswith("istiod"):
            for container in mappings(below(one, "spec", "template", "spec", "containers")):
                for variable in mappings(container.get("env")):
                    if variable.get("name") == name:
                        return text(variable.get("value")).lower()
    return ""


def _is_own_named(gateway: Object, known: Object) -> bool:
    """Whether its Service has its name, without that of the class."""
    controller = below(known, "spec", "controllerName")
    return controller in _OWN_NAMED.values() if controller else class_name(gateway) in _OWN_NAMED


def _is_managed(gateway: Object) -> bool:
    """Whether istiod makes a Service: not where an address names one that is there."""
    if not class_name(gateway):
        return False
    addresses = below(gateway, "spec", "addresses")
    if not isinstance(addresses, list) or not addresses:
        return True
    return len(addresses) == 1 and len(addressed(gateway)) == 1


def _is_of_aks(gateway: Object) -> bool:
    """Whether istiod is one that AKS runs: app routing, or the add-on, whose revisions have names of its own."""
    revision = text(below(gateway, "metadata", "labels", "istio.io/rev"))
    return class_name(gateway) == "approuting-istio" or revision.startswith("asm-")


def _overlays(draft: Draft, gateway: Object, objects: Objects, *, of_aks: bool) -> Iterator[Field]:
    """Apply the ConfigMaps that change the Service: of the class, then of the Gateway; returns where they annotate."""
    reference = mapping(below(gateway, *REFERENCE))
    name = text(reference.get("name")) if reference.get("kind") == "ConfigMap" else ""
    of_class = [
        one
        for one in objects.of("ConfigMap")
        if objects.namespace_of(one) in _ROOTS
        and below(one, "metadata", "labels", _DEFAULTS_FOR) == class_name(gateway)
    ]
    of_class.sort(key=lambda one: text(below(one, "metadata", "creationTimestamp")))
    found = [(one, CLASS) for one in of_class[:1]]
    namespace = objects.namespace_of(gateway)
    mine = [one for one in objects.of("ConfigMap") if name_of(one) == name and objects.namespace_of(one) == namespace]
    found += [(one, REFERENCE) for one in mine[:1] if name]
    if name and not mine:
        draft.unknown.append(f"ConfigMap {name} is not here: without it Istio makes no Service")
    if reference and not name:
        draft.unknown.append("Istio takes a ConfigMap as parameters, and makes no Service of this Gateway")
    if not found or not does(draft, _ISTIOD, objects, _OVERLAYS):
        return
    read = [(one, where, _service_of(one, draft, of_aks=of_aks)) for one, where in found]
    if any(content is None for _, _, content in read):
        return  # what is wrong with one of them stops all, and is told
    for one, where, content in read:
        field = Field(("data", "service"), one, where)
        if where == REFERENCE:
            draft.copy({}, field.below("spec"), *_SETTABLE)
        draft.overlay(content, field)
        if "service" in mapping(one.get("data")) and where == REFERENCE:
            yield field.below(*METADATA_ANNOTATIONS)._replace(patches=True)


def _service_of(config: Object, draft: Draft, *, of_aks: bool) -> Mapping[str, Any] | None:
    """What a ConfigMap says of the Service; None where Istio applies nothing of it, or AKS refuses it."""
    from kubectl_akslb.manifest.nodes import Source
    from kubectl_akslb.manifest.parse import parse_data

    name = name_of(config)
    strange = sorted({*mapping(config.get("data"))} - _PARTS)
    if strange:
        draft.unknown.append(f"Istio applies nothing: ConfigMap {name} has the key {strange[0]}")
        return None
    try:
        _, content = parse_data(Source(text(below(config, "data", "service"))))
    except InputError:
        draft.unknown.append(f"Istio applies nothing: service in ConfigMap {name} is no YAML")
        return None
    fields = mapping(content)
    fixed = sorted({*mapping(fields.get("metadata"))} - {"annotations", "labels"})
    if fixed:
        draft.unknown.append(f"Istio applies nothing: ConfigMap {name} changes metadata.{fixed[0]} of the Service")
        return None
    refused = sorted({*mapping(fields.get("spec"))} - _ALLOWED) if of_aks else []
    if refused:
        draft.unknown.append(f"AKS refuses ConfigMap {name}: spec.{refused[0]} is not among what it lets you change")
        return None
    return fields


GATEWAYS = GatewayController(
    ("istio.io/gateway-controller", *_OWN_NAMED.values()),
    ("istio", "approuting-istio", *_OWN_NAMED),
    _make,
    ("ConfigMap", "ListenerSet", "XListenerSet"),
)
