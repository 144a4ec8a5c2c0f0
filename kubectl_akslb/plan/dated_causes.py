"""Which dated behaviours cause a change: the smallest set that does, found by switching them one at a time."""

from collections.abc import Callable, Iterable
from functools import cached_property

from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.provider.behaviours import BEHAVIOURS, Behaviour, behaviours_of

#: Changes without their reasons: kind, name, field, old and new value of each.
ChangesKey = frozenset[tuple[object, ...]]


class Result:
    """What becomes of a Service: *key* are its changes without reasons; what they come to is *weighed* if one asks."""

    def __init__(self, key: ChangesKey, weighed: Callable[[], Effect]) -> None:
        self.key = key
        self._weighed = weighed

    @cached_property
    def effect(self) -> Effect:
        """What the changes come to."""
        return self._weighed()


#: What becomes of a Service under other behaviours than the new release has.
Redo = Callable[[frozenset[str]], Result]


class DatedCause(NamedTuple):
    """A dated behaviour that an upgrade brings, or takes away, and the first release on the way that does.

    *decisive*: without it the effect is less. *behaviour* is the id of the row; of what Kubernetes itself does, whose
    minor the provider has, it is ``kubernetes-1.25``.
    """

    behaviour: str
    summary: str
    release: ProviderVersion
    source: str = ""
    comes: bool = True
    decisive: bool = True


class AskedBehaviours(frozenset[str]):
    """Behaviours that remember which of them were asked for."""

    found: set[str]

    def __contains__(self, behaviour: object) -> bool:
        """Whether it is among them."""
        self.found.add(str(behaviour))
        return super().__contains__(behaviour)


def asking(behaviours: Iterable[str]) -> AskedBehaviours:
    """The behaviours, to be asked."""
    asked = AskedBehaviours(behaviours)
    asked.found = set()
    return asked


class _Unit(NamedTuple):
    """Rows that come and go together, because one takes the place of the other; named by the first."""

    rows: tuple[Behaviour, ...]


def causes_of(old: ProviderVersion, new: ProviderVersion, asked: Iterable[str], redo: Redo) -> tuple[DatedCause, ...]:
    """The smallest set of behaviours that makes the same changes, the decisive ones first, then as they come.

    *asked* are those that the new release looks at; no other one can make a difference as long as they are the same.
    """
    before, after = behaviours_of(old), behaviours_of(new)
    wanted = redo(after)
    units = _units(before, after)
    relevant = set(asked)
    chosen = [unit for unit in units if not relevant.isdisjoint(unit.rows)]
    if redo(_switched(before, chosen)).key != wanted.key:
        chosen = units
        if redo(_switched(before, chosen)).key != wanted.key:
            return ()  # another cause than the behaviours
    for unit in tuple(chosen):
        fewer = [one for one in chosen if one is not unit]
        if redo(_switched(before, fewer)).key == wanted.key:
            chosen = fewer
    found = []
    for unit in chosen:
        without = redo(_switched(before, [one for one in chosen if one is not unit]))
        found.append(_cause(unit.rows[0], old, new, decisive=without.effect.rank > wanted.effect.rank))
    if not any(cause.decisive for cause in found):
        found = [cause._replace(decisive=True) for cause in found]
    return tuple(sorted(found, key=lambda cause: (not cause.decisive, cause.release)))


def _cause(row: Behaviour, old: ProviderVersion, new: ProviderVersion, *, decisive: bool) -> DatedCause:
    release = first_release(row, old, new)
    return DatedCause(str(row), row.summary, release, row.source, row in behaviours_of(new), decisive)


def _units(before: frozenset[str], after: frozenset[str]) -> list[_Unit]:
    """The rows that differ; one that goes where another comes in the same function is one with it."""
    come = [row for row in BEHAVIOURS if row in after and row not in before]
    gone = [row for row in BEHAVIOURS if row in before and row not in after]
    units = []
    for row in come:
        replaced = [one for one in gone if one.source == row.source and not set(one.until).isdisjoint(row.since)]
        gone = [one for one in gone if one not in replaced]
        units.append(_Unit((row, *replaced)))
    return [*units, *(_Unit((row,)) for row in gone)]


def _switched(behaviours: frozenset[str], units: Iterable[_Unit]) -> frozenset[str]:
    return behaviours.symmetric_difference(row for unit in units for row in unit.rows)


def first_release(row: Behaviour, old: ProviderVersion, new: ProviderVersion) -> ProviderVersion:
    """The first release between the two, without the old one, in which a behaviour is as in the new one."""
    dates = row.since if row in behaviours_of(new) else row.until
    lower, upper = min(old, new), max(old, new)
    between = [date for date in dates if lower < date <= upper]
    return min(between, default=new)
