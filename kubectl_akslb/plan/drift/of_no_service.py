"""What belongs to none of the Services and stays: foreign, or orphaned by one that is gone."""

from collections.abc import Iterable, Iterator, Mapping

from kubectl_akslb.azure.resources import AzureLoadBalancer
from kubectl_akslb.derive.public_ip.content import CLUSTER_TAG
from kubectl_akslb.derive.state.azure import SERVICE_TAG, services_of
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.plan.drift.comparison import UPSTREAM, ReconcileComparison, in_short
from kubectl_akslb.plan.drift.difference import Difference, Fate
from kubectl_akslb.plan.drift.unfinished import GENERATED, prefix_in
from kubectl_akslb.plan.items import DESTINATIONS, Item, ItemKind

#: What AKS itself keeps on the load balancer of a cluster begins so.
_OF_AKS = "aksoutbound"
_OWN_TAGS = ("k8s-azure-", "aks-managed-", "kubernetes.io")
_ALL_OF_IT = "with all that is on it"


def of_no_service(compared: ReconcileComparison) -> Iterator[Difference]:
    """What belongs to none of the Services and stays: made by others, or left by a Service that is gone."""
    of_aks = _kept_by_aks(compared.chosen.load_balancers)
    for item in compared.comes.values():
        if compared.owner(item) or not compared.is_checked(item) or item.path.lower() in of_aks or item.shared:
            continue
        if item.kind is ItemKind.POOL:
            if item.name.lower() not in compared.pools:
                yield compared.difference(Fate.FOREIGN, item, "", item.name, None, None)
            continue
        if item.kind is ItemKind.PUBLIC_IP:
            yield from _orphaned_address(compared, item)
        elif item.kind is ItemKind.SECURITY_RULE and compared.managed and item.name.startswith(compared.managed):
            continue  # its destinations are looked at below
        elif GENERATED.match(item.name):
            if compared.is_left(item, compared.comes):
                yield compared.difference(Fate.ORPHANED, item, "", in_short(item), None, None)
        else:
            yield compared.difference(Fate.FOREIGN, item, "", in_short(item), None, None)
    yield from _orphaned_load_balancers(compared)
    yield from _orphaned_destinations(compared)
    yield from _foreign_tags(compared)


def _orphaned_load_balancers(compared: ReconcileComparison) -> Iterator[Difference]:
    """Load balancers on which nothing is but what the provider made for Services that are gone."""
    parts: dict[str, list[Item]] = {}
    for item in compared.comes.values():
        home, _, rest = item.path.rpartition("/")[0].rpartition("/")
        if home.startswith("loadBalancers/") and rest != "backendAddressPools":
            parts.setdefault(home, []).append(item)
    upstream = UPSTREAM[ItemKind.LOAD_BALANCER]
    for home, found in parts.items():
        if all(compared.is_left(item, compared.comes) for item in found):
            arm_id = compared.chosen.id_of(home)
            yield Difference(
                Fate.ORPHANED, ItemKind.LOAD_BALANCER, home, "", _ALL_OF_IT, None, upstream=upstream, id=arm_id
            )


def _foreign_tags(compared: ReconcileComparison) -> Iterator[Difference]:
    """Tags that neither the cluster nor a Service asks for: the provider keeps them."""
    tagged: list[tuple[ItemKind, str, Mapping[str, str]]] = [
        (ItemKind.LOAD_BALANCER, f"loadBalancers/{one.name}", one.tags) for one in compared.chosen.load_balancers
    ]
    group = compared.chosen.security_group
    if group is not None:
        tagged.append((ItemKind.SECURITY_RULE, f"networkSecurityGroups/{group.name}", group.tags))
    tagged += [
        (ItemKind.PUBLIC_IP, f"publicIPAddresses/{one.name}", one.tags)
        for one in compared.chosen.public_ips or ()
        if one.tags and (SERVICE_TAG in one.tags or prefix_in(one.name, compared.cluster) in compared.by_prefix)
    ]
    known = {key.lower() for key in compared.tags}
    for kind, path, tags in tagged:
        for key, value in tags.items():
            if key.lower() not in known and not key.lower().startswith(_OWN_TAGS):
                yield Difference(
                    fate=Fate.FOREIGN,
                    kind=kind,
                    path=path,
                    field=f"tags.{key}",
                    stands=value,
                    wanted=None,
                    service="",
                    because=None,
                    upstream="reconcileTags",
                )


def _orphaned_address(compared: ReconcileComparison, item: Item) -> Iterator[Difference]:
    address = next(one for one in compared.after.public_ips.values() if one.name.value.lower() == item.name.lower())
    tags = {key: tag.value for key, tag in (address.tags or {}).items()}
    mine = tags.get(CLUSTER_TAG, "").lower() == compared.cluster.cluster_name.lower()
    if compared.complete and mine and services_of(address):
        yield compared.difference(Fate.ORPHANED, item, "", f"for {tags[SERVICE_TAG]}", None, None)


def _orphaned_destinations(compared: ReconcileComparison) -> Iterator[Difference]:
    """Destinations of the provider's rules that no Service and no node has, where nothing removes them."""
    if not compared.complete or compared.managed is None or compared.chosen.security_group is None:
        return
    for rule in compared.after.security_rules.values():
        if not rule.name.value.startswith(compared.managed):
            continue
        stays = rule.destinations.value
        if any(isinstance(one, Placeholder) for one in stays):
            continue
        gone = tuple(
            one
            for one in stays
            if compared.is_no_node(one) and not (compared.after.claims_on(one) or one in compared.held)
        )
        if gone:
            item = compared.comes[ItemKind.SECURITY_RULE, rule.name.value.lower()]._replace(services=())
            left = tuple(one for one in stays if one not in gone)
            yield compared.difference(Fate.ORPHANED, item, DESTINATIONS, gone, left, None)


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
