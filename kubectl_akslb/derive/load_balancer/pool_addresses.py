"""What pools of addresses (nodeIP) list: the nodes that a reconcile is given, of several load balancers a part of them.

Security rules of a Service without floating IP open what its pool lists, so that it matters there. Pools of network
cards list nothing. Upstream: backendPoolTypeNodeIP.EnsureHostsInPool.
"""

from collections import Counter
from collections.abc import Mapping

from kubectl_akslb.derive.context import Reconciliation
from kubectl_akslb.derive.load_balancer.backend_pool import backend_pool_name
from kubectl_akslb.derive.load_balancer.frontends import families
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, multiple_load_balancers
from kubectl_akslb.derive.readers import equal_fold
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import NODE_IP, Node
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily
from kubectl_akslb.provider import behaviours

#: The number of an instance ends the name of its node: aks-pool1-12345678-vmss00000a.
_INSTANCE = 6


def fill(context: Reconciliation, load_balancer: LoadBalancerState) -> None:
    """Bring the pools of the Service's name in line with the nodes: on all load balancers, where there are several."""
    cluster, azure = context.cluster, context.azure
    if cluster.nodes is None or not equal_fold(cluster.pool_type, NODE_IP):
        return
    if not multiple_load_balancers(cluster):
        _fill(context, load_balancer, cluster.nodes)
        return
    if context.service.is_local:
        _fill(context, load_balancer, cluster.nodes)  # which of them have its pods is not known here
        return
    base = load_balancer.name.value.removesuffix(INTERNAL_SUFFIX)
    _place(context, cluster.nodes, base)
    for state in azure.listed():
        name = state.name.value.removesuffix(INTERNAL_SUFFIX).lower()
        nodes = tuple(node for node in cluster.nodes if azure.places_of_nodes.get(node.name, "").lower() == name)
        if name not in azure.places_with_nodes and context.has(behaviours.NODES_WHERE_NONE_WERE):
            nodes = cluster.nodes
        _fill(context, state, nodes)


def listed(context: Reconciliation, load_balancer: LoadBalancerState) -> Mapping[IPFamily, tuple[str, ...]]:
    """The addresses in the pools of the Service's name. Upstream: GetBackendPrivateIPs."""
    pools = _pools(context)
    return {family: load_balancer.pool_addresses.get(pools.get(family, ""), ()) for family in (IPV4, IPV6)}


def _pools(context: Reconciliation) -> dict[IPFamily, str]:
    own = (IPV4, IPV6) if context.has(behaviours.POOLS_PER_FAMILY) else families(context)
    return {family: backend_pool_name(context, family).value for family in own}


def _fill(context: Reconciliation, load_balancer: LoadBalancerState, nodes: tuple[Node, ...]) -> None:
    for family, pool in _pools(context).items():
        if pool in load_balancer.pools:
            addresses = [a for node in nodes for a in node.addresses if IPFamily.of(a) is family]
            if not context.has(behaviours.NODE_ADDRESSES_REMOVED):
                addresses = [*load_balancer.pool_addresses.get(pool, ()), *addresses]
            load_balancer.pool_addresses[pool] = tuple(dict.fromkeys(addresses))


def _place(context: Reconciliation, nodes: tuple[Node, ...], base: str) -> None:
    """Give each node to one load balancer: to that of its scale set, else to one of those with the fewest nodes.

    Only load balancers count that stand, or that are made by this reconcile, *base*.
    Upstream: reconcileMultipleStandardLoadBalancerBackendNodes.
    """
    azure = context.azure
    standing = {state.name.value.removesuffix(INTERNAL_SUFFIX).lower() for state in azure.listed()} | {base.lower()}
    configurations = [one for one in context.cluster.load_balancers if one.name.lower() in standing]
    names = {node.name for node in nodes}
    places = {name: place for name, place in azure.places_of_nodes.items() if name in names}
    settled = azure.nodes_of_their_set & names
    for node in nodes:
        own = next((one for one in configurations if equal_fold(one.primary_vm_set, node.name[:-_INSTANCE])), None)
        if node.name not in settled and own is not None:
            places[node.name] = own.name
            settled.add(node.name)
    for node in nodes:
        eligible = [one.name for one in configurations]
        if node.name not in settled and places.get(node.name) not in eligible and eligible:
            counted = Counter(places.values())
            places[node.name] = min(eligible, key=counted.__getitem__)
    azure.places_of_nodes, azure.nodes_of_their_set = places, settled
    azure.places_with_nodes |= {place.lower() for place in places.values()}


def recall(azure: Azure) -> None:
    """A provider that starts sees who is in which pool: of one that lists nobody it knows that there were no nodes.

    Upstream: recordExistingNodesOnLoadBalancers.
    """
    for state in azure.listed():
        if state.pool_addresses and not any(state.pool_addresses.values()):
            azure.places_with_nodes.add(state.name.value.removesuffix(INTERNAL_SUFFIX).lower())


def forget(azure: Azure, load_balancer: LoadBalancerState) -> None:
    """A load balancer is deleted: its nodes are on none. Upstream: safeDeleteLoadBalancer."""
    name = load_balancer.name.value.removesuffix(INTERNAL_SUFFIX)
    azure.places_with_nodes.add(name.lower())
    gone = {node for node, place in azure.places_of_nodes.items() if equal_fold(place, name)}
    azure.places_of_nodes = {node: place for node, place in azure.places_of_nodes.items() if node not in gone}
    azure.nodes_of_their_set -= gone
