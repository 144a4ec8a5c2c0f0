"""What differs between two derivations of one Service: resources by ARM's names, old and new value, and its effect.

Things are matched by what they are for, not by what they are called: a load-balancing rule by protocol, port and
IP family, a frontend by its family, a security rule by whom it lets in or keeps out. So another name is a new name,
and not one thing that goes and another that comes.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from operator import is_
from typing import Any

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.plan.effect import Effect

NAME = "name"
ERROR = "error"
"""Not a field of ARM: what the provider, or Azure, refuses."""


class ChangeKind(Enum):
    """What of Azure a change is about, in ARM's words; SERVICE is the answer that the Service itself gets."""

    SERVICE = "Service"
    LOAD_BALANCER = "loadBalancer"
    FRONTEND = "frontendIPConfiguration"
    RULE = "loadBalancingRule"
    PROBE = "probe"
    SECURITY_RULE = "securityRule"
    PUBLIC_IP = "publicIPAddress"


class Change(NamedTuple):
    """One value that becomes another. *old* is None for what comes, *new* is None for what goes.

    *field* is ARM's, "" for the thing as a whole. *because* is the reason of the new value, or of the old one where
    nothing comes in its place. *upstream* is the provider's function that decides.
    """

    kind: ChangeKind
    name: str
    field: str
    old: object
    new: object
    effect: Effect
    because: Derived[Any] | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What it is and what it comes to, without its reasons."""
        return self.kind, self.name, self.field, self.old, self.new


class ComparedItem(NamedTuple):
    """A thing in Azure with the values that are compared, by ARM's names."""

    kind: ChangeKind
    name: str
    values: Mapping[str, Derived[Any]]


#: What cuts connections that stand, because the rule is made anew.
_INTERRUPTING = frozenset({
    "frontendIPConfiguration", "frontendPort", "backendPort", "protocol", "enableFloatingIP", "backendAddressPool",
})  # fmt: skip
_ADDRESS = frozenset({"publicIPAddress", "privateIPAddress", "subnet", "ipAddress"})


def changes(before: Derivation, after: Derivation) -> tuple[Change, ...]:
    """Every value of *before* that is another in *after*; what only one of them has is there as a whole."""
    if after.refusal is not None and after.load_balancer is None:
        return (*_of_acceptance(before, after),)  # what stands stays
    old, new = _items(before), _items(after)
    if after.refusal is not None:  # the last steps were not taken
        old, new = (
            {key: item for key, item in items.items() if item.kind is not ChangeKind.PUBLIC_IP} for items in (old, new)
        )
    found: list[Change] = []
    for key in {**old, **new}:
        found += _compared(old.get(key), new.get(key))
    return (*_of_acceptance(before, after), *found, *_of_security_rules(before, after))


def _of_acceptance(before: Derivation, after: Derivation) -> Iterator[Change]:
    """Whether the provider takes the Service, and which of its texts it refuses it with."""
    name = after.service.full_name
    old = before.refusal.message if before.refusal is not None else None
    new = after.refusal.message if after.refusal is not None else None
    if old != new:
        effect = Effect.BREAKS if old is None else Effect.CHANGES
        refusal = after.refusal or before.refusal
        because = Derived(new, refusal.origin) if refusal is not None else None
        yield Change(ChangeKind.SERVICE, name, ERROR, old, new, effect, because)


def _compared(old: ComparedItem | None, new: ComparedItem | None) -> Iterator[Change]:
    if old is None or new is None:
        item = new or old
        if item is not None:
            yield _whole(item, is_new=old is None)
        return
    for field in {**old.values, **new.values}:
        one, other = old.values.get(field), new.values.get(field)
        before, after = one.value if one else None, other.value if other else None
        if before != after:
            yield Change(
                new.kind, new.name, field, before, after, _effect(new.kind, field, before, after), other or one
            )


def _whole(item: ComparedItem, *, is_new: bool) -> Change:
    """A thing that comes or goes; what goes is a port that nobody serves, or an address."""
    gone = {
        ChangeKind.RULE: Effect.BREAKS,
        ChangeKind.FRONTEND: Effect.LOSES_ADDRESS,
        ChangeKind.PUBLIC_IP: Effect.LOSES_ADDRESS,
    }
    effect = Effect.CHANGES if is_new else gone.get(item.kind, Effect.CHANGES)
    because = next(iter(item.values.values()), None)
    old, new = (None, item.name) if is_new else (item.name, None)
    return Change(item.kind, item.name, "", old, new, effect, because)


def _effect(kind: ChangeKind, field: str, old: object, new: object) -> Effect:
    """What it means that a field of a thing has another value."""
    if kind is ChangeKind.LOAD_BALANCER:
        return Effect.LOSES_ADDRESS
    if kind in (ChangeKind.FRONTEND, ChangeKind.PUBLIC_IP) and field in _ADDRESS:
        known = old is not None and new is not None  # a value that was not read is no other value
        return Effect.LOSES_ADDRESS if known or field == "publicIPAddress" else Effect.CHANGES
    if kind is ChangeKind.PUBLIC_IP and field == NAME:
        return Effect.LOSES_ADDRESS
    if kind is ChangeKind.RULE and (field in _INTERRUPTING or field == NAME):
        return Effect.INTERRUPTS
    if kind is ChangeKind.FRONTEND and field == NAME:
        return Effect.INTERRUPTS
    if field == NAME or (kind is ChangeKind.RULE and field == "probe" and old is not None and new is not None):
        return Effect.RENAMES
    return Effect.CHANGES


