"""What a reconcile is about: every function of the derivation asks the same value."""

from kubectl_akslb.derive.naming import Names, names
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service


class Context:
    """A Service on a cluster: what values are derived from where nothing else in Azure matters."""

    __slots__ = ("_names", "cluster", "has", "service")

    def __init__(self, service: Service, cluster: Cluster) -> None:
        self.service = service
        self.cluster = cluster
        #: Whether the provider of the cluster has a dated behaviour; it is asked more often than anything else.
        self.has = cluster.behaviours.__contains__
        self._names: Names | None = None

    @property
    def names(self) -> Names:
        """What all names of the Service are made of."""
        if self._names is None:
            self._names = names(self.service, self.cluster)
        return self._names

    def of(self, service: Service) -> "Context":
        """The same for another Service of the cluster, or for this one with other fields."""
        return Context(service, self.cluster)


class Reconciliation(Context):
    """A Service that is being reconciled on what stands in Azure."""

    __slots__ = ("azure",)

    def __init__(self, service: Service, cluster: Cluster, azure: Azure) -> None:
        super().__init__(service, cluster)
        self.azure = azure

    def of(self, service: Service) -> "Reconciliation":
        """The same for another Service of the cluster, or for this one with other fields."""
        return Reconciliation(service, self.cluster, self.azure)
