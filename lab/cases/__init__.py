"""The cases that are recorded: tables by question, and random ones."""

from lab.cases import front_cases, mixed_cases, random_cases, rare_cases, tables, wide_cases
from lab.cases.case import SLOTS, Case, Json, as_json

#: The areas that have clusters of their own: those that are random, and what comes back by the load balancer.
OF_THEIR_OWN = frozenset({"random", "mixed", "rare", "wide", "front"})


def all_cases() -> tuple[Case, ...]:
    """Every case, in the order of the tables; two of one name are a mistake in them."""
    random = (*random_cases.cases(), *mixed_cases.cases(), *rare_cases.cases())
    found = (*tables.cases(), *random, *front_cases.cases())
    names = [case.id for case in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"cases of the same name: {', '.join(twice)}"
        raise ValueError(message)
    return found


def of_seed(seed: int, count: int) -> tuple[Case, ...]:
    """Random cases that nobody has seen, a quarter of each kind."""
    quarter = count // 4
    return (
        *random_cases.cases(seed, count - 3 * quarter),
        *mixed_cases.cases(seed, quarter),
        *rare_cases.cases(seed, quarter),
        *wide_cases.cases(seed, quarter),
    )


def batches(cases: tuple[Case, ...]) -> list[list[Json]]:
    """The cases as they are recorded, those together that one cluster can hold at once."""
    worlds: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        key = tuple(f"{name} {special}" for name, special in sorted(case.nodes.items()))
        area = case.id.partition("/")[0]
        worlds.setdefault((area if area in OF_THEIR_OWN else "", *key), []).append(case)
    return [
        [as_json(case, slot) for slot, case in enumerate(found[start : start + SLOTS])]
        for found in worlds.values()
        for start in range(0, len(found), SLOTS)
    ]
