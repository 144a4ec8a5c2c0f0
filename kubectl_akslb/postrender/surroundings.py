"""What stands beside a Service in the stream: read when it is asked for, and only what can matter."""

from collections.abc import Iterator, Sequence

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.evidence import Evidence, Pods, Source
from kubectl_akslb.evidence.gateway import CLASS
from kubectl_akslb.evidence.ingress_nginx import SIGNS
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.evidence.workloads import WORKLOAD_KINDS, pods_of, selected
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import Document, content_end, holds_objects
from kubectl_akslb.model.service import Service
from kubectl_akslb.postrender.objects import ISTIO_CONTROLLER, source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.postrender.outline import Part

_WORKLOADS = frozenset(kind.encode() for kind in WORKLOAD_KINDS)
_CONFIG_MAP = frozenset({b"ConfigMap"})
_INGRESSES = frozenset({b"Ingress", b"IngressClass"})
_FEW = 8
"""For so many selectors the workloads are searched for their words; for more all workloads are read once."""
_LOCAL = "externalTrafficPolicy: Local"


class StreamSurroundings:
    """The stream's other documents; *namespace* is where objects go that name none, or ""."""

    def __init__(self, data: bytes, parts: "Sequence[Part]", namespace: str = "") -> None:
        self._data = data
        self._parts = parts
        self._namespace = namespace
        self._documents_of: dict[frozenset[bytes], tuple[Document, ...]] = {}
        self._read: dict[int, object] = {}
        self._pods: dict[tuple[object, ...], tuple[Pods, ...]] = {}
        self._objects: Objects | None = None
        self._by_label: dict[tuple[str, str], list[Pods]] | None = None

    def evidence(self, service: Service) -> Evidence:
        """What the stream says about the probes of a Service."""
        return Evidence(Source.FILES, self._settings(), self._pods_of(service))

    def _pods_of(self, service: Service) -> tuple[Pods, ...]:
        """The pods that its selector matches."""
        key = (service.namespace, *sorted(service.selector.items()))
        if key not in self._pods and len(self._pods) >= _FEW:
            self._pods[key] = selected(service, self._labelled(service), self._namespace)
        elif key not in self._pods:
            words = [value.encode() for value in service.selector.values()]
            documents = self._of_kinds(_WORKLOADS, words)
            items = (one for document in documents for _, one in objects(self._content(document)))
            found = [pods for one in items for pods in pods_of(one)]
            self._pods[key] = selected(service, found, self._namespace)
        return self._pods[key]

    def _labelled(self, service: Service) -> Sequence[Pods]:
        """The pods that have one of the labels that *service* selects: of many Services none goes through all pods."""
        if self._by_label is None:
            self._by_label = {}
            for document in self._of_kinds(_WORKLOADS):
                for _, item in objects(self._content(document)):
                    for one in pods_of(item):
                        for label in one.labels.items():
                            self._by_label.setdefault(label, []).append(one)
        found = (self._by_label.get(label, ()) for label in service.selector.items())
        return min(found, key=len, default=())

    def _settings(self) -> Objects:
        """The settings and Ingresses that can keep a known workload from answering."""
        if self._objects is None:
            data = self._data
            documents = [
                *(
                    one
                    for one in self._of_kinds(_CONFIG_MAP)
                    if any(data.find(s, one.start, one.end) >= 0 for s in SIGNS)
                ),
                *self._of_kinds(_INGRESSES),
            ]
            self._objects = Objects(one for each in documents for _, one in objects(self._content(each)))
        return self._objects

    def istio_classes(self) -> frozenset[str]:
        """The names of the GatewayClasses for which istiod makes a Service."""
        names = {CLASS}
        for document in self._of_kinds(frozenset({b"GatewayClass"}), [ISTIO_CONTROLLER.encode()]):
            for _, one in objects(self._content(document)):
                spec, metadata = one.get("spec"), one.get("metadata")
                ours = isinstance(spec, dict) and spec.get("controllerName") == ISTIO_CONTROLLER
                if ours and isinstance(metadata, dict):
                    names.add(str(metadata.get("name", "")))
        return frozenset(names)

    def makes_local(self, config_map: str) -> bool:
        """Whether the ConfigMap makes the Service of a Gateway Local."""
        for document in self._of_kinds(frozenset({b"ConfigMap"}), [config_map.encode()]):
            for _, one in objects(self._content(document)):
                metadata, data = one.get("metadata"), one.get("data")
                named = isinstance(metadata, dict) and metadata.get("name") == config_map
                if named and isinstance(data, dict) and _LOCAL in str(data.get("service", "")):
                    return True
        return False

    def _of_kinds(self, kinds: frozenset[bytes], words: Sequence[bytes] = ()) -> Iterator[Document]:
        """The documents that say they hold one of *kinds* or a list, and have all *words*."""
        if kinds not in self._documents_of:
            data = self._data
            found = (
                (Document(index, data, start, content_end(data, start, end), 1), kind)
                for index, (start, end, kind) in enumerate(self._parts)
            )
            self._documents_of[kinds] = tuple(
                one for one, kind in found if holds_objects({kind} if kind else one.kinds, kinds)
            )
        data = self._data
        for document in self._documents_of[kinds]:
            if all(data.find(word, document.start, document.end) >= 0 for word in words):
                yield document

    def _content(self, document: Document) -> object:
        """A document's data, read once; None where it cannot be read, or is a Secret."""
        if document.index not in self._read:
            try:
                self._read[document.index] = None if document.is_secret() else parse_data(source_of(document))[1]
            except InputError:
                self._read[document.index] = None
        return self._read[document.index]
