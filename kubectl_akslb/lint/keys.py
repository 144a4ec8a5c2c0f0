"""Annotation keys: which row of the registry a key means, and whether a version of the provider reads it."""

import re

from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.model.provenance import ANNOTATION, SPEC, Origin
from kubectl_akslb.model.version import ProviderVersion
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
from kubectl_akslb.record import NamedTuple

BOOLEANS = frozenset({TRUE_ANY_CASE, TRUE_EXACT, TRUE_TRIMMED})
_STEP = re.compile(r"[^.\[\]]+")
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


def is_read(row: Annotation, version: ProviderVersion) -> bool:
    """Whether a version of the provider reads the annotation."""
    return _reached(row.since, version, always=True) and not _reached(row.until, version, always=False)


def _reached(text: str, version: ProviderVersion, *, always: bool) -> bool:
    """Whether *version* is at or after the date of its minor, or its minor is later than all that are named."""
    dates = [ProviderVersion.parse(part) for part in text.split()]
    if not dates:
        return always
    for date in dates:
        if (date.major, date.minor) == (version.major, version.minor):
            return version.patch >= date.patch
    return version > dates[-1]


def short(key: str) -> str:
    """A key without the prefix that all of them have."""
    return key.removeprefix(PREFIX)


def steps_of(origin: Origin) -> Path:
    """The way from a Service to where *origin* stands; empty where it does not stand in the Service."""
    if origin.kind == ANNOTATION:
        return ("metadata", "annotations", origin.path)
    if origin.kind == SPEC:
        return tuple(int(step) if step.isdigit() else step for step in _STEP.findall(origin.path))
    return ()
