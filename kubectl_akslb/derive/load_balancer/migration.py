"""Addresses and load balancers: a Service goes where its address is, and leaves what it had elsewhere.

Both matter with several load balancers only; what is Basic can be several too (vm_sets.py).
"""

from kubectl_akslb.derive import private_link
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer import frontends, pool_addresses
from kubectl_akslb.derive.load_balancer.backend_pool import backend_pool_name
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, is_internal, is_internal_name
from kubectl_akslb.derive.precedence import annotation, by_provider, spec
from kubectl_akslb.derive.public_ip import public_ip
from kubectl_akslb.derive.public_ip.content import CLUSTER_TAG
from kubectl_akslb.derive.readers import equal_fold, quote
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group.security_group import additional_addresses
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.network import PublicIPAddress
from kubectl_akslb.model.provenance import Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals


class Pin(NamedTuple):
    """The addresses and the names of public IPs that a Service asks for; *origin* is where the first one stands."""

    addresses: tuple[Origin, ...]
    public_ips: tuple[Origin, ...]

    @property
    def origin(self) -> Origin:
        """Where the first of them stands."""
        return (*self.addresses, *self.public_ips)[0]


def pin_of(context: Context) -> Pin | None:
    """What the Service asks for, or None. Upstream: getServiceLoadBalancerIPs, getServicePIPNames."""
    service = context.service
    annotated = tuple(o for o in (annotation(service, keys.IPV4), annotation(service, keys.IPV6)) if o.raw)
    of_spec = (spec("spec.loadBalancerIP", service.load_balancer_ip),) if service.load_balancer_ip else ()
    named = tuple(public_ip.pip_name(context, family) for family in (IPV4, IPV6))
    pin = Pin(annotated or of_spec, tuple(origin for origin in named if origin.raw is not None))
    return pin if pin.addresses or pin.public_ips else None


def pinned_load_balancer(context: Reconciliation, pin: Pin) -> str:
    """The configuration whose load balancer holds what is asked for, or "" where none does.

    Refused where a public IP is asked for that does not exist.
    Upstream: getLoadBalancerNameByPrivateIP, getLoadBalancerNameByPublicIP.
    """
    if is_internal(context.service):
        return _by_private_address(context.azure, {origin.raw for origin in pin.addresses})
    try:
        found = _public_ips(context, pin)
    except Refused as refused:
        head = f"look up load balancer by public IP for service {quote(context.service.name)}: "
        raise refused.within(head) from None
    return next((name for name in found if name), "")


def _by_private_address(azure: Azure, wanted: set[str | None]) -> str:
    for state in azure.listed():
        if is_internal_name(state.name.value) and any(f.address in wanted for f in state.frontends.values()):
            return state.name.value.removesuffix(INTERNAL_SUFFIX)
    return ""


def _public_ips(context: Reconciliation, pin: Pin) -> list[str]:
    """The load balancer of each public IP, up to the first that is on one; those after it are not looked for."""
    azure = context.azure
    group = public_ip.resource_group(context)
    names: list[str] = []
    for origin in pin.addresses:
        text = origin.raw or ""
        try:
            found = public_ip.find_by_address(context, Derived(text, origin))
        except Refused as refused:
            raise refused.within(f"find public IP by address {quote(text)}: ") from None
        names.append(_holder(context.cluster, azure, group, found))
        if names[-1]:
            return names
    for origin in pin.public_ips:
        text = origin.raw or ""
        named = azure.public_ip(group, text)
        if named is None:
            head = f"find public IP by name {quote(text)}: "
            raise Refused(refusals.PUBLIC_IP_NAME_NOT_FOUND, origin, head=head, name=text, group=group)
        names.append(_holder(context.cluster, azure, group, named))
        if names[-1]:
            return names
    return names


def _holder(cluster: Cluster, azure: Azure, group: str, address: PublicIPAddress) -> str:
    """The load balancer that a public IP is on; not where another cluster's tag is on it.

    Upstream: getLoadBalancerNameFromPIP.
    """
    tag = (address.tags or {}).get(CLUSTER_TAG)
    if tag is not None and tag.value and not equal_fold(tag.value, cluster.load_balancer_name or cluster.cluster_name):
        return ""
    key = (group.lower(), address.name.value.lower())
    if key in azure.gone_places:
        return azure.gone_places[key]
    return next((state.name.value for state in azure.load_balancers.values() if state.frontend_of(key)), "")


def leave_others(context: Reconciliation, target: str) -> tuple[FrontendIPConfiguration, ...]:
    """Take the Service off the load balancers it was on before it is put on *target*; the frontends that it leaves.

    Before addresses pinned a Service, it took a shared address along, away from the Service that had it.
    Refused where other Services use the frontend it would leave. Upstream: getServiceLoadBalancer.
    """
    left: tuple[FrontendIPConfiguration, ...] = ()
    follows = context.has(behaviours.PINNED_LOAD_BALANCER)
    everywhere = follows and pin_of(context) is not None
    listed = context.azure.listed()
    for state in reversed(listed) if follows else listed:
        same_kind = is_internal_name(state.name.value) == is_internal(context.service)
        owned = frontends.owned_frontends(context, state) if same_kind else {}
        if owned:
            additional_addresses(context)  # part of the status, which is read of each load balancer that it is on
        on_target = state.name.value.lower() == target.lower()
        if owned and not on_target:
            if follows:
                _refuse_shared(context, state, target, [one.name.value for one in frontends.all_of(context, state)])
            context.azure.told_places.discard(
                (context.service.full_name, state.name.value.removesuffix(INTERNAL_SUFFIX))
            )
            left += leave(context, state)
        elif follows and not on_target and state.rules_of(context.names.prefix):
            _remove_rules(context, state)
        if owned and not everywhere:
            break
    return left


