"""The commands that remove what the provider has left for a Service that is gone, and does not remove itself."""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import is_address
from kubectl_akslb.model.command import Command, command, flag
from kubectl_akslb.plan.drift import Difference, Drift, Fate
from kubectl_akslb.plan.items import DESTINATIONS, ItemKind

#: In the order in which Azure takes it: a rule uses a probe and a frontend, a frontend a public IP.
_DELETE = {
    ItemKind.LOAD_BALANCER: ("az", "network", "lb", "delete"),
    ItemKind.RULE: ("az", "network", "lb", "rule", "delete"),
    ItemKind.PROBE: ("az", "network", "lb", "probe", "delete"),
    ItemKind.FRONTEND: ("az", "network", "lb", "frontend-ip", "delete"),
    ItemKind.PUBLIC_IP: ("az", "network", "public-ip", "delete"),
    ItemKind.SECURITY_RULE: ("az", "network", "nsg", "rule", "delete"),
}


def removals(found: Drift) -> Iterator[Command]:
    """One for each thing that is orphaned and stays; a load balancer takes its parts along."""
    left = [one for one in found.of(Fate.ORPHANED) if not one.goes]
    whole = tuple(f"{one.path}/" for one in left if one.kind is ItemKind.LOAD_BALANCER)
    for kind in _DELETE:
        own = (one for one in left if one.kind is kind and not one.path.startswith(whole))
        yield from filter(None, map(removal, own))


def removal(one: Difference) -> Command | None:
    """The command that removes what is orphaned; None where no file says its id, or where the provider does it."""
    delete = _DELETE.get(one.kind)
    if one.fate is not Fate.ORPHANED or one.goes or not one.id or delete is None:
        return None
    ids = flag("--ids", one.id)
    left = one.wanted if one.field == DESTINATIONS and isinstance(one.wanted, tuple) else ()
    if not left:
        return command(*delete, ids)
    if not all(map(is_address, left)):
        return None  # it might pass for an option
    return command("az", "network", "nsg", "rule", "update", ids, "--destination-address-prefixes", *left)
