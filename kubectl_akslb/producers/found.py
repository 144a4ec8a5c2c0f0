"""The Services that are made of the objects of a file, with the places of the files where their fields come from."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.objects import Objects, name_of, text
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.manifest.load import FoundObject, FoundService, Spot, offset_of
from kubectl_akslb.manifest.nodes import DOUBLE, PLAIN, Node, Path, Scalar, Style, get
from kubectl_akslb.manifest.nodes import Mapping as MappingNode
from kubectl_akslb.manifest.nodes import Sequence as SequenceNode
from kubectl_akslb.model.service import Service
from kubectl_akslb.producers.draft import Field, Made, Object
from kubectl_akslb.producers.produce import made_of

Find: TypeAlias = Callable[[Object], FoundObject | None]
"""Where an object stands that another one refers to; None where it stands in no file."""


def found_services(one: FoundObject, objects: Objects, find: Find) -> Iterator[FoundService]:
    """The Services that are made of *one*; those that stand among the *objects* are left out."""
    for made in made_of(one.data, objects):
        try:
            service = _decoded(made.service)
        except InputError:
            continue  # what its controller would be told by the API server
        if _stands(service.name, service.namespace, objects):
            continue
        yield FoundService(
            service=service,
            document=one.document,
            path=one.text.path,
            line=one.text.place(one.node.start).line,
            source="",
            tree=_tree(made.service, made, _common(made.sources), one.node, ()),
            at=one.at,
            text=one.text,
            data=made.service,
            made_of=f"{text(one.data.get('kind'))} {objects.namespace_of(one.data)}/{name_of(one.data)}",
            made_by=made.controller,
            notes=made.notes,
            unknown=made.unknown,
            maker=one,
            spots={path: spot for path, field in made.fields.items() if (spot := _spot(field, one, find)) is not None},
            places=tuple(spot for field in made.places if (spot := _spot(field, one, find)) is not None),
        )


def _spot(field: Field, one: FoundObject, find: Find) -> Spot | None:
    holder = one if field.holder is None else find(field.holder)
    return Spot(holder, field.path, field.most, field.patches) if holder is not None else None


def with_maker(evidence: Evidence, found: FoundService) -> Evidence:
    """The evidence about a Service that a controller makes, with what is assumed and not known of that one."""
    return evidence._replace(made_by_assumption=bool(found.notes), not_known=found.unknown)


def _decoded(service: Mapping[str, Any]) -> Service:
    """The Service; ports that only its controller knows are no fault of the object."""
    spec = service["spec"]
    if spec["ports"]:
        return decode(service)
    return decode({**service, "spec": {**spec, "ports": [{"port": 1}]}})._replace(ports=())


def _stands(name: str, namespace: str, objects: Objects) -> bool:
    """Whether the Service itself is among the objects: then that one counts."""
    return (namespace, name) in objects.once(_standing)


def _standing(objects: Objects) -> frozenset[tuple[str, str]]:
    return frozenset((objects.namespace_of(one), name_of(one)) for one in objects.of("Service"))


def _tree(value: object, made: Made, commons: Mapping[Path, Path | None], node: Node, path: Path) -> Node:
    """*value* of the made Service as a tree whose places are those where it comes from."""
    source = made.sources.get(path)
    known = get(node, *source) if source else None
    start = offset_of(node, source or _above(made.sources, path))
    if isinstance(value, Mapping):
        common = commons.get(path)
        common = _above(made.sources, path) if common is None else common
        own = get(node, *common) if path else None
        if isinstance(own, MappingNode) and [one.text for one, _ in own.entries] == list(value):
            return own  # one mapping of the file is copied as a whole
        start = offset_of(node, source or common)
        entries = tuple(
            (_key(key, made, node, (*path, key)), _tree(item, made, commons, node, (*path, key)))
            for key, item in value.items()
        )
        return MappingNode(entries, start, start, 0)
    if isinstance(value, (list, tuple)):
        if isinstance(known, SequenceNode) and len(known.items) == len(value):
            return SequenceNode(known.items, start, start, 0)
        items = tuple(_tree(item, made, commons, node, (*path, index)) for index, item in enumerate(value))
        return SequenceNode(items, start, start, 0)
    # What is copied from elsewhere was a string there, however it was quoted.
    style: Style = DOUBLE if isinstance(value, str) else PLAIN
    return known if isinstance(known, Scalar) else Scalar(text(value), style, start, start, editable=False)


def _key(key: str, made: Made, node: Node, path: Path) -> Scalar:
    """A key where it stands in the producer."""
    source = made.sources.get(path, ())
    above = get(node, *source[:-1])
    for own, _ in above.entries if isinstance(above, MappingNode) else ():
        if source and own.text == source[-1]:
            return own
    start = offset_of(node, source or _above(made.sources, path))
    return Scalar(key, PLAIN, start, start, editable=False)


def _above(sources: Mapping[Path, Path], path: Path) -> Path:
    """Where the nearest field above comes from."""
    while path:
        if path in sources:
            return sources[path]
        path = path[:-1]
    return ()


def _common(sources: Mapping[Path, Path]) -> Mapping[Path, Path | None]:
    """For each place of the Service where the fields below it come from, None where they have no mapping in common."""
    found: dict[Path, Path | None] = {}
    for field, source in sources.items():
        for end in range(len(field) + 1) if source else ():
            above = field[:end]
            found[above] = source[:-1] if found.get(above, source[:-1]) == source[:-1] else None
    return found
