"""What Azure refuses of what the provider sends, told beforehand.

``Sent.refusals`` goes from a derivation, and the state that it is a part of, to the refusals of Azure in the order in
which they would come. A Service with one is pending: what its *stage* would have written is
not there, and ``kubectl describe`` shows the code behind SyncLoadBalancerFailed; the stages before it stand. Where
*unless* is not empty Azure refuses only if that does not hold, and nobody has said whether it does: then it depends.

Each check is one function, named in ``_CHECKS`` with its row of the table of events (``provider/events.py``), which has
code, remedy and the command that confirms it. What the provider itself refuses is in the derivation: a Service that it
refuses is not looked at beyond the stage that it reached.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final, Literal, TypeAlias

from kubectl_akslb.azure import limits
from kubectl_akslb.derive import private_link
from kubectl_akslb.derive.addresses import Address, AddressError, Prefix, is_private, parse_address, parse_prefix
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import IPV6_SUFFIX, Names, names
from kubectl_akslb.derive.precedence import annotation, spec
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import NODE_IP, Cluster
from kubectl_akslb.model.derivation import (
    LOAD_BALANCER_STAGE,
    PRIVATE_LINK_STAGE,
    SECURITY_GROUP_STAGE,
    Derivation,
    Stage,
)
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule
from kubectl_akslb.model.network import PublicIPAddress, SecurityRule
from kubectl_akslb.model.outbound_profile import LOAD_BALANCER, UNKNOWN
from kubectl_akslb.model.provenance import Derived, Origin, Placeholder, Port
from kubectl_akslb.model.service import IPV6, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys

Evidence: TypeAlias = Literal["documented", "observed", "inferred"]
DOCUMENTED: Final = "documented"
"""Microsoft's documentation says so."""
OBSERVED: Final = "observed"
"""Somebody published the refusal."""
INFERRED: Final = "inferred"
"""It follows from what is documented, and no text of it was found."""

GENERIC = "refused-by-azure"
"""The lint rule that explains what no rule of its own does."""
_STAGES: tuple[Stage, Stage, Stage] = (LOAD_BALANCER_STAGE, SECURITY_GROUP_STAGE, PRIVATE_LINK_STAGE)


class AzureRefusal(NamedTuple):
    """One refusal of Azure.

    *row* is the row of the table of events, *code* ARM's code, "" where it is not known. *stage* is the step of the
    reconcile that fails. *because* says which values Azure objects to, *origin* where the first of them comes from.
    *evidence* is DOCUMENTED, OBSERVED or INFERRED. *unless* names what would make Azure accept, and nobody has said.
    *rule* is the id of the lint rule that explains it.
    """

    row: str
    code: str
    stage: Stage
    evidence: Evidence
    because: str
    origin: Origin
    remedy: str
    confirm: str
    unless: str = ""
    rule: str = GENERIC


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


