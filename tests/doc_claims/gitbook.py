"""The Kubernetes guide on GitBook, page Troubleshooting: Azure: two tables that compare SKUs, and lists of causes."""

from typing import Any

from kubectl_akslb.model.cluster import BASIC, Cluster
from kubectl_akslb.provider.errata import GITBOOK
from tests.doc_claims.row import Row, Table, case
from tests.given.services import HEALTH_CHECK_NODE_PORT, local, on, port, service

HA_PORTS = {"azure-load-balancer-enable-high-availability-ports": "true"}
INTERNAL = {"azure-load-balancer-internal": "true"}


def _basic(**settings: Any) -> Cluster:
    return on(load_balancer_sku=BASIC, **settings)


LOAD_BALANCER = Table(GITBOOK, "load-balancer-skus", "Azure Load Balancing", (
    Row(
        "ha-ports", "not on Basic, available on Standard", (
            case(service({**INTERNAL, **HA_PORTS}, port(80), port(443)), rules=("All 0 to 0",)),
            case(service({**INTERNAL, **HA_PORTS}, port(80), port(443)), _basic(),
                 rules=("Tcp 80 to 80", "Tcp 443 to 443")),
            case(service(HA_PORTS, port(80), port(443)), rules=("Tcp 80 to 80", "Tcp 443 to 443")),
        ), disagrees=("ha-ports-on-standard",),
    ),
    Row(
        "zones", "zonal on Basic; zonal, zone-redundant and across zones on Standard", (
            case(service(INTERNAL), _basic(), sku="Basic"),
            case(service(), _basic(), public_ip_zones=(None,)),
            case(service(), public_ip_zones=(("1", "2", "3"),)),
        ), disagrees=("zones-on-basic",),
    ),
))  # fmt: skip

PUBLIC_IP = Table(GITBOOK, "public-ip-skus", "Azure Load Balancing", (
    Row(
        "zones", "zonal on Basic; zone-redundant by default, zonal if asked for on Standard", (
            case(service(), public_ip_zones=(("1", "2", "3"),), public_ip_skus=("Standard",)),
            case(service(), _basic(), public_ip_zones=(None,), public_ip_skus=(None,)),
            case(service(), on(zones=()), public_ip_zones=(None,)),
        ), disagrees=("zones-on-basic",),
    ),
))  # fmt: skip


UNREACHABLE = Table(GITBOOK, "unreachable", "Public IP of Load Balancer cannot be accessed", (
    Row("silent-pods", "some containers do not answer, and probes hit those too", (
        case(service(), probe="Tcp 30080"),
        case(local(), probe=f"Http {HEALTH_CHECK_NODE_PORT} /healthz"),
    ), disagrees=("probes-of-node-ports",)),
    Row("probe", "Azure probes node address and node port of the Service", (
        case(service({}, port(80), port(443)), probes=("Tcp 30080", "Tcp 30443")),
        case(local(), probe=f"Http {HEALTH_CHECK_NODE_PORT} /healthz"),
        case(service(), on(probe_mode="shared"), probe="Http 10256 /healthz"),
    ), disagrees=("probes-of-node-ports",)),
))  # fmt: skip


TABLES = (LOAD_BALANCER, PUBLIC_IP, UNREACHABLE)
