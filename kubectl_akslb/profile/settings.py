"""Which field of a profile says which setting of the model: one row each."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias

from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.manifest.nodes import Path, path_text
from kubectl_akslb.model.cluster import (
    BASIC,
    NODE_IP,
    SHARED,
    STANDARD,
    Cluster,
    ExistingPublicIP,
    LoadBalancerConfiguration,
    Node,
)
from kubectl_akslb.model.outbound_profile import (
    AVAILABILITY_SET,
    MANAGED_NAT_GATEWAY,
    MANAGED_NAT_GATEWAY_V2,
    NodePool,
    OutboundProfile,
)
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.profile.check import Text
from kubectl_akslb.provider.behaviours import SERVICE_GATEWAY, STANDARD_BY_DEFAULT, behaviours_of
from kubectl_akslb.provider.version import choose

#: Where AKS' sidecar listens in shared mode. Source: learn.microsoft.com/azure/aks/shared-health-probes
AKS_SHARED_PROBE_PORT = 10356
#: The subnet in a virtual network that AKS made itself.
AKS_SUBNET = "aks-subnet"

Platform: TypeAlias = Literal["AKS", "cloud config", ""]
AKS_CLUSTER: Final = "AKS"
CLOUD_CONFIG_ONLY: Final = "cloud config"

OUTBOUND = "outbound."
NAT_GATEWAYS = (MANAGED_NAT_GATEWAY, MANAGED_NAT_GATEWAY_V2)

Convert: TypeAlias = Callable[[Any], Any]


class LoadedProfile(NamedTuple):
    """A cluster, and how it is known.

    *notices* are sentences for the person who asked; *version_notice*, one of them or "", says how the provider
    version was chosen. *sources* tells for each setting in ``cluster.given`` where it was given: ``file:line field``,
    or a flag. *platform* is what the file describes: AKS_CLUSTER, CLOUD_CONFIG_ONLY, or "" where that is open.
    """

    cluster: Cluster
    notices: tuple[str, ...] = ()
    sources: Mapping[str, str] = {}
    version_notice: str = ""
    platform: Platform = ""


class Setting(NamedTuple):
    """The setting *field* stands at *steps*; *convert* makes the model's value of it."""

    field: str
    steps: tuple[str, ...]
    convert: Convert = lambda value: value


def _ids(resources: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(str(resource["id"]) for resource in resources)


def _lower(word: str) -> str:
    return word.lower()


def _pool_type(word: str) -> str:
    return word[0].lower() + word[1:]


def _pools(pools: list[dict[str, Any]]) -> tuple[NodePool, ...]:
    return tuple(
        NodePool(
            pool["name"],
            pool.get("count"),
            pool.get("maxCount") if pool.get("enableAutoScaling", pool.get("maxCount") is not None) else None,
            pool.get("upgradeSettings", {}).get("maxSurge", ""),
            node_public_ip=pool.get("enableNodePublicIP", False),
            kind=pool.get("type", ""),
        )
        for pool in pools
    )


def _tags(text: str) -> dict[str, str]:
    """``a=b,c=d``; items without exactly one ``=`` are passed over. Upstream: parseTags."""
    pairs = [item.split("=") for item in text.split(",")]
    return {pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) == 2}


def _configurations(items: list[dict[str, Any]]) -> tuple[LoadBalancerConfiguration, ...]:
    return tuple(
        LoadBalancerConfiguration(
            item["name"],
            item.get("allowServicePlacement", True),
            item.get("serviceLabelSelector"),
            item.get("serviceNamespaceSelector"),
            item.get("primaryVMSet", ""),
        )
        for item in items
    )


def _nodes(items: list[dict[str, Any]]) -> tuple[Node, ...]:
    return tuple(
        Node(item["name"], tuple(item.get("addresses", ())), item.get("labels", {}), item.get("vmSet", ""))
        for item in items
    )


def _addresses(items: list[dict[str, Any]]) -> tuple[ExistingPublicIP, ...]:
    return tuple(
        ExistingPublicIP(
            item["name"],
            item["ipAddress"],
            item.get("publicIPAddressVersion", "IPv4"),
            item.get("resourceGroup", ""),
        )
        for item in items
    )


