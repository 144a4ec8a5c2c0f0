"""Each dated behaviour is seen in the recordings: without its row, or with it everywhere, an answer differs.

Only cases that ask for the row are derived again, so that this is as quick as the comparison itself.
"""

from collections import defaultdict
from functools import lru_cache
from zlib import crc32

import pytest

from conformance.record import settled
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import BEHAVIOURS, Behaviour, behaviours_of
from tests.recorded.known import ANSWERS, VECTORS
from tests.recorded.play import Answers
from tests.recorded.unseen import EARLY_UNNOTICED, LOST_UNNOTICED

pytestmark = pytest.mark.slow

#: A case, the release that asked for the behaviour, and what it answered.
Use = tuple[Answers, str, dict[str, object]]

#: So many answers are looked at for a row that is known not to be seen.
_ENOUGH = 200


@lru_cache(maxsize=1)
def uses() -> dict[tuple[str, bool], list[Use]]:
    """For each behaviour, and for whether a release has it, the answers that depend on it.

    Cases are mixed, so that one that shows a behaviour comes early.
    """
    found: dict[tuple[str, bool], list[Use]] = defaultdict(list)
    for name in sorted(VECTORS, key=lambda name: crc32(name.encode())):
        answers = ANSWERS[name]
        for outcome, versions in VECTORS[name].outcomes:
            # Releases that share an answer need one look.
            shared = {id(answers.asked(version)): version for version in reversed(versions)}
            for version in shared.values():
                for row, present in answers.asked(version).items():
                    found[row, present].append((answers, version, outcome))
    return found


def killed(row: Behaviour, *, present: bool, most: int | None = None) -> str:
    """The first case that is answered wrongly if releases that have the row lose it, or the other way round."""
    for answers, version, outcome in uses()[row, present][:most]:
        behaviours = behaviours_of(ProviderVersion.parse(version))
        mutated = behaviours - {row} if present else behaviours | {row}
        if settled(answers.mutated(version, mutated), version) != outcome:
            return str(answers.case["id"])
    return ""


@pytest.mark.parametrize("row", BEHAVIOURS)
def test_a_lost_behaviour_is_noticed(row: Behaviour) -> None:
    _check(row, excused=row in LOST_UNNOTICED, present=True)


@pytest.mark.parametrize("row", BEHAVIOURS)
def test_a_behaviour_that_came_too_early_is_noticed(row: Behaviour) -> None:
    _check(row, excused=row in EARLY_UNNOTICED, present=False)


def _check(row: Behaviour, *, excused: bool, present: bool) -> None:
    case = killed(row, present=present, most=_ENOUGH if excused else None)
    if excused:
        assert not case, f"{case} shows it now: take {row} off the list in unseen.py"
    else:
        assert case, f"no recorded answer depends on {row}: add a case, or say in unseen.py why none can"


def test_only_behaviours_are_excused() -> None:
    assert not [row for row in {*LOST_UNNOTICED, *EARLY_UNNOTICED} if row not in BEHAVIOURS]
