"""What the rules of network security groups do with packets, exactly: by priority, the first that matches decides.

A set of packets is asked about at once: all addresses of a client, to one destination and port. A rule that holds a
part of the addresses decides about that part, and the rest goes on to the next. What cannot be told (the ranges of a
service tag, the members of an application security group, an address that only Azure knows) is a doubt: the packets go
on, and what is said in the end names the rules that may have decided before.

https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works: inbound the group of the subnet
is asked first, then that of the network card; both must let it in. A subnet or card without a group lets everything in.
"""

from collections.abc import Callable, Iterable, Sequence

from kubectl_akslb.azure.resources import ALLOW, ANY, INBOUND, NetworkSecurityGroup, NsgRule
from kubectl_akslb.derive.addresses import AddressError
from kubectl_akslb.derive.intervals import Interval, common, interval_of, without
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.named_tuple import NamedTuple

INTERNET, VIRTUAL_NETWORK, LOAD_BALANCER = "internet", "virtualnetwork", "azureloadbalancer"
PROBES = "168.63.129.16"
_EVERY = (ANY, "any")
_NODE_PORTS = (30000, 32767)


class Access(Enum):
    """What becomes of packets; DEPENDS: something that is not known decides."""

    ALLOW = "allow"
    DENY = "deny"
    DEPENDS = "depends"


class Doubt(Enum):
    """Why it cannot be told whether a rule matches."""

    SERVICE_TAG = "service tag"
    VIRTUAL_NETWORK = "virtual network"
    APPLICATION_SECURITY_GROUP = "application security group"
    ADDRESS = "address"
    PORT = "port"


class Addresses(NamedTuple):
    """The addresses on one side of packets.

    *spans* are all that they can be. *tags* are names of service tags that all of them belong to, in lower case;
    *names* is how a rule may name them as a whole (an address that only Azure knows). *groups* are the ids, in lower
    case, of the application security groups that they are in, None where that is not known.
    """

    spans: tuple[Interval, ...]
    tags: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    groups: frozenset[str] | None = None


class Packets(NamedTuple):
    """Packets of one direction, protocol and destination port, from any source port.

    *port* is a text where only a cluster knows it: then a rule may name it by the same text.
    """

    sources: Addresses
    destinations: Addresses
    port: int | str
    protocol: str = "Tcp"
    direction: str = INBOUND


class TagRanges(NamedTuple):
    """What service tags stand for: *sure* is certainly in, *possible* may be, anything else is not."""

    sure: tuple[Interval, ...] = ()
    possible: tuple[Interval, ...] = ()


Tags = Callable[[str], TagRanges]
"""The ranges of a service tag by its name in lower case."""


class RuleMatch(NamedTuple):
    """A rule that decides about a part of the packets.

    *sources* are that part. *before* are rules that may decide earlier, with the reason of the doubt; *access* is what
    becomes of the packets, whichever of them it is.
    """

    rule: NsgRule | None
    access: Access
    sources: tuple[Interval, ...]
    before: tuple[tuple[NsgRule, Doubt], ...] = ()


def evaluate(rules: Iterable[NsgRule], packets: Packets, tags: Tags) -> tuple[RuleMatch, ...]:
    """What becomes of packets by these rules: for each part of their sources the rule that decides."""
    left: list[tuple[tuple[Interval, ...], tuple[tuple[NsgRule, Doubt], ...]]] = [(packets.sources.spans, ())]
    found: list[RuleMatch] = []
    for rule in sorted(rules, key=lambda one: one.priority):
        if not left:
            break
        elsewhere = _beside_sources(rule, packets, tags)
        if elsewhere is False:
            continue
        going_on = []
        for spans, before in left:
            inside, possible, doubt = _of_sources(rule, packets.sources, spans, tags)
            if isinstance(elsewhere, Doubt):
                possible, inside, doubt = (*possible, *inside), (), doubt or elsewhere
            if inside:
                found.append(RuleMatch(rule, _together(rule, before), inside, before))
            if possible:
                going_on.append((possible, (*before, (rule, doubt or Doubt.ADDRESS))))
            outside = without(spans, (*inside, *possible))
            if outside:
                going_on.append((outside, before))
        left = going_on
    found += (RuleMatch(None, _undecided(before), spans, before) for spans, before in left)
    return tuple(found)


def rules_of(group: NetworkSecurityGroup) -> tuple[NsgRule, ...]:
    """The rules of a group with its default rules."""
    return (*group.rules, *group.default_rules)


