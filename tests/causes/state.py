"""What a cause leaves behind in a cluster: objects that a real API server takes, with the status that others write there."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

Object = dict[str, Any]

PREFIX = "service.beta.kubernetes.io/"
GROUP = "MC_shop_shop-prod_westeurope"
EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
TAINT = "ToBeDeletedByClusterAutoscaler"
ADDRESS = "20.1.2.3"
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
POOL = "aks-pool-12345678-vmss"
FIRST, SECOND = f"{POOL}000001", f"{POOL}000002"
_SCALE_SET = (
    f"azure:///subscriptions/{SUBSCRIPTION}/resourceGroups/"
    f"{GROUP.lower()}/providers/Microsoft.Compute/virtualMachineScaleSets/{POOL}/virtualMachines/"
)
AGE = "minutes ago"
"""The key under which an event has its age until it is put into a cluster."""


class State(NamedTuple):
    """A cluster with one Service, ``web``: what stands beside it, and whether somebody has deleted it."""

    service: Object
    objects: tuple[Object, ...]
    nodes: tuple[Object, ...]
    daemon_sets: tuple[Object, ...]
    deleted: bool = False

    def placed(self, namespace: str, now: datetime) -> "State":
        """The same in *namespace*, with events that are as old as they say at the time *now*."""
        objects = tuple(placed(one, namespace, now) for one in self.objects)
        return self._replace(service=placed(self.service, namespace, now), objects=objects)


def placed(one: Object, namespace: str, now: datetime) -> Object:
    """An object in *namespace*; an event as old as it says at the time *now*."""
    metadata = one["metadata"]
    found = {**one, "metadata": {**metadata, "namespace": metadata.get("namespace", namespace)}}
    if AGE in one:
        then = (now - timedelta(minutes=found.pop(AGE))).strftime("%Y-%m-%dT%H:%M:%SZ")
        found |= {"firstTimestamp": then, "lastTimestamp": then}
        found["involvedObject"] = {**one["involvedObject"], "namespace": found["metadata"]["namespace"]}
    return found


def state(
    *objects: Object, service: Object | None = None, nodes: Iterable[Object] | None = None,
    daemon_sets: Iterable[Object] | None = None, deleted: bool = False,
) -> State:  # fmt: skip
    """A healthy cluster of two nodes with a ready pod, but for what is given; *objects* replace those of their kind."""
    given = {one["kind"] for one in objects}
    usual = (pod("web-1"), endpoints(("web-1", FIRST, True)))
    beside = (*objects, *(one for one in usual if one["kind"] not in given))
    machines = (node(1), node(2)) if nodes is None else tuple(nodes)
    sets = (daemon_set("kube-proxy"), cloud_node_manager()) if daemon_sets is None else tuple(daemon_sets)
    return State(service or load_balancer(), beside, machines, sets, deleted)


def load_balancer(
    *, annotations: dict[str, str] | None = None, address: str = ADDRESS, name: str = "web", **spec: Any
) -> Object:
    """The Service, with an address unless *address* is ""; keys of annotations get the provider's prefix."""
    metadata: Object = {"name": name, "labels": {"app": name}}
    metadata["annotations"] = {PREFIX + key: value for key, value in (annotations or {}).items()}
    found = {"type": "LoadBalancer", "selector": {"app": name}, "ports": [port()], **spec}
    status: Object = {"loadBalancer": {"ingress": [{"ip": address}]} if address else {}}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": found, "status": status}


def port(number: int = 80, target: int | str = 8080, **more: Any) -> Object:
    """A port of the Service."""
    return {"name": "http", "port": number, "targetPort": target, "protocol": "TCP", **more}


def pod(
    name: str, *, on: str | None = FIRST, labels: Object | None = None, ready: bool = True, waits: str = "",
    message: str = "", containers: Iterable[Object] | None = None, status: Object | None = None, **spec: Any,
) -> Object:  # fmt: skip
    """A pod on a node, ready, or not because a container *waits*; *status* is written over its status."""
    listed = [container()] if containers is None else list(containers)
    found: Object = {
        **({"podIP": "10.244.0.10", "podIPs": [{"ip": "10.244.0.10"}]} if on and waits != "ContainerCreating" else {}),
        "phase": "Pending" if waits in {"ContainerCreating", "ImagePullBackOff", "ErrImagePull"} else "Running",
        "conditions": [
            {"type": "PodScheduled", "status": "True"},
            {"type": "Ready", "status": "True" if ready else "False"},
        ],
    }
    if waits:
        waiting = {"reason": waits, **({"message": message} if message else {})}
        one = {"name": listed[0]["name"], "ready": False, "restartCount": 0, "image": "", "imageID": ""}
        found["containerStatuses"] = [{**one, "state": {"waiting": waiting}}]
    body: Object = {"containers": listed, **({"nodeName": on} if on else {}), **spec}
    metadata = {"name": name, "labels": labels or {"app": "web"}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": body,
        "status": {**found, **(status or {})},
    }


def container(
    number: int = 8080, *, name: str = "app", called: str = "", readiness: Object | None = None, **more: Any
) -> Object:
    """A container that declares a port, and is asked for its readiness there unless *readiness* is another."""
    asked = {"tcpSocket": {"port": number}} if readiness is None else readiness
    declared = {"containerPort": number, **({"name": called} if called else {})}
    found: Object = {"name": name, "image": "registry.example.com/web:1", "ports": [declared], **more}
    return {**found, "readinessProbe": asked} if asked else found


def http(path: str = "/", number: int = 8080, **more: Any) -> Object:
    """A readiness probe by http."""
    return {"httpGet": {"path": path, "port": number, **more}}


