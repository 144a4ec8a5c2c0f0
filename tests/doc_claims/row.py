"""What a row of a document is that the provider contradicts, and how it is compared with the provider.

A row holds the document's claim in our words, and cases: a Service on a cluster with what the provider makes of it.
Where a document is right, the recordings and tests/derive/ say so.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider.errata import CitedDocument
from tests.given.derived import READ
from tests.given.services import NOW, on


class Case(NamedTuple):
    """A Service on a cluster, and some of what is derived, by the names in READ."""

    service: Service
    cluster: Cluster
    expected: Mapping[str, object]


class Check(NamedTuple):
    """A question about our tables or derivations, and its answer."""

    question: str
    expected: object
    ask: Callable[[], object]


class Row(NamedTuple):
    """A row: its name, the document's *claim*, what holds, and which errata it shows."""

    name: str
    claim: str
    cases: tuple[Case, ...] = ()
    checks: tuple[Check, ...] = ()
    disagrees: tuple[str, ...] = ()


class Table(NamedTuple):
    """What a document says under one of its sections."""

    document: CitedDocument
    name: str
    section: str
    rows: tuple[Row, ...]


def case(given: Service, cluster: Cluster | str = NOW, **expected: object) -> Case:
    """A case; *cluster* may be just a version."""
    return Case(given, on(cluster) if isinstance(cluster, str) else cluster, expected)


def by_version(given: Service, probes: Mapping[str, str], **settings: Any) -> tuple[Case, ...]:
    """One case for each version, with the probe of the first rule as ``Http 30080 /``; ``none`` where it has none."""
    return tuple(case(given, on(version, **settings), probe=probe) for version, probe in probes.items())


def answers(given: Case) -> dict[str, object]:
    """What is derived, as far as the case expects something."""
    derivation = derive(given.service, given.cluster)
    return {name: READ[name](derivation) for name in given.expected}
