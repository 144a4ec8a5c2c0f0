"""The pods: they are there, ready, and listen on the port that the Service leads to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kubectl_akslb.derive.addresses import is_address
from kubectl_akslb.derive.context import Context
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource, Pods
from kubectl_akslb.evidence.objects import Object, mapping, text
from kubectl_akslb.evidence.state import UNHEALTHY, Endpoint
from kubectl_akslb.evidence.workloads import lasting
from kubectl_akslb.model.command import Command, flag, kubectl
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import TCP, UDP, IPFamily, Service, ServicePort
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.pod_template import told_by_containers, told_by_template
from kubectl_akslb.path.ports import Container, asked_by_readiness, container_numbers, declared
from kubectl_akslb.path.probe import workload_behind

_SERVICE_NAME = "kubernetes.io/service-name"
_ASKED_FOR = 5
_NOTHING_READ = (Outcome.PASS, Confidence.ASSUMED)


def pod_hop(context: Context, evidence: Evidence, port: ServicePort | None) -> Hop:
    """What becomes of a packet that a node hands to the pods; *port* None stands for all ports, as HA ports have it."""
    hops = [_of_port(context, evidence, each) for each in (context.service.ports if port is None else (port,))]
    order = (Outcome.DROP, Outcome.UNKNOWN, Outcome.DEPENDS, Outcome.PASS)
    return min(hops, key=lambda hop: order.index(hop.outcome))


def _of_port(context: Context, evidence: Evidence, port: ServicePort) -> Hop:
    service = context.service
    if evidence.endpoints is not None:
        hop: Hop | None = _endpoints(service, evidence, port)
    else:
        hop = _no_endpoints(context, evidence, port)
    unproven = hop is not None and hop.because[-1].cause is Cause.TAKEN_TO_LISTEN
    if hop is not None and hop.outcome is not Outcome.PASS and not unproven:
        return hop
    target = _target(service, evidence, port)
    if target is not None:
        return target
    closed = _closed(service, evidence, port)
    if closed is not None:
        return closed
    listens = hop is not None and hop.confidence is Confidence.OBSERVED and not unproven
    told = told_by_containers(context, evidence, port, workload_behind(service, evidence, port), listens=listens)
    if told is not None:
        return told
    return hop if hop is not None else _as_far_as_files_tell(service, evidence)


def _closed(service: Service, evidence: Evidence, port: ServicePort) -> Hop | None:
    """What the Gateways of a mesh leave closed, or the mesh itself; imported for those who have one or the other."""
    if evidence.objects.has("Gateway"):
        from kubectl_akslb.path.gateway_listeners import closed_hop

        closed = closed_hop(evidence, port, workload_behind(service, evidence, port))
        if closed is not None:
            return closed
    if not evidence.running and not evidence.pods:
        return None
    from kubectl_akslb.path.mesh import mesh_hop

    return mesh_hop(service, evidence, port)


def _hop(outcome: Outcome, confidence: Confidence, *reasons: Reason, verify: Command | None = None) -> Hop:
    return Hop(HopName.POD, outcome, confidence, reasons, verify=verify)


# Endpoints, as the cluster has them


def _endpoints(service: Service, evidence: Evidence, port: ServicePort) -> Hop:
    """By EndpointSlices: they say which pods the nodes send to, on which port."""
    endpoints = evidence.endpoints or ()
    if not endpoints:
        other = _of_other_family(service, evidence, port)
        return other if other is not None else _nothing_selected(service, evidence)
    usable = [one for one in endpoints if one.numbers(port)]
    if not usable:
        named = _named_otherwise(service, endpoints, port)
        if named is not None:
            return named
        facts: dict[str, object] = {"port": port.port, "target": port.target_port or port.port}
        facts["pods"] = _count(endpoints)
        known = _declared(_containers(evidence), port.protocol)
        facts["declared"] = f": declared is {', '.join(known)}" if known else ""
        facts["numbers"] = _numbers(evidence, port.protocol)
        return _hop(Outcome.DROP, Confidence.OBSERVED, Reason(Cause.NOT_IN_ENDPOINT_SLICES, facts))
    ready = [one for one in usable if one.ready]
    numbers = _other_numbers(service, ready, port)
    if numbers:
        sent: dict[str, object] = {"port": port.port, "target": port.target_port or port.port, "numbers": numbers}
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, Reason(Cause.SLICES_HAVE_OTHER_PORT, sent))
    if ready:
        return _ready(service, evidence, port, ready, usable)
    last = _count(one for one in usable if one.serving and one.terminating)
    if last:
        reason = Reason(Cause.ONLY_TERMINATING, {"pods": last})
        return _hop(Outcome.DEPENDS, Confidence.CERTAIN, reason, verify=_pods(service))
    facts = {"pods": _count(usable)}
    states = _states(evidence)
    return _hop(Outcome.DROP, Confidence.OBSERVED, *states or (Reason(Cause.NONE_READY, facts),), verify=_pods(service))


def _named_otherwise(service: Service, endpoints: Sequence[Endpoint], port: ServicePort) -> Hop | None:
    """Slices with a port of another name or protocol than any of the Service: somebody made them, or renamed it."""
    known = {(one.name, one.protocol) for one in service.ports}
    other = {one for each in endpoints for one in each.ports or () if (one.name, one.protocol) not in known}
    if not other:
        return None
    found = tuple(sorted(_named(one.name, one.protocol) for one in other))
    facts = {"port": port.port, "name": _named(port.name, port.protocol), "found": found}
    return _hop(Outcome.DROP, Confidence.OBSERVED, Reason(Cause.SLICES_NAME_OTHER_PORTS, facts))


def _named(name: str, protocol: str) -> str:
    return f"{repr(name) if name else 'without a name'} ({protocol})"


def _ready(
    service: Service, evidence: Evidence, port: ServicePort, ready: Sequence[Endpoint], usable: Sequence[Endpoint]
) -> Hop:
    facts = {"ready": _count(ready), "not_ready": _count(usable) - _count(ready), "nodes": len({o.node for o in ready})}
    reason = Reason(Cause.PODS_READY, facts)
    states = {one.name: one for one in evidence.running or ()}
    lies = [one.name for one in ready if one.name in states and not states[one.name].ready]
    if lies and evidence.publishes_not_ready:
        published = Reason(Cause.PUBLISHED_NOT_READY, {"pods": tuple(lies)})
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, published, verify=_pods(service))
    if len(lies) == len(ready):
        behind = Reason(Cause.SLICES_ARE_BEHIND, {"pods": tuple(lies)})
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, behind, verify=_pods(service))
    if not service.selector or _by_hand(evidence, ready):
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, Reason(Cause.ENDPOINTS_BY_HAND, facts))
    lost = _lost_nodes(evidence, ready)
    if lost:
        gone = Reason(Cause.PODS_ON_LOST_NODES, {"node": lost})
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, gone, verify=_pods(service))
    return _listening(service, evidence, port, reason)


def _by_hand(evidence: Evidence, ready: Sequence[Endpoint]) -> bool:
    """Whether one of the ready endpoints is no pod of the selector: no controller puts such beside its pods."""
    addresses = {address for one in evidence.running or () for address in one.addresses}
    return bool(addresses) and any(
        one.name == ",".join(one.addresses) and addresses.isdisjoint(one.addresses) for one in ready
    )


def _lost_nodes(evidence: Evidence, ready: Sequence[Endpoint]) -> tuple[str, ...]:
    """The nodes of the ready pods where all of these are not ready, or gone: their pods are about to be taken out."""
    ready_nodes = {one.name: one.ready is not False for one in evidence.nodes or ()}
    others = evidence.source is EvidenceSource.FILES or not ready_nodes  # a file need not have all nodes
    if any(not one.node or ready_nodes.get(one.node, others) for one in ready):
        return ()
    return tuple(dict.fromkeys(one.node for one in ready))


def _listening(service: Service, evidence: Evidence, port: ServicePort, reason: Reason) -> Hop:
    """Ready pods. That they listen on the port is known only where their readiness probe asks for it.

    A well-known workload does; of others it depends on what only asking the pod would tell. Where the pods themselves
    were not read, it is taken for granted, and rests on less.
    """
    known = [
        (containers, numbers)
        for _, containers in _containers(evidence)
        if (numbers := container_numbers(containers, port))
    ]
    if known and all(asked_by_readiness(*one) for one in known):
        return _hop(Outcome.PASS, Confidence.OBSERVED, reason)
    if workload_behind(service, evidence, port) is not None:
        return _hop(Outcome.PASS, Confidence.WELL_KNOWN, reason)
    target = port.target_port if port.target_port is not None else port.port
    unproven = Reason(Cause.TAKEN_TO_LISTEN, {"target": target})
    if not known or port.protocol == UDP:  # no readiness probe speaks UDP
        return _hop(Outcome.PASS, Confidence.ASSUMED, reason, unproven)
    return _hop(Outcome.DEPENDS, Confidence.ASSUMED, unproven, verify=_asking(service, evidence, port))


def _asking(service: Service, evidence: Evidence, port: ServicePort) -> Command | None:
    """The command that asks a pod itself."""
    run = ("run", "akslb-ask", "--rm", "-i", "--restart=Never", "--image=busybox", "--", "nc", "-zv")
    for one in evidence.endpoints or ():
        numbers = one.numbers(port)
        if one.ready and numbers and one.addresses and is_address(one.addresses[0]):
            return kubectl(*run, one.addresses[0], str(numbers[0]), namespace=service.namespace)
    return None


def _other_numbers(service: Service, ready: Sequence[Endpoint], port: ServicePort) -> tuple[int, ...]:
    """The numbers that slices send to where none is the target port: somebody made them, for no controller does."""
    target = port.target_port if port.target_port is not None else port.port
    found = {number for one in ready for number in one.numbers(port)}
    wrong = isinstance(target, int) and bool(service.selector) and bool(found) and target not in found
    return tuple(sorted(found)) if wrong else ()


def _count(endpoints: Iterable[Endpoint]) -> int:
    return len(tuple(endpoints))


def _states(evidence: Evidence) -> tuple[Reason, ...]:
    """Why the pods are not ready, the pods of one reason together."""
    by_reason: dict[str, list[str]] = {}
    messages: dict[str, str] = {}
    for one in evidence.running or ():
        if not one.ready:
            by_reason.setdefault(one.reason, []).append(one.name)
            messages.setdefault(one.reason, one.message)
    return tuple(_state(reason, tuple(names), messages[reason]) for reason, names in by_reason.items())


def _state(reason: str, pods: tuple[str, ...], message: str) -> Reason:
    """Why pods are not ready: nothing listens, where the kubelet's own readiness probe is refused."""
    cause = Cause.NOT_LISTENING if reason == UNHEALTHY and "connection refused" in message else Cause.NOT_READY
    return Reason(cause, {"pods": pods, "reason": reason, "message": message})


