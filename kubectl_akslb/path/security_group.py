"""Who gets past the network security group, and whom the Service means to serve.

The rules are the provider's (certain). That the virtual network passes to an internal address unless a rule denies it,
that an unmatched packet from elsewhere does not, and that the destination is the frontend's address with floating IP
and the node's without, is what Azure documents of its security groups. Whoever calls a public address comes with a
public one, from the virtual network too, and the default rule for that says nothing about it.
"""

from collections.abc import Iterator, Mapping, Sequence

from kubectl_akslb.azure.service_tags import is_documented
from kubectl_akslb.derive.addresses import AddressError, Prefix, parse_cidr
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.intervals import Interval, interval
from kubectl_akslb.derive.load_balancer.rules import uses_ha_ports
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.readers import is_true
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled
from kubectl_akslb.derive.security_group.source_ranges import INTERNET, access_control
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import command
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.provenance import Origin
from kubectl_akslb.model.service import IPV6, IPFamily, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason, Remedy
from kubectl_akslb.path.sources import PRIVATE, PUBLIC, Share, is_public_tag, share
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

_ANYWHERE = frozenset({"0.0.0.0/0", "::/0", INTERNET, "*"})
ALLOW = "Allow"
_PROBES = "azureloadbalancer"
"""The service tag of Azure's probes: clients keep their own addresses on the way through a load balancer."""
_WAYS_OUT = command(
    "az", "network", "public-ip", "list", "--query=[].{name:name,address:ipAddress,of:ipConfiguration.id}", "--output",
    "table",
)  # fmt: skip
"""The public addresses that a virtual machine can have on its way out are among these."""
_RULE_LIST = command(
    "az", "network", "nsg", "rule", "list", "--resource-group", "GROUP", "--nsg-name", "NSG", "--include-default",
    "--output", "table",
)  # fmt: skip


class SourceGroup(NamedTuple):
    """A group of clients at the security group; *prefix* is the range that it is, None for groups that are none.

    *spans* are the addresses that nodes and pods can see of it, where these are others than its own; else None.
    """

    group: ClientGroup
    name: str
    intended: bool
    hop: Hop
    prefix: Prefix | None = None
    spans: tuple[Interval, ...] | None = None

    @property
    def tag(self) -> str:
        """The service tag that it is, or ""."""
        return self.name if self.group is ClientGroup.SERVICE_TAG else ""

    @property
    def origin(self) -> Origin | None:
        """Where it is named."""
        return self.hop.because[0].origin if self.hop.because else None


def sources(derivation: Derivation, cluster: Cluster) -> tuple[SourceGroup, ...]:
    """The groups of clients that the security rules tell apart, the widest first."""
    allowing = [rule for rule in derivation.security_rules if rule.access.value == ALLOW]
    denying = [rule for rule in derivation.security_rules if rule.access.value != ALLOW]
    internal = is_internal(derivation.service)
    if derivation.serves_pods:
        return tuple(_of_container_load_balancer(derivation, cluster))
    named = tuple(_named(derivation, cluster, allowing))
    asked_for = any(one.intended for one in named)
    internet = _internet(derivation, cluster, allowing, named_only=asked_for)
    pods = SourceGroup(ClientGroup.PODS, ClientGroup.PODS.value, intended=False, hop=beside_hop())
    if not internal:
        return with_network_as_public((internet, *_to_public(named), pods))
    network = _virtual_network(derivation, cluster, allowing, denying, intended=not asked_for)
    return (internet, *map(_to_private, named), network, pods)


def beside_hop() -> Hop:
    """Pods and nodes that call the frontend of their own cluster: kube-proxy beside them takes the packet."""
    return Hop(HopName.RULE, Outcome.PASS, Confidence.DOCUMENTED, (Reason(Cause.BESIDE_LOAD_BALANCER),))


def with_network_as_public(sources: Sequence[SourceGroup]) -> tuple[SourceGroup, ...]:
    """The *sources* of a public address with the virtual network among them, as it stands now, before the pods.

    Its clients come with some public address: they get in where everybody does, else by a range or tag that holds it.
    """
    others = [one for one in sources if one.group is not ClientGroup.VIRTUAL_NETWORK]
    network = _seen_as_public([one for one in others if one.group is not ClientGroup.PODS])
    at = next((index for index, one in enumerate(others) if one.group is ClientGroup.PODS), len(others))
    return (*others[:at], network, *others[at:])


