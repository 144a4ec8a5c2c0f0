"""The security group step of a reconcile: from what the Service says to the rules of its generation.

Upstream: reconcileSecurityGroup.
"""

from collections.abc import Mapping, Sequence

from kubectl_akslb.derive.addresses import AddressError, is_address, parse_address
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer import pool_addresses
from kubectl_akslb.derive.load_balancer.frontends import families
from kubectl_akslb.derive.precedence import annotation, by_provider, spec
from kubectl_akslb.derive.readers import trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group import shared_rules
from kubectl_akslb.derive.security_group.source_ranges import (
    AccessControl,
    access_control,
    access_events,
    sources_before_access_control,
)
from kubectl_akslb.derive.state.azure import UNKNOWN_NODES, node_addresses
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import NODE_IP
from kubectl_akslb.model.derivation import Event
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals


class Built(NamedTuple):
    """What the load balancer step has built: the security rules point at it."""

    load_balancer: LoadBalancerState
    frontends: Mapping[IPFamily, FrontendIPConfiguration]
    #: Further frontends that are in the status of the Service.
    also: tuple[FrontendIPConfiguration, ...] = ()


def reconcile(
    context: Reconciliation, built: Built, additional: tuple[str, ...], events: list[Event], *, deleted: bool = False
) -> None:
    """Bring the security group in line with the Service, and add what the provider reports to *events*.

    *additional* are the addresses that the Service adds to its own; of a *deleted* one nothing stays.
    """
    step = _reconcile_shared if context.has(behaviours.SHARED_NSG_RULES) else _reconcile_per_port
    step(context, built, additional, events, deleted=deleted)


def additional_addresses(context: Context) -> tuple[str, ...]:
    """The addresses that the annotation adds to the status and to the security rules.

    Upstream: loadbalancer.AdditionalPublicIPs; before 1.29.0 getServiceAdditionalPublicIPs.
    """
    source = annotation(context.service, keys.ADDITIONAL_IPS)
    if source.raw is None:
        return ()
    found = []
    strict = context.has(behaviours.STRICT_ADDITIONAL_IPS)
    for item in trim(source.raw).split(","):
        text = item if strict else trim(item)
        if not text and not strict:
            continue
        try:
            address = parse_address(text)
        except AddressError as error:
            if strict:
                code = refusals.INVALID_ADDITIONAL_ADDRESS
                raise Refused(code, source, value=source.raw, item=text, error=error) from None
            raise Refused(refusals.ADDITIONAL_ADDRESS_IS_NONE, source, item=text) from None
        found.append(str(address) if strict else text)
    return tuple(found)


def readable_additional_addresses(context: Context) -> tuple[str, ...]:
    """The addresses that the annotation adds; none where the provider cannot read it."""
    try:
        return additional_addresses(context)
    except Refused:
        return ()


def _node_addresses(context: Reconciliation, built: Built) -> Mapping[IPFamily, tuple[str, ...]]:
    """The nodes' private addresses by family; of pools of addresses (nodeIP) what they list.

    A placeholder where the nodes are not known. Upstream: GetBackendPrivateIPs.
    """
    cluster = context.cluster
    pooled = {IPV4, IPV6}
    if cluster.pool_type == NODE_IP:
        if cluster.nodes is not None:
            return pool_addresses.listed(context, built.load_balancer)
        pooled = {IPV6 if name.lower().endswith("-ipv6") else IPV4 for name in built.load_balancer.pools}
    if cluster.nodes is None:
        return {family: (UNKNOWN_NODES[family],) if family in pooled else () for family in (IPV4, IPV6)}
    addresses = node_addresses(cluster)
    return {
        family: tuple(a for a in addresses if IPFamily.of(a) is family) if family in pooled else ()
        for family in (IPV4, IPV6)
    }


def _by_family(addresses: Sequence[str]) -> dict[IPFamily, tuple[str, ...]]:
    return {family: tuple(a for a in addresses if IPFamily.of(a) is family) for family in (IPV4, IPV6)}


def _frontend_addresses_by_family(built: Built) -> dict[IPFamily, tuple[str, ...]]:
    return {family: (built.frontends[family].address,) if family in built.frontends else () for family in (IPV4, IPV6)}


def _by_own_family(built: Built) -> dict[IPFamily, tuple[str, ...]]:
    """The frontends' addresses by the family they are of, which need not be the one they were asked for."""
    found: dict[IPFamily, tuple[str, ...]] = {IPV4: (), IPV6: ()}
    for family, frontend in (*sorted(built.frontends.items()), *((IPV4, frontend) for frontend in built.also)):
        address = frontend.address
        found[family if isinstance(address, Placeholder) else IPFamily.of(address)] += (address,)
    return found


