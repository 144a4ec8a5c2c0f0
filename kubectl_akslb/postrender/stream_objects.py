"""The objects of a stream as evidence: read when they are asked for, and only what can matter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.gateway import LOCAL_SIGN
from kubectl_akslb.evidence.objects import Object, Objects
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import Document, content_end, holds_objects, json_objects
from kubectl_akslb.model.service import Service

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.evidence.evidence import Evidence, Pods
    from kubectl_akslb.evidence.workloads import Workloads
    from kubectl_akslb.postrender.outline import Part

_FEW = 8
"""For so many selectors the workloads are searched for their words; for more all workloads are read once."""


class StreamObjects(Objects):
    """The objects of the stream's documents, by kind; *namespace* is where those go that name none, or ""."""

    __slots__ = ("_contents", "_data", "_documents_of", "_parts", "_pods", "_read", "_workloads")

    def __init__(self, data: bytes, parts: "Sequence[Part]", namespace: str = "") -> None:
        super().__init__((), namespace)
        self._data = data
        self._parts = parts
        self._documents_of: dict[frozenset[str], tuple[Document, ...]] = {}
        self._contents: dict[int, object] = {}
        self._read: set[str] = set()
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
        from kubectl_akslb.evidence.workloads import WORKLOAD_KINDS, Workloads

        key = (service.namespace, *sorted(service.selector.items()))
        if key not in self._pods and len(self._pods) >= _FEW:
            if self._workloads is None:
                self._workloads = Workloads(self._items(WORKLOAD_KINDS), self.namespace)
            self._pods[key] = self._workloads.behind(service)
        elif key not in self._pods:
            words = [value.encode() for value in service.selector.values()]
            found = self._items(WORKLOAD_KINDS, all_of=words) if words else ()
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
                yield from (item for _, item in objects(self._content(one)) if item["kind"] in kinds)

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

    def _content(self, document: Document) -> object:
        """A document's data, read once; None where it cannot be read, or is a Secret."""
        if document.start not in self._contents:
            try:
                self._contents[document.start] = None if document.is_secret() else parse_data(text_of(document))[1]
            except InputError:
                self._contents[document.start] = None
        return self._contents[document.start]


def _settings() -> tuple[bytes, ...]:
    """Bytes of which one is in every ConfigMap that can matter."""
    from kubectl_akslb.evidence.ingress_nginx import SIGNS

    return (*SIGNS, LOCAL_SIGN.encode())


def text_of(document: Document) -> Source:
    """The text of a document; InputError where it is not UTF-8. A List with a Secret in it is never quoted."""
    try:
        text = document.text
    except UnicodeDecodeError as error:
        before = document.data.count(b"\n", document.start, document.start + error.start)
        message, line = f"byte 0x{error.object[error.start]:02x} is not UTF-8", document.line + before
        raise InputError(message, line=line, column=1, hint="Save the template as UTF-8.") from error
    return Source(text, "", document.line, quote=b"Secret" not in document.raw)
