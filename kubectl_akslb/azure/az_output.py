"""Reads the output of ``az … -o json`` into ``Resources``. It is not trusted: types, sizes and nesting are checked.

Every shape that az has had is read: with ARM's ``properties`` or flattened, one resource or a list, ARM's page of a
list, keys in any case. What a resource is, its id, its type or its own keys tell.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar

from kubectl_akslb.azure.resources import (
    ANY,
    DEFAULT_RULES,
    AgentPool,
    AzureLoadBalancer,
    BackendAddress,
    BackendPool,
    BalancingRule,
    Frontend,
    IPConfiguration,
    LoadBalancerProbe,
    ManagedCluster,
    NetworkInterface,
    NetworkSecurityGroup,
    NsgRule,
    PrivateZone,
    PublicIP,
    Resources,
    Route,
    RouteTable,
    StandingOutboundRule,
    Subnet,
    Usage,
    VirtualMachine,
    VirtualNetwork,
    ZoneLink,
    name_of,
)
from kubectl_akslb.errors import InputError

MAX_BYTES = 64 * 1024 * 1024
"""A larger file is refused: all service tags of Azure are some 10 MB."""

_READ = (
    "Give the output of az network … with -o json: lb, nsg, public-ip, route-table, nic or vnet list,"
    " list-service-tags, list-usages; or that of az vmss list-instances, az aks show."
)
_WHOLE = "Give it as az wrote it: with -o json, without --query."
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
_SHOWN = 60
_KEYS = (
    ("networksecuritygroups", "defaultsecurityrules"),
    ("networksecuritygroups", "securityrules"),
    ("loadbalancers", "loadbalancingrules"),
    ("routetables", "routes"),
    ("virtualnetworks", "addressspace"),
    ("publicipaddresses", "publicipallocationmethod"),
)
_LISTS = ("sourceaddressprefixes", "sourceportranges", "destinationaddressprefixes", "destinationportranges")
_T = TypeVar("_T")


def read_resources(files: Iterable[tuple[str, bytes]]) -> Resources:
    """What stands in Azure, by the output of az in *files*, pairs of a name and its bytes.

    InputError with file and place for what cannot be understood. A resource that stands in two files counts once, as
    the later file has it.
    """
    found: dict[str, dict[str, Any]] = {}
    empty, sources = [], []
    for path, data in files:
        sources.append(path)
        content = _parsed(data, path)
        if isinstance(content, list) and not content:
            empty.append(path)
        for fields in _resources(content, path):
            _add(found, fields)
    return Resources(
        security_groups=_all(found, "networksecuritygroups"),
        load_balancers=_all(found, "loadbalancers"),
        public_ips=_all(found, "publicipaddresses"),
        route_tables=_all(found, "routetables"),
        network_interfaces=_all(found, "networkinterfaces"),
        subnets=_all(found, "subnets"),
        virtual_networks=_all(found, "virtualnetworks"),
        service_tags=found.get("servicetags"),
        usages=_all(found, "usages"),
        machines=_all(found, "virtualmachines"),
        clusters=_all(found, "managedclusters"),
        private_zones=_all(found, "privatednszones"),
        zone_links=_all(found, "virtualnetworklinks"),
        empty_lists=len(empty),
        notices=tuple(f"{path} is an empty list, which does not say of what" for path in empty),
        sources=tuple(sources),
    )


class ArmFields:
    """The keys of one JSON object, in any case, with ARM's ``properties`` beside the others; *at* is its place."""

    def __init__(self, data: object, path: str, at: str = "") -> None:
        if not isinstance(data, Mapping):
            _fail(path, at, f"is {_kind(data)}, not an object", _READ)
        self.path = path
        self.at = at
        inner = next((value for key, value in data.items() if key.lower() == "properties"), None)
        outer = {key.lower(): value for key, value in data.items()}
        self.data = (
            {key.lower(): value for key, value in inner.items()} | outer if isinstance(inner, Mapping) else outer
        )

    def get(self, name: str) -> object:
        """The value of a key, None where it is not there or null."""
        return self.data.get(name.lower())

    def text(self, name: str) -> str:
        """A text, "" where none is given."""
        value = self.get(name)
        if value is None or isinstance(value, str):
            return _clean(value or "")
        return self.fail(name, f"must be text, but it is {_kind(value)}")

    def needed(self, name: str) -> str:
        """A text that every such resource has."""
        return self.text(name) or self.fail(name, "is missing")

    def number(self, name: str) -> int | None:
        """A whole number, None where none is given."""
        value = self.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        return self.fail(name, f"must be a whole number, but it is {_kind(value)}")

    def flag(self, name: str) -> bool | None:
        """True or false, None where neither is given."""
        value = self.get(name)
        if value is None or isinstance(value, bool):
            return value
        return self.fail(name, f"must be true or false, but it is {_kind(value)}")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._list(name)
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self.fail(f"{name}[{index}]", f"must be text, but it is {_kind(value)}")
        return tuple(map(_clean, values))

    def items(self, name: str) -> Iterator["ArmFields"]:
        """The objects of a list."""
        for index, value in enumerate(self._list(name)):
            yield ArmFields(value, self.path, self._at(f"{name}[{index}]"))

    def inner(self, name: str) -> "ArmFields":
        """An object, an empty one where none is given."""
        value = self.get(name)
        return ArmFields({} if value is None else value, self.path, self._at(name))

    def id_of(self, name: str) -> str:
        """The id in a reference to a resource."""
        return self.inner(name).text("id")

    def ids(self, name: str) -> tuple[str, ...]:
        """The ids in a list of references."""
        return tuple(filter(None, (one.text("id") for one in self.items(name))))

    def one_or_more(self, single: str, plural: str) -> tuple[str, ...]:
        """ARM's single and plural form of the same in one."""
        return tuple(filter(None, (self.text(single), *self.texts(plural))))

    def pairs(self, name: str) -> dict[str, str]:
        """Tags: pairs of texts."""
        value = self.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.fail(name, f"must be an object, but it is {_kind(value)}")
        return {_clean(key): _clean(item) for key, item in value.items() if isinstance(item, str)}

    def fail(self, name: str, what: str) -> NoReturn:
        """Stop, and say where."""
        _fail(self.path, self._at(name), what, _WHOLE)

    def _list(self, name: str) -> list[Any]:
        value = self.get(name)
        if value is None:
            return []
        return value if isinstance(value, list) else self.fail(name, f"must be a list, but it is {_kind(value)}")

    def _at(self, name: str) -> str:
        return f"{self.at}.{name}" if self.at else name