def _readable(by_family: dict[IPFamily, tuple[str, ...]]) -> dict[IPFamily, tuple[str, ...]]:
    """The addresses, or none at all where one cannot be read: the provider drops the error and the list with it.

    Upstream: iputil.ParseAddresses.
    """
    if all(map(_can_be_read, (*by_family[IPV4], *by_family[IPV6]))):
        return by_family
    return {IPV4: (), IPV6: ()}


def _can_be_read(address: str) -> bool:
    return isinstance(address, Placeholder) or is_address(address)


def _reconcile_shared(
    context: Reconciliation, built: Built, additional: tuple[str, ...], events: list[Event], *, deleted: bool
) -> None:
    service = context.service
    if not built.frontends and not deleted:
        origin = spec("spec.ipFamilies", ", ".join(service.ip_families))
        raise Refused(refusals.NO_ADDRESS_FOR_SECURITY_RULES, origin, service=service.name)
    control = access_control(context)
    events += access_events(context.cluster, control)
    own = _readable(_by_own_family(built))
    extra = _by_family(additional)
    if shared_rules.floating_ip_disabled(context):
        targets = dict(_node_addresses(context, built))
        origin = annotation(service, keys.DISABLE_FLOATING_IP)
    else:
        targets = own
        origin = by_provider("destinations", "the frontend's addresses")
    nodes = _node_addresses(context, built)
    destinations = shared_rules.Destinations(
        {family: extra[family] + targets[family] for family in (IPV4, IPV6)},
        origin,
        own[IPV4] + own[IPV6],
        additional,
        nodes[IPV4] + nodes[IPV6],
    )
    shared_rules.reconcile(context, control, destinations, deleted=deleted)


def _reconcile_per_port(
    context: Reconciliation, built: Built, additional: tuple[str, ...], events: list[Event], *, deleted: bool
) -> None:
    from kubectl_akslb.derive.security_group import rules_per_service

    by_first_family = context.has(behaviours.SOURCES_PER_FAMILY) and not context.has(behaviours.DUAL_STACK)
    if by_first_family and not context.service.ip_families:
        raise Refused(refusals.INDEX_OUT_OF_RANGE, spec("spec.ipFamilies", None), index=0, length=0)
    if context.has(behaviours.ACCESS_CONTROL):
        control = access_control(context)
        events += access_events(context.cluster, control)
        own_family = context.has(behaviours.SOURCES_PER_FAMILY)
        sources = {family: _sources(control, family if own_family else IPV4) for family in (IPV4, IPV6)}
        deny = control.deny_all
    else:
        sources, deny = sources_before_access_control(context)
    own = _frontend_addresses_by_family(built)
    if context.has(behaviours.DUAL_STACK):
        own = _by_own_family(built)  # what cannot be read is no IPv4 address, and so taken for IPv6
        unreadable = tuple(address for address in own[IPV4] if not _can_be_read(address))
        own = {IPV4: tuple(filter(_can_be_read, own[IPV4])), IPV6: own[IPV6] + unreadable}
    extra = _by_family(additional)
    backends: dict[IPFamily, tuple[str, ...]] = {IPV4: (), IPV6: ()}
    if shared_rules.floating_ip_disabled(context) and not deleted:  # of a deleted Service they stay in shared rules
        backends = dict(_node_addresses(context, built))
    origin = by_provider("destinations", "the frontend's addresses")
    expected = []
    for family in families(context):
        addresses = own[family] + (extra[family] if own[family] else ())
        nodes = backends[family]
        if not context.has(behaviours.DUAL_STACK):
            addresses = own[family] + additional
            nodes = backends[IPFamily.of("".join(own[family][:1]))]
            if not context.has(behaviours.NODES_PER_FAMILY):
                nodes = backends[IPV4] + backends[IPV6]
        target = rules_per_service.Destination(addresses, nodes, origin)
        expected += rules_per_service.expected_rules(context, sources[family], deny, target, family)
    if deleted:
        rules_per_service.remove(context, expected)
    else:
        rules_per_service.reconcile(context, expected)


def _sources(control: AccessControl, family: IPFamily) -> Derived[tuple[str, ...]]:
    """Internet if allowed, then the ranges of the family, then the tags. Upstream: IPV4Sources, IPV6Sources."""
    values: tuple[str, ...] = ("Internet",) if control.allow_internet.value else ()
    values += tuple(str(prefix) for prefix in control.prefixes if prefix.family is family)
    values += control.tags.value if control.tags is not None else ()
    origin = control.allow_internet.origin
    return Derived(
        values,
        origin,
        considered=control.allow_internet.considered,
        notes=control.allow_internet.notes,
        upstream="IPV4Sources",
    )
