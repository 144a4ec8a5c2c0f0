"""The answer: with floating IP the node sends it from the frontend's address, by the routes of its subnet.

A connection that idles is cut after the rule's timeout, with a TCP reset where the rule sends one and silently where
not, which stops no new one; and a node of the pool that calls its own internal frontend from outside of Kubernetes may
be sent to itself, and drops that.
"""

from collections.abc import Sequence

from kubectl_akslb.azure.resources import Resources, Route
from kubectl_akslb.derive.addresses import parse_cidr
from kubectl_akslb.derive.intervals import Interval, intervals, without
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.precedence import setting
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.outbound_profile import USER_DEFINED_ROUTING
from kubectl_akslb.model.service import IPV4, IPV6
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.routes import DEFAULT_ROUTES, tables_of_nodes
from kubectl_akslb.path.sources import PUBLIC

_TYPE = "outbound.outbound_type"
_DIRECT = frozenset({"internet", "vnetlocal"})


def way_back_hop(context: PathContext) -> Hop:
    """Whether the answer gets back. A default route to a firewall takes it away from clients on the internet."""
    kind = context.cluster.outbound.outbound_type
    origin = setting(context.cluster, _TYPE, "networkProfile.outboundType", kind)
    if is_internal(context.service):
        return Hop(HopName.WAY_BACK, Outcome.PASS, Confidence.DOCUMENTED, (Reason(Cause.HAIRPIN),))
    bits = {128 if family == IPV6 else 32 for family in context.service.ip_families or (IPV4,)}
    routed = routed_hop(context.derivation, context.evidence.azure, [span for span in PUBLIC if span[0] in bits])
    if routed is not None:
        return routed
    if kind == USER_DEFINED_ROUTING:
        reason = Reason(Cause.ANSWER_THROUGH_FIREWALL, {"type": kind}, origin)
        return Hop(HopName.WAY_BACK, Outcome.DEPENDS, Confidence.DOCUMENTED, (reason,), verify=DEFAULT_ROUTES)
    return Hop(
        HopName.WAY_BACK, Outcome.PASS, Confidence.DOCUMENTED, (Reason(Cause.ANSWER_RETURNS, {"type": kind}, origin),)
    )


def routed_hop(derivation: Derivation, azure: Resources | None, spans: Sequence[Interval]) -> Hop | None:
    """The answer to these addresses by the routes of the nodes' subnets; None where no route table is known."""
    tables = tables_of_nodes(azure)
    if not tables or is_internal(derivation.service):
        return None
    found = {_route_to(span, [route for table in tables for route in table.routes]) for span in spans}
    routes = [one for one in found if one is not None]
    if not routes:
        return Hop(HopName.WAY_BACK, Outcome.PASS, Confidence.OBSERVED, (Reason(Cause.ANSWER_RETURNS),))
    lost = [one for one in routes if one.next_hop_type.lower() not in _DIRECT]
    best = (lost or routes)[0]
    facts = {"route": best.name, "prefix": best.prefix, "next_hop": best.next_hop or best.next_hop_type}
    facts["id"] = next(table.id for table in tables if best in table.routes)
    cause = Cause.ANSWER_LOST_BY_ROUTE if lost else Cause.ANSWER_BY_ROUTE
    outcome = Outcome.PASS if not lost else Outcome.DROP if len(lost) == len(found) else Outcome.DEPENDS
    return Hop(HopName.WAY_BACK, outcome, Confidence.OBSERVED, (Reason(cause, facts),))


def _route_to(span: Interval, routes: Sequence[Route]) -> Route | None:
    """The route that takes all of these addresses, the longest prefix first."""
    inside = [one for one in routes if (held := intervals((one.prefix,))) and not without((span,), held)]
    return max(inside, key=_length, default=None)


def _length(route: Route) -> int:
    return parse_cidr(route.prefix).length
