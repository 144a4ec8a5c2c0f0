"""Which annotations make the probes of a Service pass: one proposal for all ports that fail or are not proven.

From 1.24.0 on ``appProtocol: http`` makes Azure ask for ``/`` and take the node out of rotation unless the answer is
200, and so does an annotation for the protocol without one for the path. For each such port, in this order, as far as
the choice allows: the path that a well-known workload answers; the path by which the pods count as ready; the Tcp probe
of before. Nothing is invented, and nothing is proposed that is not proven: the Service is derived without and with the
annotations, no value may differ but those probes, and afterwards the hop passes.
"""

from collections.abc import Iterable, Iterator, Mapping

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.derived_values import differences
from kubectl_akslb.derive.load_balancer.probes import HEALTH_CHECK_PATH, node_port
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.gateway import MANAGED, OWN_ANNOTATIONS, annotations_path
from kubectl_akslb.evidence.objects import name_of
from kubectl_akslb.evidence.workloads import ReadinessDoubt, Ready, Unproven, container_port, readiness
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import ANNOTATION, Derived, Origin
from kubectl_akslb.model.service import TCP, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path import choice as policy
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.choice import DEFAULT_CHOICE, Choice, has_own_probe
from kubectl_akslb.path.hop import Hop, Outcome, Reason, Remedy
from kubectl_akslb.path.probe import ProbeQuestion, answered, asked_of, known_port
from kubectl_akslb.path.probed import asks_node_port, probe_of
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.workloads import HTTP, INGRESS_NGINX, MEASURED, REPORTED, TEMPLATE, KnownAnswer, Workload

_SOURCES = {MEASURED: "a measurement", TEMPLATE: "its chart", REPORTED: "an issue"}
_TCP = "Tcp"
_PATH_KEY = str(keys.PROBE_PATH)
_PROTOCOL_KEY = str(keys.PROBE_PROTOCOL)
_GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"

_DOUBTS = {
    ReadinessDoubt.NO_PODS: Cause.NO_PODS_TO_ASK,
    ReadinessDoubt.NO_CONTAINER_PORT: Cause.NO_CONTAINER_PORT,
    ReadinessDoubt.NO_HTTP: Cause.NO_HTTP_READINESS,
    ReadinessDoubt.OTHER_PORT: Cause.READINESS_ASKS_OTHER_PORT,
    ReadinessDoubt.OTHER_SCHEME: Cause.READINESS_SPEAKS_OTHERWISE,
    ReadinessDoubt.OWN_REQUEST: Cause.READINESS_SENDS_HEADERS,
    ReadinessDoubt.NOT_PLAIN: Cause.READINESS_PATH_NOT_PLAIN,
    ReadinessDoubt.ROOT: Cause.READINESS_ASKS_FOR_ROOT,
    ReadinessDoubt.NOT_200: Cause.READINESS_PATH_NOT_200,
    ReadinessDoubt.DISAGREE: Cause.READINESS_DIFFERS,
}


class Basis(Enum):
    """What a proposed annotation rests on; the value is the word for it in reports."""

    KNOWN = "known workload"
    READINESS = "readiness probe"
    RESTORED = f"as before 1.{behaviours.APP_PROTOCOL_PROBE.since[0].minor}"
    POLICY = "policy"


class AnnotationToSet(NamedTuple):
    """One annotation to set, for which ports, and why. *safe*: nobody has chosen what it replaces."""

    key: str
    value: str
    ports: tuple[int, ...]
    basis: Basis
    because: tuple[Reason, ...]
    safe: bool = True


class KeptProbe(NamedTuple):
    """A port whose http(s) probe stays as it is, and why; *warn* where it may well fail, *fatal* where it must not."""

    port: int
    because: tuple[Reason, ...]
    warn: bool = False
    fatal: bool = False


class Proposal(NamedTuple):
    """What to annotate with, proven, and which ports are left as they are.

    *refused* says that the provider refuses the Service, so that nothing is known about its probes. *at* is where the
    annotations stand: on the Service itself, or on the Gateway that it is made of.
    """

    annotations: tuple[AnnotationToSet, ...] = ()
    left: tuple[KeptProbe, ...] = ()
    refused: str = ""
    at: tuple[str | int, ...] = OWN_ANNOTATIONS

    @property
    def safe(self) -> tuple[AnnotationToSet, ...]:
        """The annotations that replace nothing which somebody has chosen."""
        return tuple(one for one in self.annotations if one.safe)

    def remedy(self, port: int | None = None) -> Remedy | None:
        """What is to be done about the probe of *port*, None: of all of them; None where nothing is known to help.

        It is whole: what is safe is done for all ports together, so that no second step depends on the first.
        """
        mine = [one for one in self.annotations if port is None or port in one.ports]
        if mine:
            safe = all(one.safe for one in mine)
            return Remedy(
                tuple((one.key, one.value) for one in self.annotations if one.safe or not safe), None, safe, self.at
            )
        left = next((one for one in self.left if one.warn and port in (None, one.port)), None)
        return Remedy((), left.because[-1], at=self.at) if left is not None else None


