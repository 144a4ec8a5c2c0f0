"""Frontends: the Service's own, or the one it shares because it asks for the same address.

Upstream: reconcileFrontendIPConfigs, serviceOwnsFrontendIP, getServiceLoadBalancerStatus.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import takewhile

from kubectl_akslb.derive.addresses import is_private
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.naming import family_of_name, frontend_id, frontend_name, is_internal
from kubectl_akslb.derive.precedence import annotation, by_provider, default, setting, spec
from kubectl_akslb.derive.public_ip import public_ip
from kubectl_akslb.derive.readers import equal_fold
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.state.azure import assigned_address
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.network import PublicIPAddress
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

_DYNAMIC = default("private address", "Dynamic")


def families(context: Context) -> tuple[IPFamily, ...]:
    """The IP families that are built, IPv4 first. Upstream: getIPFamiliesEnabled.

    Before dual stack (1.27.8, 1.28.0) it is the family of the first cluster IP only.
    """
    service = context.service
    if not context.has(behaviours.DUAL_STACK):
        if service.cluster_ips:
            return (IPFamily.of(service.cluster_ips[0]),)
        return (IPV6 if service.ip_families[:1] == (IPV6,) else IPV4,)
    enabled = tuple(family for family in (IPV4, IPV6) if family in service.ip_families)
    if not enabled and context.has(behaviours.EMPTY_FAMILIES_MEAN_IPV4):
        return (IPV4,)
    return enabled


def pooled_families(context: Context) -> tuple[IPFamily, ...]:
    """The IP families that have a backend pool; from 1.27.0 on every one that the Service names."""
    if context.has(behaviours.POOLS_PER_FAMILY):
        return tuple(family for family in (IPV4, IPV6) if family in context.service.ip_families)
    return families(context)


def owned_frontends(
    context: Reconciliation, load_balancer: LoadBalancerState, without: Collection[FrontendIPConfiguration] = ()
) -> dict[IPFamily, FrontendIPConfiguration]:
    """The frontends of the Service by family: shared ones, then those named after it.

    Some releases take all shared ones for IPv4: they compare pointers to the family, which always differ.
    Upstream: findFrontendIPConfigsOfService, serviceOwnsFrontendIP.
    """
    told_apart = not context.has(behaviours.SHARED_FRONTENDS_ARE_IPV4)
    own = load_balancer.frontends_of(context.names.prefix)
    found = [one for one in _sharable(context, load_balancer) if one[1] not in own and one[1] not in without]
    owned = {family if told_apart else IPV4: frontend for family, frontend in found}
    if found and not context.has(behaviours.DUAL_STACK):  # the first one, whatever the family of its address
        owned = {families(context)[0]: found[0][1]}
    for frontend in own:
        if frontend in without:
            continue
        family = _family_of(context, frontend)
        if (
            family not in owned
            or owned[family] in own
            or _comes_before(context, load_balancer, frontend, owned[family])
        ):
            owned[family] = frontend
    return owned


def _comes_before(
    context: Context, load_balancer: LoadBalancerState, own: FrontendIPConfiguration, shared: FrontendIPConfiguration
) -> bool:
    """Whether the own frontend is taken and not another Service's: of both the last, before dual stack the first."""
    order = list(load_balancer.frontends)
    behind = order.index(own.name.value) > order.index(shared.name.value)
    return behind is context.has(behaviours.DUAL_STACK)


def serving(
    context: Reconciliation, load_balancer: LoadBalancerState, owned: Mapping[IPFamily, FrontendIPConfiguration]
) -> dict[IPFamily, FrontendIPConfiguration]:
    """The frontends on whose addresses a Service answers, by the family of the address.

    Those that it owns, but for releases that take shared ones for others. Upstream: getServiceLoadBalancerStatus.
    """
    if not context.has(behaviours.SHARED_FRONTENDS_ARE_IPV4):
        return dict(owned)
    found = dict(_sharable(context, load_balancer))
    for family, frontend in owned.items():
        found[family if isinstance(frontend.address, Placeholder) else IPFamily.of(frontend.address)] = frontend
    return found


