"""Run programs side by side. Only this module starts a process; what to run is said in kubectl.py and az.py."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from threading import Thread
from time import monotonic

from kubectl_akslb.edge.streams import tell
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.named_tuple import NamedTuple

LOGIN_SECONDS = 3.0
"""A program that has written to standard error and is still running after so long may be asking for a login."""


SECONDS = 120.0
"""So long a program may take in which nobody logs in; --request-timeout of kubectl is for shorter waits."""

LOGIN_LIMIT = 900.0
"""So long a login may take: a code for the browser is valid for a quarter of an hour."""

GRACE = 2.0
"""So long is waited for output when a program has ended: what it started itself may live on and hold the pipe."""

MAX_OUT = 256 * 1024 * 1024
MAX_ERR = 1024 * 1024
"""More output ends a program; of more on standard error only the beginning is kept."""

_LATE, _TOO_MUCH = 124, 125
_CHUNK = 1 << 16
_TIMEOUTS = (b"i/o timeout", b"Client.Timeout", b"context deadline exceeded", b"TLS handshake timeout")


class Finished(NamedTuple):
    """A program that has ended: what it was called with, and what it said."""

    argv: tuple[str, ...]
    code: int
    out: bytes
    err: str


class NotInstalledError(AkslbError):
    """The program is not there."""


class Running:
    """A program that was started; its output is collected while it runs.

    Where nobody can be asked for a login it runs in a session of its own, so that it ends with all that it started.
    *feed* is its standard input; without it there is none.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        interactive: bool = False,
        feed: bytes | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.argv = tuple(argv)
        self._out: list[bytes] = []
        self._err: list[bytes] = []
        self._shown = self._too_much = False
        asks = interactive and sys.stdin is not None and sys.stdin.isatty()
        self._session = not asks and os.name == "posix"
        program = located(argv[0])
        if program is None:
            raise NotInstalledError(f"{argv[0]} was not found")
        try:
            # The arguments are a list: no shell reads them.
            self._process = Popen(  # noqa: S603 - its callers give lists, and the PATH is searched by us
                (program, *self.argv[1:]),
                stdin=None if asks else DEVNULL if feed is None else PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=_environment(variables),
                start_new_session=self._session,
            )
        except FileNotFoundError:
            raise NotInstalledError(f"{argv[0]} was not found") from None
        except OSError as error:
            raise AkslbError(f"{argv[0]} cannot be started: {error.strerror}") from None
        self._threads = (Thread(target=self._read_out, daemon=True), Thread(target=self._read_err, daemon=True))
        for thread in self._threads:
            thread.start()
        if feed is not None:
            Thread(target=self._write, args=(feed,), daemon=True).start()

    def _write(self, feed: bytes) -> None:
        if self._process.stdin is None:
            return
        with suppress(OSError), self._process.stdin as stream:  # it may have ended, or read enough
            stream.write(feed)

    def _read_out(self) -> None:
        if self._process.stdout is None:
            return
        size = 0
        with self._process.stdout as stream:
            while data := os.read(stream.fileno(), _CHUNK):
                size += len(data)
                if size > MAX_OUT:
                    self._too_much = True
                    self._out.clear()
                    self._kill()
                    return
                self._out.append(data)

    def _read_err(self) -> None:
        if self._process.stderr is None:
            return
        size = 0
        with self._process.stderr as stream:
            while line := stream.readline(_CHUNK):
                size += len(line)
                if size <= MAX_ERR:
                    self._err.append(line)
                    if self._shown:
                        _show(line)
                if _is_vain(line):
                    self._kill()

    def is_asking(self) -> bool:
        """Whether it is still running after LOGIN_SECONDS and has something to say to the person."""
        self._threads[0].join(LOGIN_SECONDS)
        if not self._threads[0].is_alive() or self._process.poll() is not None:
            return False
        said = not all(_is_log(line) for line in tuple(self._err))
        if not said and sys.stderr is not None and sys.stderr.isatty():
            _show(f"waiting for {self.argv[0]} ...\n".encode())
        return said

    def show(self) -> None:
        """Pass on what it writes to standard error, from the start."""
        self._shown = True
        for line in tuple(self._err):
            _show(line)

    def finished(self, timeout: float = SECONDS) -> Finished:
        """Wait for its end; after *timeout* seconds it is stopped, and its code is 124."""
        try:
            code = self._process.wait(timeout)
        except TimeoutExpired:
            self.stop()
            code = _LATE
        for thread in self._threads:
            thread.join(GRACE)
        if self._session and any(thread.is_alive() for thread in self._threads):
            self._kill()  # what it started and left behind
        err = b"".join(tuple(self._err)).decode("utf-8", "replace")
        if self._too_much:
            return Finished(self.argv, _TOO_MUCH, b"", f"{err}\nerror: it wrote more than {MAX_OUT:,} bytes\n")
        return Finished(self.argv, code, b"".join(tuple(self._out)), err)

    def stop(self) -> None:
        """End it, and what it started, if it has not ended."""
        if self._process.poll() is None:
            self._kill()
            self._process.wait()

    def _kill(self) -> None:
        if not self._session:
            self._process.kill()
            return
        from signal import SIGKILL

        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, SIGKILL)


