"""What stands in Azure while Services are reconciled one after the other.

The one mutable thing in the derivation. Everything that is looked up per Service has an index, so that the cost of a
Service does not grow with the number of those before it.
"""

from collections.abc import Callable, Iterable

from kubectl_akslb.derive.readers import trim
from kubectl_akslb.model.cluster import Cluster, ExistingPublicIP
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancer, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import CLUSTER_SETTING, PROVIDER, SPEC, Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4, Service
from kubectl_akslb.provider.annotations import ADDITIONAL_IPS

PublicIPKey = tuple[str, str]
PortKey = tuple[str, str, int]


class LoadBalancerState:
    """One load balancer, with its rules and frontends indexed by the prefix of the Service that owns them."""

    __slots__ = (
        "_by_prefix", "_frontends_by_prefix", "_ports", "_unread",
        "frontends", "name", "pools", "probes", "rules", "sku",
    )  # fmt: skip

    def __init__(self, name: Derived[str], sku: Derived[str]) -> None:
        self.name = name
        self.sku = sku
        self.frontends: dict[str, FrontendIPConfiguration] = {}
        self.pools: dict[str, Derived[str]] = {}
        self.probes: dict[str, Probe] = {}
        self.rules: dict[str, LoadBalancingRule] = {}
        self._by_prefix: dict[str, tuple[list[str], list[str]]] = {}
        self._frontends_by_prefix: dict[str, list[str]] = {}
        self._ports: dict[PortKey, str] = {}
        self._unread: list[str] = []

    def frontends_of(self, prefix: str) -> list[FrontendIPConfiguration]:
        """The frontends named after the Service with this prefix."""
        return [self.frontends[name] for name in self._frontends_by_prefix.get(prefix, ())]

    def rule_on(self, frontend: str, protocol: str, port: int) -> LoadBalancingRule | None:
        """The rule that takes this port of a frontend, protocols compared without case."""
        name = self._ports.get((frontend, protocol.lower(), port))
        return self.rules.get(name) if name is not None else None

    def put_frontend(self, prefix: str, frontend: FrontendIPConfiguration) -> None:
        """Create or replace a frontend; *prefix* is that of the Service it is named after."""
        name = frontend.name.value
        if name not in self.frontends:
            self._frontends_by_prefix.setdefault(prefix, []).append(name)
            self._unread.append(name)
        self.frontends[name] = frontend

    def read_back(self, as_read_back: Callable[[FrontendIPConfiguration], FrontendIPConfiguration]) -> None:
        """Take over what ARM filled in since the load balancer was sent last, for the frontends that are new to us."""
        for name in self._unread:
            self.frontends[name] = as_read_back(self.frontends[name])
        self._unread.clear()

    def replace_rules(self, prefix: str, probes: Iterable[Probe], rules: Iterable[LoadBalancingRule]) -> None:
        """Put a Service's probes and rules in place of those it had. A probe that is there already stays."""
        old_probes, old_rules = self._by_prefix.get(prefix, ([], []))
        for name in old_probes:
            self.probes.pop(name, None)
        for name in old_rules:
            rule = self.rules.pop(name, None)
            if rule is None:
                continue
            self._ports.pop((rule.frontend.value, rule.protocol.value.lower(), rule.frontend_port.value), None)
        own_probes = []
        for probe in probes:
            name = probe.name.value
            if name.upper().startswith(prefix.upper()):
                own_probes.append(name)
            self.probes.setdefault(name, probe)
        own_rules = []
        for rule in rules:
            own_rules.append(rule.name.value)
            self.rules[rule.name.value] = rule
            self._ports[rule.frontend.value, rule.protocol.value.lower(), rule.frontend_port.value] = rule.name.value
        self._by_prefix[prefix] = (own_probes, own_rules)

    def rules_of(self, prefix: str) -> list[LoadBalancingRule]:
        """The rules of the Service with this prefix."""
        return [self.rules[name] for name in self._by_prefix.get(prefix, ([], []))[1]]

    def remove_frontends(self, kept: Iterable[str], names: Iterable[str]) -> None:
        """Remove all frontends but *kept*, and the rules and probes that have one of *names* in theirs."""
        self.frontends = {name: self.frontends[name] for name in kept}
        for gone in names:
            self.rules = {name: rule for name, rule in self.rules.items() if gone not in name}
            self.probes = {name: probe for name, probe in self.probes.items() if gone not in name}
        self._unread = [name for name in self._unread if name in self.frontends]
        self._ports = {key: name for key, name in self._ports.items() if name in self.rules}
        for prefix, (probes, rules) in self._by_prefix.items():
            left = [name for name in probes if name in self.probes], [name for name in rules if name in self.rules]
            self._by_prefix[prefix] = left
        for prefix, frontends in self._frontends_by_prefix.items():
            self._frontends_by_prefix[prefix] = [name for name in frontends if name in self.frontends]

    def frontend_of(self, public_ip: str) -> FrontendIPConfiguration | None:
        """The frontend of the public IP of that name."""
        name = public_ip.lower()
        for frontend in self.frontends.values():
            if frontend.public_ip_address is not None and frontend.public_ip_address.value.lower() == name:
                return frontend
        return None

    def remove_frontend(self, public_ip: str) -> None:
        """Take off the frontend of a public IP, with the rules that refer to it."""
        frontend = self.frontend_of(public_ip)
        if frontend is None:
            return
        name = frontend.name.value
        del self.frontends[name]
        if name in self._unread:
            self._unread.remove(name)
        for names in self._frontends_by_prefix.values():
            if name in names:
                names.remove(name)
        for rule in [rule for rule in self.rules.values() if rule.frontend.value == name]:
            del self.rules[rule.name.value]
            del self._ports[rule.frontend.value, rule.protocol.value.lower(), rule.frontend_port.value]

    def snapshot(self) -> LoadBalancer:
        """The whole load balancer as a value."""
        return LoadBalancer(
            self.name,
            self.sku,
            tuple(self.frontends.values()),
            tuple(self.pools.values()),
            tuple(self.probes.values()),
            tuple(self.rules.values()),
        )


