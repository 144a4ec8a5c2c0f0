"""Load what is known about a cluster. Three kinds of files are told apart by their shape."""

from collections.abc import Mapping
from typing import Any

from kubectl_akslb.errors import InputError, nearest
from kubectl_akslb.manifest.nodes import Path, Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import Document, split
from kubectl_akslb.model.outbound_profile import UNKNOWN
from kubectl_akslb.profile.check import Text, conform
from kubectl_akslb.profile.schema import CLOUD_CONFIG as CLOUD_CONFIG_SCHEMA
from kubectl_akslb.profile.schema import MANAGED_CLUSTER, PROFILE, schema_of
from kubectl_akslb.profile.settings import (
    AKS,
    AKS_CLUSTER,
    AKS_SUBNET,
    CLOUD_CONFIG,
    CLOUD_CONFIG_ONLY,
    NAT_GATEWAY,
    NAT_GATEWAYS,
    NETWORK,
    OURS,
    OUTBOUND_RULE,
    LoadedProfile,
    Settings,
    cluster_of,
    shared_probe_of_aks,
)
from kubectl_akslb.provider.version import choose

MAX_BYTES = 1024 * 1024
"""A larger file is refused: ``az aks show`` writes some 20 KB."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SENSITIVE = ("secret", "password")
_SHAPES = "Give a ClusterProfile, the output of az aks show -o json, or the provider's azure.json."
_ONLY_IN_CLOUD_CONFIG = frozenset({
    "aadclientid", "usemanagedidentityextension", "vmtype", "loadbalancersku", "subnetname", "vnetname",
    "disableoutboundsnat", "cloud", "tenantid", "subscriptionid", "securitygroupname", "routetablename",
    "clusterserviceloadbalancerhealthprobemode", "loadbalancerbackendpoolconfigurationtype", "loadbalancername",
})  # fmt: skip


def default_profile() -> LoadedProfile:
    """The cluster that is assumed where nobody says anything: AKS with its defaults, and the newest provider."""
    version, notice = choose()
    cluster = cluster_of({"provider_version": version}, frozenset())._replace(provider_assumed=True)
    return LoadedProfile(cluster, (notice,), {}, notice)


def load_profile(data: bytes, path: str = "") -> LoadedProfile:
    """The cluster that a file describes; InputError with its place for what cannot be understood.

    *data* is a ClusterProfile, the output of ``az aks show -o json``, or an azure.json. Lines of a file that holds
    secrets are never quoted.
    """
    text, content = _read(data, path)
    if not isinstance(content, Mapping):
        _refuse_shape(content, text)
    keys = {str(key).lower() for key in content}
    if "kind" in keys or "apiversion" in keys:
        if isinstance(content.get("kind"), str) and content.get("kind") not in ("ClusterProfile", "Base", "Automatic"):
            _refuse_kind(str(content["kind"]), text)
        if not keys & {"networkprofile", "agentpoolprofiles", "properties"}:
            return _our_profile(conform(content, schema_of(PROFILE), text), text)
    if keys & {"networkprofile", "agentpoolprofiles"}:
        return _managed_cluster(content, text, ())
    properties = content.get("properties")
    if isinstance(properties, Mapping) and {str(key).lower() for key in properties} & {"networkprofile"}:
        return _managed_cluster(content, text, ("properties",))
    if keys & {"outboundtype", "loadbalancerprofile", "managedoutboundips", "effectiveoutboundips"}:
        text.fail(
            (),
            "this is only a part of az aks show",
            "Give all of it: az aks show -g GROUP -n NAME -o json, without --query.",
        )
    if keys & _ONLY_IN_CLOUD_CONFIG:
        return _cloud_config(content, text)
    if "spec" in keys:
        conform(content, schema_of(PROFILE), text)
    return text.fail((), "this does not describe a cluster", _SHAPES)


def _read(data: bytes, path: str) -> tuple[Text, Any]:
    """The only document of a file, as text and as data."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes; more than {MAX_BYTES:,} are not read"
        raise InputError(message, path=path, hint=_SHAPES)
    if data.startswith(_UTF16_MARKS):  # what ">" writes in Windows PowerShell
        data = data.decode("utf-16", "replace").encode()
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        raise InputError(message, path=path, line=line, column=1, hint="Save the file as UTF-8.") from error
    documents = [document for document in split(data) if _holds_something(document)]
    if not documents:
        raise InputError("the file is empty", path=path, line=1, column=1, hint=_SHAPES)
    if len(documents) > 1:
        message = "a second document begins here"
        hint = "A profile is one document: put one cluster into each file."
        raise InputError(message, path=path, line=documents[1].line, column=1, hint=hint)
    document = documents[0]
    if document.is_secret():
        hint = "Take the cloud config out of it yourself, and give that."
        message = "this is a Secret, and Secrets are not read"
        raise InputError(message, path=path, line=document.line, column=1, hint=hint)
    lower = document.text.lower()
    source = Source(document.text, path, document.line, quote=not any(word in lower for word in _SENSITIVE))
    root, content = parse_data(source)
    return Text(root, source), content


def _holds_something(document: Document) -> bool:
    lines = (line.strip() for line in document.text.removeprefix("\ufeff").splitlines())
    return any(line and not line.startswith("#") and line not in ("---", "...") for line in lines)


def _refuse_shape(content: object, text: Text) -> None:
    if isinstance(content, list):
        count = len(content)
        message = f"this is a list of {count} {'cluster' if count == 1 else 'clusters'}, as az aks list writes it"
        text.fail((), message, "Give one cluster: az aks show -g GROUP -n NAME -o json.")
    text.fail((), "this does not describe a cluster", _SHAPES)


