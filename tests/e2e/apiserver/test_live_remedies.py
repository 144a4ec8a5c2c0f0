"""What is printed to do about each state is done on a real API server, and explained again: the cause is gone."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.causes.cases import CASES
from tests.causes.in_azure import answers, created
from tests.causes.offline import PROFILES
from tests.causes.remedies import REMEDIES, Done
from tests.e2e.apiserver.conftest import run_akslb
from tests.e2e.apiserver.server import ApiServer, missing
from tests.e2e.apiserver.states import Cluster
from tests.given.programs import FakeProgram

pytestmark = pytest.mark.e2e

SERVICE = "/api/v1/namespaces/{}/services/web"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server of its own: nodes and DaemonSets change from case to case."""
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    folder: Path = tmp_path_factory.mktemp("remedies")
    for name, profile in PROFILES.items():
        (folder / name).write_text(json.dumps(profile))
    with ApiServer(folder) as server:
        yield Cluster(server)


@pytest.mark.parametrize("name", REMEDIES)
def test_what_is_printed_takes_the_cause_away(cluster: Cluster, name: str, tmp_path: Path) -> None:
    case, done = CASES[name], REMEDIES[name]
    cluster.play(name, case.state, anew=True)
    before = _verdict(cluster, name, case.options, tmp_path / "before", case.azure)
    assert case.cause.value == before["causes"][0]
    assert before["fix"]
    assert done.printed is bool(before["apply"]), before["apply"]
    if done.printed:
        _run(cluster, before["apply"])
    _change(cluster, name, done)
    if done.gone:
        found = run_akslb(cluster.server, "explain", "svc/web", "-n", name)
        assert (3, True) == (found.returncode, "no Service" in found.stderr), found.stderr
        return
    azure = case.azure if done.azure is None else done.azure
    added = before["apply"] if done.adds else ""
    options = case.options if done.options is None else done.options
    after = _verdict(cluster, name, options, tmp_path / "after", azure, added)
    assert done.kind.value == after["kind"], after["headline"]
    assert case.cause.value not in after["causes"]
    assert done.cause is None or done.cause.value == after["causes"][0]


def _verdict(
    cluster: Cluster, name: str, options: tuple[str, ...], folder: Path, azure: Any, added: str = ""
) -> dict[str, Any]:
    """What is explained now; *azure* stands there, and what the command *added* makes."""
    path = ""
    if azure is not None:
        folder.mkdir()
        told = azure(cluster.server.request("GET", SERVICE.format(name)))
        if added:
            created(added)(told)
        program = FakeProgram(folder, "az")
        program.answers(*answers(told))
        options, path = (*options, "--az"), str(program.folder)
    done = run_akslb(cluster.server, "explain", "svc/web", "-n", name, "-o", "json", *options, path=path)
    assert 0 == done.returncode, done.stderr
    (service,) = json.loads(done.stdout)["services"]
    verdict: dict[str, Any] = service["verdict"]
    return verdict


def _run(cluster: Cluster, printed: str) -> None:
    """Run a printed command in a shell; what it would do in Azure is told by *azure* of the case."""
    if printed.startswith("az "):
        return
    ran = subprocess.run(
        ["bash", "-c", printed], env=cluster.server.environment(), capture_output=True, text=True, check=False, timeout=60
    )  # fmt: skip
    assert 0 == ran.returncode, ran.stderr


def _change(cluster: Cluster, name: str, done: Done) -> None:
    """What a person writes, and what others make of it."""
    path = SERVICE.format(name)
    if done.change is not None:
        cluster.server.request("PATCH", path, done.change)
    if done.gone:
        cluster.server.request("PATCH", path, {"metadata": {"finalizers": None}})
    if done.address:
        status = {"loadBalancer": {"ingress": [{"ip": done.address}]}}
        cluster.server.request("PATCH", f"{path}/status", {"status": status})
    cluster.put(name, *done.put)
    state = CASES[name].state
    nodes = state.nodes if done.nodes is None else done.nodes
    daemon_sets = state.daemon_sets if done.daemon_sets is None else done.daemon_sets
    cluster.change(state._replace(nodes=nodes, daemon_sets=daemon_sets))