def _of_other_family(service: Service, evidence: Evidence, port: ServicePort) -> Hop | None:
    """Ready pods without an address of a family of the Service: no slice of that family has them."""
    ready = [one for one in evidence.running or () if one.ready and one.addresses]
    for family in service.ip_families:
        if ready and not any(IPFamily.of(address) == family for one in ready for address in one.addresses):
            facts = {"port": port.port, "family": family, "pods": len(ready)}
            return _hop(Outcome.DROP, Confidence.OBSERVED, Reason(Cause.NO_POD_OF_FAMILY, facts))
    return None


def _nothing_selected(service: Service, evidence: Evidence) -> Hop:
    """No endpoint at all: no pod, or none that the selector matches."""
    if not service.selector:
        return _hop(Outcome.DROP, Confidence.OBSERVED, Reason(Cause.NO_SELECTOR_NO_ENDPOINTS))
    if evidence.running:
        # Pods without an address are not in the slices yet.
        waiting = _states(evidence) or (Reason(Cause.NOT_IN_SLICES_YET, {"pods": len(evidence.running)}),)
        return _hop(Outcome.DROP, Confidence.OBSERVED, *waiting, verify=_pods(service))
    nearest = _nearest(service, evidence)
    if nearest is not None:
        return _hop(Outcome.DROP, Confidence.OBSERVED, nearest, verify=_pods(service, labels=True))
    facts = {"selector": dict(service.selector), "workloads": tuple(one.owner for one in evidence.pods or ())}
    return _hop(Outcome.DROP, Confidence.OBSERVED, Reason(Cause.NO_ENDPOINTS, facts), verify=_pods(service))


