"""Kubernetes' API reference, of the fields of a Service that kube-proxy reads beside the provider."""

from kubectl_akslb.provider.errata import KUBERNETES
from tests.doc_claims.row import Row, Table, case
from tests.given.services import HEALTH_CHECK_NODE_PORT, local, service

BOTH = ("IPv4", "IPv6")
RANGES = ("10.0.0.0/8",)
WITHOUT_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
_PROBED = f"Http {HEALTH_CHECK_NODE_PORT} /healthz"

FIELDS = Table(KUBERNETES, "service-fields", "ServiceSpec", (
    Row(
        "load-balancer-source-ranges", "restricts what comes through the load balancer to these clients",
        (
            case(service(load_balancer_source_ranges=RANGES), allowed=RANGES),
            case(service(WITHOUT_FLOATING_IP, load_balancer_source_ranges=RANGES), allowed=RANGES, rules=("Tcp 80 to 30080",)),
        ), disagrees=("source-ranges-without-floating-ip",),
    ),
    Row(
        "health-check-node-port", "tells load balancers whether a node holds endpoints of the Service",
        (
            case(local(), probes=(_PROBED,)),
            case(local(ip_families=BOTH), probes=(_PROBED, _PROBED)),
        ), disagrees=("health-check-of-a-family",),
    ),
))  # fmt: skip

TABLES = (FIELDS,)
