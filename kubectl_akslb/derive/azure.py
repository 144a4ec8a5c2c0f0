"""What stands in Azure while Services are reconciled one after the other."""

from collections.abc import Iterator

from kubectl_akslb.model.cluster import Cluster, ExistingPublicIP
from kubectl_akslb.model.loadbalancer import LoadBalancer
from kubectl_akslb.model.network import PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import CLUSTER_SETTING, Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4, Service


class Reconciled:
    """A Service that the provider has finished, with the addresses in its status."""

    __slots__ = ("ingress", "service")

    def __init__(self, service: Service, ingress: tuple[str, ...]) -> None:
        self.service = service
        self.ingress = ingress


class Azure:
    """The resources of the provider in one subscription, as the Services so far have left them.

    The one mutable thing in the derivation; it starts from the public IPs that were there before. Public IPs are keyed
    by resource group and name in lower case, as ARM compares them.
    """

    __slots__ = ("load_balancers", "public_ips", "security_rules", "services")

    def __init__(self, cluster: Cluster) -> None:
        self.load_balancers: dict[str, LoadBalancer] = {}
        self.security_rules: dict[str, SecurityRule] = {}
        self.services: dict[str, Reconciled] = {}
        self.public_ips: dict[tuple[str, str], PublicIPAddress] = {}
        for existing in cluster.existing_public_ips:
            group = existing.resource_group or cluster.resource_group
            self.public_ips[group.lower(), existing.name.lower()] = _existing(existing)

    def public_ip(self, resource_group: str, name: str) -> PublicIPAddress | None:
        """The public IP of that name, compared without case."""
        return self.public_ips.get((resource_group.lower(), name.lower()))

    def put_public_ip(self, resource_group: str, address: PublicIPAddress) -> None:
        """Create or replace a public IP."""
        self.public_ips[resource_group.lower(), address.name.value.lower()] = address

    def public_ips_of(self, resource_group: str) -> Iterator[PublicIPAddress]:
        """All public IPs of a resource group."""
        group = resource_group.lower()
        return (address for (owner, _), address in self.public_ips.items() if owner == group)


def _existing(existing: ExistingPublicIP) -> PublicIPAddress:
    origin = Origin(CLUSTER_SETTING, f"existing public IP {existing.name}", existing.ip_address)
    return PublicIPAddress(
        Derived(existing.name, origin),
        Derived(existing.ip_address, origin),
        Derived(existing.version, origin),
        Derived("Static", origin),
        Derived("Standard", origin),
        None,
        None,
        None,
        None,
        None,
        managed=False,
    )


def assigned_address(cluster: Cluster, service: Service, name: str, version: str) -> Derived[str]:
    """The address that ARM gave to the public IP or frontend *name*: known, from the status, or a placeholder."""
    known = cluster.addresses.get(name)
    if known is not None:
        return Derived(known, Origin(CLUSTER_SETTING, f"address of {name}", known))
    for address in service.ingress_ips:
        if (":" in address) == (version != IPV4):
            return Derived(address, Origin("spec", "status.loadBalancer.ingress", address))
    text = Placeholder(f"address of {name}")
    return Derived(text, Origin("provider", f"address of {name}", None), notes=("Azure assigns it",))
