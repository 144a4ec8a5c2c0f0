"""Who gets past the security groups that stand in Azure, with all the rules that others have put there."""

from collections.abc import Iterator, Sequence

from kubectl_akslb.azure.resources import INBOUND, NetworkSecurityGroup, Resources, group_of
from kubectl_akslb.azure.security_groups import INTERNET, VIRTUAL_NETWORK, Addresses
from kubectl_akslb.derive.intervals import Interval, cidrs, common, interval, intervals
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.security_group.shared_rules import NAME_PREFIX
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.command import Command, command, flag
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.service import IPV6, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.client import network_spans
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, Outcome, Reason, Remedy
from kubectl_akslb.path.rotation import family_of
from kubectl_akslb.path.security_group import SourceGroup
from kubectl_akslb.path.security_rules import Part, addresses_of, parts_of, probes_hops
from kubectl_akslb.path.sources import PRIVATE, PUBLIC
from kubectl_akslb.path.verdict import ClientGroup

_JUDGED = frozenset({Cause.OPEN, Cause.NO_SECURITY_RULE, Cause.RULES_DISABLED, Cause.DENIED})
"""What is derived of the provider's rules alone, and is decided by those that stand."""
_LOWEST, _HIGHEST, _FIRST_DEFAULT = 100, 4096, 65000
_EVERY_PORT = "*"


class _Judged(NamedTuple):
    """What becomes of a part of the clients at one port."""

    port: ServicePort
    part: Part


def in_azure(source: SourceGroup, context: PathContext) -> SourceGroup:
    """A group of clients as the security groups in Azure treat it; as it was derived, where they are not asked."""
    if source.hop.because[0].cause not in _JUDGED or not _is_asked(source, context.derivation):
        return source
    judged = tuple(_judged(source, context))
    if not judged:
        return source
    hop = _folded(source, judged, context.evidence.azure)
    if hop.outcome is Outcome.PASS or hop.because[0].cause not in _DENYING:
        return source._replace(hop=hop)
    ports = [one.port for one in judged if one.part.hop.outcome is not Outcome.PASS]
    wanted = _Packets(_word(source), _destinations(context.derivation, context.evidence), tuple(dict.fromkeys(ports)))
    return source._replace(hop=_with_rule(hop, context.service.name, wanted, context.evidence.azure))


_DENYING = frozenset({Cause.RULE_DENIES, Cause.RULE_DENIES_SOME, Cause.SECURITY_RULE_NOT_IN_AZURE})


#: No rule is proposed: the provider writes its own, and who denies a part may mean it.
_LEFT_CLOSED = frozenset({Cause.SECURITY_RULE_NOT_IN_AZURE, Cause.RULE_DENIES_SOME})


def _is_asked(source: SourceGroup, derivation: Derivation) -> bool:
    """Whether these clients come to a security group: pods and nodes do not, nor the internet to a private address."""
    internal = is_internal(derivation.service)
    if source.group in {ClientGroup.RANGE, ClientGroup.SERVICE_TAG}:
        return True
    return source.group is (ClientGroup.VIRTUAL_NETWORK if internal else ClientGroup.INTERNET)


def _judged(source: SourceGroup, context: PathContext) -> Iterator[_Judged]:
    service, azure = context.service, context.evidence.azure
    spans, tags = _addresses(source, context.derivation, azure)
    for rule in context.derivation.load_balancing_rules:
        bits = 128 if family_of(service, rule) == IPV6 else 32
        mine = Addresses(tuple(span for span in spans if span[0] == bits), tags)
        served = (service.ports[rule.service_port],) if rule.service_port >= 0 else service.ports
        for port in served if mine.spans else ():
            for part in parts_of(context, azure, rule, port, mine):
                yield _Judged(port, part)


def _addresses(
    source: SourceGroup, derivation: Derivation, azure: Resources | None
) -> tuple[tuple[Interval, ...], frozenset[str]]:
    """The addresses that a group of clients comes with, and the service tags that hold them all."""
    if source.prefix is not None:
        spans = (interval(source.prefix),)
        return (spans if is_internal(derivation.service) else common(spans, PUBLIC) or spans), frozenset()
    if source.tag:
        known = azure.prefixes_of(source.tag) if azure is not None else None
        return (intervals(known) if known is not None else PUBLIC), frozenset({source.tag.lower()})
    if source.group is ClientGroup.VIRTUAL_NETWORK:
        return network_spans(azure) or PRIVATE, frozenset({VIRTUAL_NETWORK})
    return PUBLIC, frozenset({INTERNET})


def _folded(source: SourceGroup, judged: Sequence[_Judged], azure: Resources | None) -> Hop:
    """What becomes of all of them: nothing passes, or only a part does, or something that is not known decides."""
    denied = [one for one in judged if one.part.hop.outcome is Outcome.DROP]
    if not denied:
        return min((one.part.hop for one in judged), key=lambda hop: hop.outcome is Outcome.PASS)
    first = denied[0].part.hop
    if len(denied) == len(judged):
        return _without_its_rule(source, first, azure)
    if first.because[0].cause is not Cause.RULE_DENIES:
        return first._replace(outcome=Outcome.DEPENDS)
    facts = {**first.because[0].facts, "what": _what(denied, judged)}
    return first._replace(outcome=Outcome.DEPENDS, because=(Reason(Cause.RULE_DENIES_SOME, facts),))


