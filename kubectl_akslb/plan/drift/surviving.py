"""What stays otherwise than the Services ask for it, because the provider does not compare it."""

from collections.abc import Iterator, Mapping

from kubectl_akslb.derive.public_ip.content import DNS_TAG
from kubectl_akslb.derive.security_group.shared_rules import END_PRIORITY
from kubectl_akslb.derive.state.azure import SERVICE_TAG
from kubectl_akslb.derive.state.security_group import FIRST_PRIORITY
from kubectl_akslb.plan.drift.comparison import ReconcileComparison, is_unknown, number_of
from kubectl_akslb.plan.drift.difference import Difference, Fate
from kubectl_akslb.plan.drift.unfinished import prefix_in
from kubectl_akslb.plan.items import Item, ItemKind, alike, plain
from kubectl_akslb.provider import annotations as keys

_DEFAULT_IDLE_TIMEOUT = 4
#: What the provider sends and need not compare: the TCP reset of other protocols than Tcp, and the case of a path. Of
#: all else that it sends, what stands after a reconcile is what it wants; of the rest, history may have decided.
_UNSEEN: Mapping[ItemKind, tuple[str, ...]] = {ItemKind.RULE: ("enableTcpReset",), ItemKind.PROBE: ("requestPath",)}


def surviving(compared: ReconcileComparison) -> Iterator[Difference]:
    """What stays otherwise than the Services ask for it, where no history can be the reason."""
    for key, item in compared.comes.items():
        owner = compared.owner(item)
        if not compared.is_checked(item) or not owner or owner in compared.not_compared:
            continue
        asked = compared.wanted.get(key)
        for field in _UNSEEN.get(item.kind, ()) if asked is not None else ():
            stays, meant = plain(item.values.get(field)), plain(asked.values.get(field) if asked else None)
            if not (alike(field, stays, meant) or is_unknown(meant)):
                yield compared.difference(Fate.SURVIVES, item, field, stays, meant, None)
        priority = number_of(item)
        if item.kind is ItemKind.SECURITY_RULE and not FIRST_PRIORITY <= priority <= END_PRIORITY:
            wanted = f"{FIRST_PRIORITY} to {END_PRIORITY}"
            yield compared.difference(Fate.SURVIVES, item, "priority", priority, wanted, None)
        if item.kind is ItemKind.FRONTEND and "subnet_name" in compared.cluster.given:
            yield from _subnet(compared, item, owner)
        for field, stays, default in item.beside:
            if stays != default:
                yield compared.difference(Fate.SURVIVES, item, field, stays, default, None)
    yield from _of_public_ips(compared)


def _subnet(compared: ReconcileComparison, item: Item, owner: str) -> Iterator[Difference]:
    """An internal frontend in another subnet than the cluster's, where the Service names none."""
    subnet = plain(item.values.get("subnet"))
    named = next(
        (keys.INTERNAL_SUBNET in one.annotations for one in compared.services if one.full_name == owner), False
    )
    if subnet and not named and not alike("subnet", subnet, compared.cluster.subnet_name):
        yield compared.difference(Fate.SURVIVES, item, "subnet", subnet, compared.cluster.subnet_name, None)


def _of_public_ips(compared: ReconcileComparison) -> Iterator[Difference]:
    """What somebody has set on a public IP that the provider manages, and does not look at."""
    by_name = {one.name.lower(): one for one in compared.chosen.public_ips or ()}
    for (_, name), address in compared.after.public_ips.items():
        read = by_name.get(name)
        if read is None:
            continue
        item = compared.comes[ItemKind.PUBLIC_IP, address.name.value.lower()]
        owner = compared.owner(item) or compared.by_prefix.get(prefix_in(read.name, compared.cluster), "")
        if not owner or owner in compared.not_compared:
            continue
        item = item._replace(services=(owner,))
        generated = prefix_in(read.name, compared.cluster) in compared.by_prefix
        if generated and SERVICE_TAG not in (address.tags or {}):
            yield compared.difference(Fate.SURVIVES, item, f"tags.{SERVICE_TAG}", None, owner, None)
        if SERVICE_TAG in (read.tags or {}) or generated:
            label = address.domain_name_label
            if label is not None and not (address.tags or {}).get(DNS_TAG) and not _asks_for_label(compared, owner):
                yield compared.difference(Fate.SURVIVES, item, "dnsSettings.domainNameLabel", label.value, None, None)
            if read.idle_timeout not in (None, _DEFAULT_IDLE_TIMEOUT):
                yield compared.difference(
                    Fate.SURVIVES, item, "idleTimeoutInMinutes", read.idle_timeout, _DEFAULT_IDLE_TIMEOUT, None
                )


def _asks_for_label(compared: ReconcileComparison, owner: str) -> bool:
    return any(keys.DNS_LABEL in one.annotations for one in compared.services if one.full_name == owner)
