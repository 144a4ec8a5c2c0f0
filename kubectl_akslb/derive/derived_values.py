"""Which values of a derivation differ from those of another: the proof behind a SAFE fix."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.provenance import ANNOTATION, Derived

Path = tuple[str, ...]

#: Who is in a rule, beside what ARM gets; and texts that explain, beside what is.
_COMPARED = ("ignored", "load_balancer", "public_ips", "security_rules", "refusal", "events", "private_link_services")


def values(derivation: Derivation) -> dict[Path, object]:
    """Every value of a derivation by its path; records in a list stand under their name."""
    found: dict[Path, object] = {}
    for field in _COMPARED:
        found.update(_values(getattr(derivation, field), (field,)))
    return found


def differences(before: Derivation, after: Derivation) -> tuple[Path, ...]:
    """The paths of the values that are different, or are there in one of the two only."""
    found: dict[Path, None] = {}
    for field in _COMPARED:
        for path in _differing(getattr(before, field), getattr(after, field), (field,)):
            found[path] = None
    return tuple(found)


def unintended(changed: Iterable[Path], intended: Iterable[str]) -> tuple[Path, ...]:
    """The *changed* paths that lie at or below none of the *intended* ones."""
    patterns = [pattern.split(".") for pattern in intended]
    return tuple(path for path in changed if not any(_below(path, pattern) for pattern in patterns))


def origins(derivation: Derivation) -> frozenset[str]:
    """The annotations that decided a value of the derivation."""
    return frozenset(
        derived.origin.path
        for derived in _derived(derivation)
        if derived.origin.kind == ANNOTATION and derived.origin.raw is not None
    )


def considered(derivation: Derivation) -> frozenset[str]:
    """The annotations that were looked at for a value of the derivation, and are there."""
    return frozenset(
        origin.path
        for derived in _derived(derivation)
        for origin in derived.considered
        if origin.kind == ANNOTATION and origin.raw is not None
    )


def winners(derivation: Derivation, key: str) -> tuple[str, ...]:
    """What decided the values for which the annotation *key* was looked at, in words."""
    found: dict[str, None] = {}
    for derived in _derived(derivation):
        if derived.origin.path != key and any(
            origin.path == key and origin.raw is not None for origin in derived.considered
        ):
            origin = derived.origin
            text = f"{origin.path.rpartition('/')[2]}" + (f" {origin.raw!r}" if origin.raw is not None else "")
            found[text] = None
    return tuple(found)


def _below(path: Path, pattern: list[str]) -> bool:
    return len(path) >= len(pattern) and all(wanted in ("*", step) for step, wanted in zip(path, pattern, strict=False))


def _values(value: Any, path: Path) -> Iterator[tuple[Path, object]]:  # noqa: ANN401 - any record
    if isinstance(value, Derived):
        yield path, value.value
    elif hasattr(value, "_fields"):
        for field in value._fields:
            yield from _values(getattr(value, field), (*path, field))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _values(item, (*path, str(key)))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _values(item, (*path, _step(index, item)))
    else:
        yield path, value


def _differing(old: Any, new: Any, path: Path) -> Iterable[Path]:  # noqa: ANN401 - any record
    """The paths below which two values differ. They mostly do not: what is equal is passed over without its paths."""
    if old is new:
        return ()
    if isinstance(old, Derived) and isinstance(new, Derived):
        return () if old.value == new.value else (path,)
    if hasattr(old, "_fields") and type(old) is type(new):
        pairs = [(field, a, b) for field, a, b in zip(old._fields, old, new, strict=True) if a is not b]
        return [found for field, a, b in pairs for found in _differing(a, b, (*path, field))]
    if isinstance(old, tuple) and isinstance(new, tuple) and not hasattr(old, "_fields") and len(old) == len(new):
        steps = [_step(index, item) for index, item in enumerate(old)]
        if len({*steps}) == len(steps) and steps == [_step(index, item) for index, item in enumerate(new)]:
            items = zip(steps, old, new, strict=True)
            return [found for step, a, b in items for found in _differing(a, b, (*path, step))]
    before, after = dict(_values(old, path)), dict(_values(new, path))
    missing = object()
    return [one for one in {**before, **after} if before.get(one, missing) != after.get(one, missing)]


def _step(index: int, item: object) -> str:
    """What an item of a list is called in a path: its name where it has one."""
    name = getattr(item, "name", None)
    return str(name.value) if isinstance(name, Derived) else str(index)


def _derived(value: Any) -> Iterator[Derived[Any]]:  # noqa: ANN401 - any record
    if isinstance(value, Derived):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _derived(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _derived(item)
