"""Annotations that are set and change nothing, and those that must not be called so."""

import pytest

from kubectl_akslb.derive.ineffective_annotations import ineffective_annotations
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import SHARED, Cluster
from kubectl_akslb.model.service import LOCAL, Service, ServicePort
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST

LATEST = str(NEWEST)


def because(annotations: dict[str, str], version: str = LATEST, policy: str = "Cluster", mode: str = "") -> list[str]:
    """What is said of the annotations, given without the prefix, on a Service with the ports 80 (http) and 443."""
    parsed = ProviderVersion.parse(version)
    cluster = Cluster(parsed, behaviours_of(parsed))
    cluster = cluster._replace(probe_mode=mode or cluster.probe_mode)
    service = Service(
        "web",
        "shop",
        None,
        "LoadBalancer",
        {PREFIX + key: value for key, value in annotations.items()},
        (
            ServicePort(0, "http", "TCP", 80, 30080, None, "http"),
            ServicePort(1, "https", "TCP", 443, 30443),
        ),
        external_traffic_policy=policy,
        health_check_node_port=32000,
        ip_families=("IPv4",),
    )
    return [left.because for left in ineffective_annotations(derive(service, cluster), cluster)]


@pytest.mark.parametrize(
    "annotations",
    [
        {},
        {"azure-load-balancer-internal": "false"},
        {"azure-load-balancer-health-probe-request-path": "/healthz"},
        {"port_443_health-probe_protocol": "tcp"},
        {"port_443_no_probe_rule": "true"},
        {"port_443_no_probe_rule": "false"},
        {"azure-load-balancer-health-probe-interval": "10", "port_80_health-probe_interval": "5"},
        {"azure-dns-label-name": ""},
        {"azure-pls-create": "false"},
    ],
    ids=lambda annotations: ", ".join(annotations) or "none",
)
def test_an_annotation_that_is_read_is_not_named(annotations: dict[str, str]) -> None:
    assert because(annotations) == []


@pytest.mark.parametrize(
    ("annotations", "reason"),
    [
        ({"azure-load-balancer-health-probe-requestpath": "/"}, "the provider reads no such annotation"),
        ({"port_x_health-probe_port": "80"}, "the provider reads no such annotation"),
        ({"port_81_health-probe_port": "80"}, "the Service has no port 81"),
        ({"azure-shared-securityrule": "true"}, "without effect since 1.29.0"),
        ({"port_443_health-probe_request-path": "/x"}, "no probe that it is for is an http(s) probe"),
    ],
    ids=["misspelt", "no number", "no such port", "retired", "a path for a Tcp probe"],
)
def test_an_annotation_that_changes_nothing(annotations: dict[str, str], reason: str) -> None:
    assert because(annotations) == [reason]


def test_one_of_a_later_release() -> None:
    key = "azure-disable-load-balancer-nsg-rule"
    assert because({key: "true"}, "1.36.1") == ["read since 1.35.6, 1.36.2, and this is 1.36.1"]
    assert because({key: "true"}, "1.36.2") == []


def test_one_that_every_port_shadows() -> None:
    annotations = {
        "azure-load-balancer-health-probe-protocol": "http",
        "port_80_health-probe_protocol": "tcp",
        "port_443_health-probe_protocol": "tcp",
    }
    assert because(annotations) == [f"shadowed by {PREFIX}port_80_health-probe_protocol"]


def test_under_local_only_what_the_health_check_reads_counts() -> None:
    annotations = {"port_80_health-probe_request-path": "/x", "azure-load-balancer-health-probe-interval": "10"}
    assert because(annotations, policy=LOCAL) == ["externalTrafficPolicy is Local: the node's health check is probed"]


def test_under_the_shared_probe_no_probe_annotation_counts() -> None:
    assert because({"port_80_health-probe_protocol": "tcp"}, mode=SHARED) == [
        "all Services of the cluster share one probe"
    ]


def test_nothing_is_said_of_a_service_that_is_refused() -> None:
    assert because({"azure-load-balancer-health-probe-interval": "1", "nonsense": "x"}) == []
