"""How much of Azure's limits a cluster uses: what the provider builds for its Services, or what really stands.

Each limit is one row of ``LIMITS``: what counts, and what helps. What a Service more would take is the difference that
it makes when it is derived after the others, so that what Services share counts once.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kubectl_akslb.azure import limits
from kubectl_akslb.azure.resources import AzureLoadBalancer, Resources
from kubectl_akslb.derive import private_link
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.outbound.outbound import derive_outbound
from kubectl_akslb.derive.outbound.snat import nodes_of
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.derive.service_gateway import check_not_served
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.outbound_profile import LOAD_BALANCER
from kubectl_akslb.model.service import IPV4, IPV6, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import behaviours

Key = tuple[str, str]
"""A limit by its code, and what it is about: a load balancer, a region, "" for the cluster."""

CARD_RULES, RULES, FRONTENDS = "rules-per-network-card", "rules-per-load-balancer", "frontends-per-load-balancer"
SECURITY_RULES, SOURCES, DESTINATIONS = "security-rules", "security-rule-sources", "security-rule-destinations"
PUBLIC_IPS, POOL, SNAT_PORTS = "public-ips", "pool-size", "snat-ports"
PRIVATE_LINKS, BACKENDS = "private-link-services", "backends-of-all-rules"


class Limit(NamedTuple):
    """One of Azure's limits: what counts, and what helps where it is near."""

    code: str
    what: str
    helps: str


LIMITS = (
    Limit(
        CARD_RULES, "load-balancing rules per network card",
        "fewer ports per Service, one Ingress or Gateway for several applications, HA ports on internal Services, or"
        " several load balancers (multipleStandardLoadBalancerConfigurations)",
    ),
    Limit(RULES, "rules per load balancer", "a second load balancer, fewer ports per Service"),
    Limit(FRONTENDS, "frontends per load balancer", "Services that share an address, one Ingress for several of them"),
    Limit(
        SECURITY_RULES, "rules of the security group",
        "the same ranges for several Services, or a provider from"
        f" {behaviours.SHARED_NSG_RULES.dates} on, where Services share rules",
    ),
    Limit(SOURCES, "source prefixes of the security group", "wider ranges, service tags instead of ranges"),
    Limit(DESTINATIONS, "destination prefixes of the security group", "floating IP on, Services that share an address"),
    Limit(PUBLIC_IPS, "public IP addresses", "internal Services, shared addresses, a higher quota of the region"),
    Limit(POOL, "nodes per backend pool", "larger nodes, a second cluster"),
    Limit(SNAT_PORTS, "SNAT ports", "more outbound IPs, fewer ports per node (kubectl akslb snat), a NAT gateway"),
    Limit(PRIVATE_LINKS, "private link services per load balancer", "Services that share a private link service"),
    Limit(BACKENDS, "rules times nodes", "fewer ports per Service, fewer nodes"),
)  # fmt: skip
_ORDER = {limit.code: index for index, limit in enumerate(LIMITS)}
BY_CODE = {limit.code: limit for limit in LIMITS}


class LimitRow(NamedTuple):
    """One limit with what counts: *now*, what is *added*, how many there may be (None where only Azure tells).

    *each* is what one Service of one port more would take.
    """

    code: str
    scope: str
    now: int
    added: int
    most: int | None
    each: int = 0

    @property
    def total(self) -> int:
        """What counts with what is added."""
        return self.now + self.added

    @property
    def left(self) -> int | None:
        """How much is left; below zero where it does not fit."""
        return self.most - self.total if self.most is not None else None

    @property
    def room(self) -> int | None:
        """How many Services of one port more fit; None where this does not limit them, or where it is not known."""
        return max(self.left, 0) // self.each if self.left is not None and self.each else None


class Capacity(NamedTuple):
    """All limits; *added* are the Services that are to come, *services* those that there are (None: as it stands)."""

    rows: tuple[LimitRow, ...]
    services: int | None
    added: int

    @property
    def exceeded(self) -> tuple[LimitRow, ...]:
        """The limits that do not hold, those that were over before first."""
        return tuple(row for row in self.rows if row.left is not None and row.left < 0)

    @property
    def first(self) -> LimitRow | None:
        """The limit that more Services hit first."""
        known = [row for row in self.rows if row.room is not None]
        return min(known, key=lambda row: (row.room, _ORDER[row.code]), default=None)

    @property
    def room(self) -> int | None:
        """How many Services of one port more fit."""
        return self.first.room if self.first is not None else None