def _nearest(service: Service, evidence: Evidence) -> Reason | None:
    """The workload whose labels are the nearest to the selector that matches none."""
    if evidence.pods or not evidence.others:
        return None
    best = min(evidence.others, key=lambda one: _distance(service.selector, one))
    found = {key: best.labels[key] for key in service.selector if key in best.labels}
    facts = {"selector": dict(service.selector), "nearest": best.owner, "labels": found or dict(best.labels)}
    return Reason(Cause.SELECTOR_MATCHES_NOTHING, facts)


def _distance(selector: Mapping[str, str], pods: Pods) -> tuple[int, int, int]:
    """How far labels are from a selector: pairs that differ, keys that lack, then how unlike the values are."""
    differing = [key for key, value in selector.items() if pods.labels.get(key) != value]
    lacking = [key for key in differing if key not in pods.labels]
    unlike = sum(len(set(selector[key]) ^ set(pods.labels.get(key, ""))) for key in differing)
    return len(differing), len(lacking), unlike


def _pods(service: Service, *, labels: bool = False) -> Command | None:
    if labels or not service.selector:
        return kubectl("get", "pods", "--show-labels", namespace=service.namespace)
    selector = ",".join(f"{key}={value}" for key, value in service.selector.items())
    return kubectl("get", "pods", flag("--selector", selector), namespace=service.namespace)


