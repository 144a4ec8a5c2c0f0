"""The way out of a cluster: what AKS sets up for it, in the names of AKS and ARM."""

from typing import Final, Literal, TypeAlias

from kubectl_akslb.model.command import Command
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.named_tuple import NamedTuple

Certainty: TypeAlias = Literal["certain", "documented", "unknown"]
CERTAIN: Final = "certain"
DOCUMENTED: Final = "documented"
UNVERIFIED: Final = "unknown"

Severity: TypeAlias = Literal["error", "warning", "note"]
ERROR: Final = "error"
WARNING: Final = "warning"
NOTE: Final = "note"


class OutboundFact(NamedTuple):
    """One sentence about the way out, how sure it is, and who says it (or what settles it)."""

    summary: str
    confidence: Certainty
    source: str

    @property
    def note(self) -> str:
        """The sentence that an explanation carries."""
        by = " - verify with " if self.confidence == UNVERIFIED else ": "
        return f"{self.summary} ({self.confidence}{by}{self.source})"


class OutboundRule(NamedTuple):
    """The rule on the load balancer that lets nodes out; AKS owns it, the cloud provider never touches it."""

    name: Derived[str]
    protocol: Derived[str]
    enable_tcp_reset: Derived[bool]
    idle_timeout_in_minutes: Derived[int]
    allocated_outbound_ports: Derived[int]
    frontend_ips: Derived[tuple[str, ...]]
    backend_pool: Derived[str]


class SnatCapacity(NamedTuple):
    """How far the SNAT ports reach. None stands for what cannot be said without a number that nobody gave.

    *nodes* counts nodes as AKS' validation does, each autoscaled pool at its maximum, without *surge_nodes*.
    *max_nodes* includes surge nodes.
    """

    outbound_ips: Derived[int] | None
    nodes: Derived[int] | None
    surge_nodes: Derived[int] | None
    ports_per_node: Derived[int] | None
    ports_available: Derived[int] | None
    ports_required: Derived[int] | None
    max_nodes: Derived[int] | None


class OutboundFinding(NamedTuple):
    """Something wrong, or worth knowing, about the way out.

    *code* is AKS' or ARM's error code where one of them would refuse, else our own short name. *confidence* is
    CERTAIN, DOCUMENTED or UNVERIFIED; *verify* is the command that settles it.
    """

    severity: Severity
    code: str
    message: str
    origin: Origin
    confidence: Certainty
    remedies: tuple[str, ...] = ()
    verify: str = ""


class Outbound(NamedTuple):
    """How nodes, and so pods, reach addresses outside the virtual network.

    *rule* and *snat* are None where no outbound rule of the load balancer does it.
    """

    outbound_type: Derived[str]
    rule: OutboundRule | None
    snat: SnatCapacity | None
    findings: tuple[OutboundFinding, ...] = ()


class PodEgress(NamedTuple):
    """How the pods behind a Service leave, and which address a peer on the internet sees.

    *own_address* says whether the Service's own address can be seen there: "no", "not expected" or "possible".
    *confidence* is CERTAIN, DOCUMENTED or UNVERIFIED; *verify* is a command that shows the address.
    """

    path: Derived[str]
    source_address: Derived[str]
    own_address: Derived[str]
    confidence: Certainty
    verify: Command


class SnatPlan(NamedTuple):
    """A plan for SNAT ports: the numbers, whether AKS accepts them, and the command that applies them.

    *requested* findings judge the numbers that were asked for; *recommended_ports* and *recommended_ips* always fit.
    *command* is empty where there is nothing to set on a load balancer.
    """

    nodes: Derived[int]
    surge_nodes: Derived[int]
    total_nodes: Derived[int]
    ips: Derived[int]
    ports_per_node: Derived[int] | None
    ports_required: Derived[int] | None
    ports_available: Derived[int]
    max_nodes: Derived[int] | None
    recommended_ports: Derived[int]
    recommended_ips: Derived[int]
    command: str
    findings: tuple[OutboundFinding, ...] = ()
    notes: tuple[OutboundFact, ...] = ()
