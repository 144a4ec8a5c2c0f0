"""The results of a KRM function: what was found or done, about which object, in which field and file."""

from collections.abc import Iterator, Sequence
from typing import Any

from kubectl_akslb.fix.fixer import Fixed
from kubectl_akslb.fix.patch import target_of
from kubectl_akslb.lint.diagnostic import ERROR, INFO, Diagnostic
from kubectl_akslb.lint.engine import LintResult
from kubectl_akslb.manifest.nodes import Path, path_text

Json = dict[str, Any]

_PATHS = ("internal.config.kubernetes.io/path", "config.kubernetes.io/path")
_INDEXES = ("internal.config.kubernetes.io/index", "config.kubernetes.io/index")
_MISSING = object()


def of_problems(found: LintResult) -> Iterator[Json]:
    """Items that cannot be read."""
    for one in found.problems:
        yield {"message": f"{one.message}. {one.hint}".replace("..", ".").strip(), "severity": ERROR}


def of_finding(one: Diagnostic, content: Json) -> Json:
    """A finding as a result; its hint is part of the message."""
    item = _value(content, one.at)
    message = f"{one.rule}: {one.message}{f'. {one.hint}' if one.hint else ''}"
    result = {"message": message, "severity": one.severity, **_reference(item), "tags": {"rule": one.rule}}
    if one.steps:
        result["field"] = _field(item, one.steps)
    return result


def of_forbidden(one: Diagnostic, content: Json) -> Json:
    """What a policy does not let pass, about an item of *content*."""
    return {"message": one.message, "severity": ERROR, **_reference(_value(content, one.at))}


def of_fixes(before: Json, after: Json, fixed: Sequence[Fixed]) -> Iterator[Json]:
    """A result for each field that has changed, with the value that it had and the one that it has now."""
    for old, new in zip(_items(before), _items(after), strict=True):
        if old == new:
            continue
        target = _target(new)
        for one in fixed:
            for path in one.fields if one.target == target else ():
                field = {**_field(old, path), **_proposed(new, path)}
                if field.get("currentValue", _MISSING) != field.get("proposedValue", _MISSING):
                    message = f"{one.rule}: fixed: {one.title}"
                    yield {"message": message, "severity": INFO, **_reference(new), "field": field}


def _items(content: Json) -> list[Json]:
    return [one for one in content.get("items") or () if isinstance(one, dict)]


def _target(item: Json) -> str:
    metadata = _metadata(item)
    return target_of(str(item.get("kind")), str(metadata.get("namespace") or ""), str(metadata.get("name")))


def _metadata(item: Any) -> Json:  # noqa: ANN401 - JSON
    metadata = item.get("metadata") if isinstance(item, dict) else None
    return metadata if isinstance(metadata, dict) else {}


def _reference(item: Any) -> Json:  # noqa: ANN401 - JSON
    """Which object a result is about, and in which file it stands, as far as the runner says it."""
    metadata = _metadata(item)
    if not metadata:
        return {}
    reference = {"apiVersion": item.get("apiVersion"), "kind": item.get("kind"), "name": metadata.get("name")}
    if metadata.get("namespace"):
        reference["namespace"] = metadata["namespace"]
    annotations = metadata.get("annotations")
    found = annotations if isinstance(annotations, dict) else {}
    path = next((found[key] for key in _PATHS if key in found), None)
    if path is None:
        return {"resourceRef": reference}
    index = str(next((found[key] for key in _INDEXES if key in found), "0"))
    file = {"path": path, "index": int(index) if index.isdecimal() else 0}
    return {"resourceRef": reference, "file": file}


def _field(item: Json, path: Path) -> Json:
    value = _value(item, path)
    return {"path": path_text(path), **({} if value is _MISSING else {"currentValue": value})}


def _proposed(item: Json, path: Path) -> Json:
    value = _value(item, path)
    return {} if value is _MISSING else {"proposedValue": value}


def _value(item: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    """What stands at *path* of an object, or _MISSING."""
    for step in path:
        known = isinstance(item, dict) and step in item
        if not known and not (isinstance(item, list) and isinstance(step, int) and step < len(item)):
            return _MISSING
        item = item[step]
    return item
