"""Frontends: the Service's own, or the one it shares because it asks for the same address.

Upstream: reconcileFrontendIPConfigs, serviceOwnsFrontendIP, getServiceLoadBalancerStatus.
"""

from kubectl_akslb.derive import publicip
from kubectl_akslb.derive.azure import Azure, assigned_address
from kubectl_akslb.derive.naming import Names, frontend_name, is_internal
from kubectl_akslb.derive.precedence import annotation, by_provider, default, setting, spec
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancer
from kubectl_akslb.model.network import PublicIPAddress
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours as since

_DYNAMIC = default("private address", "Dynamic")


def families(service: Service, cluster: Cluster) -> tuple[bool, ...]:
    """The IP families that are built, IPv4 first, each as "is IPv6". Upstream: getIPFamiliesEnabled.

    Before dual stack (1.27.8, 1.28.0) it is the family of the first cluster IP only.
    """
    if not cluster.has(since.DUAL_STACK):
        if service.cluster_ips:
            return (":" in service.cluster_ips[0],)
        return (service.ip_families[:1] == (IPV6,),)
    enabled = tuple(family == IPV6 for family in (IPV4, IPV6) if family in service.ip_families)
    if not enabled and cluster.has(since.EMPTY_FAMILIES_MEAN_IPV4):
        return (False,)
    return enabled


def owned_family(
    service: Service, cluster: Cluster, azure: Azure, parts: Names, frontend: FrontendIPConfiguration
) -> bool | None:
    """The family ("is IPv6") under which the Service owns a frontend, or None. Upstream: serviceOwnsFrontendIP."""
    if frontend.name.value.startswith(parts.prefix):
        if parts.dual_stack:
            return frontend.name.value.lower().endswith("-ipv6")
        return families(service, cluster) == (True,)
    addresses = publicip.load_balancer_ips(service, cluster)
    if is_internal(service):
        if frontend.subnet is not None and frontend.address and frontend.address in addresses:
            return ":" in frontend.address
        return None
    if frontend.public_ip_address is None:
        return None
    shared = _selected_public_ip(service, cluster, azure, addresses, frontend.public_ip_address.value)
    return None if shared is None else shared.version.value == IPV6


def _selected_public_ip(
    service: Service, cluster: Cluster, azure: Azure, addresses: tuple[str, ...], name: str
) -> PublicIPAddress | None:
    """The public IP *name*, if the Service asks for it by address, or by name where it asks for no address."""
    found = azure.public_ip(publicip.resource_group(service, cluster), name)
    if found is None:
        return None
    if addresses:
        return found if found.ip_address.value in addresses else None
    if not cluster.has(since.SHARE_BY_PUBLIC_IP_NAME):
        return None
    wanted = {publicip.pip_name(service, cluster, ipv6=ipv6).raw for ipv6 in (False, True)}
    return found if any(raw is not None and raw.lower() == name.lower() for raw in wanted) else None


def owned_frontends(
    service: Service, cluster: Cluster, azure: Azure, parts: Names, load_balancer: LoadBalancer
) -> dict[bool, FrontendIPConfiguration]:
    """The frontends of the Service by family. Upstream: findFrontendIPConfigsOfService."""
    owned = {}
    for frontend in load_balancer.frontend_ip_configurations:
        family = owned_family(service, cluster, azure, parts, frontend)
        if family is not None:
            owned[family] = frontend
    return owned


def reconcile(
    service: Service, cluster: Cluster, azure: Azure, parts: Names, load_balancer: LoadBalancer
) -> tuple[LoadBalancer, dict[bool, FrontendIPConfiguration]]:
    """The load balancer with a frontend for every family of the Service. Upstream: reconcileFrontendIPConfigs."""
    owned = owned_frontends(service, cluster, azure, parts, load_balancer)
    for ipv6 in families(service, cluster):
        if ipv6 in owned:
            continue
        if is_internal(service):
            frontend = _internal(service, cluster, parts, ipv6=ipv6)
        else:
            frontend = _public(service, cluster, azure, parts, ipv6=ipv6)
        owned[ipv6] = frontend
        load_balancer = load_balancer._replace(
            frontend_ip_configurations=(*load_balancer.frontend_ip_configurations, frontend)
        )
    return load_balancer, owned