# Without endpoints


def _no_endpoints(context: Context, evidence: Evidence, port: ServicePort) -> Hop | None:
    """What can be said although no endpoint was read; None where nothing speaks against the pods so far."""
    service = context.service
    if service.selector and evidence.running:
        return _by_status(service, evidence, port)
    if evidence.source is EvidenceSource.FILES:
        return _by_templates(context, evidence)
    if service.selector and evidence.running is not None:
        return _nothing_selected(service, evidence)
    of_service = flag("--selector", f"{_SERVICE_NAME}={service.name}")
    verify = kubectl("get", "endpointslices", of_service, namespace=service.namespace)
    return _hop(Outcome.UNKNOWN, Confidence.UNREAD, Reason(Cause.ENDPOINTS_UNREAD), verify=verify)


def _by_status(service: Service, evidence: Evidence, port: ServicePort) -> Hop:
    running = evidence.running or ()
    ready = [one for one in running if one.ready]
    if ready:
        facts = {"ready": len(ready), "not_ready": len(running) - len(ready), "nodes": len({o.node for o in ready})}
        return _listening(service, evidence, port, Reason(Cause.PODS_READY, facts))
    outcome = Outcome.DEPENDS if evidence.publishes_not_ready else Outcome.DROP
    return _hop(outcome, Confidence.OBSERVED, *_states(evidence), verify=_pods(service))


def _by_templates(context: Context, evidence: Evidence) -> Hop | None:
    service = context.service
    if not service.selector:
        # Beside workloads it is a mistake, or a choice; alone it says no more than the rest of its file.
        outcome, sure = (Outcome.DEPENDS, Confidence.CERTAIN) if evidence.pods is not None else _NOTHING_READ
        return _hop(outcome, sure, Reason(Cause.NO_SELECTOR))
    if evidence.elsewhere:
        best = evidence.elsewhere[0]
        facts = {"nearest": best.owner, "namespace": best.namespace}
        return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Reason(Cause.PODS_ELSEWHERE, facts))
    pods = lasting(evidence.pods or ())
    if pods and all(one.replicas == 0 for one in pods):
        return _scaled_to_zero(service, evidence, pods)
    if pods and all(one.owner.startswith(("Job/", "CronJob/")) for one in pods):
        reason = Reason(Cause.PODS_END, {"owners": tuple(one.owner for one in pods)})
        return _hop(Outcome.DEPENDS, Confidence.CERTAIN, reason)
    nearest = _nearest(service, evidence) if evidence.pods == () else None
    if nearest is None:
        return told_by_template(context, pods)
    return _hop(Outcome.DEPENDS, Confidence.CERTAIN, nearest, verify=_pods(service, labels=True))


