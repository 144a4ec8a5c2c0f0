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


KUBERNETES = "Kubernetes"
"""In place of the provider's function: Kubernetes itself is why."""


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


#: Whether some units alone make the same changes.
_Suffices = Callable[[list[_Unit]], bool]


def causes_of(
    old: ProviderVersion,
    new: ProviderVersion,
    asked: Iterable[str],
    redo: Redo,
    likely: Iterable[tuple[DatedCause, ...]] = (),
) -> tuple[DatedCause, ...]:
    """The smallest set of behaviours that makes the same changes, the decisive ones first, then as they come.

    None is decisive where the effect stays without any one of them: several come to it, or something else does.
    *asked* are those that the new release looks at; no other one can make a difference as long as they are the same.
    *likely* are the causes of other Services: they are tried first.
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

    def suffices(units: list[_Unit]) -> bool:
        return redo(_switched(before, units)).key == wanted.key

    smallest = _known(units, suffices, likely) or _smallest(chosen, suffices)
    # Where one of several has to come with another one, none of them is why as long as that other one is.
    needed = [unit for unit in smallest if not suffices([one for one in units if one is not unit])]
    found = []
    for unit in needed or smallest:
        without = redo(_switched(before, [one for one in smallest if one is not unit]))
        found.append(_cause(unit.rows[0], old, new, decisive=without.effect.rank > wanted.effect.rank))
    return tuple(sorted(found, key=lambda cause: (not cause.decisive, cause.release)))


def _known(units: list[_Unit], suffices: _Suffices, likely: Iterable[tuple[DatedCause, ...]]) -> list[_Unit]:
    """The units of causes that are known already, where they suffice and all units without one of them do not.

    Then no other set is the smallest.
    """
    for causes in likely:
        names = {cause.behaviour for cause in causes}
        known = [one for one in units if one.rows[0] in names]
        if known and len(known) == len(names) and suffices(known):
            rests = ([other for other in units if other is not one] for one in known)
            if not any(map(suffices, rests)):
                return known
    return []


def _smallest(units: list[_Unit], suffices: _Suffices) -> list[_Unit]:
    """Those that are needed: halves are left out before single ones, for most rows make no difference.

    No unit of what is found can be left out, also where others need each other.
    """
    kept, blocks = list(units), [list(units)]
    while blocks:
        block = blocks.pop(0)
        fewer = [one for one in kept if one not in block]
        if block and suffices(fewer):
            kept = fewer
        elif len(block) > 1:
            half = len(block) // 2
            blocks[:0] = block[:half], block[half:]
    fewer = next((rest for one in kept if suffices(rest := [other for other in kept if other is not one])), kept)
    return kept if fewer is kept else _smallest(fewer, suffices)


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
