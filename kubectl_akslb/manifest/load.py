"""Find the Services in a file or stream, each with the place where it stands."""

import gc
from collections.abc import Collection, Mapping
from typing import Any

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.decode import decode, service_objects
from kubectl_akslb.manifest.fields import Locator
from kubectl_akslb.manifest.nodes import PLAIN, Node, Path, Place, Scalar, Source, entry, get
from kubectl_akslb.manifest.nodes import Mapping as MappingNode
from kubectl_akslb.manifest.parse import parse, parse_data
from kubectl_akslb.manifest.repeated import Repeated
from kubectl_akslb.manifest.scalars import NULL
from kubectl_akslb.manifest.stream import Document, split
from kubectl_akslb.model.service import LOAD_BALANCER, Service
from kubectl_akslb.named_tuple import NamedTuple

ANNOTATIONS: Path = ("metadata", "annotations")
NO_NODE, NO_TEXT = Scalar("", PLAIN, 0, 0), Source("")
"""Of an object that stands in no file."""
IGNORED = "what stands here is read by nobody: a line ... has ended the document, and no line --- begins another"
IGNORED_HINT = "Write --- in place of the line ..., or take away what stands behind it."
_UNREAD = "what stands from here on is not read: the object in front of it is the whole document"
_UNREAD_HINT = "Write a line --- in front of it, or take it away."

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_KIND = b"Service"
_MANY = 50
"""In a stream of so many documents what they say alike is read once; of fewer the tree is soon asked for."""
_CHECKED = 256 * 1024
"""So many bytes without a Service are looked at for what is no YAML, in all files together."""
_NO_OBJECT = "this is text, and no Kubernetes object"
_NO_OBJECT_HINT = "An object begins with apiVersion: and kind:; look at what wrote this."
_TYPE = LOAD_BALANCER.encode()


class FoundObject(NamedTuple):
    """An object that is no Service: *data* as JSON has it, *node* where it stands in document number *document*."""

    kind: str
    name: str
    namespace: str
    data: Mapping[str, Any]
    document: int
    node: Node
    at: Path
    text: Source

    def place(self, *steps: str | int) -> Place:
        """The place in the file of the value at *steps* below the object, or of what stands nearest to it."""
        return self.text.place(offset_of(self.node, steps))


class Spot(NamedTuple):
    """A place in an object of a file, such as a mapping of annotations; *most* is how many fit in, None: any number.

    *patches*: it is part of a patch, in which null takes away what the controller sets by itself.
    """

    holder: FoundObject
    path: Path
    most: int | None = None
    patches: bool = False


class FoundService(NamedTuple):
    """A Service and where it was found: *node* is its object in the tree of document number *document*, from 0.

    The *tree* below it is None where it is the whole document, and only its data were read so far.

    *path* and *line* are those of the file; *source* is the template named by Helm, or "". *at* is the path to the
    object in its document: empty, or ``("items", 3)`` in a List. *data* is the object as JSON has it.

    A Service that a controller makes stands in no file: it is *made_of* an object (kind and name), which is *maker*,
    *made_by* a controller, and *node* has the places where its fields come from. *spots* is where each of them is
    written, in the maker or in an object that it refers to. *places* are the mappings of annotations that the
    controller copies: those of a later one win. *notes* say what had to be assumed, *unknown* what is not known and may
    change it.
    """

    service: Service
    document: int
    path: str
    line: int
    source: str
    tree: Node | None
    at: Path
    text: Source
    data: Mapping[str, Any] = {}
    made_of: str = ""
    made_by: str = ""
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    maker: FoundObject | None = None
    spots: Mapping[Path, Spot] = {}
    places: tuple[Spot, ...] = ()

    @property
    def node(self) -> Node:
        """The object in its file."""
        if self.tree is not None:
            return self.tree
        if self.text.tree is None:
            self.text.tree = parse(self.text)
        return self.text.tree

    def place(self, *steps: str | int) -> Place:
        """The place in the file of the value at *steps* below the object, or of what stands nearest to it."""
        spot = self.spot(steps)
        if self.maker is None or spot is None or spot.holder is self.maker:
            return self.text.place(offset_of(self.node, steps))
        return spot.holder.place(*spot.path)

    @property
    def itself(self) -> FoundObject:
        """The object that stands in the file: the Service, or the one that it is made of."""
        if self.maker is not None:
            return self.maker
        own = self.service
        return FoundObject("Service", own.name, own.namespace, self.data, self.document, self.node, self.at, self.text)

    @property
    def holders(self) -> tuple[FoundObject, ...]:
        """The objects whose fields it is made of."""
        found = (self.itself, *(one.holder for one in self.places), *(one.holder for one in self.spots.values()))
        return tuple({(one.text.path, one.document, one.at): one for one in found}.values())

    def spot(self, path: Path) -> Spot | None:
        """Where the field of the Service at *path* is written; None where nothing of it stands anywhere."""
        if self.maker is None:
            return Spot(self.itself, path)
        for end in range(len(path), 1, -1):  # what is copied may be a list, of which an item is meant
            found = self.spots.get(path[:end])
            if found is not None:
                return found._replace(path=(*found.path, *path[end:]))
        return None

    def spot_of_annotations(self, *keys: str) -> Spot | None:
        """The mapping to set annotations *keys* in: the one that decides about them, else the first with room."""
        if self.maker is None:
            return Spot(self.itself, ANNOTATIONS)
        deciding = [one for key in keys if (one := self._place_of(key)) is not None]
        if deciding:
            return self.places[max(deciding)]
        return next((one for one in self.places if _has_room(one, keys)), None)

    @property
    def patch_of_annotations(self) -> Spot | None:
        """The mapping in which null takes away an annotation that the controller sets by itself."""
        return next((one for one in reversed(self.places) if one.patches), None)

    def _place_of(self, key: str) -> int | None:
        """Which of the places an annotation comes from."""
        spot = self.spots.get((*ANNOTATIONS, key))
        for index, one in enumerate(self.places):
            if spot is not None and (one.holder is spot.holder and spot.path[:-1] == one.path):
                return index
        return None


