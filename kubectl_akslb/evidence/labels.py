"""Label selectors of objects, by what Kubernetes makes of them; what is no selector matches nothing."""

from collections.abc import Mapping
from typing import Any

from kubectl_akslb.derive.load_balancer import selectors
from kubectl_akslb.evidence.objects import mappings, text, texts


def matches(selector: Mapping[str, Any], labels: Mapping[str, str], *, unreadable: bool = False) -> bool:
    """Whether a selector matches *labels*; one that wants a label not to be there does so where none is known.

    *unreadable* is the answer for one that the API server does not take.
    """
    expressions = [
        {"key": text(one.get("key")), "operator": text(one.get("operator")), "values": _values(one)}
        for one in mappings(selector.get("matchExpressions"))
    ]
    try:
        return selectors.matches(
            {"matchLabels": texts(selector.get("matchLabels")), "matchExpressions": expressions}, labels
        )
    except selectors.SelectorError:
        return unreadable


def _values(expression: Mapping[str, Any]) -> tuple[Any, ...]:
    values = expression.get("values")
    return tuple(values) if isinstance(values, (list, tuple)) else ()


def keys_of(selector: Mapping[str, Any]) -> set[str]:
    """The labels that a selector asks for."""
    asked = (text(one.get("key")) for one in mappings(selector.get("matchExpressions")))
    return {*texts(selector.get("matchLabels")), *asked}
