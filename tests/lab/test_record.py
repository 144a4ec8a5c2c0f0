"""What the recorder makes of answers, without a network."""

import random
from typing import Any

import pytest

from lab.measure import times_for
from lab.packets import confirmed
from lab.record import agreed


@pytest.mark.parametrize(
    ("passes", "expected", "left"),
    [
        ([1], None, True),
        ([1, 1], 1, False),
        ([1, 2], None, True),
        ([1, 2, 2], 2, False),
        ([1, 2, 1], 1, False),
        ([1, 2, 3], None, True),
        ([1, 2, 3, 2], 2, False),
    ],
)
def test_an_answer_counts_when_it_has_come_twice(passes: list[int], expected: int | None, *, left: bool) -> None:
    given: list[dict[str, Any]] = [{"a": {"answer": one}, "b": {"answer": 0}} for one in passes]
    found, random = agreed(given)
    assert (found.get("a"), "a" in random) == ({"answer": expected} if expected is not None else None, left)
    assert ("b" in random) is (len(passes) == 1)


@pytest.mark.parametrize(
    ("found", "again", "expected"),
    [
        ({"web-a1"}, {"web-a1"}, {"web-a1"}),
        ({"web-a1", "dropped"}, {"web-a1", "dropped"}, {"web-a1", "dropped"}),
        ({"web-a1", "dropped"}, {"web-a1"}, {"web-a1"}),
        ({"web-a1", "dropped"}, {"web-b1"}, {"web-a1", "web-b1"}),
        ({"web-a1"}, {"web-a1", "no answer"}, {"web-a1"}),
        ({"dropped"}, {"dropped"}, {"dropped"}),
        ({"dropped"}, {"web-a1"}, {"web-a1"}),
        ({"dropped"}, {"no answer"}, {"no answer"}),
    ],
)
def test_a_loss_counts_when_it_comes_again(found: set[str], again: set[str], expected: set[str]) -> None:
    assert expected == confirmed(found, again)


@pytest.mark.parametrize("endpoints", [2, 3, 5, 8])
def test_a_question_is_asked_often_enough_to_meet_each_endpoint(endpoints: int) -> None:
    chance = random.Random(endpoints)  # noqa: S311 - no secret
    met = [{chance.randrange(endpoints) for _ in range(times_for(endpoints))} for _ in range(2000)]
    assert all(len(one) == endpoints for one in met)


def test_one_endpoint_is_asked_twice() -> None:
    assert [2, 2] == [times_for(0), times_for(1)]
