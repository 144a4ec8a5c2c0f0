"""Public IP addresses: which one a frontend gets, and what the provider writes on it.

Upstream: determinePublicIPName, ensurePublicIPExists, reconcilePublicIPs, serviceOwnsPublicIP.
"""

from collections.abc import Collection, Iterator, Mapping

from kubectl_akslb.derive.addresses import AddressError, is_ipv4, is_private, parse_address
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.naming import network_path, public_ip_name
from kubectl_akslb.derive.precedence import annotation, by_provider, default, setting, spec
from kubectl_akslb.derive.public_ip import content
from kubectl_akslb.derive.readers import equal_fold, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.state.azure import SERVICE_TAG, Azure, assigned_address, services_of
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.loadbalancer import PublicIPKey
from kubectl_akslb.model.network import PublicIPAddress
from kubectl_akslb.model.provenance import Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

_STATIC = default("allocation of a public IP", "Static")
#: Between the parts of an error of Azure's library.
_LINE = f"\n{'-' * 80}\n"
_WIRE_SERVER = "168.63.129.16"


def resource_group(context: Context) -> str:
    """Where the public IP is looked for. Upstream: getPublicIPAddressResourceGroup."""
    return trim(context.service.annotations.get(keys.RESOURCE_GROUP, "")) or context.cluster.resource_group


def released_groups(context: Context) -> tuple[str, ...]:
    """The resource groups, in lower case, whose public IPs are released when nobody wants them any more.

    Upstream: reconcilePublicIPs.
    """
    own = resource_group(context).lower()
    of_cluster = context.cluster.resource_group.lower()
    if own == of_cluster or not context.has(behaviours.PUBLIC_IPS_OF_CLUSTER_GROUP):
        return (own,)
    return own, of_cluster


class Listed(NamedTuple):
    """The public IPs of some groups as the provider sees them: those that stand, but for what has *changed* unseen."""

    groups: tuple[str, ...]
    standing: Mapping[PublicIPKey, PublicIPAddress]
    changed: Mapping[PublicIPKey, PublicIPAddress | None]

    def get(self, key: PublicIPKey) -> PublicIPAddress | None:
        """The public IP of one of the groups."""
        return self.changed.get(key, self.standing.get(key)) if key[0] in self.groups else None

    def items(self) -> Iterator[tuple[PublicIPKey, PublicIPAddress]]:
        """All of them by their keys."""
        for key in list({**self.standing, **self.changed}):
            found = self.get(key)
            if found is not None:
                yield key, found


def listed(context: Reconciliation) -> Listed:
    """The public IPs that are released when nobody wants them. Upstream: reconcilePublicIPs."""
    groups = released_groups(context)
    spelled = (resource_group(context), context.cluster.resource_group)[: len(groups)]
    changed: dict[PublicIPKey, PublicIPAddress | None] = {}
    for group in spelled:
        changed |= context.azure.list_public_ips(group)
    return Listed(groups, context.azure.public_ips, changed)


def delete(context: Reconciliation, key: PublicIPKey) -> None:
    """Delete a public IP, since there are public IPs of the cluster's group by its group in lower case.

    Upstream: getPIPRGFromID, safeDeletePublicIP.
    """
    by_id = context.has(behaviours.PUBLIC_IPS_OF_CLUSTER_GROUP)
    context.azure.delete_public_ip(key, by=key[0] if by_id else resource_group(context))


def update(context: Reconciliation, key: PublicIPKey, address: PublicIPAddress) -> None:
    """Write a public IP that was listed: into the group that the Service names, where it becomes another one.

    Upstream: reconcilePublicIP.
    """
    group = resource_group(context)
    if key[0] != group.lower():
        there = context.azure.public_ips.get((group.lower(), key[1]))
        given = there.ip_address if there is not None else assigned_address(context, key[1], address.version.value)
        address = address._replace(ip_address=given)
    context.azure.put_public_ip(group, address)


