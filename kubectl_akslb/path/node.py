"""What kube-proxy on a node does with a packet: source ranges, and the endpoints that it may choose among.

With floating IP the packet carries the frontend's address, which kube-proxy knows from the Service's status; only there
spec.loadBalancerSourceRanges are kept, by family. Without, it comes to the node port, past all ranges. kube-proxy reads
no service tags and no annotations.
"""

from collections.abc import Sequence

from kubectl_akslb.derive.addresses import Prefix, is_address
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.intervals import Interval, address_interval, intervals
from kubectl_akslb.derive.precedence import spec
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.service import IPV6, SCTP, IPFamily, Service, ServicePort
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.daemons import RunsOn, kube_proxy, network_daemon_down
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.probed import asks_health_check, asks_node_port, probe_of
from kubectl_akslb.path.rotation import NodeRotation, family_of, of_family, rotation, usable
from kubectl_akslb.path.routes import unrouted
from kubectl_akslb.path.sources import Share, let_in, spans_of
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider import behaviours, kubernetes

_INSIDE = frozenset({ClientGroup.PODS, ClientGroup.NODES})
_NFTABLES_DROP_NODES = range(31, 33)
"""The minors of which a kube-proxy with nftables drops what its own node sends to a Local Service, without a pod there.

Measured are 1.31.14, which drops it, and 1.33.13, which does not.
"""
_MEASURED_MODES = frozenset({"", "iptables", "nftables"})
"""In ipvs kube-proxy does much the same, but no kernel with it was there to measure that; "" is AKS's own, iptables."""


def node_hop(
    context: PathContext,
    rule: LoadBalancingRule,
    group: ClientGroup,
    prefix: Prefix | tuple[Interval, ...] | None = None,
    tag: str = "",
) -> Hop:
    """What a node does with packets of a group of clients; *tag* is the name of a service tag."""
    hop = _node_hop(context, rule, group, prefix, tag)
    if hop.confidence is Confidence.CERTAIN and not _is_measured(context.service, context.evidence, rule):
        return hop._replace(confidence=Confidence.DOCUMENTED)
    return hop


def _is_measured(service: Service, evidence: Evidence, rule: LoadBalancingRule) -> bool:
    """Whether a recording shows what kube-proxy does with such packets: none does for SCTP, and none in ipvs mode."""
    ports = service.ports if rule.service_port < 0 else (service.ports[rule.service_port],)
    return all(port.protocol != SCTP for port in ports) and _mode(evidence) in _MEASURED_MODES


def _mode(evidence: Evidence) -> str:
    """The mode of kube-proxy where the flag of its DaemonSet tells it, else ""."""
    proxy = kube_proxy(evidence)
    return proxy.daemon_set.proxy_mode if proxy is not None and proxy.daemon_set is not None else ""


def _node_hop(
    context: PathContext,
    rule: LoadBalancingRule,
    group: ClientGroup,
    prefix: Prefix | tuple[Interval, ...] | None,
    tag: str,
) -> Hop:
    service = context.service
    port = service.ports[rule.service_port] if rule.service_port >= 0 else None
    if group is ClientGroup.PROBES:
        return _hop(Outcome.PASS, Confidence.CERTAIN, Cause.TO_THE_PODS)
    if group in _INSIDE:
        return _from_inside(context, context.evidence, rule, group, prefix)
    if context.derivation.serves_pods:
        return _hop(Outcome.PASS, Confidence.CERTAIN, Cause.PAST_KUBE_PROXY)
    floating = rule.enable_floating_ip.value
    if not floating and port is not None and not port.node_port and not service.allocate_load_balancer_node_ports:
        return _hop(Outcome.DROP, Confidence.CERTAIN, Cause.NO_NODE_PORT_TO_SEND_TO)
    ranges = _ranges(service, rule, group, prefix, tag) if floating else None
    if ranges is not None and ranges.outcome is not Outcome.PASS:
        return ranges
    unknown = _by_status(context, context.evidence, rule) if floating else None
    if unknown is not None:
        return _hop(Outcome.DROP, Confidence.OBSERVED, unknown, of=_of_family(service, rule))
    local = _local(context, rule, port) if service.is_local else None
    if local is not None:
        return local
    cause = Cause.PAST_SOURCE_RANGES if service.load_balancer_source_ranges and not floating else Cause.TO_THE_PODS
    lost = None if service.is_local else _unrouted(context.evidence)
    stopped = _stopped(context.evidence, rotation(context, rule) or ())
    return stopped or lost or ranges or _hop(Outcome.PASS, Confidence.CERTAIN, cause)


