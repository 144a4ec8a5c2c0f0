"""Manifests and clusters that the tests of the path start from, and what is explained and linted of them."""

from typing import Any

from kubectl_akslb.lint.engine import lint
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.path.verdict import Path, VerdictKind
from kubectl_akslb.pipeline import Explained, explain
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile

PREFIX = "service.beta.kubernetes.io/"
Object = dict[str, Any]


def on(version: str = "1.30.18", **flags: Any) -> Cluster:
    """A cluster with this provider."""
    return with_flags(default_profile(), provider_version=version, **flags).cluster


def service(*ports: Object, name: str = "web", annotations: dict[str, str] | None = None, **fields: Any) -> Object:
    """A Service of type LoadBalancer; keys of annotations without a slash get the provider's prefix."""
    labels = fields.pop("labels", None)
    status = fields.pop("status", None)
    metadata: Object = {"name": name, "namespace": "shop"}
    if annotations:
        metadata["annotations"] = {key if "/" in key else PREFIX + key: value for key, value in annotations.items()}
    if labels:
        metadata["labels"] = labels
    spec = {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": list(ports or ({"port": 80},)), **fields}
    found: Object = {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}
    return {**found, "status": status} if status else found


def deployment(*containers: Object, labels: dict[str, str] | None = None, name: str = "web", **pod: Any) -> Object:
    """A Deployment whose pods have these containers; ``app: web`` unless *labels* say otherwise."""
    template = {
        "metadata": {"labels": labels or {"app": "web"}},
        "spec": {"containers": list(containers or (container(8080),)), **pod},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"selector": {"matchLabels": labels or {"app": "web"}}, "template": template},
    }


def container(*ports: int | tuple[str, int], image: str = "example.com/app:1", **fields: Any) -> Object:
    """A container that declares these ports."""
    listed = [
        {"name": one[0], "containerPort": one[1]} if isinstance(one, tuple) else {"containerPort": one} for one in ports
    ]
    return {"name": "app", "image": image, "ports": listed, **fields}


def policy(*ingress: Object, selector: Object | None = None) -> Object:
    """A NetworkPolicy for the pods of ``web``."""
    spec = {
        "podSelector": selector if selector is not None else {"matchLabels": {"app": "web"}},
        "ingress": list(ingress),
    }
    metadata = {"name": "web", "namespace": "shop"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def stream(*objects: Object) -> bytes:
    """The objects as a stream of manifests."""
    return "---\n".join(block_text(one) for one in objects).encode()


def explained(*objects: Object, cluster: Cluster | None = None) -> Explained:
    """What is explained of the first Service of these objects."""
    result = explain([("web.yaml", stream(*objects))], cluster or on())
    assert not result.problems, result.problems
    return result.services[0]


def path(*objects: Object, cluster: Cluster | None = None) -> Path:
    """The path of the first Service of these objects."""
    return explained(*objects, cluster=cluster).path


def kind(*objects: Object, cluster: Cluster | None = None) -> VerdictKind:
    """The verdict on the first Service of these objects."""
    return path(*objects, cluster=cluster).verdict.kind


def rules(*objects: Object, cluster: Cluster | None = None) -> set[str]:
    """The ids of the rules that find something."""
    return {one.rule for one in lint([("web.yaml", stream(*objects))], cluster or on()).diagnostics}
