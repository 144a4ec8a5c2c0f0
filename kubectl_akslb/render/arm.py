"""A derivation in ARM's own shape, with the reasons beside it by path.

The shape is that of ``az network lb show``, ``az network nsg show`` and ``az network public-ip show``, so that what is
derived can be compared with what is there. Paths are ARM's names: ``loadBalancer.probes[0].requestPath``.
"""

from collections.abc import Mapping
from typing import Any

from kubectl_akslb.derive.naming import network_path
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancer, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PrivateLinkService, PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.named_tuple import NamedTuple

Json = dict[str, Any]
Leaf = tuple[str, Derived[Any] | None]


class Arm(NamedTuple):
    """The resources of one Service, and the reason of each value by its path."""

    body: Json
    reasons: Mapping[str, Derived[Any]]


class _Writer:
    """Writes values into bodies and their reasons beside them."""

    def __init__(self, cluster: Cluster) -> None:
        self.reasons: dict[str, Derived[Any]] = {}
        self._network = network_path(cluster)

    def fields(self, path: str, *leaves: Leaf) -> Json:
        """The leaves that are set, by ARM's names."""
        body: Json = {}
        for name, derived in leaves:
            if derived is not None:
                self.reasons[f"{path}.{name}"] = derived
                body[name] = list(derived.value) if isinstance(derived.value, tuple) else derived.value
        return body

    def reference(self, path: str, name: str, kind: str, derived: Derived[str] | None) -> Json:
        """A reference to another resource, as ARM writes it: an object with its id."""
        if derived is None:
            return {}
        self.reasons[f"{path}.{name}"] = derived
        return {name: {"id": f"{self._network}/{kind}/{derived.value}"}}


def to_arm(derivation: Derivation, cluster: Cluster) -> Arm:
    """Everything that was derived for one Service."""
    writer = _Writer(cluster)
    body: Json = {}
    if derivation.load_balancer is not None:
        body["loadBalancer"] = _load_balancer(writer, derivation.load_balancer)
    body["publicIPAddresses"] = [
        _public_ip(writer, f"publicIPAddresses[{i}]", address) for i, address in enumerate(derivation.public_ips)
    ]
    body["securityRules"] = [
        _security_rule(writer, f"securityRules[{i}]", rule) for i, rule in enumerate(derivation.security_rules)
    ]
    if derivation.private_link_services:
        body["privateLinkServices"] = [
            _private_link(writer, f"privateLinkServices[{i}]", link)
            for i, link in enumerate(derivation.private_link_services)
        ]
    return Arm(body, writer.reasons)


def _load_balancer(writer: _Writer, lb: LoadBalancer) -> Json:
    path = "loadBalancer"
    home = f"loadBalancers/{lb.name.value}"
    body = writer.fields(path, ("name", lb.name))
    body["sku"] = writer.fields(f"{path}.sku", ("name", lb.sku))
    body["frontendIPConfigurations"] = [
        _frontend(writer, f"{path}.frontendIPConfigurations[{i}]", frontend)
        for i, frontend in enumerate(lb.frontend_ip_configurations)
    ]
    body["backendAddressPools"] = [
        writer.fields(f"{path}.backendAddressPools[{i}]", ("name", pool)) for i, pool in enumerate(lb.backend_pools)
    ]
    body["loadBalancingRules"] = [
        _rule(writer, f"{path}.loadBalancingRules[{i}]", home, rule) for i, rule in enumerate(lb.load_balancing_rules)
    ]
    body["probes"] = [_probe(writer, f"{path}.probes[{i}]", probe) for i, probe in enumerate(lb.probes)]
    return body


def _frontend(writer: _Writer, path: str, frontend: FrontendIPConfiguration) -> Json:
    body = writer.fields(
        path,
        ("name", frontend.name),
        ("privateIPAddress", frontend.private_ip_address),
        ("privateIPAllocationMethod", frontend.private_ip_allocation_method),
        ("privateIPAddressVersion", frontend.private_ip_address_version),
        ("zones", frontend.zones),
    )
    body |= writer.reference(path, "publicIPAddress", "publicIPAddresses", frontend.public_ip_address)
    body |= writer.reference(path, "subnet", "virtualNetworks/<virtual network>/subnets", frontend.subnet)
    return body


