"""Who answers the health probe of a rule, and with what: whether a node that has what it needs is in rotation.

Azure counts a node as up if an http(s) probe gets the status 200 and no other, or if a Tcp probe's connection is
accepted. That kube-proxy answers as it is said here was measured; what an application answers is never certain.
"""

from collections.abc import Sequence

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.probes import HEALTH_CHECK_PATH, SHARED_PROBE_NAME
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.readers import is_true
from kubectl_akslb.errors import assert_never
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource, Pods, words_of
from kubectl_akslb.evidence.objects import mapping, mappings, text
from kubectl_akslb.evidence.workloads import (
    WORKLOAD_KINDS,
    ReadinessDoubt,
    Ready,
    Unproven,
    host_ports,
    is_ready_by_listening,
    lasting,
    of_port,
    pods_of,
    port_behind,
    readiness,
    readiness_scheme,
)
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import Origin, Placeholder
from kubectl_akslb.model.service import Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.daemons import RunsOn, behind_probe
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.probed import (
    HEALTH_PROBE_PROXY_PORT,
    KUBE_PROXY_PORT,
    asks_health_check,
    asks_node_port,
    probe_of,
)
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, kubernetes
from kubectl_akslb.provider.workloads import (
    HTTP,
    HTTPS,
    INGRESS_NGINX,
    KnownAnswer,
    KnownPort,
    Workload,
    recognise,
    release_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.evidence.ingress_nginx import Obstacle
    from kubectl_akslb.evidence.workload_settings import Told

#: What listens on every node beside kube-proxy, and answers no request with 200.
_DAEMONS = {22: "sshd", 10250: "the kubelet"}
_NODE_PORTS = range(30000, 32768)
_TLS_NAMES = ("https", "tls", "ssl", "websecure")
_TLS_PORTS = frozenset({443, 6443, 8443, 9443, 10443})


class ProbeQuestion(NamedTuple):
    """A probe, of whom, and what is known beside it; *workload* is the well-known one."""

    context: Context
    evidence: Evidence
    probe: Probe
    workload: Workload | None

    @property
    def service(self) -> Service:
        """The Service that is probed."""
        return self.context.service

    @property
    def pods(self) -> tuple[Pods, ...]:
        """The pods behind the Service, as far as they were read."""
        return self.evidence.pods or ()

    @property
    def scheme(self) -> str:
        """HTTP, HTTPS, or "" for Tcp."""
        protocol = self.probe.protocol.value.upper()
        return "" if protocol == "TCP" else protocol

    @property
    def path(self) -> str:
        """The path that is asked for, "" for Tcp."""
        return self.probe.request_path.value if self.probe.request_path is not None else ""

    @property
    def origin(self) -> Origin:
        """What asks for the path, or makes it a request."""
        return (self.probe.request_path or self.probe.protocol).origin

    @property
    def facts(self) -> dict[str, object]:
        """What every sentence about the probe can name."""
        return {"protocol": self.probe.protocol.value.lower(), "path": self.path, "number": self.probe.port.value}


def probe_hop(context: PathContext, rule: LoadBalancingRule) -> Hop:
    """Who answers the probe of *rule*, and whether Azure takes the answer."""
    probe = probe_of(context.derivation, rule)
    if probe is None:
        lb = context.derivation.load_balancer
        cause = Cause.PODS_NOT_PROBED if lb is not None and lb.serves_pods else Cause.NOT_PROBED
        return _hop(Outcome.PASS, Confidence.CERTAIN, Reason(cause))
    asked = asked_of(context, context.evidence, probe)
    hop = answered(asked)
    if not _can_be_verified(hop):
        return hop
    from kubectl_akslb.path.confirm import verify_command

    return hop._replace(verify=verify_command(asked.service))


def _can_be_verified(hop: Hop) -> bool:
    """Whether asking a node would tell more than is known."""
    cause = hop.because[0].cause
    if hop.outcome is Outcome.DROP:
        return hop.confidence in (Confidence.DOCUMENTED, Confidence.WELL_KNOWN) and cause is not Cause.NO_NODE_PORT
    return hop.outcome is Outcome.DEPENDS or cause is Cause.WELL_KNOWN_ANSWER


def asked_of(context: Context, evidence: Evidence, probe: Probe) -> ProbeQuestion:
    """A probe with what is known beside it."""
    port = asks_node_port(context.service, probe)
    return ProbeQuestion(context, evidence, probe, workload_behind(context.service, evidence, port))


def workload_behind(service: Service, evidence: Evidence, port: ServicePort | None) -> Workload | None:
    """The well-known workload behind a port, None for all of them: one pod may run several, and others beside them.

    What a container runs tells its image; what a chart installs tell the labels, whatever the image is called.
    """
    pods = evidence.pods or ()
    images = tuple(image for one in pods for image in one.images)
    own = tuple(image for one in pods for image in of_port(one, port).images) if port is not None else images
    found = recognise({}, {}, own, service.ports)
    if found is not None:
        return found
    named = recognise(service.labels, service.selector, (), service.ports)
    if named is None or named.listens_with_routes or own == images:
        return named
    beside = recognise({}, {}, images, service.ports)
    return named if beside is None or beside.name != named.name else None


def answered(asked: ProbeQuestion) -> Hop:
    """Who answers a probe, and whether Azure takes the answer."""
    service, probe = asked.service, asked.probe
    port = asks_node_port(service, probe)
    if _is_zero(asked, port):
        return _hop(Outcome.DROP, Confidence.DOCUMENTED, Reason(Cause.NO_NODE_PORT, asked.facts, probe.port.origin))
    if probe.port.value in (KUBE_PROXY_PORT, HEALTH_PROBE_PROXY_PORT):
        return _kube_proxy(asked)
    if asks_health_check(asked.service, asked.probe):
        return _health_check(asked)
    if port is None:
        return _elsewhere(asked)
    return _http(asked, port) if asked.scheme else _tcp(asked, port)


def speaks_proxy(context: Context) -> bool:
    """Whether a private link service puts the header of the proxy protocol before all that comes, probes too."""
    wanted = (keys.PLS_CREATE, keys.PLS_PROXY_PROTOCOL)
    possible = context.has(behaviours.PRIVATE_LINK_SERVICE) and is_internal(context.service)
    return possible and all(is_true(annotation(context.service, key)) for key in wanted)


def _hop(outcome: Outcome, confidence: Confidence, *because: Reason) -> Hop:
    return Hop(HopName.PROBE, outcome, confidence, because)


def _is_zero(asked: ProbeQuestion, port: ServicePort | None) -> bool:
    """Whether the node port that is probed is none: the Service has none allocated, or the port is 0."""
    if asked.probe.port.value == 0:
        return True
    unallocated = not asked.service.allocate_load_balancer_node_ports
    return unallocated and port is not None and not port.node_port and isinstance(asked.probe.port.value, Placeholder)


def _kube_proxy(asked: ProbeQuestion) -> Hop:
    """The health of kube-proxy itself, on 10256, or of AKS's proxy before it on 10356, which takes a proxy header."""
    number = asked.probe.port.value
    reason = Reason(Cause.KUBE_PROXY_ANSWERS, asked.facts, asked.probe.port.origin)
    missing = _missing_daemon(asked)
    if missing is not None:
        return missing
    if not asked.scheme:
        return _hop(Outcome.PASS, Confidence.CERTAIN, reason._replace(cause=Cause.KUBE_PROXY_ACCEPTS))
    if number == KUBE_PROXY_PORT and speaks_proxy(asked.context):
        return _proxy_to_kube_proxy(asked)
    live = number == KUBE_PROXY_PORT and kubernetes.LIVE_PATH.holds(asked.context.cluster)
    answered = {HEALTH_CHECK_PATH, *(("/livez",) if live else ())}
    if asked.scheme == HTTP and asked.path.partition("?")[0] in answered:
        return _hop(Outcome.PASS, Confidence.CERTAIN, reason)
    return _hop(Outcome.DROP, Confidence.CERTAIN, reason._replace(cause=Cause.KUBE_PROXY_REFUSES_REQUEST))


def _missing_daemon(asked: ProbeQuestion) -> Hop | None:
    """What speaks against kube-proxy's answer: a program that it needs runs nowhere, or is not there."""
    for one in behind_probe(asked.probe, asked.evidence):
        reason = Reason(Cause.NO_KUBE_PROXY, {**asked.facts, "daemon": one.name})
        match one.running:
            case RunsOn.NOWHERE:
                return _hop(Outcome.DROP, Confidence.OBSERVED, reason)
            case RunsOn.ABSENT:
                return _hop(Outcome.DEPENDS, Confidence.OBSERVED, reason)
            case RunsOn.REPLACED:
                return _hop(
                    Outcome.DEPENDS, Confidence.OBSERVED, reason._replace(cause=Cause.NO_KUBE_PROXY_WITH_CILIUM)
                )
            case RunsOn.EVERYWHERE | RunsOn.SOMEWHERE:
                continue
            case _:
                assert_never(one.running)
    return None


def _proxy_to_kube_proxy(asked: ProbeQuestion) -> Hop:
    origin = annotation(asked.service, keys.PLS_PROXY_PROTOCOL)
    return _hop(Outcome.DROP, Confidence.DOCUMENTED, Reason(Cause.PROXY_HEADER_TO_KUBE_PROXY, asked.facts, origin))


def _health_check(asked: ProbeQuestion) -> Hop:
    """The node's health check answers every path: 200 where the node has a ready pod, else 503."""
    if asked.scheme and speaks_proxy(asked.context):
        return _proxy_to_kube_proxy(asked)
    if asked.scheme == HTTPS:
        reason = Reason(Cause.KUBE_PROXY_REFUSES_REQUEST, asked.facts, asked.probe.protocol.origin)
        return _hop(Outcome.DROP, Confidence.CERTAIN, reason)
    cause = Cause.HEALTH_CHECK_ANSWERS if asked.scheme else Cause.HEALTH_CHECK_ACCEPTS
    return _hop(Outcome.PASS, Confidence.CERTAIN, Reason(cause, asked.facts, asked.probe.port.origin))


def _elsewhere(asked: ProbeQuestion) -> Hop:
    """A port of the node that is no node port of the Service: containers do not listen there, with few exceptions."""
    number, origin = asked.probe.port.value, asked.probe.port.origin
    reason = Reason(Cause.PROBE_PORT_OUTSIDE, asked.facts, origin)
    owner = next((one for one in _all_pods(asked) if number in tuple(host_ports(one))), None)
    if owner is not None:
        reason = reason._replace(cause=Cause.PROBE_PORT_OF_PODS, facts={**asked.facts, "owner": owner.owner})
        everywhere = owner.owner.startswith("DaemonSet/") and not asked.scheme
        outcome = Outcome.PASS if everywhere else Outcome.DEPENDS
        return _hop(outcome, Confidence.ASSUMED, reason)
    if number in _DAEMONS:
        reason = reason._replace(cause=Cause.PROBE_PORT_OF_NODE, facts={**asked.facts, "daemon": _DAEMONS[number]})
        outcome = Outcome.DROP if asked.scheme else Outcome.DEPENDS
        return _hop(outcome, Confidence.DOCUMENTED, reason)
    other = _other_service(asked)
    if other or number in _NODE_PORTS or asked.probe.name.value == SHARED_PROBE_NAME:
        reason = reason._replace(cause=Cause.PROBE_PORT_OF_OTHERS, facts={**asked.facts, "service": other})
        return _hop(Outcome.DEPENDS, Confidence.ASSUMED, reason)
    return _hop(Outcome.DROP, Confidence.DOCUMENTED, reason)


def _all_pods(asked: ProbeQuestion) -> tuple[Pods, ...]:
    """The pods of every workload that was read: which are on a node does not depend on their labels."""
    found = tuple(pods for one in asked.evidence.objects.of(*WORKLOAD_KINDS) for pods in pods_of(one))
    return (*asked.pods, *asked.evidence.others, *found)


def _other_service(asked: ProbeQuestion) -> str:
    """The Service that has the number of the probe as a node port, or ""."""
    for one in asked.evidence.objects.of("Service"):
        spec = mapping(one.get("spec"))
        numbers = [port.get("nodePort") for port in mappings(spec.get("ports"))]
        if asked.probe.port.value in (*numbers, spec.get("healthCheckNodePort")):
            return f"{asked.evidence.objects.namespace_of(one)}/{text(mapping(one.get('metadata')).get('name'))}"
    return ""


def _tcp(asked: ProbeQuestion, port: ServicePort) -> Hop:
    """Accepted as soon as something listens: kube-proxy leads to a pod, which refuses where nothing does."""
    facts = {**asked.facts, "port": port.port}
    reason = Reason(Cause.LISTENS, facts, asked.probe.protocol.origin)
    known = known_port(asked, port)
    workload = asked.workload
    if workload is not None and workload.listens_with_routes and not (known and known.stands_for):
        facts = {**facts, "workload": workload.name}
        return _hop(Outcome.PASS, Confidence.ASSUMED, Reason(Cause.LISTENS_WITH_ROUTES, facts, reason.origin))
    if not is_ready_by_listening(port, asked.pods):
        return _hop(Outcome.PASS, Confidence.ASSUMED, reason)
    seen = asked.evidence.source is EvidenceSource.CLUSTER and any(one.ready for one in asked.evidence.endpoints or ())
    return _hop(Outcome.PASS, Confidence.OBSERVED if seen else Confidence.CERTAIN, reason)


def _http(asked: ProbeQuestion, port: ServicePort) -> Hop:
    """The pods must answer 200: what speaks against it first, then what is known, then what is likely."""
    facts: dict[str, object] = {**asked.facts, "port": port.port}
    origin = asked.origin
    ready = readiness(port, asked.scheme, asked.pods)
    same = isinstance(ready, Ready) and ready.path == asked.path
    root = isinstance(ready, Unproven) and ready.doubt is ReadinessDoubt.ROOT and asked.path == "/"
    if (same or root) and _is_redirected(asked):
        return _hop(Outcome.DROP, Confidence.OBSERVED, Reason(Cause.READINESS_IS_REDIRECTED, facts, origin))
    known = known_port(asked, port)
    told = told_of(asked.workload, known, asked.evidence, port)
    other = _speaks_otherwise(asked, port, known, told)
    if other is not None:
        return other
    if speaks_proxy(asked.context):
        pls = annotation(asked.service, keys.PLS_PROXY_PROTOCOL)
        return _hop(Outcome.DEPENDS, Confidence.DOCUMENTED, Reason(Cause.PROXY_HEADER_TO_PODS, facts, pls))
    if known is not None and asked.workload is not None:
        found = _well_known(asked, port, asked.workload, known, told)
        if found is not None:
            return found
    if isinstance(ready, Ready) and same:
        reason = Reason(Cause.READINESS_ASKS_THE_SAME, {**facts, "owner": ready.owner}, origin)
        return _hop(Outcome.DEPENDS, Confidence.ASSUMED, reason)
    if isinstance(ready, Ready):
        facts["ready"] = ready.path
    return _hop(Outcome.DEPENDS, Confidence.ASSUMED, Reason(Cause.ANSWER_NOT_PROVEN, facts, origin))


def known_port(asked: ProbeQuestion, port: ServicePort) -> KnownPort | None:
    """What the table says of a Service port; the pods tell which container port is behind it."""
    if asked.workload is None:
        return None
    behind = {port_behind(one, port) for one in lasting(asked.pods)}
    one = behind.pop() if len(behind) == 1 else None
    return asked.workload.port_of(port, one.name, one.number) if one is not None else asked.workload.port_of(port)


def told_of(
    workload: Workload | None, known: KnownPort | None, evidence: Evidence, port: ServicePort
) -> Sequence["Told"]:
    """What the pods of a workload are told that makes this port of it another one than the table knows."""
    numbers = {one.number for pods in lasting(evidence.pods or ()) if (one := port_behind(pods, port)) is not None}
    if workload is None or known is None or len(numbers) != 1:
        return ()
    from kubectl_akslb.evidence.workload_settings import told_otherwise

    pods = [of_port(one, port) for one in lasting(evidence.pods or ())]
    return told_otherwise(workload.name, known, numbers.pop(), pods, evidence.objects)


def _speaks_otherwise(
    asked: ProbeQuestion, port: ServicePort, known: KnownPort | None, told: Sequence["Told"]
) -> Hop | None:
    """Whether the port speaks TLS and is asked plainly, or the other way round."""
    scheme = asked.scheme
    facts: dict[str, object] = {**asked.facts, "port": port.port}
    origin = asked.probe.protocol.origin
    stated = readiness_scheme(port, asked.pods) or _told_scheme(told)
    spoken = stated or (known.scheme if known is not None else "")
    if spoken == scheme or (known is not None and known.speaks(scheme)):
        return None
    if spoken:
        by_table = not stated and known is not None
        facts["workload"] = asked.workload.name if by_table and asked.workload is not None else ""
        if by_table and known is not None and not known.fixed:
            return _hop(Outcome.DEPENDS, Confidence.WELL_KNOWN, Reason(Cause.MAY_SPEAK_OTHERWISE, facts, origin))
        cause = Cause.TLS_PORT_ASKED_PLAINLY if scheme == HTTP else Cause.PLAIN_PORT_ASKED_FOR_TLS
        confidence = Confidence.WELL_KNOWN if by_table else Confidence.DOCUMENTED
        return _hop(Outcome.DROP, confidence, Reason(cause, facts, origin))
    if scheme == HTTP and known is None and _looks_like_tls(asked, port):
        facts["workload"] = ""
        return _hop(Outcome.DEPENDS, Confidence.ASSUMED, Reason(Cause.MAY_SPEAK_OTHERWISE, facts, origin))
    return None


def _looks_like_tls(asked: ProbeQuestion, port: ServicePort) -> bool:
    """Whether names and numbers tell of TLS; the container port's own say most."""
    behind = [one for pods in lasting(asked.pods) if (one := port_behind(pods, port)) is not None]
    names = [one.name for one in behind if one.name] or (
        [port.target_port] if isinstance(port.target_port, str) else [port.name]
    )
    if any(name.lower().startswith(_TLS_NAMES) or name.lower().endswith("-tls") for name in names):
        return True
    target = port.port if port.target_port is None else port.target_port
    return target in _TLS_PORTS or any(one.number in _TLS_PORTS for one in behind)


def _told_scheme(told: Sequence["Told"]) -> str:
    if not told:
        return ""
    from kubectl_akslb.evidence.workload_settings import told_scheme

    return told_scheme(told)


def _well_known(
    asked: ProbeQuestion, port: ServicePort, workload: Workload, known: KnownPort, told: Sequence["Told"]
) -> Hop | None:
    """What the table says about the request, and what stands in the way of it."""
    facts: dict[str, object] = {**asked.facts, "port": port.port, "workload": workload.name}
    origin = asked.origin
    answer, path = known.status(asked.path, asked.scheme), asked.path
    traffic = workload.name == INGRESS_NGINX and "metrics" not in known.names
    if traffic:
        from kubectl_akslb.evidence.ingress_nginx import ControllerArguments, obstacle

        given = ControllerArguments(asked.pods)
        moved = given.moved_path
        usual = known.path(asked.scheme)
        if moved and usual is not None and path in (moved, usual.path):
            answer = usual if path == moved else usual._replace(status=404)
        blocked = obstacle(path, asked.scheme, asked.pods, asked.evidence.objects)
        if blocked is not None and (answer is None or answer.status == 200 or blocked.certain or blocked.captures):
            return _blocked(blocked, facts, origin)
        if answer is not None and answer.status == 404 and given.default_backend:
            answer = answer._replace(unless=f"its default backend {given.default_backend} answers otherwise")
    if answer is None:
        return None
    facts["status"] = answer.status
    otherwise = _told_otherwise(asked, port, answer, told)
    if otherwise:
        reason = Reason(Cause.WELL_KNOWN_BUT_TOLD, {**facts, "word": otherwise}, origin)
        return _hop(Outcome.DEPENDS, Confidence.WELL_KNOWN, reason)
    if answer.unless and not _is_settled(asked, answer):
        reason = Reason(Cause.WELL_KNOWN_UNLESS, {**facts, "unless": answer.unless}, origin)
        return _hop(Outcome.DEPENDS, Confidence.WELL_KNOWN, reason)
    if answer.status == 200:
        return _hop(Outcome.PASS, Confidence.WELL_KNOWN, Reason(Cause.WELL_KNOWN_ANSWER, facts, origin))
    return _hop(Outcome.DROP, Confidence.WELL_KNOWN, Reason(Cause.WELL_KNOWN_FAILURE, facts, origin))


def _told_otherwise(asked: ProbeQuestion, port: ServicePort, answer: KnownAnswer, told: Sequence["Told"]) -> str:
    """What the pods have, or lack, that makes the answer to a request another one than known, or ""."""
    for one in told:
        if not one.answers_as_known:
            return f"no {one.word}" if one.needed else one.word
    if not answer.since:
        return ""
    images = (image for pods in lasting(asked.pods) for image in of_port(pods, port).images)
    return next((one for one in images if (found := release_of(one)) and found < answer.since), "")


def _is_settled(asked: ProbeQuestion, answer: KnownAnswer) -> bool:
    """Whether the arguments of the pods say that what stands behind *unless* is not so."""
    words = [word.lower() for one in asked.pods for container in one.containers for word in words_of(container)]
    if answer.flag:
        off = f"{answer.flag}=false"
        return not asked.pods or (off not in words and any(word.startswith(answer.flag) for word in words))
    if not asked.pods or not answer.changed_by:
        return False
    return not any(one in word for one in answer.changed_by for word in words)


def _blocked(found: "Obstacle", facts: dict[str, object], origin: Origin) -> Hop:
    cause = Cause.SETTING_STOPS_PROBE if found.certain else Cause.SETTING_MAY_STOP_PROBE
    cause = Cause.INGRESS_CAPTURES_PROBE if found.captures else cause
    reason = Reason(cause, {**facts, "kind": found.kind, "name": found.name, "what": found.what}, origin)
    outcome = Outcome.DROP if found.certain else Outcome.DEPENDS
    return _hop(outcome, Confidence.WELL_KNOWN, reason)


def _is_redirected(asked: ProbeQuestion) -> bool:
    """Whether the kubelet says that a readiness request is answered with a redirect: it counts it, Azure does not."""
    for one in asked.evidence.objects.of("Event"):
        about = mapping(one.get("involvedObject")) or mapping(one.get("regarding"))
        message = text(one.get("message")) or text(one.get("note"))
        if one.get("reason") != "ProbeWarning" or about.get("kind") != "Pod" or not message.startswith("Readiness"):
            continue
        name = text(about.get("name"))
        if any(name == (owner := pods.owner.partition("/")[2]) or name.startswith(f"{owner}-") for pods in asked.pods):
            return True
    return False
