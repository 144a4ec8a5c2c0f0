"""Private link services: made on the frontends of a Service that asks for one, and deleted with their frontend.

One that stands outlives the annotation that asked for it. Of Services that share a frontend the first owns its private
link service; the others use it as it is. Upstream: azure_privatelinkservice.go.
"""

from collections.abc import Iterable, Mapping

from kubectl_akslb.derive.addresses import AddressError, is_ipv4, parse_address
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer.frontends import is_taken_for_ipv6
from kubectl_akslb.derive.naming import MAX_NAME, frontend_id, is_internal
from kubectl_akslb.derive.precedence import annotation, by_provider, setting, spec
from kubectl_akslb.derive.public_ip.content import CLUSTER_TAG, with_tags
from kubectl_akslb.derive.readers import equal_fold, int32, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled
from kubectl_akslb.derive.state.azure import PrivateLinkKey
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.network import PrivateLinkAddress, PrivateLinkService
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

MAX_ADDRESSES = 8
OWNER_TAG = "k8s-azure-owner-service"
#: Annotations that only the owner of a private link service may have.
_OF_OWNER = (
    keys.PLS_NAME,
    keys.PLS_SUBNET,
    keys.PLS_IP_COUNT,
    keys.PLS_IP_ADDRESSES,
    keys.PLS_FQDNS,
    keys.PLS_PROXY_PROTOCOL,
    keys.PLS_VISIBILITY,
    keys.PLS_AUTO_APPROVAL,
)


def is_requested(context: Context) -> bool:
    """Whether the Service asks for a private link service; here blanks are trimmed. Upstream: serviceRequiresPLS."""
    return _is_true(annotation(context.service, keys.PLS_CREATE)) and context.has(behaviours.PRIVATE_LINK_SERVICE)


def _is_true(source: Origin) -> bool:
    """Upstream: getBoolValueFromServiceAnnotations."""
    return source.raw is not None and equal_fold(trim(source.raw), "true")


def reconcile(
    context: Reconciliation, load_balancer: LoadBalancerState, frontends: Iterable[FrontendIPConfiguration]
) -> tuple[PrivateLinkService, ...]:
    """The private link service of each frontend, if the Service asks. Upstream: reconcilePrivateLinkService."""
    return tuple(
        link
        for frontend in (frontends if is_requested(context) else ())
        if (link := _reconcile(context, load_balancer, frontend)) is not None
    )


def _reconcile(
    context: Reconciliation, load_balancer: LoadBalancerState, frontend: FrontendIPConfiguration
) -> PrivateLinkService | None:
    service = context.service
    if is_taken_for_ipv6(context, frontend):
        if len(service.ip_families) == 2:
            return None
        raise Refused(refusals.PLS_IPV6, spec("spec.ipFamilies", "IPv6"))
    may_be_public = context.has(behaviours.PRIVATE_LINK_WITHOUT_FLOATING_IP)
    if not is_internal(service) and not (may_be_public and floating_ip_disabled(context)):
        code = refusals.PLS_NEITHER_INTERNAL_NOR_DIRECT if may_be_public else refusals.PLS_NOT_INTERNAL
        raise Refused(code, annotation(service, keys.PLS_CREATE), service=service.full_name)
    key = _key(context, load_balancer, frontend)
    existing = context.azure.private_links.get(key)
    if existing is not None:
        owner = existing.tags[OWNER_TAG].value
        if not equal_fold(owner, service.full_name):
            _refuse_of_owner(context, load_balancer, existing, owner)
            return existing
    link = _expected(context, load_balancer, frontend, existing)
    # One name in a group is one resource: sent for this frontend, it is on the one before no more.
    links = context.azure.private_links
    for other in [
        other for other, one in links.items() if other[0] == key[0] and equal_fold(one.name.value, link.name.value)
    ]:
        del links[other]
    links[key] = link
    return link


def release(
    context: Reconciliation, load_balancer: LoadBalancerState, frontends: Iterable[FrontendIPConfiguration]
) -> bool:
    """Delete the private link services of frontends that go, and say whether one was there.

    It is looked for in the resource group that the Service names now. Upstream: safeDeletePLS.
    """
    gone = False
    for frontend in frontends if context.azure.private_links else ():
        if not is_taken_for_ipv6(context, frontend):
            link = context.azure.private_links.pop(_key(context, load_balancer, frontend), None)
            gone = gone or link is not None
    return gone


def _key(context: Context, load_balancer: LoadBalancerState, frontend: FrontendIPConfiguration) -> PrivateLinkKey:
    group = _resource_group(context).value.lower()
    return group, load_balancer.name.value.lower(), frontend.name.value.lower()


