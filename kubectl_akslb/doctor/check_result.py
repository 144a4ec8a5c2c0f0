"""What a check finds."""

from typing import Final, Literal, TypeAlias

from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.named_tuple import NamedTuple

Severity: TypeAlias = Literal["error", "warning", "info"]
ERROR: Final = "error"
WARNING: Final = "warning"
INFO: Final = "info"
"""Something does not work; something is not what it seems; something could be better."""


class CheckResult(NamedTuple):
    """What is wrong, where, why that matters, and the commands that mend it, each in one line.

    One of *commands* is enough, unless *every* says that all are needed.
    """

    id: str
    severity: Severity
    message: str
    where: tuple[str, ...]
    why: str
    commands: tuple[str, ...] = ()
    confidence: Confidence = Confidence.CERTAIN
    every: bool = False
