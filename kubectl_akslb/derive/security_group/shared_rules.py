"""The network security group since 1.29.0: rules named by their content and shared by all Services.

Upstream: securitygroup/securitygroup.go (RuleHelper), loadbalancer/accesscontrol.go (PatchSecurityGroup),
azure_loadbalancer_accesscontrol.go (listSharedIPPortMapping).
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from kubectl_akslb.derive.addresses import aggregate, allows_all
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.precedence import annotation, by_provider
from kubectl_akslb.derive.readers import is_true
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group.source_ranges import ACCESS_FIELDS, INTERNET, AccessControl, access_control
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.derive.state.security_group import FIRST_PRIORITY, SecurityGroupState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.provenance import Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, SCTP, TCP, UDP, IPFamily, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

END_PRIORITY = 4096
MAX_RULES = 1000
MAX_PREFIXES = 4000
RULE_PROTOCOL = {TCP: "Tcp", UDP: "Udp", SCTP: "*"}
PROTOCOL_ORDER = ("Tcp", "Udp", "*")
NAME_PREFIX = "k8s-azure-lb"

_INBOUND = by_provider("priority", "lowest free from 500")
_ANY = by_provider("deny-all", "*")
#: The two forms that ARM has of one field.
_SOURCES = ("sourceAddressPrefix", "sourceAddressPrefixes")
_DESTINATIONS = ("destinationAddressPrefix", "destinationAddressPrefixes")
_PORT = "destinationPortRange"
_PORTS = (_PORT, "destinationPortRanges")


class Destinations(NamedTuple):
    """The destinations of a Service's rules: per IP family, with their origin.

    *frontends* are the Service's own addresses, *additional* those that it adds, and *backends* those of the nodes,
    whichever of them the rules point at.
    """

    by_family: dict[IPFamily, tuple[str, ...]]
    origin: Origin
    frontends: tuple[str, ...] = ()
    additional: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All destinations, IPv4 first."""
        return self.by_family[IPV4] + self.by_family[IPV6]


def rule_ports(context: Context) -> dict[str, tuple[str, ...]]:
    """The ports to open per protocol: Service ports, or node ports without floating IP.

    Upstream: SecurityRuleDestinationPortsByProtocol.
    """
    node_ports = floating_ip_disabled(context)
    ports: dict[str, list[str]] = {}
    for port in context.service.ports:
        protocol = RULE_PROTOCOL.get(port.protocol)
        if protocol is None:
            origin = Origin("spec", f"spec.ports[{port.index}].protocol", port.protocol)
            raise Refused(refusals.PROBE_PROTOCOL_UNSUPPORTED, origin, protocol=port.protocol)
        number = opened_node_port(context.service, port) if node_ports else str(port.port)
        ports.setdefault(protocol, []).append(number)
    return {protocol: tuple(numbers) for protocol, numbers in ports.items()}


def opened_node_port(service: Service, port: ServicePort) -> str:
    """The node port that a rule opens, as ARM writes it; a placeholder names the Service, as others share the group."""
    if port.node_port is None:
        return Placeholder(f"nodePort of {port.port} of {service.full_name}")
    return str(port.node_port)


def floating_ip_disabled(context: Context) -> bool:
    """Whether the Service turns its floating IP off, and this version listens."""
    return context.has(behaviours.DISABLE_FLOATING_IP) and is_true(
        annotation(context.service, keys.DISABLE_FLOATING_IP)
    )


def reconcile(context: Reconciliation, control: AccessControl, destinations: Destinations, *, deleted: bool) -> None:
    """Clean the group of this Service's destinations, then add its rules, unless it is *deleted*.

    Upstream: reconcileSecurityGroup.
    """
    service, azure = context.service, context.azure
    newcomer = service.full_name if service.full_name not in azure.security_rule_names else None
    ports = rule_ports(context)
    group = _Group(context.cluster, azure.security_group, newcomer)
    try:
        _clean(context, group, destinations)
        closed = context.has(behaviours.DISABLE_NSG_RULE) and is_true(annotation(service, keys.DISABLE_NSG_RULE))
        if not closed and not deleted:
            _patch(context, group, control, destinations, ports)
        if context.has(behaviours.MANAGED_NSG_RULES_BY_NAME):
            group.retain(azure, destinations.frontends + destinations.additional)
        group.finish()
    except Refused:  # nothing is sent
        azure.security_group.undo()
        raise
    looked_at = (*destinations.all, *destinations.frontends, *destinations.additional)
    azure.unclaimed_addresses.update(address for address in looked_at if not azure.claims_on(address))
    azure.security_rule_names[service.full_name] = tuple(group.patched)


