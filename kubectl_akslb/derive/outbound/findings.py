"""What AKS would refuse about the way out, and what to know before the cluster grows."""

from kubectl_akslb.derive.outbound.outbound_rule import idle_minutes
from kubectl_akslb.derive.outbound.snat import (
    PROFILE,
    allocated,
    boundary_finding,
    capacity_finding,
    nodes_of,
    port_findings,
    told,
)
from kubectl_akslb.derive.precedence import setting
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.outbound import (
    CERTAIN,
    DOCUMENTED,
    ERROR,
    NOTE,
    UNVERIFIED,
    WARNING,
    OutboundFinding,
    SnatCapacity,
)
from kubectl_akslb.model.outbound_profile import UNKNOWN
from kubectl_akslb.model.provenance import CLUSTER_SETTING, Derived
from kubectl_akslb.provider import outbound as known

_BASIC = "a Basic load balancer has no outbound rule"


def findings_without_rule(cluster: Cluster, kind: Derived[str]) -> list[OutboundFinding]:
    """What is set in vain where no outbound rule of the load balancer is used."""
    findings = _snat_of_basic(cluster)
    profile = cluster.outbound
    explicit = [
        allocated(cluster),
        told(cluster, "prefixes", PROFILE + "outboundIPPrefixes", str(len(profile.prefixes))),
        told(cluster, "public_ips", PROFILE + "outboundIPs", str(len(profile.public_ips))),
    ]
    basic = "a container load balancer has no outbound rule" if serves(cluster) else _BASIC
    reason = f"outboundType is {kind.value}" if cluster.is_standard else basic
    for origin in explicit:
        if origin.kind == CLUSTER_SETTING and origin.raw not in ("0", None) and kind.value != UNKNOWN:
            message = f"{origin.path} has no effect: {reason}"
            findings.append(OutboundFinding(WARNING, "no-effect-outbound", message, origin, DOCUMENTED))
    return findings


def _snat_of_basic(cluster: Cluster) -> list[OutboundFinding]:
    if cluster.is_standard or not cluster.disable_outbound_snat:
        return []
    origin = setting(cluster, "disable_outbound_snat", "disableOutboundSNAT", "true")
    message = "disableOutboundSNAT should only set when loadBalancerSKU is standard"
    remedy = ("remove disableOutboundSNAT", "a Standard load balancer")
    return [OutboundFinding(ERROR, "provider-does-not-start", message, origin, CERTAIN, remedy)]


def findings_of(cluster: Cluster, snat: SnatCapacity) -> list[OutboundFinding]:
    """What is wrong with the outbound rule and its ports."""
    findings = [*_one_option(cluster), *ranges(cluster)]
    profile, nodes = cluster.outbound, nodes_of(cluster)
    origin = allocated(cluster)
    if profile.allocated_outbound_ports > 0:
        findings += port_findings(profile.allocated_outbound_ports, origin)
    if snat.outbound_ips is None:
        return [*findings, _prefix_size(cluster)]
    if nodes is None:
        return findings
    ips, ports = snat.outbound_ips.value, profile.allocated_outbound_ports
    if ports > 0:
        found = capacity_finding(nodes.most.value, nodes.surge.value, ports, ips, origin)
    else:
        found = boundary_finding(nodes.now.value, nodes.most.value + nodes.surge.value, ips, nodes.most.origin)
    return [*findings, found] if found else findings


def _prefix_size(cluster: Cluster) -> OutboundFinding:
    prefixes = told(cluster, "prefixes", PROFILE + "outboundIPPrefixes", str(len(cluster.outbound.prefixes)))
    message = f"how many nodes fit depends on the size of the prefixes: {known.PREFIX_SIZE.summary}"
    verify = f"{known.PREFIX_SIZE.source} --ids ID --query prefixLength"
    remedy = ("give the number: --outbound-ip-count",)
    return OutboundFinding(NOTE, "prefix-size", message, prefixes, UNVERIFIED, remedy, verify)


def _one_option(cluster: Cluster) -> list[OutboundFinding]:
    """Only one of the three sources of outbound addresses can be used."""
    given = [
        told(cluster, field, PROFILE + path, "set")
        for field, path in (
            ("managed_ip_count", "managedOutboundIPs"),
            ("public_ips", "outboundIPs"),
            ("prefixes", "outboundIPPrefixes"),
        )
        if f"outbound.{field}" in cluster.given
    ]
    if len(given) < 2:
        return []
    listed = " and ".join(origin.path.rpartition(".")[2] for origin in given)
    message = f"only one outbound IP option can be used at a time, but there are {listed}"
    remedy = tuple(f"{origin.path.rpartition('.')[2]} alone" for origin in given)
    return [OutboundFinding(ERROR, "one-outbound-option", message, given[-1], DOCUMENTED, remedy)]


def ranges(cluster: Cluster) -> list[OutboundFinding]:
    """Numbers that are out of their range whatever the other numbers are."""
    findings = []
    idle = idle_minutes(cluster)
    if idle.value not in known.IDLE_MINUTES:
        low, high = known.IDLE_MINUTES[0], known.IDLE_MINUTES[-1]
        message = f"an idle timeout of {idle.value} minutes is not from {low} to {high}"
        findings.append(OutboundFinding(ERROR, "idle-timeout-range", message, idle.origin, DOCUMENTED))
    count = cluster.outbound.managed_ip_count
    origin = told(cluster, "managed_ip_count", PROFILE + "managedOutboundIPs.count", str(count))
    if count not in known.MANAGED_IPS and origin.kind == CLUSTER_SETTING:
        message = f"{count} managed outbound IPs are not from {known.MANAGED_IPS[0]} to {known.MANAGED_IPS[-1]}"
        findings.append(OutboundFinding(ERROR, "managed-ip-range", message, origin, DOCUMENTED))
    return findings