class _Request(NamedTuple):
    """What the probe of a port should become. *chosen*: somebody has chosen the path that it replaces."""

    port: ServicePort
    before: Probe
    after: Probe
    basis: Basis
    because: tuple[Reason, ...]
    chosen: bool = False

    @property
    def path(self) -> str:
        return self.after.request_path.value if self.after.request_path is not None else ""


def probe_remedy(
    service: Service,
    cluster: Cluster,
    evidence: Evidence,
    choice: Choice = DEFAULT_CHOICE,
    at: tuple[str | int, ...] | None = None,
) -> Proposal:
    """The annotations that make every http(s) probe of *service* pass which fails or is not proven.

    *at* is where they are going to stand, where that is known already.
    """
    at = _place(service, evidence) if at is None else at
    given = _set_by(choice, service)
    service = annotated(service, given)
    if not has_own_probe(service):
        return Proposal(given, at=at)
    before = derive(with_defaults(service), cluster)
    if before.refusal is not None:
        return Proposal(given, (), before.refusal.message, at)
    requests: list[_Request] = []
    left: list[KeptProbe] = []
    for port, probe in _asked(before):
        one = _decide(asked_of(Context(before.service, cluster), evidence, probe), port, choice)
        if isinstance(one, KeptProbe):
            left.append(one)
        elif one is not None:
            requests.append(one)
    found, unproven = _proven(before, requests, cluster, evidence)
    return Proposal((*given, *found), (*left, *unproven), at=at)


def annotated(service: Service, found: Iterable[AnnotationToSet]) -> Service:
    """*service* with these annotations."""
    added = {one.key: one.value for one in found}
    return service._replace(annotations={**service.annotations, **added}) if added else service


def _set_by(choice: Choice, service: Service) -> tuple[AnnotationToSet, ...]:
    """What a policy sets, as far as it is not there yet."""
    because = (Reason(Cause.POLICY_SETS, {"policy": choice.name}),)
    return tuple(
        AnnotationToSet(key, value, (), Basis.POLICY, because)
        for key, value in choice.annotations
        if service.annotations.get(key) != value
    )


def _place(service: Service, evidence: Evidence) -> tuple[str, ...]:
    """Where annotations have to be put: Istio copies those of its Gateway to the Service that it makes."""
    name = service.labels.get(_GATEWAY_NAME)
    if name is None or MANAGED not in service.labels:
        return OWN_ANNOTATIONS
    for one in evidence.objects.of("Gateway"):
        own = name_of(one)
        if own == name and evidence.objects.namespace_of(one) == (service.namespace or evidence.objects.namespace):
            return annotations_path(one)
    return OWN_ANNOTATIONS


def probed_port(service: Service, rule: LoadBalancingRule) -> ServicePort | None:
    """The port whose annotations decide the probe of a rule; HA ports have that of the first TCP port."""
    if rule.service_port >= 0:
        return service.ports[rule.service_port]
    return next((port for port in service.ports if port.protocol == TCP), None)


def _asked(derivation: Derivation) -> Iterator[tuple[ServicePort, Probe]]:
    """Each port with an http(s) probe that leads to pods, once; in dual stack it has two."""
    seen: set[int] = set()
    for rule in derivation.load_balancing_rules:
        port, probe = probed_port(derivation.service, rule), probe_of(derivation, rule)
        if port is None or probe is None or port.index in seen:
            continue
        elsewhere = probe.port.origin.path == keys.PORT_PROBE_PORT.for_port(port.port)
        to_pods = probe.request_path is not None and asks_node_port(derivation.service, probe) is not None
        if elsewhere or to_pods:  # else the node's own health check, or a Tcp probe
            seen.add(port.index)
            yield port, probe


