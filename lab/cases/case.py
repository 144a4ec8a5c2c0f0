"""What a case is made of: objects as the API server stores them, and what no object tells."""

import ipaddress
import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from lab import fixed
from lab.fixed import CLIENTS, NODE_HOSTS, NODES, PODS, SERVERS

Json = dict[str, Any]

DISABLE_FLOATING_IP = "service.beta.kubernetes.io/azure-disable-load-balancer-floating-ip"
INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"
#: Who is let in, as an annotation: Kubernetes' own, and Azure's. The provider reads them, kube-proxy does not.
RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
ALLOWED_RANGES = "service.beta.kubernetes.io/azure-allowed-ip-ranges"
TO_BE_DELETED = {"key": "ToBeDeletedByClusterAutoscaler", "value": "1", "effect": "NoSchedule"}
_UIDS = uuid.UUID("0c0f7d1e-5d0f-4b57-9a5c-6a3f2b8d7e90")
#: Cases that are applied together; each has node ports and addresses of its own.
SLOTS = 400


class Endpoint(NamedTuple):
    """A pod in an EndpointSlice; "host-a" is a pod with hostNetwork on node-a, "gone" an address that nobody has."""

    pod: str
    ready: bool | None = True
    serving: bool | None = None
    terminating: bool | None = None
    node_name: bool = True
    hints: tuple[str, ...] = ()


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Case(NamedTuple):
    """One situation."""

    id: str
    ports: tuple[Json, ...] = (MappingProxyType({"port": 80, "targetPort": fixed.HTTP}),)  # type: ignore[assignment]
    slices: tuple[Json, ...] | None = None
    endpoints: tuple[Endpoint, ...] = (Endpoint("web-a1"),)
    spec: Mapping[str, Any] = _NOTHING
    annotations: Mapping[str, str] = _NOTHING
    families: tuple[str, ...] = ("IPv4",)
    #: "address": as the load balancer has it; "empty"; "stale": another address; "Proxy", "VIP": with that ipMode; "first":
    #: only that of the first family; "first is Proxy": that one with this ipMode, the other without; "unmarked": without
    #: an ipMode; "beside another": after an address that is none of the load balancer's; "hostname": a name and no address.
    status: str = "address"
    #: What is special of a node: "tainted", "deleting", "stopped" (its kube-proxy).
    nodes: Mapping[str, str] = _NOTHING
    #: What the kube-proxy that was stopped has seen last, where that differs.
    before: Mapping[str, Any] = _NOTHING
    readiness: Json | None = None
    #: Whether pods and nodes are asked what becomes of what they send to the load balancer, node by node.
    through_azure: bool = False


def port(number: int, target: int | str = fixed.HTTP, protocol: str = "TCP", name: str = "", **more: object) -> Json:
    """One entry of spec.ports."""
    body: Json = {"port": number, "targetPort": target, "protocol": protocol, **more}
    return {"name": name, **body} if name else body


def slice_of(
    endpoints: Sequence[Endpoint], *ports: tuple[str, int | None], family: int = 4, protocol: str = "TCP"
) -> Json:
    """What one EndpointSlice holds: (name, number) of its ports, and its endpoints."""
    return {"ports": ports, "endpoints": tuple(endpoints), "family": family, "protocol": protocol}


def namespace_of(slot: int) -> str:
    """Each case has a namespace of its own, so that many stand in one cluster."""
    return f"shop-{slot}"


def objects_of(case: Case, slot: int) -> list[Json]:
    """The Kubernetes objects of a case: the Service, its EndpointSlices, the pods behind them, the nodes."""
    return [_service(case, slot), *_slices(case, slot), *_pods(case, slot), *_nodes(case), *_proxies(case)]


