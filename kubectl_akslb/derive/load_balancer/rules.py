"""Load-balancing rules of one IP family, each with its probe.

Upstream: getExpectedLBRules, getExpectedLoadBalancingRulePropertiesForPort,
getExpectedHAModeLoadBalancingRuleProperties.
"""

from collections.abc import Mapping

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.probes import (
    SHARED_PROBE_NAME,
    local_probe,
    node_port,
    node_port_origin,
    port_probe,
    shared_probe,
    wants_local_probe,
)
from kubectl_akslb.derive.naming import Names, renamed, rule_name
from kubectl_akslb.derive.precedence import annotation, by_provider, default, setting, spec
from kubectl_akslb.derive.readers import int32, is_true
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import Derived, Origin, Port
from kubectl_akslb.model.service import SCTP, TCP, UDP, IPFamily, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
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

    ip_family: IPFamily
    frontend: Derived[str]
    backend_pool: Derived[str]


class FamilyRules(NamedTuple):
    """What one family of a Service puts on the load balancer."""

    probes: tuple[Probe, ...]
    rules: tuple[LoadBalancingRule, ...]


#: What decides rules and probes, but for the names of what belongs to one Service alone.
_FIELDS = (
    "annotations",
    "ports",
    "external_traffic_policy",
    "health_check_node_port",
    "session_affinity",
    "ip_families",
    "cluster_ips",
)
#: Below all numbers that a Service can say.
_STAND_IN = -(1 << 40)
_PUT_IN_LATER = Derived("", by_provider("frontend", ""))


def uses_ha_ports(context: Context) -> bool:
    """Whether one rule covers all ports: asked for, internal in any case, Standard. Upstream: getExpectedLBRules."""
    return (
        context.cluster.is_standard
        and is_true(annotation(context.service, keys.HA_PORTS))
        and is_true(annotation(context.service, keys.INTERNAL))
    )


def expected_rules(context: Context, family: Family) -> FamilyRules:
    """The rules and probes of one family. Upstream: getExpectedLBRules."""
    unnamed, before, node_ports = _shared_rules(context, family)
    names, service = context.names, context.service.full_name
    found: dict[str, Derived[str]] = {}

    def named(name: Derived[str]) -> Derived[str]:
        if name.value == SHARED_PROBE_NAME:
            return name
        if name.value not in found:
            found[name.value] = renamed(name, before, names)
        return found[name.value]

    return FamilyRules(
        tuple(probe._replace(name=named(probe.name), port=node_ports.put_in(probe.port)) for probe in unnamed.probes),
        tuple(
            rule._replace(
                name=named(rule.name),
                frontend=family.frontend,
                backend_port=node_ports.put_in(rule.backend_port),
                backend_pool=family.backend_pool,
                probe=named(rule.probe) if rule.probe is not None else None,
                service=service,
            )
            for rule in unnamed.rules
        ),
    )


def _shared_rules(context: Context, family: Family) -> "tuple[FamilyRules, Names, NodePorts]":
    """The rules of all Services that differ in names and node ports alone, what their names are made of, the ports."""
    asked = family.ip_family, family.backend_pool.value
    node_ports = node_ports_of(context.service)
    if node_ports.numbers:
        other = context.of(context.service._replace(ports=node_ports.stand_ins(context.service)))
        try:
            return *other.of_fields(_FIELDS, _unnamed_rules, *asked), node_ports
        except Refused:  # what it says, it has to say of the ports themselves
            pass
    return *context.of_fields(_FIELDS, _unnamed_rules, *asked), NO_NODE_PORTS


