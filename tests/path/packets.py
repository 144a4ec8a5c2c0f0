"""An evaluator of its own for packets, one at a time: security groups, kube-proxy's source ranges, NetworkPolicies.

It was written from the documentation alone and shares no code with the program: addresses are those of ``ipaddress``, objects are
plain JSON, and every question is asked the slow way. ``test_packets.py`` holds the program against it.
"""

import ipaddress
import random
from typing import Any

Json = dict[str, Any]
NETWORK = ("10.224.0.0/12", "10.1.0.0/16")
TAGS = {"Storage": ("20.60.0.0/16", "52.239.0.0/17"), "Sql.WestEurope": ("20.61.3.0/24",)}
PROBES = "168.63.129.16"
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
NOWHERE = ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "168.63.129.16/32")
NODE = "10.224.0.4"


def within(address: str, ranges: Any) -> bool:
    """Whether an address is in one of the ranges."""
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(one) for one in ranges)


def _has_prefix(prefix: str, address: str) -> bool:
    if prefix == "*":
        return True
    if prefix == "VirtualNetwork":
        return within(address, NETWORK)
    if prefix == "AzureLoadBalancer":
        return address == PROBES
    if prefix == "Internet":
        return not within(address, (*PRIVATE, *NOWHERE))
    if prefix in TAGS:
        return within(address, TAGS[prefix])
    return within(address, [prefix])


def _has_port(listed: list[str], port: int) -> bool:
    for one in listed:
        if one == "*":
            return True
        low, _, high = one.partition("-")
        if int(low) <= port <= int(high or low):
            return True
    return False


def passes_group(
    group: Json, source: str, destination: str, port: int, protocol: str, doubtful: dict[str, bool]
) -> bool:
    """Whether a security group lets one packet in; *doubtful* says of rules that nobody can judge whether they match."""
    rules = [rule for rule in group["securityRules"] + group["defaultSecurityRules"] if rule["direction"] == "Inbound"]
    for rule in sorted(rules, key=lambda one: one["priority"]):
        sources = [rule["sourceAddressPrefix"], *rule["sourceAddressPrefixes"]]
        destinations = [rule["destinationAddressPrefix"], *rule["destinationAddressPrefixes"]]
        ports = [rule["destinationPortRange"], *rule["destinationPortRanges"]]
        if rule["protocol"] not in ("*", protocol):
            continue
        key = f"{group['name']}/{rule['name']}"
        if not (doubtful[key] if key in doubtful else any(one and _has_prefix(one, source) for one in sources)):
            continue
        if not any(one and _has_prefix(one, destination) for one in destinations):
            continue
        if _has_port([one for one in ports if one], port):
            return bool(rule["access"] == "Allow")
    raise AssertionError("the last default rule matches everything")


def passes_source_ranges(service: Json, source: str) -> bool:
    """Whether kube-proxy lets a client in: by the ranges of the address's family, where there are any."""
    ranges = [ipaddress.ip_network(one) for one in service["spec"].get("loadBalancerSourceRanges", [])]
    mine = [one for one in ranges if one.version == ipaddress.ip_address(source).version]
    return not mine or any(ipaddress.ip_address(source) in one for one in mine)


def passes_policies(policies: list[Json], labels: Json, source: str, port: int) -> bool:
    """Whether the NetworkPolicies of a pod let a packet in that comes from outside of the cluster."""
    about = []
    for policy in policies:
        wanted = policy["spec"]["podSelector"].get("matchLabels", {})
        if (
            all(labels.get(key) == value for key, value in wanted.items())
            and "Ingress" in policy["spec"]["policyTypes"]
        ):
            about.append(policy)
    if not about:
        return True
    for policy in about:
        for rule in policy["spec"].get("ingress", []):
            ports = rule.get("ports")
            if ports and not any(one["port"] <= port <= one.get("endPort", one["port"]) for one in ports):
                continue
            if "from" not in rule:
                return True
            for peer in rule["from"]:
                block = peer.get("ipBlock")
                if block and within(source, [block["cidr"]]) and not within(source, block.get("except", [])):
                    return True
    return False


def doubtful_rules(group: Json, source: str, *, tags_given: bool) -> list[str]:
    """The rules whose sources nobody can judge for this client: tags without their list, a network joined from elsewhere."""
    found = []
    for rule in group["securityRules"] + group["defaultSecurityRules"]:
        sources = [one for one in (rule["sourceAddressPrefix"], *rule["sourceAddressPrefixes"]) if one]
        known = [one for one in sources if one not in TAGS or tags_given]
        open_tag = len(known) < len(sources) and not within(source, (*PRIVATE, *NOWHERE))
        joined = "VirtualNetwork" in sources and within(source, PRIVATE) and not within(source, NETWORK)
        certain = any(_has_prefix(one, source) for one in known)
        if (open_tag or joined) and not certain:
            found.append(f"{group['name']}/{rule['name']}")
    return found


