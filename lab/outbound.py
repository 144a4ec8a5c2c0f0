"""Record how what pods send leaves the cluster: python -m lab.outbound. It needs root.

Pods, nodes and the masquerading between them are the lab's, and the kernel routes. What stands for Azure is an emulation, of what
it documents: the system routes of a subnet and those of its route table, the longest prefix first; the security rules of
the way out, by priority before the default ones; the address that each outbound type gives. What a route names as a
firewall is asked twice: one that lets everything through, and one that lets through nothing.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from kubectl_akslb.errors import AkslbError
from lab import alone, fixed, namespaces
from lab.fixed import CLIENTS, NODE_HOSTS, POD_RANGE, VNET_RANGE, WAY_OUT, Host
from lab.namespaces import FABRIC, run
from lab.packets import Ask, Servers, World
from lab.security_groups import DENY, lines_of

Json = dict[str, Any]

RECORDING = Path(__file__).parent / "outbound.jsonl"
SEED, COUNT = 4181, 120
PEERED = "172.16.0.0/12"
#: Who is called: on the internet, in the virtual network, in a peered one, and in none that Azure knows of.
TARGETS = {
    "internet": CLIENTS["internet"][4],
    "elsewhere": "198.51.100.7",
    "vnet": CLIENTS["vnet"][4],
    "peered": "172.16.3.3",
    "unknown": "192.168.50.5",
}
PORTS = (fixed.HTTP, fixed.SECOND)
#: With which address peers on the internet see what leaves by the cluster's own way out; "": that leads nowhere.
ADDRESSES = {
    "loadBalancer": WAY_OUT[4],
    "managedNATGateway": "20.51.0.2",
    "userAssignedNATGateway": "20.51.0.2",
    "userDefinedRouting": "",
    "block": "",
}
#: A frontend with floating IP, whose answers leave a node with this address.
FRONTEND = "20.50.0.10"
_FIREWALL, _SENDER, _NODE = Host("firewall", "", {4: "10.224.9.4", 6: "fd00:224:9::4"}), "client-a", "node-a"
_FIREWALLS_ADDRESS = "20.51.0.9"
_BY_FIREWALL = frozenset({"VirtualAppliance", "VirtualNetworkGateway"})
_TABLE = "50"
#: Reserved for private networks: Azure routes them nowhere, but for what the virtual network or a route has of them.
_NOWHERE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")


def route(prefix: str, kind: str) -> Json:
    """A user-defined route."""
    hop = _FIREWALL.addresses[4] if kind == "VirtualAppliance" else ""
    return {"name": f"{kind} {prefix}", "prefix": prefix, "nextHopType": kind, "nextHop": hop}


def rule(
    priority: int,
    access: str,
    *destinations: str,
    ports: Sequence[str] = ("*",),
    source: str = "*",
    protocol: str = "*",
) -> Json:
    """A security rule of the way out."""
    given = {"sources": [source], "destinations": list(destinations), "ports": list(ports), "protocol": protocol}
    return {"name": f"rule-{priority}", "priority": priority, "access": access, **given}


_EVERYTHING, _CLIENT = "0.0.0.0/0", "203.0.113.0/24"
_ROUTES: dict[str, list[Json]] = {
    "none": [],
    "all to the firewall": [route(_EVERYTHING, "VirtualAppliance")],
    "all to the gateway": [route(_EVERYTHING, "VirtualNetworkGateway")],
    "all to nowhere": [route(_EVERYTHING, "None")],
    "all to the internet": [route(_EVERYTHING, "Internet")],
    "some past the firewall": [route(_EVERYTHING, "VirtualAppliance"), route(_CLIENT, "Internet")],
    "some to nowhere": [route(_CLIENT, "None")],
    "some to the firewall": [route(_EVERYTHING, "Internet"), route(_CLIENT, "VirtualAppliance")],
    "private to nowhere": [route("10.0.0.0/8", "None")],
    "private to the firewall": [route(one, "VirtualAppliance") for one in ("10.0.0.0/8", "192.168.0.0/16")],
    "the network to the firewall": [route(VNET_RANGE[4], "VirtualAppliance")],
    "the network to nowhere": [route(VNET_RANGE[4], "None")],
    "a host to nowhere": [route(f"{TARGETS['vnet']}/32", "None")],
    "peered to nowhere": [route("172.16.3.0/24", "None")],
    "more than peered to nowhere": [route("172.0.0.0/8", "None")],
}  # fmt: skip
_RULES: dict[str, list[Json]] = {
    "none": [],
    "no internet": [rule(100, "Deny", "Internet")],
    "nothing": [rule(4096, "Deny", "*")],
    "one port": [rule(100, "Allow", "*", ports=("8080",)), rule(200, "Deny", "*")],
    "other ports": [rule(100, "Deny", "*", ports=("8081-9000",), protocol="Tcp")],
    "one range": [rule(100, "Allow", _CLIENT), rule(200, "Deny", "Internet")],
    "one range, too late": [rule(100, "Deny", "Internet"), rule(200, "Allow", _CLIENT)],
    "not the network": [rule(100, "Deny", "VirtualNetwork", source="VirtualNetwork")],
    "udp": [rule(100, "Deny", "*", protocol="Udp")],
    "of the node": [rule(100, "Deny", "*", source=f"{NODE_HOSTS['node-a'].addresses[4]}/32")],
    "of another node": [rule(100, "Deny", "*", source=f"{NODE_HOSTS['node-b'].addresses[4]}/32")],
}  # fmt: skip


def cases(seed: int = SEED, count: int = COUNT) -> Iterator[Json]:
    """The tables, and random ones."""
    for kind, routes in product(ADDRESSES, _ROUTES):
        yield _case(f"{kind}, routes: {routes}", kind, _ROUTES[routes], [])
    for routes, rules in product(("none", "all to the firewall", "some past the firewall"), _RULES):
        yield _case(f"routes: {routes}, rules: {rules}", "loadBalancer", _ROUTES[routes], _RULES[rules])
    chance = random.Random(seed)  # noqa: S311 - no secret
    every = list({one["name"]: one for table in _ROUTES.values() for one in table}.values())
    for number in range(count):
        own = {one["prefix"]: one for one in chance.sample(every, chance.choice((0, 1, 2, 3)))}
        group = [_random_rule(chance, 100 + place) for place in range(chance.choice((0, 1, 2, 3)))]
        yield _case(f"{seed}-{number:03}", chance.choice(list(ADDRESSES)), list(own.values()), group)


def _random_rule(chance: random.Random, priority: int) -> Json:
    places = ("*", "Internet", "VirtualNetwork", _CLIENT, "198.51.100.0/24", "172.16.0.0/12", "0.0.0.0/0")
    sources = ("*", "*", "VirtualNetwork", f"{NODE_HOSTS['node-a'].addresses[4]}/32", "10.244.0.0/16")
    return rule(
        priority, chance.choice(("Allow", "Deny")), *chance.sample(places, chance.choice((1, 1, 2))),
        ports=chance.choice((("*",), ("8080",), ("8081", "8443"))), source=chance.choice(sources),
        protocol=chance.choice(("*", "Tcp", "Udp")),
    )  # fmt: skip


def _case(name: str, kind: str, routes: Sequence[Json], rules: Sequence[Json]) -> Json:
    return {"case": name, "outboundType": kind, "routes": list(routes), "rules": list(rules)}


# The network ----------------------------------------------------------------------------------------------------------


_ANEW = "table {0}\ndelete table {0}\n"
#: With the overlay all that pods send to others than pods comes from their node; and as kube-proxy does it, a packet to the
#: frontend is answered.
_ON_NODE = f"""
table ip node {{
  chain prerouting {{
    type nat hook prerouting priority dstnat;
    ip daddr {FRONTEND} dnat to {NODE_HOSTS["node-a"].addresses[4]}
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat;
    ip saddr {POD_RANGE[4]} ip daddr != {POD_RANGE[4]} masquerade
  }}
}}"""
#: Of the default rules those that let something out; by a route of its own all that it holds is in VirtualNetwork.
_DEFAULT = (rule(65000, "Allow", "VirtualNetwork", source="VirtualNetwork"), rule(65001, "Allow", "Internet"))
#: A firewall knows its connections: an answer to what it has not seen is dropped.
_FIREWALLS = {
    "open": """
