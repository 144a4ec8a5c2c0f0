"""The evidence about one Service: what its files or its cluster say beside its own manifest.

None stands for what was not read, an empty tuple for what was read and holds nothing.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.azure.resources import Resources
    from kubectl_akslb.evidence.state import DaemonSet, Endpoint, Ingress, NodeState, PodState, PolicyEngine
    from kubectl_akslb.model.live_state import ServiceEvent


class EvidenceSource(Enum):
    """Where evidence comes from: manifests, or the API server."""

    FILES = "files"
    CLUSTER = "cluster"


class Pods(NamedTuple):
    """The pods of one workload, by its template; *owner* is ``Deployment/web``.

    *host_network*: they use the network of their node. *replicas* is None where the template does not say how many.
    """

    owner: str
    namespace: str
    labels: Mapping[str, str]
    containers: tuple[Mapping[str, Any], ...]
    host_network: bool = False
    replicas: int | None = None

    @property
    def images(self) -> tuple[str, ...]:
        """The images of the containers, with registry and tag."""
        return tuple(image for one in self.containers if isinstance(image := one.get("image"), str))


class Evidence(NamedTuple):
    """What is known about one Service.

    *pods* are those whose labels its selector matches; *others* are the workloads of its namespace where none is
    matched, and *elsewhere* those of other namespaces that its selector would match where its own has no workload.
    *policies* are the NetworkPolicies of its namespace, None where *policies_unread* names kinds that may be enforced
    and were not read; *objects* is everything that was read. *unread* names what could not be read, as a person would
    say it, with *grants* that would allow it. *addresses* are those of its status.
    *deleting*: it has a deletionTimestamp. *age* is in seconds. *running* are the pods that its selector matches, with
    their status; *ingress* is its status, None where a manifest has none. *engine* enforces NetworkPolicies, None where
    that is not known. *external_ips* and *publishes_not_ready* are fields of the Service that the provider does not
    read. Of a Service that a controller will make, *made_by_assumption* says that something had to be assumed, and
    *not_known* what may make it another one. *azure* is what really stands in Azure, None where az was not asked.
    """

    source: EvidenceSource
    objects: Objects
    pods: tuple[Pods, ...] | None = None
    others: tuple[Pods, ...] = ()
    elsewhere: tuple[Pods, ...] = ()
    policies: tuple[Mapping[str, Any], ...] | None = None
    policies_unread: tuple[str, ...] = ()
    endpoints: "tuple[Endpoint, ...] | None" = None
    nodes: "tuple[NodeState, ...] | None" = None
    daemon_sets: "tuple[DaemonSet, ...] | None" = None
    events: "tuple[ServiceEvent, ...] | None" = None
    addresses: tuple[str, ...] = ()
    deleting: bool = False
    age: int | None = None
    unread: tuple[str, ...] = ()
    running: "tuple[PodState, ...] | None" = None
    ingress: "tuple[Ingress, ...] | None" = None
    engine: "PolicyEngine | None" = None
    made_by_assumption: bool = False
    not_known: tuple[str, ...] = ()
    external_ips: tuple[str, ...] = ()
    publishes_not_ready: bool = False
    azure: "Resources | None" = None


ALONE = Evidence(EvidenceSource.FILES, Objects())
"""Nothing is known beside the manifest."""
