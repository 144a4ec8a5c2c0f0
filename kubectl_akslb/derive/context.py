"""What a reconcile is about: every function of the derivation asks the same value."""

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar, cast

from kubectl_akslb.derive.naming import Names, names
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import LOAD_BALANCER, Service

T = TypeVar("T")

_NOTHING_SAID = Service("", "", None, LOAD_BALANCER, {}, ())


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

    def of_fields(self, fields: tuple[str, ...], derive: "Callable[..., T]", *more: Hashable) -> T:  # noqa: ARG002 - what is shared asks for them
        """What *derive* makes of a context, and of *more*, where it asks the Service for these *fields* alone."""
        return derive(self, *more)


class Reconciliation(Context):
    """A Service that is being reconciled on what stands in Azure."""

    __slots__ = ("_known", "azure")

    def __init__(self, service: Service, cluster: Cluster, azure: Azure) -> None:
        super().__init__(service, cluster)
        self.azure = azure
        self._known = azure.of_equal_fields.of(cluster)

    def of(self, service: Service) -> "Reconciliation":
        """The same for another Service of the cluster, or for this one with other fields."""
        return Reconciliation(service, self.cluster, self.azure)

    def of_fields(self, fields: tuple[str, ...], derive: "Callable[..., T]", *more: Hashable) -> T:
        """The same, once for all Services of the cluster that are equal in these fields.

        What is kept is made of a Service that says nothing else, so that nothing else can have decided it. A refusal
        may name the Service, and is not kept.
        """
        values = {field: getattr(self.service, field) for field in fields}
        key = (derive, more, *(tuple(v.items()) if isinstance(v, (dict, Mapping)) else v for v in values.values()))
        if key not in self._known:
            try:
                self._known[key] = derive(Context(_NOTHING_SAID._replace(**values), self.cluster), *more)
            except Refused:
                return derive(self, *more)
        return cast("T", self._known[key])
