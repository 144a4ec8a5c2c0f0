"""The hops in order, for each port and each group of clients; the verdict is a fold over them.

A verdict is only as good as its weakest hop: WORKS needs every hop to let the packet pass, and rests on what the least
sure of them rests on.
"""

from collections.abc import Iterable, Iterator, Sequence

from kubectl_akslb.azure.deviations import Deviation
from kubectl_akslb.azure.refusals import AzureRefusal
from kubectl_akslb.derive.addresses import Prefix
from kubectl_akslb.derive.intervals import Interval
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.service import IPV4, IPV6, LOCAL, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path import security_group
from kubectl_akslb.path.accepted import accepted_hop
from kubectl_akslb.path.address import address_hop
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.in_azure import frontend_hop, standing_rule_hop, with_standing_probe
from kubectl_akslb.path.node import no_local_pod, node_hop
from kubectl_akslb.path.other_services import as_it_stands, asked_hops
from kubectl_akslb.path.pod import pod_hop
from kubectl_akslb.path.policy import closed_nodes, policy_hop
from kubectl_akslb.path.pool import pool_hop
from kubectl_akslb.path.probe import probe_hop
from kubectl_akslb.path.probed import asks_node_port, probe_of
from kubectl_akslb.path.reconciled import KEEPING
from kubectl_akslb.path.remedy import Proposal, probe_remedy
from kubectl_akslb.path.rotation import family_of, rotation_hop, within_family
from kubectl_akslb.path.rule import rule_hop, rules_hop
from kubectl_akslb.path.settle import settled
from kubectl_akslb.path.sources import AZURE_PROBES
from kubectl_akslb.path.verdict import ClientGroup, ClientPath, Path, PortPath, Verdict, VerdictKind
from kubectl_akslb.path.way_back import way_back_hop

_NOT_DOWN = frozenset({HopName.ADDRESS, HopName.RULE, HopName.NODE, HopName.WAY_BACK})
"""What these drop is lost to clients, whatever becomes of the probes."""
_WORST = (Outcome.DROP, Outcome.UNKNOWN, Outcome.DEPENDS, Outcome.PASS)
_SURE = tuple(Confidence)


class _Blame(NamedTuple):
    """A hop that does not pass, and for whom."""

    hop: Hop
    ports: tuple[ServicePort, ...] = ()
    client: ClientPath | None = None


def walk(
    context: PathContext,
    refusals: Sequence[AzureRefusal] = (),
    deviations: Sequence[Deviation] = (),
) -> Path:
    """The path of a Service's packets, from what is derived for it and what is known beside it.

    *refusals* are Azure's, of what the provider sends; *deviations* are what stands otherwise than asked.
    """
    accepted = accepted_hop(context, refusals)
    if accepted.outcome is Outcome.DROP or context.derivation.load_balancer is None:
        unanswered = _unanswered(accepted, context)
        return Path(_stopped(accepted, unanswered), (accepted, *filter(None, (unanswered,))))
    groups = clients(context, deviations)
    common = (
        accepted,
        address_hop(context),
        *filter(None, (frontend_hop(context),)),
        rules_hop(context.derivation),
        pool_hop(context),
        *filter(None, (security_group.probes_hop(context.derivation, context.cluster),)),
        *filter(None, (security_group.shape_hop(context.derivation, context.cluster),)),
        *asked_hops(deviations, groups, internal=is_internal(context.service)),
        way_back_hop(context),
    )
    ports = port_paths(context)
    path = _settled(Path(Verdict(VerdictKind.WORKS, Confidence.CERTAIN), common, ports, groups), context.service)
    return path._replace(verdict=_fold(path))


def _settled(path: Path, service: Service) -> Path:
    """The path whose hops say what to do about them."""

    def each(hops: Iterable[Hop]) -> tuple[Hop, ...]:
        return tuple(settled(one, service) for one in hops)

    return path._replace(
        common=each(path.common),
        ports=tuple(one._replace(hops=each(one.hops)) for one in path.ports),
        clients=tuple(one._replace(hops=each(one.hops)) for one in path.clients),
    )


