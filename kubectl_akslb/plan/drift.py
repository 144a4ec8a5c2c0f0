"""What stands in Azure against what Kubernetes makes of it: what the next reconcile puts right, and what it does not.

The state that az tells is reconciled once more, as the provider would do it. What changes then *reverts*: it is not as
the Services ask, and the provider compares it. What is not as they ask and stays all the same, *survives*.
What is named after no Service and stays is *foreign*; what the provider made for a Service, or for an address of one,
that is gone is *orphaned*, whether or not it stays.
What changes, and what the provider itself can have left so, is *unfinished*: nobody need have edited it.
Only what can be told is told: values that history decides, such as the priority of a rule, are compared with nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Any

from kubectl_akslb.azure.resources import (
    AzureLoadBalancer,
    NetworkSecurityGroup,
    PublicIP,
    Resources,
    group_of,
    name_of,
)
from kubectl_akslb.derive.addresses import is_private
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.backend_pool import backend_pool_name
from kubectl_akslb.derive.load_balancer.probes import SHARED_PROBE_NAME
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, IPV6_SUFFIX, PREFIX_LENGTH, family_of_name, names
from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.public_ip.content import CLUSTER_TAG, DNS_TAG, read_tags
from kubectl_akslb.derive.reconcile import derive_on, ignored
from kubectl_akslb.derive.security_group import rules_per_service
from kubectl_akslb.derive.security_group.shared_rules import END_PRIORITY, NAME_PREFIX
from kubectl_akslb.derive.service_gateway import check_not_served
from kubectl_akslb.derive.state.azure import SERVICE_TAG, Azure, services_of
from kubectl_akslb.derive.state.security_group import FIRST_PRIORITY
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.cluster import BASIC, SHARED, STANDARD, Cluster
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE, Derivation
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.plan.items import DESTINATIONS, Item, ItemKind, Key, alike, items, plain, wanted
from kubectl_akslb.plan.standing import STANDS, standing
from kubectl_akslb.plan.unfinished import GENERATED, Leavings, Unfinished, prefix_in
from kubectl_akslb.plan.upgrade import start
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

#: What AKS itself keeps on the load balancer of a cluster begins so.
_OF_AKS = "aksoutbound"
#: The names that the provider itself gives to security rules from 1.29 on.
_MANAGED_NAME = re.compile(rf"^{NAME_PREFIX}_(?:allow_IPv[46]_[0-9a-f]{{32}}|deny-all_IPv[46])$")
_OWN_TAGS = ("k8s-azure-", "aks-managed-", "kubernetes.io")
_DEFAULT_IDLE_TIMEOUT = 4
_ALL_OF_IT = "with all that is on it"


class Fate(Enum):
    """What becomes of a difference, what needs somebody's attention first."""

    SURVIVES = "survives"
    REVERTS = "reverts"
    UNFINISHED = "unfinished"
    ORPHANED = "orphaned"
    FOREIGN = "foreign"


class Difference(NamedTuple):
    """One value, or thing, that is not what the Services come to.

    *field* is ARM's name, "" for the thing as a whole. *stands* is None for what is not there, *wanted* for what no
    Service asks for. *service* is the full name of the Service that it belongs to, "" where it belongs to none.
    *upstream* is the provider's function that decides. *goes* is whether the next reconcile removes what is orphaned.
    *unfinished* is why the provider can have left it so, where its fate is that. *id* is ARM's, "" if no file has it.
    """

    fate: Fate
    kind: ItemKind
    path: str
    field: str
    stands: object
    wanted: object
    service: str = ""
    because: Derived[Any] | None = None
    upstream: str = ""
    goes: bool = False
    unfinished: Unfinished | None = None
    id: str = ""


class Unchecked(NamedTuple):
    """What could not be compared, and why; *command* names what would tell."""

    what: str
    why: str
    service: str = ""


class Drift(NamedTuple):
    """All differences, and what could not be compared; *services* are those that were looked at."""

    services: tuple[Service, ...]
    differences: tuple[Difference, ...]
    unchecked: tuple[Unchecked, ...] = ()
    cluster: Cluster | None = None
    notices: tuple[str, ...] = ()

    def of(self, fate: Fate) -> list[Difference]:
        """The differences of one fate."""
        return [one for one in self.differences if one.fate is fate]

    def only(self, full_names: Iterable[str]) -> "Drift":
        """What is about these Services alone."""
        wanted = frozenset(full_names)
        return self._replace(
            services=tuple(one for one in self.services if one.full_name in wanted),
            differences=tuple(one for one in self.differences if one.service in wanted),
            unchecked=tuple(one for one in self.unchecked if not one.service or one.service in wanted),
        )


