"""The other direction: from a pod to an address outside of the cluster, hop by hop."""

import re

from kubectl_akslb.azure import security_groups as nsg
from kubectl_akslb.azure.resources import OUTBOUND, Resources, Route, name_of, same_id
from kubectl_akslb.azure.security_groups import Addresses, Packets
from kubectl_akslb.derive.addresses import AddressError
from kubectl_akslb.derive.intervals import Interval, interval_of, intervals, without
from kubectl_akslb.derive.outbound.outbound import derive_outbound, way_out
from kubectl_akslb.derive.outbound.outbound_rule import NAT_GATEWAYS
from kubectl_akslb.derive.service_gateway import check_not_served
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import command
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.outbound_profile import BLOCK, LOAD_BALANCER, USER_DEFINED_ROUTING
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.service import IPFamily
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.client import Client
from kubectl_akslb.path.egress import egress_hop
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.routes import (
    VNET_LOCAL,
    is_one_address,
    networks_are_known,
    subnets_of_nodes,
    tables_of_nodes,
    takes_all,
    taking,
)
from kubectl_akslb.path.security_rules import evaluated, groups_of, tags_of
from kubectl_akslb.path.sources import PRIVATE, PUBLIC
from kubectl_akslb.path.trace import Assumption, Leg, Trace

_NAME = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?\.?\Z")
_ROUTES = command("az", "network", "route-table", "list", "--resource-group", "GROUP", "--output", "json")
_NETWORKS = command("az", "network", "vnet", "list", "--output", "json")
_NONE, _INTERNET = "none", "internet"
_DIRECT = frozenset({_INTERNET, VNET_LOCAL.lower()})
_PROFILE = command(
    "az", "aks", "show", "--resource-group", "GROUP", "--name", "NAME", "--query", "networkProfile.outboundType"
)


