"""Programs that stand in for kubectl and az: they answer by a table and write down what they were called with."""

import json
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

#: Between words, where one is looked for among all.
GAP = "\x1f"
#: A call is one write, so that calls side by side do not mix: each word with a NUL behind it, and a line's end as the last.
HEAD = f"""\
#!/bin/sh
PATH=/usr/bin:/bin
cd {{folder}}
printf '%s\\0' "$@" '
' >> calls
IFS={quote(GAP)}
given="{GAP}$*{GAP}"
has() {{{{ for word do case $given in *"{GAP}$word{GAP}"*) ;; *) return 1 ;; esac; done; }}}}
"""
TAIL = """\
IFS=' '
echo "the test has no answer for $*" >&2
exit 70
"""


class Answer(NamedTuple):
    """What the program says to a call that has all *words* among its arguments."""

    words: Sequence[str]
    out: str = ""
    err: str = ""
    code: int = 0
    seconds: float = 0


class FakeProgram:
    """A program on the PATH; the first answer that fits is given.

    It is a shell script, which starts in a tenth of the time of Python: the tests call it a thousand times.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder / f"{name}-bin"
        self.folder.mkdir()
        self._script = self.folder / name
        self._answers: list[Answer] = []
        self.answers()

    def answers(self, *answers: Answer) -> None:
        """Add answers; earlier ones go first."""
        for number, answer in enumerate(answers, len(self._answers)):
            (self.folder / f"{number}.out").write_text(answer.out)
        self._answers += answers
        parts = "".join(self._part(number, answer) for number, answer in enumerate(self._answers))
        self._script.write_text(HEAD.format(folder=quote(str(self.folder))) + parts + TAIL)
        self._script.chmod(self._script.stat().st_mode | stat.S_IXUSR)

    def change(self, number: int, **fields: Any) -> None:
        """Give another answer in the place of one."""
        others = [one._replace(**fields) if place == number else one for place, one in enumerate(self._answers)]
        self.forget()
        self.answers(*others)

    def forget(self) -> None:
        """Take all answers away."""
        self._answers.clear()

    @staticmethod
    def _part(number: int, answer: Answer) -> str:
        does = [
            f"printf %s {quote(answer.err)} >&2" if answer.err else "",
            # Whoever ends the program must not wait for this one.
            f"sleep {answer.seconds} < /dev/null > /dev/null 2>&1" if answer.seconds else "",
            f"cat {number}.out" if answer.out else "",
            f"exit {answer.code}",
        ]
        return f"if has {' '.join(map(quote, answer.words))}; then\n  " + "\n  ".join(filter(None, does)) + "\nfi\n"

    @property
    def calls(self) -> list[list[str]]:
        """The arguments of all calls, sorted: calls side by side have no order."""
        file = self.folder / "calls"
        return sorted(_calls(file.read_text())) if file.exists() else []


def _calls(text: str) -> Iterator[list[str]]:
    words: list[str] = []
    for word in text.split("\0")[:-1]:
        if word == "\n":
            yield words
            words = []
        else:
            words.append(word)


def listed(*items: Mapping[str, Any]) -> str:
    """Objects as ``kubectl get -o json`` gives several."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
