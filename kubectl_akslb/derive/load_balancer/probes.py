"""Health probes: which port, protocol and path Azure asks, how often, and why.

Upstream: azure_loadbalancer_healthprobe.go, and getExpectedLBRules for the probe of Local Services.
"""

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import rule_name
from kubectl_akslb.derive.precedence import annotation, default, first_of, setting, spec
from kubectl_akslb.derive.readers import equal_fold, go_integer, int32, is_true, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import RefusalCode
from kubectl_akslb.model.loadbalancer import Probe
from kubectl_akslb.model.provenance import Derived, Origin, Placeholder, Port
from kubectl_akslb.model.service import TCP, IPFamily, Service, ServicePort
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

SHARED_PROBE_NAME = "cluster-service-shared-health-probe"
HEALTH_CHECK_PATH = "/healthz"
MIN_INTERVAL = 5
MIN_COUNT = 2
MAX_PRODUCT = 120

_TCP_DEFAULT = default("probe protocol", "Tcp")
_PATH_DEFAULT = default("request path", "/")
_OLD_PATH_DEFAULT = default("request path", HEALTH_CHECK_PATH)
_INTERVAL_DEFAULT = default("interval in seconds", "5")
_COUNT_DEFAULT = default("count of failed probes", "2")
_FIVE = Derived(5, _INTERVAL_DEFAULT, upstream="buildClusterServiceSharedProbe")
_TWO = Derived(2, _COUNT_DEFAULT, upstream="buildClusterServiceSharedProbe")


def threshold_field(cluster: Cluster) -> str:
    """The ARM field that carries the count in this version."""
    return "probeThreshold" if cluster.has(behaviours.PROBE_THRESHOLD) else "numberOfProbes"


def shared_probe(cluster: Cluster) -> Probe:
    """The probe of kube-proxy that all Services of a cluster share. Upstream: buildClusterServiceSharedProbe."""
    upstream = "buildClusterServiceSharedProbe"
    mode = setting(cluster, "probe_mode", "clusterServiceLoadBalancerHealthProbeMode", cluster.probe_mode)
    port = setting(
        cluster, "shared_probe_port", "clusterServiceSharedLoadBalancerHealthProbePort", str(cluster.shared_probe_port)
    )
    path = setting(
        cluster, "shared_probe_path", "clusterServiceSharedLoadBalancerHealthProbePath", cluster.shared_probe_path
    )
    return Probe(
        Derived(SHARED_PROBE_NAME, mode, upstream=upstream),
        Derived("Http", mode, upstream=upstream),
        Derived(cluster.shared_probe_port, port, upstream=upstream),
        Derived(cluster.shared_probe_path, path, upstream=upstream),
        _FIVE,
        _TWO,
        threshold_field(cluster),
    )


def wants_local_probe(context: Context) -> bool:
    """Whether the node's own health check is probed: Local, unless a private link service speaks the proxy protocol.

    Upstream: getExpectedLBRules.
    """
    service = context.service
    if not service.is_local:
        return False
    if not context.has(behaviours.PRIVATE_LINK_PROXY_PROBE):
        return True
    return not (is_true(annotation(service, keys.PLS_CREATE)) and is_true(annotation(service, keys.PLS_PROXY_PROTOCOL)))


def health_check_node_port(service: Service) -> Port:
    """``spec.healthCheckNodePort``, or its placeholder where the API server has yet to allocate it."""
    if service.health_check_node_port is None:
        return Placeholder("healthCheckNodePort")
    return service.health_check_node_port


def local_probe(context: Context, family: IPFamily) -> Probe:
    """The probe of the node's health check, one for all ports of a Local Service. Upstream: getExpectedLBRules."""
    service = context.service
    upstream = "getExpectedLBRules"
    policy = spec("spec.externalTrafficPolicy", service.external_traffic_policy)
    number = health_check_node_port(service)
    port = spec("spec.healthCheckNodePort", None if isinstance(number, Placeholder) else str(number))
    if context.has(behaviours.LOCAL_PROBE_NUMBERS):
        interval, count = interval_and_count(service, number)
    else:
        interval, count = _FIVE, _TWO
    path = HEALTH_CHECK_PATH if number else ""  # upstream: GetServiceHealthCheckPathPort
    return Probe(
        rule_name(context.names, TCP, number, family),
        Derived("Http", policy, upstream=upstream),
        Derived(number, port, upstream=upstream),
        Derived(path, policy, upstream=upstream),
        interval,
        count,
        threshold_field(context.cluster),
    )