def located(program: str) -> str | None:
    """The path of a program: from the PATH, of which only absolute folders count, never from the current folder."""
    if os.path.dirname(program):  # noqa: PTH120 - pathlib would cost start-up time
        return program
    suffixes = os.environ.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").split(os.pathsep) if os.name == "nt" else [""]
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if os.path.isabs(folder):  # noqa: PTH117 - as above
            for suffix in suffixes:
                path = os.path.join(folder, program + suffix)  # noqa: PTH118 - as above
                if os.path.isfile(path) and os.access(path, os.X_OK):  # noqa: PTH113 - as above
                    return path
    return None


def _environment(variables: Mapping[str, str] | None = None) -> dict[str, str] | None:
    """The environment of other programs: as it is, with *variables*, but without the libraries of a frozen build.

    Its start puts them first for itself and keeps what was there; az is Python and would take them for its own.
    """
    if not getattr(sys, "frozen", False):
        return None if variables is None else {**os.environ, **variables}
    environment = {**os.environ, **(variables or {})}
    before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    environment.pop("LD_LIBRARY_PATH", None)
    return environment if before is None else environment | {"LD_LIBRARY_PATH": before}


def _is_log(line: bytes) -> bool:
    """Whether a line is of klog, such as ``E1121 08:54:24 ...``: kubectl logs its retries so."""
    return line[:1] in (b"E", b"W", b"I") and line[1:5].isdigit()


def _is_vain(line: bytes) -> bool:
    """Whether kubectl has waited in vain for a connection, and is going to do so four times more."""
    return _is_log(line) and b"API group list" in line and any(reason in line for reason in _TIMEOUTS)


def _show(line: bytes) -> None:
    tell(line.decode("utf-8", "replace"))


def run_together(
    commands: Sequence[Sequence[str]],
    meanwhile: Callable[[], object] | None = None,
    *,
    logs_in: Callable[[Finished], bool] | None = None,
) -> tuple[Finished, ...]:
    """Run all commands side by side and *meanwhile* with them, and wait for all of them.

    The first may ask for a login, as the plugins of cloud providers do: then the others, which would ask for the same,
    are stopped, what it says is shown, and the others run after it. *logs_in* is given where each of them starts such a
    plugin, which may take long without a word: then the first runs alone, and the others if it says of the first that
    it has got through.
    """
    running: list[Running] = []
    try:
        for index, argv in enumerate(commands[:1] if logs_in is not None else commands):
            running.append(Running(argv, interactive=not index))
        if meanwhile is not None:
            meanwhile()
        asking = bool(running) and running[0].is_asking()
        if running and (asking or logs_in is not None):
            for other in running[1:]:
                other.stop()
            if asking:
                running[0].show()
            first = running[0].finished(LOGIN_LIMIT)
            through = first.code == 0 or (logs_in is not None and logs_in(first))
            running = [Running(argv) for argv in commands[1:]] if through else []
            return (first, *(one.finished() for one in running))
        end = monotonic() + SECONDS  # for all of them together
        return tuple(one.finished(max(end - monotonic(), 0.0)) for one in running)
    finally:
        for one in running:
            one.stop()
