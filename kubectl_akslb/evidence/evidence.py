"""The evidence about one Service: what its files or its cluster say beside its own manifest.

None stands for what was not read, an empty tuple for what was read and holds nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.enumeration import Enum
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


ORDINAL_LABELS = ("statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index")
"""The labels that Kubernetes gives to each pod of a StatefulSet, beside those of its template."""

SHELLS = frozenset({"sh", "bash", "ash", "dash", "busybox"})
IDLE = frozenset({"sleep", "tail", "cat", "true"})
"""Programs that, as the command of a container, never listen."""


class Pods(NamedTuple):
    """The pods of one workload, by its template; *owner* is ``Deployment/web``.

    *host_network*: they use the network of their node. *replicas* is None where the template does not say how many.
    *ordinals* are the numbers of a StatefulSet's pods. *node_labels* are the labels that a node must have to run them,
    "" for any value. *paused*: nothing of the template is rolled out. *annotations* are those of the template.
    *refused* says why the API server takes no such workload, "" where it does; *unstartable* why none of its pods runs.
    """

    owner: str
    namespace: str
    labels: Mapping[str, str]
    containers: tuple[Mapping[str, Any], ...]
    host_network: bool = False
    replicas: int | None = None
    ordinals: range = range(0)
    node_labels: Mapping[str, str] = {}
    paused: bool = False
    annotations: Mapping[str, str] = {}
    refused: str = ""
    unstartable: str = ""

    def bears(self, key: str, value: str) -> bool:
        """Whether one of them has this label."""
        return self.labels.get(key) == value or (key in ORDINAL_LABELS and (key, value) in self.pairs())

    def pairs(self) -> Iterator[tuple[str, str]]:
        """All labels that one of them has."""
        yield from self.labels.items()
        pod_name, pod_index = ORDINAL_LABELS
        for ordinal in self.ordinals:
            yield pod_name, f"{self.owner.partition('/')[2]}-{ordinal}"
            yield pod_index, str(ordinal)

    @property
    def images(self) -> tuple[str, ...]:
        """The images of the containers that run what their image is made for, with registry and tag."""
        return tuple(
            image
            for one in self.containers
            if isinstance(image := one.get("image"), str) and program(one) not in SHELLS | IDLE
        )


def words_of(container: Mapping[str, Any]) -> Iterator[str]:
    """The words of a container's command and arguments."""
    for field in ("command", "args"):
        value = container.get(field)
        yield from (word for word in value if isinstance(word, str)) if isinstance(value, (list, tuple)) else ()


def program(container: Mapping[str, Any]) -> str:
    """The program that a container runs in place of its image's own, without its folder, or ""."""
    words = container.get("command")
    first = words[0] if isinstance(words, (list, tuple)) and words else ""
    return first.rpartition("/")[2] if isinstance(first, str) else ""


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
    *not_known* what may make it another one. *own* is the Service's own object, empty where it is not there. *azure* is
    what really stands in Azure, None where az was not asked.
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
    own: Mapping[str, Any] = {}
    azure: "Resources | None" = None
