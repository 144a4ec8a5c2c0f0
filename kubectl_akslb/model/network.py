"""Public IP addresses, security rules and private link services in ARM's names; every field carries its reasons."""

from collections.abc import Mapping

from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.named_tuple import NamedTuple


class PublicIPAddress(NamedTuple):
    """A public IP address; *managed* says whether the provider created it (and may delete it).

    *tags* is None as long as nobody has written any.
    """

    name: Derived[str]
    ip_address: Derived[str]
    version: Derived[str]
    allocation_method: Derived[str]
    sku: Derived[str] | None = None
    zones: Derived[tuple[str, ...]] | None = None
    tags: Mapping[str, Derived[str]] | None = None
    domain_name_label: Derived[str] | None = None
    ip_tags: Derived[tuple[tuple[str, str], ...]] | None = None
    prefix_id: Derived[str] | None = None
    managed: bool = True


class SecurityRule(NamedTuple):
    """A rule of the network security group.

    ARM has a single and a plural form for prefixes and ports; which one the provider sends depends on its version:
    *single_source*, *single_destination* and *single_port* say whether the single form is used.
    """

    name: Derived[str]
    access: Derived[str]
    protocol: Derived[str]
    priority: Derived[int]
    sources: Derived[tuple[str, ...]]
    destinations: Derived[tuple[str, ...]]
    destination_ports: Derived[tuple[str, ...]]
    single_source: bool = True
    single_destination: bool = True
    single_port: bool = False
    #: The Services ("namespace/name") that put a destination into the rule, in order.
    services: tuple[str, ...] = ()
    #: What a rule that a person has edited may have otherwise than each that the provider makes.
    direction: str = "Inbound"
    source_ports: tuple[str, ...] = ("*",)
    #: What stands in ARM's other form of a field, by its name: the provider sets one, and need not clear the other.
    beside: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: Application security groups among the destinations, by their ids.
    destination_groups: tuple[str, ...] = ()


class PrivateLinkAddress(NamedTuple):
    """One address that a private link service takes for itself; Azure chooses it where *address* is None."""

    name: Derived[str]
    address: Derived[str] | None
    subnet: Derived[str]
    primary: Derived[bool]


class PrivateLinkService(NamedTuple):
    """A private link service on a frontend of a load balancer; lists that nobody has ever set are None."""

    name: Derived[str]
    resource_group: Derived[str]
    load_balancer: Derived[str]
    frontend: Derived[str]
    addresses: tuple[PrivateLinkAddress, ...]
    proxy_protocol: Derived[bool] | None
    fqdns: Derived[tuple[str, ...]] | None
    visibility: Derived[tuple[str, ...]] | None
    auto_approval: Derived[tuple[str, ...]] | None
    tags: Mapping[str, Derived[str]]