def as_read_back(load_balancer: LoadBalancer) -> LoadBalancer:
    """The load balancer as ARM returns it: an assigned dynamic private address stands in it, and is sent again."""
    return load_balancer._replace(
        frontend_ip_configurations=tuple(
            frontend._replace(private_ip_address=_assigned(frontend))
            if frontend.subnet is not None and frontend.private_ip_address is None
            else frontend
            for frontend in load_balancer.frontend_ip_configurations
        )
    )


def _assigned(frontend: FrontendIPConfiguration) -> Derived[str]:
    origin = by_provider(
        f"address of {frontend.name.value}", None if isinstance(frontend.address, Placeholder) else frontend.address
    )
    return Derived(frontend.address, origin, notes=("Azure assigned it; the provider sends it along from then on",))


def _public(service: Service, cluster: Cluster, azure: Azure, parts: Names, *, ipv6: bool) -> FrontendIPConfiguration:
    name, must_exist = publicip.determine_name(service, cluster, azure, parts, ipv6=ipv6)
    address = publicip.ensure(service, cluster, azure, name, must_exist=must_exist, ipv6=ipv6)
    return FrontendIPConfiguration(
        frontend_name(parts, ipv6=ipv6),
        public_ip_address=Derived(address.name.value, name.origin, name.considered, name.notes, name.upstream),
        address=address.ip_address.value,
    )


def _internal(service: Service, cluster: Cluster, parts: Names, *, ipv6: bool) -> FrontendIPConfiguration:
    upstream = "reconcileFrontendIPConfigs"
    name = frontend_name(parts, ipv6=ipv6)
    wanted = publicip.load_balancer_ip(service, cluster, ipv6=ipv6)
    own_subnet = annotation(service, keys.INTERNAL_SUBNET)
    of_cluster = setting(cluster, "subnet_name", "subnetName", cluster.subnet_name)
    subnet = parts.subnet or of_cluster
    static = bool(wanted.value)
    method = Derived(
        "Static" if static else "Dynamic", wanted.origin if static else _DYNAMIC, wanted.considered, (), upstream
    )
    return FrontendIPConfiguration(
        name,
        subnet=Derived(subnet.raw or "", subnet, (own_subnet, of_cluster), (), upstream),
        private_ip_address=Derived(wanted.value, wanted.origin, wanted.considered, (), upstream) if static else None,
        private_ip_allocation_method=method,
        private_ip_address_version=Derived(IPV6, spec("spec.ipFamilies", IPV6), upstream=upstream) if ipv6 else None,
        zones=publicip.region_zones(cluster) if cluster.is_standard else None,
        address=wanted.value or assigned_address(cluster, service, name.value, IPV6 if ipv6 else IPV4).value,
    )


def check_conflicts(
    service: Service, parts: Names, load_balancer: LoadBalancer, frontend: FrontendIPConfiguration, cluster: Cluster
) -> None:
    """Refuse a port that another Service has on the same frontend. Upstream: checkLoadBalancerResourcesConflicts."""
    own = parts.prefix.upper()
    for port in service.ports:
        for rule in load_balancer.load_balancing_rules:
            if (
                rule.frontend.value != frontend.name.value
                or rule.frontend_port.value != port.port
                or rule.protocol.value.lower() != port.protocol.lower()
                or rule.name.value.upper().startswith(own)
            ):
                continue
            identifier = (
                f"/subscriptions/{cluster.subscription}/resourceGroups/{cluster.resource_group}/providers/Microsoft.Network"
                f"/loadBalancers/{load_balancer.name.value}/frontendIPConfigurations/{frontend.name.value}"
            )
            message = (
                f"checkLoadBalancerResourcesConflicts: service port {port.name} is trying to consume the port"
                f" {port.port} which is being referenced by an existing loadBalancing rule {rule.name.value} with the"
                f" same protocol {rule.protocol.value} and frontend IP config with ID {identifier}"
            )
            raise Refused(message, spec(f"spec.ports[{port.index}].port", str(port.port)))
