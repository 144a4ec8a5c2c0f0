"""What a rule finds, where it stands, and how it can be mended."""

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.model.command import Command
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.named_tuple import NamedTuple

if TYPE_CHECKING:
    from kubectl_akslb.manifest.splice import Edit

DEFAULT_NAMESPACE = "default"
Severity: TypeAlias = Literal["error", "warning", "info"]
ERROR: Final = "error"
WARNING: Final = "warning"
INFO: Final = "info"
SEVERITIES: tuple[Severity, ...] = (ERROR, WARNING, INFO)


class RuleEffect(Enum):
    """What comes of what a rule finds.

    STOPS: traffic does not arrive, or not for all who are meant, or nobody knows that it does. EXPOSES: somebody gets
    in who may not be meant. LOSES: an address or a setting goes. SURPRISES: something works otherwise than it seems.
    IGNORED: what is written does nothing.
    """

    STOPS = "stops"
    EXPOSES = "exposes"
    LOSES = "loses"
    SURPRISES = "surprises"
    IGNORED = "ignored"


Applicability: TypeAlias = Literal["safe", "unsafe", "wanted"]
SAFE: Final = "safe"
UNSAFE: Final = "unsafe"
WANTED: Final = "wanted"
"""Somebody's policy asks for it, whatever it changes."""


class EditedObject(NamedTuple):
    """The object of a file that a fix edits: *title* is ``Kind namespace/name``, the rest where it stands."""

    title: str
    path: str
    document: int
    at: Path


class Fix(NamedTuple):
    """Edits of one document that mend a finding.

    SAFE means: deriving before and after differs in nothing but what is intended, or the manifest was refused before.
    UNSAFE fixes need consent. *paths* are the places below the object that the edits change; *intended* are the
    values of the derivation that may differ afterwards, with ``*`` for any one step, such as
    ``load_balancer.probes.*.protocol``. *creates* says that ``metadata.annotations`` comes into being with the fix.
    *holder* is the object that is edited, None for the one of the finding.
    """

    title: str
    edits: "tuple[Edit, ...]"
    applicability: Applicability
    paths: tuple[Path, ...] = ()
    intended: tuple[str, ...] = ()
    creates: bool = False
    holder: EditedObject | None = None


class Finding(NamedTuple):
    """What a rule yields: the engine adds the rule's id and severity, and the place in the file.

    *steps* leads from the object to the value that is meant, or with *on_key* to its key. *hint* is one sentence that
    says what to do, for a person who does not take the fix; *verify* is the command that shows whether it is so.
    """

    message: str
    steps: Path = ()
    on_key: bool = False
    hint: str = ""
    fix: Fix | None = None
    confidence: Confidence = Confidence.CERTAIN
    verify: Command | None = None


class Diagnostic(NamedTuple):
    """One finding: *rule* is the stable id, *service* its full name; *line* and *column* count from 1.

    *service* is ``namespace/name`` of a Service, ``Kind namespace/name`` of any other object. *document* and *at* say
    which object of the file it is: the document's number from 0, and the way to an item of a List. *source_line* is
    the line itself, or "" where it may not be shown; *length* is for how many characters the fault goes on. *made_of*
    is the object that the Service is made of, as ``Kind namespace/name``, where one makes it.
    """

    rule: str
    severity: Severity
    message: str
    service: str
    path: str = ""
    line: int = 0
    column: int = 0
    fix: Fix | None = None
    confidence: Confidence = Confidence.CERTAIN
    hint: str = ""
    source_line: str = ""
    length: int = 1
    document: int = 0
    at: Path = ()
    verify: Command | None = None
    steps: Path = ()
    made_of: str = ""
    effect: RuleEffect = RuleEffect.SURPRISES

    @property
    def edited(self) -> tuple[str, int, Path]:
        """The object that its fix edits: file, number of the document, and the way to an item of a List."""
        holder = self.fix.holder if self.fix is not None else None
        return (self.path, self.document, self.at) if holder is None else (holder.path, holder.document, holder.at)
