"""Groups of clients as sets of addresses, and how much of one a list of ranges lets in."""

from collections.abc import Sequence

from kubectl_akslb.derive.addresses import Prefix
from kubectl_akslb.derive.intervals import Interval, address_interval, interval, intervals, merged, without
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.service import IPV4, IPV6
from kubectl_akslb.path.verdict import ClientGroup

AZURE_PROBES = "168.63.129.16"
AZURE_PROBES_IPV6 = "fe80::1234:5678:9abc"


class Share(Enum):
    """How much of a group of clients is let in; UNKNOWN where nobody knows which of these addresses they have."""

    ALL = "all"
    SOME = "some"
    NONE = "none"
    UNKNOWN = "unknown"


def share(clients: Sequence[Interval], allowed: Sequence[Interval]) -> Share:
    """How much of *clients* the ranges hold."""
    left = without(clients, allowed)
    if not left:
        return Share.ALL
    return Share.NONE if left == merged(clients) else Share.SOME


PRIVATE = intervals(("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
_LOCAL = intervals(("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "168.63.129.16/32"))
PUBLIC = (*without(intervals(("0.0.0.0/0",)), (*PRIVATE, *_LOCAL)), *intervals(("2000::/3",)))
_PROBES = (*address_interval(AZURE_PROBES), *address_interval(AZURE_PROBES_IPV6))
_NOT_PUBLIC_TAGS = frozenset({"virtualnetwork", "azureloadbalancer"})


def on_their_way_out(clients: Sequence[Interval]) -> tuple[Interval, ...]:
    """The addresses with which private *clients* come to a public one: some public ones of their families.

    Azure translates what goes out of a virtual network, even to a frontend in it: the security group sees the address
    of a NAT gateway, an outbound rule, a public IP or a firewall, and never one that the tag VirtualNetwork holds.
    """
    families = {bits for bits, _, _ in clients}
    return tuple(span for span in PUBLIC if span[0] in families)


def is_public_tag(tag: str) -> bool:
    """Whether all addresses of a service tag are public ones. The name of a tag is read without case."""
    return tag.strip().partition(".")[0].lower() not in _NOT_PUBLIC_TAGS | {""}


def spans_of(clients: "Prefix | tuple[Interval, ...]") -> tuple[Interval, ...]:
    """The addresses of a range, or of what is left of one."""
    return (interval(clients),) if isinstance(clients, Prefix) else clients


def let_in(
    allowed: Sequence[Interval],
    group: ClientGroup,
    prefix: "Prefix | tuple[Interval, ...] | None",
    families: Sequence[str],
    tag: str = "",
) -> Share:
    """How much of a group of clients *allowed* holds, for the *families* of the Service.

    *prefix* are the addresses of clients that are known. The addresses of a service tag, of a virtual network and of
    pods are some that nobody knows here: of them all are in if all that they can be are, none if none can.
    """
    if prefix is not None:
        return share(spans_of(prefix), allowed)
    if group is ClientGroup.PROBES:
        return share(_of_families(_PROBES, families), allowed)
    if group is ClientGroup.INTERNET:
        return share(_of_families(PUBLIC, families), allowed)
    if group is ClientGroup.SERVICE_TAG:
        if tag.strip().lower() == "azureloadbalancer":
            return share(_of_families(_PROBES, families), allowed)
        found = share(_of_families(PUBLIC if is_public_tag(tag) else (*PUBLIC, *PRIVATE), families), allowed)
    else:
        found = share(_of_families((*PRIVATE, *PUBLIC), families), allowed)
        if found is Share.SOME and share(_of_families(PRIVATE, families), allowed) is Share.ALL:
            found = Share.ALL
    return Share.UNKNOWN if found is Share.SOME else found


def _of_families(ranges: Sequence[Interval], families: Sequence[str]) -> tuple[Interval, ...]:
    bits = {32 if family == IPV4 else 128 for family in families or (IPV4,) if family in {IPV4, IPV6}}
    return tuple(one for one in ranges if one[0] in bits)
