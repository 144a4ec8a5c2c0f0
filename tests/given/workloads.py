"""What may stand beside a Service and decides who answers its probe."""

from typing import Any

from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource, Pods
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.evidence.workloads import pods_of
from tests.given.services import INTERNAL, port

PROXY = {**INTERNAL, "azure-pls-create": "true", "azure-pls-proxy-protocol": "true"}
HTTP = port(80, "http", name="http")
HTTPS = port(443, "https", name="https")
NAME = "app.kubernetes.io/name"
NGINX = {NAME: "ingress-nginx"}
WEB = {"name": "http", "containerPort": 8080}


def workload(
    *ports: dict[str, Any], kind: str = "Deployment", pod: dict[str, Any] | None = None, **container: Any
) -> Any:
    spec = {"containers": [{"image": "example.com/x", "ports": list(ports), **container}], **(pod or {})}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": spec}
    return {"kind": kind, "metadata": {"name": "web"}, "spec": {"template": template}}


def reads(path: str, number: object = "http", **request: Any) -> dict[str, Any]:
    return {"readinessProbe": {"httpGet": {"path": path, "port": number, **request}}}


def beside(*objects: Any, **fields: Any) -> Evidence:
    """What stands beside a Service in its file; the pods are those of all workloads."""
    pods: tuple[Pods, ...] = tuple(found for one in objects for found in pods_of(one))
    return Evidence(**{"source": EvidenceSource.FILES, "objects": Objects(objects), "pods": pods, **fields})


def config(**data: str) -> dict[str, Any]:
    return {
        "kind": "ConfigMap",
        "metadata": {"name": "edge"},
        "data": {k.replace("_", "-"): v for k, v in data.items()},
    }


def ingress(path: str, **spec: Any) -> dict[str, Any]:
    return {
        "kind": "Ingress",
        "metadata": {"name": "app"},
        "spec": {"rules": [{"http": {"paths": [{"path": path}]}}], **spec},
    }


TARGET = HTTP._replace(target_port="http")
