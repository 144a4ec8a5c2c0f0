"""What stands in Azure, as far as somebody gave the output of az: records in ARM's names, and what is looked up.

``az_output.read_resources`` makes a ``Resources`` of the bytes of files; nothing here asks Azure. A command gets there
by the options of ``cli/declarations.Standing``, and ``cli/azure_files.AzureStanding``::

    resources = read_resources([("lb.json", data), ("nsg.json", other)])
    for balancer in resources.load_balancers or ():
        for rule in balancer.rules:
            frontend = balancer.frontend(rule.frontend)  # the parts of a load balancer refer to each other by name
            address = resources.public_ip(frontend.public_ip)  # references to other resources are their full ids

A kind of resource is None where no file holds it, and a tuple where one does. Ids are compared without case
(``same_id``). A value that az leaves out, or gives as null, is "", None or (). Nothing is added to what az says, but
Azure's default rules where a security group comes without them.
"""

from collections.abc import Mapping, Sequence

from kubectl_akslb.named_tuple import NamedTuple

INBOUND = "Inbound"
OUTBOUND = "Outbound"
ALLOW = "Allow"
DENY = "Deny"
ANY = "*"


class NsgRule(NamedTuple):
    """A rule of a network security group, of its own or a default one.

    *sources* and *destinations* are the single prefix and the list in one: addresses, ranges, service tags, ``*``;
    ports are ``443``, ``8000-9000``, ``*``. The groups are ids of application security groups. *lists* are the names,
    in lower case, of those of ARM's lists that hold something: ``sourceaddressprefixes``.
    """

    name: str
    priority: int
    direction: str
    access: str
    protocol: str = ANY
    sources: tuple[str, ...] = ()
    source_ports: tuple[str, ...] = (ANY,)
    destinations: tuple[str, ...] = ()
    destination_ports: tuple[str, ...] = (ANY,)
    source_groups: tuple[str, ...] = ()
    destination_groups: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()


def _default(name: str, priority: int, direction: str, access: str, source: str, destination: str) -> NsgRule:
    return NsgRule(name, priority, direction, access, sources=(source,), destinations=(destination,))


DEFAULT_RULES = (
    _default("AllowVnetInBound", 65000, INBOUND, ALLOW, "VirtualNetwork", "VirtualNetwork"),
    _default("AllowAzureLoadBalancerInBound", 65001, INBOUND, ALLOW, "AzureLoadBalancer", ANY),
    _default("DenyAllInBound", 65500, INBOUND, DENY, ANY, ANY),
    _default("AllowVnetOutBound", 65000, OUTBOUND, ALLOW, "VirtualNetwork", "VirtualNetwork"),
    _default("AllowInternetOutBound", 65001, OUTBOUND, ALLOW, ANY, "Internet"),
    _default("DenyAllOutBound", 65500, OUTBOUND, DENY, ANY, ANY),
)
"""The rules that every network security group has. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview"""


class NetworkSecurityGroup(NamedTuple):
    """A network security group; *subnets* and *network_interfaces* are the ids of what it is attached to."""

    name: str
    id: str = ""
    rules: tuple[NsgRule, ...] = ()
    default_rules: tuple[NsgRule, ...] = DEFAULT_RULES
    subnets: tuple[str, ...] = ()
    network_interfaces: tuple[str, ...] = ()
    tags: Mapping[str, str] = {}


class Frontend(NamedTuple):
    """A frontend of a load balancer; *public_ip*, *public_ip_prefix* and *subnet* are ids."""

    name: str
    id: str = ""
    public_ip: str = ""
    public_ip_prefix: str = ""
    private_ip: str = ""
    allocation_method: str = ""
    version: str = ""
    subnet: str = ""
    zones: tuple[str, ...] = ()


class BackendAddress(NamedTuple):
    """A member of a pool by its address (nodeIP)."""

    name: str
    ip_address: str = ""
    virtual_network: str = ""


class BackendPool(NamedTuple):
    """A backend pool: members by the ids of their network cards' configurations, or by address."""

    name: str
    id: str = ""
    ip_configurations: tuple[str, ...] = ()
    addresses: tuple[BackendAddress, ...] = ()


class LoadBalancerProbe(NamedTuple):
    """A health probe, as it stands; *threshold* is probeThreshold, *number* numberOfProbes."""

    name: str
    protocol: str = ""
    port: int | None = None
    path: str = ""
    interval: int | None = None
    number: int | None = None
    threshold: int | None = None


