"""Azure's limits, and what counts towards them.

Source: azure-docs, includes/load-balancer-limits of 2026-06-30, and the limits of virtual networks and private link.
"""

from kubectl_akslb.model.cluster import Cluster

#: Rules of all load balancers that one network card takes part in. Azure's text says 299 for load-balancing rules.
RULES_PER_NIC = 299
SECURITY_RULES = 1000
#: Of all rules of a security group together; sources and destinations each.
SECURITY_PREFIXES = 4000
PRIVATE_LINK_SERVICES = 8
#: Of all frontends of a load balancer together: each rule counts once for each node.
BACKENDS = 500_000
TAGS = 50
TAG_NAME_LENGTH = 512
TAG_VALUE_LENGTH = 256
#: Minutes; Standard takes 4 to 100.
BASIC_IDLE_TIMEOUT = 30
#: Azure keeps that many addresses at the beginning of a subnet, and one at its end.
RESERVED_FIRST = 4


def frontends(cluster: Cluster) -> int:
    """How many frontends a load balancer may have."""
    return 600 if cluster.is_standard else 200


def pool(cluster: Cluster) -> int:
    """How many members a backend pool may have."""
    return 5000 if cluster.is_standard else 300


def rules(cluster: Cluster) -> int:
    """How many rules a load balancer may have, with inbound NAT rules."""
    return 1500 if cluster.is_standard else 250