def _seen_as_public(others: Sequence[SourceGroup]) -> SourceGroup:
    group, seen = ClientGroup.VIRTUAL_NETWORK, Reason(Cause.SEEN_AS_PUBLIC)
    internet = next(one.hop for one in others if one.group is ClientGroup.INTERNET)
    of_some = [one for one in others if one.group is not ClientGroup.INTERNET and _holds_public(one)]
    hop = internet._replace(because=(seen, *internet.because))
    if internet.outcome is Outcome.DROP and of_some:
        which = Reason(Cause.PUBLIC_IN_RANGES, {"items": tuple(one.name for one in of_some)}, of_some[0].origin)
        hop = Hop(HopName.SECURITY_GROUP, Outcome.DEPENDS, Confidence.DOCUMENTED, (seen, which), verify=_WAYS_OUT)
    if hop.confidence is Confidence.CERTAIN:
        hop = hop._replace(confidence=Confidence.DOCUMENTED)
    return SourceGroup(group, group.value, intended=False, hop=hop._replace(remedy=None), spans=PUBLIC)


def _holds_public(one: SourceGroup) -> bool:
    """Whether somebody with a public address gets in as one of this range or service tag."""
    if one.hop.outcome is Outcome.DROP:
        return False
    return is_public_tag(one.tag) if one.prefix is None else share((interval(one.prefix),), PUBLIC) is not Share.NONE


def _of_container_load_balancer(derivation: Derivation, cluster: Cluster) -> Iterator[SourceGroup]:
    """Nothing is written into the security group, whatever the Service asks for; the default rules remain."""
    group = ClientGroup.INTERNET
    reason = Reason(Cause.NO_RULE_BY_GATEWAY)
    hop = Hop(HopName.SECURITY_GROUP, Outcome.UNKNOWN, Confidence.UNREAD, (reason,), verify=_RULE_LIST)
    internet = SourceGroup(group, group.value, intended=True, hop=hop)
    if not is_internal(derivation.service):
        yield from with_network_as_public((internet,))
        return
    yield internet
    yield _virtual_network(derivation, cluster, (), (), intended=False)


def probes_hop(derivation: Derivation, cluster: Cluster) -> Hop | None:
    """Whether Azure's health probes reach the nodes: the default rule AllowAzureLoadBalancerInBound, unless denied.

    None where nothing is probed but pods by Kubernetes itself.
    """
    if derivation.serves_pods:
        return None
    denials = (rule for rule in derivation.security_rules if rule.access.value != ALLOW)
    denying = next((rule for rule in denials if not _misses(derivation, cluster, rule)), None)
    if denying is not None and floating_ip_disabled(Context(derivation.service, cluster)):
        facts = {"rule": denying.name.value}
        return _hop(Outcome.DROP, Cause.PROBES_DENIED, facts, denying.access.origin, Confidence.DOCUMENTED)
    return _hop(Outcome.PASS, Cause.OPEN, {"rule": "AllowAzureLoadBalancerInBound"}, None, Confidence.DOCUMENTED)


def shape_hop(derivation: Derivation, cluster: Cluster) -> Hop | None:
    """What is wrong with the security rules as a whole, for whoever comes; None where nothing is."""
    if derivation.serves_pods:
        return None
    context = Context(derivation.service, cluster)
    if floating_ip_disabled(context) and uses_ha_ports(context):
        origin = annotation(context.service, keys.DISABLE_FLOATING_IP)
        return _hop(Outcome.DEPENDS, Cause.RULES_FOR_NODES, {}, origin, Confidence.DOCUMENTED)
    dropped = _dropped_items(derivation, cluster)
    if dropped is not None:
        items, origin = dropped
        return _hop(Outcome.DEPENDS, Cause.BAD_RANGE_CLOSES, {"items": items}, origin)
    return None


def _dropped_items(derivation: Derivation, cluster: Cluster) -> tuple[str, Origin] | None:
    """The items of ranges for which the provider denies all others, and where they stand."""
    if not cluster.has(behaviours.ACCESS_CONTROL) or not cluster.has(behaviours.DENY_INVALID_RANGES):
        return None
    try:
        control = access_control(Context(derivation.service, cluster))
    except Refused:
        return None
    for ranges in control.all_ranges:
        if ranges.invalid:
            return ", ".join(repr(item) for item in ranges.invalid), ranges.origin
    return None


