"""Prove that an edited document differs from the original in the intended places only."""

from collections.abc import Iterable

from kubectl_akslb.manifest.nodes import Node, Path, Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.scalars import plain

_EMPTY: tuple[object, ...] = (None, {}, [])


def verify(before: Node, after: str, intended: Iterable[Path]) -> tuple[Path, ...]:
    """The paths that differ between the tree *before* and the text *after*, beyond the *intended* ones.

    Everything at or below an intended path may differ. A mapping on the way to one may come into being or go with it.
    Raises InputError where *after* cannot be read.
    """
    old = _leaves(plain(before))
    new = _leaves(parse_data(Source(after))[1])
    allowed = tuple(intended)
    return tuple(
        path
        for path in {**old, **new}
        if not _same(path, old, new) and not any(_expected(path, old, new, target) for target in allowed)
    )


def _leaves(data: object, path: Path = ()) -> dict[Path, object]:
    """Every value that holds no other, by its path."""
    found: dict[Path, object] = {}
    if isinstance(data, dict) and data:
        for key, value in data.items():
            found.update(_leaves(value, (*path, key)))
    elif isinstance(data, list) and data:
        for index, value in enumerate(data):
            found.update(_leaves(value, (*path, index)))
    else:
        found[path] = data
    return found


def _same(path: Path, old: dict[Path, object], new: dict[Path, object]) -> bool:
    if path not in old or path not in new:
        return False
    return type(old[path]) is type(new[path]) and repr(old[path]) == repr(new[path])


def _expected(path: Path, old: dict[Path, object], new: dict[Path, object], target: Path) -> bool:
    if path[: len(target)] == target:
        return True
    on_the_way = target[: len(path)] == path
    return on_the_way and old.get(path) in _EMPTY and new.get(path) in _EMPTY
