"""No cause of a change makes no difference: without it, the changes of the recorded upgrades are others."""

from typing import Any

import pytest

from conformance.upgrades import Upgrade, nodes_after, standing
from kubectl_akslb.derive.reconcile import ignored
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.plan.upgrade import Planned, upgrade
from kubectl_akslb.provider.behaviours import BEHAVIOURS, behaviours_of
from tests.given.objects import ALONE
from tests.plan.known import UPGRADED
from tests.recorded.known import CASES
from tests.recorded.play import cluster_of

Json = dict[str, Any]
#: Every so manieth recorded case of a pair of releases, and of the slow tests; that of 1 takes ten minutes.
EVERY = (30, pytest.param(10, marks=pytest.mark.slow))
#: Rows that come where another ends in the same function: the two are one cause.
PAIRED = frozenset(
    str(row)
    for row in BEHAVIOURS
    for other in BEHAVIOURS
    if other is not row and other.source == row.source and not set(other.until).isdisjoint(row.since)
)


def _planned(case: Json, releases: Upgrade, behaviours: frozenset[str]) -> tuple[Planned, ...]:
    services = [one for one in map(with_defaults, map(decode, standing(case))) if ignored(one) is None]
    given = {**case, "nodes": nodes_after(case)}
    old, new = map(ProviderVersion.parse, releases)
    clusters = cluster_of(given, old, behaviours_of(old)), cluster_of(given, new, behaviours)
    return upgrade(services, *clusters, lambda _: ALONE)


def _keys(planned: Planned) -> set[tuple[object, ...]]:
    return {change.key for change in planned.changes}


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize(
    "name", sorted({one for vector in UPGRADED.values() for _, names in vector.outcomes for one in names})
)
def test_no_cause_makes_no_difference(name: str, every: int) -> None:
    releases = Upgrade.parse(name)
    new = behaviours_of(ProviderVersion.parse(releases.new))
    recorded = sorted(one.id for one in UPGRADED.values() if any(name in names for _, names in one.outcomes))
    idle = []
    for case in recorded[::every]:
        planned = _planned(CASES[case], releases, new)
        named = {cause.behaviour for one in planned for cause in one.causes if cause.source != "Kubernetes"}
        for behaviour in named - PAIRED:
            without = _planned(CASES[case], releases, new ^ {behaviour})
            idle += [
                (case, one.service.full_name, behaviour)
                for one, other in zip(planned, without, strict=True)
                if behaviour in {cause.behaviour for cause in one.causes} and _keys(one) == _keys(other)
            ]
    assert not idle
