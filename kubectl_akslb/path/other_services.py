"""What the other Services of the cluster make of the rules of this one: who is let in or kept out otherwise than asked.

What stands in Azure is certain: the rules are those of the last Service that was reconciled. Where another one has to
come last for that, it depends.
"""

from collections.abc import Iterator, Sequence

from kubectl_akslb.azure.deviations import Deviation, DeviationKind
from kubectl_akslb.derive.security_group.source_ranges import INTERNET
from kubectl_akslb.derive.state.azure import UNKNOWN_NODES
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason, Remedy
from kubectl_akslb.path.security_group import SourceGroup
from kubectl_akslb.path.verdict import ClientGroup, ClientPath
from kubectl_akslb.provider.version import NEWEST, OLDEST

CAUSES = {
    DeviationKind.NOT_LET_IN: Cause.NOT_LET_IN,
    DeviationKind.NOT_KEPT_OUT: Cause.NOT_KEPT_OUT,
    DeviationKind.LET_IN_UNASKED: Cause.LET_IN_UNASKED,
    DeviationKind.KEPT_OUT_UNASKED: Cause.KEPT_OUT_UNASKED,
    DeviationKind.PROBES_DENIED: Cause.PROBES_DENIED_BY_OTHERS,
    DeviationKind.NOT_SERVED: Cause.NOT_SERVED,
    DeviationKind.FOREIGN_FRONTEND: Cause.FOREIGN_FRONTEND,
    DeviationKind.PUBLIC_THOUGH_INTERNAL: Cause.PUBLIC_NOT_INTERNAL,
}
"""What the last one comes to is told by the hop of the address too."""

_OWN_ADDRESS = "give it an address of its own"
_BOTH_FAMILIES = "name everybody in both IP families: 0.0.0.0/0 and ::/0"
_RANGE = "name a range too: without one, service tags alone deny nobody"
_FLOATING_IP = "keep the floating IP of {others}, or let it do without deny-all"


def asked_hops(deviations: Sequence[Deviation], clients: Sequence[ClientPath], *, internal: bool) -> Iterator[Hop]:
    """What holds for whoever comes: each kind once, the worst first."""
    for kind, name in _COMMON.items():
        found = next((one for one in deviations if one.kind is kind and matters(one, clients)), None)
        if found is not None:
            hop = _hop(found, name, _outcome(found) if kind in _DROPPING else Outcome.DEPENDS)
            yield hop._replace(because=reasons_of(found, internal=internal))


def _outcome(one: Deviation) -> Outcome:
    """What becomes of the packets that it is about."""
    return Outcome.DEPENDS if one.last or one.partly else Outcome.DROP


def matters(one: Deviation, clients: Sequence[ClientPath]) -> bool:
    """Whether it makes a difference: a denial that is lost does none where kube-proxy keeps the same clients out."""
    if one.kind is not DeviationKind.NOT_KEPT_OUT:
        return True
    network = [client for client in clients if client.group is ClientGroup.VIRTUAL_NETWORK]
    reasons = (reason.cause for client in network for hop in client.hops[1:] for reason in hop.because)
    return _BY_KUBE_PROXY.isdisjoint(reasons)


_BY_KUBE_PROXY = frozenset({Cause.SOME_IN_SOURCE_RANGES, Cause.NOT_IN_SOURCE_RANGES})

_COMMON = {
    DeviationKind.PROBES_DENIED: HopName.SECURITY_GROUP,
    DeviationKind.NOT_SERVED: HopName.RULE,
    DeviationKind.NOT_KEPT_OUT: HopName.SECURITY_GROUP,
    DeviationKind.LET_IN_UNASKED: HopName.SECURITY_GROUP,
    DeviationKind.FOREIGN_FRONTEND: HopName.RULE,
}
_DROPPING = frozenset({DeviationKind.PROBES_DENIED, DeviationKind.NOT_SERVED})


def as_it_stands(sources: Sequence[SourceGroup], deviations: Sequence[Deviation]) -> tuple[SourceGroup, ...]:
    """The groups of clients as the rules of all Services treat them."""
    lost = {one.clients for one in deviations if one.kind is DeviationKind.NOT_LET_IN}
    found = [_changed(source, deviations) for source in sources]
    if lost and INTERNET not in lost:  # ranges are named whose rules are gone
        found = [one._replace(intended=one.intended and one.group is not ClientGroup.INTERNET) for one in found]
    known = {source.name for source in sources}
    for one in deviations:
        if one.kind is DeviationKind.NOT_LET_IN and one.clients not in known and one.clients != INTERNET:
            known.add(one.clients)
            group = ClientGroup.RANGE if "/" in one.clients else ClientGroup.SERVICE_TAG
            found.insert(1, SourceGroup(group, one.clients, intended=True, hop=_client_hop(one)))
    return tuple(found)


