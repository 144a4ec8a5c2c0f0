"""A Service as its controller writes it, field by field, each with where it comes from in the object it is made of."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, TypeGuard

from kubectl_akslb.evidence.objects import mapping, text, texts
from kubectl_akslb.named_tuple import NamedTuple

Object: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]

METADATA_ANNOTATIONS: Path = ("metadata", "annotations")


class Made(NamedTuple):
    """The Service that *controller* makes of an object.

    *sources* tells for fields of the Service where they come from in that object; what comes from one that it refers to
    has the place of the reference. *annotations_at* is where the controller takes further annotations from. *notes* say
    what had to be assumed, *unknown* what is not known and may change it.
    """

    service: Object
    sources: Mapping[Path, Path]
    annotations_at: Path
    controller: str
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Draft:
    """A Service that is being written."""

    def __init__(self, name: str, namespace: str) -> None:
        self._metadata: dict[str, Any] = {"name": name, "namespace": namespace, "annotations": {}, "labels": {}}
        self._spec: dict[str, Any] = {"type": "LoadBalancer", "ports": []}
        self._sources: dict[Path, Path] = {}
        self._taken: set[tuple[int, str]] = set()
        self.notes: list[str] = []
        self.unknown: list[str] = []

    def annotate(self, values: object, source: Path, *, each: bool = True) -> None:
        """Annotations from *source*; those that are there already lose. *each* says that the keys stand there, too."""
        for key, value in texts(values).items():
            self._metadata["annotations"][key] = value
            self._sources[(*METADATA_ANNOTATIONS, key)] = (*source, key) if each else source

    def label(self, values: object) -> None:
        """Labels, over those that are there already."""
        self._metadata["labels"].update(texts(values))

    def without(self, *keys: str, containing: tuple[str, ...] = ()) -> None:
        """Take annotations away that the controller does not copy."""
        kept = self._metadata["annotations"]
        for key in [key for key in kept if key in keys or any(part in key for part in containing)]:
            del kept[key]
            del self._sources[(*METADATA_ANNOTATIONS, key)]

    def put(self, field: str, value: object, source: Path = ()) -> None:
        """A field of the spec, unless *value* is None."""
        if value is not None:
            self._spec[field] = value
            self._sources[("spec", field)] = source

    def copy(self, fields: object, source: Path, *names: str, each: bool = True) -> None:
        """Fields of the spec that have the same name there, or the name behind ``=``."""
        for one in names:
            own, _, there = one.partition("=")
            name = there or own
            self.put(own, mapping(fields).get(name), (*source, name) if each else source)

    def port(
        self, name: str, number: object, source: Path, *, protocol: str = "TCP", target: object = None, app: str = ""
    ) -> None:
        """A port; numbers that are none, and those that are there already, are left out."""
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 65536:
            return
        ports = self._spec["ports"]
        if (number, protocol) in self._taken:
            return
        self._taken.add((number, protocol))
        entry: dict[str, Any] = {"name": name, "port": number, "protocol": protocol}
        entry |= {"targetPort": target} if target is not None else {}
        entry |= {"appProtocol": app} if app else {}
        self._sources[("spec", "ports", len(ports))] = source
        ports.append(entry)

    def merge_spec(self, fields: object, source: Path) -> None:
        """Fields that replace those of the spec; ports are merged by their number, as a strategic merge patch does."""
        for field, value in mapping(fields).items():
            if field != "ports":
                self.put(field, value, (*source, field))
                continue
            for index, one in enumerate(value if is_list(value) else ()):
                self._merge_port(mapping(one), (*source, "ports", index))

    def _merge_port(self, given: Object, source: Path) -> None:
        ports = self._spec["ports"]
        for index, one in enumerate(ports):
            if one.get("port") == given.get("port"):
                ports[index] = {**one, **given}
                self._sources[("spec", "ports", index)] = source
                return
        ports.append({"protocol": "TCP", **given})
        self._sources[("spec", "ports", len(ports) - 1)] = source

    @property
    def type(self) -> str:
        """The type, as it stands."""
        return text(self._spec.get("type"))

    def made(self, controller: str, annotations_at: Path) -> list[Made]:
        """The Service, unless it has become one of another type."""
        if self.type != "LoadBalancer":
            return []
        service = {"apiVersion": "v1", "kind": "Service", "metadata": self._metadata, "spec": self._spec}
        return [Made(service, self._sources, annotations_at, controller, tuple(self.notes), tuple(self.unknown))]


def below(value: object, *path: str | int) -> Any:  # noqa: ANN401 - JSON
    """What stands at *path* below an object, or None."""
    for step in path:
        found: Mapping[Any, Any] = mapping(value)
        value = found.get(step)
    return value


def name_of(one: object) -> str:
    """The name of an object."""
    return text(below(one, "metadata", "name"))


def items_of(value: object) -> list[tuple[int, Object]]:
    """The mappings in a list, each with its index there; what is none is passed over."""
    return [(index, one) for index, one in enumerate(value) if isinstance(one, Mapping)] if is_list(value) else []


def is_list(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether *value* is a list: what is searched with ``in`` must be one."""
    return isinstance(value, (list, tuple))


def first(values: Iterable[Object]) -> Object:
    """The first of some objects, or an empty one."""
    return next(iter(values), {})