def _from_inside(
    context: Context,
    evidence: Evidence,
    rule: LoadBalancingRule,
    group: ClientGroup,
    prefix: Prefix | tuple[Interval, ...] | None,
) -> Hop:
    """Pods and nodes that call the frontend: kube-proxy of their node takes the packet, with floating IP or without.

    It keeps the source ranges, and asks neither the node port nor externalTrafficPolicy. What it does not take leaves
    the node, and comes back through Azure, from another address than a pod's: to an internal frontend from the node's,
    which that node itself drops where the load balancer chooses it.
    """
    unknown = _by_status(context, evidence, rule)
    if unknown is not None:
        if rule.enable_floating_ip.value:
            # To whichever node it comes, none takes the address.
            return _hop(Outcome.DROP, Confidence.OBSERVED, unknown, of=_of_family(context.service, rule))
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, Cause.PODS_LEAVE_THE_NODE)
    ranges = _ranges(context.service, rule, group, prefix, "")
    if ranges is not None and ranges.outcome is not Outcome.PASS:
        if kubernetes.INSIDE_FILTERED.holds(context.cluster):
            return ranges
        # Older kube-proxies do not drop them, but do not serve them either.
        return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Cause.PODS_LEAVE_THE_NODE)
    lost = _own_node_drops(context, evidence, rule, prefix) if group is ClientGroup.NODES else None
    return lost or _stopped(evidence) or ranges or _hop(Outcome.PASS, Confidence.CERTAIN, Cause.TO_THE_PODS)


def _own_node_drops(
    context: Context,
    evidence: Evidence,
    rule: LoadBalancingRule,
    prefix: Prefix | tuple[Interval, ...] | None,
) -> Hop | None:
    """A node without a pod of a Local Service, in the releases where iptables serves it and nftables does not."""
    if not context.service.is_local or context.cluster.provider_version.minor not in _NFTABLES_DROP_NODES:
        return None
    if _mode(evidence) not in {"", "nftables"}:
        return None
    port = context.service.ports[rule.service_port] if rule.service_port >= 0 else None
    endpoints = of_family(evidence.endpoints or (), family_of(context.service, rule))
    own = spans_of(prefix) if prefix is not None else ()
    empty = tuple(
        one.name
        for one in evidence.nodes or ()
        if any(span in own for address in one.addresses for span in address_interval(address))
        and not usable(context.cluster, endpoints, port, one.name)
    )
    return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Cause.NFTABLES_DROPS_OWN_NODE, node=empty) if empty else None


def _by_status(context: Context, evidence: Evidence, rule: LoadBalancingRule) -> Cause | None:
    """Why kube-proxy takes no packet to the frontend: its status alone tells it, family by family.

    Old releases do not know ipMode. The empty status of an object that no API server has stored says nothing.
    """
    if evidence.ingress is None or context.service.uid is None:
        return None
    family = family_of(context.service, rule)
    families = context.service.ip_families
    one_family = not families or (len(families) > 1 and not context.has(behaviours.DUAL_STACK))
    known = [one for one in evidence.ingress if is_address(one.address)]  # a hostname is of no use to kube-proxy
    own = [one for one in known if one_family or IPFamily.of(one.address) is family]
    if not own:
        return Cause.STATUS_IS_EMPTY
    proxied = all(one.proxied for one in own) and kubernetes.IP_MODE.holds(context.cluster)
    return Cause.STATUS_IS_PROXIED if proxied else None


def _of_family(service: Service, rule: LoadBalancingRule) -> str:
    """`` IPv6``, where the Service has addresses of both families."""
    return f" {family_of(service, rule)}" if len(service.ip_families) > 1 else ""


def _hop(outcome: Outcome, confidence: Confidence, cause: Cause, **facts: object) -> Hop:
    return Hop(HopName.NODE, outcome, confidence, (Reason(cause, facts),))


def _ranges(
    service: Service,
    rule: LoadBalancingRule,
    group: ClientGroup,
    prefix: Prefix | tuple[Interval, ...] | None,
    tag: str,
) -> Hop | None:
    """spec.loadBalancerSourceRanges of the rule's family; None where there are none, and so nothing is filtered."""
    family = family_of(service, rule)
    bits = 128 if family == IPV6 else 32
    allowed = tuple(one for one in intervals(service.load_balancer_source_ranges) if one[0] == bits)
    if not allowed:
        return None
    if prefix is not None and all(one[0] != bits for one in spans_of(prefix)):
        return None
    found = let_in(allowed, group, prefix, (family,), tag)
    origin = spec("spec.loadBalancerSourceRanges", ", ".join(service.load_balancer_source_ranges))
    facts = {"ranges": service.load_balancer_source_ranges, "tag": tag}
    if found is Share.ALL:
        return Hop(HopName.NODE, Outcome.PASS, Confidence.CERTAIN, (Reason(Cause.IN_SOURCE_RANGES, facts, origin),))
    if group is ClientGroup.SERVICE_TAG:
        reason = Reason(Cause.TAG_BESIDE_SOURCE_RANGES, facts, origin)
        outcome = Outcome.DROP if found is Share.NONE else Outcome.DEPENDS
        return Hop(HopName.NODE, outcome, Confidence.DOCUMENTED, (reason,))
    if found is Share.NONE:
        reason = Reason(Cause.NOT_IN_SOURCE_RANGES, facts, origin)
        return Hop(HopName.NODE, Outcome.DROP, Confidence.CERTAIN, (reason,))
    cause = Cause.PODS_BESIDE_SOURCE_RANGES if group is ClientGroup.PODS else Cause.SOME_IN_SOURCE_RANGES
    return Hop(HopName.NODE, Outcome.DEPENDS, Confidence.CERTAIN, (Reason(cause, facts, origin),))


