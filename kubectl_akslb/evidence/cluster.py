"""What the objects of a cluster say about one Service, read alike from files and from the API server.

Nothing in an object is trusted: what has the wrong shape is passed over.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource, Pods
from kubectl_akslb.evidence.objects import Object, Objects, mapping, mappings, text, texts
from kubectl_akslb.evidence.policies import unread as policies_unread
from kubectl_akslb.evidence.state import DaemonSet, Endpoint, Ingress, NodeState, PodState, PolicyEngine
from kubectl_akslb.evidence.workloads import WORKLOAD_KINDS, lasting_containers, pods_of
from kubectl_akslb.model.service import TCP, Service

if TYPE_CHECKING:
    from datetime import datetime

    from kubectl_akslb.model.live_state import ServiceEvent

T = TypeVar("T")
L = TypeVar("L", Pods, PodState)
Key: TypeAlias = tuple[str, str]
EventKey: TypeAlias = tuple[str, str, str]
ByLabel: TypeAlias = dict[tuple[str, str, str], list[L]]

SERVICE_NAME = "kubernetes.io/service-name"
TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler"
SYSTEM = "kube-system"
CALICO_SYSTEM = "calico-system"
KUBE_PROXY, CLOUD_NODE_MANAGER, HEALTH_PROBE_PROXY = "kube-proxy", "cloud-node-manager", "health-probe-proxy"
CILIUM, CALICO, CANAL, AZURE_NPM = "cilium", "calico-node", "canal", "azure-npm"
POLICY_ENGINES = "policy engines"
"""Among the kinds that were read: every namespace in which something could enforce NetworkPolicies was looked at."""

_ENGINES = (
    (CILIUM, PolicyEngine.CILIUM),
    (CALICO, PolicyEngine.CALICO),
    (CANAL, PolicyEngine.CALICO),
    (AZURE_NPM, PolicyEngine.AZURE),
)
_FURTHER_ENGINES = ("antrea-agent", "kube-router", "weave-net", "kube-network-policies", "kube-ovn-cni", "ovnkube-node")
"""What enforces NetworkPolicies on clusters with a network plugin of their own; how strictly, nothing here says."""
ENGINE_NAMES = frozenset({*(name for name, _ in _ENGINES), *_FURTHER_ENGINES})
_NEVER = 2**31
_PROXY_MODE = "--proxy-mode"


def evidence_of(
    service: Service,
    objects: Objects,
    source: EvidenceSource = EvidenceSource.FILES,
    *,
    now: "datetime | None" = None,
    read: Collection[str] | None = None,
    unread: tuple[str, ...] = (),
) -> Evidence:
    """All that *objects* say about *service*.

    *read* names the kinds that were read, whether they hold anything or not; None where only what is there counts, as
    in files: a file without a Node does not say that the cluster has none. Ages count up to *now*, None for the
    present.
    """
    key = (service.namespace or objects.namespace, service.name)
    own = mapping(objects.once(_services).get(key))
    metadata, spec = mapping(own.get("metadata")), mapping(own.get("spec"))
    workloads = objects.once(_workloads).get(key[0], ())
    pods = _selected(objects.once(_workloads_by_label), key[0], service.selector)
    ingress = _ingress(own)
    engine = _engine(objects, read)
    lacking = policies_unread(read, engine) if read is not None else ()
    policies = objects.once(_policies).get(key[0], ())
    in_files = read is None  # there, who names no namespace goes where it is sent to
    return Evidence(
        source,
        objects,
        pods=pods if workloads or (read is not None and "Pod" in read) else None,
        others=workloads if not pods else (),
        elsewhere=_elsewhere(objects, service) if in_files and not workloads and metadata.get("namespace") else (),
        policies=None if lacking else policies,
        policies_unread=lacking,
        endpoints=_endpoints(objects, key, read, {one.name: one.protocol for one in service.ports}),
        nodes=_of_kind("Node", read, objects.once(_nodes)),
        daemon_sets=_of_kind("DaemonSet", read, objects.once(_daemon_sets)),
        events=_of_kind("Event", read, _events(objects, key, service.uid, now)),
        addresses=tuple(one.address for one in ingress or ()),
        deleting=bool(metadata.get("deletionTimestamp")),
        age=age_of(metadata.get("creationTimestamp"), now),
        unread=unread,
        running=_of_kind("Pod", read, _running(objects, key[0], service.selector)),
        ingress=ingress,
        engine=engine,
        external_ips=tuple(filter(None, map(text, _list(spec.get("externalIPs"))))),
        publishes_not_ready=spec.get("publishNotReadyAddresses") is True,
        own=own,
    )


def surroundings(found: Iterable[Object], read: Collection[str] | None = None) -> Evidence:
    """What *found* says of the cluster, without a Service: nodes, policies, and what enforces them; *read* as above."""
    objects = Objects(found)
    engine = _engine(objects, read)
    lacking = policies_unread(read, engine) if read is not None else ()
    policies = tuple(one for many in objects.once(_policies).values() for one in many)
    return Evidence(
        EvidenceSource.FILES if read is None else EvidenceSource.CLUSTER,
        objects,
        policies=None if lacking else policies,
        policies_unread=lacking,
        nodes=_of_kind("Node", read, objects.once(_nodes)),
        daemon_sets=_of_kind("DaemonSet", read, objects.once(_daemon_sets)),
        engine=engine,
    )


def _of_kind(kind: str, read: Collection[str] | None, found: tuple[T, ...]) -> tuple[T, ...] | None:
    """*found*, or None where nothing says that objects of this kind were read."""
    known = kind in read if read is not None else bool(found)
    return found if known else None


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else ()


def _name(one: Object) -> str:
    return text(mapping(one.get("metadata")).get("name"))


def _services(objects: Objects) -> dict[Key, Object]:
    return {(objects.namespace_of(one), _name(one)): one for one in objects.of("Service")}


def _ingress(service: Object) -> tuple[Ingress, ...] | None:
    """The addresses of its status; None for a manifest, which says nothing about them."""
    status = service.get("status")
    if not isinstance(status, Mapping):
        return None
    entries = mappings(mapping(status.get("loadBalancer")).get("ingress"))
    found = ((text(one.get("ip")) or text(one.get("hostname")), one.get("ipMode") == "Proxy") for one in entries)
    return tuple(Ingress(address, proxied) for address, proxied in found if address)


def _policies(objects: Objects) -> dict[str, tuple[Object, ...]]:
    """The NetworkPolicies of Kubernetes by namespace; Calico has a kind of the same name, which is not among them."""
    found: dict[str, tuple[Object, ...]] = {}
    for one in objects.of("NetworkPolicy"):
        if text(one.get("apiVersion")).partition("/")[0] in {"", "networking.k8s.io", "extensions"}:
            namespace = objects.namespace_of(one)
            found[namespace] = (*found.get(namespace, ()), one)
    return found


# Workloads


def _by_label(found: Mapping[str, Iterable[L]]) -> ByLabel[L]:
    """Things with labels by namespace and each of these, so that N Services beside N workloads stay linear."""
    index: ByLabel[L] = {}
    for namespace, many in found.items():
        for one in many:
            for key, value in one.pairs():
                index.setdefault((namespace, key, value), []).append(one)
    return index


def _selected(index: ByLabel[L], namespace: str, selector: Mapping[str, str]) -> tuple[L, ...]:
    """What the selector of a Service matches; one that is empty matches nothing."""
    found = [index.get((namespace, key, value), []) for key, value in selector.items()]
    fewest = min(found, key=len, default=[])
    return tuple(one for one in fewest if all(one.bears(key, value) for key, value in selector.items()))


def _elsewhere(objects: Objects, service: Service) -> tuple[Pods, ...]:
    """The workloads of other namespaces that its selector matches."""
    return _selected(objects.once(_workloads_anywhere), "", service.selector)


def _workloads_anywhere(objects: Objects) -> ByLabel[Pods]:
    """The workloads that name their namespace, as if all were in the namespace ""."""
    found = (one for many in objects.once(_workloads).values() for one in many if one.namespace)
    return _by_label({"": found})


def _workloads_by_label(objects: Objects) -> ByLabel[Pods]:
    return _by_label(objects.once(_workloads))


def _workloads(objects: Objects) -> dict[str, tuple[Pods, ...]]:
    """The pods of all workloads by namespace. What is made of another object that is there too counts as that one's."""
    workloads = objects.of(*sorted(WORKLOAD_KINDS))
    there = {(objects.namespace_of(one), f"{one['kind']}/{_name(one)}") for one in workloads}
    found: dict[str, dict[str, Pods]] = {}
    for one in workloads:
        namespace, controller = objects.namespace_of(one), _controller(one)
        deployment = _deployment(one, controller)
        if {(namespace, controller), (namespace, deployment)} & there:
            continue
        for pods in pods_of(one):
            # The pods of one controller are alike: one stands for all of them.
            named = pods._replace(owner=deployment or controller or pods.owner)
            found.setdefault(namespace, {}).setdefault(controller or pods.owner, named)
    return {namespace: tuple(pods.values()) for namespace, pods in found.items()}


