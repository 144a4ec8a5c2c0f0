"""The cases that a node or a pod decides, one table for each question."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from lab import fixed
from lab.cases.case import DISABLE_FLOATING_IP, INTERNAL, Case, Endpoint, port, slice_of

LOCAL = {"externalTrafficPolicy": "Local"}
POLICIES = {"cluster": {}, "local": LOCAL}
A, A2, B, B2, C = (Endpoint(name) for name in ("web-a1", "web-a2", "web-b1", "web-b2", "web-c1"))


def _not_ready(one: Endpoint) -> Endpoint:
    return one._replace(ready=False)


def _terminating(one: Endpoint, *, serving: bool = True) -> Endpoint:
    return one._replace(ready=False, serving=serving, terminating=True)


#: Endpoints in every state, by where they are.
ENDPOINTS: dict[str, tuple[Endpoint, ...]] = {
    "none": (),
    "one-node": (A,),
    "two-on-one-node": (A, A2),
    "two-nodes": (A, B),
    "three-nodes": (A, B, C),
    "not-ready": (_not_ready(A),),
    "not-ready-both": (_not_ready(A), _not_ready(B)),
    "ready-and-not-ready": (A, _not_ready(B)),
    "terminating-serving": (_terminating(A),),
    "terminating-not-serving": (_terminating(A, serving=False),),
    "terminating-both": (_terminating(A), _terminating(B)),
    "terminating-and-ready-elsewhere": (_terminating(A), B),
    "terminating-and-ready-here": (_terminating(A), A2),
    "terminating-and-not-ready-here": (_terminating(A), _not_ready(A2)),
    "terminating-and-not-ready-elsewhere": (_terminating(A), _not_ready(B)),
    "no-node-name": (A._replace(node_name=False),),
    "no-node-name-and-one-node": (A._replace(node_name=False), B),
    "conditions-unset": (A._replace(ready=None),),
    "host-network": (Endpoint("host-a"),),
    "host-network-and-pod": (Endpoint("host-a"), B),
    "host-network-every-node": (Endpoint("host-a"), Endpoint("host-b"), Endpoint("host-c")),
    "gone": (Endpoint("gone"),),
    "gone-and-one-node": (Endpoint("gone"), B),
}
RANGES: dict[str, list[str]] = {
    "client": ["203.0.113.0/24"],
    "vnet": ["10.224.0.0/12"],
    "other": ["192.0.2.0/24"],
    "all": ["0.0.0.0/0"],
    "client-and-pods": ["203.0.113.0/24", "10.244.0.0/16"],
    "client-and-nodes": ["203.0.113.0/24", "10.224.0.0/16"],
    "probe": ["168.63.129.16/32"],
    "one-node": ["10.224.0.4/32"],
    "ipv6-only": ["2001:db8::/32"],
}


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _endpoints()
    yield from _ranges()
    yield from _ports()
    yield from _servers()
    yield from _addresses()
    yield from _policies()
    yield from _families()
    yield from _nodes()


def _endpoints() -> Iterator[Case]:
    for (policy, spec), (name, endpoints) in product(POLICIES.items(), ENDPOINTS.items()):
        yield Case(f"endpoints/{policy}-{name}", endpoints=endpoints, spec=spec)
    for policy, spec in POLICIES.items():
        yield Case(
            f"endpoints/{policy}-publish-not-ready",
            endpoints=(A._replace(serving=False),),
            spec={**spec, "publishNotReadyAddresses": True},
        )
        yield Case(
            f"endpoints/{policy}-no-slice",
            slices=(),
            spec=spec,
        )
        yield Case(
            f"endpoints/{policy}-two-slices",
            slices=(slice_of((A,), ("", 8080)), slice_of((B,), ("", 8080))),
            spec=spec,
        )


def _ranges() -> Iterator[Case]:
    some = {name: ENDPOINTS[name] for name in ("none", "one-node", "two-nodes", "not-ready", "host-network")}
    for (policy, spec), (name, ranges), (where, endpoints) in product(POLICIES.items(), RANGES.items(), some.items()):
        yield Case(
            f"ranges/{policy}-{name}-{where}",
            endpoints=endpoints,
            spec={**spec, "loadBalancerSourceRanges": ranges},
        )
    for policy, spec in POLICIES.items():
        yield Case(
            f"ranges/{policy}-annotation-only",
            spec=spec,
            annotations={"service.beta.kubernetes.io/load-balancer-source-ranges": "192.0.2.0/24"},
        )
        yield Case(
            f"ranges/{policy}-azure-annotation-only",
            spec=spec,
            annotations={"service.beta.kubernetes.io/azure-allowed-ip-ranges": "192.0.2.0/24"},
        )
        yield Case(
            f"ranges/{policy}-two-ports",
            ports=(port(80, name="http"), port(81, 8081, name="more")),
            spec={**spec, "loadBalancerSourceRanges": ["192.0.2.0/24"]},
        )


def _ports() -> Iterator[Case]:
    two = (port(80, "http", name="http"), port(443, "https", name="https"))
    for policy, spec in POLICIES.items():
        yield Case(
            f"ports/{policy}-named-on-different-nodes",
            ports=two,
            slices=(
                slice_of((A,), ("http", 8080)),
                slice_of((B,), ("https", 8081)),
            ),
            spec=spec,
        )
        yield Case(
            f"ports/{policy}-named-different-numbers",
            ports=(port(80, "http", name="http"),),
            slices=(slice_of((A,), ("http", 8080)), slice_of((B,), ("http", 8081))),
            spec=spec,
        )
        yield Case(
            f"ports/{policy}-one-name-unresolved",
            ports=two,
            slices=(slice_of((A,), ("http", 8080)),),
            spec=spec,
        )
        yield Case(
            f"ports/{policy}-names-do-not-match",
            ports=(port(80, "http", name="http"),),
            slices=(slice_of((A,), ("web", 8080)),),
            spec=spec,
        )
        yield Case(f"ports/{policy}-no-port-in-slice", slices=(slice_of((A,)),), spec=spec)
        yield Case(
            f"ports/{policy}-two-ports",
            ports=(port(80, name="http"), port(81, 8081, name="more")),
            endpoints=(A, B),
            spec=spec,
        )
        yield Case(
            f"ports/{policy}-two-ports-one-dead",
            ports=(port(80, name="http"), port(81, fixed.NOBODY, name="dead")),
            endpoints=(A, B),
            spec=spec,
        )
        yield Case(
            f"ports/{policy}-same-number-tcp-and-udp",
            ports=(port(53, 8080, name="tcp"), port(53, fixed.UDP, "UDP", name="udp")),
            endpoints=(A,),
            spec=spec,
        )
        for name, endpoints in ENDPOINTS.items():
            if name in {"none", "one-node", "two-nodes", "not-ready", "terminating-serving"}:
                yield Case(
                    f"ports/{policy}-udp-{name}",
                    ports=(port(53, fixed.UDP, "UDP"),),
                    endpoints=endpoints,
                    spec=spec,
                )
        yield Case(f"ports/{policy}-udp-dead", ports=(port(53, fixed.NOBODY, "UDP"),), spec=spec)
        yield Case(
            f"ports/{policy}-no-node-ports",
            spec={**spec, "allocateLoadBalancerNodePorts": False},
            endpoints=(A, B),
        )
        yield Case(
            f"ports/{policy}-no-node-ports-no-endpoints",
            spec={**spec, "allocateLoadBalancerNodePorts": False},
            endpoints=(),
        )


def _servers() -> Iterator[Case]:
    for (policy, spec), target in product(POLICIES.items(), sorted(fixed.SERVERS)):
        if target == fixed.UDP:
            continue
        name = fixed.SERVERS[target].replace(",", "").replace(" ", "-")
        yield Case(f"servers/{policy}-{target}-{name[:40]}", ports=(port(80, target),), endpoints=(A,), spec=spec)
    for policy, spec in POLICIES.items():
        yield Case(
            f"servers/{policy}-host-network-loopback",
            ports=(port(80, fixed.LOOPBACK),),
            endpoints=(Endpoint("host-a"),),
            spec=spec,
        )


def _addresses() -> Iterator[Case]:
    for (policy, spec), status, (where, endpoints) in product(
        POLICIES.items(), ("empty", "stale", "VIP", "Proxy"), (("one-node", (A,)), ("none", ()), ("two-nodes", (A, B)))
    ):
        yield Case(f"address/{policy}-{status}-{where}", status=status, endpoints=endpoints, spec=spec)
    for policy, spec in POLICIES.items():
        yield Case(
            f"address/{policy}-Proxy-ranges",
            status="Proxy",
            spec={**spec, "loadBalancerSourceRanges": ["203.0.113.0/24"]},
        )
        yield Case(
            f"address/{policy}-empty-ranges",
            status="empty",
            spec={**spec, "loadBalancerSourceRanges": ["192.0.2.0/24"]},
        )
        yield Case(f"address/{policy}-external-ips", spec={**spec, "externalIPs": ["own"]})
        yield Case(
            f"address/{policy}-external-ips-ranges",
            spec={**spec, "externalIPs": ["own"], "loadBalancerSourceRanges": ["192.0.2.0/24"]},
        )
        yield Case(f"address/{policy}-internal", annotations={INTERNAL: "true"}, endpoints=(A, B), spec=spec)
        yield Case(
            f"address/{policy}-internal-ranges",
            annotations={INTERNAL: "true"},
            endpoints=(A, B),
            spec={**spec, "loadBalancerSourceRanges": ["10.224.1.0/24"]},
        )
        for where in ("none", "one-node", "two-nodes"):
            yield Case(
                f"address/{policy}-floating-ip-off-{where}",
                annotations={DISABLE_FLOATING_IP: "true"},
                endpoints=ENDPOINTS[where],
                spec=spec,
            )


def _policies() -> Iterator[Case]:
    for (policy, spec), where in product(
        POLICIES.items(), ("none", "one-node", "two-nodes", "not-ready", "terminating-serving")
    ):
        yield Case(
            f"traffic/{policy}-internal-local-{where}",
            endpoints=ENDPOINTS[where],
            spec={**spec, "internalTrafficPolicy": "Local"},
        )
    for (policy, spec), where in product(POLICIES.items(), ("one-node", "two-nodes", "terminating-both")):
        yield Case(
            f"traffic/{policy}-affinity-{where}",
            endpoints=ENDPOINTS[where],
            spec={**spec, "sessionAffinity": "ClientIP"},
        )


def _families() -> Iterator[Case]:
    for (policy, spec), where in product(
        POLICIES.items(), ("none", "one-node", "two-nodes", "not-ready", "terminating-serving", "host-network")
    ):
        yield Case(f"families/{policy}-ipv6-{where}", families=("IPv6",), endpoints=ENDPOINTS[where], spec=spec)
        yield Case(f"families/{policy}-dual-{where}", families=("IPv4", "IPv6"), endpoints=ENDPOINTS[where], spec=spec)
    for (policy, spec), ranges in product(
        POLICIES.items(),
        (["203.0.113.0/24"], ["2001:db8:cb00::/48"], ["192.0.2.0/24"], ["192.0.2.0/24", "2001:db8:cb00::/48"]),
    ):
        for families in (("IPv6",), ("IPv4", "IPv6")):
            kind = "ipv6" if len(families) == 1 else "dual"
            name = "-and-".join(one.partition("/")[0].replace(":", "").replace(".", "-") for one in ranges)
            yield Case(
                f"families/{policy}-{kind}-ranges-{name}",
                families=families,
                endpoints=(A, B),
                spec={**spec, "loadBalancerSourceRanges": ranges},
            )
    for policy, spec in POLICIES.items():
        yield Case(f"families/{policy}-ipv6-first", families=("IPv6", "IPv4"), endpoints=(A, B), spec=spec)
        yield Case(
            f"families/{policy}-dual-endpoints-ipv4-only",
            families=("IPv4", "IPv6"),
            slices=(slice_of((A,), ("", 8080)),),
            spec=spec,
        )
        yield Case(
            f"families/{policy}-ipv6-internal",
            families=("IPv6",),
            annotations={INTERNAL: "true"},
            endpoints=(A, B),
            spec=spec,
        )


def _nodes() -> Iterator[Case]:
    special = {"node-a": "tainted", "node-b": "cordoned", "node-c": "deleting"}
    for (policy, spec), where in product(POLICIES.items(), ("none", "one-node", "two-nodes", "three-nodes")):
        yield Case(f"nodes/special/{policy}-{where}", nodes=special, endpoints=ENDPOINTS[where], spec=spec)
    changes: dict[str, dict[str, Any]] = {
        "unchanged": {},
        "pod-moved-here": {"endpoints": (B,)},
        "pod-gone": {"endpoints": (A, B)},
        "endpoints-came": {"endpoints": ()},
        "created-after": {"absent": True},
        "ranges-removed": {"spec": {"loadBalancerSourceRanges": ["192.0.2.0/24"]}},
        "address-came": {"status": "empty"},
    }
    for (policy, spec), (name, before) in product(POLICIES.items(), changes.items()):
        yield Case(
            f"nodes/stopped/{policy}-{name}",
            nodes={"node-a": "stopped"},
            endpoints=(B,) if name == "pod-gone" else (A,),
            spec=spec,
            before={key: {**spec, **value} if key == "spec" else value for key, value in before.items()},
        )