def _together(rule: NsgRule, before: Sequence[tuple[NsgRule, Doubt]]) -> Access:
    if any(one.access != rule.access for one, _ in before):
        return Access.DEPENDS
    return Access.ALLOW if rule.access == ALLOW else Access.DENY


def _undecided(before: Sequence[tuple[NsgRule, Doubt]]) -> Access:
    """No rule is left: Azure's last default rule denies, so nothing gets there but by a list that lacks it."""
    return Access.DEPENDS if any(one.access == ALLOW for one, _ in before) else Access.DENY


def _beside_sources(rule: NsgRule, packets: Packets, tags: Tags) -> bool | Doubt:
    """Whether a rule is about the packets but for their sources: True, False, or the doubt."""
    if rule.direction != packets.direction or rule.protocol.lower() not in {ANY, packets.protocol.lower()}:
        return False
    ports = _of_ports(rule.destination_ports, packets.port)
    if ports is False or not any(_is_every(one) for one in rule.source_ports):
        # From which port a client sends, it chooses anew each time: a rule that names one lets some of it pass.
        return Doubt.PORT if ports is not False else False
    destinations = _of_destinations(rule, packets.destinations, tags)
    return destinations if ports is True or destinations is False else ports


def _of_ports(listed: Iterable[str], port: int | str) -> bool | Doubt:
    """Whether ``443``, ``8000-9000`` or ``*`` has a port."""
    possible = False
    for one in listed:
        if _is_every(one) or one == port:
            return True
        first, dash, last = one.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            continue
        lowest, highest = int(first), int(last or first)
        if isinstance(port, int):
            if lowest <= port <= highest:
                return True
        elif lowest <= _NODE_PORTS[0] and highest >= _NODE_PORTS[1]:
            return True
        else:
            possible = possible or (lowest <= _NODE_PORTS[1] and highest >= _NODE_PORTS[0])
    return Doubt.PORT if possible else False


def _is_every(ports: str) -> bool:
    return ports.strip() in {ANY, "0-65535"}


def _of_destinations(rule: NsgRule, asked: Addresses, tags: Tags) -> bool | Doubt:
    if rule.destination_groups:
        return _in_groups(rule.destination_groups, asked)
    inside, possible, doubt = _covered(rule.destinations, asked, asked.spans, tags)
    if not without(asked.spans, inside):
        return True
    return (doubt or Doubt.ADDRESS) if possible or inside else False


def _of_sources(
    rule: NsgRule, asked: Addresses, spans: tuple[Interval, ...], tags: Tags
) -> tuple[tuple[Interval, ...], tuple[Interval, ...], Doubt | None]:
    """Of *spans* what a rule certainly holds, what it may hold, and why that is not certain."""
    if rule.source_groups:
        member = _in_groups(rule.source_groups, asked)
        if isinstance(member, Doubt):
            return (), spans, member
        return (spans, (), None) if member else ((), (), None)
    return _covered(rule.sources, asked, spans, tags)


def _in_groups(groups: Sequence[str], asked: Addresses) -> bool | Doubt:
    if asked.groups is None:
        return Doubt.APPLICATION_SECURITY_GROUP
    return any(one.lower() in asked.groups for one in groups)


def _covered(
    prefixes: Sequence[str], asked: Addresses, spans: tuple[Interval, ...], tags: Tags
) -> tuple[tuple[Interval, ...], tuple[Interval, ...], Doubt | None]:
    """Of *spans* what the prefixes certainly hold, what they may hold, and why that is not certain."""
    sure: list[Interval] = []
    possible: list[Interval] = []
    doubt: Doubt | None = None
    for prefix in prefixes:
        text = prefix.strip().lower()
        if text in _EVERY or text in asked.names or _is_tagged(text, asked.tags):
            return spans, (), None
        try:
            held = TagRanges(sure=(interval_of(text),))
            why = Doubt.ADDRESS
        except AddressError:
            held = tags(text)
            why = Doubt.VIRTUAL_NETWORK if text == VIRTUAL_NETWORK else Doubt.SERVICE_TAG
            if text.startswith("<"):
                why = Doubt.ADDRESS
        sure += held.sure
        if held.possible and common(spans, held.possible):
            doubt = doubt or why
            possible += held.possible
    inside = common(spans, sure)
    return inside, without(common(spans, possible), inside) if possible else (), doubt


def _is_tagged(tag: str, tags: frozenset[str]) -> bool:
    """Whether addresses of *tags* are all in *tag*: it is one of them, or one of them is its part for a region."""
    return tag in tags or any(one.partition(".")[0] == tag for one in tags)
