"""The table of errors: the derivation really raises each row, and an event with its text is recognised as that row."""

from typing import Any

import pytest

from kubectl_akslb.lint.registry import ALL_RULES
from kubectl_akslb.model.cluster import BASIC, Cluster, ExistingPublicIP, LoadBalancerConfiguration, Node
from kubectl_akslb.model.derivation import RefusalCode
from kubectl_akslb.model.service import SCTP, Service
from kubectl_akslb.provider import refusals
from tests.given.derived import refusal
from tests.given.services import INTERNAL, NAME, dual, ipv6, on, other, port, service

PIP = {"azure-pip-name": "pip"}
SHARING = on(existing_public_ips=(ExistingPublicIP("pip", "20.1.2.3"),))
MANAGED = {"azure-pip-name": f"kubernetes-{NAME}"}
LABELS = {"matchLabels": {"tier": "web"}}
ONE = LoadBalancerConfiguration("kubernetes", primary_vm_set="a")
TWO = LoadBalancerConfiguration("lb2", primary_vm_set="b")
WEB = TWO._replace(service_label_selector=LABELS)
HALF = WEB._replace(service_namespace_selector={"matchLabels": {"env": "prod"}})
NODE_POOLS: dict[str, Any] = {"pool_type": "nodeIP", "existing_public_ips": SHARING.existing_public_ips}
ON_BASIC: dict[str, Any] = {"load_balancer_sku": BASIC, "nodes": (Node("vmss000000", (), vm_set="vmss"),)}
SEVERAL = on(load_balancers=(ONE, TWO), **NODE_POOLS)
LINK = {**INTERNAL, "azure-pls-create": "true"}
AT = {"azure-load-balancer-ipv4": "10.224.0.9"}
ON = "azure-load-balancer-configurations"
MODE = "azure-load-balancer-mode"
INTERVAL = "azure-load-balancer-health-probe-interval"
IDLE = "azure-load-balancer-tcp-idle-timeout"
RANGES: dict[str, Any] = {"load_balancer_source_ranges": ("10.0.0.0/8",)}
BAD: dict[str, Any] = {"load_balancer_source_ranges": ("x",)}

GATEWAY = on(service_gateway=True, load_balancer_sku="service", pool_type="podIP")