class NodePorts(NamedTuple):
    """The node ports of a Service, and their texts, by what stands for them while its rules are derived."""

    numbers: Mapping[int, int]
    texts: Mapping[str | None, str]

    def stand_ins(self, service: Service) -> tuple[ServicePort, ...]:
        """The ports with what stands for their node ports; those that are the same stay the same."""
        places = {number: place for place, number in self.numbers.items()}
        return tuple(
            port._replace(node_port=places[port.node_port]) if port.node_port else port for port in service.ports
        )

    def put_in(self, derived: Derived[Port]) -> Derived[Port]:
        """A port with the node ports in their places."""
        if derived.value not in self.numbers and all(origin.raw not in self.texts for origin in derived.considered):
            return derived
        number = derived.value
        value = self.numbers.get(number, number) if isinstance(number, int) else number
        considered = tuple(map(self._put_in, derived.considered))
        origin = self._put_in(derived.origin)
        return Derived(value, origin, considered=considered, notes=derived.notes, upstream=derived.upstream)

    def _put_in(self, origin: Origin) -> Origin:
        return spec(origin.path, self.texts[origin.raw]) if origin.raw in self.texts else origin


NO_NODE_PORTS = NodePorts({}, {})


def node_ports_of(service: Service) -> NodePorts:
    """The node ports that a Service says, each once."""
    found = dict.fromkeys(port.node_port for port in service.ports if port.node_port)
    numbers = {_STAND_IN - place: number for place, number in enumerate(found) if number is not None}
    return NodePorts(numbers, {str(place): str(number) for place, number in numbers.items()})


def _unnamed_rules(context: Context, ip_family: IPFamily, pool: str) -> tuple[FamilyRules, Names]:
    """The rules and probes for a *pool*, and what their names are made of; frontend and pool are put in later."""
    family = Family(ip_family, _PUT_IN_LATER, Derived(pool, _PUT_IN_LATER.origin))
    return _rules(context, family), context.names


def _rules(context: Context, family: Family) -> FamilyRules:
    node_probe: Probe | None = None
    if wants_local_probe(context):
        node_probe = local_probe(context, family.ip_family)
    shared = (
        context.cluster.uses_shared_probe
        and context.has(behaviours.SHARED_PROBE)
        and context.service.external_traffic_policy.lower() != "local"  # here the provider does not mind the case
    )
    if shared:
        node_probe = shared_probe(context.cluster)
    if uses_ha_ports(context):
        return _ha_rules(context, family, node_probe)
    return _port_rules(context, family, node_probe, shared=shared)


def _ha_rules(context: Context, family: Family, node_probe: Probe | None) -> FamilyRules:
    first = context.service.ports[0]
    name = rule_name(context.names, first.protocol, first.port, family.ip_family)
    try:
        rule = _ha_rule(context, family, name)
    except Refused as refused:
        head = "error generate lb rule for ha mod loadbalancer. err: "
        raise refused.within(head + head) from None
    probe = node_probe or _first_port_probe(context, name)
    if probe is None:
        return FamilyRules((), (rule,))
    return FamilyRules((probe,), (rule._replace(probe=probe.name),))


def _first_port_probe(context: Context, name: Derived[str]) -> Probe | None:
    """The probe of the first port that has one; ports with faulty annotations are passed over, as the provider does."""
    for port in context.service.ports:
        try:
            probe = port_probe(context, port, name)
        except Refused:
            continue
        if probe is not None:
            return probe
    return None


def _port_rules(context: Context, family: Family, node_probe: Probe | None, *, shared: bool) -> FamilyRules:
    probes: list[Probe] = []
    rules: list[LoadBalancingRule] = []
    eager = node_probe is not None and not shared and not context.has(behaviours.LOCAL_PROBE_PORT)
    if eager and node_probe is not None:
        probes.append(node_probe)
    for port in context.service.ports:
        if _annotated(context, keys.NO_LB_RULE, port):
            continue
        name = rule_name(context.names, port.protocol, port.port, family.ip_family)
        rule = _port_rule(context, family, port, name)
        probe = _probe_of(context, port, name, node_probe, shared=shared)
        if probe is not None:
            rule = rule._replace(probe=probe.name)
            if probe is not node_probe or (not eager and probe not in probes):
                probes.append(probe)
        rules.append(rule)
    return FamilyRules(tuple(probes), tuple(rules))