def _unanswered(accepted: Hop, context: PathContext) -> Hop | None:
    """That no pod answers at what Azure keeps: of pods a cluster says enough, whichever edit the provider refuses."""
    if not KEEPING.intersection(reason.cause for reason in accepted.because):
        return None
    hops = [pod_hop(context, context.evidence, port) for port in context.service.ports]
    none = hops and all(hop.outcome is Outcome.DROP for hop in hops)
    return settled(hops[0], context.service) if none else None


def _stopped(accepted: Hop, unanswered: Hop | None) -> Verdict:
    if unanswered is not None:
        found = _verdict(VerdictKind.DOWN, _Blame(unanswered))
        return found._replace(because=(*found.because, *accepted.because))
    ignored = any(reason.cause is Cause.NOT_AZURE for reason in accepted.because)
    return _verdict(VerdictKind.IGNORED if ignored else VerdictKind.PENDING, _Blame(accepted))


def service_port_of(service: Service, rule: LoadBalancingRule) -> ServicePort | None:
    """The Service port of a rule; None for the one rule of HA ports."""
    return service.ports[rule.service_port] if rule.service_port >= 0 else None


def port_paths(context: PathContext) -> tuple[PortPath, ...]:
    """The hops of each load-balancing rule that do not look at the client."""
    ports = tuple(_port(context, rule) for rule in context.derivation.load_balancing_rules)
    unserved = [no_local_pod(context, one.rule) for one in ports]
    if not all(unserved):  # else that is true of every client
        ports = tuple(
            one._replace(hops=_once((*one.hops, hop))) if hop is not None else one
            for one, hop in zip(ports, unserved, strict=True)
        )
    if all(one.hop(HopName.PROBE).outcome is Outcome.PASS for one in ports):
        return ports
    proposal = probe_remedy(context.service, context.cluster, context.evidence)
    return tuple(_with_remedy(one, proposal) for one in ports)


def _with_remedy(one: PortPath, proposal: Proposal) -> PortPath:
    """What is proposed for the probe of a port, with the hop that needs it."""
    remedy = proposal.remedy(one.port.port if one.port is not None else None)
    return one._replace(
        hops=tuple(
            hop._replace(remedy=remedy)
            if hop.name is HopName.PROBE and hop.outcome is not Outcome.PASS and hop.remedy is None
            else hop
            for hop in one.hops
        )
    )


def _port(context: PathContext, rule: LoadBalancingRule) -> PortPath:
    port = service_port_of(context.service, rule)
    context = context.where(within_family(context.evidence, context.service, rule))
    served = (port,) if port is not None else context.service.ports
    stands = standing_rule_hop(context, rule, port)
    unprobed = stands is not None and stands.name is HopName.PROBE
    hops = (
        *((stands,) if stands is not None else ()),
        rule_hop(context.derivation, context.cluster, rule),
        *(() if unprobed else (_probed(context, rule),)),
        *_denied(context, rule),
        *_closed_to_probes(context.derivation, context.evidence, rule),
        worst(pod_hop(context, context.evidence, one) for one in served),
    )
    return PortPath(port, rule, probe_of(context.derivation, rule), _once(hops))


def _once(hops: Sequence[Hop]) -> tuple[Hop, ...]:
    """The worst hop of each name, in the order of the path."""
    there = {hop.name for hop in hops}
    return tuple(worst(hop for hop in hops if hop.name is name) for name in HopName if name in there)


def _probed(context: PathContext, rule: LoadBalancingRule) -> Hop:
    """What becomes of the probe of *rule*: as it stands, where somebody has changed it in Azure."""

    def hop(asked: PathContext) -> Hop:
        return _rotated(probe_hop(asked, rule), rotation_hop(asked, rule))

    wanted = hop(context)
    standing = with_standing_probe(context, rule)
    if standing is None:
        return wanted
    changed, reason = standing
    stands = hop(PathContext(changed, context.cluster, context.evidence))
    if stands.outcome is Outcome.PASS and wanted.outcome is not Outcome.PASS:
        undone = Reason(Cause.UNTIL_RECONCILED)
        return wanted._replace(outcome=Outcome.DEPENDS, because=(reason, undone, *wanted.because))
    found = stands._replace(because=(reason, *stands.because))
    return settled(found, context.service) if wanted.outcome is Outcome.PASS else found


