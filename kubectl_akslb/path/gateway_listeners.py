"""Which ports a gateway of Istio opens: those that a server of one of its Gateways names, and no other.

A server names the number of the Service's port, or that of the port behind it. Where no Gateway of these pods is known,
nothing is said. Upstream: istio's pilot/pkg/model/gateway.go, mergeGateways.
"""

from collections.abc import Iterator, Mapping

from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.objects import Object, mapping, mappings, name_of, text, texts
from kubectl_akslb.evidence.workloads import lasting
from kubectl_akslb.model.command import kubectl
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.ports import container_numbers
from kubectl_akslb.provider.workloads import ISTIO_GATEWAY, Workload

_GROUP = "networking.istio.io"
_STATUS_PORTS = frozenset({15020, 15021, 15090})
"""Open whatever the Gateways say."""


def closed_hop(evidence: Evidence, port: ServicePort, workload: Workload | None) -> Hop | None:
    """A port that no Gateway opens; None where one does, or where none is known."""
    if workload is None or workload.name != ISTIO_GATEWAY:
        return None
    pods = _labels(evidence)
    gateways = [one for one in evidence.objects.of("Gateway") if _is_istios(one)]
    own = [one for one in gateways if pods and all(_selects(one, labels) for labels in pods)]
    if not own:
        return None
    possible = [one for one in gateways if any(_may_select(one, labels) for labels in pods)]
    others = [one for one in evidence.objects.of("Gateway") if not _is_istios(one)]
    opened = {number for one in (*possible, *others) for number in _numbers(one)}
    if not opened.isdisjoint(_asked(evidence, port)) or not _STATUS_PORTS.isdisjoint(_asked(evidence, port)):
        return None
    facts = {"port": port.port, "gateways": tuple(map(name_of, own)), "opened": tuple(sorted(opened))}
    verify = kubectl("get", f"gateways.{_GROUP}", "--all-namespaces", "--output=yaml")
    reason = Reason(Cause.GATEWAY_OPENS_NO_PORT, facts)
    return Hop(HopName.POD, Outcome.DEPENDS, Confidence.DOCUMENTED, (reason,), verify=verify)


def _is_istios(gateway: Object) -> bool:
    return text(gateway.get("apiVersion")).startswith(f"{_GROUP}/")


def _labels(evidence: Evidence) -> list[Mapping[str, str]]:
    return [one.labels for one in evidence.running or lasting(evidence.pods or ())]


def _selects(gateway: Object, labels: Mapping[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in _selector(gateway).items())


def _may_select(gateway: Object, labels: Mapping[str, str]) -> bool:
    """Whether it may be about pods that have more labels than are known."""
    return all(labels.get(key, value) == value for key, value in _selector(gateway).items())


def _selector(gateway: Object) -> Mapping[str, str]:
    return texts(mapping(gateway.get("spec")).get("selector"))


def _numbers(gateway: Object) -> Iterator[int]:
    """The ports of its servers, or of the listeners of a Gateway of Kubernetes' own kind."""
    spec = mapping(gateway.get("spec"))
    found = (
        *(mapping(one.get("port")).get("number") for one in mappings(spec.get("servers"))),
        *(one.get("port") for one in mappings(spec.get("listeners"))),
    )
    return (number for number in found if isinstance(number, int))


def _asked(evidence: Evidence, port: ServicePort) -> set[int]:
    """The numbers by which a server may mean the port."""
    pods = evidence.running or lasting(evidence.pods or ())
    behind = (number for one in pods for number in container_numbers(one.containers, port))
    return {port.port, *behind, *([port.target_port] if isinstance(port.target_port, int) else ())}
