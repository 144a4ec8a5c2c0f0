"""The paths of Services on one state of Azure, as explain judges them."""

from functools import cached_property

from kubectl_akslb.azure.dated_deviations import DeviationsByService
from kubectl_akslb.azure.refusals import Sent
from kubectl_akslb.derive.reconcile import Reconciled
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.verdict import Path
from kubectl_akslb.path.walk import walk


class Walked:
    """What is derived of Services, with what Azure refuses of it and what stands otherwise than asked."""

    def __init__(self, outcome: Reconciled, cluster: Cluster) -> None:
        self._outcome, self._cluster = outcome, cluster

    @cached_property
    def sent(self) -> Sent:
        """What is sent to Azure."""
        return Sent(self._outcome.azure, self._cluster)

    @cached_property
    def deviations(self) -> DeviationsByService:
        """What stands otherwise than a Service asks."""
        return DeviationsByService(self._outcome, self._cluster)

    def path(self, one: Derivation, evidence: Evidence) -> Path:
        """The path of one of the Services, but for the releases that show what stands otherwise than asked."""
        deviations = self.deviations.of(one.service.full_name)
        return walk(PathContext(one, self._cluster, evidence), self.sent.refusals(one), deviations)

    def dated_path(self, one: Derivation, evidence: Evidence) -> Path:
        """The path of one of the Services as it is shown, which takes far longer where something has to be dated."""
        deviations = self.deviations.dated(one.service.full_name)
        return walk(PathContext(one, self._cluster, evidence), self.sent.refusals(one), deviations)

    def has_dates(self, one: Derivation) -> bool:
        """Whether the path says more where it is dated."""
        return bool(self.deviations.of(one.service.full_name))
