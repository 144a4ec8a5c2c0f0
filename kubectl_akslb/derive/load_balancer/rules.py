"""Load-balancing rules of one IP family, each with its probe.

Upstream: getExpectedLBRules, getExpectedLoadBalancingRulePropertiesForPort,
getExpectedHAModeLoadBalancingRuleProperties.
"""

from typing import NamedTuple

from kubectl_akslb.derive.load_balancer.probes import (
    local_probe,
    node_port,
    node_port_origin,
    port_probe,
    shared_probe,
    wants_local_probe,
)
from kubectl_akslb.derive.naming import Names, rule_name
from kubectl_akslb.derive.precedence import annotation, by_provider, default, setting, spec
from kubectl_akslb.derive.readers import int32, is_true
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import Derived, Port
from kubectl_akslb.model.service import SCTP, TCP, UDP, Service, ServicePort
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

MIN_IDLE_MINUTES = 4
TRANSPORT_PROTOCOL = {TCP: "Tcp", UDP: "Udp", SCTP: "All"}

_IDLE_DEFAULT = default("idle timeout in minutes", "4")
_FLOATING = Derived(
    True,
    default("floating IP", "true"),
    upstream="getExpectedLoadBalancingRulePropertiesForPort",
)
_ALL = by_provider("protocol of the HA ports rule", "All")
_ZERO = Derived(
    0, by_provider("port of the HA ports rule", "0"), upstream="getExpectedHAModeLoadBalancingRuleProperties"
)


class Family(NamedTuple):
    """One IP family of a Service, with the names its rules refer to."""

    ipv6: bool
    frontend: Derived[str]
    backend_pool: Derived[str]


class Rules(NamedTuple):
    """What one family of a Service puts on the load balancer."""

    probes: tuple[Probe, ...]
    rules: tuple[LoadBalancingRule, ...]


def uses_ha_ports(service: Service, cluster: Cluster) -> bool:
    """Whether one rule covers all ports: asked for, internal in any case, Standard. Upstream: getExpectedLBRules."""
    return (
        cluster.is_standard
        and is_true(annotation(service, keys.HA_PORTS))
        and is_true(annotation(service, keys.INTERNAL))
    )


def expected_rules(service: Service, cluster: Cluster, parts: Names, family: Family) -> Rules:
    """The rules and probes of one family. Upstream: getExpectedLBRules."""
    node_probe: Probe | None = None
    if wants_local_probe(service, cluster):
        node_probe = local_probe(service, cluster, parts, ipv6=family.ipv6)
    shared = (
        cluster.uses_shared_probe
        and cluster.has(behaviours.SHARED_PROBE)
        and service.external_traffic_policy.lower() != "local"
    )
    if shared:
        node_probe = shared_probe(cluster)
    if uses_ha_ports(service, cluster):
        return _ha_rules(service, cluster, parts, family, node_probe)
    return _port_rules(service, cluster, parts, family, node_probe, shared=shared)


def _ha_rules(service: Service, cluster: Cluster, parts: Names, family: Family, node_probe: Probe | None) -> Rules:
    first = service.ports[0]
    name = rule_name(parts, first.protocol, first.port, ipv6=family.ipv6)
    try:
        rule = _ha_rule(service, cluster, family, name)
    except Refused as refused:
        head = "error generate lb rule for ha mod loadbalancer. err: "
        raise refused.within(head + head) from None
    probe = node_probe or _first_port_probe(service, cluster, name)
    if probe is None:
        return Rules((), (rule,))
    return Rules((probe,), (rule._replace(probe=probe.name),))


def _first_port_probe(service: Service, cluster: Cluster, name: Derived[str]) -> Probe | None:
    """The probe of the first port that has one; ports with faulty annotations are passed over, as the provider does."""
    for port in service.ports:
        try:
            probe = port_probe(service, cluster, port, name)
        except Refused:
            continue
        if probe is not None:
            return probe
    return None


