"""Standard output and standard error: the terminal at hand, and errors with a caret."""

import os
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args

from kubectl_akslb.edge.escape import clean, log_lines
from kubectl_akslb.edge.streams import OutputError, finish, tell, tell_painted, write_manifests, write_out
from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.render.terminal import DEFAULT_WIDTH, MIN_WIDTH, Terminal, excerpt, wrap

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["tell"]  # commands say output.tell

EXIT_OK = 0
EXIT_FINDING = 1
EXIT_USAGE = 2
EXIT_INPUT = 3
EXIT_INTERNAL = 4


class WrongUsageError(AkslbError):
    """The command line asks for something that there is not: exit code 2, like typer's own errors."""


def exit_code(error: AkslbError) -> int:
    """The exit code that an error leads to."""
    return EXIT_USAGE if isinstance(error, WrongUsageError) else EXIT_INPUT


Colours = Literal["auto", "always", "never"]
"""What ``--color`` takes, as in kubectl's related: grep, ls, git."""
_KNOWN: tuple[Colours, ...] = get_args(Colours)


def terminal(wanted: Colours = "auto") -> Terminal:
    """The terminal behind standard output, as wide as COLUMNS says.

    Coloured if it is one, unless NO_COLOR is set, or where CLICOLOR_FORCE or FORCE_COLOR is; what is *wanted* wins.
    """
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return Terminal(_width(sys.stdout), _has_colours(wanted, is_terminal=is_terminal))


def _has_colours(wanted: str, *, is_terminal: bool) -> bool:
    if wanted != "auto":
        return wanted == "always"
    forced = any(os.environ.get(name, "") not in {"", "0"} for name in ("CLICOLOR_FORCE", "FORCE_COLOR"))
    return (is_terminal or forced) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def colours_in(arguments: Sequence[str]) -> Colours:
    """What ``--color`` says on a command line that may not be understood otherwise."""
    words = [*arguments, ""]
    given = [*(next_ for word, next_ in pairwise(words) if word == "--color")]
    given += [word.removeprefix("--color=") for word in arguments if word.startswith("--color=")]
    return next((known for known in _KNOWN for word in given[-1:] if word == known), "auto")


def _width(stream: "TextIO | None") -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns) > 0:
        return max(int(columns), MIN_WIDTH)
    if stream is not None and stream.isatty():
        try:
            return max(os.get_terminal_size(stream.fileno()).columns, MIN_WIDTH)
        except OSError:
            return DEFAULT_WIDTH
    return DEFAULT_WIDTH


def write(text: str) -> None:
    """*text* to standard output, in UTF-8 whatever the locale says.

    A reader who has seen enough, such as ``head``, is no error. OutputError where the text cannot be written.
    """
    try:
        write_out(text.encode("utf-8", "surrogateescape"))  # made fit for a terminal by whoever made it, colours in it
    except OutputError as error:
        if not error.left:
            raise


def show(text: str) -> None:
    """As ``write``, for what people read: no line of it is a command to a runner that reads the log."""
    write(log_lines(text))


def print_in(form: str, text: str) -> None:
    """A result in the format that was asked for: people read the one that is called text, programs all others."""
    (show if form == "text" else write)(text)


def write_whole(*parts: bytes) -> None:
    """Manifests and patches to standard output: here a reader who leaves has not got all, and that is an error."""
    write_manifests(*parts)


def ended(code: int) -> int:
    """The exit code of a command that ends with *code*, if what typer has printed itself went out too."""
    try:
        finish()
    except OutputError as error:
        if not error.left:
            report(error)
            return EXIT_INPUT
    return code


def report(error: AkslbError, wanted: Colours = "auto") -> None:
    """An error to standard error: where, what, the line with a caret, and the hint; wrapped where it is a terminal."""
    is_terminal = sys.stderr is not None and sys.stderr.isatty()
    colours = _has_colours(wanted, is_terminal=is_terminal)
    tell_painted(error_text(error, Terminal(_width_of_errors(), colours)) + "\n")


def note(texts: Iterable[str]) -> None:
    """Sentences to standard error, where standard output holds something for machines."""
    width = _width_of_errors()
    tell("".join(f"{line}\n" for text in texts for line in _hanging("note: ", clean(text), "  ", width)))


def _width_of_errors() -> int:
    """How wide errors may be: no line of a log is broken, so that whoever searches it finds whole messages."""
    is_terminal = sys.stderr is not None and sys.stderr.isatty()
    return _width(sys.stderr) if is_terminal else sys.maxsize


def report_all(errors: Iterable[AkslbError], wanted: Colours = "auto") -> None:
    """Every error, in order."""
    for error in errors:
        report(error, wanted)


def error_text(error: AkslbError, terminal: Terminal = Terminal(sys.maxsize)) -> str:  # noqa: B008 - it cannot change
    """``file:line:column: error: message``, the line and a caret under the place, then the hint."""
    place = ""
    if isinstance(error, InputError):
        place = clean(error.path or "<input>") + (f":{error.line}:{error.column}" if error.line else "") + ": "
    lines = _hanging(f"{place}error: ", clean(error.message), "  ", terminal.width)
    lines[0] = lines[0].replace(f"{place}error:", place + terminal.paint("error:", "bold", "red"), 1)
    if isinstance(error, InputError) and error.source_line:
        room = min(terminal.width - 4, _WIDEST_LINE)
        shown, caret = excerpt(error.source_line, error.column, 1, room)
        marks = caret.lstrip()
        lines += [f"  | {shown}", f"  | {caret.removesuffix(marks)}{terminal.paint(marks, 'bold', 'red')}"]
    if error.hint:
        first, *rest = _hanging("  hint: ", clean(error.hint), "        ", terminal.width)
        lines += [first.replace("hint:", terminal.paint("hint:", "bold"), 1), *rest]
    return "\n".join(lines)


_WIDEST_LINE = 100
"""More of a line of input is not shown: it may be a whole document."""


def _hanging(head: str, text: str, indent: str, width: int) -> list[str]:
    """*text* behind *head*, wrapped; what follows stands at *indent*."""
    if len(head) + len(text) <= width:
        return [head + text]
    first, *rest = wrap(head.lstrip() + text, width - len(indent))
    return [head[: len(head) - len(head.lstrip())] + first, *(indent + line for line in rest)]
