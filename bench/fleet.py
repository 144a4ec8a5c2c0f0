"""Services as a fleet has them, as a cluster stores them: many of few shapes, or each of a shape of its own.

The same ones at every call. A shape is all that is written of a Service but its name, UID, node ports and addresses.
"""

from collections.abc import Iterator
from random import Random

PREFIX = "service.beta.kubernetes.io/azure-"
#: What some Services of a fleet carry, and what they say there.
ANNOTATIONS = {
    "load-balancer-internal": ("true", "true", "false"),
    "load-balancer-health-probe-request-path": ("/healthz", "/ready", "/"),
    "load-balancer-health-probe-protocol": ("tcp", "http", "https"),
    "load-balancer-health-probe-interval": ("5", "10", "15"),
    "load-balancer-health-probe-num-of-probe": ("2", "3"),
    "load-balancer-tcp-idle-timeout": ("4", "10", "30"),
    "load-balancer-disable-tcp-reset": ("true",),
    "allowed-service-tags": ("AzureCloud", "AzureFrontDoor.Backend"),
    "allowed-ip-ranges": ("20.1.2.0/24", "20.1.2.0/24,20.7.0.0/16"),
    "disable-load-balancer-floating-ip": ("true",),
    "pip-tags": ("team=shop", "team=shop,stage=live"),
}
PORTS = (
    ("http", 80, "http"),
    ("https", 443, "https"),
    ("grpc", 9000, ""),
    ("metrics", 9090, "http"),
    ("db", 5432, "tcp"),
)


def fleet(count: int, shapes: int) -> bytes:
    """A file with *count* Services of so many *shapes*, in turn; as many shapes as Services make each its own."""
    dice = Random(1)  # noqa: S311 - the same ones at every call
    bodies: dict[str, None] = {}
    while len(bodies) < shapes:
        bodies[_body(dice, few=shapes < count)] = None
    found = list(bodies)
    node_ports = iter(range(30000, 65536))
    return "".join(_named(found[number % shapes], number, node_ports) for number in range(count)).encode()


def _body(dice: Random, *, few: bool) -> str:
    """What is written of a Service from its annotations on; where there are to be *few*, ports are the usual ones."""
    chosen = {key: dice.choice(texts) for key, texts in ANNOTATIONS.items() if dice.random() < 0.2}
    lines = ["  annotations:"] if chosen else []
    lines += [f'    {PREFIX}{key}: "{text}"' for key, text in chosen.items()]
    lines += ["spec:", "  type: LoadBalancer"]
    if dice.random() < 0.2:
        lines.append("  externalTrafficPolicy: Local")
    if "allowed-ip-ranges" not in chosen and dice.random() < 0.1:  # the provider takes one of the two
        lines += ["  loadBalancerSourceRanges:", f"  - 20.{dice.randrange(200)}.0.0/16"]
    lines += ["  selector:", "    app: web", "  ports:"]
    for name, port, protocol in dice.sample(PORTS, dice.randint(1, 3)):
        lines += [f"  - name: {name}", f"    port: {port if few else port + dice.randrange(200)}"]
        lines += [f"    targetPort: {8000 + port % 1000}"]
        lines += [f"    appProtocol: {protocol}"] if protocol else []
    return "\n".join(lines) + "\n"


def _named(body: str, number: int, node_ports: Iterator[int]) -> str:
    """A document with a Service of that body; its UID is its own from the first digits on, as real ones are."""
    uid = f"{number:08x}-0000-4000-8000-000000000000"
    head = f"apiVersion: v1\nkind: Service\nmetadata:\n  name: web-{number}\n  namespace: shop\n  uid: {uid}\n"
    lines = body.splitlines(keepends=True)
    ports = [f"{line}    nodePort: {next(node_ports)}\n" if "targetPort" in line else line for line in lines]
    return f"{head}{''.join(ports)}---\n"
