"""Objects of a cluster for the tests of the path, each as small as it can be."""

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.evidence.policies import FURTHER_POLICIES
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.model.service import Service

Object = dict[str, Any]
NOW = datetime(2026, 5, 29, 12, 0, 0, tzinfo=timezone.utc)
EVERYTHING = frozenset({
    "EndpointSlice", "Node", "DaemonSet", "Event", "Pod", "NetworkPolicy", "policy engines",
    *(one.key for one in FURTHER_POLICIES),
})  # fmt: skip
"""The kinds that a person with all rights reads."""
ALONE = Evidence(EvidenceSource.FILES, Objects())
"""Nothing is known beside the manifest."""


def service_object(
    name: str = "web", status: Object | None = None, metadata: Object | None = None, **spec: Any
) -> Object:
    port = {"name": "http", "port": 80, "targetPort": 8080, "nodePort": 30080}
    body = {"type": "LoadBalancer", "selector": {"app": name}, "ports": [port], **spec}
    found: Object = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, **(metadata or {})},
        "spec": body,
    }
    if status is not None:
        found["status"] = status
    return found


def at(*addresses: str, **more: str) -> Object:
    """A status with these addresses."""
    return {"loadBalancer": {"ingress": [{"ip": address, **more} for address in addresses]}}


def of_cilium(satisfied: str, address: str = "") -> Object:
    """A status in which Cilium's LB IPAM has said whether it gave an address."""
    since = "2026-05-29T11:50:00Z"
    condition = {
        "type": "cilium.io/IPAMRequestSatisfied",
        "status": satisfied,
        "reason": "r",
        "message": "",
        "lastTransitionTime": since,
    }
    return {"loadBalancer": {"ingress": [{"ip": address}]} if address else {}, "conditions": [condition]}


def read(data: Object) -> Service:
    return with_defaults(decode(data))


def files(service: Object, *others: Object) -> Evidence:
    """What files say that hold these objects."""
    return evidence_of(read(service), Objects([service, *others]), EvidenceSource.FILES, now=NOW)


def live(service: Object, *others: Object, unread: Iterable[str] = ()) -> Evidence:
    """What a cluster says that has these objects, but for the kinds that may not be read."""
    return evidence_of(
        read(service), Objects([service, *others]), EvidenceSource.CLUSTER, now=NOW, read=EVERYTHING - set(unread)
    )


def endpoint(pod: str, node: str | None = "n1", *, ready: bool | None = True, **conditions: bool) -> Object:
    number = sum(map(ord, pod)) % 250
    found: Object = {"addresses": [f"10.244.0.{number}"], "targetRef": {"kind": "Pod", "name": pod}, "conditions": {}}
    if node is not None:
        found["nodeName"] = node
    if ready is not None:
        found["conditions"]["ready"] = ready
    found["conditions"].update(conditions)
    return found


def piece(*endpoints: Object, name: str = "web", ports: Any = None, family: str = "IPv4") -> Object:
    """An EndpointSlice; its ports are those of ``service_object`` unless others are given."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": f"{name}-{family}", "labels": {"kubernetes.io/service-name": name}},
        "addressType": family,
        "endpoints": list(endpoints),
        "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}] if ports is None else ports,
    }


def container(*ports: Object | int, **more: Any) -> Object:
    listed = [{"containerPort": one} if isinstance(one, int) else one for one in ports]
    return {"name": "app", "image": "app", "ports": listed, **more}


def pod(
    name: str = "web-1", *, app: str = "web", ready: bool = True, status: Object | None = None, **spec: Any
) -> Object:
    body = {"containers": [container(8080)], "nodeName": "n1", **spec}
    condition = {"type": "Ready", "status": "True" if ready else "False"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": app}},
        "spec": body,
        "status": {"phase": "Running", "conditions": [condition], **(status or {})},
    }


def workload(
    kind: str = "Deployment",
    *,
    app: str = "web",
    labels: Object | None = None,
    replicas: int | None = None,
    **spec: Any,
) -> Object:
    template = {"metadata": {"labels": labels or {"app": app}}, "spec": {"containers": [container(8080)], **spec}}
    body: Object = {"template": template} | ({"replicas": replicas} if replicas is not None else {})
    if kind == "CronJob":
        body = {"jobTemplate": {"spec": body}}
    if kind == "Pod":
        return {"kind": kind, "metadata": {"name": app, "labels": labels or {"app": app}}, "spec": template["spec"]}
    return {"kind": kind, "metadata": {"name": app}, "spec": body}


def node(
    name: str = "n1", *, labels: Object | None = None, ready: str = "True", taints: Iterable[str] = (), **more: Any
) -> Object:
    number = sum(map(ord, name)) % 250
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels or {}, **more},
        "spec": {"providerID": f"azure:///{name}", "taints": [{"key": key, "effect": "NoSchedule"} for key in taints]},
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": f"10.224.0.{number}"},
                {"type": "Hostname", "address": name},
            ],
            "conditions": [{"type": "Ready", "status": ready}],
        },
    }


def daemon_set(
    name: str,
    ready: int = 3,
    desired: int = 3,
    containers: Iterable[str] = (),
    namespace: str = "kube-system",
    **container: Any,
) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"template": {"spec": {"containers": [{"name": one, **container} for one in containers or (name,)]}}},
        "status": {"desiredNumberScheduled": desired, "numberReady": ready},
    }


def policy(*ingress: Object, selector: Object | None = None, name: str = "closed", **spec: Any) -> Object:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name},
        "spec": {
            "podSelector": {"matchLabels": {"app": "web"}} if selector is None else selector,
            "ingress": list(ingress),
            **spec,
        },
    }


def blocks(*ranges: str, ports: Any = None, cut: Iterable[str] = ()) -> Object:
    """A rule that lets in ranges."""
    peers = [{"ipBlock": {"cidr": one, **({"except": list(cut)} if cut else {})}} for one in ranges]
    return {"from": peers, **({"ports": ports} if ports is not None else {})}


def event(
    reason: str, message: str = "", minutes: int = 1, *, about: str = "web", kind: str = "Service", warning: bool = True
) -> Object:
    """An event, some minutes old."""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{about}.{reason}.{minutes}"},
        "involvedObject": {"kind": kind, "namespace": "default", "name": about},
        "reason": reason,
        "message": message,
        "type": "Warning" if warning else "Normal",
        "lastTimestamp": f"2026-05-29T11:{60 - minutes:02}:00Z",
    }