def _changed(source: SourceGroup, deviations: Sequence[Deviation]) -> SourceGroup:
    for one in deviations:
        if one.kind is DeviationKind.NOT_LET_IN and source.intended and one.clients == _named(source):
            return source._replace(hop=_client_hop(one))
        if source.group is not ClientGroup.VIRTUAL_NETWORK:
            continue
        if one.kind is DeviationKind.KEPT_OUT_UNASKED:
            return source._replace(hop=_client_hop(one))
        if one.kind is DeviationKind.NOT_KEPT_OUT and source.hop.outcome is not Outcome.PASS:
            return source._replace(hop=_hop(one, HopName.SECURITY_GROUP, Outcome.PASS))
    return source


def _named(source: SourceGroup) -> str:
    return INTERNET if source.group is ClientGroup.INTERNET else source.name


def _client_hop(one: Deviation) -> Hop:
    return _hop(one, HopName.SECURITY_GROUP, _outcome(one))


def reasons_of(one: Deviation, *, internal: bool) -> tuple[Reason, ...]:
    """What is otherwise than asked, and of a denial that is lost at a public address what comes of it."""
    if one.kind is DeviationKind.NOT_KEPT_OUT and not internal:
        return reason_of(one), Reason(Cause.OPEN_BY_DEFAULT_ROUTE, origin=one.origin)
    return (reason_of(one),)


def reason_of(one: Deviation) -> Reason:
    """What is otherwise than asked, as facts."""
    where = ""
    if one.others and one.kind not in _OF_OTHERS:
        where = f", which {_listed(one.others)} {'has' if len(one.others) == 1 else 'have'} too"
    when = f", once {one.last} is reconciled after it" if one.last else ""
    facts = {**one._asdict(), "where": where, "when": when, "others": one.others, "address": _address(one)}
    facts["value"] = one.origin.raw
    return Reason(CAUSES[one.kind], facts, one.origin)


def _address(one: Deviation) -> str:
    """The address; of one that only a cluster knows what is known of it."""
    if one.address in UNKNOWN_NODES.values():
        return "the nodes"
    if isinstance(one.address, Placeholder) and not one.others:
        return "its IPv6 address" if one.address.lower().endswith("-ipv6>") else "its address"
    return one.address


_OF_OTHERS = frozenset({DeviationKind.KEPT_OUT_UNASKED, DeviationKind.PROBES_DENIED})


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:3])} and {len(names) - 3} more" if len(names) > 3 else " and ".join(names)


def advice(one: Deviation) -> str:
    """What ends it, and which releases of the provider make it; "" where nothing is known."""
    ends = _OWN_ADDRESS if one.others else _RANGE if one.kind is DeviationKind.NOT_KEPT_OUT else ""
    if one.kind is DeviationKind.NOT_LET_IN and one.clients == INTERNET and one.partly and not one.others:
        ends = _BOTH_FAMILIES
    if one.kind is DeviationKind.PROBES_DENIED:
        ends = _FLOATING_IP.format(others=_listed(one.others))
    return "; ".join(filter(None, (ends, releases_of(one))))


def releases_of(one: Deviation) -> str:
    """The releases that make it, and those that do not any more."""
    dates = one.releases
    if dates is None:
        return ""
    if dates.first == OLDEST and not dates.mended:
        return "every known provider does this"
    since = f"providers do this since {dates.first}"
    return f"{since}, but for {_and(dates.mended)} and later" if dates.mended else f"{since}, and {NEWEST} still does"


def _and(versions: Sequence[ProviderVersion]) -> str:
    texts = [str(version) for version in versions]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _hop(one: Deviation, name: HopName, outcome: Outcome) -> Hop:
    sure = Confidence.DOCUMENTED if one.kind in _OF_OTHERS else Confidence.CERTAIN
    text = advice(one)
    remedy = Remedy(reason=Reason(Cause.REMEDY, {"text": text}, one.origin)) if text else None
    return Hop(name, outcome, sure, (reason_of(one),), remedy)
