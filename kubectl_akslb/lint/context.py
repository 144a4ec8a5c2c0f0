"""What a rule sees: one Service with everything that was derived for it, and what stands beside it in the file."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from kubectl_akslb.azure.deviations import Deviation
from kubectl_akslb.azure.refusals import AzureRefusal, Sent
from kubectl_akslb.derive import derived_values
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.evidence import Evidence, Pods
from kubectl_akslb.evidence.workloads import WORKLOAD_KINDS, node_ports
from kubectl_akslb.lint.stream import Stream
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.manifest.load import FoundObject, FoundService
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation, Refusal
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import ANNOTATION
from kubectl_akslb.model.service import Service, ServicePort
from kubectl_akslb.path.choice import DEFAULT_CHOICE, Choice
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.remedy import Proposal, probe_remedy, probed_port
from kubectl_akslb.path.verdict import ClientGroup, ClientPath, Path, PortPath, VerdictKind
from kubectl_akslb.path.walk import clients, deciding, port_paths, walk
from kubectl_akslb.provider.workloads import Workload, recognise

SOURCE_RANGES = "spec.loadBalancerSourceRanges"
_MAX_REFUSALS = 20


class ServiceContext:
    """One Service of type LoadBalancer.

    *service* has the API server's defaults. *derivation* is what the provider builds, or how far it gets. *settled* is
    what it would build if nothing were refused: without the annotations and fields that are in *refusals*, so that one
    fault does not hide the others.
    """

    def __init__(
        self,
        found: FoundService,
        derivation: Derivation,
        sent: Sent,
        stream: Stream,
        evidence: Evidence,
        path: Path | None = None,
        choice: Choice = DEFAULT_CHOICE,
        deviations: Sequence[Deviation] = (),
    ) -> None:
        self.evidence = evidence
        self.deviations = tuple(deviations)
        self.choice = choice
        self.found = found
        self.derivation = derivation
        self.sent = sent
        self.cluster = sent.cluster
        self.stream = stream
        self.service = derivation.service
        self.settled, self.refusals = _settle(derivation, sent.cluster)
        self._path = path

    @property
    def handled(self) -> bool:
        """Whether Azure's provider acts on the Service at all."""
        return self.derivation.ignored is None

    @cached_property
    def asked(self) -> Context:
        """The Service on its cluster, as functions of the derivation and of the path take it."""
        return Context(self.service, self.cluster)

    @property
    def text(self) -> str:
        """The text of the document, as edits count in it."""
        return self.found.text.text

    def annotation(self, key: str) -> str | None:
        """The value of an annotation; None where it is missing."""
        return self.service.annotations.get(key)

    def refused(self, rule: str) -> tuple[Refusal, ...]:
        """The refusals that the rule of this id explains."""
        return tuple(refusal for refusal in self.refusals if refusal.code.rule == rule)

    def refused_by_azure(self, rule: str) -> Iterator[AzureRefusal]:
        """What Azure refuses of what would be sent if the provider refused nothing, as far as this rule explains it."""
        return (one for one in self._azure if one.rule == rule)

    @cached_property
    def _azure(self) -> tuple[AzureRefusal, ...]:
        return self.sent.refusals(self.settled)

    # What was derived ------------------------------------------------------------------------------------------

    @cached_property
    def path(self) -> Path:
        """The path of the Service's packets, and the verdict."""
        if self._path is not None:
            return self._path
        refusals = self.sent.refusals(self.derivation)
        return walk(PathContext(self.derivation, self.cluster, self.evidence), refusals, self.deviations)

    @property
    def _unrefused(self) -> PathContext:
        return PathContext(self.settled, self.cluster, self.evidence)

    @cached_property
    def port_paths(self) -> tuple[PortPath, ...]:
        """The hops of each port, as if nothing were refused."""
        same = self.settled is self.derivation and self.path.ports
        return self.path.ports if same else port_paths(self._unrefused)

    @cached_property
    def clients(self) -> tuple[ClientPath, ...]:
        """Who can reach the Service, as if nothing were refused."""
        same = self.settled is self.derivation and self.path.clients
        return self.path.clients if same else clients(self._unrefused, self.deviations)

    def lets_in(self, group: ClientGroup) -> bool:
        """Whether a group of clients gets in, all of it: nobody does as long as the Service gets no address."""
        if self.path.verdict.kind is VerdictKind.PENDING and not self.evidence.addresses:
            return False
        return any(one.group is group and deciding(one).outcome is Outcome.PASS for one in self.clients)

    @property
    def rules(self) -> tuple[LoadBalancingRule, ...]:
        """The load-balancing rules, one a port and IP family, or the one of HA ports."""
        return self.settled.load_balancing_rules

    @cached_property
    def probed(self) -> tuple[tuple[ServicePort, Probe, Hop], ...]:
        """Each port that is probed, once, with its probe and what answers it; of HA ports the first TCP port."""
        found: dict[int, tuple[ServicePort, Probe, Hop]] = {}
        for one in self.port_paths:
            port = probed_port(self.settled.service, one.rule)
            if port is not None and one.probe is not None and port.index not in found:
                found[port.index] = (port, one.probe, one.hop(HopName.PROBE))
        return tuple(found.values())

    @cached_property
    def effective(self) -> frozenset[str]:
        """The annotations that decided something."""
        return derived_values.origins(self.settled)

    @cached_property
    def considered(self) -> frozenset[str]:
        """The annotations that were looked at for some value."""
        return derived_values.considered(self.settled)

    @cached_property
    def _alone(self) -> dict[derived_values.Path, object]:
        return derived_values.values(derive(self.settled.service, self.cluster))

    def is_without_effect(self, *keys: str) -> bool:
        """Whether nothing at all would change without the annotations *keys*."""
        if any(key in self.effective for key in keys) or any(r.origin.path in keys for r in self.refusals):
            return False
        kept = {name: value for name, value in self.settled.service.annotations.items() if name not in keys}
        without = self.settled.service._replace(annotations=kept)
        return self._alone == derived_values.values(derive(without, self.cluster))

    # What stands beside it -------------------------------------------------------------------------------------

    @cached_property
    def pods(self) -> tuple[Pods, ...]:
        """The pods in the same file that the selector matches."""
        return self.evidence.pods or ()

    @cached_property
    def workload(self) -> Workload | None:
        """The known workload behind the Service, by its labels, its selector or the images of its pods."""
        images = tuple(image for pods in self.pods for image in pods.images)
        return recognise(self.service.labels, self.service.selector, images, self.service.ports)

    @cached_property
    def proposal(self) -> Proposal:
        """What makes http(s) probes pass that fail or are not proven."""
        return probe_remedy(self.found.service, self.cluster, self.evidence, self.choice)

    @cached_property
    def node_ports(self) -> frozenset[int]:
        """The ports that workloads of the same file open on the node."""
        return node_ports(one.data for one in self.stream.related if one.kind in WORKLOAD_KINDS)

    def related(self, *kinds: str) -> Iterator[FoundObject]:
        """The objects of these kinds in the same file."""
        return (one for one in self.stream.related if one.kind in kinds)


def _settle(derivation: Derivation, cluster: Cluster) -> tuple[Derivation, tuple[Refusal, ...]]:
    """Take out what is refused until nothing is, or until it cannot be taken out."""
    refusals: list[Refusal] = []
    current = derivation
    while current.refusal is not None and len(refusals) < _MAX_REFUSALS:
        refusals.append(current.refusal)
        rest = _without(current.service, current.refusal)
        if rest is None:
            break
        current = derive(rest, cluster)
    return current, tuple(refusals)


def _without(service: Service, refusal: Refusal) -> Service | None:
    origin = refusal.origin
    if origin.kind == ANNOTATION and origin.path in service.annotations:
        kept = {key: value for key, value in service.annotations.items() if key != origin.path}
        return service._replace(annotations=kept)
    if origin.path == SOURCE_RANGES and service.load_balancer_source_ranges:
        return service._replace(load_balancer_source_ranges=())
    if origin.path == "spec.loadBalancerIP" and service.load_balancer_ip:
        return service._replace(load_balancer_ip="")
    return None


def defaulted(found: FoundService) -> Service:
    """The Service as the API server would store it."""
    return with_defaults(found.service)
