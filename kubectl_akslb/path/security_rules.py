"""The security rules that one client meets, by priority: those of Azure where they were given, else the provider's.

``path/security_group.py`` asks who gets in at all; here the packets of one client are evaluated, rule by rule.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from kubectl_akslb.azure import security_groups as nsg
from kubectl_akslb.azure.resources import (
    ALLOW,
    DEFAULT_RULES,
    DENY,
    OUTBOUND,
    NetworkSecurityGroup,
    NsgRule,
    Resources,
    name_of,
    same_id,
)
from kubectl_akslb.azure.security_groups import Access, Addresses, Packets, RuleMatch, TagRanges
from kubectl_akslb.derive.intervals import Interval, address_interval, common, intervals, merged
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.readers import is_true
from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled, opened_node_port
from kubectl_akslb.errors import assert_never
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import Command, command
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.provenance import Origin, Placeholder
from kubectl_akslb.model.service import Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.client import network_spans
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.probed import probe_of
from kubectl_akslb.path.rotation import family_of
from kubectl_akslb.path.sources import AZURE_PROBES, AZURE_PROBES_IPV6, PRIVATE, PUBLIC
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours as since

_PROBES = (*address_interval(AZURE_PROBES), *address_interval(AZURE_PROBES_IPV6))
_PROVIDER = "the provider's group"
_SCALE_SET = "/virtualmachinescalesets/"
_OUTCOMES = {Access.ALLOW: Outcome.PASS, Access.DENY: Outcome.DROP, Access.DEPENDS: Outcome.DEPENDS}
_NSG_LIST = command("az", "network", "nsg", "list", "--output", "json")
_TAG_LIST = command("az", "network", "list-service-tags", "--location", "westeurope", "--output", "json")
_NETWORK_LIST = command("az", "network", "vnet", "list", "--output", "json")


class Part(NamedTuple):
    """What becomes of a part of the client's addresses at the security groups."""

    spans: tuple[Interval, ...]
    hop: Hop


class Groups(NamedTuple):
    """The groups that a packet to or from a node meets: of its subnet, and of its card; None where there is none.

    Nodes can be in different subnets: there is a pair for each. *assumed*: the provider's rules stand for Azure's.
    """

    pairs: tuple[tuple[NetworkSecurityGroup | None, NetworkSecurityGroup | None], ...]
    assumed: bool = False


def parts_of(
    context: PathContext,
    azure: Resources | None,
    rule: LoadBalancingRule,
    port: ServicePort,
    sources: Addresses,
) -> tuple[Part, ...]:
    """What the security groups do with packets of *sources* that a load-balancing rule sends to the nodes."""
    groups = groups_of(context.derivation, context.cluster, azure)
    if groups.assumed and not groups.pairs:
        origin = annotation(context.service, keys.DISABLE_NSG_RULE)
        reason = Reason(Cause.RULES_DISABLED, {}, origin)
        hop = Hop(HopName.SECURITY_GROUP, Outcome.DEPENDS, Confidence.CERTAIN, (reason,), verify=_NSG_LIST)
        return (Part(sources.spans, hop),)
    packets = Packets(
        sources,
        _destination(context, azure, rule),
        _packet_port(context.service, rule, port),
        port.protocol,
    )
    origins = {one.name.value: one.sources.origin for one in context.derivation.security_rules}
    closed = not is_internal(context.service) and context.cluster.is_standard
    return evaluated(groups, packets, tags_of(azure, context.cluster, context.evidence), origins, closed=closed)


def _packet_port(service: Service, rule: LoadBalancingRule, port: ServicePort) -> int | str:
    """The port that packets have at the nodes; where only a cluster knows it, as the security rules call it."""
    if rule.enable_floating_ip.value:
        return port.port
    backend = rule.backend_port.value
    return opened_node_port(service, port) if isinstance(backend, Placeholder) else backend or port.port


