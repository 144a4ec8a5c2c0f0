"""What a fix changes, as a unified diff that ``patch`` and ``git apply`` read."""

from collections.abc import Iterable
from difflib import unified_diff

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.fix.fixer import FixedFile
from kubectl_akslb.render.terminal import Terminal

_NO_NEWLINE = "\\ No newline at end of file\n"


def diff(files: Iterable[FixedFile], terminal: Terminal = Terminal()) -> str:  # noqa: B008 - it cannot change
    """The changes of all files. Lines keep their line breaks, so that a CR stays where it is; in colour they do not."""
    text = "".join(_of_file(file) for file in files if file.before != file.after)
    return "".join(f"{_painted(line, terminal)}\n" for line in text.splitlines()) if terminal.colours else text


def _painted(line: str, terminal: Terminal) -> str:
    if line.startswith(("--- ", "+++ ")):
        return terminal.paint(line, "bold")
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return terminal.paint(line, colour) if colour else clean(line)


def _of_file(file: FixedFile) -> str:
    old, new = (_lines(data) for data in (file.before, file.after))
    name = file.path.lstrip("/")
    lines = unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}" for line in lines)


def _lines(data: bytes) -> list[str]:
    """Lines at line feeds only: other characters that end a line for Python are part of one here."""
    text = data.decode("utf-8", "surrogateescape")
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
