"""What stands beside a Service in the stream: read when it is asked for, and only what can matter."""

from collections.abc import Iterator, Sequence

from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.captured import SIGNS, moved_path, obstacle
from kubectl_akslb.lint.gateway import CLASS
from kubectl_akslb.lint.readiness import WORKLOAD_KINDS, Pods, pods_of, selected
from kubectl_akslb.lint.safe_probe import Surroundings
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import Document, content_end, holds_objects
from kubectl_akslb.model.service import Service
from kubectl_akslb.postrender.objects import ISTIO_CONTROLLER, source_of
from kubectl_akslb.provider.workloads import Workload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.postrender.outline import Part

_WORKLOADS = frozenset(kind.encode() for kind in WORKLOAD_KINDS)
_FEW = 8
"""For so many selectors the workloads are searched for their words; for more all workloads are read once."""
_SETTINGS = frozenset({b"ConfigMap", b"Ingress"})
_LOCAL = "externalTrafficPolicy: Local"


class StreamSurroundings(Surroundings):
    """The stream's other documents; *namespace* is where objects go that name none, or ""."""

    def __init__(self, data: bytes, parts: "Sequence[Part]", namespace: str = "") -> None:
        self._data = data
        self._parts = parts
        self._namespace = namespace
        self._documents_of: dict[frozenset[bytes], tuple[Document, ...]] = {}
        self._read: dict[int, object] = {}
        self._pods: dict[tuple[object, ...], tuple[Pods, ...]] = {}
        self._by_label: dict[tuple[str, str], list[Pods]] | None = None
        self._signs: dict[tuple[frozenset[bytes], str], list[object]] = {}

    def pods(self, service: Service) -> tuple[Pods, ...]:
        """The pods that its selector matches."""
        key = (service.namespace, *sorted(service.selector.items()))
        if key not in self._pods and len(self._pods) >= _FEW:
            self._pods[key] = selected(service, self._labelled(service), self._namespace)
        elif key not in self._pods:
            words = [value.encode() for value in service.selector.values()]
            found = [one for document in self._of_kinds(_WORKLOADS, words) for one in pods_of(self._content(document))]
            self._pods[key] = selected(service, found, self._namespace)
        return self._pods[key]

    def _labelled(self, service: Service) -> Sequence[Pods]:
        """The pods that have one of the labels that *service* selects: of many Services none goes through all pods."""
        if self._by_label is None:
            self._by_label = {}
            for document in self._of_kinds(_WORKLOADS):
                for one in pods_of(self._content(document)):
                    for label in one.labels.items():
                        self._by_label.setdefault(label, []).append(one)
        found = (self._by_label.get(label, ()) for label in service.selector.items())
        return min(found, key=len, default=())

    def obstacle(self, workload: Workload, scheme: str) -> str:
        """Why the known path of *workload* may not be answered, or ""."""
        if workload.name not in SIGNS:
            return ""
        found = self._with_signs(_SETTINGS, workload)
        return obstacle(workload.name, scheme, [one for content in found for _, one in objects(content)])

    def moved_path(self, workload: Workload, service: Service) -> str:
        """The path that the workload's own arguments put in place of the known one, or ""."""
        if workload.name not in SIGNS or not self._with_signs(_WORKLOADS, workload):
            return ""
        arguments = (
            text
            for one in self.pods(service)
            for container in one.containers
            for field in ("command", "args")
            for text in _texts(container.get(field))
        )
        return moved_path(workload.name, arguments)

    def is_below_a_prefix(self, path: str) -> bool:
        """Whether a workload names *path* with something in front of it."""
        word = path.encode()
        for document in self._of_kinds(_WORKLOADS, [word]):
            at = self._data.find(word, document.start, document.end)
            while at > 0:
                if self._data[at - 1 : at].isalnum():
                    return True
                at = self._data.find(word, at + 1, document.end)
        return False

    def _with_signs(self, kinds: frozenset[bytes], workload: Workload) -> list[object]:
        """What documents of *kinds* hold that name something that can matter for *workload*."""
        key = (kinds, workload.name)
        if key not in self._signs:
            signs = SIGNS[workload.name]
            self._signs[key] = [
                self._content(document)
                for document in self._of_kinds(kinds)
                if any(self._data.find(sign, document.start, document.end) >= 0 for sign in signs)
            ]
        return self._signs[key]

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


def _texts(value: object) -> Iterator[str]:
    return (one for one in value if isinstance(one, str)) if isinstance(value, list) else iter(())
