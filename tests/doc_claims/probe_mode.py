"""Microsoft's page on troubleshooting the health probe mode. It has no table; its lists are taken row by row."""

from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.model.cluster import BASIC, SERVICE_NODE_PORT
from kubectl_akslb.provider.errata import PROBE_MODE_GUIDE
from tests.doc_claims.row import LIST, PROSE, Check, Row, Table, built, case
from tests.given.services import HEALTH_CHECK_NODE_PORT, local, on, port, service, udp

SHARED_PROBE = "Http 10256 /healthz"
SHARED_NAME = "cluster-service-shared-health-probe"


def _probe_count(mode: str) -> int:
    """The probes of two Services with one port each, on one load balancer."""
    other = service(name="api", uid="00000000-0000-4000-8000-000000000002")
    balancers = derive_all([service(), other], on(probe_mode=mode)).azure.load_balancers
    return sum(len(balancer.probes) for balancer in balancers.values())


def _probe_of_local(mode: str) -> object:
    return built(local(), on(probe_mode=mode))["probe"]


MODES = Table(PROBE_MODE_GUIDE, "modes", "Introduction", LIST, (
    Row(
        "shared", "one probe for all Services with externalTrafficPolicy Cluster on a load balancer",
        (case(service({}, port(80), port(443)), on(probe_mode="Shared"), probes=(SHARED_PROBE,) * 2,
              probe_names=(SHARED_NAME,)),),
        (
            Check("probes of two Services", 1, lambda: _probe_count("Shared")),
            Check("a Local Service keeps its own", f"Http {HEALTH_CHECK_NODE_PORT} /healthz",
                  lambda: _probe_of_local("Shared")),
        ),
    ),
    Row(
        "service-node-port", "one probe for each Service",
        (case(service({}, port(80), port(443), udp()), on(probe_mode="ServiceNodePort"),
              probes=("Tcp 30080", "Tcp 30443", "none")),),
        (Check("probes of two Services", 2, lambda: _probe_count("ServiceNodePort")),),
        disagrees=("probe-for-each-service",),
    ),
))  # fmt: skip

_BY_AKS = "AKS decides it before the provider gets its configuration"

CAUSES = Table(PROBE_MODE_GUIDE, "causes", "Cause 1 to 5", LIST, (
    Row(
        "other-mode", "a mode other than Shared and ServiceNodePort does not work",
        (case(service(), on(probe_mode="Combined"), probe="Tcp 30080"),
         case(service(), on(probe_mode="SHARED"), probe=SHARED_PROBE)),
        disagrees=("probe-mode-unknown",),
    ),
    Row(
        "toggle", "the AKS team may have turned the feature off",
        checks=(Check("without the setting", SERVICE_NODE_PORT, lambda: on().probe_mode),), not_derived=_BY_AKS,
    ),
    Row(
        "basic-sku", "it works with Standard only",
        (case(service(), on(probe_mode="shared", load_balancer_sku=BASIC), probe=SHARED_PROBE),
         case(service(), on(probe_mode="shared"), probe=SHARED_PROBE)),
        disagrees=("probe-mode-on-basic",),
    ),
    Row(
        "registration", "the feature must be registered for the subscription",
        checks=(Check("without the setting", SERVICE_NODE_PORT, lambda: on().probe_mode),), not_derived=_BY_AKS,
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

KNOWN_ISSUES = Table(PROBE_MODE_GUIDE, "known-issues", "Known issues", PROSE, (
    Row(
        "windows", "on Windows kube-proxy does not answer until the first pod runs, so the node counts as down",
        (case(service(), on(probe_mode="shared"), probe=SHARED_PROBE),
         case(service({"port_80_no_probe_rule": "true"}), on(probe_mode="shared"), probe="none")),
        not_derived="it is the node that does not answer; the probe is the same for all nodes",
    ),
))  # fmt: skip

COMMANDS = Table(PROBE_MODE_GUIDE, "commands", "How to enable the health probe mode feature using the Azure CLI", LIST, (
    Row("shared", "the flag with Shared turns it on", (case(service(), on(probe_mode="Shared"), probe=SHARED_PROBE),)),
    Row(
        "service-node-port", "ServiceNodePort is the default",
        (case(service(), on(probe_mode="ServiceNodePort"), probe="Tcp 30080"), case(service(), probe="Tcp 30080")),
    ),
))  # fmt: skip

UPSTREAM_AND_AKS = Table(
    PROBE_MODE_GUIDE, "upstream-and-aks", "Differences when using the feature in upstream Kubernetes and AKS", PROSE, (
        Row(
            "port", "a sidecar listens on 10356 and forwards to kube-proxy on 10256",
            (case(service(), on(probe_mode="shared"), probe=SHARED_PROBE),
             case(service(), on(probe_mode="shared", shared_probe_port=10356), probe="Http 10356 /healthz")),
            disagrees=("shared-probe-port",),
        ),
    ),
)  # fmt: skip

TABLES = (MODES, CAUSES, KNOWN_ISSUES, COMMANDS, UPSTREAM_AND_AKS)