class Azure:
    """The resources of the provider in one subscription, as the Services so far have left them.

    It starts from the public IPs that were there before. Public IPs are keyed by resource group and name in lower case,
    as ARM compares them. ``touched`` holds the public IPs written since it was last cleared.
    """

    __slots__ = (
        "_public_ip_by_address",
        "_sharing_nodes",
        "_sharing_services",
        "known_addresses",
        "load_balancers",
        "public_ips",
        "security_rule_names",
        "security_rules",
        "services",
        "touched",
        "unclaimed_addresses",
    )

    def __init__(self, cluster: Cluster) -> None:
        self.load_balancers: dict[str, LoadBalancerState] = {}
        self.security_rules: dict[str, SecurityRule] = {}
        #: The rules that each Service, by its full name, takes part in.
        self.security_rule_names: dict[str, tuple[str, ...]] = {}
        self.services: dict[str, Service] = {}
        self.public_ips: dict[PublicIPKey, PublicIPAddress] = {}
        self.touched: dict[PublicIPKey, None] = {}
        self.known_addresses = {address for node in cluster.nodes or () for address in node.addresses}
        #: Destinations of rules whose Service did not finish, so that its addresses are in no status.
        self.unclaimed_addresses: set[str] = set()
        self._public_ip_by_address: dict[tuple[str, str], PublicIPKey] = {}
        self._sharing_services: dict[str, list[str]] = {}
        self._sharing_nodes: list[str] = []
        for existing in cluster.existing_public_ips:
            self.put_public_ip(existing.resource_group or cluster.resource_group, _existing(existing))
        self.touched.clear()

    def listed(self) -> list[LoadBalancerState]:
        """The load balancers in the order in which ARM lists them: taken to be by name, without case."""
        return sorted(self.load_balancers.values(), key=lambda state: state.name.value.lower())

    def public_ip(self, resource_group: str, name: str) -> PublicIPAddress | None:
        """The public IP of that name, compared without case."""
        return self.public_ips.get((resource_group.lower(), name.lower()))

    def public_ip_at(self, resource_group: str, address: str) -> PublicIPAddress | None:
        """The public IP that has this address."""
        key = self._public_ip_by_address.get((resource_group.lower(), address))
        return self.public_ips[key] if key is not None else None

    def put_public_ip(self, resource_group: str, address: PublicIPAddress) -> None:
        """Create or replace a public IP."""
        key = (resource_group.lower(), address.name.value.lower())
        self.public_ips[key] = address
        self.touched[key] = None
        self._public_ip_by_address.setdefault((resource_group.lower(), address.ip_address.value), key)

    def delete_public_ip(self, key: PublicIPKey) -> None:
        """Delete a public IP."""
        gone = self.public_ips.pop(key)
        self.touched.pop(key, None)
        if self._public_ip_by_address.get((key[0], gone.ip_address.value)) == key:
            del self._public_ip_by_address[key[0], gone.ip_address.value]

    def finish(self, service: Service, ingress: tuple[str, ...], *, shares_nodes: bool) -> None:
        """Remember a Service that the provider has finished, with the addresses in its status."""
        if service.full_name not in self.services:
            for address in ingress:
                self._sharing_services.setdefault(address, []).append(service.full_name)
            if shares_nodes:
                self._sharing_nodes.append(service.full_name)
        self.services[service.full_name] = service
        self.known_addresses.update(ingress)
        self.unclaimed_addresses.difference_update(ingress)

    def security_rules_of(self, service: Service) -> tuple[SecurityRule, ...]:
        """The security rules that stand now and that the Service takes part in."""
        names = self.security_rule_names.get(service.full_name, ())
        return tuple(self.security_rules[name] for name in names if name in self.security_rules)

    def services_at(self, addresses: Iterable[str]) -> list[Service]:
        """The finished Services that have one of these addresses, each once."""
        names = {name: None for address in addresses for name in self._sharing_services.get(address, ())}
        return [self.services[name] for name in names]

    def services_on_nodes(self) -> list[Service]:
        """The finished Services whose traffic goes to the nodes' own addresses."""
        return [self.services[name] for name in self._sharing_nodes]


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
    """The address ARM gave to the public IP or frontend *name*: known, from the Service's status, or a placeholder."""
    known = cluster.addresses.get(name)
    if known is not None:
        return Derived(known, Origin(CLUSTER_SETTING, f"address of {name}", known))
    added = [trim(item) for item in service.annotations.get(ADDITIONAL_IPS, "").split(",")]
    for address in service.ingress_ips:
        if (":" in address) == (version != IPV4) and address not in added:
            return Derived(address, Origin(SPEC, "status.loadBalancer.ingress", address))
    text = Placeholder(f"address of {name}")
    return Derived(text, Origin(PROVIDER, f"address of {name}", None), notes=("Azure assigns it",))
