"""More random situations: what the plain ones leave out, above all nodes that are not as they should be."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from lab import fixed
from lab.cases import random_cases
from lab.cases.case import DISABLE_FLOATING_IP, INTERNAL, Case, Endpoint, Json, port, slice_of
from lab.fixed import PODS

SEED = 2411
COUNT = 90
#: What is special of the nodes; each is a cluster of its own, so that there are few.
_NODES: tuple[Mapping[str, str], ...] = (
    {},
    {"node-a": "tainted", "node-b": "deleting", "node-c": "cordoned"},
    {"node-a": "stopped", "node-b": "tainted"},
)
_TARGETS = (
    fixed.HTTP, fixed.HTTP, fixed.HTTP, fixed.SECOND, fixed.NO_CONTENT, fixed.UNAUTHORIZED, fixed.UNAVAILABLE,
    fixed.ELSEWHERE, fixed.TLS,
)  # fmt: skip
_STATUS = ("address",) * 8 + ("empty", "stale", "Proxy", "first", "first is Proxy")
_FAMILIES = (("IPv4",), ("IPv4",), ("IPv6",), ("IPv4", "IPv6"), ("IPv4", "IPv6"), ("IPv6", "IPv4"))
_NUMBERS = {"http": 80, "https": 443, "more": 81}


def cases(seed: int = SEED, count: int = COUNT) -> Iterator[Case]:
    """As many as are asked for; the same of each seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(count):
        yield _case(f"mixed/{seed}-{number:03}", chance)


def _case(name: str, chance: random.Random) -> Case:
    families = chance.choice(_FAMILIES)
    nodes = chance.choice(_NODES)
    spec = _spec(chance, families)
    ports, slices = _ports(chance, families)
    annotations = {
        key: "true" for key, share in ((DISABLE_FLOATING_IP, 0.2), (INTERNAL, 0.3)) if chance.random() < share
    }
    case = Case(name, ports, slices, (), spec, annotations, families, chance.choice(_STATUS), nodes)
    return case._replace(before=before(chance, case)) if "stopped" in nodes.values() else case


def _spec(chance: random.Random, families: tuple[str, ...]) -> dict[str, Any]:
    spec: dict[str, Any] = {"externalTrafficPolicy": chance.choice(("Local", "Cluster"))}
    if chance.random() < 0.4:
        spec["loadBalancerSourceRanges"] = sorted(chance.sample(random_cases.RANGES, chance.choice((1, 2, 3))))
    if chance.random() < 0.1:
        spec["allocateLoadBalancerNodePorts"] = False
    if chance.random() < 0.2:
        spec["internalTrafficPolicy"] = "Local"
    if chance.random() < 0.15 and "IPv6" not in families:
        spec["sessionAffinity"] = "ClientIP"
    if chance.random() < 0.1:
        spec["publishNotReadyAddresses"] = True
    if chance.random() < 0.1:
        spec["externalIPs"] = ["own"]
    return spec


def _ports(chance: random.Random, families: tuple[str, ...]) -> tuple[tuple[Json, ...], tuple[Json, ...]]:
    """One to three ports, by number or by name; a family without endpoints, and a pod that lacks a port, may be among them."""
    names = chance.sample(sorted(_NUMBERS), chance.choice((1, 1, 2, 3)))
    by_name = chance.random() < 0.3
    protocol = "UDP" if not by_name and chance.random() < 0.12 else "TCP"
    targets = dict(zip(names, chance.sample(_TARGETS, len(names)), strict=True))
    if by_name:
        targets = {name: chance.choice((fixed.HTTP, fixed.SECOND)) for name in names}
    if protocol == "UDP":
        targets = dict.fromkeys(names, fixed.UDP)
    alone = len(names) == 1 and not by_name
    ports = tuple(
        port(_NUMBERS[name], name if by_name else targets[name], protocol, "" if alone else name) for name in names
    )
    slices = []
    for family in families:
        if len(families) > 1 and chance.random() < 0.25:
            continue
        endpoints = _endpoints(chance)
        for part in (endpoints[:1], endpoints[1:]) if chance.random() < 0.3 else (endpoints,):
            listed = [("" if alone else name, number) for name, number in targets.items()]
            if by_name and chance.random() < 0.3:
                listed = listed[1:]
            if part:
                number = 6 if family == "IPv6" else 4
                slices.append(slice_of(part, *listed, family=number, protocol=protocol))
    return ports, _alike(slices)


def _alike(slices: list[Json]) -> tuple[Json, ...]:
    """The slices with one state for each pod: the two families of a pod are ready together."""
    states: dict[str, Endpoint] = {}
    return tuple(
        {**one, "endpoints": tuple(states.setdefault(each.pod, each) for each in one["endpoints"])} for one in slices
    )


def _endpoints(chance: random.Random) -> tuple[Endpoint, ...]:
    pods = chance.sample(sorted([*PODS, "host-a", "host-b", "host-c"]), chance.choice((0, 1, 1, 2, 2, 3, 4)))
    found = []
    for pod in sorted(pods):
        ready, serving, terminating = chance.choice(random_cases.STATES)
        found.append(Endpoint(pod, ready, serving, terminating))
    return tuple(found)


def before(chance: random.Random, case: Case) -> dict[str, Any]:
    """What the stopped kube-proxy has seen last: nothing, the same, or the Service with other endpoints or ranges."""
    kind = chance.choice(("absent", "same", "endpoints", "ranges", "status"))
    if kind == "absent":
        return {"absent": True}
    if kind == "endpoints":
        return {"slices": _ports_again(chance, case)}
    if kind == "ranges":
        return {"spec": {**case.spec, "loadBalancerSourceRanges": ["192.0.2.0/24"]}}
    return {"status": "empty"} if kind == "status" else {}


def _ports_again(chance: random.Random, case: Case) -> tuple[Json, ...]:
    """The same slices with other endpoints."""
    return _alike([{**one, "endpoints": _endpoints(chance)} for one in case.slices or ()])
