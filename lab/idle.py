"""Record what becomes of a connection that idles: python -m lab.idle. It needs root.

That a load balancer forgets a flow after the rule's idle timeout, and tells both sides by a TCP reset where the rule is told to, is
what Azure documents, and an emulation: the kernel's own table of connections, a minute of which is half a second. What
comes of that on both sides is measured: whether a client or a server still gets through, learns that it is cut, or waits.
"""

import errno
import json
import select
import socket
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile
from lab import alone, namespaces
from lab.fixed import CLIENTS, NODE_HOSTS, OUTSIDE
from lab.namespaces import FABRIC, inside, run

Json = dict[str, Any]

RECORDING = Path(__file__).parent / "idle.jsonl"
VERSION = "1.36.5"
#: How long a minute takes here. The kernel counts whole seconds.
_MINUTE = 0.5
_PREFIX = "service.beta.kubernetes.io/azure-load-balancer-"
_ANNOTATIONS: dict[str, dict[str, str]] = {
    "as AKS has it": {},
    "10 minutes": {"tcp-idle-timeout": "10"},
    "no TCP reset": {"disable-tcp-reset": "true"},
    "10 minutes, no TCP reset": {"tcp-idle-timeout": "10", "disable-tcp-reset": "true"},
}
#: For how many minutes nobody says anything; and how often keepalives are sent, where they are.
IDLE, KEEPALIVE = (1, 7, 14), 2
_PORT, _PATIENCE = 8080, 1.5
_NODE = NODE_HOSTS["node-a"]
_RULES = """
table inet idle
delete table inet idle
table inet idle {{
  chain forward {{ type filter hook forward priority filter; ct state invalid meta l4proto tcp {effect}; }}
}}
"""


def cases() -> Iterator[Json]:
    """Each Service, for how long its connection idles, and who speaks first then."""
    who = ((False, "client"), (False, "server"), (True, "client"))
    for name, idle, (keepalive, speaker) in product(_ANNOTATIONS, IDLE, who):
        annotations = {_PREFIX + key: value for key, value in _ANNOTATIONS[name].items()}
        service = {
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop", "annotations": annotations},
            "spec": {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": _PORT}]},
        }  # fmt: skip
        case = f"{name}, idle for {idle} minutes, {'with' if keepalive else 'without'} keepalives, the {speaker} speaks"
        yield {"case": case, "service": service, "idle": idle, "keepalive": keepalive, "speaks": speaker}


def rule_of(service: Json) -> LoadBalancingRule:
    """The rule that the provider makes."""
    cluster = with_flags(default_profile(), provider_version=VERSION).cluster
    balancer = derive(with_defaults(decode(service)), cluster).load_balancer
    if balancer is None:
        raise AkslbError("the Service of a case has no load balancer", hint="see lab/idle.py")
    return balancer.load_balancing_rules[0]


def _make_network() -> None:
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    Path("/run/netns").mkdir(exist_ok=True)
    # What is in the middle of a connection that the table does not know is no new one.
    run("sysctl", "-eqw", "net.ipv4.ip_forward=1", "net.netfilter.nf_conntrack_tcp_loose=0")
    run("ip", "link", "set", "lo", "up")
    for host in (OUTSIDE["internet"], _NODE):
        namespaces.make_host(host, FABRIC)


def measured(case: Json) -> Json:
    """What the speaker meets, and what a new connection does afterwards."""
    rule = rule_of(case["service"])
    minutes = rule.idle_timeout_in_minutes
    seconds = round((minutes.value if minutes is not None else 4) * _MINUTE)
    run("sysctl", "-qw", f"net.netfilter.nf_conntrack_tcp_timeout_established={seconds}")
    reset = rule.enable_tcp_reset is not None and rule.enable_tcp_reset.value
    run("nft", "-f", "-", text=_RULES.format(effect="reject with tcp reset" if reset else "drop"))
    with inside(_NODE.name):
        listening = socket.create_server((_NODE.addresses[4], _PORT))
    with listening:
        client, server = _connected(listening)
        with client, server:
            if case["keepalive"]:
                for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
                    client.setsockopt(socket.IPPROTO_TCP, option, round(KEEPALIVE * _MINUTE))
                client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            time.sleep(case["idle"] * _MINUTE)
            speaker, other = (client, server) if case["speaks"] == "client" else (server, client)
            met = _spoken(speaker, other)
        again, answering = _connected(listening)
        with again, answering:
            return {"the speaker": met, "a new connection": _spoken(again, answering)}


def _connected(listening: socket.socket) -> tuple[socket.socket, socket.socket]:
    with inside("internet"):
        client = socket.create_connection((_NODE.addresses[4], _PORT), 10, (CLIENTS["internet"][4], 0))
    return client, listening.accept()[0]


def _spoken(speaker: socket.socket, other: socket.socket) -> str:
    """Either "heard", "reset", or "silence": the speaker waits and learns nothing."""
    try:
        speaker.send(b"hello")
    except ConnectionResetError:
        return "reset"
    readable = select.select([speaker, other], [], [], _PATIENCE)[0]
    if other in readable:
        return "heard"
    if speaker in readable and speaker.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET:
        return "reset"
    return "silence"


def main() -> int:
    """Ask all, and write a line for each case."""
    if not alone.is_alone():
        return alone.run_alone("lab.idle", ())
    try:
        _make_network()
        lines = [{**case, "outcome": measured(case)} for case in cases()]
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    RECORDING.write_text("".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines))
    print(f"{len(lines)} connections")
    return 0


def recorded() -> list[Json]:
    """The lines in the repository."""
    return [json.loads(line) for line in RECORDING.read_text().splitlines()]


if __name__ == "__main__":
    sys.exit(main())
