"""What a plan of many Services comes to: the Services with the places where they stand, and what could not be read."""

from collections.abc import Sequence

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.load import FoundService
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.plan.before import Before
from kubectl_akslb.plan.effect import Effect, at_least
from kubectl_akslb.plan.upgrade import Planned


class Reported(NamedTuple):
    """One Service with its plan. *found* is its place. *before* is what to change first; None where nothing is known.

    *unless* is the first release that does it already, where the patch of the old one is not known.
    """

    found: FoundService
    planned: Planned
    before: Before | None = None
    unless: ProviderVersion | None = None

    @property
    def effect(self) -> Effect:
        """The worst that happens to it."""
        return self.planned.effect


class UpgradePlan(NamedTuple):
    """The plan of an upgrade from *old* to *new*; *connection* are kubectl's flags for the cluster that was read."""

    old: ProviderVersion
    new: ProviderVersion
    services: tuple[Reported, ...]
    notices: tuple[str, ...] = ()
    problems: tuple[InputError, ...] = ()
    connection: tuple[str, ...] = ()

    def fails(self, threshold: Effect | None) -> bool:
        """Whether something as bad as *threshold*, or worse, happens to a Service; None: never."""
        return threshold is not None and any(at_least(one.effect, threshold) for one in self.services)


def ranked(services: Sequence[Reported]) -> list[Reported]:
    """The Services, the worst first, else in their order."""
    return sorted(services, key=lambda one: one.effect.rank)