def port_probe(context: Context, port: ServicePort, name: Derived[str]) -> Probe | None:
    """The probe of one port, or None where the provider makes none (UDP and SCTP).

    Upstream: buildHealthProbeRulesForPort. Refused in its order: probe port, protocol, count, interval, product.
    """
    if port.protocol != TCP and context.has(behaviours.PROBE_PROTOCOL_FALLBACK):
        return None
    protocol_source = protocol_origins(context, port)
    if port.protocol != TCP and protocol_source.origin is _TCP_DEFAULT:
        return None
    where = probe_port(context, port)
    protocol = probe_protocol(context.cluster, protocol_source)
    path = request_path(context, port) if protocol.value != "Tcp" else None
    try:
        interval, count = interval_and_count(context.service, port.port)
    except Refused as refused:
        if context.has(behaviours.LOCAL_PROBE_NUMBERS):
            raise refused.within(f"failed to parse health probe config for port {port.port}: ") from None
        raise
    return Probe(name, protocol, where, path, interval, count, threshold_field(context.cluster))


def protocol_origins(context: Context, port: ServicePort) -> Derived[str]:
    """The text that decides the protocol: the port's annotation, its appProtocol, the annotation for all, or Tcp.

    Upstream: buildHealthProbeRulesForPort. From 1.23.11 until 1.24.0 nothing of it counts without a request path.
    """
    service = context.service
    upstream = "buildHealthProbeRulesForPort"
    app_protocol = spec(f"spec.ports[{port.index}].appProtocol", port.app_protocol)
    general = annotation(service, keys.PROBE_PROTOCOL)
    if context.has(behaviours.PROBE_TCP_UNLESS_PATH):
        paths = (
            annotation(service, keys.PORT_PROBE_PATH.for_port(port.port)),
            annotation(service, keys.PROBE_PATH),
        )
        if all(path.raw is None for path in paths):
            considered = (*paths, app_protocol, general, _TCP_DEFAULT)
            return Derived(
                "Tcp",
                _TCP_DEFAULT,
                considered=considered,
                notes=(behaviours.PROBE_TCP_UNLESS_PATH.note,),
                upstream=upstream,
            )
    if context.has(behaviours.PORT_ANNOTATIONS):
        own = annotation(service, keys.PORT_PROBE_PROTOCOL.for_port(port.port))
        decided = first_of(own, app_protocol, general, _TCP_DEFAULT)
    else:
        decided = first_of(app_protocol, general, _TCP_DEFAULT)
    gate = (
        behaviours.APP_PROTOCOL_PROBE if context.has(behaviours.APP_PROTOCOL_PROBE) else behaviours.PROBE_CODE_OF_1_23_4
    )
    notes = (gate.note,) if decided.origin is app_protocol else ()
    return Derived(decided.value, decided.origin, considered=decided.considered, notes=notes, upstream=upstream)


def probe_protocol(cluster: Cluster, source: Derived[str]) -> Derived[str]:
    """Http, Https or Tcp, from the text that won. Upstream: buildHealthProbeRulesForPort."""
    text = trim(source.value)
    if equal_fold(text, "tcp"):
        return source.then(lambda _: "Tcp")
    if equal_fold(text, "http"):
        return source.then(lambda _: "Http")
    if equal_fold(text, "https"):
        if cluster.is_standard:
            return source.then(lambda _: "Https")
        if not cluster.has(behaviours.PROBE_PROTOCOL_FALLBACK):
            raise Refused(refusals.PROBE_PROTOCOL_HTTPS_ON_BASIC, source.origin)
        return source.then(lambda _: "Tcp", "a Basic load balancer has no https probes: Azure falls back to Tcp")
    if not cluster.has(behaviours.PROBE_PROTOCOL_FALLBACK):
        raise Refused(refusals.PROBE_PROTOCOL_UNSUPPORTED, source.origin, protocol=text)
    return source.then(lambda _: "Tcp", f"{source.value!r} is not a probe protocol: Azure falls back to Tcp")


def request_path(context: Context, port: ServicePort) -> Derived[str]:
    """The path an http(s) probe asks for; neither trimmed nor checked. Upstream: buildHealthProbeRulesForPort."""
    return first_of(
        annotation(context.service, keys.PORT_PROBE_PATH.for_port(port.port)),
        annotation(context.service, keys.PROBE_PATH),
        _PATH_DEFAULT if context.has(behaviours.PROBE_PATH_ROOT) else _OLD_PATH_DEFAULT,
    ).by("buildHealthProbeRulesForPort")


def node_port(port: ServicePort) -> Port:
    """The node port of a Service port, or its placeholder."""
    return Placeholder(f"nodePort of {port.port}") if port.node_port is None else port.node_port


def node_port_origin(port: ServicePort) -> Origin:
    """Where the node port of a Service port stands."""
    return spec(f"spec.ports[{port.index}].nodePort", None if port.node_port is None else str(port.node_port))


