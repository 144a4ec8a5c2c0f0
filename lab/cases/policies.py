"""What NetworkPolicies let through: tables, and random policies from a fixed seed. Asked is the real engine, lab/engine."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from lab.fixed import CLIENT_PODS, CLIENTS, NODE_HOSTS, PODS, PROBE, Host

Json = dict[str, Any]

SEED = 2711
COUNT = 250
_LABELS = {
    "shop": {"kubernetes.io/metadata.name": "shop", "team": "shop"},
    "other": {"kubernetes.io/metadata.name": "other", "team": "other"},
}
#: name: namespace, labels, ports of the container
_PODS: dict[str, tuple[str, dict[str, str], tuple[tuple[str, int], ...]]] = {
    "web-a1": ("shop", {"app": "web"}, (("http", 8080), ("more", 8081))),
    "web-b1": ("shop", {"app": "web", "canary": "yes"}, (("http", 8081),)),
    "web-c1": ("shop", {"app": "api"}, ()),
    "client-a": ("shop", {"role": "client"}, ()),
    "client-b": ("other", {"role": "client"}, ()),
    "client-c": ("other", {"role": "batch", "app": "web"}, ()),
}
_SOURCES = ("internet", "vnet", "node-a", "node-b", "probe", "client-a", "client-b", "client-c", "web-a1")


def _address(name: str, family: int = 4) -> str:
    if name == "probe":
        return PROBE[family]
    if name in CLIENTS:
        return CLIENTS[name][family]
    hosts: dict[str, Host] = {**NODE_HOSTS, **PODS, **CLIENT_PODS}
    return hosts[name].addresses[family]


def _objects() -> list[Json]:
    found: list[Json] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for name, labels in _LABELS.items()
    ]
    for name, (namespace, labels, ports) in _PODS.items():
        host = {**PODS, **CLIENT_PODS}[name]
        listed = [{"name": one, "containerPort": number, "protocol": "TCP"} for one, number in ports]
        found.append(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": name, "namespace": namespace, "labels": labels},
                "spec": {
                    "nodeName": host.node,
                    "containers": [{"name": "server", "image": "example.test/server:1", "ports": listed}],
                },
                "status": {
                    "phase": "Running",
                    "podIP": host.addresses[4],
                    "podIPs": [{"ip": address} for address in host.addresses.values()],
                    "hostIP": NODE_HOSTS[host.node].addresses[4],
                },
            }
        )
    return found


def _packets() -> list[Json]:
    found = [
        {"source": _address(source, family), "destination": _address(pod, family), "port": port, "protocol": "TCP"}
        for family in (4, 6)
        for source in _SOURCES
        for pod in ("web-a1", "web-b1")
        for port in (8080, 8081)
        if source != pod
    ]
    return [*found, {**found[0], "protocol": "UDP"}, {**found[0], "port": 9000}, {**found[2], "port": 8090}]


def _sent() -> list[Json]:
    return [
        {
            "source": _address("client-a", family),
            "destination": _address(to, family),
            "port": port,
            "protocol": protocol,
        }
        for family in (4, 6)
        for to in ("web-a1", "web-b1", "client-b", "internet", "vnet", "node-b")
        for port, protocol in ((8080, "TCP"), (8081, "TCP"), (443, "TCP"), (8080, "UDP"))
    ]


def policy(name: str, spec: Json, namespace: str = "shop") -> Json:
    """A NetworkPolicy; it selects the pods of app=web unless it says otherwise."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"], **spec},
    }


def _ingress(*peers: Json, ports: Sequence[Json] | None = None) -> Json:
    rule: Json = {"from": list(peers)} if peers else {}
    if ports is not None:
        rule["ports"] = list(ports)
    return {"ingress": [rule]}


def _block(cidr: str, *without: str) -> Json:
    return {"ipBlock": {"cidr": cidr, **({"except": list(without)} if without else {})}}


def _in(key: str, operator: str, *values: str) -> Json:
    return {"matchExpressions": [{"key": key, "operator": operator, **({"values": list(values)} if values else {})}]}


