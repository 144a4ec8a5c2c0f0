"""Random histories of Services that share a cluster: one field is edited at a time, nodes come and go, Services are deleted.

Values are drawn so that Services meet: the same few ports, addresses, public IPs and ranges. An edit may be refused, and
the history goes on from there.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.cases.case import DUAL_NODES, Case, Json, delete, ensure, history, port, public_ip, service, update
from conformance.cases.random_cases import MORE_NODES

SEED = 20261
COUNT = 1000
MINE = (public_ip("mine", "20.9.0.1"), public_ip("yours", "20.9.0.2"), public_ip("mine6", "2603:1030:9::1"))
NODES = (DUAL_NODES, DUAL_NODES[:1], MORE_NODES, MORE_NODES[1:])
PORTS = (
    ("TCP", 80),
    ("TCP", 443),
    ("UDP", 443),
    ("UDP", 80),
    ("TCP", 53),
    ("UDP", 53),
    ("TCP", 8080),
)
RANGES = ("192.0.2.0/24", "198.51.100.0/24", "198.51.100.0/25", "0.0.0.0/0", "2001:db8::/32", "192.0.2.1/24", "x")
ON_OR_OFF = ("true", "true", "true", "false", "True")
#: What one edit sets an annotation to; drawn more often where it stands twice.
VALUES: dict[str, tuple[str, ...]] = {
    "azure-load-balancer-internal": ("true", "true", "true", "false", "True"),
    "azure-load-balancer-internal-subnet": ("apps", "apps", "other", ""),
    "azure-load-balancer-tcp-idle-timeout": ("10", "31", "3"),
    "azure-load-balancer-disable-tcp-reset": ON_OR_OFF,
    "azure-load-balancer-enable-high-availability-ports": ON_OR_OFF,
    "azure-disable-load-balancer-floating-ip": ON_OR_OFF,
    "azure-load-balancer-health-probe-protocol": ("http", "tcp"),
    "azure-load-balancer-health-probe-request-path": ("/", "/healthz"),
    "azure-load-balancer-health-probe-interval": ("10", "4", "x"),
    "azure-allowed-ip-ranges": ("192.0.2.0/24", "198.51.100.0/24,192.0.2.0/24", "0.0.0.0/0", "192.0.2.1/24", "x", ""),
    "azure-allowed-service-tags": ("Sql", "Sql,Storage", ""),
    "azure-deny-all-except-load-balancer-source-ranges": ON_OR_OFF,
    "azure-shared-securityrule": ("true", "false"),
    "azure-disable-load-balancer-nsg-rule": ON_OR_OFF,
    "azure-additional-public-ips": (
        "203.0.113.9",
        "203.0.113.9,203.0.113.10",
        "203.0.113.10",
        "203.0.113.9, 203.0.113.10",
        "2001:db8::9",
        "x",
        "",
    ),
    "azure-dns-label-name": ("web", "api", ""),
    "azure-pip-tags": ("a=b", "a=c,d=e", ""),
    "azure-pip-ip-tags": ("RoutingPreference=Internet", "FirstPartyUsage=/Sql"),
    "azure-pip-name": ("mine", "mine", "yours", "missing"),
    "azure-pip-name-ipv6": ("mine6", ""),
    "azure-load-balancer-ipv4": ("20.9.0.1", "20.9.0.2", "10.224.0.200", "20.0.0.1", "20.0.0.2", "x"),
    "azure-load-balancer-ipv6": ("2603:1030:9::1", "fd00:10:224::200"),
    "azure-pls-create": ("true", "false"),
}
OF_PORTS: dict[str, tuple[str, ...]] = {
    "health-probe_protocol": ("http", "tcp"),
    "health-probe_port": ("80", "10256", "nope"),
    "health-probe_interval": ("10", "4"),
    "no_probe_rule": ON_OR_OFF,
    "no_lb_rule": ON_OR_OFF,
}
#: These make Services meet, so they are edited most.
OFTEN = (
    "azure-additional-public-ips",
    "azure-disable-load-balancer-floating-ip",
    "azure-load-balancer-internal",
    "azure-load-balancer-ipv4",
    "azure-pip-name",
    "azure-deny-all-except-load-balancer-source-ranges",
)


class _Look:
    """What one Service looks like now."""

    def __init__(self, name: str, families: tuple[str, ...]) -> None:
        self.name = name
        self.families = families
        self.annotations: dict[str, str] = {}
        self.ports: list[tuple[str, int]] = [("TCP", 80)]
        self.spec: Json = {}

    def body(self) -> Json:
        """The Service as the API server stores it."""
        ports = [port(number, protocol) for protocol, number in self.ports]
        return service(self.annotations, *ports, name=self.name, families=self.families, **self.spec)


def _edit(dice: random.Random, look: _Look) -> None:
    """Change one field."""
    kind = dice.random()
    if kind < 0.55:
        key = dice.choice(OFTEN) if dice.random() < 0.5 else dice.choice(sorted(VALUES))
        change_field(dice, look.annotations, key, VALUES[key])
    elif kind < 0.65:
        _, number = dice.choice(look.ports)
        field = dice.choice(sorted(OF_PORTS))
        change_field(dice, look.annotations, f"port_{number}_{field}", OF_PORTS[field])
    elif kind < 0.8:
        change_ports(dice, look.ports, PORTS)
    elif kind < 0.9:
        change_field(dice, look.spec, "loadBalancerSourceRanges", [[one] for one in RANGES] + [list(RANGES[:2])])
    elif kind < 0.94:
        change_field(dice, look.spec, "externalTrafficPolicy", ("Local",))
    elif kind < 0.97:
        change_field(dice, look.spec, "loadBalancerIP", ("20.9.0.1", "10.224.0.201", "20.0.0.1"))
    else:
        change_field(dice, look.spec, "sessionAffinity", ("ClientIP",))


def change_field(dice: random.Random, fields: dict[str, Any], key: str, values: Sequence[Any]) -> None:
    """Set a field, or take it away where it is."""
    if key in fields and dice.random() < 0.4:
        del fields[key]
    else:
        fields[key] = dice.choice(values)


def change_ports(dice: random.Random, ports: list[Any], choices: Sequence[Any]) -> None:
    """Take a port away, add one, or put it in the place of another."""
    chosen = dice.choice(choices)
    if chosen in ports and len(ports) > 1:
        ports.remove(chosen)
    elif chosen not in ports and dice.random() < 0.5:
        ports.append(chosen)
    elif chosen not in ports:
        ports[dice.randrange(len(ports))] = chosen


def _config(dice: random.Random) -> Json:
    config: Json = {}
    kind = dice.random()
    if kind < 0.06:
        config["loadBalancerSku"] = "basic"
    elif kind < 0.2:
        config["loadBalancerBackendPoolConfigurationType"] = "nodeIP"
    if dice.random() < 0.15:
        config["clusterServiceLoadBalancerHealthProbeMode"] = "shared"
    if dice.random() < 0.1:
        config["enableIPTagMutationForExistingPublicIP"] = True
    return config


def random_history(identifier: str, seed: str) -> Case:
    """One history: up to nine steps of one to four Services.

    Nodes do not change behind a Basic load balancer: releases up to 1.29 panic where the first node of the pool is gone.
    """
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    families = dice.choice((("IPv4",), ("IPv4",), ("IPv4",), ("IPv4",), ("IPv6",), ("IPv4", "IPv6"), ("IPv6", "IPv4")))
    looks = {f"svc{index}": _Look(f"svc{index}", families) for index in range(dice.randint(1, 4))}
    alive: set[str] = set()
    steps: list[Json] = []
    config = _config(dice)
    for _ in range(dice.randint(2, 9)):
        name = dice.choice(sorted(looks))
        look, kind = looks[name], dice.random()
        if name in alive and kind < 0.15:
            alive.remove(name)
            steps.append(delete(look.body()))
        elif name in alive and kind < 0.27 and "loadBalancerSku" not in config:
            steps.append(update(look.body(), dice.choice(NODES)))
        else:
            for _ in range(1 if name in alive else dice.randint(0, 3)):
                _edit(dice, look)
            alive.add(name)
            steps.append(ensure(look.body()))
    return history(identifier, *steps, config=config, nodes=DUAL_NODES, public_ips=MINE)


def cases() -> Iterator[Case]:
    """All of them."""
    for number in range(1, COUNT + 1):
        yield random_history(f"edited/{number:04}", f"{SEED}/{number}")
    # The one of some thousand others in which two Services need one node port, so that it is counted twice.
    yield random_history("edited/shared-port-needed-twice", "held/115")
    # A public IP is replaced whose frontend came after the provider read it; a shared rule for nodes outlives its Service.
    yield random_history("edited/replaced-public-ip-in-cache", "held/184")
    yield random_history("edited/shared-rule-of-nodes-stays", "held/182")
