"""Read a policy file and check it against its published schema."""

from collections.abc import Mapping
from typing import Any, NoReturn

from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.policy import Policy, policy_of
from kubectl_akslb.manifest.fields import described
from kubectl_akslb.manifest.nodes import Path, Source, path_text
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.profile.check import Text

FILE = "policy.schema.json"
MAX_BYTES = 1024 * 1024
_TYPES: Mapping[str, tuple[type, str]] = {
    "object": (dict, "a mapping"),
    "array": (list, "a list"),
    "string": (str, "a string"),
}


def load_policy(data: bytes, path: str = "") -> Policy:
    """The policy in a file; InputError with the place of what is wrong."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes; more than {MAX_BYTES:,} are not read"
        raise InputError(message, path=path, hint="Give a policy file, as docs/policy.schema.json describes it.")
    try:
        source = Source(data.decode("utf-8-sig"), path, 1)
    except UnicodeDecodeError as error:
        raise InputError("the file is not UTF-8", path=path, line=1, column=1, hint="Save it as UTF-8.") from error
    root, content = parse_data(source)
    _check(content, schema(), Text(root, source), ())
    return policy_of(content if isinstance(content, dict) else {}, path or "the policy")


def schema() -> Mapping[str, Any]:
    """The published JSON Schema of a policy file."""
    import json  # noqa: PLC0415 -- only who gives a policy pays for it
    from pkgutil import get_data  # noqa: PLC0415

    loaded: Mapping[str, Any] = json.loads(get_data(__package__, FILE) or b"{}")
    return loaded


def _check(data: object, wanted: Mapping[str, Any], text: Text, path: Path) -> None:
    """Raise InputError at the first thing that the schema forbids."""
    context = path_text(path) or "the policy"
    kind, name = _TYPES[wanted.get("type", "string")]
    if not isinstance(data, kind):
        found = "empty" if data is None else described(data)
        hint = f"Write {name}." if name != "a string" or data is None else "Put it in quotes."
        text.fail(path, f"{context} must be {name}, but it is {found}", hint)
    words = wanted.get("enum") or ([wanted["const"]] if "const" in wanted else [])
    if words and data not in words:
        message = f"{context} must be {' or '.join(words)}, but it is {described(data)}"
        text.fail(path, message, _nearest(str(data), words))
    if isinstance(data, str) and not data and wanted.get("minLength"):
        text.fail(path, f"{context} is empty", "Give it a value, or remove the line.")
    if isinstance(data, list):
        for index, item in enumerate(data):
            _check(item, wanted["items"], text, (*path, index))
    elif isinstance(data, dict):
        _check_fields(data, wanted, text, path)


def _check_fields(data: Mapping[str, Any], wanted: Mapping[str, Any], text: Text, path: Path) -> None:
    fields: Mapping[str, Any] = wanted.get("properties", {})
    rest = wanted.get("additionalProperties")
    for key, value in data.items():
        if key in fields:
            _check(value, fields[key], text, (*path, key))
        elif isinstance(rest, dict):
            _check_key(key, wanted, text, (*path, key))
            _check(value, rest, text, (*path, key))
        else:
            _unknown(key, tuple(fields), text, path)
    for key in wanted.get("required", ()):
        if key not in data:
            text.fail(path, f"{path_text(path) or 'the policy'} has no {key}", f"Add {key}.")


def _check_key(key: str, wanted: Mapping[str, Any], text: Text, path: Path) -> None:
    import re  # noqa: PLC0415

    pattern = wanted.get("propertyNames", {}).get("pattern")
    if pattern and re.fullmatch(pattern.removeprefix("^").removesuffix("$"), key) is None:
        text.fail(path, f"{key[:80]!r} is no key of an annotation", "Write it like example.com/name.", at_key=True)


def _unknown(key: str, fields: tuple[str, ...], text: Text, path: Path) -> NoReturn:
    context = path_text(path) or "a policy"
    text.fail((*path, key), f"{context} has no field {key[:60]!r}", _nearest(key, fields), at_key=True)


def _nearest(word: str, words: "tuple[str, ...] | list[str]") -> str:
    from difflib import get_close_matches  # noqa: PLC0415 -- only a mistake pays for it

    close = get_close_matches(word, words, n=1)
    return f"Did you mean {close[0]}?" if close else f"Write one of: {', '.join(words)}."
