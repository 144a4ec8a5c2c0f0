"""``verify`` against a real API server: its admission, its access control; a test plays the kubelet."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.apiserver.conftest import Akslb, run_akslb
from tests.e2e.apiserver.server import ROOT, ApiServer, kubectl
from tests.given import aks as make

pytestmark = pytest.mark.e2e

STRICT = "/api/v1/namespaces/strict"
LOGS = """\
#!{python} -IS
import json, os, subprocess, sys
real, said, log = {real!r}, {said!r}, {log!r}
if "logs" in sys.argv[1:]:
    sys.stdout.write(log)
else:
    os.execv(real, [real, *sys.argv[1:]])
"""


@pytest.fixture(scope="module", autouse=True)
def strict(server: ApiServer) -> None:
    """A namespace that takes only restricted pods, and a Service in it."""
    body = make.namespace("strict")
    body["metadata"]["labels"] = {
        f"pod-security.kubernetes.io/{mode}{more}": value
        for mode in ("enforce", "warn")
        for more, value in (("", "restricted"), ("-version", "latest"))
    }
    server.create("/api/v1/namespaces", body)
    server.create(f"{STRICT}/services", make.service("guarded", ip="20.1.2.77"))


@pytest.fixture
def logging(tmp_path: Path) -> str:
    """A folder with a kubectl that is the real one, but for the logs: there is no kubelet to give them."""
    lines = "".join(f"akslb-answer {number} 28 000 0.01 5.0 \n" for number in range(20))
    file = tmp_path / "kubectl"
    file.write_text(LOGS.format(python=sys.executable, real=str(kubectl()), said="", log=lines))
    file.chmod(0o755)
    return str(tmp_path)


class Kubelet(threading.Thread):
    """Says of each pod that verify makes that it is done, and keeps what it was."""

    def __init__(self, server: ApiServer, namespace: str) -> None:
        super().__init__(daemon=True)
        self.server, self.path = server, f"/api/v1/namespaces/{namespace}/pods"
        self.pods: dict[str, Any] = {}
        self.ends = threading.Event()

    def run(self) -> None:
        """Until the test is over."""
        while not self.ends.is_set():
            for one in self.server.request("GET", f"{self.path}?labelSelector=akslb.dev/run")["items"]:
                name = one["metadata"]["name"]
                if name not in self.pods:
                    self.pods[name] = one
                    ended = [
                        {"name": each["name"], "image": each["image"], "imageID": "", "ready": False, "restartCount": 0, "state": {"terminated": {"exitCode": 28}}}
                        for each in one["spec"]["containers"]
                    ]  # fmt: skip
                    self.server.request(
                        "PATCH",
                        f"{self.path}/{name}/status",
                        {"status": {"phase": "Failed", "containerStatuses": ended}},
                    )
            time.sleep(0.1)


@pytest.fixture
def kubelet(server: ApiServer) -> Iterator[Kubelet]:
    thread = Kubelet(server, "strict")
    thread.start()
    yield thread
    thread.ends.set()
    thread.join(10)


def left(server: ApiServer, namespace: str = "strict") -> list[str]:
    """The pods of verify that are there, and not about to go."""
    found = server.request("GET", f"/api/v1/namespaces/{namespace}/pods?labelSelector=akslb.dev/run")["items"]
    return [one["metadata"]["name"] for one in found if "deletionTimestamp" not in one["metadata"]]


def test_a_pod_is_created_where_only_restricted_ones_are_taken_and_is_removed(
    server: ApiServer, akslb: Akslb, kubelet: Kubelet, logging: str
) -> None:
    done = akslb("verify", "svc/guarded", "-n", "strict", "--yes", "-o", "json", path=logging)
    assert 0 == done.returncode, done.stderr
    assert "PodSecurity" not in done.stderr
    body = json.loads(done.stdout)
    assert "answered" == body["verdict"]
    assert list(kubelet.pods) == body["pods"]
    assert {"TCP"} == {one["protocol"] for one in body["services"][0]["requests"]}
    assert [] == left(server)


def test_a_pod_with_the_network_of_its_node_is_refused_there(server: ApiServer, akslb: Akslb, logging: str) -> None:
    done = akslb("verify", "svc/guarded", "-n", "strict", "--yes", "--from-nodes", path=logging)
    assert (3, "") == (done.returncode, done.stdout)
    assert "violates PodSecurity" in done.stderr
    assert "--pod-namespace" in done.stderr
    assert [] == left(server)


def test_what_is_created_is_what_the_dry_run_shows(server: ApiServer, akslb: Akslb) -> None:
    shown = akslb("verify", "svc/guarded", "-n", "strict", "--dry-run")
    assert 0 == shown.returncode
    file = server.folder / "shown.yaml"
    file.write_text(shown.stdout)
    made = server.kubectl("create", "--dry-run=server", "-f", str(file), "-o", "name")
    assert (0, "") == (made.returncode, made.stderr)
    assert [] == left(server)


def test_without_rights_nothing_is_made_and_the_grant_is_named(server: ApiServer) -> None:
    done = run_akslb(server, "verify", "svc/web", "--yes", user="viewer")
    assert 3 == done.returncode
    assert "nodes" in done.stderr, "the viewer may not list nodes either"
    assert [] == left(server, "shop")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_pod_is_removed_when_somebody_ends_it(server: ApiServer, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "kubectl_akslb", "verify", "svc/guarded", "-n", "strict", "--yes"]
    environment = {**server.environment("admin"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command,
        env=environment,
        cwd=server.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until = time.monotonic() + 60
        while not (made := left(server)) and time.monotonic() < until:
            time.sleep(0.1)
        assert 1 == len(made)
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=60)
    assert (128 + number, "") == (process.returncode, out)
    assert "interrupted" in err
    assert [] == left(server)


def test_only_the_pod_is_written(server: ApiServer, akslb: Akslb, kubelet: Kubelet, logging: str) -> None:
    del kubelet
    before = len(server.audited())
    akslb("verify", "svc/guarded", "-n", "strict", "--yes", path=logging)
    written = {
        (entry["verb"], entry["objectRef"]["resource"], entry["objectRef"].get("namespace"))
        for entry in server.audited()[before:]
        if entry["verb"] not in {"get", "list", "watch"}
        and entry["userAgent"].startswith("kubectl")
        and "objectRef" in entry
    }
    assert {("create", "pods", "strict"), ("delete", "pods", "strict")} == written
