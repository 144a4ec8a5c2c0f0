"""The paths of Services on one state of Azure, as explain judges them."""

from functools import cached_property

from kubectl_akslb.azure.dated_deviations import DeviationsByService
from kubectl_akslb.azure.refusals import AzureRefusal, Sent
from kubectl_akslb.derive.reconcile import Reconciled
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.path.accepted import accepted_hop
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop
from kubectl_akslb.path.verdict import Path
from kubectl_akslb.path.walk import walk


class Walked:
    """What is derived of Services, with what Azure refuses of it and what stands otherwise than asked."""

    def __init__(self, outcome: Reconciled, cluster: Cluster) -> None:
        self._outcome, self._cluster = outcome, cluster
        self._refused: tuple[Derivation, tuple[AzureRefusal, ...]] | None = None

    @cached_property
    def sent(self) -> Sent:
        """What is sent to Azure."""
        return Sent(self._outcome.azure, self._cluster)

    @cached_property
    def deviations(self) -> DeviationsByService:
        """What stands otherwise than a Service asks."""
        return DeviationsByService(self._outcome, self._cluster)

    def accepted(self, one: Derivation, evidence: Evidence) -> Hop:
        """Whether the provider and Azure take one of the Services: where its path begins."""
        return accepted_hop(PathContext(one, self._cluster, evidence), self._refusals(one))

    def path(self, one: Derivation, evidence: Evidence) -> Path:
        """The path of one of the Services, but for the releases that show what stands otherwise than asked."""
        deviations = self.deviations.of(one.service.full_name)
        return walk(PathContext(one, self._cluster, evidence), self._refusals(one), deviations)

    def dated_path(self, one: Derivation, evidence: Evidence) -> Path:
        """The path of one of the Services as it is shown, which takes far longer where something has to be dated."""
        deviations = self.deviations.dated(one.service.full_name)
        return walk(PathContext(one, self._cluster, evidence), self._refusals(one), deviations)

    def deviates(self, one: Derivation) -> bool:
        """Whether something of a Service stands otherwise than it asks."""
        return bool(self.deviations.of(one.service.full_name))

    def _refusals(self, one: Derivation) -> tuple[AzureRefusal, ...]:
        """What Azure refuses of a Service, looked at once for its first hop and its whole path."""
        if self._refused is None or self._refused[0] is not one:
            self._refused = one, self.sent.refusals(one)
        return self._refused[1]
