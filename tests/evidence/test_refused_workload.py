"""Workloads that the API server refuses, and those that it takes; a real one says the same."""

from typing import Any

import pytest

from kubectl_akslb.evidence.workloads import pods_of
from tests.given.workload_values import cases, with_value
from tests.given.workloads_for_api_server import REFUSED, TAKEN, changed


def why(change: dict[str, Any], **fields: Any) -> str:
    (one,) = pods_of({**changed(change), **fields})
    return one.refused


@pytest.mark.parametrize("change", TAKEN, ids=str)
def test_taken(change: dict[str, Any]) -> None:
    assert why(change) == ""


@pytest.mark.parametrize("change", REFUSED, ids=str)
def test_refused_at_a_field_that_was_changed(change: dict[str, Any]) -> None:
    field = why(change).partition(":")[0]
    path = field.replace("[0]", "").replace("[1]", "")
    selects = {"spec.selector", "spec.template.metadata.labels"}
    assert any(path.startswith(one) or one.startswith(path) or {path, one} <= selects for one in change), field


@pytest.mark.parametrize(
    ("kind", "change"), [("Rollout", REFUSED[0]), ("Job", {"spec.template.spec.restartPolicy": "Never"})]
)
def test_other_kinds_are_not_looked_at(kind: str, change: dict[str, Any]) -> None:
    assert why(change, kind=kind) == ""


def test_what_is_left_out_is_not_missed() -> None:
    """A file may be an excerpt."""
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"volumeMounts": [{"name": "data"}]}]}}
    (one,) = pods_of({"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"template": template}})
    assert one.refused == ""


def test_a_stateful_set_mounts_its_claims() -> None:
    assert why(REFUSED[-1])
    assert why(REFUSED[-1], kind="StatefulSet") == ""


@pytest.mark.parametrize(("path", "value", "taken"), [*cases()], ids=repr)
def test_each_field_takes_what_the_api_server_takes(path: str, value: object, taken: bool) -> None:
    (one,) = pods_of(with_value(path, value))
    assert taken is (not one.refused)