def _internet(
    derivation: Derivation, cluster: Cluster, allowing: Sequence[SecurityRule], *, named_only: bool
) -> SourceGroup:
    """The internet. It is meant to get in where the Service is public and names nobody."""
    service, group = derivation.service, ClientGroup.INTERNET
    rules = [rule for rule in allowing if any(one in _ANYWHERE for one in _that_can_come(service, rule))]
    internal = annotation(service, keys.INTERNAL)
    if is_internal(service):
        hop = _hop(Outcome.DROP, Cause.PRIVATE_ADDRESS, {}, internal, Confidence.DOCUMENTED)
        return SourceGroup(group, group.value, intended=False, hop=hop)
    if rules:
        return SourceGroup(group, group.value, intended=True, hop=_over_each_family(Context(service, cluster), rules))
    closed = annotation(service, keys.DISABLE_NSG_RULE)
    if internal.raw is not None and internal.raw.lower() == "true":
        hop = _hop(Outcome.DROP, Cause.NOT_EXACTLY_INTERNAL, {"value": internal.raw}, internal)
        hop = hop._replace(remedy=Remedy(((str(keys.INTERNAL), "true"),)))
        return SourceGroup(group, group.value, intended=not named_only, hop=hop)
    if is_true(closed) and cluster.has(behaviours.DISABLE_NSG_RULE):
        hop = _hop(Outcome.DEPENDS, Cause.RULES_DISABLED, {}, closed)
        return SourceGroup(group, group.value, intended=True, hop=hop)
    origin = allowing[0].sources.origin if allowing else None
    hop = _hop(Outcome.DROP, Cause.NO_SECURITY_RULE, {}, origin)
    return SourceGroup(group, group.value, intended=not named_only, hop=hop)


def _that_can_come(service: Service, rule: SecurityRule) -> Iterator[str]:
    """The sources of a rule, but for ranges of an IP family that the Service lacks: old releases write them all."""
    for source in rule.sources.value:
        family = _family_of_range(source)
        if family is None or not service.ip_families or family in service.ip_families:
            yield source


def _family_of_range(source: str) -> IPFamily | None:
    """The IP family of a range, None where it is a service tag or no range at all."""
    try:
        return parse_cidr(source).family if "/" in source else None
    except AddressError:
        return None


def _over_each_family(context: Context, rules: Sequence[SecurityRule]) -> Hop:
    """Open to the internet, or to that of one IP family: 0.0.0.0/0 holds no IPv6 address."""
    families = context.service.ip_families if context.has(behaviours.DUAL_STACK) else ()
    sources = {source for rule in rules for source in rule.sources.value}
    shut = [one for one in families if sources.isdisjoint({INTERNET, "*", IPFamily(one).whole})]
    if not shut or len(families) < 2:
        return _passes(rules[0])
    facts = {"rule": rules[0].name.value, "family": shut[0]}
    return _hop(Outcome.DEPENDS, Cause.OPEN_TO_ONE_FAMILY, facts, rules[0].sources.origin)


def _named(derivation: Derivation, cluster: Cluster, allowing: Sequence[SecurityRule]) -> Iterator[SourceGroup]:
    """The ranges and service tags that the Service names; rules that it shares with others hold only what it named."""
    seen: set[str] = set()
    for rule in allowing:
        for source in _that_can_come(derivation.service, rule):
            if source in seen or source in (INTERNET, "*"):
                continue
            seen.add(source)
            yield _range(rule, source) if "/" in source else _tag(rule, source)
    dropped = _dropped_items(derivation, cluster)
    if dropped is not None and not seen:
        hop = _hop(Outcome.DROP, Cause.BAD_RANGE_CLOSES, {"items": dropped[0]}, dropped[1])
        yield SourceGroup(ClientGroup.RANGE, dropped[0], intended=True, hop=hop)


def _to_private(source: SourceGroup) -> SourceGroup:
    """Clients with public addresses, of an address that is private: they need a network that joins the two."""
    if source.hop.outcome is not Outcome.PASS or (
        not is_public_tag(source.tag) if source.prefix is None else _in_private(source.prefix) is not Share.NONE
    ):
        return source
    origin = source.hop.because[0].origin
    hop = _hop(Outcome.DEPENDS, Cause.PUBLIC_TO_PRIVATE, {"item": source.name}, origin, Confidence.DOCUMENTED)
    return source._replace(hop=hop)


def _to_public(named: Sequence[SourceGroup]) -> tuple[SourceGroup, ...]:
    """Clients with private addresses, of an address that is public: on their way they get a public one.

    Beside public ranges they are there for the pods and nodes, whose packets do not leave the node.
    """
    let_in = [one for one in named if one.hop.outcome is not Outcome.DROP]
    if not all(map(_has_private_addresses, let_in)):
        return tuple(named)
    ranges = ", ".join(one.name for one in let_in)
    because = [Reason(Cause.PRIVATE_TO_PUBLIC, {"item": ranges}, one.hop.because[0].origin) for one in named]
    return tuple(
        one._replace(hop=Hop(HopName.SECURITY_GROUP, Outcome.DEPENDS, Confidence.DOCUMENTED, (reason,)))
        if one in let_in
        else one
        for one, reason in zip(named, because, strict=True)
    )


