"""What is being done, for who waits at a terminal: a line on standard error after a second, gone at the end."""

import sys
from types import TracebackType

from kubectl_akslb.edge.streams import tell_passing

_PATIENCE = 1.0


class Progress:
    """Says what is done while its block runs, where standard error is a terminal and it takes longer than a second."""

    def __init__(self, doing: str) -> None:
        self.doing = doing
        self._shown = False
        self._timer: object = None

    def __enter__(self) -> "Progress":  # noqa: PYI034 - Self needs Python 3.11
        """Begin to wait."""
        if sys.stderr is not None and sys.stderr.isatty():
            from threading import Timer

            timer = Timer(_PATIENCE, self._show)
            timer.daemon = True
            timer.start()
            self._timer = timer
        return self

    def now(self, doing: str) -> None:
        """What is done from here on."""
        self.doing = doing
        if self._shown:
            self._show()

    def _show(self) -> None:
        self._shown = True
        tell_passing(f"{self.doing} …")

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the line away."""
        if self._timer is not None:
            self._timer.cancel()  # type: ignore[attr-defined] # a Timer; its module costs start-up time
        if self._shown:
            tell_passing("")
