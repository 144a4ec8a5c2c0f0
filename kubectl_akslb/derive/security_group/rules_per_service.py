"""The network security group before 1.29.0: one rule per port and source, named after the Service.

Upstream: reconcileSecurityGroup, getExpectedSecurityRules, reconcileSecurityRules, tidySecurityRules.
"""

from collections.abc import Iterable, Iterator, Mapping

from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.precedence import annotation, by_provider, spec
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group.shared_rules import (
    END_PRIORITY,
    RULE_PROTOCOL,
    floating_ip_disabled,
    opened_node_port,
)
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.derive.state.security_group import FIRST_PRIORITY, SecurityGroupState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.service import IPFamily, Service, ServicePort
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

_NEXT_FREE = by_provider("priority", "lowest free from 500")
#: Of a rule that has none yet.
_NO_PRIORITY = Derived(0, _NEXT_FREE)
_ANY = by_provider("sources", "*")


def uses_shared_rule(service: Service) -> bool:
    """Whether the Service asks for shared rules. Upstream: useSharedSecurityRule."""
    return service.annotations.get(keys.SHARED_SECURITY_RULE) == "true"


def rule_name(context: Context, port: ServicePort, source: str, family: IPFamily) -> Derived[str]:
    """The name of a rule. Upstream: getSecurityRuleName."""
    names = context.names
    safe = source.replace("/", "_")
    if context.has(behaviours.NSG_NAMES_WITHOUT_COLON):
        safe = safe.replace(":", ".")
    tail = f"{port.protocol}-{port.port}-{safe}"
    shared = annotation(context.service, keys.SHARED_SECURITY_RULE)
    if uses_shared_rule(context.service):
        return Derived(
            f"shared-{tail}{names.suffix(family)}",
            shared,
            considered=(shared, names.uid),
            upstream="getSecurityRuleName",
        )
    return Derived(
        f"{names.prefix}-{tail}{names.suffix(family)}",
        names.uid,
        considered=(names.uid,),
        upstream="getSecurityRuleName",
    )


class Destination:
    """Where the rules of one family point: the frontend's addresses, and the nodes' without floating IP."""

    __slots__ = ("addresses", "backends", "origin")

    def __init__(self, addresses: tuple[str, ...], backends: tuple[str, ...], origin: Origin) -> None:
        self.addresses = addresses or ("*",)
        self.backends = backends
        self.origin = origin


def expected_rules(
    context: Context, sources: Derived[tuple[str, ...]], deny: Derived[bool], target: Destination, family: IPFamily
) -> list[SecurityRule]:
    """The rules of one family. Upstream: getExpectedSecurityRules."""
    service = context.service
    rules = []
    for port in service.ports:
        for source in sources.value:
            name = rule_name(context, port, source, family)
            rules.append(_allow(context, name, port, sources.with_value((source,)), target))
    if deny.value:
        for port in service.ports:
            name = rule_name(context, port, "deny_all", family)
            rules.append(_deny(service, name, port, deny, target))
    if uses_shared_rule(service):  # upstream: makeConsolidatable
        return [rule._replace(single_destination=False) for rule in rules]
    return rules


def _protocol(port: ServicePort) -> Derived[str]:
    origin = spec(f"spec.ports[{port.index}].protocol", port.protocol)
    value = RULE_PROTOCOL.get(port.protocol)
    if value is None:
        raise Refused(refusals.TRANSPORT_PROTOCOL, origin)
    return Derived(value, origin)


def _allow(
    context: Context, name: Derived[str], port: ServicePort, source: Derived[tuple[str, ...]], target: Destination
) -> SecurityRule:
    to_nodes = floating_ip_disabled(context)
    number = opened_node_port(context.service, port) if to_nodes else str(port.port)
    single = len(target.addresses) == 1
    destinations = target.backends if single and to_nodes else target.addresses
    return SecurityRule(
        name,
        Derived("Allow", source.origin),
        _protocol(port),
        _NO_PRIORITY,
        source,
        Derived(destinations, target.origin),
        Derived((number,), spec(f"spec.ports[{port.index}].port", number)),
        single_destination=single and not to_nodes,
        single_port=True,
        services=(context.service.full_name,),
    )


def _deny(
    service: Service, name: Derived[str], port: ServicePort, reason: Derived[bool], target: Destination
) -> SecurityRule:
    number = str(port.port)
    return SecurityRule(
        name,
        Derived("Deny", reason.origin, considered=reason.considered, notes=reason.notes),
        _protocol(port),
        _NO_PRIORITY,
        Derived(("*",), _ANY),
        Derived(target.addresses, target.origin),
        Derived((number,), spec(f"spec.ports[{port.index}].port", number)),
        single_destination=len(target.addresses) == 1,
        single_port=True,
        services=(service.full_name,),
    )


def reconcile(context: Reconciliation, expected: list[SecurityRule]) -> None:
    """Replace the Service's rules by the expected ones. Upstream: reconcileSecurityRules.

    Where the provider numbers all rules anew each time, *settle* does that once, for what stands in the end.
    """
    service, azure = context.service, context.azure
    own = context.names.prefix.upper()
    wanted = {rule.name.value: rule for rule in expected}
    group = azure.security_group
    group.begin()
    for name in azure.security_rule_names.get(service.full_name, ()):
        existing = group.rules.get(name)
        if existing is not None and name.upper().startswith(own) and not _same(wanted.get(name), existing):
            group.drop(name)
    free = _free_priorities(group)
    try:
        for rule in expected:
            existing = group.rules.get(rule.name.value)
            if existing is not None and _same(rule, existing, but_destinations=uses_shared_rule(service)):
                group.put(_consolidated(service, existing, rule))
            else:
                group.put(rule._replace(priority=next(free)))
    except Refused:  # nothing is sent
        group.undo()
        raise
    azure.security_rule_names[service.full_name] = tuple(dict.fromkeys(rule.name.value for rule in expected))


