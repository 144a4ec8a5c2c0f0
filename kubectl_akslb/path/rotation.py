"""Which nodes Azure sends to: those of the pool whose probe is answered, node by node, by what was read of a cluster.

What kube-proxy answers was measured: the health check of a Local Service by the ready endpoints of the node, whatever
else is wrong with it; its own health (10256) by whether the node is being deleted; a node port by whoever is behind it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.probes import SHARED_PROBE_NAME
from kubectl_akslb.derive.naming import family_of_name
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.nodes import HEALTH_PROBE_PROXY
from kubectl_akslb.evidence.state import Endpoint, NodeState
from kubectl_akslb.model.cluster import BASIC, SHARED, Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.daemons import RunsOn, behind_probe, health_probe_proxy, kube_proxy, lacks_sidecar
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.in_azure import machine_state
from kubectl_akslb.path.pool import members
from kubectl_akslb.path.probed import (
    HEALTH_PROBE_PROXY_PORT,
    asks_health_check,
    asks_kube_proxy,
    asks_node_port,
    probe_of,
)
from kubectl_akslb.provider import behaviours, kubernetes

_OS = "kubernetes.io/os"


class NodeRotation(NamedTuple):
    """A node: whether it is in the pool, whether its probe is answered, each None where it cannot be told, and why."""

    name: str
    member: bool | None
    up: bool | None
    because: tuple[Reason, ...] = ()

    @property
    def in_rotation(self) -> bool | None:
        """Whether Azure sends to it."""
        if self.member is False or self.up is False:
            return False
        return True if self.member and self.up else None


def rotation(context: PathContext, rule: LoadBalancingRule) -> tuple[NodeRotation, ...] | None:
    """Each node, in rotation for *rule* or not, and why; None where the nodes were not read."""
    if context.evidence.nodes is None:
        return None
    parts = (rotation, context.derivation, context.cluster, context.evidence, rule)
    return context.evidence.objects.made_of(parts, lambda: tuple(_rows(context, rule)))


def _rows(context: PathContext, rule: LoadBalancingRule) -> Iterator[NodeRotation]:
    evidence, family = context.evidence, family_of(context.service, rule)
    answer = _answers(context, evidence, probe_of(context.derivation, rule), family)
    for one in members(context, evidence, family) or ():
        if one.member is False:
            yield NodeRotation(one.node.name, one.member, None, one.because)
        else:
            up, cause = answer(one.node)
            reason = Reason(cause, {"node": one.node.name})
            if state := machine_state(one.node, evidence):
                facts = {"node": one.node.name, "state": state, "machine": one.node.provider_id}
                up, reason = False, Reason(Cause.MACHINE_DOES_NOT_RUN, facts)
            yield NodeRotation(one.node.name, one.member, up, (*one.because, reason))


def rotation_hop(context: PathContext, rule: LoadBalancingRule) -> Hop | None:
    """What becomes of the probe of *rule* on the nodes; None where they were not read, or another hop tells why.

    Without a ready pod anywhere, or one that has the port, the pods are to blame, without a member the pool.
    """
    service, evidence = context.service, context.evidence
    rows = None if context.derivation.serves_pods else rotation(context, rule)
    if rows is None or all(row.member is False for row in rows) or _no_endpoint(service, evidence, rule):
        return None
    inside = [row for row in rows if row.in_rotation]
    if inside:
        facts = {"nodes": len(rows), "inside": len(inside)}
        return _hop(Outcome.PASS, Reason(Cause.IN_ROTATION, facts))
    outside = [row for row in rows if row.in_rotation is False]
    reasons = _alike(outside or rows)
    if len(outside) == len(rows):
        return _hop(Outcome.DROP, Reason(Cause.NONE_IN_ROTATION, {"nodes": len(rows)}), *reasons)
    unsure = [row for row in rows if row.in_rotation is None]
    if all(row.because[-1].cause is Cause.PROBE_ELSEWHERE for row in unsure):
        return None
    return _hop(Outcome.DEPENDS, *_alike(unsure))._replace(confidence=Confidence.ASSUMED)


def _hop(outcome: Outcome, *reasons: Reason) -> Hop:
    return Hop(HopName.PROBE, outcome, Confidence.OBSERVED, reasons)


def _alike(rows: Sequence[NodeRotation]) -> tuple[Reason, ...]:
    """The reasons of the nodes, those that are alike together."""
    names: dict[Cause, list[str]] = {}
    facts: dict[Cause, Mapping[str, object]] = {}
    for row in rows:
        # Whether it is in the pool comes first; that it would answer is no reason for anything.
        told = row.because[0] if row.member is None or row.up else row.because[-1]
        names.setdefault(told.cause, []).append(row.name)
        facts.setdefault(told.cause, told.facts)
    return tuple(Reason(cause, {**facts[cause], "node": tuple(found)}) for cause, found in names.items())


def _no_endpoint(service: Service, evidence: Evidence, rule: LoadBalancingRule) -> bool:
    """Whether no pod can be asked, as none is there or serves, or none has the port of *rule*."""
    if evidence.endpoints is None:
        return False
    found = of_family(evidence.endpoints, family_of(service, rule))
    if rule.service_port >= 0:
        port = service.ports[rule.service_port]
        if not any(one.numbers(port) for one in found):
            return True
    return not any(one.ports and (one.ready or (one.serving and one.terminating)) for one in found)


def family_of(service: Service, rule: LoadBalancingRule) -> IPFamily:
    """The IP family of a rule; those of the second family of a Service have its name at their end."""
    if len(service.ip_families) < 2:
        return IPV6 if service.ip_families == (IPV6,) else IPV4
    return family_of_name(rule.name.value)


def of_family(endpoints: Sequence[Endpoint], family: IPFamily) -> tuple[Endpoint, ...]:
    """The endpoints that have an address of this family; those that name none count for each."""
    found = []
    for one in endpoints:
        addresses = tuple(each for each in one.addresses if IPFamily.of(each) is family)
        if addresses or not one.addresses:
            found.append(one._replace(addresses=addresses))
    return tuple(found)


def within_family(evidence: Evidence, service: Service, rule: LoadBalancingRule) -> Evidence:
    """The evidence for one rule: a pod serves only the family of which it has an address."""
    if evidence.endpoints is None or not service.ip_families:
        return evidence
    return evidence._replace(endpoints=of_family(evidence.endpoints, family_of(service, rule)))


def usable(
    cluster: Cluster, endpoints: Sequence[Endpoint], port: ServicePort | None, node: str = ""
) -> tuple[Endpoint, ...]:
    """The endpoints that kube-proxy sends to: the ready ones, else those that serve while they are being deleted.

    Of *port*, or of any; on *node*, or on any.
    """
    here = [
        one for one in endpoints if (not node or one.node == node) and one.ports and (port is None or one.numbers(port))
    ]
    ready = tuple(one for one in here if one.ready)
    if ready or not kubernetes.TERMINATING_ENDPOINTS.holds(cluster):
        return ready
    return tuple(one for one in here if one.serving and one.terminating)


Answer: TypeAlias = tuple[bool | None, Cause]
"""Whether a node answers its probe as Azure wants it, apart from what an application says, and why."""


def _answers(
    context: Context, evidence: Evidence, probe: Probe | None, family: IPFamily
) -> Callable[[NodeState], Answer]:
    """What answers a probe on a node: a function of the node, as many nodes are asked the same."""
    if probe is None:
        return lambda _: (True, Cause.NODE_NOT_PROBED)
    port = asks_node_port(context.service, probe)
    if not probe.port.value:
        return lambda _: (False, Cause.NO_NODE_PORT)
    if asks_health_check(context.service, probe):
        answer = _health_check(context, evidence, family)
    elif asks_kube_proxy(probe):
        answer = _kube_proxy(context.cluster, evidence, probe)
    elif port is not None:
        answer = _node_port(context, evidence, port, family)
    else:
        answer = _elsewhere

    doubt = _doubt_about_mode(context, evidence, probe)

    def of_node(node: NodeState) -> Answer:
        if node.ready is False:
            return False, Cause.NODE_NOT_READY
        if node.no_network:
            return None, Cause.NODE_HAS_NO_NETWORK
        up, cause = answer(node)
        return (None, doubt) if up and doubt is not None else (up, cause)

    return of_node


def _doubt_about_mode(context: Context, evidence: Evidence, probe: Probe) -> Cause | None:
    """Why it is not known which probe stands in Azure: cluster, provider and AKS' sidecar do not agree on the mode."""
    if context.service.is_local or evidence.daemon_sets is None:
        return None
    if probe.name.value != SHARED_PROBE_NAME:
        sidecar = health_probe_proxy(evidence)
        if sidecar is None or sidecar.running is RunsOn.ABSENT or asks_node_port(context.service, probe) is None:
            return None
        shared = context.cluster.probe_mode == SHARED and not context.has(behaviours.SHARED_PROBE)
        return Cause.SIDECAR_BEFORE_SHARED_MODE if shared else Cause.SIDECAR_WITHOUT_SHARED_MODE
    if probe.port.value == HEALTH_PROBE_PROXY_PORT and lacks_sidecar(evidence):
        return Cause.NO_SIDECAR
    return Cause.SHARED_WITHOUT_STANDARD if context.cluster.load_balancer_sku == BASIC else None


