"""A real API server takes and refuses what our table says, of which explain is held against the same."""

import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.apiserver.server import ApiServer, missing
from tests.given import aks as make
from tests.given import workloads_for_api_server as workloads
from tests.given.for_api_server import REFUSED, TAKEN, changed

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def dual_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    folder: Path = tmp_path_factory.mktemp("api")
    with ApiServer(folder, options=("--service-cluster-ip-range=10.99.0.0/16,fd00:99::/112",)) as running:
        running.create("/api/v1/namespaces", make.namespace("shop"))
        yield running


def answer(server: ApiServer, one: dict[str, Any], path: str = "/api/v1/namespaces/shop/services") -> int:
    """The status of a trial."""
    try:
        server.request("POST", f"{path}?dryRun=All", one)
    except urllib.error.HTTPError as error:
        return error.code
    return 200


def test_the_table_is_what_it_does(dual_stack: ApiServer) -> None:
    taken = {str(one)[:80]: answer(dual_stack, changed(one)) for one in TAKEN}
    refused = {str(one)[:80]: answer(dual_stack, changed(one)) for one in REFUSED}
    assert dict.fromkeys(taken, 200) == taken
    assert set() == {name for name, code in refused.items() if code not in {400, 422}}


def test_the_table_of_workloads_is_what_it_does(dual_stack: ApiServer) -> None:
    def asked(change: dict[str, Any]) -> int:
        one = workloads.changed(change)
        version = one["apiVersion"]
        group = f"/api/{version}" if version == "v1" else f"/apis/{version}"
        return answer(dual_stack, one, f"{group}/namespaces/shop/deployments")

    taken = {str(one): asked(one) for one in workloads.TAKEN}
    refused = {str(one): asked(one) for one in workloads.REFUSED}
    assert dict.fromkeys(taken, 200) == taken
    assert set() == {name for name, code in refused.items() if code not in {400, 404, 422}}
