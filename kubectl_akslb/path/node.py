"""What kube-proxy on a node does with a packet: source ranges, and the endpoints that it may choose among.

With floating IP the packet carries the frontend's address, which kube-proxy knows from the Service's status; only there
spec.loadBalancerSourceRanges are kept, by family. Without, it comes to the node port, past all ranges. kube-proxy reads
no service tags and no annotations.
"""

from kubectl_akslb.derive.addresses import Prefix
from kubectl_akslb.derive.precedence import spec
from kubectl_akslb.evidence.cluster import KUBE_PROXY
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.service import IPV6, Service, ServicePort
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.probed import asks_health_check, asks_node_port, probe_of
from kubectl_akslb.path.rotation import family_of, missing_pods, of_family, rotation, usable
from kubectl_akslb.path.sources import Interval, Share, intervals, let_in, spans_of
from kubectl_akslb.path.verdict import ClientGroup

_PODS_FILTERED_SINCE = 25
_IP_MODE_SINCE = 30


def node_hop(
    derivation: Derivation, cluster: Cluster, evidence: Evidence, rule: LoadBalancingRule, group: ClientGroup,
    prefix: Prefix | tuple[Interval, ...] | None = None, tag: str = "",
) -> Hop:  # fmt: skip
    """What a node does with packets of a group of clients; *tag* is the name of a service tag."""
    service = derivation.service
    port = service.ports[rule.service_port] if rule.service_port >= 0 else None
    if group is ClientGroup.PROBES:
        return _hop(Outcome.PASS, Confidence.CERTAIN, Cause.TO_THE_PODS)
    floating = rule.enable_floating_ip.value
    if not floating and port is not None and not port.node_port and not service.allocate_load_balancer_node_ports:
        return _hop(Outcome.DROP, Confidence.CERTAIN, Cause.NO_NODE_PORT_TO_SEND_TO)
    ranges = _ranges(service, rule, group, prefix, tag, cluster) if floating else None
    if ranges is not None and ranges.outcome is not Outcome.PASS:
        return ranges
    unknown = _by_status(service, cluster, evidence) if floating and group is not ClientGroup.PODS else None
    if unknown is not None:
        return _hop(Outcome.DROP, Confidence.OBSERVED, unknown)
    local = _local(derivation, cluster, evidence, rule, port) if service.is_local else None
    if local is not None and group is not ClientGroup.PODS:
        return local
    down = _kube_proxy_down(evidence)
    if down is not None:
        return down
    if ranges is not None:
        return ranges
    cause = Cause.PAST_SOURCE_RANGES if service.load_balancer_source_ranges and not floating else Cause.TO_THE_PODS
    return _hop(Outcome.PASS, Confidence.CERTAIN, cause)


def _by_status(service: Service, cluster: Cluster, evidence: Evidence) -> Cause | None:
    """Why kube-proxy takes no packet to the frontend: its status alone tells it; old releases do not know ipMode.

    The empty status of an object that no API server has stored says nothing.
    """
    if evidence.ingress == () and service.uid is not None:
        return Cause.STATUS_IS_EMPTY
    proxied = bool(evidence.ingress) and all(one.proxied for one in evidence.ingress or ())
    return Cause.STATUS_IS_PROXIED if proxied and cluster.provider_version.minor >= _IP_MODE_SINCE else None


def _hop(outcome: Outcome, confidence: Confidence, cause: Cause, **facts: object) -> Hop:
    return Hop(HopName.NODE, outcome, confidence, (Reason(cause, facts),))


def _ranges(
    service: Service,
    rule: LoadBalancingRule,
    group: ClientGroup,
    prefix: Prefix | tuple[Interval, ...] | None,
    tag: str,
    cluster: Cluster,
) -> Hop | None:
    """spec.loadBalancerSourceRanges of the rule's family; None where there are none, and so nothing is filtered."""
    family = family_of(service, rule)
    bits = 128 if family == IPV6 else 32
    allowed = tuple(one for one in intervals(service.load_balancer_source_ranges) if one[0] == bits)
    if not allowed or (group is ClientGroup.PODS and cluster.provider_version.minor < _PODS_FILTERED_SINCE):
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


def _local(
    derivation: Derivation, cluster: Cluster, evidence: Evidence, rule: LoadBalancingRule, port: ServicePort | None
) -> Hop | None:
    """With externalTrafficPolicy Local, what the nodes without a pod of the port do with what they get: drop it."""
    service = derivation.service
    rows = rotation(derivation, cluster, evidence, rule)
    if rows is not None and evidence.endpoints is not None:
        inside = [row.name for row in rows if row.in_rotation is not False]
        endpoints = of_family(evidence.endpoints, family_of(service, rule))
        empty = tuple(name for name in inside if not usable(cluster, endpoints, port, name))
        if not empty:
            return None
        if len(empty) == len(inside):
            return _hop(Outcome.DROP, Confidence.OBSERVED, Cause.ALL_NODES_WITHOUT_POD, nodes=empty)
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, Cause.NODES_WITHOUT_POD_DROP, nodes=empty)
    probe = probe_of(derivation, rule)
    own = port is not None and asks_node_port(service, probe) == port
    if own or asks_health_check(service, probe):
        return None
    return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Cause.NODES_WITHOUT_POD_DROP, nodes=("nodes without a pod",))


def _kube_proxy_down(evidence: Evidence) -> Hop | None:
    """A kube-proxy that does not run leaves the rules as they were when it stopped."""
    stopped = tuple(one.name for one in evidence.nodes or () if one.kube_proxy is False and one.ready is not False)
    if stopped:
        reason = Reason(Cause.KUBE_PROXY_DOWN, {"node": stopped})
        return Hop(HopName.NODE, Outcome.DEPENDS, Confidence.OBSERVED, (reason,))
    for one in evidence.daemon_sets or ():
        missing = missing_pods(one, evidence)
        if one.name.startswith(KUBE_PROXY) and missing:
            facts = {"ready": one.ready, "desired": one.desired, "node": f"{missing} nodes"}
            return Hop(HopName.NODE, Outcome.DEPENDS, Confidence.OBSERVED, (Reason(Cause.KUBE_PROXY_DOWN, facts),))
    return None