def drift(services: Sequence[Service], cluster: Cluster, resources: Resources, *, complete: bool) -> Drift:
    """Compare what stands with what *services* come to; *complete* says that the cluster has no others.

    AkslbError where the files do not say which load balancers are the cluster's.
    """
    check_not_served(cluster, "what drifts")
    assumed: list[Unchecked] = []
    asked = tuple(one for one in services if ignored(one) is None)
    known = tuple(one for one in asked if one.uid is not None)
    chosen = _Chosen(resources, known, cluster)
    cluster = _as_seen(cluster, chosen, assumed)
    return _Comparison(known, cluster, chosen, complete=complete).result(asked, tuple(assumed))


class _Chosen:
    """The resources of the cluster among all that az listed, and what of it is missing."""

    def __init__(self, resources: Resources, services: Sequence[Service], cluster: Cluster) -> None:
        resources = _with_empty_lists(resources)
        if resources.load_balancers is None:
            hint = "add the output of: az network lb list --resource-group <node resource group> -o json"
            raise AkslbError("no file of --azure holds load balancers, on which all else depends", hint=hint)
        prefixes = {names(one, cluster).prefix.lower() for one in services}
        self.load_balancers = _of_cluster(resources.load_balancers, prefixes, cluster)
        group = group_of(self.load_balancers[0].id) if self.load_balancers else ""
        groups = {group, *(one.annotations.get(keys.RESOURCE_GROUP, "").strip().lower() for one in services)} - {""}
        self.resource_group = group
        self.public_ips = None
        if resources.public_ips is not None:
            used = {f.public_ip.strip("/").lower() for lb in self.load_balancers for f in lb.frontends if f.public_ip}
            self.public_ips = tuple(
                one
                for one in resources.public_ips
                if not groups or group_of(one.id) in ("", *groups) or one.id.strip("/").lower() in used
            )
        self.security_group, self.no_security_group = _security_group(resources.security_groups, prefixes, group)
        self._ids = {f"loadBalancers/{one.name}".lower(): one.id for one in self.load_balancers}
        self._ids |= {f"publicIPAddresses/{one.name}".lower(): one.id for one in self.public_ips or ()}

    def id_of(self, path: str) -> str:
        """ARM's id of what is at a path, such as ``loadBalancers/kubernetes/probes/a``; "" where no file says it."""
        kind, name, *rest = path.split("/", 2)
        if kind == "securityRules":
            home, rest = self.security_group.id if self.security_group is not None else "", [path]
        else:
            home = self._ids.get(f"{kind}/{name}".lower(), "")
        return "/".join((home.rstrip("/"), *rest)) if home else ""


def _with_empty_lists(resources: Resources) -> Resources:
    """A list that is empty does not say of what: where as many are as are missed, they are those."""
    balancers, groups, addresses = resources.load_balancers, resources.security_groups, resources.public_ips
    if len(resources.notices) < sum(one is None for one in (balancers, groups, addresses)):
        return resources
    return resources._replace(load_balancers=balancers or (), security_groups=groups or (), public_ips=addresses or ())


def _of_cluster(
    found: Sequence[AzureLoadBalancer], prefixes: set[str], cluster: Cluster
) -> tuple[AzureLoadBalancer, ...]:
    """Those that bear the cluster's names; of several resource groups the one in which its Services are."""
    own = {cluster.cluster_name.lower(), *(one.name.lower() for one in cluster.load_balancers)}
    if cluster.load_balancer_name:
        own.add(cluster.load_balancer_name.lower())
    named = [one for one in found if one.name.lower().removesuffix(INTERNAL_SUFFIX) in own]
    groups = dict.fromkeys(group_of(one.id) for one in named)
    if len(groups) > 1:
        served = {
            group_of(one.id) for one in named for f in one.frontends if f.name[:PREFIX_LENGTH].lower() in prefixes
        }
        if len(served) != 1:
            where = ", ".join(sorted(groups)[:4])
            hint = "give the load balancers of the cluster's node resource group alone"
            raise AkslbError(
                f"load balancers of {len(groups)} resource groups bear the cluster's name: {where}", hint=hint
            )
        named = [one for one in named if group_of(one.id) in served]
    return tuple(named)


def _security_group(
    groups: Sequence[NetworkSecurityGroup] | None, prefixes: set[str], resource_group: str
) -> tuple[NetworkSecurityGroup | None, str]:
    """The security group that the provider writes to, or why it is not known."""
    if groups is None:
        return None, "no file of --azure holds security groups: az network nsg list -o json"

    def managed(group: NetworkSecurityGroup) -> bool:
        return any(
            rule.name.startswith((NAME_PREFIX, "shared-")) or rule.name[:PREFIX_LENGTH].lower() in prefixes
            for rule in group.rules
        )

    candidates = [one for one in groups if managed(one)]
    here = [one for one in candidates if resource_group and group_of(one.id) == resource_group]
    if not candidates:
        candidates = [one for one in groups if not resource_group or group_of(one.id) in ("", resource_group)]
        here = candidates if len(candidates) == 1 else []
    chosen = here if len(here) == 1 else candidates
    if len(chosen) == 1:
        return chosen[0], ""
    told = ", ".join(one.name for one in chosen[:4]) or "none"
    return None, f"which security group is the cluster's cannot be told ({told}): give that one alone"


