"""The part of a Kubernetes Service that Azure's cloud provider reads.

Records are NamedTuples: importing ``dataclasses`` alone costs a third of the start-up time of the whole program.
"""

from collections.abc import Mapping
from enum import Enum  # noqa: TID251 - its members are strings, too
from typing import Final

from kubectl_akslb.named_tuple import NamedTuple

LOAD_BALANCER = "LoadBalancer"
CLUSTER = "Cluster"
LOCAL = "Local"
TCP = "TCP"
UDP = "UDP"
SCTP = "SCTP"


class IPFamily(str, Enum):
    """An IP family, as Kubernetes and ARM write it; IPv4 sorts before IPv6."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"

    def __str__(self) -> str:
        """As it is written, in texts of any Python."""
        return str.__str__(self)

    __repr__ = str.__repr__
    __format__ = str.__format__  # type: ignore[assignment] # it is a text in every other way

    @classmethod
    def of(cls, address: str) -> "IPFamily":
        """The family of an address or a range."""
        return cls.IPV6 if ":" in address else cls.IPV4

    @property
    def whole(self) -> str:
        """The range of all its addresses."""
        return "::/0" if self is IPFamily.IPV6 else "0.0.0.0/0"


IPV4: Final = IPFamily.IPV4
IPV6: Final = IPFamily.IPV6


class ServicePort(NamedTuple):
    """One entry of ``spec.ports``; *index* is its place in the list, from 0.

    *node_port* is None where the manifest does not say it: the API server allocates it.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    name: str
    protocol: str
    port: int
    node_port: int | None = None
    target_port: int | str | None = None
    app_protocol: str | None = None


class Service(NamedTuple):
    """A Service as the API server stores it, or as a manifest writes it.

    Values that only a cluster knows are None where a manifest leaves them out: *uid*, *health_check_node_port*,
    the node ports. An absent string field of the API is "" here, as it is in the provider's Go. *deleting*: it has a
    deletionTimestamp.
    """

    name: str
    namespace: str
    uid: str | None
    type: str
    annotations: Mapping[str, str]
    ports: tuple[ServicePort, ...]
    labels: Mapping[str, str] = {}
    selector: Mapping[str, str] = {}
    load_balancer_class: str | None = None
    load_balancer_ip: str = ""
    load_balancer_source_ranges: tuple[str, ...] = ()
    external_traffic_policy: str = CLUSTER
    health_check_node_port: int | None = None
    session_affinity: str = "None"
    allocate_load_balancer_node_ports: bool = True
    ip_families: tuple[str, ...] = ()
    ip_family_policy: str = ""
    cluster_ips: tuple[str, ...] = ()
    ingress_ips: tuple[str, ...] = ()
    deleting: bool = False

    @property
    def full_name(self) -> str:
        """``namespace/name``, as the provider writes it in tags, events and errors."""
        return f"{self.namespace}/{self.name}"

    @property
    def is_local(self) -> bool:
        """Whether ``externalTrafficPolicy`` is Local."""
        return self.external_traffic_policy == LOCAL
