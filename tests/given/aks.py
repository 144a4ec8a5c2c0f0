"""The objects of a small AKS cluster, as its API server has them. Nothing here was copied from one."""

from datetime import datetime, timezone
from typing import Any

Object = dict[str, Any]
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
NODE_GROUP = "MC_shop_shop-prod_westeurope"
SCALE_SETS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{NODE_GROUP.lower()}/providers/Microsoft.Compute"
PREFIX = "service.beta.kubernetes.io/"


def namespace(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def node(number: int, pool: str = "system", labels: dict[str, str] | None = None) -> Object:
    name = f"aks-{pool}-12345678-vmss{number:06}"
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {
                "kubernetes.azure.com/agentpool": pool,
                "kubernetes.azure.com/cluster": NODE_GROUP,
                "topology.kubernetes.io/zone": f"westeurope-{number % 3 + 1}",
                **(labels or {}),
            },
        },
        "spec": {
            "providerID": f"azure://{SCALE_SETS}/virtualMachineScaleSets/aks-{pool}-12345678-vmss/virtualMachines/{number}"
        },
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": f"10.224.0.{number + 4}"},
                {"type": "Hostname", "address": name},
            ],
            "conditions": [{"type": "Ready", "status": "True"}],
            "nodeInfo": node_info("v1.30.8"),
        },
    }


def node_info(kubelet: str) -> Object:
    words = ("machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion")
    more = {"operatingSystem": "linux", "architecture": "amd64", "kubeProxyVersion": kubelet}
    return {**dict.fromkeys(words, "test"), **more, "kubeletVersion": kubelet}


def service(name: str, *, annotations: dict[str, str] | None = None, ip: str = "", **spec: Any) -> Object:
    body: Object = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": {"app": name}, "annotations": annotations or {}},
        "spec": {
            "type": "LoadBalancer",
            "selector": {"app": name},
            "ports": [{"name": "http", "port": 80, "targetPort": 8080}],
            **spec,
        },
    }
    if ip:
        body["status"] = {"loadBalancer": {"ingress": [{"ip": ip}]}}
    return body


def endpoint_slice(name: str, *endpoints: tuple[str, str, bool], suffix: str = "abcde") -> Object:
    """Endpoints are pairs of a pod and the node it runs on, and whether it is ready."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": f"{name}-{suffix}", "labels": {"kubernetes.io/service-name": name}},
        "addressType": "IPv4",
        "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
        "endpoints": [
            {
                "addresses": [f"10.244.0.{index + 10}"],
                "conditions": {"ready": ready, "serving": ready, "terminating": False},
                "nodeName": on,
                "targetRef": {"kind": "Pod", "name": pod, "namespace": "shop"},
            }
            for index, (pod, on, ready) in enumerate(endpoints)
        ],
    }


def event(of: Object, reason: str, message: str, kind: str = "Warning", count: int = 3) -> Object:
    metadata = of["metadata"]
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{metadata['name']}.", "namespace": metadata["namespace"]},
        "involvedObject": {
            "apiVersion": "v1",
            "kind": "Service",
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "uid": metadata["uid"],
        },
        "type": kind,
        "reason": reason,
        "message": message,
        "count": count,
        "firstTimestamp": now,
        "lastTimestamp": now,
        "source": {"component": "service-controller"},
    }


def cloud_node_manager(tag: str, *, sidecar: bool = False) -> Object:
    image = f"mcr.microsoft.com/oss/v2/kubernetes/azure-cloud-node-manager:{tag}"
    containers = [{"name": "cloud-node-manager", "image": image, "command": ["cloud-node-manager"]}]
    if sidecar:
        containers.append(
            {
                "name": "health-probe-proxy",
                "image": f"mcr.microsoft.com/oss/v2/kubernetes/azure-health-probe-proxy:{tag}",
                "args": ["--health-check-port=10356", "--target-port=10256"],
            }
        )
    labels = {"component": "cloud-node-manager"}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "cloud-node-manager", "namespace": "kube-system", "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
        },
    }


def cluster_role(name: str, *rules: Object) -> Object:
    body = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": name}}
    return {**body, "rules": list(rules)}


def role_binding(name: str, role: str, user: str) -> Object:
    group = "rbac.authorization.k8s.io"
    return {
        "apiVersion": f"{group}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": name},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": group, "kind": "User", "name": user}],
    }
