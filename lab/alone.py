"""Run a program of the lab once more in namespaces of its own, which end with it, so that nothing is left behind however it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

_INSIDE = "AKSLB_LAB_INSIDE"
#: --kill-child: with unshare all ends that was started below it; --pdeathsig: and unshare ends with who has started it.
_COMMAND = (
    *("setpriv", "--pdeathsig", "KILL"),
    *("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
)
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: Programs that this needs.
PROGRAMS = ("setpriv", "unshare")


class _StoppedError(Exception):
    """Somebody has stopped this program by a signal."""


def is_alone() -> bool:
    """Whether this process is the one in namespaces of its own."""
    return os.environ.get(_INSIDE) == "1"


def run_alone(module: str, arguments: Sequence[str]) -> int:
    """The exit status of *module* in a network, mount and process namespace of its own."""
    # Without the address of a proxy: nothing in there can reach one.
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    for number in _SIGNALS:
        signal.signal(number, _stop)
    # A session of its own, so that Ctrl-C comes here alone.
    started = subprocess.Popen(
        [*_COMMAND, sys.executable, "-m", module, *arguments],
        env={**environment, _INSIDE: "1"},
        start_new_session=True,
    )
    try:
        return started.wait()
    except _StoppedError as stopped:
        started.kill()
        started.wait()
        print("stopped; nothing was written", file=sys.stderr)
        return 128 + int(stopped.args[0])


def _stop(number: int, _: FrameType | None) -> None:
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_IGN)  # a second one would come in the middle of ending
    raise _StoppedError(number)
