"""JSON merge patch, by RFC 7396."""

from typing import Any


def merged(value: Any, patch: Any) -> Any:
    """RFC 7396, JSON merge patch."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for key, item in patch.items():
        if item is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), item)
    return result


def without_empty(value: Any) -> Any:
    """Mappings without keys left out: a patch never takes a whole mapping away."""
    if not isinstance(value, dict):
        return value
    pairs = {key: without_empty(item) for key, item in value.items()}
    return {key: item for key, item in pairs.items() if item != {} and item is not None}
