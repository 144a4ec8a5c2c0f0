"""What stands in Azure against what Kubernetes makes of it: what the next reconcile puts right, and what it does not.

The state that az tells is reconciled once more, as the provider would do it. What changes then *reverts*: it is not as
the Services ask, and the provider compares it. What is not as they ask and stays all the same, *survives*.
What is named after no Service and stays is *foreign*; what the provider made for a Service, or for an address of one,
that is gone is *orphaned*, whether or not it stays.
What changes, and what the provider itself can have left so, is *unfinished*: nobody need have edited it.
Only what can be told is told: values that history decides, such as the priority of a rule, are compared with nothing.
"""

from collections.abc import Sequence

from kubectl_akslb.azure.resources import Resources
from kubectl_akslb.derive.reconcile import ignored
from kubectl_akslb.derive.service_gateway import check_not_served
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.plan.drift.cluster_resources import ClusterResources, as_seen
from kubectl_akslb.plan.drift.comparison import ReconcileComparison
from kubectl_akslb.plan.drift.difference import Drift, Fate, Unchecked
from kubectl_akslb.plan.drift.of_no_service import of_no_service
from kubectl_akslb.plan.drift.reverting import reverting
from kubectl_akslb.plan.drift.surviving import surviving
from kubectl_akslb.plan.drift.unchecked import unchecked


def drift(services: Sequence[Service], cluster: Cluster, resources: Resources, *, complete: bool) -> Drift:
    """Compare what stands with what *services* come to; *complete* says that the cluster has no others.

    AkslbError where the files do not say which load balancers are the cluster's.
    """
    check_not_served(cluster, "what drifts")
    assumed: list[Unchecked] = []
    asked = tuple(one for one in services if ignored(one) is None)
    known = tuple(one for one in asked if one.uid is not None)
    chosen = ClusterResources(resources, known, cluster)
    cluster = as_seen(cluster, chosen, assumed)
    compared = ReconcileComparison(known, cluster, chosen, complete=complete)
    found = [*reverting(compared), *surviving(compared), *of_no_service(compared)]
    order = {fate: index for index, fate in enumerate(Fate)}
    found.sort(key=lambda one: (order[one.fate], one.service, one.path, one.field))
    return Drift(asked, tuple(found), (*unchecked(compared, asked), *assumed), cluster)
