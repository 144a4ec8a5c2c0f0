"""Which deviations the Services of a cluster show, in either order, and the releases that show each of them.

Where Services share an address, the last of them to be reconciled decides, and that is another one every time. So
``by_service`` looks at what stands after the other order too, and says who has to come last. ``releases`` derives the
same Services with each release.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from kubectl_akslb.azure.deviations import ComparedState, Deviation, DeviationKind, Releases, deviations
from kubectl_akslb.derive.reconcile import Reconciled, derive_all
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider.behaviours import BEHAVIOURS, behaviours_of
from kubectl_akslb.provider.version import NEWEST_PATCH, OLDEST

MOST_DATED = 20
"""For so many deviations the releases that make them are looked for."""
MOST_TOGETHER = 50
"""So many Services on one another's addresses are looked at in another order; more have to be looked at in Azure."""


def by_service(outcome: Reconciled, cluster: Cluster) -> Mapping[str, tuple[Deviation, ...]]:
    """The deviations of each Service, by its full name: those that stand, and those that come with the other order."""
    found = DeviationsByService(outcome, cluster)
    return {name: found.dated(name) for name in found.names}


class DeviationsByService:
    """The deviations that stand, and those that come with the other order, with their releases where somebody asks."""

    def __init__(self, outcome: Reconciled, cluster: Cluster) -> None:
        self._azure, self._cluster = outcome.azure, cluster
        self._numbered: dict[str, list[tuple[int, Deviation]]] = {}
        for number, each in enumerate(_in_either_order(outcome, cluster)):
            self._numbered.setdefault(each.service, []).append((number, each))
        self._dated: dict[str, tuple[Deviation, ...]] = {}

    @property
    def names(self) -> Iterable[str]:
        """The full names of the Services that have any."""
        return self._numbered

    def of(self, name: str) -> tuple[Deviation, ...]:
        """Those of one Service, without the releases that show them."""
        return tuple(each for _, each in self._numbered.get(name, ()))

    def dated(self, name: str) -> tuple[Deviation, ...]:
        """Those of one Service, each with the releases that show it, unless there are too many of them."""
        if name not in self._dated:
            self._dated[name] = tuple(
                each if number >= MOST_DATED or not name else _dated(each, self._azure, self._cluster)
                for number, each in self._numbered.get(name, ())
            )
        return self._dated[name]


def _in_either_order(outcome: Reconciled, cluster: Cluster) -> list[Deviation]:
    """What stands, then what comes to stand where the Services that share an address come in the other order."""
    if serves(cluster):
        return []  # nothing is shared there, and nothing of the security group is asked for
    state = ComparedState(outcome.azure, cluster, _refused(outcome))
    found = list(state.all())
    together = state.together()
    if 1 < len(together) <= MOST_TOGETHER:
        seen = {each.what for each in found}
        again = derive_all(tuple(reversed(together)), cluster)
        place = {service.full_name: index for index, service in enumerate(together)}
        found += [
            each._replace(last=min((each.service, *each.others), key=lambda name: place.get(name, 0)))
            for each in ComparedState(again.azure, cluster, _refused(again)).all()
            if each.what not in seen and each.others and each.kind in _BY_ORDER
        ]
    return found


def _dated(found: Deviation, azure: Azure, cluster: Cluster) -> Deviation:
    """The deviation with its releases, where the Service and the nearest of the others show it by themselves."""
    asked = {found.service, *found.others[:_NEAREST]}
    services = [service for name, service in azure.services.items() if name in asked]
    dates = releases(services, cluster, found)
    return found._replace(releases=dates) if dates.first is not None else found


_NEAREST = 3


_BY_ORDER = frozenset(
    {DeviationKind.NOT_LET_IN, DeviationKind.NOT_KEPT_OUT, DeviationKind.KEPT_OUT_UNASKED, DeviationKind.PROBES_DENIED}
)
"""What the last writer of a security group decides."""


def _refused(outcome: Reconciled) -> list[str]:
    return [each.service.full_name for each in outcome.derivations if each.refusal is not None]


class _Sought(NamedTuple):
    """Services in the order in which they are reconciled, and which deviation of which of them is looked for."""

    services: tuple[Service, ...]
    cluster: Cluster
    kind: DeviationKind
    service: str

    def __hash__(self) -> int:
        """Of what can be hashed: those that differ in more are told apart by comparison."""
        return hash((self.kind, self.service))


def releases(services: Sequence[Service], cluster: Cluster, found: Deviation) -> Releases:
    """Which releases show a deviation of the same kind, when they reconcile these Services in this order."""
    ordered = tuple(reversed(services)) if found.last else tuple(services)
    # Its own release does not matter, so that what is asked on any of them is known on all.
    anywhere = cluster._replace(provider_version=OLDEST, behaviours=frozenset())
    return _releases(_Sought(ordered, anywhere, found.kind, found.service))


@lru_cache(maxsize=64)  # each round of a fix, and a policy beside it, asks the same again
def _releases(sought: _Sought) -> Releases:
    shows = _Shows(sought)
    first = None
    mended: dict[int, ProviderVersion] = {}
    before = False
    for version in _dates():
        shown = shows.at(version)
        first = version if shown and first is None else first
        if shown:
            mended.pop(version.minor, None)
        elif before:
            mended[version.minor] = version
        before = shown
    return Releases(first, tuple(mended.values()))


@cache
def _dates() -> list[ProviderVersion]:
    """The releases in which something changes, and the first and newest of each minor."""
    found = {ProviderVersion(1, minor, patch) for minor, newest in NEWEST_PATCH.items() for patch in (0, newest)}
    for row in BEHAVIOURS:
        found.update(date for date in (*row.since, *row.until) if date.minor in NEWEST_PATCH)
    return sorted(found)


@cache
def _behaviours_at(version: ProviderVersion) -> frozenset[str]:
    return behaviours_of(version)


class _Watched(frozenset[str]):
    """Behaviours of a release that remember which of them were asked for, and the answer."""

    asked: dict[str, bool]

    def __contains__(self, behaviour: object) -> bool:
        found = super().__contains__(behaviour)
        self.asked[str(behaviour)] = found
        return found


class _Shows:
    """Whether releases show a deviation: those that differ in nothing that the derivation asks for are derived once."""

    def __init__(self, sought: _Sought) -> None:
        self._sought = sought
        self._known: list[tuple[dict[str, bool], bool]] = []

    def at(self, version: ProviderVersion) -> bool:
        behaviours = _behaviours_at(version)
        for asked, shown in self._known:
            if all((row in behaviours) == found for row, found in asked.items()):
                return shown
        watched = _Watched(behaviours)
        watched.asked = {}
        cluster = self._sought.cluster._replace(provider_version=version, behaviours=watched)
        result = derive_all(self._sought.services, cluster)
        found = deviations(result.azure, cluster, _refused(result))
        shown = any((each.kind, each.service) == (self._sought.kind, self._sought.service) for each in found)
        self._known.append((watched.asked, shown))
        return shown
