"""Our derivation says what the provider made of each edit by hand: every recorded history, all that stands."""

from collections.abc import Sequence

import pytest

from conformance import by_hand
from conformance.by_hand import split
from conformance.outcome import differences
from conformance.upgrades import digest
from kubectl_akslb.provider.version import NEWEST
from tests.plan import random_order
from tests.plan.edited import answer, as_az_shows
from tests.plan.known import EDITED, EDITS
from tests.recorded.known import in_sample

SHOWN = 5

#: What differs, and why.
UNLIKE = {
    "random/0056": "two frontends have one public IP, which Azure refuses",
}


def _releases() -> list[str]:
    return sorted({one for vector in EDITED.values() for _, names in vector.outcomes for one in names})


#: One release of each generation of the provider: the others are for the slow tests.
QUICK = ("v1.24.4", "v1.28.9", f"v{NEWEST}")


@pytest.mark.parametrize("release", QUICK)
def test_says_what_the_provider_made_of_it(release: str) -> None:
    _says_what_the_provider_made([name for name in EDITED if in_sample(name)], release)


@pytest.mark.slow
@pytest.mark.parametrize("release", _releases())
def test_says_what_the_provider_made_of_all_of_it(release: str) -> None:
    _says_what_the_provider_made(list(EDITED), release)


def _says_what_the_provider_made(ids: Sequence[str], release: str) -> None:
    asked = 0
    texts = []
    for vector in (EDITED[name] for name in ids if name not in UNLIKE):
        for outcome, names in vector.outcomes:
            if release not in names:
                continue
            asked += 1
            services = split(EDITS[vector.id])[2]
            ours, recorded = (
                random_order.settled(as_az_shows(body), services, release)
                for body in (answer(EDITS[vector.id], release), outcome)
            )
            if ours != recorded:
                texts.append(f"{vector.id}: {list(differences(recorded, ours))[:3]}")
    assert asked >= len(ids) // 3
    assert not texts, f"{len(texts)} of {asked} answers differ\n" + "\n".join(texts[:SHOWN])


def test_the_recordings_are_of_the_cases() -> None:
    stale = [name for name, vector in EDITED.items() if vector.digest != digest(EDITS.get(name) or {})]
    assert not stale, f"python -m conformance.by_hand: {len(stale)} cases have changed, first {stale[:SHOWN]}"


def test_enough_is_recorded() -> None:
    assert len(_releases()) >= 6
    edited = [name for name in EDITED if not name.startswith("again/")]
    assert len(edited) >= 300
    assert set(UNLIKE) <= set(EDITED)


def test_every_edit_is_recorded() -> None:
    assert set(by_hand.EDITS) <= {name.partition("/")[2] for name in EDITED}


def test_the_files_hold_nothing_but_the_recordings() -> None:
    lines = {path.name: path.read_bytes() for path in by_hand.FOLDER.glob("*.jsonl.gz")}
    assert lines == by_hand.written(EDITED.values())
