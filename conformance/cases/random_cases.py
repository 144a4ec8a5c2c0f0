"""Random Services from a fixed seed, aimed at the corners: odd values, other case, blanks, and everything at once."""

import random
from collections.abc import Iterator
from typing import Any

from conformance.cases.case import (
    DUAL_NODES,
    HEALTH_CHECK_NODE_PORT,
    NODES,
    Case,
    Json,
    case,
    delete,
    ensure,
    history,
    port,
    public_ip,
    service,
    update,
)

SEED = 1365
SINGLE, SEQUENCES, HISTORIES = 60, 30, 50
MINE = (public_ip("mine", "20.9.0.1"), public_ip("mine6", "2603:1030:9::1"))
MORE_NODES = (*DUAL_NODES, {"name": "vmss000002", "addresses": ["10.224.0.6", "fd00:10:224::6"]})

BOOLEANS = ("true", "true", "true", "false", "True", "TRUE", " true", "true ", "")
NUMBERS = ("5", "6", "10", "7 ", "30", "4", "", "x")
ANNOTATIONS: dict[str, tuple[str, ...]] = {
    "azure-load-balancer-internal": BOOLEANS,
    "azure-load-balancer-internal-subnet": (
        "apps",
        "apps",
        " ",
        "",
        "a-subnet-with-quite-a-long-name-0123456789-0123456789",
    ),
    "azure-load-balancer-tcp-idle-timeout": ("4", "10", "30", "31", "100", "3", "x"),
    "azure-load-balancer-disable-tcp-reset": BOOLEANS,
    "azure-load-balancer-enable-high-availability-ports": BOOLEANS,
    "azure-disable-load-balancer-floating-ip": BOOLEANS,
    "azure-load-balancer-health-probe-protocol": ("http", "HTTPS", "tcp", " http", "udp", ""),
    "azure-load-balancer-health-probe-request-path": ("/", "/healthz", "", "x"),
    "azure-load-balancer-health-probe-interval": NUMBERS,
    "azure-load-balancer-health-probe-num-of-probe": ("2", "3", "4", "1", "20", "x"),
    "load-balancer-source-ranges": ("192.0.2.0/24", "192.0.2.0/24, 198.51.100.0/24", "192.0.2.1/24", "0.0.0.0/0", ""),
    "azure-allowed-ip-ranges": (
        "192.0.2.0/24",
        "198.51.100.0/25,198.51.100.128/25",
        "2001:db8::/32",
        "0.0.0.0/0",
        "x",
        "",
    ),
    "azure-allowed-service-tags": ("Sql", "Sql,Storage", "Sql, Storage", ""),
    "azure-deny-all-except-load-balancer-source-ranges": BOOLEANS,
    "azure-shared-securityrule": ("true", "true", "True", "false"),
    "azure-disable-load-balancer-nsg-rule": BOOLEANS,
    "azure-additional-public-ips": (
        "203.0.113.9",
        "203.0.113.9,203.0.113.10",
        "203.0.113.9, 203.0.113.10",
        "2001:db8::9",
        "x",
    ),
    "azure-dns-label-name": ("web", "api", ""),
    "azure-pip-tags": ("a=b", "a=b, c=d", "a", ""),
    "azure-pip-ip-tags": ("RoutingPreference=Internet", "a=b,c=d", ""),
    "azure-pip-name": ("mine", "mine", "MINE", "missing", ""),
    "azure-pip-name-ipv6": ("mine6", ""),
    "azure-load-balancer-ipv4": ("20.9.0.1", "10.224.0.200", "20.0.0.1", "x", ""),
    "azure-load-balancer-ipv6": ("2603:1030:9::1", "fd00:10:224::200", ""),
    "azure-pls-create": ("true", "true", " True", "false"),
    "azure-pls-proxy-protocol": BOOLEANS,
}
PORT_ANNOTATIONS: dict[str, tuple[str, ...]] = {
    "health-probe_protocol": ("http", "https", "tcp", "Http ", "grpc", ""),
    "health-probe_port": ("80", "443", "tcp-80", "TCP-443", "10256", "nope", ""),
    "health-probe_interval": NUMBERS,
    "health-probe_num-of-probe": ("2", "3", "1", "x"),
    "health-probe_request-path": ("/", "/ready", ""),
    "no_probe_rule": BOOLEANS,
    "no_lb_rule": BOOLEANS,
}
#: Values that are refused in most releases end a history early, so they are drawn less often there.
REFUSED = ("x", "3", "1", "20", "missing", "31")
RANGES = (
    ["192.0.2.0/24"],
    ["192.0.2.0/24", "198.51.100.0/24"],
    ["0.0.0.0/0"],
    ["2001:db8::/32", "192.0.2.0/24"],
    ["192.0.2.1/24"],
)
APP_PROTOCOLS = (None, None, "http", "https", "tcp", "HTTP", "grpc", "")


