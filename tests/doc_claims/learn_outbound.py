"""Microsoft's page on the public standard load balancer: the way out, SNAT ports, and the flags of az."""

from collections.abc import Callable
from typing import Any

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.outbound.outbound import derive_outbound, how_pods_leave
from kubectl_akslb.derive.outbound.snat_plan import plan, plan_for
from kubectl_akslb.model.cluster import NODE_IP, Cluster
from kubectl_akslb.model.outbound import Outbound
from kubectl_akslb.model.outbound_profile import NodePool, OutboundProfile
from kubectl_akslb.provider.errata import LEARN
from kubectl_akslb.provider.outbound import NOT_A_MULTIPLE
from tests.doc_claims.row import LIST, OUTPUT, PROSE, Check, Row, Table, case
from tests.given.derived import bare
from tests.given.services import on, service

PREFIX_IDS = ("/publicIPPrefixes/out1", "/publicIPPrefixes/out2")
ADDRESS_IDS = ("/publicIPAddresses/out1", "/publicIPAddresses/out2")


def _cluster(**profile: Any) -> Cluster:
    """A cluster with this outbound profile."""
    given = frozenset(f"outbound.{field}" for field in profile)
    return on()._replace(outbound=OutboundProfile()._replace(**profile), given=given)


def _outbound(**profile: Any) -> Outbound:
    return derive_outbound(_cluster(**profile))


def _pool(count: int, surge: str = "0") -> tuple[NodePool, ...]:
    return (NodePool("nodes", count, None, surge),)


def _automatic(count: int) -> int | None:
    """The ports of each node by automatic allocation."""
    return _snat("ports_per_node", node_pools=_pool(count))


def _snat(field: str, **profile: Any) -> int | None:
    snat = _outbound(**profile).snat
    assert snat is not None
    number = bare(getattr(snat, field))
    assert number is None or isinstance(number, int)
    return number


def _most(ports: int, ips: int) -> int | None:
    return _snat("max_nodes", allocated_outbound_ports=ports, managed_ip_count=ips)


def _codes(**profile: Any) -> list[str]:
    return [finding.code for finding in _outbound(**profile).findings]


def _rule() -> dict[str, object]:
    rule = _outbound().rule
    assert rule is not None
    return {
        "AllocatedOutboundPorts": rule.allocated_outbound_ports.value, "EnableTcpReset": rule.enable_tcp_reset.value,
        "IdleTimeoutInMinutes": rule.idle_timeout_in_minutes.value, "Name": rule.name.value,
        "Protocol": rule.protocol.value,
    }  # fmt: skip


def _idle(minutes: int | None) -> int:
    rule = _outbound(idle_timeout_in_minutes=minutes).rule if minutes else _outbound().rule
    assert rule is not None
    return rule.idle_timeout_in_minutes.value


def _addresses(**profile: Any) -> tuple[str, ...]:
    rule = _outbound(**profile).rule
    assert rule is not None
    return rule.frontend_ips.value


def _seen(annotations: dict[str, str]) -> object:
    cluster = _cluster()
    leaving = how_pods_leave(Context(service(annotations), cluster), derive_outbound(cluster))
    return leaving.source_address.value, derive_outbound(cluster).rule


def _flag(name: str, claim: str, expected: object, ask: Callable[[], object]) -> Row:
    reason = "a flag of az: it sets the cluster's profile, which a derivation starts from"
    return Row(name, claim, checks=(Check("in the profile", expected, ask),), not_derived=reason)


def _command(**profile: Any) -> str:
    """The part of our own az command that sets the addresses and ports of a profile."""
    command = plan_for(_cluster(node_pools=_pool(10), **profile), ports=4000).command
    return command[command.index("--load-balancer") :]


ONE_OPTION = Table(LEARN, "one-outbound-option", "Introduction", PROSE, (
    Row("one-option", "only one of managed addresses, own addresses and own prefixes at a time", checks=(
        Check("two of them", ["one-outbound-option"], lambda: _codes(managed_ip_count=2, public_ips=ADDRESS_IDS)),
        Check("one of them", [], lambda: _codes(public_ips=ADDRESS_IDS)),
    )),
))  # fmt: skip