def _rule(writer: _Writer, path: str, home: str, rule: LoadBalancingRule) -> Json:
    body = writer.fields(
        path,
        ("name", rule.name),
        ("protocol", rule.protocol),
        ("frontendPort", rule.frontend_port),
        ("backendPort", rule.backend_port),
        ("enableFloatingIP", rule.enable_floating_ip),
        ("idleTimeoutInMinutes", rule.idle_timeout_in_minutes),
        ("enableTcpReset", rule.enable_tcp_reset),
        ("loadDistribution", rule.load_distribution),
        ("disableOutboundSnat", rule.disable_outbound_snat),
    )
    body |= writer.reference(path, "frontendIPConfiguration", f"{home}/frontendIPConfigurations", rule.frontend)
    body |= writer.reference(path, "backendAddressPool", f"{home}/backendAddressPools", rule.backend_pool)
    body |= writer.reference(path, "probe", f"{home}/probes", rule.probe)
    return body


def _probe(writer: _Writer, path: str, probe: Probe) -> Json:
    return writer.fields(
        path,
        ("name", probe.name),
        ("protocol", probe.protocol),
        ("port", probe.port),
        ("requestPath", probe.request_path),
        ("intervalInSeconds", probe.interval_in_seconds),
        (probe.threshold_field, probe.threshold),
    )


def _security_rule(writer: _Writer, path: str, rule: SecurityRule) -> Json:
    body = writer.fields(
        path, ("name", rule.name), ("access", rule.access), ("protocol", rule.protocol), ("priority", rule.priority)
    )
    body |= {"direction": "Inbound", "sourcePortRange": "*"}
    for single, name, derived in (
        (rule.single_source, "sourceAddressPrefix", rule.sources),
        (rule.single_destination, "destinationAddressPrefix", rule.destinations),
    ):
        one = single and len(derived.value) == 1
        body |= writer.fields(path, (name, derived.then(lambda v: v[0])) if one else (f"{name}es", derived))
    ports = rule.destination_ports
    one = rule.single_port and len(ports.value) == 1
    body |= writer.fields(
        path, ("destinationPortRange", ports.then(lambda v: v[0])) if one else ("destinationPortRanges", ports)
    )
    return body


def _public_ip(writer: _Writer, path: str, address: PublicIPAddress) -> Json:
    body = writer.fields(
        path,
        ("name", address.name),
        ("ipAddress", address.ip_address),
        ("publicIPAddressVersion", address.version),
        ("publicIPAllocationMethod", address.allocation_method),
        ("zones", address.zones),
    )
    if address.sku is not None:
        body["sku"] = writer.fields(f"{path}.sku", ("name", address.sku))
    if address.tags:
        body["tags"] = writer.fields(f"{path}.tags", *address.tags.items())
    if address.domain_name_label is not None:
        body["dnsSettings"] = writer.fields(f"{path}.dnsSettings", ("domainNameLabel", address.domain_name_label))
    if address.ip_tags is not None:
        writer.reasons[f"{path}.ipTags"] = address.ip_tags
        body["ipTags"] = [{"ipTagType": kind, "tag": tag} for kind, tag in address.ip_tags.value]
    if address.prefix_id is not None:
        writer.reasons[f"{path}.publicIPPrefix.id"] = address.prefix_id
        body["publicIPPrefix"] = {"id": address.prefix_id.value}
    return body


def _private_link(writer: _Writer, path: str, link: PrivateLinkService) -> Json:
    body = writer.fields(path, ("name", link.name), ("enableProxyProtocol", link.proxy_protocol), ("fqdns", link.fqdns))
    body["ipConfigurations"] = [
        {
            **writer.fields(
                f"{path}.ipConfigurations[{i}]",
                ("name", one.name),
                ("privateIPAddress", one.address),
                ("primary", one.primary),
            ),
            "privateIPAllocationMethod": "Dynamic" if one.address is None else "Static",
            **writer.reference(
                f"{path}.ipConfigurations[{i}]", "subnet", "virtualNetworks/<virtual network>/subnets", one.subnet
            ),
        }
        for i, one in enumerate(link.addresses)
    ]
    home = f"loadBalancers/{link.load_balancer.value}/frontendIPConfigurations"
    body["loadBalancerFrontendIpConfigurations"] = [
        writer.reference(path, "loadBalancerFrontendIpConfigurations", home, link.frontend)[
            "loadBalancerFrontendIpConfigurations"
        ]
    ]
    for name, listed in (("visibility", link.visibility), ("autoApproval", link.auto_approval)):
        if listed is not None:
            body[name] = writer.fields(f"{path}.{name}", ("subscriptions", listed))
    body["tags"] = writer.fields(f"{path}.tags", *link.tags.items())
    return body
