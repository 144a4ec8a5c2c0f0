"""The SNAT calculator: what to set so that nodes have the ports they need, and the command that sets it."""

import re

from kubectl_akslb.derive.outbound.findings import ranges
from kubectl_akslb.derive.outbound.outbound_rule import facts_of_type
from kubectl_akslb.derive.outbound.snat import (
    VALIDATION,
    Nodes,
    automatic_ports,
    boundary_finding,
    capacity_finding,
    computed,
    most_nodes,
    nodes_of,
    outbound_ips,
    port_findings,
    ports_available,
    ports_per_node,
    ports_required,
)
from kubectl_akslb.derive.service_gateway import check_not_served
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import command, flag
from kubectl_akslb.model.outbound import OutboundFact, OutboundFinding, SnatPlan
from kubectl_akslb.model.outbound_profile import LOAD_BALANCER, UNKNOWN, NodePool, OutboundProfile
from kubectl_akslb.model.provenance import CLUSTER_SETTING, Derived, Origin
from kubectl_akslb.provider import outbound as known
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.outbound import PORT_STEP, PORTS_PER_IP
from kubectl_akslb.provider.version import NEWEST

_SURGE = re.compile(r"(?:[0-9]{1,4}%?)?")


def plan(
    *,
    nodes: int,
    ips: int = 1,
    ports: int | None = None,
    max_surge: str = "",
    max_nodes: int | None = None,
    idle_timeout: int | None = None,
) -> SnatPlan:
    """A plan for *nodes* (or *max_nodes*, the autoscaler's bound) nodes that leave by *ips* addresses.

    *ports* is what is wanted for each node, None for as many as fit. *max_surge* is AKS' maxSurge, "2" or "10%".
    """
    if not _SURGE.fullmatch(max_surge):
        hint = "Give a number of nodes, such as 1, or a percentage, such as 33%."
        raise AkslbError(f"--max-surge cannot be {max_surge[:60]!r}", hint=hint)
    pool = NodePool("nodes", nodes, max_nodes, max_surge)
    outbound = OutboundProfile(managed_ip_count=ips, idle_timeout_in_minutes=idle_timeout, node_pools=(pool,))
    given = {"outbound.managed_ip_count", "outbound.node_pools"}
    given |= {"outbound.idle_timeout_in_minutes"} if idle_timeout is not None else set()
    return plan_for(Cluster(NEWEST, behaviours_of(NEWEST), frozenset(given), outbound=outbound), ports=ports)


def plan_for(cluster: Cluster, *, ports: int | None = None, ips: int | None = None) -> SnatPlan:
    """A plan for a cluster; *ports* and *ips* ask for other numbers than the cluster has.

    AkslbError where a number is missing that the plan cannot do without.
    """
    check_not_served(cluster, "how many SNAT ports there are")
    nodes = nodes_of(cluster)
    if nodes is None:
        raise AkslbError("a plan needs the number of nodes", hint="give --nodes, or a profile with agentPoolProfiles")
    _check(nodes, ports, ips)
    given = outbound_ips(cluster) if ips is None else _asked(ips, "outbound IPs")
    if given is None:
        message = "a plan needs the number of outbound IPs, and a prefix does not say how many it has"
        raise AkslbError(message, hint="give --outbound-ip-count")
    if given.value < 1:
        raise AkslbError("a plan needs at least one outbound IP", hint="give --outbound-ip-count")
    wanted = cluster.outbound.allocated_outbound_ports if ports is None else ports
    now: Derived[int] | None
    if ports:
        now = _asked(ports, "ports per node")
    else:
        now = ports_per_node(_automatic(cluster) if ports == 0 else cluster, given, nodes.now)
    return _plan(cluster, nodes, given, now, wanted)


def _plan(cluster: Cluster, nodes: Nodes, ips: Derived[int], now: Derived[int] | None, wanted: int) -> SnatPlan:
    explicit = now if wanted > 0 else None
    total = nodes.most.value + nodes.surge.value
    count = computed(f"{nodes.most.value} nodes + {nodes.surge.value} surge", total)
    use_ports, use_ips = recommended(total, ips.value, wanted)
    most = None
    if explicit is not None:
        fit = most_nodes(explicit.value, ips.value)
        origin = computed(f"{PORTS_PER_IP} / {explicit.value} x {ips.value}", fit)
        most = Derived(fit, origin, considered=(explicit.origin, ips.origin, origin), upstream=VALIDATION)
    return SnatPlan(
        nodes=nodes.most,
        surge_nodes=nodes.surge,
        total_nodes=Derived(
            total, count, considered=(nodes.most.origin, nodes.surge.origin, count), upstream=VALIDATION
        ),
        ips=ips,
        ports_per_node=now,
        ports_required=ports_required(nodes, explicit) if explicit else None,
        ports_available=ports_available(ips),
        max_nodes=most,
        recommended_ports=_recommended_ports(total, use_ips, use_ports, wanted),
        recommended_ips=_recommended_ips(total, use_ips, use_ports),
        command=command_for(cluster, use_ports, use_ips, more_ips=use_ips > ips.value),
        findings=tuple(_findings(cluster, nodes, ips, now, wanted)),
        notes=_notes(cluster, nodes, ips, wanted),
    )


