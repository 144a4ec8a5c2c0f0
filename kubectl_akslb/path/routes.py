"""The routes of the nodes' subnets: those of their route tables, and those that Azure adds itself.

The longest prefix is taken; of two that are alike the user-defined one. Azure routes to the virtual network and to
those that are peered with it, and drops what goes to other private addresses, unless a gateway has routes to them,
which are in no route table. https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
"""

from collections.abc import Iterator, Sequence

from kubectl_akslb.azure.resources import Resources, Route, RouteTable, Subnet, VirtualNetwork, same_id
from kubectl_akslb.derive.addresses import parse_cidr
from kubectl_akslb.derive.intervals import Interval, common, intervals, without
from kubectl_akslb.evidence.state import NodeState
from kubectl_akslb.model.command import command
from kubectl_akslb.named_tuple import NamedTuple

VNET_LOCAL = "VnetLocal"
KUBENET = "kubenet"
DEFAULT_ROUTES = command(
    "az", "network", "route-table", "list", "--resource-group", "GROUP",
    "--query", "[].routes[?addressPrefix=='0.0.0.0/0'][]",
)  # fmt: skip
"""Shows the default routes of a resource group; the table that counts may be in the group of the network."""


class Taking(NamedTuple):
    """The longest route to some addresses of each kind; None where there is none."""

    user_defined: Route | None
    system: Route | None

    @property
    def best(self) -> Route | None:
        """The one that takes them."""
        own, system = self.user_defined, self.system
        return own if system is None or (own is not None and _length(own) >= _length(system)) else system


def taking(to: Sequence[Interval], azure: Resources | None) -> Taking:
    """The routes that take what goes to these addresses, as far as route tables and virtual networks were read."""
    own = [route for table in tables_of_nodes(azure) or () for route in table.routes]
    return Taking(_longest(to, own), _longest(to, [Route("", prefix, VNET_LOCAL) for prefix in _networks(azure)]))


def tables_of_nodes(azure: Resources | None) -> tuple[RouteTable, ...] | None:
    """The route tables of the nodes: of their subnets where the cards tell them, else all in use; None: not read."""
    if azure is None or azure.route_tables is None:
        return None
    subnets = _subnets(azure)
    return tuple(
        table
        for table in azure.route_tables
        if table.subnets and (not subnets or any(same_id(one, other) for one in table.subnets for other in subnets))
    )


def subnets_of_nodes(azure: Resources | None) -> tuple[Subnet, ...]:
    """The subnets of the nodes' cards, as far as they were read."""
    if azure is None:
        return ()
    found = (azure.subnet(one) for one in dict.fromkeys(_subnets(azure)))
    return tuple(one for one in found if one is not None)


def unrouted(
    nodes: Sequence[NodeState], azure: Resources | None
) -> Iterator[tuple[NodeState, RouteTable, Route | None]]:
    """The nodes to whose pods no route leads, or one that leads elsewhere, where routes lead to pods at all.

    With kubenet AKS keeps a route to the pods of each node in the table of the nodes' subnet; other plugins need none.
    """
    tables = tables_of_nodes(azure) or ()
    plugins = {one.network_plugin for one in (azure.clusters or () if azure is not None else ())}
    ranges = {one for node in nodes for one in node.pod_ranges}
    if KUBENET not in plugins and not any(route.prefix in ranges for table in tables for route in table.routes):
        return
    for table in tables:
        routes = {one.prefix: one for one in table.routes}
        for node in nodes:
            for one in node.pod_ranges:
                route = routes.get(one)
                if ":" not in one and (route is None or route.next_hop not in node.addresses):
                    yield node, table, route


def networks_are_known(azure: Resources | None) -> bool:
    """Whether the virtual network of the nodes is among those that were read."""
    return bool(azure is not None and azure.virtual_networks)


def _networks(azure: Resources | None) -> Iterator[str]:
    """The prefixes of the nodes' virtual network, and of those that are peered with it."""
    read = (azure.virtual_networks or ()) if azure is not None else ()
    subnets = _subnets(azure) if azure is not None else []
    theirs = [one for one in read if any(_holds(one, subnet) for subnet in subnets)]
    for one in theirs or read:
        yield from (*one.prefixes, *one.peered)


def _holds(network: VirtualNetwork, subnet: str) -> bool:
    return bool(network.id) and subnet.lower().startswith(f"{network.id.lower()}/")


def _subnets(azure: Resources) -> list[str]:
    """The subnets of the nodes' cards, where these were read."""
    return [one.subnet for card in azure.network_interfaces or () for one in card.configurations if one.subnet]


def _longest(to: Sequence[Interval], routes: Sequence[Route]) -> Route | None:
    found = [one for one in routes if (held := intervals((one.prefix,))) and common(to, held)]
    return max(found, key=_length, default=None)


def _length(route: Route) -> int:
    return parse_cidr(route.prefix.strip()).length


def takes_all(route: Route, to: Sequence[Interval]) -> bool:
    """Whether a route holds all of these addresses."""
    return not without(to, intervals((route.prefix,)))


def is_one_address(route: Route) -> bool:
    """Whether no other route can be longer."""
    return _length(route) in {32, 128}
