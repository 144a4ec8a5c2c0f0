"""What mending has changed, as a patch for each object: a merge of mappings, in which None takes a key away.

It is a JSON merge patch, and a strategic one all the same: no fix changes an item of a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kubectl_akslb.fix.fixer import Fixed, FixedFile
from kubectl_akslb.lint.stream import Stream
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import split
from kubectl_akslb.named_tuple import NamedTuple

_SERVICE = "Service"
Json = Mapping[str, Any]


class Patch(NamedTuple):
    """What changes about one object. *namespace* is "" where the manifest names none.

    *others* says that an object of the same kind and name stands in another namespace. *changes* is what to merge into
    the object, *reasons* are what it is for.
    """

    api_version: str
    kind: str
    name: str
    namespace: str
    changes: Json
    reasons: tuple[Fixed, ...] = ()
    others: bool = False

    @property
    def target(self) -> str:
        """``Service shop/web``, as findings name it."""
        return target_of(self.kind, self.namespace, self.name)


def target_of(kind: str, namespace: str, name: str) -> str:
    """``Service shop/web``; an object that names no namespace is in that called default."""
    return f"{kind} {namespace or 'default'}/{name}"


def patches(files: Sequence[FixedFile], fixed: Iterable[Fixed]) -> tuple[Patch, ...]:
    """A patch for every object that has changed, in the order of the files.

    None for an object without a name, which no cluster accepts: the target of such a patch would be every object.
    """
    reasons: dict[tuple[str, str], list[Fixed]] = {}
    for one in fixed:
        reasons.setdefault((one.path, one.target), []).append(one)
    found: list[Patch] = []
    for file in files:
        if file.before == file.after:
            continue
        for old, new in _changed(file):
            patch = _patch(old, new)
            why = reasons.get((file.path, patch.target), ())
            if patch.name and patch.changes and patch._replace(reasons=tuple(why)) not in found:
                found.append(patch._replace(reasons=tuple(why)))
    namespaces = _namespaces(files) if found else {}
    return tuple(one._replace(others=len(namespaces.get((one.kind, one.name), ())) > 1) for one in found)


def _changed(file: FixedFile) -> Iterable[tuple[Json, Json]]:
    """The objects of the documents that have changed, before and after; a fix never makes or removes one."""
    for old, new in zip(split(file.before), split(file.after), strict=True):
        if old.raw != new.raw:
            before = objects(parse_data(Source(old.text))[1])
            after = objects(parse_data(Source(new.text))[1])
            yield from ((one, other) for (_, one), (_, other) in zip(before, after, strict=True) if one != other)


def _patch(old: Json, new: Json) -> Patch:
    given = new.get("metadata")
    metadata = given if isinstance(given, dict) else {}
    return Patch(
        str(new.get("apiVersion") or "v1"),
        str(new.get("kind") or _SERVICE),
        str(metadata.get("name") or ""),
        str(metadata.get("namespace") or ""),
        difference(old, new),
    )


def difference(old: Json, new: Json) -> dict[str, Any]:
    """What to merge into *old* to make it *new*; a mapping that goes is emptied, for others may have added to it."""
    found: dict[str, Any] = {}
    for key in {**old, **new}:
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and (isinstance(after, dict) or after is None):
            below = difference(before, after or {})
            if below:
                found[key] = below
        elif key not in new:
            found[key] = None
        elif repr(before) != repr(after):  # 1, 1.0 and true are equal to Python
            found[key] = after
    return found


def _namespaces(files: Sequence[FixedFile]) -> dict[tuple[str, str], set[str]]:
    """The namespaces in which there is a Service or Gateway of a name."""
    found: dict[tuple[str, str], set[str]] = {}
    for file in files:
        stream = Stream(file.path, file.before)
        for one in (*stream.services, *stream.others):
            found.setdefault((_SERVICE, one.service.name), set()).add(one.service.namespace)
        for each in stream.related:
            found.setdefault((each.kind, each.name), set()).add(each.namespace)
    return found
