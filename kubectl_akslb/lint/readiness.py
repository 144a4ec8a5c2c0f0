"""What the pods behind a Service answer, by their own readiness probes, as far as the same stream tells.

The kubelet asks the container; Azure asks the node port, which leads to the same container port. So a readiness request
to that very port is one that the pods answer whenever they are ready. The kubelet takes 200 to 399 for ready, Azure
only 200.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.model.service import TCP, Service, ServicePort

WORKLOAD_KINDS = frozenset({
    "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Pod", "Rollout",
})  # fmt: skip
"""Whose pods stay. Jobs end, and so do the pods of Helm's hooks and tests."""

_HOOK = "helm.sh/hook"


class Pods(NamedTuple):
    """The pods of one workload; *owner* is ``Deployment/web``, *namespace* is "" where the manifest names none."""

    owner: str
    namespace: str
    labels: Mapping[str, str]
    containers: tuple[Mapping[str, Any], ...]

    @property
    def images(self) -> tuple[str, ...]:
        """The images of the containers, with registry and tag."""
        return tuple(image for one in self.containers if isinstance(image := one.get("image"), str))


class Ready(NamedTuple):
    """The request that the pods answer when they are ready, and whose probe says so."""

    path: str
    owner: str


def pods_of(data: object) -> Iterator[Pods]:
    """The pods that an object runs for good; those of every item where *data* is a list."""
    for _, item in objects(data):
        yield from _pods_of(item)


def _pods_of(data: Mapping[str, Any]) -> Iterator[Pods]:
    kind = data["kind"]
    if kind not in WORKLOAD_KINDS or _HOOK in _mapping(_mapping(data.get("metadata")).get("annotations")):
        return
    metadata = _mapping(data.get("metadata"))
    pod = data if kind == "Pod" else _mapping(_mapping(data.get("spec")).get("template"))
    spec = _mapping(pod.get("spec"))
    if spec:
        labels = _mapping(_mapping(pod.get("metadata")).get("labels"))
        owner = f"{kind}/{metadata.get('name', '')}"
        yield Pods(owner, str(metadata.get("namespace") or ""), labels, tuple(_containers(spec)))


def selected(service: Service, pods: Sequence[Pods], namespace: str = "") -> tuple[Pods, ...]:
    """The pods that the selector of *service* matches; *namespace* is where objects go that name none."""
    own = service.namespace or namespace
    return tuple(
        one
        for one in pods
        if service.selector
        and (one.namespace or namespace) == own
        and all(one.labels.get(key) == value for key, value in service.selector.items())
    )


def readiness(port: ServicePort, scheme: str, pods: Sequence[Pods]) -> Ready | str:
    """The path that all of *pods* answer on the container port behind *port*, or the reason why none is known.

    *scheme* is HTTP or HTTPS.
    """
    if not pods:
        return "no workload in this stream has the pods that its selector matches"
    found: Ready | None = None
    for one in pods:
        ready = _readiness_of(one, port, scheme)
        if isinstance(ready, str):
            return ready
        if found is not None and found.path != ready.path:
            return f"{found.owner} and {ready.owner} are asked for different paths"
        found = found or ready
    return found or "the pods have no containers"


def _readiness_of(pods: Pods, port: ServicePort, scheme: str) -> Ready | str:
    number = _container_port(pods, port)
    if number is None:
        return f"no container of {pods.owner} has the port {port.target_port!r}"
    reason = f"{pods.owner} has no readiness probe by http"
    for container in pods.containers:
        request = _mapping(_mapping(container.get("readinessProbe")).get("httpGet"))
        if not request:
            continue
        asked = _number(container, request.get("port"))
        if asked != number:
            reason = f"the readiness probe of {pods.owner} asks port {request.get('port')}, not {number}"
            continue
        fault = _fault(request, scheme)
        if not fault:
            return Ready(request.get("path") or "/", pods.owner)
        reason = f"the readiness probe of {pods.owner} {fault}"
    return reason


def _fault(request: Mapping[str, Any], scheme: str) -> str:
    """What makes a readiness request another one than Azure's, or ""."""
    if (request.get("scheme") or "HTTP") != scheme:
        return f"speaks {request.get('scheme') or 'HTTP'}, the probe would speak {scheme}"
    if request.get("host") or request.get("httpHeaders"):
        return "sends a host or headers of its own, which Azure does not"
    path = request.get("path") or "/"
    plain = isinstance(path, str) and path.startswith("/") and path.isascii() and path.isprintable() and " " not in path
    return "" if plain else "asks for something that is no plain path"


def _container_port(pods: Pods, port: ServicePort) -> int | None:
    """The number of the port that the Service's target port means in these pods."""
    target = port.target_port if port.target_port is not None else port.port
    if isinstance(target, int):
        return target
    for container in pods.containers:
        for one in _mappings(container.get("ports")):
            if one.get("name") == target and (one.get("protocol") or TCP) == TCP:
                number = one.get("containerPort")
                return number if isinstance(number, int) else None
    return None


def _number(container: Mapping[str, Any], port: object) -> int | None:
    """The number of a port that a probe names; names are the container's own."""
    if isinstance(port, int):
        return port
    for one in _mappings(container.get("ports")):
        if port and one.get("name") == port and isinstance(one.get("containerPort"), int):
            return int(one["containerPort"])
    return None


def _containers(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The containers that run as long as the pod does: sidecars are init containers that are always restarted."""
    yield from _mappings(spec.get("containers"))
    for one in _mappings(spec.get("initContainers")):
        if one.get("restartPolicy") == "Always":
            yield one


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
