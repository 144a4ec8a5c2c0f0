"""The pages of the documentation, and the commands that they tell a reader to run.

A block marked ``console`` holds commands behind ``$ ``, each with what it prints; one without any ``$ ``, and blocks
marked ``sh`` or ``bash``, hold commands only. In what is printed, a line ``…`` stands for any number of lines, and ``…``
in a line for any text.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ELLIPSIS = "…"
PROMPT = "$ "

_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,})(?P<language>\w*)")
_RUN = {"console", "sh", "bash"}


class Command(NamedTuple):
    """*text* is what bash reads; *shown* what it prints by the page, None where the page shows nothing."""

    line: int
    text: str
    shown: str | None


class Block(NamedTuple):
    """Commands that are run one after the other in one shell."""

    page: str
    line: int
    commands: tuple[Command, ...]

    @property
    def id(self) -> str:
        """``docs/install.md:12``."""
        return f"{self.page}:{self.line}"


def command_pages() -> list[Path]:
    """The pages that users read."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def all_pages() -> list[Path]:
    """All Markdown of the repository."""
    folders = [path for path in sorted(ROOT.iterdir()) if path.is_dir() and path.name not in {"build", "dist"}]
    inside = [page for folder in folders if folder.name[0] != "." for page in sorted(folder.rglob("*.md"))]
    return [*sorted(ROOT.glob("*.md")), *inside]


def blocks(page: Path) -> list[Block]:
    """The blocks of a page that hold commands."""
    name = page.relative_to(ROOT).as_posix()
    found = []
    for line, language, lines in fenced(page.read_text(encoding="utf-8")):
        commands = tuple(_commands(line + 1, lines)) if language in _RUN else ()
        if commands:
            found.append(Block(name, line, commands))
    return found


def fenced(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """The fenced blocks of Markdown: the line of the fence, the language, the lines between."""
    opened: re.Match[str] | None = None
    start, lines = 0, [""]
    for number, line in enumerate(text.split("\n"), 1):
        if opened is None:
            opened = _FENCE.match(line)
            start, lines = number, []
        elif line.strip() == opened["fence"]:
            yield start, opened["language"], lines
            opened = None
        else:
            lines.append(line.removeprefix(opened["indent"]))
    if opened is not None:
        message = f"line {start}: this block does not end"
        raise ValueError(message)


def _commands(first: int, lines: list[str]) -> Iterator[Command]:
    session = any(line.startswith(PROMPT) for line in lines)
    index = 0
    while index < len(lines):
        start = index
        text = lines[index].removeprefix(PROMPT)
        while text.endswith("\\") and index + 1 < len(lines):
            index += 1
            text += "\n" + lines[index]
        index += 1
        if not session:
            if text.strip() and not text.startswith("#"):
                yield Command(first + start, text, None)
            continue
        shown = []
        while index < len(lines) and not lines[index].startswith(PROMPT):
            shown.append(lines[index])
            index += 1
        yield Command(first + start, text, "\n".join(shown).strip("\n") or None)


def pattern(shown: str) -> str:
    """The regular expression of what a page shows."""
    lines = []
    for line in shown.split("\n"):
        if line.strip() == ELLIPSIS:
            lines.append(r"(?:.*\n)*?")
        else:
            lines.append(".*".join(re.escape(part) for part in line.rstrip().split(ELLIPSIS)) + r"\n")
    return "".join(lines)


def printed_as(shown: str, printed: str) -> bool:
    """Whether *printed* is what the page shows."""
    text = "\n".join(line.rstrip() for line in printed.strip("\n").split("\n")) + "\n"
    return re.fullmatch(pattern(shown), text) is not None
