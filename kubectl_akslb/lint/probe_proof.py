"""The proof behind safe annotations: derive a Service without and with them, and compare.

No value may differ but protocol and path of the probes that are meant, and those have to be what was wished for.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kubectl_akslb.lint.compare import differences
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import Probe
from kubectl_akslb.model.service import Service, ServicePort
from kubectl_akslb.provider import annotations as keys

_TCP_VALUE = "tcp"


class Annotation(NamedTuple):
    """One annotation to set, for which ports, and why: *evidence* is one of the words in ``safe_probe``."""

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


class Wish(NamedTuple):
    """What the probe of a port should become: the request path *path*, or Tcp where that is ""."""

    port: ServicePort
    path: str
    evidence: str
    reason: str


def derive(service: Service, cluster: Cluster) -> Derivation:
    """What the provider builds for *service*; imported only where a Service needs it."""
    from kubectl_akslb.derive.reconcile import derive as derived  # noqa: PLC0415 -- it costs more than all the rest

    return derived(service, cluster)


def annotated(service: Service, found: Iterable[Annotation]) -> Service:
    """*service* with these annotations."""
    added = {one.key: one.value for one in found}
    return service._replace(annotations={**service.annotations, **added}) if added else service


def proven(before: Derivation, wishes: list[Wish], cluster: Cluster) -> tuple[tuple[Annotation, ...], tuple[Left, ...]]:
    """The annotations for *wishes*, if they change what they are meant to and nothing else."""
    if not wishes:
        return (), ()
    faults: list[str] = []
    for found in _spellings(wishes, before.service.annotations):
        after = derive(annotated(before.service, found), cluster)
        fault = _fault(before, after, wishes)
        if not fault:
            return found, ()
        faults.append(fault)
    return (), tuple(Left(wish.port.port, f"no annotation is safe here: {faults[-1]}", warn=True) for wish in wishes)


def _spellings(wishes: list[Wish], annotations: Mapping[str, str]) -> Iterable[tuple[Annotation, ...]]:
    """The ways to write *wishes*: one path for the whole Service where all agree on it, else one for each port."""
    tcp = tuple(_own(wish, keys.PORT_PROBE_PROTOCOL, _TCP_VALUE) for wish in wishes if not wish.path)
    paths = [wish for wish in wishes if wish.path]
    first = paths[0] if paths else None
    alike = first is not None and all(wish.path == first.path for wish in wishes)
    if first is not None and alike and keys.PROBE_PATH not in annotations:
        ports = tuple(wish.port.port for wish in paths)
        yield (Annotation(str(keys.PROBE_PATH), first.path, ports, first.evidence, first.reason),)
    yield (*(_own(wish, keys.PORT_PROBE_PATH, wish.path) for wish in paths), *tcp)


def _own(wish: Wish, key: keys.PortAnnotation, value: str) -> Annotation:
    """An annotation for one port only."""
    return Annotation(key.for_port(wish.port.port), value, (wish.port.port,), wish.evidence, wish.reason)


def _fault(before: Derivation, after: Derivation, wishes: list[Wish]) -> str:
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