_ANY: Json = {}
_CLIENT = {"podSelector": {"matchLabels": {"role": "client"}}}
_OTHER = {"namespaceSelector": {"matchLabels": {"team": "other"}}}
_PEERS: dict[str, tuple[Json, ...]] = {
    "client": (_block("203.0.113.0/24"),),
    "nodes": (_block("10.224.0.0/16"),),
    "one-node": (_block("10.224.0.4/32"),),
    "probe": (_block("168.63.129.16/32"),),
    "all": (_block("0.0.0.0/0"),),
    "all-but-client": (_block("0.0.0.0/0", "203.0.113.0/24"),),
    "pods": (_block("10.244.0.0/16"),),
    "pods-but-one": (_block("10.244.0.0/16", "10.244.2.0/24"),),
    "all-ipv6": (_block("::/0"),),
    "client-ipv6": (_block("2001:db8:cb00::/48"),),
    "same-namespace": ({"podSelector": {}},),
    "clients-here": (_CLIENT,),
    "namespace": (_OTHER,),
    "all-namespaces": ({"namespaceSelector": {}},),
    "client-and-namespace": ({**_CLIENT, **_OTHER},),
    "client-or-namespace": (_CLIENT, _OTHER),
    "expression-in": ({"podSelector": _in("role", "In", "client", "nobody"), "namespaceSelector": {}},),
    "expression-not-in": ({"podSelector": _in("role", "NotIn", "client"), "namespaceSelector": {}},),
    "expression-exists": ({"podSelector": _in("role", "Exists"), "namespaceSelector": {}},),
    "expression-does-not-exist": ({"podSelector": _in("role", "DoesNotExist"), "namespaceSelector": {}},),
    "two-blocks": (_block("192.0.2.0/24"), _block("203.0.113.10/32")),
}
_PORTS: dict[str, list[Json]] = {
    "number": [{"port": 8080}],
    "number-tcp": [{"protocol": "TCP", "port": 8080}],
    "number-udp": [{"protocol": "UDP", "port": 8080}],
    "name": [{"port": "http"}],
    "unknown-name": [{"port": "web"}],
    "range": [{"port": 8080, "endPort": 8090}],
    "narrow-range": [{"port": 8081, "endPort": 8081}],
    "protocol-only": [{"protocol": "TCP"}],
    "other-protocol-only": [{"protocol": "UDP"}],
    "service-port": [{"port": 80}],
    "two": [{"port": 8080}, {"port": 9000}],
    "empty": [],
}
_SELECTED: dict[str, Json] = {
    "all-pods": {},
    "api-only": {"matchLabels": {"app": "api"}},
    "canary": {"matchLabels": {"app": "web", "canary": "yes"}},
    "not-canary": _in("canary", "DoesNotExist"),
}
TABLE: dict[str, list[Json]] = {
    "none": [],
    "deny-all": [policy("one", {"podSelector": {}})],
    "deny-all-empty-list": [policy("one", {"ingress": []})],
    "allow-all": [policy("one", {"ingress": [{}]})],
    "empty-from": [policy("one", {"ingress": [{"from": []}]})],
    "egress-only": [policy("one", {"policyTypes": ["Egress"]})],
    "egress-rule-no-types": [policy("one", {"policyTypes": [], "egress": [{}]})],
    "no-types": [policy("one", {"policyTypes": []})],
    "egress-denied-of-client": [
        policy("one", {"podSelector": {"matchLabels": {"role": "client"}}, "policyTypes": ["Egress"]})
    ],
    "egress-to-web-only": [
        policy(
            "one",
            {
                "podSelector": {"matchLabels": {"role": "client"}},
                "policyTypes": ["Egress"],
                "egress": [{"to": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 8080}]}],
            },
        )
    ],
    "in-another-namespace": [policy("one", {}, "other")],
    "union": [policy("one", {}), policy("two", _ingress(_block("203.0.113.0/24")))],
    "union-of-ports": [
        policy("one", _ingress(_block("203.0.113.0/24"), ports=[{"port": 8080}])),
        policy("two", _ingress(_block("10.224.0.0/16"), ports=[{"port": 8081}])),
    ],
    "two-rules": [
        policy(
            "one", {"ingress": [{"from": [_block("203.0.113.0/24")]}, {"from": [_CLIENT], "ports": [{"port": 8081}]}]}
        )
    ],
    **{f"from-{name}": [policy("one", _ingress(*peers))] for name, peers in _PEERS.items()},
    **{f"ports-{name}": [policy("one", _ingress(ports=ports))] for name, ports in _PORTS.items()},
    **{
        f"client-ports-{name}": [policy("one", _ingress(_block("203.0.113.0/24"), ports=ports))]
        for name, ports in _PORTS.items()
    },
    **{
        f"selects-{name}": [policy("one", {"podSelector": selector, **_ingress(_block("203.0.113.0/24"))})]
        for name, selector in _SELECTED.items()
    },
}


def _egress(*peers: Json, ports: Sequence[Json] | None = None) -> Json:
    rule: Json = {"to": list(peers)} if peers else {}
    if ports is not None:
        rule["ports"] = list(ports)
    return {**_SENDS, "egress": [rule]}


