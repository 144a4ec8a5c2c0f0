"""The way out of the cluster, and how the pods behind a Service take it.

AKS and Azure decide here, not the cloud provider: it never creates or changes an outbound rule, and refuses to delete
a frontend that one refers to (event DeletingFrontendIPConfiguration).
"""

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.outbound.findings import findings_of, findings_without_rule
from kubectl_akslb.derive.outbound.outbound_rule import NAT_GATEWAYS, frontend_ips, outbound_rule, outbound_type
from kubectl_akslb.derive.outbound.snat import capacity
from kubectl_akslb.derive.precedence import annotation, setting
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import command
from kubectl_akslb.model.outbound import DOCUMENTED, UNVERIFIED, Certainty, Outbound, PodEgress
from kubectl_akslb.model.outbound_profile import BLOCK, LOAD_BALANCER, NONE, UNKNOWN, USER_DEFINED_ROUTING
from kubectl_akslb.model.provenance import CLUSTER_SETTING, Derived, Placeholder
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import outbound as known

#: What prints the address that a peer on the internet sees.
_CURL = ("--image=curlimages/curl", "--", "-s", "https://ifconfig.me")
SHOW_ADDRESS = command("kubectl", "run", "egress", "--rm", "-it", "--restart=Never", *_CURL)

_AKS = "AKS"


def derive_outbound(cluster: Cluster) -> Outbound:
    """How the nodes of the cluster reach the internet, and what is wrong with it."""
    kind = outbound_type(cluster)
    if kind.value != LOAD_BALANCER or not cluster.is_standard:
        return Outbound(kind, None, None, tuple(findings_without_rule(cluster, kind)))
    snat = capacity(cluster)
    return Outbound(kind, outbound_rule(cluster), snat, tuple(findings_of(cluster, snat)))


def how_pods_leave(context: Context, outbound: Outbound) -> PodEgress:
    """How the pods behind *service* reach the internet, and which address is seen there."""
    cluster = context.cluster
    if serves(cluster):
        return _leave_by_gateway(context, outbound)
    if outbound.outbound_type.value == UNKNOWN and cluster.is_standard:
        notes = (*outbound.outbound_type.notes, *_always(context))
        place: Derived[str] = Derived(
            Placeholder("way out, not known"), outbound.outbound_type.origin, notes=notes, upstream=_AKS
        )
        address: Derived[str] = Derived(Placeholder("address, not known"), outbound.outbound_type.origin, upstream=_AKS)
        return PodEgress(place, address, _own_address(context, outbound), UNVERIFIED, SHOW_ADDRESS)
    if not cluster.is_standard and outbound.outbound_type.value in (LOAD_BALANCER, UNKNOWN):
        return _leave_basic(context)
    path, seen, confidence = way_out(outbound, cluster)
    path = path.noting(*_always(context))
    return PodEgress(path, seen, _own_address(context, outbound), confidence, SHOW_ADDRESS)


def way_out(outbound: Outbound, cluster: Cluster) -> tuple[Derived[str], Derived[str], Certainty]:
    """The way of the cluster, the addresses seen, and how sure that is."""
    kind = outbound.outbound_type
    path: Derived[str]
    if outbound.rule is not None:
        ips = outbound.rule.frontend_ips
        name = f"outbound rule {known.OUTBOUND_RULE} of the load balancer {cluster.cluster_name}"
        path = Derived(name, kind.origin, considered=kind.considered, notes=kind.notes, upstream=_AKS)
        return path.noting(known.SHARED_BY_PODS.note), ips.then(", ".join, known.OWN_ADDRESS_NOT_USED.note), DOCUMENTED
    if kind.value in NAT_GATEWAYS:
        path = kind.then(lambda _: "NAT gateway of the nodes' subnet")
        if cluster.outbound.effective_ips:
            return path, frontend_ips(cluster).then(", ".join), DOCUMENTED
        return path, kind.then(lambda _: Placeholder("addresses of the NAT gateway")), DOCUMENTED
    if kind.value == USER_DEFINED_ROUTING:
        path = kind.then(lambda _: "route table of the nodes' subnet")
        return path, kind.then(lambda _: Placeholder("address of what the routes name, such as a firewall")), DOCUMENTED
    if kind.value == BLOCK:
        return kind.then(lambda _: "no way out"), kind.then(lambda _: "none"), DOCUMENTED
    if kind.value == NONE:
        path = kind.then(lambda _: "whatever the nodes' subnet has")
        return path, kind.then(lambda _: Placeholder("address, not known")), UNVERIFIED
    path = kind.then(lambda value: f"outbound type {value}, which is not known here")
    return path, kind.then(lambda _: Placeholder("address, not known")), UNVERIFIED