def _controller(one: Object) -> str:
    """The object that made this one, as ``ReplicaSet/web-5d4f``."""
    owners = mappings(mapping(one.get("metadata")).get("ownerReferences"))
    return next((f"{text(o.get('kind'))}/{text(o.get('name'))}" for o in owners if o.get("controller") is True), "")


def _deployment(one: Object, controller: str) -> str:
    """The Deployment of a pod, which its ReplicaSet is named after."""
    suffix = "-" + text(mapping(mapping(one.get("metadata")).get("labels")).get("pod-template-hash"))
    made = len(suffix) > 1 and controller.startswith("ReplicaSet/") and controller.endswith(suffix)
    return controller.replace("ReplicaSet/", "Deployment/", 1).removesuffix(suffix) if made else ""


# EndpointSlices


def _endpoints(
    objects: Objects, key: Key, read: Collection[str] | None, protocols: Mapping[str, str]
) -> tuple[Endpoint, ...] | None:
    """The endpoints of the Service; None where neither its slices nor its Endpoints are there to be read."""
    slices = objects.once(_slices).get(key)
    if slices is not None:
        return merged(slices, protocols)
    if read is not None:
        return () if "EndpointSlice" in read else None
    by_hand = [one for one in objects.of("Endpoints") if (objects.namespace_of(one), _name(one)) == key]
    return tuple(_mirrored(by_hand[0], protocols)) if by_hand else None