def _as_seen(cluster: Cluster, chosen: _Chosen, unchecked: list[Unchecked]) -> Cluster:
    """The cluster with settings that nobody has given as what stands shows them: an assumption is no drift."""
    changes: dict[str, Any] = {"resource_group": chosen.resource_group or cluster.resource_group}
    told = "give it by --profile, the output of az aks show or an azure.json, to have it compared"
    rules = [rule for lb in chosen.load_balancers for rule in lb.rules if GENERATED.match(rule.name)]
    if "disable_outbound_snat" not in cluster.given and rules:
        off = sum(bool(rule.disable_outbound_snat) for rule in rules)
        if off * 2 > len(rules) and not cluster.disable_outbound_snat:
            changes["disable_outbound_snat"] = True
            unchecked.append(
                Unchecked(
                    "disableOutboundSnat", f"most rules that stand have it, so it is taken for the cluster's: {told}"
                )
            )
    shared = any(rule.probe.lower() == SHARED_PROBE_NAME for rule in rules)
    if "probe_mode" not in cluster.given and shared and cluster.has(behaviours.SHARED_PROBE):
        changes["probe_mode"] = SHARED
        unchecked.append(
            Unchecked(
                "the health probe mode", f"rules that stand use the shared probe, so it is taken to be shared: {told}"
            )
        )
    if "load_balancer_sku" not in cluster.given and chosen.load_balancers:
        basic = all(lb.sku.lower() == BASIC for lb in chosen.load_balancers)
        changes["load_balancer_sku"] = BASIC if basic else STANDARD
    return cluster._replace(**changes)


