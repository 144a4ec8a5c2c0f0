"""Check data against the published schema, with the place of what is wrong and one hint.

Two ways: *strict* for our own format, where an unknown field is a spelling mistake; and *lenient* for what Azure
writes, where there are fields that we do not know, null stands for absent, and upper and lower case vary between the
releases of az.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

from kubectl_akslb.errors import did_you_mean
from kubectl_akslb.manifest.fields import described
from kubectl_akslb.manifest.nodes import Mapping as MappingNode
from kubectl_akslb.manifest.nodes import Node, Path, Scalar, Sequence, Source, path_text
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.profile.schema import Schema, properties_of, resolved, where

KEYWORDS = frozenset({
    "type", "properties", "required", "additionalProperties", "items", "enum", "const", "pattern", "minLength",
    "minimum", "maximum", "propertyNames", "$ref",
})  # fmt: skip
"""What is understood here; the schema uses nothing else that decides."""

_NAMES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "integer": "a whole number",
    "boolean": "true or false",
}
_TYPES: dict[str, type[Any]] = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


PROFILE = "cluster profile"


class Text(NamedTuple):
    """A document as a tree, the text that it is in, and what it is."""

    root: Node
    source: Source
    subject: str = PROFILE

    def fail(self, path: Path, message: str, hint: str, *, at_key: bool = False) -> NoReturn:
        """Refuse what stands at *path*, or what stands nearest to it."""
        place = self.source.place(self.offset(path, at_key=at_key))
        raise place.error(message, hint)

    def line(self, path: Path) -> int:
        """The line in the file of what stands at *path*."""
        return self.source.place(self.offset(path, at_key=True)).line

    def offset(self, path: Path, *, at_key: bool = False) -> int:
        """The offset of the value at *path*, or of its key; keys are compared without regard to case."""
        node, offset = self.root, self.root.start
        for step in path:
            found = _below(node, step)
            if found is None:
                return offset
            key, node = found
            scalar = isinstance(node, Scalar) and node.end > node.start
            offset = key if at_key or not scalar else node.start
        return offset

    def written(self, path: Path) -> str:
        """The scalar at *path* as it is written, "" where none is."""
        node: Node | None = self.root
        for step in path:
            found = _below(node, step) if node is not None else None
            node = found[1] if found else None
        return node.text if isinstance(node, Scalar) else ""


def _below(node: Node, step: str | int) -> tuple[int, Node] | None:
    """The offset of the key and the value one step below."""
    if isinstance(node, Sequence) and isinstance(step, int):
        return (node.items[step].start, node.items[step]) if step < len(node.items) else None
    if isinstance(node, MappingNode) and isinstance(step, str):
        for exact in (True, False):
            for key, value in node.entries:
                if key.text == step or (not exact and key.text.lower() == step.lower()):
                    return key.start, value
    return None


def conform(data: object, schema: Schema, text: Text, path: Path = (), *, lenient: bool = False) -> Any:  # noqa: ANN401 - JSON
    """*data* as *schema* wants it; raises InputError at the first fault.

    A lenient check leaves out nulls and unknown fields, and gives names and enumerated words the spelling of the
    schema.
    """
    schema = resolved(schema)
    data = _spelled(data, schema) if lenient else data
    _check_type(data, schema, text, path)
    _check_value(data, schema, text, path)
    if isinstance(data, Mapping):
        return _mapping(data, schema, text, path, lenient=lenient)
    if isinstance(data, list) and "items" in schema:
        items = [item for item in enumerate(data) if not (lenient and item[1] is None)]
        return [conform(item, schema["items"], text, (*path, index), lenient=lenient) for index, item in items]
    return data


def _spelled(data: object, schema: Schema) -> object:
    if isinstance(data, str):
        return next((word for word in schema.get("enum", ()) if word.lower() == data.lower()), data)
    return data


def _mapping(data: Mapping[str, Any], schema: Schema, text: Text, path: Path, *, lenient: bool) -> dict[str, Any]:
    properties = properties_of(schema)
    rest = schema.get("additionalProperties", True)
    spellings = {name.lower(): name for name in properties}
    result: dict[str, Any] = {}
    for key, value in data.items():
        name = spellings.get(key.lower(), key) if lenient else key
        if lenient and (value is None or (name != key and name in data)):
            continue
        if name in properties:
            result[name] = conform(value, properties[name], text, (*path, key), lenient=lenient)
        elif isinstance(rest, Mapping):
            _check_key(key, schema, text, path)
            result[name] = conform(value, rest, text, (*path, key), lenient=lenient)
        elif not lenient:
            _unknown(key, schema, text, path)
    for name in schema.get("required", ()):
        if name not in result:
            subject = path_text(path) or f"the {text.subject}"
            const = resolved(properties[name]).get("const")
            text.fail(path, f"{subject} has no {name}", f"Add {name}: {const}" if const else f"Add {name}.")
    return result


def _check_type(data: object, schema: Schema, text: Text, path: Path) -> None:
    wanted = schema.get("type")
    if wanted is None:
        return
    fits = isinstance(data, _TYPES[wanted]) and (wanted == "boolean" or not isinstance(data, bool))
    if fits:
        return
    subject = path_text(path) or f"the {text.subject}"
    hint = f"Write {_NAMES[wanted]}."
    if wanted == "string" and isinstance(data, (bool, int, float)):
        hint = f'Put it in quotes: {path[-1]}: "{text.written(path)}"' if path else hint
        if path and isinstance(path[-1], int):
            hint = f'Put it in quotes: "{text.written(path)}"'
    elif isinstance(data, str) and wanted in ("integer", "boolean"):
        hint = f"Write {_NAMES[wanted]}, without quotes."
    elif data is None:
        hint = "Give it a value, or remove the line."
    found = "empty" if data is None else described(data)
    text.fail(path, f"{subject} must be {_NAMES[wanted]}, but it is {found}", hint)


def _check_value(data: object, schema: Schema, text: Text, path: Path) -> None:
    """The keywords that look at a single value."""
    subject = path_text(path)
    words = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    if words is not None and data not in words:
        shown = ", ".join(_once(words))
        message = f"{subject} must be {'one of ' if len(words) > 1 else ''}{shown}, but it is {described(data)}"
        usual = "Write one of these." if len(words) > 1 else f"Write {words[0]}."
        text.fail(path, message, did_you_mean(str(data), words) or usual)
    if isinstance(data, str):
        if len(data) < schema.get("minLength", 0):
            text.fail(path, f"{subject} is empty", "Give it a value, or remove the line.")
        if "pattern" in schema:
            _check_pattern(data, schema, text, path)
    elif isinstance(data, int) and not isinstance(data, bool):
        low, high = schema.get("minimum", data), schema.get("maximum", data)
        if not low <= data <= high:
            text.fail(
                path, f"{subject} must be from {low:,} to {high:,}, but it is {data:,}", "Write a number in that range."
            )


def _check_pattern(data: str, schema: Schema, text: Text, path: Path) -> None:
    import re

    if re.search(schema["pattern"].replace("$", r"\Z"), data) is None:
        examples = " or ".join(f'"{example}"' for example in schema.get("examples", ()))
        text.fail(path, f"{path_text(path)} cannot be {described(data)}", f"Write it like {examples}.")


def _check_key(key: str, schema: Schema, text: Text, path: Path) -> None:
    import re

    names = schema.get("propertyNames", {})
    if "pattern" in names and re.search(names["pattern"].replace("$", r"\Z"), key) is None:
        message = f"{key[:80]!r} is no key of {path_text(path)}"
        text.fail((*path, key), message, f"Write it like {names['examples'][0]}.", at_key=True)


def _unknown(key: str, schema: Schema, text: Text, path: Path) -> NoReturn:
    names = tuple(properties_of(schema))
    hint = did_you_mean(key, names)
    elsewhere = "" if hint or text.subject != PROFILE else where(key)
    if elsewhere:
        hint = f"It belongs to {elsewhere}."
    where_to = path_text(path) or f"a {text.subject}"
    text.fail(
        (*path, key),
        f"{where_to} has no field {key[:60]!r}",
        hint or f"Fields here: {', '.join(names)}.",
        at_key=True,
    )


def _once(words: "list[str]") -> list[str]:
    """The words without those that differ from an earlier one in case only."""
    return [word for index, word in enumerate(words) if word.lower() not in (w.lower() for w in words[:index])]