def _denied(context: PathContext, rule: LoadBalancingRule) -> tuple[Hop, ...]:
    """Whether a security group in Azure keeps out the probes of *rule*."""
    if context.evidence.azure is None or context.evidence.azure.security_groups is None:
        return ()
    from kubectl_akslb.path.rules_in_azure import probes_kept_out

    return probes_kept_out(context, rule)


def _closed_to_probes(derivation: Derivation, evidence: Evidence, rule: LoadBalancingRule) -> tuple[Hop, ...]:
    """Whether policies keep out the probes of *rule*, those that ask kube-proxy, or with Local the pods themselves.

    With Cluster those of a node port have the address of a node by then, as what clients send.
    """
    service, probe = derivation.service, probe_of(derivation, rule)
    if probe is None:
        return ()
    port = asks_node_port(service, probe)
    if port is None:
        closed = closed_nodes(service, evidence)
        return (closed._replace(name=HopName.PROBE),) if closed is not None else ()
    if not service.is_local:
        return ()
    hop = policy_hop(service, evidence, port, ClientGroup.PROBES)
    if hop.outcome is not Outcome.DROP:
        return ()
    facts = {**hop.because[0].facts, "source": AZURE_PROBES}
    reason = Reason(Cause.POLICIES_KEEP_OUT_PROBES, facts)
    remedy = hop.remedy._replace(reason=reason) if hop.remedy is not None else None
    return (hop._replace(name=HopName.PROBE, because=(reason,), remedy=remedy),)


def _rotated(answer: Hop, nodes: Hop | None) -> Hop:
    """Who answers the probe, and on which nodes, where those were read: the worse of the two decides."""
    if nodes is None or nodes.outcome is Outcome.PASS:
        # How many nodes are in rotation is of no interest where the answer takes them all out.
        told = nodes is not None and answer.outcome is Outcome.PASS
        return answer._replace(because=(*answer.because, *nodes.because)) if told and nodes is not None else answer
    return worst((answer, nodes))


def clients(context: PathContext, deviations: Sequence[Deviation] = ()) -> tuple[ClientPath, ...]:
    """The groups of clients that the hops tell apart, the widest first; none where nothing has a rule."""
    if not context.derivation.load_balancing_rules:
        return ()
    sources = as_it_stands(security_group.sources(context.derivation, context.cluster), deviations)
    if context.evidence.azure is not None and context.evidence.azure.security_groups is not None:
        from kubectl_akslb.path.rules_in_azure import in_azure

        sources = tuple(in_azure(one, context) for one in sources)
    if not is_internal(context.service):
        sources = security_group.with_network_as_public(sources)
    return tuple(_clients(context, sources))


def _clients(context: PathContext, sources: Sequence[security_group.SourceGroup]) -> Iterator[ClientPath]:
    for source in sources:
        hops = (
            source.hop,
            _at_the_node(context, source),
            _past_policies(context.derivation, context.evidence, source),
        )
        yield ClientPath(source.group, source.name, source.intended, hops)


def _at_the_node(context: PathContext, source: security_group.SourceGroup) -> Hop:
    """What nodes do with a group of clients: it is dropped where all ports of all its IP families are."""
    service, rules = context.service, context.derivation.load_balancing_rules
    of_range = source.prefix.family if source.prefix is not None else None
    by_family: dict[str, list[Hop]] = {}
    for rule in [one for one in rules if of_range in {None, family_of(service, one)}] or rules:
        hop = node_hop(context, rule, source.group, _seen(source, family_of(service, rule)), source.tag)
        by_family.setdefault(family_of(service, rule), []).append(hop)
    return _in_part([_in_part(hops) for hops in by_family.values()])


