"""Gateways of the Gateway API: which controller makes the Service, and what each of them makes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kubectl_akslb.evidence import gateway as istio
from kubectl_akslb.evidence.objects import Objects, mapping, mappings, text
from kubectl_akslb.producers.draft import Draft, Made, Object, Path, below, first, items_of, name_of

GROUP = "gateway.networking.k8s.io"
INFRASTRUCTURE: Path = ("spec", "infrastructure", "annotations")
_REFERENCE: Path = ("spec", "infrastructure", "parametersRef")
_CLASS: Path = ("spec", "gatewayClassName")
_GATEWAY_NAME = f"{GROUP}/gateway-name"
_MAX_NAME = 63


def of_gateway(gateway: Object, objects: Objects) -> list[Made]:
    """The Service that the controller of its class makes of a Gateway."""
    if not text(gateway.get("apiVersion")).startswith(f"{GROUP}/") or not name_of(gateway):
        return []
    name = text(below(gateway, "spec", "gatewayClassName"))
    known = first(one for one in reversed(objects.of("GatewayClass")) if name_of(one) == name)
    controller = text(below(known, "spec", "controllerName"))
    make = _BY_CONTROLLER.get(controller) if controller else _BY_CLASS.get(name)
    if make is None:
        return []
    made = make(gateway, known, objects)
    if controller:
        return made
    note = f"the GatewayClass {name!r} is not here: its controller is taken from its name"
    return [one._replace(notes=(*one.notes, note)) for one in made]


def _draft(gateway: Object, objects: Objects, name: str) -> Draft:
    draft = Draft(name, objects.namespace_of(gateway))
    draft.label({_GATEWAY_NAME: name_of(gateway)})
    return draft


def _annotated(draft: Draft, gateway: Object) -> None:
    """What all of them copy: the annotations of spec.infrastructure."""
    draft.annotate(below(gateway, *INFRASTRUCTURE), INFRASTRUCTURE)
    draft.label(below(gateway, "spec", "infrastructure", "labels"))


def _listeners(gateway: Object) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for index, one in items_of(below(gateway, "spec", "listeners")):
        yield ("spec", "listeners", index), one


def _parameters(gateway: Object, known: Object, objects: Objects, kind: str) -> tuple[Object, Path]:
    """The object of *kind* that the Gateway refers to, else its class; and where the reference stands."""
    own, of_class = mapping(below(gateway, *_REFERENCE)), mapping(below(known, "spec", "parametersRef"))
    for reference, namespace, where in (
        (own, objects.namespace_of(gateway), _REFERENCE),
        (of_class, text(of_class.get("namespace")), _CLASS),
    ):
        if reference.get("kind") == kind:
            for one in objects.of(kind):
                if name_of(one) == reference.get("name") and namespace in ("", objects.namespace_of(one)):
                    return one, where
    return {}, _CLASS


def _missing(gateway: Object, known: Object, kind: str, found: Object) -> list[str]:
    """What to say where an object is referred to and is not here."""
    asked = [mapping(below(gateway, *_REFERENCE)), mapping(below(known, "spec", "parametersRef"))]
    names = [text(one.get("name")) for one in asked if one.get("kind") == kind]
    return [f"{kind} {names[0]} is not here: what it sets is not known"] if names and not found else []


def _istio(gateway: Object, known: Object, objects: Objects) -> list[Made]:  # noqa: ARG001 - as all of them
    """Istio's own class, and the one of AKS app routing. Upstream: deploymentcontroller.go, kube-gateway.yaml."""
    classes = frozenset({text(below(gateway, "spec", "gatewayClassName"))})
    service = istio.istio_service(gateway, classes)
    if service is None:
        return []
    at = istio.annotations_path(gateway)
    given = text(below(gateway, "metadata", "annotations", "gateway.istio.io/name-override"))
    name = given or f"{service.name}-{text(below(gateway, 'spec', 'gatewayClassName'))}"
    draft = _draft(gateway, objects, name)
    of_aks = _is_of_aks(gateway)
    if not of_aks:
        draft.notes.append("taken for an Istio of your own: that of AKS presets probes")
    else:
        preset = {
            f"service.beta.kubernetes.io/port_{port.port}_health-probe_{key}": value
            for port in service.ports
            if port.port in _PRESET_PORTS
            for key, value in _PRESET.items()
        }
        draft.annotate(preset, _CLASS, each=False)
        draft.notes.append("AKS presets the probes of ports 80 and 443 to kube-proxy's /healthz on 10256")
    draft.annotate(service.annotations, at)
    draft.label(service.labels)
    listeners = reversed(list(_listeners(gateway)))
    by_number = {one["port"]: path for path, one in listeners if isinstance(one.get("port"), int)}
    for port in service.ports:
        draft.port(port.name, port.port, by_number.get(port.port, _CLASS), app=port.app_protocol or "")
    address = first(mappings(below(gateway, "spec", "addresses")))
    draft.put("loadBalancerIP", address.get("value"), ("spec", "addresses", 0, "value"))
    draft.put("ipFamilyPolicy", "PreferDualStack", _CLASS)
    parameters = istio.parameters(gateway)
    if parameters:
        _overlay(draft, parameters, gateway, objects)
    return draft.made("Istio of AKS" if of_aks else "Istio", at)


