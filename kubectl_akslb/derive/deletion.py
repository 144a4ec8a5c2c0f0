"""What the provider does when a Service is deleted. The product explains Services that are there; histories need more.

Upstream: EnsureLoadBalancerDeleted: security group, load balancers of both kinds, public IPs.
"""

from kubectl_akslb.derive.cleanup import leave_kind
from kubectl_akslb.derive.load_balancer.frontends import also_serving, families, owned_frontends, pooled_families
from kubectl_akslb.derive.load_balancer.migration import is_internal_name
from kubectl_akslb.derive.naming import Names, is_internal, names
from kubectl_akslb.derive.precedence import by_provider
from kubectl_akslb.derive.public_ip import content, public_ip
from kubectl_akslb.derive.reconcile import store
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group.security_group import Built, additional_addresses, reconcile
from kubectl_akslb.derive.state.azure import SERVICE_TAG, Azure, services_of
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Event
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.network import PublicIPAddress
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.model.service import IPV6, Service
from kubectl_akslb.provider.behaviours import SHARED_NSG_RULES


def delete_on(service: Service, cluster: Cluster, azure: Azure) -> tuple[str, list[Event]]:
    """Delete *service* on *azure*, which is changed: the provider's error or "", and its events."""
    events: list[Event] = []
    store(service, cluster, azure)
    try:
        _delete(service, cluster, azure, names(service, cluster), events)
    except Refused as refused:
        return refused.message, events
    azure.forget(service)
    return "", events


def _delete(service: Service, cluster: Cluster, azure: Azure, parts: Names, events: list[Event]) -> None:
    load_balancer, frontends = exists(service, cluster, azure)
    if frontends:
        additional_addresses(service, cluster)  # part of the status, which is read first
    warnings: list[Event] = []
    built = Built(
        parts, load_balancer, frontends, also_serving(service, cluster, azure, parts, load_balancer, frontends)
    )
    reconcile(service, cluster, azure, built, _additional(service, cluster), warnings, deleted=True)
    events += [event._replace(recorded=True) for event in warnings]
    addresses = public_ip.load_balancer_ips(service, cluster)
    for internal in (is_internal(service), not is_internal(service)):
        events += leave_kind(service, cluster, azure, parts, addresses, internal=internal)
    for ipv6 in pooled_families(service, cluster) or families(service, cluster):
        _release_public_ips(service, cluster, azure, ipv6=ipv6)


def exists(
    service: Service, cluster: Cluster, azure: Azure
) -> tuple[LoadBalancerState, dict[bool, FrontendIPConfiguration]]:
    """The load balancer that the Service is on and its frontends there; none where it is on no load balancer.

    Upstream: getServiceLoadBalancer, getServiceLoadBalancerStatus.
    """
    parts = names(service, cluster)
    for state in reversed(azure.listed()):
        if is_internal_name(state.name.value) == is_internal(service):
            owned = owned_frontends(service, cluster, azure, parts, state)
            if owned:
                return state, owned
    nothing = by_provider("load balancer", "")
    return LoadBalancerState(Derived("", nothing), Derived("", nothing)), {}


def stands(service: Service, cluster: Cluster, azure: Azure) -> bool:
    """Whether the Service is on a load balancer as far as the provider can read its status.

    Upstream: shouldUpdateLoadBalancer, which takes an error for a Service that is on none.
    """
    try:
        return bool(exists(service, cluster, azure)[1]) and additional_addresses(service, cluster) is not None
    except Refused:
        return False


def _additional(service: Service, cluster: Cluster) -> tuple[str, ...]:
    """The addresses that the Service adds to its own; from 1.29.0 on none of a bad list."""
    try:
        return additional_addresses(service, cluster)
    except Refused as refused:
        if cluster.has(SHARED_NSG_RULES):
            return ()
        raise refused.within("unable to get additional public IPs, error=") from None


def _release_public_ips(service: Service, cluster: Cluster, azure: Azure, *, ipv6: bool) -> None:
    """Upstream: getPublicIPUpdates, unbindServiceFromPIP: the last Service takes the public IP along."""
    for key, found in list(azure.public_ips.items()):
        owned, user_assigned = public_ip.owns(service, cluster, found)
        if not owned or user_assigned or (found.version.value == IPV6) != ipv6:
            continue
        left = [name for name in services_of(found) if name.lower() != service.full_name.lower()]
        if not left:
            azure.delete_public_ip(key)
            continue
        azure.public_ips[key] = _without(service, cluster, found, left)


def _without(service: Service, cluster: Cluster, found: PublicIPAddress, left: list[str]) -> PublicIPAddress:
    tags = dict(found.tags or {})
    label = tags.get(content.DNS_TAG)
    if label is not None and label.value.lower() == service.full_name.lower():
        del tags[content.DNS_TAG]
    tags[SERVICE_TAG] = tags[SERVICE_TAG].with_value(",".join(left))
    return found._replace(tags=content.tagged(service, cluster, tags))
