"""What the provider makes of a Service where a service gateway serves it: a container load balancer.

Upstream: pkg/provider/servicegateway/difftracker. Each Service has a load balancer and a public IP of its own, named
after its UID. The members of its pool are its ready pods, by their own addresses, so that there is no probe, no node
port, no floating IP, and no security rule. All Services of a cluster are served so, or none is.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.precedence import annotation, by_provider, default, spec
from kubectl_akslb.derive.readers import equal_fold, int32, is_true, quote
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.state.azure import assigned_address
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE, Derivation, Event, Refusal
from kubectl_akslb.model.loadbalancer import CONTAINER_SKU, FrontendIPConfiguration, LoadBalancer, LoadBalancingRule
from kubectl_akslb.model.network import PublicIPAddress
from kubectl_akslb.model.provenance import SPEC, Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, TCP, UDP, Service, ServicePort
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import refusals
from kubectl_akslb.provider.behaviours import SERVICE_GATEWAY

PUBLIC_IP_SKU = "StandardV2"
PUBLIC_IP_SUFFIX = "-pip"
FRONTEND = "frontend"
LEAST_IDLE_TIMEOUT, MOST_IDLE_TIMEOUT = 4, 30
LAST_FRONTEND_PORT = 65534
REJECTED = "ServiceGatewayConfigurationRejected"

_BUILD = "buildInboundServiceResources"


def serves(cluster: Cluster) -> bool:
    """Whether a service gateway serves the Services of this cluster; older providers do not read the setting."""
    return cluster.service_gateway and cluster.has(SERVICE_GATEWAY)


def check_not_served(cluster: Cluster, what: str) -> None:
    """AkslbError for what is asked of nodes, probes and security rules, where a service gateway has none of them."""
    if serves(cluster):
        message = f"{what} is not known for container load balancers"
        raise AkslbError(message, hint="explain and lint say what a service gateway makes of a Service.")


def reconcile(context: Reconciliation) -> Derivation:
    """Reconcile the Service on what stands, which is changed. Upstream: ReconcileInboundService.

    What is refused leaves all that stands as it was.
    """
    service, azure = context.service, context.azure
    azure.touched.clear()
    before = azure.services.get(service.full_name)
    azure.store(service, shares_nodes=False)
    try:
        _admit(service)
    except Refused as refused:
        refusal = Refusal(refused.message, LOAD_BALANCER_STAGE, refused.origin, refused.code)
        return Derivation(service, refusal=refusal)
    if not service.ports:
        return Derivation(service)
    name = load_balancer_name(service)
    try:
        rules = tuple(_rules(service, name))
    except Refused as refused:
        verb = "update" if name.value in azure.load_balancers else "creation"
        message = f"Service {verb} failed with a non-retryable error and will not be retried until the Service spec"
        text = f"{message} changes: failed to build inbound resources: {_BUILD}: {refused.message}"
        refusal = Refusal(text, LOAD_BALANCER_STAGE, refused.origin, refused.code, returned=False)
        told = before is not None and _read(before) == _read(service)  # it stays parked without another word
        return Derivation(service, refusal=refusal, events=() if told else (Event("Warning", REJECTED, text),))
    address = _public_ip(context, name)
    azure.put_public_ip(context.cluster.resource_group, address)
    frontend = FrontendIPConfiguration(
        Derived(FRONTEND, by_provider("frontend", FRONTEND), upstream=_BUILD),
        public_ip_address=address.name,
        address=address.ip_address.value,
        public_ip_resource_group=context.cluster.resource_group,
    )
    sku = Derived(CONTAINER_SKU, by_provider("load balancer SKU", CONTAINER_SKU), upstream=_BUILD)
    state = LoadBalancerState(name, sku)
    state.pools[name.value] = name
    state.put_frontend(name.value, frontend)
    state.replace_rules(name.value, (), rules)
    azure.load_balancers[name.value] = state
    azure.finish(service, (address.ip_address.value,))
    part = LoadBalancer(name, sku, (frontend,), (name,), (), rules)
    return Derivation(service, load_balancer=part, public_ips=(address,))


def delete(context: Reconciliation) -> None:
    """Delete the Service from what stands, which is changed. Upstream: DeleteInboundService."""
    azure, name = context.azure, load_balancer_name(context.service).value
    azure.load_balancers.pop(name, None)
    group = context.cluster.resource_group
    azure.delete_public_ip((group.lower(), (name + PUBLIC_IP_SUFFIX).lower()), by=group)
    azure.forget(context.service)


def load_balancer_name(service: Service) -> Derived[str]:
    """The name of load balancer and pool: the UID in lower case. Upstream: ServiceUID."""
    uid = service.uid.lower() if service.uid is not None else Placeholder(f"uid of {service.full_name}")
    return Derived(uid, Origin(SPEC, "metadata.uid", service.uid), upstream="ServiceUID")


def _read(service: Service) -> tuple[object, ...]:
    """All of a Service that a change is looked for in. Upstream: InboundConfig."""
    ports = tuple((port.port, port.protocol, port.target_port) for port in service.ports)
    return ports, service.ip_families, service.annotations.get(keys.IDLE_TIMEOUT)


def _admit(service: Service) -> None:
    """What is refused at once, in the provider's order. Upstream: AdmitInboundService, ValidateInboundConfig."""
    internal = annotation(service, keys.INTERNAL)
    if is_true(internal):
        raise Refused(refusals.GATEWAY_INTERNAL, internal, key=keys.INTERNAL)
    if service.session_affinity == "ClientIP":
        raise Refused(refusals.GATEWAY_SESSION_AFFINITY, spec("spec.sessionAffinity", service.session_affinity))
    if service.load_balancer_ip:
        raise Refused(refusals.GATEWAY_LOAD_BALANCER_IP, spec("spec.loadBalancerIP", service.load_balancer_ip))
    if not service.ports:
        return
    families = " ".join(service.ip_families)
    if len(service.ip_families) > 1:
        raise Refused(refusals.GATEWAY_DUAL_STACK, spec("spec.ipFamilies", families), families=families)
    _idle_timeout(service)
    named = [port for port in service.ports if isinstance(port.target_port, str)]
    if named:
        origin = spec(f"spec.ports[{named[0].index}].targetPort", str(named[0].target_port))
        listed = " ".join(str(port.target_port) for port in named)
        raise Refused(refusals.GATEWAY_NAMED_TARGET_PORT, origin, listed=listed)
    for port in service.ports:
        if port.protocol.upper() not in {TCP, UDP}:
            origin = spec(f"spec.ports[{port.index}].protocol", port.protocol)
            raise Refused(refusals.GATEWAY_PROTOCOL, origin, protocol=quote(port.protocol), port=port.port)
    _check_collisions(service)


