"""Signals that end a program, as an exception that can wait until what was begun is finished."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType


class EndedError(Exception):
    """Somebody has ended the program; *number* is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by signal {number}")
        self.number = number

    @property
    def exit_code(self) -> int:
        """What a shell says of a program that the signal has ended."""
        return 128 + self.number


class Interrupts:
    """While its block runs, Ctrl-C, a hang-up and SIGTERM raise EndedError, unless they are ``held`` back."""

    def __init__(self) -> None:
        self._held = False
        self._received = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Interrupts":  # noqa: PYI034 - Self needs Python 3.11
        """Take the signals."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give them back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type] # it was the handler before

    def _take(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self._held:
            self._received = number
        else:
            raise EndedError(number)

    @contextmanager
    def held(self) -> Iterator[None]:
        """What comes meanwhile is raised at the end of the block."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._received:
            number, self._received = self._received, 0
            raise EndedError(number)
