"""Histories of a new seed: those that agree are counted, and those that do not are shown."""

import json

import pytest

from conformance import held
from conformance.record import Recorder
from tests.recorded.play import Answers

VERSION = "v1.36.5"


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
    ("ending", "code", "said"), [("none", 0, "v1.36.5: 3 of 3 agree\n"), ("/2", 1, "v1.36.5: 2 of 3 agree\n  word/2\n")]
)
def test_what_differs_is_shown(
    ending: str, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(held, "built", lambda _: _recorder(ending))
    assert code == held.main(["word", "1.36.5", "--count", "3"])
    assert capsys.readouterr().out.startswith(said)


def test_a_release_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == held.main(["word", "newest"])
    assert "hint: write it as v1.36.5" in capsys.readouterr().err
