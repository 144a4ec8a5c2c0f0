"""The arithmetic of SNAT ports: how many a node has, how many nodes fit, and what AKS refuses."""

from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.count import counted
from kubectl_akslb.model.outbound import DOCUMENTED, ERROR, WARNING, OutboundFinding, SnatCapacity
from kubectl_akslb.model.outbound_profile import NodePool
from kubectl_akslb.model.provenance import CLUSTER_SETTING, DEFAULT, PROVIDER, Derived, Kind, Origin
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import outbound as known
from kubectl_akslb.provider.outbound import AUTOMATIC_LIMIT, AUTOMATIC_PORTS, PORT_STEP, PORTS_PER_IP

VALIDATION = "AKS' validation of loadBalancerProfile"
ALLOCATION = "Azure Load Balancer, port allocation"
PROFILE = "networkProfile.loadBalancerProfile."


def told(cluster: Cluster, field: str, name: str, raw: str) -> Origin:
    """A setting of the outbound profile under AKS' *name*; a default where nobody gave the *field*."""
    return Origin(CLUSTER_SETTING if f"outbound.{field}" in cluster.given else DEFAULT, name, raw)


def computed(of: str, raw: object) -> Origin:
    """What follows by arithmetic from other values."""
    return Origin(PROVIDER, of, str(raw))


def automatic_ports(nodes: int, ips: int = 1) -> int | None:
    """The ports that automatic allocation gives each of *nodes*: MIN(table x IPs, 1,024); None beyond the table."""
    for size, ports in AUTOMATIC_PORTS:
        if nodes <= size:
            return min(ports * ips, AUTOMATIC_LIMIT)
    return None


def most_nodes(ports: int, ips: int) -> int:
    """How many nodes *ips* addresses have room for, with *ports* for each node: 64,000 / ports x IPs."""
    return PORTS_PER_IP * ips // ports


