"""What the provider does when a Service is deleted, or is no LoadBalancer any more.

Upstream: EnsureLoadBalancerDeleted: security group, load balancers of both kinds, public IPs.
"""

from kubectl_akslb.derive import service_gateway
from kubectl_akslb.derive.cleanup import leave_kind
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer.frontends import (
    also_serving,
    as_status_reads,
    families,
    owned_frontends,
    pooled_families,
)
from kubectl_akslb.derive.naming import is_internal, is_internal_name, multiple_load_balancers
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
from kubectl_akslb.model.service import IPFamily, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider.behaviours import (
    DUAL_STACK,
    LABEL_TAG_TAKEN_OFF,
    OTHER_KIND_LEFT_ON_DELETION,
    REFERENCES_BEFORE_TAGS,
    SHARED_NSG_RULES,
)


class Deletion(NamedTuple):
    """What came of the deletion: where it is refused, the Service and what it has left stay."""

    refused: Refused | None
    events: tuple[Event, ...]


def delete_on(service: Service, cluster: Cluster, azure: Azure) -> Deletion:
    """Delete *service* on *azure*, which is changed; what stood there for it shows in the difference."""
    events: list[Event] = []
    context = Reconciliation(service, cluster, azure)
    if service_gateway.serves(cluster):
        service_gateway.delete(context)
        return Deletion(None, ())
    store(service, cluster, azure)
    try:
        _delete(context, events)
    except Refused as refused:
        return Deletion(refused, tuple(events))
    azure.forget(service)
    return Deletion(None, tuple(events))


def _delete(context: Reconciliation, events: list[Event]) -> None:
    load_balancer, frontends = exists(context)
    also = also_serving(context, load_balancer, frontends)
    if frontends and _reads_status(context):
        additional_addresses(context)  # part of the status
        frontends = {family: as_status_reads(context, frontend) for family, frontend in frontends.items()}
        also = tuple(as_status_reads(context, frontend) for frontend in also)
    warnings: list[Event] = []
    built = Built(load_balancer, frontends, also)
    reconcile(context, built, _additional(context), warnings, deleted=True)
    events += [event._replace(recorded=True) for event in warnings]
    addresses = public_ip.load_balancer_ips(context)
    own = is_internal(context.service)
    for internal in (own, not own) if context.has(OTHER_KIND_LEFT_ON_DELETION) else (own,):
        events += leave_kind(context, addresses, internal=internal)
    for family in (pooled_families(context) if context.has(DUAL_STACK) else ()) or families(context):
        _release_public_ips(context, family)


def _reads_status(context: Reconciliation) -> bool:
    """Whether the status is read off the load balancer; before dual stack only where the Service does not tell it.

    Upstream: findServiceIPAddress.
    """
    if context.has(DUAL_STACK):
        return True
    return not public_ip.load_balancer_ips(context) and not context.azure.ingress.get(context.service.full_name)


def exists(context: Reconciliation) -> tuple[LoadBalancerState, dict[IPFamily, FrontendIPConfiguration]]:
    """The load balancer that the Service is on and its frontends there; none where it is on no load balancer.

    Refused where no configuration of several load balancers is left for the Service.
    Upstream: getServiceLoadBalancer, getServiceLoadBalancerStatus.
    """
    if multiple_load_balancers(context.cluster):
        from kubectl_akslb.derive.load_balancer.eligibility import asked_for, eligible_for

        eligible_for(context, asked_for(context.service))
    for state in reversed(context.azure.listed()):
        if is_internal_name(state.name.value) == is_internal(context.service):
            owned = owned_frontends(context, state)
            if owned:
                return state, owned
    nothing = by_provider("load balancer", "")
    return LoadBalancerState(Derived("", nothing), Derived("", nothing)), {}


def stands(context: Reconciliation) -> bool:
    """Whether the Service is on a load balancer as far as the provider can read its status.

    Upstream: shouldUpdateLoadBalancer, which takes an error for a Service that is on none.
    """
    try:
        _, frontends = exists(context)
        additional_addresses(context)
    except Refused:
        return False
    return bool(frontends)


def _additional(context: Context) -> tuple[str, ...]:
    """The addresses that the Service adds to its own; from 1.29.0 on none of a bad list."""
    try:
        return additional_addresses(context)
    except Refused as refused:
        if context.has(SHARED_NSG_RULES):
            return ()
        raise refused.within("unable to get additional public IPs, error=") from None


def _release_public_ips(context: Reconciliation, family: IPFamily) -> None:
    """Upstream: getPublicIPUpdates, unbindServiceFromPIP: the last Service takes the public IP along."""
    azure = context.azure
    for key, found in public_ip.listed(context).items():
        owned, user_assigned = public_ip.owns(context, found)
        if not owned or (context.has(DUAL_STACK) and found.version.value != family):
            continue
        if user_assigned:
            if context.has(LABEL_TAG_TAKEN_OFF):
                public_ip.update(context, key, found._replace(tags=_without_label(context, found)))
            continue
        left = [name for name in services_of(found) if name.lower() != context.service.full_name.lower()]
        remaining = _without(context, found, left)
        if left if context.has(REFERENCES_BEFORE_TAGS) else services_of(remaining):
            public_ip.update(context, key, remaining)
            azure.gone_places.clear()
        else:
            public_ip.delete(context, key)


def _without_label(context: Context, found: PublicIPAddress) -> dict[str, Derived[str]]:
    """The tags of a public IP without the one that says whose DNS label it has, where it is the Service's."""
    tags = dict(found.tags or {})
    label = tags.get(content.DNS_TAG)
    if label is not None and label.value.lower() == context.service.full_name.lower():
        del tags[content.DNS_TAG]
    return tags


def _without(context: Context, found: PublicIPAddress, left: list[str]) -> PublicIPAddress:
    """The public IP with the tags of the Services that are left. Upstream: unbindServiceFromPIP, ensurePIPTagged."""
    tags = _without_label(context, found)
    tags[SERVICE_TAG] = tags[SERVICE_TAG].with_value(",".join(left))
    return found._replace(tags=content.tagged(context, tags))
