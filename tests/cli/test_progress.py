"""The line for somebody who waits: only at a terminal, only after a second, and gone at the end."""

import io
import sys
import time

import pytest

from kubectl_akslb.cli import progress
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.edge.streams import tell


class _Terminal(io.TextIOWrapper):
    def __init__(self) -> None:
        self.written = io.BytesIO()
        super().__init__(self.written)

    def isatty(self) -> bool:
        return True

    def getvalue(self) -> str:
        return self.written.getvalue().decode()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.01)


@pytest.mark.usefixtures("impatient")
def test_who_waits_is_told_what_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", seen := _Terminal())
    with Progress("reading") as one:
        _until_said(seen)
        one.now("deriving")
    assert "reading …\r\x1b[Kderiving …\r\x1b[K" == seen.getvalue()


@pytest.mark.usefixtures("impatient")
def test_what_is_told_meanwhile_has_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", seen := _Terminal())
    with Progress("reading") as one:
        _until_said(seen)
        tell("waiting for a manifest\n")
        one.now("deriving")
    assert "reading …\r\x1b[Kwaiting for a manifest\nderiving …\r\x1b[K" == seen.getvalue()


def _until_said(seen: _Terminal) -> None:
    until = time.monotonic() + 20
    while not seen.getvalue() and time.monotonic() < until:
        time.sleep(0.01)


@pytest.mark.usefixtures("impatient")
def test_nothing_is_said_to_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", seen := io.StringIO())
    with Progress("reading"):
        time.sleep(0.1)
    assert not seen.getvalue()


def test_nothing_is_said_where_it_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", seen := _Terminal())
    with Progress("reading") as one:
        one.now("deriving")
    assert not seen.getvalue()
