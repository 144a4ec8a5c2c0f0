"""The security group step of a reconcile: from what the Service says to the rules of its generation.

Upstream: reconcileSecurityGroup.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kubectl_akslb.derive.addresses import AddressError, is_address, parse_address
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer.frontends import families
from kubectl_akslb.derive.precedence import annotation, by_provider, spec
from kubectl_akslb.derive.readers import trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group import rules_per_service, shared_rules
from kubectl_akslb.derive.security_group.source_ranges import (
    AccessControl,
    access_control,
    access_events,
    sources_before_access_control,
)
from kubectl_akslb.derive.state.azure import UNKNOWN_NODES, node_addresses
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import NODE_IP, Cluster
from kubectl_akslb.model.derivation import Event
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals


class Built(NamedTuple):
    """What the load balancer step has built: the security rules point at it."""

    load_balancer: LoadBalancerState
    frontends: Mapping[bool, FrontendIPConfiguration]
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


def _node_addresses(cluster: Cluster, built: Built) -> dict[bool, tuple[str, ...]]:
    """The nodes' private addresses by family; of pools of addresses (nodeIP) only families that have a pool.

    A placeholder where the nodes are not known. Upstream: GetBackendPrivateIPs.
    """
    pooled = {False, True}
    if cluster.pool_type == NODE_IP:
        pooled = {name.lower().endswith("-ipv6") for name in built.load_balancer.pools}
    if cluster.nodes is None:
        return {ipv6: (UNKNOWN_NODES[ipv6],) if ipv6 in pooled else () for ipv6 in (False, True)}
    addresses = node_addresses(cluster)
    return {ipv6: tuple(a for a in addresses if (":" in a) == ipv6) if ipv6 in pooled else () for ipv6 in (False, True)}


def _by_family(addresses: Sequence[str]) -> dict[bool, tuple[str, ...]]:
    return {ipv6: tuple(a for a in addresses if (":" in a) == ipv6) for ipv6 in (False, True)}


def _frontend_addresses_by_family(built: Built) -> dict[bool, tuple[str, ...]]:
    return {ipv6: (built.frontends[ipv6].address,) if ipv6 in built.frontends else () for ipv6 in (False, True)}


def _by_own_family(built: Built) -> dict[bool, tuple[str, ...]]:
    """The frontends' addresses by the family they are of, which need not be the one they were asked for."""
    found: dict[bool, tuple[str, ...]] = {False: (), True: ()}
    for ipv6, frontend in (*sorted(built.frontends.items()), *((False, frontend) for frontend in built.also)):
        address = frontend.address
        family = ipv6 if isinstance(address, Placeholder) else ":" in address
        found[family] += (address,)
    return found


def _readable(by_family: dict[bool, tuple[str, ...]]) -> dict[bool, tuple[str, ...]]:
    """The addresses, or none at all where one cannot be read: the provider drops the error and the list with it.

    Upstream: iputil.ParseAddresses.
    """
    if all(map(_can_be_read, (*by_family[False], *by_family[True]))):
        return by_family
    return {False: (), True: ()}


def _can_be_read(address: str) -> bool:
    return isinstance(address, Placeholder) or is_address(address)


def _reconcile_shared(
    context: Reconciliation, built: Built, additional: tuple[str, ...], events: list[Event], *, deleted: bool
) -> None:
    service, cluster = context.service, context.cluster
    if not built.frontends and not deleted:
        origin = spec("spec.ipFamilies", ", ".join(service.ip_families))
        raise Refused(refusals.NO_ADDRESS_FOR_SECURITY_RULES, origin, service=service.name)
    control = access_control(context)
    events += access_events(cluster, control)
    own = _readable(_by_own_family(built))
    extra = _by_family(additional)
    if shared_rules.floating_ip_disabled(context):
        targets = _node_addresses(cluster, built)
        origin = annotation(service, keys.DISABLE_FLOATING_IP)
    else:
        targets = own
        origin = by_provider("destinations", "the frontend's addresses")
    nodes = _node_addresses(cluster, built)
    destinations = shared_rules.Destinations(
        {ipv6: extra[ipv6] + targets[ipv6] for ipv6 in (False, True)},
        origin,
        own[False] + own[True],
        additional,
        nodes[False] + nodes[True],
    )
    shared_rules.reconcile(context, control, destinations, deleted=deleted)


def _reconcile_per_port(
    context: Reconciliation, built: Built, additional: tuple[str, ...], events: list[Event], *, deleted: bool
) -> None:
    by_first_family = context.has(behaviours.SOURCES_PER_FAMILY) and not context.has(behaviours.DUAL_STACK)
    if by_first_family and not context.service.ip_families:
        raise Refused(refusals.INDEX_OUT_OF_RANGE, spec("spec.ipFamilies", None), index=0, length=0)
    if context.has(behaviours.ACCESS_CONTROL):
        control = access_control(context)
        events += access_events(context.cluster, control)
        own_family = context.has(behaviours.SOURCES_PER_FAMILY)
        sources = {ipv6: _sources(control, ipv6=ipv6 and own_family) for ipv6 in (False, True)}
        deny = control.deny_all
    else:
        sources, deny = sources_before_access_control(context)
    own = _frontend_addresses_by_family(built)
    if context.has(behaviours.DUAL_STACK):
        own = _by_own_family(built)  # what cannot be read is no IPv4 address, and so taken for IPv6
        unreadable = tuple(address for address in own[False] if not _can_be_read(address))
        own = {False: tuple(filter(_can_be_read, own[False])), True: own[True] + unreadable}
    extra = _by_family(additional)
    backends: dict[bool, tuple[str, ...]] = {False: (), True: ()}
    if shared_rules.floating_ip_disabled(context) and not deleted:  # of a deleted Service they stay in shared rules
        backends = _node_addresses(context.cluster, built)
    origin = by_provider("destinations", "the frontend's addresses")
    expected = []
    for ipv6 in families(context):
        addresses = own[ipv6] + (extra[ipv6] if own[ipv6] else ())
        nodes = backends[ipv6]
        if not context.has(behaviours.DUAL_STACK):
            addresses = own[ipv6] + additional
            nodes = backends[any(":" in address for address in own[ipv6][:1])]
            if not context.has(behaviours.NODES_PER_FAMILY):
                nodes = backends[False] + backends[True]
        target = rules_per_service.Target(addresses, nodes, origin)
        expected += rules_per_service.expected_rules(context, sources[ipv6], deny, target, ipv6=ipv6)
    if deleted:
        rules_per_service.remove(context, expected)
    else:
        rules_per_service.reconcile(context, expected)


def _sources(control: AccessControl, *, ipv6: bool) -> Derived[tuple[str, ...]]:
    """Internet if allowed, then the ranges of the family, then the tags. Upstream: IPV4Sources, IPV6Sources."""
    values: tuple[str, ...] = ("Internet",) if control.allow_internet.value else ()
    values += tuple(str(prefix) for prefix in control.prefixes if prefix.is_ipv6 == ipv6)
    values += control.tags.value if control.tags is not None else ()
    origin = control.allow_internet.origin
    return Derived(values, origin, control.allow_internet.considered, control.allow_internet.notes, "IPV4Sources")