def capacity(
    services: Sequence[Service], added: Sequence[Service], cluster: Cluster, standing: Resources | None = None
) -> Capacity:
    """What Services take of Azure's limits, and what is left.

    *services* are those that there are, *added* those that are to come. Where *standing* tells what really stands, that
    counts instead of what would be derived of *services*, as far as it goes.
    """
    check_not_served(cluster, "what is left of Azure's limits")
    before = _counted(services, cluster)
    after = _counted((*services, *added), cluster)
    more = _counted((*services, *added, _one_more(services, added)), cluster)
    now = dict(before)
    if standing is not None:
        now.update(_standing(standing, before))
    most = _most(cluster, now, standing)
    keys = sorted(set(now) | set(after) | set(most), key=lambda key: (_ORDER[key[0]], key[1]))
    rows = [
        LimitRow(*key, now.get(key, 0), after[key] - before[key], most.get(key), max(more[key] - after[key], 0))
        for key in keys
    ]
    read = None if standing is not None and standing.load_balancers is not None else len(services)
    return Capacity(tuple(rows), read, len(added))


def _one_more(services: Sequence[Service], added: Sequence[Service]) -> Service:
    """A public Service of one port, which shares nothing with the others."""
    names = {one.name for one in (*services, *added)}
    name = next(each for number in range(len(names) + 1) if (each := f"one-more-{number}") not in names)
    port = ServicePort(0, "", "TCP", 80, target_port=80)
    return Service(name, "default", None, "LoadBalancer", {}, (port,), ip_families=("IPv4",))


def _counted(services: Sequence[Service], cluster: Cluster) -> Counter[Key]:
    """What counts of what the provider builds."""
    azure = derive_all(services, cluster).azure
    found: Counter[Key] = Counter()
    rules = 0
    outbound = _outbound_ips(cluster)
    if outbound:
        found[FRONTENDS, cluster.load_balancer_name or cluster.cluster_name] = outbound
    for state in azure.load_balancers.values():
        rules += len(state.rules)
        found[RULES, state.name.value] = len(state.rules)
        found[FRONTENDS, state.name.value] += len(state.frontends)
    found[CARD_RULES, ""] = rules
    for rule in azure.security_rules.values():
        found[SECURITY_RULES, ""] += 1
        found[SOURCES, ""] += len(rule.sources.value)
        found[DESTINATIONS, ""] += len(rule.destinations.value)
    found.update(_public_ips(azure, outbound))
    for name, count in _private_links(azure, cluster).items():
        found[PRIVATE_LINKS, name] = count
    nodes = nodes_of(cluster)
    if nodes is not None:
        found[POOL, ""] = nodes.now.value
        found[BACKENDS, ""] = rules * nodes.now.value
    snat = derive_outbound(cluster).snat
    if snat is not None and snat.ports_required is not None:
        found[SNAT_PORTS, ""] = snat.ports_required.value
    return found


def _outbound_ips(cluster: Cluster) -> int:
    """The frontends of the outbound rule, which are on the cluster's public load balancer."""
    profile = cluster.outbound
    if profile.outbound_type != LOAD_BALANCER or not cluster.is_standard:
        return 0
    return len(profile.effective_ips or profile.public_ips) or profile.managed_ip_count


def _public_ips(azure: Azure, outbound: int) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for address in azure.public_ips.values():
        found[PUBLIC_IPS, IPV6 if address.version.value == IPV6 else IPV4] += 1
    found[PUBLIC_IPS, "IPv4"] += outbound
    return found


def _private_links(azure: Azure, cluster: Cluster) -> Counter[str]:
    states = azure.load_balancers.values()
    on = {rule.service: state.name.value for state in states for rule in state.rules.values()}
    return Counter(
        on[name]
        for name, service in azure.services.items()
        if name in on and private_link.is_requested(Context(service, cluster))
    )