def recommended(total: int, ips: int, wanted: int = 0) -> tuple[int, int]:
    """Ports for each of *total* nodes and the addresses that they need.

    What is *wanted* is kept and addresses are added; where nothing is (0), the addresses are shared out evenly.
    """
    if wanted > 0:
        ports = min(-(-wanted // PORT_STEP) * PORT_STEP, PORTS_PER_IP)
        return ports, max(ips, -(-total * ports // PORTS_PER_IP))
    ports = min(PORTS_PER_IP * ips // total // PORT_STEP * PORT_STEP, PORTS_PER_IP)
    if ports < PORT_STEP:
        return PORT_STEP, -(-total * PORT_STEP // PORTS_PER_IP)
    return ports, ips


def _recommended_ports(total: int, ips: int, ports: int, wanted: int) -> Derived[int]:
    if wanted > 0:
        asked = Origin(CLUSTER_SETTING, "ports per node", str(wanted))
        return Derived(
            ports,
            asked,
            considered=(asked,),
            notes=(known.MULTIPLE_OF_EIGHT.note,) if ports != wanted else (),
            upstream=VALIDATION,
        )
    origin = computed(f"{PORTS_PER_IP} x {ips} / {total}, rounded down to a multiple of {PORT_STEP}", ports)
    return Derived(ports, origin, considered=(origin,), notes=(known.MULTIPLE_OF_EIGHT.note,), upstream=VALIDATION)


def _recommended_ips(total: int, ips: int, ports: int) -> Derived[int]:
    origin = computed(f"at least {total} x {ports} / {PORTS_PER_IP}, rounded up", ips)
    return Derived(ips, origin, considered=(origin,), notes=(known.PORTS_OF_AN_IP.note,), upstream=VALIDATION)


def _findings(
    cluster: Cluster, nodes: Nodes, ips: Derived[int], now: Derived[int] | None, wanted: int
) -> list[OutboundFinding]:
    """What AKS says to the numbers that were asked for."""
    findings = ranges(cluster)
    total = nodes.most.value + nodes.surge.value
    if wanted > 0 and now is not None:
        findings += port_findings(wanted, now.origin)
        found = capacity_finding(nodes.most.value, nodes.surge.value, wanted, ips.value, now.origin)
    else:
        found = boundary_finding(nodes.now.value, total, ips.value, nodes.most.origin)
    return [*findings, found] if found else findings


def _notes(cluster: Cluster, nodes: Nodes, ips: Derived[int], wanted: int) -> tuple[OutboundFact, ...]:
    if not cluster.is_standard:
        return (known.ON_DEMAND,)
    if cluster.outbound.outbound_type not in (LOAD_BALANCER, UNKNOWN):
        return facts_of_type(cluster)
    facts = (known.SAME_DESTINATION, known.SHARED_BY_PODS, known.CHANGE_DISRUPTS, known.RULE_OF_AKS)
    if wanted > 0:
        return (known.IPS_ADD_NODES, *facts)
    one_more = automatic_ports(nodes.now.value, ips.value + 1)
    exhausted = one_more is not None and one_more == automatic_ports(nodes.now.value, ips.value)
    return (*((known.ONE_MORE_IP_ADDS_NONE,) if exhausted else ()), known.DEFAULT_IS_NO_LIMIT, *facts)


def command_for(cluster: Cluster, ports: int, ips: int, *, more_ips: bool) -> str:
    """The ``az aks update`` that sets *ports* for each node and *ips* addresses; "" where there is no such rule.

    Addresses that the owner brought are named again; for those still missing it has placeholders, for prefixes where
    *more_ips* than there are now are needed.
    """
    profile = cluster.outbound
    if not cluster.is_standard or profile.outbound_type not in (LOAD_BALANCER, UNKNOWN):
        return ""
    words = ["aks", "update"]
    words += [flag("--resource-group", profile.aks_resource_group or "RESOURCE_GROUP")]
    words += [flag("--name", profile.aks_name or "CLUSTER")]
    if profile.prefixes:
        prefixes = [*profile.prefixes, *(["PUBLIC_IP_PREFIX_ID"] if more_ips else [])]
        words += [flag("--load-balancer-outbound-ip-prefixes", ",".join(prefixes))]
    elif profile.public_ips:
        missing = [f"PUBLIC_IP_ID_{number}" for number in range(len(profile.public_ips) + 1, ips + 1)]
        words += [flag("--load-balancer-outbound-ips", ",".join([*profile.public_ips, *missing]))]
    else:
        words += [flag("--load-balancer-managed-outbound-ip-count", str(ips))]
    words += [flag("--load-balancer-outbound-ports", str(ports))]
    if profile.idle_timeout_in_minutes is not None:
        words += [flag("--load-balancer-idle-timeout", str(profile.idle_timeout_in_minutes))]
    return str(command("az", *words))


def _asked(number: int, what: str) -> Derived[int]:
    return Derived(number, Origin(CLUSTER_SETTING, what, str(number)))


def _automatic(cluster: Cluster) -> Cluster:
    return cluster._replace(outbound=cluster.outbound._replace(allocated_outbound_ports=0))


def _check(nodes: Nodes, ports: int | None, ips: int | None) -> None:
    if nodes.most.value < 1:
        raise AkslbError("a plan needs at least one node", hint="give --nodes")
    if ports is not None and ports < 0:
        hint = "Give 0 for automatic allocation, or a multiple of 8."
        raise AkslbError(f"{ports} ports per node cannot be", hint=hint)
    if ips is not None and ips < 1:
        raise AkslbError(f"{ips} outbound IPs cannot be", hint="give at least 1")