def _annotated(context: Context, key: keys.PortAnnotation, port: ServicePort) -> bool:
    return context.has(behaviours.PORT_ANNOTATIONS) and is_true(annotation(context.service, key.for_port(port.port)))


def _probe_of(
    context: Context, port: ServicePort, name: Derived[str], node_probe: Probe | None, *, shared: bool
) -> Probe | None:
    """The probe that the rule of *port* refers to: its own, the one for all ports of the node, or none."""
    if _annotated(context, keys.NO_PROBE_RULE, port):
        return None
    if shared:
        return node_probe
    if node_probe is not None:
        own_port = annotation(context.service, keys.PORT_PROBE_PORT.for_port(port.port))
        if port.protocol != TCP or own_port.raw is None or not context.has(behaviours.LOCAL_PROBE_PORT):
            return node_probe
    return port_probe(context, port, name)


def _port_rule(context: Context, family: Family, port: ServicePort, name: Derived[str]) -> LoadBalancingRule:
    """The rule of one port. Upstream: getExpectedLoadBalancingRulePropertiesForPort."""
    service, cluster = context.service, context.cluster
    protocol_source = spec(f"spec.ports[{port.index}].protocol", port.protocol)
    if port.protocol == SCTP and not (cluster.is_standard and is_true(annotation(service, keys.INTERNAL))):
        where = "standard loadbalancer in internal mode"
        raise Refused(refusals.SCTP_NOT_INTERNAL, protocol_source, where=where)
    protocol = TRANSPORT_PROTOCOL.get(port.protocol)
    if protocol is None:
        raise Refused(refusals.TRANSPORT_PROTOCOL, protocol_source, head="failed to parse transport protocol: ")
    try:
        idle = idle_timeout(context)
    except Refused as refused:
        raise refused.within("error generate lb rule for ha mod loadbalancer. err: ") from None
    number = Derived(port.port, spec(f"spec.ports[{port.index}].port", str(port.port)))
    backend, floating = backend_port(context, family, port)
    return LoadBalancingRule(
        name=name,
        protocol=Derived(protocol, protocol_source, upstream="getProtocolsFromKubernetesProtocol"),
        frontend=family.frontend,
        frontend_port=number,
        backend_port=backend,
        backend_pool=family.backend_pool,
        enable_floating_ip=floating,
        idle_timeout_in_minutes=idle,
        enable_tcp_reset=tcp_reset(context) if protocol == "Tcp" and cluster.is_standard else None,
        load_distribution=load_distribution(service),
        disable_outbound_snat=outbound_snat(cluster),
        probe=None,
        service=service.full_name,
        service_port=port.index,
    )


def _ha_rule(context: Context, family: Family, name: Derived[str]) -> LoadBalancingRule:
    """The one rule of a Service with HA ports. Upstream: getExpectedHAModeLoadBalancingRuleProperties."""
    service = context.service
    ha_ports = annotation(service, keys.HA_PORTS)
    upstream = "getExpectedHAModeLoadBalancingRuleProperties"
    floating = _FLOATING
    if _goes_to_node_port(context, family):
        floating = Derived(False, annotation(service, keys.INTERNAL), notes=(behaviours.INTERNAL_IPV6_NODE_PORT.note,))
    return LoadBalancingRule(
        name=name,
        protocol=Derived("All", _ALL, considered=(ha_ports, _ALL), upstream=upstream),
        frontend=family.frontend,
        frontend_port=_ZERO,
        backend_port=_ZERO,
        backend_pool=family.backend_pool,
        enable_floating_ip=floating,
        idle_timeout_in_minutes=idle_timeout(context),
        enable_tcp_reset=tcp_reset(context),
        load_distribution=load_distribution(service),
        disable_outbound_snat=outbound_snat(context.cluster),
        probe=None,
        service=service.full_name,
        service_port=-1,
    )