def _scaled_to_zero(service: Service, evidence: Evidence, pods: Sequence[Pods]) -> Hop:
    """No replicas. A HorizontalPodAutoscaler rests then; a ScaledObject of KEDA may start some."""
    owners = tuple(one.owner for one in pods)
    targets = {_target_of(one) for one in evidence.objects.of("ScaledObject")}
    outcome = Outcome.DROP if targets.isdisjoint(owners) else Outcome.DEPENDS
    return _hop(outcome, Confidence.CERTAIN, Reason(Cause.NO_REPLICAS, {"owners": owners}), verify=_pods(service))


def _target_of(scaler: Object) -> str:
    target = mapping(mapping(scaler.get("spec")).get("scaleTargetRef"))
    return f"{text(target.get('kind')) or 'Deployment'}/{text(target.get('name'))}"


def _as_far_as_files_tell(service: Service, evidence: Evidence) -> Hop:
    if evidence.pods:
        owners = tuple(one.owner for one in lasting(evidence.pods))
        return _hop(Outcome.PASS, Confidence.ASSUMED, Reason(Cause.PODS_SELECTED, {"owners": owners}))
    return _hop(Outcome.PASS, Confidence.ASSUMED, Reason(Cause.PODS_NOT_READ, {"selector": dict(service.selector)}))


# The target port


def _containers(evidence: Evidence) -> tuple[tuple[str, tuple[Container, ...]], ...]:
    """The containers of each kind of pod, with what to call it."""
    if evidence.running:
        return tuple(
            {
                one.owner or one.name: (one.owner or f"Pod/{one.name}", one.containers) for one in evidence.running
            }.values()
        )
    return tuple((one.owner, one.containers) for one in lasting(evidence.pods or ()))


def _target(service: Service, evidence: Evidence, port: ServicePort) -> Hop | None:
    """A target port that the containers do not declare; None where nothing speaks against it."""
    target = port.target_port if port.target_port is not None else port.port
    known = _containers(evidence)
    lacking = [owner for owner, containers in known if not container_numbers(containers, port)]
    facts: dict[str, Any] = {"port": port.port, "target": target, "owners": tuple(dict.fromkeys(lacking))}
    if lacking and evidence.endpoints is None:  # else the slices have said which pods have it
        facts["declared"] = _declared(known)
        if len(lacking) < len(known):
            return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Reason(Cause.NO_SUCH_PORT_NAME_IN_SOME, facts))
        return _hop(Outcome.DROP, Confidence.CERTAIN, Reason(Cause.NO_SUCH_PORT_NAME, facts))
    if isinstance(target, str):
        return None
    silent = [
        owner
        for owner, containers in known
        if (ports := {number for number, _, _ in declared(containers)}) and target not in ports
        if not asked_by_readiness(containers, frozenset({target}))
    ]
    if not silent or _opens_ports_by_itself(service, evidence, port):
        return None
    facts.update(owners=tuple(dict.fromkeys(silent)), declared=_declared(known))
    return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Reason(Cause.PORT_NOT_DECLARED, facts), verify=_forward(service))


def _opens_ports_by_itself(service: Service, evidence: Evidence, port: ServicePort) -> bool:
    """Whether this is a program that listens where its routes say, whatever its containers declare."""
    workload = workload_behind(service, evidence, port)
    return workload is not None and workload.listens_with_routes


def _forward(service: Service) -> Command | None:
    return kubectl("describe", f"service/{service.name}", namespace=service.namespace)


def _declared(known: Iterable[tuple[str, tuple[Container, ...]]], protocol: str = "") -> tuple[str, ...]:
    """The ports that containers declare, with their protocol where it is another than *protocol*."""
    found = [each for _, containers in known for each in declared(containers)]
    shown = [
        (f"{number}/{own}" if protocol and own != protocol else str(number)) + (f" ({name})" if name else "")
        for number, name, own in found
    ]
    return tuple(dict.fromkeys(shown))[:_ASKED_FOR]


def _numbers(evidence: Evidence, protocol: str) -> tuple[int, ...]:
    """The numbers of the ports of this protocol that all pods declare."""
    found = [
        {number for number, _, of in declared(containers) if of == (protocol or TCP)}
        for _, containers in _containers(evidence)
    ]
    return tuple(sorted(set.intersection(*found))) if found else ()