def probe_port(context: Context, port: ServicePort) -> Derived[Port]:
    """The port of the node that is probed.

    A name or number of a Service port in the annotation means that port's node port; protocols are not compared.
    Upstream: buildHealthProbeRulesForPort.
    """
    service = context.service
    upstream = "buildHealthProbeRulesForPort"
    own = node_port_origin(port)
    if not context.has(behaviours.PORT_ANNOTATIONS):
        return Derived(node_port(port), own, considered=(own,), upstream=upstream)
    source = annotation(service, keys.PORT_PROBE_PORT.for_port(port.port))
    if source.raw is None:
        return Derived(node_port(port), own, considered=(source, own), upstream=upstream)
    literal = context.has(behaviours.LITERAL_PROBE_PORT)
    number = _checked_port_reference(service, source, literal=literal)
    matching = [
        other
        for other in service.ports
        if (other.port == number if number is not None else equal_fold(other.name, source.raw))
    ]
    if not matching:
        note = f"{source.raw} is no port of the Service: Azure probes this port on the node itself"
        return Derived(
            number if number is not None else 0, source, considered=(source, own), notes=(note,), upstream=upstream
        )
    chosen = matching[0] if number is not None and literal else matching[-1]
    note = f"{source.raw!r} names a port of the Service: its node port is probed"
    return Derived(
        node_port(chosen), source, considered=(source, node_port_origin(chosen), own), notes=(note,), upstream=upstream
    )


def _checked_port_reference(service: Service, source: Origin, *, literal: bool) -> int | None:
    """The number in a probe port annotation, or None where it is the name of a Service port."""
    text = source.raw or ""
    named = any(equal_fold(port.name, text) for port in service.ports)
    number = go_integer(text, 64)
    if literal and named:
        return go_integer(text, 32)
    if number is None:
        if named:
            return None
        raise Refused(refusals.PROBE_PORT_NOT_FOUND, source, key=source.path, value=text)
    if not 0 <= number <= 65535:
        raise Refused(refusals.PROBE_PORT_OUT_OF_RANGE, source, key=source.path, value=number)
    if not literal and all(port.port != number for port in service.ports):
        raise Refused(refusals.PROBE_PORT_NOT_FOUND, source, key=source.path, value=text)
    return number


def interval_and_count(service: Service, port: Port) -> tuple[Derived[int], Derived[int]]:
    """Seconds between probes, and failed probes until a node is out; their product must stay below 120.

    *port* is the Service port, for a Local Service the healthCheckNodePort.
    Upstream: getHealthProbeConfigProbeIntervalAndNumOfProbe, which reads the count first.
    """
    upstream = "getHealthProbeConfigProbeIntervalAndNumOfProbe"
    count = _bounded(
        (annotation(service, keys.PORT_PROBE_COUNT.for_port(port)), annotation(service, keys.PROBE_COUNT)),
        _COUNT_DEFAULT,
        refusals.PROBE_COUNT_TOO_LOW,
        MIN_COUNT,
        ": ",
    ).by(upstream)
    interval = _bounded(
        (annotation(service, keys.PORT_PROBE_INTERVAL.for_port(port)), annotation(service, keys.PROBE_INTERVAL)),
        _INTERVAL_DEFAULT,
        refusals.PROBE_INTERVAL_TOO_SHORT,
        MIN_INTERVAL,
        ":",
    ).by(upstream)
    if _wrapped_int32(interval.value * count.value) >= MAX_PRODUCT:
        origin = interval.origin if interval.origin is not _INTERVAL_DEFAULT else count.origin
        raise Refused(refusals.PROBE_WINDOW_TOO_LONG, origin)
    return interval, count


def _wrapped_int32(number: int) -> int:
    """The product as Go's int32 has it; it wraps around."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def _bounded(
    sources: tuple[Origin, Origin], fallback: Origin, too_low: RefusalCode, minimum: int, port_colon: str
) -> Derived[int]:
    """The first set of the port's and the general annotation; *too_low* is the error below *minimum*.

    *port_colon* is what the provider writes between key and fault for the port's own annotation.
    """
    own, general = sources
    decided = first_of(own, general, fallback)
    if decided.origin is fallback:
        return Derived(int(decided.value), fallback, considered=decided.considered)
    colon = port_colon if decided.origin is own else ": "
    head = f"failed to parse annotation {decided.origin.path}{colon}"
    try:
        number = int32(decided.origin)
    except Refused as refused:
        raise refused.within(head) from None
    if number < minimum:
        raise Refused(too_low, decided.origin, head=f"{head}error parsing value: ", minimum=minimum)
    return Derived(number, decided.origin, considered=decided.considered)
