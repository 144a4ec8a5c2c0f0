"""What to do about each error: every row is for a text that the derivation really gives, and none is left without."""

from typing import Any

import pytest

from kubectl_akslb.model.cluster import BASIC, Cluster, ExistingPublicIP, LoadBalancerConfiguration
from kubectl_akslb.model.service import SCTP, Service
from kubectl_akslb.provider.refusals import REMEDIES, remedy
from tests.derive.given import INTERNAL, dual, other, refused
from tests.doc_rows.row import NAME, on, port, service

PIP = {"azure-pip-name": "pip"}
SHARING = on(existing_public_ips=(ExistingPublicIP("pip", "20.1.2.3"),))
MANAGED = {"azure-pip-name": f"kubernetes-{NAME}"}
LABELS = {"matchLabels": {"tier": "web"}}
ONE = LoadBalancerConfiguration("kubernetes", primary_vm_set="a")
TWO = LoadBalancerConfiguration("lb2", primary_vm_set="b")
WEB = TWO._replace(service_label_selector=LABELS)
HALF = WEB._replace(service_namespace_selector={"matchLabels": {"env": "prod"}})
NODE_POOLS: dict[str, Any] = {"pool_type": "nodeIP", "existing_public_ips": SHARING.existing_public_ips}
SEVERAL = on(load_balancers=(ONE, TWO), **NODE_POOLS)
ON = "azure-load-balancer-configurations"
INTERVAL = "azure-load-balancer-health-probe-interval"
IDLE = "azure-load-balancer-tcp-idle-timeout"
RANGES: dict[str, Any] = {"load_balancer_source_ranges": ("10.0.0.0/8",)}
BAD: dict[str, Any] = {"load_balancer_source_ranges": ("x",)}

REFUSED: list[Any] = [
    pytest.param("health-probe_port: port", service({"port_80_health-probe_port": "x"}), on(), id="E-1"),
    pytest.param("the minimum value of interval is", service({INTERVAL: "1"}), on(), id="E-2"),
    pytest.param("the minimum value of num-of-probe is", service({"port_80_health-probe_num-of-probe": "1"}), on(), id="E-3"),
    pytest.param("total probe should be less than 120", service({INTERVAL: "60"}), on(), id="E-4"),
    pytest.param("value must be a whole number", service({INTERVAL: "x"}), on(), id="E-2 no number"),
    pytest.param("SCTP is only supported", service(None, port(80, protocol=SCTP)), on(), id="E-5"),
    pytest.param("SCTP is only supported", service(None, port(80, protocol=SCTP)), on("1.23.0"), id="E-5 in 1.23.0"),
    pytest.param("idle timeout value must be", service({IDLE: "1"}), on(), id="E-7"),
    pytest.param("idle timeout value must be", service({IDLE: "1"}), on("1.23.0"), id="E-7 in 1.23.0"),
    pytest.param("PublicIP from annotation", service(PIP), on(), id="E-10"),
    pytest.param("reconcilePublicIP for service", service({"azure-pip-name": "PIP"}), SHARING, id="E-11"),
    pytest.param("cannot find public IP with IP address", service(load_balancer_ip="20.9.9.9"), on(), id="E-12"),
    pytest.param("cannot use non-public LoadBalancer IP", service(load_balancer_ip="10.0.0.4"), on(), id="E-13"),
    pytest.param("has invalid LoadBalancer IP", service({"azure-load-balancer-ipv4": "x"}), on(), id="E-14"),
    pytest.param("cannot set both spec.LoadBalancerSourceRanges", service({"azure-allowed-ip-ranges": "10.0.0.0/8"}, **RANGES), on(), id="E-17"),
    pytest.param("both of spec.loadBalancerSourceRanges", service({"azure-allowed-ip-ranges": "10.0.0.0/8"}, **RANGES), on("1.28.14"), id="E-17 in 1.28"),
    pytest.param("azure-additional-public-ips", service({"azure-additional-public-ips": ""}), on(), id="E-18"),
    pytest.param("is not a valid IP address", service({"azure-additional-public-ips": "x"}), on("1.28.14"), id="E-18 in 1.28"),
    pytest.param("is not valid. Expecting", service(**BAD), on("1.28.4"), id="ranges in 1.28.4"),
    pytest.param("invalid IP range", service(**BAD), on("1.28.5"), id="ranges in 1.28.5"),
    pytest.param("invalid CIDR", service(**BAD), on("1.29.0"), id="ranges in 1.29.0"),
    pytest.param("exceeds the maximum number of", service({"azure-allowed-service-tags": ",".join(map(str, range(1001)))}), on(), id="E-19"),
    pytest.param("priority exhausted", service({"azure-allowed-service-tags": ",".join(map(str, range(3597)))}), on(), id="E-19 priorities"),
    pytest.param("priorities are exhausted", service({"azure-allowed-service-tags": ",".join(map(str, range(3597)))}), on("1.28.4"), id="E-19 in 1.28"),
    pytest.param("must be internal or disable floating ip", service({"azure-pls-create": "true"}), on(), id="E-24"),
    pytest.param("must be internal", service({"azure-pls-create": "true"}), on("1.23.15"), id="E-24 in 1.23.15"),
    pytest.param("private link service ipConfig", service({**INTERNAL, "azure-pls-create": "true", "azure-pls-ip-configuration-ip-address-count": "9"}), on(), id="E-24 count"),
    pytest.param("selects", service({ON: "lb9"}), SEVERAL, id="E-20"),
    pytest.param("conflicting load balancer configuration", service({ON: "lb2", **PIP}), SEVERAL, id="E-22"),
    pytest.param("unsupported protocol", service(None, port(80, "grpc")), on("1.23.8"), id="unsupported protocol"),
    pytest.param("HTTPS protocol is not supported", service(None, port(80, "https")), on("1.23.8", load_balancer_sku=BASIC), id="https on Basic"),
]  # fmt: skip

