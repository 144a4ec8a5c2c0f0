"""The last steps of a reconcile: the opposite load balancer is left, and public IPs are settled or deleted.

Upstream: reconcileLoadBalancer for the flipped Service, reconcilePublicIPs, getPublicIPUpdates,
shouldReleaseExistingOwnedPublicIP. Deleting a public IP here hits whoever uses it: a Service that asks for the address
of another's public IP, but for another name or from the internal load balancer, takes it away.
"""

from collections.abc import Collection, Mapping, Sequence

from kubectl_akslb.derive import private_link
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer import pool_addresses
from kubectl_akslb.derive.load_balancer.frontends import as_read_back, owned_frontends
from kubectl_akslb.derive.load_balancer.probes import SHARED_PROBE_NAME
from kubectl_akslb.derive.naming import (
    INTERNAL_SUFFIX,
    frontend_id,
    is_internal,
    is_internal_name,
    multiple_load_balancers,
)
from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.public_ip import content, public_ip
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.state.azure import services_of
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Event
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, PublicIPKey
from kubectl_akslb.model.network import PublicIPAddress
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.model.service import IPV6, IPFamily, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals


def leave_other_kind(context: Reconciliation, addresses: Mapping[IPFamily, str]) -> tuple[Event, ...]:
    """Take the Service off the load balancer of the other kind: off the public one where it is internal now.

    Upstream: reconcileLoadBalancer for the Service with its annotation flipped, and with its own addresses filled in.
    """
    internal = not is_internal(context.service)
    asking = context.of(_asking_for(context, addresses, internal=internal))
    return leave_kind(asking, tuple(addresses.values()), internal=internal)


def _asking_for(context: Context, addresses: Mapping[IPFamily, str], *, internal: bool) -> Service:
    """The Service as one that asks for the addresses it has, in place of others of their families.

    For an *internal* one the others are taken away only: who else has one of its addresses is looked up by them.
    Upstream: updateServiceLoadBalancerIPs.
    """
    service = context.service
    filled: Mapping[IPFamily, str] = dict.fromkeys(addresses, "") if internal else addresses
    if not context.has(behaviours.ADDRESS_ANNOTATIONS):
        return service._replace(load_balancer_ip="".join(filled.values())) if filled else service
    asked: dict[str, str] = {keys.IPV6 if family is IPV6 else keys.IPV4: address for family, address in filled.items()}
    return service._replace(annotations={**service.annotations, **asked})


def leave_kind(context: Reconciliation, addresses: tuple[str, ...], *, internal: bool) -> tuple[Event, ...]:
    """Take the Service off the load balancer of a kind: off that where its frontends are, if there are several.

    Some releases stop after they have deleted a private link service there, and go on only for the Service's own kind.
    """
    states = [state for state in context.azure.listed() if is_internal_name(state.name.value) == internal]
    if not states:
        return ()
    flipped = context.of(_of_kind(context.service, internal=internal))
    to_leave = [(state, _frontends_of(flipped, state, addresses)) for state in states]
    if multiple_load_balancers(context.cluster):
        to_leave = [(state, frontends) for state, frontends in to_leave if frontends]
    if not to_leave:
        return ()
    again = internal is is_internal(context.service) or not context.has(behaviours.PRIVATE_LINK_DELETED_FIRST)
    return _leave(flipped, *to_leave[0], again=again)


def _of_kind(service: Service, *, internal: bool) -> Service:
    """The Service as an internal or as a public one. Upstream: flipServiceInternalAnnotation."""
    if is_internal(service) == internal:
        return service
    return service._replace(annotations={**service.annotations, keys.INTERNAL: "true" if internal else ""})


def _frontends_of(
    context: Reconciliation, load_balancer: LoadBalancerState, addresses: tuple[str, ...]
) -> list[FrontendIPConfiguration]:
    """The frontends that are named after the Service, that it shares, or that have one of its addresses."""
    found = [
        *load_balancer.frontends_of(context.names.prefix),
        *owned_frontends(context, load_balancer).values(),
    ]
    # Only another Service can have put a frontend with one of the addresses there; so nothing is searched for most.
    if any(other.full_name != context.service.full_name for other in context.azure.services_at(addresses)):
        found += [
            frontend for frontend in load_balancer.frontends.values() if _address_of(context, frontend) in addresses
        ]
    return load_balancer.in_order(found)


def _address_of(context: Reconciliation, frontend: FrontendIPConfiguration) -> str:
    """The address of a frontend: that of its public IP, where it has one."""
    named = frontend.public_ip_address
    if named is None:
        return frontend.address
    public = context.azure.public_ip(public_ip.resource_group(context), named.value)
    return public.ip_address.value if public is not None else ""


