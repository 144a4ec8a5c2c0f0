"""What the hops of a path ask: every one the same value."""

from kubectl_akslb.derive.context import Context
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation


class PathContext(Context):
    """A Service on its cluster as packets meet it: with what is derived for it, and what is known beside it."""

    __slots__ = ("derivation", "evidence")

    def __init__(self, derivation: Derivation, cluster: Cluster, evidence: Evidence) -> None:
        super().__init__(derivation.service, cluster)
        self.derivation = derivation
        self.evidence = evidence

    def where(self, evidence: Evidence) -> "PathContext":
        """The same where something else is known."""
        return PathContext(self.derivation, self.cluster, evidence)
