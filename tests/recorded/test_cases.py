"""The cases of the recordings: what they cover, and that they are the same on every machine."""

from typing import Any

import pytest

from conformance.cases import TABLES, all_cases, random_cases
from conformance.cases.case import Case
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.provider.annotations import ANNOTATIONS, Annotation, PortAnnotation
from tests.recorded.play import steps_of

CASES = all_cases()


def _services(case: Case) -> list[dict[str, Any]]:
    return [step[kind] for step in case.steps for kind in ("ensure", "update", "delete") if kind in step]


KEYS = {key for case in CASES for body in _services(case) for key in body["metadata"].get("annotations", {})}


@pytest.mark.parametrize("row", ANNOTATIONS)
def test_every_annotation_is_in_a_case(row: Annotation) -> None:
    if isinstance(row, PortAnnotation):
        assert any(key.startswith(row.head) and key.endswith(row.tail) for key in KEYS)
    else:
        assert row in KEYS


def test_every_service_is_one_that_an_api_server_stores() -> None:
    for case in CASES:
        for body in _services(case):
            service = decode(body)
            assert service.uid
            assert service.cluster_ips or not service.ip_families, case.id
            names = [port.name for port in service.ports]
            assert len(names) == len(set(names)), case.id
            assert len(names) == 1 or all(names), case.id


def test_a_single_service_is_no_history() -> None:
    for case in CASES:
        body = case.as_json()
        assert ("service" in body) != ("steps" in body), case.id
        assert len(case.steps) == len(steps_of(body)), case.id


def test_random_cases_are_the_same_each_time() -> None:
    assert [case.as_json() for case in random_cases.cases()] == [case.as_json() for case in random_cases.cases()]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__.rpartition(".")[2])
def test_names_tell_the_area(table: Any) -> None:
    areas = {case.id.partition("/")[0] for case in table.cases()}
    assert 1 == len(areas), areas


def test_two_cases_of_one_name_are_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.cases.TABLES", (random_cases, random_cases))
    with pytest.raises(ValueError, match="cases of the same name: random/0001"):
        all_cases()