OWN_ADDRESSES = Table(
    LEARN, "own-addresses", "Requirements for using your own outbound public IPs or prefixes", LIST, (
        Row("own-resources", "the addresses must be yours, not ones that AKS manages", checks=(
            Check("addresses of the rule", ("out1", "out2"), lambda: _addresses(public_ips=ADDRESS_IDS)),
        ), not_derived="who owns an address is not in the profile"),
        Row("rights", "the cluster's identity needs access to them", checks=(
            Check("findings", [], lambda: _codes(public_ips=ADDRESS_IDS)),
        ), not_derived="rights are not part of a derivation"),
        Row("constraints", "addresses and prefixes have constraints of their own", checks=(
            Check("a prefix does not say how many it has", None, lambda: _snat("outbound_ips", prefixes=PREFIX_IDS)),
        ), not_derived="the constraints are on other pages"),
    ),
)  # fmt: skip

FLAGS = Table(LEARN, "az-flags", "az aks create in several sections", LIST, (
    Row("backend-pool-type", "--load-balancer-backend-pool-type=nodeIP: members by address",
        (case(service(), on(pool_type=NODE_IP), probe="Tcp 30080"),),
        not_derived="a flag of az: it sets the cluster's profile, which a derivation starts from"),
    _flag("managed-ip-count", "--load-balancer-managed-outbound-ip-count 2: two managed addresses", 2,
          lambda: _snat("outbound_ips", managed_ip_count=2)),
    _flag("outbound-ips", "--load-balancer-outbound-ips: own addresses, separated by commas", ("out1", "out2"),
          lambda: _addresses(public_ips=ADDRESS_IDS)),
    _flag("outbound-ip-prefixes", "--load-balancer-outbound-ip-prefixes: own prefixes, separated by commas",
          ("out1", "out2"), lambda: _addresses(prefixes=PREFIX_IDS)),
    _flag("outbound-ports", "--load-balancer-outbound-ports 4000 with 7 managed addresses",
          "--load-balancer-managed-outbound-ip-count=7 --load-balancer-outbound-ports=4000",
          lambda: _command(managed_ip_count=7)),
    _flag("idle-timeout", "--load-balancer-idle-timeout 4: four minutes", 4, lambda: _idle(4)),
))  # fmt: skip

RULE_OUTPUT = Table(LEARN, "outbound-rule", "View the current allocated outbound ports, printed table", OUTPUT, (
    Row("aksOutboundRule", "ports 0, TCP reset, idle 30 minutes, all protocols", checks=(
        Check("the rule", {
            "AllocatedOutboundPorts": 0, "EnableTcpReset": True, "IdleTimeoutInMinutes": 30, "Name": "aksOutboundRule",
            "Protocol": "All",
        }, _rule),
    )),
))  # fmt: skip

EQUATION = Table(LEARN, "outbound-equation", "Calculate and verify outbound ports and IPs needed", PROSE, (
    Row("most-nodes", "64,000 / ports of a node x addresses, rounded to the nearest number, is the most nodes",
        (case(service(), _cluster(allocated_outbound_ports=24), refused=None),),
        (Check("24 ports: 2666.67 nodes", 2666, lambda: _most(24, 1)),),
        disagrees=("snat-rounding",)),
))  # fmt: skip

CONSIDERATIONS = Table(LEARN, "outbound-considerations", "Considerations for calculating outbound ports and IPs", LIST, (
    Row("fixed", "the ports of a node are what was set", checks=(
        Check("1 and 60 nodes", [1000, 1000], lambda: [
            _snat("ports_per_node", node_pools=_pool(count), allocated_outbound_ports=1000) for count in (1, 60)
        ]),
    )),
    Row("multiple-of-8", "the number of ports is a multiple of 8", checks=(
        Check("1001", [NOT_A_MULTIPLE], lambda: _codes(allocated_outbound_ports=1001)),
        Check("1000", [], lambda: _codes(allocated_outbound_ports=1000)),
    )),
    Row("more-addresses", "more addresses are room for more nodes, not more ports for each", checks=(
        Check("ports with 1 and 7 addresses", [1000, 1000], lambda: [
            _snat("ports_per_node", node_pools=_pool(10), allocated_outbound_ports=1000, managed_ip_count=ips)
            for ips in (1, 7)
        ]),
        Check("nodes with 1 and 7 addresses", [64, 448], lambda: [_most(1000, ips) for ips in (1, 7)]),
    )),
    Row("surge", "count nodes that upgrades add: maxCount and maxSurge", checks=(
        Check("ports required", 4000 * (20 + 2), lambda: _snat(
            "ports_required", node_pools=(NodePool("nodes", 10, 20, "2"),), allocated_outbound_ports=4000,
        )),
    )),
))  # fmt: skip


