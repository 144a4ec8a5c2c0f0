"""Which nodes are members of the backend pool: those that Kubernetes' service controller hands over, and Azure keeps.

Upstream: cloud-provider's nodes predicates, and updateNodeCaches with ShouldNodeExcludedFromLoadBalancer. With the
addresses of nodes (nodeIP) the pool is what is handed over, but for control planes; with network cards a node is taken
out only by what the provider itself excludes, or when its virtual machine is gone. conformance/cases/members.py asks
the real ones.
"""

from collections.abc import Collection, Iterator, Sequence

from kubectl_akslb.azure import limits
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.backend_pool import EXCLUDED, MANAGED, is_control_plane
from kubectl_akslb.derive.naming import multiple_load_balancers
from kubectl_akslb.derive.readers import equal_fold
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.nodes import TO_BE_DELETED
from kubectl_akslb.evidence.state import NodeState
from kubectl_akslb.model.cluster import NODE_IP, Cluster, Node
from kubectl_akslb.model.command import kubectl
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import IPV4, IPFamily
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.in_azure import on_azure, pooled, shown
from kubectl_akslb.provider import behaviours

_RESOURCE_GROUP = "kubernetes.azure.com/resource-group"
_AGENT_POOL = "kubernetes.azure.com/agentpool"
_OF_AZURE = "azure:"
_UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized"
_VIRTUAL = (("type", "virtual-kubelet"), ("kubernetes.io/role", "virtual-kubelet"))
_VIRTUAL_TAINT = "virtual-kubelet.io/provider"
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})
"""What Go's strconv.ParseBool takes for false."""

_ASKS_PROVIDER_ID = range(25, 28)
"""The minors of which some patches hand over no node without a provider ID. Upstream: nodeHasProviderIDPredicate."""


class Member(NamedTuple):
    """A node, and whether it is in the pool, None where that cannot be told; *because* is why it is not, or may not."""

    node: NodeState
    member: bool | None
    because: tuple[Reason, ...] = ()


def members(context: Context, evidence: Evidence, family: IPFamily) -> tuple[Member, ...] | None:
    """Each node, in the pool of this IP family or not; None where no node was read."""
    nodes = evidence.nodes
    if nodes is not None:
        # Services differ in nothing here but whether they are Local: a thousand of them ask for the same.
        parts = (members, context.cluster, nodes, context.service.is_local, family)
        found = evidence.objects.made_of(
            parts, lambda: tuple(_addressed(context, _member(context, node), family) for node in nodes)
        )
        found = _of_its_set(context, found)
        inside = pooled(context, evidence)
        return found if inside is None else tuple(_as_it_stands(one, inside) for one in found)
    if context.cluster.nodes is None or evidence.source is EvidenceSource.CLUSTER:
        return None
    known = (NodeState(one.name, one.addresses, one.labels, provider_id="azure:") for one in context.cluster.nodes)
    return _of_its_set(context, tuple(_member(context, node) for node in known))


def _of_its_set(context: Context, found: tuple[Member, ...]) -> tuple[Member, ...]:
    """Who is in the pool of a Basic load balancer, which takes the nodes of one set alone.

    That is the one which the Service names, else the primary one. Upstream: EnsureHostInPool, errNotInVMSet.
    """
    if context.cluster.is_standard:
        return found
    from kubectl_akslb.derive.load_balancer.vm_sets import AUTO, asked_set

    sets = {one.node.name: _set_of(context.cluster, one.node) for one in found}
    told_apart = {sets[one.node.name] or one.node.labels.get(_AGENT_POOL, "") for one in found}
    if len(told_apart) < 2:
        return found
    asked = asked_set(context.service)
    wanted = "" if asked == AUTO else asked if asked is not None else context.cluster.primary_vm_set
    return tuple(_with_set(one, sets[one.node.name], wanted) for one in found)


def _with_set(one: Member, its: str, wanted: str) -> Member:
    facts = {"node": one.node.name, "set": its, "wanted": wanted}
    if one.member is False or (its and equal_fold(its, wanted)):
        return one
    if its and wanted:
        return Member(one.node, member=False, because=(Reason(Cause.OF_OTHER_SET, facts),))
    return Member(one.node, member=None, because=(Reason(Cause.OF_ONE_LOAD_BALANCER, facts),))


