"""What many documents of a stream say alike is read once: ports, annotations, labels that are written in the same way.

A document that begins with keys at the margin is cut before each of them, and what stands below ``metadata``, ``spec``
and the like before each of theirs. A piece is known by its text, or read by ``reader``; joined, the pieces say what the
document says. Where one of them is not read for certain, the document is read as a whole.
"""

import re
from functools import cache
from typing import Final

from kubectl_akslb.manifest.nodes import Mapping
from kubectl_akslb.manifest.reader import read
from kubectl_akslb.manifest.scalars import NotPlainDataError, plain

#: What may stand in front of the first key: the line that begins a document, comments, and nothing.
_HEAD: Final = r"(?:---[ ]*\n)?(?:[ ]*(?:#[^\r\n]*)?\n){0,100}(?=[A-Za-z])"
#: Keys that hold a mapping of which some is the same in many documents, on a line of their own.
_OPENED: Final = r"(metadata|spec|annotations|labels):\n(?=([ ]+)[A-Za-z])"
_MOST_KNOWN = 1 << 14
_DEEPEST = 3
"""So far down documents are cut: the annotations of an object, and the labels."""


@cache
def _head() -> "re.Pattern[str]":
    return re.compile(_HEAD)


@cache
def _opened() -> "re.Pattern[str]":
    return re.compile(_OPENED)


@cache
def _before_key(column: int) -> "re.Pattern[str]":
    """The end of the line in front of a key at *column*."""
    return re.compile(rf"\n(?=[ ]{{{column}}}[A-Za-z])")


class Repeated:
    """The pieces of the documents of one stream that were read so far, by their text."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str, dict[str, object]] = {}

    def data(self, text: str) -> tuple[dict[str, object], int] | None:
        """The data of a document, and where its first key stands; None where it has to be read as a whole.

        What it holds may be the same object as in another document: nothing of it is ever changed.
        """
        head = _head().match(text)
        found = self._mapping(text[head.end() :], 0, 1) if head is not None else None
        return (found, head.end()) if head is not None and found is not None else None

    def _mapping(self, text: str, column: int, depth: int) -> dict[str, object] | None:
        """The mapping in *text*, whose keys stand at *column*."""
        data: dict[str, object] = {}
        *pieces, last = _before_key(column).split(text)
        count = 0
        for piece in (*(f"{one}\n" for one in pieces), last):
            found = self._known.get(piece)
            if found is None:
                found = self._piece(piece, column, depth)
                if found is None:
                    return None
                if len(self._known) == _MOST_KNOWN:
                    self._known.clear()
                self._known[piece] = found
            data.update(found)
            count += len(found)
        return data if len(data) == count else None  # a key that stands twice is for the whole to tell

    def _piece(self, piece: str, column: int, depth: int) -> dict[str, object] | None:
        """What stands below one key, by that key."""
        opened = _opened().match(piece, column)
        if opened is not None and len(opened[2]) > column and depth < _DEEPEST:
            value = self._mapping(piece[opened.end() :], len(opened[2]), depth + 1)
            return {opened[1]: value} if value is not None else None
        node = read(piece, depth)
        if not isinstance(node, Mapping) or node.flow or node.indent != column:
            return None
        try:
            data = plain(node)
        except NotPlainDataError:
            return None
        return data if isinstance(data, dict) else None
