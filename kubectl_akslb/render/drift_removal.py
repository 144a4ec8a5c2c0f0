"""The commands that remove what the provider has left for a Service that is gone, and does not remove itself."""

from collections.abc import Iterator

from kubectl_akslb.azure.resources import group_of, name_of
from kubectl_akslb.derive.addresses import is_address
from kubectl_akslb.model.command import Command, command, flag
from kubectl_akslb.plan.drift.difference import Difference, Drift, Fate
from kubectl_akslb.plan.items import DESTINATIONS, ItemKind

#: In the order in which Azure takes it: a rule uses a probe and a frontend, a frontend a public IP.
_ORDER = (
    ItemKind.LOAD_BALANCER,
    ItemKind.RULE,
    ItemKind.PROBE,
    ItemKind.FRONTEND,
    ItemKind.PUBLIC_IP,
    ItemKind.SECURITY_RULE,
)


def removals(found: Drift) -> Iterator[Command]:
    """One for each thing that is orphaned and stays; a load balancer takes its parts along."""
    left = [one for one in found.of(Fate.ORPHANED) if not one.goes]
    whole = tuple(f"{one.path}/" for one in left if one.kind is ItemKind.LOAD_BALANCER)
    for kind in _ORDER:
        own = (one for one in left if one.kind is kind and not one.path.startswith(whole))
        yield from filter(None, map(removal, own))


def removal(one: Difference) -> Command | None:
    """The command that removes what is orphaned; None where no file says its id, or where the provider does it."""
    if one.fate is not Fate.ORPHANED or one.goes or not one.id:
        return None
    if one.kind is ItemKind.SECURITY_RULE:
        return _of_security_rule(one)
    made = {
        ItemKind.LOAD_BALANCER: command("az", "network", "lb", "delete", flag("--ids", one.id)),
        ItemKind.RULE: command("az", "network", "lb", "rule", "delete", *_part(one)),
        ItemKind.PROBE: command("az", "network", "lb", "probe", "delete", *_part(one)),
        ItemKind.FRONTEND: command("az", "network", "lb", "frontend-ip", "delete", *_part(one)),
        ItemKind.PUBLIC_IP: command("az", "network", "public-ip", "delete", flag("--ids", one.id)),
    }
    return made.get(one.kind)


def _part(one: Difference) -> tuple[str, ...]:
    """Of a part of a load balancer az takes no id."""
    balancer = one.id.rsplit("/", 2)[0]
    return (
        flag("--resource-group", group_of(one.id)),
        flag("--lb-name", name_of(balancer)),
        flag("--name", name_of(one.id)),
    )


def _of_security_rule(one: Difference) -> Command | None:
    """The rule goes, or keeps the destinations that are left of it."""
    ids = flag("--ids", one.id)
    left = one.wanted if one.field == DESTINATIONS and isinstance(one.wanted, tuple) else ()
    if not left:
        return command("az", "network", "nsg", "rule", "delete", ids)
    if not all(map(is_address, left)):
        return None  # it might pass for an option
    return command("az", "network", "nsg", "rule", "update", ids, "--destination-address-prefixes", *left)
