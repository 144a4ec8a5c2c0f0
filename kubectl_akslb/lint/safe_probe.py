"""Which annotations keep the probes of a Service from asking for what its pods do not answer.

From 1.24.0 on ``appProtocol: http`` makes Azure ask for ``/`` and take the node out of rotation unless the answer is
200. For each such port, in this order: the path that a known workload answers; the path that the pods' own readiness
probe asks for; the Tcp probe of before. Nothing is invented, and nothing is proposed that is not proven: the Service is
derived without and with the annotations, and no value may differ but protocol and path of those probes.
"""

from typing import NamedTuple

from kubectl_akslb.evidence.evidence import Pods
from kubectl_akslb.evidence.ingress_nginx import INGRESS_NGINX, Arguments, Obstacle, obstacle
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.evidence.workloads import Doubt, Ready, Unproven, readiness
from kubectl_akslb.lint.policy import FAIL, LEAVE, PATH, TCP, Choice
from kubectl_akslb.lint.probe_proof import Annotation, Left, Wish, annotated, derive, proven
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import Probe
from kubectl_akslb.model.provenance import ANNOTATION, SPEC
from kubectl_akslb.model.service import LOAD_BALANCER, Service, ServicePort
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours as since
from kubectl_akslb.provider.workloads import REPORTED, Workload, recognise

KNOWN = "known workload"
READINESS = "readiness probe"
RESTORED = "as before 1.24"
POLICY = "policy"

_HTTP_PROTOCOLS = frozenset({"http", "https"})


class Proposal(NamedTuple):
    """What to annotate a Service with, proven, and which ports are left as they are.

    *refused* says that the provider refuses the Service, so that nothing is known about its probes.
    """

    annotations: tuple[Annotation, ...] = ()
    left: tuple[Left, ...] = ()
    refused: tuple[str, ...] = ()


class Surroundings:
    """What stands beside a Service in the same stream. This one stands alone."""

    def pods(self, service: Service) -> tuple[Pods, ...]:  # noqa: ARG002 -- nothing is known here
        """The pods that its selector matches."""
        return ()

    def objects(self) -> Objects:
        """The settings and Ingresses that can keep a known workload from answering."""
        return Objects()

    def is_below_a_prefix(self, path: str) -> bool:  # noqa: ARG002
        """Whether a workload may name *path* with something in front of it: only then its pods are asked."""
        return True


ALONE = Surroundings()


def asks_http(service: Service) -> bool:
    """Whether a port's appProtocol can make an http(s) probe; false is certain for every provider version."""
    return service.type == LOAD_BALANCER and any(
        (port.app_protocol or "").strip().lower() in _HTTP_PROTOCOLS for port in service.ports
    )


def safe_annotations(
    service: Service,
    cluster: Cluster,
    surroundings: Surroundings = ALONE,
    choice: Choice = Choice(),  # noqa: B008
) -> Proposal:
    """The annotations that make every http(s) probe that comes from an appProtocol ask for what is answered."""
    given = _policy(service, choice)
    service = annotated(service, given)  # a namespace that is not given stays open: pods may have none either
    if not asks_http(service):
        return Proposal(given)
    before = derive(with_defaults(service), cluster)
    if before.load_balancer is None and before.refusal is not None:
        return Proposal(given, (), (f"provider {cluster.provider_version} refuses it: {before.refusal.message}",))
    wishes: list[Wish] = []
    left: list[Left] = []
    for port, probe in _asked(before):
        if probe.request_path is None or probe.request_path.origin.kind == ANNOTATION:
            continue
        one = _decide(service, port, probe, surroundings, choice)
        if isinstance(one, Left):
            left.append(one)
        elif one.path == probe.request_path.value:
            left.append(Left(port.port, f"it asks for {one.path} already: {one.reason}"))
        elif one.path or cluster.has(since.PORT_ANNOTATIONS):
            wishes.append(one)
        else:
            left.append(_too_old(port, cluster))
    found, unproven = proven(before, wishes, cluster)
    return Proposal((*given, *found), (*left, *unproven))


def _policy(service: Service, choice: Choice) -> tuple[Annotation, ...]:
    """What a policy sets, as far as it is not there yet."""
    return tuple(
        Annotation(key, value, (), POLICY, choice.name)
        for key, value in choice.annotations
        if service.annotations.get(key) != value
    )


def _asked(derivation: Derivation) -> tuple[tuple[ServicePort, Probe], ...]:
    """The ports whose probe is http(s) because of their appProtocol; one probe of each, in dual stack there are two."""
    found: dict[int, tuple[ServicePort, Probe]] = {}
    for probe in derivation.load_balancer.probes if derivation.load_balancer else ():
        origin = probe.protocol.origin
        if origin.kind == SPEC and origin.path.endswith(".appProtocol") and probe.protocol.value != "Tcp":
            index = int(origin.path.removeprefix("spec.ports[").partition("]")[0])
            found.setdefault(index, (derivation.service.ports[index], probe))
    return tuple(found.values())


