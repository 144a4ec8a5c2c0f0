"""The errors that reach a person: what is wrong, where, and what to do next."""

from collections.abc import Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes longer to import than the post-renderer takes for most streams
    from typing import NoReturn


class AkslbError(Exception):
    """Something the person at the terminal can put right.

    *hint* is one sentence that says what to do next; the command line prints it on a line of its own.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(AkslbError):
    """Input that cannot be read, with the place where reading stopped.

    *line* and *column* count from 1; *source_line* is the text of that line, for the caret.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str = "",
        line: int = 0,
        column: int = 0,
        source_line: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.path = path
        self.line = line
        self.column = column
        self.source_line = source_line


def nearest(word: str, known: Iterable[str], count: int = 1) -> tuple[str, ...]:
    """The known words that *word* may have been meant for, the most similar first, without regard to case."""
    from difflib import get_close_matches

    by_case = {one.lower(): one for one in reversed(tuple(known))}
    return tuple(by_case[one] for one in get_close_matches(word[:60].lower(), list(by_case), count, cutoff=0.6))


def did_you_mean(word: str, known: Iterable[str], count: int = 1) -> str:
    """The question that suggests similar words, "" where there is none."""
    close = nearest(word, known, count)
    return f"Did you mean {' or '.join(close)}?" if close else ""


def assert_never(value: "NoReturn") -> "NoReturn":
    """End a choice among the members of an enum or a Literal: mypy proves that none is left. Python 3.11 has it too."""
    raise AssertionError(value)
