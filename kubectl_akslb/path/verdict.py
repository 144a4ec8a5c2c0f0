"""What the hops of all ports and clients come to: the verdict, and the path that it is a fold over."""

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.command import Command
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Reason, Remedy


class ClientGroup(Enum):
    """Who sends the packet, as far as a hop treats them alike."""

    INTERNET = "the internet"
    RANGE = "range"
    SERVICE_TAG = "service tag"
    VIRTUAL_NETWORK = "the virtual network and peered ones"
    PODS = "pods of the cluster"
    NODES = "nodes of the cluster"
    PROBES = "Azure's health probes"


class ClientPath(NamedTuple):
    """A group of clients; *name* is the range or the service tag, else the group's own words.

    *intended*: the Service means to serve them. *hops* are those that look at the source, and the first that drops
    decides.
    """

    group: ClientGroup
    name: str
    intended: bool
    hops: tuple[Hop, ...]

    @property
    def seen_as_public(self) -> bool:
        """Whether it comes with public addresses of its ways out: what is said of the internet and of ranges holds."""
        return any(reason.cause is Cause.SEEN_AS_PUBLIC for reason in self.hops[0].because)


class PortPath(NamedTuple):
    """The hops of one load-balancing rule that do not look at the client; *port* is None for HA ports."""

    port: ServicePort | None
    rule: LoadBalancingRule
    probe: Probe | None
    hops: tuple[Hop, ...]

    def hop(self, name: HopName) -> Hop:
        """The hop of that name."""
        return next(hop for hop in self.hops if hop.name is name)


class VerdictKind(Enum):
    """The one word about a Service, the worst first.

    PENDING: it gets no address, or keeps what it had. DOWN: no node is in rotation, or no pod answers. UNREACHABLE:
    clients that are meant to get in do not. UNKNOWN: what decides could not be read. DEPENDS: a named fact decides.
    IGNORED: Azure's provider does not act on it.
    """

    PENDING = "pending"
    DOWN = "down"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    DEPENDS = "depends"
    WORKS = "works"
    IGNORED = "ignored"

    @property
    def fails(self) -> bool:
        """Whether those who are meant to get an answer get none."""
        return self in (VerdictKind.PENDING, VerdictKind.DOWN, VerdictKind.UNREACHABLE)


class Verdict(NamedTuple):
    """The fold over all hops, for somebody at 3 a.m.

    *hop* is the first that does not pass, None where all do. *ports* are the ports that it is about, none for all.
    """

    kind: VerdictKind
    confidence: Confidence
    hop: Hop | None = None
    because: tuple[Reason, ...] = ()
    ports: tuple[ServicePort, ...] = ()
    client: ClientPath | None = None
    remedy: Remedy | None = None
    verify: "Command | None" = None


class Path(NamedTuple):
    """The whole path of a Service's packets: what holds for all of them, then by port, then by client."""

    verdict: Verdict
    common: tuple[Hop, ...] = ()
    ports: tuple[PortPath, ...] = ()
    clients: tuple[ClientPath, ...] = ()
