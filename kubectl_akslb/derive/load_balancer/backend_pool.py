"""What a backend pool holds: the nodes that take a Service's traffic, and in which form the pool names them.

The type of the pools (azure.json's loadBalancerBackendPoolConfigurationType) changes nothing in rules, probes and
security rules: the provider builds them before and without looking at the members. With nodeIPConfiguration the network
cards of the nodes join the pool; with nodeIP the pool lists the nodes' addresses and names the virtual network.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import IPV6_SUFFIX, multiple_load_balancers
from kubectl_akslb.derive.precedence import by_provider, setting, spec
from kubectl_akslb.derive.readers import equal_fold
from kubectl_akslb.model.cluster import NODE_IP, Cluster, Node
from kubectl_akslb.model.provenance import SPEC, Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV6, IPFamily, Service

EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
MANAGED = "kubernetes.azure.com/managed"
CONTROL_PLANE = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master", "kubernetes.io/role")


def backend_pool_name(context: Context, family: IPFamily) -> Derived[str]:
    """The pool that rules of one family send to.

    Upstream: getBackendPoolName; for Local Services on multiple load balancers getLocalServiceBackendPoolName.
    """
    service = context.service
    if service.is_local and multiple_load_balancers(context.cluster):
        name = f"{service.namespace}-{service.name}".lower() + ("-ipv6" if family is IPV6 else "")
        origin = Origin(SPEC, "spec.externalTrafficPolicy", service.external_traffic_policy)
        note = "with multiple load balancers each Local Service has a pool of the nodes that hold its endpoints"
        return Derived(name, origin, considered=(origin,), notes=(note,), upstream="getLocalServiceBackendPoolName")
    name = context.cluster.cluster_name + (IPV6_SUFFIX if family is IPV6 else "")
    return Derived(name, by_provider("backend pool", name), upstream="getBackendPoolName")


def pool_members(context: Context, family: IPFamily) -> Derived[tuple[str, ...]]:
    """The members of the pool that rules of one family send to, each by its address; placeholders where not known.

    With multiple load balancers a node belongs to one of them, and the pool of a Local Service holds only nodes with
    endpoints of it: neither can be told without the cluster. Upstream: EnsureHostsInPool of both pool types.
    """
    cluster = context.cluster
    pool_type = setting(cluster, "pool_type", "loadBalancerBackendPoolConfigurationType", cluster.pool_type)
    pool = backend_pool_name(context, family)
    by_address = equal_fold(cluster.pool_type, NODE_IP)
    form = "the pool lists the addresses of the nodes" if by_address else "the network cards of the nodes join the pool"
    if multiple_load_balancers(cluster):
        return _of_several(context.service, pool, form)
    if cluster.nodes is None:
        unknown = Placeholder(f"{family} addresses of the nodes")
        return Derived((unknown,), pool_type, notes=(form,), upstream="EnsureHostsInPool")
    members: list[str] = []
    notes = [form]
    for node in cluster.nodes:
        reason = next(_reasons_against(node, cluster), "")
        if reason:
            notes.append(f"{node.name}: {reason}")
        else:
            members += [address for address in node.addresses if IPFamily.of(address) is family][:1]
    return Derived(tuple(members), pool_type, notes=tuple(notes), upstream="EnsureHostsInPool")


def _of_several(service: Service, pool: Derived[str], form: str) -> Derived[tuple[str, ...]]:
    if service.is_local:
        what = Placeholder(f"addresses of the nodes with endpoints of {service.full_name}")
        origin = spec("spec.externalTrafficPolicy", service.external_traffic_policy)
        note = "members follow the endpoints with a delay of up to 30 seconds"
    else:
        what = Placeholder("addresses of the nodes of this load balancer")
        origin = pool.origin
        note = (
            "a node belongs to the load balancer whose primaryVMSet it is in, else to one whose nodeSelector fits it,"
            " else to the one with the fewest nodes"
        )
    return Derived((what,), origin, notes=(form, note), upstream="reconcileMultipleStandardLoadBalancerBackendNodes")


def _reasons_against(node: Node, cluster: Cluster) -> Iterator[str]:
    """Why a node takes no traffic. Upstream: updateNodeCaches, ShouldNodeExcludedFromLoadBalancer."""
    if EXCLUDED in node.labels:
        yield f"the label {EXCLUDED} keeps it out"
    if equal_fold(node.labels.get(MANAGED, ""), "false"):
        yield f"the label {MANAGED} is false"
    if cluster.is_standard and any(
        label in node.labels and (label != "kubernetes.io/role" or node.labels[label] == "master")
        for label in CONTROL_PLANE
    ):
        yield "it is a node of the control plane"