def _set_of(cluster: Cluster, node: NodeState) -> str:
    """The scale set that its provider ID names, else what the profile says of a node of this name; "" if unknown."""
    from kubectl_akslb.derive.load_balancer.vm_sets import set_of

    _, _, rest = (node.provider_id or "").lower().partition("/virtualmachinescalesets/")
    known = next((one for one in cluster.nodes or () if one.name == node.name), Node(node.name, ()))
    return rest.partition("/")[0] or set_of(cluster, known)


def _addressed(context: Context, one: Member, family: IPFamily) -> Member:
    """A node without an InternalIP of the family. With addresses of nodes it is no member.

    A network card is found by the name of its machine; where the node's addresses are those of the card, the provider
    finds no configuration of that family on it, and fails. Upstream: getPrimaryIPConfigFromVMSSNetworkConfig.
    """
    if one.member is False or any(IPFamily.of(address) is family for address in one.node.addresses):
        return one
    by_address = equal_fold(context.cluster.pool_type, NODE_IP)
    reason = Reason(Cause.NODE_NOT_ADDRESSED, {"node": one.node.name, "family": family})
    return Member(one.node, member=False if by_address else None, because=(reason, *one.because))


def _as_it_stands(one: Member, inside: Collection[str]) -> Member:
    """The node as the pool in Azure has it, which need not be what belongs there."""
    name = one.node.name
    if name in inside:
        if one.member is not False:
            return Member(one.node, member=True)
        return Member(one.node, member=None, because=(Reason(Cause.STILL_IN_POOL, {"node": name}),))
    if one.member is False:
        return one
    return Member(one.node, member=False, because=(Reason(Cause.NOT_IN_POOL_YET, {"node": name}),))


def pool_hop(context: PathContext) -> Hop:
    """Whether the pool has members."""
    if context.derivation.serves_pods:
        return _hop(Outcome.PASS, Confidence.CERTAIN, Reason(Cause.PODS_IN_THE_POOL))
    families = context.service.ip_families[: None if context.has(behaviours.DUAL_STACK) else 1] or (IPV4,)
    hops = [_of_family(context, context.evidence, IPFamily(family)) for family in families]
    order = (Outcome.DROP, Outcome.UNKNOWN, Outcome.DEPENDS, Outcome.PASS)
    return min(hops, key=lambda hop: order.index(hop.outcome))


def _of_family(context: Context, evidence: Evidence, family: IPFamily) -> Hop:
    cluster = context.cluster
    found = members(context, evidence, family)
    if found is None:
        if evidence.source is EvidenceSource.FILES:
            return _hop(Outcome.PASS, Confidence.ASSUMED, Reason(Cause.NODES_NOT_READ))
        verify = kubectl("get", "nodes", "--show-labels")
        return _hop(Outcome.UNKNOWN, Confidence.UNREAD, Reason(Cause.NODES_UNREAD))._replace(verify=verify)
    inside = [one.node.name for one in found if one.member]
    unsure = [one for one in found if one.member is None]
    if not inside and not unsure:
        if found and all(one.because[0].cause is Cause.NOT_IN_POOL_YET for one in found):
            hop = _hop(Outcome.DROP, Confidence.OBSERVED, Reason(Cause.POOL_IS_EMPTY, {"nodes": len(found)}))
            return hop._replace(verify=shown(on_azure(context, evidence)))
        return _hop(Outcome.DROP, _seen(evidence), Reason(Cause.NO_MEMBER, {"nodes": len(found)}), *_shared(found))
    if not inside:
        return _hop(Outcome.DEPENDS, _seen(evidence), *unsure[0].because)
    most = limits.pool(cluster)
    if len(inside) > most:
        return _hop(
            Outcome.DEPENDS, Confidence.DOCUMENTED, Reason(Cause.POOL_TOO_LARGE, {"members": len(inside), "most": most})
        )
    facts = {"members": len(inside), "nodes": len(found)}
    return _hop(Outcome.PASS, _seen(evidence), Reason(Cause.IN_THE_POOL, facts))


def _seen(evidence: Evidence) -> Confidence:
    return Confidence.OBSERVED if evidence.nodes is not None else Confidence.ASSUMED


def _shared(found: Sequence[Member]) -> Iterator[Reason]:
    """Why the nodes are out, those of one cause together."""
    names: dict[Cause, list[str]] = {}
    first: dict[Cause, Reason] = {}
    for one in found:
        reason = one.because[0]
        names.setdefault(reason.cause, []).append(one.node.name)
        first.setdefault(reason.cause, reason)
    for cause, nodes in names.items():
        yield Reason(cause, {**first[cause].facts, "node": "the nodes", "nodes": tuple(nodes)})