def _what(denied: Sequence[_Judged], judged: Sequence[_Judged]) -> tuple[str, ...]:
    """What is denied: whole ports, else addresses."""
    passing = {one.port for one in judged if one.part.hop.outcome is not Outcome.DROP}
    ports = dict.fromkeys(f"{one.port.protocol} {one.port.port}" for one in denied if one.port not in passing)
    return tuple(ports) or tuple(dict.fromkeys(text for one in denied for text in cidrs(one.part.spans)))


def _without_its_rule(source: SourceGroup, hop: Hop, azure: Resources | None) -> Hop:
    """What no rule of anybody lets in: then the provider's own rule is not where it should be."""
    name = str(source.hop.because[0].facts.get("rule", ""))
    priority = hop.because[0].facts.get("priority", 0)
    groups = azure.security_groups or () if azure is not None else ()
    there = any(rule.name.lower() == name.lower() for group in groups for rule in group.rules)
    own = _group(hop.because[0], azure)
    theirs = own is not None and (len(groups) == 1 or any(rule.name.startswith(NAME_PREFIX) for rule in own.rules))
    judged = source.hop.outcome is Outcome.PASS and isinstance(priority, int) and priority >= _FIRST_DEFAULT
    if there or not theirs or not judged:
        return hop
    return hop._replace(because=(Reason(Cause.SECURITY_RULE_NOT_IN_AZURE, {"rule": name}), *hop.because))


# The rule that lets them in


class _Packets(NamedTuple):
    """The packets that a rule is to let in."""

    source: str
    destinations: tuple[str, ...]
    ports: tuple[ServicePort, ...] = ()


def _word(source: SourceGroup) -> str:
    """A group of clients as a security rule names it."""
    words = {ClientGroup.INTERNET: "Internet", ClientGroup.VIRTUAL_NETWORK: "VirtualNetwork"}
    return words.get(source.group, source.name)


def _destinations(derivation: Derivation, evidence: Evidence) -> tuple[str, ...]:
    """Whither packets go behind the load balancer: the Service's address with floating IP, else the nodes."""
    floating = all(one.enable_floating_ip.value for one in derivation.load_balancing_rules)
    return addresses_of(derivation, evidence, evidence.azure) if floating else ("VirtualNetwork",)


def probes_kept_out(context: PathContext, rule: LoadBalancingRule) -> tuple[Hop, ...]:
    """The security groups that deny Azure's probes the port that a rule has probed, and the rule that lets them in."""
    wanted = _Packets("AzureLoadBalancer", (_EVERY_PORT,))
    found = probes_hops(context, rule)
    return tuple(_with_rule(hop, "probes", wanted, context.evidence.azure) for hop in found)


def _with_rule(hop: Hop, name: str, wanted: _Packets, azure: Resources | None) -> Hop:
    """*hop* with what lets the packets in: a rule before the one that denies them, where there is a number free."""
    reason = next((one for one in hop.because if "priority" in one.facts), hop.because[0])
    group = _group(reason, azure)
    if group is None:
        return hop
    listed = _listed(group)
    priority = _free(group, reason)
    if hop.because[0].cause in _LEFT_CLOSED or priority is None:
        return hop._replace(verify=listed)
    remedy = Remedy(reason=reason, command=_created(group, f"allow-{name}", priority, wanted))
    return hop._replace(remedy=remedy, verify=listed)


def _listed(group: NetworkSecurityGroup) -> Command:
    return command(
        "az",
        "network",
        "nsg",
        "rule",
        "list",
        flag("--resource-group", group_of(group.id)),
        flag("--nsg-name", group.name),
        "--include-default",
        "--output=table",
    )


def _group(reason: Reason, azure: Resources | None) -> NetworkSecurityGroup | None:
    """The security group that a reason names, with what it is attached to behind its name."""
    label = str(reason.facts.get("group", "")).rpartition(" (")[0]
    groups = azure.security_groups or () if azure is not None else ()
    return next((one for one in groups if one.name == label and one.id), None)


def _free(group: NetworkSecurityGroup, reason: Reason) -> int | None:
    """The highest free number before the rule that denies."""
    denies = reason.facts.get("priority", 0)
    taken = {one.priority for one in group.rules if one.direction == INBOUND}
    start = min(denies if isinstance(denies, int) else 0, _HIGHEST + 1) - 1
    return next((number for number in range(start, _LOWEST - 1, -1) if number not in taken), None)


def _created(group: NetworkSecurityGroup, name: str, priority: int, wanted: _Packets) -> Command:
    protocols = {one.protocol.capitalize() for one in wanted.ports}
    numbers = tuple(dict.fromkeys(str(one.port) for one in wanted.ports)) or (_EVERY_PORT,)
    return command(
        "az",
        "network",
        "nsg",
        "rule",
        "create",
        flag("--resource-group", group_of(group.id)),
        flag("--nsg-name", group.name),
        flag("--name", name),
        flag("--priority", str(priority)),
        "--access=Allow",
        flag("--protocol", protocols.pop() if len(protocols) == 1 else "*"),
        flag("--source-address-prefixes", wanted.source),
        flag("--destination-address-prefixes", wanted.destinations[0] if wanted.destinations else "*"),
        "--destination-port-ranges",
        *numbers,
    )
