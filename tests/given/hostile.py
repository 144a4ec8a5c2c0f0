"""Values that a reader of JSON must survive, in the place of each value."""

import copy
import json
from collections.abc import Iterator
from itertools import count
from typing import Any

HUGE = "a number of 5,000 digits"


DEEP = json.loads('{"a":' * 60 + "1" + "}" * 60)


HOSTILE: tuple[Any, ...] = (
    None, True, -1, 2**70, HUGE, 1e308, float("inf"), "", "x" * 5000, "\x1b[2J\n::error::x", "$(touch x)", "\ud800", [], {}, [None], [[1]],
    {"a": None}, {"": ""}, ["a", 1, {}], {"properties": {"id": 1}}, DEEP,
)  # fmt: skip


def replaced(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values."""
    yield at
    if isinstance(value, dict):
        for key in value:
            yield from replaced(value[key], (*at, key))
    elif isinstance(value, list) and value:
        yield from replaced(value[0], (*at, 0))


def damaged(value: Any, every: int = 1) -> Iterator[Any]:
    """*value* with one of its values replaced by a hostile one, for each of them; or for one in *every* of these."""
    numbers = count()
    for number, at in enumerate(replaced(value)):
        for hostile in HOSTILE[number % 3 :: 3]:
            if next(numbers) % every:
                continue
            whole = [copy.deepcopy(value)]
            holder: Any = whole
            for step in (0, *at)[:-1]:
                holder = holder[step]
            holder[(0, *at)[-1]] = hostile
            yield whole[0]


def written(value: Any) -> bytes:
    """*value* as JSON."""
    return json.dumps(value).replace(json.dumps(HUGE), "9" * 5000).encode()