def _decide(
    service: Service, port: ServicePort, probe: Probe, surroundings: Surroundings, choice: Choice
) -> Wish | Left:
    """What the probe of one port should become, by the first source that knows."""
    elsewhere = keys.PORT_PROBE_PORT.for_port(port.port)
    if elsewhere in service.annotations:
        return Left(port.port, f"its {elsewhere} was chosen by hand, and so is what answers there")
    workload = recognise(service.labels, service.selector, (), service.ports)
    pods: tuple[Pods, ...] | None = None
    if workload is None:
        pods = surroundings.pods(service)
        images = tuple(image for one in pods for image in one.images)
        workload = recognise(service.labels, service.selector, images, service.ports)
    wanted = choice.known if workload is not None else choice.unknown
    scheme = probe.protocol.value.upper()
    why = "nothing here tells which path it answers"
    if workload is not None:
        answer = _known(workload, service, port, scheme, surroundings)
        if isinstance(answer, Wish) and wanted == PATH:
            return answer
        why = answer if isinstance(answer, str) else why
    if wanted in (LEAVE, FAIL):
        reason = f"{why}, and {choice.name} says to {'leave it alone' if wanted == LEAVE else 'fail then'}"
        return Left(port.port, reason, fatal=wanted == FAIL)
    if wanted == TCP:
        return Wish(port, "", RESTORED, f"{choice.name} wants a Tcp probe")
    ready = readiness(port, scheme, surroundings.pods(service) if pods is None else pods)
    if isinstance(ready, Ready):
        return Wish(port, ready.path, READINESS, f"the readiness probe of {ready.owner} asks the same port for it")
    return Wish(port, "", RESTORED, why if workload is not None else f"{why}: {_doubt(ready)}")


def _known(
    workload: Workload, service: Service, port: ServicePort, scheme: str, surroundings: Surroundings
) -> Wish | str:
    facts = workload.port_of(port)
    known = facts.path(scheme) if facts is not None else None
    if known is None:
        return f"this is {workload.name}: {workload.note}"
    if workload.name == INGRESS_NGINX:
        pods = surroundings.pods(service)
        moved = Arguments(pods).moved_path
        blocked = obstacle(moved or known.path, scheme, pods, surroundings.objects())
        if blocked is not None:
            return f"this is {workload.name}, which usually answers on {known.path}, but {_blocked(blocked)}"
        if moved:
            return Wish(port, moved, KNOWN, f"this is {workload.name}, and its arguments put the health check there")
    if surroundings.is_below_a_prefix(known.path):
        ready = readiness(port, scheme, surroundings.pods(service))
        if isinstance(ready, Ready) and ready.path.endswith(known.path):
            reason = f"this is {workload.name}, and the readiness probe of {ready.owner} asks the same port for it"
            return Wish(port, ready.path, READINESS, reason)
    source = "an issue" if known.evidence == REPORTED else "its chart"
    return Wish(port, known.path, KNOWN, f"this is {workload.name}, which answers {known.status} there (by {source})")


def _too_old(port: ServicePort, cluster: Cluster) -> Left:
    key = keys.PORT_PROBE_PROTOCOL.for_port(port.port)
    dates = ", ".join(str(version) for version in since.PORT_ANNOTATIONS.since)
    reason = (
        f"nothing here tells which path it answers, and provider {cluster.provider_version} ignores"
        f" {key.partition('/')[2]} (read since {dates}): upgrade, remove the appProtocol, or set"
        f" {keys.PROBE_PATH.short} to a path that answers 200"
    )
    return Left(port.port, reason, warn=True)


def _blocked(found: Obstacle) -> str:
    if found.captures:
        return f"{found.kind} {found.name} has no host, and its {found.what} takes the path"
    return f"{found.kind} {found.name} sets {found.what}, which can turn Azure's probes away"


_DOUBTS = {
    Doubt.NO_PODS: "no workload in this stream has the pods that its selector matches",
    Doubt.NO_CONTAINER_PORT: "no container of {} has the port {!r}",
    Doubt.NO_HTTP: "{} has no readiness probe by http",
    Doubt.OTHER_PORT: "the readiness probe of {} asks another port, {!r}",
    Doubt.OTHER_SCHEME: "the readiness probe of {} speaks {}",
    Doubt.OWN_REQUEST: "the readiness probe of {} sends a host or headers of its own, which Azure does not",
    Doubt.NOT_PLAIN: "the readiness probe of {} asks for something that is no plain path",
    Doubt.ROOT: "the readiness probe of {} asks for /, which redirects as often as not",
    Doubt.NOT_200: "{} is known to answer {} with another status than 200",
    Doubt.DISAGREE: "{} and {} are asked for different paths",
}


def _doubt(found: Unproven) -> str:
    return _DOUBTS[found.doubt].format(found.owner, found.detail)