_PRESET = {"port": "10256", "protocol": "http", "request-path": "/healthz"}
_PRESET_PORTS = (80, 443)


def _is_of_aks(gateway: Object) -> bool:
    """Whether istiod is one that AKS runs: app routing, or the add-on, whose revisions have names of its own."""
    revision = text(below(gateway, "metadata", "labels", "istio.io/rev"))
    return text(below(gateway, "spec", "gatewayClassName")) == "approuting-istio" or revision.startswith("asm-")


def _overlay(draft: Draft, name: str, gateway: Object, objects: Objects) -> None:
    """What a ConfigMap of parameters changes, as far as it is known."""
    from kubectl_akslb.errors import InputError
    from kubectl_akslb.manifest.nodes import Source
    from kubectl_akslb.manifest.parse import parse_data

    namespace = objects.namespace_of(gateway)
    for one in objects.of("ConfigMap"):
        if name_of(one) == name and objects.namespace_of(one) == namespace:
            overlay = text(below(one, "data", "service"))
            try:
                _, content = parse_data(Source(overlay))
            except InputError:
                draft.notes.append(f"service in ConfigMap {name} is no YAML: Istio applies nothing")
                return
            annotations = mapping(below(content, "metadata", "annotations"))
            draft.without(*(key for key, value in annotations.items() if value is None))
            draft.annotate(
                {key: value for key, value in annotations.items() if value is not None}, _REFERENCE, each=False
            )
            spec = mapping(below(content, "spec"))
            draft.copy(spec, _REFERENCE, *(key for key in spec if key != "ports"), each=False)
            return
    draft.unknown.append(f"ConfigMap {name} is not here: what it sets is not known")