def _decide(asked: ProbeQuestion, port: ServicePort, choice: Choice) -> _Request | KeptProbe | None:
    """What the probe of one port should become; None where it may stay."""
    hop, probe, service = answered(asked), asked.probe, asked.service
    elsewhere = keys.PORT_PROBE_PORT.for_port(port.port)
    if elsewhere in service.annotations:
        return _of_chosen_port(asked, port, hop, elsewhere)
    chosen = probe.request_path is not None and probe.request_path.origin.kind == ANNOTATION
    if chosen and hop.outcome is not Outcome.DROP:
        return None
    wanted = choice.known if asked.workload is not None else choice.unknown
    if hop.outcome is Outcome.PASS and wanted != policy.TCP:
        return None
    why = list(_doubts(asked, asks_node_port(service, probe) or port, hop, wanted))
    if wanted in (policy.LEAVE, policy.FAIL):
        cause = Cause.POLICY_FORBIDS if wanted == policy.FAIL else Cause.POLICY_LEAVES
        last = Reason(cause, {"policy": choice.name})
        return KeptProbe(port.port, (why[0], last), fatal=wanted == policy.FAIL)
    return _best(asked, port, choice, wanted, why)


def _best(
    asked: ProbeQuestion, port: ServicePort, choice: Choice, wanted: str, why: list[Reason]
) -> _Request | KeptProbe:
    """The first probe that passes: a path if one is wanted, else Tcp where this provider reads what makes it one."""
    probe = asked.probe
    chosen = probe.request_path is not None and probe.request_path.origin.kind == ANNOTATION
    if wanted == policy.PATH:
        for wish in _paths(asked, port):
            if _is_enough(answered(asked._replace(probe=wish.after)), wish.basis):
                return wish._replace(chosen=chosen)
    elif choice.name != DEFAULT_CHOICE.name:
        why = [Reason(Cause.POLICY_WANTS_TCP, {"policy": choice.name}), *why]
    if not asked.context.has(behaviours.PORT_ANNOTATIONS) and probe.protocol.origin.path != _PROTOCOL_KEY:
        return KeptProbe(port.port, (*why, _too_old(port, asked.context.cluster)), warn=True)
    tcp = probe._replace(protocol=probe.protocol.with_value(_TCP), request_path=None)
    return _Request(port, probe, tcp, Basis.RESTORED, tuple(why), chosen)


def _of_chosen_port(asked: ProbeQuestion, port: ServicePort, hop: Hop, key: str) -> _Request | KeptProbe | None:
    """What becomes of a probe whose port somebody wrote: nothing, unless it fails and it is plain what was meant."""
    probe = asked.probe
    if hop.outcome is Outcome.DROP and hop.because[0].cause is Cause.KUBE_PROXY_REFUSES_REQUEST:
        reason = Reason(Cause.KUBE_PROXY_ANSWERS)
        return _asking(asked, port, HEALTH_CHECK_PATH, Basis.KNOWN, reason, HTTP)._replace(chosen=True)
    if hop.outcome is Outcome.DROP and hop.because[0].cause is Cause.PROBE_PORT_OUTSIDE:
        numbers = [
            one for one in asked.service.ports if probe.port.value in (one.target_port, container_port(asked.pods, one))
        ]
        for meant in numbers if len(numbers) == 1 else ():
            reason = Reason(Cause.PROBE_PORT_IS_TARGET, {"number": probe.port.value, "port": meant.port})
            after = probe._replace(port=Derived(node_port(meant), Origin(ANNOTATION, key, str(meant.port))))
            if answered(asked._replace(probe=after)).outcome is Outcome.PASS:
                return _Request(port, probe, after, Basis.KNOWN, (reason,), chosen=True)
        return KeptProbe(port.port, (Reason(Cause.NAME_A_PORT_OF_THE_SERVICE, {"key": key}),), warn=True)
    return (
        None
        if hop.outcome is Outcome.PASS
        else KeptProbe(port.port, (Reason(Cause.PROBE_PORT_WAS_CHOSEN, {"key": key}),))
    )


def _is_enough(hop: Hop, basis: Basis) -> bool:
    """Whether a hop passes; a readiness path cannot do better than being asked for by the kubelet too."""
    same = basis is Basis.READINESS and any(one.cause is Cause.READINESS_ASKS_THE_SAME for one in hop.because)
    return hop.outcome is Outcome.PASS or same


