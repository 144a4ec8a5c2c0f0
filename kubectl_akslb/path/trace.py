"""One walk for one client and one port: each hop in its order, the first that drops, and the way back.

There is no judgement here: the hops are those of the path. A client that is many addresses is traced in legs, one for
each part of them that a hop treats otherwise; what is said of all is the fold over the legs.
"""

from collections.abc import Iterable, Iterator, Sequence

from kubectl_akslb.azure.resources import Resources
from kubectl_akslb.azure.security_groups import Addresses
from kubectl_akslb.derive.intervals import Interval, address_interval, common, intervals, merged, without
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.service_gateway import check_not_served
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import Command, command
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.service import IPV6, IPFamily, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.client import Client, ClientKind
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.egress import egress_hop
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.node import node_hop
from kubectl_akslb.path.policy import opened_ranges, policy_hop
from kubectl_akslb.path.reconciled import KEEPING
from kubectl_akslb.path.rotation import family_of
from kubectl_akslb.path.security_group import beside_hop
from kubectl_akslb.path.security_rules import groups_of, parts_of
from kubectl_akslb.path.sources import PRIVATE, on_their_way_out
from kubectl_akslb.path.verdict import ClientGroup, Path, PortPath
from kubectl_akslb.path.walk import worst
from kubectl_akslb.path.way_back import routed_hop

_ORDER = tuple(HopName)
_NSG_FILE = command("az", "network", "nsg", "list", "--output", "json")


class Leg(NamedTuple):
    """A part of the client's addresses with the hops that it meets, in order."""

    spans: tuple[Interval, ...]
    hops: tuple[Hop, ...]

    @property
    def deciding(self) -> Hop:
        """The hop that decides: the first that drops, else the first that could not be read, else what depends."""
        for outcome in (Outcome.DROP, Outcome.UNKNOWN, Outcome.DEPENDS):
            found = next((hop for hop in self.hops if hop.outcome is outcome), None)
            if found is not None:
                return found
        return worst(self.hops)

    @property
    def reached(self) -> tuple[Hop, ...]:
        """The hops that the packet comes to: none behind the one that drops it."""
        ends = next((index for index, hop in enumerate(self.hops) if hop.outcome is Outcome.DROP), len(self.hops))
        return self.hops[: ends + 1]


class Assumption(NamedTuple):
    """What was taken for true, and the command that settles it."""

    reason: Reason
    settle: Command | None = None


class Trace(NamedTuple):
    """What becomes of the packets of one client.

    *sees* is whose address the pods see, in words that are stable: ``client``, ``node``, ``pod``. *every*: packets come
    from all addresses of the legs, else from some of them, and nobody knows which.
    """

    client: Client
    target: str
    port: int
    protocol: str
    legs: tuple[Leg, ...]
    sees: str = ""
    assumptions: tuple[Assumption, ...] = ()
    every: bool = True

    @property
    def outcome(self) -> Outcome:
        """PASS where all arrives, DROP where nothing does, DEPENDS where only a part does or a fact decides."""
        found = {leg.deciding.outcome for leg in self.legs}
        if len(found) == 1:
            return found.pop()
        return Outcome.UNKNOWN if found == {Outcome.UNKNOWN, Outcome.DROP} else Outcome.DEPENDS

    @property
    def is_split(self) -> bool:
        """Whether a part gets there, and another part does not."""
        return len({leg.deciding.outcome for leg in self.legs}) > 1

    @property
    def leg(self) -> Leg:
        """The leg that is shown first: what does not arrive."""
        order = (Outcome.DROP, Outcome.UNKNOWN, Outcome.DEPENDS, Outcome.PASS)
        return min(self.legs, key=lambda leg: order.index(leg.deciding.outcome))

    @property
    def settle(self) -> Command | None:
        """The one command that settles what is not certain."""
        if self.outcome in {Outcome.DEPENDS, Outcome.UNKNOWN}:
            own = next((leg.deciding.verify for leg in self.legs if leg.deciding.verify is not None), None)
            if own is not None:
                return own
        return next((one.settle for one in self.assumptions if one.settle is not None), None)


