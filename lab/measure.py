"""The questions of a case, and its answer made of what became of them."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

from lab import fixed
from lab.cases.case import INTERNAL, Json
from lab.fixed import CLIENT_PODS, CLIENTS, NODE_HOSTS, NODES, PODS, PROBE, WAY_OUT
from lab.namespaces import FABRIC
from lab.packets import Ask

#: How likely it may be that one asking has missed one of the endpoints. All is measured twice, so that what is recorded is wrong
#: only where both have missed the same: for a question of two endpoints that is one time in 20,000,000,000.
_MISSED = 1e-5

_POD = re.compile(r"((?:web|node)-\S+) from \S+")


class Question(NamedTuple):
    """One question and where its answer stands in the answer of the case."""

    place: tuple[str, ...]
    ask: Ask
    times: int


def all_questions(case: Json) -> list[Question]:
    """All that is asked of one case, and of kube-proxy's own health."""
    return [*questions(case), *health_questions()]


def questions(case: Json) -> Iterator[Question]:
    """What is asked of the Service of a case."""
    service = next(one for one in case["objects"] if one["kind"] == "Service")
    spec = service["spec"]
    yield from _health(spec)
    everything = [*case["objects"], *case.get("before", ())]
    endpoints = {name for one in everything if one["kind"] == "EndpointSlice" for name in _endpoints(one)}
    times = times_for(len(endpoints))
    clusters = {_family(ip): ip for ip in spec["clusterIPs"]}
    targets = _targets(case)
    for one, frontend in product(spec["ports"], case["frontends"]):
        address = frontend["ip"]
        port = _Port(
            address,
            one["port"],
            one["protocol"],
            one.get("nodePort", 0),
            clusters[_family(address)],
            tuple(ip for ip in spec.get("externalIPs", ()) if _family(ip) == _family(address)),
            fixed.TLS in targets.get(one.get("name", ""), ()),
        )
        asked = [*_of_port(port, endpoints), *(_through_azure(port, case) if case.get("throughAzure") else ())]
        for question in asked:
            yield question._replace(times=times)


def times_for(endpoints: int) -> int:
    """How often a question is asked so that each of these endpoints has answered: kube-proxy gives each the same chance.

    Not until a few answers were the same: several endpoints may look alike, such as those that lose what they get.
    """
    if endpoints < 2:
        return 2
    return math.ceil(math.log(_MISSED / endpoints) / math.log(1 - 1 / endpoints))


def _targets(case: Json) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for one in case["objects"]:
        if one["kind"] == "EndpointSlice":
            for port in one["ports"]:
                found.setdefault(port.get("name", ""), set()).add(port["port"])
    return found


def _endpoints(one: Json) -> list[str]:
    return [endpoint["targetRef"]["name"] for endpoint in one["endpoints"]]


def _family(address: str) -> int:
    return 6 if ":" in address else 4


def _health(spec: Json) -> Iterator[Question]:
    number = spec.get("healthCheckNodePort")
    if number:
        for node in NODES:
            for family in sorted({_family(address) for address in spec["clusterIPs"]}):
                place = ("healthCheckNodePort", node) if family == 4 else ("healthCheckNodePort over IPv6", node)
                yield Question(place, _probe(node, family, number)._replace(question="status"), 1)


def _probe(node: str, family: int, number: int) -> Ask:
    link = f"to-{node}" if family == 6 else ""
    return Ask(FABRIC, NODE_HOSTS[node].addresses[family], number, source=PROBE[family], link=link)


class _Port(NamedTuple):
    """One port of the Service by way of one frontend."""

    address: str
    number: int
    protocol: str
    node_port: int
    cluster: str
    externals: tuple[str, ...]
    tls: bool

    @property
    def family(self) -> int:
        return _family(self.address)

    def question(self, who: str, where: str, ask: Ask) -> Question:
        place = (f"{self.address}:{self.number}/{self.protocol}", who, where)
        return Question(place, ask._replace(protocol=self.protocol, tls=self.tls or ask.tls), 2)


def _of_port(port: _Port, endpoints: Iterable[str]) -> Iterator[Question]:
    for index, node in enumerate(NODES, 1):
        if port.node_port and port.protocol == "TCP":
            yield from _probes(port, node)
        yield from _from_outside(port, node, index)
        for who, namespace in (("node", node), ("pod", f"client-{node[-1]}")):
            ask = Ask(namespace, port.address, port.number)
            yield port.question(who, node, ask)
            yield port.question(f"{who} to the cluster IP", node, ask._replace(address=port.cluster))
            if port.node_port:
                address = NODE_HOSTS[node].addresses[port.family]
                own = ask._replace(address=address, port=port.node_port)
                yield port.question(f"{who} to its node's port", node, own)
    for pod in sorted(PODS.keys() & endpoints):
        yield port.question("itself", pod, Ask(pod, port.address, port.number))