def _doubts(asked: ProbeQuestion, port: ServicePort, hop: Hop, wanted: str) -> Iterator[Reason]:
    """Why no path is known that answers 200."""
    workload = asked.workload
    if workload is None:
        yield Reason(Cause.NOTHING_TELLS)
        if wanted == policy.PATH:
            ready = readiness(port, asked.scheme, asked.pods)
            if isinstance(ready, Unproven):
                yield Reason(_DOUBTS[ready.doubt], {"owner": ready.owner, "detail": ready.detail})
        return
    if hop.outcome is not Outcome.PASS and hop.because[0].cause in _IN_THE_WAY:
        yield hop.because[0]
    else:
        yield Reason(Cause.NO_PATH_OF_WORKLOAD, {"workload": workload.name, "note": workload.note})


_IN_THE_WAY = frozenset({
    Cause.SETTING_STOPS_PROBE, Cause.SETTING_MAY_STOP_PROBE, Cause.INGRESS_CAPTURES_PROBE, Cause.PROXY_HEADER_TO_PODS,
})  # fmt: skip


def _paths(asked: ProbeQuestion, port: ServicePort) -> Iterator[_Request]:
    """The http(s) probes that may be answered, the best first."""
    workload, probed = asked.workload, asks_node_port(asked.service, asked.probe) or port
    if workload is None:
        ready = readiness(probed, asked.scheme, asked.pods)
        if isinstance(ready, Ready):
            reason = Reason(Cause.READINESS_ASKS_FOR_IT, {"owner": ready.owner})
            yield _asking(asked, port, ready.path, Basis.READINESS, reason)
        return
    known = known_port(asked, probed)
    for scheme in dict.fromkeys((asked.scheme, known.scheme or asked.scheme)) if known is not None else ():
        answer = known.path(scheme) if known is not None else None
        if answer is not None:
            yield from _known(asked, port, probed, workload, answer, scheme)
    found = workload.health_port(asked.service.ports)
    mine = MANAGED not in asked.service.labels  # a Gateway may have no more than eight annotations for its Service
    if found is not None and mine and asked.context.has(behaviours.PORT_ANNOTATIONS):
        status, answers = found
        answer = answers.path(HTTP)
        if answer is not None and status.index != port.index:
            origin = Origin(ANNOTATION, keys.PORT_PROBE_PORT.for_port(port.port), str(status.port))
            facts = {"workload": workload.name, "number": status.port, "path": answer.path}
            reason = Reason(Cause.STATUS_PORT_ANSWERS_FOR_ALL, facts)
            wish = _asking(asked, port, answer.path, Basis.KNOWN, reason, HTTP)
            yield wish._replace(after=wish.after._replace(port=Derived(node_port(status), origin)))


def _known(
    asked: ProbeQuestion, port: ServicePort, probed: ServicePort, workload: Workload, answer: KnownAnswer, scheme: str
) -> Iterator[_Request]:
    """The path that a well-known workload answers, where this one has it."""
    if workload.name == INGRESS_NGINX and (moved := _moved(asked)):
        reason = Reason(Cause.HEALTH_CHECK_WAS_MOVED, {"workload": workload.name})
        yield _asking(asked, port, moved, Basis.KNOWN, reason, scheme)
        return
    ready = readiness(probed, scheme, asked.pods)
    if isinstance(ready, Ready) and ready.path != answer.path and ready.path.endswith(answer.path):
        reason = Reason(Cause.READINESS_IS_BELOW_A_PREFIX, {"workload": workload.name, "owner": ready.owner})
        yield _asking(asked, port, ready.path, Basis.READINESS, reason, scheme)
        return
    source = _SOURCES[answer.evidence]
    facts = {"workload": workload.name, "status": answer.status, "source": source}
    yield _asking(asked, port, answer.path, Basis.KNOWN, Reason(Cause.WORKLOAD_ANSWERS_THERE, facts), scheme)


def _moved(asked: ProbeQuestion) -> str:
    """Where an argument of the controller has moved the path that it answers, or ""."""
    from kubectl_akslb.evidence.ingress_nginx import ControllerArguments

    return ControllerArguments(asked.pods).moved_path


def _asking(
    asked: ProbeQuestion, port: ServicePort, path: str, basis: Basis, reason: Reason, scheme: str = ""
) -> _Request:
    """The wish for an http(s) probe of *path*."""
    probe = asked.probe
    origin = probe.request_path.origin if probe.request_path is not None else probe.protocol.origin
    protocol = probe.protocol.with_value(scheme.capitalize()) if scheme else probe.protocol
    after = probe._replace(protocol=protocol, request_path=Derived(path, origin))
    return _Request(port, probe, after, basis, (reason,))


