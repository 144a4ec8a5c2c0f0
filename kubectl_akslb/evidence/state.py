"""What only a cluster tells: endpoints, pods, nodes and DaemonSets with their status."""

from collections.abc import Iterable, Mapping
from typing import Any

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.service import TCP, ServicePort
from kubectl_akslb.named_tuple import NamedTuple

SERVICE_NAME = "kubernetes.io/service-name"
"""The label of an EndpointSlice that names its Service."""


class EndpointPort(NamedTuple):
    """A port of an EndpointSlice."""

    name: str
    number: int
    protocol: str = TCP


class Endpoint(NamedTuple):
    """One endpoint of the Service's EndpointSlices, with its conditions and the ports of its slice.

    *node* is "" where the slice names none. *ports* None means that its slice has no ports.
    """

    name: str
    addresses: tuple[str, ...]
    node: str
    ready: bool
    serving: bool
    terminating: bool
    ports: tuple[EndpointPort, ...] | None = ()

    def numbers(self, port: ServicePort) -> tuple[int, ...]:
        """The numbers that it has for a port of the Service, which kube-proxy finds by name and protocol."""
        return tuple(one.number for one in self.ports or () if (one.name, one.protocol) == (port.name, port.protocol))


UNHEALTHY = "Unhealthy"
"""Why a pod is not ready whose readiness probe fails, as its events say."""


class PodState(NamedTuple):
    """A pod as the API server has it, with its status.

    *reason* is why it is not ready, in the words of its status or its events (``CrashLoopBackOff``), "" where it is
    ready or nothing says why; *message* is what goes with it. *owner* is its workload, ``Deployment/web``, "" for a
    bare pod. *addresses* are its own, by IP family.
    """

    name: str
    labels: Mapping[str, str]
    containers: tuple[Mapping[str, Any], ...]
    node: str = ""
    ready: bool = False
    host_network: bool = False
    terminating: bool = False
    reason: str = ""
    message: str = ""
    owner: str = ""
    addresses: tuple[str, ...] = ()
    annotations: Mapping[str, str] = {}

    def bears(self, key: str, value: str) -> bool:
        """Whether it has this label."""
        return self.labels.get(key) == value

    def pairs(self) -> Iterable[tuple[str, str]]:
        """All its labels."""
        return self.labels.items()


class Ingress(NamedTuple):
    """An entry of ``status.loadBalancer.ingress``; *proxied*: its ipMode is Proxy, so kube-proxy leaves it alone."""

    address: str
    proxied: bool = False


class NodeState(NamedTuple):
    """A node as the API server has it: what decides whether it is in the pool and answers probes.

    *addresses* are its InternalIPs. *ready* is None where it has no such condition. *deleting* is its
    deletionTimestamp or the autoscaler's taint, which is in *taints*. *kube_proxy* is whether the pod of kube-proxy on
    it is ready, None where that was not read. *no_network* is its condition NetworkUnavailable. *pod_ranges* are the
    ranges of its pods, where Kubernetes gives each node some.
    """

    name: str
    addresses: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}
    taints: tuple[str, ...] = ()
    ready: bool | None = None
    deleting: bool = False
    provider_id: str | None = None
    kube_proxy: bool | None = None
    no_network: bool = False
    pod_ranges: tuple[str, ...] = ()


class DaemonSet(NamedTuple):
    """A DaemonSet of the cluster's own that the path needs: how many of its pods are wanted, and how many are ready.

    Both are 0 in a manifest, which has no status. *proxy_mode* is the flag of kube-proxy, "" where it has none.
    """

    name: str
    desired: int
    ready: int
    containers: tuple[str, ...] = ()
    proxy_mode: str = ""


class PolicyEngine(Enum):
    """What enforces NetworkPolicies in the cluster; NONE has nothing that does."""

    AZURE = "Azure Network Policy Manager"
    CALICO = "Calico"
    CILIUM = "Cilium"
    NONE = "none"