def load_balancer(slot: int, family: str, *, internal: bool) -> str:
    """The address of the frontend."""
    if family == "IPv6":
        return f"fd00:224:100::{slot + 16:x}" if internal else f"2603:1030:50::{slot + 16:x}"
    return ("10.224." + str(100 + slot // 200) if internal else f"20.50.{slot // 200}") + f".{slot % 200 + 10}"


def _service(case: Case, slot: int) -> Json:
    internal = case.annotations.get(INTERNAL) == "true"
    clusters = [
        f"fd00:10:96::{slot + 256:x}" if family == "IPv6" else f"10.96.{1 + slot // 200}.{slot % 200 + 10}"
        for family in case.families
    ]
    spec: Json = {
        "type": "LoadBalancer",
        "selector": {"app": "web"},
        "externalTrafficPolicy": "Cluster",
        "internalTrafficPolicy": "Cluster",
        "sessionAffinity": "None",
        "allocateLoadBalancerNodePorts": True,
        "clusterIP": clusters[0],
        "clusterIPs": clusters,
        "ipFamilies": list(case.families),
        "ipFamilyPolicy": "RequireDualStack" if len(case.families) > 1 else "SingleStack",
        **case.spec,
    }
    if "externalIPs" in spec:
        spec["externalIPs"] = [f"20.50.{9 + slot // 200}.{slot % 200 + 10}" for _ in spec["externalIPs"]]
    ports = []
    for index, one in enumerate(case.ports):
        body = {"protocol": "TCP", **one}
        if spec["allocateLoadBalancerNodePorts"]:
            body["nodePort"] = 30000 + slot * 6 + index
        ports.append(body)
    spec["ports"] = ports
    if spec["externalTrafficPolicy"] == "Local":
        spec["healthCheckNodePort"] = 30000 + slot * 6 + 5
    metadata: Json = {"name": "web", "namespace": namespace_of(slot), "uid": str(uuid.uuid5(_UIDS, case.id))}
    if case.annotations:
        metadata["annotations"] = dict(case.annotations)
    ingress = _ingress(case.status, [load_balancer(slot, family, internal=internal) for family in case.families])
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": spec,
        "status": {"loadBalancer": {"ingress": ingress} if ingress else {}},
    }


def _ingress(status: str, addresses: list[str]) -> list[Json]:
    """status.loadBalancer.ingress, where the load balancer has these addresses."""
    if status == "empty":
        return []
    if status == "hostname":
        return [{"hostname": "web.example.test"}]
    stale = [_stale(address) for address in addresses]
    shown = {"stale": stale, "beside another": [*stale, *addresses], "first": addresses[:1]}.get(status, addresses)
    if status == "unmarked":
        return [{"ip": address} for address in shown]
    proxied = {"Proxy": len(shown), "first is Proxy": 1}.get(status, 0)
    return [{"ip": address, "ipMode": "Proxy" if index < proxied else "VIP"} for index, address in enumerate(shown)]


def _stale(address: str) -> str:
    return f"{address}:9" if ":" in address else str(ipaddress.ip_address(address) + 2048)


def _slices(case: Case, slot: int) -> list[Json]:
    contents = case.slices if case.slices is not None else tuple(_usual(case))
    found = []
    for index, content in enumerate(contents):
        family = content["family"]
        ports = [{"name": name, "port": number, "protocol": content["protocol"]} for name, number in content["ports"]]
        found.append(
            {
                "apiVersion": "discovery.k8s.io/v1",
                "kind": "EndpointSlice",
                "metadata": {
                    "name": f"web-{index}",
                    "namespace": namespace_of(slot),
                    "labels": {
                        "kubernetes.io/service-name": "web",
                        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
                    },
                },
                "addressType": f"IPv{family}",
                "ports": ports,
                "endpoints": [_endpoint(one, family, slot) for one in content["endpoints"]],
            }
        )
    return found


def _usual(case: Case) -> list[Json]:
    """One slice for each family and protocol, with all ports, as the controller makes it."""
    protocols = list(dict.fromkeys(one.get("protocol", "TCP") for one in case.ports))
    return [
        {
            "ports": [
                (one.get("name", ""), one["targetPort"]) for one in case.ports if one.get("protocol", "TCP") == protocol
            ],
            "endpoints": case.endpoints,
            "family": 6 if family == "IPv6" else 4,
            "protocol": protocol,
        }
        for family in case.families
        for protocol in protocols
    ]


def address_of(pod: str, family: int) -> str:
    """The address of a pod by its name."""
    if pod.startswith("host-"):
        return NODE_HOSTS[f"node-{pod[-1]}"].addresses[family]
    if pod == "gone":
        return "10.244.1.99" if family == 4 else "fd00:244:1::99"
    return PODS[pod].addresses[family]


def node_of(pod: str) -> str:
    """The node of a pod by its name."""
    return NODES[0] if pod == "gone" else PODS[pod].node if pod in PODS else f"node-{pod[-1]}"


def _endpoint(one: Endpoint, family: int, slot: int) -> Json:
    conditions: Json = {}
    if one.ready is not None:
        terminating = bool(one.terminating)
        conditions["ready"] = one.ready
        conditions["serving"] = one.ready if one.serving is None else one.serving
        conditions["terminating"] = terminating
    body: Json = {
        "addresses": [address_of(one.pod, family)],
        "conditions": conditions,
        "targetRef": {"kind": "Pod", "namespace": namespace_of(slot), "name": one.pod},
    }
    if one.node_name:
        body["nodeName"] = node_of(one.pod)
    if one.hints:
        body["hints"] = {"forZones": [{"name": zone} for zone in one.hints]}
    return body


def endpoints_of(case: Case) -> list[Endpoint]:
    """All endpoints of a case, each pod once."""
    contents = case.slices if case.slices is not None else tuple(_usual(case))
    return list({one.pod: one for content in contents for one in content["endpoints"]}.values())


def _pods(case: Case, slot: int) -> list[Json]:
    targets = [one["targetPort"] for one in case.ports if isinstance(one["targetPort"], int)]
    contents = case.slices if case.slices is not None else ()
    found = []
    for one in endpoints_of(case):
        if one.pod == "gone":
            continue
        named = [
            {"name": name, "containerPort": number, "protocol": content["protocol"]}
            for content in contents
            for name, number in content["ports"]
            if name and number and any(other.pod == one.pod for other in content["endpoints"])
        ]
        if one.pod.startswith("host-"):
            # On a node's network one number cannot be there twice.
            named = list({(port["containerPort"], port["protocol"]): port for port in named}.values())
        ports = named or [
            {
                "containerPort": number,
                "protocol": next(p.get("protocol", "TCP") for p in case.ports if p["targetPort"] == number),
            }
            for number in dict.fromkeys(targets)
        ]
        host = one.pod.startswith("host-")
        ip = [{"ip": address_of(one.pod, family)} for family in (4, 6)]
        container: Json = {
            "name": "server",
            "image": "example.test/server:1",
            "ports": list({json_key(p): p for p in ports}.values()),
        }
        if case.readiness:
            container["readinessProbe"] = case.readiness
        metadata: Json = {"name": one.pod, "namespace": namespace_of(slot), "labels": {"app": "web"}}
        if one.terminating:
            metadata["deletionTimestamp"] = "2026-11-21T12:00:00Z"
            metadata["deletionGracePeriodSeconds"] = 30
        ready = "True" if one.ready or one.serving else "False"
        found.append(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": metadata,
                "spec": {
                    "nodeName": node_of(one.pod),
                    **({"hostNetwork": True} if host else {}),
                    "containers": [container],
                },
                "status": {
                    "phase": "Running",
                    "podIP": ip[0]["ip"],
                    "podIPs": ip,
                    "hostIP": NODE_HOSTS[node_of(one.pod)].addresses[4],
                    "conditions": [{"type": "Ready", "status": ready}],
                },
            }
        )
    return found


