"""Which annotations keep the probes of a Service from asking for what its pods do not answer.

From 1.24.0 on ``appProtocol: http`` makes Azure ask for ``/`` and take the node out of rotation unless the answer is
200. For each such port, in this order: the path that a known workload answers; the path that the pods' own readiness
probe asks for; the Tcp probe of before. Nothing is invented, and nothing is proposed that is not proven: the Service is
derived without and with the annotations, and no value may differ but protocol and path of those probes.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kubectl_akslb.lint.compare import differences
from kubectl_akslb.lint.policy import FAIL, LEAVE, PATH, TCP, Choice
from kubectl_akslb.lint.readiness import Pods, Ready, readiness
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

_TCP_VALUE = "tcp"
_HTTP_PROTOCOLS = frozenset({"http", "https"})


class Annotation(NamedTuple):
    """One annotation to set, for which ports, and why: *evidence* is KNOWN, READINESS, RESTORED or POLICY."""

    key: str
    value: str
    ports: tuple[int, ...]
    evidence: str
    reason: str


class Left(NamedTuple):
    """A port whose http(s) probe stays as it is, and why; *warn* where it may well fail, *fatal* where it must not."""

    port: int
    reason: str
    warn: bool = False
    fatal: bool = False


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

    def obstacle(self, workload: Workload, scheme: str) -> str:  # noqa: ARG002
        """Why the known path of *workload* may not be answered, or ""."""
        return ""

    def moved_path(self, workload: Workload, service: Service) -> str:  # noqa: ARG002
        """The path that the workload's own arguments put in place of the known one, or ""."""
        return ""


ALONE = Surroundings()


class _Wish(NamedTuple):
    """What the probe of a port should become: the request path *path*, or Tcp where that is ""."""

    port: ServicePort
    path: str
    evidence: str
    reason: str


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
    service = _annotated(service, given)  # a namespace that is not given stays open: pods may have none either
    if not asks_http(service):
        return Proposal(given)
    before = derive(with_defaults(service), cluster)
    if before.load_balancer is None and before.refusal is not None:
        return Proposal(given, (), (f"provider {cluster.provider_version} refuses it: {before.refusal.message}",))
    wishes: list[_Wish] = []
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
    found, unproven = _proven(before, wishes, cluster)
    return Proposal((*given, *found), (*left, *unproven))


def derive(service: Service, cluster: Cluster) -> Derivation:
    """What the provider builds for *service*; imported only where a Service needs it."""
    from kubectl_akslb.derive.reconcile import derive as derived  # noqa: PLC0415 -- it costs more than all the rest

    return derived(service, cluster)


def _policy(service: Service, choice: Choice) -> tuple[Annotation, ...]:
    """What a policy sets, as far as it is not there yet."""
    return tuple(
        Annotation(key, value, (), POLICY, choice.name)
        for key, value in choice.annotations
        if service.annotations.get(key) != value
    )


def _annotated(service: Service, found: Iterable[Annotation]) -> Service:
    added = {one.key: one.value for one in found}
    return service._replace(annotations={**service.annotations, **added}) if added else service


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
) -> _Wish | Left:
    """What the probe of one port should become, by the first source that knows."""
    elsewhere = keys.PORT_PROBE_PORT.for_port(port.port)
    if elsewhere in service.annotations:
        return Left(port.port, f"its {elsewhere} was chosen by hand, and so is what answers there")
    workload = recognise(service.labels, service.selector)
    pods: tuple[Pods, ...] | None = None
    if workload is None:
        pods = surroundings.pods(service)
        workload = recognise(service.labels, service.selector, tuple(image for one in pods for image in one.images))
    wanted = choice.known if workload is not None else choice.unknown
    scheme = probe.protocol.value.upper()
    why = "nothing here tells which path it answers"
    if workload is not None:
        answer = _known(workload, service, port, scheme, surroundings)
        if isinstance(answer, _Wish) and wanted == PATH:
            return answer
        why = answer if isinstance(answer, str) else why
    if wanted in (LEAVE, FAIL):
        reason = f"{why}, and {choice.name} says to {'leave it alone' if wanted == LEAVE else 'fail then'}"
        return Left(port.port, reason, fatal=wanted == FAIL)
    if wanted == TCP:
        return _Wish(port, "", RESTORED, f"{choice.name} wants a Tcp probe")
    ready = readiness(port, scheme, surroundings.pods(service) if pods is None else pods)
    if isinstance(ready, Ready):
        return _Wish(port, ready.path, READINESS, f"the readiness probe of {ready.owner} asks the same port for it")
    return _Wish(port, "", RESTORED, why if workload is not None else f"{why}: {ready}")