def probes_hops(context: PathContext, rule: LoadBalancingRule) -> tuple[Hop, ...]:
    """Whether the security groups in Azure let its probes in to the port that a rule has probed."""
    azure = context.evidence.azure
    groups = groups_of(context.derivation, context.cluster, azure)
    probe = probe_of(context.derivation, rule)
    if groups.assumed or probe is None:
        return ()
    bits = 128 if family_of(context.service, rule) == "IPv6" else 32
    sources = Addresses(tuple(span for span in _PROBES if span[0] == bits), frozenset({nsg.LOAD_BALANCER}))
    nodes = _nodes(context.evidence, bits)
    packets = Packets(sources, Addresses(nodes, _IN_NETWORK), probe.port.value or 0)
    parts = evaluated(groups, packets, tags_of(azure, context.cluster, context.evidence), {}, closed=False)
    denied = [part.hop for part in parts if part.hop.outcome is not Outcome.PASS]
    return tuple(
        hop._replace(
            name=HopName.PROBE,
            because=tuple(one._replace(cause=_OF_PROBES.get(one.cause, one.cause)) for one in hop.because),
        )
        for hop in denied
    )


_OF_PROBES = {Cause.RULE_DENIES: Cause.PROBES_DENIED_BY_RULE}


def _nodes(evidence: Evidence, bits: int) -> tuple[Interval, ...]:
    known = (span for node in evidence.nodes or () for one in node.addresses for span in address_interval(one))
    return tuple(span for span in known if span[0] == bits) or tuple(one for one in PRIVATE if one[0] == bits)


def evaluated(
    groups: Groups, packets: Packets, tags: nsg.Tags, origins: Mapping[str, Origin], *, closed: bool
) -> tuple[Part, ...]:
    """What the groups of subnet and card do together, part by part; *closed*: without any group nothing passes."""
    outgoing = packets.direction == OUTBOUND
    found: list[list[Part]] = []
    for subnet, card in groups.pairs:
        order = (card, subnet) if outgoing else (subnet, card)
        named = [(one, _label(one, card)) for one in order if one is not None]
        parts = [Part(packets.sources.spans, _without_group(closed=closed))] if not named else []
        for group, label in named:
            matches = nsg.evaluate(nsg.rules_of(group), packets, tags)
            parts = list(_joined(parts, [_part(match, label, origins, groups) for match in matches]))
        found.append(parts)
    return tuple(_agreed(found))


def groups_of(derivation: Derivation | None, cluster: Cluster, azure: Resources | None) -> Groups:
    """The security groups of the nodes; without any that were given one with the rules that the provider writes."""
    if azure is not None and azure.security_groups is not None:
        return Groups(tuple(_attached(azure, cluster)))
    if derivation is None:
        return Groups(((NetworkSecurityGroup(_PROVIDER), None),), assumed=True)
    disabled = annotation(derivation.service, keys.DISABLE_NSG_RULE)
    if is_true(disabled) and cluster.has(since.DISABLE_NSG_RULE):
        return Groups((), assumed=True)
    rules = tuple(
        NsgRule(
            name=one.name.value,
            priority=one.priority.value,
            direction="Inbound",
            access=ALLOW if one.access.value == ALLOW else DENY,
            protocol=one.protocol.value,
            sources=one.sources.value,
            source_ports=("*",),
            destinations=one.destinations.value,
            destination_ports=one.destination_ports.value,
        )
        for one in derivation.security_rules
    )
    return Groups(((NetworkSecurityGroup(_PROVIDER, rules=rules), None),), assumed=True)


def _attached(
    azure: Resources, cluster: Cluster
) -> Iterator[tuple[NetworkSecurityGroup | None, NetworkSecurityGroup | None]]:
    """The pairs of groups of the nodes: a card's subnet is known where the cards were given, else any may be it."""
    groups = azure.security_groups or ()
    of_cards = [one for one in groups if any(_SCALE_SET in card.lower() for card in one.network_interfaces)]
    of_cards = of_cards or [one for one in groups if one.network_interfaces]
    of_subnets = [one for one in groups if one.subnets]
    cards = azure.network_interfaces or ()
    if cards:
        pairs = {}
        for card in cards:
            for address in card.configurations:
                subnet = azure.subnet(address.subnet)
                attached = subnet.security_group if subnet is not None else ""
                mine = next((one for one in groups if attached and same_id(one.id, attached)), None) or next(
                    (one for one in groups if any(same_id(each, address.subnet) for each in one.subnets)), None
                )
                own = azure.security_group(card.security_group)
                pairs[mine.id if mine else "", own.id if own else ""] = (mine, own)
        yield from pairs.values()
        return
    if "subnet_name" in cluster.given:
        of_subnets = [
            one
            for one in of_subnets
            if any(name_of(subnet).lower() == cluster.subnet_name.lower() for subnet in one.subnets)
        ] or of_subnets
    nothing: tuple[NetworkSecurityGroup | None, ...] = (None,)
    for group in of_subnets or nothing:
        for own in of_cards or nothing:
            yield group, own