def json_key(port: Json) -> str:
    """A port of a container by its number and protocol."""
    return f"{port.get('name', '')}/{port['containerPort']}/{port.get('protocol', 'TCP')}"


def node_object(name: str, special: str = "") -> Json:
    """A node of the lab; *special* is "tainted" or "deleting" where it is."""
    addresses = NODE_HOSTS[name].addresses
    index = NODES.index(name)
    body: Json = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": f"westeurope-{index + 1}"},
        },
        "spec": {
            "podCIDR": f"10.244.{index + 1}.0/24",
            "podCIDRs": [f"10.244.{index + 1}.0/24", f"fd00:244:{index + 1}::/64"],
            "providerID": "azure:///subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mc_shop/providers/"
            f"Microsoft.Compute/virtualMachineScaleSets/aks-nodes-vmss/virtualMachines/{index}",
        },
        "status": {
            "addresses": [{"type": "InternalIP", "address": address} for address in addresses.values()],
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }
    if special == "tainted":
        body["spec"]["taints"] = [TO_BE_DELETED]
    elif special == "cordoned":
        body["spec"]["unschedulable"] = True
    elif special == "deleting":
        body["metadata"]["deletionTimestamp"] = "2026-11-21T12:00:00Z"
        body["metadata"]["finalizers"] = ["example.test/lab"]
    return body


def _nodes(case: Case) -> list[Json]:
    return [node_object(name, case.nodes.get(name, "")) for name in NODES]


def _proxies(case: Case) -> list[Json]:
    """The pods of kube-proxy, where one of them has been stopped."""
    if "stopped" not in case.nodes.values():
        return []
    return [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": f"kube-proxy-{name[-1]}",
                "namespace": "kube-system",
                "labels": {"component": "kube-proxy", "tier": "node"},
            },
            "spec": {
                "nodeName": name,
                "hostNetwork": True,
                "containers": [{"name": "kube-proxy", "image": "example.test/kube-proxy:1"}],
            },
            "status": {
                "phase": "Running",
                "conditions": [{"type": "Ready", "status": "False" if case.nodes.get(name) == "stopped" else "True"}],
            },
        }
        for name in NODES
    ]


def as_json(case: Case, slot: int) -> Json:
    """The line that is recorded."""
    used = {one["targetPort"] for one in case.ports if isinstance(one["targetPort"], int)}
    used |= {number for content in case.slices or () for _, number in content["ports"] if number}
    internal = case.annotations.get(INTERNAL) == "true"
    body: Json = {
        "id": case.id,
        "objects": objects_of(case, slot),
        "frontends": [
            {
                "ip": load_balancer(slot, family, internal=internal),
                # As the provider derives it: off by the annotation, and for an internal frontend of IPv6.
                "floatingIP": case.annotations.get(DISABLE_FLOATING_IP) != "true"
                and not (internal and family == "IPv6"),
            }
            for family in case.families
        ],
        "servers": {str(number): SERVERS[number] for number in sorted(used) if number in SERVERS},
        "clients": {
            name: [found[6 if family == "IPv6" else 4] for family in case.families] for name, found in CLIENTS.items()
        },
    }
    if case.through_azure:
        body["throughAzure"] = True
    stopped = sorted(name for name, special in case.nodes.items() if special == "stopped")
    if stopped:
        body["kubeProxyStopped"] = stopped
        if case.before:
            before = {key: value for key, value in case.before.items() if key != "absent"}
            body["before"] = [] if case.before.get("absent") else objects_of(case._replace(before={}, **before), slot)
    return body
