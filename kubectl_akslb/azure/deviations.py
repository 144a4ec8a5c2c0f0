"""Where what stands in Azure is not what Services ask for.

``deviations`` is a pure function over a state: it knows what each Service asks for (who may come in, who must not, on
which ports, by which IP family, from outside or not) and looks at what the rules and frontends do. No fault of the
provider is named here: whatever lets somebody in who was kept out is found, and ``dated_deviations.py`` says which
releases do it. Services whose last edit was refused are left out: what they have is older.
"""

from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import product

from kubectl_akslb.azure.refusals import Sent
from kubectl_akslb.derive.addresses import AddressError, Prefix, parse_prefix
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.naming import family_of_name, names
from kubectl_akslb.derive.precedence import annotation, by_provider, spec
from kubectl_akslb.derive.public_ip import public_ip
from kubectl_akslb.derive.readers import is_true, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group import shared_rules
from kubectl_akslb.derive.security_group.security_group import readable_additional_addresses
from kubectl_akslb.derive.security_group.source_ranges import INTERNET, access_control, sources_before_access_control
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.derive.state.azure import UNKNOWN_NODES, Azure, node_addresses
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.provenance import Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily, Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

_OTHERS = by_provider("security rules", "of other Services")


class DeviationKind(Enum):
    """What is not as asked; the value is a stable id.

    NOT_LET_IN: clients that the Service names may not come in. NOT_KEPT_OUT: it asks to deny all others, and nothing
    denies them. LET_IN_UNASKED: a rule lets somebody in whom no Service on that address names. KEPT_OUT_UNASKED: a rule
    denies the virtual network at an address, and this Service there, or nobody any more, asks for that. PROBES_DENIED:
    a rule of another Service denies the nodes to Azure's health probes. NOT_SERVED: a port has no load-balancing rule
    for one IP family. PUBLIC_THOUGH_INTERNAL: it asks to be internal, and has a public address. FOREIGN_FRONTEND: a
    rule of it leads from a frontend that it did not ask for.
    """

    NOT_LET_IN = "not-let-in"
    NOT_KEPT_OUT = "not-kept-out"
    LET_IN_UNASKED = "let-in-unasked"
    KEPT_OUT_UNASKED = "kept-out-unasked"
    PROBES_DENIED = "probes-denied"
    NOT_SERVED = "not-served"
    PUBLIC_THOUGH_INTERNAL = "public-though-internal"
    FOREIGN_FRONTEND = "foreign-frontend"


class Releases(NamedTuple):
    """Which releases show a deviation: the first that does, and of each minor the first that does not any more."""

    first: ProviderVersion | None
    mended: tuple[ProviderVersion, ...]


class Deviation(NamedTuple):
    """One difference between what a Service, by its full name, asks for and what stands; *origin* is what asks.

    *service* is "" where nobody asks any more. *address* is where it shows, *others* are the Services that have the
    address too, *rule* is the rule that does it, *clients* are those that it is about, at *port* of *protocol*.
    *partly*: the other IP family of the Service has it as asked. It stands now, or comes to be when the Service *last*
    is reconciled after all others. *releases* are those that make it, None where they were not looked for.
    """

    kind: DeviationKind
    service: str
    origin: Origin
    address: str = ""
    others: tuple[str, ...] = ()
    rule: str = ""
    clients: str = ""
    protocol: str = ""
    port: str = ""
    family: str = ""
    partly: bool = False
    last: str = ""
    releases: Releases | None = None

    @property
    def what(self) -> tuple[DeviationKind, str, str, str]:
        """What makes it another one than the others of the Service."""
        return self.kind, self.service, self.address, self.clients


class Audience(NamedTuple):
    """Whom one Service lets in at which addresses and ports, and whether it denies all others, and what says so."""

    service: Service
    addresses: tuple[str, ...]
    ports: dict[str, tuple[str, ...]]
    sources: dict[IPFamily, tuple[str, ...]]
    origin: Origin
    denies: bool
    denies_by: Origin
    closed: bool


def deviations(azure: Azure, cluster: Cluster, refused: Collection[str] = ()) -> tuple[Deviation, ...]:
    """Every deviation of a state; *refused* are the full names of Services whose last edit was refused."""
    if serves(cluster):
        return ()
    return tuple(ComparedState(azure, cluster, refused).all())


