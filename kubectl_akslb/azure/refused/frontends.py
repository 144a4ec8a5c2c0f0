"""What Azure refuses of frontends: their number, their families, their private addresses."""

from collections.abc import Iterator

from kubectl_akslb.azure import limits
from kubectl_akslb.azure.refused.sent import (
    DOCUMENTED,
    INFERRED,
    OBSERVED,
    Holder,
    Objection,
    SentState,
    address_of,
    frontends_of,
    is_same,
    load_balancer_of,
    outbound_addresses,
    service_origin,
    static_addresses,
    taken_by,
)
from kubectl_akslb.derive.addresses import Prefix, is_private
from kubectl_akslb.derive.naming import family_of_name
from kubectl_akslb.derive.precedence import spec
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import (
    Derivation,
)
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.outbound_profile import LOAD_BALANCER, UNKNOWN
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.model.service import IPV6


def ipv6_alone(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """Frontends of IPv6 alone on a load balancer, which needs one of IPv4 too."""
    state = sent.balancer(derivation)
    own = [frontend for frontend in frontends_of(derivation) if sent.family(frontend) is IPV6]
    if state is None or not own or any(sent.family(frontend) is not IPV6 for frontend in state.frontends.values()):
        return
    unless = ""
    if own[0].public_ip_address is not None and _is_outbound(state, sent.cluster):
        if sent.cluster.outbound.outbound_type == LOAD_BALANCER:
            return
        if sent.cluster.outbound.outbound_type == UNKNOWN:
            unless = f"load balancer {state.name.value} has an IPv4 frontend, for outbound traffic for example"
    because = f"load balancer {state.name.value} has IPv6 frontends only"
    yield Objection(because, spec("spec.ipFamilies", ", ".join(derivation.service.ip_families)), OBSERVED, unless)


def _is_outbound(state: LoadBalancerState, cluster: Cluster) -> bool:
    """Whether AKS puts its outbound frontends on this load balancer: the first public one."""
    return state.name.value.lower() == (cluster.load_balancer_name or cluster.cluster_name).lower()


def other_family(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A rule from a frontend of one IP family to the pool of the other."""
    own = {frontend.name.value: frontend for frontend in frontends_of(derivation)}
    for rule in derivation.load_balancing_rules:
        frontend = own.get(rule.frontend.value)
        family = sent.family(frontend) if frontend is not None else None
        served = family_of_name(rule.backend_pool.value)
        if family is not None and family is not served:
            because = (
                f"rule {rule.name.value} leads from the {family} frontend {rule.frontend.value} to the"
                f" {served} pool {rule.backend_pool.value}"
            )
            yield Objection(because, rule.frontend.origin, INFERRED)
            return


def outside_of_subnet(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A private address that is in none of the ranges of its subnet."""
    for origin, address, subnet, prefixes in static_addresses(sent, derivation):
        at = Prefix(address, address.bits)
        if not any(prefix.contains(at) for prefix in prefixes):
            ranges = ", ".join(map(str, prefixes)) or "no range of that IP family"
            because = f"{address} is not in subnet {subnet} ({ranges})"
            yield Objection(because, origin, DOCUMENTED)


def public_in_subnet(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A public IPv4 address for an internal frontend: few subnets have one, and nobody has said what this one has."""
    for frontend in frontends_of(derivation):
        wanted, subnet = frontend.private_ip_address, frontend.subnet
        address = address_of(wanted.value) if wanted is not None and not isinstance(wanted.value, Placeholder) else None
        if wanted is None or subnet is None or address is None or address.family is IPV6 or is_private(str(address)):
            continue
        if not any(is_same(name, subnet.value) for name in sent.cluster.subnets):
            because = f"{address} is a public address, and a frontend in subnet {subnet.value} needs one of its range"
            yield Objection(because, wanted.origin, DOCUMENTED, f"subnet {subnet.value} has {address} in its range")


def reserved_address(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """One of the addresses of a subnet that Azure keeps for itself."""
    for origin, address, _, prefixes in static_addresses(sent, derivation):
        at = Prefix(address, address.bits)
        for prefix in prefixes:
            if address.family is IPV6 or not prefix.contains(at):
                continue
            first = prefix.masked.address.value
            last = first + (1 << (32 - prefix.length)) - 1
            if address.value < first + limits.RESERVED_FIRST or address.value == last:
                because = f"{address} is one of those that Azure keeps in {prefix}"
                yield Objection(because, origin, DOCUMENTED)


def no_private_address(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A private address that is none, or is of the other IP family than its frontend."""
    for frontend in frontends_of(derivation):
        wanted = frontend.private_ip_address
        if wanted is None or isinstance(wanted.value, Placeholder):
            continue
        address = address_of(wanted.value)
        if address is None:
            yield Objection(f"{wanted.value!r} is no address", wanted.origin, INFERRED)
        elif address.family is not sent.family(frontend):
            yield Objection(f"{wanted.value} is of the other IP family than its frontend", wanted.origin, INFERRED)


def private_address_twice(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A private address that an earlier Service has on the same load balancer."""
    for frontend, wanted, other in _earlier_holders(sent, derivation):
        if frontend.subnet is not None and other.load_balancer == load_balancer_of(derivation):
            because = f"frontend {other.name} has {wanted.value} already"
            yield Objection(because, wanted.origin, OBSERVED)


def public_ip_twice(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A public IP that another frontend has, or the outbound rules."""
    state = sent.balancer(derivation)
    outbound: set[str] = set()
    if state is not None and _is_outbound(state, sent.cluster):
        outbound = {identifier.rpartition("/")[2].lower() for identifier in outbound_addresses(sent.cluster)}
    for frontend in frontends_of(derivation):
        used = frontend.public_ip_address
        if used is not None and used.value.lower() in outbound:
            yield Objection(f"{used.value} is an outbound address of the cluster", used.origin, OBSERVED)
    for frontend, used, other in _earlier_holders(sent, derivation):
        if frontend.public_ip_address is not None and other.load_balancer == load_balancer_of(derivation):
            yield Objection(f"frontend {other.name} has {used.value} already", used.origin, OBSERVED)


def _earlier_holders(
    sent: SentState, derivation: Derivation
) -> Iterator[tuple[FrontendIPConfiguration, Derived[str], Holder]]:
    """The Service's frontends whose address an earlier Service's frontend has, which Azure took first."""
    own = sent.order.get(derivation.service.full_name, -1)
    for frontend in frontends_of(derivation):
        used = frontend.public_ip_address or frontend.private_ip_address
        key = taken_by(frontend)
        for other in sent.holders.get(key, ()) if key is not None else ():
            if used is not None and other.place < own and other.name != frontend.name.value:
                yield frontend, used, other


def too_many_frontends(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """More frontends than a load balancer has."""
    state = sent.balancer(derivation)
    if state is None:
        return
    most = limits.frontends(sent.cluster)
    outbound = 0
    if _is_outbound(state, sent.cluster) and sent.cluster.outbound.outbound_type == LOAD_BALANCER:
        outbound = len(outbound_addresses(sent.cluster)) or sent.cluster.outbound.managed_ip_count
    if len(state.frontends) + outbound <= most:
        return
    order = sent.places(state.frontends)
    own = (order.get(frontend.name.value) for frontend in frontends_of(derivation))
    last = max((place + outbound for place in own if place is not None), default=0)
    if last > most:
        because = f"load balancer {state.name.value} would have {last} frontends; {most} are the most"
        yield Objection(because, service_origin(derivation), OBSERVED)
