"""The objects of a stream that can get annotations: Services, and Gateways whose controller makes a Service."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.decode import decode, service_objects
from kubectl_akslb.manifest.load import offset_of
from kubectl_akslb.manifest.nodes import Node, Path, Place, Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import Document
from kubectl_akslb.model.service import LOAD_BALANCER, TCP, Service, ServicePort

SERVICE = "Service"
GATEWAY = "Gateway"
GATEWAY_API = "gateway.networking.k8s.io"
SERVICE_ANNOTATIONS: Path = ("metadata", "annotations")
GATEWAY_ANNOTATIONS: Path = ("spec", "infrastructure", "annotations")

ISTIO_CLASS = "istio"
ISTIO_CONTROLLER = "istio.io/gateway-controller"
_FILENAME = "postrenderer.helm.sh/postrender-filename"
_SERVICE_TYPE = "networking.istio.io/service-type"
_STATUS_PORT = 15021


class Target(NamedTuple):
    """An object that can be annotated.

    *service* is the Service itself, or the one that a Gateway's controller makes of it. *at* is the path to the object
    in its document, *below* the path from there to its annotations. *parameters* names the ConfigMap that changes the
    Service of a Gateway, or is "".
    """

    kind: str
    service: Service
    at: Path
    below: Path
    line: int
    source: str
    class_name: str = ""
    parameters: str = ""

    @property
    def full_name(self) -> str:
        """``Service shop/web``."""
        return f"{self.kind} {self.service.full_name.lstrip('/')}"


class Read(NamedTuple):
    """A document that was read, and what in it can be annotated; *problems* are objects that cannot be decoded."""

    document: Document
    source: Source
    root: Node
    data: object
    targets: tuple[Target, ...]
    problems: tuple[InputError, ...]


def read(document: Document, istio_classes: frozenset[str]) -> Read:
    """Read a document; InputError where it is no text, or no YAML."""
    source = source_of(document)
    root, data = parse_data(source)
    targets: list[Target] = []
    problems: list[InputError] = []

    def locate(path: Path) -> Place:
        return source.place(offset_of(root, path))

    for at, item in service_objects(data):
        try:
            service = decode(item, at, locate)
        except InputError as error:
            problems.append(error)
            continue
        if service.type == LOAD_BALANCER:
            where = document.source or service.annotations.get(_FILENAME, "")
            line, class_name = locate(at).line, service.load_balancer_class or ""
            targets.append(Target(SERVICE, service, at, SERVICE_ANNOTATIONS, line, where, class_name))
    for at, item in _gateways(data):
        gateway = _gateway(item, at, istio_classes, document.source)
        if gateway is not None:
            targets.append(gateway._replace(line=locate(at).line))
    return Read(document, source, root, data, tuple(targets), tuple(problems))


def source_of(document: Document) -> Source:
    """The text of a document; InputError where it is not UTF-8. A List with a Secret in it is never quoted."""
    try:
        text = document.text
    except UnicodeDecodeError as error:
        before = document.data.count(b"\n", document.start, document.start + error.start)
        message, line = f"byte 0x{error.object[error.start]:02x} is not UTF-8", document.line + before
        raise InputError(message, line=line, column=1, hint="Save the template as UTF-8.") from error
    return Source(text, "", document.line, quote=b"Secret" not in document.raw)


def objects(data: object) -> Iterator[Mapping[str, Any]]:
    """The objects in a document's data, those of a List one by one."""
    return (item for _, item in _items(data))


def _items(data: object, at: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if not isinstance(data, dict):
        return
    kind, items = data.get("kind"), data.get("items")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(items, list):
        own = kind[:-4]
        for index, item in enumerate(items):
            if own and isinstance(item, dict):
                item = {"kind": own, "apiVersion": data.get("apiVersion"), **item}  # noqa: PLW2901 -- as the API has it
            yield from _items(item, (*at, "items", index))
    else:
        yield at, data


def _gateways(data: object) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for at, item in _items(data):
        if item.get("kind") == GATEWAY and str(item.get("apiVersion", "")).startswith(f"{GATEWAY_API}/"):
            yield at, item


def _gateway(item: Mapping[str, Any], at: Path, istio_classes: frozenset[str], where: str) -> Target | None:
    """A Gateway with the Service that istiod makes of it; None where it makes none of type LoadBalancer.

    Upstream: istio's pilot/pkg/config/kube/gateway/deploymentcontroller.go, extractServicePorts: the appProtocol of a
    port is the protocol of the first listener with it, in lower case.
    """
    metadata, spec = _mapping(item.get("metadata")), _mapping(item.get("spec"))
    class_name, name = spec.get("gatewayClassName"), metadata.get("name")
    if class_name not in istio_classes or not isinstance(name, str) or not _managed(spec):
        return None
    infrastructure = _mapping(spec.get("infrastructure"))
    annotations = _texts(infrastructure.get("annotations"))
    own = _mapping(metadata.get("annotations"))
    if (annotations.get(_SERVICE_TYPE) or own.get(_SERVICE_TYPE) or LOAD_BALANCER) != LOAD_BALANCER:
        return None
    service = Service(
        name=name,
        namespace=str(metadata.get("namespace") or ""),
        uid=None,
        type=LOAD_BALANCER,
        annotations=annotations,
        ports=tuple(_ports(spec)),
        labels={**_texts(metadata.get("labels")), "gateway.istio.io/managed": "istio.io-gateway-controller"},
    )
    reference = _mapping(infrastructure.get("parametersRef"))
    parameters = str(reference.get("name", "")) if reference.get("kind") == "ConfigMap" else ""
    where = where or str(own.get(_FILENAME, ""))
    return Target(GATEWAY, service, at, GATEWAY_ANNOTATIONS, 0, where, str(class_name), parameters)


def _managed(spec: Mapping[str, Any]) -> bool:
    """Whether istiod makes a Service: not where an address names one that is there. Upstream: IsManaged."""
    addresses = spec.get("addresses")
    if not isinstance(addresses, list) or not addresses:
        return True
    return len(addresses) == 1 and _mapping(addresses[0]).get("type", "IPAddress") == "IPAddress"


def _ports(spec: Mapping[str, Any]) -> Iterator[ServicePort]:
    yield ServicePort(0, "status-port", TCP, _STATUS_PORT, app_protocol="tcp")
    seen: set[int] = set()
    listeners = spec.get("listeners")
    for listener in listeners if isinstance(listeners, list) else ():
        port, protocol = _mapping(listener).get("port"), _mapping(listener).get("protocol")
        if not isinstance(port, int) or isinstance(port, bool) or port in seen or not isinstance(protocol, str):
            continue
        seen.add(port)
        yield ServicePort(len(seen), str(listener.get("name", "")), TCP, port, app_protocol=protocol.lower())


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> dict[str, str]:
    return {key: text for key, text in _mapping(value).items() if isinstance(text, str)}
