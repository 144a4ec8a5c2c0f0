"""The objects of a stream as evidence: read when they are asked for, and only what can matter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.objects import Object, Objects, mapping, text
from kubectl_akslb.manifest.nodes import Path, Source, get
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import Document, content_end, holds_objects, json_objects
from kubectl_akslb.model.service import Service
from kubectl_akslb.producers.kinds import PARAMETERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.evidence.evidence import Evidence, Pods
    from kubectl_akslb.evidence.service_templates import ServiceTemplate
    from kubectl_akslb.evidence.workloads import Workloads
    from kubectl_akslb.manifest.load import FoundObject
    from kubectl_akslb.manifest.nodes import Node
    from kubectl_akslb.postrender.outline import Part

_REFERRED = frozenset({*PARAMETERS, "ConfigMap"})
_FEW = 8
"""For so many selectors the workloads are searched for their words; for more all workloads are read once."""


class StreamObjects(Objects):
    """The objects of the stream's documents, by kind; *namespace* is where those go that name none, or ""."""

    __slots__ = (
        "_contents",
        "_data",
        "_documents_of",
        "_parts",
        "_places",
        "_pods",
        "_read",
        "_read_documents",
        "_workloads",
    )

    def __init__(
        self, data: bytes, parts: "Sequence[Part]", namespace: str = "", templates: "Sequence[ServiceTemplate]" = ()
    ) -> None:
        super().__init__((), namespace, templates)
        self._data = data
        self._parts = parts
        self._documents_of: dict[frozenset[str], tuple[Document, ...]] = {}
        self._contents: dict[int, tuple[Node | None, object]] = {}
        self._places: dict[int, FoundObject] = {}
        self._read: set[str] = set()
        self._read_documents: dict[int, Document] = {}
        self._pods: dict[tuple[object, ...], tuple[Pods, ...]] = {}
        self._workloads: Workloads | None = None

    def evidence(self, service: Service) -> "Evidence":
        """What the stream says about the probes of a Service."""
        from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource

        return Evidence(EvidenceSource.FILES, self, self._pods_of(service))

    def of(self, *kinds: str) -> tuple[Object, ...]:
        """All objects of these kinds; of ConfigMaps only those that have a setting which matters."""
        for kind in kinds:
            if kind not in self._read:
                self._read.add(kind)
                words = _settings() if kind == "ConfigMap" else ()
                self._by_kind[kind] = list(self._items(frozenset({kind}), any_of=words))
        return super().of(*kinds)

    def _pods_of(self, service: Service) -> "tuple[Pods, ...]":
        """The pods that its selector matches."""
        from kubectl_akslb.evidence.evidence import ORDINAL_LABELS
        from kubectl_akslb.evidence.workloads import WORKLOAD_KINDS, Workloads

        key = (service.namespace, *sorted(service.selector.items()))
        if key not in self._pods and len(self._pods) >= _FEW:
            if self._workloads is None:
                self._workloads = Workloads(self._items(WORKLOAD_KINDS), self.namespace)
            self._pods[key] = self._workloads.behind(service)
        elif key not in self._pods:
            words = [value.encode() for key, value in service.selector.items() if key not in ORDINAL_LABELS]
            found = self._items(WORKLOAD_KINDS, all_of=words) if service.selector else ()
            self._pods[key] = Workloads(found, self.namespace).behind(service)
        return self._pods[key]

    def _items(
        self, kinds: frozenset[str], *, all_of: Sequence[bytes] = (), any_of: Sequence[bytes] = ()
    ) -> Iterator[Mapping[str, Any]]:
        """The objects of *kinds* in documents that have all and any of these words."""
        find = self._data.find
        for one in self._documents(kinds):
            if all(find(word, one.start, one.end) >= 0 for word in all_of) and (
                not any_of or any(find(word, one.start, one.end) >= 0 for word in any_of)
            ):
                root, content = self._content(one)
                for at, item in objects(content):
                    if item["kind"] in kinds:
                        if root is not None and item["kind"] in _REFERRED:
                            self._places[id(item)] = found_object(item, one, root, at)
                        yield item

    def _documents(self, kinds: frozenset[str]) -> tuple[Document, ...]:
        """The documents that say they hold one of *kinds* or a list."""
        if kinds not in self._documents_of:
            data, wanted = self._data, frozenset(kind.encode() for kind in kinds)
            found = (
                (Document(index, data, *span, 1), kind)
                for index, (start, end, kind) in enumerate(self._parts)
                for span in json_objects(data, start, content_end(data, start, end))
            )
            self._documents_of[kinds] = tuple(
                one for one, kind in found if holds_objects({kind} if kind else one.kinds, wanted)
            )
        return self._documents_of[kinds]

    def document(self, start: int) -> Document:
        """The document that begins there, of those that were read."""
        return self._read_documents[start]

    def find(self, one: Object) -> "FoundObject | None":
        """Where an object stands that another one refers to."""
        return self._places.get(id(one))

    def _content(self, document: Document) -> "tuple[Node | None, object]":
        """A document's tree and data, read once; None where it cannot be read, or is a Secret."""
        if document.start not in self._contents:
            try:
                read = (None, None) if document.is_secret() else parse_data(text_of(document))
            except InputError:
                read = (None, None)
            self._contents[document.start] = read
            self._read_documents[document.start] = document
        return self._contents[document.start]


def found_object(one: Object, document: Document, root: "Node", at: Path) -> "FoundObject":
    """An object with its place; documents are told apart by where they begin."""
    from kubectl_akslb.manifest.load import FoundObject

    metadata = mapping(one.get("metadata"))
    name, namespace = text(metadata.get("name")), text(metadata.get("namespace"))
    node = get(root, *at) or root
    return FoundObject(str(one.get("kind")), name, namespace, one, document.start, node, at, text_of(document))


def _settings() -> tuple[bytes, ...]:
    """Bytes of which one is in every ConfigMap that can matter."""
    from kubectl_akslb.evidence.gateway import CONFIG_MAP_WORDS
    from kubectl_akslb.evidence.ingress_nginx import SIGNS
    from kubectl_akslb.provider import workload_settings

    return (*SIGNS, *workload_settings.SIGNS, *CONFIG_MAP_WORDS)


def text_of(document: Document) -> Source:
    """The text of a document; InputError where it is not UTF-8. A List with a Secret in it is never quoted."""
    try:
        found = document.text
    except UnicodeDecodeError as error:
        before = document.data.count(b"\n", document.start, document.start + error.start)
        message, line = f"byte 0x{error.object[error.start]:02x} is not UTF-8", document.line + before
        raise InputError(message, line=line, column=1, hint="Save the template as UTF-8.") from error
    return Source(found, "", document.line, quote=b"Secret" not in document.raw)
