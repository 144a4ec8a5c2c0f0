"""The cases that are recorded: tables by question, and random ones."""

from lab.cases import random_cases, tables
from lab.cases.case import SLOTS, Case, Json, as_json


def all_cases() -> tuple[Case, ...]:
    """Every case, in the order of the tables; two of one name are a mistake in them."""
    found = (*tables.cases(), *random_cases.cases())
    names = [case.id for case in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"cases of the same name: {', '.join(twice)}"
        raise ValueError(message)
    return found


def batches(cases: tuple[Case, ...]) -> list[list[Json]]:
    """The cases as they are recorded, those together that one cluster can hold at once."""
    worlds: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        key = tuple(f"{name} {special}" for name, special in sorted(case.nodes.items()))
        worlds.setdefault((case.id.partition("/")[0] * (case.id.startswith("random/")), *key), []).append(case)
    return [
        [as_json(case, slot) for slot, case in enumerate(found[start : start + SLOTS])]
        for found in worlds.values()
        for start in range(0, len(found), SLOTS)
    ]
