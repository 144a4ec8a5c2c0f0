"""Run programs side by side. Only this module starts a process; what to run is said in kubectl.py and az.py."""

import os
import sys
from collections.abc import Callable, Sequence
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from typing import NamedTuple

from kubectl_akslb.errors import AkslbError

LOGIN_SECONDS = 3.0
"""A program that has written to standard error and is still running after so long may be asking for a login."""


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
    """A program that was started; its output is collected while it runs."""

    def __init__(self, argv: Sequence[str], *, interactive: bool = False) -> None:
        self.argv = tuple(argv)
        self._out: list[bytes] = []
        self._err: list[bytes] = []
        self._shown = False
        try:
            # The arguments are a list: no shell reads them.
            self._process = Popen(  # noqa: S603
                self.argv,
                stdin=None if interactive and sys.stdin.isatty() else DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                env=_environment(),
            )
        except FileNotFoundError:
            raise NotInstalledError(f"{argv[0]} was not found") from None
        except OSError as error:
            raise AkslbError(f"{argv[0]} cannot be started: {error.strerror}") from None
        self._threads = (Thread(target=self._read_out, daemon=True), Thread(target=self._read_err, daemon=True))
        for thread in self._threads:
            thread.start()

    def _read_out(self) -> None:
        if self._process.stdout is not None:
            with self._process.stdout as stream:
                self._out.append(stream.read())

    def _read_err(self) -> None:
        if self._process.stderr is not None:
            with self._process.stderr as stream:
                for line in stream:
                    self._err.append(line)
                    if self._shown:
                        _show(line)
                    if _is_vain(line):
                        self._process.kill()

    def is_asking(self) -> bool:
        """Whether it is still running after LOGIN_SECONDS and has something to say to the person."""
        self._threads[0].join(LOGIN_SECONDS)
        if not self._threads[0].is_alive():
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

    def finished(self, timeout: float | None = None) -> Finished:
        """Wait for its end; after *timeout* seconds it is stopped, and its code is 124."""
        self._threads[0].join(timeout)
        late = self._threads[0].is_alive()
        if late:
            self.stop()
        for thread in self._threads:
            # What it started itself may live on and keep a pipe open.
            thread.join(1.0 if late else None)
        code = 124 if late else self._process.wait()
        return Finished(self.argv, code, b"".join(self._out), b"".join(self._err).decode("utf-8", "replace"))

    def stop(self) -> None:
        """End it, if it has not ended."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def _environment() -> dict[str, str] | None:
    """The environment of other programs: as it is, but without the libraries of a frozen build.

    Its start puts them first for itself and keeps what was there; az is Python and would take them for its own.
    """
    if not getattr(sys, "frozen", False):
        return None
    environment = dict(os.environ)
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
    sys.stderr.buffer.write(line)
    sys.stderr.buffer.flush()


_EARLY: dict[tuple[str, ...], Running] = {}


def start_early(commands: Sequence[Sequence[str]]) -> None:
    """Start what is going to be run: ``run_together`` takes it over if it comes to exactly this command."""
    try:
        for index, argv in enumerate(commands):
            _EARLY[tuple(argv)] = Running(argv, interactive=not index)
    except AkslbError:
        stop_early()  # run_together meets the same, and tells it


def stop_early() -> None:
    """End what was started and not taken over."""
    while _EARLY:
        _EARLY.popitem()[1].stop()


def run_together(
    commands: Sequence[Sequence[str]], meanwhile: Callable[[], object] | None = None
) -> tuple[Finished, ...]:
    """Run all commands side by side and *meanwhile* with them, and wait for all of them.

    The first may ask for a login, as the plugins of cloud providers do: then the others, which would ask for the same,
    are stopped, what it says is shown, and the others run after it.
    """
    running: list[Running] = []
    try:
        for index, argv in enumerate(commands):
            early = _EARLY.pop(tuple(argv), None)
            running.append(early if early is not None else Running(argv, interactive=not index))
        if meanwhile is not None:
            meanwhile()
        if running and running[0].is_asking():
            for other in running[1:]:
                other.stop()
            running[0].show()
            first = running[0].finished()
            running = [Running(argv) for argv in commands[1:]] if first.code == 0 else []
            return (first, *(one.finished() for one in running))
        return tuple(one.finished() for one in running)
    finally:
        for one in running:
            one.stop()
