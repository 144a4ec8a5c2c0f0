"""Typed access to an object's fields, as strict as the API server's own decoding."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeAlias

from kubectl_akslb.manifest.nodes import Path, Place, path_text
from kubectl_akslb.named_tuple import NamedTuple

Locator: TypeAlias = Callable[[Path], Place]
"""Where the value at a path, or what stands nearest to it, is in a file."""

_INT32 = range(-(2**31), 2**31)
_NOWHERE = Place("", 0, 0, "")


def nowhere(path: Path) -> Place:  # noqa: ARG001 - a Locator
    """The locator of data that came from no file."""
    return _NOWHERE


class Fields(NamedTuple):
    """A mapping of an object, the path to it and the way to find it in its file.

    A null is an absent field, as in Go. A value of the wrong type raises InputError.
    """

    data: Mapping[str, Any]
    path: Path
    locate: Locator

    def fail(self, steps: Path, message: str, hint: str) -> NoReturn:
        """Refuse what stands at *steps* below this mapping."""
        path = (*self.path, *steps)
        place = self.locate(path)
        raise place.error(f"{path_text(path)} {message}", hint)

    def text(self, key: str) -> str:
        """A string, "" where absent."""
        value = self.data.get(key)
        return value if isinstance(value, str) else self._no_text((key,), value)

    def optional_text(self, key: str) -> str | None:
        """A string, None where absent."""
        return None if self.data.get(key) is None else self.text(key)

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """A string that is one of *allowed*, "" where absent."""
        value = self.text(key)
        if value and value not in allowed:
            self.fail((key,), f"must be one of {', '.join(allowed)}, but it is {value!r}", _spelling(value, allowed))
        return value

    def integer(self, key: str) -> int | None:
        """A 32-bit integer, None where absent."""
        value = self.data.get(key)
        if value is None or (type(value) is int and value in _INT32):
            return value
        if isinstance(value, float) and value.is_integer() and int(value) in _INT32:
            return int(value)
        hint = f"Remove the quotes: {key}: {value}" if isinstance(value, str) else "Write a whole number."
        return self.fail((key,), f"must be a number, but it is {described(value)}", hint)

    def boolean(self, key: str) -> bool | None:
        """A boolean, None where absent."""
        value = self.data.get(key)
        if value is None or isinstance(value, bool):
            return value
        return self.fail(
            (key,), f"must be true or false, but it is {described(value)}", "Write true or false, unquoted."
        )

    def mapping(self, key: str) -> "Fields":
        """The mapping under *key*, empty where absent."""
        value = self.data.get(key)
        if value is None:
            value = {}
        elif not isinstance(value, (dict, Mapping)):  # dict is told at once, and nearly all are
            self.fail(
                (key,), f"must be a mapping, but it is {described(value)}", f"Write keys and values below {key}:."
            )
        return Fields(value, (*self.path, key), self.locate)

    def mappings(self, key: str) -> "tuple[Fields, ...]":
        """The list of mappings under *key*; a null in it is an empty mapping."""
        found = []
        for index, item in enumerate(self._list(key, "mappings")):
            if item is not None and not isinstance(item, (dict, Mapping)):
                self.fail((key, index), f"must be a mapping, but it is {described(item)}", "Write keys and values.")
            found.append(Fields(item or {}, (*self.path, key, index), self.locate))
        return tuple(found)

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of strings under *key*; a null in it is ""."""
        found = []
        for index, item in enumerate(self._list(key, "strings")):
            found.append(item if isinstance(item, str) else self._no_text((key, index), item))
        return tuple(found)

    def text_map(self, key: str) -> dict[str, str]:
        """The mapping of strings to strings under *key*; a null in it is "", as the API server stores it."""
        data = self.mapping(key).data
        return {name: v if isinstance(v, str) else self._no_text((key, name), v) for name, v in data.items()}

    def _list(self, key: str, of: str) -> list[Any]:
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(
                (key,), f"must be a list of {of}, but it is {described(value)}", f'Begin each entry of {key} with "- ".'
            )
        return value

    def _no_text(self, steps: Path, value: object) -> str:
        if value is None:
            return ""
        hint = "Put the value in quotes."
        if isinstance(value, (list, Mapping)):
            hint = "Write a single value; a longer text can follow behind a | on the lines below."
        return self.fail(steps, f"must be a string, but it is {described(value)}", hint)


def described(value: object) -> str:
    """A value as an error names it: ``the string '80'``, ``the boolean true``, ``a list``."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return f"the boolean {'true' if value else 'false'}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the string {value[:60]!r}" if value else "an empty string"
    return "a list" if isinstance(value, list) else "a mapping"


def _spelling(value: str, allowed: tuple[str, ...]) -> str:
    for word in allowed:
        if word.lower() == value.lower():
            return f"Write {word}: upper and lower case count."
    return f"Write {' or '.join(allowed)}."
