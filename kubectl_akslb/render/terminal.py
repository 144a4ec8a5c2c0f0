"""Lines for a terminal: colours where they are wanted, and wrapping to its width."""

from collections.abc import Iterable, Sequence

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.named_tuple import NamedTuple

MIN_WIDTH = 40
DEFAULT_WIDTH = 80

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Terminal(NamedTuple):
    """How wide the output may be, and whether it may have colours.

    *uid* is the placeholder of the UID of the Service at hand; it is shortened, because it stands in every name.
    """

    width: int = DEFAULT_WIDTH
    colours: bool = False
    uid: str = ""

    def paint(self, text: str, *styles: str) -> str:
        """*text* in these styles, or as it is where there are no colours."""
        text = clean(text)
        if not self.colours or not styles or not text:
            return text
        codes = ";".join(_CODES[style] for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def shorten(self, text: str) -> str:
        """*text* made fit for a terminal, with the UID's placeholder in short."""
        return clean(text.replace(self.uid, "<uid>") if self.uid else text)

    def verbatim(self, indent: int, label: str, text: str, column: int, *styles: str) -> str:
        """*text* at *column* under a label, in one line however long it is: something to copy."""
        pad = max(column - indent - len(label), 1)
        return " " * indent + self.paint(label, *styles) + " " * pad + clean(text)

    def labelled(self, indent: int, label: str, text: str, column: int, *styles: str) -> list[str]:
        """*text* at *column* under a label that stands at *indent*, wrapped; *styles* are those of the label."""
        text = self.shorten(text)
        pad = max(column - indent - len(label), 1 if label else 0)
        lines = wrap(text, max(self.width - column, MIN_WIDTH // 2))
        painted = " " * indent + self.paint(label, *styles) + " " * pad
        return [painted + lines[0], *(" " * column + line for line in lines[1:])]


def wrap(text: str, width: int) -> list[str]:
    """*text* in lines of at most *width* characters, broken at blanks; a longer word keeps a line of its own.

    So does a command that is pasted in one piece.
    """
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _words(text: str) -> list[str]:
    """The words of *text*; a command with options, or one in quotes, is one of them, and so is a placeholder."""
    if "kubectl " not in text and "az " not in text and " of " not in text:
        return text.split(" ")
    import re

    words: list[str] = []
    at = 0
    for found in re.finditer(_COMMAND, text):
        words += text[at : found.start()].removesuffix(" ").split(" ") if text[at : found.start()].strip() else []
        words.append(found[0])
        at = found.end() + 1
    return words + text[at:].split(" ") if at <= len(text) else words


_PLACEHOLDER = r"[^\s/]*<\w+ of [^<> ]+>\S*(?=\s|$)"
_COMMAND = (
    rf"(?<!\S)(?:{_PLACEHOLDER}|'(?:kubectl|az) [^']*'\S*"
    r"|(?:kubectl|az) (?:(?![;,.] | kubectl |; ).)*? -(?:(?![;,] ).)*[;,]?)(?=\s|$)"
)


def cut(text: str, room: int) -> str:
    """*text* in one line of at most *room* characters, without the words that have no room."""
    if len(text) <= room:
        return text
    kept = text[: max(room - 1, 0)]
    whole = kept.rpartition(" ")[0].rstrip(" ,;:(") or kept  # a first word that is too long is all there is
    return f"{whole} …" if len(whole) + 2 <= room else f"{whole}…"


def excerpt(line: str, column: int, length: int, room: int) -> tuple[str, str]:
    """A line of input, and the carets below the *length* characters that begin at *column*.

    Of a line that has no room, the part around that place, without its indentation.
    """
    line = line.replace("\t", " ")
    at = max(column - 1, 0)
    if cells(clean(line)) > room:
        indent = min(len(line) - len(line.lstrip()), at)
        line, at = line[indent:], at - indent
    start = 0
    if cells(clean(line)) > room and cells(clean(line[: at + length])) >= room:
        start = max(at + min(length, room // 2) - room * 3 // 5, 1)
    lead = "…" if start else ""
    end = len(line)
    while cells(lead + clean(line[start:end])) > room - (end < len(line)) and end > start:
        end -= 1
    shown = lead + clean(line[start:end]) + ("…" if end < len(line) else "")
    before = cells(lead + clean(line[start:at])) if at <= end else cells(shown)
    marked = cells(clean(line[at : min(at + length, end)]))
    return shown, " " * before + "^" * max(marked, 1)


def table(rows: Iterable[tuple[str, ...]], indent: int, widest: int = 44) -> list[str]:
    """Rows in columns; a cell wider than *widest* does not widen its column."""
    rows = list(rows)
    if not rows:
        return []
    count = max(len(row) for row in rows)
    widths = [
        max((len(row[i]) for row in rows if i < len(row) and len(row[i]) <= widest), default=0) for i in range(count)
    ]
    return [
        (" " * indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))).rstrip()
        for row in rows
    ]


def grid(rows: Sequence[Sequence[str]], indent: int, width: int, most: Sequence[int]) -> list[str]:
    """Rows in columns, each cell wrapped in its column; the last column has what is left of *width*.

    *most* is the widest that each of the other columns may be. A word that is wider than its column takes the place to
    the end of its line, and what comes after stands below: no word is broken.
    """
    widths = [
        max((len(line) for row in rows for line in wrap(row[i], widest) if len(line) <= widest), default=0)
        for i, widest in enumerate(most)
    ]
    last = max(width - indent - sum(widths) - 2 * len(widths), MIN_WIDTH // 2)
    lines = []
    for row in rows:
        columns = [wrap(cell, room) for cell, room in zip(row, (*widths, last), strict=True)]
        for number in range(max(map(len, columns))):
            lines += _line([column[number] if number < len(column) else "" for column in columns], widths, indent)
    return lines


def _line(cells: Sequence[str], widths: Sequence[int], indent: int) -> list[str]:
    """One line of cells; two or more where a cell is wider than its column."""
    lines, line, at = [], " " * indent, indent
    for cell, width in zip(cells, (*widths, 0), strict=True):
        if cell and len(line) > at:
            lines.append(line.rstrip())
            line = ""
        line = line.ljust(at) + cell
        at += width + 2
    return [*lines, line.rstrip()] if line.strip() else lines


def cells(text: str) -> int:
    """How many columns of a terminal *text* takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def fitted(lines: Sequence[str], width: int, height: int) -> list[tuple[str, bool]]:
    """As many *lines* as a terminal has room for, each with whether it ends at the edge; the last counts the others.

    A line that is wider than the terminal takes several of its rows.
    """
    import re

    shown: list[tuple[str, bool]] = []
    rows: list[int] = []
    for line in lines:
        taken = cells(re.sub(r"\x1b\[[\d;]*m", "", line))
        shown.append((line, taken > 0 and taken % width == 0))
        rows.append(max(-(-taken // width), 1))
    if sum(rows) <= height:
        return shown
    while shown and sum(rows) > height - 1:
        shown.pop()
        rows.pop()
    more = f"… {len(lines) - len(shown):,} more lines"
    return [*shown, (more[: max(width - 1, 0)], False)]
