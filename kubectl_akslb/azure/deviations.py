"""Where what stands in Azure is not what Services ask for.

``deviations`` is a pure function over a state: it knows what each Service asks for (who may come in, who must not, on
which ports, by which IP family, from outside or not) and looks at what the rules and frontends do. No fault of the
provider is named here: whatever lets somebody in who was kept out is found, and ``releases`` says which releases do it,
by deriving the same Services with each. Services whose last edit was refused are left out: what they have is older.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kubectl_akslb.azure.refusals import Sent
from kubectl_akslb.derive.addresses import AddressError, Prefix, parse_prefix
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import names
from kubectl_akslb.derive.precedence import annotation, spec
from kubectl_akslb.derive.public_ip import public_ip
from kubectl_akslb.derive.readers import is_true, trim
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group import shared_rules
from kubectl_akslb.derive.security_group.security_group import readable_additional_addresses
from kubectl_akslb.derive.security_group.source_ranges import INTERNET, access_control, sources_before_access_control
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.provenance import Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily, Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.behaviours import BEHAVIOURS, behaviours_of
from kubectl_akslb.provider.version import NEWEST_PATCH

NOT_LET_IN = "not-let-in"
"""A client that the Service names may not come in."""
NOT_KEPT_OUT = "not-kept-out"
"""The Service asks to deny all others, and nothing denies them."""
LET_IN_UNASKED = "let-in-unasked"
"""A rule lets somebody in whom no Service on that address names."""
KEPT_OUT_UNASKED = "kept-out-unasked"
"""A rule denies what another Service on the address has open, or what nobody asks to deny any more."""
NOT_SERVED = "not-served"
"""A port of the Service has no rule for one of its IP families."""
PUBLIC_THOUGH_INTERNAL = "public-though-internal"
"""The Service asks to be internal, and has a public address."""
FOREIGN_FRONTEND = "foreign-frontend"
"""A rule of the Service leads from a frontend that it did not ask for."""


class Deviation(NamedTuple):
    """One difference between what a Service asks for and what stands; *origin* is what asks.

    *address* is where it shows, "" where it has no address. *others* are the Services on the same address.
    """

    kind: str
    service: str
    because: str
    origin: Origin
    address: str = ""
    others: tuple[str, ...] = ()


class Releases(NamedTuple):
    """Which releases show a deviation: the first that does, and of each minor the first that does not any more."""

    first: ProviderVersion | None
    mended: tuple[ProviderVersion, ...]


class Access(NamedTuple):
    """Whom one Service lets in at which addresses and ports, and whether it denies all others."""

    service: Service
    addresses: tuple[str, ...]
    ports: dict[str, tuple[str, ...]]
    sources: dict[IPFamily, tuple[str, ...]]
    denies: bool
    origin: Origin
    closed: bool


def deviations(azure: Azure, cluster: Cluster, refused: Collection[str] = ()) -> tuple[Deviation, ...]:
    """Every deviation of a state; *refused* are the full names of Services whose last edit was refused."""
    return tuple(_State(azure, cluster, refused).all())


def releases(services: Sequence[Service], cluster: Cluster, found: Deviation) -> Releases:
    """Which releases show a deviation of the same kind, when they reconcile these Services in this order."""
    first = None
    mended: dict[int, ProviderVersion] = {}
    before = False
    for version in _dates():
        shown = _shows(services, cluster, version, found)
        first = version if shown and first is None else first
        if shown:
            mended.pop(version.minor, None)
        elif before:
            mended[version.minor] = version
        before = shown
    return Releases(first, tuple(mended.values()))


def _dates() -> list[ProviderVersion]:
    """The releases in which something changes, and the first and newest of each minor."""
    found = {ProviderVersion(1, minor, patch) for minor, newest in NEWEST_PATCH.items() for patch in (0, newest)}
    for row in BEHAVIOURS:
        found.update(date for date in (*row.since, *row.until) if date.minor in NEWEST_PATCH)
    return sorted(found)


def _shows(services: Sequence[Service], cluster: Cluster, version: ProviderVersion, found: Deviation) -> bool:
    other = cluster._replace(provider_version=version, behaviours=behaviours_of(version))
    result = derive_all(services, other)
    refused = [each.service.full_name for each in result.derivations if each.refusal is not None]
    return any(
        (each.kind, each.service) == (found.kind, found.service) for each in deviations(result.azure, other, refused)
    )


class _State:
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
        for access in self.accesses:
            yield from self._not_let_in(access)
            yield from self._not_kept_out(access)
        yield from self._unasked()
        for service in self.settled:
            yield from self._frontends(service)

    @cached_property
    def accesses(self) -> list[Access]:
        return [access for service in self.settled if (access := self._access(service)) is not None]

    def _access(self, service: Service) -> Access | None:
        try:
            sources, denies, origin = _asked(service, self.cluster)
            ports = shared_rules.rule_ports(Context(service, self.cluster))
        except Refused:
            return None
        addresses = self.azure.ingress[service.full_name]
        if shared_rules.floating_ip_disabled(Context(service, self.cluster)):
            nodes = [address for node in self.cluster.nodes or () for address in node.addresses]
            families = {_family_of(address, service) for address in addresses}
            addresses = tuple(address for address in nodes if IPFamily.of(address) in families)
            addresses += readable_additional_addresses(Context(service, self.cluster))
        closed = self.cluster.has(behaviours.DISABLE_NSG_RULE) and is_true(annotation(service, keys.DISABLE_NSG_RULE))
        return Access(service, addresses, ports, sources, denies and not closed, origin, closed)

    @cached_property
    def rules_at(self) -> dict[str, list[SecurityRule]]:
        """The security rules by destination."""
        found: dict[str, list[SecurityRule]] = {}
        for rule in self.azure.security_rules.values():
            for address in rule.destinations.value:
                found.setdefault(address, []).append(rule)
        return found

    @cached_property
    def accesses_at(self) -> dict[str, list[Access]]:
        """What Services ask for, by destination."""
        found: dict[str, list[Access]] = {}
        for access in self.accesses:
            for address in access.addresses:
                found.setdefault(address, []).append(access)
        return found

    def _others(self, address: str, service: Service) -> tuple[str, ...]:
        found = self.accesses_at.get(address, ())
        return tuple(each.service.full_name for each in found if each.service is not service)

    def _not_let_in(self, access: Access) -> Iterator[Deviation]:
        if access.closed:
            return
        for address in access.addresses:
            for protocol, ports in access.ports.items():
                for port in dict.fromkeys(ports):
                    allowed = self._sources(address, protocol, port, "Allow")
                    family = _family_of(address, access.service)
                    for source in access.sources[family]:
                        if not _covered(source, allowed, family):
                            because = f"{source} is let in to {protocol} {port} of {address} by no rule"
                            name = access.service.full_name
                            others = self._others(address, access.service)
                            yield Deviation(NOT_LET_IN, name, because, access.origin, address, others)

    def _sources(self, address: str, protocol: str, port: str, action: str) -> set[str]:
        return {
            source
            for rule in self.rules_at.get(address, ())
            if rule.access.value == action
            and rule.protocol.value in (protocol, "*")
            and not {port, "*"}.isdisjoint(rule.destination_ports.value)
            for source in rule.sources.value
        }

    def _not_kept_out(self, access: Access) -> Iterator[Deviation]:
        if not access.denies:
            return
        origin = annotation(access.service, keys.DENY_ALL)
        for address in access.addresses:
            for protocol, ports in access.ports.items():
                if all("*" in self._sources(address, protocol, port, "Deny") for port in ports):
                    continue
                because = f"no rule denies all others at {address}"
                others = self._others(address, access.service)
                yield Deviation(NOT_KEPT_OUT, access.service.full_name, because, origin, address, others)
                break

    def _unasked(self) -> Iterator[Deviation]:
        """What rules do at addresses beyond what the Services there ask for."""
        unknown = {
            address for name in self.refused for address in (*self.azure.ingress.get(name, ()), *self._nodes)
        } | self._unfinished
        for address, rules in self.rules_at.items():
            if address in unknown:
                continue
            here = self.accesses_at.get(address, [])
            for rule in rules:
                if rule.access.value == "Deny":
                    yield from self._denied_unasked(address, rule, here)
                else:
                    yield from self._allowed_unasked(address, rule, here)

    @cached_property
    def _nodes(self) -> tuple[str, ...]:
        return tuple(address for node in self.cluster.nodes or () for address in node.addresses)

    @cached_property
    def _unfinished(self) -> set[str]:
        """Destinations that only Services without a status have: those are on their way."""
        waiting = [name for name in self.azure.services if name not in self.azure.ingress]
        rules = (rule for rule in self.azure.security_rules.values() if not set(waiting).isdisjoint(rule.services))
        return {address for rule in rules for address in rule.destinations.value}

    def _denied_unasked(self, address: str, rule: SecurityRule, here: list[Access]) -> Iterator[Deviation]:
        asking = [access for access in here if access.denies]
        if not asking:
            name = here[0].service.full_name if here else ""
            because = f"rule {rule.name.value} denies all others at {address}, and nobody asks for it"
            yield Deviation(KEPT_OUT_UNASKED, name, because, rule.destinations.origin, address)
            return
        for access in here:
            if not access.denies and "*" in rule.destination_ports.value:
                because = f"rule {rule.name.value} denies all others at {address} on every port, for another Service"
                others = tuple(each.service.full_name for each in asking)
                name = access.service.full_name
                yield Deviation(KEPT_OUT_UNASKED, name, because, asking[0].origin, address, others)

    def _allowed_unasked(self, address: str, rule: SecurityRule, here: list[Access]) -> Iterator[Deviation]:
        family = _family_of(address, here[0].service) if here else IPFamily.of(address)
        for port in dict.fromkeys(rule.destination_ports.value):
            asked: set[str] = set()
            for access in here:
                if not access.closed and port in access.ports.get(rule.protocol.value, ()):
                    asked.update(access.sources[family])
            for source in rule.sources.value:
                if not _asked_for(source, asked, family):
                    name = here[0].service.full_name if here else ""
                    because = f"rule {rule.name.value} lets {source} in to {port} of {address}, and nobody asks for it"
                    yield Deviation(LET_IN_UNASKED, name, because, rule.destinations.origin, address)
                    break

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
                ipv6 = self.sent.is_ipv6(frontend)
                if ipv6 is not None:
                    served.add((rule.service_port, IPV6 if ipv6 else IPV4))
                origin = annotation(service, keys.INTERNAL)
                if inside and frontend.public_ip_address is not None:
                    because = f"rule {rule.name.value} is on the public load balancer {state.name.value}"
                    yield Deviation(PUBLIC_THOUGH_INTERNAL, service.full_name, because, origin, frontend.address)
                if rule.frontend.value not in own and not self._asks_for(
                    service, frontend.address, rule.frontend.value
                ):
                    because = f"rule {rule.name.value} leads from frontend {rule.frontend.value} of another Service"
                    yield Deviation(
                        FOREIGN_FRONTEND, service.full_name, because, rule.frontend.origin, frontend.address
                    )
        yield from self._not_served(service, served)

    def _asks_for(self, service: Service, address: str, frontend: str) -> bool:
        context = Context(service, self.cluster)
        if address in public_ip.load_balancer_ips(context):
            return True
        asked = {public_ip.pip_name(context, family).raw for family in (IPV4, IPV6)}
        for state in self.azure.load_balancers.values():
            found = state.frontends.get(frontend)
            if found is not None and found.public_ip_address is not None:
                return found.public_ip_address.value.lower() in {name.lower() for name in asked if name}
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
                    because = f"no rule takes {port.protocol} {port.port} for {family}"
                    origin = spec("spec.ipFamilies", ", ".join(service.ip_families))
                    yield Deviation(NOT_SERVED, service.full_name, because, origin)


def _asked(service: Service, cluster: Cluster) -> tuple[dict[IPFamily, tuple[str, ...]], bool, Origin]:
    """Whom a Service lets in by IP family, whether it denies all others, and what says so."""
    if not cluster.has(behaviours.ACCESS_CONTROL):
        sources, deny = sources_before_access_control(Context(service, cluster))
        return {family: sources[family].value for family in (IPV4, IPV6)}, deny.value, sources[IPV4].origin
    control = access_control(Context(service, cluster))
    anybody = (INTERNET,) if control.allow_internet.value else ()
    tags = control.tags.value if control.tags is not None else ()
    found = {
        family: (*anybody, *tags, *(str(prefix) for prefix in control.prefixes if prefix.family is family))
        for family in (IPV4, IPV6)
    }
    return found, control.deny_all.value, control.allow_internet.origin


def _family_of(address: str, service: Service) -> IPFamily:
    """The family of an address of a Service; of one that only a cluster knows its name tells."""
    if not isinstance(address, Placeholder):
        return IPFamily.of(address)
    return IPV6 if address.lower().endswith("-ipv6>") or service.ip_families == (IPV6,) else IPV4


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