REFUSED: list[Any] = [
    pytest.param(refusals.PROBE_PORT_NOT_FOUND, service({"port_80_health-probe_port": "x"}), on(), id="E-1"),
    pytest.param(refusals.PROBE_INTERVAL_TOO_SHORT, service({INTERVAL: "1"}), on(), id="E-2"),
    pytest.param(refusals.PROBE_COUNT_TOO_LOW, service({"port_80_health-probe_num-of-probe": "1"}), on(), id="E-3"),
    pytest.param(refusals.PROBE_WINDOW_TOO_LONG, service({INTERVAL: "60"}), on(), id="E-4"),
    pytest.param(refusals.NOT_A_WHOLE_NUMBER, service({INTERVAL: "x"}), on(), id="E-2 no number"),
    pytest.param(refusals.SCTP_NOT_INTERNAL, service(None, port(80, protocol=SCTP)), on(), id="E-5"),
    pytest.param(refusals.SCTP_NOT_INTERNAL, service(None, port(80, protocol=SCTP)), on("1.23.0"), id="E-5 in 1.23.0"),
    pytest.param(refusals.IDLE_TIMEOUT_OUT_OF_RANGE, service({IDLE: "1"}), on(), id="E-7"),
    pytest.param(refusals.IDLE_TIMEOUT_OUT_OF_RANGE, service({IDLE: "1"}), on("1.23.0"), id="E-7 in 1.23.0"),
    pytest.param(refusals.PUBLIC_IP_OF_ANNOTATION_MISSING, service(PIP), on(), id="E-10"),
    pytest.param(refusals.PUBLIC_IP_NAME_IN_OTHER_CASE, service({"azure-pip-name": "PIP"}), SHARING, id="E-11"),
    pytest.param(refusals.PUBLIC_IP_ADDRESS_NOT_FOUND, service(load_balancer_ip="20.9.9.9"), on(), id="E-12"),
    pytest.param(refusals.NON_PUBLIC_ADDRESS, service(load_balancer_ip="10.0.0.4"), on(), id="E-13"),
    pytest.param(refusals.INVALID_ADDRESS, service({"azure-load-balancer-ipv4": "x"}), on(), id="E-14"),
    pytest.param(refusals.TWO_KINDS_OF_RANGES, service({"azure-allowed-ip-ranges": "10.0.0.0/8"}, **RANGES), on(), id="E-17"),
    pytest.param(refusals.TWO_KINDS_OF_RANGES_UNTIL_1_28, service({"azure-allowed-ip-ranges": "10.0.0.0/8"}, **RANGES), on("1.28.14"), id="E-17 in 1.28"),
    pytest.param(refusals.INVALID_ADDITIONAL_ADDRESS, service({"azure-additional-public-ips": ""}), on(), id="E-18"),
    pytest.param(refusals.ADDITIONAL_ADDRESS_IS_NONE, service({"azure-additional-public-ips": "x"}), on("1.28.14"), id="E-18 in 1.28"),
    pytest.param(refusals.UNREADABLE_SOURCE_RANGES, service(**BAD), on("1.28.4"), id="ranges in 1.28.4"),
    pytest.param(refusals.INVALID_IP_RANGE, service(**BAD), on("1.28.5"), id="ranges in 1.28.5"),
    pytest.param(refusals.INVALID_CIDR, service(**BAD), on("1.29.0"), id="ranges in 1.29.0"),
    pytest.param(refusals.SECURITY_GROUP_FULL, service({"azure-allowed-service-tags": ",".join(map(str, range(1001)))}), on(), id="E-19"),
    pytest.param(refusals.PRIORITIES_EXHAUSTED, service({"azure-allowed-service-tags": ",".join(map(str, range(3597)))}), on(), id="E-19 priorities"),
    pytest.param(refusals.PRIORITIES_EXHAUSTED_UNTIL_1_28, service({"azure-allowed-service-tags": ",".join(map(str, range(3597)))}), on("1.28.4"), id="E-19 in 1.28"),
    pytest.param(refusals.PLS_NEITHER_INTERNAL_NOR_DIRECT, service({"azure-pls-create": "true"}), on(), id="E-24"),
    pytest.param(refusals.PLS_NOT_INTERNAL, service({"azure-pls-create": "true"}), on("1.23.15"), id="E-24 in 1.23.15"),
    pytest.param(refusals.PLS_ADDRESS_COUNT, service({**INTERNAL, "azure-pls-create": "true", "azure-pls-ip-configuration-ip-address-count": "9"}), on(), id="E-24 count"),
    pytest.param(refusals.NO_CONFIGURATION_SELECTED, service({ON: "lb9"}), SEVERAL, id="E-20"),
    pytest.param(refusals.SCALE_SET_NOT_FOUND, service({MODE: "other"}), on(**ON_BASIC), id="V-42 scale set"),
    pytest.param(refusals.NAMED_SCALE_SET_NOT_FOUND, service({MODE: "other"}), on("1.25.5", **ON_BASIC), id="scale set in 1.25.5"),
    pytest.param(refusals.AVAILABILITY_SET_NOT_FOUND, service({MODE: "other"}), on(**ON_BASIC, vm_type="standard"), id="availability set"),
    pytest.param(refusals.NO_SCALE_SETS, service({MODE: "__auto__"}), on(load_balancer_sku=BASIC, nodes=()), id="V-42 no scale sets"),
    pytest.param(refusals.NO_AVAILABILITY_SETS, service({MODE: "__auto__"}), on(load_balancer_sku=BASIC, nodes=(), vm_type="standard"), id="V-42 no availability sets"),
    pytest.param(refusals.CONFLICTING_CONFIGURATION, service({ON: "lb2", **PIP}), SEVERAL, id="E-22"),
    pytest.param(refusals.PROBE_PROTOCOL_UNSUPPORTED, service(None, port(80, "grpc")), on("1.23.8"), id="unsupported protocol"),
    pytest.param(refusals.PROBE_PROTOCOL_HTTPS_ON_BASIC, service(None, port(80, "https")), on("1.23.8", load_balancer_sku=BASIC), id="https on Basic"),
    pytest.param(refusals.PLS_MORE_ADDRESSES_THAN_COUNT, service({**INTERNAL, "azure-pls-create": "true", "azure-pls-ip-configuration-ip-address": "10.0.0.1 10.0.0.2"}), on(), id="E-24 addresses"),
    pytest.param(refusals.PLS_NO_ADDRESS, service({**INTERNAL, "azure-pls-create": "true", "azure-pls-ip-configuration-ip-address": "x"}), on(), id="E-24 no address"),
    pytest.param(refusals.PLS_IPV6_ADDRESS, service({**INTERNAL, "azure-pls-create": "true", "azure-pls-ip-configuration-ip-address": "fd00::1"}), on(), id="E-24 IPv6 address"),
    pytest.param(refusals.PLS_IPV6, ipv6({**INTERNAL, "azure-pls-create": "true"}), on(), id="E-24 IPv6"),
    pytest.param(refusals.PROBE_PORT_OUT_OF_RANGE, service({"port_80_health-probe_port": "70000"}), on(), id="E-1 range"),
    pytest.param(refusals.IDLE_TIMEOUT_NO_NUMBER, service({IDLE: "x"}), on("1.23.0"), id="E-7 no number in 1.23.0"),
    pytest.param(refusals.TRANSPORT_PROTOCOL, service(None, port(80, protocol="QUIC")), on(), id="a protocol of no release"),
    pytest.param(refusals.PRIVATE_ADDRESS_NOT_FOUND, service(load_balancer_ip="10.0.0.4"), on("1.36.1"), id="E-12 private"),
    pytest.param(refusals.NO_ADDRESS_FOR_SECURITY_RULES, service()._replace(ip_families=()), on("1.30.0"), id="no families"),
    pytest.param(refusals.INDEX_OUT_OF_RANGE, service()._replace(ip_families=()), on("1.26.20"), id="no families in 1.26.20"),
    pytest.param(refusals.NO_ELIGIBLE_CONFIGURATION, service({ON: "lb2"}), on(load_balancers=(ONE, WEB), **NODE_POOLS), id="E-20 labels"),
    pytest.param(refusals.PUBLIC_IP_NAME_NOT_FOUND, service(PIP), on(load_balancers=(ONE, TWO), pool_type="nodeIP"), id="E-10 pinned"),
    pytest.param(refusals.INVALID_SELECTOR_OPERATOR, service(), on(load_balancers=(ONE._replace(service_label_selector={"matchExpressions": [{"key": "a", "operator": "Is"}]}), TWO), **NODE_POOLS), id="selector operator"),
    pytest.param(refusals.INVALID_SELECTOR_VALUES, service(), on(load_balancers=(ONE._replace(service_label_selector={"matchExpressions": [{"key": "a", "operator": "In"}]}), TWO), **NODE_POOLS), id="selector values"),
    pytest.param(refusals.GATEWAY_INTERNAL, service(INTERNAL), GATEWAY, id="container: internal"),
    pytest.param(refusals.GATEWAY_SESSION_AFFINITY, service(session_affinity="ClientIP"), GATEWAY, id="container: affinity"),
    pytest.param(refusals.GATEWAY_LOAD_BALANCER_IP, service(load_balancer_ip="20.9.0.1"), GATEWAY, id="container: address"),
    pytest.param(refusals.GATEWAY_DUAL_STACK, dual(), GATEWAY, id="container: two families"),
    pytest.param(refusals.GATEWAY_IDLE_TIMEOUT, service({IDLE: "31"}), GATEWAY, id="container: timeout"),
    pytest.param(refusals.GATEWAY_NAMED_TARGET_PORT, service(None, port()._replace(target_port="http")), GATEWAY, id="container: named port"),
    pytest.param(refusals.GATEWAY_PROTOCOL, service(None, port(protocol="SCTP")), GATEWAY, id="container: protocol"),
    pytest.param(refusals.GATEWAY_PORT_COLLISION, service(None, port(80), port(81)._replace(target_port=80)), GATEWAY, id="container: collision"),
    pytest.param(refusals.GATEWAY_FRONTEND_PORT, service(None, port(65535)), GATEWAY, id="container: port"),
    pytest.param(refusals.INTERNAL_LOAD_BALANCER_WITHOUT_NAME, service(INTERNAL, labels={"tier": "web"}), on(load_balancers=(ONE, HALF), **NODE_POOLS), id="no internal load balancer is left"),
]  # fmt: skip

