"""Everything that stands, thing by thing, with the values that are compared under ARM's names and without noise.

Case, order and what ARM shows where nobody has set anything are the same on both sides of a comparison.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.derive.load_balancer.probes import SHARED_PROBE_NAME
from kubectl_akslb.derive.security_group.shared_rules import NAME_PREFIX
from kubectl_akslb.derive.state.azure import SERVICE_TAG, Azure, services_of
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.named_tuple import NamedTuple


class ItemKind(Enum):
    """What a thing is, in ARM's words."""

    LOAD_BALANCER = "loadBalancer"
    FRONTEND = "frontendIPConfiguration"
    RULE = "loadBalancingRule"
    PROBE = "probe"
    POOL = "backendAddressPool"
    SECURITY_RULE = "securityRule"
    PUBLIC_IP = "publicIPAddress"


class Item(NamedTuple):
    """One thing in Azure. *path* is its place in ARM. *services* are those that are known to share it.

    *beside* are values that the provider neither sends nor compares: field, value, and what it is where nobody sets it.
    *shared* is what belongs to all Services.
    """

    kind: ItemKind
    name: str
    path: str
    values: Mapping[str, Derived[Any]]
    services: tuple[str, ...] = ()
    beside: tuple[tuple[str, object, object], ...] = ()
    shared: bool = False
    because: Derived[Any] | None = None

    @property
    def kind_and_key(self) -> "Key":
        """What tells it from all other things."""
        return self.kind, self.key

    @property
    def key(self) -> str:
        """Its name among those of its kind."""
        return self.path.partition("/")[2].lower()


#: What ARM takes where a field is not set.
_DEFAULTS = {"enableTcpReset": False, "idleTimeoutInMinutes": 4, "loadDistribution": "Default", "requestPath": ""}
_WITHOUT_CASE = frozenset({
    "protocol", "probe", "frontendIPConfiguration", "backendAddressPool", "publicIPAddress", "subnet", "access",
    "direction", "sku", "publicIPAllocationMethod",
})  # fmt: skip
_WITHOUT_ORDER = frozenset({
    "sourceAddressPrefixes", "destinationAddressPrefixes", "destinationPortRanges", "sourcePortRanges", "ipTags",
})  # fmt: skip
_OTHER_THRESHOLD = {"probeThreshold": "numberOfProbes", "numberOfProbes": "probeThreshold"}
_DEFAULT_THRESHOLD = 1
_SOURCES, DESTINATIONS = "sourceAddressPrefixes", "destinationAddressPrefixes"

Key = tuple[ItemKind, str]


def plain(derived: Derived[Any] | None) -> object:
    """The bare value."""
    return derived.value if derived is not None else None


def alike(field: str, one: object, other: object) -> bool:
    """Whether two values of a field mean the same to ARM, which does not keep the case of some."""
    if field in _WITHOUT_CASE and isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return one == other


def items(azure: Azure, cluster: Cluster) -> dict[Key, Item]:
    """All things that stand, by kind and name; those on a load balancer by its name as well."""
    found: dict[Key, Item] = {}
    for balancer in azure.listed():
        for item in _of_load_balancer(balancer):
            found[item.kind_and_key] = item
    for rule in azure.security_rules.values():
        item = _security_rule(rule)
        found[item.kind_and_key] = item
    for address in azure.public_ips.values():
        item = _public_ip(address, cluster)
        found[item.kind_and_key] = item
    return found


def wanted(derivation: Derivation) -> Iterator[Item]:
    """The rules, probes and pools that a Service asks for, whatever stands."""
    balancer = derivation.load_balancer
    if balancer is None:
        return
    home = f"loadBalancers/{balancer.name.value}"
    for rule in balancer.load_balancing_rules:
        yield _rule(rule, home)
    for probe in balancer.probes:
        yield _probe(probe, home)
    for pool in balancer.backend_pools:
        yield _pool(pool, home)


def _values(**fields: Derived[Any] | None) -> dict[str, Derived[Any]]:
    """The fields that are there, with case, order and defaults out of the way."""
    return {name: _alike(name, derived) for name, derived in fields.items() if derived is not None}


def _alike(name: str, derived: Derived[Any]) -> Derived[Any]:
    value = derived.value
    if name in _WITHOUT_ORDER and isinstance(value, tuple):
        ordered = tuple(sorted({one for one in value if one != ""}))
        return derived if ordered == value else derived.with_value(ordered)
    return derived


def _of_load_balancer(balancer: LoadBalancerState) -> Iterator[Item]:
    home = f"loadBalancers/{balancer.name.value}"
    for frontend in balancer.frontends.values():
        yield _frontend(frontend, home)
    for rule in balancer.rules.values():
        yield _rule(rule, home)
    for probe in balancer.probes.values():
        yield _probe(probe, home)
    for pool in balancer.pools.values():
        yield _pool(pool, home)


