"""What the recorder makes of answers, without a network."""

from typing import Any

import pytest

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