def _envoy_gateway(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    """Envoy Gateway. Upstream: internal/infrastructure/kubernetes/proxy/resource_provider.go."""
    proxy, at = _parameters(gateway, known, objects, "EnvoyProxy")
    fields = mapping(below(proxy, "spec", "provider", "kubernetes", "envoyService"))
    own = f"{objects.namespace_of(gateway)}/{name_of(gateway)}"
    from hashlib import sha256  # it loads OpenSSL

    name = f"envoy-{own.replace('/', '-')[:48]}-{sha256(own.encode()).hexdigest()[:8]}"
    draft = Draft(text(fields.get("name")) or name, "envoy-gateway-system")
    draft.label({"gateway.envoyproxy.io/owning-gateway-name": name_of(gateway)})
    draft.put("externalTrafficPolicy", "Local", _CLASS)
    _annotated(draft, gateway)
    draft.annotate(fields.get("annotations"), at, each=False)
    draft.copy(
        fields,
        at,
        "type",
        "loadBalancerClass",
        "loadBalancerIP",
        "loadBalancerSourceRanges",
        "allocateLoadBalancerNodePorts",
        "externalTrafficPolicy",
        each=False,
    )
    for path, one in _listeners(gateway):
        number, udp = one.get("port"), one.get("protocol") == "UDP"
        target = number + 10000 if isinstance(number, int) and number < 1024 else number
        protocol = "UDP" if udp else "TCP"
        draft.port(f"{protocol.lower()}-{number}", number, path, protocol=protocol, target=target)
    draft.unknown += _missing(gateway, known, "EnvoyProxy", proxy)
    if "patch" in fields:
        draft.unknown.append("the patch of the EnvoyProxy is not applied here")
    return draft.made("Envoy Gateway", INFRASTRUCTURE)


def _nginx(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    """NGINX Gateway Fabric. Upstream: internal/controller/provisioner/objects.go."""
    proxy, at = _parameters(gateway, known, objects, "NginxProxy")
    fields = mapping(below(proxy, "spec", "kubernetes", "service"))
    draft = _draft(
        gateway, objects, f"{name_of(gateway)}-{text(below(gateway, 'spec', 'gatewayClassName'))}"[:_MAX_NAME]
    )
    draft.put("externalTrafficPolicy", "Local", _CLASS)
    draft.put("ipFamilyPolicy", "PreferDualStack", _CLASS)
    _annotated(draft, gateway)
    draft.copy(
        fields,
        at,
        "type",
        "externalTrafficPolicy",
        "loadBalancerIP",
        "loadBalancerClass",
        "loadBalancerSourceRanges",
        each=False,
    )
    for path, one in sorted(_listeners(gateway), key=lambda pair: str(pair[1].get("port")).zfill(5)):
        udp = one.get("protocol") == "UDP"
        draft.port(
            f"port-{one.get('port')}", one.get("port"), path, protocol="UDP" if udp else "TCP", target=one.get("port")
        )
    draft.unknown += _missing(gateway, known, "NginxProxy", proxy)
    if "patches" in fields:
        draft.unknown.append("the patches of the NginxProxy are not applied here")
    return draft.made("NGINX Gateway Fabric", INFRASTRUCTURE)


def _contour(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    """Contour's provisioner. Upstream: internal/provisioner/objects/service/service.go."""
    deployment, at = _parameters({}, known, objects, "ContourDeployment")
    fields = mapping(below(deployment, "spec", "envoy", "networkPublishing"))
    draft = _draft(gateway, objects, f"envoy-{name_of(gateway)}")
    draft.put("externalTrafficPolicy", "Local", _CLASS)
    _annotated(draft, gateway)
    draft.annotate(fields.get("serviceAnnotations"), at, each=False)
    draft.copy(fields, at, "externalTrafficPolicy", "ipFamilyPolicy", each=False)
    published = text(fields.get("type")).removesuffix("Service")
    if published:
        draft.put("type", published, at)
    address = first(mappings(below(gateway, "spec", "addresses")))
    draft.put("loadBalancerIP", address.get("value"), ("spec", "addresses", 0, "value"))
    for path, one in _listeners(gateway):
        number, protocol = one.get("port"), one.get("protocol")
        head = {"HTTP": "http", "HTTPS": "https", "TLS": "https", "TCP": "tcp"}.get(text(protocol))
        if head and isinstance(number, int):
            draft.port(f"{head}-{number}", number, path, target=number + 8000)
    draft.unknown += _missing({}, known, "ContourDeployment", deployment)
    return draft.made("Contour", INFRASTRUCTURE)


def _cilium(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    """Cilium. Upstream: operator/pkg/model/translation/gateway-api/translator.go."""
    config, at = _parameters({}, known, objects, "CiliumGatewayClassConfig")
    draft = _draft(gateway, objects, f"cilium-gateway-{name_of(gateway)}"[:_MAX_NAME])
    draft.put("externalTrafficPolicy", "Cluster", _CLASS)
    _annotated(draft, gateway)
    draft.copy(
        below(config, "spec", "service"),
        at,
        "type",
        "externalTrafficPolicy",
        "loadBalancerClass",
        "loadBalancerSourceRanges",
        "ipFamilies",
        "ipFamilyPolicy",
        "allocateLoadBalancerNodePorts",
        each=False,
    )
    for path, one in _listeners(gateway):
        udp = one.get("protocol") == "UDP"
        tail = "-udp" if udp else ""
        draft.port(f"port-{one.get('port')}{tail}", one.get("port"), path, protocol="UDP" if udp else "TCP")
    draft.unknown += _missing({}, known, "CiliumGatewayClassConfig", config)
    return draft.made("Cilium", INFRASTRUCTURE)


def _kgateway(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    """Kgateway. Upstream: pkg/kgateway/helm/envoy/templates/service.yaml."""
    parameters, at = _parameters(gateway, known, objects, "GatewayParameters")
    fields = mapping(below(parameters, "spec", "kube", "service"))
    if below(parameters, "spec", "selfManaged") is not None:
        return []
    draft = _draft(gateway, objects, name_of(gateway))
    draft.annotate(fields.get("extraAnnotations"), at, each=False)
    _annotated(draft, gateway)
    draft.copy(
        fields,
        at,
        "type",
        "externalTrafficPolicy",
        "loadBalancerClass",
        "loadBalancerSourceRanges",
        "ipFamilies",
        "ipFamilyPolicy",
        each=False,
    )
    addresses = mappings(below(gateway, "spec", "addresses"))
    if len(addresses) == 1:
        draft.put("loadBalancerIP", addresses[0].get("value"), ("spec", "addresses", 0, "value"))
    for path, one in _listeners(gateway):
        draft.port(f"listener-{one.get('port')}", one.get("port"), path, target=one.get("port"))
    draft.unknown += _missing(gateway, known, "GatewayParameters", parameters)
    if below(parameters, "spec", "kube", "serviceOverlay") is not None:
        draft.unknown.append("serviceOverlay of the GatewayParameters is not applied here")
    return draft.made("kgateway", INFRASTRUCTURE)


def _kong(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    """The Kong operator. Upstream: controller/gateway/controller_reconciler_utils.go."""
    parameters, at = _parameters(gateway, known, objects, "GatewayConfiguration")
    fields = mapping(below(parameters, "spec", "dataPlaneOptions", "network", "services", "ingress"))
    name = text(fields.get("name"))
    draft = _draft(gateway, objects, name or f"dataplane-ingress-{name_of(gateway)}")
    if not name:
        draft.notes.append("the name of the Service ends in letters that the operator draws")
    draft.annotate(fields.get("annotations"), at, each=False)
    _annotated(draft, gateway)
    draft.copy(fields, at, "type", "externalTrafficPolicy", each=False)
    for path, one in _listeners(gateway):
        target = {"HTTP": 8000, "HTTPS": 8443}.get(text(one.get("protocol")))
        draft.port(text(one.get("name")), one.get("port"), path, target=target)
    draft.unknown += _missing(gateway, known, "GatewayConfiguration", parameters)
    return draft.made("the Kong operator", INFRASTRUCTURE)


_Make = Callable[[Object, Object, Objects], list[Made]]
_BY_CONTROLLER: dict[str, _Make] = {
    "istio.io/gateway-controller": _istio,
    "gateway.envoyproxy.io/gatewayclass-controller": _envoy_gateway,
    "gateway.nginx.org/nginx-gateway-controller": _nginx,
    "projectcontour.io/gateway-controller": _contour,
    "io.cilium/gateway-controller": _cilium,
    "kgateway.dev/kgateway": _kgateway,
    "konghq.com/gateway-operator": _kong,
}
_BY_CLASS: dict[str, _Make] = {
    "istio": _istio, "approuting-istio": _istio, "eg": _envoy_gateway, "envoy-gateway": _envoy_gateway, "nginx": _nginx,
    "contour": _contour, "cilium": _cilium, "kgateway": _kgateway, "kong": _kong,
}  # fmt: skip
"""Class names that their documentation uses, for a stream without the GatewayClass."""
