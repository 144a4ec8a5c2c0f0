"""Record whom the derived security rules let in: python -m lab.security_groups. It needs root.

The rules that we derive for a Service become rules of nftables, by priority and before Azure's default rules, in a namespace that
stands for the subnet: every address of the frontends and nodes is there, and every port answers. Azure's order of rules is what
it documents; the addresses, ports and families of the packets are the kernel's. Service tags other than those that Azure
documents by what they are (Internet, VirtualNetwork, AzureLoadBalancer) hold none of the clients.
"""

import ipaddress
import json
import select
import socket
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.model.cluster import Cluster, Node
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile
from lab import alone, namespaces
from lab.fixed import LOAD_BALANCERS, NODE_HOSTS, POD_RANGE, PROBE, VNET_RANGE, Host
from lab.packets import Ask, Loop, ask_all

Json = dict[str, Any]

RECORDING = Path(__file__).parent / "security_groups.jsonl"
VERSIONS = ("1.24.22", "1.28.15", "1.29.15", "1.33.13", "1.36.5")
#: Who asks; a pod keeps its address to a frontend in the virtual network.
CLIENTS = {
    "internet": {4: "203.0.113.10", 6: "2001:db8:cb00::10"},
    "elsewhere": {4: "198.51.100.7", 6: "2001:db8:aaaa::7"},
    "vnet": {4: "10.224.1.10", 6: "fd00:224:1::10"},
    "peered": {4: "172.16.3.3", 6: "fd00:172::3"},
}
_PREFIX = "service.beta.kubernetes.io/"
_SUBNET = Host("subnet", "", {4: "10.225.0.1", 6: "fd00:225::1"})
_PORT = 8080
_PEERED = {4: "172.16.0.0/12", 6: "fd00:172::/32"}
_TAGS: dict[str, dict[int, tuple[str, ...]]] = {
    "virtualnetwork": {family: (VNET_RANGE[family], POD_RANGE[family], _PEERED[family]) for family in (4, 6)},
    "azureloadbalancer": {4: (f"{PROBE[4]}/32",), 6: (f"{PROBE[6]}/128",)},
}

_RANGES: dict[str, Json] = {
    "none": {},
    "client": {"loadBalancerSourceRanges": ["203.0.113.0/24"]},
    "client over IPv6": {"loadBalancerSourceRanges": ["2001:db8:cb00::/48"]},
    "both families": {"loadBalancerSourceRanges": ["203.0.113.0/24", "2001:db8:cb00::/48"]},
    "network": {"loadBalancerSourceRanges": ["10.224.0.0/12"]},
    "host bits": {"loadBalancerSourceRanges": ["203.0.113.9/24"]},
    "everything": {"loadBalancerSourceRanges": ["0.0.0.0/0"]},
}
_ANNOTATIONS: dict[str, dict[str, str]] = {
    "none": {},
    "allowed ranges": {"azure-allowed-ip-ranges": "198.51.100.0/24"},
    "tag": {"azure-allowed-service-tags": "AzureFrontDoor.Backend"},
    "tag of the network": {"azure-allowed-service-tags": "VirtualNetwork"},
    "tag of the internet": {"azure-allowed-service-tags": "Internet"},
    "deny-all": {"azure-deny-all-except-load-balancer-source-ranges": "true"},
    "deny-all and a tag": {
        "azure-deny-all-except-load-balancer-source-ranges": "true",
        "azure-allowed-service-tags": "AzureCloud",
    },
    "no rules": {"azure-disable-nsg-rule": "true"},
    "a bad range": {"azure-allowed-ip-ranges": "203.0.113.0"},
}
_KINDS: dict[str, dict[str, str]] = {
    "public": {},
    "internal": {"azure-load-balancer-internal": "true"},
    "floating IP off": {"azure-disable-load-balancer-floating-ip": "true"},
}
_FAMILIES = {"IPv4": ["IPv4"], "dual": ["IPv4", "IPv6"]}


