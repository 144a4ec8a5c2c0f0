"""Random situations that vary what the others leave as it is; they are asked for seeds that nobody has seen."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from lab import fixed
from lab.cases import mixed_cases, random_cases
from lab.cases.case import ALLOWED_RANGES, DISABLE_FLOATING_IP, INTERNAL, RANGES, Case, Endpoint, Json, port, slice_of
from lab.fixed import PODS

#: Each is a cluster of its own, so that there are few.
_NODES: tuple[Mapping[str, str], ...] = (
    {},
    {},
    {"node-b": "stopped", "node-c": "deleting"},
    {"node-a": "stopped", "node-c": "stopped"},
    {"node-a": "cordoned", "node-b": "deleting", "node-c": "deleting"},
)
_STATUS = ("address",) * 4 + ("unmarked", "beside another", "hostname", "stale", "first", "Proxy")
_FAMILIES = (("IPv4",), ("IPv4",), ("IPv6",), ("IPv4", "IPv6"), ("IPv6", "IPv4"))
#: With spaces, twice, of everybody, of the other family, of one address and of nearly all.
_RANGES = (
    " 203.0.113.0/24", "203.0.113.10/32", "203.0.113.10/31", "128.0.0.0/1", "0.0.0.0/1", "0.0.0.0/0", "10.224.0.0/16 ",
    "10.244.2.0/24", "10.224.0.5/32", "::/0", "2001:db8:cb00::10/128", "2000::/3", "fd00::/8", "fd00:244:1::/64",
    "168.63.129.16/32",
)  # fmt: skip
#: Ranges that the security group knows, and kube-proxy does not.
_ELSEWHERE = ("203.0.113.0/24", "192.0.2.0/24", "10.224.0.0/12", "2001:db8:cb00::/48")
_STATES = (*random_cases.STATES, (False, True, True), (True, True, True))


def cases(seed: int, count: int) -> Iterator[Case]:
    """As many as are asked for; the same of each seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(count):
        yield _case(f"wide/{seed}-{number:03}", chance)


def _case(name: str, chance: random.Random) -> Case:
    families, nodes = chance.choice(_FAMILIES), chance.choice(_NODES)
    spec = _spec(chance, families)
    ports, slices = _ports(chance, families)
    annotations = {key: "true" for key in (DISABLE_FLOATING_IP, INTERNAL) if chance.random() < 0.25}
    if chance.random() < 0.25:
        annotations[chance.choice((RANGES, ALLOWED_RANGES))] = chance.choice(_ELSEWHERE)
    case = Case(name, ports, slices, (), spec, annotations, families, chance.choice(_STATUS), nodes)
    return case._replace(before=_before(chance, case)) if "stopped" in nodes.values() else case


def _spec(chance: random.Random, families: tuple[str, ...]) -> dict[str, Any]:
    spec: dict[str, Any] = {"externalTrafficPolicy": chance.choice(("Local", "Cluster"))}
    if chance.random() < 0.5:
        spec["loadBalancerSourceRanges"] = chance.choices(_RANGES, k=chance.choice((1, 1, 2, 3, 5)))
    if chance.random() < 0.2:
        spec["allocateLoadBalancerNodePorts"] = False
    if chance.random() < 0.3:
        spec["internalTrafficPolicy"] = "Local"
    if chance.random() < 0.2 and "IPv6" not in families:
        # Over IPv6 a probe reaches some pods only, and chance would choose for all of them.
        spec["sessionAffinity"] = "ClientIP"
        spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": chance.choice((1, 10800, 86400))}}
    if chance.random() < 0.15:
        spec["externalIPs"] = ["own"]
    return spec


def _ports(chance: random.Random, families: tuple[str, ...]) -> tuple[tuple[Json, ...], tuple[Json, ...]]:
    """Both protocols on one number, several ports to one target, by number and by name side by side; many pods or none."""
    possible: list[tuple[int, str, str, int | str]] = [
        (53, "dns", "UDP", fixed.UDP), (53, "dns-tcp", "TCP", fixed.SECOND), (80, "http", "TCP", fixed.HTTP),
        (8080, "same", "TCP", fixed.HTTP), (443, "web", "TCP", "web"), (10250, "kubelet", "TCP", fixed.UNAVAILABLE),
    ]  # fmt: skip
    chosen = chance.sample(possible, chance.choice((1, 1, 2, 2, 3, 4)))
    alone = len(chosen) == 1 and chosen[0][1] != "web"
    ports = tuple(port(number, target, protocol, "" if alone else name) for number, name, protocol, target in chosen)
    endpoints = _endpoints(chance)
    slices = []
    for family in families:
        for protocol in ("TCP", "UDP"):
            listed = [
                ("" if alone else name, target if isinstance(target, int) else fixed.HTTP)
                for _, name, of, target in chosen
                if of == protocol
            ]
            if listed:
                slices.append(slice_of(endpoints, *listed, family=6 if family == "IPv6" else 4, protocol=protocol))
    return ports, tuple(slices)


def _endpoints(chance: random.Random) -> tuple[Endpoint, ...]:
    everybody = sorted([*PODS, "host-a", "host-b", "host-c"])
    some = chance.choice(
        (everybody, everybody, [one for one in everybody if one.startswith("host-")], ["web-b1", "web-b2"])
    )
    pods = sorted(chance.sample(some, min(len(some), chance.choice((0, 1, 2, 3, 5, 8)))))
    state = chance.choice(_STATES) if chance.random() < 0.3 else None
    return tuple(Endpoint(pod, *(state or chance.choice(_STATES))) for pod in pods)


def _before(chance: random.Random, case: Case) -> dict[str, Any]:
    """What the stopped kube-proxies have seen last: as in mixed cases, or with another traffic policy or other node ports."""
    kind = chance.choice(("mixed", "policy", "node ports", "open"))
    if kind == "policy":
        other = {"Local": "Cluster", "Cluster": "Local"}[case.spec["externalTrafficPolicy"]]
        return {"spec": {**case.spec, "externalTrafficPolicy": other}}
    if kind == "node ports" and "allocateLoadBalancerNodePorts" in case.spec:
        return {"spec": {**case.spec, "allocateLoadBalancerNodePorts": True}}
    if kind == "open":
        return {"spec": {key: value for key, value in case.spec.items() if key != "loadBalancerSourceRanges"}}
    return mixed_cases.before(chance, case)
