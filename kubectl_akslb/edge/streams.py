"""The standard streams. What goes to standard output goes there whole, or an error says that it did not.

With PYTHONUNBUFFERED, as many images have it, the stream of Python takes as much of a write as the system does, and
says how much that was only to who asks.
"""

import os
import sys

from kubectl_akslb.edge.escape import clean_lines, for_terminal, log_lines
from kubectl_akslb.errors import AkslbError, InputError

MAX_BYTES = 256 * 1024 * 1024
"""More is no manifest, and is not read."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from io import RawIOBase
    from typing import BinaryIO, TextIO


class OutputError(AkslbError):
    """Standard output has not taken everything; *left* says that its reader had enough, as ``head`` has."""

    def __init__(self, message: str, hint: str = "", *, left: bool = False) -> None:
        super().__init__(message, hint)
        self.left = left


def write_out(*parts: "bytes | memoryview") -> None:
    """*parts* to standard output, all of their bytes; OutputError where it does not take them."""
    if sys.stdout is None:
        raise OutputError("standard output is closed", hint="leave it open, or redirect it to a file")
    try:
        sys.stdout.flush()
        for part in parts:
            _write_all(_raw(sys.stdout), part)
    except OSError as error:
        discard()
        left = isinstance(error, BrokenPipeError)
        message = f"cannot write to standard output: {error.strerror or error}"
        raise OutputError(message, hint="what was written so far is not complete", left=left) from None


def write_manifests(*parts: "bytes | memoryview") -> None:
    """Manifests and patches to standard output, byte for byte; on a terminal without what acts on it."""
    if sys.stdout is not None and sys.stdout.isatty():
        write_out(*(for_terminal(bytes(part)) for part in parts))
    else:
        write_out(*parts)


def finish() -> None:
    """Send out what others have printed; OutputError where that fails."""
    if sys.stdout is not None:
        write_out()


def tell(text: str) -> None:
    """*text* to standard error, as far as anybody is there to be told; the exit code says the rest."""
    tell_painted(clean_lines(text))


def tell_painted(text: str) -> None:
    """As ``tell``, of text that whoever made it has made fit for a terminal: it has colours."""
    if _Passing.listener is not None:
        _Passing.listener(text)
        return
    _tell(_clear() + log_lines(text))


def tell_passing(text: str) -> None:
    """A line that stands on the terminal of standard error until something else is told there; "" takes it away."""
    if _Passing.listener is not None:
        return
    cleared = _clear()
    _Passing.there = bool(text)
    _tell(cleared + clean_lines(text))


class ToldTo:
    """While it lasts, who draws on the terminal of standard error hears what is told, which would scroll that away."""

    def __init__(self, listener: "Callable[[str], None]") -> None:
        self._listener = listener

    def __enter__(self) -> None:
        """From here on, where standard error is a terminal; a file gets what it always gets."""
        if sys.stderr is not None and sys.stderr.isatty():
            _Passing.listener = self._listener

    def __exit__(self, *_: object) -> None:
        """As it was."""
        _Passing.listener = None


class _Passing:
    """Whether such a line stands there now, and who hears what is told: the terminal is one, whoever writes to it."""

    there = False
    listener: "Callable[[str], None] | None" = None


def _clear() -> str:
    there, _Passing.there = _Passing.there, False
    return "\r\x1b[K" if there else ""


def _tell(text: str) -> None:
    if sys.stderr is None:
        return
    try:
        sys.stderr.flush()
        _write_all(_raw(sys.stderr), text.encode("utf-8", "backslashreplace"))
    except OSError:
        return


def read_in(limit: int = MAX_BYTES) -> bytes | None:
    """The bytes of standard input; None where nothing can be read from it. InputError where there are too many."""
    if sys.stdin is None or sys.stdin.isatty():
        return None
    try:
        return bounded(sys.stdin.buffer, "<stdin>", limit)
    except OSError as error:
        raise AkslbError(f"cannot read standard input: {error.strerror}", hint="pipe a manifest in") from None


def bounded(file: "BinaryIO", name: str, limit: int) -> bytes:
    """The bytes of a file that is open; InputError where there are more than *limit*."""
    data = file.read(limit + 1)
    if data is None:
        raise AkslbError(f"cannot read {name}: it does not wait for data", hint="give a pipe or a file that does")
    if len(data) > limit:
        hint = "Name the manifest itself, or split it."
        raise InputError(f"there are more than {limit:,} bytes, which are not read", path=name, hint=hint)
    return data


def _raw(stream: "TextIO") -> "RawIOBase":
    """The stream below Python's buffer, if there is one: it alone says how much it took."""
    raw: RawIOBase = getattr(stream.buffer, "raw", stream.buffer)  # type: ignore[arg-type] # it may have none below
    return raw


def _write_all(raw: "RawIOBase", data: "bytes | memoryview") -> None:
    view = memoryview(data)
    while view:
        taken = raw.write(view)
        if taken is None:  # it does not block, and cannot take anything now
            from select import select

            select([], [raw], [])
        else:
            view = view[taken:]


def discard() -> None:
    """Let what is still buffered go nowhere: the interpreter would fail on it once more when it ends."""
    if sys.stdout is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
