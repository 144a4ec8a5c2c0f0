"""Unusual states on a real API server, which takes each of them as it is: the verdict."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.causes.unusual import UNUSUAL
from tests.e2e.apiserver.conftest import run_akslb
from tests.e2e.apiserver.server import ApiServer, missing
from tests.e2e.apiserver.states import Cluster

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server of its own: nodes and DaemonSets change from state to state."""
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    folder: Path = tmp_path_factory.mktemp("unusual")
    with ApiServer(folder) as server:
        yield Cluster(server)


@pytest.mark.parametrize("name", UNUSUAL)
def test_the_verdict(cluster: Cluster, name: str) -> None:
    one = UNUSUAL[name]
    cluster.play(name, one.state)
    done = run_akslb(cluster.server, "explain", "svc/web", "-n", name, "-o", "json")
    assert 0 == done.returncode, done.stderr
    (service,) = json.loads(done.stdout)["services"]
    verdict = service["verdict"]
    assert one.kind.value == verdict["kind"], verdict["headline"]
    assert one.cause is None or one.cause.value == verdict["causes"][0]
