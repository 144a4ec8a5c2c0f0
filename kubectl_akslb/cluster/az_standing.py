"""What really stands in Azure, asked of the user's own az: a fixed list of commands that only list and show.

The words that are not fixed are subscription, resource group, scale sets and region of the nodes, each of the form that
Azure gives it, behind a flag. az runs without a shell.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from kubectl_akslb.azure.az_output import read_resources
from kubectl_akslb.azure.resources import Resources
from kubectl_akslb.cluster.az import SECONDS, failure, installed, start
from kubectl_akslb.edge.process import Finished, Running
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.evidence.state import NodeState
from kubectl_akslb.model.command import command, flag
from kubectl_akslb.named_tuple import NamedTuple

MOST_SCALE_SETS = 12
_MOST_TABLES = 5
_MOST_ZONES = 3
_PROVIDER_ID = re.compile(
    r"azure:///subscriptions/(?P<subscription>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"/resourceGroups/(?P<group>(?!-)[\w.()-]{1,90})/providers/Microsoft\.Compute/"
    r"(?:virtualMachineScaleSets/(?P<scale_set>(?!-)[\w-]{1,80})/)?virtualMachines/[\w-]{1,80}",
    re.IGNORECASE | re.ASCII,
)
_REGION = re.compile(r"[a-z][a-z0-9]{2,40}\Z")
_TABLE_ID = re.compile(
    r"/subscriptions/[0-9a-f-]{36}/resourceGroups/(?!-)[\w.()-]{1,90}/providers/Microsoft\.Network/routeTables/[\w.-]{1,80}\Z",
    re.IGNORECASE | re.ASCII,
)
_API_SERVER_ZONE = re.compile(r"[a-z0-9.-]{1,200}\.azmk8s\.(io|us|cn)\Z")
_REGION_LABELS = ("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region")


class NodesInAzure(NamedTuple):
    """Where the nodes of a cluster are in Azure."""

    subscription: str
    group: str
    scale_sets: tuple[str, ...] = ()
    region: str = ""


class Question(NamedTuple):
    """A command of az without the words that all have; its answer holds resources of *kind*, a field of Resources."""

    kind: str
    words: tuple[str, ...]


def place_of(nodes: Iterable[NodeState]) -> NodesInAzure | None:
    """Where the nodes are, by their provider IDs; None where none of them says it."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    region = ""
    for node in nodes:
        match = _PROVIDER_ID.fullmatch(node.provider_id or "")
        if match is None:
            continue
        sets = found.setdefault((match["subscription"].lower(), match["group"].lower()), {})
        if match["scale_set"]:
            sets[match["scale_set"].lower()] = None
        label = next((node.labels[name] for name in _REGION_LABELS if name in node.labels), "")
        region = region or (label if _REGION.match(label) else "")
    if not found:
        return None
    (subscription, group), sets = max(found.items(), key=_size)
    return NodesInAzure(subscription, group, tuple(sets), region)


def _size(item: tuple[tuple[str, str], dict[str, None]]) -> int:
    return len(item[1])


def questions(place: NodesInAzure) -> tuple[Question, ...]:
    """What is asked. Security groups, networks and addresses may be in other resource groups: a network of your own."""
    group = flag("--resource-group", place.group)
    cards = [
        Question("network_interfaces", ("vmss", "nic", "list", group, flag("--vmss-name", name)))
        for name in place.scale_sets[:MOST_SCALE_SETS]
    ]
    instances = ("vmss", "list-instances", group, "--expand=instanceView")
    machines = [Question("machines", (*instances, flag("--name", name))) for name in place.scale_sets[:MOST_SCALE_SETS]]
    usages = [Question("usages", ("network", "list-usages", flag("--location", place.region)))] if place.region else []
    return (
        Question("load_balancers", ("network", "lb", "list", group)),
        Question("security_groups", ("network", "nsg", "list")),
        Question("public_ips", ("network", "public-ip", "list")),
        Question("virtual_networks", ("network", "vnet", "list")),
        Question("route_tables", ("network", "route-table", "list", group)),
        *(cards or [Question("network_interfaces", ("network", "nic", "list", group))]),
        *(machines or [Question("machines", ("vm", "list", group, "--show-details"))]),
        *usages,
    )


