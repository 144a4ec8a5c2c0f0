"""What drift comes to: each difference with what becomes of it, and what could not be compared."""

from collections.abc import Iterable
from typing import Any

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.plan.drift.unfinished import Unfinished
from kubectl_akslb.plan.items import ItemKind


class Fate(Enum):
    """What becomes of a difference, what needs somebody's attention first."""

    SURVIVES = "survives"
    REVERTS = "reverts"
    UNFINISHED = "unfinished"
    ORPHANED = "orphaned"
    FOREIGN = "foreign"


class Difference(NamedTuple):
    """One value, or thing, that is not what the Services come to.

    *field* is ARM's name, "" for the thing as a whole. *stands* is None for what is not there, *wanted* for what no
    Service asks for. *service* is the full name of the Service that it belongs to, "" where it belongs to none.
    *upstream* is the provider's function that decides. *goes* is whether the next reconcile removes what is orphaned.
    *unfinished* is why the provider can have left it so, where its fate is that. *id* is ARM's, "" if no file has it.
    """

    fate: Fate
    kind: ItemKind
    path: str
    field: str
    stands: object
    wanted: object
    service: str = ""
    because: Derived[Any] | None = None
    upstream: str = ""
    goes: bool = False
    unfinished: Unfinished | None = None
    id: str = ""


ALL_OF_IT = "all of it"
"""What of a Service is unchecked where nothing of it could be compared."""


class Unchecked(NamedTuple):
    """What could not be compared, and why; *command* names what would tell."""

    what: str
    why: str
    service: str = ""


class Drift(NamedTuple):
    """All differences, and what could not be compared; *services* are those that were looked at."""

    services: tuple[Service, ...]
    differences: tuple[Difference, ...]
    unchecked: tuple[Unchecked, ...] = ()
    cluster: Cluster | None = None
    notices: tuple[str, ...] = ()

    def of(self, fate: Fate) -> list[Difference]:
        """The differences of one fate."""
        return [one for one in self.differences if one.fate is fate]

    @property
    def not_compared(self) -> frozenset[str]:
        """The Services, by their full names, of which nothing could be compared."""
        return frozenset(one.service for one in self.unchecked if one.what == ALL_OF_IT)

    def only(self, full_names: Iterable[str]) -> "Drift":
        """What is about these Services alone."""
        wanted = frozenset(full_names)
        return self._replace(
            services=tuple(one for one in self.services if one.full_name in wanted),
            differences=tuple(one for one in self.differences if one.service in wanted),
            unchecked=tuple(one for one in self.unchecked if not one.service or one.service in wanted),
        )