def _has_room(spot: Spot, keys: Collection[str]) -> bool:
    if spot.most is None:
        return True
    mapping = get(spot.holder.node, *spot.path)
    there = {key.text for key, _ in mapping.entries} if isinstance(mapping, MappingNode) else set()
    return len(there | {*keys}) <= spot.most


class Loaded(NamedTuple):
    """What a file holds. A document that cannot be read is a problem; the others are there all the same."""

    services: tuple[FoundService, ...]
    problems: tuple[InputError, ...]
    documents: tuple[Document, ...]
    other_services: int
    """Services that were left out because they are not of type LoadBalancer."""
    secrets: int
    """Documents that are Secrets. They are never read."""


def load(data: bytes, path: str = "", *, every_type: bool = False, files: int = 1) -> Loaded:
    """The Services of type LoadBalancer in *data*, or with *every_type* the Services of any type.

    Documents that cannot hold one are not read, but for a part of a file without a Service, to tell where it is no
    YAML: the less, the more *files* there are. Raises InputError where *data* as a whole is no text.
    """
    check_text(data, path)
    documents = split(data)
    collecting = gc.isenabled()
    gc.disable()  # trees of tuples: the collector would walk them over and over, for three times the time
    try:
        return _load(documents, path, every_type=every_type, files=files)
    finally:
        if collecting:
            gc.enable()


def unread(source: Source, *words: str) -> tuple[InputError, ...]:
    """The problem that something stands behind what is read of a document, if one of these *words* is in it."""
    if source.unread is None or not any(source.text.find(word, source.unread) >= 0 for word in words):
        return ()
    at = source.place(source.unread)
    return (at.error(_UNREAD, _UNREAD_HINT),)


def offset_of(node: Node, steps: Path) -> int:
    """The offset of the value at *steps* below *node*: of its key where it is no scalar, else of what is nearest."""
    offset = node.start
    for step in steps:
        pair = entry(node, step) if isinstance(step, str) else None
        below = pair[1] if pair else get(node, step)
        if below is None:
            return offset
        own = isinstance(below, Scalar) and below.end > below.start
        offset = pair[0].start if pair and not own else below.start
        node = below
    return offset


def _load(documents: tuple[Document, ...], path: str, *, every_type: bool, files: int) -> Loaded:
    found: list[FoundService] = []
    repeated = Repeated() if len(documents) > _MANY else None
    problems: list[InputError] = []
    others = secrets = 0
    for document in documents:
        if document.ignored:
            problems += _ignored(document, path)
        elif document.is_secret():
            secrets += 1
        elif document.may_hold(_KIND, *(() if every_type else (_TYPE,))):
            others += _read(document, path, found, problems, repeated, every_type=every_type)
        else:
            others += _KIND in document.kinds
    if not found and not problems:
        problems = _broken(documents, path, files)
    return Loaded(tuple(found), tuple(problems), documents, others, secrets)


