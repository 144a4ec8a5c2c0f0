"""Our derivation says what the provider did when another release took over: every recorded upgrade, all that stands."""

import pytest

from conformance import upgrades, vectors
from conformance.outcome import differences
from conformance.upgrades import Upgrade
from tests.plan import random_order
from tests.plan.known import UPGRADED
from tests.plan.upgraded import answer
from tests.recorded.known import CASES, in_sample

SHOWN = 5

#: What differs, and why.
UNLIKE = {
    "multiple/empty-one-first-later": "the recorder shows a load balancer to which no rules were sent without a list of"
    " rules, Azure with an empty one: to the provider that is another number of rules",
}


def _names() -> list[str]:
    return sorted({one for vector in UPGRADED.values() for _, names in vector.outcomes for one in names})


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _names())
def test_says_what_the_new_release_made_of_it(name: str, *, whole: bool) -> None:
    upgrade = Upgrade.parse(name)
    asked = wrong = 0
    texts = []
    for vector in UPGRADED.values():
        if vector.id in UNLIKE or not (whole or in_sample(vector.id)):
            continue
        for outcome, names in vector.outcomes:
            if name not in names:
                continue
            asked += 1
            services = upgrades.standing(CASES[vector.id])
            recorded = random_order.settled_upgrade(outcome, services, *upgrade)
            ours = random_order.settled_upgrade(answer(CASES[vector.id], upgrade), services, *upgrade)
            if ours != recorded:
                wrong += 1
                places = list(differences(recorded, ours))[:3]
                texts.append(f"{vector.id}: {places}")
    assert asked > 0
    assert not wrong, f"{wrong} of {asked} answers differ\n" + "\n".join(texts[:SHOWN])


def test_the_recordings_are_of_the_cases() -> None:
    stale = [name for name, vector in UPGRADED.items() if vector.digest != upgrades.digest(CASES.get(name) or {})]
    assert not stale, f"python -m conformance.upgrades: {len(stale)} cases have changed, first {stale[:SHOWN]}"


def test_only_what_is_recorded_is_excused() -> None:
    assert set(UNLIKE) <= set(UPGRADED)


def test_every_upgrade_between_minors_is_recorded() -> None:
    minors = {(int(one.old.split(".")[1]), int(one.new.split(".")[1])) for one in map(Upgrade.parse, _names())}
    covered = {minor for old, new in minors for minor in range(old, new)}
    assert set(range(23, 36)) <= covered


def test_the_files_hold_nothing_but_the_recordings() -> None:
    before = {path.name: path.read_bytes() for path in upgrades.FOLDER.glob("*.jsonl.gz")}
    assert before == upgrades.written(UPGRADED.values())
    assert not [path for path in vectors.FOLDER.glob("*.jsonl.gz") if path.name.startswith("upgrades")]
