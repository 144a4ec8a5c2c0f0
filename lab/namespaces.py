"""Network namespaces: the fabric, the nodes, their pods, the clients; and sockets inside of them.

All of it lives in namespaces of its own (``python -m lab.record`` enters them first), so that nothing leaves them and
nothing is left behind, however the program ends.
"""

import contextlib
import ctypes
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kubectl_akslb.errors import AkslbError
from lab.fixed import (
    API_SERVER,
    CLIENT_PODS,
    CLIENTS,
    LOAD_BALANCERS,
    NODE_HOSTS,
    NODES,
    OUTSIDE,
    POD_RANGE,
    PODS,
    PROBE,
    SERVICE_RANGE,
    VNET_RANGE,
    WAY_OUT,
    Host,
)

FABRIC = "fabric"
#: Where the fabric answers what was sent to a load balancer and came to it unchanged.
LEFT_PORT = 9
_FABRIC_IPV6 = "fd00:224::2"
_NEWNET = 0x40000000
#: The two ends of each link.
_OUTER, _INNER = "02:00:00:00:00:01", "02:00:00:00:00:02"
_ROUTER = {4: "169.254.1.1", 6: "fe80::1"}


def run(*command: str, text: str = "", namespace: str = FABRIC) -> str:
    """The output of a command inside a namespace; AkslbError where it fails."""
    inside = () if namespace == FABRIC else ("ip", "netns", "exec", namespace)
    done = subprocess.run([*inside, *command], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{' '.join(command)} in {namespace}: {done.stderr.strip()[-800:]}"
        raise AkslbError(message, hint="lab/README.md lists what the lab needs of the kernel and of the machine")
    return done.stdout


@contextlib.contextmanager
def inside(namespace: str) -> Iterator[None]:
    """Sockets that are made here belong to *namespace*, and stay there."""
    if namespace == FABRIC:
        yield
        return
    here = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        _enter(there)
        yield
    finally:
        _enter(here)
        os.close(there)
        os.close(here)


def _enter(descriptor: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, _NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def make_fabric() -> None:
    """What is there once: the fabric's own addresses, the clients, the rules that choose a node."""
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    Path("/run/netns").mkdir(exist_ok=True)
    run("sysctl", "-eqw", *_SYSCTLS)
    own = (f"{API_SERVER}/32", f"{PROBE[4]}/32", f"{_FABRIC_IPV6}/128")
    lines = ["link set lo up", *(f"addr add {address} dev lo" for address in own)]
    run("ip", "-batch", "-", text="\n".join(lines))
    for host in OUTSIDE.values():
        make_host(host, FABRIC)
    rules = []
    for family, keyword in ((4, "ip"), (6, "ip6")):
        balancers = f"{keyword} daddr {{ {', '.join(LOAD_BALANCERS[family])} }}"
        clients = f"{keyword} saddr {{ {', '.join(addresses[family] for addresses in CLIENTS.values())} }}"
        # The DSCP of a client's packet says to which node the load balancer's hash sends it: the lab asks for each node.
        rules += [
            f'add rule inet lab choose iifname {{ "to-internet", "to-vnet" }} {keyword} dscp {number} meta mark set {number}'
            for number, _ in enumerate(NODES, 1)
        ]
        # What leaves a node for a load balancer has a DSCP too where the lab asks how it comes back. Azure takes nothing of it
        # that comes from another address than the node's own.
        rules += [
            f'add rule inet lab choose iifname "to-{name}" {keyword} dscp != 0 {balancers}'
            f" {keyword} saddr != {NODE_HOSTS[name].addresses[family]} drop"
            for name in NODES
        ]
        rules += [
            f'add rule inet lab choose iifname "to-node-*" {balancers} {keyword} dscp {number} meta mark set {number}'
            for number, _ in enumerate(NODES, 1)
        ]
        public = LOAD_BALANCERS[family][0]
        rules.append(
            f'add rule inet lab way_out iifname "to-node-*" meta mark != 0 ct original {keyword} daddr {public}'
            f" snat {keyword} to {WAY_OUT[family]}"
        )
        # Azure takes no packet from a node that does not come from one of its own addresses.
        rules.append(f'add rule inet lab choose iifname "to-node-*" {balancers} {clients} drop')
        # Not redirect: that takes an address of the link, and the links have none.
        answering = (
            f"{keyword} to {API_SERVER}:{LEFT_PORT}" if family == 4 else f"{keyword} to [{_FABRIC_IPV6}]:{LEFT_PORT}"
        )
        rules += [
            f"add rule inet lab left {balancers} meta mark 0 meta l4proto {protocol} dnat {answering}"
            for protocol in ("tcp", "udp")
        ]
    run("nft", "-f", "-", text="\n".join((*_CHAINS, *rules)))
    run("nft", "-f", "-", text=_ONCE)
    for family in (4, 6):
        for number, _ in enumerate(NODES, 1):
            run("ip", f"-{family}", "rule", "add", "fwmark", str(number), "lookup", str(100 + number))


def set_fronts(frontends: Iterable[tuple[str, str, int, int]]) -> None:
    """Without floating IP a load balancer puts the address and the port of the node there; its address, protocol and ports."""
    rules = ["flush chain inet lab front"]
    for address, protocol, number, node_port in frontends:
        keyword, family = ("ip6", 6) if ":" in address else ("ip", 4)
        for index, name in enumerate(NODES, 1):
            to = NODE_HOSTS[name].addresses[family]
            rules.append(
                f'add rule inet lab front iifname "to-node-*" meta mark {index} {keyword} daddr {address}'
                f" {protocol.lower()} dport {number} dnat {keyword} to {f'[{to}]' if family == 6 else to}:{node_port}"
            )
    run("nft", "-f", "-", text="\n".join(rules))


def make_nodes() -> None:
    """The nodes with their pods, new: what an earlier kube-proxy has left is gone with its namespace."""
    for name in (*NODES, *PODS, *CLIENT_PODS):
        if Path(f"/run/netns/{name}").exists():
            if name in NODES:
                run("ip", "link", "del", _link(NODE_HOSTS[name]))
            run("ip", "netns", "del", name)
    for number, name in enumerate(NODES, 1):
        node = NODE_HOSTS[name]
        make_host(node, FABRIC)
        for family, address in node.addresses.items():
            pods = _pods_of(name)[0].addresses[family]
            pods = pods.rpartition(".")[0] + ".0/24" if family == 4 else pods.rpartition("::")[0] + "::/64"
            run("ip", f"-{family}", "route", "replace", pods, "via", address, "dev", _link(node), "onlink")
            # Local first: a mark must not send to a node what the fabric itself is asked.
            run(
                "ip", f"-{family}", "route", "replace", "default", "via", address, "dev", _link(node), "onlink",
                "table", str(100 + number),
            )  # fmt: skip
        run("ip", "addr", "add", f"{PROBE[6]}/64", "dev", _link(node), "nodad")
        for pod in _pods_of(name):
            make_host(pod, name)
        run("nft", "-f", "-", text=_MASQUERADE, namespace=name)


def _pods_of(node: str) -> Sequence[Host]:
    return [host for host in (*PODS.values(), *CLIENT_PODS.values()) if host.node == node]


def _link(host: Host) -> str:
    return f"to-{host.name}"


def make_host(host: Host, outer: str) -> None:
    """A namespace with one link to *outer*; all that it sends goes through that, as Azure and its CNI do it."""
    name, link = host.name, _link(host)
    run("ip", "netns", "add", name)
    run("sysctl", "-eqw", *_SYSCTLS, namespace=name)
    within = [
        f"link add {link} address {_OUTER} type veth peer name eth0 address {_INNER} netns {name}",
        f"link set {link} up",
    ]
    own = ["link set lo up", "link set eth0 up"]
    for family, address in host.addresses.items():
        length = 32 if family == 4 else 128
        router = _ROUTER[family]
        within.append(f"route add {address}/{length} dev {link}")
        # Nobody has to ask who is there, so that no first packet waits for the answer.
        within.append(f"neigh add {address} lladdr {_INNER} dev {link} nud permanent")
        own.append(f"addr add {address}/{length} dev eth0" + (" nodad" if family == 6 else ""))
        own.append(f"route add {router}/{length} dev eth0")
        own += [
            f"neigh add {outside} lladdr {_OUTER} dev eth0 nud permanent"
            for outside in {router, PROBE[6]}
            if (":" in outside) == (family == 6)
        ]
        own.append(f"route add default via {router} dev eth0 onlink")
    _batch(within, outer)
    _batch(own, name)
    run("nft", "-f", "-", text=_ONCE, namespace=name)


def _batch(lines: Sequence[str], namespace: str) -> None:
    run("ip", "-batch", "-", text="\n".join(lines), namespace=namespace)


_CHAINS = (
    "add table inet lab",
    "add chain inet lab choose { type filter hook prerouting priority mangle; }",
    "add chain inet lab front { type nat hook prerouting priority dstnat - 1; }",
    "add chain inet lab way_out { type nat hook postrouting priority srcnat; }",
    "add chain inet lab left { type nat hook prerouting priority dstnat; }",
)
_SYSCTLS = (
    "net.ipv4.ip_forward=1",
    "net.ipv6.conf.all.forwarding=1",
    "net.ipv6.conf.default.forwarding=1",
    "net.ipv4.conf.all.rp_filter=0",
    "net.ipv4.conf.default.rp_filter=0",
    "net.ipv4.conf.all.send_redirects=0",
    "net.ipv4.conf.default.send_redirects=0",
    "net.ipv6.conf.all.accept_dad=0",
    "net.ipv6.conf.default.accept_dad=0",
    # A refusal must not be lost because many are sent at once.
    "net.ipv4.icmp_ratelimit=0",
    "net.ipv4.icmp_msgs_per_sec=100000",
    "net.ipv4.icmp_msgs_burst=100000",
    "net.ipv6.icmp.ratelimit=0",
)


def _ranges(family: int) -> str:
    return ", ".join((POD_RANGE[family], SERVICE_RANGE[family], VNET_RANGE[family]))


#: Nobody sends a SYN twice: kube-proxy would choose another endpoint for the second one, and what was asked would look answered.
_ONCE = """
table inet once {
  set sent {
    typeof tcp sport . tcp dport . tcp sequence
    flags dynamic,timeout
    size 262144
    timeout 30s
  }
  chain output {
    type filter hook output priority raw;
    tcp flags & (syn | ack) == syn tcp sport . tcp dport . tcp sequence @sent drop
    tcp flags & (syn | ack) == syn add @sent { tcp sport . tcp dport . tcp sequence }
  }
}
"""
#: What azure-ip-masq-agent does: pods that call an address outside of the VNet come from their node.
_MASQUERADE = f"""
table inet masq-agent {{
  chain postrouting {{
    type nat hook postrouting priority srcnat + 10;
    ip saddr {POD_RANGE[4]} ip daddr != {{ {_ranges(4)} }} masquerade
    ip6 saddr {POD_RANGE[6]} ip6 daddr != {{ {_ranges(6)} }} masquerade
  }}
}}
"""
