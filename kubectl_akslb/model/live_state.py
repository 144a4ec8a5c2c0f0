"""What a running cluster says about a Service beside its manifest: its endpoints, its address, its last events."""

from kubectl_akslb.named_tuple import NamedTuple


class NodeEndpoints(NamedTuple):
    """The endpoints of one Service on one node.

    *passes* says whether the node passes the probe: True, False, or None where the endpoints alone do not decide it;
    *because* is the reason in a few words.
    """

    node: str
    ready: int
    not_ready: int
    passes: bool | None
    because: str


class ServiceEvent(NamedTuple):
    """An event of a Service: what the cluster recorded, and the cause and the fix where they are known.

    *age* is in seconds, None where the event has no time. *over* is True where a later event says that it succeeded.
    *confirm* is the command that confirms the cause, with words in capitals for what only the reader knows. *vague* is
    whether it does not say what was wrong, or nothing is known of it.
    """

    type: str
    reason: str
    message: str
    times: int
    age: int | None
    source: str
    cause: str = ""
    fix: str = ""
    over: bool = False
    confirm: str = ""
    vague: bool = False


class LiveState(NamedTuple):
    """The state of one Service.

    *addresses* are those that clients use, from the Service's status; none means that it is pending, for *age* seconds
    since its creation. *endpoints*, *ready* and *events* are None where they could not be read.
    """

    addresses: tuple[str, ...]
    age: int | None = None
    ready: int | None = None
    not_ready: int | None = None
    endpoints: tuple[NodeEndpoints, ...] | None = None
    events: tuple[ServiceEvent, ...] | None = None
    notes: tuple[str, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether the Service has no address yet."""
        return not self.addresses


def duration(seconds: int) -> str:
    """A duration in one unit: ``12 min``."""
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size or (seconds >= size and unit != "days"):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
