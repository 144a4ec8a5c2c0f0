"""The profile of a cluster, from what its API shows. Every setting comes with the place where it was seen."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.cluster import SERVICE_NODE_PORT, SHARED, Node
from kubectl_akslb.model.outbound_profile import NodePool
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.profile.settings import (
    AKS_CLUSTER,
    AKS_SHARED_PROBE_PORT,
    AKS_SUBNET,
    CLOUD_CONFIG_ONLY,
    LoadedProfile,
    cluster_of,
    of_load_balancer,
    sku_by_default,
)
from kubectl_akslb.provider.aks_releases import lag_of
from kubectl_akslb.provider.version import choose

Object = Mapping[str, Any]

MANAGER = "cloud-node-manager"
SIDECAR = "health-probe-proxy"
AKS_LABEL = "kubernetes.azure.com/cluster"
POOL_LABELS = ("kubernetes.azure.com/agentpool", "agentpool")
KEPT_LABELS = (
    "node.kubernetes.io/exclude-from-external-load-balancers",
    "kubernetes.azure.com/managed",
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
    "kubernetes.io/role",
)
"""The labels of a node that decide whether it takes traffic; the others stay out of a profile."""


class DiscoveredSetting(NamedTuple):
    """The setting *field* of the model is *value*, as was seen at *source*."""

    field: str
    value: object
    source: str


class Seen(NamedTuple):
    """What the API shows; None where it could not be read."""

    nodes: Sequence[Object] | None = None
    daemon_sets: Sequence[Object] | None = None
    kubernetes_version: str = ""


class Discovered(NamedTuple):
    """*facts*, what to tell the person, whether it is AKS or at least in Azure, and the versions as written."""

    facts: tuple[DiscoveredSetting, ...]
    notices: tuple[str, ...]
    aks: bool
    azure: bool
    provider_version: str
    kubernetes_version: str


def discover(seen: Seen) -> Discovered:
    """All that *seen* says about the cluster."""
    nodes = seen.nodes or ()
    aks = any(AKS_LABEL in _labels(node) for node in nodes)
    notices = []
    azure = any(str((node.get("spec") or {}).get("providerID", "")).startswith("azure:") for node in nodes)
    if nodes and not azure:
        notices.append(
            "no node of this cluster is a virtual machine of Azure: is it the one you mean?"
            " (kubectl config current-context)"
        )
    managers = [one for one in seen.daemon_sets or () if _is_manager(one)]
    kubernetes = seen.kubernetes_version or min(map(_kubelet, nodes), default="", key=_minor)
    facts = (*_of_nodes(nodes), *_of_probe_mode(seen, managers, aks=aks))
    return Discovered(facts, tuple(notices), aks, azure, _provider_version(managers), kubernetes)


def overlay(loaded: LoadedProfile, found: Discovered) -> LoadedProfile:
    """*loaded*, with what was found where it says nothing itself; where both speak and differ, a notice says so."""
    cluster = loaded.cluster._asdict()
    outbound = cluster.pop("outbound")._asdict()
    fields = {key: value for key, value in cluster.items() if key not in {"behaviours", "given"}}
    fields.update({f"outbound.{key}": value for key, value in outbound.items()})
    sources = dict(loaded.sources)
    notices = [notice for notice in loaded.notices if notice != loaded.version_notice]
    facts, version_notice, assumed = _version_fact(loaded, found)
    if facts:
        sources.pop("provider_version", None)
        fields["provider_assumed"] = assumed
    platform = loaded.platform or (AKS_CLUSTER if found.aks else CLOUD_CONFIG_ONLY if found.azure else "")
    for fact in (*facts, *found.facts):
        if fact.field not in sources:
            fields[fact.field] = fact.value
            sources[fact.field] = fact.source
        elif fields[fact.field] != fact.value:
            notices += _difference(fact, fields[fact.field], sources[fact.field])
    if platform == AKS_CLUSTER and "subnet_name" not in sources and not loaded.platform:
        fields["subnet_name"] = AKS_SUBNET
    if platform == CLOUD_CONFIG_ONLY and "load_balancer_sku" not in sources and not loaded.platform:
        fields["load_balancer_sku"], notice = sku_by_default(fields["provider_version"])
        notices += [notice] if notice else []
    notices += found.notices
    all_notices = ([version_notice] if version_notice else []) + notices
    rebuilt = cluster_of(fields, frozenset(sources))
    all_notices += [notice for notice in of_load_balancer(rebuilt) if notice not in all_notices]
    return LoadedProfile(rebuilt, tuple(all_notices), sources, version_notice, platform)


def _version_fact(loaded: LoadedProfile, found: Discovered) -> tuple[list[DiscoveredSetting], str, bool]:
    """The provider version by the image, else by Kubernetes, what is to be said of it, and whether it is assumed.

    The image beats what az says of Kubernetes.
    """
    given = loaded.sources.get("provider_version")
    of_kubernetes = given is not None and "ubernetesVersion" in given
    if found.provider_version and (given is None or of_kubernetes):
        chosen = _chosen(provider=found.provider_version)
        if chosen is not None:
            notices = (chosen[1], lag_of(chosen[0]) if found.aks else "")
            seen = DiscoveredSetting("provider_version", chosen[0], f"image of DaemonSet {MANAGER}")
            return [seen], "; ".join(filter(None, notices)), bool(chosen[1])
    if given is not None:
        return [], loaded.version_notice, False
    chosen = _chosen(kubernetes=found.kubernetes_version, aks=found.aks) if found.kubernetes_version else None
    if chosen is None:
        return [], loaded.version_notice, False
    return [DiscoveredSetting("provider_version", chosen[0], "version of Kubernetes")], chosen[1], True


def _chosen(provider: str = "", kubernetes: str = "", *, aks: bool = False) -> tuple[ProviderVersion, str] | None:
    try:
        chosen = choose(provider, kubernetes, aks=aks)
    except AkslbError:
        return None
    return chosen.version, chosen.notice


def _difference(fact: DiscoveredSetting, given: object, source: str) -> Iterator[str]:
    """A sentence where the cluster contradicts what was given and it matters."""
    if fact.field == "probe_mode":
        where = source.rpartition(" ")[2]
        if given == SHARED:
            yield (
                f"{where} says Shared, but {fact.source}: nodes that have no {SIDECAR} fail the shared probe on port"
                f" {AKS_SHARED_PROBE_PORT}; explained as Shared"
            )
        else:
            yield f"{where} says {given}, but there is {fact.source}; explained as {given}"


def _of_nodes(nodes: Sequence[Object]) -> Iterator[DiscoveredSetting]:
    if not nodes:
        return
    source = f"{len(nodes)} node{'s' * (len(nodes) > 1)} of the API"
    yield DiscoveredSetting("nodes", tuple(_node(node) for node in nodes), source)
    pools = _pools(nodes)
    if pools:
        yield DiscoveredSetting("outbound.node_pools", pools, f"label {POOL_LABELS[0]} of the nodes")
    for node in nodes:
        parts = str((node.get("spec") or {}).get("providerID", "")).split("/")
        names = {part.lower(): parts[index + 1] for index, part in enumerate(parts[:-1])}
        if names.get("subscriptions") and names.get("resourcegroups"):
            group = names["resourcegroups"]
            label = _labels(node).get(AKS_LABEL, "")
            # A provider ID may be in lower case throughout; the label of AKS keeps the case.
            group = label if label.lower() == group.lower() else group
            yield DiscoveredSetting("subscription", names["subscriptions"], "provider ID of the nodes")
            yield DiscoveredSetting("resource_group", group, "provider ID of the nodes")
            return


def _of_probe_mode(seen: Seen, managers: Sequence[Object], *, aks: bool) -> Iterator[DiscoveredSetting]:
    containers = [(one, container) for one in managers for container in _containers(one)]
    for one, container in containers:
        if container.get("name") == SIDECAR:
            name = (one.get("metadata") or {}).get("name")
            source = f"a container {SIDECAR} in DaemonSet {name}"
            yield DiscoveredSetting("probe_mode", SHARED, source)
            yield DiscoveredSetting("shared_probe_port", _port(container), source)
            return
    # Only AKS always runs the sidecar in shared mode; elsewhere its absence says nothing.
    if aks and seen.daemon_sets is not None and managers:
        yield DiscoveredSetting("probe_mode", SERVICE_NODE_PORT, f"DaemonSet {MANAGER} has no {SIDECAR}")


def _port(container: Object) -> int:
    words = [str(word) for word in (*(container.get("command") or ()), *(container.get("args") or ()))]
    for index, word in enumerate(words):
        flag, _, value = word.lstrip("-").partition("=")
        if flag == "health-check-port":
            value = value or (words[index + 1] if index + 1 < len(words) else "")
            if value.isascii() and value.isdigit() and 0 < int(value) < 65536:
                return int(value)
    return AKS_SHARED_PROBE_PORT


def _labels(one: Object) -> Mapping[str, str]:
    return (one.get("metadata") or {}).get("labels") or {}


def _kubelet(node: Object) -> str:
    return str(((node.get("status") or {}).get("nodeInfo") or {}).get("kubeletVersion", ""))


def _minor(version: str) -> tuple[int, ...]:
    """For the highest version first, whatever is no version last."""
    parts = version.removeprefix("v").split(".")
    return tuple(-int(part) for part in parts[:2] if part.isascii() and part.isdigit()) or (0,)


def _is_manager(one: Object) -> bool:
    return str((one.get("metadata") or {}).get("name", "")).startswith(MANAGER)


def _containers(one: Object) -> list[Object]:
    spec = (((one.get("spec") or {}).get("template") or {}).get("spec")) or {}
    return [container for container in spec.get("containers") or () if isinstance(container, dict)]


def _provider_version(managers: Sequence[Object]) -> str:
    """The release in the tag of the image, such as ``v1.30.8``; the part on Linux nodes first."""
    for one in sorted(managers, key=lambda one: str((one.get("metadata") or {}).get("name", ""))):
        for container in _containers(one):
            image = str(container.get("image", ""))
            if MANAGER in image:
                tag = image.partition("@")[0].rpartition(":")[2]
                if _minor(tag) != (0,):
                    return tag
    return ""


def _node(node: Object) -> Node:
    addresses = (node.get("status") or {}).get("addresses") or ()
    internal = tuple(one.get("address", "") for one in addresses if one.get("type") == "InternalIP")
    labels = {key: value for key, value in _labels(node).items() if key in KEPT_LABELS}
    return Node(str((node.get("metadata") or {}).get("name", "")), internal, labels)


def _pools(nodes: Sequence[Object]) -> tuple[NodePool, ...]:
    counts: dict[str, int] = {}
    public: set[str] = set()
    for node in nodes:
        name = next((_labels(node)[label] for label in POOL_LABELS if _labels(node).get(label)), "")
        if name:
            counts[name] = counts.get(name, 0) + 1
            addresses = (node.get("status") or {}).get("addresses") or ()
            if any(one.get("type") == "ExternalIP" and one.get("address") for one in addresses):
                public.add(name)
    return tuple(NodePool(name, count, node_public_ip=name in public) for name, count in counts.items())
