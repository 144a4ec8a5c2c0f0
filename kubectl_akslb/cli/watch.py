"""``explain --watch``: look again and again; on a terminal all of it in place, elsewhere a block for each change."""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

from kubectl_akslb.edge.escape import clean, log_lines
from kubectl_akslb.edge.streams import OutputError, ToldTo, write_out
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.render.terminal import Terminal, cut, fitted, wrap

if TYPE_CHECKING:
    from kubectl_akslb.pipeline import Explanation
    from kubectl_akslb.render.watched import WatchedState

_ENTER = "\x1b[?1049h\x1b[?25l"  # the other screen, without a cursor
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME, _TO_LINE_END, _TO_END = "\x1b[H", "\x1b[K", "\x1b[J"
_FRAME, _FRAME_END = "\x1b[?2026h", "\x1b[?2026l"  # shown when it is complete, where the terminal knows that
_TICK = 0.25
_PATIENCE = 3
_MOST_LINES = 3
_MOST_HEARD = 4


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
    seen: "Mapping[str, WatchedState]"
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
    screen = _Screen(how, looked)
    _write(_ENTER)
    try:
        with ToldTo(screen.hear):
            while True:
                screen.draw()
                end = time.monotonic() + how.interval
                while (left := end - time.monotonic()) > 0:
                    time.sleep(min(left, _TICK))
                    screen.draw()
                screen.look()
    finally:
        looked = screen.looked
        _write(_LEAVE + log_lines(how.show(looked.result, how.terminal())) + f"\nlast look {looked.at}\n")


class _Screen:
    """What stands on the terminal; it is drawn while somebody looks, too, because a cluster may not answer."""

    def __init__(self, how: Watch, looked: Looked) -> None:
        self.looked = looked
        self._how = how
        self._heard: list[str] = []
        self._since: float | None = None
        self._drawn: tuple[object, ...] = ()
        self._shown: Looked | None = None

    def hear(self, text: str) -> None:
        """What others tell while somebody looks, such as how to log in."""
        self._heard += [line for line in text.splitlines() if line.strip() and line not in self._heard]

    def look(self) -> None:
        """One look more, with a sign of life where it takes long."""
        self._heard.clear()
        self._since = time.monotonic()
        with _at_each_tick(self.draw):
            self.looked = _looked(self._how, self.looked)
        self._since = None

    def draw(self) -> None:
        """The screen in one write, where anything on it is new; nothing is cleared first, so that nothing flickers."""
        size, terminal = _size(), self._how.terminal()
        head = self._head()
        if self._drawn == (size, head) and self._shown is self.looked:
            return
        self._drawn, self._shown = (size, head), self.looked
        lines = [row for text, *styles in head for row in _wrapped(terminal, text, size.columns, styles)]
        lines += ["", *self._how.show(self.looked.result, terminal).splitlines(), ""]
        rows = [line if full else line + _TO_LINE_END for line, full in fitted(lines, size.columns, max(size.lines, 1))]
        _write(_FRAME + _HOME + "\r\n".join(rows) + _TO_END + _FRAME_END)

    def _head(self) -> list[tuple[str, ...]]:
        """The lines above what was seen, each with its styles."""
        looked = self.looked
        head: list[tuple[str, ...]] = []
        head.append((f"last look {looked.at}, every {self._how.interval:g} s; Ctrl-C ends", "dim"))
        if looked.changed:
            head.append((f"changed   {looked.changed}", "bold", "yellow"))
        if looked.trouble:
            head.append((f"trouble   {looked.trouble}", "bold", "red"))
        if self._since is not None and (waited := int(time.monotonic() - self._since)) >= _PATIENCE:
            head.append((f"waiting   for {waited} s for an answer of the cluster", "bold", "red"))
            head += [(f"          {clean(line)}", "red") for line in self._heard[-_MOST_HEARD:]]
        return head


def _wrapped(terminal: Terminal, text: str, width: int, styles: Sequence[str]) -> list[str]:
    """A line of the head in at most three, below each other; the rest is on the screen anyhow."""
    label, rest = text[:10], text[10:]
    lines = wrap(rest, max(width - 10, 1))
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], cut(" ".join(lines[_MOST_LINES - 1 :]), max(width - 10, 1))]
    shown = [label + lines[0], *(" " * 10 + line for line in lines[1:])]
    return [terminal.paint(line[:width], *styles) for line in shown]


@contextmanager
def _at_each_tick(draw: Callable[[], None]) -> Iterator[None]:
    """Draw at each tick while the block waits for something; Windows has no signal for that."""
    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGALRM, lambda *_: draw())
    signal.setitimer(signal.ITIMER_REAL, _TICK, _TICK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


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