class Subject(PathContext):
    """A Service with its path, which one client takes."""

    __slots__ = ("path",)

    def __init__(self, derivation: Derivation, cluster: Cluster, evidence: Evidence, path: Path) -> None:
        super().__init__(derivation, cluster, evidence)
        self.path = path

    @property
    def azure(self) -> Resources | None:
        """What really stands in Azure, None where nobody asked."""
        return self.evidence.azure


def service_port(service: Service, word: str) -> ServicePort:
    """The port of a Service by its number, its name, or ``53/udp``; AkslbError with those that there are."""
    name, slash, protocol = word.partition("/")
    found = [
        one
        for one in service.ports
        if (str(one.port) == name or (one.name and one.name == name))
        and (not slash or one.protocol.lower() == protocol.lower())
    ]
    listed = ", ".join(f"{one.port}/{one.protocol}" + (f" ({one.name})" if one.name else "") for one in service.ports)
    if not word:
        raise AkslbError(f"which port of {service.name}?", hint=f"svc/NAME:PORT, and it has {listed or 'none'}")
    if len(found) > 1:
        raise AkslbError(f"{service.name} has port {name} for several protocols", hint=f"name one of {listed}")
    if not found:
        raise AkslbError(f"{service.name} has no port {word[:40]!r}", hint=f"it has {listed or 'none'}")
    return found[0]


def trace_service(subject: Subject, client: Client, port: ServicePort) -> Trace:
    """The walk of a client's packets to a port of a Service."""
    check_not_served(subject.cluster, "the way of one client")
    service = subject.service
    target = f"svc/{service.name}:{port.port}"
    stopped = subject.path.common[0]
    if not subject.path.ports and _hop_of(subject.path, HopName.ADDRESS) is None:
        if KEEPING.intersection(reason.cause for reason in stopped.because):
            stopped = stopped._replace(outcome=Outcome.DEPENDS)  # what Azure keeps may let it in
        return Trace(
            client, target, port.port, port.protocol, (Leg(client.spans, (stopped, *subject.path.common[1:])),)
        )
    legs: list[Leg] = []
    left = client.spans
    for one in subject.path.ports:
        if one.port is not None and one.port.index != port.index:
            continue
        bits = 128 if family_of(service, one.rule) == IPV6 else 32
        mine = tuple(span for span in left if span[0] == bits)
        left = tuple(span for span in left if span[0] != bits)
        if mine or not client.spans:
            legs += (
                _inside(subject, client, one, port, mine)
                if client.is_inside
                else _outside(subject, client, one, port, mine)
            )
    no_rule = _hop_of(subject.path, HopName.RULE)
    if not legs and no_rule is not None and no_rule.outcome is Outcome.DROP:
        legs.append(Leg(client.spans, (stopped, no_rule)))
    elif left and not (legs and client.chooses) and client.kind is not ClientKind.INTERNET:
        family = IPV6 if left[0][0] == 128 else "IPv4"
        reason = Reason(Cause.NO_ADDRESS_OF_FAMILY, {"family": family})
        hop = Hop(HopName.ADDRESS, Outcome.DROP, Confidence.CERTAIN, (reason,))
        legs.append(Leg(left, (stopped, hop)))
    legs = list(_together(legs))
    translated = any(reason.cause is Cause.SEEN_AS_PUBLIC for leg in legs for hop in leg.hops for reason in hop.because)
    seen, assumed = _seen(client, service), _assumed(subject, client, legs)
    every = client.every and not translated
    return Trace(client, target, port.port, port.protocol, tuple(legs), seen, assumed, every)


def _hop_of(path: Path, name: HopName) -> Hop | None:
    return next((hop for hop in path.common if hop.name is name), None)


def _seen(client: Client, service: Service) -> str:
    if service.is_local:
        return "pod" if client.kind is ClientKind.POD else "node" if client.kind is ClientKind.NODE else "client"
    return "node"


