"""What stands in Azure, by the output of az, as the state that the provider reconciles Services onto.

Names of Services, addresses in their status and all that the provider reads are taken over; what only a cluster
decides stays with the Services. Nothing is checked here: what makes no sense to the provider stands there all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from kubectl_akslb.azure.resources import (
    AzureLoadBalancer,
    BalancingRule,
    Frontend,
    LoadBalancerProbe,
    NsgRule,
    PublicIP,
    Resources,
    group_of,
    name_of,
)
from kubectl_akslb.derive.load_balancer.probes import SHARED_PROBE_NAME
from kubectl_akslb.derive.naming import PREFIX_LENGTH, names
from kubectl_akslb.derive.reconcile import store
from kubectl_akslb.derive.security_group.shared_rules import NAME_PREFIX
from kubectl_akslb.derive.state.azure import SERVICE_TAG, Azure
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.derive.state.security_group import SecurityGroupState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import CLUSTER_SETTING, Derived, Origin
from kubectl_akslb.model.service import IPV4, IPV6, Service
from kubectl_akslb.provider import behaviours

T = TypeVar("T")
SECURITY_GROUP = "securityRules"
STANDS = Origin(CLUSTER_SETTING, "what stands in Azure", None)
#: ARM's two forms of one field: the single one and the list.
_FORMS = (
    ("sourceAddressPrefix", "sourceAddressPrefixes"),
    ("destinationAddressPrefix", "destinationAddressPrefixes"),
    ("destinationPortRange", "destinationPortRanges"),
)


def stands(value: T) -> Derived[T]:
    """A value that is there, whoever has set it."""
    return Derived(value, STANDS)


def _or_none(value: T) -> Derived[T] | None:
    return stands(value) if value else None


def standing(resources: Resources, rules: Iterable[NsgRule], services: Sequence[Service], cluster: Cluster) -> Azure:
    """The state that the provider finds: *rules* are those of its security group, *services* those of the cluster."""
    azure = Azure(cluster._replace(existing_public_ips=()))
    for address in resources.public_ips or ():
        azure.put_public_ip(group_of(address.id) or cluster.resource_group, public_ip(address))
    by_id = {address.id.strip("/").lower(): address for address in resources.public_ips or () if address.id}
    for balancer in resources.load_balancers or ():
        azure.load_balancers[balancer.name] = load_balancer(balancer, cluster, by_id)
    azure.security_group = SecurityGroupState(map(security_rule, rules))
    _store_services(azure, services, cluster)
    azure.unclaimed_addresses = {
        address
        for rule in azure.security_rules.values()
        if rule.name.value.startswith(NAME_PREFIX)
        for address in rule.destinations.value
        if not azure.claims_on(address)
    }
    azure.touched.clear()
    return azure


def _store_services(azure: Azure, services: Sequence[Service], cluster: Cluster) -> None:
    """The Services with the addresses in their status, and which rules of the security group are theirs by name."""
    by_prefix: dict[str, list[str]] = {}
    for name in azure.security_rules:
        by_prefix.setdefault(name[:PREFIX_LENGTH].upper(), []).append(name)
    for service in services:
        store(service, cluster, azure)
        if service.ingress_ips:
            azure.finish(service, service.ingress_ips)
        own = by_prefix.get(names(service, cluster).prefix.upper())
        if own:
            azure.security_rule_names[service.full_name] = tuple(own)


def public_ip(address: PublicIP) -> PublicIPAddress:
    """A public IP; *managed* tells that the provider has written its tag."""
    version = IPV6 if address.version.lower() == "ipv6" else IPV4
    return PublicIPAddress(
        name=stands(address.name),
        ip_address=stands(address.ip_address),
        version=stands(version),
        allocation_method=stands(address.allocation_method),
        sku=_or_none(address.sku),
        zones=_or_none(address.zones),
        tags={key: stands(value) for key, value in address.tags.items()} if address.tags is not None else None,
        domain_name_label=_or_none(address.domain_name_label),
        ip_tags=_or_none(tuple(sorted(address.ip_tags))),
        prefix_id=_or_none(address.prefix),
        managed=SERVICE_TAG in (address.tags or {}),
    )


def load_balancer(
    balancer: AzureLoadBalancer, cluster: Cluster, public_ips: Mapping[str, PublicIP]
) -> LoadBalancerState:
    """A load balancer with its parts, by the Services that they are named after."""
    threshold = "probeThreshold" if cluster.has(behaviours.PROBE_THRESHOLD) else "numberOfProbes"
    state = LoadBalancerState(stands(balancer.name), stands(balancer.sku or "Basic"))
    for frontend in balancer.frontends:
        used = public_ips.get(frontend.public_ip.strip("/").lower())
        address = used.ip_address if used is not None else frontend.private_ip
        state.put_frontend(frontend.name[:PREFIX_LENGTH], _frontend(frontend, address, cluster.resource_group))
    state.read_back(lambda found: found)
    state.pools = {pool.name: stands(pool.name) for pool in balancer.pools}
    parts: dict[str, tuple[list[Probe], list[LoadBalancingRule]]] = {}
    for probe in balancer.probes:
        read = _probe(probe, threshold)
        if probe.name == SHARED_PROBE_NAME:
            state.probes[probe.name] = read
        else:
            parts.setdefault(probe.name[:PREFIX_LENGTH].lower(), ([], []))[0].append(read)
    for rule in balancer.rules:
        parts.setdefault(rule.name[:PREFIX_LENGTH].lower(), ([], []))[1].append(_rule(rule))
    for prefix, (probes, rules) in parts.items():
        state.put_part(prefix, probes, rules)
    return state


def _frontend(frontend: Frontend, address: str, group: str) -> FrontendIPConfiguration:
    return FrontendIPConfiguration(
        name=stands(frontend.name),
        public_ip_address=_or_none(name_of(frontend.public_ip)),
        subnet=_or_none(name_of(frontend.subnet)),
        private_ip_address=_or_none(frontend.private_ip),
        private_ip_allocation_method=_or_none(frontend.allocation_method)
        if frontend.subnet or frontend.allocation_method == "Static"
        else None,
        private_ip_address_version=_or_none(frontend.version) if frontend.version.lower() == "ipv6" else None,
        zones=_or_none(frontend.zones),
        address=address,
        public_ip_resource_group=group_of(frontend.public_ip) or group,
    )


def _probe(probe: LoadBalancerProbe, threshold_field: str) -> Probe:
    numbers = {"numberOfProbes": probe.number, "probeThreshold": probe.threshold}
    own = numbers.pop(threshold_field)
    return Probe(
        stands(probe.name),
        stands(probe.protocol),
        stands(probe.port or 0),
        _or_none(probe.path),
        stands(probe.interval or 0),
        stands(own or 0),
        threshold_field,
        *numbers.values(),
    )


def _rule(rule: BalancingRule) -> LoadBalancingRule:
    return LoadBalancingRule(
        name=stands(rule.name),
        protocol=stands(rule.protocol),
        frontend=stands(rule.frontend),
        frontend_port=stands(rule.frontend_port or 0),
        backend_port=stands(rule.backend_port or 0),
        backend_pool=stands(rule.pools[0] if rule.pools else ""),
        enable_floating_ip=stands(bool(rule.floating_ip)),
        idle_timeout_in_minutes=stands(rule.idle_timeout) if rule.idle_timeout is not None else None,
        enable_tcp_reset=stands(rule.tcp_reset) if rule.tcp_reset is not None else None,
        load_distribution=stands(rule.load_distribution),
        disable_outbound_snat=stands(bool(rule.disable_outbound_snat)),
        probe=_or_none(rule.probe),
    )


def security_rule(rule: NsgRule) -> SecurityRule:
    """A rule of a security group; what stands in both of ARM's forms is the list with the single one beside it."""
    listed = {single: plural.lower() in rule.lists for single, plural in _FORMS}
    return SecurityRule(
        stands(rule.name),
        stands(rule.access),
        stands(rule.protocol),
        stands(rule.priority),
        stands(rule.sources),
        stands(rule.destinations),
        stands(rule.destination_ports),
        single_source=not listed["sourceAddressPrefix"],
        single_destination=not listed["destinationAddressPrefix"],
        single_port=not listed["destinationPortRange"],
        direction=rule.direction,
        source_ports=rule.source_ports,
        destination_groups=rule.destination_groups,
    )
