"""What stands beside what a reconcile makes of it, and whose each thing is."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from kubectl_akslb.azure.resources import PublicIP, Resources, name_of
from kubectl_akslb.derive.addresses import is_private
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.backend_pool import backend_pool_name
from kubectl_akslb.derive.naming import IPV6_SUFFIX, PREFIX_LENGTH, family_of_name, names
from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.public_ip.content import CLUSTER_TAG, read_tags
from kubectl_akslb.derive.reconcile import derive_on
from kubectl_akslb.derive.security_group import rules_per_service
from kubectl_akslb.derive.security_group.shared_rules import END_PRIORITY, NAME_PREFIX
from kubectl_akslb.derive.state.azure import SERVICE_TAG, Azure, services_of
from kubectl_akslb.derive.state.security_group import FIRST_PRIORITY
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily, Service
from kubectl_akslb.plan.drift.cluster_resources import ClusterResources
from kubectl_akslb.plan.drift.difference import Difference, Fate
from kubectl_akslb.plan.drift.unfinished import GENERATED, Leavings, prefix_in
from kubectl_akslb.plan.items import Item, ItemKind, Key, items, plain, wanted
from kubectl_akslb.plan.standing import standing
from kubectl_akslb.plan.upgrade import start
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

UPSTREAM: Mapping[ItemKind, str] = {
    ItemKind.LOAD_BALANCER: "reconcileLoadBalancer",
    ItemKind.FRONTEND: "reconcileFrontendIPConfigs, isFrontendIPChanged",
    ItemKind.RULE: "reconcileLBRules, equalLoadBalancingRulePropertiesFormat",
    ItemKind.PROBE: "reconcileLBProbes, findProbe",
    ItemKind.POOL: "ReconcileBackendPools",
    ItemKind.SECURITY_RULE: "reconcileSecurityGroup",
    ItemKind.PUBLIC_IP: "reconcilePublicIPs, ensurePublicIPExists",
}


class ReconcileComparison:
    """What stands, what a reconcile makes of it, and what the Services ask for, asked by every class of differences."""

    def __init__(
        self, services: Sequence[Service], cluster: Cluster, chosen: ClusterResources, *, complete: bool
    ) -> None:
        self.services = services
        self.cluster = cluster
        self.chosen = chosen
        self.complete = complete
        self.by_prefix = {names(one, cluster).prefix.lower(): one.full_name for one in services}
        self._names = frozenset(self.by_prefix.values())
        self.managed = NAME_PREFIX if cluster.has(behaviours.SHARED_NSG_RULES) else None
        given = chosen.public_ips or ()
        self.not_given = self._made_up({one.id.strip("/").lower() for one in given})
        public_ips = (*given, *self.not_given)
        self._resources = Resources(load_balancers=chosen.load_balancers, public_ips=public_ips)
        self._rules = chosen.security_group.rules if chosen.security_group is not None else ()
        before = standing(self._resources, self._rules, services, cluster)
        # Of those that are not known, any may be somebody's.
        before.unclaimed_addresses = {one for one in before.unclaimed_addresses if complete and self.is_no_node(one)}
        self.stands = items(before, cluster)
        self._before = before.copy()
        self._derivations = self._reconcile(before)
        self.after = before
        self.comes = items(before, cluster)
        self._contexts = [Context(service, cluster) for service in services]
        self.pools = {backend_pool_name(one, family).value.lower() for one in self._contexts for family in (IPV4, IPV6)}
        self.pools |= {cluster.cluster_name.lower(), f"{cluster.cluster_name}{IPV6_SUFFIX}".lower()}
        self.tags = {**cluster.tags, **{tag: "" for one in self._contexts for tag in _asked_tags(one)}}
        self.refused = {one.service.full_name: one.refusal for one in self._derivations if one.refusal is not None}
        self.not_compared = {*self.refused, *(one.full_name for one in services if one.deleting)}
        self.wanted = {item.kind_and_key: item for one in self._derivations for item in wanted(one)}

    def _made_up(self, given: set[str]) -> tuple[PublicIP, ...]:
        """Public IPs that no file tells, as far as the frontends and the Services do: nothing of them is compared."""
        found = []
        by_name = {one.full_name: one for one in self.services}
        for balancer in self.chosen.load_balancers:
            for frontend in balancer.frontends:
                if not frontend.public_ip or frontend.public_ip.strip("/").lower() in given:
                    continue
                owner = self.by_prefix.get(frontend.name[:PREFIX_LENGTH].lower(), "")
                service = by_name.get(owner)
                family = family_of_name(frontend.name)
                addresses = [
                    a for a in (service.ingress_ips if service is not None else ()) if IPFamily.of(a) is family
                ]
                found.append(
                    PublicIP(
                        name_of(frontend.public_ip),
                        frontend.public_ip,
                        addresses[0] if addresses else "",
                        family,
                        "Static",
                        "Standard",
                        tags={SERVICE_TAG: owner, CLUSTER_TAG: self.cluster.cluster_name} if owner else {},
                    )
                )
        return tuple(found)

    def _reconcile(self, azure: Azure) -> tuple[Derivation, ...]:
        start(self.cluster, azure)
        rules = dict(azure.security_rules)
        found = [derive_on(service, self.cluster, azure) for service in self.services if not service.deleting]
        rules_per_service.settle(self.cluster, azure, rules)
        return tuple(found)

    def is_checked(self, item: Item) -> bool:
        """Whether a file says all of it."""
        if item.kind is ItemKind.SECURITY_RULE:
            return self.chosen.security_group is not None
        if item.kind is not ItemKind.PUBLIC_IP:
            return True
        return self.chosen.public_ips is not None and item.name not in {one.name for one in self.not_given}

    def owner(self, item: Item) -> str:
        """The full name of the Service that something belongs to; "" where it is nobody's, or several's."""
        own = self.by_prefix.get(item.name[:PREFIX_LENGTH].lower())
        if own is not None:
            return own
        return next((name for name in item.services if name in self._names), "")

    def difference(
        self, fate: Fate, item: Item, field: str, stands: object, wanted: object, because: Derived[Any] | None
    ) -> Difference:
        """What is told of a field of a thing; a reason only of what the reconcile puts right."""
        because = because if fate is Fate.REVERTS else None
        upstream, owner = UPSTREAM[item.kind], self.owner(item)
        return Difference(
            fate=fate,
            kind=item.kind,
            path=item.path,
            field=field,
            stands=stands,
            wanted=wanted,
            service=owner,
            because=because,
            upstream=upstream,
            id=self.chosen.id_of(item.path),
        )

    def orphan_that_goes(self, item: Item, field: str, stands: object) -> Difference:
        """What is told of an orphan that the next reconcile removes."""
        return self.difference(Fate.ORPHANED, item, field, stands, None, None)._replace(goes=True)

    def is_no_node(self, address: str) -> bool:
        """Whether it is no address of a node: those are known, or it is one that no virtual network has."""
        return self.cluster.nodes is not None or not (is_private(address) or ":" in address)

    def is_left(self, item: Item, among: Mapping[Key, Item]) -> bool:
        """Whether the provider made it for a Service that is gone, and *among* these no Service uses it."""
        prefix = prefix_in(item.name, self.cluster) if item.kind is ItemKind.PUBLIC_IP else item.name
        if not self.complete or not GENERATED.match(prefix) or prefix[:PREFIX_LENGTH].lower() in self.by_prefix:
            return False
        if item.kind is ItemKind.PUBLIC_IP:
            return plain(item.values.get("ipAddress")) not in self._in_status
        return not self._in_use(item, among)

    def _in_use(self, item: Item, among: Mapping[Key, Item]) -> bool:
        """Whether a frontend, whoever it is named after, has rules of a Service that is there."""
        if item.kind is not ItemKind.FRONTEND:
            return False
        home = item.path.partition("/frontendIPConfigurations/")[0]
        return any(
            plain(one.values["frontendIPConfiguration"]) == item.name and self.owner(one)
            for one in among.values()
            if one.kind is ItemKind.RULE and one.path.startswith(f"{home}/")
        )

    @cached_property
    def _in_status(self) -> frozenset[str]:
        """The addresses in the status of the Services."""
        return frozenset(text for service in self.services for text in service.ingress_ips)

    @cached_property
    def held(self) -> frozenset[str]:
        """The addresses of what the Services have, also of those whose status does not list them."""
        known = {service.full_name for service in self.services}
        held = {
            one.ip_address.value for one in self.after.public_ips.values() if not known.isdisjoint(services_of(one))
        }
        for balancer in self.after.load_balancers.values():
            held.update(f.address for n, f in balancer.frontends.items() if n[:PREFIX_LENGTH].lower() in self.by_prefix)
            held.update(
                balancer.frontends[rule.frontend.value].address
                for name, rule in balancer.rules.items()
                if name[:PREFIX_LENGTH].lower() in self.by_prefix and rule.frontend.value in balancer.frontends
            )
        return frozenset(held)

    @cached_property
    def moving(self) -> frozenset[str]:
        """The Services that leave a load balancer for another one: a frontend of theirs has two places."""
        places: dict[str, set[str]] = {}
        for item in (*self.stands.values(), *self.comes.values()):
            if item.kind is ItemKind.FRONTEND:
                places.setdefault(item.name, set()).add(item.path)
        owners = (self.by_prefix.get(name[:PREFIX_LENGTH].lower()) for name, found in places.items() if len(found) > 1)
        return frozenset(filter(None, owners))

    @cached_property
    def leavings(self) -> Leavings:
        """What the provider itself can have left."""
        return Leavings(self._contexts, self._before, self.refused)


def _asked_tags(context: Context) -> Iterable[str]:
    return read_tags(annotation(context.service, keys.PIP_TAGS), context.cluster)


def is_unknown(value: object) -> bool:
    """Whether a value is one that only a cluster or Azure knows."""
    if isinstance(value, tuple):
        return any(map(is_unknown, value))
    return isinstance(value, Placeholder)


def is_renumbered(item: Item, field: str) -> bool:
    """Whether only the place of a rule among others changes: releases until 1.28 number all rules anew."""
    return field == "priority" and FIRST_PRIORITY <= number_of(item) <= END_PRIORITY


def texts(derived: Derived[Any] | None) -> tuple[str, ...]:
    """The items of a list; none where it is something else."""
    value = plain(derived)
    return value if isinstance(value, tuple) else ()


def number_of(item: Item) -> int:
    """The priority of a rule; 0 where it has none."""
    value = plain(item.values.get("priority"))
    return value if isinstance(value, int) else 0


def in_short(item: Item) -> str:
    """A thing by what one looks for in it."""
    values = [plain(item.values[field]) for field in _TELLING.get(item.kind, ()) if field in item.values]
    shown = [",".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in values if one is not None]
    return " ".join(filter(None, shown)) or item.name


_TELLING: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.RULE: ("protocol", "frontendPort"),
    ItemKind.PROBE: ("protocol", "port", "requestPath"),
    ItemKind.SECURITY_RULE: ("access", "protocol", "destinationPortRanges"),
    ItemKind.PUBLIC_IP: ("ipAddress",),
    ItemKind.FRONTEND: ("publicIPAddress", "privateIPAddress"),
}