def _label(group: NetworkSecurityGroup, card: NetworkSecurityGroup | None) -> str:
    if group.name == _PROVIDER:
        return _PROVIDER
    return f"{group.name} (network card)" if group is card else f"{group.name} (subnet)"


def _without_group(*, closed: bool) -> Hop:
    effect = "a public address of SKU Standard lets nothing in then" if closed else "everything passes"
    outcome = Outcome.DROP if closed else Outcome.PASS
    reason = Reason(Cause.NO_SECURITY_GROUP, {"effect": effect})
    return Hop(HopName.SECURITY_GROUP, outcome, Confidence.DOCUMENTED, (reason,), verify=_NSG_LIST)


def _part(match: RuleMatch, label: str, origins: Mapping[str, Origin], groups: Groups) -> Part:
    rule = match.rule
    name, priority = (rule.name, rule.priority) if rule is not None else ("DenyAllInBound", 65500)
    origin = origins.get(name) if groups.assumed else None
    sure = Confidence.OBSERVED
    if groups.assumed:
        sure = Confidence.DOCUMENTED if name in _DEFAULT_NAMES else Confidence.CERTAIN
    facts: dict[str, object] = {"rule": name, "priority": priority, "group": label}
    if match.access is Access.DEPENDS:
        first, doubt = match.before[0]
        facts.update(rule=first.name, priority=first.priority, doubt=doubt.value, other=f"{name} ({priority})")
        reason = Reason(Cause.RULE_UNDECIDED, facts, origin)
        verify = _settles(doubt)
        return Part(match.sources, Hop(HopName.SECURITY_GROUP, Outcome.DEPENDS, sure, (reason,), verify=verify))
    cause = Cause.RULE_LETS_IN if match.access is Access.ALLOW else Cause.RULE_DENIES
    hop = Hop(HopName.SECURITY_GROUP, _OUTCOMES[match.access], sure, (Reason(cause, facts, origin),))
    return Part(match.sources, hop)


_DEFAULT_NAMES = frozenset(one.name for one in DEFAULT_RULES)


def _settles(doubt: nsg.Doubt) -> Command:
    match doubt:
        case nsg.Doubt.SERVICE_TAG:
            return _TAG_LIST
        case nsg.Doubt.VIRTUAL_NETWORK:
            return _NETWORK_LIST
        case nsg.Doubt.APPLICATION_SECURITY_GROUP:
            return command("az", "network", "nic", "list", "--output", "json")
        case nsg.Doubt.ADDRESS | nsg.Doubt.PORT:
            return command("az", "network", "public-ip", "list", "--output", "json")
        case _:
            assert_never(doubt)


_WORST = (Outcome.DROP, Outcome.UNKNOWN, Outcome.DEPENDS, Outcome.PASS)


def _joined(before: Sequence[Part], after: Sequence[Part]) -> Iterator[Part]:
    """Both groups must let it in: the first that does not is what is said, else the rules of both."""
    if not before:
        yield from after
        return
    for one in before:
        for other in after:
            spans = common(one.spans, other.spans)
            if not spans:
                continue
            if one.hop.outcome is other.hop.outcome is Outcome.PASS:
                yield Part(spans, one.hop._replace(because=(*one.hop.because, *other.hop.because)))
            else:
                drops = one if one.hop.outcome is Outcome.DROP else None
                worse = drops or min((one, other), key=lambda part: _WORST.index(part.hop.outcome))
                yield Part(spans, worse.hop)


