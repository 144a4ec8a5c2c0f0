"""The objects in a document's data, whatever list they are in: the one place that knows what a list is."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.manifest.nodes import Path

_LIST = "List"


def objects(data: object, at: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every object in *data* with the path to it; what calls itself a list of any kind is walked, lists in it too.

    An item that names no kind has that of its list, as the API server writes a ``ServiceList``. What has no kind is no
    object.
    """
    if not isinstance(data, dict):
        return
    kind, items = data.get("kind"), data.get("items")
    if not isinstance(kind, str):
        return
    if not kind.endswith(_LIST) or not isinstance(items, list):
        yield at, data
        return
    own = kind.removesuffix(_LIST)
    for index, item in enumerate(items):
        typed = item
        if own and isinstance(item, dict) and item.get("kind") is None:
            typed = {**item, "kind": own, "apiVersion": item.get("apiVersion") or data.get("apiVersion")}
        yield from objects(typed, (*at, "items", index))
