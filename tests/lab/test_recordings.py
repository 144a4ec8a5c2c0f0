"""The recordings of the lab, by themselves: complete, of the cases that there are, and plausible where one answer follows from another."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from lab import vectors
from lab.cases import all_cases, batches
from lab.fixed import NODES, PODS
from lab.measure import questions
from lab.vectors import Vector

Json = dict[str, Any]


@cache
def recorded() -> dict[str, Vector]:
    return vectors.read()


def service_of(case: Json) -> Json:
    found: Json = next(one for one in case["objects"] if one["kind"] == "Service")
    return found


def outcomes() -> Iterator[tuple[Vector, Json, tuple[str, ...]]]:
    for vector in recorded().values():
        for outcome, proxies in vector.outcomes:
            yield vector, outcome, proxies


def cells(outcome: Json, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    for key, value in outcome.items():
        if isinstance(value, dict):
            yield from cells(value, (*path, key))
        else:
            yield (*path, key), value


def test_the_recordings_are_those_of_the_cases() -> None:
    expected = {case["id"]: case for batch in batches(all_cases()) for case in batch}
    assert expected == {vector.id: vector.case for vector in recorded().values()}, "make lab records what has changed"


def test_each_proxy_has_answered_each_case_once() -> None:
    everybody = sorted({name for _, _, proxies in outcomes() for name in proxies})
    for vector in recorded().values():
        assert everybody == sorted(name for _, proxies in vector.outcomes for name in proxies), vector.id


def test_each_question_has_an_answer() -> None:
    for vector in recorded().values():
        asked = {question.place for question in questions(vector.case)}
        asked |= {(f"10256/{path}", node) for path in ("healthz", "livez") for node in NODES}
        for outcome, _ in vector.outcomes:
            assert asked == {place for place, _ in cells(outcome)}, vector.id


def test_the_bytes_are_those_that_the_recorder_writes(tmp_path: Any) -> None:
    vectors.write(recorded().values(), tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in vectors.FOLDER.iterdir()}


def test_an_answer_is_one_of_those_that_the_format_knows() -> None:
    words = {"refused", "dropped", "closed", "no answer", "open", "always the same pod"}
    for vector, outcome, _ in outcomes():
        for place, seen in cells(outcome):
            assert seen == sorted(set(seen)), (vector.id, place)
            for one in seen:
                status, _, rest = one.partition(" ")
                said = rest if status.isdigit() else one
                known = not said or said in words or said.partition(" from ")[0] in {*PODS, *NODES, "left"}
                assert known, (vector.id, place, one)


def test_only_pods_of_the_service_answer() -> None:
    for vector, outcome, _ in outcomes():
        everything = [*vector.case["objects"], *vector.case.get("before", ())]
        slices = [one for one in everything if one["kind"] == "EndpointSlice"]
        behind = {
            endpoint["targetRef"]["name"].replace("host-", "node-") for one in slices for endpoint in one["endpoints"]
        }
        sources = [one.partition(" from ")[0] for _, seen in cells(outcome) for one in seen if " from " in one]
        answered = {one.rpartition(" ")[2] for one in sources} - {"left"}
        assert answered <= behind, vector.id


@pytest.mark.parametrize("policy", ["Cluster", "Local"])
def test_a_health_check_port_is_asked_for_where_there_is_one(policy: str) -> None:
    found = [
        "healthCheckNodePort" in outcome or "healthCheckNodePort over IPv6" in outcome
        for vector, outcome, _ in outcomes()
        if service_of(vector.case)["spec"]["externalTrafficPolicy"] == policy
    ]
    assert found
    assert {policy == "Local"} == set(found)