# What is compared -----------------------------------------------------------------------------------------------


def _items(derivation: Derivation) -> dict[tuple[object, ...], ComparedItem]:
    """The things of a Service by what they are for."""
    found: dict[tuple[object, ...], ComparedItem] = {}
    balancer = derivation.load_balancer
    families: dict[str, IPFamily] = {}
    if balancer is not None and (balancer.load_balancing_rules or balancer.frontend_ip_configurations):
        found[(ChangeKind.LOAD_BALANCER,)] = ComparedItem(
            ChangeKind.LOAD_BALANCER, balancer.name.value, {NAME: balancer.name, "sku": balancer.sku}
        )
        versions = {address.name.value: address.version.value for address in derivation.public_ips}
        for frontend in balancer.frontend_ip_configurations:
            family = _family(frontend, versions)
            families[frontend.name.value] = family
            found[ChangeKind.FRONTEND, family] = ComparedItem(
                ChangeKind.FRONTEND, frontend.name.value, _of_frontend(frontend)
            )
        ports: dict[str, list[tuple[object, ...]]] = {}
        for rule in balancer.load_balancing_rules:
            place: tuple[object, ...] = (
                rule.protocol.value,
                rule.frontend_port.value,
                families.get(rule.frontend.value, IPV4),
            )
            found[(ChangeKind.RULE, *place)] = ComparedItem(ChangeKind.RULE, rule.name.value, _of_rule(rule))
            if rule.probe is not None:
                ports.setdefault(rule.probe.value, []).append(place)
        for probe in balancer.probes:
            for served in ports.get(probe.name.value, [("", probe.name.value, IPV4)]):
                found[(ChangeKind.PROBE, *served)] = ComparedItem(ChangeKind.PROBE, probe.name.value, _of_probe(probe))
    for address in derivation.public_ips:
        if address.managed:
            found[ChangeKind.PUBLIC_IP, address.version.value] = ComparedItem(
                ChangeKind.PUBLIC_IP, address.name.value, _of_public_ip(address)
            )
    return found


def families_of_frontends(derivation: Derivation) -> frozenset[IPFamily]:
    """The IP families of the frontends of a Service."""
    balancer = derivation.load_balancer
    versions = {address.name.value: address.version.value for address in derivation.public_ips}
    found = balancer.frontend_ip_configurations if balancer is not None else ()
    return frozenset(_family(frontend, versions) for frontend in found)


def _family(frontend: FrontendIPConfiguration, versions: Mapping[str, str]) -> IPFamily:
    if frontend.public_ip_address is not None:
        told = versions.get(frontend.public_ip_address.value) == IPV6
    else:
        told = frontend.private_ip_address_version is not None
    return IPV6 if told else IPFamily.of(frontend.address)


def _present(**values: Derived[Any] | None) -> dict[str, Derived[Any]]:
    return {key: value for key, value in values.items() if value is not None}


def _of_frontend(frontend: FrontendIPConfiguration) -> dict[str, Derived[Any]]:
    return _present(
        name=frontend.name,
        publicIPAddress=frontend.public_ip_address,
        subnet=frontend.subnet,
        privateIPAddress=frontend.name.with_value(frontend.address) if frontend.subnet is not None else None,
        zones=frontend.zones,
    )


def _of_rule(rule: LoadBalancingRule) -> dict[str, Derived[Any]]:
    return _present(
        name=rule.name,
        frontendIPConfiguration=rule.frontend,
        backendPort=rule.backend_port,
        backendAddressPool=rule.backend_pool,
        enableFloatingIP=rule.enable_floating_ip,
        idleTimeoutInMinutes=rule.idle_timeout_in_minutes,
        enableTcpReset=rule.enable_tcp_reset,
        loadDistribution=rule.load_distribution,
        disableOutboundSnat=rule.disable_outbound_snat,
        probe=rule.probe,
    )


def _of_probe(probe: Probe) -> dict[str, Derived[Any]]:
    values = _present(
        name=probe.name,
        protocol=probe.protocol.with_value(probe.protocol.value.capitalize()),
        port=probe.port,
        requestPath=probe.request_path,
        intervalInSeconds=probe.interval_in_seconds,
    )
    return {**values, probe.threshold_field: probe.threshold}


def _of_public_ip(address: PublicIPAddress) -> dict[str, Derived[Any]]:
    values = _present(
        name=address.name,
        ipAddress=address.ip_address,
        publicIPAllocationMethod=address.allocation_method,
        sku=address.sku,
        zones=address.zones,
        domainNameLabel=address.domain_name_label,
        ipTags=address.ip_tags,
        publicIPPrefix=address.prefix_id,
    )
    tags = {f"tags.{key}": value for key, value in (address.tags or {}).items()}
    return {**values, **tags}