def read(nodes: Iterable[NodeState], clusters: bytes | None = None) -> Resources:
    """What stands in Azure around the nodes, with notices about the rest. AkslbError where nothing can be asked.

    *clusters* is what az aks show or az aks list has answered already.
    """
    place = place_of(nodes)
    if place is None:
        hint = "give what az prints in files: --azure FILE"
        raise AkslbError("no node says where it is in Azure, so az cannot be asked what stands there", hint=hint)
    files = [("az aks", clusters)] if clusters is not None else []
    failed: set[str] = set()
    notices: list[str] = []
    asked: list[Question] = []
    found = Resources()
    if len(place.scale_sets) > MOST_SCALE_SETS:
        failed |= {"network_interfaces", "machines"}
        notices.append(f"the cluster has more than {MOST_SCALE_SETS} scale sets, so their machines are not read")
    batch = questions(place)
    while batch:
        more, lost, told = _answers(batch, place)
        files += more
        failed |= lost
        notices += told
        asked += batch
        found = _of(files, place)
        batch = tuple(one for one in _further(found, place) if one not in asked)
    known = {one.kind for one in asked} - failed
    empty: dict[str, Any] = {kind: () for kind in known if getattr(found, kind) is None}
    found = found._replace(**empty, whole=frozenset(known - {"route_tables", "private_zones"}))
    return _without_what_is_partly_known(found, failed, notices)


def _of(files: Sequence[tuple[str, bytes]], place: NodesInAzure) -> Resources:
    """What the answers hold, and of the clusters that of the nodes."""
    found = read_resources(files)
    own = tuple(one for one in found.clusters or () if one.node_resource_group.lower() == place.group)
    return found._replace(clusters=own or None, empty_lists=0, notices=())  # an answer's question says of what it is


def _without_what_is_partly_known(found: Resources, failed: set[str], notices: list[str]) -> Resources:
    """Without the cards nobody knows which of the subscription's security groups are those of the nodes."""
    unread: dict[str, Any] = dict.fromkeys(failed)
    found = found._replace(**unread)
    if found.security_groups is not None and not _knows_groups(found):
        notices.append("which security groups the nodes have is not known: their cards or subnets were not all read")
        found = found._replace(security_groups=None)
    return found._replace(notices=tuple(notices))


def _knows_groups(found: Resources) -> bool:
    """Whether of every card the subnet is known, and the groups that both name."""
    for card in found.network_interfaces or ():
        subnets = [found.subnet(one.subnet) for one in card.configurations]
        named = [card.security_group, *(one.security_group for one in subnets if one is not None)]
        if None in subnets or any(name and found.security_group(name) is None for name in named):
            return False
    return bool(found.network_interfaces)


def _further(found: Resources, place: NodesInAzure) -> tuple[Question, ...]:
    """What these answers raise: route tables in other resource groups, and the DNS zone of a private API server."""
    used = {each.subnet.lower() for card in found.network_interfaces or () for each in card.configurations}
    subnets = [one for network in found.virtual_networks or () for one in network.subnets if one.id.lower() in used]
    known = {one.id.lower() for one in found.route_tables or ()}
    ids = dict.fromkeys(one.route_table for one in subnets if one.route_table and one.route_table.lower() not in known)
    asked = [one for one in ids if _TABLE_ID.match(one)][:_MOST_TABLES]
    tables = (Question("route_tables", ("network", "route-table", "show", flag("--ids", one))) for one in asked)
    if not any(one.private for one in found.clusters or ()):
        return tuple(tables)
    group, ask = flag("--resource-group", place.group), ("network", "private-dns")
    zones = [one.name for one in found.private_zones or () if _API_SERVER_ZONE.match(one.name)][:_MOST_ZONES]
    links = (Question("zone_links", (*ask, "link", "vnet", "list", group, flag("--zone-name", one))) for one in zones)
    return (*tables, Question("private_zones", (*ask, "zone", "list", group)), *links)


def _answers(asked: Sequence[Question], place: NodesInAzure) -> tuple[list[tuple[str, bytes]], set[str], list[str]]:
    """What az says to each, side by side; the kinds that it did not tell, and why."""
    files: list[tuple[str, bytes]] = []
    failed: set[str] = set()
    notices: list[str] = []
    running: list[Running] = []
    try:
        program = installed()
        common = (flag("--subscription", place.subscription), "--output", "json", "--only-show-errors")
        running += (start((program, *one.words, *(() if _has_ids(one) else common[:1]), *common[1:])) for one in asked)
        done: list[Finished] = [one.finished(SECONDS) for one in running]
    finally:
        for one in running:
            one.stop()
    for question, answer in zip(asked, done, strict=True):
        name = str(command("az", *(word for word in question.words if not word.startswith("-"))))
        error = _fault(name, answer)
        if error is None:
            files.append((name, answer.out))
        else:
            failed.add(question.kind)
            notices.append(f"{name}: {error.message}" + (f" ({error.hint})" if error.hint else ""))
    return files, failed, notices


def _fault(name: str, answer: Finished) -> AkslbError | None:
    """Why an answer is none."""
    if answer.code != 0:
        return failure(answer)
    try:
        read_resources([(name, answer.out)])
    except AkslbError as error:
        return error
    return None


def _has_ids(one: Question) -> bool:
    return any(word.startswith("--ids=") for word in one.words)