def _port_rules(
    service: Service, cluster: Cluster, parts: Names, family: Family, node_probe: Probe | None, *, shared: bool
) -> Rules:
    probes: list[Probe] = []
    rules: list[LoadBalancingRule] = []
    eager = node_probe is not None and not shared and not cluster.has(behaviours.LOCAL_PROBE_PORT)
    if eager and node_probe is not None:
        probes.append(node_probe)
    for port in service.ports:
        if _annotated(service, cluster, keys.NO_LB_RULE, port):
            continue
        name = rule_name(parts, port.protocol, port.port, ipv6=family.ipv6)
        rule = _port_rule(service, cluster, family, port, name)
        probe = _probe_of(service, cluster, port, name, node_probe, shared=shared)
        if probe is not None:
            rule = rule._replace(probe=probe.name)
            if probe is not node_probe or (not eager and probe not in probes):
                probes.append(probe)
        rules.append(rule)
    return Rules(tuple(probes), tuple(rules))


def _annotated(service: Service, cluster: Cluster, key: keys.PortAnnotation, port: ServicePort) -> bool:
    return cluster.has(behaviours.PORT_ANNOTATIONS) and is_true(annotation(service, key.for_port(port.port)))


def _probe_of(
    service: Service, cluster: Cluster, port: ServicePort, name: Derived[str], node_probe: Probe | None, *, shared: bool
) -> Probe | None:
    """The probe that the rule of *port* refers to: its own, the one for all ports of the node, or none."""
    if _annotated(service, cluster, keys.NO_PROBE_RULE, port):
        return None
    if shared:
        return node_probe
    if node_probe is not None:
        own_port = annotation(service, keys.PORT_PROBE_PORT.for_port(port.port))
        if port.protocol != TCP or own_port.raw is None or not cluster.has(behaviours.LOCAL_PROBE_PORT):
            return node_probe
    return port_probe(service, cluster, port, name)


def _port_rule(
    service: Service, cluster: Cluster, family: Family, port: ServicePort, name: Derived[str]
) -> LoadBalancingRule:
    """The rule of one port. Upstream: getExpectedLoadBalancingRulePropertiesForPort."""
    protocol_source = spec(f"spec.ports[{port.index}].protocol", port.protocol)
    if port.protocol == SCTP and not (cluster.is_standard and is_true(annotation(service, keys.INTERNAL))):
        where = "standard loadbalancer in internal mode"
        raise Refused(refusals.SCTP_NOT_INTERNAL, protocol_source, where=where)
    protocol = TRANSPORT_PROTOCOL.get(port.protocol)
    if protocol is None:
        raise Refused(refusals.TRANSPORT_PROTOCOL, protocol_source, head="failed to parse transport protocol: ")
    try:
        idle = idle_timeout(service, cluster)
    except Refused as refused:
        raise refused.within("error generate lb rule for ha mod loadbalancer. err: ") from None
    number = Derived(port.port, spec(f"spec.ports[{port.index}].port", str(port.port)))
    backend, floating = backend_port(service, cluster, family, port)
    return LoadBalancingRule(
        name,
        Derived(protocol, protocol_source, upstream="getProtocolsFromKubernetesProtocol"),
        family.frontend,
        number,
        backend,
        family.backend_pool,
        floating,
        idle,
        tcp_reset(service, cluster) if protocol == "Tcp" and cluster.is_standard else None,
        load_distribution(service),
        outbound_snat(cluster),
        None,
        service.full_name,
        port.index,
    )


def _ha_rule(service: Service, cluster: Cluster, family: Family, name: Derived[str]) -> LoadBalancingRule:
    """The one rule of a Service with HA ports. Upstream: getExpectedHAModeLoadBalancingRuleProperties."""
    ha_ports = annotation(service, keys.HA_PORTS)
    upstream = "getExpectedHAModeLoadBalancingRuleProperties"
    floating = _FLOATING
    if _goes_to_node_port(cluster, service, family):
        floating = Derived(False, annotation(service, keys.INTERNAL), notes=(behaviours.INTERNAL_IPV6_NODE_PORT.note,))
    return LoadBalancingRule(
        name,
        Derived("All", _ALL, (ha_ports, _ALL), (), upstream),
        family.frontend,
        _ZERO,
        _ZERO,
        family.backend_pool,
        floating,
        idle_timeout(service, cluster),
        tcp_reset(service, cluster),
        load_distribution(service),
        outbound_snat(cluster),
        None,
        service.full_name,
        -1,
    )


def _goes_to_node_port(cluster: Cluster, service: Service, family: Family) -> bool:
    if not cluster.has(behaviours.INTERNAL_IPV6_NODE_PORT) or not is_true(annotation(service, keys.INTERNAL)):
        return False
    if cluster.has(behaviours.DUAL_STACK):
        return family.backend_pool.value.lower().endswith("-ipv6")
    return bool(service.cluster_ips) and ":" in service.cluster_ips[0]