def _known(
    workload: Workload, service: Service, port: ServicePort, scheme: str, surroundings: Surroundings
) -> _Wish | str:
    known = workload.path_for(port.name)
    if known is None:
        return f"this is {workload.name}: {workload.note}"
    obstacle = surroundings.obstacle(workload, scheme)
    if obstacle:
        return f"this is {workload.name}, which usually answers on {known.path}, but {obstacle}"
    moved = surroundings.moved_path(workload, service)
    if moved:
        return _Wish(port, moved, KNOWN, f"this is {workload.name}, and its arguments put the health check there")
    source = "an issue" if known.evidence == REPORTED else "its chart"
    return _Wish(port, known.path, KNOWN, f"this is {workload.name}, which answers {known.status} there (by {source})")


def _too_old(port: ServicePort, cluster: Cluster) -> Left:
    key = keys.PORT_PROBE_PROTOCOL.for_port(port.port)
    dates = ", ".join(str(version) for version in since.PORT_ANNOTATIONS.since)
    reason = (
        f"nothing here tells which path it answers, and provider {cluster.provider_version} ignores"
        f" {key.partition('/')[2]} (read since {dates}): upgrade, remove the appProtocol, or set"
        f" {keys.PROBE_PATH.short} to a path that answers 200"
    )
    return Left(port.port, reason, warn=True)


def _proven(
    before: Derivation, wishes: list[_Wish], cluster: Cluster
) -> tuple[tuple[Annotation, ...], tuple[Left, ...]]:
    """The annotations for *wishes*, if they change what they are meant to and nothing else."""
    if not wishes:
        return (), ()
    faults: list[str] = []
    for found in _spellings(wishes, before.service.annotations):
        after = derive(_annotated(before.service, found), cluster)
        fault = _fault(before, after, wishes)
        if not fault:
            return found, ()
        faults.append(fault)
    return (), tuple(Left(wish.port.port, f"no annotation is safe here: {faults[-1]}", warn=True) for wish in wishes)


def _spellings(wishes: list[_Wish], annotations: Mapping[str, str]) -> Iterable[tuple[Annotation, ...]]:
    """The ways to write *wishes*: one path for the whole Service where all agree on it, else one for each port."""
    tcp = tuple(_own(wish, keys.PORT_PROBE_PROTOCOL, _TCP_VALUE) for wish in wishes if not wish.path)
    paths = [wish for wish in wishes if wish.path]
    first = paths[0] if paths else None
    alike = first is not None and all(wish.path == first.path for wish in wishes)
    if first is not None and alike and keys.PROBE_PATH not in annotations:
        ports = tuple(wish.port.port for wish in paths)
        yield (Annotation(str(keys.PROBE_PATH), first.path, ports, first.evidence, first.reason),)
    yield (*(_own(wish, keys.PORT_PROBE_PATH, wish.path) for wish in paths), *tcp)


def _own(wish: _Wish, key: keys.PortAnnotation, value: str) -> Annotation:
    """An annotation for one port only."""
    return Annotation(key.for_port(wish.port.port), value, (wish.port.port,), wish.evidence, wish.reason)


def _fault(before: Derivation, after: Derivation, wishes: list[_Wish]) -> str:
    """What is wrong with the derivation *after*, or "" where it is just what was wished for."""
    if after.refusal != before.refusal:
        return f"the provider would refuse it: {after.refusal.message}" if after.refusal else "it mends a refusal"
    wanted = {f"spec.ports[{wish.port.index}].appProtocol": wish for wish in wishes}
    intended = set()
    for old, new in _pairs(before, after):
        wish = wanted.get(old.protocol.origin.path)
        if wish is None:
            continue
        here = ("load_balancer", "probes", old.name.value)
        intended |= {(*here, "request_path")} if wish.path else {(*here, "request_path"), (*here, "protocol")}
        reached = new.request_path.value if new.request_path is not None else ""
        if reached != wish.path or (not wish.path and new.protocol.value != "Tcp"):
            return f"the probe of port {wish.port.port} would not change"
    others = [path for path in differences(before, after) if path not in intended]
    return f"{'.'.join(others[0])} would change too" if others else ""


def _pairs(before: Derivation, after: Derivation) -> tuple[tuple[Probe, Probe], ...]:
    """The probes of both derivations that have the same name."""
    old = before.load_balancer.probes if before.load_balancer else ()
    new = {probe.name.value: probe for probe in after.load_balancer.probes} if after.load_balancer else {}
    return tuple((probe, new[probe.name.value]) for probe in old if probe.name.value in new)
