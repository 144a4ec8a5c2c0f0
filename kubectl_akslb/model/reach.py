"""Who can reach a Service: the answer people want from ranges, tags and security rules together."""

from typing import NamedTuple

from kubectl_akslb.model.provenance import Derived

CERTAIN = "certain"
KNOWN_WORKLOAD = "known workload"
DOCUMENTED = "documented"
UNKNOWN = "unknown"


class Client(NamedTuple):
    """A group of clients, whether they get through, and which layer decides.

    *verdict* is True, False, or None where only some of them get through. *confidence* is CERTAIN for what the
    provider's or Kubernetes' code does, DOCUMENTED for what Azure says of itself.
    """

    name: str
    verdict: Derived[bool | None]
    layer: str
    because: str
    confidence: str = CERTAIN


class Reach(NamedTuple):
    """The clients of one Service, widest first, and the one sentence for somebody in a hurry."""

    summary: str
    clients: tuple[Client, ...]
