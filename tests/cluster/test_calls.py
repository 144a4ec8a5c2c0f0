"""Each call of kubectl is made once."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.given.programs import Answer, FakeProgram, listed

ROOT = Path(__file__).parents[2]


def test_a_login_plugin_starts_once(kubectl: FakeProgram, tmp_path: Path) -> None:
    """It takes long, says nothing, and keeps what it has got: only the first call waits for it."""
    config = tmp_path / "config"
    config.write_text("users:\n- name: x\n  user:\n    exec:\n      command: kubelogin\n")
    refused = 'Error from server (NotFound): services "web" not found'
    kubectl.answers(
        Answer(["get", "services"], "", refused, 1, seconds=1.5),
        Answer(["--raw", "/apis"], "{}"),
        Answer(["get"], listed()),
    )
    environment = {"PATH": str(kubectl.folder), "PYTHONPATH": str(ROOT), "KUBECONFIG": str(config)}
    command = [sys.executable, "-m", "kubectl_akslb", "explain", "web"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:  # fmt: skip
        while not kubectl.calls and running.poll() is None:
            time.sleep(0.05)
        time.sleep(0.7)
        assert 1 == len(kubectl.calls), "the others wait"
        running.wait()
    assert len(kubectl.calls) >= 6


@pytest.mark.parametrize("arguments", [["explain", "web"], ["explain", "svc", "web", "-n", "shop"], ["explain", "-A"]])
def test_every_call_is_made_once(kubectl: FakeProgram, arguments: list[str]) -> None:
    kubectl.answers(Answer(["get"], listed()))
    environment = {"PATH": str(kubectl.folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kubectl_akslb", *arguments]
    subprocess.run(command, env=environment, capture_output=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL)
    calls = [tuple(call) for call in kubectl.calls if "/version" not in call and "namespaces" not in call]
    assert 6 == len(calls)
    assert len(set(calls)) == len(calls)