#: Errors that need another Service, or the same one before; the last one is refused.
REFUSED_AFTER: list[Any] = [
    pytest.param(refusals.FRONTEND_PORT_TAKEN, (service(PIP), other(PIP)), SHARING, id="E-6"),
    pytest.param(refusals.DNS_LABEL_OF_ANOTHER_SERVICE, (service({"azure-dns-label-name": "a"}), other({**MANAGED, "azure-dns-label-name": "b"}, port(81))), on(), id="E-15"),
    pytest.param(refusals.PINNED_ELSEWHERE, (service(PIP, labels={"tier": "web"}), other(PIP, port(81))), on(load_balancers=(ONE, WEB), **NODE_POOLS), id="E-21"),
    pytest.param(refusals.CANNOT_MIGRATE, (service(), other(MANAGED, port(81)), service({ON: "lb2"})), SEVERAL, id="E-23"),
    pytest.param(refusals.PLS_OF_ANOTHER_SERVICE, (service({**LINK, **AT}), other({**LINK, **AT, "azure-pls-fqdns": "a.example"}, port(81))), on(), id="link of another Service"),
    pytest.param(refusals.PLS_RENAMED, (service(LINK), service({**LINK, "azure-pls-name": "other"})), on(), id="link with another name"),
    pytest.param(refusals.SLICE_BOUNDS, (dual(), dual({ON: "lb2"})), SEVERAL, id="a panic of the provider"),
    pytest.param(refusals.NO_DEFAULT_CONFIGURATION, (service(),), on(load_balancers=(TWO,), **NODE_POOLS), id="no load balancer of the cluster"),
    pytest.param(refusals.NO_LOAD_BALANCER_LEFT, (service(labels={"tier": "web"}),), on(load_balancers=(ONE, HALF), **NODE_POOLS), id="no load balancer is left"),
    pytest.param(refusals.DNS_LABEL_THERE, (service({"azure-dns-label-name": "a"}), service({"azure-dns-label-name": "b"})), on("1.23.0"), id="E-15 of 1.23"),
]  # fmt: skip

