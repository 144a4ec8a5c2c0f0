"""Findings that somebody has looked at: the annotation that silences a rule on one object, with the reason."""

import re
from typing import NamedTuple

IGNORE = "akslb.dev/ignore"
_NEXT = re.compile(r"\s*[,;\n]\s*(?=[a-z0-9]+(?:-[a-z0-9]+)*\s*(?::|[,;\n]|\Z))")


class Suppression(NamedTuple):
    """One entry of the annotation: the id of a rule, and why it is silenced here; "" where nobody said why."""

    rule: str
    reason: str


def suppressions(value: str | None) -> tuple[Suppression, ...]:
    """The entries of the annotation, ``rule-id: reason, other-rule: reason``. A reason may contain commas.

    >>> suppressions("open-to-the-internet: it is our web site, after all")
    (Suppression(rule='open-to-the-internet', reason='it is our web site, after all'),)
    """
    entries = []
    for part in _NEXT.split((value or "").strip()):
        rule, _, reason = part.partition(":")
        if rule.strip():
            entries.append(Suppression(rule.strip(), reason.strip(" \t\r\n,;")))
    return tuple(entries)
