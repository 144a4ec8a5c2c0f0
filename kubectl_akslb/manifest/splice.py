"""Edits of a text: what is not inside one stays as it is, byte for byte."""

from collections.abc import Iterable

from kubectl_akslb.named_tuple import NamedTuple


class Edit(NamedTuple):
    """Put *replacement* in place of the characters from *start* to *end* of a document's text."""

    start: int
    end: int
    replacement: str


class Declined(NamedTuple):
    """An edit that is not made, because it could change more than was asked for; *reason* is a clause for a person."""

    reason: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all *edits* made; raises ValueError where two of them overlap or one lies outside."""
    parts = []
    position = 0
    for edit in sorted(edits):
        if not position <= edit.start <= edit.end <= len(text):
            message = f"{edit} overlaps another edit or lies outside the text"
            raise ValueError(message)
        parts += [text[position : edit.start], edit.replacement]
        position = edit.end
    parts.append(text[position:])
    return "".join(parts)