def _resource_group(context: Context) -> Derived[str]:
    """Upstream: getPLSResourceGroup."""
    named = annotation(context.service, keys.PLS_RESOURCE_GROUP)
    own = setting(context.cluster, "resource_group", "resourceGroup", context.cluster.resource_group)
    if context.has(behaviours.PRIVATE_LINK_RESOURCE_GROUP) and trim(named.raw or ""):
        return Derived(trim(named.raw or ""), named, considered=(named, own), upstream="getPLSResourceGroup")
    return Derived(own.raw or "", own, considered=(own,), upstream="getPLSResourceGroup")


def _refuse_of_owner(
    context: Context, load_balancer: LoadBalancerState, existing: PrivateLinkService, owner: str
) -> None:
    """Who shares a private link service has no say in it. Upstream: serviceHasAdditionalConfigs."""
    for key in _OF_OWNER:
        if key in context.service.annotations:
            identifier = frontend_id(context.cluster, load_balancer.name.value, existing.frontend.value)
            said = {"service": context.service.full_name, "frontend": identifier, "link": existing.name.value}
            raise Refused(refusals.PLS_OF_ANOTHER_SERVICE, annotation(context.service, key), owner=owner, **said)


def _expected(
    context: Context,
    load_balancer: LoadBalancerState,
    frontend: FrontendIPConfiguration,
    existing: PrivateLinkService | None,
) -> PrivateLinkService:
    """The private link service after the reconcile: what is alike stays as it was written.

    Upstream: getExpectedPrivateLinkService.
    """
    service = context.service
    name = _name(service, frontend, existing)
    addresses = _addresses(context, name.value, existing.addresses if existing is not None else None)
    visibility = _listed(service, keys.PLS_VISIBILITY, "getPLSVisibility")
    if "*" in visibility.value:
        visibility = visibility.with_value(("*",))
    approval = _listed(service, keys.PLS_AUTO_APPROVAL, "getPLSAutoApproval")
    old_visibility, old_approval = (
        (existing.visibility, existing.auto_approval) if existing is not None else (None, None)
    )
    stays = _same_list(old_visibility, visibility) and _same_list(old_approval, approval)
    fqdns = _listed(service, keys.PLS_FQDNS, "getPLSFqdns")
    old_fqdns = existing.fqdns if existing is not None else None
    return PrivateLinkService(
        name=name,
        resource_group=existing.resource_group if existing is not None else _resource_group(context),
        load_balancer=load_balancer.name,
        frontend=frontend.name,
        addresses=addresses,
        proxy_protocol=_proxy_protocol(service, existing.proxy_protocol if existing is not None else None),
        fqdns=old_fqdns if _same_list(old_fqdns, fqdns) else fqdns,
        visibility=old_visibility if stays else visibility,
        auto_approval=old_approval if stays else approval,
        tags=_tags(context, existing.tags if existing is not None else {}),
    )


def _name(service: Service, frontend: FrontendIPConfiguration, existing: PrivateLinkService | None) -> Derived[str]:
    """Upstream: getPrivateLinkServiceName."""
    named = annotation(service, keys.PLS_NAME)
    upstream = "getPrivateLinkServiceName"
    if named.raw is None:
        if existing is not None:
            return existing.name
        return Derived(f"pls-{frontend.name.value}", frontend.name.origin, considered=(named,), upstream=upstream)
    wanted = trim(named.raw)
    if existing is None:
        return Derived(wanted, named, considered=(named,), upstream=upstream)
    if not equal_fold(existing.name.value, wanted):
        old = existing.name.value
        raise Refused(refusals.PLS_RENAMED, named, service=service.full_name, name=old, wanted=wanted)
    return existing.name


def _proxy_protocol(service: Service, before: Derived[bool] | None) -> Derived[bool] | None:
    """Upstream: reconcilePLSEnableProxyProtocol."""
    source = annotation(service, keys.PLS_PROXY_PROTOCOL)
    wanted = _is_true(source)
    if wanted is (before is not None and before.value):
        return before
    return Derived(wanted, source, considered=(source,), upstream="reconcilePLSEnableProxyProtocol")


def _listed(service: Service, key: str, upstream: str) -> Derived[tuple[str, ...]]:
    source = annotation(service, key)
    items = tuple(item for part in trim(source.raw or "").split(" ") if (item := trim(part)))
    return Derived(items, source, considered=(source,), upstream=upstream)


def _same_list(before: Derived[tuple[str, ...]] | None, wanted: Derived[tuple[str, ...]]) -> bool:
    """Whether nothing is to be changed: the order does not matter. Upstream: sameContentInSlices."""
    if before is None:
        return not wanted.value
    return sorted(before.value) == sorted(wanted.value)


