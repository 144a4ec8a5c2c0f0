"""Whether pods and nodes reach the API server: as text, and for machines (``reach.schema.json``)."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.model.command import Command, command, flag, kubectl
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.reach import Break, Tried, WayName, breaks_at
from kubectl_akslb.render.document import API_VERSION
from kubectl_akslb.render.terminal import Terminal, grid
from kubectl_akslb.render.verification import got

_COLUMN = 10
_WAYS = {
    WayName.NAME: "by name",
    WayName.CLUSTER_IP: "by its ClusterIP",
    WayName.ENDPOINT: "to its endpoint",
    WayName.OUTSIDE: "by the kubeconfig",
}
_AZ = command("az", "aks", "show", "--resource-group", "GROUP", "--name", "NAME", "--query", "apiServerAccessProfile")
_ENDPOINTS = kubectl(
    "get", "endpointslices", flag("--selector", "kubernetes.io/service-name=kubernetes"), namespace="default"
)


class Said(NamedTuple):
    """What a break means, and what mends it; *look* is the command that shows more."""

    what: str
    remedy: str = ""
    look: Command | None = None


SAID: Mapping[Break, Said] = {
    Break.NOWHERE: Said("the API server answers on every way"),
    Break.CLUSTER_DNS: Said(
        "it answers by its address, but its name is not resolved: cluster DNS does not answer",
        "see whether CoreDNS runs, and whether a NetworkPolicy keeps pods from port 53",
        kubectl("get", "pods", flag("--selector", "k8s-app=kube-dns"), namespace="kube-system"),
    ),
    Break.KUBE_PROXY: Said(
        "its endpoint answers, but the address of the Service kubernetes does not lead there: kube-proxy on that node",
        "see whether kube-proxy runs there (with Cilium: cilium), and restart its pod",
        kubectl("get", "pods", flag("--selector", "component=kube-proxy"), "-o", "wide", namespace="kube-system"),
    ),
    Break.ROUTE: Said(
        "it does not answer on any way from there: something drops it on the way out, or it is down",
        "an egress NetworkPolicy of the namespace, a security group or a firewall without 443 to the API server, or"
        " authorised IP ranges without the address by which the nodes go out",
        _AZ,
    ),
    Break.PRIVATE_DNS: Said(
        "it answers inside, but the name in the kubeconfig is not resolved there: private DNS",
        "link the private DNS zone to the virtual network, or have the DNS server forward to 168.63.129.16",
        command("az", "network", "private-dns", "zone", "list", "--output", "table"),
    ),
    Break.OUTSIDE: Said(
        "it answers inside, but not by the address in the kubeconfig: the way out is closed",
        "let 443 out to that address in the firewall, or add the address of the way out to the authorised IP ranges",
        _AZ,
    ),
    Break.UNHEALTHY: Said(
        "it is reached, and says that it is not well (5xx)", "wait, and look at the state of the cluster",
        command("az", "aks", "show", "--resource-group", "GROUP", "--name", "NAME", "--query", "powerState"),
    ),
    Break.NOT_SEEN: Said("the pod has not said what it saw", "ask again, with a longer --timeout"),
}  # fmt: skip


def by_sender(tried: Sequence[Tried]) -> dict[str, list[Tried]]:
    """What was tried, by who tried it."""
    found: dict[str, list[Tried]] = {}
    for one in tried:
        found.setdefault(one.sender, []).append(one)
    return found


def reach_text(tried: Sequence[Tried], terminal: Terminal, notices: Sequence[str] = ()) -> str:
    """For each sender the verdict, each way, and what mends it."""
    lines: list[str] = []
    for sender, found in by_sender(tried).items():
        where = breaks_at(found)
        said = SAID[where]
        word, colour = ("REACHED", "green") if where is Break.NOWHERE else ("FAILS", "red")
        word, colour = ("UNKNOWN", "yellow") if where is Break.NOT_SEEN else (word, colour)
        if lines:
            lines.append("")
        who = f"node {sender}" if sender else "a pod"
        lines += terminal.labelled(0, word, f"from {who}: {said.what}", _COLUMN, "bold", colour)
        lines.append("")
        rows = [("WAY", "ASKED", "GOT", "")]
        rows += [(_WAYS[one.way.name], address(one), got(one.answer), one.answer.detail) for one in found]
        lines += [clean(line) for line in grid(rows, 2, terminal.width, (18, 40, 14))]
        if said.remedy:
            lines.append("")
            lines += terminal.labelled(0, "remedy", said.remedy, _COLUMN, "bold")
        if said.look is not None:
            lines.append(terminal.verbatim(0, "look", str(said.look), _COLUMN, "bold"))
        if where in (Break.ROUTE, Break.KUBE_PROXY) and _ENDPOINTS is not None:
            lines.append(terminal.verbatim(0, "", str(_ENDPOINTS), _COLUMN))
    lines.append("")
    for notice in notices:
        lines += terminal.labelled(0, "note", notice, _COLUMN, "dim")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def address(one: Tried) -> str:
    """Whom a way asks."""
    host = one.way.request.host
    return f"[{host}]:{one.way.request.number}" if ":" in host else f"{host}:{one.way.request.number}"


def reach_document(tried: Sequence[Tried], notices: Sequence[str] = ()) -> dict[str, Any]:
    """All ways for machines; codes are stable."""
    return {
        "apiVersion": API_VERSION,
        "kind": "ApiServerReach",
        "reached": all(breaks_at(found) is Break.NOWHERE for found in by_sender(tried).values()),
        "senders": [
            {
                "from": sender or "pod",
                "breaks": breaks_at(found).value,
                "why": SAID[breaks_at(found)].what,
                "remedy": SAID[breaks_at(found)].remedy,
                "ways": [
                    {
                        "way": one.way.name.value,
                        "address": address(one),
                        "reached": one.reached,
                        "code": one.answer.code.value,
                        "status": one.answer.status,
                        "detail": one.answer.detail,
                    }
                    for one in found
                ],
            }
            for sender, found in by_sender(tried).items()
        ],
        "notices": list(notices),
    }