class _Comparison:
    """What stands, what a reconcile makes of it, and what the Services ask for."""

    def __init__(self, services: Sequence[Service], cluster: Cluster, chosen: _Chosen, *, complete: bool) -> None:
        self._services = services
        self._cluster = cluster
        self._chosen = chosen
        self._complete = complete
        self._by_prefix = {names(one, cluster).prefix.lower(): one.full_name for one in services}
        self._names = frozenset(self._by_prefix.values())
        self._managed = NAME_PREFIX if cluster.has(behaviours.SHARED_NSG_RULES) else None
        given = chosen.public_ips or ()
        self._not_given = self._made_up({one.id.strip("/").lower() for one in given})
        public_ips = (*given, *self._not_given)
        self._resources = Resources(load_balancers=chosen.load_balancers, public_ips=public_ips)
        self._rules = chosen.security_group.rules if chosen.security_group is not None else ()
        before = standing(self._resources, self._rules, services, cluster)
        # Of those that are not known, any may be somebody's.
        before.unclaimed_addresses = {one for one in before.unclaimed_addresses if complete and self._is_no_node(one)}
        self._stands = items(before, cluster)
        self._before = before.copy()
        self._derivations = self._reconcile(before)
        self._after = before
        self._comes = items(before, cluster)
        self._contexts = [Context(service, cluster) for service in services]
        self._pools = {
            backend_pool_name(one, family).value.lower() for one in self._contexts for family in (IPV4, IPV6)
        }
        self._pools |= {cluster.cluster_name.lower(), f"{cluster.cluster_name}{IPV6_SUFFIX}".lower()}
        self._tags = {**cluster.tags, **{tag: "" for one in self._contexts for tag in _asked_tags(one)}}
        self._refused = {one.service.full_name: one.refusal for one in self._derivations if one.refusal is not None}
        self._not_compared = {*self._refused, *(one.full_name for one in services if one.deleting)}
        self._wanted = {item.kind_and_key: item for one in self._derivations for item in wanted(one)}

    def _made_up(self, given: set[str]) -> tuple[PublicIP, ...]:
        """Public IPs that no file tells, as far as the frontends and the Services do: nothing of them is compared."""
        found = []
        by_name = {one.full_name: one for one in self._services}
        for balancer in self._chosen.load_balancers:
            for frontend in balancer.frontends:
                if not frontend.public_ip or frontend.public_ip.strip("/").lower() in given:
                    continue
                owner = self._by_prefix.get(frontend.name[:PREFIX_LENGTH].lower(), "")
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
                        tags={SERVICE_TAG: owner, CLUSTER_TAG: self._cluster.cluster_name} if owner else {},
                    )
                )
        return tuple(found)

    def _reconcile(self, azure: Azure) -> tuple[Derivation, ...]:
        start(self._cluster, azure)
        rules = dict(azure.security_rules)
        found = [derive_on(service, self._cluster, azure) for service in self._services if not service.deleting]
        rules_per_service.settle(self._cluster, azure, rules)
        return tuple(found)

    def result(self, asked: Sequence[Service], assumed: tuple[Unchecked, ...]) -> Drift:
        """All of it, the Services in their order."""
        found = [*self._told_apart(list(self._reverting())), *self._surviving(), *self._others()]
        order = {fate: index for index, fate in enumerate(Fate)}
        found.sort(key=lambda one: (order[one.fate], one.service, one.path, one.field))
        return Drift(tuple(asked), tuple(found), (*self._unchecked(asked), *assumed), self._cluster)

    def _checked(self, item: Item) -> bool:
        if item.kind is ItemKind.SECURITY_RULE:
            return self._chosen.security_group is not None
        if item.kind is not ItemKind.PUBLIC_IP:
            return True
        return self._chosen.public_ips is not None and item.name not in {one.name for one in self._not_given}

    def _owner(self, item: Item) -> str:
        """The full name of the Service that something belongs to; "" where it is nobody's, or several's."""
        own = self._by_prefix.get(item.name[:PREFIX_LENGTH].lower())
        if own is not None:
            return own
        return next((name for name in item.services if name in self._names), "")

    def _reverting(self) -> Iterator[Difference]:
        """What the reconcile changes: values that are put right, things that come back, things that go."""
        for key in {**self._stands, **self._comes}:
            stood, comes = self._stands.get(key), self._comes.get(key)
            item = comes or stood
            if item is None or not self._checked(item):
                continue
            left = self._left_behind(stood, comes)
            if left is not None:
                yield left
                continue
            if stood is None or comes is None:
                told = self._whole(item, comes=comes is not None)
                if told is not None:
                    yield told
                continue
            for field in {**stood.values, **comes.values}:
                derived = comes.values.get(field)
                old, new = plain(stood.values.get(field)), plain(derived)
                beside = any(one == field for one, *_ in comes.beside)  # it is told as what survives
                if field == "ipAddress" and old and derived is not None and derived.origin is not STANDS:
                    new = "another address"  # the public IP is deleted, and one is made in its place
                elif alike(field, old, new) or _unknown(new) or _renumbered(item, field) or beside:
                    continue
                yield self._difference(Fate.REVERTS, comes, field, old, new, derived)

    def _told_apart(self, found: Sequence[Difference]) -> Iterator[Difference]:
        """What reverts, and what the provider can have left so; what is nobody's goes with its load balancer."""
        nobodys = []
        homes: dict[str, list[Unfinished | None]] = {}
        for one in found:
            if one.fate is not Fate.REVERTS:
                yield one
                continue
            home = _home(one)
            if home and not one.service and not one.field:
                nobodys.append(one)
                continue
            reason = self._unfinished(one)
            homes.setdefault(home, []).append(reason)
            yield _left_so(one, reason)
        for one in nobodys:
            others = homes.get(_home(one), [Unfinished.REFUSED] if self._refused else [None])
            yield _left_so(one, None if None in others else others[0])

    def _unfinished(self, one: Difference) -> Unfinished | None:
        """Why the provider can have left it so; None where somebody has edited Azure or the Service."""
        name = one.path.rpartition("/")[2]
        if one.kind is ItemKind.SECURITY_RULE:
            key = (one.kind, name.lower())
            stood, comes = self._stands.get(key), self._comes.get(key)
            managed = _MANAGED_NAME.match(name)
            own = comes is not None and name[:PREFIX_LENGTH].lower() in self._by_prefix
            if one.field not in ("", DESTINATIONS) or not (managed or own):
                return None
            before, after = (
                _texts(item.values.get(DESTINATIONS)) if item is not None else () for item in (stood, comes)
            )
            denies = any(item is not None and plain(item.values["access"]) == "Deny" for item in (stood, comes))
            reason = self._leavings.of_destinations(before, after, denies=denies)
            return reason or (self._leavings.halfway(one.service) if stood is None else None)
        if one.field == f"tags.{SERVICE_TAG}":
            return self._leavings.of_tag(str(one.stands or ""), str(one.wanted or ""))
        if one.field == "publicIPAddressVersion":
            return Unfinished.SHARED  # no hand can change that, and a Service of the other family tries to
        if one.field not in ("", "ipAddress", "frontendIPConfiguration"):
            return None
        if one.service in self._moving:
            return Unfinished.BALANCED
        return self._leavings.of_service(one.service)

    @cached_property
    def _moving(self) -> frozenset[str]:
        """The Services that leave a load balancer for another one: a frontend of theirs has two places."""
        places: dict[str, set[str]] = {}
        for item in (*self._stands.values(), *self._comes.values()):
            if item.kind is ItemKind.FRONTEND:
                places.setdefault(item.name, set()).add(item.path)
        owners = (self._by_prefix.get(name[:PREFIX_LENGTH].lower()) for name, found in places.items() if len(found) > 1)
        return frozenset(filter(None, owners))

    @cached_property
    def _leavings(self) -> Leavings:
        return Leavings(self._contexts, self._before, self._refused)

    def _left_behind(self, stood: Item | None, comes: Item | None) -> Difference | None:
        """What the provider itself has left and tidies now, nobody has edited it; None for all else.

        Addresses that a Service had once, in rules that bear the provider's names; and the shared probe without a rule.
        """
        if stood is None:
            return None
        if stood.shared and comes is None:
            return self._orphan_that_goes(stood, "", _in_short(stood))
        if self._managed is None or stood.kind is not ItemKind.SECURITY_RULE or not _MANAGED_NAME.match(stood.name):
            return None
        old, new = stood.values, comes.values if comes is not None else {}
        if comes is not None and any(
            not alike(field, plain(old.get(field)), plain(new.get(field)))
            for field in {**old, **new}
            if field != DESTINATIONS and not _renumbered(comes, field)
        ):
            return None
        after = _texts(new.get(DESTINATIONS))
        gone = tuple(one for one in _texts(old.get(DESTINATIONS)) if one not in after)
        added = len(after) + len(gone) > len(_texts(old.get(DESTINATIONS)))
        if not gone or added or any(self._after.claims_on(one) for one in gone):
            return None
        if not self._complete or not self._held.isdisjoint(gone):
            return None
        return self._orphan_that_goes(stood._replace(services=()), DESTINATIONS, gone)

    def _orphan_that_goes(self, item: Item, field: str, stands: object) -> Difference:
        return self._difference(Fate.ORPHANED, item, field, stands, None, None)._replace(goes=True)

    def _whole(self, item: Item, *, comes: bool) -> Difference | None:
        if not self._complete and not comes and not self._owner(item):
            return None  # it may be of a Service that is not among those given
        if not comes and self._is_left(item, self._stands):
            return self._orphan_that_goes(item, "", _in_short(item))
        stands, wanted = (None, _in_short(item)) if comes else (_in_short(item), None)
        return self._difference(Fate.REVERTS, item, "", stands, wanted, item.because)

    def _difference(
        self, fate: Fate, item: Item, field: str, stands: object, wanted: object, because: Derived[Any] | None
    ) -> Difference:
        because = because if fate is Fate.REVERTS else None
        upstream, owner = UPSTREAM[item.kind], self._owner(item)
        return Difference(
            fate,
            item.kind,
            item.path,
            field,
            stands,
            wanted,
            owner,
            because,
            upstream,
            id=self._chosen.id_of(item.path),
        )

    def _is_no_node(self, address: str) -> bool:
        """Whether it is no address of a node: those are known, or it is one that no virtual network has."""
        return self._cluster.nodes is not None or not (is_private(address) or ":" in address)

    def _is_left(self, item: Item, among: Mapping[Key, Item]) -> bool:
        """Whether the provider made it for a Service that is gone, and *among* these no Service uses it."""
        prefix = prefix_in(item.name, self._cluster) if item.kind is ItemKind.PUBLIC_IP else item.name
        if not self._complete or not GENERATED.match(prefix) or prefix[:PREFIX_LENGTH].lower() in self._by_prefix:
            return False
        if item.kind is ItemKind.PUBLIC_IP:
            return plain(item.values.get("ipAddress")) not in self._in_status
        return not self._in_use(item, among)

    @cached_property
    def _in_status(self) -> frozenset[str]:
        return frozenset(text for service in self._services for text in service.ingress_ips)

    def _surviving(self) -> Iterator[Difference]:
        """What stays otherwise than the Services ask for it, where no history can be the reason."""
        for key, item in self._comes.items():
            owner = self._owner(item)
            if not self._checked(item) or not owner or owner in self._not_compared:
                continue
            asked = self._wanted.get(key)
            for field in _UNSEEN.get(item.kind, ()) if asked is not None else ():
                stays, meant = plain(item.values.get(field)), plain(asked.values.get(field) if asked else None)
                if not (alike(field, stays, meant) or _unknown(meant)):
                    yield self._difference(Fate.SURVIVES, item, field, stays, meant, None)
            priority = _number(item)
            if item.kind is ItemKind.SECURITY_RULE and not FIRST_PRIORITY <= priority <= END_PRIORITY:
                wanted = f"{FIRST_PRIORITY} to {END_PRIORITY}"
                yield self._difference(Fate.SURVIVES, item, "priority", priority, wanted, None)
            if item.kind is ItemKind.FRONTEND and "subnet_name" in self._cluster.given:
                yield from self._subnet(item, owner)
            for field, stays, default in item.beside:
                if stays != default:
                    yield self._difference(Fate.SURVIVES, item, field, stays, default, None)
        yield from self._of_public_ips()

    def _subnet(self, item: Item, owner: str) -> Iterator[Difference]:
        """An internal frontend in another subnet than the cluster's, where the Service names none."""
        subnet = plain(item.values.get("subnet"))
        named = next(
            (keys.INTERNAL_SUBNET in one.annotations for one in self._services if one.full_name == owner), False
        )
        if subnet and not named and not alike("subnet", subnet, self._cluster.subnet_name):
            yield self._difference(Fate.SURVIVES, item, "subnet", subnet, self._cluster.subnet_name, None)

    def _of_public_ips(self) -> Iterator[Difference]:
        """What somebody has set on a public IP that the provider manages, and does not look at."""
        by_name = {one.name.lower(): one for one in self._chosen.public_ips or ()}
        for (_, name), address in self._after.public_ips.items():
            read = by_name.get(name)
            if read is None:
                continue
            item = self._comes[ItemKind.PUBLIC_IP, address.name.value.lower()]
            owner = self._owner(item) or self._by_prefix.get(prefix_in(read.name, self._cluster), "")
            if not owner or owner in self._not_compared:
                continue
            item = item._replace(services=(owner,))
            generated = prefix_in(read.name, self._cluster) in self._by_prefix
            if generated and SERVICE_TAG not in (address.tags or {}):
                yield self._difference(Fate.SURVIVES, item, f"tags.{SERVICE_TAG}", None, owner, None)
            if SERVICE_TAG in (read.tags or {}) or generated:
                label = address.domain_name_label
                if label is not None and not (address.tags or {}).get(DNS_TAG) and not self._asks_for_label(owner):
                    yield self._difference(Fate.SURVIVES, item, "dnsSettings.domainNameLabel", label.value, None, None)
                if read.idle_timeout not in (None, _DEFAULT_IDLE_TIMEOUT):
                    yield self._difference(
                        Fate.SURVIVES, item, "idleTimeoutInMinutes", read.idle_timeout, _DEFAULT_IDLE_TIMEOUT, None
                    )

    def _asks_for_label(self, owner: str) -> bool:
        return any(keys.DNS_LABEL in one.annotations for one in self._services if one.full_name == owner)

    def _others(self) -> Iterator[Difference]:
        """What belongs to none of the Services and stays: made by others, or left by a Service that is gone."""
        of_aks = _kept_by_aks(self._chosen.load_balancers)
        for item in self._comes.values():
            if self._owner(item) or not self._checked(item) or item.path.lower() in of_aks or item.shared:
                continue
            if item.kind is ItemKind.POOL:
                if item.name.lower() not in self._pools:
                    yield self._difference(Fate.FOREIGN, item, "", item.name, None, None)
                continue
            if item.kind is ItemKind.PUBLIC_IP:
                yield from self._orphaned_address(item)
            elif item.kind is ItemKind.SECURITY_RULE and self._managed and item.name.startswith(self._managed):
                continue  # its destinations are looked at below
            elif GENERATED.match(item.name):
                if self._is_left(item, self._comes):
                    yield self._difference(Fate.ORPHANED, item, "", _in_short(item), None, None)
            else:
                yield self._difference(Fate.FOREIGN, item, "", _in_short(item), None, None)
        yield from self._orphaned_load_balancers()
        yield from self._orphaned_destinations()
        yield from self._foreign_tags()

    def _orphaned_load_balancers(self) -> Iterator[Difference]:
        """Load balancers on which nothing is but what the provider made for Services that are gone."""
        parts: dict[str, list[Item]] = {}
        for item in self._comes.values():
            home, _, rest = item.path.rpartition("/")[0].rpartition("/")
            if home.startswith("loadBalancers/") and rest != "backendAddressPools":
                parts.setdefault(home, []).append(item)
        upstream = UPSTREAM[ItemKind.LOAD_BALANCER]
        for home, found in parts.items():
            if all(self._is_left(item, self._comes) for item in found):
                arm_id = self._chosen.id_of(home)
                yield Difference(
                    Fate.ORPHANED, ItemKind.LOAD_BALANCER, home, "", _ALL_OF_IT, None, upstream=upstream, id=arm_id
                )

    def _foreign_tags(self) -> Iterator[Difference]:
        """Tags that neither the cluster nor a Service asks for: the provider keeps them."""
        tagged: list[tuple[ItemKind, str, Mapping[str, str]]] = [
            (ItemKind.LOAD_BALANCER, f"loadBalancers/{one.name}", one.tags) for one in self._chosen.load_balancers
        ]
        group = self._chosen.security_group
        if group is not None:
            tagged.append((ItemKind.SECURITY_RULE, f"networkSecurityGroups/{group.name}", group.tags))
        tagged += [
            (ItemKind.PUBLIC_IP, f"publicIPAddresses/{one.name}", one.tags)
            for one in self._chosen.public_ips or ()
            if one.tags and (SERVICE_TAG in one.tags or prefix_in(one.name, self._cluster) in self._by_prefix)
        ]
        known = {key.lower() for key in self._tags}
        for kind, path, tags in tagged:
            for key, value in tags.items():
                if key.lower() not in known and not key.lower().startswith(_OWN_TAGS):
                    yield Difference(Fate.FOREIGN, kind, path, f"tags.{key}", value, None, "", None, "reconcileTags")

    def _in_use(self, item: Item, among: Mapping[Key, Item]) -> bool:
        """Whether a frontend, whoever it is named after, has rules of a Service that is there."""
        if item.kind is not ItemKind.FRONTEND:
            return False
        home = item.path.partition("/frontendIPConfigurations/")[0]
        return any(
            plain(one.values["frontendIPConfiguration"]) == item.name and self._owner(one)
            for one in among.values()
            if one.kind is ItemKind.RULE and one.path.startswith(f"{home}/")
        )

    @cached_property
    def _held(self) -> frozenset[str]:
        """The addresses of what the Services have, also of those whose status does not list them."""
        known = {service.full_name for service in self._services}
        held = {
            one.ip_address.value for one in self._after.public_ips.values() if not known.isdisjoint(services_of(one))
        }
        for balancer in self._after.load_balancers.values():
            held.update(
                f.address for n, f in balancer.frontends.items() if n[:PREFIX_LENGTH].lower() in self._by_prefix
            )
            held.update(
                balancer.frontends[rule.frontend.value].address
                for name, rule in balancer.rules.items()
                if name[:PREFIX_LENGTH].lower() in self._by_prefix and rule.frontend.value in balancer.frontends
            )
        return frozenset(held)

    def _orphaned_address(self, item: Item) -> Iterator[Difference]:
        address = next(one for one in self._after.public_ips.values() if one.name.value.lower() == item.name.lower())
        tags = {key: tag.value for key, tag in (address.tags or {}).items()}
        mine = tags.get(CLUSTER_TAG, "").lower() == self._cluster.cluster_name.lower()
        if self._complete and mine and services_of(address):
            yield self._difference(Fate.ORPHANED, item, "", f"for {tags[SERVICE_TAG]}", None, None)

    def _orphaned_destinations(self) -> Iterator[Difference]:
        """Destinations of the provider's rules that no Service and no node has, where nothing removes them."""
        if not self._complete or self._managed is None or self._chosen.security_group is None:
            return
        for rule in self._after.security_rules.values():
            if not rule.name.value.startswith(self._managed):
                continue
            stays = rule.destinations.value
            if any(isinstance(one, Placeholder) for one in stays):
                continue
            gone = tuple(
                one for one in stays if self._is_no_node(one) and not (self._after.claims_on(one) or one in self._held)
            )
            if gone:
                item = self._comes[ItemKind.SECURITY_RULE, rule.name.value.lower()]._replace(services=())
                left = tuple(one for one in stays if one not in gone)
                yield self._difference(Fate.ORPHANED, item, DESTINATIONS, gone, left, None)

    def _unchecked(self, asked: Sequence[Service]) -> Iterator[Unchecked]:
        """What was not compared, and why."""
        yield from self._unchecked_services(asked)
        if self._chosen.no_security_group:
            yield Unchecked("security rules", self._chosen.no_security_group)
        if self._chosen.public_ips is None:
            yield Unchecked("public IPs", "no file of --azure holds them: az network public-ip list -o json")
        elif self._not_given:
            names_of = ", ".join(one.name for one in self._not_given[:3])
            yield Unchecked(f"{len(self._not_given)} public IPs ({names_of})", "no file of --azure holds them")
        if not self._chosen.load_balancers:
            why = f"none of those in the files is named {self._cluster.cluster_name}, as the cluster's are"
            yield Unchecked("load balancers", why)
        if self._chosen.security_group is not None:
            yield from self._priorities()
        others = [one for one in self._comes.values() if not self._owner(one)]
        count = sum(bool(one.services or GENERATED.match(one.name)) for one in others)
        if count and not self._complete:
            why = "they are named after Services that were not given; --complete says that there are no others"
            yield Unchecked(f"{count} thing{'' if count == 1 else 's'} in Azure", why)
        yield Unchecked("members of backend pools", "which node is in which pool is not in az network lb list")

    def _unchecked_services(self, asked: Sequence[Service]) -> Iterator[Unchecked]:
        for service in asked:
            if service.uid is None:
                why = "its manifest has no uid, of which all names in Azure are made: give kubectl get svc -o yaml"
                yield Unchecked("all of it", why, service.full_name)
            elif service.deleting:
                why = "it is being deleted: the provider puts nothing right, and removes it or fails to"
                yield Unchecked("all of it", why, service.full_name)
            elif any(port.node_port is None for port in service.ports):
                why = "the manifest does not say them: give kubectl get svc -o yaml"
                yield Unchecked("node ports", why, service.full_name)
        for name, refusal in self._refused.items():
            what = "all of it" if refusal.stage == LOAD_BALANCER_STAGE else f"what comes after the {refusal.stage}"
            yield Unchecked(what, f"the provider refuses it: {refusal.message}", name)

    def _priorities(self) -> Iterator[Unchecked]:
        """Rules below which a number is free: each had the lowest free one when it was made, whoever had the others."""
        taken = {rule.priority.value for rule in self._after.security_rules.values()}
        free = next(number for number in range(FIRST_PRIORITY, END_PRIORITY + 2) if number not in taken)
        for item in self._comes.values():
            owner = self._owner(item)
            allows = item.kind is ItemKind.SECURITY_RULE and plain(item.values["access"]) == "Allow"
            if owner and allows and free < _number(item) <= END_PRIORITY:
                why = f"{_number(item)} stands, and {free} is free now; a rule keeps the number that it got"
                yield Unchecked(f"the priority of {item.name}", why, owner)