def _has_private_addresses(one: SourceGroup) -> bool:
    """Whether all clients of a range or a service tag have private addresses, as those of VirtualNetwork do."""
    if one.prefix is None:
        return not is_public_tag(one.tag)
    return _in_private(one.prefix) is Share.ALL


def _in_private(prefix: Prefix) -> Share:
    return share((interval(prefix),), PRIVATE)


def _range(rule: SecurityRule, source: str) -> SourceGroup:
    try:
        prefix = parse_cidr(source)
    except AddressError:
        hop = _hop(Outcome.DROP, Cause.NO_RANGE_OR_TAG, {"item": source}, rule.sources.origin, Confidence.DOCUMENTED)
        return SourceGroup(ClientGroup.RANGE, source, intended=True, hop=hop)
    return SourceGroup(ClientGroup.RANGE, source, intended=True, hop=_passes(rule), prefix=prefix)


def _tag(rule: SecurityRule, source: str) -> SourceGroup:
    if source.lower() == _PROBES:
        hop = _hop(
            Outcome.DROP, Cause.TAG_HOLDS_NO_CLIENT, {"item": source}, rule.sources.origin, Confidence.DOCUMENTED
        )
        return SourceGroup(ClientGroup.SERVICE_TAG, source, intended=False, hop=hop)
    if is_documented(source):
        return SourceGroup(ClientGroup.SERVICE_TAG, source, intended=True, hop=_passes(rule))
    if source:
        hop = _hop(
            Outcome.DEPENDS, Cause.TAG_NOT_DOCUMENTED, {"item": source}, rule.sources.origin, Confidence.DOCUMENTED
        )
        verify = command("az", "network", "list-service-tags", "--location", "westeurope", "--query", "values[].name")
        return SourceGroup(ClientGroup.SERVICE_TAG, source, intended=True, hop=hop._replace(verify=verify))
    hop = _hop(Outcome.DROP, Cause.NO_RANGE_OR_TAG, {"item": source}, rule.sources.origin, Confidence.DOCUMENTED)
    return SourceGroup(ClientGroup.RANGE, repr(source), intended=True, hop=hop)


def _virtual_network(
    derivation: Derivation,
    cluster: Cluster,
    allowing: Sequence[SecurityRule],
    denying: Sequence[SecurityRule],
    *,
    intended: bool,
) -> SourceGroup:
    group = ClientGroup.VIRTUAL_NETWORK
    beside = [rule for rule in denying if _misses(derivation, cluster, rule)]
    denying = [rule for rule in denying if rule not in beside]
    if denying and beside:
        facts = {"rule": denying[0].name.value, "family": IPV6}
        hop = _hop(Outcome.DEPENDS, Cause.DENIED_OVER_ONE_FAMILY, facts, denying[0].access.origin)
        return SourceGroup(group, group.value, intended, hop._replace(confidence=Confidence.DOCUMENTED))
    if not denying:
        hop = _hop(Outcome.PASS, Cause.OPEN, {"rule": "AllowVnetInBound"}, None, Confidence.DOCUMENTED)
        return SourceGroup(group, group.value, intended, hop)
    outcome = Outcome.DEPENDS if allowing else Outcome.DROP
    facts = {"rule": denying[0].name.value}
    hop = _hop(outcome, Cause.DENIED if not allowing else Cause.DENIED_BUT_RANGES, facts, denying[0].access.origin)
    asked = is_true(annotation(derivation.service, keys.DENY_ALL)) or not cluster.has(behaviours.ACCESS_CONTROL)
    return SourceGroup(group, group.value, intended and not (asked and allowing), hop)


def _misses(derivation: Derivation, cluster: Cluster, rule: SecurityRule) -> bool:
    """Whether a rule that denies names frontends, although the packets have a node's address: floating IP is off.

    Up to 1.28 each such rule does, and for an internal frontend over IPv6, which has no floating IP, also later ones.
    """
    service, lb = derivation.service, derivation.load_balancer
    if floating_ip_disabled(Context(service, cluster)):
        return not cluster.has(behaviours.SHARED_NSG_RULES)
    if lb is None or not is_internal(service):
        return False
    off = any(not one.enable_floating_ip.value for one in lb.load_balancing_rules)
    return off and all(":" in str(one) for one in rule.destinations.value)


def _passes(rule: SecurityRule) -> Hop:
    return _hop(Outcome.PASS, Cause.OPEN, {"rule": rule.name.value}, rule.sources.origin)


def _hop(
    outcome: Outcome,
    cause: Cause,
    facts: Mapping[str, object],
    origin: Origin | None,
    confidence: Confidence = Confidence.CERTAIN,
) -> Hop:
    return Hop(HopName.SECURITY_GROUP, outcome, confidence, (Reason(cause, facts, origin),))