def _probes(port: _Port, node: str) -> Iterator[Question]:
    probe = _probe(node, port.family, port.node_port)
    asked = {
        "probe tcp": probe._replace(question="tcp"),
        "probe http": probe._replace(question="status and who"),
    }
    if port.tls:
        asked["probe https"] = asked["probe http"]._replace(tls=True)
    for who, ask in asked.items():
        yield Question((f"{port.address}:{port.number}/{port.protocol}", who, node), ask, 2)


def _from_outside(port: _Port, node: str, index: int) -> Iterator[Question]:
    for client, addresses in CLIENTS.items():
        ask = Ask(client, port.address, port.number, source=addresses[port.family], node=index)
        yield port.question(client, node, ask)
        if port.node_port and client == "internet":
            own = ask._replace(address=NODE_HOSTS[node].addresses[port.family], port=port.node_port, node=0)
            yield port.question(f"{client} to the node port", node, own)
        for external in port.externals if client == "internet" else ():
            yield port.question(f"{client} to externalIPs", node, ask._replace(address=external))


def _through_azure(port: _Port, case: Json) -> Iterator[Question]:
    """From one node, and from a pod of it, to each node that the load balancer may choose.

    Without NAT of their own, pods have no address to an internal frontend that Azure takes; with the overlay they come
    from their node, which is asked.
    """
    senders = {"node": NODES[0]} if is_internal(case) else {"node": NODES[0], "pod": f"client-{NODES[0][-1]}"}
    for who, namespace in senders.items():
        for index, node in enumerate(NODES, 1):
            yield port.question(f"{who} by Azure", node, Ask(namespace, port.address, port.number, node=index))


def is_internal(case: Json) -> bool:
    """Whether the load balancer of a case has an address of the virtual network."""
    service = next(one for one in case["objects"] if one["kind"] == "Service")
    return bool(service["metadata"].get("annotations", {}).get(INTERNAL) == "true")


def health_questions() -> Iterator[Question]:
    """What is asked once for all cases: kube-proxy's own health."""
    for node in NODES:
        for path in ("healthz", "livez"):
            ask = _probe(node, 4, 10256)._replace(question="status", path=f"/{path}")
            yield Question((f"10256/{path}", node), ask, 1)


def sticky(case: Json) -> bool:
    """Whether chance chooses the pod once for each client."""
    service = next(one for one in case["objects"] if one["kind"] == "Service")
    pods = [one for one in case["objects"] if one["kind"] == "Pod"]
    return service["spec"]["sessionAffinity"] == "ClientIP" and len(pods) > 1


def answer(found: Mapping[Question, list[str]], *, sticks: bool = False) -> Json:
    """The answer of a case: place by place, all that was seen, in order.

    Where the first pod that a client meets is kept (*sticks*), the answer does not say which of them it was.
    """
    names = _source_names()
    body: Json = {}
    for question, outcomes in found.items():
        where = body
        for step in question.place[:-1]:
            where = where.setdefault(step, {})
        seen = [_named(outcome, names) for outcome in outcomes]
        pods = {pod.group(1) for outcome in seen if (pod := _POD.search(outcome))}
        if sticks and len(pods) == 1:
            seen = sorted(_POD.sub("always the same pod", outcome) for outcome in seen)
        where[question.place[-1]] = seen
    return body


def _named(outcome: str, names: Mapping[str, str]) -> str:
    who, separator, source = outcome.partition(" from ")
    return f"{who}{separator}{names.get(source.partition('%')[0], source)}"


@cache
def _source_names() -> dict[str, str]:
    """How the recordings name the source that a pod sees."""
    names: dict[str, str] = {}
    for hosts in (NODE_HOSTS, PODS, CLIENT_PODS):
        for host in hosts.values():
            names |= dict.fromkeys(host.addresses.values(), host.name)
    for name, addresses in CLIENTS.items():
        names |= dict.fromkeys(addresses.values(), name)
    return names | dict.fromkeys(PROBE.values(), "probe") | dict.fromkeys(WAY_OUT.values(), "the way out")
