"""The Services that are made of the objects of a file, with the places of the file where their fields come from."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.objects import Objects, text
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.manifest.load import FoundService, offset_of
from kubectl_akslb.manifest.nodes import DOUBLE, PLAIN, Node, Path, Scalar, Source, Style, get
from kubectl_akslb.manifest.nodes import Mapping as MappingNode
from kubectl_akslb.manifest.nodes import Sequence as SequenceNode
from kubectl_akslb.model.service import Service
from kubectl_akslb.producers.draft import Made, name_of
from kubectl_akslb.producers.produce import made_of


def found_services(
    one: Mapping[str, Any], node: Node, where: Source, document: int, at: Path, objects: Objects
) -> Iterator[FoundService]:
    """The Services that are made of *one*, which is *node* of text *where*; those that stand there are left out."""
    for made in made_of(one, objects):
        try:
            service = _decoded(made.service)
        except InputError:
            continue  # what its controller would be told by the API server
        if _stands(service.name, service.namespace, objects):
            continue
        line = where.place(node.start).line
        kind = f"{text(one.get('kind'))} {objects.namespace_of(one)}/{name_of(one)}"
        tree = _tree(made.service, made, _common(made.sources), node, ())
        yield FoundService(
            service,
            document,
            where.path,
            line,
            "",
            tree,
            at,
            where,
            made.service,
            made_of=kind,
            made_by=made.controller,
            annotations_at=made.annotations_at,
            notes=made.notes,
            unknown=made.unknown,
            maker=node,
            sources=made.sources,
        )


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
