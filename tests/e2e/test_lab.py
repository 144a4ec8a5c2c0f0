"""The packet lab leaves nothing behind: no process, network, mount or file, when somebody stops it in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import record
from lab.packages import CACHE

VERSION = "v1.36.1"
ROOT = Path(__file__).parents[2]
SECONDS = 180.0

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def _needs() -> None:
    lacking = record.lacks()
    if lacking:
        pytest.skip(f"{lacking}; see lab/README.md")
    if not (CACHE / VERSION / "kube-proxy").exists():
        pytest.skip(f"lab/build {VERSION} builds the kube-proxy that this needs")


def descendants(process: int) -> Iterator[int]:
    """The processes that a process has started, and those that they have."""
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = path.read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from descendants(child)


def name_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""


def left_behind() -> tuple[object, ...]:
    """What the lab makes in namespaces of its own, as it is outside of them."""
    named = Path("/run/netns")
    return (
        sorted(Path("/proc/mounts").read_text().splitlines()),
        sorted(path.name for path in Path("/sys/class/net").iterdir()),
        sorted(path.name for path in named.iterdir()) if named.exists() else [],
        sorted(path.name for path in Path("/run").glob("lab-*")),
    )


@pytest.mark.parametrize(
    ("number", "terminal"),
    [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGKILL, False)],
    ids=["Ctrl-C in a terminal", "SIGINT to the recorder alone", "SIGTERM", "kill -9"],
)
def test_nothing_is_left_after_a_signal(tmp_path: Path, number: int, *, terminal: bool) -> None:
    before = left_behind()
    into = tmp_path / "recordings"
    command = ["-m", "lab.record", VERSION, "--mode=iptables", "--seed=1", "--count=2", f"--into={into}"]
    with (tmp_path / "log").open("wb") as log:
        started = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    until = time.monotonic() + SECONDS
    while not any(name_of(one) == "kube-apiserver" for one in descendants(started.pid)):
        assert started.poll() is None and time.monotonic() < until, (tmp_path / "log").read_text()
        time.sleep(0.2)
    family = list(descendants(started.pid))
    (os.killpg if terminal else os.kill)(started.pid, number)
    killed = number == signal.SIGKILL
    assert (-number if killed else 128 + number) == started.wait(SECONDS)
    while any(Path(f"/proc/{one}").exists() for one in family) and time.monotonic() < until:
        time.sleep(0.1)
    assert [] == [name_of(one) for one in family if Path(f"/proc/{one}").exists()]
    assert before == left_behind()
    assert not into.exists()
    assert killed or "stopped; nothing was written" in (tmp_path / "log").read_text()
