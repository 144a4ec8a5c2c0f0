"""Cases of the conformance data to our derivation, and our derivation to the shape that is compared."""

from typing import Any

from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.model.cluster import BASIC, STANDARD, Cluster, ExistingPublicIP, Node
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancer, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PrivateLinkService, PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.model.service import IPV6, Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import behaviours_of
from tests.given.derived import snapshot

Json = dict[str, Any]
_OTHER_THRESHOLD = {"probeThreshold": "numberOfProbes", "numberOfProbes": "probeThreshold"}


def answer(case: Json) -> Json:
    """What our derivation says about one case."""
    cluster = cluster_of(case)
    earlier = case.get("existingServices") or []
    services = [stored(decode(document)) for document in [*earlier, case["service"]]]
    outcome = derive_all(services, cluster)
    last = outcome.derivations[-1]
    if last.refusal is not None:
        return {"id": case["id"], "error": last.refusal.message}
    events = [event for event in last.events if event.recorded]
    return {
        "id": case["id"],
        "error": None,
        **state(outcome.azure),
        "events": [{"type": e.type, "reason": e.reason, "message": e.message} for e in events],
    }


def stored(service: Service) -> Service:
    """The Service as the API server has it: a port that is not written there is 0."""
    return service._replace(
        ports=tuple(port._replace(node_port=port.node_port or 0) for port in service.ports),
        health_check_node_port=service.health_check_node_port or 0,
    )


def cluster_of(case: Json) -> Cluster:
    """The cluster of a case: the provider's azure.json beyond the defaults of the recording."""
    config = case["config"]
    version = ProviderVersion.parse(case["providerVersion"])
    return Cluster(
        version,
        behaviours_of(version),
        load_balancer_sku=BASIC if config.get("loadBalancerSku", STANDARD).lower() == BASIC else STANDARD,
        disable_outbound_snat=config.get("disableOutboundSNAT", False),
        probe_mode=config.get("clusterServiceLoadBalancerHealthProbeMode", "servicenodeport"),
        shared_probe_port=config.get("clusterServiceSharedLoadBalancerHealthProbePort", 10256),
        shared_probe_path=config.get("clusterServiceSharedLoadBalancerHealthProbePath", "/healthz"),
        pool_type=config.get("loadBalancerBackendPoolConfigurationType", "nodeIPConfiguration"),
        subscription="00000000-0000-0000-0000-000000000000",
        zones=("1", "2", "3"),
        nodes=tuple(Node(node["name"], tuple(node["addresses"])) for node in case["nodes"]),
        existing_public_ips=tuple(
            ExistingPublicIP(ip["name"], ip["ipAddress"], resource_group=ip.get("resourceGroup", ""))
            for ip in case.get("existingPublicIPs") or []
        ),
        addresses=case.get("assigned") or {},
    )


def state(azure: Azure) -> Json:
    """Everything that stands in Azure, in the shape of the recording."""
    return {
        "loadBalancers": [load_balancer(snapshot(lb)) for lb in azure.load_balancers.values()],
        "securityRules": [security_rule(rule) for rule in azure.security_rules.values()],
        "publicIPs": [
            {**public_ip(address), "ipAddress": arm_address(azure, address)}
            for _, address in sorted(azure.public_ips.items())
        ],
    }


def arm_address(azure: Azure, address: PublicIPAddress) -> str:
    """The address of a public IP; where no Service has it in its status, what the ARM of the recording gave out.

    It counts from 20.0.0.1 and 2603:1030::1 in the order of creation.
    """
    if not isinstance(address.ip_address.value, Placeholder):
        return address.ip_address.value
    created = [one for one in azure.public_ips.values() if one.managed and one.version.value == address.version.value]
    number = created.index(address) + 1
    return f"2603:1030::{number:x}" if address.version.value == IPV6 else f"20.0.0.{number}"


def bare(derived: Derived[Any] | None) -> Any:
    """The value without its reasons."""
    if derived is None:
        return None
    return list(derived.value) if isinstance(derived.value, tuple) else derived.value


def load_balancer(lb: LoadBalancer) -> Json:
    """One load balancer."""
    return {
        "name": lb.name.value,
        "sku": lb.sku.value,
        "backendPools": [pool.value for pool in lb.backend_pools],
        "frontendIPConfigurations": [frontend(f) for f in lb.frontend_ip_configurations],
        "loadBalancingRules": [rule(r) for r in lb.load_balancing_rules],
        "probes": [probe(p) for p in lb.probes],
    }


