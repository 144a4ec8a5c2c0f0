"""Histories of a new seed: those that agree are counted, and those that do not are shown."""

import json

import pytest

from conformance import held
from conformance.record import Recorder
from kubectl_akslb.provider.version import NEWEST
from tests.recorded.play import Answers

VERSION = f"v{NEWEST}"


def _recorder(ending: str) -> Recorder:
    """A provider that does what we say, but for the history whose name has this ending: there it refuses a step."""

    def answered(lines: str) -> str:
        found = []
        for case in map(json.loads, lines.splitlines()):
            answer = {"id": case["id"], **Answers(case).answer(VERSION)}
            if case["id"].endswith(ending):
                answer["errors"] = [*answer["errors"][:-1], "another error"]
            found.append(json.dumps(answer))
        return "\n".join(found)

    return answered


@pytest.mark.parametrize(
    ("ending", "code", "said"),
    [("none", 0, f"{VERSION}: 3 of 3 agree\n"), ("/2", 1, f"{VERSION}: 2 of 3 agree\n  word/2\n")],
)
def test_what_differs_is_shown(
    ending: str, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(held, "built", lambda _: _recorder(ending))
    assert code == held.main(["word", VERSION, "--count", "3"])
    assert capsys.readouterr().out.startswith(said)


def test_a_release_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == held.main(["word", "newest"])
    assert "hint: write it as v" in capsys.readouterr().err
