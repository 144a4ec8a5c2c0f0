"""``explain --watch``: look again and again; on a terminal all of it in place, elsewhere a block for each change."""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING

from kubectl_akslb.edge.escape import clean, log_lines
from kubectl_akslb.edge.streams import OutputError, write_out
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.render.terminal import Terminal, fitted

if TYPE_CHECKING:
    from kubectl_akslb.pipeline import Explanation
    from kubectl_akslb.render.watched import Seen

_ENTER = "\x1b[?1049h\x1b[?25l"  # the other screen, without a cursor
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME, _TO_LINE_END, _TO_END = "\x1b[H", "\x1b[K", "\x1b[J"
_FRAME, _FRAME_END = "\x1b[?2026h", "\x1b[?2026l"  # shown when it is complete, where the terminal knows that
_TICK = 0.25


class Watch(NamedTuple):
    """How a look is taken, how it is shown, how many seconds are between two, and what terminal there is by now."""

    look: Callable[[], "Explanation"]
    show: Callable[["Explanation", Terminal], str]
    interval: float
    terminal: Callable[[], Terminal]
    clock: Callable[[], str] = lambda: time.strftime("%H:%M:%S")


class Looked(NamedTuple):
    """What the looks so far have come to: the last that told something, when, and what was different."""

    result: "Explanation"
    seen: "Mapping[str, Seen]"
    at: str
    changed: str = ""
    trouble: str = ""


class _EndedError(Exception):
    """Somebody has seen enough."""


def watch(how: Watch) -> None:
    """Look until somebody ends it; AkslbError where the first look fails, a later failure is told and got over."""
    gc.enable()  # the entry has switched it off: other commands are short
    looked = _looked(how, None)
    previous = signal.signal(signal.SIGTERM, _end)
    try:
        with suppress(KeyboardInterrupt, _EndedError):
            if sys.stdout is not None and sys.stdout.isatty():
                _on_terminal(how, looked)
            else:
                _on_pipe(how, looked)
    finally:
        signal.signal(signal.SIGTERM, previous)


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise _EndedError


def _looked(how: Watch, before: Looked | None) -> Looked:
    """One look more; where it fails, what was seen last stays."""
    from kubectl_akslb.render.watched import changes, seen

    try:
        result = how.look()
    except AkslbError as error:
        if before is None:
            raise
        return before._replace(trouble=error.message + (f" ({error.hint})" if error.hint else ""))
    at, found = how.clock(), seen(result)
    told = changes(before.seen, found) if before is not None else []
    changed = f"{at} {'; '.join(told)}" if told else before.changed if before is not None else ""
    return Looked(result, found, at, changed, "; ".join(problem.message for problem in result.problems))


# A pipe ----------------------------------------------------------------------------------------------------------


def _on_pipe(how: Watch, looked: Looked) -> None:
    """A block for the first look, and one for each that differs, under its time and what is different."""
    _write(_block(how, looked, f"{looked.at} first look, then every {how.interval:g} s"))
    while True:
        time.sleep(how.interval)
        before, looked = looked, _looked(how, looked)
        if looked.changed != before.changed:
            _write(_block(how, looked, looked.changed))
        elif looked.trouble != before.trouble:
            _write(log_lines(f"--- {how.clock()} {clean(looked.trouble) or 'the cluster answers again'}\n\n"))


def _block(how: Watch, looked: Looked, head: str) -> str:
    trouble = f"\n{clean(looked.trouble)}\n" if looked.trouble else ""
    return log_lines(f"--- {clean(head)}\n\n{how.show(looked.result, how.terminal())}{trouble}\n")


# A terminal ------------------------------------------------------------------------------------------------------


def _on_terminal(how: Watch, looked: Looked) -> None:
    """The last look on a screen of its own, each drawn over the one before; at the end it stays below the command."""
    _write(_ENTER)
    try:
        while True:
            drawn = _draw(how, looked)
            end = time.monotonic() + how.interval
            while (left := end - time.monotonic()) > 0:
                time.sleep(min(left, _TICK))
                if _size() != drawn:
                    drawn = _draw(how, looked)
            looked = _looked(how, looked)
    finally:
        _write(_LEAVE + log_lines(how.show(looked.result, how.terminal())) + f"\nlast look {looked.at}\n")


def _draw(how: Watch, looked: Looked) -> os.terminal_size:
    """The screen in one write, over what stands there: nothing is cleared first, so that nothing flickers."""
    size, terminal = _size(), how.terminal()
    head = [terminal.paint(_cut(f"last look {looked.at}, every {how.interval:g} s; Ctrl-C ends", size.columns), "dim")]
    if looked.changed:
        head.append(terminal.paint(_cut(f"changed   {looked.changed}", size.columns), "bold", "yellow"))
    if looked.trouble:
        text = f"at {how.clock()} it could not look: {looked.trouble}"
        head.append(terminal.paint(_cut(text, size.columns), "bold", "red"))
    lines = [*head, "", *how.show(looked.result, terminal).splitlines(), ""]
    rows = [line if at_end else line + _TO_LINE_END for line, at_end in fitted(lines, size.columns, max(size.lines, 1))]
    _write(_FRAME + _HOME + "\r\n".join(rows) + _TO_END + _FRAME_END)
    return size


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


def _size() -> os.terminal_size:
    try:
        return os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        return os.terminal_size((80, 24))


def _write(text: str) -> None:
    """*text* to standard output; who reads no more has seen enough."""
    try:
        write_out(text.encode("utf-8", "surrogateescape"))
    except OutputError as error:
        if error.left:
            raise _EndedError from None
        raise