class _Dice:
    """Everything that is drawn for one case."""

    def __init__(self, number: int, kind: str, *, careful: bool) -> None:
        self._random = random.Random(f"{SEED}/{kind}/{number}")  # noqa: S311 - repeatable, not secret
        self._careful = careful

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def pick(self, values: Any) -> Any:
        chosen = self._random.choice(values)
        if self._careful and chosen in REFUSED and self.chance(0.9):
            return self._random.choice([value for value in values if value not in REFUSED])
        return chosen

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def some(self, values: list[Any], most: int) -> list[Any]:
        return self._random.sample(values, min(len(values), self.number(0, most)))


def _ports(dice: _Dice) -> list[Json]:
    chosen = {}
    for _ in range(dice.number(1, 3)):
        number, protocol = dice.pick((80, 443, 53, 8080)), dice.pick(("TCP", "TCP", "TCP", "TCP", "UDP", "UDP"))
        chosen[number, protocol] = port(
            number, protocol, app=dice.pick(APP_PROTOCOLS), name=f"{protocol.lower()}-{number}"
        )
    return list(chosen.values())


def _annotations(dice: _Dice, ports: list[Json]) -> dict[str, str]:
    drawn = {key: dice.pick(ANNOTATIONS[key]) for key in dice.some(sorted(ANNOTATIONS), 5)}
    numbers = [body["port"] for body in ports] + [HEALTH_CHECK_NODE_PORT]
    for key in dice.some(sorted(PORT_ANNOTATIONS), 3):
        drawn[f"port_{dice.pick(numbers)}_{key}"] = dice.pick(PORT_ANNOTATIONS[key])
    return drawn


def _service(dice: _Dice, name: str, families: tuple[str, ...]) -> Json:
    ports = _ports(dice)
    spec: Json = {"externalTrafficPolicy": dice.pick(("Cluster", "Cluster", "Local"))}
    if dice.chance(0.2):
        spec["loadBalancerSourceRanges"] = dice.pick(RANGES)
    if dice.chance(0.1):
        spec["sessionAffinity"] = "ClientIP"
    if dice.chance(0.1):
        spec["loadBalancerIP"] = dice.pick(("20.9.0.1", "10.224.0.201", "2603:1030:9::1"))
    return service(_annotations(dice, ports), *ports, name=name, families=families, **spec)


def _families(dice: _Dice) -> tuple[str, ...]:
    return tuple(dice.pick((("IPv4",), ("IPv4",), ("IPv4",), ("IPv6",), ("IPv4", "IPv6"), ("IPv6", "IPv4"))))


def _config(dice: _Dice) -> Json:
    config: Json = {}
    if dice.chance(0.12):
        config["loadBalancerSku"] = "basic"
    elif dice.chance(0.2):
        config["disableOutboundSNAT"] = True
    if dice.chance(0.2):
        config["clusterServiceLoadBalancerHealthProbeMode"] = "shared"
    if dice.chance(0.2) and "loadBalancerSku" not in config:
        config["loadBalancerBackendPoolConfigurationType"] = "nodeIP"
    return config


def _single() -> Iterator[Case]:
    for number in range(1, SINGLE + 1):
        dice = _Dice(number, "single", careful=number > SINGLE // 3)
        body = _service(dice, "web", _families(dice))
        yield case(f"random/{number:04}", body, config=_config(dice), nodes=DUAL_NODES, public_ips=MINE)


def _sequences() -> Iterator[Case]:
    for number in range(1, SEQUENCES + 1):
        dice = _Dice(number, "sequence", careful=True)
        families = _families(dice)
        *before, last = (_service(dice, f"svc{index}", families) for index in range(dice.number(2, 4)))
        config = _config(dice)
        yield case(
            f"random/sequence-{number:04}", last, before=before, config=config, nodes=DUAL_NODES, public_ips=MINE
        )


def _histories() -> Iterator[Case]:
    for number in range(1, HISTORIES + 1):
        dice = _Dice(number, "history", careful=True)
        yield history(
            f"random/history-{number:04}", *_steps(dice), config=_config(dice), nodes=DUAL_NODES, public_ips=MINE
        )


def _steps(dice: _Dice) -> list[Json]:
    """Up to six steps of two or three Services: most are new or edited, some are deleted, some see other nodes."""
    families = _families(dice)
    names = [f"svc{index}" for index in range(dice.number(1, 3))]
    alive: dict[str, Json] = {}
    steps = []
    for _ in range(dice.number(2, 6)):
        name = dice.pick(names)
        if name in alive and dice.chance(0.25):
            steps.append(delete(alive.pop(name)))
        elif name in alive and dice.chance(0.15):
            steps.append(update(alive[name], dice.pick((MORE_NODES, DUAL_NODES, NODES))))
        else:
            alive[name] = _service(dice, name, families)
            steps.append(ensure(alive[name]))
    return steps


def cases() -> Iterator[Case]:
    """All of them."""
    for table in (_single, _sequences, _histories):
        yield from table()
