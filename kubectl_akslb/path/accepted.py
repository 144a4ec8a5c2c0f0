"""Whether the Service is taken at all: by the API server, by Azure's provider, and by Azure of what the provider sends."""

from collections.abc import Sequence

from kubectl_akslb.azure.refusals import AzureRefusal
from kubectl_akslb.derive.access import source_ranges_origin
from kubectl_akslb.derive.addresses import AddressError, parse_cidr
from kubectl_akslb.derive.precedence import annotation, spec
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.provenance import Origin
from kubectl_akslb.model.service import Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Confidence, Hop, HopName, Outcome, Reason, Remedy
from kubectl_akslb.provider import annotations as keys

_MIXED_PROTOCOLS = (1, 24)
"""MixedProtocolLBService is on from here; the API server of older minors refuses such a Service."""


def accepted_hop(derivation: Derivation, cluster: Cluster, refusals: Sequence[AzureRefusal] = ()) -> Hop:
    """Whether the Service is taken, by its manifest alone; *refusals* are Azure's, of what the provider sends."""
    if derivation.ignored is not None:
        reason = Reason(Cause.NOT_AZURE, {"because": derivation.ignored.value}, derivation.ignored.origin)
        return Hop(HopName.ACCEPTED, Outcome.DROP, Confidence.CERTAIN, (reason,))
    fault = api_server_fault(derivation.service, cluster)
    if fault is not None:
        return Hop(HopName.ACCEPTED, Outcome.DROP, Confidence.CERTAIN, (fault,))
    refusal = derivation.refusal
    if refusal is not None:
        facts = {"message": refusal.message, "stage": refusal.stage, "code": refusal.code.name}
        reason = Reason(Cause.REFUSED_BY_PROVIDER, facts, refusal.origin)
        remedy = Remedy(reason=Reason(Cause.REMEDY_OF_REFUSAL, facts, refusal.origin))
        return Hop(HopName.ACCEPTED, Outcome.DROP, Confidence.CERTAIN, (reason,), remedy)
    if refusals:
        return _by_azure(refusals)
    return Hop(HopName.ACCEPTED, Outcome.PASS, Confidence.CERTAIN, (Reason(Cause.ACCEPTED),))


def _by_azure(refusals: Sequence[AzureRefusal]) -> Hop:
    """What is documented or was seen decides; what is only inferred is a question."""
    raise NotImplementedError


def api_server_fault(service: Service, cluster: Cluster) -> Reason | None:
    """Why the API server refuses the Service, or None. Upstream: ValidateService of Kubernetes."""
    minor = cluster.provider_version[:2]
    protocols = dict.fromkeys(port.protocol for port in service.ports)
    if len(protocols) > 1 and minor < _MIXED_PROTOCOLS:
        facts: dict[str, object] = {"protocols": " and ".join(protocols), "minor": f"{minor[0]}.{minor[1]}"}
        other = next(port for port in service.ports if port.protocol != service.ports[0].protocol)
        return Reason(Cause.MIXED_PROTOCOLS, facts, spec(f"spec.ports[{other.index}].protocol", other.protocol))
    names = [port.name for port in service.ports]
    for port in service.ports:
        if len(service.ports) > 1 and (not port.name or names.count(port.name) > 1):
            cause = Cause.PORT_NAME_MISSING if not port.name else Cause.PORT_NAME_TWICE
            facts = {"port": port.port, "name": port.name}
            return Reason(cause, facts, spec(f"spec.ports[{port.index}].name", port.name or None))
    for origin, items in _ranges(service):
        for item in items:
            try:
                parse_cidr(item.strip())
            except AddressError:
                return Reason(Cause.NO_RANGE, {"item": item, "where": origin.path}, origin)
    return None


def _ranges(service: Service) -> list[tuple[Origin, tuple[str, ...]]]:
    """The ranges that the API server checks: those of the spec, else those of Kubernetes' own annotation."""
    if service.load_balancer_source_ranges:
        return [(source_ranges_origin(service), service.load_balancer_source_ranges)]
    own = annotation(service, keys.SOURCE_RANGES)
    return [(own, tuple(own.raw.split(",")))] if own.raw is not None and own.raw.strip() else []