def remove(context: Reconciliation, expected: list[SecurityRule]) -> None:
    """Remove the rules of a Service that is deleted, and its destinations from shared ones.

    Upstream: reconcileSecurityRules. Of *expected* only names and destinations count, and no denials.
    """
    reconcile(context, [])
    azure = context.azure
    for rule in expected if uses_shared_rule(context.service) else ():
        existing = azure.security_rules.get(rule.name.value)
        if existing is None or rule.access.value == "Deny":
            continue
        left = _without(existing.destinations.value, rule.destinations.value)
        if left:
            kept = existing._replace(destinations=existing.destinations.with_value(left))
            azure.security_group.put(kept)
        else:
            azure.security_group.drop(rule.name.value)


def _without(stand: tuple[str, ...], gone: tuple[str, ...]) -> tuple[str, ...]:
    """The destinations of a shared rule without those of a Service that is deleted.

    The provider looks for each in a list that it shifts and never shortens: of two that go the second stays.
    """
    shifted, left = list(stand), stand
    for address in gone:
        if address not in shifted:
            continue
        if len(shifted) == 1:
            return ()
        index = shifted.index(address)
        left = (*shifted[:index], *shifted[index + 1 :])
        shifted[:-1] = left
    return left


def _same(wanted: SecurityRule | None, existing: SecurityRule, *, but_destinations: bool = False) -> bool:
    """Whether a rule is there as it is wanted; one that is not loses its priority. Upstream: findSecurityRule."""
    if wanted is None:
        return False
    if (wanted.direction, wanted.source_ports) != (existing.direction, existing.source_ports):
        return False
    if _single_source(wanted) != _single_source(existing):
        return False
    fields = ["access", "protocol", "destination_ports"]
    if not but_destinations:
        fields.append("destinations")
        if wanted.single_destination != existing.single_destination:
            return False
    return all(getattr(wanted, field).value == getattr(existing, field).value for field in fields)


def _single_source(rule: SecurityRule) -> str:
    """The source in ARM's single form, the one that is compared: "" is none, and an empty service tag too."""
    return rule.sources.value[0] if rule.single_source and rule.sources.value else ""


def _free_priorities(group: SecurityGroupState) -> Iterator[Derived[int]]:
    """The free priorities from 500 on, lowest first; refused when there is none. Upstream: getNextAvailablePriority."""
    note = "the lowest free priority from 500 on; rules that others added take theirs first"
    for priority in group.free():
        if priority >= END_PRIORITY:
            raise Refused(refusals.PRIORITIES_EXHAUSTED_UNTIL_1_28, _NEXT_FREE)
        yield Derived(priority, _NEXT_FREE, notes=(note,), upstream="getNextAvailablePriority")


def settle(cluster: Cluster, azure: Azure, before: Mapping[str, SecurityRule] | None = None) -> None:
    """Number the rules as they stand in the end. Upstream: tidySecurityRules, shouldTidySecurityRules.

    Those that an earlier release has numbered stay so, as long as they are those of *before*, none that allows
    stands behind one that denies, and no Service has shared rules, with which the provider sends the group each time.
    """
    if not cluster.has(behaviours.RENUMBERED_NSG_PRIORITIES):
        return
    changed = azure.security_rules != before or _allows_behind_denial(azure.security_rules.values())
    if changed or any(uses_shared_rule(one) and azure.security_rules_of(one) for one in azure.services.values()):
        azure.security_group = SecurityGroupState(_renumbered(list(azure.security_rules.values())))


def _consolidated(service: Service, existing: SecurityRule, new: SecurityRule) -> SecurityRule:
    """A shared rule with the new destinations added. Upstream: consolidate."""
    if not uses_shared_rule(service):
        return existing
    before = existing.destinations.value
    added = tuple(address for address in dict.fromkeys(new.destinations.value) if address not in before)
    services = existing.services + tuple(name for name in new.services if name not in existing.services)
    return existing._replace(
        destinations=existing.destinations.then(lambda value: value + added),
        single_destination=False,
        services=services,
    )


def _allows_behind_denial(rules: Iterable[SecurityRule]) -> bool:
    accesses = [rule.access.value for rule in sorted(rules, key=lambda rule: rule.priority.value) if _is_numbered(rule)]
    return "Deny" in accesses and "Allow" in accesses[accesses.index("Deny") :]


def _is_numbered(rule: SecurityRule) -> bool:
    """Whether the priority of a rule, be it somebody else's, is one that the provider gives out."""
    return FIRST_PRIORITY <= rule.priority.value <= END_PRIORITY


def _renumbered(rules: list[SecurityRule]) -> list[SecurityRule]:
    """Two and more rules: those that allow by name from 500 on, others from 4096 down. Upstream: tidySecurityRules."""
    if len(rules) <= 1:
        return rules
    note = (behaviours.RENUMBERED_NSG_PRIORITIES.note,)
    numbered = [rule for rule in rules if not _is_numbered(rule)]
    for access, first, step in (("Allow", FIRST_PRIORITY, 1), ("Deny", END_PRIORITY, -1)):
        chosen = sorted(
            (rule for rule in rules if rule.access.value == access and _is_numbered(rule)),
            key=lambda rule: rule.name.value,
        )
        numbered += [
            rule._replace(priority=Derived(first + step * i, _NEXT_FREE, notes=note, upstream="tidySecurityRules"))
            for i, rule in enumerate(chosen)
        ]
    return numbered
