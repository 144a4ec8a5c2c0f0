"""What the API server refuses of a Service, before any provider sees it.

Upstream: ValidateService of Kubernetes; the texts and the dates were asked of kube-apiserver 1.36.1. An object that is
stored already is not refused any more: this is for manifests.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from kubectl_akslb.derive.addresses import AddressError, Prefix, parse_address, parse_cidr, parse_network
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.precedence import annotation, spec
from kubectl_akslb.derive.security_group.source_ranges import source_ranges_origin
from kubectl_akslb.evidence.objects import Objects, mapping, mappings, name_of, text
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import is_label, is_subdomain
from kubectl_akslb.model.service import IPV6, LOAD_BALANCER, TCP, Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import kubernetes

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
_TARGET = r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?\Z"
_VALUE = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?\Z"
_NODE_PORTS = range(30000, 32768)
_PORTS = range(1, 65536)
_SINGLE_STACK = "SingleStack"
_LONGEST_AFFINITY = 86400
_MOST_ANNOTATIONS = 256 * 1024
"""Bytes of all annotations together."""
_DISTRIBUTIONS = frozenset({"PreferClose", "PreferSameZone", "PreferSameNode"})
_MAPPED = 0xFFFF
"""What an IPv6 address has above its last 32 bits where it stands for an IPv4 address."""
_FINALIZERS = frozenset({"foregroundDeletion", "orphan"})
_NOT_EXTERNAL = ("127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10", "224.0.0.0/24", "ff02::/16")
"""Loopback, link-local, and multicast of the link."""


def faults(context: Context) -> Iterator[Reason]:
    """Why the API server refuses *service*, each with the field; nothing where it takes it."""
    service = context.service
    if service.type != LOAD_BALANCER:
        return
    yield from _names(context)
    yield from _keys(service)
    yield from _ports(context)
    yield from _numbers(service)
    yield from _ranges(context)
    if len(service.ip_families) != len(set(service.ip_families)):
        yield _fault("spec.ipFamilies", ", ".join(service.ip_families), "Duplicate value")
    elif len(service.ip_families) > 1 and service.ip_family_policy in {"", _SINGLE_STACK}:
        why = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"
        yield _fault("spec.ipFamilyPolicy", _SINGLE_STACK, why)
    if service.load_balancer_class is not None and not _is_qualified(service.load_balancer_class):
        yield _fault("spec.loadBalancerClass", service.load_balancer_class, "is no valid name")
    if service.cluster_ips[:1] == ("None",):
        yield _fault("spec.clusterIP", "None", "may not be set to 'None' for LoadBalancer services")
    number = service.health_check_node_port
    if number and service.is_local and number not in _PORTS:
        yield _fault("spec.healthCheckNodePort", number, "must be between 1 and 65535, inclusive")
    if number and not service.is_local:
        why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        yield _fault("spec.healthCheckNodePort", number, why)


def other_faults(data: Mapping[str, Any], cluster: Cluster) -> Iterator[Reason]:
    """Why the API server refuses what a Service's own object *data* says in fields that no provider reads."""
    spec_of = mapping(data.get("spec"))
    affinity = mapping(mapping(spec_of.get("sessionAffinityConfig")).get("clientIP")).get("timeoutSeconds")
    if (
        spec_of.get("sessionAffinity") == "ClientIP"
        and isinstance(affinity, int)
        and not 0 < affinity <= _LONGEST_AFFINITY
    ):
        field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
        yield _fault(field, affinity, "must be greater than 0 and less than 86400")
    policy = spec_of.get("internalTrafficPolicy")
    if policy not in {None, "Cluster", "Local"}:
        yield _fault("spec.internalTrafficPolicy", policy, "supported values: 'Cluster', 'Local'")
    distribution = spec_of.get("trafficDistribution")
    if (
        distribution is not None
        and kubernetes.TRAFFIC_DISTRIBUTION.holds(cluster)
        and distribution not in _DISTRIBUTIONS
    ):
        yield _fault("spec.trafficDistribution", distribution, f"supported values: {', '.join(sorted(_DISTRIBUTIONS))}")
    for field, values in (("externalIPs", spec_of.get("externalIPs")), ("clusterIP", [spec_of.get("clusterIP")])):
        for value in values if isinstance(values, (list, tuple)) else ():
            if isinstance(value, str) and value not in {"", "None"} and (why := _wrong_address(field, value)):
                yield _fault(f"spec.{field}", value, why)
    for name in mapping(data.get("metadata")).get("finalizers") or ():
        if isinstance(name, str) and name not in _FINALIZERS and ("/" not in name or not _is_qualified(name)):
            yield _fault("metadata.finalizers", name, "is neither a standard finalizer name nor fully qualified")