table ip firewall {
  chain forward { type filter hook forward priority filter; ct state invalid drop; }
  chain postrouting { type nat hook postrouting priority srcnat; masquerade; }
}""",
    "closed": "table ip firewall {\n  chain forward { type filter hook forward priority filter; reject with icmp host-unreachable; }\n}",
}


def make_network() -> None:
    """The lab's nodes and clients, those who are called besides, and a firewall."""
    namespaces.make_fabric()
    namespaces.make_nodes()
    for name, address in TARGETS.items():
        if name not in CLIENTS:
            namespaces.make_host(Host(name, "", {4: address}), FABRIC)
    namespaces.make_host(_FIREWALL, FABRIC)
    run("sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_loose=0", namespace=_FIREWALL.name)
    run("ip", "rule", "add", "iif", f"to-{_NODE}", "lookup", _TABLE)
    run("ip", "route", "add", FRONTEND, "via", NODE_HOSTS[_NODE].addresses[4], "dev", f"to-{_NODE}", "onlink")
    run("nft", "-f", "-", text=_ON_NODE, namespace=_NODE)


def set_azure(case: Json, firewall: str) -> None:
    """Azure's part of a case: routes, security rules and the address that is seen."""
    run("ip", "route", "replace", "blackhole", "default", "metric", "300", "table", _TABLE)  # an empty table is none
    run("ip", "route", "flush", "table", _TABLE)
    run("ip", "-batch", "-", text="\n".join(f"route add {line} table {_TABLE}" for line in _routes(case["routes"])))
    run("nft", "-f", "-", text=_ANEW.format("inet azure") + _azure(case))
    run("nft", "-f", "-", text=_ANEW.format("ip firewall") + _FIREWALLS[firewall], namespace=_FIREWALL.name)
    for name in (FABRIC, _NODE, _FIREWALL.name):
        run("conntrack", "-F", namespace=name)