def _pool(pool: Derived[str], home: str) -> Item:
    return Item(ItemKind.POOL, pool.value, f"{home}/backendAddressPools/{pool.value}", {}, because=pool)


def _frontend(frontend: FrontendIPConfiguration, home: str) -> Item:
    name = frontend.name.value
    method = frontend.private_ip_allocation_method
    dynamic = method is not None and method.value == "Dynamic"
    fields = {
        "publicIPAddress": frontend.public_ip_address,
        "subnet": frontend.subnet,
        "privateIPAddress": None
        if dynamic or isinstance(frontend.address, Placeholder)
        else frontend.private_ip_address,
        "privateIPAllocationMethod": method,
    }
    return Item(
        ItemKind.FRONTEND, name, f"{home}/frontendIPConfigurations/{name}", _values(**fields), because=frontend.name
    )


def _or_default(name: str, derived: Derived[Any] | None, like: Derived[Any]) -> Derived[Any]:
    default = _DEFAULTS[name]
    if derived is None or derived.value is None or derived.value == "":
        return like.with_value(default)
    return derived


def _rule(rule: LoadBalancingRule, home: str) -> Item:
    name = rule.name.value
    fields = {
        "protocol": rule.protocol,
        "frontendIPConfiguration": rule.frontend,
        "frontendPort": rule.frontend_port,
        "backendPort": rule.backend_port,
        "backendAddressPool": rule.backend_pool,
        "enableFloatingIP": rule.enable_floating_ip,
        "idleTimeoutInMinutes": _or_default("idleTimeoutInMinutes", rule.idle_timeout_in_minutes, rule.name),
        "enableTcpReset": _or_default("enableTcpReset", rule.enable_tcp_reset, rule.name),
        "loadDistribution": _or_default("loadDistribution", rule.load_distribution, rule.name),
        "disableOutboundSnat": rule.disable_outbound_snat,
        "probe": rule.probe if rule.probe is not None else rule.name.with_value(""),
    }
    return Item(ItemKind.RULE, name, f"{home}/loadBalancingRules/{name}", _values(**fields), because=rule.name)


def _probe(probe: Probe, home: str) -> Item:
    name = probe.name.value
    fields = {
        "protocol": probe.protocol,
        "port": probe.port,
        "requestPath": _or_default("requestPath", probe.request_path, probe.name),
        "intervalInSeconds": probe.interval_in_seconds,
        probe.threshold_field: probe.threshold,
    }
    other = probe.other_threshold
    beside: tuple[tuple[str, object, object], ...] = ()
    if other is not None and other != probe.threshold.value:  # Azure shows both, the one that nobody sets as 1
        beside = ((_OTHER_THRESHOLD[probe.threshold_field], other, _DEFAULT_THRESHOLD),)
    shared = name == SHARED_PROBE_NAME
    path = f"{home}/probes/{name}"
    return Item(ItemKind.PROBE, name, path, _values(**fields), beside=beside, shared=shared, because=probe.name)


def _security_rule(rule: SecurityRule) -> Item:
    name = rule.name.value
    fields: dict[str, Derived[Any]] = {
        "access": rule.access,
        "protocol": rule.protocol,
        "direction": rule.name.with_value(rule.direction),
        "priority": rule.priority,
        _SOURCES: rule.sources,
        "sourcePortRanges": rule.name.with_value(rule.source_ports),
        DESTINATIONS: rule.destinations,
        "destinationPortRanges": rule.destination_ports,
    }
    beside = tuple((field, values, ()) for field, values in rule.beside)
    path = f"securityRules/{name}"
    return Item(
        ItemKind.SECURITY_RULE,
        name,
        path,
        _values(**fields),
        rule.services,
        beside,
        because=rule.access if name.startswith(NAME_PREFIX) else rule.name,
    )


def _public_ip(address: PublicIPAddress, cluster: Cluster) -> Item:
    name = address.name.value
    fields: dict[str, Derived[Any] | None] = {
        "ipAddress": address.ip_address,
        "dnsSettings.domainNameLabel": address.domain_name_label,
        "publicIPAddressVersion": address.version,
        "publicIPAllocationMethod": address.allocation_method,
        "ipTags": address.ip_tags,
    }
    values = _values(**fields)
    for key, tag in (address.tags or {}).items():
        values[f"tags.{key}"] = tag
    services = services_of(address)
    if not services and name.lower().startswith(f"{cluster.cluster_name.lower()}-"):
        values.setdefault(f"tags.{SERVICE_TAG}", address.name.with_value(""))
    return Item(ItemKind.PUBLIC_IP, name, f"publicIPAddresses/{name}", values, services, because=address.name)