def cases() -> Iterator[tuple[str, Json]]:
    """Each Service with the name of its case."""
    for kind, ranges, annotation, family in product(_KINDS, _RANGES, _ANNOTATIONS, _FAMILIES):
        if family == "dual" and annotation not in {"none", "deny-all", "tag"}:
            continue
        annotations = {_PREFIX + key: value for key, value in (_KINDS[kind] | _ANNOTATIONS[annotation]).items()}
        internal = kind == "internal"
        addresses = ["10.224.100.10", "fd00:224:100::10"] if internal else ["20.50.0.10", "2603:1030:50::10"]
        ingress = [{"ip": address} for address in addresses[: len(_FAMILIES[family])]]
        spec: Json = {
            "type": "LoadBalancer", "selector": {"app": "web"}, "ipFamilies": _FAMILIES[family],
            "ports": [{"name": "http", "port": 80, "nodePort": 30080, "protocol": "TCP"}], **_RANGES[ranges],
        }  # fmt: skip
        metadata = {"name": "web", "namespace": "shop", "uid": "0c0f7d1e-5d0f-4b57-9a5c-6a3f2b8d7e90"}
        yield (
            f"{kind}, ranges: {ranges}, annotations: {annotation}, {family}",
            {
                "apiVersion": "v1", "kind": "Service", "metadata": {**metadata, "annotations": annotations},
                "spec": spec, "status": {"loadBalancer": {"ingress": ingress}},
            },
        )  # fmt: skip


def cluster_of(version: str) -> Cluster:
    """A cluster with the nodes of the lab."""
    nodes = tuple(Node(host.name, tuple(host.addresses.values())) for host in NODE_HOSTS.values())
    return with_flags(default_profile(), provider_version=version).cluster._replace(nodes=nodes)


def derived(service: Json, version: str) -> Derivation:
    """What the provider makes of a Service."""
    return derive(with_defaults(decode(service)), cluster_of(version))


def rules_of(derivation: Derivation) -> list[Json]:
    """The derived rules in the order in which Azure asks them."""
    ordered = sorted(derivation.security_rules, key=lambda rule: rule.priority.value)
    return [
        {
            "access": rule.access.value,
            "protocol": rule.protocol.value,
            "sources": list(rule.sources.value),
            "destinations": [str(one) for one in rule.destinations.value],
            "ports": [str(one) for one in rule.destination_ports.value],
        }
        for rule in ordered
    ]


def destinations(service: Json, derivation: Derivation) -> list[tuple[str, int]]:
    """Where a packet goes when the security group sees it: with floating IP to the frontend, without to a node."""
    lb = derivation.load_balancer
    if lb is None or not lb.load_balancing_rules:
        return []
    found = []
    for one in service["status"]["loadBalancer"]["ingress"]:
        family = 6 if ":" in one["ip"] else 4
        floating = next(
            (rule.enable_floating_ip.value for rule in lb.load_balancing_rules
             if rule.name.value.endswith("-IPv6") is (family == 6)), None,
        )  # fmt: skip
        if floating is not None:
            found.append((one["ip"], 80) if floating else (NODE_HOSTS["node-a"].addresses[family], 30080))
    return found


# nftables -------------------------------------------------------------------------------------------------------------


#: Azure is silent; so that nobody has to wait for that, the lab says no.
DENY = "reject with icmpx port-unreachable"


def _chain(rules: Sequence[Json]) -> str:
    lines = [line for rule in rules for line in lines_of(rule)]
    for family in (4, 6):
        keyword = "ip" if family == 4 else "ip6"
        lines += [
            f"{keyword} saddr {{ {', '.join(_TAGS[tag][family])} }} accept"
            for tag in ("virtualnetwork", "azureloadbalancer")
        ]
    body = "\n    ".join(lines)
    return f"""
table inet group {{
  chain inbound {{
    type filter hook prerouting priority mangle;
    iifname != "eth0" accept
    ct state established accept
    meta l4proto icmpv6 accept
    {body}
    {DENY}
  }}
}}
"""


def lines_of(rule: Json, more: Sequence[str] = ()) -> Iterator[str]:
    """A security rule as rules of nftables, one for each family; *more* is what else is in VirtualNetwork."""
    verdict = "accept" if rule["access"] == "Allow" else DENY
    protocol = "meta l4proto { tcp, udp }" if rule["protocol"] == "*" else f"meta l4proto {rule['protocol'].lower()}"
    ports = "" if "*" in rule["ports"] else f" th dport {{ {', '.join(rule['ports'])} }}"
    for family, keyword in ((4, "ip"), (6, "ip6")):
        source, destination = (_set(rule[side], family, more) for side in ("sources", "destinations"))
        if source is not None and destination is not None:
            sides = [f"{keyword} {side} {{ {', '.join(found)} }}" for side, found in
                     (("saddr", source), ("daddr", destination)) if found]  # fmt: skip
            any_address = "" if sides else f"meta nfproto ipv{family} "
            yield f"{any_address}{' '.join(sides)} {protocol}{ports} {verdict}".strip()