def load_balancer_ip(context: Context, family: IPFamily) -> Derived[str]:
    """The address that the Service asks for, or "". Upstream: getServiceLoadBalancerIP."""
    service = context.service
    of_spec = spec("spec.loadBalancerIP", service.load_balancer_ip or None)
    nothing = by_provider("address", "")
    if not context.has(behaviours.ADDRESS_ANNOTATIONS):
        return _first_set((of_spec,), nothing)
    if not context.has(behaviours.FAMILY_PUBLIC_IPS):
        return _first_set((annotation(service, keys.IPV4), annotation(service, keys.IPV6), of_spec), nothing)
    own = annotation(service, keys.IPV6 if family is IPV6 else keys.IPV4)
    if is_ipv4(service.load_balancer_ip) == (family is IPV6):
        of_spec = of_spec._replace(raw=None)
    return _first_set((own, of_spec), nothing)


def _first_set(sources: tuple[Origin, ...], nothing: Origin) -> Derived[str]:
    """The first source that is not empty; the provider takes an empty one for a missing one here."""
    for source in sources:
        if source.raw:
            return Derived(source.raw, source, considered=(*sources, nothing), upstream="getServiceLoadBalancerIP")
    return Derived("", nothing, considered=(*sources, nothing), upstream="getServiceLoadBalancerIP")


def load_balancer_ips(context: Context) -> tuple[str, ...]:
    """Every address the Service asks for, to find frontends it shares. Upstream: getServiceLoadBalancerIPs."""
    service = context.service
    if not context.has(behaviours.FAMILY_PUBLIC_IPS):
        address = load_balancer_ip(context, IPV4).value
        return (address,) if address else ()
    annotated = tuple(filter(None, (service.annotations.get(keys.IPV4), service.annotations.get(keys.IPV6))))
    return annotated or ((service.load_balancer_ip,) if service.load_balancer_ip else ())


def is_named(service: Service) -> bool:
    """Whether the Service names public IPs, of whichever family."""
    return keys.PIP_NAME in service.annotations or keys.PIP_NAME_IPV6 in service.annotations


def public_ip_annotation(context: Context, own: keys.Annotation, ipv6_key: keys.Annotation, family: IPFamily) -> Origin:
    """The annotation for one family, of the two that azure-pip-name and azure-pip-prefix-id have.

    Upstream: getServicePIPName, getServicePIPPrefixID. An empty value counts as missing; raw is then None.
    """
    service = context.service
    families = service.ip_families
    plain = _unless_empty(annotation(service, own))
    if not context.has(behaviours.FAMILY_PUBLIC_IPS):
        return plain
    of_ipv6 = _unless_empty(annotation(service, ipv6_key))
    if len(families) == 2:
        return of_ipv6 if family is IPV6 else plain
    if context.has(behaviours.IPV6_PUBLIC_IP_NAMES):
        single_ipv6 = IPV6 in families
        if family is IPV6 and single_ipv6 and of_ipv6.raw is not None:
            return of_ipv6
        if family is IPV6 and not single_ipv6 and context.has(behaviours.IPV4_IGNORES_IPV6_NAME):
            return plain._replace(raw=None)
    return plain


def _unless_empty(origin: Origin) -> Origin:
    return origin._replace(raw=None) if origin.raw == "" else origin


def pip_name(context: Context, family: IPFamily) -> Origin:
    """The name of an existing public IP that the Service asks for."""
    return public_ip_annotation(context, keys.PIP_NAME, keys.PIP_NAME_IPV6, family)


def prefix_id(context: Context, family: IPFamily) -> Origin:
    """The public IP prefix that the Service asks for."""
    if not context.has(behaviours.PUBLIC_IP_PREFIX):
        return annotation(context.service, keys.PIP_PREFIX_ID)._replace(raw=None)
    return public_ip_annotation(context, keys.PIP_PREFIX_ID, keys.PIP_PREFIX_ID_IPV6, family)