def _outside(
    subject: Subject, client: Client, one: PortPath, port: ServicePort, spans: tuple[Interval, ...]
) -> Iterator[Leg]:
    """From outside of the cluster: by the load balancer."""
    before = [*_before(subject.path)]
    for mine, hop, tags in _at_the_address(subject.service, client, spans):
        at_address = [*before, *one.hops, *((hop,) if hop is not None else ())]
        if hop is not None and hop.outcome is Outcome.DROP:
            yield Leg(mine, _ordered(at_address))
            continue
        for part in parts_of(subject, subject.azure, one.rule, port, Addresses(mine, tags)):
            for piece in _pieces(subject, one.rule, port, part.spans):
                node = node_hop(subject, one.rule, ClientGroup.RANGE, piece)
                policy = policy_hop(subject.service, subject.evidence, port, ClientGroup.RANGE, piece)
                yield Leg(piece, _ordered((*at_address, part.hop, node, policy, _way_back(subject, piece))))


def _before(path: Path) -> Iterator[Hop]:
    """The hops that hold for every packet; what the security groups do, and the way back, each client is asked."""
    for hop in path.common:
        if hop.name is HopName.SECURITY_GROUP:
            denied = any(reason.cause is Cause.PROBES_DENIED for reason in hop.because)
            yield from (hop,) if denied else ()
        elif hop.name is not HopName.WAY_BACK and (hop.name is not HopName.RULE or hop.outcome is not Outcome.PASS):
            yield hop


def _at_the_address(
    service: Service, client: Client, spans: tuple[Interval, ...]
) -> Iterator[tuple[tuple[Interval, ...], Hop | None, frozenset[str]]]:
    """With which addresses packets come to the frontend, and what is to be said about that."""
    # A virtual network can have public addresses of its own: Azure translates them all the same.
    private = spans if client.kind is ClientKind.VIRTUAL_NETWORK else common(spans, PRIVATE)
    public = without(spans, private)
    if is_internal(service):
        if private:
            yield private, None, client.tags
        if public:
            sure = client.kind is ClientKind.INTERNET
            cause = Cause.PRIVATE_ADDRESS if sure else Cause.PUBLIC_TO_PRIVATE
            outcome = Outcome.DROP if sure else Outcome.DEPENDS
            reason = Reason(cause, {"item": client.name})
            yield public, Hop(HopName.ADDRESS, outcome, Confidence.DOCUMENTED, (reason,)), client.tags
        return
    if public:
        yield public, None, client.tags
    if private:
        hop = Hop(HopName.ADDRESS, Outcome.PASS, Confidence.DOCUMENTED, (Reason(Cause.SEEN_AS_PUBLIC),))
        yield on_their_way_out(private), hop, frozenset({"internet"})


def _pieces(
    subject: Subject, rule: LoadBalancingRule, port: ServicePort, spans: tuple[Interval, ...]
) -> Iterator[tuple[Interval, ...]]:
    """*spans* in the parts that kube-proxy and the policies of the pods tell apart."""
    service = subject.service
    sets: list[tuple[Interval, ...]] = []
    if rule.enable_floating_ip.value:
        sets.append(intervals(service.load_balancer_source_ranges))
    if service.is_local and subject.evidence.policies:
        sets += opened_ranges(service, subject.evidence, port)
    pieces = [merged(spans)]
    for one in sets:
        pieces = [part for piece in pieces for part in (common(piece, one), without(piece, one)) if part]
    yield from pieces


def _inside(
    subject: Subject, client: Client, one: PortPath, port: ServicePort, spans: tuple[Interval, ...]
) -> Iterator[Leg]:
    """From a pod or a node of the cluster: kube-proxy on its own node takes it, and no load balancer is asked."""
    service = subject.service
    group = ClientGroup.PODS if client.kind is ClientKind.POD else ClientGroup.NODES
    accepted = [hop for hop in subject.path.common if hop.name in {HopName.ACCEPTED, HopName.ADDRESS}]
    node = node_hop(subject, one.rule, group, spans or None)
    sender = client.sender
    if not service.is_local and client.kind is ClientKind.POD:
        addresses = next((each.addresses for each in subject.evidence.nodes or () if each.name == client.node), ())
        own = next((address for address in addresses if IPFamily.of(address) is family_of(service, one.rule)), "")
        sender = sender._replace(address=own, namespace="", labels={}) if sender is not None else None
    policy = policy_hop(service, subject.evidence, port, group, spans or None, sender=sender)
    pod = next(hop for hop in one.hops if hop.name is HopName.POD)
    hops = [*accepted, beside_hop(), node, policy, pod]
    if client.kind is ClientKind.POD:
        to = _endpoints(subject, port)
        where = service.namespace or subject.evidence.objects.namespace
        hops.append(egress_hop(client, subject.evidence, to, f"svc/{service.name}", port.protocol, where))
    yield Leg(spans, _ordered(hops))