_SENDS: Json = {"podSelector": {"matchLabels": {"role": "client"}}, "policyTypes": ["Egress"]}
EGRESS: dict[str, list[Json]] = {
    "denied": [policy("one", _SENDS)],
    "denied-empty-list": [policy("one", {**_SENDS, "egress": []})],
    "everything": [policy("one", {**_SENDS, "egress": [{}]})],
    "empty-to": [policy("one", {**_SENDS, "egress": [{"to": []}]})],
    "of-every-pod": [policy("one", {"podSelector": {}, "policyTypes": ["Egress"]})],
    "of-other-pods": [policy("one", {**_SENDS, "podSelector": {"matchLabels": {"app": "api"}}})],
    "of-ingress": [policy("one", {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}]})],
    "no-types": [policy("one", {**_egress(_block("203.0.113.0/24")), "policyTypes": []})],
    "in-another-namespace": [policy("one", _SENDS, "other")],
    "union": [policy("one", _SENDS), policy("two", _egress(_block("203.0.113.0/24")))],
    "two-rules": [
        policy("one", {**_SENDS, "egress": [*_egress(_block("203.0.113.0/24"))["egress"], {"ports": [{"port": 8081}]}]})
    ],
    **{f"to-{name}": [policy("one", _egress(*peers))] for name, peers in _PEERS.items()},
    **{f"ports-{name}": [policy("one", _egress(ports=ports))] for name, ports in _PORTS.items()},
    **{
        f"client-ports-{name}": [policy("one", _egress(_block("203.0.113.0/24"), ports=ports))]
        for name, ports in _PORTS.items()
    },
}  # fmt: skip


def cases(seed: int = SEED, count: int = COUNT) -> Iterator[Json]:
    """All of them, as the engine reads them."""
    yield from _of_ingress(seed, count)
    yield from _of_egress(seed, count // 2)


def _of_egress(seed: int, count: int) -> Iterator[Json]:
    """What the pods of a namespace may send; those that get it are open."""
    objects, packets = _objects(), _sent()
    for name, policies in EGRESS.items():
        yield {"id": f"egress/{name}", "objects": [*objects, *policies], "packets": packets}
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(count):
        policies = [_random_egress(chance, index) for index in range(chance.choice((1, 1, 2, 3)))]
        yield {"id": f"egress/{seed}-{number:03}", "objects": [*objects, *policies], "packets": packets}


def _of_ingress(seed: int, count: int) -> Iterator[Json]:
    objects, packets = _objects(), _packets()
    for name, policies in TABLE.items():
        yield {"id": f"policy/{name}", "objects": [*objects, *policies], "packets": packets}
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(count):
        policies = [_random(chance, index) for index in range(chance.choice((1, 1, 1, 2, 3)))]
        yield {"id": f"policy/{seed}-{number:03}", "objects": [*objects, *policies], "packets": packets}


def _random_egress(chance: random.Random, index: int) -> Json:
    spec: Json = {"policyTypes": chance.choice((["Egress"], ["Egress"], ["Ingress", "Egress"], ["Ingress"]))}
    if "Egress" in spec["policyTypes"]:
        spec["egress"] = _random_rules(chance, "to")
    if "Ingress" in spec["policyTypes"]:
        spec["ingress"] = [{}]
    spec["podSelector"] = chance.choice(
        ({}, _SENDS["podSelector"], _SENDS["podSelector"], {"matchLabels": {"app": "api"}})
    )
    return policy(f"random-{index}", spec, chance.choice(("shop", "shop", "shop", "other")))


def _random_rules(chance: random.Random, side: str) -> list[Json]:
    rules = []
    for _ in range(chance.choice((0, 1, 1, 2))):
        peers = [one for name in chance.sample(sorted(_PEERS), chance.choice((0, 1, 1, 2))) for one in _PEERS[name]]
        rule: Json = {side: peers} if peers else {}
        if chance.random() < 0.5:
            rule["ports"] = [
                one for name in chance.sample(sorted(_PORTS), chance.choice((1, 1, 2))) for one in _PORTS[name]
            ]
        rules.append(rule)
    return rules


def _random(chance: random.Random, index: int) -> Json:
    rules = _random_rules(chance, "from")
    spec: Json = {
        "policyTypes": chance.choice((["Ingress"], ["Ingress"], ["Ingress", "Egress"], ["Egress"])),
        "ingress": rules,
    }
    if "Ingress" not in spec["policyTypes"]:
        del spec["ingress"]
    if chance.random() < 0.5:
        spec["podSelector"] = chance.choice(list(_SELECTED.values()))
    return policy(f"random-{index}", spec, chance.choice(("shop", "shop", "shop", "other")))
