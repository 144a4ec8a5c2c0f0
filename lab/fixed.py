"""The addresses and names of the lab's small network; README.md shows them as a table."""

from typing import NamedTuple

NODES = ("node-a", "node-b", "node-c")
#: Where Azure's probes come from: the wire server, and over IPv6 a link-local address.
PROBE = {4: "168.63.129.16", 6: "fe80::1234:5678:9abc"}
#: Clients that are no pods and no nodes.
CLIENTS = {
    "internet": {4: "203.0.113.10", 6: "2001:db8:cb00::10"},
    "vnet": {4: "10.224.1.10", 6: "fd00:224:1::10"},
}
#: What the fabric answers for: a packet to a load balancer that no node has taken for itself.
LOAD_BALANCERS = {4: ("20.50.0.0/16", "10.224.100.0/22"), 6: ("2603:1030:50::/48", "fd00:224:100::/64")}
POD_RANGE = {4: "10.244.0.0/16", 6: "fd00:244::/32"}
SERVICE_RANGE = {4: "10.96.0.0/12", 6: "fd00:10:96::/112"}
VNET_RANGE = {4: "10.224.0.0/12", 6: "fd00:224::/32"}
API_SERVER = "10.224.0.2"
#: With which address peers on the internet see the cluster.
WAY_OUT = {4: "20.51.0.1", 6: "2603:1030:51::1"}


class Host(NamedTuple):
    """One network namespace with its addresses: a node, a pod or a client."""

    name: str
    node: str
    addresses: dict[int, str]


def _node(index: int) -> Host:
    return Host(NODES[index], NODES[index], {4: f"10.224.0.{4 + index}", 6: f"fd00:224::{4 + index}"})


def _pod(name: str, index: int, number: int) -> Host:
    return Host(name, NODES[index], {4: f"10.244.{index + 1}.{number}", 6: f"fd00:244:{index + 1}::{number}"})


NODE_HOSTS = {host.name: host for host in (_node(0), _node(1), _node(2))}
#: Pods that may stand behind a Service; those of one node differ by their number.
PODS = {
    host.name: host
    for host in (
        _pod("web-a1", 0, 11),
        _pod("web-a2", 0, 12),
        _pod("web-b1", 1, 11),
        _pod("web-b2", 1, 12),
        _pod("web-c1", 2, 11),
    )
}
#: One pod of each node that is only a client.
CLIENT_PODS = {host.name: host for host in (_pod("client-a", 0, 9), _pod("client-b", 1, 9), _pod("client-c", 2, 9))}
OUTSIDE = {name: Host(name, "", addresses) for name, addresses in CLIENTS.items()}

#: What a server does on each port; every pod and every node has all of them.
HTTP, NO_CONTENT, REDIRECT, NOT_FOUND, UNAVAILABLE = 8080, 8204, 8301, 8404, 8503
UNAUTHORIZED, ELSEWHERE, SLOW, TLS, PROXY, LOOPBACK, NOBODY, UDP = 8401, 8302, 8408, 8443, 8900, 8127, 8999, 8053
SECOND = 8081
SERVERS: dict[int, str] = {
    HTTP: "http 200",
    SECOND: "http 200",
    NO_CONTENT: "http 204",
    REDIRECT: "http 301 to another path of the same host",
    ELSEWHERE: "http 302 to another host",
    UNAUTHORIZED: "http 401",
    NOT_FOUND: "http 404",
    UNAVAILABLE: "http 503",
    SLOW: "http 200 after 40 seconds",
    TLS: "https 200, certificate signed by itself",
    PROXY: "http 200 behind a PROXY protocol header, closes without one",
    LOOPBACK: "http 200, listens on the loopback address only",
    NOBODY: "nothing listens",
    UDP: "udp, answers each datagram",
}
