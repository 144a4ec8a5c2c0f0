"""Which Services the path says are refused against those that the real API server has refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kubectl_akslb.path import api_server
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.pipeline import explain
from lab import accepted
from lab.cases.changes import services
from tests.lab.adapter import Json, cluster_of


def is_refused(service: Json) -> bool:
    """Whether explain says so of a file; one that cannot be read as a Service is refused too, with an error."""
    found = explain([("web.yaml", json.dumps(service).encode())], cluster_of(accepted.VERSION, shared=False))
    causes = {reason.cause for one in found.services for reason in one.path.verdict.because}
    return bool(found.problems) or Cause.REFUSED_BY_API_SERVER in causes


def wrong() -> Iterator[tuple[str, int]]:
    made = services()
    for one in accepted.recorded():
        if is_refused(made[one["change"]]) is not (one["status"] >= 400):
            yield one["change"], one["status"]


def test_what_the_api_server_refuses_is_refused() -> None:
    assert [] == list(wrong())
    assert {201, 400, 422, 500} == {one["status"] for one in accepted.recorded()}


def test_the_recordings_are_those_of_the_changes() -> None:
    assert list(services()) == [one["change"] for one in accepted.recorded()]


CONDITIONS: dict[str, tuple[Any, str, Any]] = {
    "what the API server refuses": (api_server, "faults", lambda *_: iter(())),
    "names": (api_server, "_names", lambda *_: iter(())),
    "ports": (api_server, "_ports", lambda *_: iter(())),
    "ranges": (api_server, "_ranges", lambda *_: iter(())),
    "keys": (api_server, "_is_qualified", lambda _: True),
    "the range of node ports": (api_server, "_NODE_PORTS", range(65536)),
    "the numbers of ports": (api_server, "_PORTS", range(10**6)),
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_that_is_switched_off_is_noticed(condition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*CONDITIONS[condition])
    assert any(True for _ in wrong())
