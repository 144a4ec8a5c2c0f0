"""Random situations of what is rare: all nodes out of order, ports of both protocols, many pods in every state."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from lab import fixed
from lab.cases import random_cases
from lab.cases.case import DISABLE_FLOATING_IP, INTERNAL, Case, Endpoint, Json, port, slice_of
from lab.fixed import PODS

SEED = 3907
COUNT = 40
#: Each is a cluster of its own, so that there are few.
_NODES: tuple[Mapping[str, str], ...] = (
    {},
    {"node-a": "deleting", "node-b": "tainted", "node-c": "tainted"},
)
_RANGES = (*random_cases.RANGES, "::/0", "203.0.113.0/25", "10.0.0.0/8")
_STATUS = ("address",) * 5 + ("empty", "stale", "Proxy", "first", "first is Proxy")
_FAMILIES = (("IPv4",), ("IPv4",), ("IPv6",), ("IPv4", "IPv6"), ("IPv6", "IPv4"))
#: The ports that a Service may have: number, name, protocol, and what it may target.
_PORTS = (
    (80, "http", "TCP", (fixed.HTTP, fixed.SECOND, fixed.NO_CONTENT, fixed.REDIRECT)),
    (443, "https", "TCP", (fixed.TLS, fixed.HTTP)),
    (81, "more", "TCP", (fixed.HTTP, fixed.NOT_FOUND)),
    (53, "dns", "UDP", (fixed.UDP,)),
    (5353, "mdns", "UDP", (fixed.UDP,)),
)
#: ready, serving, terminating; and as the controller writes them with publishNotReadyAddresses.
_STATES = ((True, True, False), (False, False, False), (False, True, True), (False, False, True))
_PUBLISHED = ((True, True, False), (True, False, False), (True, True, True), (True, False, True))


def cases(seed: int = SEED, count: int = COUNT) -> Iterator[Case]:
    """As many as are asked for; the same of each seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(count):
        yield _case(f"rare/{seed}-{number:03}", chance)


def _case(name: str, chance: random.Random) -> Case:
    families = chance.choice(_FAMILIES)
    nodes = chance.choice(_NODES)
    spec = _spec(chance, families)
    ports, slices = _ports(chance, families, published="publishNotReadyAddresses" in spec)
    annotations = {key: "true" for key in (DISABLE_FLOATING_IP, INTERNAL) if chance.random() < 0.3}
    return Case(name, ports, slices, (), spec, annotations, families, chance.choice(_STATUS), nodes)


def _spec(chance: random.Random, families: tuple[str, ...]) -> dict[str, Any]:
    spec: dict[str, Any] = {"externalTrafficPolicy": chance.choice(("Local", "Local", "Cluster"))}
    if chance.random() < 0.5:
        spec["loadBalancerSourceRanges"] = sorted(chance.sample(_RANGES, chance.choice((1, 2, 4))))
    if chance.random() < 0.25:
        spec["allocateLoadBalancerNodePorts"] = False
    if chance.random() < 0.25:
        spec["internalTrafficPolicy"] = "Local"
    if chance.random() < 0.25 and "IPv6" not in families:
        # Over IPv6 a probe reaches some pods only, and chance would choose for all of them.
        spec["sessionAffinity"] = "ClientIP"
    if chance.random() < 0.3:
        spec["publishNotReadyAddresses"] = True
    if chance.random() < 0.15:
        spec["externalIPs"] = ["own"]
    return spec


def _ports(
    chance: random.Random, families: tuple[str, ...], *, published: bool
) -> tuple[tuple[Json, ...], tuple[Json, ...]]:
    """Ports of both protocols, some by name; each pod has them all, or lacks one."""
    chosen = sorted(chance.sample(_PORTS, chance.choice((1, 2, 2, 3))))
    by_name = chance.random() < 0.4
    ports, targets = [], dict[str, tuple[str, int]]()
    for number, name, protocol, possible in chosen:
        target = chance.choice(possible)
        ports.append(port(number, name if by_name else target, protocol, name))
        targets[name] = (protocol, target)
    endpoints = _endpoints(chance, _PUBLISHED if published else _STATES)
    lacks = [chance.random() < 0.25 and by_name for _ in endpoints]
    missing = chance.choice(sorted(targets))
    slices = []
    for family in families:
        for part, without in ((False, ""), (True, missing)):
            some = tuple(one for one, lacking in zip(endpoints, lacks, strict=True) if lacking is part)
            for protocol in ("TCP", "UDP"):
                listed = [
                    (name, number) for name, (of, number) in targets.items() if of == protocol and name != without
                ]
                if some and listed:
                    slices.append(slice_of(some, *listed, family=6 if family == "IPv6" else 4, protocol=protocol))
    return tuple(ports), tuple(slices)


def _endpoints(chance: random.Random, states: tuple[tuple[bool, bool, bool], ...]) -> tuple[Endpoint, ...]:
    pods = sorted(chance.sample(sorted([*PODS, "host-a", "host-b", "host-c"]), chance.choice((1, 1, 2, 2, 3, 4))))
    node_names = chance.random() > 0.1
    return tuple(Endpoint(pod, *chance.choice(states), node_name=node_names) for pod in pods)