def determine_name(context: Reconciliation, family: IPFamily) -> tuple[Derived[str], bool]:
    """The name of the public IP, and whether it must exist: by name, by prefix, by address, or generated.

    Upstream: determinePublicIPName.
    """
    named = pip_name(context, family)
    prefix = prefix_id(context, family)
    address = load_balancer_ip(context, family)
    generated = public_ip_name(context.names, context.cluster, prefix, family)
    considered = (named, prefix, *address.considered, generated.origin)
    if named.raw is not None:
        return Derived(named.raw, named, considered=considered, upstream="determinePublicIPName"), True
    if prefix.raw is not None or not address.value:
        origin = prefix if prefix.raw is not None else generated.origin
        return Derived(generated.value, origin, considered=considered, upstream="determinePublicIPName"), False
    found = find_by_address(context, address)
    return Derived(found.name.value, address.origin, considered=considered, upstream="determinePublicIPName"), False


def find_by_address(context: Reconciliation, address: Derived[str]) -> PublicIPAddress:
    """The public IP that has this address; refused where there is none. Upstream: findMatchedPIPByLoadBalancerIP."""
    text = address.value
    checked = context.has(behaviours.PUBLIC_ADDRESS_CHECK)
    if checked:
        _check_public(context.service, address)
    group = resource_group(context)
    found = context.azure.public_ip_at(group, text)
    if found is not None:
        return found
    head = "findMatchedPIPByLoadBalancerIP: "
    tail = f": getExpectedPIPFromListByIPAddress: cannot find public IP with IP address {text}" if checked else ""
    code = refusals.PRIVATE_ADDRESS_NOT_FOUND if is_private(text) else refusals.PUBLIC_IP_ADDRESS_NOT_FOUND
    raise Refused(code, address.origin, head=head, tail=tail, address=text, group=group)


def is_looked_for(context: Context, address: str) -> bool:
    """Whether a public IP of that address is looked for: newer releases know that there is none of a private one."""
    if not context.has(behaviours.PUBLIC_ADDRESS_CHECK):
        return True
    try:
        parsed = parse_address(address)
    except AddressError:
        return False
    return _is_public(parsed.bits, parsed.value)


def _check_public(service: Service, address: Derived[str]) -> None:
    """Upstream: validatePublicIPCandidate, NewExternalServiceLoadBalancerIPError."""
    named = {"service": service.full_name, "address": address.value}
    try:
        parsed = parse_address(address.value)
    except AddressError:
        raise Refused(refusals.INVALID_ADDRESS, address.origin, **named) from None
    if not _is_public(parsed.bits, parsed.value):
        raise Refused(refusals.NON_PUBLIC_ADDRESS, address.origin, **named)


def _is_public(bits: int, value: int) -> bool:
    """Global unicast, not private, not reserved by Azure."""
    if bits == 128 and value >> 32 == 0xFFFF:
        bits, value = 32, value & 0xFFFFFFFF
    if bits == 32:
        no_unicast = value in {0, 0xFFFFFFFF} or value >> 24 == 127 or value >> 28 == 14 or value >> 16 == 0xA9FE
        private = value >> 24 == 10 or value >> 20 == 0xAC1 or value >> 16 == 0xC0A8
        reserved = value >> 22 == 0x64400000 >> 22 or value == parse_address(_WIRE_SERVER).value
        return not (no_unicast or private or reserved)
    return not (value in {0, 1} or value >> 120 == 0xFF or value >> 118 == 0xFE80 >> 6 or value >> 121 == 0xFC >> 1)


def owns(context: Context, address: PublicIPAddress) -> tuple[bool, bool]:
    """Whether the Service owns or selects a public IP, and whether a person made it. Upstream: serviceOwnsPublicIP."""
    family = IPV6 if address.version.value == IPV6 else IPV4
    users = services_of(address)
    if not users:
        untouched = context.has(behaviours.USER_ASSIGNED_IP_UNTOUCHED)
        if not untouched and address.tags is None:
            return False, False
        return _selects(context, address, family), True
    if any(equal_fold(user, context.service.full_name) for user in users):
        return True, False
    return _selects(context, address, family), False