class Sent:
    """All that the provider sends, counted once, for the refusals of many Services of one state."""

    def __init__(self, azure: Azure, cluster: Cluster) -> None:
        self.azure = azure
        self.cluster = cluster
        #: The Services by their place in the order in which they were reconciled first.
        self.order = {name: index for index, name in enumerate(azure.services)}
        #: By identity, with what it is of, so that no other can take its place.
        self._places: dict[int, tuple[Mapping[str, object], dict[str, int]]] = {}
        self._families: dict[int, tuple[SecurityRule, set[bool]]] = {}

    def refusals(self, derivation: Derivation) -> tuple[AzureRefusal, ...]:
        """The refusals of one Service, those of the load balancer first."""
        if derivation.ignored is not None or derivation.load_balancer is None or derivation.load_balancer.serves_pods:
            return ()  # what a container load balancer has in Azure's way, the provider refuses itself
        found = [_refusal(check, objection) for check in _CHECKS for objection in check.find(self, derivation)]
        return tuple(sorted(found, key=lambda refusal: _STAGES.index(refusal.stage)))

    def balancer(self, derivation: Derivation) -> LoadBalancerState | None:
        """The whole load balancer of a Service."""
        own = derivation.load_balancer
        return self.azure.load_balancers.get(own.name.value) if own is not None else None

    def is_ipv6(self, frontend: FrontendIPConfiguration) -> bool | None:
        """The family of a frontend; None where its public IP is not known."""
        if frontend.public_ip_key is None:
            version = frontend.private_ip_address_version
            return version is not None and version.value == IPV6
        address = self.azure.public_ips.get(frontend.public_ip_key)
        return address.version.value == IPV6 if address is not None else None

    def places(self, named: Mapping[str, object]) -> Mapping[str, int]:
        """The names of a load balancer's frontends, or of its rules, by their place from 1; counted once."""
        known = self._places.get(id(named))
        if known is None:
            known = named, {name: index for index, name in enumerate(named, 1)}
            self._places[id(named)] = known
        return known[1]

    def families(self, rule: SecurityRule) -> set[bool]:
        """The IP families of a rule, looked at once for all Services that share it: it names the addresses of all."""
        known = self._families.get(id(rule))
        if known is None:
            known = rule, _families((*rule.sources.value, *rule.destinations.value))
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
                    used = _used(frontend)
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


class Check(NamedTuple):
    """One thing that Azure refuses: its row among the events, the step that fails, and the function that finds it.

    A row without a published code is no row of events: its *remedy* stands here.
    """

    row: str
    stage: Stage
    find: Callable[[Sent, Derivation], Iterator[Objection]]
    remedy: str = ""
    rule: str = GENERIC


def _refusal(check: Check, found: Objection) -> AzureRefusal:
    from kubectl_akslb.provider.events import CONFIRM, row_of  # a table that is read where Azure refuses something

    row = None if check.remedy else row_of(check.row)
    code, remedy, confirm = ("", check.remedy, CONFIRM["K2"]) if row is None else (row.code, row.remedy, row.confirm)
    return AzureRefusal(
        check.row,
        code,
        check.stage,
        found.evidence,
        found.because,
        found.origin,
        remedy,
        confirm,
        found.unless,
        check.rule,
    )


# Frontends