def _too_old(port: ServicePort, cluster: Cluster) -> Reason:
    facts = {
        "port": port.port,
        "version": str(cluster.provider_version),
        "key": keys.PORT_PROBE_PROTOCOL.for_port(port.port).partition("/")[2],
        "dates": behaviours.PORT_ANNOTATIONS.dates,
        "path_key": keys.PROBE_PATH.short,
    }
    return Reason(Cause.ANNOTATION_NOT_READ, facts)


def _proven(
    before: Derivation, requests: list[_Request], cluster: Cluster, evidence: Evidence
) -> tuple[tuple[AnnotationToSet, ...], tuple[KeptProbe, ...]]:
    """The annotations for *requests*, if they change what they are meant to and nothing else, and the probes pass."""
    if not requests:
        return (), ()
    fault = Reason(Cause.NOTHING_TELLS)
    for found in _spellings(requests, before.service.annotations, cluster):
        after = derive(annotated(before.service, found), cluster)
        wrong = _fault(before, after, requests, cluster, evidence)
        if wrong is None:
            return found, ()
        fault = wrong
    return (), tuple(KeptProbe(wish.port.port, (*wish.because, fault), warn=True) for wish in requests)


def _spellings(
    requests: list[_Request], annotations: Mapping[str, str], cluster: Cluster
) -> Iterator[tuple[AnnotationToSet, ...]]:
    """The ways to write *requests*: one path for the whole Service where all agree on it, else one for each port."""
    paths = [wish for wish in requests if wish.path]
    alike = len({wish.path for wish in requests}) == 1 and not any(wish.chosen for wish in requests)
    rest = tuple(one for wish in requests for one in _own(wish, cluster))
    if paths and alike and _PATH_KEY not in annotations:
        first = paths[0]
        ports = tuple(wish.port.port for wish in paths)
        general = AnnotationToSet(_PATH_KEY, first.path, ports, first.basis, first.because)
        yield (general, *rest)
    own = tuple(_annotation(wish, keys.PORT_PROBE_PATH.for_port(wish.port.port), wish.path) for wish in paths)
    yield (*own, *rest)


def _own(wish: _Request, cluster: Cluster) -> Iterator[AnnotationToSet]:
    """The annotations of a wish beside the path: for another port, another protocol."""
    number, protocol = wish.port.port, wish.after.protocol.value
    if wish.after.port.value != wish.before.port.value:
        status = wish.after.port.origin.raw or ""
        yield _annotation(wish, keys.PORT_PROBE_PORT.for_port(number), status)
    if protocol != wish.before.protocol.value:
        own = cluster.has(behaviours.PORT_ANNOTATIONS)
        key = keys.PORT_PROBE_PROTOCOL.for_port(number) if own else _PROTOCOL_KEY
        yield _annotation(wish, key, protocol.lower())


def _annotation(wish: _Request, key: str, value: str) -> AnnotationToSet:
    return AnnotationToSet(key, value, (wish.port.port,), wish.basis, wish.because, not wish.chosen)


def _fault(
    before: Derivation, after: Derivation, requests: list[_Request], cluster: Cluster, evidence: Evidence
) -> Reason | None:
    """What is wrong with the derivation *after*; None where it is just what was wished for, and passes."""
    if after.refusal is not None and after.refusal != before.refusal:
        return Reason(Cause.ANNOTATIONS_ARE_REFUSED, {"message": after.refusal.message})
    by_port = {wish.port.index: wish for wish in requests}
    intended: set[tuple[str, ...]] = set()
    for old, new in zip(before.load_balancing_rules, after.load_balancing_rules, strict=False):
        port, probe = probed_port(before.service, old), probe_of(after, new)
        wish = by_port.get(port.index) if port is not None else None
        if wish is None or port is None:
            continue
        without = Reason(Cause.ANNOTATIONS_WITHOUT_EFFECT, {"port": port.port})
        if probe is None or not _is_as_wished(probe, wish):
            return without
        intended |= {("load_balancer", "probes", probe.name.value, field) for field in Probe._fields}
        if not _is_enough(answered(asked_of(Context(after.service, cluster), evidence, probe)), wish.basis):
            return without
    others = [path for path in differences(before, after) if path not in intended]
    return Reason(Cause.ANNOTATIONS_CHANGE_MORE, {"what": ".".join(others[0])}) if others else None


def _is_as_wished(probe: Probe, wish: _Request) -> bool:
    path = probe.request_path.value if probe.request_path is not None else ""
    return (path, probe.protocol.value, probe.port.value) == (
        wish.path,
        wish.after.protocol.value,
        wish.after.port.value,
    )
