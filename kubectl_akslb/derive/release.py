"""The last steps of a reconcile: the opposite load balancer is left, and public IPs are settled or deleted.

Upstream: reconcileLoadBalancer for the flipped Service, reconcilePublicIPs, getPublicIPUpdates,
shouldReleaseExistingOwnedPublicIP. Deleting a public IP here hits whoever uses it: a Service that asks for the address
of another's public IP, but for another name or from the internal load balancer, takes it away.
"""

from collections.abc import Mapping

from kubectl_akslb.derive import publicip
from kubectl_akslb.derive.azure import Azure, LoadBalancerState, PublicIPKey
from kubectl_akslb.derive.naming import Names, is_internal
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Event
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.service import IPV6, Service


def leave_public(
    service: Service, cluster: Cluster, azure: Azure, parts: Names, addresses: tuple[str, ...], base: str
) -> tuple[Event, ...]:
    """Leave the public load balancer where an internal Service has the address of a public frontend.

    Upstream: isFrontendIPConfigUnsafeToDelete: a frontend that others' rules need stays, and an event says so.
    """
    load_balancer = azure.load_balancers.get(base)
    if not is_internal(service) or load_balancer is None:
        return ()
    group = publicip.resource_group(service, cluster)
    events = []
    for address in addresses:
        found = azure.public_ip_at(group, address)
        frontend = load_balancer.frontend_of(found.name.value) if found is not None else None
        if found is None or frontend is None:
            continue
        users = [rule for rule in load_balancer.rules.values() if rule.frontend.value == frontend.name.value]
        if any(not rule.name.value.upper().startswith(parts.prefix.upper()) for rule in users):
            events.append(_in_use(cluster, load_balancer, frontend))
        else:
            load_balancer.remove_frontend(found.name.value)
    return tuple(events)


def _in_use(cluster: Cluster, load_balancer: LoadBalancerState, frontend: FrontendIPConfiguration) -> Event:
    identifier = (
        f"/subscriptions/{cluster.subscription}/resourceGroups/{cluster.resource_group}/providers/Microsoft.Network"
        f"/loadBalancers/{load_balancer.name.value}/frontendIPConfigurations/{frontend.name.value}"
    )
    message = (
        f"isFrontendIPConfigUnsafeToDelete: frontend IP configuration with ID {identifier} on LB"
        f" {load_balancer.name.value} cannot be deleted because it is being referenced by load balancing rules of other"
        " services"
    )
    return Event("Warning", "DeletingFrontendIPConfiguration", message)


def settle_public_ips(
    service: Service,
    cluster: Cluster,
    azure: Azure,
    parts: Names,
    frontends: Mapping[bool, FrontendIPConfiguration],
    load_balancer: LoadBalancerState,
    families: tuple[bool, ...],
) -> None:
    """Delete public IPs that the Service owns but does not want, then write the one it wants.

    Upstream: reconcilePublicIPs, once for each IP family of the Service.
    """
    addresses = {frontend.address for frontend in frontends.values()}
    for ipv6 in families:
        wanted = _wanted(service, cluster, azure, parts, frontends.get(ipv6), ipv6=ipv6)
        for key in _owned(service, cluster, azure, addresses, ipv6=ipv6):
            found = azure.public_ips[key]
            if wanted is None or found.name.value != wanted.value:
                load_balancer.remove_frontend(found.name.value)
                azure.delete_public_ip(key)
        if wanted is not None:
            publicip.ensure(service, cluster, azure, wanted, must_exist=False, ipv6=ipv6)


def _wanted(
    service: Service,
    cluster: Cluster,
    azure: Azure,
    parts: Names,
    frontend: FrontendIPConfiguration | None,
    *,
    ipv6: bool,
) -> Derived[str] | None:
    """The public IP the Service should have now that its address is known; None for an internal one.

    From 1.27.0 until dual stack a family without a frontend gets a public IP all the same: nothing uses it.
    """
    if is_internal(service):
        return None
    named = publicip.pip_name(service, cluster, ipv6=ipv6)
    if named.raw is not None:
        found = azure.public_ip(publicip.resource_group(service, cluster), named.raw)
        if found is None or found.name.value != named.raw:  # here the provider minds the case
            message = f"reconcilePublicIP for service({service.full_name}): pip({named.raw}) not found"
            raise Refused(message, named)
    elif frontend is None or publicip.prefix_id(service, cluster, ipv6=ipv6).raw is not None:
        return publicip.determine_name(service, cluster, azure, parts, ipv6=ipv6)[0]
    return _named_by(named) if frontend is None else frontend.public_ip_address


def _named_by(named: Origin) -> Derived[str]:
    """The public IP that an annotation names."""
    return Derived(named.raw or "", named, upstream="determinePublicIPName")


def _owned(service: Service, cluster: Cluster, azure: Azure, addresses: set[str], *, ipv6: bool) -> list[PublicIPKey]:
    """The managed public IPs of a family that the Service, and at most one Service, has or selects.

    Upstream: serviceOwnsPublicIP, for the Service with its own addresses filled in.
    """
    group = publicip.resource_group(service, cluster).lower()
    candidates: dict[PublicIPKey, None] = dict(azure.touched)
    for address in addresses:
        found = azure.public_ip_at(group, address)
        if found is not None:
            candidates[group, found.name.value.lower()] = None
    name = publicip.pip_name(service, cluster, ipv6=ipv6).raw
    if name is not None:
        candidates[group, name.lower()] = None
    owned = []
    for key in candidates:
        found = azure.public_ips.get(key)
        if found is None or (found.version.value == IPV6) != ipv6:
            continue
        users = publicip.services_of(found)
        selected = found.ip_address.value in addresses or publicip.owns(service, cluster, found)[0]
        if users and len(users) == 1 and (selected or service.full_name in users):
            owned.append(key)
    return owned
