"""Annotations that are set and change nothing: unknown, of another release, shadowed, or without effect here."""

from collections.abc import Iterator

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.rules import uses_ha_ports
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import Probe
from kubectl_akslb.model.provenance import ANNOTATION, Origin
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider.annotations import (
    ANNOTATIONS,
    CONFIGURATIONS,
    IDLE_TIMEOUT,
    INTERNAL,
    PREFIX,
    PROBE,
    Annotation,
    PortAnnotation,
)
from kubectl_akslb.provider.behaviours import listed, reached


class IneffectiveAnnotation(NamedTuple):
    """An annotation and the reason why it changes nothing."""

    key: str
    because: str


def ineffective_annotations(derivation: Derivation, cluster: Cluster) -> tuple[IneffectiveAnnotation, ...]:
    """The annotations of the provider's that are set on the Service and change nothing, in their order."""
    if derivation.ignored is not None or derivation.refusal is not None:
        return ()
    found = []
    shadowed = _shadowed(derivation)
    used = _used(derivation)
    for key in derivation.service.annotations:
        if not key.startswith(PREFIX):
            continue
        row = row_of(key)
        if row is None:
            found.append(IneffectiveAnnotation(key, "the provider reads no such annotation"))
        elif not row.is_read(cluster.provider_version):
            found.append(IneffectiveAnnotation(key, _dates(row, cluster)))
        elif serves(cluster):
            if row not in (IDLE_TIMEOUT, INTERNAL):
                found.append(IneffectiveAnnotation(key, "a service gateway reads no such annotation"))
        elif row.scope == PROBE and key in shadowed:
            found.append(IneffectiveAnnotation(key, f"shadowed by {shadowed[key].path}"))
        elif row.scope == PROBE and key not in used:
            found.append(IneffectiveAnnotation(key, _no_effect(derivation, cluster, row, key)))
    return tuple(found)


def row_of(key: str) -> Annotation | None:
    """The row of the registry for an annotation key, or None where the provider reads no such key."""
    for row in ANNOTATIONS:
        if isinstance(row, PortAnnotation):
            number = key.removeprefix(row.head).removesuffix(row.tail)
            if row.for_port(number) == key and number.isascii() and number.isdigit():
                return row
        elif key == row or (row is CONFIGURATIONS and key.lower() == row.lower()):
            return row
    return None


def _dates(row: Annotation, cluster: Cluster) -> str:
    if reached(cluster.provider_version, row.until):
        return f"without effect since {listed(row.until)}"
    return f"read since {listed(row.since)}, and this is {cluster.provider_version}"


def _derived_of(probe: Probe) -> Iterator[tuple[Origin, tuple[Origin, ...]]]:
    for derived in (probe.protocol, probe.port, probe.request_path, probe.interval_in_seconds, probe.threshold):
        if derived is not None:
            yield derived.origin, derived.considered


def _shadowed(derivation: Derivation) -> dict[str, Origin]:
    """Probe annotations that every probe passes over for another source, with the source that wins."""
    passed: dict[str, Origin] = {}
    won: set[str] = set()
    for probe in derivation.load_balancer.probes if derivation.load_balancer is not None else ():
        for winner, considered in _derived_of(probe):
            won.add(winner.path)
            for origin in considered:
                if origin.kind == ANNOTATION and origin.raw is not None and origin != winner:
                    passed.setdefault(origin.path, winner)
    return {key: winner for key, winner in passed.items() if key not in won}


def _used(derivation: Derivation) -> set[str]:
    """Every annotation that a probe or a rule was derived from."""
    lb = derivation.load_balancer
    if lb is None:
        return set()
    used = {origin.path for probe in lb.probes for origin, _ in _derived_of(probe)}
    skipped = {port.port for port in derivation.service.ports} - {
        rule.frontend_port.value for rule in lb.load_balancing_rules if rule.probe is not None
    }
    for row in ANNOTATIONS:
        if isinstance(row, PortAnnotation) and row.short.endswith("_no_probe_rule"):
            used.update(row.for_port(number) for number in skipped)
            used.update(
                key
                for key, value in derivation.service.annotations.items()
                if row_of(key) is row and value.lower() != "true"
            )
    return used


def _no_effect(derivation: Derivation, cluster: Cluster, row: Annotation, key: str) -> str:
    service = derivation.service
    if isinstance(row, PortAnnotation):
        number = key.removeprefix(row.head).removesuffix(row.tail)
        if all(str(port.port) != number for port in service.ports):
            return f"the Service has no port {number}"
    if uses_ha_ports(Context(service, cluster)):
        return "with HA ports only the first usable port is probed"
    if service.is_local:
        return "externalTrafficPolicy is Local: the node's health check is probed"
    if cluster.uses_shared_probe:
        return "all Services of the cluster share one probe"
    if "request-path" in key:
        return "no probe that it is for is an http(s) probe"
    return "no port that it is for is probed this way"
