"""What a person reads where our answer differs from the provider's."""

import json
from typing import Any

from conformance import vectors
from conformance.outcome import differences
from conformance.vectors import Vector
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import BEHAVIOURS, behaviours_of

Json = dict[str, Any]

_PLACES = 4
_LENGTH = 240


def explained(vector: Vector, version: str, ours: Json) -> str:
    """The case, the release, where the answers differ, and which behaviours come or go around this release."""
    theirs = vector.outcome_of(version) or {}
    places = list(differences(theirs, ours))
    lines = [f"{vector.id} in {version}"]
    for path, said, answered in places[:_PLACES]:
        lines += [f"  {path}", f"    provider {_short(said)}", f"    ours     {_short(answered)}"]
    if len(places) > _PLACES:
        lines.append(f"  and {len(places) - _PLACES} more places")
    return "\n".join((*lines, *_related(vector, version)))


def _short(value: Any) -> str:
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}…"


def _related(vector: Vector, version: str) -> list[str]:
    """The recorded releases before and after, whether the provider did the same there, and which rows lie between."""
    recorded = vectors.versions_of({vector.id: vector})
    place = recorded.index(version)
    lines = []
    for other in (*recorded[max(place - 1, 0) : place], *recorded[place + 1 : place + 2]):
        same = "the same" if vector.outcome_of(other) == vector.outcome_of(version) else "something else"
        between = _rows(other) ^ _rows(version)
        rows = ", ".join(row for row in BEHAVIOURS if row in between) or "no behaviour"
        lines.append(f"  {other} did {same}; between them: {rows}")
    return lines


def _rows(version: str) -> frozenset[str]:
    return behaviours_of(ProviderVersion.parse(version))