def _target(port: ServicePort) -> int | str:
    return port.target_port if port.target_port is not None else port.port


def _endpoints(subject: Subject, port: ServicePort) -> tuple[tuple[Interval, ...], frozenset[int]]:
    """The addresses of the pods behind a Service, and the numbers of the port there; () where they are not known."""
    known = subject.evidence.endpoints or ()
    spans = tuple(span for one in known for address in one.addresses for span in address_interval(address))
    numbers = frozenset(number for one in known for number in one.numbers(port))
    target = _target(port)
    return spans, numbers or (frozenset({target}) if isinstance(target, int) else frozenset())


def _way_back(subject: Subject, spans: Sequence[Interval]) -> Hop:
    """The answer, by the routes of the nodes' subnet where they were given, else by what is known of the cluster."""
    routed = routed_hop(subject.derivation, subject.azure, spans)
    known = _hop_of(subject.path, HopName.WAY_BACK)
    assumed = Hop(HopName.WAY_BACK, Outcome.PASS, Confidence.ASSUMED, (Reason(Cause.ANSWER_RETURNS),))
    return routed or known or assumed


def _ordered(hops: Iterable[Hop]) -> tuple[Hop, ...]:
    """The hops in the order of the path, the worst of each name."""
    by_name: dict[HopName, list[Hop]] = {}
    for hop in hops:
        by_name.setdefault(hop.name, []).append(hop)
    return tuple(_one(by_name[name]) for name in _ORDER if name in by_name)


def _one(hops: Sequence[Hop]) -> Hop:
    """The hop that lets the least through; where all let it pass, with the reasons of all."""
    found = worst(hops)
    if found.outcome is not Outcome.PASS or len(hops) == 1:
        return found
    return found._replace(because=tuple(reason for hop in hops for reason in hop.because))


def _together(legs: Sequence[Leg]) -> Iterator[Leg]:
    """The legs with the same hops as one."""
    if len(legs) < 2:
        yield from (Leg(merged(leg.spans), leg.hops) for leg in legs)
        return
    found: dict[tuple[object, ...], list[Leg]] = {}
    for leg in legs:
        key = tuple((hop.name, hop.outcome, tuple((r.cause, repr(r.facts)) for r in hop.because)) for hop in leg.hops)
        found.setdefault(key, []).append(leg)
    for same in found.values():
        yield Leg(merged(span for leg in same for span in leg.spans), same[0].hops)


def _assumed(subject: Subject, client: Client, legs: Sequence[Leg]) -> tuple[Assumption, ...]:
    """What was taken for true on the way, each once."""
    found: dict[Cause, Assumption] = {}
    met = any(hop.name is HopName.SECURITY_GROUP for leg in legs for hop in leg.reached)
    if met and not client.is_inside and groups_of(subject.derivation, subject.cluster, subject.azure).assumed:
        found[Cause.SECURITY_RULES_ASSUMED] = Assumption(Reason(Cause.SECURITY_RULES_ASSUMED), _NSG_FILE)
    for leg in legs:
        for hop in leg.reached:
            if hop.outcome is Outcome.PASS and hop.confidence in {Confidence.ASSUMED, Confidence.UNREAD}:
                reason = hop.because[-1]
                found.setdefault(reason.cause, Assumption(reason, hop.verify))
    return tuple(found.values())


def on_connection(trace: Trace, words: Sequence[str]) -> Trace:
    """The same walk, with these words in every command of kubectl."""
    if not words:
        return trace

    def asked(found: Command | None) -> Command | None:
        return found.on(words) if found is not None else None

    legs = tuple(
        leg._replace(hops=tuple(hop._replace(verify=asked(hop.verify)) for hop in leg.hops)) for leg in trace.legs
    )
    assumptions = tuple(one._replace(settle=asked(one.settle)) for one in trace.assumptions)
    return trace._replace(legs=legs, assumptions=assumptions)
