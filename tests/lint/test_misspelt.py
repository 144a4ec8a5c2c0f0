"""Which annotation a key means: a table of what people write."""

import pytest

from kubectl_akslb.lint.misspelt import meant
from kubectl_akslb.lint.spelling import edits, fewest_edits
from kubectl_akslb.provider.annotations import ANNOTATIONS, PREFIX, PortAnnotation

MEANT = [
    ("service.kubernetes.io/azure-load-balancer-internal", "azure-load-balancer-internal"),
    ("service.alpha.kubernetes.io/azure-load-balancer-internal", "azure-load-balancer-internal"),
    ("azure-load-balancer-internal", "azure-load-balancer-internal"),
    ("service.beta.kubernetes.io/azure-load-balancer-Internal", "azure-load-balancer-internal"),
    ("service.beta.kuberentes.io/azure-load-balancer-internal", "azure-load-balancer-internal"),
    (PREFIX + "azure_load_balancer_internal", "azure-load-balancer-internal"),
    (PREFIX + "azure-loadbalancer-internal", "azure-load-balancer-internal"),
    (PREFIX + "azure-load-balancer-internl", "azure-load-balancer-internal"),
    (PREFIX + "azure-load-balancer-internal-subet", "azure-load-balancer-internal-subnet"),
    (PREFIX + "azure-load-balancer-health-probe-path", "azure-load-balancer-health-probe-request-path"),
    (PREFIX + "azure-load-balancer-health-probe-requestpath", "azure-load-balancer-health-probe-request-path"),
    (PREFIX + "load-balancer-health-probe-num-of-probe", "azure-load-balancer-health-probe-num-of-probe"),
    (PREFIX + "azure-load-balancer-health-probe-num-of-probes", "azure-load-balancer-health-probe-num-of-probe"),
    (PREFIX + "azure-load-balancer-source-ranges", "azure-allowed-ip-ranges"),
    (PREFIX + "azure-allowed-ip-range", "azure-allowed-ip-ranges"),
    (PREFIX + "azure-dns-label", ""),
    (PREFIX + "azure-dns-label-nam", "azure-dns-label-name"),
    (PREFIX + "port_80_health-probe-request-path", "port_80_health-probe_request-path"),
    (PREFIX + "port-443-health-probe-protocol", "port_443_health-probe_protocol"),
    (PREFIX + "port_80_health_probe_port", "port_80_health-probe_port"),
    (PREFIX + "port_80_health-probe_path", "port_80_health-probe_request-path"),
    (PREFIX + "port_80_no_lb_rules", "port_80_no_lb_rule"),
    (PREFIX + "port_80_no-probe-rule", "port_80_no_probe_rule"),
    ("service.kubernetes.io/port_80_health-probe_protocol", "port_80_health-probe_protocol"),
    # Not ours
    (PREFIX + "aws-load-balancer-internal", ""),
    (PREFIX + "aws-load-balancer-type", ""),
    (PREFIX + "openstack-internal-load-balancer", ""),
    (PREFIX + "azure-something-else-entirely", ""),
    (PREFIX + "port_80_tls", ""),
    (PREFIX + "load-balancer-type", ""),
    ("example.com/azure-load-balancer-internal", ""),
    ("azure.workload.identity/client-id", ""),
    ("load-balancer-internal", ""),
    ("kubernetes.azure.com/tls-cert-keyvault-uri", ""),
    ("", ""),
    ("/", ""),
]


@pytest.mark.parametrize(("key", "wanted"), MEANT)
def test_meant(key: str, wanted: str) -> None:
    assert (PREFIX + wanted if wanted else "") == meant(key)


@pytest.mark.parametrize("row", ANNOTATIONS)
def test_what_is_known_means_nothing_else(row: str) -> None:
    assert "" == meant(row.for_port(80) if isinstance(row, PortAnnotation) else str(row))


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "ab", 1),
        ("abc", "xabc", 1),
        ("abc", "xyz", 3),
        ("ab", "ba", 1),
    ],
)
def test_edits(a: str, b: str, wanted: int) -> None:
    assert (wanted, wanted) == (edits(a, b, 9), edits(b, a, 9))
    assert min(wanted, 2) == edits(a, b, 2)


def test_the_fewest_edits_are_near() -> None:
    assert ("select", "") == (fewest_edits("selct", ["select", "ignore"]), fewest_edits("colour", ["select", "ignore"]))
