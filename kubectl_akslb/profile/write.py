"""A cluster as a profile file: the way back from the settings to the fields, each with a word on where it was seen."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.manifest.block import block_lines
from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.model.cluster import SHARED
from kubectl_akslb.model.outbound_profile import NodePool
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.profile.settings import CLOUD_CONFIG_ONLY, NAT_GATEWAYS, LoadedProfile

API_VERSION, KIND = "akslb.dev/v1alpha1", "ClusterProfile"
_BALANCER = ("spec", "networkProfile", "loadBalancerProfile")
_NAT = ("spec", "networkProfile", "natGatewayProfile")
_CONFIG = ("spec", "cloudConfig")


class ProfileLine(NamedTuple):
    """The field at *path* of the file is *value*, as was seen at *source*."""

    path: tuple[str, ...]
    value: Any
    source: str


def document(loaded: LoadedProfile, kubernetes_version: str = "") -> dict[str, Any]:
    """The profile as data: only what somebody or something said, none of the assumptions."""
    body: dict[str, Any] = {"apiVersion": API_VERSION, "kind": KIND}
    for line in _lines(loaded, kubernetes_version):
        at = body
        for step in line.path[:-1]:
            at = at.setdefault(step, {})
        at[line.path[-1]] = line.value
    return body


def text(loaded: LoadedProfile, kubernetes_version: str = "", comments: tuple[str, ...] = ()) -> str:
    """The profile as YAML, with the source of each setting in a comment."""
    sources: dict[Path, str] = {line.path: line.source for line in _lines(loaded, kubernetes_version)}
    head = [f"# {' '.join(comment.split())}" for comment in comments]
    return "\n".join([*head, *block_lines(document(loaded, kubernetes_version), sources)]) + "\n"


def _lines(loaded: LoadedProfile, kubernetes_version: str) -> Iterator[ProfileLine]:
    given = _fields(loaded)
    for field, value, source in given:
        if field == "provider_version":
            yield from _version(str(value), source, kubernetes_version)
    if kubernetes_version and "provider_version" not in loaded.sources:
        yield ProfileLine(("spec", "kubernetesVersion"), kubernetes_version, "the API server")
    for field, value, source in given:
        path = _path(field, loaded)
        if path:
            yield ProfileLine(path, _value(field, value, path), source)


def _fields(loaded: LoadedProfile) -> list[tuple[str, Any, str]]:
    """The settings that somebody gave, in the order of the model: name, value, source."""
    cluster = loaded.cluster._asdict()
    fields = {**cluster, **{f"outbound.{key}": value for key, value in cluster["outbound"]._asdict().items()}}
    return [(field, value, loaded.sources[field]) for field, value in fields.items() if field in loaded.sources]


def _version(provider: str, source: str, kubernetes_version: str) -> Iterator[ProfileLine]:
    """The provider's version where it was seen itself; where only Kubernetes' is known, that."""
    if "ubernetes" in source:
        minor = ".".join(provider.split(".")[:2])
        yield ProfileLine(("spec", "kubernetesVersion"), kubernetes_version or minor, source)
        return
    yield ProfileLine(("spec", "providerVersion"), provider, source)
    if kubernetes_version:
        yield ProfileLine(("spec", "kubernetesVersion"), kubernetes_version, "the API server")


_PATHS: Mapping[str, tuple[str, ...]] = {
    "cluster_name": ("spec", "clusterName"),
    "load_balancer_name": (*_CONFIG, "loadBalancerName"),
    "load_balancer_sku": ("spec", "networkProfile", "loadBalancerSku"),
    "disable_outbound_snat": (*_CONFIG, "disableOutboundSNAT"),
    "probe_mode": (*_BALANCER, "clusterServiceLoadBalancerHealthProbeMode"),
    "shared_probe_port": (*_CONFIG, "clusterServiceSharedLoadBalancerHealthProbePort"),
    "shared_probe_path": (*_CONFIG, "clusterServiceSharedLoadBalancerHealthProbePath"),
    "pool_type": (*_BALANCER, "backendPoolType"),
    "subnet_name": (*_CONFIG, "subnetName"),
    "subscription": (*_CONFIG, "subscriptionId"),
    "resource_group": ("spec", "nodeResourceGroup"),
    "tags": (*_CONFIG, "tagsMap"),
    "zones": ("spec", "zones"),
    "nodes": ("spec", "nodes"),
    "existing_public_ips": ("spec", "publicIPAddresses"),
    "load_balancers": (*_CONFIG, "multipleStandardLoadBalancerConfigurations"),
    "vm_type": (*_CONFIG, "vmType"),
    "primary_scale_set": (*_CONFIG, "primaryScaleSetName"),
    "primary_availability_set": (*_CONFIG, "primaryAvailabilitySetName"),
    "namespace_labels": ("spec", "namespaceLabels"),
    "subnets": ("spec", "subnets"),
    "enable_ip_tag_mutation": (*_CONFIG, "enableIPTagMutationForExistingPublicIP"),
    "outbound.outbound_type": ("spec", "networkProfile", "outboundType"),
    "outbound.managed_ip_count": (*_BALANCER, "managedOutboundIPs", "count"),
    "outbound.public_ips": (*_BALANCER, "outboundIPs", "publicIPs"),
    "outbound.prefixes": (*_BALANCER, "outboundIPPrefixes", "publicIPPrefixes"),
    "outbound.effective_ips": (*_BALANCER, "effectiveOutboundIPs"),
    "outbound.allocated_outbound_ports": (*_BALANCER, "allocatedOutboundPorts"),
    "outbound.idle_timeout_in_minutes": (*_BALANCER, "idleTimeoutInMinutes"),
    "outbound.node_pools": ("spec", "agentPoolProfiles"),
    "outbound.private_cluster": ("spec", "apiServerAccessProfile", "enablePrivateCluster"),
    "outbound.aks_resource_group": ("spec", "resourceGroup"),
    "outbound.aks_name": ("metadata", "name"),
}
_NAT_PATHS: Mapping[str, tuple[str, ...]] = {
    "outbound.managed_ip_count": (*_NAT, "managedOutboundIPProfile", "count"),
    "outbound.effective_ips": (*_NAT, "effectiveOutboundIPs"),
    "outbound.idle_timeout_in_minutes": (*_NAT, "idleTimeoutInMinutes"),
}


_CONFIG_PATHS: Mapping[str, tuple[str, ...]] = {
    "load_balancer_sku": (*_CONFIG, "loadBalancerSku"),
    "probe_mode": (*_CONFIG, "clusterServiceLoadBalancerHealthProbeMode"),
    "pool_type": (*_CONFIG, "loadBalancerBackendPoolConfigurationType"),
    "resource_group": (*_CONFIG, "resourceGroup"),
}
"""Where a cluster that is not of AKS has what AKS keeps elsewhere."""


def _path(field: str, loaded: LoadedProfile) -> tuple[str, ...]:
    if loaded.platform == CLOUD_CONFIG_ONLY and field in _CONFIG_PATHS:
        return _CONFIG_PATHS[field]
    through_nat = loaded.cluster.outbound.outbound_type in NAT_GATEWAYS
    return (_NAT_PATHS.get(field) if through_nat else None) or _PATHS.get(field, ())


def _value(field: str, value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - what JSON can hold
    if field == "probe_mode" and path[:2] != _CONFIG:
        return "Shared" if value == SHARED else "ServiceNodePort"
    if field in ("outbound.public_ips", "outbound.prefixes", "outbound.effective_ips"):
        return [{"id": one} for one in value]
    if field == "outbound.node_pools":
        return [_pool(pool) for pool in value]
    if field == "nodes":
        return [_without_empty(node._asdict()) for node in value]
    if field == "existing_public_ips":
        return [_address(one) for one in value]
    if field == "subnets":
        return [{"name": name, "addressPrefixes": list(ranges)} for name, ranges in value.items()]
    if field == "load_balancers":
        return [_configuration(one) for one in value]
    return list(value) if isinstance(value, tuple) else value


def _pool(pool: NodePool) -> dict[str, Any]:
    body: dict[str, Any] = {"name": pool.name}
    if pool.node_count is not None:
        body["count"] = pool.node_count
    if pool.max_count is not None:
        body.update(enableAutoScaling=True, maxCount=pool.max_count)
    if pool.max_surge:
        body["upgradeSettings"] = {"maxSurge": pool.max_surge}
    if pool.kind:
        body["type"] = pool.kind
    return {**body, "enableNodePublicIP": True} if pool.node_public_ip else body


def _address(one: Any) -> dict[str, Any]:  # noqa: ANN401 - an ExistingPublicIP
    body = {"name": one.name, "ipAddress": str(one.ip_address), "publicIPAddressVersion": one.version}
    return {**body, "resourceGroup": one.resource_group} if one.resource_group else body


def _configuration(one: Any) -> dict[str, Any]:  # noqa: ANN401 - a LoadBalancerConfiguration
    return _without_empty(
        {
            "name": one.name,
            "allowServicePlacement": one.allow_service_placement,
            "primaryVMSet": one.primary_vm_set,
            "serviceLabelSelector": one.service_label_selector,
            "serviceNamespaceSelector": one.service_namespace_selector,
        }
    )


def _without_empty(body: Mapping[str, Any]) -> dict[str, Any]:
    plain = ((key, list(value) if isinstance(value, tuple) else value) for key, value in body.items())
    return {key: value for key, value in plain if value not in ("", [], {}, None)}
