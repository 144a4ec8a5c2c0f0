"""The pods behind a Service: whose they are, what their ports are, and what their readiness probes prove.

The kubelet asks the container; Azure asks the node port, which leads to the same container port. So a readiness request
to that very port is one that the pods answer whenever they are ready. But the kubelet takes 200 to 399 for ready and
follows redirects, and Azure takes 200 only: a readiness path is what the pods were made for, no proof.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.evidence.evidence import Pods
from kubectl_akslb.evidence.objects import mapping, mappings, text, texts
from kubectl_akslb.evidence.refused_workload import why_refused
from kubectl_akslb.evidence.unstartable import why_unstartable
from kubectl_akslb.model.service import TCP, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider.workloads import not_200

#: Where each kind keeps its pod template. The pods of Helm's hooks and tests are none of the Service.
_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout", "Job"),
        ("spec", "template"),
    ),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
}
WORKLOAD_KINDS = frozenset(_TEMPLATES)
_ENDING = ("Job/", "CronJob/")
_HOOK = "helm.sh/hook"
#: So many ordinals are looked at: a manifest can ask for any number.
_MOST_ORDINALS = 200
_ENDED = frozenset({"Succeeded", "Failed"})

#: What a request can hold without being quoted by a client, a shell or a YAML file in some other way than by another.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&()*+,;=:@%/?")
_HEX = frozenset("0123456789abcdefABCDEF")


class ReadinessDoubt(Enum):
    """Why a readiness probe says nothing about Azure's; the value is a stable id."""

    NO_PODS = "no-pods"
    NO_CONTAINER_PORT = "no-container-port"
    NO_HTTP = "no-http-readiness"
    OTHER_PORT = "readiness-asks-other-port"
    OTHER_SCHEME = "readiness-speaks-other-scheme"
    OWN_REQUEST = "readiness-sends-headers-or-host"
    NOT_PLAIN = "readiness-path-is-not-plain"
    ROOT = "readiness-asks-for-root"
    NOT_200 = "readiness-path-answers-otherwise"
    DISAGREE = "readiness-differs"


class Ready(NamedTuple):
    """The request that the pods answer when they are ready, and whose probe says so."""

    path: str
    owner: str


class Unproven(NamedTuple):
    """That readiness says nothing, about whom, and the value that is in the way."""

    doubt: ReadinessDoubt
    owner: str = ""
    detail: object = ""


class ContainerPort(NamedTuple):
    """The container port behind a Service port; *name* is "" where it has none."""

    number: int
    name: str = ""


class Workloads:
    """The pods of all workloads, found by label: N Services beside N workloads stay linear.

    *namespace* is where objects go that name none.
    """

    __slots__ = ("_by_label", "_namespace")

    def __init__(self, objects: Iterable[object], namespace: str = "") -> None:
        self._namespace = namespace
        self._by_label: dict[tuple[str, str, str], list[Pods]] = {}
        for one in (pods for data in objects for pods in pods_of(data)):
            for key, value in one.pairs():
                self._by_label.setdefault((one.namespace or namespace, key, value), []).append(one)

    def behind(self, service: Service) -> tuple[Pods, ...]:
        """The pods that the selector of *service* matches."""
        own = service.namespace or self._namespace
        found = [self._by_label.get((own, key, value), []) for key, value in service.selector.items()]
        fewest = min(found, key=len, default=[])
        return tuple(one for one in fewest if all(one.bears(key, value) for key, value in service.selector.items()))


def pods_of(data: object) -> Iterator[Pods]:
    """The pods that an object runs, if it runs any."""
    data = mapping(data)
    kind, metadata = text(data.get("kind")), mapping(data.get("metadata"))
    if kind not in _TEMPLATES or _HOOK in mapping(metadata.get("annotations")) or _is_over(data, metadata):
        return
    pod: Mapping[str, Any] = data
    for step in _TEMPLATES[kind]:
        pod = mapping(pod.get(step))
    spec, own = mapping(pod.get("spec")), mapping(data.get("spec"))
    if spec:
        yield Pods(
            owner=f"{kind}/{metadata.get('name', '')}",
            namespace=text(metadata.get("namespace")),
            labels=texts(mapping(pod.get("metadata")).get("labels")),
            containers=tuple(lasting_containers(spec)),
            host_network=spec.get("hostNetwork") is True,
            replicas=replicas if isinstance(replicas := own.get("replicas"), int) else None,
            ordinals=_ordinals(own) if kind == "StatefulSet" else range(0),
            node_labels=dict(_node_labels(spec)),
            paused=own.get("paused") is True and kind == "Deployment",
            annotations=texts(mapping(pod.get("metadata")).get("annotations")),
            refused=why_refused(kind, data, pod),
            unstartable=why_unstartable(spec),
        )


