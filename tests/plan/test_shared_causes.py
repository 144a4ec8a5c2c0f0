"""What Services share in looking for causes changes no answer: each one's are those that it gets without the others'."""

from itertools import count

import pytest

from bench.fleet import fleet
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.manifest.load import load
from kubectl_akslb.plan import dated_causes
from kubectl_akslb.plan import upgrade as planning
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.plan.upgrade import Planned, upgrade
from tests.given.objects import ALONE
from tests.plan.test_upgrade import cluster

#: Where each Service gets other rules, where many share the nodes, and where probes are others.
UPGRADES = (("1.23.0", "1.25.0"), ("1.28.9", "1.31.14"), ("1.30.0", "1.34.13"))


def _plans(count_of: int, shapes: int, old: str, new: str) -> tuple[Planned, ...]:
    services = [with_defaults(found.service) for found in load(fleet(count_of, shapes)).services]
    return upgrade(services, cluster(old), cluster(new), lambda _: ALONE)


def _told(planned: tuple[Planned, ...]) -> list[tuple[object, ...]]:
    return [(one.service.full_name, one.effect, [change.key for change in one.changes], one.causes) for one in planned]


@pytest.mark.parametrize(("old", "new"), UPGRADES)
@pytest.mark.parametrize(("services", "shapes"), [(18, 6), (20, 20)])
def test_causes_that_are_shared_are_those_of_each(
    services: int, shapes: int, old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = _plans(services, shapes, old, new)
    each = count()
    monkeypatch.setattr(planning, "shape", lambda _service, _evidence: (next(each),))  # nobody is like another
    monkeypatch.setattr(dated_causes, "_known", lambda *_: [])
    alone = _plans(services, shapes, old, new)
    assert _told(alone) == _told(shared)
    assert {Effect.SAME} != {one.effect for one in shared}