class BalancingRule(NamedTuple):
    """A load-balancing rule, as it stands; *frontend*, *pools* and *probe* are names within its load balancer."""

    name: str
    protocol: str = ""
    frontend_port: int | None = None
    backend_port: int | None = None
    frontend: str = ""
    pools: tuple[str, ...] = ()
    probe: str = ""
    floating_ip: bool | None = None
    tcp_reset: bool | None = None
    idle_timeout: int | None = None
    load_distribution: str = ""
    disable_outbound_snat: bool | None = None


class StandingOutboundRule(NamedTuple):
    """An outbound rule, as it stands; *frontends* and *pool* are names within its load balancer."""

    name: str
    protocol: str = ""
    allocated_ports: int | None = None
    frontends: tuple[str, ...] = ()
    pool: str = ""
    idle_timeout: int | None = None
    tcp_reset: bool | None = None


class AzureLoadBalancer(NamedTuple):
    """A load balancer with all that stands on it; *inbound_nat_rules* are names."""

    name: str
    id: str = ""
    sku: str = ""
    frontends: tuple[Frontend, ...] = ()
    pools: tuple[BackendPool, ...] = ()
    probes: tuple[LoadBalancerProbe, ...] = ()
    rules: tuple[BalancingRule, ...] = ()
    outbound_rules: tuple[StandingOutboundRule, ...] = ()
    inbound_nat_rules: tuple[str, ...] = ()
    tags: Mapping[str, str] = {}
    provisioning_state: str = ""

    def frontend(self, name: str) -> Frontend | None:
        """The frontend of that name."""
        return next((one for one in self.frontends if one.name.lower() == name.lower()), None)

    def pool(self, name: str) -> BackendPool | None:
        """The backend pool of that name."""
        return next((one for one in self.pools if one.name.lower() == name.lower()), None)

    def probe(self, name: str) -> LoadBalancerProbe | None:
        """The probe of that name."""
        return next((one for one in self.probes if one.name.lower() == name.lower()), None)


class PublicIP(NamedTuple):
    """A public IP address; *ip_configuration* is the id of what uses it, "" where nothing does.

    Of *tags* None is another thing than none: the provider takes an address that never had tags for nobody's.
    """

    name: str
    id: str = ""
    ip_address: str = ""
    version: str = ""
    allocation_method: str = ""
    sku: str = ""
    ip_configuration: str = ""
    nat_gateway: str = ""
    prefix: str = ""
    domain_name_label: str = ""
    fqdn: str = ""
    zones: tuple[str, ...] = ()
    ip_tags: tuple[tuple[str, str], ...] = ()
    idle_timeout: int | None = None
    tags: Mapping[str, str] | None = None
    location: str = ""
    provisioning_state: str = ""


class Route(NamedTuple):
    """A route of a route table."""

    name: str
    prefix: str
    next_hop_type: str
    next_hop: str = ""


class RouteTable(NamedTuple):
    """A route table; *subnets* are the ids of those that use it."""

    name: str
    id: str = ""
    routes: tuple[Route, ...] = ()
    subnets: tuple[str, ...] = ()


class IPConfiguration(NamedTuple):
    """An address of a network card; the others are ids."""

    name: str
    private_ip: str = ""
    subnet: str = ""
    public_ip: str = ""
    application_security_groups: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()


class NetworkInterface(NamedTuple):
    """A network card, of a virtual machine or of an instance of a scale set (*machine* is its id)."""

    name: str
    id: str = ""
    machine: str = ""
    security_group: str = ""
    configurations: tuple[IPConfiguration, ...] = ()


class Subnet(NamedTuple):
    """A subnet; the others are ids."""

    name: str
    id: str = ""
    prefixes: tuple[str, ...] = ()
    security_group: str = ""
    route_table: str = ""
    nat_gateway: str = ""


class VirtualNetwork(NamedTuple):
    """A virtual network; *peered* are the prefixes of those that it is connected to by a peering."""

    name: str
    id: str = ""
    prefixes: tuple[str, ...] = ()
    peered: tuple[str, ...] = ()
    subnets: tuple[Subnet, ...] = ()


class VirtualMachine(NamedTuple):
    """A virtual machine, alone or of a scale set; its states are Azure's words: ``running``, ``Succeeded``."""

    name: str
    id: str = ""
    power_state: str = ""
    provisioning_state: str = ""


