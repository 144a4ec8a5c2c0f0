"""What Kubernetes itself does since some minor, the API server and kube-proxy: one row each, as the provider's have.

The rows of kube-proxy are what the lab measured, those of the API server are its validation.
"""

from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.named_tuple import NamedTuple


class KubernetesBehaviour(NamedTuple):
    """What Kubernetes does since a minor."""

    id: str
    minor: int
    summary: str

    @property
    def dates(self) -> str:
        """The minor since which it holds, for prose."""
        return f"1.{self.minor}"

    def holds(self, cluster: Cluster) -> bool:
        """Whether the Kubernetes of a cluster does it: its minor is the provider's."""
        return cluster.provider_version[:2] >= (1, self.minor)


MIXED_PROTOCOLS = KubernetesBehaviour(
    "mixed-protocols", 24, "a Service of type LoadBalancer may mix protocols: the gate MixedProtocolLBService is on"
)
LOAD_BALANCER_IP_DEPRECATED = KubernetesBehaviour("load-balancer-ip-deprecated", 24, "loadBalancerIP is deprecated")
TRAFFIC_DISTRIBUTION = KubernetesBehaviour(
    "traffic-distribution", 31, "spec.trafficDistribution is read: the gate ServiceTrafficDistribution is on"
)
RELAXED_NAMES = KubernetesBehaviour(
    "relaxed-names", 36, "the name of a Service may begin with a digit: the gate RelaxedServiceNameValidation is on"
)
STRICT_RANGES = KubernetesBehaviour(
    "strict-ranges", 36, "ranges are refused that are not written as they count: the gate StrictIPCIDRValidation is on"
)
INSIDE_FILTERED = KubernetesBehaviour(
    "inside-filtered", 25, "kube-proxy drops pods and nodes too that are in none of the ranges of a Service"
)
TERMINATING_ENDPOINTS = KubernetesBehaviour(
    "terminating-endpoints", 26, "pods that are being deleted get traffic while they serve, if no other is ready"
)
LIVE_PATH = KubernetesBehaviour("live-path", 28, "kube-proxy answers /livez")
NODE_DRAINING = KubernetesBehaviour("node-draining", 30, "kube-proxy answers 503 on nodes that are being deleted")
IP_MODE = KubernetesBehaviour("ip-mode", 30, "kube-proxy leaves an address alone whose ipMode is Proxy")
HEALTH_CHECK_BY_FAMILY = KubernetesBehaviour(
    "health-check-by-family", 36, "kube-proxy has a health check for each family of a Service, with iptables too"
)

ROWS = (
    MIXED_PROTOCOLS,
    LOAD_BALANCER_IP_DEPRECATED,
    TRAFFIC_DISTRIBUTION,
    RELAXED_NAMES,
    STRICT_RANGES,
    INSIDE_FILTERED,
    TERMINATING_ENDPOINTS,
    LIVE_PATH,
    NODE_DRAINING,
    IP_MODE,
    HEALTH_CHECK_BY_FAMILY,
)