def also_serving(
    context: Reconciliation, load_balancer: LoadBalancerState, serving: Mapping[IPFamily, FrontendIPConfiguration]
) -> tuple[FrontendIPConfiguration, ...]:
    """Further frontends of the Service, or with an address or a public IP that it asks for: its status has them too.

    Upstream: getServiceLoadBalancerStatus, which before dual stack stops at the first.
    """
    if not context.has(behaviours.DUAL_STACK):
        return ()
    names = {frontend.name.value for frontend in serving.values()}
    return tuple(frontend for frontend in all_of(context, load_balancer) if frontend.name.value not in names)


def all_of(context: Reconciliation, load_balancer: LoadBalancerState) -> list[FrontendIPConfiguration]:
    """The frontends that are named after the Service, or have an address or a public IP that it asks for."""
    shared = (frontend for _, frontend in _sharable(context, load_balancer))
    return load_balancer.in_order((*load_balancer.frontends_of(context.names.prefix), *shared))


def _sharable(
    context: Reconciliation, load_balancer: LoadBalancerState
) -> list[tuple[IPFamily, FrontendIPConfiguration]]:
    """Frontends that have an address or a public IP that the Service asks for, in order, each with its family."""
    addresses = public_ip.load_balancer_ips(context)
    if not addresses and not public_ip.is_named(context.service):  # as most are
        return []
    if is_internal(context.service):
        return [
            (IPFamily.of(frontend.address), frontend)
            for frontend in load_balancer.frontends_at(addresses)
            if frontend.subnet is not None
        ]
    group = public_ip.resource_group(context).lower()
    wanted = {(group, found.name.value.lower()): found for found in _selected_public_ips(context, addresses)}
    return [
        (IPV6 if wanted[key].version.value == IPV6 else IPV4, frontend)
        for frontend in load_balancer.frontends_at(wanted)
        if (key := frontend.public_ip_key) is not None
    ]


def _selected_public_ips(context: Reconciliation, addresses: tuple[str, ...]) -> list[PublicIPAddress]:
    """The public IPs that the Service asks for by address, or by name where it asks for no address.

    One that is not there ends the list. Upstream: serviceOwnsFrontendIP.
    """
    group = public_ip.resource_group(context)
    found: Iterable[PublicIPAddress | None] = ()
    if addresses:
        looked_for = takewhile(lambda address: public_ip.is_looked_for(context, address), addresses)
        found = (context.azure.public_ip_at(group, address) for address in looked_for)
    elif context.has(behaviours.SHARE_BY_PUBLIC_IP_NAME):
        names = (public_ip.pip_name(context, family).raw for family in (IPV4, IPV6))
        found = (context.azure.public_ip(group, name) for name in names if name is not None)
    return [address for address in takewhile(lambda one: one is not None, found) if address is not None]


class Frontends(NamedTuple):
    """The frontends of a Service by family, those of them that are new, and those that go."""

    owned: dict[IPFamily, FrontendIPConfiguration]
    new: list[FrontendIPConfiguration]
    dropped: list[FrontendIPConfiguration]


def reconcile(context: Reconciliation, load_balancer: LoadBalancerState) -> Frontends:
    """A frontend for every family of the Service. Upstream: reconcileFrontendIPConfigs."""
    own = load_balancer.frontends_of(context.names.prefix)
    # From the last to the first, as the provider does: of two faults the last one is told.
    looked_at = _looked_at(context, load_balancer, own)
    dropped = [frontend for frontend in reversed(looked_at) if _changed(context, frontend)][::-1]
    before = owned_frontends(context, load_balancer) if dropped else {}
    kept = owned_frontends(context, load_balancer, dropped)
    owned = dict(kept)
    new = []
    for family in families(context):
        if family in owned:
            continue
        if is_internal(context.service):
            owned[family] = _internal(context, family)
            if before and context.has(behaviours.KEPT_PRIVATE_ADDRESS):
                owned[family] = _with_kept_address(owned[family], before, family)
            elif context.has(behaviours.PRIVATE_ADDRESS_OF_STATUS):
                owned[family] = _with_address_of_status(context, owned[family], family)
        else:
            owned[family] = _public(context, family)
        new.append(owned[family])
    return Frontends(owned | _turned(context, load_balancer, kept) if new else owned, new, dropped)


