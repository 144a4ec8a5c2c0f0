"""Rules and probes as the provider built them in 1.23.0 to 1.23.3: no appProtocol, one probe per rule.

Upstream: getExpectedLBRules, parseHealthProbeProtocolAndPath, getIdleTimeout of those releases.
"""

from collections.abc import Iterable, Mapping

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.probes import (
    health_check_node_port,
    node_port,
    node_port_origin,
    threshold_field,
)
from kubectl_akslb.derive.load_balancer.rules import (
    MIN_IDLE_MINUTES,
    TRANSPORT_PROTOCOL,
    Family,
    FamilyRules,
    load_distribution,
    outbound_snat,
)
from kubectl_akslb.derive.load_balancer.same import kept_rule
from kubectl_akslb.derive.naming import is_internal, rule_name
from kubectl_akslb.derive.precedence import annotation, default, first_of, spec
from kubectl_akslb.derive.readers import equal_fold, go_integer, is_true, quote, why_no_integer
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.model.service import IPV4, SCTP, TCP, Service, ServicePort
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import refusals

MAX_IDLE_MINUTES = 30
_TCP = default("probe protocol", "Tcp")
_HTTP = default("probe protocol of a Local Service", "Http")
_HEALTHZ = default("request path", "/healthz")
_INTERVAL = Derived(5, default("interval in seconds", "5"))
_COUNT = Derived(2, default("count of failed probes", "2"))
_TRUE = default("true", "true")


def expected_rules(context: Context, family: Family) -> FamilyRules:
    """The rules and probes of a Service; with HA ports and SCTP the first rule takes all ports and ends the list."""
    service = context.service
    idle = idle_timeout(service)
    probes: list[Probe] = []
    rules: list[LoadBalancingRule] = []
    for port in service.ports:
        protocol = spec(f"spec.ports[{port.index}].protocol", port.protocol)
        if port.protocol == SCTP and not is_internal(service):
            raise Refused(refusals.SCTP_NOT_INTERNAL, protocol, where="internal LoadBalancer")
        if port.protocol not in TRANSPORT_PROTOCOL:
            raise Refused(refusals.TRANSPORT_PROTOCOL, protocol)
        name = rule_name(context.names, port.protocol, port.port, IPV4)
        probe = _probe(context, port, name)
        if probe is not None:
            probes.append(probe)
        rule = _rule(context, family, port, name, idle)
        rule = rule._replace(probe=probe.name if probe is not None else None)
        takes_all = _takes_all(context, port)
        if takes_all is not None:
            zero = Derived(0, takes_all.origin)
            rule = rule._replace(frontend_port=zero, backend_port=zero, protocol=takes_all)
        rules.append(rule)
        if takes_all is not None:
            break
    return FamilyRules(tuple(probes), tuple(rules))


def _takes_all(context: Context, port: ServicePort) -> Derived[str] | None:
    if not (is_internal(context.service) and context.cluster.is_standard):
        return None
    asked = annotation(context.service, keys.HA_PORTS)
    if is_true(asked):
        return Derived("All", asked)
    if port.protocol == SCTP:
        return Derived("All", spec(f"spec.ports[{port.index}].protocol", port.protocol))
    return None


def idle_timeout(service: Service) -> Derived[int] | None:
    """Minutes until an idle TCP flow is dropped; nothing is sent where it is not set."""
    source = annotation(service, keys.IDLE_TIMEOUT)
    if source.raw is None:
        return None
    least, most = MIN_IDLE_MINUTES, MAX_IDLE_MINUTES
    minutes = go_integer(source.raw, 32)
    if minutes is None:
        said = quote(source.raw)
        reason = why_no_integer(source.raw)
        raise Refused(refusals.IDLE_TIMEOUT_NO_NUMBER, source, value=said, reason=reason, least=least, most=most)
    if not least <= minutes <= most:
        raise Refused(refusals.IDLE_TIMEOUT_OUT_OF_RANGE, source, least=least, most=most)
    return Derived(minutes, source, upstream="getIdleTimeout")


def _probe(context: Context, port: ServicePort, name: Derived[str]) -> Probe | None:
    service = context.service
    if not service.is_local and port.protocol != TCP:
        return None
    general = annotation(service, keys.PROBE_PROTOCOL)
    asked = general if general.raw else general._replace(raw=None)
    protocol = first_of(asked, _HTTP if service.is_local else _TCP).by("parseHealthProbeProtocolAndPath")
    over_http = equal_fold(protocol.value, "http") or equal_fold(protocol.value, "https")
    path: Derived[str] | None = None
    annotated = annotation(service, keys.PROBE_PATH)
    set_path = annotated if annotated.raw and asked.raw is not None and over_http else annotated._replace(raw=None)
    if service.is_local:
        number = health_check_node_port(service)
        port_origin = spec("spec.healthCheckNodePort", None if isinstance(number, Placeholder) else str(number))
        path = first_of(set_path, _HEALTHZ if over_http and number else _HEALTHZ._replace(raw=""))
    else:
        number, port_origin = node_port(port), node_port_origin(port)
        if not equal_fold(protocol.value, "tcp"):
            path = first_of(set_path, _HEALTHZ)
    return Probe(
        name, protocol, Derived(number, port_origin), path, _INTERVAL, _COUNT, threshold_field(context.cluster)
    )


def _rule(
    context: Context, family: Family, port: ServicePort, name: Derived[str], idle: Derived[int] | None
) -> LoadBalancingRule:
    number = Derived(port.port, spec(f"spec.ports[{port.index}].port", str(port.port)))
    return LoadBalancingRule(
        name=name,
        protocol=Derived(TRANSPORT_PROTOCOL[port.protocol], spec(f"spec.ports[{port.index}].protocol", port.protocol)),
        frontend=family.frontend,
        frontend_port=number,
        backend_port=number,
        backend_pool=family.backend_pool,
        enable_floating_ip=Derived(True, _TRUE),
        idle_timeout_in_minutes=idle if port.protocol == TCP else None,
        enable_tcp_reset=Derived(True, _TRUE) if context.cluster.is_standard else None,
        load_distribution=load_distribution(context.service),
        disable_outbound_snat=outbound_snat(context.cluster),
        probe=None,
        service=context.service.full_name,
        service_port=port.index,
    )


def kept_rules(standing: Mapping[str, LoadBalancingRule], new: Iterable[LoadBalancingRule]) -> list[LoadBalancingRule]:
    """The rules as they stand after a Service was edited: one that differs in its probe only is not sent again.

    Nor is one that gets an idle timeout or loses it. Up to 1.23.7. Upstream: equalLoadBalancingRulePropertiesFormat.
    """
    found = []
    for rule in new:
        old = standing.get(rule.name.value)
        same = old is not None and _compared(old, rule) == _compared(rule, old)
        found.append(kept_rule(old, rule) if old is not None and same else rule)
    return found


def _compared(rule: LoadBalancingRule, other: LoadBalancingRule) -> tuple[object, ...]:
    """What is compared of a rule with another one."""
    idle = rule.idle_timeout_in_minutes if other.idle_timeout_in_minutes is not None else None
    return (
        rule.protocol.value,
        rule.frontend.value,
        rule.backend_pool.value,
        rule.load_distribution is not None and rule.load_distribution.value,
        rule.frontend_port.value,
        rule.backend_port.value,
        rule.enable_floating_ip.value,
        rule.enable_tcp_reset is not None and rule.enable_tcp_reset.value,
        rule.disable_outbound_snat is not None and rule.disable_outbound_snat.value,
        idle.value if idle is not None else None,
    )
