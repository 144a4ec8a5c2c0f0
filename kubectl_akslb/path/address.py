"""Whether clients use the address that the provider gives the Service now, and whether it is the kind that is meant."""

from collections.abc import Mapping

from kubectl_akslb.derive.addresses import is_address, is_private
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.frontends import families
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.precedence import annotation, spec
from kubectl_akslb.derive.public_ip.public_ip import load_balancer_ip, load_balancer_ips, pip_name, prefix_id
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import SPEC, Origin
from kubectl_akslb.model.service import IPV4
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.cilium_addresses import by_cilium
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.other_clouds import internal_asked_elsewhere

_OF_FAMILY = "write an address of an IP family that the Service has, without a mask"
_BY_FIELD = "write it into spec.loadBalancerIP: this release of the provider does not read the annotation"
_MEANS_PUBLIC = frozenset({"", "false", "no", "0", "off"})


def address_hop(context: PathContext) -> Hop:
    """The address in the Service's status against the one that it asks for, else the kind that it gets."""
    service = context.service
    internal = annotation(service, keys.INTERNAL)
    addresses = tuple(one for one in context.evidence.addresses or service.ingress_ips if is_address(one))
    stale = [one for one in addresses if is_private(one) != is_internal(service)]
    cilium = by_cilium(context.evidence)
    if addresses and cilium:
        return Hop(HopName.ADDRESS, Outcome.DEPENDS, Confidence.OBSERVED, cilium)
    if stale:
        facts = {"address": ", ".join(stale), "kind": "internal" if is_internal(service) else "public"}
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, Cause.STATUS_IS_STALE, facts, internal)
    asked = [one for one in load_balancer_ips(context) if is_address(one)]
    if addresses and asked and set(asked).isdisjoint(addresses):
        facts = {"address": ", ".join(addresses), "asked": ", ".join(asked)}
        return _hop(Outcome.DEPENDS, Confidence.OBSERVED, Cause.OTHER_ADDRESS, facts, internal)
    if not is_internal(service) and (internal.raw or "").strip().lower() not in _MEANS_PUBLIC:
        return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Cause.PUBLIC_NOT_INTERNAL, {"value": internal.raw}, internal)
    elsewhere = None if is_internal(service) else internal_asked_elsewhere(service)
    if elsewhere is not None:
        whom = f"asks {elsewhere.whom} for an internal one" if elsewhere.whom else "is not read"
        facts = {"key": f"the label {elsewhere.key}" if elsewhere.is_label else elsewhere.key, "whom": whom}
        origin = internal if elsewhere.is_label else annotation(service, elsewhere.key)
        return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Cause.INTERNAL_ASKED_ELSEWHERE, facts, origin)
    unused = _not_used(context)
    if unused is not None:
        is_read = unused.kind == SPEC or context.has(behaviours.ADDRESS_ANNOTATIONS)
        facts = {"asked": unused.raw or "", "instead": _OF_FAMILY if is_read else _BY_FIELD}
        return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Cause.ADDRESS_NOT_USED, facts, unused)
    sure = Confidence.OBSERVED if addresses else Confidence.CERTAIN
    return _hop(Outcome.PASS, sure, Cause.HAS_ADDRESS, {"address": ", ".join(addresses)}, internal)


def _not_used(context: Context) -> Origin | None:
    """The address that the Service asks for where no frontend gets it: it is none of the Service's IP families.

    Beside the name or the prefix of a public IP no release looks at it, which lint tells.
    """
    asked = (
        annotation(context.service, keys.IPV4),
        annotation(context.service, keys.IPV6),
        spec("spec.loadBalancerIP", context.service.load_balancer_ip or None),
    )
    wanted = next((one for one in asked if one.raw), None)
    each = families(context) or (IPV4,)
    if wanted is None or any(load_balancer_ip(context, family).value for family in each):
        return None
    named = any(pip_name(context, family).raw or prefix_id(context, family).raw for family in each)
    return None if named and not is_internal(context.service) else wanted


def _hop(outcome: Outcome, confidence: Confidence, cause: Cause, facts: Mapping[str, object], origin: Origin) -> Hop:
    return Hop(HopName.ADDRESS, outcome, confidence, (Reason(cause, facts, origin),))