def _turned(
    context: Reconciliation, load_balancer: LoadBalancerState, kept: Mapping[IPFamily, FrontendIPConfiguration]
) -> dict[IPFamily, FrontendIPConfiguration]:
    """The shared frontends by the family that their public IP has now: a new frontend may just have changed it.

    Rules go to them then, not to the new frontend. Upstream: reconcileLoadBalancer, which asks for the family again.
    """
    told_apart = context.has(behaviours.DUAL_STACK) and not context.has(behaviours.SHARED_FRONTENDS_ARE_IPV4)
    if not kept or not told_apart:
        return {}
    shared = [frontend for frontend in kept.values() if not _is_own(context, frontend)]
    return {family: frontend for family, frontend in _sharable(context, load_balancer) if frontend in shared}


def _is_own(context: Context, frontend: FrontendIPConfiguration) -> bool:
    return frontend.name.value.lower().startswith(context.names.prefix.lower())


def _looked_at(
    context: Reconciliation, load_balancer: LoadBalancerState, own: list[FrontendIPConfiguration]
) -> list[FrontendIPConfiguration]:
    """The own frontends that may have to be made anew.

    Before dual stack the provider goes from the last frontend to the first, and stops at one that is the Service's, be
    it shared.
    """
    if context.has(behaviours.DUAL_STACK) or not own:
        return own
    shared = [frontend for _, frontend in _sharable(context, load_balancer)]
    last = [frontend for frontend in load_balancer.frontends.values() if frontend in own or frontend in shared][-1]
    return [last] if last in own else []


def _changed(context: Reconciliation, frontend: FrontendIPConfiguration) -> bool:
    """Whether a frontend that is named after the Service has to be made anew. Upstream: isFrontendIPChanged."""
    names = context.names
    family = _family_of(context, frontend)
    if not equal_fold(frontend.name.value, frontend_name(names, family).value):
        return True
    if is_internal(context.service):
        subnet = names.subnet.raw if names.subnet is not None else None
        if subnet is not None and frontend.subnet is not None and not equal_fold(frontend.subnet.value, subnet):
            return True
        wanted = public_ip.load_balancer_ip(context, family).value
        return bool(wanted) and not equal_fold(wanted, frontend.address)
    name, _ = public_ip.determine_name(context, family)
    group = public_ip.resource_group(context)
    found = public_ip.named_public_ip(context.cluster, context.azure, group, name.value)
    used = frontend.public_ip_key
    return found is None or (used is not None and used != (group.lower(), found.name.value.lower()))


def _family_of(context: Context, frontend: FrontendIPConfiguration) -> IPFamily:
    """The family that an own frontend is taken for: by its name, whatever address it has. Upstream: isFIPIPv6."""
    if context.names.dual_stack:
        return family_of_name(frontend.name.value)
    needs_family = context.has(behaviours.DUAL_STACK) and not context.has(behaviours.FAMILY_OF_EMPTY_FAMILIES)
    if needs_family and not context.service.ip_families:
        raise Refused(refusals.INDEX_OUT_OF_RANGE, spec("spec.ipFamilies", None), index=0, length=0)
    return IPV6 if families(context)[:1] == (IPV6,) else IPV4


def is_taken_for_ipv6(context: Context, frontend: FrontendIPConfiguration) -> bool:
    """Whether a frontend of the Service, be it shared, counts as IPv6; never before dual stack."""
    if not context.has(behaviours.DUAL_STACK):
        return False
    if _is_own(context, frontend) or isinstance(frontend.address, Placeholder):
        return _family_of(context, frontend) is IPV6
    return IPFamily.of(frontend.address) is IPV6


def _with_kept_address(
    frontend: FrontendIPConfiguration, before: Mapping[IPFamily, FrontendIPConfiguration], family: IPFamily
) -> FrontendIPConfiguration:
    """An internal frontend in place of another keeps its address, where the new subnet holds it; taken to be so.

    The provider asks Azure for the range of the subnet; only IPv4 ranges are looked at here.
    """
    old = before.get(family)
    if old is None or family is IPV6 or frontend.private_ip_address is not None or isinstance(old.address, Placeholder):
        return frontend
    return _with_address(frontend, old.address, "address before the edit")


def _with_address_of_status(
    context: Reconciliation, frontend: FrontendIPConfiguration, family: IPFamily
) -> FrontendIPConfiguration:
    """An internal frontend in place of one that somebody has deleted has the address that the status still lists.

    The provider asks Azure for the range of the subnet; every private IPv4 address is taken to be in it.
    """
    if family is IPV6 or frontend.private_ip_address is not None:
        return frontend
    for address in context.azure.ingress.get(context.service.full_name, ()):
        if IPFamily.of(address) is IPV4 and is_private(address):
            return _with_address(frontend, address, "status.loadBalancer.ingress")
    return frontend