def taken_node_ports(service: Service, objects: Objects) -> Iterator[Reason]:
    """The node ports that an earlier Service of the same files has: each is given away once in a cluster."""
    owners = objects.once(_owners_of_node_ports)
    own = (service.namespace or objects.namespace, service.name)
    for port in service.ports:
        owner = owners.get((port.protocol, port.node_port or 0), own)
        if owner != own:
            why = f"provided port is already allocated, to {'/'.join(owner)}"
            yield _fault(f"spec.ports[{port.index}].nodePort", port.node_port, why)


def _owners_of_node_ports(objects: Objects) -> dict[tuple[str, int], tuple[str, str]]:
    """The first Service that asks for each node port, by namespace and name."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for one in objects.of("Service"):
        owner = objects.namespace_of(one), name_of(one)
        for port in mappings(mapping(one.get("spec")).get("ports")):
            number = port.get("nodePort")
            if isinstance(number, int) and number:
                found.setdefault((text(port.get("protocol")) or TCP, number), owner)
    return found


def over_quota(service: Service, objects: Objects) -> Iterator[Reason]:
    """The ResourceQuotas of the same files that leave no room for the Service, behind those that stand before it.

    What else a cluster counts against them is not known here. Upstream: the quota evaluator of Services.
    """
    if not objects.has("ResourceQuota"):
        return
    namespace = service.namespace or objects.namespace
    before = _balancers_until(service.name, namespace, objects)
    for one in objects.of("ResourceQuota"):
        limits = mapping(mapping(one.get("spec")).get("hard")) if objects.namespace_of(one) == namespace else {}
        for resource, asked in (("services.loadbalancers", 1), ("services.nodeports", None), ("services", 1)):
            needed = sum(_node_ports(each) if asked is None else asked for each in before)
            limit = str(limits.get(resource, ""))
            if limit.isdecimal() and needed > int(limit):
                why = f"exceeded quota: {name_of(one)}, which allows {limit} {resource}"
                yield _fault("spec.type", LOAD_BALANCER, why)


def _balancers_until(name: str, namespace: str, objects: Objects) -> list[Mapping[str, Any]]:
    """The Services of type LoadBalancer in a namespace, up to the one of that name."""
    found: list[Mapping[str, Any]] = []
    for one in objects.of("Service"):
        body = mapping(one.get("spec"))
        if objects.namespace_of(one) == namespace and body.get("type") == LOAD_BALANCER:
            found.append(body)
            if name_of(one) == name:
                return found
    return []


def _node_ports(body: Mapping[str, Any]) -> int:
    """How many node ports a Service of type LoadBalancer counts for: those that it names, where it gets none else."""
    ports = tuple(mappings(body.get("ports")))
    given = sum(1 for one in ports if one.get("nodePort"))
    return given if body.get("allocateLoadBalancerNodePorts") is False else len(ports)


def _wrong_address(field: str, value: str) -> str:
    """What is wrong with an address, or ""."""
    try:
        address = parse_address(value)
    except AddressError:
        return "must be a valid IP address"
    if field == "clusterIP":
        return ""
    if value in {"0.0.0.0", "::"}:  # noqa: S104 - nothing is bound to it
        return "may not be unspecified"
    own = Prefix(address, address.bits)
    inside = any(parse_network(one).contains(own) for one in _NOT_EXTERNAL)
    return "may not be loopback, link-local or multicast of the link" if inside else ""


def _names(context: Context) -> Iterator[Reason]:
    """Names that no object can have."""
    service = context.service
    if service.name[:1].isdigit() and not kubernetes.RELAXED_NAMES.holds(context.cluster):
        why = f"must begin with a letter before Kubernetes {kubernetes.RELAXED_NAMES.dates}"
        yield _fault("metadata.name", service.name, why)
    for field, name in (("name", service.name), ("namespace", service.namespace)):
        if name and not is_label(name):
            yield _fault(f"metadata.{field}", name, "must be a lowercase RFC 1123 label")


def _keys(service: Service) -> Iterator[Reason]:
    """Keys and values of annotations, labels and the selector that no object can have."""
    labels = (("metadata.labels", service.labels), ("spec.selector", service.selector))
    annotations = ("metadata.annotations", service.annotations)
    if sum(len(part.encode()) for pair in service.annotations.items() for part in pair) > _MOST_ANNOTATIONS:
        yield _fault(annotations[0], None, "Too long: may not be more than 262144 bytes")
    for field, pairs in (annotations, *labels):
        for key in pairs:
            if not _is_qualified(key.lower() if pairs is service.annotations else key):
                yield _fault(field, key, "is no valid key: letters, digits, '-', '_' and '.', behind a domain and '/'")
    for field, pairs in labels:
        for key, value in pairs.items():
            if value and not re.match(_VALUE, value):
                yield _fault(f"{field}.{key}", value, "must be at most 63 letters, digits, '-', '_' and '.'")


@lru_cache(maxsize=1024)  # the same few keys stand on most Services
def _is_qualified(key: str) -> bool:
    domain, slash, name = key.rpartition("/")
    return re.match(_VALUE, name) is not None and (not slash or is_subdomain(domain))


def _ports(context: Context) -> Iterator[Reason]:
    service = context.service
    mixes = kubernetes.MIXED_PROTOCOLS.holds(context.cluster)
    first = service.ports[0].protocol if service.ports else ""
    names: set[str] = set()
    pairs: set[tuple[str, int]] = set()
    for port in service.ports:
        field = f"spec.ports[{port.index}]"
        if port.protocol != first and not mixes:
            yield _fault(
                f"{field}.protocol", port.protocol, "may not contain a mix of protocols when `type` is 'LoadBalancer'"
            )
        if not port.name and len(service.ports) > 1:
            yield _fault(f"{field}.name", None, "Required value where there are several ports")
        elif port.name in names:
            yield _fault(f"{field}.name", port.name, "Duplicate value")
        elif port.name and not re.match(_LABEL, port.name):
            yield _fault(f"{field}.name", port.name, "must be a lowercase RFC 1123 label")
        if port.app_protocol is not None and not _is_qualified(port.app_protocol):
            yield _fault(f"{field}.appProtocol", port.app_protocol, "is no valid name")
        if (port.protocol, port.port) in pairs:
            yield _fault(field, port.port, "Duplicate value: the same port and protocol as another")
        if isinstance(port.target_port, str) and not re.match(_TARGET, port.target_port):
            yield _fault(
                f"{field}.targetPort",
                port.target_port,
                "must be the name of a port: at most 15 letters, digits and '-'",
            )
        names.add(port.name)
        pairs.add((port.protocol, port.port))


def _numbers(service: Service) -> Iterator[Reason]:
    """Numbers of target ports and node ports that cannot be, or are given away already."""
    taken: set[tuple[str, int]] = set()
    for port in service.ports:
        field = f"spec.ports[{port.index}]"
        if isinstance(port.target_port, int) and port.target_port not in _PORTS:
            yield _fault(f"{field}.targetPort", port.target_port, "must be between 1 and 65535, inclusive")
        if port.node_port and (port.protocol, port.node_port) in taken:
            yield _fault(f"{field}.nodePort", port.node_port, "provided port is already allocated")
        if port.node_port and port.node_port not in _NODE_PORTS:
            yield _fault(f"{field}.nodePort", port.node_port, "not in the range of node ports, 30000-32767 by default")
        taken.add((port.protocol, port.node_port or 0))


def _ranges(context: Context) -> Iterator[Reason]:
    """Ranges of the spec, else those of Kubernetes' own annotation; Azure's annotations are not looked at."""
    service = context.service
    if service.load_balancer_source_ranges:
        origin, items = source_ranges_origin(service), service.load_balancer_source_ranges
    else:
        origin = annotation(service, keys.SOURCE_RANGES)
        items = tuple((origin.raw or "").split(",")) if (origin.raw or "").strip() else ()
    strict = kubernetes.STRICT_RANGES.holds(context.cluster)
    for item in items:
        try:
            parse_cidr(item.strip())
            if strict:
                _refuse_mapped(parse_network(item.strip()))
        except AddressError:
            yield Reason(
                Cause.REFUSED_BY_API_SERVER,
                {"field": origin.path, "value": item, "message": "must be a valid CIDR value"},
                origin,
            )


def _refuse_mapped(prefix: Prefix) -> None:
    """AddressError for an IPv4 range that is written as one of IPv6."""
    if prefix.family is IPV6 and prefix.address.value >> 32 == _MAPPED:
        raise AddressError(str(prefix))


def _fault(field: str, value: object, message: str) -> Reason:
    raw = None if value is None else str(value)
    facts = {"field": field, "value": raw if raw is not None else "", "message": message}
    return Reason(Cause.REFUSED_BY_API_SERVER, facts, spec(field, raw))
