"""The settings of the way out: AKS' outbound type, and the rule that AKS keeps on the load balancer."""

from kubectl_akslb.derive.outbound.snat import PROFILE, allocated, told
from kubectl_akslb.derive.precedence import by_provider, default
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.outbound import OutboundFact, OutboundRule
from kubectl_akslb.model.outbound_profile import (
    BLOCK,
    MANAGED_NAT_GATEWAY,
    MANAGED_NAT_GATEWAY_V2,
    NONE,
    UNKNOWN,
    USER_ASSIGNED_NAT_GATEWAY,
    USER_DEFINED_ROUTING,
)
from kubectl_akslb.model.provenance import CLUSTER_SETTING, Derived, Origin, Placeholder
from kubectl_akslb.provider import outbound as known

NAT_GATEWAYS = (MANAGED_NAT_GATEWAY, MANAGED_NAT_GATEWAY_V2, USER_ASSIGNED_NAT_GATEWAY)
_AKS = "AKS"


def outbound_type(cluster: Cluster) -> Derived[str]:
    """AKS' outboundType; UNKNOWN where only the provider's own configuration is known."""
    kind = cluster.outbound.outbound_type
    origin = told(cluster, "outbound_type", "networkProfile.outboundType", kind or "not known")
    notes = tuple(fact.note for fact in facts_of_type(cluster))
    return Derived(kind, origin, considered=(origin,), notes=notes, upstream=_AKS)


def facts_of_type(cluster: Cluster) -> tuple[OutboundFact, ...]:
    """What is to be known of AKS' outboundType."""
    kind = cluster.outbound.outbound_type
    facts: tuple[OutboundFact, ...] = {
        USER_DEFINED_ROUTING: (known.ROUTED,),
        NONE: (known.NOTHING_SET_UP,),
        BLOCK: (known.BLOCKED,),
        UNKNOWN: (known.NOT_IN_CLOUD_CONFIG,),
    }.get(kind, ())
    if kind in NAT_GATEWAYS:
        facts = (known.NAT_WINS, known.NAT_ON_DEMAND)
    return (*facts, known.PRIVATE_CLUSTER) if cluster.outbound.private_cluster else facts


def outbound_rule(cluster: Cluster) -> OutboundRule:
    """The outbound rule that AKS keeps on the load balancer."""
    idle = idle_minutes(cluster)
    ports = allocated(cluster)
    automatic = (known.AUTOMATIC.note,) if cluster.outbound.allocated_outbound_ports == 0 else ()
    name = by_provider("name of AKS' outbound rule", known.OUTBOUND_RULE)
    pool = by_provider("backend pool of AKS' outbound rule", known.OUTBOUND_POOL)
    return OutboundRule(
        Derived(known.OUTBOUND_RULE, name, considered=(name,), notes=(known.RULE_OF_AKS.note,), upstream=_AKS),
        Derived("All", default("protocol of AKS' outbound rule", "All"), upstream=_AKS),
        Derived(
            True,
            default("TCP reset of AKS' outbound rule", "true"),
            notes=(known.RESET_BY_DEFAULT.note,),
            upstream=_AKS,
        ),
        idle,
        Derived(cluster.outbound.allocated_outbound_ports, ports, considered=(ports,), notes=automatic, upstream=_AKS),
        frontend_ips(cluster),
        Derived(known.OUTBOUND_POOL, pool, considered=(pool,), notes=(known.POOL_IS_INFERRED.note,), upstream=_AKS),
    )


def idle_minutes(cluster: Cluster) -> Derived[int]:
    """Minutes until an idle outbound flow is dropped: 30 on AKS' outbound rule, 4 on a NAT gateway."""
    minutes = cluster.outbound.idle_timeout_in_minutes
    through_nat = cluster.outbound.outbound_type in NAT_GATEWAYS
    path = "networkProfile.natGatewayProfile.idleTimeoutInMinutes" if through_nat else PROFILE + "idleTimeoutInMinutes"
    usual = known.NAT_GATEWAY_IDLE_MINUTES if through_nat else known.OUTBOUND_IDLE_MINUTES
    fallback = default("idle timeout of outbound flows in minutes", str(usual))
    notes = (known.INBOUND_ONLY.note,)
    if minutes is None:
        missing = Origin(CLUSTER_SETTING, path, None)
        return Derived(
            usual, fallback, considered=(missing, fallback), notes=(known.OUTBOUND_IDLE.note, *notes), upstream=_AKS
        )
    origin = told(cluster, "idle_timeout_in_minutes", path, str(minutes))
    return Derived(minutes, origin, considered=(origin, fallback), notes=notes, upstream=_AKS)


def frontend_ips(cluster: Cluster) -> Derived[tuple[str, ...]]:
    """The public IPs and prefixes that nodes leave by, by the last part of their ids; placeholders where unknown."""
    profile = cluster.outbound
    for field, path, ids in (
        ("effective_ips", "effectiveOutboundIPs", profile.effective_ips),
        ("public_ips", "outboundIPs.publicIPs", profile.public_ips),
        ("prefixes", "outboundIPPrefixes.publicIPPrefixes", profile.prefixes),
    ):
        if ids:
            names = tuple(resource.rpartition("/")[2] for resource in ids)
            origin = told(cluster, field, PROFILE + path, ", ".join(names))
            return Derived(names, origin, considered=(origin,), upstream=_AKS)
    count = profile.managed_ip_count
    origin = told(cluster, "managed_ip_count", PROFILE + "managedOutboundIPs.count", str(count))
    if count == 1:
        return Derived((Placeholder("outbound IP managed by AKS"),), origin, considered=(origin,), upstream=_AKS)
    names = tuple(Placeholder(f"outbound IP {number} of {count} managed by AKS") for number in range(1, count + 1))
    return Derived(names, origin, considered=(origin,), upstream=_AKS)
