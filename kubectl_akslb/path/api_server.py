"""What the API server refuses of a Service, before any provider sees it.

Upstream: ValidateService of Kubernetes; the texts and the dates were asked of kube-apiserver 1.36.1. An object that is
stored already is not refused any more: this is for manifests.
"""

import re
from collections.abc import Iterator

from kubectl_akslb.derive.addresses import AddressError, parse_cidr, parse_network
from kubectl_akslb.derive.precedence import annotation, spec
from kubectl_akslb.derive.security_group.source_ranges import source_ranges_origin
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import is_label, is_subdomain
from kubectl_akslb.model.service import LOAD_BALANCER, Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason
from kubectl_akslb.provider import annotations as keys

_MIXED_PROTOCOLS = (1, 24)
_STRICT_RANGES = (1, 36)
_RELAXED_NAMES = (1, 36)
"""The minors in which the gates MixedProtocolLBService, StrictIPCIDRValidation, RelaxedServiceNameValidation are on."""
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
_TARGET = r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?\Z"
_VALUE = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?\Z"
_NODE_PORTS, _PORT_NUMBERS = range(30000, 32768), range(1, 65536)


def faults(service: Service, cluster: Cluster) -> Iterator[Reason]:
    """Why the API server refuses *service*, each with the field; nothing where it takes it."""
    if service.type != LOAD_BALANCER:
        return
    yield from _names(service, cluster)
    yield from _ports(service, cluster)
    yield from _ranges(service, cluster)
    if service.cluster_ips[:1] == ("None",):
        yield _fault("spec.clusterIP", "None", "may not be set to 'None' for LoadBalancer services")
    if service.health_check_node_port and not service.is_local:
        why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        yield _fault("spec.healthCheckNodePort", service.health_check_node_port, why)


def _names(service: Service, cluster: Cluster) -> Iterator[Reason]:
    """Names, keys and labels that no object can have."""
    if service.name[:1].isdigit() and cluster.provider_version[:2] < _RELAXED_NAMES:
        yield _fault("metadata.name", service.name, "must begin with a letter before Kubernetes 1.36")
    for field, name in (("name", service.name), ("namespace", service.namespace)):
        if name and not is_label(name):
            yield _fault(f"metadata.{field}", name, "must be a lowercase RFC 1123 label")
    labels = (("metadata.labels", service.labels), ("spec.selector", service.selector))
    for field, pairs in (("metadata.annotations", service.annotations), *labels):
        for key in pairs:
            # Of annotations alone the domain is read without case.
            if not _is_qualified(key.lower() if field == "metadata.annotations" else key):
                yield _fault(field, key, "is no valid key: letters, digits, '-', '_' and '.', behind a domain and '/'")
    for field, pairs in labels:
        for key, value in pairs.items():
            if value and not re.match(_VALUE, value):
                yield _fault(f"{field}.{key}", value, "must be at most 63 letters, digits, '-', '_' and '.'")


def _is_qualified(key: str) -> bool:
    domain, slash, name = key.rpartition("/")
    return re.match(_VALUE, name) is not None and (not slash or is_subdomain(domain))


def _ports(service: Service, cluster: Cluster) -> Iterator[Reason]:
    minor = cluster.provider_version[:2]
    first = service.ports[0].protocol if service.ports else ""
    names: set[str] = set()
    pairs: set[tuple[str, int]] = set()
    for port in service.ports:
        field = f"spec.ports[{port.index}]"
        if port.protocol != first and minor < _MIXED_PROTOCOLS:
            yield _fault(
                f"{field}.protocol", port.protocol, "may not contain a mix of protocols when `type` is 'LoadBalancer'"
            )
        if not port.name and len(service.ports) > 1:
            yield _fault(f"{field}.name", None, "Required value where there are several ports")
        elif port.name in names:
            yield _fault(f"{field}.name", port.name, "Duplicate value")
        elif port.name and not re.match(_LABEL, port.name):
            yield _fault(f"{field}.name", port.name, "must be a lowercase RFC 1123 label")
        if (port.protocol, port.port) in pairs:
            yield _fault(field, port.port, "Duplicate value: the same port and protocol as another")
        if isinstance(port.target_port, str) and not re.match(_TARGET, port.target_port):
            yield _fault(
                f"{field}.targetPort",
                port.target_port,
                "must be the name of a port: at most 15 letters, digits and '-'",
            )
        if isinstance(port.target_port, int) and port.target_port not in _PORT_NUMBERS:
            yield _fault(f"{field}.targetPort", port.target_port, "must be between 1 and 65535, inclusive")
        if port.node_port and port.node_port not in _NODE_PORTS:
            yield _fault(f"{field}.nodePort", port.node_port, "not in the range of node ports, 30000-32767 by default")
        names.add(port.name)
        pairs.add((port.protocol, port.port))


def _ranges(service: Service, cluster: Cluster) -> Iterator[Reason]:
    """Ranges of the spec, else those of Kubernetes' own annotation; Azure's annotations are not looked at."""
    if service.load_balancer_source_ranges:
        origin, items = source_ranges_origin(service), service.load_balancer_source_ranges
    else:
        origin = annotation(service, keys.SOURCE_RANGES)
        items = tuple((origin.raw or "").split(",")) if (origin.raw or "").strip() else ()
    strict = cluster.provider_version[:2] >= _STRICT_RANGES
    for item in items:
        try:
            parse_cidr(item.strip())
            if strict:
                parse_network(item.strip())
        except AddressError:
            yield Reason(
                Cause.REFUSED_BY_API_SERVER,
                {"field": origin.path, "value": item, "message": "must be a valid CIDR value"},
                origin,
            )


def _fault(field: str, value: object, message: str) -> Reason:
    raw = None if value is None else str(value)
    facts = {"field": field, "value": raw if raw is not None else "", "message": message}
    return Reason(Cause.REFUSED_BY_API_SERVER, facts, spec(field, raw))
