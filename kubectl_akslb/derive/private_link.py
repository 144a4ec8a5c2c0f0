"""Private link services: what makes the provider refuse one.

Upstream: azure_privatelinkservice.go.
"""

from kubectl_akslb.derive.addresses import AddressError, parse_address
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.precedence import annotation, spec
from kubectl_akslb.derive.readers import equal_fold, int32, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.service import IPV6, IPFamily, Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

MAX_ADDRESSES = 8


def is_requested(context: Context) -> bool:
    """Whether the Service asks for a private link service; here blanks are trimmed. Upstream: serviceRequiresPLS."""
    raw = context.service.annotations.get(keys.PLS_CREATE)
    return raw is not None and equal_fold(trim(raw), "true") and context.has(behaviours.PRIVATE_LINK_SERVICE)


def check(context: Context, frontends: dict[IPFamily, FrontendIPConfiguration]) -> None:
    """Refuse what the provider refuses for each frontend. Upstream: reconcilePrivateLinkService."""
    service = context.service
    if not is_requested(context):
        return
    created = annotation(service, keys.PLS_CREATE)
    for family in sorted(frontends):
        if family is IPV6 and context.has(behaviours.DUAL_STACK):
            if len(service.ip_families) == 2:
                continue
            raise Refused(refusals.PLS_IPV6, spec("spec.ipFamilies", "IPv6"))
        may_be_public = context.has(behaviours.PRIVATE_LINK_WITHOUT_FLOATING_IP)
        if not is_internal(service) and not (may_be_public and floating_ip_disabled(context)):
            code = refusals.PLS_NEITHER_INTERNAL_NOR_DIRECT if may_be_public else refusals.PLS_NOT_INTERNAL
            raise Refused(code, created, service=service.full_name)
        _check_addresses(service)


def _check_addresses(service: Service) -> None:
    """Upstream: getPLSIPConfigCount, getPLSStaticIPs, reconcilePLSIpConfigs."""
    source = annotation(service, keys.PLS_IP_COUNT)
    count = 1
    if source.raw is not None:
        count = int32(source)
        for bound, wrong in (("minimum", count < 1), ("maximum", count > MAX_ADDRESSES)):
            if wrong:
                limit = 1 if bound == "minimum" else MAX_ADDRESSES
                raise Refused(refusals.PLS_ADDRESS_COUNT, source, bound=bound, limit=limit, count=count)
    listed = annotation(service, keys.PLS_IP_ADDRESSES)
    static = set()
    for item in (listed.raw or "").split(" "):
        text = trim(item)
        if text:
            static.add(_static_address(text, service))
    if count < len(static):
        raise Refused(refusals.PLS_MORE_ADDRESSES_THAN_COUNT, listed, count=count, listed=len(static))


def _static_address(text: str, service: Service) -> str:
    origin = annotation(service, keys.PLS_IP_ADDRESSES)
    try:
        address = parse_address(text)
    except AddressError:
        raise Refused(refusals.PLS_NO_ADDRESS, origin, item=text) from None
    if address.is_ipv6:
        raise Refused(refusals.PLS_IPV6_ADDRESS, origin, item=text)
    return text