def frontend(configuration: FrontendIPConfiguration) -> Json:
    """One frontend."""
    return {
        "name": configuration.name.value,
        "publicIPAddress": bare(configuration.public_ip_address),
        "subnet": bare(configuration.subnet),
        "privateIPAddress": bare(configuration.private_ip_address),
        "privateIPAllocationMethod": bare(configuration.private_ip_allocation_method),
        "privateIPAddressVersion": bare(configuration.private_ip_address_version),
        "zones": bare(configuration.zones),
    }


def rule(lb_rule: LoadBalancingRule) -> Json:
    """One load-balancing rule."""
    return {
        "name": lb_rule.name.value,
        "protocol": lb_rule.protocol.value,
        "frontend": lb_rule.frontend.value,
        "frontendPort": lb_rule.frontend_port.value,
        "backendPort": lb_rule.backend_port.value,
        "backendPool": lb_rule.backend_pool.value,
        "enableFloatingIP": lb_rule.enable_floating_ip.value,
        "idleTimeoutInMinutes": bare(lb_rule.idle_timeout_in_minutes),
        "enableTCPReset": bare(lb_rule.enable_tcp_reset),
        "loadDistribution": bare(lb_rule.load_distribution),
        "disableOutboundSnat": bare(lb_rule.disable_outbound_snat),
        "probe": bare(lb_rule.probe),
    }


def probe(lb_probe: Probe) -> Json:
    """One probe."""
    return {
        "name": lb_probe.name.value,
        "protocol": lb_probe.protocol.value,
        "port": lb_probe.port.value,
        "requestPath": bare(lb_probe.request_path),
        "intervalInSeconds": lb_probe.interval_in_seconds.value,
        lb_probe.threshold_field: lb_probe.threshold.value or None,
        _OTHER_THRESHOLD[lb_probe.threshold_field]: lb_probe.other_threshold,
    }


def security_rule(nsg_rule: SecurityRule) -> Json:
    """One security rule, with the single or plural fields that the provider sent."""
    body: Json = {
        "name": nsg_rule.name.value,
        "access": nsg_rule.access.value,
        "direction": nsg_rule.direction,
        "protocol": nsg_rule.protocol.value,
        "priority": nsg_rule.priority.value,
        "sourcePortRange": ",".join(nsg_rule.source_ports),
        **{key: list(values) if key.endswith("s") else values[0] for key, values in nsg_rule.beside},
    }
    for single, key, values in (
        (nsg_rule.single_source, "sourceAddressPrefix", nsg_rule.sources),
        (nsg_rule.single_destination, "destinationAddressPrefix", nsg_rule.destinations),
    ):
        if values.value or not single:
            body[key if single else key + "es"] = values.value[0] if single else list(values.value)
    ports = nsg_rule.destination_ports.value
    body["destinationPortRange" if nsg_rule.single_port else "destinationPortRanges"] = (
        ports[0] if nsg_rule.single_port else list(ports)
    )
    return body


def public_ip(address: PublicIPAddress) -> Json:
    """One public IP."""
    return {
        "name": address.name.value,
        "ipAddress": address.ip_address.value,
        "ipVersion": address.version.value,
        "allocation": address.allocation_method.value,
        "sku": bare(address.sku),
        "zones": bare(address.zones),
        "tags": None if address.tags is None else {key: tag.value for key, tag in address.tags.items()},
        "dnsLabel": bare(address.domain_name_label),
        "ipTags": [{"ipTagType": kind, "tag": tag} for kind, tag in address.ip_tags.value] if address.ip_tags else None,
    }


def private_link(link: PrivateLinkService) -> Json:
    """One private link service."""
    return {
        "name": link.name.value,
        "resourceGroup": link.resource_group.value,
        "frontends": [link.frontend.value],
        "ipConfigurations": [
            {
                "name": one.name.value,
                "primary": one.primary.value,
                "privateIPAddress": bare(one.address),
                "privateIPAddressVersion": "IPv4",
                "privateIPAllocationMethod": "Dynamic" if one.address is None else "Static",
                "subnet": one.subnet.value,
            }
            for one in link.addresses
        ],
        "enableProxyProtocol": bare(link.proxy_protocol),
        "fqdns": bare(link.fqdns),
        "visibility": bare(link.visibility),
        "autoApproval": bare(link.auto_approval),
        "tags": {key: value.value for key, value in link.tags.items()},
    }