def _goes_to_node_port(context: Context, family: Family) -> bool:
    service = context.service
    if not context.has(behaviours.INTERNAL_IPV6_NODE_PORT) or not is_true(annotation(service, keys.INTERNAL)):
        return False
    if context.has(behaviours.DUAL_STACK):
        return family.backend_pool.value.lower().endswith("-ipv6")
    return bool(service.cluster_ips) and ":" in service.cluster_ips[0]


def backend_port(context: Context, family: Family, port: ServicePort) -> tuple[Derived[Port], Derived[bool]]:
    """The port traffic arrives at on the node, and whether the packet keeps the frontend's address (floating IP).

    Upstream: getExpectedLoadBalancingRulePropertiesForPort, getExpectedLBRules.
    """
    upstream = "getExpectedLBRules"
    number = spec(f"spec.ports[{port.index}].port", str(port.port))
    own = node_port_origin(port)
    if context.has(behaviours.DISABLE_FLOATING_IP):
        disabled = annotation(context.service, keys.DISABLE_FLOATING_IP)
        if is_true(disabled):
            off = Derived(False, disabled, considered=(disabled, _FLOATING.origin), upstream=upstream)
            return Derived(node_port(port), own, considered=(disabled, own, number), upstream=upstream), off
        floating: Derived[bool] = _FLOATING
        if disabled.raw is not None:
            floating = Derived(True, _FLOATING.origin, considered=(disabled, _FLOATING.origin), upstream=upstream)
    else:
        floating = _FLOATING
    if _goes_to_node_port(context, family):
        internal = annotation(context.service, keys.INTERNAL)
        notes = (behaviours.INTERNAL_IPV6_NODE_PORT.note,)
        off = Derived(False, internal, considered=(internal, _FLOATING.origin), notes=notes, upstream=upstream)
        return Derived(node_port(port), own, considered=(internal, own, number), notes=notes, upstream=upstream), off
    return Derived(port.port, number, considered=(number,), upstream=upstream), floating


def idle_timeout(context: Context) -> Derived[int]:
    """Minutes until an idle flow is dropped. Upstream: getExpectedLoadBalancingRulePropertiesForPort."""
    source = annotation(context.service, keys.IDLE_TIMEOUT)
    if source.raw is None:
        return Derived(
            4,
            _IDLE_DEFAULT,
            considered=(source, _IDLE_DEFAULT),
            upstream="getExpectedLoadBalancingRulePropertiesForPort",
        )
    head = f"error parsing idle timeout key: {source.path}, err: "
    try:
        minutes = int32(source)
    except Refused as refused:
        raise refused.within(head) from None
    longest = 100 if context.has(behaviours.IDLE_TIMEOUT_100) else 30
    if not MIN_IDLE_MINUTES <= minutes <= longest:
        head, tail = f"{head}error parsing value: ", f", actual value: {minutes}"
        code = refusals.IDLE_TIMEOUT_OUT_OF_RANGE
        raise Refused(code, source, head=head, tail=tail, least=MIN_IDLE_MINUTES, most=longest)
    notes = (behaviours.IDLE_TIMEOUT_100.note,) if minutes > 30 else ()
    return Derived(
        minutes,
        source,
        considered=(source, _IDLE_DEFAULT),
        notes=notes,
        upstream="getExpectedLoadBalancingRulePropertiesForPort",
    )


def tcp_reset(context: Context) -> Derived[bool]:
    """Whether both ends get a reset when an idle flow is dropped. Upstream: consts.IsTCPResetDisabled."""
    fallback = default("TCP reset", "true")
    if not context.has(behaviours.DISABLE_TCP_RESET):
        return Derived(True, fallback, upstream="getExpectedLoadBalancingRulePropertiesForPort")
    source = annotation(context.service, keys.DISABLE_TCP_RESET)
    disabled = is_true(source)
    return Derived(
        not disabled,
        source if disabled else fallback,
        considered=(source, fallback),
        upstream="consts.IsTCPResetDisabled",
    )


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
