"""What in Azure may be why a Service gets no address where no event says it: cluster, quota, the public IP it names."""

from collections.abc import Iterator

from kubectl_akslb.azure.resources import PublicIP, Resources, group_of, name_of
from kubectl_akslb.derive.addresses import is_address, is_private
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.public_ip.public_ip import load_balancer_ips, pip_name, resource_group
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.provenance import Origin
from kubectl_akslb.model.service import IPV4, IPV6, Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason, Remedy
from kubectl_akslb.provider import annotations as keys

_WELL = frozenset({"", "succeeded", "running"})
_ADDRESSES = frozenset({"publicipaddresses", "ipv4standardskupublicipaddresses", "standardskupublicipaddresses"})
_ON_LOAD_BALANCER = "/loadbalancers/"


def hindrances(context: Context, evidence: Evidence) -> tuple[Reason, ...]:
    """All of it, what is the Service's own first; nothing where nobody asked Azure."""
    if evidence.azure is None:
        return ()
    own = public_ip_elsewhere(context, evidence)
    return (*own, *_in_use(context, evidence), *_quota(context.service, evidence), *cluster_states(evidence.azure))


def public_ip_elsewhere(context: Context, evidence: Evidence) -> tuple[Reason, ...]:
    """The public IP that a Service names, where it is in another resource group than the provider looks in."""
    asked = resource_group(context)
    if "resource_group" not in context.cluster.given and not context.service.annotations.get(keys.RESOURCE_GROUP):
        return ()
    found = tuple(_named(context, evidence))
    if any(group_of(one.id) == asked.lower() for one in found):
        return ()
    named = ({"name": one.name, "group": group_of(one.id), "asked": asked, "id": one.id} for one in found)
    return tuple(Reason(Cause.PUBLIC_IP_ELSEWHERE, facts) for facts in named if facts["group"])[:1]


def moved(reason: Reason, origin: Origin | None) -> Remedy:
    """The annotation that names the resource group of the public IP."""
    group = str(reason.facts["group"])
    return Remedy(((str(keys.RESOURCE_GROUP), group),), reason._replace(origin=origin))


def _named(context: Context, evidence: Evidence) -> Iterator[PublicIP]:
    """The public IPs of the subscription that have the name or the address that a Service asks for."""
    if is_internal(context.service) or evidence.azure is None:
        return
    named = {(pip_name(context, family).raw or "").lower() for family in (IPV4, IPV6)} - {""}
    addresses = {one for one in load_balancer_ips(context) if is_address(one) and not is_private(one)}
    for one in evidence.azure.public_ips or ():
        if one.name.lower() in named or one.ip_address in addresses:
            yield one


def _in_use(context: Context, evidence: Evidence) -> Iterator[Reason]:
    asked = resource_group(context).lower()
    for one in _named(context, evidence):
        by = one.ip_configuration or one.nat_gateway
        if group_of(one.id) in ("", asked) and by and _ON_LOAD_BALANCER not in by.lower():
            yield Reason(Cause.PUBLIC_IP_IN_USE, {"name": one.name, "by": by, "id": one.id})


def _quota(service: Service, evidence: Evidence) -> Iterator[Reason]:
    usages = evidence.azure.usages or () if evidence.azure is not None else ()
    for one in usages if not is_internal(service) else ():
        if one.name.lower() in _ADDRESSES and one.current >= one.limit:
            facts = {"what": one.name, "current": one.current, "limit": one.limit, "region": one.region}
            yield Reason(Cause.QUOTA_IS_USED_UP, facts)


def cluster_states(azure: Resources) -> Iterator[Reason]:
    """The cluster and its node pools, where AKS did not get them to what is asked for, or somebody stopped them."""
    for one in azure.clusters or ():
        states = [(f"the cluster {one.name}", state) for state in (one.provisioning_state, one.power_state)]
        for pool in one.pools:
            states += ((f"the node pool {pool.name}", state) for state in (pool.provisioning_state, pool.power_state))
        for what, state in states:
            if state.lower() not in _WELL:
                yield Reason(Cause.CLUSTER_STATE, {"what": what, "state": state, "id": one.id})
    yield from _unlinked(azure)


def _unlinked(azure: Resources) -> Iterator[Reason]:
    """The networks of the nodes to which the zone with the name of a private API server is not linked."""
    links = azure.zone_links
    if not links or not any(one.private for one in azure.clusters or ()):
        return
    linked = {one.virtual_network.strip("/").lower() for one in links}
    subnets = (address.subnet for card in azure.network_interfaces or () for address in card.configurations)
    networks = dict.fromkeys(one.strip("/").lower().partition("/subnets/")[0] for one in subnets if one)
    for network in networks:
        if network not in linked:
            zone = links[0].zone
            facts = {"zone": name_of(zone), "network": name_of(network), "id": network, "group": group_of(zone)}
            yield Reason(Cause.ZONE_NOT_LINKED, facts)