def _agreed(found: Sequence[Sequence[Part]]) -> Iterator[Part]:
    """What all nodes agree on; where their groups do not, it depends on the node."""
    parts = list(found[0]) if found else []
    for other in found[1:]:
        joined = []
        for one in parts:
            for each in other:
                spans = common(one.spans, each.spans)
                if not spans:
                    continue
                hop = one.hop
                if hop.outcome is not each.hop.outcome:
                    names = sorted({str(r.facts.get("group", "")) for h in (hop, each.hop) for r in h.because})
                    reason = Reason(Cause.SECURITY_GROUPS_DIFFER, {"group": tuple(names)})
                    hop = hop._replace(outcome=Outcome.DEPENDS, because=(reason, *hop.because, *each.hop.because))
                joined.append(Part(spans, hop))
        parts = joined
    yield from parts


def tags_of(azure: Resources | None, cluster: Cluster, evidence: Evidence) -> Callable[[str], TagRanges]:
    """What is known of service tags: Azure's own by what they mean, others by their list where it was given."""
    networks = network_spans(azure)
    addresses = (address for node in evidence.nodes or () for address in node.addresses)
    nodes = (span for address in addresses for span in address_interval(address))
    subnets = intervals(prefix for ranges in cluster.subnets.values() for prefix in ranges)
    routes = azure.route_tables or () if azure is not None else ()
    routed = intervals(one.prefix for table in routes for one in table.routes)
    known: dict[str, TagRanges] = {
        nsg.VIRTUAL_NETWORK: TagRanges(merged((*networks, *nodes, *subnets)), merged((*PRIVATE, *routed))),
        nsg.INTERNET: TagRanges(merged(PUBLIC)),
        nsg.LOAD_BALANCER: TagRanges(merged(_PROBES)),
    }

    def ranges(tag: str) -> TagRanges:
        if tag not in known:
            listed = azure.prefixes_of(tag) if azure is not None else None
            known[tag] = TagRanges(possible=_EVERYWHERE) if tag.startswith("<") else TagRanges(possible=PUBLIC)
            if listed is not None:
                known[tag] = TagRanges(merged(intervals(listed)))
        return known[tag]

    return ranges


_IN_NETWORK = frozenset({nsg.VIRTUAL_NETWORK})
_EVERYWHERE = ((32, 0, 2**32 - 1), (128, 0, 2**128 - 1))


def _destination(context: PathContext, azure: Resources | None, rule: LoadBalancingRule) -> Addresses:
    """The address that a packet has when it comes to a node: the frontend's with floating IP, else the node's."""
    bits = 128 if family_of(context.service, rule) == "IPv6" else 32
    if not rule.enable_floating_ip.value:
        names = frozenset(
            name.lower()
            for one in context.derivation.security_rules
            for name in one.destinations.value
            if floating_ip_disabled(context)
        )
        return Addresses(_nodes(context.evidence, bits), _IN_NETWORK, names)
    lb = context.derivation.load_balancer
    frontend = next(
        (f for f in (lb.frontend_ip_configurations if lb is not None else ()) if f.name.value == rule.frontend.value),
        None,
    )
    address = frontend.address if frontend is not None else ""
    # The provider's rules name the address as it is derived, those of Azure the one that there is.
    derived = groups_of(context.derivation, context.cluster, azure).assumed
    known = addresses_of(context.derivation, context.evidence, azure)
    stated = tuple(span for one in known for span in address_interval(one) if span[0] == bits)
    spans = stated or address_interval(address)
    kind = PRIVATE if is_internal(context.service) else PUBLIC
    tags = _IN_NETWORK if is_internal(context.service) else frozenset[str]()
    named = frozenset({address.lower()} - {""}) if derived else frozenset[str]()
    return Addresses(spans or tuple(one for one in kind if one[0] == bits), tags, named)


def addresses_of(derivation: Derivation, evidence: Evidence, azure: Resources | None) -> tuple[str, ...]:
    """The addresses of a Service: those of its status, else of the public IPs that are tagged with its name."""
    stated = evidence.addresses or derivation.service.ingress_ips
    if stated or azure is None:
        return tuple(stated)
    wanted = f"{derivation.service.namespace or 'default'}/{derivation.service.name}"
    return tuple(
        one.ip_address
        for one in azure.public_ips or ()
        if wanted in (one.tags or {}).get("k8s-azure-service", "").split(",") and one.ip_address
    )