class ComparedState:
    """One state, with what is looked up of it more than once."""

    def __init__(self, azure: Azure, cluster: Cluster, refused: Collection[str]) -> None:
        self.azure = azure
        self.cluster = cluster
        self.sent = Sent(azure, cluster)
        self.refused = frozenset(refused)
        self.settled = [
            service for name, service in azure.services.items() if name in azure.ingress and name not in self.refused
        ]

    def all(self) -> Iterator[Deviation]:
        """Every deviation, by Service in the order in which they were reconciled."""
        for access in self.accesses:
            yield from self._not_let_in(access)
            yield from self._not_kept_out(access)
        yield from self._unasked()
        yield from self._probes_denied()
        for service in self.settled:
            yield from self._frontends(service)

    @cached_property
    def accesses(self) -> list[Audience]:
        """What the Services ask for whose rules stand."""
        return [access for service in self.settled if (access := self._access(service)) is not None]

    def _access(self, service: Service) -> Audience | None:
        try:
            sources, origin, denies, denies_by = _asked(Reconciliation(service, self.cluster, self.azure))
            ports = shared_rules.rule_ports(Context(service, self.cluster))
        except Refused:
            return None
        addresses = self.azure.ingress[service.full_name]
        if shared_rules.floating_ip_disabled(Context(service, self.cluster)):
            nodes = self.nodes
            if not self.cluster.has(behaviours.SHARED_NSG_RULES):  # they are for the families of the Service
                nodes = tuple(node for node in nodes if _is_of_family(service, node))
            addresses = nodes + readable_additional_addresses(Context(service, self.cluster))
        closed = self.cluster.has(behaviours.DISABLE_NSG_RULE) and is_true(annotation(service, keys.DISABLE_NSG_RULE))
        return Audience(service, addresses, ports, sources, origin, denies and not closed, denies_by, closed)

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The addresses that rules have without floating IP."""
        return node_addresses(self.cluster)

    @cached_property
    def rules_at(self) -> dict[str, list[SecurityRule]]:
        """The security rules by destination."""
        found: dict[str, list[SecurityRule]] = {}
        for rule in self.azure.security_rules.values():
            for address in rule.destinations.value:
                found.setdefault(address, []).append(rule)
        return found

    @cached_property
    def rules_for(self) -> dict[tuple[str, str, str], list[SecurityRule]]:
        """The security rules by destination, protocol and port."""
        found: dict[tuple[str, str, str], list[SecurityRule]] = {}
        for address, rules in self.rules_at.items():
            for rule in rules:
                for port in dict.fromkeys(rule.destination_ports.value):
                    found.setdefault((address, rule.protocol.value, port), []).append(rule)
        return found

    @cached_property
    def accesses_at(self) -> dict[str, list[Audience]]:
        """What Services ask for, by destination."""
        found: dict[str, list[Audience]] = {}
        for access in self.accesses:
            for address in access.addresses:
                found.setdefault(address, []).append(access)
        return found

    @cached_property
    def asked_for(self) -> dict[tuple[str, str, str], set[str]]:
        """Whom any Service lets in, by destination, protocol and port."""
        found: dict[tuple[str, str, str], set[str]] = {}
        for access in self.accesses:
            for address in access.addresses if not access.closed else ():
                sources = access.sources[_family_of(address, access.service)]
                for protocol, ports in access.ports.items():
                    for to, port in product((address, "*"), ports):
                        found.setdefault((to, protocol, port), set()).update(sources)
        return found

    def together(self) -> tuple[Service, ...]:
        """The Services that have an address which another one has too."""
        shared = [accesses for accesses in self.accesses_at.values() if len(accesses) > 1]
        found = {access.service.full_name for accesses in shared for access in accesses}
        return tuple(service for service in self.settled if service.full_name in found)

    def _others(self, address: str, service: Service) -> tuple[str, ...]:
        found = self.accesses_at.get(address, ())
        return tuple(each.service.full_name for each in found if each.service is not service)

    def _not_let_in(self, access: Audience) -> Iterator[Deviation]:
        if access.closed:
            return
        every = ((protocol, port) for protocol, ports in access.ports.items() for port in dict.fromkeys(ports))
        for protocol, port in every:
            left = {address: self._left_out(access, address, protocol, port) for address in access.addresses}
            for address, sources in left.items():
                others = self._others(address, access.service) if sources else ()
                for source in sources:
                    partly = any(source not in found for found in left.values())
                    yield Deviation(
                        kind=DeviationKind.NOT_LET_IN,
                        service=access.service.full_name,
                        origin=access.origin,
                        address=address,
                        others=others,
                        rule="",
                        clients=source,
                        protocol=protocol,
                        port=port,
                        partly=partly,
                    )

    def _left_out(self, access: Audience, address: str, protocol: str, port: str) -> tuple[str, ...]:
        """Whom the Service names and no rule lets in."""
        family = _family_of(address, access.service)
        allowed = self._sources(address, protocol, port, "Allow")
        return tuple(source for source in access.sources[family] if not _covered(source, allowed, family))

    def _sources(self, address: str, protocol: str, port: str, action: str) -> set[str]:
        return {
            source
            for key in product((address, "*"), (protocol, "*"), (port, "*"))
            for rule in self.rules_for.get(key, ())
            if rule.access.value == action
            for source in rule.sources.value
        }

    def _not_kept_out(self, access: Audience) -> Iterator[Deviation]:
        if not access.denies:
            return
        for address in access.addresses:
            every = ((protocol, port) for protocol, ports in access.ports.items() for port in ports)
            open_at = next((one for one in every if "*" not in self._sources(address, *one, "Deny")), None)
            if open_at is not None:
                others = self._others(address, access.service)
                name = access.service.full_name
                yield Deviation(DeviationKind.NOT_KEPT_OUT, name, access.denies_by, address, others, "", "", *open_at)

    def _unasked(self) -> Iterator[Deviation]:
        """What rules do at addresses beyond what the Services there ask for."""
        of_refused = {address for name in self.refused for address in self.azure.ingress.get(name, ())}
        unknown = self._unfinished | of_refused | (set(self.nodes) if self.refused else set())
        for address, rules in self.rules_at.items():
            if address in unknown:
                continue
            for rule in rules:
                if rule.access.value == "Deny":
                    yield from self._denied_unasked(address, rule)
                else:
                    yield from self._allowed_unasked(address, rule)

    @cached_property
    def _unfinished(self) -> set[str]:
        """Destinations that only Services without a status have: those are on their way."""
        waiting = {name for name in self.azure.services if name not in self.azure.ingress}
        rules = (rule for rule in self.azure.security_rules.values() if not waiting.isdisjoint(rule.services))
        return {address for rule in rules for address in rule.destinations.value}

    def _denied_unasked(self, address: str, rule: SecurityRule) -> Iterator[Deviation]:
        here = self.accesses_at.get(address, [])
        asking = tuple(access.service.full_name for access in here if access.denies)
        name_of_rule = rule.name.value
        if not asking:
            name = here[0].service.full_name if here else ""
            yield Deviation(DeviationKind.KEPT_OUT_UNASKED, name, _OTHERS, address, rule=name_of_rule)
            return
        if "*" not in rule.destination_ports.value:
            return
        for access in here:
            if not access.denies:
                name = access.service.full_name
                yield Deviation(DeviationKind.KEPT_OUT_UNASKED, name, _OTHERS, address, asking, name_of_rule)

    def _probes_denied(self) -> Iterator[Deviation]:
        """Rules that deny all at the nodes, to the probes of every Service."""
        asking = {access.service.full_name for access in self.accesses if access.denies}
        for address in self.nodes:
            for rule in self.rules_at.get(address, ()):
                if rule.access.value == "Deny" and "*" in rule.destination_ports.value:
                    names_of_it = tuple(name for name in self._names_at(address) if name in asking)
                    for service in self.settled:
                        if service.full_name not in asking and _is_of_family(service, address):
                            name = service.full_name
                            yield Deviation(
                                DeviationKind.PROBES_DENIED, name, _OTHERS, address, names_of_it, rule.name.value
                            )
                    return  # one node tells it

    def _names_at(self, address: str) -> Iterator[str]:
        return (access.service.full_name for access in self.accesses_at.get(address, ()))

    def _allowed_unasked(self, address: str, rule: SecurityRule) -> Iterator[Deviation]:
        here = self.accesses_at.get(address, [])
        family = _family_of(address, here[0].service) if here else IPFamily.of(address)
        for port in dict.fromkeys(rule.destination_ports.value):
            protocol = rule.protocol.value
            asked = self.asked_for.get((address, protocol, port), set())
            source = next((one for one in rule.sources.value if not _asked_for(one, asked, family)), None)
            if source is not None:
                name = here[0].service.full_name if here else ""
                by = rule.name.value
                yield Deviation(
                    kind=DeviationKind.LET_IN_UNASKED,
                    service=name,
                    origin=_OTHERS,
                    address=address,
                    others=(),
                    rule=by,
                    clients=source,
                    protocol=protocol,
                    port=port,
                )

    def _frontends(self, service: Service) -> Iterator[Deviation]:
        prefix = names(service, self.cluster).prefix
        served: set[tuple[int, str]] = set()
        inside = trim(service.annotations.get(keys.INTERNAL, "")).lower() == "true"
        for state in self.azure.load_balancers.values():
            own = {frontend.name.value for frontend in state.frontends_of(prefix)}
            for rule in state.rules_of(prefix):
                frontend = state.frontends.get(rule.frontend.value)
                if frontend is None:
                    continue
                family = self.sent.family(frontend)
                if family is not None:
                    served.add((rule.service_port, family))
                because = rule.name.value
                if inside and frontend.public_ip_address is not None:
                    origin = annotation(service, keys.INTERNAL)
                    yield Deviation(
                        DeviationKind.PUBLIC_THOUGH_INTERNAL, service.full_name, origin, frontend.address, rule=because
                    )
                if rule.frontend.value not in own and not self._asks_for(
                    service, frontend.address, rule.frontend.value
                ):
                    yield Deviation(
                        DeviationKind.FOREIGN_FRONTEND, service.full_name, _OTHERS, frontend.address, rule=because
                    )
        yield from self._not_served(service, served)

    def _asks_for(self, service: Service, address: str, frontend: str) -> bool:
        if address in public_ip.load_balancer_ips(Context(service, self.cluster)):
            return True
        context = Context(service, self.cluster)
        group = public_ip.resource_group(context).lower()
        asked = {public_ip.pip_name(context, family).raw for family in (IPV4, IPV6)}
        for state in self.azure.load_balancers.values():
            found = state.frontends.get(frontend)
            if found is not None and found.public_ip_key is not None:
                return found.public_ip_key in {(group, name.lower()) for name in asked if name}
        return False

    def _not_served(self, service: Service, served: set[tuple[int, str]]) -> Iterator[Deviation]:
        for family in service.ip_families:
            if (-1, family) in served:  # HA ports
                continue
            for port in service.ports:
                skipped = is_true(annotation(service, keys.NO_LB_RULE.for_port(port.port)))
                if (port.index, family) not in served and not (
                    skipped and self.cluster.has(behaviours.PORT_ANNOTATIONS)
                ):
                    origin = spec("spec.ipFamilies", ", ".join(service.ip_families))
                    yield Deviation(
                        DeviationKind.NOT_SERVED,
                        service.full_name,
                        origin,
                        protocol=port.protocol,
                        port=str(port.port),
                        family=family,
                        partly=any(index == port.index for index, _ in served),
                    )


def _asked(context: Context) -> tuple[dict[IPFamily, tuple[str, ...]], Origin, bool, Origin]:
    """Whom a Service lets in by IP family, and whether it denies all others; each with what says so.

    It asks to deny them wherever it names somebody and says so, whatever the provider makes of it.
    """
    if not context.has(behaviours.ACCESS_CONTROL):
        sources, deny = sources_before_access_control(context)
        found = {family: sources[family].value for family in (IPV4, IPV6)}
        origin = sources[IPV4].origin
    else:
        control = access_control(context)
        anybody = (INTERNET,) if control.allow_internet.value else ()
        tags = control.tags.value if control.tags is not None else ()
        found = {
            family: (*anybody, *tags, *(str(prefix) for prefix in control.prefixes if prefix.family is family))
            for family in (IPV4, IPV6)
        }
        origin, deny = control.allow_internet.origin, control.deny_all
    asked = annotation(context.service, keys.DENY_ALL)
    named = {*found[IPV4], *found[IPV6]}
    if not deny.value and is_true(asked) and named and named.isdisjoint(_ANYBODY):
        return found, origin, True, asked
    return found, origin, deny.value, deny.origin


_ANYBODY = frozenset({INTERNET, "0.0.0.0/0", "::/0"})


def _is_of_family(service: Service, address: str) -> bool:
    """Whether a node's address is one that a Service is probed at."""
    family = IPV6 if address == UNKNOWN_NODES[IPV6] else IPFamily.of(address)
    return family in (service.ip_families or (IPV4,))


