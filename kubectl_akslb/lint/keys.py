"""Annotation keys: which row of the registry a key means, and whether a version of the provider reads it."""

import re

from kubectl_akslb.errors import assert_never
from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.model.provenance import Origin
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider.annotations import ANNOTATIONS as ROWS
from kubectl_akslb.provider.annotations import (
    CONFIGURATIONS,
    PREFIX,
    TRUE_ANY_CASE,
    TRUE_EXACT,
    TRUE_TRIMMED,
    Annotation,
    PortAnnotation,
)

BOOLEANS = frozenset({TRUE_ANY_CASE, TRUE_EXACT, TRUE_TRIMMED})
_STEP = r"[^.\[\]]+"
_PORT_KEY = re.compile(re.escape(PREFIX) + r"port_([1-9][0-9]{0,4})_(.+)")

_PLAIN = {str(row): row for row in ROWS if not isinstance(row, PortAnnotation)}
_PORT = {row.tail.removeprefix("_"): row for row in ROWS if isinstance(row, PortAnnotation)}


class Known(NamedTuple):
    """A key that the provider knows: its row, and the port for an annotation of one port."""

    row: Annotation
    port: int | None


def lookup(key: str) -> Known | None:
    """The row that *key* means, or None for a key that no version of the provider reads."""
    row = _PLAIN.get(key)
    if row is None and key.lower() == CONFIGURATIONS:
        row = CONFIGURATIONS
    if row is not None:
        return Known(row, None)
    found = _PORT_KEY.fullmatch(key)
    of_port = _PORT.get(found[2]) if found else None
    return Known(of_port, int(found[1])) if found and of_port else None


def short(key: str) -> str:
    """A key without the prefix that all of them have."""
    return key.removeprefix(PREFIX)


def steps_of(origin: Origin) -> Path:
    """The way from a Service to where *origin* stands; empty where it does not stand in the Service."""
    match origin.kind:
        case "annotation":
            return ("metadata", "annotations", origin.path)
        case "spec":
            return tuple(int(step) if step.isdigit() else step for step in re.findall(_STEP, origin.path))
        case "cluster" | "default" | "provider":
            return ()
        case _:
            assert_never(origin.kind)