def _local(context: PathContext, rule: LoadBalancingRule, port: ServicePort | None) -> Hop | None:
    """With externalTrafficPolicy Local, what the nodes without a pod of the port do with what they get: drop it."""
    service = context.service
    rows = rotation(context, rule)
    if rows is not None and context.evidence.endpoints is not None:
        inside = [row.name for row in rows if row.in_rotation is not False]
        endpoints = of_family(context.evidence.endpoints, family_of(service, rule))
        empty = tuple(name for name in inside if not usable(context.cluster, endpoints, port, name))
        if not empty:
            return None
        if len(empty) == len(inside):
            return _hop(Outcome.DROP, Confidence.OBSERVED, Cause.ALL_NODES_WITHOUT_POD, nodes=empty)
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, Cause.NODES_WITHOUT_POD_DROP, nodes=empty)
    probe = probe_of(context.derivation, rule)
    own = port is not None and asks_node_port(service, probe) == port
    if own or asks_health_check(service, probe):
        return None
    return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Cause.NODES_WITHOUT_POD_DROP, nodes="nodes without a pod")


def _unrouted(evidence: Evidence) -> Hop | None:
    """Nodes to whose pods the other nodes have no route: only what reaches the node of a pod gets there."""
    serving = {one.node for one in evidence.endpoints or () if one.ready}
    for node, table, route in unrouted(evidence.nodes or (), evidence.azure):
        if node.name in serving and len(evidence.nodes or ()) > 1:
            facts = {"node": node.name, "table": table.name, "id": table.id, "address": ", ".join(node.addresses)}
            facts["range"] = ", ".join(node.pod_ranges)
            facts["next_hop"] = route.next_hop or route.next_hop_type if route is not None else ""
            cause = Cause.NODE_NOT_ROUTED if route is None else Cause.NODE_ROUTE_STALE
            return Hop(HopName.NODE, Outcome.DEPENDS, Confidence.OBSERVED, (Reason(cause, facts),))
    return None


def no_local_pod(context: PathContext, rule: LoadBalancingRule) -> Hop | None:
    """With externalTrafficPolicy Local, that no node to which Azure sends has a pod of this port; else None."""
    port = context.service.ports[rule.service_port] if rule.service_port >= 0 else None
    hop = _local(context, rule, port) if context.service.is_local else None
    return hop if hop is not None and hop.outcome is Outcome.DROP else None


def _stopped(evidence: Evidence, rows: Sequence[NodeRotation] = ()) -> Hop | None:
    """What does not run that sends packets to pods. It leaves the rules as they were when it stopped.

    *rows* are the nodes in rotation, and those that are not: what Azure does not send to is of no interest.
    """
    outside = {row.name for row in rows if row.in_rotation is False}
    without = [one.name for one in evidence.nodes or () if one.kube_proxy is False and one.ready is not False]
    stopped = tuple(name for name in without if name not in outside)
    if stopped:
        reason = Reason(Cause.KUBE_PROXY_DOWN, {"node": stopped})
        return Hop(HopName.NODE, Outcome.DEPENDS, Confidence.OBSERVED, (reason,))
    proxy = kube_proxy(evidence)
    if proxy is not None and proxy.daemon_set is not None and proxy.missing > len(outside.intersection(without)):
        pods = proxy.daemon_set
        facts = {"ready": pods.ready, "desired": pods.desired, "node": f"{proxy.missing} nodes"}
        return Hop(HopName.NODE, Outcome.DEPENDS, Confidence.OBSERVED, (Reason(Cause.KUBE_PROXY_DOWN, facts),))
    seen = evidence.source is EvidenceSource.CLUSTER and bool(evidence.daemon_sets)
    if seen and proxy is not None and proxy.running is RunsOn.ABSENT:
        return Hop(HopName.NODE, Outcome.DEPENDS, Confidence.OBSERVED, (Reason(Cause.KUBE_PROXY_NOT_SEEN),))
    down = network_daemon_down(evidence)
    if down is not None:
        facts = {"name": down.name, "ready": down.ready, "desired": down.desired}
        return Hop(HopName.NODE, Outcome.DEPENDS, Confidence.OBSERVED, (Reason(Cause.NETWORK_DAEMON_DOWN, facts),))
    return None