def surge_of(pool: NodePool) -> int:
    """The extra nodes of a pool during an upgrade; a percentage of its largest size is rounded up."""
    if not pool.max_surge:
        return known.DEFAULT_SURGE
    if pool.max_surge.endswith("%"):
        return -(-int(pool.max_surge[:-1]) * (largest(pool) or 0) // 100)
    return int(pool.max_surge)


def largest(pool: NodePool) -> int | None:
    """The most nodes that a pool can have without surge, None where nobody knows."""
    counts = [count for count in (pool.node_count, pool.max_count) if count is not None]
    return max(counts, default=None)


class Nodes(NamedTuple):
    """How many nodes there are now, how many there can be, and the extra ones of an upgrade."""

    now: Derived[int]
    most: Derived[int]
    surge: Derived[int]


def nodes_of(cluster: Cluster) -> Nodes | None:
    """The node counts of a cluster, from its pools or from its list of nodes; None where nobody told them."""
    pools = cluster.outbound.node_pools
    if not pools and cluster.nodes is not None:
        origin = Origin(CLUSTER_SETTING, "nodes", str(len(cluster.nodes)))
        surge = Origin(DEFAULT, "maxSurge", str(known.DEFAULT_SURGE))
        count = Derived(len(cluster.nodes), origin)
        return Nodes(
            count, count, Derived(known.DEFAULT_SURGE, surge, notes=(known.SURGE_COUNTS.note,), upstream=VALIDATION)
        )
    if not pools or any(largest(pool) is None for pool in pools):
        return None
    scaled = any(pool.max_count is not None for pool in pools)
    notes = (known.SURGE_COUNTS.note, *((known.SURGE_PER_POOL.note,) if len(pools) > 1 else ()))
    return Nodes(
        _sum_of("nodes now", [(_now(pool), _count_origin(pool)) for pool in pools]).by(ALLOCATION),
        _sum_of("nodes", [(largest(pool) or 0, _largest_origin(pool)) for pool in pools])
        .by(VALIDATION)
        .noting(*((known.MAX_COUNT_COUNTS.note,) if scaled else ())),
        _sum_of("surge nodes", [(surge_of(pool), _surge_origin(pool)) for pool in pools]).by(VALIDATION).noting(*notes),
    )


def _sum_of(what: str, parts: list[tuple[int, Origin]]) -> Derived[int]:
    """The number of the only pool, or the sum over several."""
    total = sum(number for number, _ in parts)
    origins = tuple(origin for _, origin in parts)
    if len(parts) == 1:
        return Derived(total, origins[0])
    origin = computed(f"{what} of all pools", total)
    return Derived(total, origin, considered=(*origins, origin))


def _now(pool: NodePool) -> int:
    """The nodes of a pool now; its maximum where only that is known."""
    return pool.node_count if pool.node_count is not None else pool.max_count or 0


def _count_origin(pool: NodePool) -> Origin:
    key = "count" if pool.node_count is not None else "maxCount"
    return Origin(CLUSTER_SETTING, f"agentPoolProfiles[{pool.name}].{key}", str(_now(pool)))


def _largest_origin(pool: NodePool) -> Origin:
    key = "maxCount" if pool.max_count is not None and pool.max_count >= (pool.node_count or 0) else "count"
    return Origin(CLUSTER_SETTING, f"agentPoolProfiles[{pool.name}].{key}", str(largest(pool)))


def _surge_origin(pool: NodePool) -> Origin:
    kind: Kind = CLUSTER_SETTING if pool.max_surge else DEFAULT
    path = f"agentPoolProfiles[{pool.name}].upgradeSettings.maxSurge"
    return Origin(kind, path, pool.max_surge or str(known.DEFAULT_SURGE))


def outbound_ips(cluster: Cluster) -> Derived[int] | None:
    """How many outbound addresses there are; None for prefixes, which do not say how many they have."""
    profile = cluster.outbound
    managed = told(cluster, "managed_ip_count", PROFILE + "managedOutboundIPs.count", str(profile.managed_ip_count))
    own = told(cluster, "public_ips", PROFILE + "outboundIPs.publicIPs", str(len(profile.public_ips)))
    used = told(cluster, "effective_ips", PROFILE + "effectiveOutboundIPs", str(len(profile.effective_ips)))
    notes = (known.PORTS_OF_AN_IP.note,)
    addresses = [ip for ip in profile.effective_ips if "/publicipprefixes/" not in ip.lower()]
    if profile.prefixes:
        if addresses and len(addresses) == len(profile.effective_ips):
            return Derived(len(addresses), used, considered=(used,), notes=notes, upstream=VALIDATION)
        return None
    if profile.public_ips:
        return Derived(len(profile.public_ips), own, considered=(own, managed), notes=notes, upstream=VALIDATION)
    if profile.effective_ips and managed.kind == DEFAULT:
        return Derived(len(profile.effective_ips), used, considered=(managed, used), notes=notes, upstream=VALIDATION)
    return Derived(profile.managed_ip_count, managed, considered=(own, managed), notes=notes, upstream=VALIDATION)


def allocated(cluster: Cluster) -> Origin:
    """What the cluster says about the ports of a node; 0 is automatic."""
    raw = str(cluster.outbound.allocated_outbound_ports)
    return told(cluster, "allocated_outbound_ports", PROFILE + "allocatedOutboundPorts", raw)


def ports_per_node(cluster: Cluster, ips: Derived[int] | None, now: Derived[int] | None) -> Derived[int] | None:
    """The SNAT ports of each node: the explicit number, or by the table and the number of nodes there are now."""
    origin = allocated(cluster)
    explicit = cluster.outbound.allocated_outbound_ports
    if explicit > 0:
        return Derived(explicit, origin, considered=(origin,), notes=(known.IPS_ADD_NODES.note,), upstream=VALIDATION)
    if ips is None or now is None:
        return None
    ports = automatic_ports(now.value, ips.value)
    if ports is None:
        return None
    table = computed(f"the table of automatic allocation at {now.value} nodes and {ips.value} IPs", ports)
    notes = (known.AUTOMATIC.note, known.DEFAULT_IS_NO_LIMIT.note)
    return Derived(ports, table, considered=(origin, ips.origin, now.origin, table), notes=notes, upstream=ALLOCATION)


def capacity(cluster: Cluster) -> SnatCapacity:
    """How far the SNAT ports of the outbound rule reach."""
    ips, nodes = outbound_ips(cluster), nodes_of(cluster)
    ports = ports_per_node(cluster, ips, nodes.now if nodes else None)
    explicit = ports if cluster.outbound.allocated_outbound_ports > 0 else None
    return SnatCapacity(
        ips,
        nodes.most if nodes else None,
        nodes.surge if nodes else None,
        ports,
        ports_available(ips) if ips else None,
        ports_required(nodes, explicit) if nodes and explicit else None,
        _max_nodes(ips, explicit),
    )


def ports_available(ips: Derived[int]) -> Derived[int]:
    """The ports of all outbound addresses."""
    total = ips.value * PORTS_PER_IP
    origin = computed(f"{PORTS_PER_IP} x {ips.value}", total)
    return Derived(
        total, origin, considered=(ips.origin, origin), notes=(known.PORTS_OF_AN_IP.note,), upstream=VALIDATION
    )


def ports_required(nodes: Nodes, ports: Derived[int]) -> Derived[int]:
    """The ports that AKS asks for: those of all nodes there can be, surge included."""
    total = (nodes.most.value + nodes.surge.value) * ports.value
    origin = computed(f"({nodes.most.value} nodes + {nodes.surge.value} surge) x {ports.value}", total)
    return Derived(
        total, origin, considered=(nodes.most.origin, nodes.surge.origin, ports.origin, origin), upstream=VALIDATION
    )


def _max_nodes(ips: Derived[int] | None, explicit: Derived[int] | None) -> Derived[int] | None:
    if explicit is None:
        end = AUTOMATIC_PORTS[-1][0]
        origin = Origin(DEFAULT, "the table of automatic allocation", str(end))
        return Derived(end, origin, considered=(origin,), notes=(known.BEYOND_TABLE.note,), upstream=ALLOCATION)
    if ips is None:
        return None
    fit = most_nodes(explicit.value, ips.value)
    origin = computed(f"{PORTS_PER_IP} / {explicit.value} x {ips.value}", fit)
    return Derived(
        fit,
        origin,
        considered=(explicit.origin, ips.origin, origin),
        notes=(known.SURGE_COUNTS.note,),
        upstream=VALIDATION,
    )


def port_findings(ports: int, origin: Origin) -> list[OutboundFinding]:
    """What is wrong with an explicit number of ports by itself."""
    findings = []
    if ports % PORT_STEP:
        lower, upper = ports // PORT_STEP * PORT_STEP, (ports // PORT_STEP + 1) * PORT_STEP
        message = f"{ports:,} ports per node is not a multiple of {PORT_STEP}"
        near = tuple(f"{value:,} ports per node" for value in (lower, upper) if 0 < value <= PORTS_PER_IP)
        findings.append(OutboundFinding(ERROR, known.NOT_A_MULTIPLE, message, origin, DOCUMENTED, near))
    if ports > PORTS_PER_IP:
        message = f"{ports:,} ports per node are more than the {PORTS_PER_IP:,} that one node can have"
        remedy = (f"{PORTS_PER_IP:,} ports per node at most",)
        findings.append(OutboundFinding(ERROR, known.TOO_MANY_PER_RULE, message, origin, DOCUMENTED, remedy))
    return findings


def capacity_finding(nodes: int, surge: int, ports: int, ips: int, origin: Origin) -> OutboundFinding | None:
    """AKS' refusal of *ports* for each node, in its words, where they do not fit; else None."""
    total, available = nodes + surge, PORTS_PER_IP * ips
    if total * ports <= available:
        return None
    message = (
        f"Load balancer profile allocated ports {ports} is not in an allowable range given the number of nodes and IPs"
        f" provisioned. Total node count {total} requires {total * ports} ports but only {available} ports are"
        f" available given {ips} outbound public IPs."
    )
    remedies = remedies_for(nodes, surge, ports, ips)
    return OutboundFinding(ERROR, known.ALLOCATION_REFUSED, message, origin, DOCUMENTED, remedies)


def remedies_for(nodes: int, surge: int, ports: int, ips: int) -> tuple[str, ...]:
    """The ways to make *ports* for each node fit, most useful first."""
    total = nodes + surge
    enough = -(-total * ports // PORTS_PER_IP)
    fewer = PORTS_PER_IP * ips // total // PORT_STEP * PORT_STEP
    fit = most_nodes(ports, ips)
    remedies = [f"{counted(enough, 'outbound IP')} instead of {ips:,} ({enough * PORTS_PER_IP:,} ports)"]
    if fewer > 0:
        remedies.append(f"{fewer:,} ports per node at most, with {counted(ips, 'outbound IP')}")
    if fit > surge:
        most = counted(fit - surge, "node")
        extra = counted(surge, "surge node")
        remedies.append(f"{most} at most (count, or maxCount of the autoscaler), besides {extra}")
    if 1 <= fit - nodes < surge:
        remedies.append(f"a maxSurge of {counted(fit - nodes, 'node')} at most")
    return (*remedies, "a NAT gateway, which allocates no ports per node")


def boundary_finding(now: int, most: int, ips: int, origin: Origin) -> OutboundFinding | None:
    """A warning where automatic allocation takes ports away from nodes while the cluster grows to *most* nodes."""
    drops = []
    last = automatic_ports(now, ips)
    for size, _ in AUTOMATIC_PORTS:
        after = automatic_ports(size + 1, ips)
        if now <= size < most and after is not None and last is not None and after < last:
            drops.append(f"at {size + 1:,} nodes from {last:,} to {after:,}")
            last = after
    beyond = most > AUTOMATIC_PORTS[-1][0]
    if not drops and not beyond:
        return None
    message = f"automatic allocation: the ports of each node drop {', '.join(drops)}" if drops else ""
    if beyond:
        message = "; ".join(part for part in (message, known.BEYOND_TABLE.summary) if part)
    remedy = (f"an explicit number of ports, for {counted(most, 'node')} and {counted(ips, 'outbound IP')}",)
    return OutboundFinding(WARNING, "automatic-ports-drop", message, origin, DOCUMENTED, remedy)
