"""The objects of a document that can get annotations, and their annotations as an edit that is proven."""

from collections.abc import Sequence

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.gateway import FILENAME, OWN_ANNOTATIONS, annotations_path, gateway_service
from kubectl_akslb.evidence.objects import Objects, mapping, text
from kubectl_akslb.manifest.annotate import annotate
from kubectl_akslb.manifest.decode import decode, service_objects
from kubectl_akslb.manifest.load import offset_of, unread
from kubectl_akslb.manifest.nodes import Node, Path, Place, Source, get
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.proof import verify
from kubectl_akslb.manifest.splice import Declined, Edit, apply
from kubectl_akslb.manifest.stream import Document
from kubectl_akslb.model.service import LOAD_BALANCER, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.postrender.stream_objects import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.path.remedy import AnnotationToSet

    Job = tuple["Target", tuple[AnnotationToSet, ...]]

SERVICE = "Service"
GATEWAY = "Gateway"


class Target(NamedTuple):
    """An object that can be annotated.

    *service* is the Service itself, or the one that a Gateway's controller makes of it. *at* is the path to the object
    in its document, *below* the path from there to its annotations.
    """

    kind: str
    service: Service
    at: Path
    below: tuple[str, ...]
    line: int
    source: str
    class_name: str = ""

    @property
    def full_name(self) -> str:
        """``Service shop/web``."""
        return f"{self.kind} {self.service.full_name.lstrip('/')}"


class Read(NamedTuple):
    """A document that was read, and what in it can be annotated.

    *problems* are objects that cannot be decoded, *unread* is what stands behind its one object.
    """

    document: Document
    source: Source
    root: Node
    targets: tuple[Target, ...]
    problems: tuple[InputError, ...]
    unread: tuple[InputError, ...]


class Made(NamedTuple):
    """A new text, which annotations were set on what, and for which objects that was declined, with the reason."""

    text: str
    done: "tuple[Job, ...]"
    declined: tuple[tuple[Target, str], ...]


def read(document: Document, beside: Objects) -> Read:
    """Read a document; InputError where it is no text, or no YAML. *beside* tells which Gateways are Istio's."""
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
            class_name = service.load_balancer_class or ""
            targets.append(Target(SERVICE, service, at, OWN_ANNOTATIONS, locate(at).line, where, class_name))
    for at, item in objects(data):
        made = gateway_service(item, beside) if item["kind"] == GATEWAY else None
        if made is not None:
            where = document.source or text(mapping(mapping(item["metadata"]).get("annotations")).get(FILENAME))
            line, class_name = locate(at).line, text(mapping(item.get("spec")).get("gatewayClassName"))
            targets.append(Target(GATEWAY, made, at, annotations_path(item), line, where, class_name))
    return Read(document, source, root, tuple(targets), tuple(problems), unread(source, "kind"))


def edited(found: Read, jobs: "Sequence[Job]") -> Made:
    """The text with the annotations of all objects, of each all or none; as it was where the proof fails."""
    before = found.source.text
    edits: list[Edit] = []
    done: list[Job] = []
    declined: list[tuple[Target, str]] = []
    for target, annotations in jobs:
        pairs = [(one.key, one.value) for one in annotations]
        made = annotate(before, get(found.root, *target.at) or found.root, pairs, target.below)
        if isinstance(made, Declined):
            declined.append((target, f"cannot be set without touching more than is meant: {made.reason}"))
        else:
            edits += made
            done.append((target, annotations))
    after = apply(before, edits)
    places = [(*target.at, *target.below, one.key) for target, annotations in done for one in annotations]
    others = _others(found.root, after, places) if edits else ""
    if others:
        declined += [(one, f"is left as it is, because the edit would have changed {others}") for one, _ in done]
        return Made(before, (), tuple(declined))
    return Made(after, tuple(done), tuple(declined))


def _others(root: Node, after: str, places: Sequence[Path]) -> str:
    """What else has changed, as a path, or ""; the proof is that the new text is read again."""
    try:
        return next((".".join(map(str, path)) for path in verify(root, after, places)), "")
    except InputError as error:
        return f"what can be read: {error.message}"