def _selects(context: Context, address: PublicIPAddress, family: IPFamily) -> bool:
    if equal_fold(address.ip_address.value, load_balancer_ip(context, family).value):
        return True
    if not context.has(behaviours.SHARE_BY_PUBLIC_IP_NAME):
        return False
    return equal_fold(address.name.value, pip_name(context, family).raw or "")


def ensure(
    context: Reconciliation, name: Derived[str], family: IPFamily, *, must_exist: bool, addresses: Collection[str] = ()
) -> PublicIPAddress:
    """Create or update the public IP of a frontend; *addresses* are those that the Service turned out to have.

    Upstream: ensurePublicIPExists.
    """
    service, azure = context.service, context.azure
    group = resource_group(context)
    address = before = named_public_ip(context.cluster, azure, group, name.value)
    azure.public_ips_read = True
    user_assigned, owned = False, True
    label = annotation(service, keys.DNS_LABEL)
    if address is None:
        if must_exist:
            raise _missing(context, name)
        address = _created(context, name, family)
    else:
        owned, user_assigned = owns(context, address)
        owned = owned or (bool(services_of(address)) and address.ip_address.value in addresses)
        if owned and not user_assigned:
            address = _bound(service, address)
        if content.label_settled(service, address, label):
            return _sent(azure, group, address, written=address is not before)
    if _is_tagged(context, owned=owned, user_assigned=user_assigned):
        tags = content.tagged(context, address.tags)
        if tags != (address.tags or {}):
            address = address._replace(tags=tags)
    if label.raw is not None:
        untouched = user_assigned and context.has(behaviours.USER_ASSIGNED_IP_UNTOUCHED)
        address = content.labelled(context, address, label, user_assigned=untouched)
    address, written = _settled(context.cluster, address, before, family)
    azure.wrote_public_ip = azure.wrote_public_ip or written
    if written:
        azure.forget_public_ips()
    if written and address.tags is None:
        address = address._replace(tags={})
    _check_stands(context, group, address, written=written)
    return _sent(azure, group, address, written=written)


def _sent(azure: Azure, group: str, address: PublicIPAddress, *, written: bool) -> PublicIPAddress:
    """The public IP as it stands after it was *written*, or was well as it is."""
    if written:
        azure.put_public_ip(group, address)
        return address
    azure.touched[group.lower(), address.name.value.lower()] = None
    return address


def _check_stands(context: Reconciliation, group: str, address: PublicIPAddress, *, written: bool) -> None:
    """Refuse a public IP that the provider takes for standing, and would not write, where it is gone."""
    name = address.name
    if written or (group.lower(), name.value.lower()) in context.azure.public_ips:
        return
    path = network_path(context.cluster, group)
    head = "Retriable: false, RetryAfter: 0s, HTTPStatusCode: 404, RawError: "
    head, tail = head + '{"error":{"code":"ResourceNotFound","message":"', '"}}'
    if context.has(behaviours.AZURE_ERRORS_IN_PARTS):
        head = (
            f"GET https://management.azure.com{path}/publicIPAddresses/{name.value}{_LINE}"
            f'RESPONSE 404: 404 Not Found\nERROR CODE: ResourceNotFound{_LINE}{{\n  "error": {{\n'
            '    "code": "ResourceNotFound",\n    "message": "'
        )
        tail = f'"\n  }}\n}}{_LINE}'
    raise Refused(refusals.PUBLIC_IP_GONE, name.origin, head=head, tail=tail, path=path, name=name.value)


def _is_tagged(context: Context, *, owned: bool, user_assigned: bool) -> bool:
    """Whether the tags of the cluster and of the Service are written to a public IP."""
    if not context.has(behaviours.PUBLIC_IP_TAGGED_FIRST):
        return owned and not user_assigned
    return not (user_assigned and context.has(behaviours.USER_ASSIGNED_IP_TAGS_KEPT))


