"""What stands in Azure while Services are reconciled one after the other.

The one mutable thing in the derivation. Everything that is looked up per Service has an index, so that the cost of a
Service does not grow with the number of those before it.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping

from kubectl_akslb.derive.readers import trim
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.derive.state.security_group import SecurityGroupState
from kubectl_akslb.model.cluster import Cluster, ExistingPublicIP
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, PublicIPKey
from kubectl_akslb.model.network import PrivateLinkService, PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import CLUSTER_SETTING, PROVIDER, SPEC, Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily, Service
from kubectl_akslb.provider.annotations import ADDITIONAL_IPS
from kubectl_akslb.provider.behaviours import PUBLIC_IPS_KEPT_BY_GROUP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.derive.context import Context

SERVICE_TAG = "k8s-azure-service"
PrivateLinkKey = tuple[str, str, str]
#: The private addresses of nodes that nobody has named.
UNKNOWN_NODES = {family: Placeholder(f"private {family} addresses of the nodes") for family in (IPV4, IPV6)}


class EqualFields:
    """What was derived of some fields of Services alone; copies of a state share it, because only fields decide it."""

    __slots__ = ("_by_cluster",)

    def __init__(self) -> None:
        self._by_cluster: dict[int, tuple[Cluster, dict[Hashable, object]]] = {}

    def of(self, cluster: Cluster) -> dict[Hashable, object]:
        """What is known of a cluster, which is told by its identity, and kept so that no other can take its place."""
        known = self._by_cluster.get(id(cluster))
        if known is None:
            known = self._by_cluster[id(cluster)] = (cluster, {})
        return known[1]


class Azure:
    """The resources of the provider in one subscription, as the Services so far have left them.

    It starts from the public IPs that were there before. Public IPs are keyed by resource group and name in lower case,
    as ARM compares them. ``touched`` holds the public IPs written since it was last cleared.

    Steps that are taken *at once* follow each other within the minutes for which the provider keeps what it has listed.
    Else what it sees is what stands: a step that it fails for that reason is taken again later.
    """

    __slots__ = (
        "_at_once",
        "_claims",
        "_keeps_public_ips",
        "_listed",
        "_public_ip_by_address",
        "_public_ips_by_service",
        "_public_ips_seen",
        "_sharing_nodes",
        "_sharing_services",
        "forgotten_places",
        "gone_places",
        "ingress",
        "load_balancers",
        "nodes_of_their_set",
        "of_equal_fields",
        "places_of_nodes",
        "places_with_nodes",
        "private_links",
        "public_ips",
        "public_ips_read",
        "rule_ports",
        "security_group",
        "security_rule_names",
        "services",
        "told_places",
        "touched",
        "unclaimed_addresses",
        "unseen_bindings",
        "wrote_public_ip",
    )

    def __init__(self, cluster: Cluster, *, at_once: bool = False) -> None:
        self.load_balancers: dict[str, LoadBalancerState] = {}
        self.security_group = SecurityGroupState()
        #: The rules that each Service, by its full name, takes part in.
        self.security_rule_names: dict[str, tuple[str, ...]] = {}
        #: Of several load balancers, by the name of a node the configuration that has it, and which nodes are there
        #: because of their scale set.
        self.places_of_nodes: dict[str, str] = {}
        self.nodes_of_their_set: set[str] = set()
        #: The configurations, in lower case, whose nodes the provider knows: there was one at some time,
        #: or a load balancer that is gone, or pools that were empty when it started.
        self.places_with_nodes: set[str] = set()
        self.services: dict[str, Service] = {}
        self.of_equal_fields = EqualFields()
        #: By resource group, load balancer and frontend: the provider finds them by these, and not by their names.
        self.private_links: dict[PrivateLinkKey, PrivateLinkService] = {}
        self.public_ips: dict[PublicIPKey, PublicIPAddress] = {}
        self.touched: dict[PublicIPKey, None] = {}
        #: Services, by their full names, with the configuration of several load balancers that the provider has
        #: forgotten them to be on.
        self.forgotten_places: set[tuple[str, str]] = set()
        #: The same of those that it knows them to be on by their rules, as a provider does that has just started.
        self.told_places: set[tuple[str, str]] = set()
        #: Whether the provider has read the public IPs since it wrote one last.
        self.public_ips_read = True
        #: Public IPs that got a frontend since the provider read them last: its cache shows them without one.
        self.unseen_bindings: set[PublicIPKey] = set()
        #: Public IPs whose load balancer went with their frontend: the provider's cache shows them on it until it
        #: reads them again.
        self.gone_places: dict[PublicIPKey, str] = {}
        #: Whether the reconcile that runs has sent a public IP.
        self.wrote_public_ip = False
        #: How often an address is claimed: by a node, in the status of a Service, in what a Service adds to its own.
        self._claims: dict[str, int] = {}
        #: The addresses that each Service adds to its own, by its full name.
        self._listed: dict[str, tuple[str, ...]] = {}
        #: Destinations of rules that may be claimed by nobody.
        self.unclaimed_addresses: set[str] = set()
        #: The addresses in the status of each finished Service, by its full name.
        self.ingress: dict[str, tuple[str, ...]] = {}
        #: By a Service's full name: the Service, whether it may turn floating IP off, and the ports of its rules.
        self.rule_ports: dict[str, tuple[Service, bool, Mapping[str, tuple[str, ...]]]] = {}
        self._public_ip_by_address: dict[tuple[str, str], PublicIPKey] = {}
        self._public_ips_by_service: dict[str, dict[PublicIPKey, None]] = {}
        self._keeps_public_ips = cluster.has(PUBLIC_IPS_KEPT_BY_GROUP)
        self._at_once = at_once and self._keeps_public_ips
        #: The resource groups, as somebody spells them, whose public IPs the provider has listed, with those that have
        #: changed since as it still sees them: it keeps one list for each spelling, and forgets that of the spelling
        #: by which it writes. None stands for a public IP that was not there.
        self._public_ips_seen: dict[str, dict[PublicIPKey, PublicIPAddress | None]] = {}
        self._sharing_services: dict[str, list[str]] = {}
        self._sharing_nodes: dict[str, None] = {}
        self.claim(node_addresses(cluster))
        for existing in cluster.existing_public_ips:
            self.put_public_ip(existing.resource_group or cluster.resource_group, _existing(existing))
        self.touched.clear()

    def copy(self) -> "Azure":
        """The same state once more: what is reconciled or deleted on the copy leaves this one alone."""
        other = object.__new__(Azure)
        for field in Azure.__slots__:
            setattr(other, field, _copied(getattr(self, field)))
        return other

    @property
    def security_rules(self) -> Mapping[str, SecurityRule]:
        """The rules of the security group by name."""
        return self.security_group.rules

    def listed(self) -> list[LoadBalancerState]:
        """The load balancers in the order in which ARM lists them: taken to be by name, without case."""
        return sorted(self.load_balancers.values(), key=lambda state: state.name.value.lower())

    def public_ip(self, resource_group: str, name: str) -> PublicIPAddress | None:
        """The public IP of that name without case, as the provider sees it; a missing one is looked for anew."""
        key = (resource_group.lower(), name.lower())
        found = self.list_public_ips(resource_group).get(key, self.public_ips.get(key))
        return found if found is not None else self._listed_anew(resource_group).get(key)

    def public_ip_at(self, resource_group: str, address: str) -> PublicIPAddress | None:
        """The public IP that has this address, as the provider sees it; a missing one is looked for anew."""
        changed = self.list_public_ips(resource_group)
        for found in changed.values():
            if found is not None and found.ip_address.value == address:
                return found
        key = self._public_ip_by_address.get((resource_group.lower(), address))
        if key is None or key in changed:
            self._listed_anew(resource_group)
        return self.standing_public_ip_at(resource_group, address)

    def standing_public_ip_at(self, resource_group: str, address: str) -> PublicIPAddress | None:
        """The public IP that has this address, whatever the provider sees."""
        key = self._public_ip_by_address.get((resource_group.lower(), address))
        return self.public_ips[key] if key is not None else None

    def list_public_ips(self, resource_group: str) -> Mapping[PublicIPKey, PublicIPAddress | None]:
        """Let the provider list the public IPs of a group that is spelled so: what it sees otherwise than it stands."""
        if not self._at_once:
            return {}
        return self._public_ips_seen.setdefault(resource_group, {})

    def _listed_anew(self, resource_group: str) -> Mapping[PublicIPKey, PublicIPAddress]:
        if self._at_once:
            self._public_ips_seen[resource_group] = {}
        return self.public_ips

    def put_public_ip(self, resource_group: str, address: PublicIPAddress) -> None:
        """Create or replace a public IP."""
        key = (resource_group.lower(), address.name.value.lower())
        self._change_public_ip(key, resource_group)
        self.public_ips[key] = address
        self.touched[key] = None
        self._public_ip_by_address.setdefault((resource_group.lower(), address.ip_address.value), key)
        for name in services_of(address):
            self._public_ips_by_service.setdefault(name.lower(), {})[key] = None

    def _change_public_ip(self, key: PublicIPKey, by: str) -> None:
        """The lists that the provider keeps show a public IP as it was, but that of the group as spelled *by* it."""
        self._public_ips_seen.pop(by, None)
        for group, changed in self._public_ips_seen.items():
            if group.lower() == key[0]:
                changed.setdefault(key, self.public_ips.get(key))

    def public_ips_of(self, service: Service) -> list[PublicIPKey]:
        """The public IPs whose tag names this Service."""
        found = self._public_ips_by_service.get(service.full_name.lower(), ())
        return [key for key in found if key in self.public_ips]

    def delete_public_ip(self, key: PublicIPKey, by: str) -> None:
        """Delete a public IP, by its group as it is spelled there."""
        self._change_public_ip(key, by)
        gone = self.public_ips.pop(key, None)
        self.gone_places.clear()
        self.touched.pop(key, None)
        if gone is not None and self._public_ip_by_address.get((key[0], gone.ip_address.value)) == key:
            del self._public_ip_by_address[key[0], gone.ip_address.value]

    def forget_public_ips(self) -> None:
        """The provider has written a public IP, so that it reads all of them again before it looks at the next."""
        self.public_ips_read = False
        self.unseen_bindings.clear()
        self.gone_places.clear()

    def bind(self, frontends: Collection[FrontendIPConfiguration]) -> None:
        """New frontends have their public IPs; what the provider has read of these before does not show it."""
        if any(frontend.public_ip_key is not None for frontend in frontends):
            self.gone_places.clear()
        for frontend in frontends if self._keeps_public_ips and self.public_ips_read else ():
            if frontend.public_ip_key is not None:
                self.unseen_bindings.add(frontend.public_ip_key)

    def claim(self, addresses: Iterable[str]) -> None:
        """Count these addresses once more."""
        for address in addresses:
            self._claims[address] = self._claims.get(address, 0) + 1

    def release(self, addresses: Iterable[str]) -> None:
        """Count these addresses once less; those that nobody has any more may stand in rules."""
        for address in addresses:
            self._claims[address] -= 1
            if not self._claims[address]:
                del self._claims[address]
                self.unclaimed_addresses.add(address)

    def claims_on(self, address: str) -> int:
        """How often an address is claimed."""
        return self._claims.get(address, 0)

    def store(self, service: Service, *, shares_nodes: bool, additional: tuple[str, ...] = ()) -> None:
        """Remember what a Service says now, and the *additional* addresses in it, whatever the provider makes of it."""
        name = service.full_name
        self.services[name] = service
        if additional or name in self._listed:
            self.claim(additional)
            self.release(self._listed.get(name, ()))
            self._listed[name] = additional
        if shares_nodes:
            self._sharing_nodes[name] = None
        else:
            self._sharing_nodes.pop(name, None)

    def finish(self, service: Service, ingress: tuple[str, ...]) -> None:
        """Remember that the provider has finished a Service, with the addresses in its status."""
        name = service.full_name
        if self.ingress.get(name) != ingress:
            self._forget_status(name)
            for address in ingress:
                self._sharing_services.setdefault(address, []).append(name)
            self.ingress[name] = ingress
            self.claim(ingress)

    def forget(self, service: Service) -> None:
        """Forget a Service that is deleted: its addresses and those of the nodes behind it are claimed no more."""
        self._forget_status(service.full_name)
        self.release(self._listed.pop(service.full_name, ()))
        self._sharing_nodes.pop(service.full_name, None)
        self.services.pop(service.full_name, None)

    def _forget_status(self, name: str) -> None:
        """Addresses that no Service has any more belong to nobody."""
        for address in self.ingress.get(name, ()):
            self._sharing_services[address].remove(name)
        self.release(self.ingress.pop(name, ()))

    def security_rules_of(self, service: Service) -> tuple[SecurityRule, ...]:
        """The security rules that stand now and that the Service takes part in."""
        names = self.security_rule_names.get(service.full_name, ())
        rules = self.security_rules
        return tuple(rules[name] for name in names if name in rules)

    def services_at(self, addresses: Iterable[str]) -> list[Service]:
        """The finished Services that have one of these addresses, each once."""
        names = {name: None for address in addresses for name in self._sharing_services.get(address, ())}
        return [self.services[name] for name in names]

    def services_on_nodes(self) -> list[Service]:
        """The Services whose traffic goes to the nodes' own addresses."""
        return [self.services[name] for name in self._sharing_nodes]