def parse_target(word: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT``; AkslbError where *word* is none."""
    host, colon, port = word.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    if not colon or not port.isdecimal() or len(port) > 5 or not 0 < int(port) <= 65535 or not host:
        raise AkslbError(
            f"{word[:80]!r} is no HOST:PORT", hint="write 203.0.113.7:443, example.com:443, or svc/NAME:PORT"
        )
    if host.endswith((".svc", ".svc.cluster.local")):
        raise AkslbError(f"{host[:80]} is a Service of the cluster", hint=f"write svc/{host.partition('.')[0]}:{port}")
    if _spans(host) is None and not _NAME.match(host):
        raise AkslbError(
            f"{host[:80]!r} is neither an address nor a name", hint="write 203.0.113.7:443 or example.com:443"
        )
    return host, int(port)


def _spans(host: str) -> tuple[Interval, ...] | None:
    try:
        return (interval_of(host),) if "/" not in host else None
    except AddressError:
        return None


def trace_outbound(
    client: Client, host: str, port: int, cluster: Cluster, evidence: Evidence, azure: Resources | None
) -> Trace:
    """The walk of what a pod sends to a host outside of the cluster."""
    check_not_served(cluster, "the way out of one pod")
    spans = _spans(host)
    to = spans or tuple(span for span in PUBLIC if span[0] == 32)
    groups = groups_of(None, cluster, azure)
    source = _source(client, evidence, to)
    packets = Packets(source, Addresses(to), port, direction=OUTBOUND)
    parts = evaluated(groups, packets, tags_of(azure, cluster, evidence), {}, closed=False)
    hops = [_sends(client, host), egress_hop(client, evidence, (spans or (), frozenset({port})), host)]
    out = _way(to, cluster, azure)
    back = Hop(HopName.WAY_BACK, Outcome.PASS, Confidence.DOCUMENTED, (Reason(Cause.ANSWER_RETURNS),))
    legs = tuple(Leg(part.spans, (*hops, part.hop, out, back)) for part in parts)
    assumed = []
    if groups.assumed:
        nsg_list = command("az", "network", "nsg", "list", "--output", "json")
        assumed.append(Assumption(Reason(Cause.SECURITY_RULES_ASSUMED), nsg_list))
    if spans is None:
        resolve = command("nslookup", host)
        assumed.append(Assumption(Reason(Cause.HOST_NOT_RESOLVED, {"host": host}), resolve))
    return Trace(client, f"{host}:{port}", port, "TCP", legs, "", tuple(assumed), spans is not None)


def _source(client: Client, evidence: Evidence, to: tuple[Interval, ...]) -> Addresses:
    """With which address it comes to the security group: the node's, for outside of the cluster pods are hidden.

    Of its addresses, that of the family of those that it calls.
    """
    families = {bits for bits, _, _ in to}
    addresses = next((one.addresses for one in evidence.nodes or () if one.name == client.node), ())
    known = intervals(f"{one}/{128 if ':' in one else 32}" for one in addresses)
    spans = tuple(span for span in known or client.spans or PRIVATE if span[0] in families)
    return Addresses(spans or PRIVATE, frozenset({nsg.VIRTUAL_NETWORK}))


def _sends(client: Client, host: str) -> Hop:
    spans = _spans(host) or ()
    if client.spans and spans and not {span[0] for span in client.spans} & {span[0] for span in spans}:
        facts = {"pod": client.name, "family": IPFamily.of(host)}
        return Hop(HopName.POD, Outcome.DROP, Confidence.OBSERVED, (Reason(Cause.SENDER_OF_OTHER_FAMILY, facts),))
    if client.ready:
        facts = {"pod": client.name, "reason": client.ready}
        return Hop(HopName.POD, Outcome.DROP, Confidence.OBSERVED, (Reason(Cause.SENDER_NOT_READY, facts),))
    facts = {"pod": client.name, "node": client.node or "its node"}
    return Hop(HopName.POD, Outcome.PASS, Confidence.OBSERVED, (Reason(Cause.SENDER_RUNS, facts),))


def _way(to: tuple[Interval, ...], cluster: Cluster, azure: Resources | None) -> Hop:
    """How it leaves: by a route that was given, within the network, or by the cluster's way out."""
    routed = _outside(to, azure) if without(to, PRIVATE) else _within(to, azure)
    if routed is not None:
        return routed
    outbound = derive_outbound(cluster)
    kind = outbound.outbound_type.value
    if kind == BLOCK:
        return _out(Outcome.DROP, Confidence.DOCUMENTED, Cause.NO_WAY_OUT, type=kind)
    by_gateway = _by_nat_gateway(azure)
    if by_gateway is not None and (kind != USER_DEFINED_ROUTING or tables_of_nodes(azure) is not None):
        return by_gateway
    path, address, _ = way_out(outbound, cluster)
    if kind == USER_DEFINED_ROUTING:
        return _out(Outcome.DEPENDS, Confidence.DOCUMENTED, Cause.FIREWALL_DECIDES, path=path.value)._replace(
            verify=_ROUTES
        )
    known = kind in {LOAD_BALANCER, *NAT_GATEWAYS}
    if not known:
        return _out(Outcome.DEPENDS, Confidence.ASSUMED, Cause.WAY_OUT_NOT_KNOWN)._replace(verify=_PROFILE)
    return _out(Outcome.PASS, Confidence.DOCUMENTED, Cause.LEAVES, path=path.value, address=address.value)


def _by_nat_gateway(azure: Resources | None) -> Hop | None:
    """By the NAT gateway that all subnets of the nodes have: it goes before any outbound rule of a load balancer.

    Documented: learn.microsoft.com/azure/nat-gateway/nat-overview.
    """
    gateways = {one.nat_gateway.lower() for one in subnets_of_nodes(azure)}
    if azure is None or len(gateways) != 1 or "" in gateways:
        return None
    (gateway,) = gateways
    seen = tuple(
        one.ip_address for one in azure.public_ips or () if same_id(one.nat_gateway, gateway) and one.ip_address
    )
    address = ", ".join(seen) or Placeholder("addresses of the NAT gateway")
    path = f"the NAT gateway {name_of(gateway)} of the nodes' subnet"
    return _out(Outcome.PASS, Confidence.OBSERVED, Cause.LEAVES, path=path, address=address)


def _within(to: tuple[Interval, ...], azure: Resources | None) -> Hop:
    """To private addresses: the virtual network's own route is longer than most that were meant for the internet."""
    found = taking(to, azure)
    own = found.user_defined
    kind = own.next_hop_type.lower() if own is not None else _INTERNET
    if found.best is not None and found.best.next_hop_type.lower() == VNET_LOCAL.lower():
        return _out(Outcome.PASS, Confidence.DOCUMENTED, Cause.STAYS_IN_NETWORK)
    if not networks_are_known(azure):
        if own is None or kind == _INTERNET:
            return _out(Outcome.PASS, Confidence.ASSUMED, Cause.STAYS_IN_NETWORK)._replace(verify=_NETWORKS)
        hop = _by_route(own, to)
        return hop if is_one_address(own) else hop._replace(outcome=Outcome.DEPENDS, verify=_NETWORKS)
    if own is None or kind == _INTERNET or (kind == _NONE and found.system is None):
        return _out(Outcome.DEPENDS, Confidence.DOCUMENTED, Cause.IN_NO_NETWORK)._replace(verify=_ROUTES)
    return _by_route(own, to)


def _outside(to: tuple[Interval, ...], azure: Resources | None) -> Hop | None:
    """By a user-defined route to addresses of the internet; None where none takes them away from the usual way out."""
    own = taking(to, azure).user_defined
    return _by_route(own, to) if own is not None and own.next_hop_type.lower() not in _DIRECT else None


def _by_route(route: Route, to: tuple[Interval, ...]) -> Hop:
    facts = {"route": route.name, "prefix": route.prefix, "next_hop": route.next_hop or route.next_hop_type}
    if route.next_hop_type.lower() == _NONE:
        outcome = Outcome.DROP if takes_all(route, to) else Outcome.DEPENDS
        return _out(outcome, Confidence.OBSERVED, Cause.ROUTE_DROPS, **facts)
    return _out(Outcome.DEPENDS, Confidence.OBSERVED, Cause.ROUTED, **facts)._replace(verify=_ROUTES)


def _out(outcome: Outcome, confidence: Confidence, cause: Cause, **facts: object) -> Hop:
    return Hop(HopName.OUTBOUND, outcome, confidence, (Reason(cause, facts),))
