"""What one file holds, as far as rules are concerned: its Services, and what stands beside them.

Services are read at once, everything else when a rule asks for it. Secrets are never read, and of ConfigMaps only those
that have a setting by which a well-known workload may turn a probe away.
"""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.objects import KINDS, Objects
from kubectl_akslb.manifest.decode import decode, service_objects
from kubectl_akslb.manifest.load import FoundObject, FoundService, found_at, load
from kubectl_akslb.manifest.nodes import Mapping as MappingNode
from kubectl_akslb.manifest.nodes import Node, Path, Scalar, Source, get
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.scalars import NotPlainDataError, scalar
from kubectl_akslb.manifest.stream import Document, holds_objects
from kubectl_akslb.model.service import LOAD_BALANCER
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.producers.kinds import PARAMETERS, PRODUCED_BY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.evidence.service_templates import ServiceTemplate

INGRESS = "Ingress"
GATEWAY = "Gateway"
CONFIG_MAP = "ConfigMap"
ANNOTATIONS: Path = ("metadata", "annotations")
#: What every annotation of the provider has in its key, misspelt or not; other documents need not be read for them.
_MARKS = (b"azure-", b"health-probe", b"_no_lb_rule", b"_no_probe_rule")
_READ = frozenset(kind.encode() for kind in (*KINDS, *PRODUCED_BY, *PARAMETERS))
#: What an object that has the fields of such a Service has in its text, whatever its kind.
_EMBEDDED = LOAD_BALANCER.encode()
_NO_PRODUCER = frozenset({"Service", "Secret", "CustomResourceDefinition"})


class OtherObject(NamedTuple):
    """An object that Azure's provider does not act on, with the annotations on it: steps to a mapping, and its keys."""

    kind: str
    name: str
    namespace: str
    annotations: tuple[tuple[Path, tuple[str, ...]], ...]
    document: int
    node: Node
    at: Path
    text: Source
    data: Mapping[str, Any] = {}


class Stream:
    """One file: *services* are its LoadBalancer Services, *others* its Services of other types.

    Where annotations are not quoted, rules see what is meant; the API server does not: to it these are *unread*, and
    *read* is the rest.
    """

    __slots__ = ("_related", "documents", "others", "path", "problems", "read", "secrets", "services", "unread")

    def __init__(self, path: str, data: bytes, *, files: int = 1) -> None:
        loaded = load(data, path, every_type=True, files=files)
        found, self.problems = _with_unquoted(loaded.services, loaded.problems, loaded.documents, path)
        self.path = path
        self.read = tuple(one for one in loaded.services if one.service.type == LOAD_BALANCER)
        self.unread = loaded.problems
        self.documents = loaded.documents
        self.secrets = loaded.secrets
        self.services = tuple(one for one in found if one.service.type == LOAD_BALANCER)
        self.others = tuple(one for one in found if one.service.type != LOAD_BALANCER)
        self._related: tuple[FoundObject, ...] | None = None

    @property
    def related(self) -> tuple[FoundObject, ...]:
        """Workloads, Ingresses, Gateways and settings of the file; those that cannot be read are left out."""
        if self._related is None:
            self._related = tuple(
                one for document in self.documents if _matters(document) for one in _objects(document, self.path)
            )
        return self._related

    @property
    def objects(self) -> Iterator[Mapping[str, Any]]:
        """Everything in the file that can be evidence, as JSON has it: its Services, and what stands beside them."""
        yield from (one.data for one in (*self.services, *self.others))
        yield from (one.data for one in self.related)

    def made(self, objects: Objects, streams: "Sequence[Stream]") -> tuple[FoundService, ...]:
        """The Services that controllers make of objects of the file, beside all *objects* of all *streams*."""
        makers = [one for one in self.related if _may_make(one)]
        if not makers:
            return ()
        from kubectl_akslb.producers.found import found_services

        places: dict[int, FoundObject] = {}

        def find(data: Mapping[str, Any]) -> FoundObject | None:
            if not places:
                places.update((id(one.data), one) for stream in streams for one in stream.related)
            return places.get(id(data))

        return tuple(made for one in makers for made in found_services(one, objects, find))

    @property
    def other_objects(self) -> tuple[OtherObject, ...]:
        """The objects of the file that are no LoadBalancer Service: those with annotations like ours, and Gateways."""
        found = [_other_service(one) for one in self.others]
        marked = {d.index for d in self.documents if any(d.data.find(mark, d.start, d.end) >= 0 for mark in _MARKS)}
        if marked or any(document.may_hold(GATEWAY.encode()) for document in self.documents):
            near = (
                one
                for one in self.related
                if one.kind == GATEWAY or (one.document in marked and one.kind != CONFIG_MAP)
            )
            found += [_other(one) for one in near]
        return tuple(found)


