"""Each call of kubectl is made once."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.given.programs import Answer, FakeProgram, listed

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("arguments", [["explain", "web"], ["explain", "svc", "web", "-n", "shop"], ["explain", "-A"]])
def test_every_call_is_made_once(kubectl: FakeProgram, arguments: list[str]) -> None:
    kubectl.answers(Answer(["get"], listed()))
    environment = {"PATH": str(kubectl.folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kubectl_akslb", *arguments]
    subprocess.run(command, env=environment, capture_output=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL)
    calls = [tuple(call) for call in kubectl.calls if "/version" not in call and "namespaces" not in call]
    assert 6 == len(calls)
    assert len(set(calls)) == len(calls)