def _example(ports: int, ips: int, most: int) -> Row:
    return Row(
        f"{ports}-ports-{ips}-ips", f"{ports} ports and {ips} addresses: at most {most} nodes",
        checks=(Check("most nodes", most, lambda: _most(ports, ips)),),
    )  # fmt: skip


EXAMPLES = Table(LEARN, "outbound-examples", "Examples of calculating outbound ports and IPs", LIST, (
    Row("48-nodes", "by default 48 nodes have 1024 ports each", checks=(Check("ports", 1024, lambda: _automatic(48)),)),
    Row("52-nodes", "growing from 48 to 52 nodes leaves 512 ports each", checks=(
        Check("ports", [1024, 512], lambda: [_automatic(48), _automatic(52)]),
        Check("warning", ["automatic-ports-drop"], lambda: _codes(node_pools=(NodePool("nodes", 48, 52, "0"),))),
    )),
    _example(1000, 2, 128),
    _example(1000, 7, 448),
    _example(4000, 2, 32),
    _example(4000, 7, 112),
))  # fmt: skip

SURGE = Table(LEARN, "surge-example", "Examples of calculating outbound ports and IPs, surge", LIST, (
    Row("surge-ports", "2 surge nodes need 8000 ports", checks=(
        Check("surge nodes x 4000", 8000,
              lambda: 4000 * plan(nodes=100, ips=7, ports=4000, max_surge="2").surge_nodes.value),
    )),
    Row("node-ports", "100 nodes need 400,000 ports", checks=(
        Check("with surge", 408_000, lambda: bare(plan(nodes=100, ips=7, ports=4000, max_surge="2").ports_required)),
        Check("findings", (), lambda: plan(nodes=100, ips=7, ports=4000, max_surge="2").findings),
    )),
    Row("available-ports", "7 addresses have 448,000 ports", checks=(
        Check("available", 448_000, lambda: plan(nodes=100, ips=7, ports=4000, max_surge="2").ports_available.value),
    )),
))  # fmt: skip

AUTOMATIC = Table(LEARN, "automatic-ports", "Configure the allocated outbound ports", PROSE, (
    Row("default", "automatic by default: 1024 ports each up to 50 nodes", checks=(
        Check("50 nodes", 1024, lambda: _automatic(50)),
    )),
    Row("boundaries", "fewer ports when growing from 50 to 51 or from 100 to 101 nodes", checks=(
        Check("50, 51, 100, 101", [1024, 512, 512, 256], lambda: [_automatic(n) for n in (50, 51, 100, 101)]),
    )),
))  # fmt: skip

IDLE = Table(LEARN, "outbound-idle-timeout", "Configure the load balancer idle timeout", PROSE, (
    Row("default", "30 minutes for outbound flows on AKS", checks=(Check("minutes", 30, lambda: _idle(None)),)),
    Row("tcp-reset", "TCP reset on idle is on by default", (case(service(), tcp_reset=(True,)),), (
        Check("of the outbound rule", True, lambda: _rule()["EnableTcpReset"]),
    )),
))  # fmt: skip

INBOUND_ONLY = Table(LEARN, "inbound-only", "Customizations via Kubernetes annotations", PROSE, (
    Row("inbound", "annotations act on inbound flows only", (
        case(service({"azure-load-balancer-tcp-idle-timeout": "20"}), idle=(20,)),
    ), (
        Check("the way out with and without", True, lambda: _seen({
            "azure-load-balancer-tcp-idle-timeout": "20", "azure-load-balancer-disable-tcp-reset": "true",
        }) == _seen({})),
    )),
))  # fmt: skip

TABLES = (
    ONE_OPTION, OWN_ADDRESSES, FLAGS, RULE_OUTPUT, EQUATION, CONSIDERATIONS, EXAMPLES, SURGE, AUTOMATIC, IDLE, INBOUND_ONLY,
)  # fmt: skip