def services_of(streams: Sequence[Stream], objects: Objects) -> list[FoundService]:
    """The LoadBalancer Services of files in their order, those that stand there and those that controllers make."""
    return [
        one
        for stream in streams
        for one in sorted((*stream.read, *stream.made(objects, streams)), key=lambda found: found.document)
    ]


class Manifests(NamedTuple):
    """What files hold: their streams, all of their objects, and the Services that stand there or are made of these."""

    streams: list[Stream]
    objects: Objects
    found: list[FoundService]

    @property
    def unread(self) -> tuple[InputError, ...]:
        """What cannot be read, and may hold a Service."""
        return tuple(problem for stream in self.streams for problem in stream.unread)


def read_manifests(
    inputs: Sequence[tuple[str, bytes]],
    namespace: str = "",
    templates: "Sequence[ServiceTemplate]" = (),
    beside: Iterable[Mapping[str, Any]] = (),
) -> Manifests:
    """The Services in *inputs*, beside other objects.

    What names no namespace goes to *namespace*; *templates* are the fields that hold a Service, as a configuration
    names them. InputError where an input is no text at all.
    """
    streams = [Stream(path, data, files=len(inputs)) for path, data in inputs]
    listed = (*beside, *(one for stream in streams for one in stream.objects))
    objects = Objects(listed, namespace or "default", templates)
    return Manifests(streams, objects, services_of(streams, objects))


def _may_make(one: FoundObject) -> bool:
    """Whether a controller may make a Service of it: kinds that are known say so by a word."""
    word = PRODUCED_BY.get(one.kind)
    return one.kind not in KINDS if word is None else word in one.text.text


def _other_service(one: FoundService) -> OtherObject:
    service, keys = one.service, tuple(one.service.annotations)
    place = ((ANNOTATIONS, keys),)
    return OtherObject("Service", service.name, service.namespace, place, one.document, one.node, one.at, one.text)


def _other(one: FoundObject) -> OtherObject:
    pairs = []
    for steps in (ANNOTATIONS, ("spec", "template", *ANNOTATIONS)):
        node = get(one.node, *steps)
        if isinstance(node, MappingNode):
            pairs.append((steps, tuple(key.text for key, _ in node.entries)))
    return OtherObject(
        kind=one.kind,
        name=one.name,
        namespace=one.namespace,
        annotations=tuple(pairs),
        document=one.document,
        node=one.node,
        at=one.at,
        text=one.text,
        data=one.data,
    )


def _matters(document: Document) -> bool:
    kinds = document.kinds
    if document.ignored or document.is_secret():
        return False
    if holds_objects(kinds, _READ) or (_EMBEDDED in document.raw and not kinds <= {b"Service"}):
        return True
    if CONFIG_MAP.encode() not in kinds:
        return False
    from kubectl_akslb.evidence.gateway import CONFIG_MAP_WORDS
    from kubectl_akslb.evidence.ingress_nginx import SIGNS
    from kubectl_akslb.provider import workload_settings

    return any(sign in document.raw for sign in (*SIGNS, *workload_settings.SIGNS, *CONFIG_MAP_WORDS))


