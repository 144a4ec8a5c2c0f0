"""What lint says where a service gateway serves the cluster: nothing about probes and security rules that are not there."""

import pytest

from tests.given.manifests import EVERYWHERE, cluster, linted, service

GATEWAY = cluster(service_gateway="true")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (service(), set()),
        (service(ports=["port: 53, protocol: UDP"]), set()),
        (service('azure-disable-load-balancer-floating-ip: "true"'), {"annotation-without-effect"}),
        (service('azure-allowed-ip-ranges: "10.0.0.1/24,x"'), {"ranges-behind-service-gateway"}),
        (service('azure-allowed-service-tags: "Sql"'), {"ranges-behind-service-gateway"}),
        (service('port_80_health-probe_interval: "3"'), {"annotation-without-effect"}),
        (service('azure-load-balancer-internal: "true"'), {"refused-by-provider"}),
        (service(ports=["port: 80, targetPort: http"]), {"refused-by-provider"}),
        (service('azure-load-balancer-tcp-idle-timeout: "31"'), {"idle-timeout-out-of-range"}),
        (service('azure-load-balancer-tcp-idle-timeout: "20"'), set()),
    ],
)
def test_what_is_found(text: str, rules: set[str]) -> None:
    found = {one.rule for one in linted(text, GATEWAY).diagnostics}
    assert rules == found - {EVERYWHERE}
