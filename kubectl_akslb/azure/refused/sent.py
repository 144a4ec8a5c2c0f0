"""All that the provider sends, as the checks ask for it, and what a check finds."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Final, Literal, TypeAlias

from kubectl_akslb.derive import private_link
from kubectl_akslb.derive.addresses import Address, AddressError, Prefix, parse_address, parse_prefix
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import Names, names
from kubectl_akslb.derive.precedence import spec
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import (
    Derivation,
)
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule
from kubectl_akslb.model.network import PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily
from kubectl_akslb.named_tuple import NamedTuple

Evidence: TypeAlias = Literal["documented", "observed", "inferred"]
DOCUMENTED: Final = "documented"
"""Microsoft's documentation says so."""
OBSERVED: Final = "observed"
"""Somebody published the refusal."""
INFERRED: Final = "inferred"
"""It follows from what is documented, and no text of it was found."""


class Objection(NamedTuple):
    """What a check finds wrong, before it has its row."""

    because: str
    origin: Origin
    evidence: Evidence
    unless: str = ""


class Holder(NamedTuple):
    """A frontend that has an address: the place of its Service in the order, its load balancer, and its name."""

    place: int
    load_balancer: str
    name: str


#: Load balancer, frontend ("" without floating IP, where it does not matter), pool, protocol and port.
Target: TypeAlias = tuple[str, str, str, str, int]


class SentState:
    """All that the provider sends, counted once, for the refusals of many Services of one state."""

    def __init__(self, azure: Azure, cluster: Cluster) -> None:
        self.azure = azure
        self.cluster = cluster
        #: The Services by their place in the order in which they were reconciled first.
        self.order = {name: index for index, name in enumerate(azure.services)}
        #: By identity, with what it is of, so that no other can take its place.
        self._places: dict[int, tuple[Mapping[str, object], dict[str, int]]] = {}
        self._families: dict[int, tuple[SecurityRule, set[IPFamily]]] = {}

    def balancer(self, derivation: Derivation) -> LoadBalancerState | None:
        """The whole load balancer of a Service."""
        own = derivation.load_balancer
        return self.azure.load_balancers.get(own.name.value) if own is not None else None

    def family(self, frontend: FrontendIPConfiguration) -> IPFamily | None:
        """The IP family of a frontend; None where its public IP is not known."""
        version = frontend.private_ip_address_version
        if frontend.public_ip_key is not None:
            address = self.azure.public_ips.get(frontend.public_ip_key)
            if address is None:
                return None
            version = address.version
        return IPV6 if version is not None and version.value == IPV6 else IPV4

    def places(self, named: Mapping[str, object]) -> Mapping[str, int]:
        """The names of a load balancer's frontends, or of its rules, by their place from 1; counted once."""
        known = self._places.get(id(named))
        if known is None:
            known = named, {name: index for index, name in enumerate(named, 1)}
            self._places[id(named)] = known
        return known[1]

    def families(self, rule: SecurityRule) -> set[IPFamily]:
        """The IP families of a rule, looked at once for all Services that share it: it names the addresses of all."""
        known = self._families.get(id(rule))
        if known is None:
            known = rule, families_of((*rule.sources.value, *rule.destinations.value))
            self._families[id(rule)] = known
        return known[1]

    @cached_property
    def labels(self) -> dict[str, list[PublicIPAddress]]:
        """The public IPs by their DNS label, in the order of their creation."""
        found: dict[str, list[PublicIPAddress]] = {}
        for address in self.azure.public_ips.values():
            if address.domain_name_label is not None:
                found.setdefault(address.domain_name_label.value.lower(), []).append(address)
        return found

    @cached_property
    def holders(self) -> dict[tuple[str, str], list[Holder]]:
        """The frontends by their public IP or known private address, in the order of the Services that made them."""
        owner = {parts.prefix: name for name, parts in self._parts.items()}
        found: dict[tuple[str, str], list[Holder]] = {}
        for state in self.azure.load_balancers.values():
            for prefix, frontends in state.frontends_by_prefix():
                place = self.order.get(owner.get(prefix, ""), -1)
                for frontend in frontends:
                    used = taken_by(frontend)
                    if used is not None:
                        holder = Holder(place, state.name.value, frontend.name.value)
                        found.setdefault(used, []).append(holder)
        return found

    @cached_property
    def _parts(self) -> dict[str, Names]:
        return {name: names(service, self.cluster) for name, service in self.azure.services.items()}

    @cached_property
    def targets(self) -> dict[Target, list[LoadBalancingRule]]:
        """The rules of each load balancer by what they lead to."""
        found: dict[Target, list[LoadBalancingRule]] = {}
        for state in self.azure.load_balancers.values():
            for rule in state.rules.values():
                target = target_of(state.name.value, rule)
                if target is not None:
                    found.setdefault(target, []).append(rule)
        return found

    @cached_property
    def rules_up_to(self) -> dict[str, int]:
        """How many rules the nodes take part in when a Service has its own: the Services before it have theirs."""
        of_service: dict[str, int] = {}
        for state in self.azure.load_balancers.values():
            for rule in state.rules.values():
                of_service[rule.service] = of_service.get(rule.service, 0) + 1
        return dict(zip(self.order, accumulate(of_service.get(name, 0) for name in self.order), strict=True))

    @cached_property
    def security_up_to(self) -> dict[str, tuple[int, int, int]]:
        """The rules, sources and destinations of the security group up to and with each rule."""
        found = {}
        sources = destinations = 0
        for count, (name, rule) in enumerate(self.azure.security_rules.items(), 1):
            sources += len(rule.sources.value)
            destinations += len(rule.destinations.value)
            found[name] = count, sources, destinations
        return found

    @cached_property
    def private_links_up_to(self) -> dict[str, int]:
        """The private link services of a Service's load balancer up to and with its own."""
        states = self.azure.load_balancers.values()
        on = {rule.service: state.name.value for state in states for rule in state.rules.values()}
        counts: dict[str, int] = {}
        found = {}
        for name, service in self.azure.services.items():
            if name in on and private_link.is_requested(Context(service, self.cluster)):
                counts[on[name]] = found[name] = counts.get(on[name], 0) + 1
        return found


