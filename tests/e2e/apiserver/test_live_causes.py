"""Each failure on a real API server, in the state that it leaves behind: the hop that is to blame comes first."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubectl_akslb.render.verdict import headline
from tests.causes.cases import CASES
from tests.causes.in_azure import answers
from tests.causes.offline import PROFILES, explained
from tests.e2e.apiserver.conftest import run_akslb
from tests.e2e.apiserver.server import ApiServer, missing
from tests.e2e.apiserver.states import Cluster
from tests.given.programs import FakeProgram

pytestmark = pytest.mark.e2e

SERVICES = "/api/v1/namespaces/{}/services"
#: What is named after the UID of a Service.
_NAMED = re.compile(r"\ba[0-9a-f]{31}\b")
#: What the API server gives a Service.
_NODE_PORT = re.compile(r"\b3[0-2]\d{3}\b")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server of its own: nodes and DaemonSets change from case to case."""
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    folder: Path = tmp_path_factory.mktemp("causes")
    for name, profile in PROFILES.items():
        (folder / name).write_text(json.dumps(profile))
    with ApiServer(folder) as server:
        yield Cluster(server)


@pytest.mark.parametrize("name", CASES)
def test_the_hop_that_is_to_blame_comes_first(cluster: Cluster, name: str, tmp_path: Path) -> None:
    case = CASES[name]
    cluster.play(name, case.state)
    options, path = case.options, ""
    if case.azure is not None:
        service = cluster.server.request("GET", f"{SERVICES.format(name)}/web")
        program = FakeProgram(tmp_path, "az")
        program.answers(*answers(case.azure(service)))
        options, path = (*options, "--az"), str(program.folder)
    before = len(cluster.server.audited())
    done = run_akslb(cluster.server, "explain", "svc/web", "-n", name, "-o", "json", *options, path=path)
    assert 0 == done.returncode, done.stderr
    (service,) = json.loads(done.stdout)["services"]
    verdict = service["verdict"]
    assert not any(notice.startswith("az ") for notice in json.loads(done.stdout)["notices"]), "az told all of it"
    hop = case.hop.value if case.hop is not None else None
    assert (case.kind.value, hop, case.cause.value) == (verdict["kind"], verdict["hop"], verdict["causes"][0])
    assert case.kind.value == "works" or verdict["fix"]
    shown, printed = (
        _NODE_PORT.sub("NODE_PORT", _NAMED.sub("UID", text))
        for text in (headline(explained(case)), verdict["headline"])
    )
    assert shown == printed.replace(f"{name}/", "shop/"), "docs/causes.md shows it"
    asked = {
        entry["auditID"]: (entry["verb"], entry["requestURI"])
        for entry in cluster.server.audited()[before:]
        if "objectRef" in entry and entry["userAgent"].startswith("kubectl")
    }
    assert len(asked) <= 8, asked
    assert {"get", "list"} >= {verb for verb, _ in asked.values()}
    assert not any("/secrets" in uri or "/configmaps" in uri for _, uri in asked.values())