def _clean(context: Reconciliation, group: "_Group", destinations: Destinations) -> None:
    if not context.has(behaviours.RETAINED_SHARED_PORTS):
        group.remove(frozenset(destinations.frontends + destinations.backends + destinations.all))
        return
    retained = _ports_of_sharing_services(context, destinations.all)
    for protocol in PROTOCOL_ORDER:
        for prefixes in destinations.by_family.values():
            if prefixes:
                group.remove_except(protocol, prefixes, retained.get(protocol, {}))


def _ports_of_sharing_services(context: Reconciliation, addresses: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """How often other Services need each port on these addresses. Upstream: listSharedIPPortMapping."""
    nodes = floating_ip_disabled(context)
    ports: dict[str, dict[str, int]] = {}
    for other in context.azure.services_on_nodes() if nodes else context.azure.services_at(addresses):
        if other.full_name == context.service.full_name:
            continue
        for protocol, numbers in _rule_ports_of(context, other).items():
            needed = ports.setdefault(protocol, {})
            for number in numbers:
                needed[number] = needed.get(number, 0) + 1
    return ports


def _rule_ports_of(context: Reconciliation, other: Service) -> Mapping[str, tuple[str, ...]]:
    """The ports to open of another Service, found once: among those on the nodes each one asks it of all others."""
    known, listens = context.azure.rule_ports, context.has(behaviours.DISABLE_FLOATING_IP)
    found = known.get(other.full_name)
    if found is None or found[0] is not other or found[1] is not listens:
        found = known[other.full_name] = (other, listens, rule_ports(context.of(other)))
    return found[2]


def allow_rule_name(protocol: str, family: IPFamily, sources: tuple[str, ...], ports: tuple[str, ...]) -> str:
    """The name of an allow rule, a hash of its content without the destinations.

    Upstream: GenerateAllowSecurityRuleName. Ports are sorted as text, so 443 stands before 80.
    """
    content = f"{protocol}_{','.join(sorted(sources))}_{','.join(sorted(ports))}"
    return f"{NAME_PREFIX}_allow_{family}_{_md5(content)}"


def _md5(text: str) -> str:
    """The digest in hex. hashlib loads OpenSSL, a tenth of the start-up time, for one short text."""
    try:
        from _md5 import md5  # type: ignore[import-not-found] # typeshed lacks it
    except ImportError:
        from hashlib import md5
    return str(md5(text.encode(), usedforsecurity=False).hexdigest())


def _patch(
    context: Context,
    group: "_Group",
    control: AccessControl,
    destinations: Destinations,
    ports: dict[str, tuple[str, ...]],
) -> None:
    service = context.service
    tags, ranges = context.of_fields(ACCESS_FIELDS, _sources)
    for protocol in PROTOCOL_ORDER:
        if protocol not in ports:
            continue
        numbers = tuple(sorted(ports[protocol]))
        opened = Derived(numbers, _ports_origin(context, protocol, numbers))
        for family, prefixes in destinations.by_family.items():
            if not prefixes:
                continue
            targets = Derived(prefixes, destinations.origin)
            for tag in tags:
                group.allow(service, protocol, family, tag, targets, opened)
            if ranges[family] is not None and ranges[family].value:
                group.allow(service, protocol, family, ranges[family], targets, opened)
    if control.deny_all.value:
        for family, prefixes in destinations.by_family.items():
            if prefixes:
                group.deny(service, family, control.deny_all, Derived(prefixes, destinations.origin))


def _sources(context: Context) -> tuple[list[Derived[tuple[str, ...]]], dict[IPFamily, Derived[tuple[str, ...]]]]:
    control = access_control(context)
    return service_tags(context.cluster, control), range_sources(context.cluster, control)


def _ports_origin(context: Context, protocol: str, numbers: Iterable[str]) -> Origin:
    field = "nodePort" if floating_ip_disabled(context) else "port"
    paths = [
        f"spec.ports[{p.index}].{field}" for p in context.service.ports if RULE_PROTOCOL.get(p.protocol) == protocol
    ]
    return Origin("spec", ", ".join(paths), ", ".join(numbers))


def service_tags(cluster: Cluster, control: AccessControl) -> list[Derived[tuple[str, ...]]]:
    """One source per service tag, Internet last. Upstream: PatchSecurityGroup."""
    tags: list[Derived[tuple[str, ...]]] = []
    if control.tags is not None:
        tags += [
            Derived((tag,), control.tags.origin, considered=control.tags.considered, upstream="PatchSecurityGroup")
            for tag in control.tags.value
        ]
    if control.allow_internet.value:
        any_range = any(allows_all(ranges.prefixes) for ranges in control.all_ranges)
        if not (any_range and cluster.has(behaviours.NO_INTERNET_BESIDE_ANY)):
            internet = control.allow_internet
            tags.append(
                Derived(
                    (INTERNET,),
                    internet.origin,
                    considered=internet.considered,
                    notes=internet.notes,
                    upstream="PatchSecurityGroup",
                )
            )
    return tags


def range_sources(cluster: Cluster, control: AccessControl) -> dict[IPFamily, Derived[tuple[str, ...]]]:
    """The ranges per IP family, merged where this version merges. Upstream: PatchSecurityGroup."""
    merged = cluster.has(behaviours.AGGREGATED_RANGES)
    prefixes = aggregate(control.prefixes) if merged else control.prefixes
    origins = tuple(ranges.origin for ranges in control.all_ranges if ranges.prefixes)
    notes = (behaviours.AGGREGATED_RANGES.note,) if merged and len(prefixes) != len(control.prefixes) else ()
    by_family = {}
    for family in (IPV4, IPV6):
        texts = tuple(str(prefix) for prefix in prefixes if prefix.family is family)
        origin = origins[0] if origins else control.source_ranges.origin
        by_family[family] = Derived(texts, origin, considered=origins, notes=notes, upstream="PatchSecurityGroup")
    return by_family


class _Group:
    """The rules of the security group while one Service is reconciled; a *newcomer* is in none of them yet.

    Upstream: RuleHelper.
    """

    def __init__(self, cluster: Cluster, group: SecurityGroupState, newcomer: str | None) -> None:
        self._single = cluster.has(behaviours.SINGLE_NSG_DESTINATION)
        self._counts_needs = cluster.has(behaviours.REPEATED_SHARED_PORTS)
        self._keeps_groups = cluster.has(behaviours.RETAINED_SHARED_PORTS)
        self._by_name_only = cluster.has(behaviours.MANAGED_NSG_RULES_BY_NAME)
        self._group = group
        self._group.begin()
        self._newcomer = newcomer
        self.patched: dict[str, None] = {}

    def _managed(self, destinations: Iterable[str]) -> list[SecurityRule]:
        """The rules that the provider cleans: by priority, and from some release on by name.

        Those that may have one of the *destinations*. Upstream: IsManagedSecurityRule.
        """
        return [
            rule
            for rule in self._group.naming(destinations)
            if FIRST_PRIORITY <= rule.priority.value <= END_PRIORITY
            and (not self._by_name_only or rule.name.value.startswith(NAME_PREFIX))
        ]

    def _put(self, rule: SecurityRule, destinations: Derived[tuple[str, ...]], added: Iterable[str] = ()) -> None:
        single = self._single and len(destinations.value) == 1
        self._group.put(rule._replace(destinations=destinations, single_destination=single), added)

    def remove(self, prefixes: frozenset[str]) -> None:
        """Take destinations out of every rule. Upstream: RemoveDestinationPrefixesFromRules."""
        for rule in self._group.naming(prefixes):
            kept = tuple(d for d in rule.destinations.value if d not in prefixes)
            if kept != rule.destinations.value:
                self._put(rule, rule.destinations.with_value(kept))

    def retain(self, azure: Azure, own: tuple[str, ...]) -> None:
        """Take out destinations that nobody claims. Upstream: RetainDestinationFromRules.

        The provider compares the length of what is left with that of what stood there, and counts what is left once for
        each claim: a rule in which others are claimed so often that the lengths agree keeps what nobody claims.
        """
        azure.unclaimed_addresses = {a for a in azure.unclaimed_addresses if not azure.claims_on(a) and a not in own}
        gone, still = azure.unclaimed_addresses, set()
        for rule in self._managed(gone):
            stand = rule.destinations.value
            kept = tuple(address for address in stand if address not in gone)
            if len(kept) == len(stand):
                continue
            if sum(azure.claims_on(address) + own.count(address) for address in stand) == len(stand):
                still.update(gone.intersection(stand))
            else:
                self._put(rule, rule.destinations.with_value(kept))
        azure.unclaimed_addresses = still

    def remove_except(self, protocol: str, prefixes: tuple[str, ...], retained: Mapping[str, int]) -> None:
        """Take destinations out of the rules of a protocol, but for ports that others need.

        Upstream: removeDestinationFromRule; a rule that is needed in part is split. What comes of it lets in, even
        if it denied: denials of older releases are for single ports.
        """
        for rule in self._managed(prefixes):
            if rule.protocol.value == protocol:
                self._remove_from(rule, prefixes, retained)

    def _remove_from(self, rule: SecurityRule, prefixes: tuple[str, ...], retained: Mapping[str, int]) -> None:
        if not any(prefix in rule.destinations.value for prefix in prefixes):
            return
        if rule.access.value == "Deny" and not retained:
            self._put(rule, _without(rule.destinations, prefixes))
            return
        ports = rule.destination_ports.value + dict(rule.beside).get(_PORT, ())
        needed = tuple(port for port in ports if port in retained)
        if self._counts_needs:  # as often as others need it
            needed = tuple(port for port in sorted(set(ports)) for _ in range(retained.get(port, 0)))
        if "*" in ports or len(ports) == len(needed):
            return
        self._put(rule, _without(rule.destinations, prefixes))
        if needed:
            self._allow(
                rule._replace(access=rule.access.with_value("Allow"), single_port=False),
                IPFamily.of(prefixes[0]),
                rule.sources,
                Derived(prefixes, rule.destinations.origin),
                rule.destination_ports.then(lambda _: needed),
            )

    def allow(
        self,
        service: Service,
        protocol: str,
        family: IPFamily,
        sources: Derived[tuple[str, ...]],
        destinations: Derived[tuple[str, ...]],
        ports: Derived[tuple[str, ...]],
    ) -> None:
        """Add an allow rule, or this Service's destinations to the rule of that name. Upstream: addAllowRule."""
        template = SecurityRule(
            ports.then(lambda _: ""),
            Derived("Allow", sources.origin),
            Derived(protocol, ports.origin),
            Derived(0, _INBOUND),
            sources,
            destinations,
            ports,
            services=(service.full_name,),
        )
        self.patched[self._allow(template, family, sources, destinations, ports)] = None

    def _allow(
        self,
        template: SecurityRule,
        family: IPFamily,
        sources: Derived[tuple[str, ...]],
        destinations: Derived[tuple[str, ...]],
        ports: Derived[tuple[str, ...]],
    ) -> str:
        name = allow_rule_name(template.protocol.value, family, sources.value, ports.value)
        existing = self._group.rules.get(name)
        priority = existing.priority if existing else self._lowest_free()
        sources = sources.then(lambda value: tuple(sorted(value)))
        rule = template._replace(
            name=Derived(
                name,
                ports.origin,
                considered=(sources.origin, ports.origin),
                notes=(behaviours.SHARED_NSG_RULES.note,),
                upstream="GenerateAllowSecurityRuleName",
            ),
            priority=priority,
            sources=sources,
            single_source=len(sources.value) == 1,
            destination_ports=ports,
            services=self._joined(existing, template),
            beside=self._beside(existing, list_of_ports=True, single_source=len(sources.value) == 1),
        )
        self._put(rule, self._merged(existing, destinations), destinations.value)
        return name

    def deny(
        self,
        service: Service,
        family: IPFamily,
        reason: Derived[bool],
        destinations: Derived[tuple[str, ...]],
    ) -> None:
        """Deny everything else that goes to the destinations. Upstream: AddRuleForDenyAll."""
        name = f"{NAME_PREFIX}_deny-all_{family}"
        existing = self._group.rules.get(name)
        priority = existing.priority if existing else self._highest_free()
        everything = Derived(("*",), _ANY)
        rule = SecurityRule(
            reason.with_value(name).by("GenerateDenyAllSecurityRuleName"),
            reason.with_value("Deny").by("AddRuleForDenyAll"),
            Derived("*", _ANY),
            priority,
            everything,
            destinations,
            everything,
            single_port=True,
            services=(service.full_name,),
            beside=self._beside(existing, list_of_ports=False, single_source=True),
        )
        rule = rule._replace(services=self._joined(existing, rule))
        self._put(rule, self._merged(existing, destinations), destinations.value)
        self.patched[name] = None

    def _merged(
        self, existing: SecurityRule | None, destinations: Derived[tuple[str, ...]]
    ) -> Derived[tuple[str, ...]]:
        """The destinations added to those that stand; a release that sends a list alone adds to a list alone."""
        lone = existing is not None and existing.single_destination and not self._single
        return _merged(None if lone else existing, destinations)

    def _beside(
        self, existing: SecurityRule | None, *, list_of_ports: bool, single_source: bool
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What a person has set that the provider leaves there: it sets one form of a field, and not both."""
        if existing is None:
            return ()
        found = _other_form(
            existing, _SOURCES, existing.sources.value, stands_single=existing.single_source, sets_single=single_source
        )
        if not self._by_name_only:
            ports = existing.destination_ports.value
            found += _other_form(
                existing, _PORTS, ports, stands_single=existing.single_port, sets_single=not list_of_ports
            )
        if not self._single:
            found += _other_form(
                existing,
                _DESTINATIONS,
                existing.destinations.value,
                stands_single=existing.single_destination,
                sets_single=False,
            )
        return found

    def _joined(self, existing: SecurityRule | None, new: SecurityRule) -> tuple[str, ...]:
        """The Services of a rule that is shared, each once; the newcomer needs no search among them."""
        if existing is None:
            return new.services
        if new.services == (self._newcomer,) and existing.name.value not in self.patched:
            return existing.services + new.services
        known = set(existing.services)
        return existing.services + tuple(name for name in new.services if name not in known)

    def _lowest_free(self) -> Derived[int]:
        priority = self._group.first_free()
        return _free(priority if priority < END_PRIORITY else None, "lowest", FIRST_PRIORITY)

    def _highest_free(self) -> Derived[int]:
        downwards = range(END_PRIORITY - 1, FIRST_PRIORITY - 1, -1)
        found = next((priority for priority in downwards if not self._group.is_taken(priority)), None)
        return _free(found, "highest", END_PRIORITY - 1)

    def finish(self) -> None:
        """Drop the rules that have no destination any more; refused above ARM's limits. Upstream: SecurityGroup."""
        group = self._group
        gone = [rule for rule in group.without_destinations() if not (rule.destination_groups and self._keeps_groups)]
        head = "unable to apply access control configuration to security group: "
        counts = (
            ("rules", len(group.rules) - len(gone), MAX_RULES),
            ("source IP addresses", group.sources - sum(len(rule.sources.value) for rule in gone), MAX_PREFIXES),
            ("destination IP addresses", group.destinations, MAX_PREFIXES),
        )
        for what, count, limit in counts:
            if count > limit:
                raise Refused(refusals.SECURITY_GROUP_FULL, _INBOUND, head=head, what=what, count=count, limit=limit)
        for rule in gone:
            group.drop(rule.name.value)


def _free(priority: int | None, which: str, start: int) -> Derived[int]:
    """A priority that is free; refused where none is. Upstream: nextRulePriority."""
    if priority is None:
        raise Refused(refusals.PRIORITIES_EXHAUSTED, _INBOUND)
    note = f"the {which} free priority from {start} on; rules that others added take theirs first"
    return Derived(priority, _INBOUND, notes=(note,), upstream="nextRulePriority")


def _other_form(
    existing: SecurityRule, forms: tuple[str, str], stands: tuple[str, ...], *, stands_single: bool, sets_single: bool
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What stands in that of ARM's two *forms* which the provider does not set: it does not clear it."""
    left = forms[1] if sets_single else forms[0]
    values = stands if stands_single != sets_single else dict(existing.beside).get(left, ())
    return ((left, values),) if values else ()


def _without(destinations: Derived[tuple[str, ...]], gone: tuple[str, ...]) -> Derived[tuple[str, ...]]:
    return destinations.with_value(tuple(one for one in destinations.value if one not in gone))


def _merged(existing: SecurityRule | None, destinations: Derived[tuple[str, ...]]) -> Derived[tuple[str, ...]]:
    """Old and new destinations without repeats, sorted as text. A rule may have thousands: none is sorted again."""
    merged = existing.destinations.value if existing else ()
    for text in destinations.value:
        index = bisect_left(merged, text)
        if index == len(merged) or merged[index] != text:
            merged = (*merged[:index], text, *merged[index:])
    return destinations.then(lambda _: merged)