#: What the provider sends and need not compare: the TCP reset of other protocols than Tcp, and the case of a path. Of
#: all else that it sends, what stands after a reconcile is what it wants; of the rest, history may have decided.
_UNSEEN: Mapping[ItemKind, tuple[str, ...]] = {ItemKind.RULE: ("enableTcpReset",), ItemKind.PROBE: ("requestPath",)}

UPSTREAM: Mapping[ItemKind, str] = {
    ItemKind.LOAD_BALANCER: "reconcileLoadBalancer",
    ItemKind.FRONTEND: "reconcileFrontendIPConfigs, isFrontendIPChanged",
    ItemKind.RULE: "reconcileLBRules, equalLoadBalancingRulePropertiesFormat",
    ItemKind.PROBE: "reconcileLBProbes, findProbe",
    ItemKind.POOL: "ReconcileBackendPools",
    ItemKind.SECURITY_RULE: "reconcileSecurityGroup",
    ItemKind.PUBLIC_IP: "reconcilePublicIPs, ensurePublicIPExists",
}


def _home(one: Difference) -> str:
    """The load balancer that something is a part of; "" for what is none."""
    parts = one.path.split("/")
    return parts[1] if parts[0] == "loadBalancers" else ""


def _left_so(one: Difference, reason: Unfinished | None) -> Difference:
    return one if reason is None else one._replace(fate=Fate.UNFINISHED, unfinished=reason)