# Security rules --------------------------------------------------------------------------------------------------

ALLOW = "Allow"
#: The field of a rule for those whom another one lets in as well, before or after.
REDUNDANT = "redundant"


class Flow(NamedTuple):
    """Whom the security rules let in or keep out: one source, one port of an IP family."""

    access: str
    protocol: str
    port: str
    source: str
    family: IPFamily


def flows(derivation: Derivation) -> dict[Flow, SecurityRule]:
    """What the security rules of a Service come to, each with the rule that says so."""
    found: dict[Flow, SecurityRule] = {}
    for rule in derivation.security_rules:
        for family in _families(derivation, rule):
            for port in rule.destination_ports.value:
                for source in rule.sources.value:
                    found.setdefault(Flow(rule.access.value, rule.protocol.value, port, source, family), rule)
    return found


def _families(derivation: Derivation, rule: SecurityRule) -> tuple[IPFamily, ...]:
    """The IP families of a rule's destinations; of placeholders those that the Service has."""
    balancer = derivation.load_balancer
    every = destinations(rule)
    frontends = balancer.frontend_ip_configurations if balancer is not None else ()
    own = {_family_of_destination(one.address) for one in frontends if one.address in every.addresses}
    return tuple(sorted(own)) or every.families


class RuleDestinations(NamedTuple):
    """The destinations of a rule to be looked up, their IP families, and whether each has a colon in its text."""

    addresses: frozenset[str]
    families: tuple[IPFamily, ...]
    with_colon: bool


def destinations(rule: SecurityRule) -> RuleDestinations:
    """The destinations of a rule, looked at once for all Services that share it."""
    return _destinations(rule.destinations.value)


@lru_cache(maxsize=4096)
def _destinations(addresses: tuple[str, ...]) -> RuleDestinations:
    families = {_family_of_destination(text) for text in addresses}
    return RuleDestinations(frozenset(addresses), tuple(sorted(families)), all(":" in text for text in addresses))


def _family_of_destination(text: str) -> IPFamily:
    return IPV6 if "ipv6" in text.lower() else IPFamily.of(text)


def _of_security_rules(before: Derivation, after: Derivation) -> Iterator[Change]:
    """Rules that come and go, where they come to something else; else their other names and priorities."""
    if _have_the_same_rules(before, after):
        return
    old, new = flows(before), flows(after)
    gone, come = [flow for flow in old if flow not in new], [flow for flow in new if flow not in old]
    for flow in gone:
        rule, field = old[flow], REDUNDANT if _is_let_in(flow, new) else flow.access
        text = _flow_text(flow)
        yield Change(ChangeKind.SECURITY_RULE, rule.name.value, field, text, None, Effect.CHANGES, rule.sources)
    for flow in come:
        rule, field = new[flow], REDUNDANT if _is_let_in(flow, old) else flow.access
        text = _flow_text(flow)
        yield Change(ChangeKind.SECURITY_RULE, rule.name.value, field, None, text, Effect.CHANGES, rule.sources)
    names = sorted({rule.name.value for rule in old.values()}), sorted({rule.name.value for rule in new.values()})
    if names[0] != names[1] and (old and new):
        because = next(iter(new.values())).name
        yield Change(
            ChangeKind.SECURITY_RULE, names[1][0], NAME, tuple(names[0]), tuple(names[1]), Effect.RENAMES, because
        )
    elif not gone and not come:
        yield from _of_priorities(before, after)


def _have_the_same_rules(before: Derivation, after: Derivation) -> bool:
    """Whether nothing was made anew of the rules, at the same addresses: most upgrades leave most rules alone."""
    old, new = before.security_rules, after.security_rules
    return len(old) == len(new) and all(map(is_, old, new)) and _addresses(before) == _addresses(after)


def _addresses(derivation: Derivation) -> list[str]:
    balancer = derivation.load_balancer
    return [one.address for one in balancer.frontend_ip_configurations] if balancer is not None else []


def _is_let_in(flow: Flow, others: Mapping[Flow, SecurityRule]) -> bool:
    """Whether others let everybody in, and with that those of *flow*."""
    return flow.access == ALLOW and any(flow._replace(source=source) in others for source in ("*", flow.family.whole))


def _of_priorities(before: Derivation, after: Derivation) -> Iterator[Change]:
    old = {rule.name.value: rule for rule in before.security_rules}
    for rule in after.security_rules:
        known = old.get(rule.name.value)
        if known is not None and known.priority.value != rule.priority.value:
            values = known.priority.value, rule.priority.value
            yield Change(ChangeKind.SECURITY_RULE, rule.name.value, "priority", *values, Effect.RENAMES, rule.priority)


def _flow_text(flow: Flow) -> str:
    port = f"port {flow.port}" if flow.port != "*" else "all ports"
    return f"{flow.source} to {port}/{flow.protocol} of the {flow.family} address"