def _broken(documents: tuple[Document, ...], path: str, files: int) -> list[InputError]:
    """What is no YAML or no object among documents that hold no Service by their looks: nobody can tell what is meant.

    Only where nothing else was found, and only so much: a library is slow, and other documents are not asked for. Among
    several files, as a hook or ``-R`` gives them, one may be a template of a chart.
    """
    problems: list[InputError] = []
    left = _CHECKED // files
    for document in documents:
        left -= document.end - document.start
        if left < 0:
            break
        if document.ignored or document.is_secret() or (files > 1 and b"{{" in document.raw):
            continue
        source = Source(document.text, path, document.line, quote=b"Secret" not in document.raw)
        try:
            root = parse(source)
        except InputError as error:
            problems.append(error)
            continue
        problems += unread(source, "")
        if isinstance(root, Scalar) and (root.style != PLAIN or root.text not in NULL):
            problems.append(source.place(root.start).error(_NO_OBJECT, _NO_OBJECT_HINT))
    return problems


def _ignored(document: Document, path: str) -> list[InputError]:
    """The problem that nobody is going to read a Service where this one stands."""
    if not document.may_hold(_KIND):
        return []
    return [InputError(IGNORED, path=path, line=document.line, column=1, hint=IGNORED_HINT)]


def _read(
    document: Document,
    path: str,
    found: list[FoundService],
    problems: list[InputError],
    repeated: Repeated | None,
    *,
    every_type: bool,
) -> int:
    """Add the Services and problems of a document; returns how many Services were of another type."""
    others = 0
    # A List can hold a Secret next to a Service: no line of such a document is quoted.
    source = Source(document.text, path, document.line, quote=b"Secret" not in document.raw)
    known = repeated.data(source.text) if repeated is not None else None
    if known is not None and known[0].get("kind") == "Service":
        return _known(document, source, known, found, problems, every_type=every_type)
    try:
        root, data = parse_data(source)
    except InputError as error:
        problems.append(error)
        return 0
    problems += unread(source, "kind")
    for at, item in service_objects(data):
        node = get(root, *at) or root
        try:
            service = decode(item, at, _locator(root, source))
        except InputError as error:
            problems.append(error)
            continue
        if service.type == LOAD_BALANCER or every_type:
            found.append(found_at(document, source, at, item, service, node, node.start))
        else:
            others += 1
    return others


def _known(
    document: Document,
    source: Source,
    known: tuple[dict[str, object], int],
    found: list[FoundService],
    problems: list[InputError],
    *,
    every_type: bool,
) -> int:
    """As ``_read``, for a document whose data are known already: its tree is read where somebody asks for it."""
    data, start = known
    for at, item in service_objects(data):
        try:
            service = decode(item, at, lambda path: source.place(offset_of(parse(source), path)))
        except InputError as error:
            problems.append(error)
            continue
        if service.type != LOAD_BALANCER and not every_type:
            return 1
        found.append(found_at(document, source, at, item, service, None, start))
    return 0


def found_at(
    document: Document,
    source: Source,
    at: Path,
    data: Mapping[str, Any],
    service: Service,
    tree: Node | None,
    start: int,
) -> FoundService:
    """A Service of a document: its object stands at the path *at*, and begins at the offset *start*."""
    return FoundService(
        service=service,
        document=document.index,
        path=source.path,
        line=source.place(start).line,
        source=document.source,
        tree=tree,
        at=at,
        text=source,
        data=data,
    )


def found_in_cluster(service: Service, index: int, data: Mapping[str, Any]) -> FoundService:
    """The Service number *index* of those that the API server stores: it stands in no file."""
    return FoundService(
        service=service, document=index, path="", line=0, source="", tree=NO_NODE, at=(), text=NO_TEXT, data=data
    )


def _locator(root: Node, source: Source) -> Locator:
    return lambda path: source.place(offset_of(root, path))


def check_text(data: bytes, path: str) -> None:
    """InputError where *data* is no text in UTF-8."""
    if data.startswith(_UTF16_MARKS):
        message = "the file is UTF-16, not UTF-8"
        raise InputError(message, path=path, line=1, column=1, hint="Save it as UTF-8.")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        message = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        raise InputError(
            message, path=path, line=line, column=len(before.decode()) + 1, hint="Save the file as UTF-8."
        ) from error
