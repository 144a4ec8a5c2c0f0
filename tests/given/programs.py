"""Programs that stand in for kubectl and az: they answer by a table and write down what they were called with."""

import json
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

SCRIPT = """\
#!{python} -IS
import json, sys, time
folder = {folder!r}
arguments = sys.argv[1:]
with open(folder + "/calls", "a") as calls:
    calls.write(json.dumps(arguments) + "\\n")
with open(folder + "/answers.json") as file:
    answers = json.load(file)
for answer in answers:
    if all(word in arguments for word in answer["words"]):
        sys.stderr.write(answer["err"])
        sys.stderr.flush()
        time.sleep(answer["seconds"])
        sys.stdout.write(answer["out"])
        sys.exit(answer["code"])
sys.stderr.write("the test has no answer for " + " ".join(arguments) + "\\n")
sys.exit(70)
"""


class Answer(NamedTuple):
    """What the program says to a call that has all *words* among its arguments."""

    words: Sequence[str]
    out: str = ""
    err: str = ""
    code: int = 0
    seconds: float = 0


class FakeProgram:
    """A program on the PATH; the first answer that fits is given."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder / f"{name}-bin"
        self.folder.mkdir()
        script = self.folder / name
        script.write_text(SCRIPT.format(python=os.path.realpath(sys.executable), folder=str(self.folder)))
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        self._answers: list[dict[str, Any]] = []
        self._write()

    def answers(self, *answers: Answer) -> None:
        """Add answers; earlier ones go first."""
        self._answers += (answer._asdict() for answer in answers)
        self._write()

    def _write(self) -> None:
        (self.folder / "answers.json").write_text(json.dumps(self._answers))

    @property
    def calls(self) -> list[list[str]]:
        """The arguments of all calls, sorted: calls side by side have no order."""
        file = self.folder / "calls"
        return sorted(json.loads(line) for line in file.read_text().splitlines()) if file.exists() else []


def listed(*items: Mapping[str, Any]) -> str:
    """Objects as ``kubectl get -o json`` gives several."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