def _standing(standing: Resources, derived: Mapping[Key, int]) -> dict[Key, int]:
    """What counts of what really stands; what no file holds is left as it is derived."""
    found: dict[Key, int] = {}
    balancers = standing.load_balancers
    if balancers is not None:
        found.update({key: 0 for key in derived if key[0] in {RULES, FRONTENDS}})
        for one in balancers:
            found[RULES, one.name] = len(one.rules) + len(one.inbound_nat_rules)
            found[FRONTENDS, one.name] = len(one.frontends)
        members = dict(_cards(balancers))
        found[CARD_RULES, ""] = max(members.values(), default=0)
        found[BACKENDS, ""] = sum(len(rule.pools) and _size(one, rule.pools) for one in balancers for rule in one.rules)
        found[POOL, ""] = max((_size(one, (pool.name,)) for one in balancers for pool in one.pools), default=0)
    groups = standing.security_groups
    if groups is not None:
        largest = max(groups, key=lambda one: len(one.rules), default=None)
        rules = largest.rules if largest is not None else ()
        found[SECURITY_RULES, ""] = len(rules)
        found[SOURCES, ""] = sum(len(rule.sources) for rule in rules)
        found[DESTINATIONS, ""] = sum(len(rule.destinations) for rule in rules)
    if standing.public_ips is not None:
        for family in ("IPv4", "IPv6"):
            count = sum((one.version or "IPv4") == family for one in standing.public_ips)
            if count or (PUBLIC_IPS, family) in derived:
                found[PUBLIC_IPS, family] = count
    for usage in standing.usages or ():
        family = _quota_of(usage.name)
        if family:
            found[PUBLIC_IPS, family] = usage.current
    return found


def _quota_of(name: str) -> str:
    """The family that a usage of ARM counts the Standard public IPs of, "" for any other usage."""
    lower = name.lower()
    if lower in {"ipv4standardskupublicipaddresses", "standardskupublicipaddresses"}:
        return "IPv4"
    return "IPv6" if lower == "ipv6standardskupublicipaddresses" else ""


def _cards(balancers: Sequence[AzureLoadBalancer]) -> Iterator[tuple[str, int]]:
    """Each network card or node address with the load-balancing rules of all load balancers that it takes part in."""
    counted: Counter[str] = Counter()
    for one in balancers:
        for rule in one.rules:
            members = {member for name in rule.pools for member in _members(one, name)}
            counted.update(members)
    yield from counted.items()


def _members(balancer: AzureLoadBalancer, name: str) -> set[str]:
    """The cards of a pool, by id, or the addresses of a pool of addresses."""
    pool = balancer.pool(name)
    if pool is None:
        return set()
    cards = {one.lower().rpartition("/ipconfigurations/")[0] for one in pool.ip_configurations}
    return cards or {one.ip_address for one in pool.addresses if one.ip_address}


def _size(balancer: AzureLoadBalancer, pools: Sequence[str]) -> int:
    return len({member for name in pools for member in _members(balancer, name)})


def _most(cluster: Cluster, now: Mapping[Key, int], standing: Resources | None) -> dict[Key, int]:
    """How many there may be, of each that counts."""
    fixed = {
        CARD_RULES: limits.RULES_PER_NIC,
        RULES: limits.rules(cluster),
        FRONTENDS: limits.frontends(cluster),
        SECURITY_RULES: limits.SECURITY_RULES,
        SOURCES: limits.SECURITY_PREFIXES,
        DESTINATIONS: limits.SECURITY_PREFIXES,
        POOL: limits.pool(cluster),
        PRIVATE_LINKS: limits.PRIVATE_LINK_SERVICES,
        BACKENDS: limits.BACKENDS,
    }
    found = {key: fixed[key[0]] for key in now if key[0] in fixed}
    snat = derive_outbound(cluster).snat
    if (SNAT_PORTS, "") in now and snat is not None and snat.ports_available is not None:
        found[SNAT_PORTS, ""] = snat.ports_available.value
    for usage in (standing.usages or ()) if standing is not None else ():
        family = _quota_of(usage.name)
        if family:
            found[PUBLIC_IPS, family] = usage.limit
    return found