def leave(context: Reconciliation, state: LoadBalancerState) -> tuple[FrontendIPConfiguration, ...]:
    """Take the Service off one load balancer; the frontends that it leaves. Upstream: removeServiceFromLB."""
    left = tuple(frontends.all_of(context, state))
    _remove(context, state, [frontend.name.value for frontend in left])
    return left


def with_old_address(
    frontend: FrontendIPConfiguration, left: tuple[FrontendIPConfiguration, ...]
) -> FrontendIPConfiguration:
    """An internal frontend that keeps the address of the one that was left.

    The provider does so where the load balancer it moves to exists already, and later on from the Service's status.
    Upstream: reconcileFrontendIPConfigs.
    """
    before = next((old for old in left if old.name.value == frontend.name.value), None)
    if before is None or frontend.subnet is None or frontend.private_ip_address is not None:
        return frontend
    if isinstance(before.address, Placeholder) or frontend.private_ip_address_version is not None:
        return frontend  # of the ranges of a subnet only the IPv4 ones are looked at here
    origin = by_provider("address before the move", before.address)
    return frontend._replace(
        private_ip_address=Derived(before.address, origin, upstream="reconcileFrontendIPConfigs"),
        private_ip_allocation_method=Derived("Static", origin, upstream="reconcileFrontendIPConfigs"),
        address=before.address,
    )


def _refuse_shared(context: Context, state: LoadBalancerState, target: str, gone: list[str]) -> None:
    """Upstream: isFrontendIPConfigUnsafeToDelete."""
    for name in gone:
        if state.needed_by_others(name, context.names.prefix):
            raise Refused(
                refusals.CANNOT_MIGRATE,
                annotation(context.service, keys.CONFIGURATIONS),
                service=quote(context.service.name),
                current=quote(state.name.value),
                target=quote(target),
                frontend=quote(name),
                key=keys.CONFIGURATIONS,
            )


def _remove_rules(context: Reconciliation, state: LoadBalancerState) -> None:
    """Upstream: removeStaleServiceLBResources: the rules, and the frontends that nobody needs then."""
    prefix = context.names.prefix
    left = {rule.frontend.value for rule in state.rules_of(prefix)}
    # On a copy: where the provider panics, nothing of it was sent.
    without = state.copy()
    without.replace_rules(prefix, (), ())
    context.azure.load_balancers[state.name.value] = without
    try:
        _remove(context, without, [name for name in left if not without.needed_by_others(name, prefix)])
    except Refused:
        context.azure.load_balancers[state.name.value] = state
        raise


def _remove(context: Reconciliation, state: LoadBalancerState, gone: list[str]) -> None:
    """Upstream: removeFrontendIPConfigurationFromLoadBalancer; a load balancer without frontends is deleted."""
    service = context.service
    kept = _survivors(service, list(state.frontends), gone)
    _check_named_after(service, list(state.rules), gone)
    _check_named_after(service, list(state.probes), gone)
    private_link.release(context, state, [state.frontends[name] for name in gone])
    state.remove_frontends(kept, gone)
    if service.is_local:
        for family in (IPV4, IPV6):
            state.pools.pop(backend_pool_name(context, family).value, None)
    if not state.frontends:
        del context.azure.load_balancers[state.name.value]
        pool_addresses.forget(context.azure, state)


def _survivors(service: Service, names: list[str], gone: list[str]) -> list[str]:
    """The frontends that stay, with the fault of the provider's loop, which shortens the list that it walks.

    Of two related the second one stays behind; where they are the last of the list the provider panics, so a
    dual-stack Service whose frontends stand last cannot leave. Seen when running 1.28.0 and 1.36.5.
    """
    kept = len(names)
    for index in range(len(names)):
        if names[index] not in gone:
            continue
        if index >= kept:
            origin = annotation(service, keys.CONFIGURATIONS)
            raise Refused(refusals.SLICE_BOUNDS, origin, index=index + 1, length=kept)
        names[index : kept - 1] = names[index + 1 : kept]
        kept -= 1
    return names[:kept]


def _check_named_after(service: Service, names: list[str], gone: list[str]) -> None:
    """The provider's loop over rules and over probes, which panics where the last one goes with the first of two."""
    for index in reversed(range(len(names))):
        for frontend in gone:
            if index >= len(names):
                origin = annotation(service, keys.CONFIGURATIONS)
                raise Refused(refusals.INDEX_OUT_OF_RANGE, origin, index=index, length=len(names))
            if frontend in names[index]:
                del names[index]