def node_addresses(cluster: Cluster) -> tuple[str, ...]:
    """The private addresses of all nodes; one placeholder a family where they are not known."""
    if cluster.nodes is None:
        return tuple(UNKNOWN_NODES.values())
    return tuple(address for node in cluster.nodes for address in node.addresses)


def _copied(value: object) -> object:
    """Containers of the state anew; the records in them never change, and are shared."""
    if isinstance(value, (LoadBalancerState, SecurityGroupState)):
        return value.copy()
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, (list, set)):
        return value.copy()
    return value


def services_of(address: PublicIPAddress) -> tuple[str, ...]:
    """The Services in the tag of a public IP. Upstream: parsePIPServiceTag."""
    tag = (address.tags or {}).get(SERVICE_TAG)
    return tuple(trim(name) for name in tag.value.split(",") if name) if tag is not None else ()


def _existing(existing: ExistingPublicIP) -> PublicIPAddress:
    origin = Origin(CLUSTER_SETTING, f"existing public IP {existing.name}", existing.ip_address)
    return PublicIPAddress(
        name=Derived(existing.name, origin),
        ip_address=Derived(existing.ip_address, origin),
        version=Derived(existing.version, origin),
        allocation_method=Derived("Static", origin),
        sku=Derived("Standard", origin),
        managed=False,
    )


def assigned_address(context: "Context", name: str, version: str) -> Derived[str]:
    """The address ARM gave to the public IP or frontend *name*: known, from the Service's status, or a placeholder."""
    known = context.cluster.addresses.get(name)
    if known is not None:
        return Derived(known, Origin(CLUSTER_SETTING, f"address of {name}", known))
    added = [trim(item) for item in context.service.annotations.get(ADDITIONAL_IPS, "").split(",")]
    for address in context.service.ingress_ips:
        if IPFamily.of(address) == version and address not in added:
            return Derived(address, Origin(SPEC, "status.loadBalancer.ingress", address))
    text = Placeholder(f"address of {name}")
    return Derived(text, Origin(PROVIDER, f"address of {name}", None), notes=("Azure assigns it",))