def _ipv6_alone(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    state = sent.balancer(derivation)
    own = [frontend for frontend in _frontends(derivation) if sent.is_ipv6(frontend)]
    if state is None or not own or any(sent.is_ipv6(frontend) is not True for frontend in state.frontends.values()):
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


def _other_family(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    own = {frontend.name.value: frontend for frontend in _frontends(derivation)}
    for rule in _rules(derivation):
        frontend = own.get(rule.frontend.value)
        ipv6 = sent.is_ipv6(frontend) if frontend is not None else None
        if ipv6 is not None and ipv6 != rule.backend_pool.value.lower().endswith(IPV6_SUFFIX.lower()):
            families = ("IPv6", "IPv4") if ipv6 else ("IPv4", "IPv6")
            because = (
                f"rule {rule.name.value} leads from the {families[0]} frontend {rule.frontend.value} to the"
                f" {families[1]} pool {rule.backend_pool.value}"
            )
            yield Objection(because, rule.frontend.origin, INFERRED)
            return


def _outside_of_subnet(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    for origin, address, subnet, prefixes in _static(sent, derivation):
        at = Prefix(address, address.bits)
        if not any(prefix.contains(at) for prefix in prefixes):
            ranges = ", ".join(map(str, prefixes)) or "no range of that IP family"
            because = f"{address} is not in subnet {subnet} ({ranges})"
            yield Objection(because, origin, DOCUMENTED)


def _public_in_subnet(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    """A public IPv4 address for an internal frontend: few subnets have one, and nobody has said what this one has."""
    for frontend in _frontends(derivation):
        wanted, subnet = frontend.private_ip_address, frontend.subnet
        address = _address(wanted.value) if wanted is not None and not isinstance(wanted.value, Placeholder) else None
        if wanted is None or subnet is None or address is None or address.is_ipv6 or is_private(str(address)):
            continue
        if not any(_same(name, subnet.value) for name in sent.cluster.subnets):
            because = f"{address} is a public address, and a frontend in subnet {subnet.value} needs one of its range"
            yield Objection(because, wanted.origin, DOCUMENTED, f"subnet {subnet.value} has {address} in its range")


def _reserved(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    for origin, address, _, prefixes in _static(sent, derivation):
        at = Prefix(address, address.bits)
        for prefix in prefixes:
            if address.is_ipv6 or not prefix.contains(at):
                continue
            first = prefix.masked.address.value
            last = first + (1 << (32 - prefix.length)) - 1
            if address.value < first + limits.RESERVED_FIRST or address.value == last:
                because = f"{address} is one of those that Azure keeps in {prefix}"
                yield Objection(because, origin, DOCUMENTED)


def _no_private_address(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    for frontend in _frontends(derivation):
        wanted = frontend.private_ip_address
        if wanted is None or isinstance(wanted.value, Placeholder):
            continue
        address = _address(wanted.value)
        if address is None:
            yield Objection(f"{wanted.value!r} is no address", wanted.origin, INFERRED)
        elif address.is_ipv6 != sent.is_ipv6(frontend):
            yield Objection(f"{wanted.value} is of the other IP family than its frontend", wanted.origin, INFERRED)


def _private_address_twice(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    for frontend, wanted, other in _earlier_holders(sent, derivation):
        if frontend.subnet is not None and other.load_balancer == _name(derivation):
            because = f"frontend {other.name} has {wanted.value} already"
            yield Objection(because, wanted.origin, OBSERVED)


def _public_ip_twice(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    state = sent.balancer(derivation)
    outbound: set[str] = set()
    if state is not None and _is_outbound(state, sent.cluster):
        outbound = {identifier.rpartition("/")[2].lower() for identifier in _outbound_addresses(sent.cluster)}
    for frontend in _frontends(derivation):
        used = frontend.public_ip_address
        if used is not None and used.value.lower() in outbound:
            yield Objection(f"{used.value} is an outbound address of the cluster", used.origin, OBSERVED)
    for frontend, used, other in _earlier_holders(sent, derivation):
        if frontend.public_ip_address is not None and other.load_balancer == _name(derivation):
            yield Objection(f"frontend {other.name} has {used.value} already", used.origin, OBSERVED)


def _earlier_holders(
    sent: Sent, derivation: Derivation
) -> Iterator[tuple[FrontendIPConfiguration, Derived[str], Holder]]:
    """The Service's frontends whose address an earlier Service's frontend has, which Azure took first."""
    own = sent.order.get(derivation.service.full_name, -1)
    for frontend in _frontends(derivation):
        used = frontend.public_ip_address or frontend.private_ip_address
        key = _used(frontend)
        for other in sent.holders.get(key, ()) if key is not None else ():
            if used is not None and other.place < own and other.name != frontend.name.value:
                yield frontend, used, other


def _used(frontend: FrontendIPConfiguration) -> tuple[str, str] | None:
    """What a frontend takes for itself: a public IP by resource group and name, or a private address that is known."""
    private = frontend.private_ip_address
    if frontend.public_ip_key is not None or private is None or isinstance(private.value, Placeholder):
        return frontend.public_ip_key
    return "", private.value.lower()


def _too_many_frontends(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    state = sent.balancer(derivation)
    if state is None:
        return
    most = limits.frontends(sent.cluster)
    outbound = 0
    if _is_outbound(state, sent.cluster) and sent.cluster.outbound.outbound_type == LOAD_BALANCER:
        outbound = len(_outbound_addresses(sent.cluster)) or sent.cluster.outbound.managed_ip_count
    if len(state.frontends) + outbound <= most:
        return
    order = sent.places(state.frontends)
    own = (order.get(frontend.name.value) for frontend in _frontends(derivation))
    last = max((place + outbound for place in own if place is not None), default=0)
    if last > most:
        because = f"load balancer {state.name.value} would have {last} frontends; {most} are the most"
        yield Objection(because, _service_origin(derivation), OBSERVED)


# Rules and probes


def _same_backend_port(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    yield from _clashes(sent, derivation, floating=False)


def _same_backend_port_on_frontend(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    yield from _clashes(sent, derivation, floating=True)


def _clashes(sent: Sent, derivation: Derivation, *, floating: bool) -> Iterator[Objection]:
    """The first rule that leads where one of an earlier Service leads already, or an earlier one of this Service."""
    place = sent.order.get(derivation.service.full_name, -1)
    for rule in _rules(derivation):
        target = target_of(_name(derivation), rule)
        if rule.enable_floating_ip.value != floating or target is None:
            continue
        for other in sent.targets.get(target, ()):
            earlier = (sent.order.get(other.service, -1), other.service_port) < (place, rule.service_port)
            if earlier and other.name.value != rule.name.value:
                port = "all ports" if rule.protocol.value == "All" else f"{rule.protocol.value} {target[-1]}"
                because = f"rule {other.name.value} leads to {port} of the nodes, and so does {rule.name.value}"
                yield Objection(because, rule.backend_port.origin, OBSERVED)
                return


def _port_zero(_: Sent, derivation: Derivation) -> Iterator[Objection]:
    load_balancer = derivation.load_balancer
    for probe in load_balancer.probes if load_balancer is not None else ():
        if _is_zero(probe.port, derivation.service):
            yield Objection(
                f"probe {probe.name.value} has port 0: there are no node ports", probe.port.origin, OBSERVED
            )
            return
    for rule in _rules(derivation):
        if rule.protocol.value != "All" and _is_zero(rule.backend_port, derivation.service):
            because = f"rule {rule.name.value} has backend port 0: there are no node ports"
            yield Objection(because, rule.backend_port.origin, INFERRED)
            return


def _is_zero(port: Derived[Port], service: Service) -> bool:
    """Whether a port is 0: a node port is, where none is given out."""
    if not isinstance(port.value, Placeholder):
        return port.value == 0
    return not service.allocate_load_balancer_node_ports and any(
        port.value == Placeholder(f"nodePort of {one.port}") for one in service.ports
    )


def _ha_ports_in_public(_: Sent, derivation: Derivation) -> Iterator[Objection]:
    own = {frontend.name.value: frontend for frontend in _frontends(derivation)}
    for rule in _rules(derivation):
        frontend = own.get(rule.frontend.value)
        if rule.protocol.value == "All" and frontend is not None and frontend.public_ip_address is not None:
            because = f"rule {rule.name.value} takes all protocols on a public address"
            yield Objection(because, rule.protocol.origin, DOCUMENTED)
            return


def _sctp(_: Sent, derivation: Derivation) -> Iterator[Objection]:
    for rule in _rules(derivation):
        if rule.protocol.value == "All" and rule.frontend_port.value != 0:
            because = f"rule {rule.name.value} takes all protocols, but only on port {rule.frontend_port.value}"
            yield Objection(because, rule.protocol.origin, DOCUMENTED)
            return


def _idle_timeout_of_basic(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    for rule in _rules(derivation):
        minutes = rule.idle_timeout_in_minutes
        if not sent.cluster.is_standard and minutes is not None and minutes.value > limits.BASIC_IDLE_TIMEOUT:
            yield Objection(f"{minutes.value} minutes; a Basic load balancer takes 4 to 30", minutes.origin, INFERRED)
            return


def _too_many_rules_on_card(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    count = sent.rules_up_to.get(derivation.service.full_name, 0)
    if count > limits.RULES_PER_NIC and not sent.cluster.load_balancers and _rules(derivation):
        because = f"each node would take part in {count} load-balancing rules; {limits.RULES_PER_NIC} are the most"
        yield Objection(because, _service_origin(derivation), OBSERVED)


def _too_many_rules(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    state, most = sent.balancer(derivation), limits.rules(sent.cluster)
    if state is None or len(state.rules) <= most or not _rules(derivation):
        return
    order = sent.places(state.rules)
    last = max(order.get(rule.name.value, 0) for rule in _rules(derivation))
    if last > most:
        because = f"load balancer {state.name.value} would have {last} rules; {most} are the most"
        yield Objection(because, _service_origin(derivation), DOCUMENTED)


# Public IPs

_LABEL = r"[a-z][a-z0-9-]{1,61}[a-z0-9]"
_PREFIX_ID = r"(?i:/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/publicIPPrefixes/[\w.-]+)"
_NOT_IN_TAG_NAMES = frozenset("<>%&\\?/")


def _dns_label(_: Sent, derivation: Derivation) -> Iterator[Objection]:
    for address in derivation.public_ips:
        label = address.domain_name_label
        if label is not None and not re.fullmatch(_LABEL, label.value):
            yield Objection(f"{label.value!r} is no label", label.origin, OBSERVED)


def _dns_label_taken(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    for address in derivation.public_ips:
        label = address.domain_name_label
        for other in sent.labels.get(label.value.lower(), ()) if label is not None else ():
            if other.name.value == address.name.value:
                break
            # The two addresses of a dual-stack Service share their label.
            if label is not None and other.version.value == address.version.value:
                because = f"public IP {other.name.value} has the label {label.value} already"
                yield Objection(because, label.origin, DOCUMENTED)
                break


def _tags(_: Sent, derivation: Derivation) -> Iterator[Objection]:
    for address in derivation.public_ips:
        tags = address.tags or {}
        for name, value in tags.items():
            if _NOT_IN_TAG_NAMES & set(name):
                yield Objection(f"the tag name {name!r} has one of < > % & \\ ? /", value.origin, OBSERVED)
                return
            if len(name) > limits.TAG_NAME_LENGTH or len(value.value) > limits.TAG_VALUE_LENGTH:
                because = f"tag {name[:40]!r} is too long: names have 512 characters, values 256"
                yield Objection(because, value.origin, DOCUMENTED)
                return
        if len(tags) > limits.TAGS:
            because = f"{len(tags)} tags; {limits.TAGS} are the most"
            yield Objection(because, next(iter(tags.values())).origin, DOCUMENTED)


def _prefix_id(_: Sent, derivation: Derivation) -> Iterator[Objection]:
    for address in derivation.public_ips:
        prefix = address.prefix_id
        if prefix is not None and not re.fullmatch(_PREFIX_ID, prefix.value):
            yield Objection(f"{prefix.value!r} is not the id of a public IP prefix", prefix.origin, INFERRED)


# Security group


def _overlapping_ranges(_: Sent, derivation: Derivation) -> Iterator[Objection]:
    for rule in derivation.security_rules:
        prefixes = [prefix for text in rule.sources.value if (prefix := _prefix(text)) is not None]
        ordered = sorted(prefixes, key=lambda each: (each.address.bits, each.masked.address.value, each.length))
        for outer, inner in pairwise(ordered):
            if outer.contains(inner):
                because = f"rule {rule.name.value} lists {inner} and {outer}, which holds it"
                yield Objection(because, rule.sources.origin, OBSERVED)
                break


_SERVICE_TAG = r"[A-Za-z][A-Za-z0-9._-]*"


def _invalid_source(_: Sent, derivation: Derivation) -> Iterator[Objection]:
    for rule in derivation.security_rules:
        for text in rule.sources.value:
            prefix = _prefix(text)
            if prefix is not None and prefix != prefix.masked:
                because = f"{text} has host bits; its network is {prefix.masked}"
                yield Objection(because, rule.sources.origin, OBSERVED)
            elif prefix is None and text not in {"", "*", "Internet"} and not re.compile(_SERVICE_TAG).fullmatch(text):
                because = f"{text!r} is neither a range nor a service tag"
                yield Objection(because, rule.sources.origin, INFERRED)


def _empty_tag(_: Sent, derivation: Derivation) -> Iterator[Objection]:
    for rule in derivation.security_rules:
        if "" in rule.sources.value:
            because = f"rule {rule.name.value} has an empty service tag for its source"
            yield Objection(because, rule.sources.origin, INFERRED)


def _families_in_one_rule(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    for rule in derivation.security_rules:
        if len(sent.families(rule)) == 2:
            because = f"rule {rule.name.value} has sources or destinations of both IP families"
            yield Objection(because, rule.sources.origin, INFERRED)


def _families(texts: Sequence[str]) -> set[bool]:
    """The families among ranges and addresses, each as "is IPv6"; placeholders and tags have none."""
    found = set()
    for text in texts:
        prefix = _prefix(text)
        if prefix is not None:
            found.add(prefix.is_ipv6)
    return found


_NONE = (0, 0, 0)


def _too_many_security_rules(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    for rule in derivation.security_rules:
        count, _, _ = sent.security_up_to.get(rule.name.value, _NONE)
        if count > limits.SECURITY_RULES:
            because = f"the security group would have {count} rules; {limits.SECURITY_RULES} are the most"
            yield Objection(because, rule.sources.origin, OBSERVED)
            return


def _too_many_prefixes(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    for rule in derivation.security_rules:
        _, sources, destinations = sent.security_up_to.get(rule.name.value, _NONE)
        for what, count in (("sources", sources), ("destinations", destinations)):
            if count > limits.SECURITY_PREFIXES:
                because = f"the security group would have {count} {what}; {limits.SECURITY_PREFIXES} are the most"
                yield Objection(because, rule.destinations.origin, OBSERVED)
                return


# Private link services


def _private_link_on_addresses(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    if private_link.is_requested(Context(derivation.service, sent.cluster)) and _same(sent.cluster.pool_type, NODE_IP):
        because = "the backend pools of the cluster hold addresses (nodeIP)"
        yield Objection(because, annotation(derivation.service, keys.PLS_CREATE), OBSERVED)


def _too_many_private_links(sent: Sent, derivation: Derivation) -> Iterator[Objection]:
    count = sent.private_links_up_to.get(derivation.service.full_name, 0)
    if count > limits.PRIVATE_LINK_SERVICES:
        because = f"load balancer {_name(derivation)} would have {count} private link services; 8 are the most"
        yield Objection(because, annotation(derivation.service, keys.PLS_CREATE), DOCUMENTED)


_LOAD_BALANCER, _SECURITY_GROUP, _PRIVATE_LINK = _STAGES
_CHECKS = (
    Check("R-53", _LOAD_BALANCER, _tags),
    Check("R-54", _LOAD_BALANCER, _prefix_id),
    Check("R-51", _LOAD_BALANCER, _dns_label),
    Check("R-50", _LOAD_BALANCER, _dns_label_taken),
    Check("R-28", _LOAD_BALANCER, _ipv6_alone),
    Check(
        "F3",
        _LOAD_BALANCER,
        _other_family,
        "upgrade to 1.32.9, 1.33.4, 1.34.2, or give the Service an address of its own",
        "rule-of-other-ip-family",
    ),
    Check("R-32", _LOAD_BALANCER, _no_private_address, "write one address of the frontend's IP family, without mask"),
    Check("R-32", _LOAD_BALANCER, _outside_of_subnet),
    Check("R-32", _LOAD_BALANCER, _public_in_subnet),
    Check("R-34", _LOAD_BALANCER, _reserved),
    Check("R-36", _LOAD_BALANCER, _private_address_twice),
    Check("R-44", _LOAD_BALANCER, _public_ip_twice),
    Check(
        "R-15",
        _LOAD_BALANCER,
        _port_zero,
        "remove allocateLoadBalancerNodePorts: false, or give each port a nodePort of your own",
        "no-node-ports",
    ),
    Check(
        "R-16",
        _LOAD_BALANCER,
        _ha_ports_in_public,
        'write service.beta.kubernetes.io/azure-load-balancer-internal: "true", exactly so',
    ),
    Check(
        "R-16",
        _LOAD_BALANCER,
        _sctp,
        'add service.beta.kubernetes.io/azure-load-balancer-enable-high-availability-ports: "true"',
        "sctp-without-ha-ports",
    ),
    Check("R-10", _LOAD_BALANCER, _same_backend_port),
    Check("R-11", _LOAD_BALANCER, _same_backend_port_on_frontend),
    Check("R-17", _LOAD_BALANCER, _idle_timeout_of_basic, "set a timeout between 4 and 30 minutes"),
    Check("R-19", _LOAD_BALANCER, _too_many_rules_on_card),
    Check("R-20", _LOAD_BALANCER, _too_many_rules),
    Check("R-21", _LOAD_BALANCER, _too_many_frontends),
    Check("R-1", _SECURITY_GROUP, _overlapping_ranges),
    Check("R-2", _SECURITY_GROUP, _invalid_source),
    Check("R-2", _SECURITY_GROUP, _empty_tag, rule="empty-service-tag"),
    Check("R-5", _SECURITY_GROUP, _families_in_one_rule),
    Check("R-6", _SECURITY_GROUP, _too_many_security_rules),
    Check("R-7", _SECURITY_GROUP, _too_many_prefixes),
    Check("R-57", _PRIVATE_LINK, _private_link_on_addresses),
    Check(
        "R-60", _PRIVATE_LINK, _too_many_private_links, "share a private link service, or use a second load balancer"
    ),
)


# Reading the derivation


def _frontends(derivation: Derivation) -> tuple[FrontendIPConfiguration, ...]:
    return derivation.load_balancer.frontend_ip_configurations if derivation.load_balancer is not None else ()


def _rules(derivation: Derivation) -> tuple[LoadBalancingRule, ...]:
    return derivation.load_balancer.load_balancing_rules if derivation.load_balancer is not None else ()


def _name(derivation: Derivation) -> str:
    return derivation.load_balancer.name.value if derivation.load_balancer is not None else ""


def _service_origin(derivation: Derivation) -> Origin:
    return spec("spec.ports", str(len(derivation.service.ports)))


def _static(sent: Sent, derivation: Derivation) -> Iterator[tuple[Origin, Address, str, tuple[Prefix, ...]]]:
    """The private addresses that are asked for, with their subnet where its ranges are known: those of that family."""
    for frontend in _frontends(derivation):
        wanted, subnet = frontend.private_ip_address, frontend.subnet
        if wanted is None or subnet is None or isinstance(wanted.value, Placeholder):
            continue
        address = _address(wanted.value)
        ranges = next((found for name, found in sent.cluster.subnets.items() if _same(name, subnet.value)), ())
        prefixes = tuple(prefix for text in ranges if (prefix := _prefix(text)) is not None)
        same_family = tuple(prefix for prefix in prefixes if address is not None and prefix.is_ipv6 == address.is_ipv6)
        if address is not None and prefixes:
            yield wanted.origin, address, subnet.value, same_family


def _outbound_addresses(cluster: Cluster) -> tuple[str, ...]:
    return cluster.outbound.effective_ips or cluster.outbound.public_ips


def _address(text: str) -> Address | None:
    try:
        return parse_address(text)
    except AddressError:
        return None


def _prefix(text: str) -> Prefix | None:
    try:
        if "/" in text:
            return parse_prefix(text)
        address = parse_address(text)
    except AddressError:
        return None
    return Prefix(address, address.bits)


def _same(first: str, second: str) -> bool:
    return first.lower() == second.lower()