#: Azure alone knows it, or only a step that follows within two minutes meets it.
FROM_AZURE = {refusals.SUBNET_NOT_FOUND, refusals.PUBLIC_IP_GONE}


@pytest.mark.parametrize(("row", "given", "cluster"), REFUSED)
def test_an_error_is_its_row(row: RefusalCode, given: Service, cluster: Cluster) -> None:
    _has(row, (given,), cluster)


@pytest.mark.parametrize(("row", "services", "cluster"), REFUSED_AFTER)
def test_an_error_after_others_is_its_row(row: RefusalCode, services: tuple[Service, ...], cluster: Cluster) -> None:
    _has(row, services, cluster)


def _has(row: RefusalCode, services: tuple[Service, ...], cluster: Cluster) -> None:
    *earlier, given = services
    found = refusal(given, cluster, *earlier)
    assert row == found.code
    seen = refusals.recognised(f"Error syncing load balancer: failed to ensure load balancer: {found.message}")
    assert seen is not None
    assert row.template == seen.template  # an address that is private is not told from the text


def test_every_row_is_tried() -> None:
    tried = {param.values[0] for param in (*REFUSED, *REFUSED_AFTER)}
    assert set(refusals.REFUSALS) == tried | FROM_AZURE


def test_codes_are_unique() -> None:
    assert len(refusals.REFUSALS) == len({row.code for row in refusals.REFUSALS})


def test_every_rule_exists() -> None:
    assert {row.rule for row in refusals.REFUSALS} <= {rule.id for rule in ALL_RULES}


def test_unknown_error_is_no_row() -> None:
    assert refusals.recognised("something that Azure says") is None
