"""The load balancer in ARM's names; every field carries its reasons."""

from kubectl_akslb.model.provenance import Derived, Port
from kubectl_akslb.named_tuple import NamedTuple

PublicIPKey = tuple[str, str]
"""The resource group and the name of a public IP in lower case, as ARM compares them."""

CONTAINER_SKU = "Service"
"""The SKU of a container load balancer, as ARM writes it."""


class Probe(NamedTuple):
    """A health probe. *interval_in_seconds* is in seconds; the path is None for Tcp.

    The threshold is ARM's ``probeThreshold``, or ``numberOfProbes`` in older releases of the provider:
    *threshold_field* says which.
    """

    name: Derived[str]
    protocol: Derived[str]
    port: Derived[Port]
    request_path: Derived[str] | None
    interval_in_seconds: Derived[int]
    threshold: Derived[int]
    threshold_field: str = "probeThreshold"
    #: What the other one of the two fields says, which the provider does not compare; None where it says nothing.
    other_threshold: int | None = None


class LoadBalancingRule(NamedTuple):
    """A load-balancing rule; frontend, pool and probe are the names of what it refers to.

    Those that may be None are so where the provider does not send the field.
    """

    name: Derived[str]
    protocol: Derived[str]
    frontend: Derived[str]
    frontend_port: Derived[int]
    backend_port: Derived[Port]
    backend_pool: Derived[str]
    enable_floating_ip: Derived[bool]
    idle_timeout_in_minutes: Derived[int] | None
    enable_tcp_reset: Derived[bool] | None
    load_distribution: Derived[str] | None
    disable_outbound_snat: Derived[bool] | None
    probe: Derived[str] | None
    service: str = ""
    service_port: int = -1


class FrontendIPConfiguration(NamedTuple):
    """A frontend: either a public IP by name, or a private address in a subnet."""

    name: Derived[str]
    public_ip_address: Derived[str] | None = None
    subnet: Derived[str] | None = None
    private_ip_address: Derived[str] | None = None
    private_ip_allocation_method: Derived[str] | None = None
    private_ip_address_version: Derived[str] | None = None
    zones: Derived[tuple[str, ...]] | None = None
    #: The address it answers on, where one is known; a placeholder elsewhere.
    address: str = ""
    #: The resource group of its public IP: names are unique in a group alone.
    public_ip_resource_group: str = ""

    @property
    def public_ip_key(self) -> PublicIPKey | None:
        """By which its public IP is found."""
        if self.public_ip_address is None:
            return None
        return self.public_ip_resource_group.lower(), self.public_ip_address.value.lower()


class LoadBalancer(NamedTuple):
    """A load balancer with what the provider keeps on it."""

    name: Derived[str]
    sku: Derived[str]
    frontend_ip_configurations: tuple[FrontendIPConfiguration, ...] = ()
    backend_pools: tuple[Derived[str], ...] = ()
    probes: tuple[Probe, ...] = ()
    load_balancing_rules: tuple[LoadBalancingRule, ...] = ()

    @property
    def serves_pods(self) -> bool:
        """Whether its members are pods by their own addresses, and no nodes: a container load balancer."""
        return self.sku.value == CONTAINER_SKU