def named_public_ip(cluster: Cluster, azure: Azure, group: str, name: str) -> PublicIPAddress | None:
    """The public IP of that name, as this version compares names. Upstream: getPublicIPAddress."""
    if cluster.has(behaviours.PUBLIC_IP_NAMES_TRIMMED):
        name = trim(name)
    found = azure.public_ip(group, name)
    if found is not None and found.name.value != name and cluster.has(behaviours.PUBLIC_IP_NAMES_EXACT_CASE):
        return None
    return found


def _settled(
    cluster: Cluster, address: PublicIPAddress, before: PublicIPAddress | None, family: IPFamily
) -> tuple[PublicIPAddress, bool]:
    """The public IP with the properties of its family, and whether it is written. Upstream: reconcileIPSettings."""
    left_alone = cluster.has(behaviours.PUBLIC_IP_LEFT_ALONE)
    if not left_alone and family is IPV4 and address.version.value == IPV6:
        return address, address is not before
    address = content.of_family(cluster, address, family)
    return address, address is not before or not (family is IPV6 or left_alone)


def _missing(context: Context, name: Derived[str]) -> Refused:
    key = "azure-pip-name(-IPv6)" if context.has(behaviours.DUAL_STACK) else "azure-pip-name"
    code = refusals.PUBLIC_IP_OF_ANNOTATION_MISSING
    return Refused(code, name.origin, key=key, name=name.value, service=context.service.full_name)


def _created(context: Context, name: Derived[str], family: IPFamily) -> PublicIPAddress:
    service, cluster = context.service, context.cluster
    upstream = "ensurePublicIPExists"
    sku = setting(cluster, "load_balancer_sku", "loadBalancerSku", cluster.load_balancer_sku)
    standard = cluster.is_standard
    prefix = prefix_id(context, family)
    ip_tags = annotation(service, keys.PIP_IP_TAGS)
    return PublicIPAddress(
        name=name,
        ip_address=assigned_address(context, name.value, family),
        version=Derived(family, spec("spec.ipFamilies", family), upstream=upstream),
        allocation_method=Derived("Static", _STATIC, upstream=upstream),
        sku=Derived("Standard", sku, upstream=upstream) if standard else None,
        zones=region_zones(cluster) if standard else None,
        tags={
            content.CLUSTER_TAG: Derived(
                cluster.cluster_name, setting(cluster, "cluster_name", "clusterName", cluster.cluster_name)
            ),
            SERVICE_TAG: Derived(service.full_name, spec("metadata", service.full_name), upstream="bindServicesToPIP"),
        },
        ip_tags=Derived(content.read_ip_tags(ip_tags), ip_tags, upstream="getIPTagMap")
        if ip_tags.raw is not None
        else None,
        prefix_id=Derived(prefix.raw, prefix, upstream=upstream) if prefix.raw is not None and standard else None,
    )


def region_zones(cluster: Cluster) -> Derived[tuple[str, ...]] | None:
    """All zones of the region; a placeholder where the region is not known. Upstream: getRegionZonesBackoff."""
    upstream = "getRegionZonesBackoff"
    if cluster.zones is None:
        unknown = by_provider("zones", "every zone of the region")
        return Derived((Placeholder("every zone of the region"),), unknown, upstream=upstream)
    if not cluster.zones:
        return None
    return Derived(cluster.zones, setting(cluster, "zones", "zones", ",".join(cluster.zones)), upstream=upstream)


def _bound(service: Service, address: PublicIPAddress) -> PublicIPAddress:
    """The public IP with this Service in its tag. Upstream: bindServicesToPIP."""
    tags = address.tags or {}
    tag = tags.get(SERVICE_TAG)
    if tag is None or service.full_name in services_of(address):
        return address
    joined = f"{tag.value},{service.full_name}" if tag.value else service.full_name
    return address._replace(
        tags={**tags, SERVICE_TAG: Derived(joined, tag.origin, considered=tag.considered, notes=tag.notes)}
    )
