"""The backend pool of a Service: its name. Which nodes are members is path/pool.py's question.

The type of the pools (azure.json's loadBalancerBackendPoolConfigurationType) changes nothing in rules and probes: the
provider builds them before and without looking at the members. With nodeIPConfiguration the network cards of the nodes
join the pool; with nodeIP the pool lists the nodes' addresses (pool_addresses.py), which security rules of a Service
without floating IP repeat.
"""

from collections.abc import Mapping

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import IPV6_SUFFIX, multiple_load_balancers
from kubectl_akslb.derive.precedence import by_provider
from kubectl_akslb.model.provenance import SPEC, Derived, Origin
from kubectl_akslb.model.service import IPV6, IPFamily

EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
MANAGED = "kubernetes.azure.com/managed"
_CONTROL_PLANE = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master", "kubernetes.io/role")


def is_control_plane(labels: Mapping[str, str]) -> bool:
    """Whether these labels are those of a node of the control plane. Upstream: isControlPlaneNode."""
    return any(
        label in labels and (label != "kubernetes.io/role" or labels[label] == "master") for label in _CONTROL_PLANE
    )


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
