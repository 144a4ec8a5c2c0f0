"""What a rule finds, where it stands, and how it can be mended."""

from typing import NamedTuple

from kubectl_akslb.manifest.splice import Edit
from kubectl_akslb.model.reach import CERTAIN

ERROR = "error"
WARNING = "warning"
INFO = "info"
SEVERITIES = (ERROR, WARNING, INFO)

SAFE = "safe"
UNSAFE = "unsafe"


class Fix(NamedTuple):
    """Edits of one document that mend a finding.

    SAFE means: deriving before and after differs in nothing but what is intended, or the manifest was refused before.
    UNSAFE fixes need consent.
    """

    title: str
    edits: tuple[Edit, ...]
    applicability: str


class Diagnostic(NamedTuple):
    """One finding: *rule* is the stable id, *service* its full name; *line* and *column* count from 1."""

    rule: str
    severity: str
    message: str
    service: str
    path: str = ""
    line: int = 0
    column: int = 0
    fix: Fix | None = None
    confidence: str = CERTAIN