def _leave(
    context: Reconciliation, load_balancer: LoadBalancerState, frontends: list[FrontendIPConfiguration], *, again: bool
) -> tuple[Event, ...]:
    """Take frontends and the Service's rules and probes off a load balancer, which goes with its last frontend.

    Where a private link service goes too, and it does not begin *again* after that, all else stays.

    A frontend that others' rules need stays, and an event says so. Upstream: reconcileFrontendIPConfigs,
    isFrontendIPConfigUnsafeToDelete, cleanOrphanedLoadBalancer.
    """
    prefix = context.names.prefix
    needed = [frontend for frontend in frontends if load_balancer.needed_by_others(frontend.name.value, prefix)]
    events = [_in_use(context.cluster, load_balancer, frontend) for frontend in reversed(needed)]
    gone = [frontend for frontend in frontends if frontend not in needed]
    if private_link.release(context, load_balancer, gone) and not again:
        return tuple(events)
    if gone:
        # The provider forgets that the Service is on a load balancer of this configuration, of either kind.
        place = context.service.full_name, load_balancer.name.value.removesuffix(INTERNAL_SUFFIX)
        context.azure.forgotten_places.add(place)
        context.azure.told_places.discard(place)
    dirty = load_balancer.has_any_of(prefix) or bool(gone)
    for frontend in gone:
        load_balancer.drop_frontend(frontend.name.value)
    load_balancer.replace_rules(prefix, (), ())
    if context.has(behaviours.SHARED_PROBE) and not context.service.is_local:
        dirty = _drop_shared_probe(load_balancer) or dirty
    if dirty:
        load_balancer.read_back(as_read_back)
        if not load_balancer.frontends:
            del context.azure.load_balancers[load_balancer.name.value]
            pool_addresses.forget(context.azure, load_balancer)
            keys_gone = (frontend.public_ip_key for frontend in gone)
            context.azure.gone_places |= {key: load_balancer.name.value for key in keys_gone if key is not None}
    return tuple(events)


def _drop_shared_probe(load_balancer: LoadBalancerState) -> bool:
    """Take the shared probe off where no rule needs it, and say whether it was there. Upstream: keepSharedProbe."""
    if SHARED_PROBE_NAME not in load_balancer.probes:
        return False
    if any(rule.probe is not None and rule.probe.value == SHARED_PROBE_NAME for rule in load_balancer.rules.values()):
        return False
    del load_balancer.probes[SHARED_PROBE_NAME]
    return True


def _in_use(cluster: Cluster, load_balancer: LoadBalancerState, frontend: FrontendIPConfiguration) -> Event:
    identifier = frontend_id(cluster, load_balancer.name.value, frontend.name.value)
    message = (
        f"isFrontendIPConfigUnsafeToDelete: frontend IP configuration with ID {identifier} on LB"
        f" {load_balancer.name.value} cannot be deleted because it is being referenced by load balancing rules of other"
        " services"
    )
    return Event("Warning", "DeletingFrontendIPConfiguration", message)


class Left(NamedTuple):
    """The load balancer of the Service, and the frontends that were made anew on it or given up."""

    load_balancer: LoadBalancerState
    dropped: Sequence[FrontendIPConfiguration]

    def remove_user(self, deleted: PublicIPKey) -> None:
        """Take off the frontend of the public IP."""
        user = self.load_balancer.frontend_of(deleted)
        if user is not None:
            self.load_balancer.remove_frontend(user)

    def give_address(self, anew: PublicIPKey, address: str) -> None:
        """A frontend that kept its public IP, which was deleted and made anew, has the address of the new one."""
        user = self.load_balancer.frontend_of(anew)
        if user is not None:
            self.load_balancer.frontends[user.name.value] = user._replace(address=address)

    def remove_successor(self, deleted: PublicIPKey) -> None:
        """Take off the frontend that stands in place of the one the public IP had. Upstream: safeDeletePublicIP."""
        for frontend in self.dropped:
            now = self.load_balancer.frontends.get(frontend.name.value)
            if frontend.public_ip_key == deleted and now is not None and now.public_ip_key is not None:
                self.load_balancer.remove_frontend(now)


def settle_public_ips(
    context: Reconciliation,
    frontends: Mapping[IPFamily, FrontendIPConfiguration],
    left: Left,
    families: tuple[IPFamily, ...],
    addresses: Mapping[IPFamily, str],
) -> None:
    """Delete public IPs that the Service owns but does not want, then write the one it wants.

    Upstream: reconcilePublicIPs, once for each IP family of the Service.
    """
    azure = context.azure
    asking = context.of(_asking_for(context, addresses, internal=False))
    # Sorted by family once: what a public IP is made into for the first family does not hide it from the second.
    owned = {family: _owned(asking, addresses.values(), family) for family in families}
    listed = {family: _family_by_name(context, family) for family in families}
    deleted: set[PublicIPKey] = set()
    for family in families:
        wanted = _wanted(asking, frontends.get(family), family)
        _check_family(context, listed[family], family)
        for key, found in owned[family].items():
            other = wanted is None or found.name.value != wanted.value or _other_ip_tags(context, found)
            if other and len(services_of(found)) == 1:
                if context.has(behaviours.FRESH_PUBLIC_IPS) or key not in azure.unseen_bindings:
                    left.remove_user(key)
                if context.has(behaviours.STALE_PUBLIC_IPS) and not azure.wrote_public_ip:
                    left.remove_successor(key)
                public_ip.delete(context, key)
                deleted.add(key)
                azure.forget_public_ips()
            else:
                settled = _settled(context, found)
                if settled != found:
                    public_ip.update(context, key, settled)
        if wanted is not None:
            ensured = public_ip.ensure(context, wanted, family, must_exist=False, addresses=addresses.values())
            key = public_ip.resource_group(context).lower(), ensured.name.value.lower()
            if key in deleted:
                left.give_address(key, ensured.ip_address.value)


