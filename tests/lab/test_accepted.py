"""Which Services the path says are refused against those that the real API server has refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.evidence.evidence import ALONE
from kubectl_akslb.path import accepted as hop
from kubectl_akslb.path import api_server
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome
from lab import accepted
from tests.lab.adapter import Json, cluster_of, read


def is_refused(service: Json) -> bool:
    """Whether the path says so; a file that cannot be read as a Service is refused too, with an error."""
    cluster = cluster_of(accepted.VERSION, shared=False)
    try:
        found = hop.accepted_hop(derive(read(service), cluster), cluster, ALONE)
    except AkslbError:
        return True
    return found.outcome is Outcome.DROP and found.because[0].cause is Cause.REFUSED_BY_API_SERVER


def wrong() -> Iterator[tuple[str, int]]:
    for one in accepted.recorded():
        if is_refused(one["service"]) is not (one["status"] >= 400):
            yield one["case"], one["status"]


def test_what_the_api_server_refuses_is_refused() -> None:
    assert [] == list(wrong())
    assert {201, 422} == {one["status"] for one in accepted.recorded()}


def test_the_recordings_are_those_of_the_cases() -> None:
    recorded = [{key: value for key, value in one.items() if key != "status"} for one in accepted.recorded()]
    assert list(accepted.cases()) == recorded


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