class AgentPool(NamedTuple):
    """A node pool of a cluster; *kind* is VirtualMachineScaleSets or AvailabilitySet."""

    name: str
    provisioning_state: str = ""
    power_state: str = ""
    kind: str = ""


class ManagedCluster(NamedTuple):
    """A cluster of AKS; *private*: its API server has no public address. *network_plugin* is azure, kubenet or none."""

    name: str
    id: str = ""
    node_resource_group: str = ""
    provisioning_state: str = ""
    power_state: str = ""
    pools: tuple[AgentPool, ...] = ()
    private: bool = False
    network_plugin: str = ""


class PrivateZone(NamedTuple):
    """A private DNS zone; *links* is how many virtual networks it is linked to, None where az does not say."""

    name: str
    id: str = ""
    links: int | None = None


class ZoneLink(NamedTuple):
    """The link of a private DNS zone to a virtual network, of which it has the id; *zone* is the id of the zone."""

    name: str
    zone: str = ""
    virtual_network: str = ""


class Usage(NamedTuple):
    """What a subscription uses in a region, and its quota; *name* is ARM's (``IPv4StandardSkuPublicIpAddresses``)."""

    name: str
    current: int
    limit: int
    region: str = ""


class Resources(NamedTuple):
    """All that the files hold. None stands for what no file holds; *notices* say what was passed over.

    So many files are *empty_lists*: such a one does not say of what. Of the kinds that are *whole* there is nothing
    else: of a kind that files hold, others may be in no file. *sources* are the files, or the commands of az, that
    held something.
    """

    security_groups: tuple[NetworkSecurityGroup, ...] | None = None
    load_balancers: tuple[AzureLoadBalancer, ...] | None = None
    public_ips: tuple[PublicIP, ...] | None = None
    route_tables: tuple[RouteTable, ...] | None = None
    network_interfaces: tuple[NetworkInterface, ...] | None = None
    subnets: tuple[Subnet, ...] | None = None
    virtual_networks: tuple[VirtualNetwork, ...] | None = None
    service_tags: Mapping[str, tuple[str, ...]] | None = None
    usages: tuple[Usage, ...] | None = None
    machines: tuple[VirtualMachine, ...] | None = None
    clusters: tuple[ManagedCluster, ...] | None = None
    private_zones: tuple[PrivateZone, ...] | None = None
    zone_links: tuple[ZoneLink, ...] | None = None
    whole: frozenset[str] = frozenset()
    empty_lists: int = 0
    notices: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def security_group(self, resource_id: str) -> NetworkSecurityGroup | None:
        """The security group of that id."""
        return _by_id(self.security_groups, resource_id)

    def load_balancer(self, name: str) -> AzureLoadBalancer | None:
        """The load balancer of that name."""
        return next((one for one in self.load_balancers or () if one.name.lower() == name.lower()), None)

    def public_ip(self, resource_id: str) -> PublicIP | None:
        """The public IP address of that id."""
        return _by_id(self.public_ips, resource_id)

    def subnet(self, resource_id: str) -> Subnet | None:
        """The subnet of that id, given alone or within its network."""
        within = tuple(one for network in self.virtual_networks or () for one in network.subnets)
        return _by_id((*(self.subnets or ()), *within), resource_id)

    def route_table(self, resource_id: str) -> RouteTable | None:
        """The route table of that id."""
        return _by_id(self.route_tables, resource_id)

    def prefixes_of(self, tag: str) -> tuple[str, ...] | None:
        """The ranges of a service tag, None where the tags were not given, or do not hold it."""
        return (self.service_tags or {}).get(tag.lower())


def group_of(resource_id: str) -> str:
    """The resource group in an id in lower case, "" where there is none."""
    parts = resource_id.strip("/").lower().split("/")
    return parts[3] if len(parts) > 3 and parts[2] == "resourcegroups" else ""


def same_id(one: str, other: str) -> bool:
    """Whether two resource ids are of the same resource: ARM does not keep their case."""
    return one.strip("/").lower() == other.strip("/").lower()


def name_of(resource_id: str) -> str:
    """The last part of a resource id: the name of what it is of."""
    return resource_id.rstrip("/").rpartition("/")[2]


def _by_id(resources: "Sequence[_T] | None", resource_id: str) -> "_T | None":
    return next((one for one in resources or () if resource_id and same_id(one.id, resource_id)), None)


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, TypeVar

    class _Resource(Protocol):
        @property
        def id(self) -> str: ...

    _T = TypeVar("_T", bound=_Resource)
