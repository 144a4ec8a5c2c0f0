"""What a check finds."""

from typing import NamedTuple

from kubectl_akslb.model.confidence import Confidence

ERROR, WARNING, INFO = "error", "warning", "info"
"""Something does not work; something is not what it seems; something could be better."""


class CheckResult(NamedTuple):
    """What is wrong, where, why that matters, and the commands that mend it, each in one line.

    One of *commands* is enough, unless *every* says that all are needed.
    """

    id: str
    severity: str
    message: str
    where: tuple[str, ...]
    why: str
    commands: tuple[str, ...] = ()
    confidence: Confidence = Confidence.CERTAIN
    every: bool = False
