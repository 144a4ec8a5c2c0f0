"""The notes about documents: when they show, and when they must not."""

import pytest

from kubectl_akslb.model.cluster import BASIC, Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import errata
from kubectl_akslb.provider.annotations import ANNOTATIONS
from kubectl_akslb.provider.errata import ERRATA, errata_of
from tests.given.services import local, on, port, service, udp

PATHS = {errata.SOURCE_RANGES, errata.APP_PROTOCOL, errata.PROTOCOL, errata.TRAFFIC_POLICY, errata.HEALTH_CHECK}
SETTINGS = {errata.PROBE_MODE, errata.SHARED_PROBE_PORT, errata.SKU, "allocatedOutboundPorts"}
KNOWN = {row.identifier: row for row in ERRATA}

QUIET = [
    ("idle timeout within both limits", service({"azure-load-balancer-tcp-idle-timeout": "30"}), on()),
    ("idle timeout that the provider refuses too", service({"azure-load-balancer-tcp-idle-timeout": "101"}), on()),
    ("idle timeout of 31 before 1.27.7", service({"azure-load-balancer-tcp-idle-timeout": "31"}), on("1.27.6")),
    ("idle timeout that is no number", service({"azure-load-balancer-tcp-idle-timeout": "\u0664"}), on()),
    ("shared rule where it still counts", service({"azure-shared-securityrule": "true"}), on("1.28.14")),
    ("source ranges alone", service(load_balancer_source_ranges=("10.0.0.0/8",)), on()),
    ("source ranges that are no matter of floating IP", service(
        {"azure-disable-load-balancer-floating-ip": "false"}, load_balancer_source_ranges=("10.0.0.0/8",)), on()),
    ("service tags alone", service({"azure-allowed-service-tags": "AzureCloud"}), on()),
    ("no_lb_rule that is false", service({"port_80_no_lb_rule": "false"}), on()),
    ("no_lb_rule of another port", service({"port_81_no_lb_rule": "true"}), on()),
    ("appProtocol http today", service({}, port(80, "http")), on()),
    ("appProtocol http on 1.23.11", service({}, port(80, "http")), on("1.23.11")),
    ("appProtocol http with a path on 1.24", service(
        {"azure-load-balancer-health-probe-request-path": "/up"}, port(80, "http")), on("1.24.22")),
    ("appProtocol http on Basic", service({}, port(80, "http")), on(load_balancer_sku=BASIC, zones=None)),
    ("unknown appProtocol today", service({}, port(80, "grpc")), on()),
    ("UDP today", service({}, udp()), on()),
    ("probe port that is a port of the Service", service({"port_80_health-probe_port": "80"}), on("1.27.0")),
    ("probe port by name", service({"port_80_health-probe_port": "http"}, port(80, name="http")), on("1.27.0")),
    ("path with appProtocol http", service(
        {"azure-load-balancer-health-probe-request-path": "/up"}, port(80, "http")), on()),
    ("HA ports of an internal Service", service({
        "azure-load-balancer-internal": "true", "azure-load-balancer-enable-high-availability-ports": "true"}), on()),
    ("service node ports by default", service({}, port(80), port(443)), on()),
    ("type ClusterIP", local(type="ClusterIP"), on()),
    ("loadBalancerClass", local(load_balancer_class="example.com/other"), on()),
]  # fmt: skip


@pytest.mark.parametrize(("given", "cluster"), [pytest.param(s, c, id=name) for name, s, c in QUIET])
def test_quiet(given: Service, cluster: Cluster) -> None:
    assert errata_of(given, cluster) == ()


def test_shared_probe_of_aks_is_no_erratum() -> None:
    shared = on(probe_mode="shared", shared_probe_port=10356)
    assert [row.identifier for row in errata_of(service(), shared)] == ["probes-of-node-ports"]


def test_local_service_raises_only_the_old_guide() -> None:
    assert [row.identifier for row in errata_of(local(), on())] == ["probes-of-node-ports"]


@pytest.mark.parametrize("identifier", KNOWN)
def test_subject_is_known(identifier: str) -> None:
    assert KNOWN[identifier].subject in {*ANNOTATIONS, *PATHS, *SETTINGS}


@pytest.mark.parametrize("identifier", KNOWN)
def test_note_reads_as_a_sentence(identifier: str) -> None:
    row = KNOWN[identifier]
    for document in row.documents:
        assert document.title in row.note
    assert row.note.endswith(f"{row.says}; the provider {row.does}")
    assert not row.note.endswith(".")


def test_note() -> None:
    assert KNOWN["shared-security-rule"].note == (
        'Microsoft\'s page "Configure a public standard load balancer in Azure Kubernetes Service (AKS)" says that it'
        " exposes the Service through a shared security rule; the provider shares all security rules since 1.29.0 and no"
        " longer acts on the annotation"
    )


def test_identifiers_are_unique() -> None:
    assert len(KNOWN) == len(ERRATA)
