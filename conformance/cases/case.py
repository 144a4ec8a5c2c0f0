"""What a case is made of: Services as the API server stores them, and the cluster around them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Json = dict[str, Any]

PREFIX = "service.beta.kubernetes.io/"
_UIDS = uuid.UUID("6f0d7c1e-55a4-4b0e-9d3a-0a9b6d3c2e11")
NODES = ({"name": "vmss000000", "addresses": ["10.224.0.4"]}, {"name": "vmss000001", "addresses": ["10.224.0.5"]})
DUAL_NODES = (
    {"name": "vmss000000", "addresses": ["10.224.0.4", "fd00:10:224::4"]},
    {"name": "vmss000001", "addresses": ["10.224.0.5", "fd00:10:224::5"]},
)
HEALTH_CHECK_NODE_PORT = 32000


class Case(NamedTuple):
    """One question to the provider: what stands in Azure after the last of the steps.

    ``service`` is ensured after ``existingServices``; a history has ``steps`` instead. The names of the fields are those
    that the recorder reads.
    """

    id: str
    steps: tuple[Json, ...]
    config: Json
    nodes: tuple[Json, ...]
    existing_public_ips: tuple[Json, ...]
    #: What the answer shows besides: "members" of pools, for nodes that the real service controller has chosen; "links",
    #: the private link services; "whole", the error of every step and what stands after a refused one.
    shows: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """The line that the recorder reads."""
        body: Json = {"id": self.id}
        if len(self.steps) == 1 and set(self.steps[0]) == {"ensure"}:
            body["service"] = self.steps[0]["ensure"]
        else:
            body["steps"] = list(self.steps)
        body |= {"config": self.config, "nodes": list(self.nodes)}
        if self.existing_public_ips:
            body["existingPublicIPs"] = list(self.existing_public_ips)
        return body | dict.fromkeys(self.shows, True)


def port(
    number: int,
    protocol: str = "TCP",
    *,
    app: str | None = None,
    name: str | None = None,
    node: int | None = None,
    target: int | str = 8080,
) -> Json:
    """One entry of spec.ports; *name* and *node* are filled in by the Service where they are not given."""
    body: Json = {"port": number, "protocol": protocol, "targetPort": target}
    if app is not None:
        body["appProtocol"] = app
    if name is not None:
        body["name"] = name
    if node is not None:
        body["nodePort"] = node
    return body


def service(
    annotations: Mapping[str, str] | None = None,
    *ports: Json,
    name: str = "web",
    namespace: str = "default",
    labels: Mapping[str, str] | None = None,
    families: Sequence[str] = ("IPv4",),
    **spec: Any,
) -> Json:
    """A Service as the API server stores it; keys of *annotations* are written without their prefix."""
    metadata: Json = {"name": name, "namespace": namespace, "uid": str(_uid(name, namespace))}
    if annotations:
        metadata["annotations"] = {_key(key): value for key, value in annotations.items()}
    if labels:
        metadata["labels"] = dict(labels)
    addresses = ["fd00:10::a" if family == "IPv6" else "10.0.0.10" for family in families or ("IPv4",)]
    body: Json = {
        "type": "LoadBalancer",
        "ports": _stored_ports(ports or (port(80),)),
        "externalTrafficPolicy": "Cluster",
        "sessionAffinity": "None",
        "ipFamilies": list(families),
        "ipFamilyPolicy": "SingleStack" if len(families) < 2 else "RequireDualStack",
        "clusterIPs": addresses,
        "clusterIP": addresses[0],
        **spec,
    }
    if body["externalTrafficPolicy"] == "Local":
        body.setdefault("healthCheckNodePort", HEALTH_CHECK_NODE_PORT)
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": body}


def _uid(name: str, namespace: str) -> uuid.UUID:
    return uuid.uuid5(_UIDS, f"{namespace}/{name}")


def local(annotations: Mapping[str, str] | None = None, *ports: Json, **spec: Any) -> Json:
    """A Service with externalTrafficPolicy Local."""
    return service(annotations, *ports, externalTrafficPolicy="Local", **spec)


def _key(key: str) -> str:
    return key if "/" in key else PREFIX + key


def _stored_ports(ports: Sequence[Json]) -> list[Json]:
    stored = []
    for index, given in enumerate(ports):
        body = {"nodePort": 30000 + 100 * index + given["port"] % 100, **given}
        if "name" not in body and len(ports) > 1:
            body["name"] = f"{given['protocol'].lower()}-{given['port']}"
        stored.append(body)
    return stored


def case(
    identifier: str,
    ensured: Json,
    *,
    before: Sequence[Json] = (),
    config: Mapping[str, Any] | None = None,
    nodes: Sequence[Json] = NODES,
    public_ips: Sequence[Json] = (),
) -> Case:
    """The case of one Service, after those *before* it."""
    steps = tuple({"ensure": one} for one in (*before, ensured))
    return Case(identifier, steps, dict(config or {}), tuple(nodes), tuple(public_ips))


def history(
    identifier: str,
    *steps: Json,
    config: Mapping[str, Any] | None = None,
    nodes: Sequence[Json] = NODES,
    public_ips: Sequence[Json] = (),
) -> Case:
    """The case of several steps: Services are ensured, edited, updated for other nodes and deleted."""
    return Case(identifier, steps, dict(config or {}), tuple(nodes), tuple(public_ips))


def ensure(body: Json) -> Json:
    """A Service is created, or reconciled after an edit."""
    return {"ensure": body}


def update(body: Json, nodes: Sequence[Json]) -> Json:
    """The nodes of the cluster have changed."""
    return {"update": body, "nodes": list(nodes)}


def delete(body: Json) -> Json:
    """A Service is deleted."""
    return {"delete": body}


def public_ip(name: str, address: str, group: str = "") -> Json:
    """A public IP that a person has made."""
    body = {"name": name, "ipAddress": address}
    return {**body, "resourceGroup": group} if group else body


def generated_public_ip(name: str, namespace: str = "default") -> str:
    """The name that the provider gives to the public IP of a Service."""
    return "kubernetes-" + f"a{_uid(name, namespace).hex}"[:32]


def slug(value: object) -> str:
    """A value as a part of an id: readable, blanks as underscores and slashes as vertical bars."""
    text = str(value)
    return {"": "empty", " ": "blank"}.get(text) or text.replace(" ", "_").replace("/", "|")
