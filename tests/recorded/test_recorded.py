"""Our derivation says what the provider did: every recorded case, in every recorded release."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import pytest

from conformance import vectors
from conformance.outcome import compared
from conformance.record import is_ordered, settled
from conformance.vectors import Vector
from kubectl_akslb.provider.version import NEWEST
from tests.recorded.known import ANSWERS, CASES, VECTORS, in_sample
from tests.recorded.report import explained

Json = dict[str, Any]
SHOWN = 5
#: Areas that are not recorded in every release, and in how many they are at least.
IN_SOME_RELEASES = {
    "basic": 8, "broad": 13, "edited": 5, "fault": 5, "gateway": 5, "link": 8, "members": 8, "pool": 12, "several-local": 4,
}  # fmt: skip
#: Differs there, and stands in conformance/README.md with the reason.
NOT_RECORDED = {("broad/seen-group-spelled-otherwise", "v1.25.5")}
#: A provider that does not start: the releases on both sides of the date are enough.
AROUND_ITS_DATE = {"rule/no-outbound-snat-basic": {"v1.31.0", "v1.32.0", "v1.32.4"}}
AREAS = sorted({name.partition("/")[0] for name in VECTORS})


def _wrong(vector: Vector, *, at_borders: bool) -> Iterator[str]:
    answers = ANSWERS[vector.id]
    known: dict[tuple[int, bool], Json] = {}
    for outcome, versions in vector.outcomes:
        for version in dict.fromkeys((versions[0], versions[-1])) if at_borders else versions:
            answer = answers.answer(version)
            key = (id(answer), is_ordered(version))
            if key not in known:
                known[key] = settled(answer, version)
            ours = known[key]
            if ours != outcome:
                yield explained(vector, version, ours)


@pytest.mark.parametrize("area", AREAS)
def test_says_what_the_provider_did_where_its_answer_changes(area: str) -> None:
    """In the first and the last release that gave an answer; of cases by chance, of which there are many, in some."""
    _check(_wrong(vector, at_borders=True) for vector in _vectors_of(area) if in_sample(vector.id))


@pytest.mark.slow
@pytest.mark.parametrize("area", AREAS)
def test_says_what_the_provider_did(area: str) -> None:
    _check(_wrong(vector, at_borders=False) for vector in _vectors_of(area))


def _vectors_of(area: str) -> list[Vector]:
    return [vector for name, vector in VECTORS.items() if name.startswith(f"{area}/")]


def _check(wrong: Iterable[Iterator[str]]) -> None:
    first = list(islice(chain.from_iterable(wrong), SHOWN))
    assert not first, "\n\n".join(("the first answers that differ", *first))


def test_a_difference_is_explained() -> None:
    vector = VECTORS["probe/app-protocol-cluster-http"]
    text = explained(vector, "v1.24.0", {"error": "other"})
    assert text.startswith(
        'probe/app-protocol-cluster-http in v1.24.0\n  error\n    provider null\n    ours     "other"\n'
    )
    assert "  v1.23.30 did something else; between them: probe-tcp-unless-path, app-protocol-probe, " in text
    assert "  v1.24.2 did the same; between them: " in text or "  v1.24.4 did the same; between them: " in text


def test_the_recordings_are_of_the_cases() -> None:
    stale = sorted(name for name in {*CASES, *VECTORS} if name not in VECTORS or VECTORS[name].case != CASES.get(name))
    assert not stale, f"make record: {len(stale)} cases are not recorded as they are now, first {stale[:SHOWN]}"


@pytest.mark.parametrize("area", AREAS)
def test_every_case_is_recorded_in_every_release(area: str) -> None:
    """Random histories are many, and faults and members need few: some releases are enough."""
    found = {name: vector for name, vector in VECTORS.items() if name.startswith(f"{area}/")}
    versions = vectors.versions_of(found if area in IN_SOME_RELEASES else VECTORS)
    assert len(versions) >= IN_SOME_RELEASES.get(area, 5)
    missing = {(name, v) for name, vector in found.items() for v in versions if vector.outcome_of(v) is None}
    few = {one for one in missing if one[0] in AROUND_ITS_DATE}
    assert {one for one in NOT_RECORDED if one[0] in found} == missing - few
    for name in AROUND_ITS_DATE.keys() & found.keys():
        assert AROUND_ITS_DATE[name] <= set(vectors.versions_of({name: found[name]}))


def test_the_newest_release_is_recorded() -> None:
    """A release that the tables are said to know is one whose answers are here."""
    assert f"v{NEWEST}" == vectors.versions_of(VECTORS)[-1], f"make record VERSION=v{NEWEST}"


def test_the_files_hold_nothing_but_the_recordings() -> None:
    for path in vectors.FOLDER.glob("*.jsonl.gz"):
        area = path.name.removesuffix(".jsonl.gz")
        assert vectors.compressed(_vectors_of(area)) == path.read_bytes(), f"{path.name} is not what make record writes"


def test_outcomes_are_stored_as_they_are_compared() -> None:
    for vector in VECTORS.values():
        for outcome, versions in vector.outcomes:
            assert outcome == compared(outcome), f"{vector.id} in {versions[0]}"