def _clean(text: str) -> str:
    """*text* without halves of surrogate pairs, which JSON can hold and nothing can print."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _fail(path: str, at: str, what: str, hint: str) -> NoReturn:
    raise InputError(f"{at[:200]} {what}" if at else f"this {what}", path=path, hint=hint)


def _kind(value: object) -> str:
    if isinstance(value, str):
        return repr(value[:_SHOWN])
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list) else json.dumps(value)[:_SHOWN]


def _parsed(data: bytes, path: str) -> object:
    if len(data) > MAX_BYTES:
        raise InputError(
            f"the file has {len(data):,} bytes; more than {MAX_BYTES:,} are not read", path=path, hint=_READ
        )
    if data.startswith(_UTF16_MARKS):  # what ">" writes in Windows PowerShell
        data = data.decode("utf-16", "replace").encode()
    text = _COLOUR.sub(b"", data.removeprefix(b"\xef\xbb\xbf"))  # -o jsonc has colours
    if not text.strip():
        raise InputError("the file is empty", path=path, hint=_READ)
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise InputError(
            f"this is no JSON: {error.msg}", path=path, line=error.lineno, column=error.colno, hint=_READ
        ) from None
    except RecursionError:
        raise InputError("this is nested too deeply", path=path, hint=_READ) from None
    except ValueError as error:
        raise InputError(f"this is no JSON: {error}", path=path, hint=_READ) from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _resources(content: object, path: str) -> Iterator[ArmFields]:
    """Each resource of a file with its place."""
    if isinstance(content, Mapping) and isinstance(content.get("value"), list):
        content = content["value"]  # ARM's page of a list, as az rest prints it
    if isinstance(content, list):
        for index, one in enumerate(content):
            yield ArmFields(one, path, f"[{index}]")
    else:
        yield ArmFields(content, path)


def _add(found: dict[str, dict[str, Any]], fields: ArmFields) -> None:
    kind = _kind_of(fields)
    if kind == "servicetags":
        found.setdefault(kind, {}).update(_service_tags(fields))
        return
    one = _READERS[kind](fields)
    place = fields.text("id") or f"{fields.path}:{fields.at}"
    found.setdefault(kind, {})[place.strip("/").lower()] = one


def _all(found: Mapping[str, Mapping[str, _T]], kind: str) -> tuple[_T, ...] | None:
    return tuple(found[kind].values()) if kind in found else None


def _kind_of(fields: ArmFields) -> str:
    """The type of a resource in ARM, in lower case."""
    values = fields.get("values")
    if isinstance(values, list) and (fields.get("cloud") is not None or fields.get("changeNumber") is not None):
        return "servicetags"
    if fields.get("currentValue") is not None and fields.get("limit") is not None:
        return "usages"
    named = (name_of(fields.text("id").rpartition("/")[0]) or name_of(fields.text("type"))).lower()
    if named not in _READERS:
        named = next((kind for kind, key in _KEYS if key in fields.data and not named), named)
    if named in _READERS:
        return named
    if "agentpoolprofiles" in fields.data:
        return "managedclusters"
    what = f"is of the type {named[:_SHOWN]!r}, which is not read" if named else "is no resource that is read"
    return _fail(fields.path, fields.at, what, _READ)


def _nsg(fields: ArmFields) -> NetworkSecurityGroup:
    return NetworkSecurityGroup(
        fields.needed("name"),
        fields.text("id"),
        tuple(map(_nsg_rule, fields.items("securityRules"))),
        tuple(map(_nsg_rule, fields.items("defaultSecurityRules"))) or DEFAULT_RULES,
        fields.ids("subnets"),
        fields.ids("networkInterfaces"),
        fields.pairs("tags"),
    )


def _nsg_rule(fields: ArmFields) -> NsgRule:
    priority = fields.number("priority")
    return NsgRule(
        name=fields.needed("name"),
        priority=priority if priority is not None else fields.fail("priority", "is missing"),
        direction=_word(fields, "direction", "Inbound", "Outbound"),
        access=_word(fields, "access", "Allow", "Deny"),
        protocol=fields.text("protocol") or ANY,
        sources=fields.one_or_more("sourceAddressPrefix", "sourceAddressPrefixes"),
        source_ports=fields.one_or_more("sourcePortRange", "sourcePortRanges"),
        destinations=fields.one_or_more("destinationAddressPrefix", "destinationAddressPrefixes"),
        destination_ports=fields.one_or_more("destinationPortRange", "destinationPortRanges"),
        source_groups=fields.ids("sourceApplicationSecurityGroups"),
        destination_groups=fields.ids("destinationApplicationSecurityGroups"),
        lists=frozenset(name for name in _LISTS if fields.get(name)),
    )


def _word(fields: ArmFields, name: str, *words: str) -> str:
    value = fields.needed(name)
    known = {word.lower(): word for word in words}
    return known.get(value.lower()) or fields.fail(name, f"must be {' or '.join(words)}, but it is {_kind(value)}")


def _load_balancer(fields: ArmFields) -> AzureLoadBalancer:
    return AzureLoadBalancer(
        name=fields.needed("name"),
        id=fields.text("id"),
        sku=fields.inner("sku").text("name"),
        frontends=tuple(map(_frontend, fields.items("frontendIPConfigurations"))),
        pools=tuple(map(_pool, fields.items("backendAddressPools"))),
        probes=tuple(map(_probe, fields.items("probes"))),
        rules=tuple(map(_balancing_rule, fields.items("loadBalancingRules"))),
        outbound_rules=tuple(map(_outbound_rule, fields.items("outboundRules"))),
        inbound_nat_rules=tuple(one.needed("name") for one in fields.items("inboundNatRules")),
        tags=fields.pairs("tags"),
        provisioning_state=fields.text("provisioningState"),
    )


def _frontend(fields: ArmFields) -> Frontend:
    return Frontend(
        name=fields.needed("name"),
        id=fields.text("id"),
        public_ip=fields.id_of("publicIPAddress"),
        public_ip_prefix=fields.id_of("publicIPPrefix"),
        private_ip=fields.text("privateIPAddress"),
        allocation_method=fields.text("privateIPAllocationMethod"),
        version=fields.text("privateIPAddressVersion"),
        subnet=fields.id_of("subnet"),
        zones=fields.texts("zones"),
    )


def _pool(fields: ArmFields) -> BackendPool:
    return BackendPool(
        fields.needed("name"),
        fields.text("id"),
        fields.ids("backendIPConfigurations"),
        tuple(map(_backend_address, fields.items("loadBalancerBackendAddresses"))),
    )


def _backend_address(fields: ArmFields) -> BackendAddress:
    return BackendAddress(fields.text("name"), fields.text("ipAddress"), fields.id_of("virtualNetwork"))


def _probe(fields: ArmFields) -> LoadBalancerProbe:
    return LoadBalancerProbe(
        fields.needed("name"),
        fields.text("protocol"),
        fields.number("port"),
        fields.text("requestPath"),
        fields.number("intervalInSeconds"),
        fields.number("numberOfProbes"),
        fields.number("probeThreshold"),
    )


def _balancing_rule(fields: ArmFields) -> BalancingRule:
    pools = tuple(map(name_of, (fields.id_of("backendAddressPool"), *fields.ids("backendAddressPools"))))
    return BalancingRule(
        name=fields.needed("name"),
        protocol=fields.text("protocol"),
        frontend_port=fields.number("frontendPort"),
        backend_port=fields.number("backendPort"),
        frontend=name_of(fields.id_of("frontendIPConfiguration")),
        pools=tuple(dict.fromkeys(filter(None, pools))),
        probe=name_of(fields.id_of("probe")),
        floating_ip=fields.flag("enableFloatingIP"),
        tcp_reset=fields.flag("enableTcpReset"),
        idle_timeout=fields.number("idleTimeoutInMinutes"),
        load_distribution=fields.text("loadDistribution"),
        disable_outbound_snat=fields.flag("disableOutboundSnat"),
    )


def _outbound_rule(fields: ArmFields) -> StandingOutboundRule:
    return StandingOutboundRule(
        fields.needed("name"),
        fields.text("protocol"),
        fields.number("allocatedOutboundPorts"),
        tuple(map(name_of, fields.ids("frontendIPConfigurations"))),
        name_of(fields.id_of("backendAddressPool")),
        fields.number("idleTimeoutInMinutes"),
        fields.flag("enableTcpReset"),
    )


def _public_ip(fields: ArmFields) -> PublicIP:
    dns = fields.inner("dnsSettings")
    return PublicIP(
        name=fields.needed("name"),
        id=fields.text("id"),
        ip_address=fields.text("ipAddress"),
        version=fields.text("publicIPAddressVersion"),
        allocation_method=fields.text("publicIPAllocationMethod"),
        sku=fields.inner("sku").text("name"),
        ip_configuration=fields.id_of("ipConfiguration"),
        nat_gateway=fields.id_of("natGateway"),
        prefix=fields.id_of("publicIPPrefix"),
        domain_name_label=dns.text("domainNameLabel"),
        fqdn=dns.text("fqdn"),
        zones=fields.texts("zones"),
        ip_tags=tuple((one.text("ipTagType"), one.text("tag")) for one in fields.items("ipTags")),
        idle_timeout=fields.number("idleTimeoutInMinutes"),
        tags=fields.pairs("tags") if fields.get("tags") is not None else None,
        location=fields.text("location"),
        provisioning_state=fields.text("provisioningState"),
    )


def _route_table(fields: ArmFields) -> RouteTable:
    routes = (
        Route(one.needed("name"), one.needed("addressPrefix"), one.needed("nextHopType"), one.text("nextHopIpAddress"))
        for one in fields.items("routes")
    )
    return RouteTable(fields.needed("name"), fields.text("id"), tuple(routes), fields.ids("subnets"))


def _network_interface(fields: ArmFields) -> NetworkInterface:
    return NetworkInterface(
        fields.needed("name"),
        fields.text("id"),
        fields.id_of("virtualMachine"),
        fields.id_of("networkSecurityGroup"),
        tuple(map(_ip_configuration, fields.items("ipConfigurations"))),
    )


def _ip_configuration(fields: ArmFields) -> IPConfiguration:
    return IPConfiguration(
        fields.text("name"),
        fields.text("privateIPAddress"),
        fields.id_of("subnet"),
        fields.id_of("publicIPAddress"),
        fields.ids("applicationSecurityGroups"),
        fields.ids("loadBalancerBackendAddressPools"),
    )


def _subnet(fields: ArmFields) -> Subnet:
    return Subnet(
        fields.needed("name"),
        fields.text("id"),
        tuple(dict.fromkeys(fields.one_or_more("addressPrefix", "addressPrefixes"))),
        fields.id_of("networkSecurityGroup"),
        fields.id_of("routeTable"),
        fields.id_of("natGateway"),
    )


def _virtual_network(fields: ArmFields) -> VirtualNetwork:
    peerings = fields.items("virtualNetworkPeerings")
    connected = (one for one in peerings if one.text("peeringState").lower() in {"", "connected"})
    remote = (one.inner(key) for one in connected for key in ("remoteAddressSpace", "remoteVirtualNetworkAddressSpace"))
    return VirtualNetwork(
        fields.needed("name"),
        fields.text("id"),
        fields.inner("addressSpace").texts("addressPrefixes"),
        tuple(dict.fromkeys(prefix for one in remote for prefix in one.texts("addressPrefixes"))),
        tuple(map(_subnet, fields.items("subnets"))),
    )


def _machine(fields: ArmFields) -> VirtualMachine:
    """A machine with ``--expand instanceView``, or with ``--show-details``: ``PowerState/running``, ``VM running``."""
    statuses = [one.text("code") for one in fields.inner("instanceView").items("statuses")]
    states = dict(code.lower().split("/", 1) for code in statuses if code.count("/") == 1)
    power = states.get("powerstate") or fields.text("powerState").lower().removeprefix("vm ")
    return VirtualMachine(fields.text("name"), fields.text("id"), power, fields.text("provisioningState"))


def _managed_cluster(fields: ArmFields) -> ManagedCluster:
    return ManagedCluster(
        fields.needed("name"),
        fields.text("id"),
        fields.text("nodeResourceGroup"),
        fields.text("provisioningState"),
        fields.inner("powerState").text("code"),
        tuple(map(_agent_pool, fields.items("agentPoolProfiles"))),
        bool(fields.inner("apiServerAccessProfile").flag("enablePrivateCluster")),
        fields.inner("networkProfile").text("networkPlugin").lower(),
    )


def _agent_pool(fields: ArmFields) -> AgentPool:
    power = fields.inner("powerState").text("code")
    return AgentPool(fields.needed("name"), fields.text("provisioningState"), power, fields.text("type"))


def _private_zone(fields: ArmFields) -> PrivateZone:
    return PrivateZone(fields.needed("name"), fields.text("id"), fields.number("numberOfVirtualNetworkLinks"))


def _zone_link(fields: ArmFields) -> ZoneLink:
    zone = fields.text("id").lower().partition("/virtualnetworklinks/")[0]
    return ZoneLink(fields.needed("name"), zone, fields.id_of("virtualNetwork"))


def _usage(fields: ArmFields) -> Usage:
    current, limit = fields.number("currentValue"), fields.number("limit")
    if current is None or limit is None:
        fields.fail("currentValue", "is missing")
    region = re.search(r"/locations/([^/]+)/", fields.text("id"), re.IGNORECASE)
    return Usage(fields.inner("name").needed("value"), current, limit, region[1] if region else "")


def _service_tags(fields: ArmFields) -> dict[str, tuple[str, ...]]:
    """The ranges by the name of the tag in lower case."""
    return {one.needed("name").lower(): one.texts("addressPrefixes") for one in fields.items("values")}


_READERS: Mapping[str, Callable[[ArmFields], Any]] = {
    "networksecuritygroups": _nsg,
    "loadbalancers": _load_balancer,
    "publicipaddresses": _public_ip,
    "routetables": _route_table,
    "networkinterfaces": _network_interface,
    "subnets": _subnet,
    "virtualnetworks": _virtual_network,
    "usages": _usage,
    "virtualmachines": _machine,
    "managedclusters": _managed_cluster,
    "privatednszones": _private_zone,
    "virtualnetworklinks": _zone_link,
}