def endpoints(
    *found: tuple[str, str | None, bool | None],
    ports: list[Object] | None = None,
    name: str = "web",
    family: str = "IPv4",
) -> Object:
    """The EndpointSlice of the Service: pods, the nodes they run on, and whether they are ready.

    None stands for a pod that is being deleted, and serves as long as that takes.
    """
    address = "fd00::{}" if family == "IPv6" else "10.244.0.{}"
    listed = [
        {
            "addresses": [address.format(10 + index)],
            "conditions": {"ready": ready is True, "serving": ready is not False, "terminating": ready is None},
            "targetRef": {"kind": "Pod", "name": each},
            **({"nodeName": on} if on else {}),
        }
        for index, (each, on, ready) in enumerate(found)
    ]
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": f"{name}-{family.lower()}", "labels": {"kubernetes.io/service-name": name}},
        "addressType": family,
        "endpoints": listed,
        "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}] if ports is None else ports,
    }


def policy(*ingress: Object, name: str = "closed", **spec: Any) -> Object:
    """A NetworkPolicy for the pods of the Service; without *ingress* it lets nobody in."""
    body = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"], "ingress": list(ingress)}
    metadata = {"name": name}
    api = "networking.k8s.io/v1"
    return {"apiVersion": api, "kind": "NetworkPolicy", "metadata": metadata, "spec": {**body, **spec}}


def block(cidr: str, *cut: str) -> Object:
    """A peer that is a range, but for some of it."""
    return {"ipBlock": {"cidr": cidr, **({"except": list(cut)} if cut else {})}}


def node(
    number: int, *, ready: str = "True", labels: Object | None = None, taints: Iterable[str] = (),
    provider_id: str | None = "", conditions: Iterable[Object] = (), pods: str = "",
    addresses: Iterable[str] | None = None,
) -> Object:  # fmt: skip
    """A node of a scale set; *provider_id* None stands for one that has none, *pods* is the range of its pods."""
    name = f"{POOL}{number:06}"
    given = {
        "kubernetes.azure.com/cluster": GROUP,
        "kubernetes.azure.com/agentpool": "pool",
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/region": "westeurope",
    }
    spec: Object = {"taints": [{"key": key, "effect": "NoSchedule"} for key in taints]}
    own = (f"10.224.0.{number + 3}",) if addresses is None else tuple(addresses)
    if pods:
        spec |= {"podCIDR": pods, "podCIDRs": [pods]}
    if provider_id is not None:
        spec["providerID"] = provider_id or f"{_SCALE_SET}{number}"
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {**given, **(labels or {})}},
        "spec": spec,
        "status": {
            "addresses": [
                *({"type": "InternalIP", "address": one} for one in own),
                {"type": "Hostname", "address": name},
            ],
            "conditions": [{"type": "Ready", "status": ready}, *conditions],
            "nodeInfo": _node_info(),
        },
    }


def _node_info() -> Object:
    words = ("machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion")
    more = {"operatingSystem": "linux", "architecture": "amd64", "kubeProxyVersion": "v1.33.4"}
    return {**dict.fromkeys(words, "x"), **more, "kubeletVersion": "v1.33.4"}


def daemon_set(
    name: str, ready: int = 2, *containers: Object, desired: int = 2, namespace: str = "kube-system"
) -> Object:
    """A DaemonSet of the cluster, with so many pods ready."""
    labels = {"component": name}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": list(containers) or [{"name": name, "image": "x"}]},
    }
    numbers = {
        "currentNumberScheduled": desired, "desiredNumberScheduled": desired, "numberMisscheduled": 0,
        "numberReady": ready, "numberUnavailable": desired - ready,
    }  # fmt: skip
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
        "status": numbers,
    }


def cloud_node_manager(ready: int = 2, *, sidecar: bool = False, version: str = "v1.33.4") -> Object:
    """The cloud provider's part on the nodes, by whose image its version is known; in shared mode with its sidecar."""
    image = "mcr.microsoft.com/oss/v2/kubernetes/azure-{}:" + version
    containers: list[Object] = [{"name": "cloud-node-manager", "image": image.format("cloud-node-manager")}]
    if sidecar:
        arguments = ["--health-check-port=10356", "--target-port=10256"]
        proxy: Object = {"name": "health-probe-proxy", "image": image.format("health-probe-proxy"), "args": arguments}
        containers.append(proxy)
    return daemon_set("cloud-node-manager", ready, *containers)


def event(
    reason: str, message: str, *, about: str = "web", kind: str = "Service", minutes: int = 1, normal: bool = False
) -> Object:
    """An event, so many minutes old."""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{about}.{reason.lower()}.{minutes}"},
        "involvedObject": {"apiVersion": "v1", "kind": kind, "name": about},
        "type": "Normal" if normal else "Warning",
        "reason": reason,
        "message": message,
        "count": 3,
        "source": {"component": "service-controller" if kind == "Service" else "kubelet"},
        AGE: minutes,
    }  # fmt: skip


def failed(message: str, *, minutes: int = 1) -> Object:
    """The event of an attempt of the provider that failed."""
    text = f"Error syncing load balancer: failed to ensure load balancer: {message}"
    return event("SyncLoadBalancerFailed", text, minutes=minutes)


def refused(code: str, message: str, status: int = 400) -> Object:
    """The event of an attempt that Azure refused, as releases from 1.32 on write it."""
    line = "-" * 80
    body = f'{{"error": {{"code": "{code}", "message": "{message}"}}}}'
    head = "PUT https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/x"
    return failed(f"{head}\n{line}\nRESPONSE {status}: {status} Refused\nERROR CODE: {code}\n{line}\n{body}\n{line}\n")