def _set(items: Sequence[str], family: int, more: Sequence[str]) -> list[str] | None:
    """The addresses of this family; none of them for all, None for nobody."""
    found: list[str] = []
    for item in items:
        tag = item.lower()
        if item == "*":
            return []
        if tag == "internet":
            own = (*_TAGS["virtualnetwork"][family], *_TAGS["azureloadbalancer"][family])
            found += _without("0.0.0.0/0" if family == 4 else "::/0", own)
        elif tag in _TAGS:
            found += _TAGS[tag][family]
            if tag == "virtualnetwork":
                found += (one for one in more if (":" in one) == (family == 6))
        elif item[:1].isdigit() or ":" in item:
            if (":" in item) == (family == 6):
                found.append(item)
    return found or None


def _without(everything: str, excepted: Sequence[str]) -> list[str]:
    left = [ipaddress.ip_network(everything)]
    for one in map(ipaddress.ip_network, excepted):
        left = [
            part
            for each in left
            for part in (each.address_exclude(one) if one.subnet_of(each) else (each,))  # type: ignore[arg-type]
        ]
    return [str(one) for one in left]


# The network ----------------------------------------------------------------------------------------------------------


_EVERY_PORT = f"""
table inet every {{
  chain port {{
    type nat hook prerouting priority dstnat;
    meta l4proto tcp redirect to :{_PORT}
  }}
}}
"""


def _make_network() -> None:
    namespaces.run("mount", "-t", "tmpfs", "tmpfs", "/run")
    Path("/run/netns").mkdir(exist_ok=True)
    namespaces.run("sysctl", "-eqw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
    namespaces.run("ip", "link", "set", "lo", "up")
    for name, addresses in CLIENTS.items():
        namespaces.make_host(Host(name, "", addresses), namespaces.FABRIC)
    namespaces.make_host(_SUBNET, namespaces.FABRIC)
    for family in (4, 6):
        hosts = [f"{host.addresses[family]}/{32 if family == 4 else 128}" for host in NODE_HOSTS.values()]
        for place in (*LOAD_BALANCERS[family], *hosts):
            via = _SUBNET.addresses[family]
            namespaces.run("ip", f"-{family}", "route", "add", place, "via", via, "dev", "to-subnet", "onlink")
            namespaces.run("ip", f"-{family}", "route", "add", "local", place, "dev", "lo", namespace="subnet")
    namespaces.run("nft", "-f", "-", text=_EVERY_PORT, namespace="subnet")


def _listen(loop: Loop) -> socket.socket:
    with namespaces.inside("subnet"):
        one = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        one.bind(("::", _PORT))
        one.listen(1024)
    one.setblocking(False)
    loop.watch(one, select.EPOLLIN, lambda _: one.accept()[0].close())
    return one


def measured(loop: Loop, service: Json, version: str) -> Json:
    """The rules and who got in, by client and destination."""
    derivation = derived(service, version)
    rules = rules_of(derivation)
    text = "table inet group\ndelete table inet group\n" + _chain(rules)
    namespaces.run("nft", "-f", "-", text=text, namespace="subnet")
    asks = {
        Ask(name, address, port, "tcp", source=addresses[6 if ":" in address else 4]): (name, address, port)
        for name, addresses in CLIENTS.items()
        for address, port in destinations(service, derivation)
    }
    answers = ask_all(loop, dict.fromkeys(asks, 1))
    found: dict[str, dict[str, bool]] = {}
    for ask, (name, address, port) in asks.items():
        found.setdefault(f"{address} {port}", {})[name] = answers[ask] == ["open"]
    return {"rules": rules, "let in": found}


def main() -> int:
    """Ask all, and write a line for each Service with its different answers."""
    if not alone.is_alone():
        return alone.run_alone("lab.security_groups", ())
    try:
        _make_network()
        loop, lines = Loop(), []
        listening = _listen(loop)
        for name, service in cases():
            lines.append({"case": name, "service": service, "outcomes": _grouped(loop, service)})
        listening.close()
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    RECORDING.write_text("".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines))
    print(f"{len(lines)} Services on {len(VERSIONS)} releases")
    return 0


def _grouped(loop: Loop, service: Json) -> list[Json]:
    """The different answers, each with the releases that gave it; releases with the same rules are asked once."""
    seen: list[Json] = []
    for version in VERSIONS:
        derivation = derived(service, version)
        key = {"rules": rules_of(derivation), "asked": [f"{a} {p}" for a, p in destinations(service, derivation)]}
        known = next(
            (one for one in seen if one["rules"] == key["rules"] and list(one["let in"]) == key["asked"]), None
        )
        if known is None:
            seen.append({**measured(loop, service, version), "versions": [version]})
        else:
            known["versions"].append(version)
    return seen


def recorded() -> list[Json]:
    """The lines in the repository."""
    return [json.loads(line) for line in RECORDING.read_text().splitlines()]


if __name__ == "__main__":
    sys.exit(main())