def _tags(context: Context, before: Mapping[str, Derived[str]]) -> dict[str, Derived[str]]:
    """The tags of the cluster, and whose it is. Upstream: reconcilePLSTags."""
    cluster = context.cluster
    own = {key: Derived(value, setting(cluster, "tags", "tags", value)) for key, value in cluster.tags.items()}
    named = setting(cluster, "cluster_name", "cluster name", cluster.cluster_name)
    own[CLUSTER_TAG] = before.get(CLUSTER_TAG) or Derived(cluster.cluster_name, named, upstream="reconcilePLSTags")
    owner = by_provider("owner of the private link service", context.service.full_name)
    own[OWNER_TAG] = before.get(OWNER_TAG) or Derived(context.service.full_name, owner, upstream="reconcilePLSTags")
    return with_tags(before, own)


class _Wanted(NamedTuple):
    """Which addresses a private link service is to have, and in which subnet."""

    subnet: Derived[str]
    number: int
    static: tuple[str, ...]
    source: Origin

    def is_had(self, addresses: tuple[PrivateLinkAddress, ...]) -> bool:
        """Whether these addresses are as wanted. Upstream: reconcilePLSIpConfigs."""
        static = [one.address.value for one in addresses if one.address is not None]
        primary = next((one for one in addresses if one.primary.value), None)
        first = primary.address.value if primary is not None and primary.address is not None else ""
        return (
            len(addresses) == self.number
            and all(equal_fold(one.subnet.value, self.subnet.value) for one in addresses)
            and sorted(static) == sorted(self.static)
            and (primary is None or equal_fold(first, self.static[0] if self.static else ""))
        )


def _addresses(
    context: Context, name: str, before: tuple[PrivateLinkAddress, ...] | None
) -> tuple[PrivateLinkAddress, ...]:
    """The addresses of a private link service: static ones, then as many as are asked for that Azure chooses."""
    wanted = _wanted(context)
    if before is not None and wanted.is_had(before):
        return before
    upstream = "reconcilePLSIpConfigs"

    def one(ending: str, address: str | None, *, primary: bool) -> PrivateLinkAddress:
        head = f"{wanted.subnet.value}-{name}"
        if context.has(behaviours.PRIVATE_LINK_RESOURCE_GROUP):
            head = head[: MAX_NAME - len(ending)]
        return PrivateLinkAddress(
            Derived(head + ending, wanted.subnet.origin, upstream=upstream),
            Derived(address, wanted.source, upstream=upstream) if address is not None else None,
            wanted.subnet,
            Derived(primary, wanted.source, upstream=upstream),
        )

    static = [one(f"-static-{text}", text, primary=text == wanted.static[0]) for text in wanted.static]
    chosen = range(wanted.number - len(static))
    return (*static, *(one(f"-dynamic-{n}", None, primary=not static and n == 0) for n in chosen))


def _wanted(context: Context) -> _Wanted:
    """Upstream: getPLSIPConfigCount, getPLSStaticIPs, reconcilePLSIpConfigs."""
    service = context.service
    source = annotation(service, keys.PLS_IP_COUNT)
    count = 1
    if source.raw is not None:
        count = int32(source)
        for bound, wrong in (("minimum", count < 1), ("maximum", count > MAX_ADDRESSES)):
            if wrong:
                limit = 1 if bound == "minimum" else MAX_ADDRESSES
                raise Refused(refusals.PLS_ADDRESS_COUNT, source, bound=bound, limit=limit, count=count)
    listed = annotation(service, keys.PLS_IP_ADDRESSES)
    static: dict[str, None] = {}
    for item in (listed.raw or "").split(" "):
        text = trim(item)
        if text:
            static[_static_address(text, service)] = None
    if count < len(static):
        raise Refused(refusals.PLS_MORE_ADDRESSES_THAN_COUNT, listed, count=count, listed=len(static))
    return _Wanted(_subnet(context), count, tuple(static), listed if static else source)


def _subnet(context: Context) -> Derived[str]:
    """Upstream: getPLSSubnetName."""
    service, cluster = context.service, context.cluster
    own = annotation(service, keys.PLS_SUBNET)
    of_service = annotation(service, keys.INTERNAL_SUBNET)
    of_cluster = setting(cluster, "subnet_name", "subnetName", cluster.subnet_name)
    chosen = of_cluster
    if trim(own.raw or ""):
        chosen = own
    elif is_internal(service) and trim(of_service.raw or ""):
        chosen = of_service
    return Derived(chosen.raw or "", chosen, considered=(own, of_service, of_cluster), upstream="getPLSSubnetName")


def _static_address(text: str, service: Service) -> str:
    origin = annotation(service, keys.PLS_IP_ADDRESSES)
    if is_ipv4(text):
        return text
    try:
        parse_address(text)
    except AddressError:
        raise Refused(refusals.PLS_NO_ADDRESS, origin, item=text) from None
    code = refusals.PLS_NO_ADDRESS if "%" in text else refusals.PLS_IPV6_ADDRESS
    raise Refused(code, origin, item=text)