def _hop(outcome: Outcome, confidence: Confidence, *reasons: Reason) -> Hop:
    return Hop(HopName.POOL, outcome, confidence, reasons)


def _member(context: Context, node: NodeState) -> Member:
    by_address = equal_fold(context.cluster.pool_type, NODE_IP)
    out = _kept_out(context.cluster, node, by_address=by_address) or _not_ready(context, node, by_address=by_address)
    if out is not None:
        return Member(node, member=False, because=(Reason(out, {"node": node.name}),))
    if node.provider_id is None and (not by_address or context.cluster.provider_version.minor in _ASKS_PROVIDER_ID):
        return Member(node, member=None, because=(Reason(Cause.NO_PROVIDER_ID, {"node": node.name}),))
    if node.provider_id is not None and not node.provider_id.lower().startswith(_OF_AZURE) and not by_address:
        facts = {"node": node.name, "machine": node.provider_id}
        return Member(node, member=None, because=(Reason(Cause.NOT_OF_AZURE, facts),))
    if multiple_load_balancers(context.cluster) and not context.service.is_local:
        reason = Reason(Cause.OF_ONE_LOAD_BALANCER, {"node": node.name})
        return Member(node, member=None, because=(reason,))
    return Member(node, member=True)


def keeps_out(cluster: Cluster, node: NodeState) -> bool:
    """Whether the labels of a node keep it out of every pool, or that it is virtual: nothing sends there."""
    by_address = equal_fold(cluster.pool_type, NODE_IP)
    return _is_virtual(node) or _kept_out(cluster, node, by_address=by_address) is not None


def _kept_out(cluster: Cluster, node: NodeState, *, by_address: bool) -> Cause | None:
    """What keeps a node out whatever its state."""
    if EXCLUDED in node.labels and not _exclusion_is_undone(cluster, node, by_address=by_address):
        return Cause.EXCLUDED
    if not by_address and equal_fold(node.labels.get(MANAGED, ""), "false"):
        return Cause.NOT_MANAGED
    if (by_address or cluster.is_standard) and is_control_plane(node.labels):
        return Cause.CONTROL_PLANE
    if not by_address and _is_virtual(node):
        return Cause.VIRTUAL_NODE
    group = node.labels.get(_RESOURCE_GROUP, "")
    if group and not by_address and "resource_group" in cluster.given and not equal_fold(group, cluster.resource_group):
        return Cause.OTHER_RESOURCE_GROUP
    if by_address and node.deleting and cluster.has(behaviours.NODE_ADDRESSES_REMOVED):
        handed_over = TO_BE_DELETED not in node.taints and not cluster.has(behaviours.STABLE_NODE_SET)
        return None if handed_over else Cause.NODE_DELETED
    return None


def _exclusion_is_undone(cluster: Cluster, node: NodeState, *, by_address: bool) -> bool:
    """Whether the label's value is read, and is false: Kubernetes hands the node over, and the provider takes it out.

    Only from network cards: an address that is handed over stays in the pool.
    """
    return by_address and node.labels[EXCLUDED] in _FALSE and cluster.has(behaviours.EXCLUSION_READ)


def _is_virtual(node: NodeState) -> bool:
    """Whether it has no virtual machine, and so no network card. AKS labels its own virtual nodes as excluded, too."""
    return any(node.labels.get(key) == value for key, value in _VIRTUAL) or _VIRTUAL_TAINT in node.taints


def _not_ready(context: Context, node: NodeState, *, by_address: bool) -> Cause | None:
    """Up to 1.27 nodes that are not ready were taken out; since then they stay, and the probe decides."""
    if node.ready is not False:
        return None
    handed_over = context.has(behaviours.STABLE_NODE_SET) or (
        context.service.is_local and context.has(behaviours.UNREADY_NODES_OF_LOCAL)
    )
    removed = context.has(behaviours.UNREADY_NODES_REMOVED) and _UNINITIALIZED not in node.taints
    if removed and not (by_address and handed_over):  # an address that is handed over comes back at once
        return Cause.NODE_NOT_READY
    if handed_over:
        return None
    return Cause.NODE_NOT_READY if by_address or _UNINITIALIZED in node.taints else None  # such a node never joined