def target_of(load_balancer: str, rule: LoadBalancingRule) -> Target | None:
    """What a rule leads to, of which there may be only one; None where the node port is not known."""
    port = rule.backend_port.value
    if not isinstance(port, int):
        return None
    frontend = rule.frontend.value if rule.enable_floating_ip.value else ""
    return load_balancer, frontend, rule.backend_pool.value, rule.protocol.value, port


def taken_by(frontend: FrontendIPConfiguration) -> tuple[str, str] | None:
    """What a frontend takes for itself: a public IP by resource group and name, or a private address that is known."""
    private = frontend.private_ip_address
    if frontend.public_ip_key is not None or private is None or isinstance(private.value, Placeholder):
        return frontend.public_ip_key
    return "", private.value.lower()


def frontends_of(derivation: Derivation) -> tuple[FrontendIPConfiguration, ...]:
    """The frontends of a Service."""
    return derivation.load_balancer.frontend_ip_configurations if derivation.load_balancer is not None else ()


def load_balancer_of(derivation: Derivation) -> str:
    """The name of the load balancer of a Service, "" where it has none."""
    return derivation.load_balancer.name.value if derivation.load_balancer is not None else ""


def service_origin(derivation: Derivation) -> Origin:
    """Where to look, where nothing but the number of ports is wrong."""
    return spec("spec.ports", str(len(derivation.service.ports)))


def static_addresses(
    sent: SentState, derivation: Derivation
) -> Iterator[tuple[Origin, Address, str, tuple[Prefix, ...]]]:
    """The private addresses that are asked for, with their subnet where its ranges are known: those of that family."""
    for frontend in frontends_of(derivation):
        wanted, subnet = frontend.private_ip_address, frontend.subnet
        if wanted is None or subnet is None or isinstance(wanted.value, Placeholder):
            continue
        address = address_of(wanted.value)
        ranges = next((found for name, found in sent.cluster.subnets.items() if is_same(name, subnet.value)), ())
        prefixes = tuple(prefix for text in ranges if (prefix := prefix_of(text)) is not None)
        same_family = tuple(prefix for prefix in prefixes if address is not None and prefix.family is address.family)
        if address is not None and prefixes:
            yield wanted.origin, address, subnet.value, same_family


def outbound_addresses(cluster: Cluster) -> tuple[str, ...]:
    """The public IPs of the cluster's outbound rules."""
    return cluster.outbound.effective_ips or cluster.outbound.public_ips


def address_of(text: str) -> Address | None:
    """An address; None for what is none, and for what only a cluster knows."""
    try:
        return parse_address(text)
    except AddressError:
        return None


def prefix_of(text: str) -> Prefix | None:
    """A range or an address; None for what is none, and for what only a cluster knows."""
    try:
        if "/" in text:
            return parse_prefix(text)
        address = parse_address(text)
    except AddressError:
        return None
    return Prefix(address, address.bits)


def is_same(first: str, second: str) -> bool:
    """Whether two names are one for Azure, which compares them without case."""
    return first.lower() == second.lower()


def families_of(texts: Sequence[str]) -> set[IPFamily]:
    """The families among ranges and addresses; placeholders and tags have none."""
    found = set()
    for text in texts:
        prefix = prefix_of(text)
        if prefix is not None:
            found.add(prefix.family)
    return found