def _ordinals(stateful_set: Mapping[str, Any]) -> range:
    """The numbers of its pods; of more than can be told apart in a list, the first."""
    replicas, start = stateful_set.get("replicas", 1), mapping(stateful_set.get("ordinals")).get("start", 0)
    first = start if _is_number(start) else 0
    return range(first, first + min(replicas, _MOST_ORDINALS) if _is_number(replicas) else first + 1)


def _node_labels(pod: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The labels that its node must have; "" stands for any value."""
    yield from texts(pod.get("nodeSelector")).items()
    affinity = mapping(mapping(pod.get("affinity")).get("nodeAffinity"))
    terms = mappings(mapping(affinity.get("requiredDuringSchedulingIgnoredDuringExecution")).get("nodeSelectorTerms"))
    for one in mappings(terms[0].get("matchExpressions")) if len(terms) == 1 else ():  # of several one is enough
        key, values = text(one.get("key")), one.get("values")
        if key and one.get("operator") == "Exists":
            yield key, ""
        elif key and one.get("operator") == "In" and isinstance(values, (list, tuple)) and len(values) == 1:
            yield key, text(values[0])


def _is_over(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> bool:
    """Whether it has no pods any more: a pod that ended, a revision that a Deployment keeps to go back to."""
    if mapping(data.get("status")).get("phase") in _ENDED:
        return True
    return bool(metadata.get("ownerReferences")) and mapping(data.get("spec")).get("replicas") == 0


def lasting(pods: Sequence[Pods]) -> tuple[Pods, ...]:
    """The pods that stay; those of Jobs end. All of them where none stays."""
    return tuple(one for one in pods if not one.owner.startswith(_ENDING)) or tuple(pods)


def container_port(pods: Sequence[Pods], port: ServicePort) -> int | None:
    """The number of the container port that the target port names; None where the pods do not agree on one."""
    target = port.target_port
    if target is None or isinstance(target, int):
        return target
    found = {known.number for one in pods if (known := port_behind(one, port)) is not None}
    return found.pop() if len(found) == 1 else None


def port_behind(pods: Pods, port: ServicePort) -> ContainerPort | None:
    """The container port of *pods* that the target port means; None where they have none of that name."""
    target = port.port if port.target_port is None else port.target_port
    for container in pods.containers:
        for one in mappings(container.get("ports")):
            number, name = one.get("containerPort"), text(one.get("name"))
            if (one.get("protocol") or TCP) == port.protocol and target in (number, name) and _is_number(number):
                return ContainerPort(number, name)  # type: ignore[arg-type] # _is_number
    return ContainerPort(target) if isinstance(target, int) else None


def of_port(pods: Pods, port: ServicePort) -> Pods:
    """*pods* with the containers that declare the container port behind *port* alone; with all where none does."""
    behind = port_behind(pods, port)
    own = tuple(
        one
        for one in pods.containers
        if any(behind is not None and each.get("containerPort") == behind.number for each in mappings(one.get("ports")))
    )
    return pods._replace(containers=own) if own and len(own) < len(pods.containers) else pods


def node_ports(workloads: Iterable[Mapping[str, Any]]) -> frozenset[int]:
    """The ports that pods open on the node itself: host ports, and all ports of pods in the node's network."""
    return frozenset(number for one in workloads for pods in pods_of(one) for number in host_ports(pods))


def host_ports(pods: Pods) -> Iterator[int]:
    """The ports that these pods open on their node."""
    for container in pods.containers:
        for one in mappings(container.get("ports")):
            number = one.get("hostPort") or (one.get("containerPort") if pods.host_network else None)
            if isinstance(number, int) and not isinstance(number, bool):
                yield number


def readiness(port: ServicePort, scheme: str, pods: Sequence[Pods]) -> Ready | Unproven:
    """The path by which all of *pods* count as ready on the container port behind *port*, or why none is known.

    *scheme* is HTTP or HTTPS.
    """
    found: Ready | None = None
    for one in lasting(pods):
        ready = _readiness_of(one, port, scheme)
        if isinstance(ready, Unproven):
            return ready
        if found is not None and found.path != ready.path:
            return Unproven(ReadinessDoubt.DISAGREE, found.owner, ready.owner)
        found = found or ready
    return found or Unproven(ReadinessDoubt.NO_PODS)


def readiness_scheme(port: ServicePort, pods: Sequence[Pods]) -> str:
    """HTTP or HTTPS where all pods count as ready by speaking it on the container port behind *port*, else ""."""
    found = set()
    for one in lasting(pods):
        behind = port_behind(one, port)
        asked = [_scheme(request) for request, number in _requests(one) if behind and number == behind.number]
        found |= set(asked) if len(asked) == 1 else {""}
    return found.pop() if len(found) == 1 else ""


def is_ready_by_listening(port: ServicePort, pods: Sequence[Pods]) -> bool:
    """Whether pods count as ready only if something listens on the container port behind *port*."""
    return bool(pods) and all(_listens(one, port) for one in lasting(pods))


def _listens(pods: Pods, port: ServicePort) -> bool:
    behind = port_behind(pods, port)
    for container in pods.containers:
        probe = mapping(container.get("readinessProbe"))
        for kind in ("httpGet", "tcpSocket", "grpc"):
            asked = _number(container, mapping(probe.get(kind)).get("port"))
            if behind is not None and asked == behind.number and not mapping(probe.get(kind)).get("host"):
                return True
    return False


def _requests(pods: Pods) -> Iterator[tuple[Mapping[str, Any], int | None]]:
    """The requests of the containers' readiness probes, with the number of the port that each asks."""
    for container in pods.containers:
        request = mapping(mapping(container.get("readinessProbe")).get("httpGet"))
        if request:
            yield request, _number(container, request.get("port"))


def _readiness_of(pods: Pods, port: ServicePort, scheme: str) -> Ready | Unproven:
    behind = port_behind(pods, port)
    if behind is None:
        return Unproven(ReadinessDoubt.NO_CONTAINER_PORT, pods.owner, port.target_port)
    reason = Unproven(ReadinessDoubt.NO_HTTP, pods.owner)
    for request, asked in _requests(pods):
        if asked != behind.number:
            reason = Unproven(ReadinessDoubt.OTHER_PORT, pods.owner, request.get("port"))
            continue
        fault = _fault(request, scheme)
        if fault is None:
            return Ready(request["path"], pods.owner)
        reason = Unproven(
            fault, pods.owner, _scheme(request) if fault is ReadinessDoubt.OTHER_SCHEME else request.get("path")
        )
    return reason


def _fault(request: Mapping[str, Any], scheme: str) -> ReadinessDoubt | None:
    """What makes a readiness request another one than Azure's, or one that proves nothing."""
    if _scheme(request) != scheme:
        return ReadinessDoubt.OTHER_SCHEME
    if request.get("host") or request.get("httpHeaders"):
        return ReadinessDoubt.OWN_REQUEST
    path = request.get("path") or "/"
    if path == "/":
        return ReadinessDoubt.ROOT
    if not is_plain(path):
        return ReadinessDoubt.NOT_PLAIN
    return ReadinessDoubt.NOT_200 if not_200(path) is not None else None


def is_plain(path: object) -> bool:
    """Whether every client asks for *path* alike: it is absolute, without a fragment, blanks, quotes or bad escapes."""
    if not isinstance(path, str) or not path.startswith("/") or not _PLAIN.issuperset(path):
        return False
    return all(len(part) > 1 and _HEX.issuperset(part[:2]) for part in path.split("%")[1:])


def _scheme(request: Mapping[str, Any]) -> str:
    return text(request.get("scheme")) or "HTTP"


def _number(container: Mapping[str, Any], port: object) -> int | None:
    """The number of a port that a probe names; names are the container's own."""
    if isinstance(port, int):
        return port
    for one in mappings(container.get("ports")):
        number = one.get("containerPort")
        if port and one.get("name") == port and isinstance(number, int):
            return number
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def lasting_containers(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The containers that run as long as the pod does: sidecars are init containers that are always restarted."""
    yield from mappings(spec.get("containers"))
    for one in mappings(spec.get("initContainers")):
        if one.get("restartPolicy") == "Always":
            yield one
