"""What somebody tells about the way out of a cluster, in the names of AKS."""

from kubectl_akslb.named_tuple import NamedTuple

LOAD_BALANCER = "loadBalancer"
MANAGED_NAT_GATEWAY = "managedNATGateway"
MANAGED_NAT_GATEWAY_V2 = "managedNATGatewayV2"
USER_ASSIGNED_NAT_GATEWAY = "userAssignedNATGateway"
USER_DEFINED_ROUTING = "userDefinedRouting"
NONE = "none"
BLOCK = "block"
UNKNOWN = ""
AVAILABILITY_SET = "AvailabilitySet"


class NodePool(NamedTuple):
    """A node pool (``agentPoolProfiles``) as far as it takes SNAT ports.

    *node_count* is None where nobody knows it. *max_count* is the autoscaler's upper bound, None without an autoscaler.
    *max_surge* is as AKS writes it, ``"2"`` or ``"10%"``; "" means the default of one node. A pool with
    *node_public_ip* has an address on each node. *kind* is its type, such as AVAILABILITY_SET, or "".
    """

    name: str
    node_count: int | None = None
    max_count: int | None = None
    max_surge: str = ""
    node_public_ip: bool = False
    kind: str = ""


class OutboundProfile(NamedTuple):
    """What is said about the way out of the cluster; the defaults are those of AKS.

    *outbound_type* is AKS' outboundType, or UNKNOWN. *public_ips* and *prefixes* are the resources that the owner of
    the cluster brought; *effective_ips* those in use, whoever brought them. *allocated_outbound_ports* 0 means
    automatic. *idle_timeout_in_minutes* is None where nobody set one.
    """

    outbound_type: str = LOAD_BALANCER
    managed_ip_count: int = 1
    public_ips: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    effective_ips: tuple[str, ...] = ()
    allocated_outbound_ports: int = 0
    idle_timeout_in_minutes: int | None = None
    node_pools: tuple[NodePool, ...] = ()
    private_cluster: bool = False
    #: For the commands we print: the cluster's own resource group and its name in AKS.
    aks_resource_group: str = ""
    aks_name: str = ""