def _check_collisions(service: Service) -> None:
    """Azure takes no two rules that send one protocol to one port of a pool, where floating IP is off."""
    seen: dict[tuple[str, int], int] = {}
    for port in service.ports:
        backend = _backend_port(port).value
        protocol = port.protocol.upper()
        before = seen.setdefault((protocol, backend), port.index)
        if before != port.index:
            origin = spec(f"spec.ports[{port.index}].targetPort", str(backend))
            first = service.ports[before].port
            values: dict[str, Any] = {"first": first, "second": port.port, "backend": backend, "protocol": protocol}
            raise Refused(refusals.GATEWAY_PORT_COLLISION, origin, **values)


def _idle_timeout(service: Service) -> Derived[int]:
    """The annotation's minutes, or the least that Azure has. Upstream: ExtractInboundConfigFromService."""
    source = annotation(service, keys.IDLE_TIMEOUT)
    fallback = default("idle timeout", str(LEAST_IDLE_TIMEOUT))
    if source.raw is None:
        return Derived(LEAST_IDLE_TIMEOUT, fallback, considered=(source, fallback), upstream=_BUILD)
    try:
        minutes = int32(source)
    except Refused:
        minutes = -1
    if not LEAST_IDLE_TIMEOUT <= minutes <= MOST_IDLE_TIMEOUT:
        values = {"key": source.path, "value": quote(source.raw)}
        raise Refused(refusals.GATEWAY_IDLE_TIMEOUT, source, least=LEAST_IDLE_TIMEOUT, most=MOST_IDLE_TIMEOUT, **values)
    return Derived(minutes, source, considered=(source, fallback), upstream=_BUILD)


def _rules(service: Service, name: Derived[str]) -> Iterator[LoadBalancingRule]:
    idle_timeout = _idle_timeout(service)
    for port in service.ports:
        number = spec(f"spec.ports[{port.index}].port", str(port.port))
        if port.port > LAST_FRONTEND_PORT:
            code = refusals.GATEWAY_FRONTEND_PORT
            raise Refused(code, number, port=port.port, last=LAST_FRONTEND_PORT, uid=name.value)
        is_tcp = port.protocol.upper() == TCP
        protocol = spec(f"spec.ports[{port.index}].protocol", port.protocol)
        yield LoadBalancingRule(
            name=Derived(
                f"rule-{port.protocol.lower()}-{port.port}", number, considered=(number, protocol), upstream=_BUILD
            ),
            protocol=Derived("Tcp" if is_tcp else "Udp", protocol, upstream=_BUILD),
            frontend=Derived(FRONTEND, by_provider("frontend", FRONTEND), upstream=_BUILD),
            frontend_port=Derived(port.port, number, upstream=_BUILD),
            backend_port=_backend_port(port),
            backend_pool=name,
            enable_floating_ip=Derived(False, by_provider("floating IP", "false"), upstream=_BUILD),
            idle_timeout_in_minutes=idle_timeout,
            enable_tcp_reset=Derived(True, by_provider("TCP reset", "true"), upstream=_BUILD) if is_tcp else None,
            load_distribution=None,
            disable_outbound_snat=None,
            probe=None,
            service=service.full_name,
            service_port=port.index,
        )


def _backend_port(port: ServicePort) -> Derived[int]:
    """The port of the pods: the number in targetPort, else the Service's own."""
    target = spec(f"spec.ports[{port.index}].targetPort", None if port.target_port is None else str(port.target_port))
    own = spec(f"spec.ports[{port.index}].port", str(port.port))
    if isinstance(port.target_port, int) and port.target_port > 0:
        return Derived(port.target_port, target, considered=(target, own), upstream=_BUILD)
    return Derived(port.port, own, considered=(target, own), upstream=_BUILD)


def _public_ip(context: Context, load_balancer: Derived[str]) -> PublicIPAddress:
    name = load_balancer.then(lambda uid: uid + PUBLIC_IP_SUFFIX).by("PublicIPName")
    version = IPV6 if any(equal_fold(family, IPV6) for family in context.service.ip_families) else IPV4
    families = spec("spec.ipFamilies", ", ".join(context.service.ip_families) or None)
    return PublicIPAddress(
        name=name,
        ip_address=assigned_address(context, name.value, version),
        version=Derived(version, families, upstream=_BUILD),
        allocation_method=Derived("Static", by_provider("allocation", "Static"), upstream=_BUILD),
        sku=Derived(PUBLIC_IP_SKU, by_provider("public IP SKU", PUBLIC_IP_SKU), upstream=_BUILD),
    )