def _objects(document: Document, path: str) -> Iterator[FoundObject]:
    source = Source(document.text, path, document.line, quote=b"Secret" not in document.raw)
    try:
        root, data = parse_data(source)
    except InputError:
        return
    embedded = _EMBEDDED in document.raw
    for at, item in objects(data):
        kind, metadata = item["kind"], item.get("metadata")
        if not isinstance(metadata, dict):
            continue
        if kind.encode() not in _READ and kind != CONFIG_MAP and (kind in _NO_PRODUCER or not embedded):
            continue
        name, namespace = metadata.get("name"), metadata.get("namespace")
        node = get(root, *at) or root
        yield FoundObject(
            kind,
            name if isinstance(name, str) else "",
            namespace if isinstance(namespace, str) else "",
            item,
            document.index,
            node,
            at,
            source,
        )


_UNQUOTED = "metadata.annotations"
"""What a problem names that may be one of quotes only."""


def _with_unquoted(
    found: tuple[FoundService, ...], problems: tuple[InputError, ...], documents: tuple[Document, ...], path: str
) -> tuple[list[FoundService], tuple[InputError, ...]]:
    """Also the Services that cannot be decoded only because annotations are not quoted: that is a finding."""
    said = [problem for problem in problems if _UNQUOTED in problem.message]
    if not said:
        return list(found), problems
    known = {(one.document, one.at) for one in found}
    lines = [document.line for document in documents]
    indexes = {bisect_right(lines, problem.line) - 1 for problem in said}
    mended = [one for index in indexes if index >= 0 for one in _unquoted(documents[index], path, known)]
    spans = sorted((one.text.place(one.node.start)[1:3], one.text.place(one.node.end)[1:3]) for one in mended)
    left = tuple(one for one in problems if _UNQUOTED not in one.message or not _is_within(one, spans))
    return sorted([*found, *mended], key=lambda one: (one.document, one.at)), left


def _is_within(problem: InputError, spans: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> bool:
    """Whether a problem stands in one of these objects, which are in order and have nothing in common."""
    place = problem.line, problem.column
    index = bisect_right(spans, (place, (sys.maxsize, 0))) - 1
    return index >= 0 and place <= spans[index][1]


def _unquoted(document: Document, path: str, known: AbstractSet[tuple[int, Path]]) -> list[FoundService]:
    """The Services of a document that are not *known* and can be decoded once their annotations are quoted."""
    source = Source(document.text, path, document.line, quote=b"Secret" not in document.raw)
    root, data = parse_data(source)
    found = []
    for at, item in service_objects(data):
        node = get(root, *at) or root
        if (document.index, at) in known:
            continue
        try:
            service = decode(_quoted(item, node), at)
        except InputError:
            continue
        found.append(found_at(document, source, at, item, service, node, node.start))
    return found


def _quoted(item: Mapping[str, object], node: Node) -> dict[str, object]:
    """The object with its annotations as the text says them, where they are numbers or booleans."""
    metadata = item.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or not isinstance(annotations, dict):
        return dict(item)
    texts = {key: text for key, text, _ in unquoted(node)}
    merged = {key: texts.get(key, value) for key, value in annotations.items()}
    return {**item, "metadata": {**metadata, "annotations": merged}}


def unquoted(node: Node) -> Iterator[tuple[str, str, Scalar]]:
    """The annotations of an object that YAML reads as a number or a boolean: key, intended text, and the value."""
    annotations = get(node, "metadata", "annotations")
    if not isinstance(annotations, MappingNode):
        return
    for key, value in annotations.entries:
        if not isinstance(value, Scalar):
            continue
        try:
            read = scalar(value)
        except NotPlainDataError:
            continue
        if isinstance(read, bool):
            yield key.text, "true" if read else "false", value
        elif isinstance(read, (int, float)):
            yield key.text, value.text, value