def _seen(source: security_group.SourceGroup, *families: str) -> Prefix | tuple[Interval, ...] | None:
    """The addresses of a group of clients as nodes and pods see them; None where nobody knows which they are."""
    if source.spans is None:
        return source.prefix
    bits = {128 if family == IPV6 else 32 for family in families or (IPV4,)}
    return tuple(span for span in source.spans if span[0] in bits)


def _in_part(hops: Sequence[Hop]) -> Hop:
    """The worst of some ports or families; that it drops depends on them where it does not for all of them."""
    found = worst(hops)
    everywhere = found.outcome is not Outcome.DROP or all(hop.outcome is Outcome.DROP for hop in hops)
    return found if everywhere else found._replace(outcome=Outcome.DEPENDS)


def _past_policies(derivation: Derivation, evidence: Evidence, source: security_group.SourceGroup) -> Hop:
    service = derivation.service
    who = (source.group, _seen(source, *service.ip_families), source.tag)
    if derivation.serves_pods:
        service = service._replace(external_traffic_policy=LOCAL)  # pods see the client itself there, too
    return worst(policy_hop(service, evidence, port, *who) for port in service.ports)


def worst(hops: Iterable[Hop]) -> Hop:
    """The hop that lets the least through, the first of equals; of those that pass, the least sure."""
    return min(hops, key=lambda hop: (_WORST.index(hop.outcome), -_SURE.index(hop.confidence)))


def deciding(client: ClientPath) -> Hop:
    """The hop that decides about a client: the first that drops, else the worst."""
    dropping = next((hop for hop in client.hops if hop.outcome is Outcome.DROP), None)
    return dropping or worst(client.hops)


def _fold(path: Path) -> Verdict:
    """What lets nobody through comes first, then what could not be read, then what depends."""
    everybody = tuple(client for client in path.clients if client.intended)
    if all(deciding(client).outcome is Outcome.DROP for client in path.clients):
        everybody = (*everybody, *(client for client in path.clients if not client.intended))
    for outcome in (Outcome.DROP, Outcome.UNKNOWN, Outcome.DEPENDS):
        blame = next(_blamed(path, everybody, outcome), None)
        if blame is not None:
            return _verdict(_kind(blame), blame)
    return _works(path, everybody)


def _blamed(path: Path, clients: Iterable[ClientPath], outcome: Outcome) -> Iterator[_Blame]:
    """The hops with this outcome: those that everybody meets, then by port, then by client."""
    yield from (_Blame(hop) for hop in path.common if hop.outcome is outcome)
    for name in HopName:
        found = [(one, hop) for one in path.ports for hop in one.hops if hop.name is name and hop.outcome is outcome]
        if found:
            every = len(found) == len(path.ports)
            ports = {one.port.index: one.port for one, _ in found if one.port is not None and not every}
            yield _Blame(found[0][1], tuple(ports.values()))
    for client in clients:
        hop = deciding(client)
        if hop.outcome is outcome:
            yield _Blame(hop, client=client)


def _kind(blame: _Blame) -> VerdictKind:
    if blame.hop.outcome is not Outcome.DROP:
        return VerdictKind.UNKNOWN if blame.hop.outcome is Outcome.UNKNOWN else VerdictKind.DEPENDS
    return VerdictKind.UNREACHABLE if blame.client is not None or blame.hop.name in _NOT_DOWN else VerdictKind.DOWN


def _verdict(kind: VerdictKind, blame: _Blame) -> Verdict:
    hop = blame.hop
    return Verdict(kind, hop.confidence, hop, hop.because, blame.ports, blame.client, hop.remedy, hop.verify)


def _works(path: Path, clients: Iterable[ClientPath]) -> Verdict:
    """Nothing stands in the way; as sure as the least sure hop. The reasons are those of the probes."""
    hops = [*path.common, *(hop for one in path.ports for hop in one.hops)]
    hops += [hop for client in clients for hop in client.hops]
    weakest = max((hop.confidence for hop in hops), key=_SURE.index)
    probes = {
        hop.because[0].cause: hop.because[0] for one in path.ports for hop in one.hops if hop.name is HopName.PROBE
    }
    return Verdict(VerdictKind.WORKS, weakest, None, tuple(probes.values()))
