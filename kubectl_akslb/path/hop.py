"""What a hop says: whether it lets a packet through, how sure that is, why, and what to do."""

from collections.abc import Mapping

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import Origin
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.model.command import Command


class HopName(Enum):
    """The hops, in the order in which a packet meets them; outbound is the other direction."""

    ACCEPTED = "accepted"
    ADDRESS = "address"
    SECURITY_GROUP = "security group"
    RULE = "rule"
    POOL = "pool"
    PROBE = "probe"
    NODE = "node"
    POLICY = "network policy"
    POD = "pod"
    WAY_BACK = "way back"
    OUTBOUND = "outbound"


class Outcome(Enum):
    """What a hop does with a packet.

    DEPENDS: a named fact decides that is not known, or some packets pass. UNKNOWN: what decides could not be read.
    """

    PASS = "pass"  # noqa: S105 - no password
    DROP = "drop"
    DEPENDS = "depends"
    UNKNOWN = "unknown"


class Reason(NamedTuple):
    """Why, by reference: *facts* are the values that the sentence of *cause* names, *origin* is where it comes from."""

    cause: Cause
    facts: Mapping[str, object] = {}
    origin: Origin | None = None


class Remedy(NamedTuple):
    """What lets the packet through.

    *annotations* are set on the object whose annotations stand at *at* (a Service's own, or a Gateway's); *reason* says
    what is to be done where no annotation does it, and *command* does it in a cluster. *safe*: nothing of what is
    derived changes but the probes.
    """

    annotations: tuple[tuple[str, str], ...] = ()
    reason: Reason | None = None
    safe: bool = False
    at: tuple[str | int, ...] = ("metadata", "annotations")
    command: "Command | None" = None


class Hop(NamedTuple):
    """What one hop does with a packet. *verify* is the command that settles what is not certain."""

    name: HopName
    outcome: Outcome
    confidence: Confidence
    because: tuple[Reason, ...] = ()
    remedy: Remedy | None = None
    verify: "Command | None" = None