#: Errors that need another Service, or the same one before; the last one is refused.
REFUSED_AFTER: list[Any] = [
    pytest.param("existing loadBalancing rule", (service(PIP), other(PIP)), SHARING, id="E-6"),
    pytest.param("consuming the DNS label", (service({"azure-dns-label-name": "a"}), other({**MANAGED, "azure-dns-label-name": "b"}, port(81))), on(), id="E-15"),
    pytest.param("specifies an IP that resides", (service(PIP, labels={"tier": "web"}), other(PIP, port(81))), on(load_balancers=(ONE, WEB), **NODE_POOLS), id="E-21"),
    pytest.param("cannot migrate from load balancer", (service(), other(MANAGED, port(81)), service({ON: "lb2"})), SEVERAL, id="E-23"),
    pytest.param("runtime error", (dual(), dual({ON: "lb2"})), SEVERAL, id="a panic of the provider"),
    pytest.param("no configuration named", (service(),), on(load_balancers=(TWO,), **NODE_POOLS), id="no load balancer of the cluster"),
    pytest.param("loadBalancerName cannot be empty", (service(labels={"tier": "web"}),), on(load_balancers=(ONE, HALF), **NODE_POOLS), id="no load balancer is left"),
]  # fmt: skip

#: Azure alone knows it.
FROM_AZURE = {"failed to get subnet"}


@pytest.mark.parametrize(("row", "given", "cluster"), REFUSED)
def test_remedy_of_an_error(row: str, given: Service, cluster: Cluster) -> None:
    message = refused(given, cluster)
    assert row in message
    assert {each.text: each.fix for each in REMEDIES}[row] == remedy(message)


@pytest.mark.parametrize(("row", "services", "cluster"), REFUSED_AFTER)
def test_remedy_of_an_error_after_others(row: str, services: tuple[Service, ...], cluster: Cluster) -> None:
    *earlier, given = services
    message = refused(given, cluster, *earlier)
    assert row in message
    assert {each.text: each.fix for each in REMEDIES}[row] == remedy(message)


def test_every_row_is_tried() -> None:
    tried = {param.values[0] for param in (*REFUSED, *REFUSED_AFTER)}
    assert {row.text for row in REMEDIES} == tried | FROM_AZURE


def test_unknown_error_has_no_remedy() -> None:
    assert "" == remedy("something that Azure says")