def _refuse_kind(kind: str, text: Text) -> None:
    if nearest(kind, ["ClusterProfile"]):
        text.fail(("kind",), f"kind must be ClusterProfile, but it is {kind[:60]!r}", "Did you mean ClusterProfile?")
    text.fail(("kind",), f"this is a {kind[:60]}, not a description of a cluster", _SHAPES)


def _our_profile(content: Mapping[str, Any], text: Text) -> LoadedProfile:
    settings = Settings(text)
    spec: Mapping[str, Any] = content.get("spec", {})
    at: Path = ("spec",)
    name = content.get("metadata", {}).get("name")
    if name is not None:
        settings.put("outbound.aks_name", name, ("metadata", "name"))
    _network(settings, spec, at)
    settings.take(AKS, spec, at)
    settings.take(OURS, spec, at)
    config = spec.get("cloudConfig", {})
    _cloud(settings, config, (*at, "cloudConfig"))
    aks = "networkProfile" in spec or "agentPoolProfiles" in spec
    notice = settings.version(
        (spec.get("providerVersion", ""), (*at, "providerVersion")),
        (spec.get("kubernetesVersion", ""), (*at, "kubernetesVersion")),
        aks=aks,
    )
    in_cloud_config = settings.paths.get("probe_mode", ())[:2] == (*at, "cloudConfig")
    if not in_cloud_config:
        shared_probe_of_aks(settings)
    if aks and "subnet_name" not in settings.fields:
        _subnet(settings, spec, at)
    if config and not aks:
        settings.default_sku()
    return settings.loaded(notice, AKS_CLUSTER if aks else CLOUD_CONFIG_ONLY if config else "")


def _managed_cluster(content: Mapping[str, Any], text: Text, at: Path) -> LoadedProfile:
    """``az aks show -o json``, or the same from ARM with everything below ``properties``."""
    outer = conform(content, schema_of(MANAGED_CLUSTER), text, lenient=True)
    cluster = conform(content["properties"], schema_of(MANAGED_CLUSTER), text, at, lenient=True) if at else outer
    settings = Settings(text)
    for field, key in (("outbound.aks_name", "name"), ("outbound.aks_resource_group", "resourceGroup")):
        if key in outer:
            settings.put(field, outer[key], (key,))
    _identity(settings, outer)
    _network(settings, cluster, at)
    settings.take(AKS, cluster, at)
    _subnet(settings, cluster, at)
    if cluster.get("networkProfile", {}).get("loadBalancerProfile", {}).get("enableMultipleStandardLoadBalancers"):
        settings.notices.append(
            "the cluster has several load balancers, which az aks show does not list: explained as if it had one"
        )
    current, wanted = cluster.get("currentKubernetesVersion", ""), cluster.get("kubernetesVersion", "")
    key = "currentKubernetesVersion" if current else "kubernetesVersion"
    notice = settings.version(("", ()), (current or wanted, (*at, key)), aks=True)
    shared_probe_of_aks(settings)
    return settings.loaded(notice, AKS_CLUSTER)


def _identity(settings: Settings, cluster: Mapping[str, Any]) -> None:
    """Subscription and resource group out of the cluster's id."""
    parts = str(cluster.get("id", "")).split("/")
    names = {part.lower(): parts[index + 1] for index, part in enumerate(parts[:-1])}
    if names.get("subscriptions"):
        settings.put("subscription", names["subscriptions"], ("id",))
    if names.get("resourcegroups") and "outbound.aks_resource_group" not in settings.fields:
        settings.put("outbound.aks_resource_group", names["resourcegroups"], ("id",))


def _subnet(settings: Settings, cluster: Mapping[str, Any], at: Path) -> None:
    """The subnet of internal frontends is that of the nodes, by the first pool that names one."""
    for index, pool in enumerate(cluster.get("agentPoolProfiles", ())):
        if pool.get("vnetSubnetID"):
            name = pool["vnetSubnetID"].rpartition("/")[2]
            settings.put("subnet_name", name, (*at, "agentPoolProfiles", index, "vnetSubnetID"))
            return
    settings.fields["subnet_name"] = AKS_SUBNET


def _network(settings: Settings, cluster: Mapping[str, Any], at: Path) -> None:
    network = cluster.get("networkProfile", {})
    path = (*at, "networkProfile")
    settings.take(NETWORK, network, path)
    through_nat = settings.fields.get("outbound.outbound_type") in NAT_GATEWAYS
    settings.take(NAT_GATEWAY if through_nat else OUTBOUND_RULE, network, path)


def _cloud(settings: Settings, config: Mapping[str, Any], at: Path) -> None:
    settings.take(CLOUD_CONFIG, config, at)
    if "tagsMap" in config:
        settings.fields["tags"] = {**settings.fields.get("tags", {}), **config["tagsMap"]}
        settings.sources.setdefault("tags", settings.source_of((*at, "tagsMap")))


def _cloud_config(content: Mapping[str, Any], text: Text) -> LoadedProfile:
    settings = Settings(text)
    _cloud(settings, conform(content, schema_of(CLOUD_CONFIG_SCHEMA), text, lenient=True), ())
    notice = settings.version(("", ()), ("", ()))
    settings.default_sku()
    settings.fields["outbound.outbound_type"] = UNKNOWN
    return settings.loaded(notice, CLOUD_CONFIG_ONLY)
