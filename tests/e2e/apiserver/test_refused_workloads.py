"""A real API server takes and refuses of a Deployment what our table says, of which explain is held against the same."""

import urllib.error
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.apiserver.server import ApiServer, missing
from tests.given import aks as make
from tests.given.workload_values import cases, with_value
from tests.given.workloads_for_api_server import REFUSED, TAKEN, changed

pytestmark = pytest.mark.e2e


def _asked(server: ApiServer, one: dict[str, Any]) -> int:
    """The status of a trial of a Deployment."""
    version = one["apiVersion"]
    group = f"/api/{version}" if version == "v1" else f"/apis/{version}"
    try:
        server.request("POST", f"{group}/namespaces/shop/deployments?dryRun=All", one)
    except urllib.error.HTTPError as error:
        return error.code
    return 200


def test_the_table_is_what_it_does(tmp_path: Path) -> None:
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    with ApiServer(tmp_path) as server:
        server.create("/api/v1/namespaces", make.namespace("shop"))
        taken = {str(one): _asked(server, changed(one)) for one in TAKEN}
        refused = {str(one): _asked(server, changed(one)) for one in REFUSED}
        for path, value, is_taken in cases():
            into = taken if is_taken else refused
            into[f"{path}: {value!r}"] = _asked(server, with_value(path, value))
    assert dict.fromkeys(taken, 200) == taken
    assert set() == {name for name, code in refused.items() if code not in {400, 404, 422}}
