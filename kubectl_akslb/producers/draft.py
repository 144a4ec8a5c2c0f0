"""A Service as its controller writes it, field by field, each with where it comes from."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, TypeGuard

from kubectl_akslb.evidence.objects import mapping, text, texts
from kubectl_akslb.named_tuple import NamedTuple

Object: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]

METADATA_ANNOTATIONS: Path = ("metadata", "annotations")
_PATCH = "$patch"
_NONE: Object = {}


class Field(NamedTuple):
    """A field that a controller copies: at *path* of *holder*, None for the object that the Service is made of.

    What stands in another object is shown at *reference*, where the one that the Service is made of refers to it. A
    mapping of annotations has room for *most*, None for any number. *patches*: it is part of a patch, in which null
    takes away what the controller sets by itself.
    """

    path: Path
    holder: Object | None = None
    reference: Path = ()
    most: int | None = None
    patches: bool = False

    def below(self, *steps: str | int) -> "Field":
        """A field of this one."""
        return self._replace(path=(*self.path, *steps), most=None, patches=False)

    @property
    def shown(self) -> Path:
        """Its place in the object that the Service is made of."""
        return self.path if self.holder is None else self.reference


class Made(NamedTuple):
    """The Service that *controller* makes of an object.

    *sources* tells for fields of the Service where in that object they come from, *fields* where each of them is
    written or could be. *places* are the mappings of annotations that the controller copies: those of a later one win.
    *notes* say what had to be assumed, *unknown* what is not known and may change it.
    """

    service: Object
    sources: Mapping[Path, Path]
    fields: Mapping[Path, Field]
    places: tuple[Field, ...]
    controller: str
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Draft:
    """A Service that is being written."""

    def __init__(self, name: str, namespace: str) -> None:
        self._metadata: dict[str, Any] = {"name": name, "namespace": namespace, "annotations": {}, "labels": {}}
        self._spec: dict[str, Any] = {"type": "LoadBalancer", "ports": []}
        self._sources: dict[Path, Path] = {}
        self._fields: dict[Path, Field] = {}
        self._taken: set[tuple[int, str]] = set()
        self.notes: list[str] = []
        self.unknown: list[str] = []

    def annotate(self, values: object, field: Field) -> None:
        """Copy annotations from *field*; those that are there already lose.

        The API server refuses numbers and booleans: they are taken for the texts that were meant.
        """
        wrong = [key for key, value in mapping(values).items() if isinstance(value, (bool, int, float))]
        if wrong:
            self.unknown.append(f"the API server refuses the object: annotation {wrong[0]} is no text")
        meant = {key: _text_of(value) for key, value in mapping(values).items() if isinstance(key, str)}
        for key, value in texts(meant).items():
            self._annotate(key, value, field.below(key).shown if field.holder is None else field.reference)
            self._fields[(*METADATA_ANNOTATIONS, key)] = field.below(key)

    def preset(self, values: Mapping[str, str], source: Path) -> None:
        """Annotations that the controller adds by itself, because of what stands at *source*."""
        for key, value in values.items():
            self._annotate(key, value, source)

    def _annotate(self, key: str, value: str, source: Path) -> None:
        self._metadata["annotations"][key] = value
        self._sources[(*METADATA_ANNOTATIONS, key)] = source

    def label(self, values: object) -> None:
        """Labels, over those that are there already."""
        self._metadata["labels"].update(texts(values))

    def without(self, *keys: str, containing: tuple[str, ...] = ()) -> None:
        """Take annotations away that the controller does not copy."""
        kept = self._metadata["annotations"]
        for key in [key for key in kept if key in keys or any(part in key for part in containing)]:
            del kept[key]
            del self._sources[(*METADATA_ANNOTATIONS, key)]
            self._fields.pop((*METADATA_ANNOTATIONS, key), None)

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations, as they stand."""
        return dict(self._metadata["annotations"])

    def put(self, name: str, value: object, source: Path = ()) -> None:
        """A field of the spec that the controller sets by itself, because of what stands at *source*."""
        if value is not None:
            self._spec[name] = value
            self._sources[("spec", name)] = source

    def copy(self, values: object, field: Field, *names: str) -> None:
        """Fields of the spec that *field* has under the same name, or under the name behind ``=``."""
        for one in names:
            own, _, there = one.partition("=")
            self.take(own, mapping(values).get(there or own), field.below(there or own))

    def take(self, name: str, value: object, field: Field) -> None:
        """A field of the spec that is copied from *field*, where it has a *value*."""
        self._fields[("spec", name)] = field
        self.put(name, value, field.shown)

    def port(
        self,
        name: str,
        number: object,
        source: Path,
        *,
        protocol: str = "TCP",
        target: object = None,
        app: str = "",
        app_from: Path = (),
    ) -> bool:
        """A port; numbers that are none, and those that are there already, are left out. Returns whether it is new.

        *app_from* is where its appProtocol comes from, where that has a place of its own.
        """
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 65536:
            return False
        ports = self._spec["ports"]
        if (number, protocol) in self._taken:
            return False
        self._taken.add((number, protocol))
        entry: dict[str, Any] = {"name": name, "port": number, "protocol": protocol}
        entry |= {"targetPort": target} if target is not None else {}
        entry |= {"appProtocol": app} if app else {}
        self._sources[("spec", "ports", len(ports))] = source
        if app and app_from:
            self._sources[("spec", "ports", len(ports), "appProtocol")] = app_from
        ports.append(entry)
        return True

    def add_port(self, name: str, number: int, source: Path) -> None:
        """A port that the controller adds, unless the number is there."""
        if all(one.get("port") != number for one in self._spec["ports"]):
            self.port(name, number, source)

    def overlay(self, patch: object, field: Field, *, strategic: bool = True) -> None:
        """Apply a patch of the Service that stands at *field*, as the API server would; null takes a value away."""
        metadata, spec = mapping(mapping(patch).get("metadata")), mapping(mapping(patch).get("spec"))
        annotations = mapping(metadata.get("annotations"))
        if strategic and any(
            isinstance(key, str) and key.startswith("$")
            for fields in (mapping(patch), metadata, annotations, spec)
            for key in fields
        ):
            self.unknown.append("a directive of the patch ($patch and the like) is not applied here")
            return
        gone = self.annotations if metadata.get("annotations", annotations) is None else annotations
        self.without(*(key for key in gone if annotations.get(key) is None))
        self.annotate(annotations, field.below(*METADATA_ANNOTATIONS))
        self.label(metadata.get("labels"))
        if text(metadata.get("name")):
            self.rename(text(metadata.get("name")))
        self.merge_spec(spec, field.below("spec"), strategic=strategic)

    def json_patch(self, steps: object, field: Field) -> bool:
        """Apply the steps of a JSON patch that set or take away a field, an annotation or a label.

        Returns whether that was all of it.
        """
        for index, step in items_of(steps):
            words = [part.replace("~1", "/").replace("~0", "~") for part in text(step.get("path")).split("/")[1:]]
            doing, value, source = step.get("op"), step.get("value"), field.below(index, "value")
            if doing not in ("add", "replace", "remove") or len(words) < 2 or "ports" in words:
                return False
            value = None if doing == "remove" else value
            if words[0] == "spec" and len(words) == 2:
                self.merge_spec({words[1]: value}, source, at=source)
            elif words[:2] == ["metadata", "annotations"] and len(words) == 3:
                self.without(words[2])
                if value is not None:
                    self._annotate(words[2], text(value), source.shown)
                    self._fields[(*METADATA_ANNOTATIONS, words[2])] = source
            elif words[:2] == ["metadata", "annotations"] and len(words) == 2:
                self.without(*self.annotations)
                self.annotate(value, source)
            elif words[:2] != ["metadata", "labels"]:
                return False
        return True

    def merge_spec(self, values: object, field: Field, *, strategic: bool = True, at: Field | None = None) -> None:
        """Fields that replace those of the spec; a strategic merge takes ports for the same by their number.

        *at* is the place of the one field where it does not stand under its name.
        """
        for name, value in mapping(values).items():
            own = at or field.below(name)
            if name == "ports" and is_list(value):
                if not strategic:
                    self._no_ports()
                for index, one in enumerate(value):
                    self._merge_port(mapping(one), own.below(index).shown)
            elif value is None:
                self._spec.pop(name, None)
                self._sources.pop(("spec", name), None)
            elif name != "ports":
                self.take(name, value, own)

    def _no_ports(self) -> None:
        self._spec["ports"] = []
        self._sources = {path: source for path, source in self._sources.items() if path[:2] != ("spec", "ports")}

    def _merge_port(self, given: Object, source: Path) -> None:
        ports = self._spec["ports"]
        gone = given.get(_PATCH) == "delete"
        for index, one in enumerate(ports):
            if one.get("port") == given.get("port"):
                if gone:
                    sources = [self._sources.get(("spec", "ports", each), ()) for each in range(len(ports))]
                    kept = [pair for each, pair in enumerate(zip(ports, sources, strict=True)) if each != index]
                    self._no_ports()
                    self._spec["ports"] = [port for port, _ in kept]
                    self._sources |= {("spec", "ports", each): place for each, (_, place) in enumerate(kept)}
                else:
                    ports[index] = {**one, **given}
                    self._sources[("spec", "ports", index)] = source
                return
        if not gone:
            ports.append({"protocol": "TCP", **given})
            self._sources[("spec", "ports", len(ports) - 1)] = source

    def rename(self, name: str) -> None:
        """Another name for the Service."""
        self._metadata["name"] = name

    @property
    def type(self) -> str:
        """The type, as it stands."""
        return text(self._spec.get("type"))

    def made(self, controller: str, *places: Field) -> list[Made]:
        """The Service, unless it has become one of another type; *places* are the annotations that are copied."""
        if self.type != "LoadBalancer":
            return []
        service = {"apiVersion": "v1", "kind": "Service", "metadata": self._metadata, "spec": self._spec}
        notes, unknown = tuple(dict.fromkeys(self.notes)), tuple(dict.fromkeys(self.unknown))
        return [Made(service, self._sources, self._fields, places, controller, notes, unknown)]


def _text_of(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def below(value: object, *path: str | int) -> Any:  # noqa: ANN401 - JSON
    """What stands at *path* below an object, or None."""
    for step in path:
        found: Mapping[Any, Any] = mapping(value)
        value = found.get(step)
    return value


def items_of(value: object) -> list[tuple[int, Object]]:
    """The mappings in a list, each with its index there; what is none is passed over."""
    return [(index, one) for index, one in enumerate(value) if isinstance(one, Mapping)] if is_list(value) else []


def is_list(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether *value* is a list: what is searched with ``in`` must be one."""
    return isinstance(value, (list, tuple))


def first(values: Iterable[Object]) -> Object:
    """The first of some objects, or an empty one."""
    return next(iter(values), _NONE)