def _with_address(frontend: FrontendIPConfiguration, address: str, where: str) -> FrontendIPConfiguration:
    origin = by_provider(where, address)
    return frontend._replace(
        private_ip_address=Derived(address, origin, upstream="reconcileFrontendIPConfigs"),
        private_ip_allocation_method=Derived("Static", origin, upstream="reconcileFrontendIPConfigs"),
        address=address,
    )


def as_status_reads(context: Reconciliation, frontend: FrontendIPConfiguration) -> FrontendIPConfiguration:
    """A frontend with the address that the status gets: none of a public IP in another group than the Service's.

    Upstream: getServiceLoadBalancerStatus, which looks for the name in the resource group that the Service names now.
    """
    if frontend.public_ip_address is None:
        return frontend
    found = context.azure.public_ip(public_ip.resource_group(context), frontend.public_ip_address.value)
    return frontend._replace(address=found.ip_address.value if found is not None else "")


def as_read_back(frontend: FrontendIPConfiguration) -> FrontendIPConfiguration:
    """A frontend as ARM returns it: a dynamic private address that was assigned stands in it, and is sent again."""
    if frontend.subnet is None or frontend.private_ip_address is not None:
        return frontend
    return frontend._replace(private_ip_address=_assigned(frontend))


def _assigned(frontend: FrontendIPConfiguration) -> Derived[str]:
    known = None if isinstance(frontend.address, Placeholder) else frontend.address
    origin = by_provider(f"address of {frontend.name.value}", known)
    return Derived(frontend.address, origin, notes=("Azure assigned it; the provider sends it along from then on",))


def _public(context: Reconciliation, family: IPFamily) -> FrontendIPConfiguration:
    name, must_exist = public_ip.determine_name(context, family)
    address = public_ip.ensure(context, name, family, must_exist=must_exist)
    return FrontendIPConfiguration(
        frontend_name(context.names, family),
        public_ip_address=Derived(
            address.name.value, name.origin, considered=name.considered, notes=name.notes, upstream=name.upstream
        ),
        address=address.ip_address.value,
        public_ip_resource_group=public_ip.resource_group(context),
    )


def _internal(context: Context, family: IPFamily) -> FrontendIPConfiguration:
    cluster = context.cluster
    upstream = "reconcileFrontendIPConfigs"
    name = frontend_name(context.names, family)
    wanted = public_ip.load_balancer_ip(context, family)
    own_subnet = annotation(context.service, keys.INTERNAL_SUBNET)
    of_cluster = setting(cluster, "subnet_name", "subnetName", cluster.subnet_name)
    subnet = context.names.subnet or of_cluster
    static = bool(wanted.value)
    method = Derived(
        "Static" if static else "Dynamic",
        wanted.origin if static else _DYNAMIC,
        considered=wanted.considered,
        upstream=upstream,
    )
    return FrontendIPConfiguration(
        name,
        subnet=Derived(subnet.raw or "", subnet, considered=(own_subnet, of_cluster), upstream=upstream),
        private_ip_address=Derived(wanted.value, wanted.origin, considered=wanted.considered, upstream=upstream)
        if static
        else None,
        private_ip_allocation_method=method,
        private_ip_address_version=Derived(IPV6, spec("spec.ipFamilies", IPV6), upstream=upstream)
        if family is IPV6
        else None,
        zones=public_ip.region_zones(cluster) if cluster.is_standard else None,
        address=wanted.value or assigned_address(context, name.value, family).value,
    )


def check_conflicts(context: Context, load_balancer: LoadBalancerState, frontend: FrontendIPConfiguration) -> None:
    """Refuse a port that another Service has on the same frontend. Upstream: checkLoadBalancerResourcesConflicts."""
    own = context.names.prefix.upper()
    for port in context.service.ports:
        rule = load_balancer.rule_on(frontend.name.value, port.protocol, port.port)
        if rule is None or rule.name.value.upper().startswith(own):
            continue
        identifier = frontend_id(context.cluster, load_balancer.name.value, frontend.name.value)
        origin = spec(f"spec.ports[{port.index}].port", str(port.port))
        taken = {"rule": rule.name.value, "protocol": rule.protocol.value, "frontend": identifier}
        raise Refused(refusals.FRONTEND_PORT_TAKEN, origin, name=port.name, port=port.port, **taken)
