"""The part of the fast reader for block scalars, ``|`` and ``>``."""

import re

from kubectl_akslb.manifest.nodes import FOLDED, LITERAL, DeclinedError, Scalar, Style

_HEADER = re.compile(r"([|>])([+-]?)[ \t]*(?:(?<=[ \t])\#[^\r\n]*)?\r?\n")
_FIRST_LINE = re.compile(r"([ \r\n]*\n)?([ ]*)(?=[^ \r\n])")
_FOLD = re.compile(r"(?<=[^\n])\n(\n*)(?=[^\n])")
_BODIES: dict[int, re.Pattern[str]] = {}


def block_scalar(text: str, start: int, column: int) -> tuple[Scalar, int]:
    """The block scalar whose header stands at *start*, and the offset behind it; *column* is that of its parent.

    Declined are indentation indicators, scalars without content, lines of only spaces, a last line without line
    break, and folded scalars with lines that are indented further, which do not fold.
    """
    header = _HEADER.match(text, start)
    first = _FIRST_LINE.match(text, header.end()) if header else None
    if header is None or first is None or len(first[2]) <= column or " " in (first[1] or ""):
        raise DeclinedError
    end = _body_end(text, header.end(), len(first[2]))
    if text.startswith(first[2], end):
        raise DeclinedError
    content = text[header.end() : end]
    lines = [line[len(first[2]) :] for line in content.replace("\r\n", "\n").split("\n")]
    folded = header[1] == ">"
    if any(line[:1] == " " and (folded or not line.strip(" ")) for line in lines):
        raise DeclinedError
    last = header.end() + len(content.rstrip(" \r\n"))
    style: Style = FOLDED if folded else LITERAL
    return Scalar(_chomped(lines, header[2], folded=folded), style, start, last, editable=False), end


def _body_end(text: str, start: int, width: int) -> int:
    """The offset behind the lines from *start* that are blank or indented by *width*."""
    pattern = _BODIES.get(width)
    if pattern is None:
        # Bounded, and matched again: a group that repeats keeps memory for each time.
        pattern = _BODIES[width] = re.compile(rf"(?:[ ]{{{width}}}[^\r\n]*\r?\n|[ ]*\r?\n){{0,100}}")
    body = pattern.match(text, start)
    while body is not None and body.end() > start:
        start = body.end()
        body = pattern.match(text, start)
    return start


def _chomped(lines: list[str], chomping: str, *, folded: bool) -> str:
    """The value of a block scalar whose *lines* have lost their indentation."""
    whole = "\n".join(lines)
    body = whole.rstrip("\n")
    trailing = whole[len(body) :]
    if folded:
        body = _FOLD.sub(lambda breaks: breaks[1] or " ", body)
    return body + {"-": "", "": "\n", "+": trailing}[chomping]
