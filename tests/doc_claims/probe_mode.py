"""Microsoft's page on troubleshooting the health probe mode. It has no table; its lists are taken row by row."""

from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.model.cluster import BASIC
from kubectl_akslb.provider.errata import PROBE_MODE_GUIDE
from tests.doc_claims.row import Check, Row, Table, case
from tests.given.services import on, port, service, udp

SHARED_PROBE = "Http 10256 /healthz"


def _probe_count(mode: str) -> int:
    """The probes of two Services with one port each, on one load balancer."""
    other = service(name="api", uid="00000000-0000-4000-8000-000000000002")
    balancers = derive_all([service(), other], on(probe_mode=mode)).azure.load_balancers
    return sum(len(balancer.probes) for balancer in balancers.values())


MODES = Table(PROBE_MODE_GUIDE, "modes", "Introduction", (
    Row(
        "service-node-port", "one probe for each Service",
        (case(service({}, port(80), port(443), udp()), on(probe_mode="ServiceNodePort"),
              probes=("Tcp 30080", "Tcp 30443", "none")),),
        (Check("probes of two Services", 2, lambda: _probe_count("ServiceNodePort")),),
        disagrees=("probe-for-each-service",),
    ),
))  # fmt: skip


CAUSES = Table(PROBE_MODE_GUIDE, "causes", "Cause 1 to 5", (
    Row(
        "other-mode", "a mode other than Shared and ServiceNodePort does not work",
        (case(service(), on(probe_mode="Combined"), probe="Tcp 30080"),
         case(service(), on(probe_mode="SHARED"), probe=SHARED_PROBE)),
        disagrees=("probe-mode-unknown",),
    ),
    Row(
        "basic-sku", "it works with Standard only",
        (case(service(), on(probe_mode="shared", load_balancer_sku=BASIC), probe=SHARED_PROBE),
         case(service(), on(probe_mode="shared"), probe=SHARED_PROBE)),
        disagrees=("probe-mode-on-basic",),
    ),
    Row(
        "version", "Kubernetes 1.28.0 or later",
        tuple(
            case(service(), on(version, probe_mode="shared"), probe=probe)
            for version, probe in (
                ("1.27.21", "Tcp 30080"), ("1.28.0", "Tcp 30080"), ("1.28.4", "Tcp 30080"),
                ("1.28.5", SHARED_PROBE), ("1.29.0", SHARED_PROBE),
            )
        ),
        disagrees=("probe-mode-from-1.28.0",),
    ),
))  # fmt: skip


UPSTREAM_AND_AKS = Table(
    PROBE_MODE_GUIDE, "upstream-and-aks", "Differences when using the feature in upstream Kubernetes and AKS", (
        Row(
            "port", "a sidecar listens on 10356 and forwards to kube-proxy on 10256",
            (case(service(), on(probe_mode="shared"), probe=SHARED_PROBE),
             case(service(), on(probe_mode="shared", shared_probe_port=10356), probe="Http 10356 /healthz")),
            disagrees=("shared-probe-port",),
        ),
    ),
)  # fmt: skip

TABLES = (MODES, CAUSES, UPSTREAM_AND_AKS)