# Random situations: addresses are drawn near the edges of what the rules name, so that each rule matters.

_PREFIXES = (
    "*", "VirtualNetwork", "Internet", "Storage", "Sql.WestEurope", "AzureLoadBalancer", "20.60.0.0/16", "20.60.128.0/17",
    "20.0.0.0/8", "203.0.113.0/24", "203.0.113.128/25", "203.0.113.7/32", "10.0.0.0/8", "10.224.0.0/16", "10.1.0.0/24", "0.0.0.0/0",
    "0.0.0.0/1", "198.51.100.4",
)  # fmt: skip
_PORTS = ("*", "443", "80", "440-450", "1-65535", "0-65535", "444-65535", "30000-32767")
_RANGES = (
    "20.60.0.0/16",
    "20.0.0.0/8",
    "203.0.113.0/24",
    "203.0.113.128/25",
    "0.0.0.0/1",
    "10.224.0.0/16",
    "10.0.0.0/8",
    "0.0.0.0/0",
)


def random_rules(chance: random.Random) -> list[Json]:
    """The own rules of a security group, each with a priority of its own."""
    count = chance.randrange(7)
    priorities = chance.sample(range(100, 4097), count)
    rules = []
    for index, priority in enumerate(priorities):
        several = chance.random() < 0.4
        sources = chance.sample([one for one in _PREFIXES if one != "*"], chance.randint(1, 3)) if several else []
        ports = (
            chance.sample([one for one in _PORTS if one != "*"], chance.randint(1, 2)) if chance.random() < 0.3 else []
        )
        rules.append(
            {
                "name": f"r{index}",
                "priority": priority,
                "direction": "Inbound" if chance.random() < 0.85 else "Outbound",
                "access": chance.choice(["Allow", "Deny"]),
                "protocol": chance.choice(["*", "*", "Tcp", "Udp"]),
                "sourceAddressPrefix": None if several else chance.choice(_PREFIXES),
                "sourceAddressPrefixes": sources,
                "sourcePortRange": "*",
                "sourcePortRanges": [],
                "destinationAddressPrefix": chance.choice(
                    ["*", "*", "VirtualNetwork", "10.224.0.0/16", "10.224.0.100", "20.50.1.2", "20.50.0.0/16"]
                ),
                "destinationAddressPrefixes": [],
                "destinationPortRange": None if ports else chance.choice(_PORTS),
                "destinationPortRanges": ports,
            }
        )
    return rules


def random_policies(chance: random.Random) -> list[Json]:
    """NetworkPolicies, of which some are about the pods of the Service."""
    found = []
    for index in range(chance.randrange(3)):
        rules = []
        for _ in range(chance.randrange(3)):
            rule: Json = {}
            if chance.random() < 0.8:
                rule["from"] = [_block(chance) for _ in range(chance.randint(1, 2))]
            if chance.random() < 0.5:
                rule["ports"] = [chance.choice([{"port": 8443}, {"port": 80}, {"port": 8000, "endPort": 9000}])]
            rules.append(rule)
        found.append(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": f"p{index}", "namespace": "shop"},
                "spec": {
                    "podSelector": {"matchLabels": chance.choice([{}, {"app": "web"}, {"app": "other"}])},
                    "policyTypes": chance.choice([["Ingress"], ["Ingress", "Egress"], ["Egress"]]),
                    "ingress": rules,
                },
            }
        )
    return found


def _block(chance: random.Random) -> Json:
    cidr = chance.choice(_RANGES)
    inside = [one for one in _RANGES if one != cidr and ipaddress.ip_network(one).subnet_of(ipaddress.ip_network(cidr))]  # type: ignore[arg-type]
    block: Json = {"cidr": cidr}
    if inside and chance.random() < 0.5:
        block["except"] = [chance.choice(inside)]
    return {"ipBlock": block}


def random_ranges(chance: random.Random) -> list[str]:
    """spec.loadBalancerSourceRanges."""
    return chance.sample(_RANGES, chance.randint(1, 3)) if chance.random() < 0.5 else []


def random_source(chance: random.Random, *, public: bool) -> str:
    """An address at the edge of one of the ranges, or somewhere in it."""
    ranges = [
        one for one in (*_RANGES, *_PREFIXES, *NETWORK, *TAGS["Storage"], *TAGS["Sql.WestEurope"]) if one[0].isdigit()
    ]
    while True:
        net = ipaddress.ip_network(chance.choice(ranges))
        first, last = int(net[0]), int(net[-1])
        value = chance.choice([first, last, first - 1, last + 1, chance.randint(first, last)])
        if 0 < value < 2**32 and (within(str(ipaddress.ip_address(value)), PRIVATE) is not public):
            address = str(ipaddress.ip_address(value))
            if not within(address, NOWHERE):
                return address