def _elsewhere(_: NodeState) -> Answer:
    return None, Cause.PROBE_ELSEWHERE


def _unread(_: NodeState) -> Answer:
    return None, Cause.ENDPOINTS_UNREAD


def _node_port(
    context: Context, evidence: Evidence, port: ServicePort, family: IPFamily
) -> Callable[[NodeState], Answer]:
    """Whoever is behind the Service answers; with externalTrafficPolicy Local those on the node."""
    if evidence.endpoints is None:
        return _unread
    endpoints = of_family(evidence.endpoints, family)
    everywhere = usable(context.cluster, endpoints, port)

    def answer(node: NodeState) -> Answer:
        found = usable(context.cluster, endpoints, port, node.name) if context.service.is_local else everywhere
        if not found:
            return False, Cause.NO_LOCAL_ENDPOINT if context.service.is_local else Cause.NO_ENDPOINT_ANYWHERE
        if node.kube_proxy is False:  # it goes on by the rules that it had
            return None, Cause.KUBE_PROXY_DOWN
        if family == IPV6 and _behind(node, found):
            return None, Cause.IPV6_PROBE_NOT_ROUTED
        return True, Cause.ANSWERS_PROBE

    return answer


def _behind(node: NodeState, found: Sequence[Endpoint]) -> bool:
    """Whether a pod with a network of its own is on the node, or may be.

    Probes over IPv6 come from a link-local address, which Linux routes to no pod unless something rewrites it first;
    what goes on to another node has the node's own address by then.
    """
    return any(one.node in {node.name, ""} and not set(one.addresses) & set(node.addresses) for one in found)


