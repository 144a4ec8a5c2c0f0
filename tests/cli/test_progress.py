"""The line for somebody who waits: only at a terminal, only after a second, and gone at the end."""

import io
import sys
import time

import pytest

from kubectl_akslb.cli import progress
from kubectl_akslb.cli.progress import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.01)


@pytest.mark.usefixtures("impatient")
def test_who_waits_is_told_what_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", seen := _Terminal())
    with Progress("reading") as one:
        while not seen.getvalue():
            time.sleep(0.01)
        one.now("deriving")
    assert "\r\x1b[Kreading …\r\x1b[Kderiving …\r\x1b[K" == seen.getvalue()


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
