"""Annotations that do nothing, and why: nothing of the derivation comes from them, and nothing changes without them."""

from collections.abc import Iterator
from functools import lru_cache

from kubectl_akslb.derive import derived_values
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.probes import wants_local_probe
from kubectl_akslb.derive.load_balancer.rules import uses_ha_ports
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, UNSAFE, Finding, Fix
from kubectl_akslb.lint.fixes import ANNOTATIONS, remove
from kubectl_akslb.lint.keys import BOOLEANS, Known, lookup, short
from kubectl_akslb.lint.ranges import opens_nothing
from kubectl_akslb.model.service import TCP
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours


class NoEffect(Enum):
    """Why an annotation does nothing. The first that is true names it, so that it is found by one rule only."""

    MISSING_PORT = "missing port"
    HA_PORTS = "HA ports"
    LOCAL = "Local"
    SHARED_PROBE = "shared probe"
    TCP_PROBE = "a path, and Tcp asks for none"
    SHADOWED = "another source wins"
    OTHER = "something else is missing"


_PUBLIC_ONLY = frozenset(
    {
        keys.PIP_NAME, keys.PIP_NAME_IPV6, keys.PIP_PREFIX_ID, keys.PIP_PREFIX_ID_IPV6, keys.PIP_TAGS,
        keys.PIP_IP_TAGS, keys.DNS_LABEL, keys.RESOURCE_GROUP,
    }
)  # fmt: skip
_GATEWAY = NoEffect.OTHER, "a service gateway reads no such annotation"
_PATHS = frozenset({keys.PROBE_PATH, keys.PORT_PROBE_PATH})


class Idle(NamedTuple):
    """An annotation without effect: *why* is for a person."""

    key: str
    known: Known
    kind: NoEffect
    why: str


def idle(context: ServiceContext, kind: NoEffect) -> Iterator[Idle]:
    """The annotations without effect of one kind, in the order of the manifest."""
    return (one for one in _all(context) if one.kind == kind)


def finding(context: ServiceContext, one: Idle, hint: str, *, offer: bool = True) -> Finding:
    """The finding about an annotation without effect; the fix takes it away."""
    fix = removal(context, one.key) if offer else None
    return Finding(f"{short(one.key)} has no effect: {one.why}", (*ANNOTATIONS, one.key), True, hint, fix)


def removal(context: ServiceContext, key: str) -> Fix | None:
    """Take away what does nothing: SAFE where somebody said which version the cluster runs, or no version reads it."""
    known = lookup(key)
    dated = known is not None and (known.row.since or known.row.until)
    assumed = "provider_version" not in context.cluster.given
    return remove(context, key, applicability=UNSAFE if dated and assumed else SAFE)


@lru_cache(maxsize=1)
def _all(context: ServiceContext) -> tuple[Idle, ...]:
    if not context.handled or context.settled.load_balancer is None or context.settled.refusal is not None:
        return ()
    found = []
    for key, value in context.service.annotations.items():
        known = lookup(key)
        if known is None or not known.row.is_read(context.cluster.provider_version):
            continue
        if known.row.reading in BOOLEANS and value.lower() != "true":
            continue
        if context.is_without_effect(key):
            if serves(context.cluster):
                # What is about access, ranges-behind-service-gateway tells.
                kind, why = (None, "") if known.row.scope == keys.ACCESS else _GATEWAY
            else:
                kind, why = _why(context, key, known)
            if kind is not None:
                found.append(Idle(key, known, kind, why))
    return tuple(found)