def _family_of(address: str, service: Service) -> IPFamily:
    """The family of an address of a Service; of one that only a cluster knows its name tells."""
    if address in UNKNOWN_NODES.values():
        return IPV6 if address == UNKNOWN_NODES[IPV6] else IPV4
    if not isinstance(address, Placeholder):
        return IPFamily.of(address)
    return IPV6 if service.ip_families == (IPV6,) else family_of_name(address.rstrip(">"))


def _covered(source: str, allowed: set[str], family: IPFamily) -> bool:
    """Whether clients of *source* are among those that are *allowed*."""
    if source in allowed or "*" in allowed:
        return True
    if source == INTERNET:
        return ("::/0" if family is IPV6 else "0.0.0.0/0") in allowed
    wanted = _prefix(source)
    return wanted is not None and any(
        prefix.contains(wanted) for text in allowed if (prefix := _prefix(text)) is not None
    )


def _asked_for(source: str, asked: set[str], family: IPFamily) -> bool:
    """Whether somebody asks for all clients of *source*: one range, or several that are merged into it."""
    if _covered(source, asked, family):
        return True
    whole = _prefix(source)
    if whole is None:
        return False
    parts = [prefix for text in asked if (prefix := _prefix(text)) is not None and whole.contains(prefix)]
    return sum(1 << (prefix.address.bits - prefix.length) for prefix in set(parts)) >= 1 << (
        whole.address.bits - whole.length
    )


def _prefix(text: str) -> Prefix | None:
    try:
        return parse_prefix(text)
    except AddressError:
        return None
