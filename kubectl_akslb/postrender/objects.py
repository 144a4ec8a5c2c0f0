"""The objects of a stream that can get annotations: Services, and Gateways whose controller makes a Service."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.gateway import FILENAME, annotations_path, istio_service, parameters
from kubectl_akslb.manifest.decode import decode, service_objects
from kubectl_akslb.manifest.load import offset_of
from kubectl_akslb.manifest.nodes import Node, Path, Place, Source
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import Document
from kubectl_akslb.model.service import LOAD_BALANCER, Service

SERVICE = "Service"
GATEWAY = "Gateway"
GATEWAY_API = "gateway.networking.k8s.io"
OBJECT_ANNOTATIONS: Path = ("metadata", "annotations")

ISTIO_CONTROLLER = "istio.io/gateway-controller"


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
            where = document.source or service.annotations.get(FILENAME, "")
            line, class_name = locate(at).line, service.load_balancer_class or ""
            targets.append(Target(SERVICE, service, at, OBJECT_ANNOTATIONS, line, where, class_name))
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


def _gateways(data: object) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for at, item in objects(data):
        if item.get("kind") == GATEWAY and str(item.get("apiVersion", "")).startswith(f"{GATEWAY_API}/"):
            yield at, item


def _gateway(item: Mapping[str, Any], at: Path, istio_classes: frozenset[str], where: str) -> Target | None:
    """A Gateway with the Service that istiod makes of it; None where it makes none of type LoadBalancer."""
    service = istio_service(item, istio_classes)
    if service is None:
        return None
    own = item["metadata"].get("annotations")
    where = where or (str(own.get(FILENAME, "")) if isinstance(own, dict) else "")
    class_name = str(item["spec"]["gatewayClassName"])
    return Target(GATEWAY, service, at, annotations_path(item), 0, where, class_name, parameters(item))
