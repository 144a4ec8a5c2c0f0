"""What Azure's health probes ask of each node, as requests that something else can make, and what explain expects."""

from collections.abc import Iterator

from kubectl_akslb.evidence.state import NodeState
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.service import IPFamily
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, Outcome, Reason
from kubectl_akslb.path.probe import answered, asked_of, speaks_proxy
from kubectl_akslb.path.probed import asks_health_check, asks_kube_proxy, asks_node_port, probe_of
from kubectl_akslb.path.rotation import NodeRotation, family_of, rotation

TCP = "TCP"
_LONGEST = 30
"""So many seconds Azure waits for an answer over HTTP, if the interval is no shorter."""

UNAVAILABLE = 503
_SAYS_503 = frozenset({Cause.NO_LOCAL_ENDPOINT, Cause.KUBE_PROXY_SAYS_DELETED})


class Request(NamedTuple):
    """One request: TCP connects, HTTP and HTTPS get *path*; an answer after *seconds* is none.

    *proxy_header*: the header of the proxy protocol stands before it.
    """

    scheme: str
    host: str
    number: int
    path: str = ""
    seconds: int = 5
    proxy_header: bool = False


class Expected(NamedTuple):
    """What explain expects of a request: whether it is answered as Azure needs it, None where explain cannot tell.

    *status* is None where the connection itself fails, or nobody can say.
    """

    answers: bool | None
    status: int | None
    because: Reason


class ProbeRequest(NamedTuple):
    """What Azure asks of *node*, for the Service ports in *ports*.

    *local*: it asks the node port of a Service whose traffic stays on the node: from a pod, and from the node itself,
    kube-proxy leads to the pods of other nodes too, and an answer proves nothing. *meant_out*: a node that answers 503
    is meant to be out of rotation.
    """

    request: Request
    node: str
    ports: tuple[int, ...]
    expected: Expected
    local: bool = False
    meant_out: bool = False


class NotAsked(NamedTuple):
    """A node, or a probe, of which nothing is asked, and why."""

    node: str
    because: Reason


class Requests(NamedTuple):
    """All that Azure's probes of one Service ask; *unprobed* are ports that it sends to without asking."""

    asked: tuple[ProbeRequest, ...]
    left_out: tuple[NotAsked, ...] = ()
    unprobed: tuple[int, ...] = ()


def requests_of(context: PathContext) -> Requests:
    """Each distinct request of the probes of a Service to each node of the pool; none where the nodes are not known."""
    found: dict[tuple[Request, str], ProbeRequest] = {}
    left_out: dict[tuple[str, Cause], NotAsked] = {}
    unprobed: list[int] = []
    for rule in context.derivation.load_balancing_rules:
        probe = probe_of(context.derivation, rule)
        if probe is None:
            unprobed.append(rule.frontend_port.value)
            continue
        for one in _of_rule(context, rule, probe):
            if isinstance(one, NotAsked):
                left_out.setdefault((one.node, one.because.cause), one)
                continue
            key = one.request, one.node
            known = found.get(key)
            ports = (*known.ports, *one.ports) if known is not None else one.ports
            found[key] = one._replace(ports=tuple(dict.fromkeys(ports)))
    return Requests(tuple(found.values()), tuple(left_out.values()), tuple(unprobed))


def _of_rule(context: PathContext, rule: LoadBalancingRule, probe: Probe) -> "Iterator[ProbeRequest | NotAsked]":
    service = context.service
    family = family_of(service, rule)
    number = probe.port.value
    port = asks_node_port(service, probe)
    hop = answered(asked_of(context, context.evidence, probe))
    if isinstance(number, Placeholder) or not number:
        cause = Cause.PORT_NOT_ALLOCATED if number else Cause.NO_NODE_PORT
        yield NotAsked("", Reason(cause, {"number": number}))
        return
    scheme = probe.protocol.value.upper()
    interval = probe.interval_in_seconds.value
    request = Request(
        scheme,
        "",
        number,
        probe.request_path.value if probe.request_path is not None and scheme != TCP else "",
        interval if scheme == TCP else min(interval, _LONGEST),
        speaks_proxy(context),
    )
    nodes = {one.name: one for one in context.evidence.nodes or ()}
    health = asks_health_check(service, probe)
    for row in rotation(context, rule) or ():
        address = _address(nodes.get(row.name), family)
        if row.member is False:
            yield NotAsked(row.name, row.because[-1])
        elif not address:
            yield NotAsked(row.name, Reason(Cause.NODE_HAS_NO_ADDRESS, {"node": row.name, "family": family}))
        else:
            expected = _expected(hop, row, scheme, by_kube_proxy=health or asks_kube_proxy(probe))
            local = service.is_local and port is not None and not health
            number_of_rule = (rule.frontend_port.value,)
            yield ProbeRequest(request._replace(host=address), row.name, number_of_rule, expected, local, health)


def _address(node: NodeState | None, family: IPFamily) -> str:
    """The node's address of this family, to which Azure sends; "" where it has none."""
    addresses = node.addresses if node is not None else ()
    return next((one for one in addresses if IPFamily.of(one) is family), "")


def _expected(hop: Hop, row: NodeRotation, scheme: str, *, by_kube_proxy: bool) -> Expected:
    """What is expected of one node: what keeps it out of rotation counts before what the application says."""
    if row.up is False:
        says = by_kube_proxy and scheme != TCP and row.because[-1].cause in _SAYS_503
        return Expected(False, UNAVAILABLE if says else None, row.because[-1])
    status = hop.because[0].facts.get("status")
    if hop.outcome is Outcome.DROP:
        return Expected(False, status if isinstance(status, int) else None, hop.because[0])
    if hop.outcome is Outcome.PASS and row.up:
        return Expected(True, None if scheme == TCP else 200, hop.because[0])
    return Expected(None, None, hop.because[0])