def _subnets(items: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """``addressPrefix`` or ``addressPrefixes``, as az writes them."""
    return {
        item["name"]: tuple(item.get("addressPrefixes") or filter(None, (item.get("addressPrefix"),))) for item in items
    }


_PROFILE = ("loadBalancerProfile",)
NETWORK = (
    Setting("load_balancer_sku", ("loadBalancerSku",), _lower),
    Setting("outbound.outbound_type", ("outboundType",)),
    Setting("pool_type", (*_PROFILE, "backendPoolType"), _pool_type),
    Setting("probe_mode", (*_PROFILE, "clusterServiceLoadBalancerHealthProbeMode"), _lower),
)
OUTBOUND_RULE = (
    Setting("outbound.managed_ip_count", (*_PROFILE, "managedOutboundIPs", "count")),
    Setting("outbound.public_ips", (*_PROFILE, "outboundIPs", "publicIPs"), _ids),
    Setting("outbound.prefixes", (*_PROFILE, "outboundIPPrefixes", "publicIPPrefixes"), _ids),
    Setting("outbound.effective_ips", (*_PROFILE, "effectiveOutboundIPs"), _ids),
    Setting("outbound.allocated_outbound_ports", (*_PROFILE, "allocatedOutboundPorts")),
    Setting("outbound.idle_timeout_in_minutes", (*_PROFILE, "idleTimeoutInMinutes")),
)
NAT_GATEWAY = (
    Setting("outbound.managed_ip_count", ("natGatewayProfile", "managedOutboundIPProfile", "count")),
    Setting("outbound.effective_ips", ("natGatewayProfile", "effectiveOutboundIPs"), _ids),
    Setting("outbound.idle_timeout_in_minutes", ("natGatewayProfile", "idleTimeoutInMinutes")),
)
AKS = (
    Setting("outbound.node_pools", ("agentPoolProfiles",), _pools),
    Setting("outbound.private_cluster", ("apiServerAccessProfile", "enablePrivateCluster")),
    Setting("resource_group", ("nodeResourceGroup",)),
    Setting("outbound.aks_resource_group", ("resourceGroup",)),
)
OURS = (
    Setting("cluster_name", ("clusterName",)),
    Setting("zones", ("zones",), tuple),
    Setting("nodes", ("nodes",), _nodes),
    Setting("existing_public_ips", ("publicIPAddresses",), _addresses),
    Setting("namespace_labels", ("namespaceLabels",)),
    Setting("subnets", ("subnets",), _subnets),
)
CLOUD_CONFIG = (
    Setting("load_balancer_sku", ("loadBalancerSku",), _lower),
    Setting("load_balancer_name", ("loadBalancerName",)),
    Setting("subscription", ("subscriptionId",)),
    Setting("resource_group", ("resourceGroup",)),
    Setting("subnet_name", ("subnetName",)),
    Setting("disable_outbound_snat", ("disableOutboundSNAT",)),
    Setting("pool_type", ("loadBalancerBackendPoolConfigurationType",)),
    Setting("probe_mode", ("clusterServiceLoadBalancerHealthProbeMode",), _lower),
    Setting("shared_probe_port", ("clusterServiceSharedLoadBalancerHealthProbePort",)),
    Setting("shared_probe_path", ("clusterServiceSharedLoadBalancerHealthProbePath",)),
    Setting("tags", ("tags",), _tags),
    Setting("enable_ip_tag_mutation", ("enableIPTagMutationForExistingPublicIP",)),
    Setting("service_gateway", ("serviceGatewayEnabled",)),
    Setting("load_balancers", ("multipleStandardLoadBalancerConfigurations",), _configurations),
    Setting("vm_type", ("vmType",), _lower),
    Setting("primary_scale_set", ("primaryScaleSetName",)),
    Setting("primary_availability_set", ("primaryAvailabilitySetName",)),
)


BASIC_IS_RETIRED = "load balancers of the SKU Basic are retired since 2025-09-30: move the cluster to Standard"
BY_ADDRESS = "AKS takes backend pools by address (nodeIP) only with the SKU Standard and node pools of scale sets: {}"


class Settings:
    """The settings found so far in one file, each with its place."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.fields: dict[str, Any] = {}
        self.sources: dict[str, str] = {}
        self.paths: dict[str, Path] = {}
        self.notices: list[str] = []

    def take(self, rows: tuple[Setting, ...], data: Mapping[str, Any], path: Path) -> None:
        """Take what *rows* find in *data*, which stands at *path*; InputError where two fields disagree."""
        for row in rows:
            value: Any = data
            for step in row.steps:
                value = value.get(step) if isinstance(value, Mapping) else None
            if value is not None:
                self.put(row.field, row.convert(value), (*path, *row.steps))

    def put(self, field: str, value: object, path: Path) -> None:
        """Take one setting that stands at *path*; InputError where an earlier one says something else."""
        if field in self.fields and self.fields[field] != value:
            message = f"{path_text(path)} is {value!r}, but {path_text(self.paths[field])} says {self.fields[field]!r}"
            self.text.fail(path, message, "Remove one of them.")
        self.fields[field] = value
        self.paths[field] = path
        self.sources[field] = self.source_of(path)

    def source_of(self, path: Path) -> str:
        """Where *path* is in the file: ``file:line field``."""
        return f"{self.text.source.path}:{self.text.line(path)} {path_text(path)}".lstrip(":")

    def version(self, provider: tuple[str, Path], kubernetes: tuple[str, Path], *, aks: bool = False) -> str:
        """Choose the provider version; the answer is the notice of that choice."""
        path = provider[1] if provider[0] else kubernetes[1]
        try:
            chosen = choose(provider[0], "" if provider[0] else kubernetes[0], aks=aks)
        except InputError:
            raise
        except AkslbError as error:
            self.text.fail(path, error.message, error.hint)
        self.fields["provider_version"] = chosen.version
        if provider[0] or kubernetes[0]:
            self.put("provider_version", chosen.version, path)
        return chosen.notice

    def gateway(self) -> None:
        """Tell whoever has a service gateway, and a provider that knows none, what becomes of it."""
        version = self.fields["provider_version"]
        if self.fields.get("service_gateway") and SERVICE_GATEWAY not in behaviours_of(version):
            since = SERVICE_GATEWAY.dates
            self.notices.append(f"provider {version} does not read serviceGatewayEnabled, which came with {since}")

    def default_sku(self) -> None:
        """Take the SKU that the provider assumes, where the cloud config names none."""
        if "load_balancer_sku" not in self.fields:
            sku, notice = sku_by_default(self.fields["provider_version"])
            self.fields["load_balancer_sku"] = sku
            self.notices += [notice] if notice else []

    def loaded(self, version_notice: str, platform: Platform) -> LoadedProfile:
        """The cluster that all of this describes."""
        self.gateway()
        cluster = cluster_of(self.fields, frozenset(self.sources))._replace(provider_assumed=bool(version_notice))
        own = (*self.notices, *of_load_balancer(cluster))
        notices = (version_notice, *own) if version_notice else own
        return LoadedProfile(cluster, notices, self.sources, version_notice, platform)


def cluster_of(fields: Mapping[str, Any], given: frozenset[str]) -> Cluster:
    """The cluster with *fields*; names that begin with ``outbound.`` are fields of its outbound profile."""
    own = {name: value for name, value in fields.items() if not name.startswith(OUTBOUND)}
    outbound = {name.removeprefix(OUTBOUND): value for name, value in fields.items() if name.startswith(OUTBOUND)}
    version = own.pop("provider_version")
    return Cluster(version, behaviours_of(version), given, outbound=OutboundProfile(**outbound), **own)


def of_load_balancer(cluster: Cluster) -> tuple[str, ...]:
    """What is to be said of load balancers that Azure no longer has, and of pools that AKS does not make.

    Sources: Azure's announcement of the retirement; learn.microsoft.com/azure/aks/load-balancer-standard.
    """
    retired = (BASIC_IS_RETIRED,) if cluster.load_balancer_sku.lower() == BASIC else ()
    if cluster.pool_type != NODE_IP:
        return retired
    others = [one.name for one in cluster.outbound.node_pools if one.kind.lower() == AVAILABILITY_SET.lower()]
    lacks = (
        "this one is Basic"
        if not cluster.is_standard
        else f"{', '.join(others)} is an availability set"
        if others
        else ""
    )
    return (*retired, BY_ADDRESS.format(lacks)) if lacks else retired


def sku_by_default(version: ProviderVersion) -> tuple[str, str]:
    """The SKU of a cloud config that names none, and a notice: Basic before 1.27.0. Upstream: setLBDefaults."""
    if STANDARD_BY_DEFAULT in behaviours_of(version):
        return STANDARD, ""
    return BASIC, f"loadBalancerSku is not set: provider {version} takes that for Basic"


def shared_probe_of_aks(settings: Settings) -> None:
    """AKS in shared mode probes its sidecar, wherever nobody says another port."""
    if settings.fields.get("probe_mode") == SHARED and "shared_probe_port" not in settings.fields:
        settings.fields["shared_probe_port"] = AKS_SHARED_PROBE_PORT
        settings.notices.append(f"shared probe mode on AKS: nodes are probed on port {AKS_SHARED_PROBE_PORT}")
