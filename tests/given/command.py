"""Run a command in this process, as the entry does, and catch what it prints."""

import io
import os
import sys
from collections.abc import Mapping
from typing import NamedTuple
from unittest.mock import patch

from kubectl_akslb.cli.run import run

#: Nothing of the machine's own may colour or widen what a test compares.
ENVIRON = {"COLUMNS": "80", "NO_COLOR": "", "FORCE_COLOR": "", "TERM": "xterm"}


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """A standard stream, on a terminal or not."""

    def __init__(self, data: bytes = b"", *, tty: bool = False) -> None:
        self.bytes = io.BytesIO(data)
        self.tty = tty
        super().__init__(self.bytes, "utf-8", "backslashreplace", newline="\n", write_through=True)

    def isatty(self) -> bool:
        return self.tty


def akslb(
    *arguments: str,
    stdin: bytes | None = b"",
    tty: bool = False,
    environ: Mapping[str, str] | None = None,
    together: bool = False,
) -> Ran:
    """Run ``kubectl-akslb`` with *arguments*; *stdin* is None for a terminal, *tty* is about standard output.

    *together*, both streams are one, as ``2>&1`` makes them, and the errors are in what is printed.
    """
    given = _Stream(stdin or b"", tty=stdin is None)
    out = _Stream(tty=tty)
    err = out if together else _Stream()
    with (
        patch.dict(os.environ, {**ENVIRON, **(environ or {})}),
        patch.multiple(sys, stdin=given, stdout=out, stderr=err),
    ):
        code = run(list(arguments))
        out.flush()
        err.flush()
    return Ran(code, out.bytes.getvalue().decode(), err.bytes.getvalue().decode())


KUBECTL_AKSLB = (sys.executable, "-m", "kubectl_akslb")