def backend_port(
    service: Service, cluster: Cluster, family: Family, port: ServicePort
) -> tuple[Derived[Port], Derived[bool]]:
    """The port traffic arrives at on the node, and whether the packet keeps the frontend's address (floating IP).

    Upstream: getExpectedLoadBalancingRulePropertiesForPort, getExpectedLBRules.
    """
    upstream = "getExpectedLBRules"
    number = spec(f"spec.ports[{port.index}].port", str(port.port))
    own = node_port_origin(port)
    if cluster.has(behaviours.DISABLE_FLOATING_IP):
        disabled = annotation(service, keys.DISABLE_FLOATING_IP)
        if is_true(disabled):
            off = Derived(False, disabled, (disabled, _FLOATING.origin), (), upstream)
            return Derived(node_port(port), own, (disabled, own, number), (), upstream), off
        floating: Derived[bool] = _FLOATING
        if disabled.raw is not None:
            floating = Derived(True, _FLOATING.origin, (disabled, _FLOATING.origin), (), upstream)
    else:
        floating = _FLOATING
    if _goes_to_node_port(cluster, service, family):
        internal = annotation(service, keys.INTERNAL)
        notes = (behaviours.INTERNAL_IPV6_NODE_PORT.note,)
        off = Derived(False, internal, (internal, _FLOATING.origin), notes, upstream)
        return Derived(node_port(port), own, (internal, own, number), notes, upstream), off
    return Derived(port.port, number, (number,), (), upstream), floating


def idle_timeout(service: Service, cluster: Cluster) -> Derived[int]:
    """Minutes until an idle flow is dropped. Upstream: getExpectedLoadBalancingRulePropertiesForPort."""
    source = annotation(service, keys.IDLE_TIMEOUT)
    if source.raw is None:
        return Derived(4, _IDLE_DEFAULT, (source, _IDLE_DEFAULT), (), "getExpectedLoadBalancingRulePropertiesForPort")
    head = f"error parsing idle timeout key: {source.path}, err: "
    try:
        minutes = int32(source)
    except Refused as refused:
        raise refused.within(head) from None
    longest = 100 if cluster.has(behaviours.IDLE_TIMEOUT_100) else 30
    if not MIN_IDLE_MINUTES <= minutes <= longest:
        head, tail = f"{head}error parsing value: ", f", actual value: {minutes}"
        code = refusals.IDLE_TIMEOUT_OUT_OF_RANGE
        raise Refused(code, source, head=head, tail=tail, least=MIN_IDLE_MINUTES, most=longest)
    notes = (behaviours.IDLE_TIMEOUT_100.note,) if minutes > 30 else ()
    return Derived(minutes, source, (source, _IDLE_DEFAULT), notes, "getExpectedLoadBalancingRulePropertiesForPort")


def tcp_reset(service: Service, cluster: Cluster) -> Derived[bool]:
    """Whether both ends get a reset when an idle flow is dropped. Upstream: consts.IsTCPResetDisabled."""
    fallback = default("TCP reset", "true")
    if not cluster.has(behaviours.DISABLE_TCP_RESET):
        return Derived(True, fallback, upstream="getExpectedLoadBalancingRulePropertiesForPort")
    source = annotation(service, keys.DISABLE_TCP_RESET)
    disabled = is_true(source)
    return Derived(not disabled, source if disabled else fallback, (source, fallback), (), "consts.IsTCPResetDisabled")


def load_distribution(service: Service) -> Derived[str]:
    """``SourceIP`` for session affinity ClientIP; its timeout is not mapped."""
    source = spec("spec.sessionAffinity", service.session_affinity)
    value = "SourceIP" if service.session_affinity == "ClientIP" else "Default"
    return Derived(value, source, upstream="getExpectedLoadBalancingRulePropertiesForPort")


def outbound_snat(cluster: Cluster) -> Derived[bool]:
    """Whether the rule may not be used for outbound traffic: a cluster setting, on Standard only."""
    source = setting(
        cluster, "disable_outbound_snat", "disableOutboundSNAT", str(cluster.disable_outbound_snat).lower()
    )
    value = cluster.disable_outbound_snat and cluster.is_standard
    return Derived(value, source, upstream="DisableLoadBalancerOutboundSNAT")
