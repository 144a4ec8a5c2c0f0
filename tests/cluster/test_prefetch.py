"""kubectl starts early only where the arguments are plain, and what it is started with is what is needed."""

import subprocess
import sys
from pathlib import Path

import pytest

from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.prefetch import guessed
from kubectl_akslb.edge import process
from kubectl_akslb.edge.process import run_together, start_early, stop_early
from tests.cluster.fake import Answer, FakeProgram, listed

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("explain", ((), Connection())),
        ("explain svc/web", (("web",), Connection())),
        ("explain svc web db -n shop", (("web", "db"), Connection(namespace="shop"))),
        ("explain -A --context=prod", ((), Connection(all_namespaces=True, context="prod"))),
        ("explain -l app=web --as jane", ((), Connection(selector="app=web", as_user="jane"))),
        ("explain web --az --sku basic -o json", (("web",), Connection())),
        ("explain -f x.yaml", None),
        ("explain web --as-group g", None),
        ("explain --help", None),
        ("explain -nshop", None),
        ("explain web -A", None),
        ("explain deploy/web", None),
        ("lint web", None),
        ("", None),
    ],
)
def test_guess(arguments: str, expected: object) -> None:
    assert expected == guessed(arguments.split())


def test_only_the_very_same_command_is_taken_over() -> None:
    same, other = ((sys.executable, "-IS", "-c", f"print({number})") for number in (1, 2))
    start_early([same])
    early = process._EARLY[same]  # noqa: SLF001
    done = run_together([other, same])
    assert [b"2\n", b"1\n"] == [one.out for one in done]
    assert early.finished() == done[1]
    assert {} == process._EARLY  # noqa: SLF001


def test_what_is_not_taken_over_is_stopped() -> None:
    start_early([(sys.executable, "-IS", "-c", "import time; time.sleep(60)")])
    (early,) = process._EARLY.values()  # noqa: SLF001
    stop_early()
    assert 0 != early.finished().code


@pytest.mark.parametrize("arguments", [["explain", "web"], ["explain", "svc", "web", "-n", "shop"], ["explain", "-A"]])
def test_every_call_is_made_once(kubectl: FakeProgram, arguments: list[str]) -> None:
    kubectl.answers(Answer(["get"], listed()))
    environment = {"PATH": str(kubectl.folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kubectl_akslb", *arguments]
    subprocess.run(command, env=environment, capture_output=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL)
    calls = [tuple(call) for call in kubectl.calls if "/version" not in call and "namespaces" not in call]
    assert 5 == len(calls)
    assert len(set(calls)) == len(calls)
