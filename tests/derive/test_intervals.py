"""Sets of addresses."""

import pytest

from kubectl_akslb.derive.intervals import Interval, common, merged, without


@pytest.mark.parametrize(
    ("one", "other", "both", "left"),
    [
        ([(32, 0, 9)], [(32, 5, 20)], [(32, 5, 9)], [(32, 0, 4)]),
        ([(32, 0, 9)], [(128, 0, 9)], [], [(32, 0, 9)]),
        ([(32, 0, 9), (128, 0, 9)], [(128, 3, 4)], [(128, 3, 4)], [(32, 0, 9), (128, 0, 2), (128, 5, 9)]),
        ([(32, 0, 9), (32, 10, 19)], [(32, 9, 10)], [(32, 9, 10)], [(32, 0, 8), (32, 11, 19)]),
        ([(32, 0, 1), (32, 4, 5)], [(32, 0, 9)], [(32, 0, 1), (32, 4, 5)], []),
    ],
)
def test_sets_of_addresses(
    one: list[Interval], other: list[Interval], both: list[Interval], left: list[Interval]
) -> None:
    assert (both, left) == (list(common(one, other)), list(without(one, other)))
    assert list(merged((*both, *left))) == list(merged(one))
