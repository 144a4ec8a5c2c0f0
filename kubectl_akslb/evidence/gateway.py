"""The Service that Istio's controller makes of a Gateway, and where its annotations come from.

Upstream: istio's pilot/pkg/config/kube/gateway (deploymentcontroller.go): extractServicePorts, IsManaged,
extractInfrastructureMetadata.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from kubectl_akslb.evidence.objects import Objects, mapping, text, texts
from kubectl_akslb.model.service import LOAD_BALANCER, LOCAL, TCP, Service, ServicePort

CLASS = "istio"
CONTROLLER = "istio.io/gateway-controller"
GATEWAY_API = "gateway.networking.k8s.io"
LOCAL_SIGN = "externalTrafficPolicy: Local"
"""What a ConfigMap of parameters says that makes the Service of a Gateway Local."""
INFRASTRUCTURE_ANNOTATIONS = ("spec", "infrastructure", "annotations")
OWN_ANNOTATIONS = ("metadata", "annotations")
FILENAME = "postrenderer.helm.sh/postrender-filename"
"""What Helm 4 adds to each object for the post-renderer, and takes away afterwards."""
_RUNNERS = ("config.kubernetes.io/", "internal.config.kubernetes.io/", "config.k8s.io/", "kustomize.config.k8s.io/")
"""What kustomize adds to each object for a function, and takes away afterwards."""
_STATUS_PORT = 15021
_SERVICE_TYPE = "networking.istio.io/service-type"


def gateway_service(gateway: Mapping[str, Any], objects: Objects) -> Service | None:
    """The Service of a Gateway beside *objects*, of which GatewayClasses and ConfigMaps count."""
    if not text(gateway.get("apiVersion")).startswith(f"{GATEWAY_API}/"):
        return None
    service = istio_service(gateway, objects.once(_classes))
    name = parameters(gateway)
    local = name and any(
        mapping(one.get("metadata")).get("name") == name and LOCAL_SIGN in str(mapping(one.get("data")).get("service"))
        for one in objects.of("ConfigMap")
    )
    return service._replace(external_traffic_policy=LOCAL) if service is not None and local else service


def _classes(objects: Objects) -> frozenset[str]:
    """The names of the GatewayClasses for which istiod makes a Service."""
    ours = (
        text(mapping(one.get("metadata")).get("name"))
        for one in objects.of("GatewayClass")
        if mapping(one.get("spec")).get("controllerName") == CONTROLLER
    )
    return frozenset({CLASS, *ours})


def istio_service(gateway: Mapping[str, Any], classes: Collection[str] = (CLASS,)) -> Service | None:
    """The Service of a Gateway whose class is one of *classes*; None where Istio makes none of type LoadBalancer."""
    spec, metadata = mapping(gateway.get("spec")), mapping(gateway.get("metadata"))
    name, class_name = metadata.get("name"), spec.get("gatewayClassName")
    if not isinstance(name, str) or not isinstance(class_name, str) or class_name not in classes or not _managed(spec):
        return None
    own, annotations = texts(metadata.get("annotations")), texts(_at(gateway, annotations_path(gateway)))
    if (annotations.get(_SERVICE_TYPE) or own.get(_SERVICE_TYPE) or LOAD_BALANCER) != LOAD_BALANCER:
        return None
    return Service(
        name=name,
        namespace=str(metadata.get("namespace") or ""),
        uid=None,
        type=LOAD_BALANCER,
        annotations=annotations,
        ports=tuple(_ports(spec.get("listeners"))),
        labels={**texts(metadata.get("labels")), "gateway.istio.io/managed": "istio.io-gateway-controller"},
    )


def annotations_path(gateway: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the annotations of the Gateway's Service stand, and where another one has to be put.

    Istio copies the Gateway's own annotations only as long as spec.infrastructure.annotations is not there: to begin it
    beside them would take them all from the Service, an internal load balancer would become public.
    """
    if isinstance(_at(gateway, INFRASTRUCTURE_ANNOTATIONS), dict):
        return INFRASTRUCTURE_ANNOTATIONS
    own = mapping(_at(gateway, OWN_ANNOTATIONS))
    lasting = any(key != FILENAME and not key.startswith(_RUNNERS) for key in own)
    return OWN_ANNOTATIONS if lasting else INFRASTRUCTURE_ANNOTATIONS


def parameters(gateway: Mapping[str, Any]) -> str:
    """The name of the ConfigMap that changes the Service of a Gateway, or ""."""
    reference = mapping(_at(gateway, ("spec", "infrastructure", "parametersRef")))
    return str(reference.get("name", "")) if reference.get("kind") == "ConfigMap" else ""


def _managed(spec: Mapping[str, Any]) -> bool:
    """Whether istiod makes a Service: not where an address names one that is there."""
    addresses = spec.get("addresses")
    if not isinstance(addresses, list) or not addresses:
        return True
    return len(addresses) == 1 and mapping(addresses[0]).get("type", "IPAddress") == "IPAddress"


def _ports(listeners: object) -> Iterator[ServicePort]:
    yield ServicePort(0, "status-port", TCP, _STATUS_PORT, app_protocol="tcp")
    seen: set[int] = set()
    for one in listeners if isinstance(listeners, list) else ():
        port, protocol = mapping(one).get("port"), mapping(one).get("protocol")
        if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536 or port in seen:
            continue
        if isinstance(protocol, str):
            seen.add(port)
            yield ServicePort(len(seen), str(one.get("name", "")), TCP, port, app_protocol=protocol.lower())


def _at(value: object, path: tuple[str, ...]) -> object:
    for step in path:
        value = mapping(value).get(step)
    return value
