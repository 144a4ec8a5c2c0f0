"""Random situations from a fixed seed: everything that a node decides at once."""

import random
from collections.abc import Iterator
from typing import Any

from lab import fixed
from lab.cases.case import DISABLE_FLOATING_IP, INTERNAL, Case, Endpoint, Json, port, slice_of
from lab.fixed import PODS

SEED = 1371
COUNT = 340
RANGES = (
    "203.0.113.0/24",
    "203.0.113.10/32",
    "10.224.0.0/12",
    "10.224.1.10/32",
    "10.244.0.0/16",
    "10.244.1.0/24",
    "10.224.0.4/32",
    "192.0.2.0/24",
    "0.0.0.0/0",
    "2001:db8:cb00::/48",
    "fd00:244::/32",
    "2001:db8:ffff::/48",
    "168.63.129.16/32",
)
TARGETS = (
    fixed.HTTP,
    fixed.HTTP,
    fixed.HTTP,
    fixed.SECOND,
    fixed.NOT_FOUND,
    fixed.NOBODY,
    fixed.LOOPBACK,
    fixed.PROXY,
    fixed.REDIRECT,
)
#: ready, serving, terminating
STATES = (
    (True, True, False),
    (True, True, False),
    (True, True, False),
    (False, False, False),
    (False, True, True),
    (False, False, True),
    (None, None, None),
)


def cases(seed: int = SEED, count: int = COUNT) -> Iterator[Case]:
    """As many as are asked for; the same of each seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(count):
        yield _case(f"random/{seed}-{number:03}", chance)


def _case(name: str, chance: random.Random) -> Case:
    local = chance.random() < 0.55
    spec: dict[str, Any] = {"externalTrafficPolicy": "Local" if local else "Cluster"}
    families = chance.choice((("IPv4",), ("IPv4",), ("IPv4",), ("IPv6",), ("IPv4", "IPv6"), ("IPv6", "IPv4")))
    if chance.random() < 0.45:
        spec["loadBalancerSourceRanges"] = sorted(chance.sample(RANGES, chance.choice((1, 1, 2, 3))))
    if chance.random() < 0.12:
        spec["allocateLoadBalancerNodePorts"] = False
    if chance.random() < 0.1:
        spec["internalTrafficPolicy"] = "Local"
    if chance.random() < 0.1 and "IPv6" not in families:
        # Over IPv6 a probe reaches some pods only, and chance would choose for all of them.
        spec["sessionAffinity"] = "ClientIP"
    if chance.random() < 0.06:
        spec["externalIPs"] = ["own"]
    annotations = {}
    if chance.random() < 0.2:
        annotations[DISABLE_FLOATING_IP] = "true"
    if chance.random() < 0.3:
        annotations[INTERNAL] = "true"
    ports, slices = _ports(chance, families)
    return Case(
        name,
        ports=ports,
        slices=slices,
        spec=spec,
        annotations=annotations,
        families=families,
        status=chance.choice(("address",) * 7 + ("empty", "stale", "Proxy")),
    )


def _endpoints(chance: random.Random) -> tuple[Endpoint, ...]:
    pods = [*PODS, "host-a", "host-b"]
    found = []
    for pod in sorted(chance.sample(pods, chance.choice((0, 1, 1, 1, 2, 2, 3)))):
        ready, serving, terminating = chance.choice(STATES)
        found.append(Endpoint(pod, ready, serving, terminating, node_name=chance.random() > 0.06))
    return tuple(found)


def _ports(chance: random.Random, families: tuple[str, ...]) -> tuple[tuple[Json, ...], tuple[Json, ...]]:
    """The ports of the Service, and the slices that the controller would make: one for each set of numbers."""
    kind = chance.random()
    endpoints = _endpoints(chance)
    if kind < 0.6:
        target = chance.choice(TARGETS)
        ports: tuple[Json, ...] = (port(80, target),)
        contents: list[tuple[tuple[tuple[str, int], ...], tuple[Endpoint, ...], str]] = [
            ((("", target),), endpoints, "TCP")
        ]
    elif kind < 0.75:
        first, second = chance.choice(TARGETS), chance.choice(TARGETS)
        ports = (port(80, first, name="http"), port(81, second, name="more"))
        contents = [((("http", first), ("more", second)), endpoints, "TCP")]
    elif kind < 0.9:
        # Named ports, which may have other numbers in each pod, or be missing there.
        ports = (port(80, "http", name="http"), port(443, "https", name="https"))
        some: dict[tuple[tuple[str, int], ...], list[Endpoint]] = {}
        for one in endpoints:
            first, second = chance.choice((fixed.HTTP, fixed.SECOND)), chance.choice((fixed.HTTP, fixed.SECOND))
            if one.pod.startswith("host-"):
                first, second = fixed.HTTP, fixed.SECOND  # on a node's network one number cannot be there twice
            named = [("http", first)] if chance.random() < 0.7 else []
            named += [("https", second)] if chance.random() < 0.7 else []
            some.setdefault(tuple(named), []).append(one)
        contents = [(named, tuple(ones), "TCP") for named, ones in sorted(some.items()) if named]
    elif kind < 0.96:
        target = chance.choice((fixed.UDP, fixed.UDP, fixed.NOBODY))
        ports = (port(53, target, "UDP"),)
        contents = [((("", target),), endpoints, "UDP")]
    else:
        ports = (port(53, fixed.HTTP, name="tcp"), port(53, fixed.UDP, "UDP", name="udp"))
        contents = [((("tcp", fixed.HTTP),), endpoints, "TCP"), ((("udp", fixed.UDP),), endpoints, "UDP")]
    slices = tuple(
        slice_of(ones, *numbers, family=6 if family == "IPv6" else 4, protocol=protocol)
        for family in families
        for numbers, ones, protocol in contents
    )
    return ports, slices
