"""Ranges of versions as pyproject.toml writes them: ``>=0.20,<0.29``."""

import re
from collections.abc import Callable

_PART = re.compile(r"\s*(>=|<=|==|!=|<|>)\s*(\d+(?:\.\d+)*)\s*")
_NUMBERS = re.compile(r"v?(\d+(?:\.\d+)*)")
_COMPARE: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
}


def fits(version: str, wanted: str) -> bool:
    """Whether *version* is in the range; a part of the range, or a version, that is not plain is taken to fit."""
    found = _NUMBERS.match(version)
    if found is None:
        return True
    numbers = _tuple(found[1])
    for part in wanted.split(","):
        match = _PART.fullmatch(part)
        if match is not None and not _COMPARE[match[1]](numbers, _tuple(match[2])):
            return False
    return True


def _tuple(text: str) -> tuple[int, ...]:
    """The numbers, without zeros at the end: 1.0 is 1."""
    numbers = [int(part) for part in text.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
