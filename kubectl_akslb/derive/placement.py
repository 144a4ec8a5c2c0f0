"""Which load balancer a Service is put on. Upstream: getAzureLoadBalancerName."""

from kubectl_akslb.derive.azure import Azure
from kubectl_akslb.derive.naming import load_balancer_name
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.model.service import Service


def place(service: Service, cluster: Cluster, azure: Azure) -> Derived[str]:  # noqa: ARG001 - multiple load balancers
    """The name of the load balancer that the Service is put on."""
    return load_balancer_name(service, cluster)
