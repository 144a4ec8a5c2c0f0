"""What the provider writes on a public IP: tags, DNS label, IP tags, and the properties of its family.

Upstream: ensurePIPTagged, parseTags, reconcileDNSSettings, getIPTagMap, reconcileIPSettings.
"""

from collections.abc import Mapping

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.precedence import annotation, setting, spec
from kubectl_akslb.derive.readers import equal_fold, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.state.azure import SERVICE_TAG
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.network import PublicIPAddress
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.service import IPV4, IPFamily, Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

CLUSTER_TAG = "k8s-azure-cluster-name"
DNS_TAG = "k8s-azure-dns-label-service"


def read_ip_tags(source: Origin) -> tuple[tuple[str, str], ...]:
    """The IP tags in an annotation, sorted; the last of a type wins. Upstream: getIPTagMap."""
    tags = {}
    for pair in trim(source.raw or "").split(","):
        parts = pair.split("=")
        if len(parts) == 2:
            tags[trim(parts[0])] = trim(parts[1])
    return tuple(sorted(tags.items()))


def label_settled(service: Service, address: PublicIPAddress, label: Origin) -> bool:
    """Whether the public IP has the DNS label already, and for this Service: then nothing else is looked at."""
    current = address.domain_name_label.value if address.domain_name_label else ""
    tag = (address.tags or {}).get(DNS_TAG)
    return equal_fold(current, label.raw or "") and tag is not None and equal_fold(tag.value, service.full_name)


def tagged(context: Context, tags: Mapping[str, Derived[str]] | None) -> dict[str, Derived[str]]:
    """The tags with those of the cluster and of the annotation. Upstream: ensurePIPTagged, reconcileTags."""
    cluster = context.cluster
    source = annotation(context.service, keys.PIP_TAGS)
    wanted = {key: Derived(value, setting(cluster, "tags", "tags", value)) for key, value in cluster.tags.items()}
    for key, value in read_tags(source, cluster).items():
        known = _same_key(wanted, key)
        if known is None or not equal_fold(wanted[known].value, value):
            wanted[known or key] = Derived(value, source, upstream="ensurePIPTagged")
    tags = tags or {}
    own = {key for key in (CLUSTER_TAG, SERVICE_TAG, DNS_TAG) if key in tags and tags[key].value}
    return with_tags(tags, {key: wanted[key] for key in wanted if key not in own})


def with_tags(tags: Mapping[str, Derived[str]], wanted: Mapping[str, Derived[str]]) -> dict[str, Derived[str]]:
    """The tags of a resource with those that are wanted, both compared without case. Upstream: reconcileTags."""
    merged = dict(tags)
    for key, derived in wanted.items():
        known = _same_key(merged, key)
        if known is None or not equal_fold(merged[known].value, derived.value):
            merged[known or key] = derived
    return merged


def _same_key(tags: Mapping[str, object], key: str) -> str | None:
    return next((known for known in tags if equal_fold(known, key)), None)


def read_tags(source: Origin, cluster: Cluster) -> dict[str, str]:
    """The tags in an annotation. Upstream: parseTags."""
    tags = {}
    for pair in (source.raw or "").split(","):
        parts = pair.split("=")
        if len(parts) != 2 or not trim(parts[0]):
            continue
        value = trim(parts[1])
        if equal_fold(value, "null") and cluster.has(behaviours.NULL_TAG_VALUES):
            value = parts[1]
        tags[trim(parts[0])] = value
    return tags


def labelled(context: Context, address: PublicIPAddress, label: Origin, *, user_assigned: bool) -> PublicIPAddress:
    """The public IP with the DNS label. Upstream: reconcileDNSSettings."""
    service = context.service
    tag = (address.tags or {}).get(DNS_TAG)
    head = f"ensurePublicIPExists for service({service.full_name}): "
    outer = f"{head}failed to reconcileDNSSettings: {head}pip({address.name.value}) - "
    if tag is not None and tag.value and not equal_fold(tag.value, service.full_name):
        raise Refused(refusals.DNS_LABEL_OF_ANOTHER_SERVICE, label, head=outer, other=tag.value)
    if not label.raw:
        return address if address.domain_name_label is None else address._replace(domain_name_label=None)
    current = address.domain_name_label
    if current is not None and equal_fold(current.value, label.raw):
        wanted = current
    elif current is not None and not context.has(behaviours.DNS_LABEL_OVERWRITE):
        raise Refused(refusals.DNS_LABEL_THERE, label, head=outer, label=current.value)
    else:
        wanted = Derived(label.raw, label, upstream="reconcileDNSSettings")
    tags = address.tags
    if not user_assigned:
        tags = {**(tags or {}), DNS_TAG: Derived(service.full_name, label, upstream="reconcileDNSSettings")}
    if wanted is current and tags is address.tags:
        return address
    return address._replace(domain_name_label=wanted, tags=tags)


def of_family(cluster: Cluster, address: PublicIPAddress, family: IPFamily) -> PublicIPAddress:
    """The public IP with the version of its family; Dynamic for IPv6 on Basic. Upstream: reconcileIPSettings."""
    if address.version.value != family:
        address = address._replace(
            version=Derived(family, spec("spec.ipFamilies", family), upstream="reconcileIPSettings")
        )
    if family is IPV4:
        return address
    method = "Static" if cluster.is_standard else "Dynamic"
    if address.allocation_method.value == method:
        return address
    sku = setting(cluster, "load_balancer_sku", "loadBalancerSku", cluster.load_balancer_sku)
    return address._replace(allocation_method=Derived(method, sku, upstream="reconcileIPSettings"))