def _why(context: ServiceContext, key: str, known: Known) -> tuple[NoEffect | None, str]:
    """The kind of a key without effect, and the reason; None where there is nothing to say."""
    service, cluster, row = context.service, context.cluster, known.row
    ports = [port for port in service.ports if port.port == known.port]
    if known.port is not None and not ports:
        if service.is_local and known.port >= 30000:
            return None, ""  # it may be the healthCheckNodePort, which a manifest rarely names
        listed = ", ".join(dict.fromkeys(str(port.port) for port in service.ports))
        return NoEffect.MISSING_PORT, f"the Service has no port {known.port} (it has {listed})"
    asked = Context(service, cluster)
    if known.port is not None and uses_ha_ports(asked):
        return (
            NoEffect.HA_PORTS,
            "with HA ports there is one rule for all ports, with the probe of the first port that has one",
        )
    if row.scope == keys.PROBE and wants_local_probe(asked):
        return NoEffect.LOCAL, "with externalTrafficPolicy Local the node's health check is probed instead"
    if row.scope == keys.PROBE and _shares_probe(context):
        return NoEffect.SHARED_PROBE, "this cluster probes kube-proxy for all Services, not their ports"
    if row in _PATHS:
        return _path(context, known)
    if row.scope != keys.ACCESS and key in context.considered:
        return NoEffect.SHADOWED, f"{_winner(context, key)} wins over it"
    why = _other(context, row)
    if not why and row.scope == keys.PROBE and not (ports and ports[0].protocol == TCP and _has_probe(context)):
        why = f"a {ports[0].protocol} port is not probed" if ports and ports[0].protocol != TCP else ""
        why = why or ("" if _has_probe(context) else "no port of the Service is probed")
    return (NoEffect.OTHER, why) if why else (None, "")


def _shares_probe(context: ServiceContext) -> bool:
    return context.cluster.uses_shared_probe and context.cluster.has(behaviours.SHARED_PROBE)


def _has_probe(context: ServiceContext) -> bool:
    return bool(context.settled.load_balancer and context.settled.load_balancer.probes)


def _path(context: ServiceContext, known: Known) -> tuple[NoEffect | None, str]:
    """Why no probe asks for a path: Tcp probes have none; or each port has a path of its own."""
    probes = [probe for port, probe, _ in context.probed if known.port in (None, port.port)]
    if probes and all(probe.protocol.value == "Tcp" for probe in probes):
        what = f"port {known.port} is" if known.port is not None else "all ports are"
        return NoEffect.TCP_PROBE, f"{what} probed with Tcp, which asks for no path"
    if probes and known.port is None:
        return NoEffect.SHADOWED, "every http(s) probe has a path of its own"
    return None, ""


def _access(context: ServiceContext, row: keys.Annotation) -> str:
    """Why a key about access does nothing."""
    if row != keys.DISABLE_NSG_RULE and opens_nothing(context.asked):
        return "azure-disable-load-balancer-nsg-rule is true, so the provider writes no security rules"
    if row != keys.DENY_ALL or context.refusals or _denies(context):
        return ""
    if context.cluster.has(behaviours.SHARED_NSG_RULES):
        return "it needs at least one valid range; service tags do not count"
    since = behaviours.SHARED_NSG_RULES.dates
    return f"before {since} it needs spec.loadBalancerSourceRanges; ranges and tags in annotations do not count"


def _denies(context: ServiceContext) -> bool:
    return any(rule.access.value == "Deny" for rule in context.settled.security_rules)


def _winner(context: ServiceContext, key: str) -> str:
    """What decides in place of *key*, for a person."""
    found = derived_values.winners(context.settled, key)
    return " and ".join(found[:3]) or "another source"


def _other(context: ServiceContext, row: keys.Annotation) -> str:
    """Why a key does nothing on this Service, for the keys that need something else beside them."""
    service, cluster = context.service, context.cluster
    internal = is_internal(service)
    if row == keys.INTERNAL_SUBNET and not internal:
        return 'a subnet is only used where azure-load-balancer-internal is exactly "true"'
    if row in _PUBLIC_ONLY and internal:
        return "an internal Service has no public IP"
    if row == keys.MODE and cluster.is_standard:
        return "only a Basic load balancer is chosen by availability set"
    if row == keys.HA_PORTS:
        return "HA ports need a Standard load balancer" if internal else "HA ports need an internal Service"
    if row == keys.DISABLE_TCP_RESET and all(port.protocol != TCP for port in service.ports):
        return "only TCP ports have a reset"
    if row.scope == keys.ACCESS:
        return _access(context, row)
    pls = (service.annotations.get(keys.PLS_CREATE) or "").strip().lower() == "true"
    if row.scope == keys.PRIVATE_LINK and row != keys.PLS_CREATE and not pls:
        return "azure-pls-create is not true, so there is no private link service"
    return ""
