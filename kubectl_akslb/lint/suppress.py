"""Findings that somebody has looked at: the annotation that silences a rule on one object, with the reason."""

import re

from kubectl_akslb.named_tuple import NamedTuple

IGNORE = "akslb.dev/ignore"
_SEPARATOR = r"[,;\n]"
#: Every id has a hyphen: a word before a colon without one belongs to a reason.
_ID = r"[a-z0-9]+(?:-[a-z0-9]+)+"


class Suppression(NamedTuple):
    """One entry of the annotation: the id of a rule, and why it is silenced here; "" where nobody said why."""

    rule: str
    reason: str


def suppressions(value: str | None) -> tuple[Suppression, ...]:
    """The entries of the annotation, ``rule-id: reason, other-rule: reason``. A reason may contain commas.

    >>> suppressions("open-to-the-internet: it is our web site, after all")
    (Suppression(rule='open-to-the-internet', reason='it is our web site, after all'),)
    """
    entries: list[Suppression] = []
    position = 0
    text = (value or "").strip()
    if not text:
        return ()
    for end in [*(match.start() for match in re.finditer(_SEPARATOR, text)), len(text)]:
        part = text[position:end]
        rule, colon, reason = part.strip(" \t\r\n,;").partition(":")
        is_id = re.fullmatch(_ID, rule.strip()) is not None
        if not entries or (is_id and (colon or not entries[-1].reason)):
            if rule.strip():
                entries.append(Suppression(rule.strip(), reason.strip()))
        else:
            last = entries[-1]
            entries[-1] = last._replace(reason=(last.reason + part).strip())
        position = end
    return tuple(one._replace(reason=one.reason.strip(" \t\r\n,;")) for one in entries)
