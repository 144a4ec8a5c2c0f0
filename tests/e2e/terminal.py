"""A program on a terminal of its own, such as a shell in which somebody presses Tab."""

import fcntl
import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence

_SECONDS = 30.0
"""What is not there by then does not come."""


class Session:
    """A program that was started on a terminal; everything that it writes is kept."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._terminal, end = pty.openpty()
        self._process = subprocess.Popen(
            command, env=environment, stdin=end, stdout=end, stderr=end, start_new_session=True,
            preexec_fn=_take,  # noqa: PLW1509 - there are no threads here
        )  # fmt: skip
        os.close(end)
        self.text = ""

    def type(self, keys: str, until: str) -> str:
        """Press *keys*, and give what is written then, up to and with *until*; AssertionError where it never comes."""
        start = len(self.text)
        os.write(self._terminal, keys.encode())
        end = time.monotonic() + _SECONDS
        while until not in self.text[start:] and time.monotonic() < end:
            if select.select([self._terminal], [], [], 0.2)[0]:
                self.text += os.read(self._terminal, 65536).decode("utf-8", "replace")
        assert until in self.text[start:], self.text
        return self.text[start:]

    def close(self) -> None:
        """End the program."""
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)


def _take() -> None:
    """The terminal on standard input becomes the one that the new session has; fish asks for that."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