def _routes(own: Sequence[Json]) -> Iterator[str]:
    """Of two routes with one prefix the user-defined one is taken, as it has the lower metric.

    Azure is silent where a route leads nowhere; so that nobody has to wait for that, the lab says so.
    """
    for prefix in (VNET_RANGE[4], PEERED):
        yield f"throw {prefix} metric 100"
    for prefix in _NOWHERE:
        yield f"unreachable {prefix} metric 200"
    for one in own:
        kind, prefix = one["nextHopType"], one["prefix"]
        if kind in _BY_FIREWALL:
            yield f"{prefix} via {_FIREWALL.addresses[4]} dev to-{_FIREWALL.name} onlink metric 1"
        else:
            yield f"{'unreachable' if kind == 'None' else 'throw'} {prefix} metric 1"


def _azure(case: Json) -> str:
    networks = (PEERED, *(one["prefix"] for one in case["routes"]))
    ordered = (*sorted(case["rules"], key=lambda one: int(one["priority"])), *_DEFAULT)
    body = "\n    ".join(line for one in ordered for line in lines_of(one, networks))
    address = ADDRESSES[case["outboundType"]]
    outside = 'oifname { "to-internet", "to-elsewhere" }'
    return f"""
table inet azure {{
  chain rules {{
    type filter hook forward priority filter;
    iifname != "to-{_NODE}" accept
    ct state established accept
    {body}
    {DENY}
  }}
  chain way_out {{
    type filter hook forward priority filter + 1;
    {"" if address else f'iifname "to-{_NODE}" {outside} ct direction original reject with icmp host-unreachable'}
  }}
  chain source {{
    type nat hook postrouting priority srcnat;
    {outside} ip saddr {_FIREWALL.addresses[4]} snat ip to {_FIREWALLS_ADDRESS}
    {f"{outside} ip saddr {VNET_RANGE[4]} snat ip to {address}" if address else ""}
  }}
}}
"""


# The questions --------------------------------------------------------------------------------------------------------


def questions() -> dict[Ask, str]:
    """Each packet with its place in the answer; the last is a client's, whose answer leaves the node."""
    found = {
        Ask(sender, address, port): f"{sender} to {name} {port}"
        for sender, (name, address), port in product((_SENDER, _NODE), TARGETS.items(), PORTS)
    }
    return found | {Ask("internet", FRONTEND, fixed.HTTP, node=1): "internet to the frontend"}


def measured(world: World, case: Json) -> Json:
    """Who was called and what it saw, with each firewall where a route names one."""
    outcome: dict[str, dict[str, str]] = {}
    for firewall in _FIREWALLS:
        if outcome and not any(one["nextHopType"] in _BY_FIREWALL for one in case["routes"]):
            outcome[firewall] = outcome["open"]
            continue
        set_azure(case, firewall)
        asked = questions()
        answers = world.ask(dict.fromkeys(asked, 1))
        outcome[firewall] = {place: ", ".join(answers[ask]) for ask, place in asked.items()}
    return outcome


def main() -> int:
    """Ask all, and write a line for each case."""
    if not alone.is_alone():
        return alone.run_alone("lab.outbound", ())
    try:
        make_network()
        world = World()
        world.start_servers()
        servers = [Servers(world.loop, Host(name, "", {4: address}), world.tls) for name, address in TARGETS.items()]
        lines = [{**case, "outcome": measured(world, case)} for case in cases()]
        for one in servers:
            one.close()
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    RECORDING.write_text("".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines))
    print(f"{len(lines)} ways out")
    return 0


def recorded() -> list[Json]:
    """The lines in the repository."""
    return [json.loads(line) for line in RECORDING.read_text().splitlines()]


if __name__ == "__main__":
    sys.exit(main())