def _asked_tags(context: Context) -> Iterable[str]:
    return read_tags(annotation(context.service, keys.PIP_TAGS), context.cluster)


def _unknown(value: object) -> bool:
    """Whether a value is one that only a cluster or Azure knows."""
    if isinstance(value, tuple):
        return any(map(_unknown, value))
    return isinstance(value, Placeholder)


def _renumbered(item: Item, field: str) -> bool:
    """Whether only the place of a rule among others changes: releases until 1.28 number all rules anew."""
    return field == "priority" and FIRST_PRIORITY <= _number(item) <= END_PRIORITY


def _texts(derived: Derived[Any] | None) -> tuple[str, ...]:
    value = plain(derived)
    return value if isinstance(value, tuple) else ()


def _number(item: Item) -> int:
    value = plain(item.values.get("priority"))
    return value if isinstance(value, int) else 0


def _in_short(item: Item) -> str:
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


def _kept_by_aks(balancers: Iterable[AzureLoadBalancer]) -> frozenset[str]:
    """The paths of what AKS keeps there itself: its outbound rules, with their frontends and pools."""
    found: set[str] = set()
    for balancer in balancers:
        home = f"loadBalancers/{balancer.name}".lower()
        for rule in balancer.outbound_rules:
            found.update(f"{home}/frontendipconfigurations/{name}".lower() for name in rule.frontends)
            found.add(f"{home}/backendaddresspools/{rule.pool}".lower())
        found.update(
            f"{home}/backendaddresspools/{one.name}".lower()
            for one in balancer.pools
            if one.name.lower().startswith(_OF_AKS)
        )
    return frozenset(found)
