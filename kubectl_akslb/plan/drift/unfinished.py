"""What the provider leaves to its next reconcile, so that nobody need have edited what that one changes.

The reconcile of one Service does not finish what another one asks for, and one that is refused stops halfway. Each
reason here is a way in which recorded histories that nobody edited come to a state that the next reconcile changes;
where none holds, the provider has not left it so.
"""

import re
from collections.abc import Collection, Sequence

from kubectl_akslb.derive.addresses import is_address, is_private
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import PREFIX_LENGTH, multiple_load_balancers
from kubectl_akslb.derive.public_ip.public_ip import load_balancer_ips, pip_name
from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled
from kubectl_akslb.derive.state.azure import Azure, node_addresses, services_of
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import IPV4, IPV6
from kubectl_akslb.provider import behaviours

#: What the names of a Service in Azure begin with: an a, and its UID without most of the hyphens.
GENERATED = re.compile(r"^a[0-9a-f]{31}(?:[^0-9a-f]|$)", re.IGNORECASE)


class Unfinished(Enum):
    """Why the next reconcile changes what nobody need have edited.

    REFUSED: the provider refuses a Service, and stops halfway. NEW: it has not built the Service yet. MOVED: the public
    IP has another address than the status of the Service. SHARED: several Services have, had, or ask for one address.
    NODES: nodes come and go without every Service being reconciled. LEFT: it stayed when a Service left an address that
    another one has. BALANCED: the Service goes to another load balancer.
    """

    REFUSED = "refused"
    NEW = "new"
    MOVED = "moved"
    SHARED = "shared"
    NODES = "nodes"
    LEFT = "left"
    BALANCED = "balanced"


def prefix_in(name: str, cluster: Cluster) -> str:
    """The prefix of the Service that a public IP is named after, if it is: ``kubernetes-a0123…``."""
    return name.lower().removeprefix(f"{cluster.cluster_name.lower()}-")[:PREFIX_LENGTH]


class Leavings:
    """Who has which address, and by that what the provider can have left of each Service and each security rule."""

    def __init__(self, contexts: Sequence[Context], before: Azure, refused: Collection[str]) -> None:
        self._refused = refused
        self._status = {one.service.full_name: frozenset(one.service.ingress_ips) for one in contexts}
        self._prefixes = {one.service.full_name: one.names.prefix.lower() for one in contexts}
        self._nodes = {address for one in contexts[:1] for address in node_addresses(one.cluster)}
        self._on_nodes = sum(map(floating_ip_disabled, contexts))
        has = contexts[0].has if contexts else frozenset[str]().__contains__
        #: Whether a Service takes the addresses that it leaves out of all rules, also out of those of others.
        self._takes_along = has(behaviours.SHARED_NSG_RULES) and not has(behaviours.RETAINED_SHARED_PORTS)
        #: Whether a public IP that is deleted takes along the frontend that was just given another one.
        self._takes_frontends = has(behaviours.STALE_PUBLIC_IPS)
        #: Whether a Service takes an address that it shares along to the load balancer that it is put on.
        self._scatters = (
            bool(contexts) and multiple_load_balancers(contexts[0].cluster) and not has(behaviours.PINNED_LOAD_BALANCER)
        )
        #: The addresses of the public IPs that name a Service in their tag.
        self._tagged: dict[str, set[str]] = {}
        #: The prefix of the Service that a public IP was made for, by address; "" for a person's own.
        self._made_for: dict[str, str] = {}
        by_name: dict[str, str] = {}
        for (_, public_ip), address in before.public_ips.items():
            text = address.ip_address.value
            by_name[public_ip] = text
            prefix = prefix_in(public_ip, contexts[0].cluster) if contexts else ""
            self._made_for[text] = prefix if GENERATED.match(prefix) else ""
            for name in services_of(address):
                self._tagged.setdefault(name, set()).add(text)
        #: The Services that have an address, or ask for it.
        self._having: dict[str, set[str]] = {}
        for context in contexts:
            name = context.service.full_name
            named = (by_name.get((pip_name(context, family).raw or "").lower(), "") for family in (IPV4, IPV6))
            asked = filter(None, (*load_balancer_ips(context), *named))
            for text in (*self._status[name], *self._tagged.get(name, ()), *asked):
                self._having.setdefault(text, set()).add(name)
        self._sharing = {name for names in self._having.values() if len(names) > 1 for name in names}

    def of_service(self, name: str) -> Unfinished | None:
        """Why something of a Service may be missing, or too much, without anybody's hand."""
        halfway = self.halfway(name)
        if halfway is not None or name not in self._status:
            return halfway
        status = self._status[name]
        if self._tagged.get(name, set()) - status:
            return Unfinished.MOVED
        lent = [self._made_for[one] for one in status if self._is_lent(one, name)]
        if lent and self._takes_frontends:
            return Unfinished.MOVED
        shared = name in self._sharing or any(lent) or (lent and self._scatters)
        return Unfinished.SHARED if shared else None

    def halfway(self, name: str) -> Unfinished | None:
        """Why the provider has not come to the end of a Service."""
        if name in self._refused:
            return Unfinished.REFUSED
        return Unfinished.NEW if self._status.get(name) == frozenset() else None

    def of_destinations(self, stood: Sequence[str], comes: Sequence[str], *, denies: bool) -> Unfinished | None:
        """Why a security rule may have these destinations instead of those, the reason of the first that has one."""
        if not all(map(is_address, stood)):
            return None  # the provider writes nothing else there
        added = [self._of_added(one, stood, denies=denies) for one in comes if one not in stood]
        if added:
            return added[0] if None not in added else None  # what goes then is what they had before
        removed = (self._of_removed(one, stood) for one in stood if one not in comes)
        return next((reason for reason in removed if reason is not None), None)

    def of_tag(self, stood: str, comes: str) -> Unfinished | None:
        """Why the tag of a public IP may name other Services."""
        reasons = [self.halfway(name) for name in {*stood.split(",")} ^ {*comes.split(",")}]
        return reasons[0] if reasons and None not in reasons else None

    def _of_added(self, address: str, stood: Sequence[str], *, denies: bool) -> Unfinished | None:
        names = self._having.get(address, set())
        if address in self._nodes:
            others = self._takes_along or self._on_nodes > 1 or not self._nodes.isdisjoint(stood)
            return Unfinished.NODES if others else None
        if not names.isdisjoint(self._refused):
            return Unfinished.REFUSED
        # Also with a Service that is gone: it takes denials along, and in some releases all rules.
        lent = denies and any(self._is_lent(address, name) for name in names)
        if len(names) > 1 or lent or self._takes_along:
            return Unfinished.SHARED
        return Unfinished.MOVED if any(address not in self._status[name] for name in names) else None

    def _of_removed(self, address: str, stood: Sequence[str]) -> Unfinished | None:
        if address in self._nodes or (is_private(address) and not self._nodes.isdisjoint(stood)):
            return Unfinished.NODES
        names = self._having.get(address, set())
        if not names:
            return None
        return Unfinished.LEFT if names.isdisjoint(self._refused) else Unfinished.REFUSED

    def _is_lent(self, address: str, name: str) -> bool:
        """Whether the public IP with this address was not made for this Service."""
        return self._made_for.get(address, self._prefixes[name]) != self._prefixes[name]
