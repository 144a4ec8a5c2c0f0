"""The paths of Services on one state of Azure, as explain judges them."""

from collections.abc import Mapping
from functools import cached_property

from kubectl_akslb.azure.dated_deviations import by_service
from kubectl_akslb.azure.deviations import Deviation
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
    def deviations(self) -> Mapping[str, tuple[Deviation, ...]]:
        """What stands otherwise than a Service asks, by its full name."""
        return by_service(self._outcome, self._cluster)

    def path(self, one: Derivation, evidence: Evidence) -> Path:
        """The path of one of the Services."""
        deviations = self.deviations.get(one.service.full_name, ())
        return walk(PathContext(one, self._cluster, evidence), self.sent.refusals(one), deviations)