def _health_check(context: Context, evidence: Evidence, family: IPFamily) -> Callable[[NodeState], Answer]:
    """200 where the node has a ready endpoint of the family, of any port; 503 elsewhere, deleted or not.

    Before 1.36 a kube-proxy with iptables has one such server for both families of a Service, which counts the
    endpoints of the family that opened it first; with nftables there are two.
    """
    if evidence.endpoints is None:
        return _unread
    ready = [one for one in evidence.endpoints if one.ready and one.ports and one.node]
    holding = {one.node for one in of_family(ready, family)}
    shared = len(context.service.ip_families) > 1 and not kubernetes.HEALTH_CHECK_BY_FAMILY.holds(context.cluster)
    others = {one.node for one in of_family(ready, IPV4 if family == IPV6 else IPV6)} if shared else holding

    proxy = kube_proxy(evidence)
    nowhere = proxy is not None and proxy.running is RunsOn.NOWHERE

    def answer(node: NodeState) -> Answer:
        if node.kube_proxy is False or nowhere:
            return False, Cause.KUBE_PROXY_DOWN
        here, other = node.name in holding, node.name in others
        if here is not other:
            return None, Cause.HEALTH_CHECK_OF_EITHER_FAMILY
        return here, Cause.ANSWERS_PROBE if here else Cause.NO_LOCAL_ENDPOINT

    return answer


def _kube_proxy(cluster: Cluster, evidence: Evidence, probe: Probe) -> Callable[[NodeState], Answer]:
    """200 unless kube-proxy, or AKS's proxy before it, does not run, or the node is being deleted."""
    everywhere = _of_daemon_sets(evidence, probe)
    path = probe.request_path.value if probe.request_path is not None else ""
    draining = path.startswith("/healthz") and kubernetes.NODE_DRAINING.holds(cluster)

    def answer(node: NodeState) -> Answer:
        if everywhere is not None:
            return everywhere
        if node.kube_proxy is False:
            return False, Cause.KUBE_PROXY_DOWN
        if node.deleting and draining:
            return False, Cause.KUBE_PROXY_SAYS_DELETED
        if node.labels.get(_OS) == "windows" and not any(one.node == node.name for one in evidence.endpoints or ()):
            return None, Cause.WINDOWS_NEEDS_A_POD
        return True, Cause.ANSWERS_PROBE

    return answer


def _of_daemon_sets(evidence: Evidence, probe: Probe) -> Answer | None:
    """What holds for all nodes alike; a program that no DaemonSet has is told by the hop of the probe."""
    for one in behind_probe(probe, evidence):
        is_sidecar = one.name == HEALTH_PROBE_PROXY
        if one.running is RunsOn.REPLACED:
            return None, Cause.NO_KUBE_PROXY_WITH_CILIUM
        if one.running is RunsOn.NOWHERE:
            return False, Cause.SIDECAR_DOWN if is_sidecar else Cause.KUBE_PROXY_DOWN
        if one.running is RunsOn.SOMEWHERE and is_sidecar:  # of kube-proxy the nodes tell which are without
            return None, Cause.SIDECAR_DOWN
    return None