def _settled(context: Context, found: PublicIPAddress) -> PublicIPAddress:
    """A public IP of the Service that stays, with the tags and, where they can be changed, the IP tags it asks for.

    Upstream: ensurePIPTagged, ensurePIPIPTagged.
    """
    found = found._replace(tags=content.tagged(context, found.tags))
    if not _asks_for_other_ip_tags(context.service, found) or _other_ip_tags(context, found):
        return found
    asked = annotation(context.service, keys.PIP_IP_TAGS)
    return found._replace(ip_tags=Derived(content.read_ip_tags(asked), asked, upstream="ensurePIPIPTagged"))


def _family_by_name(context: Reconciliation, family: IPFamily) -> str | None:
    """The family of the public IP that the Service asks for by name, as it is listed now; None where none is."""
    named = public_ip.pip_name(context, family).raw
    found = context.azure.public_ip(public_ip.resource_group(context), named) if named is not None else None
    return found.version.value if found is not None else None


def _check_family(context: Reconciliation, listed: str | None, family: IPFamily) -> None:
    """Refuse a public IP by name that was of the other family when they were listed: it is not looked at then."""
    if listed in (None, family) or is_internal(context.service) or not context.has(behaviours.DUAL_STACK):
        return
    named = public_ip.pip_name(context, family)
    code = refusals.PUBLIC_IP_NAME_IN_OTHER_CASE
    raise Refused(code, named, service=context.service.full_name, name=named.raw)


def _other_ip_tags(context: Context, address: PublicIPAddress) -> bool:
    """Whether the IP tags that the Service asks for are others, and the cluster does not allow to change them.

    Upstream: shouldReleaseExistingOwnedPublicIP.
    """
    in_place = context.cluster.enable_ip_tag_mutation and context.has(behaviours.IP_TAG_MUTATION)
    return not in_place and _asks_for_other_ip_tags(context.service, address)


def _asks_for_other_ip_tags(service: Service, address: PublicIPAddress) -> bool:
    asked = annotation(service, keys.PIP_IP_TAGS)
    current = address.ip_tags.value if address.ip_tags is not None else ()
    return asked.raw is not None and content.read_ip_tags(asked) != current


def _wanted(context: Reconciliation, frontend: FrontendIPConfiguration | None, family: IPFamily) -> Derived[str] | None:
    """The public IP the Service should have, as one that asks for its addresses; None for an internal one.

    From 1.27.0 until dual stack a family without a frontend gets a public IP all the same: nothing uses it.
    """
    if is_internal(context.service):
        return None
    named = public_ip.pip_name(context, family)
    if named.raw is not None:
        found = context.azure.public_ip(public_ip.resource_group(context), named.raw)
        if found is None or found.name.value != named.raw:  # here the provider minds the case
            code = refusals.PUBLIC_IP_NAME_IN_OTHER_CASE
            raise Refused(code, named, service=context.service.full_name, name=named.raw)
        return Derived(named.raw, named, upstream="determinePublicIPName")
    has = frontend is not None and public_ip.load_balancer_ip(context, family).value == frontend.address
    if frontend is None or not has or public_ip.prefix_id(context, family).raw is not None:
        return public_ip.determine_name(context, family)[0]
    return frontend.public_ip_address


def _owned(context: Reconciliation, addresses: Collection[str], family: IPFamily) -> dict[PublicIPKey, PublicIPAddress]:
    """The managed public IPs of a family that the Service has or selects, as the provider sees them.

    Before there were public IPs per family those of both. Upstream: serviceOwnsPublicIP, for the Service with its own
    addresses filled in.
    """
    azure = context.azure
    group = public_ip.resource_group(context)
    candidates: dict[PublicIPKey, None] = {**azure.touched, **dict.fromkeys(azure.public_ips_of(context.service))}
    for address in (*addresses, *public_ip.load_balancer_ips(context)):
        found = azure.standing_public_ip_at(group, address)
        if found is not None:
            candidates[group.lower(), found.name.value.lower()] = None
    name = public_ip.pip_name(context, family).raw
    if name is not None:
        candidates[group.lower(), name.lower()] = None
    owned = {}
    seen = public_ip.listed(context)
    for key in (*candidates, *seen.changed):
        found = seen.get(key)
        if found is None or (found.version.value != family and context.has(behaviours.FAMILY_PUBLIC_IPS)):
            continue
        users = services_of(found)
        selected = found.ip_address.value in addresses or public_ip.owns(context, found)[0]
        if users and (selected or context.service.full_name in users):
            owned[key] = found
    return owned