def _leave_by_gateway(context: Context, outbound: Outbound) -> PodEgress:
    """Container load balancers: by a NAT gateway, the cluster's or one of the pods' own."""
    origin = setting(context.cluster, "service_gateway", "serviceGatewayEnabled", "true")
    notes = (known.BY_GATEWAY.note, *_always(context))
    path = Derived("a NAT gateway", origin, considered=(origin,), notes=notes, upstream="difftracker")
    address = path.then(lambda _: Placeholder("addresses of the NAT gateway"))
    return PodEgress(path, address, _own_address(context, outbound), UNVERIFIED, SHOW_ADDRESS)


def _leave_basic(context: Context) -> PodEgress:
    """Basic: SNAT on demand, by a frontend that nobody can choose."""
    origin = setting(context.cluster, "load_balancer_sku", "loadBalancerSku", context.cluster.load_balancer_sku)
    notes = (known.ON_DEMAND.note, *_always(context))
    path = Derived(
        "SNAT on demand by the Basic load balancer",
        origin,
        considered=(origin,),
        notes=notes,
        upstream="Azure Load Balancer, Basic",
    )
    address = path.then(lambda _: Placeholder("any public frontend of the load balancer, chosen by Azure"))
    own = path.then(lambda _: "no" if is_internal(context.service) else "possible")
    return PodEgress(path, address, own, DOCUMENTED, SHOW_ADDRESS)


def _own_address(context: Context, outbound: Outbound) -> Derived[str]:
    """Whether a peer can see the Service's own address: "no", "not expected" or "possible"."""
    cluster = context.cluster
    internal = annotation(context.service, keys.INTERNAL)
    if serves(cluster):
        return Derived(
            "no", setting(cluster, "service_gateway", "serviceGatewayEnabled", "true"), upstream="difftracker"
        )
    if is_internal(context.service):
        return Derived(
            "no", internal, considered=(internal,), notes=(known.NO_OUTBOUND_OF_INTERNAL.note,), upstream=_AKS
        )
    disabled = str(cluster.disable_outbound_snat).lower()
    origin = setting(cluster, "disable_outbound_snat", "disableOutboundSNAT", disabled)
    considered = (outbound.outbound_type.origin, origin)
    if outbound.outbound_type.value not in (LOAD_BALANCER, UNKNOWN):
        return Derived("no", outbound.outbound_type.origin, considered=considered, upstream=_AKS)
    if cluster.disable_outbound_snat:
        return Derived("no", origin, considered=considered, upstream="DisableLoadBalancerOutboundSNAT")
    if origin.kind == CLUSTER_SETTING:
        return Derived(
            "possible",
            origin,
            considered=considered,
            notes=(known.SNAT_OF_RULES.note,),
            upstream="DisableLoadBalancerOutboundSNAT",
        )
    notes = (
        known.OWN_ADDRESS_NOT_USED.note,
        known.SNAT_OF_RULES.note,
        known.SNAT_OF_RULES_IS_OPEN.note,
    )
    return Derived("not expected", origin, considered=considered, notes=notes, upstream=_AKS)


def _always(context: Context) -> tuple[str, ...]:
    """What holds for this Service whichever way its pods take."""
    service = context.service
    notes = [known.TRAFFIC_POLICY.note]
    idle, reset = annotation(service, keys.IDLE_TIMEOUT), annotation(service, keys.DISABLE_TCP_RESET)
    inbound = [origin.path for origin in (idle, reset) if origin.raw is not None]
    notes += [f"{path} is for inbound flows: {known.INBOUND_ONLY.note}" for path in inbound]
    public_pools = [pool.name for pool in context.cluster.outbound.node_pools if pool.node_public_ip]
    if public_pools:
        notes.append(f"pods in node pool {', '.join(public_pools)}: {known.INSTANCE_ADDRESS.note}")
    if context.cluster.outbound.outbound_type == USER_DEFINED_ROUTING and not is_internal(service):
        notes.append(known.ASYMMETRIC.note)
    return tuple(notes)