def _slices(objects: Objects) -> dict[Key, list[Object]]:
    found: dict[Key, list[Object]] = {}
    for piece in objects.of("EndpointSlice"):
        name = text(mapping(mapping(piece.get("metadata")).get("labels")).get(SERVICE_NAME))
        if name:
            found.setdefault((objects.namespace_of(piece), name), []).append(piece)
    return found


def merged(slices: Iterable[Object], protocols: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """The endpoints of EndpointSlices; a pod that is in several of them (two families, several ports) once.

    But a pod whose families differ in more than the address is two: kube-proxy knows the families apart. *protocols*
    are those of the Service's ports, by name.
    """
    by_family: dict[tuple[str, str], Endpoint] = {}
    for piece in slices:
        ports, family = _slice_ports(piece, protocols), text(piece.get("addressType"))
        for one in mappings(piece.get("endpoints")):
            endpoint = _endpoint(one, ports)
            known = by_family.get((endpoint.name, family))
            by_family[endpoint.name, family] = endpoint if known is None else _both(known, endpoint)
    found: dict[object, Endpoint] = {}
    for each in by_family.values():
        alike = (each.name, each.ready, each.serving, each.terminating, frozenset(each.ports or ()))
        found[alike] = _both(found[alike], each) if alike in found else each
    return tuple(found.values())


def _slice_ports(piece: Object, protocols: Mapping[str, str]) -> tuple[tuple[str, int], ...] | None:
    """Its ports by name. kube-proxy passes over a port without a number; a slice that has none serves nothing.

    kube-proxy knows a port by name and protocol: one of another protocol than the Service's is a port of its own.
    """
    ports = (
        (other_protocol(name, protocol) if protocols.get(name, protocol) != protocol else name, one.get("port"))
        for one in mappings(piece.get("ports"))
        for name, protocol in [(text(one.get("name")), text(one.get("protocol")) or TCP)]
    )
    return tuple((name, number) for name, number in ports if isinstance(number, int) and number) or None


def other_protocol(name: str, protocol: str) -> str:
    """What a port of a slice is called that has the name of one of the Service's and another protocol."""
    return f"{name}/{protocol}"


def _endpoint(one: Object, ports: tuple[tuple[str, int], ...] | None) -> Endpoint:
    addresses = tuple(filter(None, map(text, _list(one.get("addresses")))))
    conditions = mapping(one.get("conditions"))
    # A missing condition: ready is to be taken for true, serving follows ready, terminating is to be taken for false.
    ready = conditions.get("ready") is not False
    serving = conditions.get("serving")
    return Endpoint(
        text(mapping(one.get("targetRef")).get("name")) or ",".join(addresses),
        addresses,
        text(one.get("nodeName")),
        ready,
        serving if isinstance(serving, bool) else ready,
        conditions.get("terminating") is True,
        ports,
    )


def _both(one: Endpoint, other: Endpoint) -> Endpoint:
    ports = dict.fromkeys((*(one.ports or ()), *(other.ports or ())))
    return Endpoint(
        one.name,
        tuple(dict.fromkeys((*one.addresses, *other.addresses))),
        one.node or other.node,
        one.ready or other.ready,
        one.serving or other.serving,
        one.terminating and other.terminating,
        tuple(ports) or None,
    )


def _mirrored(one: Object, protocols: Mapping[str, str]) -> Iterator[Endpoint]:
    """The endpoints of an Endpoints object, as the cluster copies them to EndpointSlices."""
    for subset in mappings(one.get("subsets")):
        ports = _slice_ports(subset, protocols)
        for field, ready in (("addresses", True), ("notReadyAddresses", False)):
            for entry in mappings(subset.get(field)):
                address = text(entry.get("ip"))
                name = text(mapping(entry.get("targetRef")).get("name")) or address
                yield Endpoint(
                    name, (address,), text(entry.get("nodeName")), ready, ready, terminating=False, ports=ports
                )


# Nodes and DaemonSets


def _nodes(objects: Objects) -> tuple[NodeState, ...]:
    proxies = {
        text(mapping(one.get("spec")).get("nodeName")): _condition(one, "Ready") is True
        for one in objects.of("Pod")
        if objects.namespace_of(one) == SYSTEM
        and mapping(mapping(one.get("metadata")).get("labels")).get("component") == KUBE_PROXY
    }
    return tuple(_node(one, proxies) for one in objects.of("Node"))


def _node(one: Object, proxies: Mapping[str, bool]) -> NodeState:
    metadata, spec, status = (mapping(one.get(key)) for key in ("metadata", "spec", "status"))
    taints = tuple(text(taint.get("key")) for taint in mappings(spec.get("taints")))
    name = text(metadata.get("name"))
    return NodeState(
        name,
        tuple(
            text(each.get("address")) for each in mappings(status.get("addresses")) if each.get("type") == "InternalIP"
        ),
        texts(metadata.get("labels")),
        taints,
        _condition(one, "Ready"),
        bool(metadata.get("deletionTimestamp")) or TO_BE_DELETED in taints,
        text(spec.get("providerID")) or None,
        proxies.get(name),
        _condition(one, "NetworkUnavailable") is True,
        tuple(map(text, _list(spec.get("podCIDRs")))) or tuple(filter(None, (text(spec.get("podCIDR")),))),
    )


def _condition(one: Object, name: str) -> bool | None:
    """Whether a condition of a status is "True"; None where it is not there."""
    for condition in mappings(mapping(one.get("status")).get("conditions")):
        if condition.get("type") == name:
            return condition.get("status") == "True"
    return None


def _daemon_sets(objects: Objects) -> tuple[DaemonSet, ...]:
    found = []
    for one in objects.of("DaemonSet"):
        if objects.namespace_of(one) in {SYSTEM, CALICO_SYSTEM}:
            status = mapping(one.get("status"))
            desired, ready = (status.get(key) for key in ("desiredNumberScheduled", "numberReady"))
            pod = mapping(mapping(mapping(one.get("spec")).get("template")).get("spec"))
            containers = mappings(pod.get("containers"))
            names, mode = tuple(text(each.get("name")) for each in containers), _proxy_mode(containers)
            found.append(DaemonSet(_name(one), _number(desired) or 0, _number(ready) or 0, names, mode))
    return tuple(found)


def _proxy_mode(containers: Iterable[Mapping[str, Any]]) -> str:
    """What ``--proxy-mode`` says, in one word with its value or in two."""
    for one in containers:
        given = (one.get(key) for key in ("command", "args"))
        words = [text(word) for words in given if isinstance(words, list) for word in words]
        for word, following in pairwise([*words, ""]):
            flag, _, value = word.partition("=")
            if flag == _PROXY_MODE:
                return (value or following).lower()
    return ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _engine(objects: Objects, read: Collection[str] | None) -> PolicyEngine | None:
    names = {one.name for one in objects.once(_daemon_sets)}
    for name, engine in _ENGINES:
        if name in names:
            return engine
    none = read is not None and POLICY_ENGINES in read and not names & ENGINE_NAMES
    return PolicyEngine.NONE if none else None


# Pods with their status


def _running(objects: Objects, namespace: str, selector: Mapping[str, str]) -> tuple[PodState, ...]:
    """The pods that the selector matches; those that have ended only where there are no others."""
    alive = _selected(objects.once(_pods_by_label), namespace, selector)
    return alive or _selected(objects.once(_ended_by_label), namespace, selector)


def _pods_by_label(objects: Objects) -> ByLabel[PodState]:
    return _by_label(_pods(objects, ended=False))


def _ended_by_label(objects: Objects) -> ByLabel[PodState]:
    return _by_label(_pods(objects, ended=True))


def _pods(objects: Objects, *, ended: bool) -> dict[str, tuple[PodState, ...]]:
    """The pods that have a status, by namespace: those that have *ended*, or the others."""
    found: dict[str, list[PodState]] = {}
    for one in objects.of("Pod"):
        phase = text(mapping(one.get("status")).get("phase"))
        if phase and (phase in _ENDED) is ended:
            found.setdefault(objects.namespace_of(one), []).append(_pod(one, objects))
    return {namespace: tuple(pods) for namespace, pods in found.items()}


def _pod(one: Object, objects: Objects) -> PodState:
    metadata, spec = mapping(one.get("metadata")), mapping(one.get("spec"))
    ready = _condition(one, "Ready") is True and mapping(one.get("status")).get("phase") not in _ENDED
    reason, message = ("", "") if ready else _reason(one, objects)
    controller = _controller(one)
    return PodState(
        text(metadata.get("name")),
        texts(metadata.get("labels")),
        tuple(lasting_containers(spec)),
        text(spec.get("nodeName")),
        ready,
        spec.get("hostNetwork") is True,
        bool(metadata.get("deletionTimestamp")),
        reason,
        message,
        _deployment(one, controller) or controller,
        tuple(text(each.get("ip")) for each in mappings(mapping(one.get("status")).get("podIPs"))),
        texts(metadata.get("annotations")),
    )


_ENDED = ("Succeeded", "Failed")
_STARTING = ("ContainerCreating", "PodInitializing")
UNHEALTHY = "Unhealthy"
_SANDBOX = ("FailedCreatePodSandBox", "SandboxChanged")
_OF_OTHERS = ("FailedScheduling", UNHEALTHY, "BackOff", "ProbeWarning")
"""Warnings that say nothing of why a pod that has a node does not start."""


def _reason(one: Object, objects: Objects) -> tuple[str, str]:
    """Why a pod is not ready: what its containers wait for, else its events, else its conditions."""
    status = mapping(one.get("status"))
    stuck, starting = _of_containers(status)
    if text(status.get("phase")) in _ENDED and text(status.get("reason")):  # the kubelet has ended it: Evicted
        return text(status.get("reason")), _plain(status.get("message"))
    if stuck is not None:
        return stuck
    if status.get("phase") == "Succeeded":
        return "Completed", ""
    for event in reversed(objects.once(_by_object).get(("Pod", objects.namespace_of(one), _name(one)), ())):
        hinders = event.get("reason") in _SANDBOX or (starting and event.get("reason") not in _OF_OTHERS)
        if hinders and event.get("type") != "Normal":
            return text(event.get("reason")), _plain(event.get("message"))
    conditions = {text(each.get("type")): each for each in mappings(status.get("conditions"))}
    for name, otherwise in (("PodScheduled", "Unschedulable"), ("Ready", "NotReady")):
        condition = mapping(conditions.get(name))
        if name == "Ready" and starting:
            return starting, ""
        if condition and condition.get("status") != "True":
            failing = _unhealthy(one, objects) if name == "Ready" else ""
            if failing:
                return UNHEALTHY, failing
            return text(condition.get("reason")) or otherwise, _plain(condition.get("message"))
    return text(status.get("reason")), _plain(status.get("message"))


def _unhealthy(one: Object, objects: Objects) -> str:
    """What the kubelet says of a readiness probe that fails."""
    about = objects.once(_by_object).get(("Pod", objects.namespace_of(one), _name(one)), ())
    messages = (_plain(event.get("message")) for event in reversed(about) if event.get("reason") == UNHEALTHY)
    return next((message for message in messages if message.startswith("Readiness")), "")


def _of_containers(status: Mapping[str, object]) -> tuple[tuple[str, str] | None, str]:
    """What a container fails with, if one does, and what one waits for while it starts."""
    starting = ""
    for field in ("initContainerStatuses", "containerStatuses"):
        for container in mappings(status.get(field)):
            state = mapping(container.get("state"))
            wait, ended = mapping(state.get("waiting")), mapping(state.get("terminated"))
            reason = text(wait.get("reason"))
            if reason in _STARTING:
                starting = starting or reason
            elif reason:
                return (
                    reason,
                    "; ".join(filter(None, (_last_end(container, field), _plain(wait.get("message"))))),
                ), starting
            if ended and field == "containerStatuses":
                return (text(ended.get("reason")) or "terminated", _plain(ended.get("message"))), starting
    return None, starting


def _last_end(container: Mapping[str, object], field: str) -> str:
    """How a container ended the last time, and which one of those that run before the others it is."""
    ended = mapping(mapping(container.get("lastState")).get("terminated"))
    reason, code = text(ended.get("reason")), _number(ended.get("exitCode"))
    name = text(container.get("name"))
    said = [f"init container {name}"] if name and field == "initContainerStatuses" else []
    if reason and reason != "Completed":
        said.append(f"it ended with {reason}" + (f" ({code})" if code is not None else ""))
    return ", ".join(said)


def _plain(value: object) -> str:
    """A message in one line."""
    return " ".join(text(value).split())


# Events


def age_of(timestamp: object, now: "datetime | None") -> int | None:
    """The seconds since a time of the API, such as ``2024-05-29T10:00:00Z``; None for anything else."""
    if timestamp is None:
        return None
    from datetime import datetime, timezone

    if isinstance(timestamp, datetime):  # YAML reads an unquoted time as one
        timestamp = timestamp.isoformat() + ("" if timestamp.tzinfo else "+00:00")
    if not isinstance(timestamp, str):
        return None
    try:
        then = datetime.fromisoformat(timestamp.replace("Z", "+00:00"))
        return max(int(((now or datetime.now(timezone.utc)) - then).total_seconds()), 0)
    except (ValueError, TypeError):
        return None


def _by_object(objects: Objects) -> dict[EventKey, list[Object]]:
    found: dict[EventKey, list[Object]] = {}
    for one in objects.of("Event"):
        about = mapping(one.get("involvedObject")) or mapping(one.get("regarding"))
        key = (text(about.get("kind")), text(about.get("namespace")) or objects.namespace, text(about.get("name")))
        found.setdefault(key, []).append(one)
    return found


def _events(objects: Objects, key: Key, uid: str | None, now: "datetime | None") -> "tuple[ServiceEvent, ...]":
    """The events of the Service, newest first; not those of an older Service of the same name."""
    about = objects.once(_by_object).get(("Service", *key), ())
    if not about:
        return ()
    own = (one for one in about if not uid or mapping(one.get("involvedObject")).get("uid") in {uid, None, ""})
    return _distinct(sorted((service_event(one, now) for one in own), key=_by_age))


def service_event(one: Object, now: "datetime | None") -> "ServiceEvent":
    """One event, with its cause and fix where they are known."""
    from kubectl_akslb.model.live_state import ServiceEvent
    from kubectl_akslb.provider.events import explained

    series = mapping(one.get("series"))
    times = (series.get("lastObservedTime"), one.get("lastTimestamp"), one.get("eventTime"), one.get("firstTimestamp"))
    ages = [age for age in (age_of(time, now) for time in times) if age is not None]
    reason = text(one.get("reason"))
    message = _plain(one.get("message") or one.get("note")).removeprefix("(combined from similar events): ")
    kind = text(one.get("type")) or "Normal"
    meaning = explained(reason, message) if kind != "Normal" else None
    cause, fix, confirm = (meaning.cause, meaning.remedy, meaning.confirm) if meaning is not None else ("", "", "")
    count = _number(series.get("count")) or _number(one.get("count")) or 1
    source = text(mapping(one.get("source")).get("component")) or text(one.get("reportingComponent"))
    return ServiceEvent(kind, reason, message, count, min(ages, default=None), source, cause, fix, confirm=confirm)


def _by_age(event: "ServiceEvent") -> int:
    return event.age if event.age is not None else _NEVER


def _distinct(newest_first: "Sequence[ServiceEvent]") -> "tuple[ServiceEvent, ...]":
    """The newest of each kind; a warning before the last success is over."""
    from kubectl_akslb.provider.events import ENSURED

    success = next((event for event in newest_first if event.reason in ENSURED), None)
    kept: dict[tuple[str, str], ServiceEvent] = {}
    for event in newest_first:
        over = success is not None and event.type != "Normal" and _by_age(event) > _by_age(success)
        kept.setdefault((event.reason, event.message), event._replace(over=over))
    return tuple(kept.values())
