"""Two Services that should serve the same clients: every difference at layer 4, and what keeps what the old one had.

Each is derived alone, on its own cluster. What is compared are traits: what a client, a probe or a pod notices, never
what things are called. Lines that keep the old behaviour are tried on the new Service, by its controller where one
makes it: only what arrives there, takes a difference away and brings none counts.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import family_of_name, is_internal
from kubectl_akslb.derive.outbound.outbound import derive_outbound, how_pods_leave
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.hop import Outcome, Reason
from kubectl_akslb.path.verdict import ClientGroup, ClientPath, Path, VerdictKind
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.plan.consequence import of_access
from kubectl_akslb.plan.effect import Effect, worst
from kubectl_akslb.plan.kept_addresses import INTERNAL, addresses
from kubectl_akslb.plan.walked import Walked
from kubectl_akslb.provider import annotations as keys

FieldPath = tuple[str | int, ...]
ANNOTATIONS: FieldPath = ("metadata", "annotations")


class Aspect(Enum):
    """What a trait is about, in the order in which it is told."""

    VERDICT = "verdict"
    ADDRESS = "address"
    CLIENTS = "clients"
    PORTS = "ports"
    PROBES = "probes"
    SOURCE = "source address"
    TIMEOUT = "idle timeout"
    AFFINITY = "affinity"
    DESTINATION = "floating IP"
    PRIVATE_LINK = "private link"
    OUTBOUND = "outbound"


class Trait(NamedTuple):
    """What a difference is about: an aspect, and of what, such as a port."""

    aspect: Aspect
    what: str


class TraitDifference(NamedTuple):
    """A trait that the two do not share; "" where one of them has none."""

    trait: Trait
    old: str
    new: str
    effect: Effect
    because: tuple[Reason, ...] = ()


class Line(NamedTuple):
    """A field of the new Service and the value that keeps what the old one had, and what it keeps.

    None takes away what the controller of the new one sets by itself.
    """

    path: FieldPath
    value: object
    keeps: tuple[Trait, ...] = ()


class Side(NamedTuple):
    """One of the two: the Service, its cluster, and what is known beside it.

    *edited* is the Service with fields set, as its controller would write it; None where they cannot be set.
    """

    service: Service
    cluster: Cluster
    evidence: Evidence
    edited: "Callable[[Sequence[Line]], Service | None]" = lambda _: None


class Comparison(NamedTuple):
    """All that differs, the lines that keep what the old one had, and what differs with them all the same."""

    differences: tuple[TraitDifference, ...]
    lines: tuple[Line, ...]
    left: tuple[TraitDifference, ...]
    old: Path
    new: Path

    @property
    def effect(self) -> Effect:
        """The worst that a client may notice."""
        return worst(one.effect for one in self.differences)


class _Built(NamedTuple):
    service: Service
    cluster: Cluster
    derivation: Derivation
    azure: Azure
    path: Path


def compare(old: Side, new: Side) -> Comparison:
    """What differs between two Services, and what to set on the new one."""
    before, after = _built(old.service, old), _built(new.service, new)
    found = differences(before, after)
    lines, left = _kept(before, after, new, found)
    return Comparison(found, lines, left, before.path, after.path)


def _built(service: Service, side: Side) -> _Built:
    outcome = derive_all((service,), side.cluster)
    (derivation,) = outcome.derivations
    path = Walked(outcome, side.cluster).dated_path(derivation, side.evidence)
    return _Built(service, side.cluster, derivation, outcome.azure, path)


def differences(old: _Built, new: _Built) -> tuple[TraitDifference, ...]:
    """Every trait that is another one."""
    before, after = dict(_traits(old)), dict(_traits(new))
    found = [
        TraitDifference(
            trait, before.get(trait, ""), after.get(trait, ""), _effect(trait, before.get(trait), after.get(trait))
        )
        for trait in {**before, **after}
        if before.get(trait) != after.get(trait) and (trait in before) + (trait in after) >= _needed(trait)
    ]
    because = new.path.verdict.because
    found = [one._replace(because=because) if one.trait.aspect is Aspect.VERDICT else one for one in found]
    found += _of_clients(old, new)
    order = list(Aspect)
    return tuple(sorted(found, key=lambda one: order.index(one.trait.aspect)))


_OF_PORTS = frozenset({Aspect.PROBES, Aspect.TIMEOUT, Aspect.AFFINITY})


def _needed(trait: Trait) -> int:
    """How many of the two have to have a trait: a port that only one of them serves is told as that."""
    return 2 if trait.aspect in _OF_PORTS else 1


_FAILS = frozenset({VerdictKind.PENDING.value, VerdictKind.DOWN.value, VerdictKind.UNREACHABLE.value})


def _effect(trait: Trait, old: str | None, new: str | None) -> Effect:
    """What a client notices of a trait that is another one."""
    if trait.aspect is Aspect.VERDICT:
        if old in _FAILS or new == VerdictKind.WORKS.value:
            return Effect.CHANGES
        return Effect.BREAKS if new in _FAILS else Effect.MAY_BREAK
    if trait.aspect is Aspect.PORTS:
        return Effect.BREAKS if new is None else Effect.CHANGES
    if trait.aspect is Aspect.ADDRESS and trait.what.startswith(("IPv4", "IPv6")):
        return Effect.CHANGES if old is None else Effect.LOSES_ADDRESS
    return Effect.CHANGES


# Traits ----------------------------------------------------------------------------------------------------------


def _traits(built: _Built) -> Iterator[tuple[Trait, str]]:
    service, derivation = built.service, built.derivation
    yield Trait(Aspect.VERDICT, ""), built.path.verdict.kind.value
    yield from _of_address(built)
    balancer = derivation.load_balancer
    probes = {probe.name.value: probe for probe in balancer.probes} if balancer is not None else {}
    for rule in derivation.load_balancing_rules:
        port = _port(rule)
        yield Trait(Aspect.PORTS, f"{port} over {_family(rule)}"), "served"
        probe = probes.get(rule.probe.value) if rule.probe is not None else None
        yield Trait(Aspect.PROBES, port), _asked(service, probe)
        idle = rule.idle_timeout_in_minutes
        yield Trait(Aspect.TIMEOUT, port), f"{idle.value if idle is not None else 4} min"
        if rule.enable_tcp_reset is not None:
            yield Trait(Aspect.TIMEOUT, f"{port}, TCP reset"), "sent" if rule.enable_tcp_reset.value else "not sent"
        distribution = rule.load_distribution
        yield Trait(Aspect.AFFINITY, port), distribution.value if distribution is not None else "Default"
        seen = (
            "the frontend's address and port" if rule.enable_floating_ip.value else "the node's address and node port"
        )
        yield Trait(Aspect.DESTINATION, "what nodes are sent to"), seen
    yield Trait(Aspect.SOURCE, "what pods see"), "the client's own" if service.is_local else "a node's"
    if keys.PLS_CREATE in service.annotations:
        proxy = service.annotations.get(str(keys.PLS_PROXY_PROTOCOL), "false").lower() == "true"
        yield Trait(Aspect.PRIVATE_LINK, ""), f"there is one{', with the PROXY protocol' if proxy else ''}"
    egress = how_pods_leave(Context(service, built.cluster), derive_outbound(built.cluster))
    yield Trait(Aspect.OUTBOUND, "how pods leave"), str(egress.path.value)
    yield Trait(Aspect.OUTBOUND, "its own address is seen outside"), str(egress.own_address.value)


def _of_address(built: _Built) -> Iterator[tuple[Trait, str]]:
    balancer = built.derivation.load_balancer
    if balancer is not None:
        yield Trait(Aspect.ADDRESS, "SKU"), balancer.sku.value
    records = {one.name.value: one for one in built.derivation.public_ips}
    for family, one in addresses(built.derivation, built.azure).items():
        yield Trait(Aspect.ADDRESS, f"{family} kind"), one.kind
        own = f"one that Azure assigns to {built.service.full_name}" if one.managed else f"that of {one.resource}"
        yield Trait(Aspect.ADDRESS, family), one.text if one.known else own
        if one.kind == INTERNAL:
            yield Trait(Aspect.ADDRESS, "subnet"), one.resource
        record = records.get(one.resource)
        if record is None:
            continue
        if record.domain_name_label is not None:
            yield Trait(Aspect.ADDRESS, "DNS label"), record.domain_name_label.value
        if record.prefix_id is not None:
            yield Trait(Aspect.ADDRESS, f"{family} prefix"), record.prefix_id.value
        if record.ip_tags is not None:
            yield Trait(Aspect.ADDRESS, "IP tags"), ", ".join(f"{key}={value}" for key, value in record.ip_tags.value)
        if record.zones is not None and not any(isinstance(zone, Placeholder) for zone in record.zones.value):
            yield Trait(Aspect.ADDRESS, "zones"), ", ".join(record.zones.value)


def _port(rule: LoadBalancingRule) -> str:
    number = rule.frontend_port.value
    return f"{rule.protocol.value.upper()} {number}" if number else "all ports"


def _family(rule: LoadBalancingRule) -> str:
    return family_of_name(rule.name.value).value


def _asked(service: Service, probe: Probe | None) -> str:
    """What is asked and where, without the numbers that a cluster chooses."""
    if probe is None:
        return "none"
    number = probe.port.value
    own = {port.node_port: port.port for port in service.ports if port.node_port}
    if number == service.health_check_node_port or "healthCheckNodePort" in str(number):
        where = "the health check node port"
    elif number in own or isinstance(number, Placeholder):
        where = "the node port"
    else:
        where = f"port {number} of the node"
    path = f" {probe.request_path.value}" if probe.request_path is not None else ""
    often = f"every {probe.interval_in_seconds.value} s, {probe.threshold.value} in a row"
    return f"{probe.protocol.value.lower()}{path} on {where}, {often}"


def _of_clients(old: _Built, new: _Built) -> list[TraitDifference]:
    """Who gets in at one of them alone: by the security rules, and the groups that other hops decide about."""
    found: dict[str, TraitDifference] = {}
    for one in of_access(old.derivation, new.derivation):
        gains = one.effect is Effect.EXPOSES
        texts = ("", _LETS[Outcome.PASS]) if gains else (_LETS[Outcome.PASS], "")
        found[one.who] = TraitDifference(
            Trait(Aspect.CLIENTS, one.who), *texts, Effect.EXPOSES if gains else Effect.BREAKS
        )
    before, after = _groups(old.path), _groups(new.path)
    for group, was in before.items():
        now = after.get(group, was)
        if was.seen_as_public and now.seen_as_public:
            continue  # the ranges tell it
        earlier, later = deciding(was).outcome, deciding(now).outcome
        if earlier is not later:
            gains, lost = later is Outcome.PASS, earlier is Outcome.PASS
            effect = Effect.EXPOSES if gains else Effect.BREAKS if later is Outcome.DROP else Effect.MAY_BREAK
            effect = effect if gains or lost else Effect.CHANGES
            text = group.value
            found.setdefault(text, TraitDifference(Trait(Aspect.CLIENTS, text), _LETS[earlier], _LETS[later], effect))
    return list(found.values())


_LETS = {
    Outcome.PASS: "let in", Outcome.DROP: "", Outcome.DEPENDS: "partly let in", Outcome.UNKNOWN: "perhaps let in",
}  # fmt: skip


def _groups(path: Path) -> Mapping[ClientGroup, ClientPath]:
    of_network = (ClientGroup.VIRTUAL_NETWORK, ClientGroup.PODS)
    return {one.group: one for one in path.clients if one.group in of_network}


# What keeps it ---------------------------------------------------------------------------------------------------


def _kept(
    old: _Built, new: _Built, side: Side, found: tuple[TraitDifference, ...]
) -> tuple[tuple[Line, ...], tuple[TraitDifference, ...]]:
    """The lines that take differences away and bring none, tried one after the other."""
    lines: tuple[Line, ...] = ()
    left = found
    # What a cluster says of the Service as it is says nothing of the one that it would be.
    evidence = side.evidence._replace(source=EvidenceSource.FILES, events=None, ingress=None, addresses=(), age=None)
    side = side._replace(evidence=evidence)
    for group in _candidates(old, new):
        tried = (*lines, *group)
        service = side.edited(tried)
        if service is None or service.name != new.service.name:
            continue
        then = differences(old, _built(service, side))
        gone = {one.trait for one in left if one.trait.aspect is not Aspect.VERDICT} - {one.trait for one in then}
        worse = {one.trait for one in then} - {one.trait for one in left}
        if gone and not worse and worst(one.effect for one in then).rank >= worst(one.effect for one in left).rank:
            keeps = tuple(one.trait for one in left if one.trait in gone)
            lines = (*lines, *(line._replace(keeps=keeps) for line in group))
            left = then
    return lines, left


def _candidates(old: _Built, new: _Built) -> Iterator[tuple[Line, ...]]:
    """Groups of lines that may keep something: what the old Service says itself comes first."""
    service = old.service
    if is_internal(service) != is_internal(new.service):
        yield (_annotated(keys.INTERNAL, "true" if is_internal(service) else "false"),)
    subnet = service.annotations.get(str(keys.INTERNAL_SUBNET))
    if subnet is not None:
        yield (_annotated(keys.INTERNAL_SUBNET, subnet),)
        yield _annotated(keys.INTERNAL, "true"), _annotated(keys.INTERNAL_SUBNET, subnet)
    yield from _of_ranges(service)
    for key, value in service.annotations.items():
        if key.startswith(keys.PREFIX) and new.service.annotations.get(key) != value and key not in _OF_ONE:
            yield (Line((*ANNOTATIONS, key), value),)
    if service.external_traffic_policy != new.service.external_traffic_policy:
        policy = Line(("spec", "externalTrafficPolicy"), service.external_traffic_policy)
        yield (policy,)
        # With Local the node's health check is to be asked: probes that the new one's controller presets defeat that.
        preset = (key for key in new.service.annotations if _PROBES_OF_PORT.match(key))
        yield (policy, *(Line((*ANNOTATIONS, key), None) for key in preset if key not in service.annotations))
    if service.session_affinity != new.service.session_affinity:
        yield (Line(("spec", "sessionAffinity"), service.session_affinity),)
    yield from _of_rules(old)


_PROBES_OF_PORT = re.compile(re.escape(keys.PREFIX) + r"port_\d+_health-probe_")
#: What only one Service at a time can have, or what is tried on its own.
_OF_ONE = frozenset({
    str(keys.INTERNAL), str(keys.INTERNAL_SUBNET), str(keys.DNS_LABEL), str(keys.PIP_NAME), str(keys.PIP_NAME_IPV6),
    str(keys.IPV4), str(keys.IPV6), str(keys.ADDITIONAL_IPS), str(keys.PLS_NAME), str(keys.PLS_IP_ADDRESSES),
})  # fmt: skip


def _of_ranges(service: Service) -> Iterator[tuple[Line, ...]]:
    """The ranges where the old Service has them, else as the annotation that every controller copies."""
    ranges = service.load_balancer_source_ranges
    if ranges:
        yield (Line(("spec", "loadBalancerSourceRanges"), ranges),)
        yield (_annotated(keys.ALLOWED_IP_RANGES, ",".join(ranges)),)


def _annotated(key: str, value: str) -> Line:
    return Line((*ANNOTATIONS, str(key)), value)


def _of_rules(old: _Built) -> Iterator[tuple[Line, ...]]:
    """What the rules and probes of the old Service come to, said as annotations."""
    balancer = old.derivation.load_balancer
    probes = {probe.name.value: probe for probe in balancer.probes} if balancer is not None else {}
    minutes: set[int] = set()
    for rule in old.derivation.load_balancing_rules:
        idle = rule.idle_timeout_in_minutes
        minutes.add(idle.value if idle is not None else 4)
        number = rule.frontend_port.value
        probe = probes.get(rule.probe.value) if rule.probe is not None else None
        if probe is None:
            yield (_annotated(keys.NO_PROBE_RULE.for_port(number), "true"),)
            continue
        asked = [_annotated(keys.PORT_PROBE_PROTOCOL.for_port(number), probe.protocol.value.lower())]
        if probe.request_path is not None:
            asked.append(_annotated(keys.PORT_PROBE_PATH.for_port(number), probe.request_path.value))
        often = [
            _annotated(keys.PORT_PROBE_INTERVAL.for_port(number), str(probe.interval_in_seconds.value)),
            _annotated(keys.PORT_PROBE_COUNT.for_port(number), str(probe.threshold.value)),
        ]
        yield tuple(asked)
        yield tuple(often)
        yield (*asked, *often)
    if len(minutes) == 1:
        yield (_annotated(keys.IDLE_TIMEOUT, str(minutes.pop())),)
    floating = {rule.enable_floating_ip.value for rule in old.derivation.load_balancing_rules}
    if floating == {False}:
        yield (_annotated(keys.DISABLE_FLOATING_IP, "true"),)
