"""The objects of a document that can get annotations, and their annotations as an edit that is proven."""

from collections.abc import Iterator, Mapping, Sequence

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.gateway import FILENAME
from kubectl_akslb.evidence.objects import mapping, text, texts
from kubectl_akslb.manifest.annotate import annotate
from kubectl_akslb.manifest.decode import decode, service_objects
from kubectl_akslb.manifest.load import FoundObject, FoundService, offset_of, unread
from kubectl_akslb.manifest.nodes import Node, Path, Place, get
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.opened import opened
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.proof import verify
from kubectl_akslb.manifest.splice import Declined, Edit, apply
from kubectl_akslb.manifest.stream import Document
from kubectl_akslb.model.service import LOAD_BALANCER, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.postrender.stream_objects import StreamObjects, found_object, text_of
from kubectl_akslb.producers.kinds import PRODUCED_BY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.path.remedy import AnnotationToSet

    Job = tuple["Target", tuple[AnnotationToSet, ...]]

SERVICE = "Service"
_Group = dict[tuple[tuple[int, Path], Path], list["Job"]]


class Target(NamedTuple):
    """A Service that can be annotated: one that stands in the stream, or one that a controller makes of an object.

    *name*, *namespace*, *labels* and *class_name* are what a policy tells it by; of a made one they are the object's.
    """

    found: FoundService
    line: int
    source: str
    name: str
    namespace: str
    labels: Mapping[str, str]
    class_name: str = ""

    @property
    def service(self) -> Service:
        """The Service."""
        return self.found.service

    @property
    def full_name(self) -> str:
        """``Service shop/web``, or the object that it is made of."""
        kind = self.found.maker.kind if self.found.maker is not None else SERVICE
        return f"{kind} {self.namespace}/{self.name}" if self.namespace else f"{kind} {self.name}"


class ReadDocument(NamedTuple):
    """A document that was read, and what in it can be annotated.

    *problems* are objects that cannot be decoded, *unread* is what stands behind its one object.
    """

    targets: tuple[Target, ...]
    problems: tuple[InputError, ...]
    unread: tuple[InputError, ...]


class Annotated(NamedTuple):
    """New texts by where a document begins, which annotations were set, and for what that was declined, and why."""

    texts: Mapping[int, str]
    done: "tuple[Job, ...]"
    declined: tuple[tuple[Target, str], ...]


def read(document: Document, beside: StreamObjects) -> ReadDocument:
    """Read a document; InputError where it is no text, or no YAML. *beside* is what else is in the stream."""
    source = text_of(document)
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
            line, node = locate(at).line, get(root, *at) or root
            found = FoundService(
                service=service,
                document=document.start,
                path="",
                line=line,
                source=where,
                tree=node,
                at=at,
                text=source,
                data=item,
            )
            class_name = service.load_balancer_class or ""
            targets.append(Target(found, line, where, service.name, service.namespace, service.labels, class_name))
    for at, item in objects(data):
        word = PRODUCED_BY.get(str(item["kind"])) or next(
            (LOAD_BALANCER for one in beside.templates if one.kind == item["kind"]), None
        )
        if word is not None and word in source.text:
            targets += _made_of(found_object(item, document, root, at), document, beside)
    return ReadDocument(tuple(targets), tuple(problems), unread(source, "kind"))


def _made_of(one: FoundObject, document: Document, beside: StreamObjects) -> Iterator[Target]:
    """The Services that are made of an object of the stream."""
    from kubectl_akslb.producers.found import found_services

    metadata = mapping(one.data.get("metadata"))
    where = document.source or text(mapping(metadata.get("annotations")).get(FILENAME))
    for made in found_services(one, beside, beside.find):
        class_name = text(mapping(one.data.get("spec")).get("gatewayClassName"))
        labels = texts(metadata.get("labels"))
        yield Target(made, made.line, where, one.name, one.namespace, labels, class_name)


def edited(jobs: "Sequence[Job]") -> Annotated:
    """The documents with the annotations of all Services, of each all or none; as they were where the proof fails."""
    groups: dict[int, _Group] = {}
    declined: list[tuple[Target, str]] = []
    for target, annotations in jobs:
        spot = target.found.spot_of_annotations(*(one.key for one in annotations))
        if spot is None:
            declined.append(
                (target, "cannot be set: nothing in this stream is copied to the Service that is made of it")
            )
            continue
        holder = spot.holder
        own = groups.setdefault(holder.document, {}).setdefault(((holder.document, holder.at), spot.path), [])
        own.append((target, annotations))
    texts_of: dict[int, str] = {}
    done: list[Job] = []
    for document, group in groups.items():
        after, made, not_made = _of_document(group)
        declined += not_made
        done += made
        if after is not None:
            texts_of[document] = after
    return Annotated(texts_of, tuple(done), tuple(declined))


def _of_document(group: _Group) -> "tuple[str | None, list[Job], list[tuple[Target, str]]]":
    """The new text of a document, None where it stays; what was done in it, and what was not."""
    edits: list[Edit] = []
    places: list[Path] = []
    done: list[Job] = []
    declined: list[tuple[Target, str]] = []
    root: Node | None = None
    before = ""
    for (_, path), own in group.items():
        pairs: dict[str, str] = {}
        for _, annotations in own:
            pairs.update((one.key, one.value) for one in annotations)
        spot = own[0][0].found.spot_of_annotations(*pairs)
        holder = spot.holder if spot is not None else own[0][0].found.itself
        before = holder.text.text
        root = root if root is not None else parse_data(holder.text)[0]
        inside = opened(before, holder.node, path)
        edit = (
            inside
            if isinstance(inside, Declined)
            else annotate(inside.text, inside.root, [*pairs.items()], inside.path)
        )
        if isinstance(inside, Declined) or isinstance(edit, Declined):
            why = edit.reason if isinstance(edit, Declined) else ""
            declined += [(one, f"cannot be set without touching more than is meant: {why}") for one, _ in own]
            continue
        inner = [(*inside.path, key) for key in pairs]
        if inside.changes_more(edit, inner):
            declined += [(one, "is left as it is, because the edit would have changed more") for one, _ in own]
            continue
        edits += inside.edits(edit)
        places += [(*holder.at, *(inside.outer or one)) for one in inner]
        done += own
    if not edits or root is None:
        return None, done if not edits and not declined else [], declined
    after = apply(before, edits)
    others = _others(root, after, places)
    if others:
        why = f"is left as it is, because the edit would have changed {others}"
        return None, [], [*declined, *((one, why) for one, _ in done)]
    return after, done, declined


def _others(root: Node, after: str, places: Sequence[Path]) -> str:
    """What else has changed, as a path, or ""; the proof is that the new text is read again."""
    try:
        return next((".".join(map(str, path)) for path in verify(root, after, places)), "")
    except InputError as error:
        return f"what can be read: {error.message}"
