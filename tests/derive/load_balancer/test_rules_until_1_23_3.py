"""Rules and probes of 1.23.0 to 1.23.3: no appProtocol, one probe for each rule, no idle timeout by default."""

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import BASIC, Cluster
from kubectl_akslb.model.service import SCTP, Service
from kubectl_akslb.provider import annotations as keys
from tests.given.derived import READ, balancer, refusal, refused, rule
from tests.given.services import INTERNAL, NAME, local, on, port, service, udp

OLD = on("1.23.3")
OLD_BASIC = on("1.23.3", load_balancer_sku=BASIC)
HA_PORTS = {**INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"}
PROTOCOL = "azure-load-balancer-health-probe-protocol"
PATH = "azure-load-balancer-health-probe-request-path"
IDLE = "azure-load-balancer-tcp-idle-timeout"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (service(None, port(80, "http")), ("Tcp 30080",)),
        (service({PROTOCOL: "http"}), ("http 30080 /healthz",)),
        (service({PROTOCOL: "HTTPS", PATH: "/a"}), ("HTTPS 30080 /a",)),
        (service({PROTOCOL: "http", PATH: ""}), ("http 30080 /healthz",)),
        (service({PROTOCOL: "tcp", PATH: "/a"}), ("tcp 30080",)),
        (service({PROTOCOL: ""}), ("Tcp 30080",)),
        (service({PROTOCOL: "grpc", PATH: "/a"}), ("grpc 30080 /healthz",)),
        (service({PATH: "/a"}), ("Tcp 30080",)),
        (service(None, port(80), udp(53)), ("Tcp 30080", "none")),
        (local(None, port(80), udp(53)), ("Http 31000 /healthz", "Http 31000 /healthz")),
        (local({PROTOCOL: "http", PATH: "/a"}), ("http 31000 /a",)),
        (local({PATH: "/a"}), ("Http 31000 /healthz",)),
        (local({PROTOCOL: "tcp"}), ("tcp 31000 ",)),
        (local()._replace(health_check_node_port=None), ("Http <healthCheckNodePort> /healthz",)),
    ],
    ids=[
        "appProtocol is not read", "as it is written", "with a path", "empty path", "no path for tcp", "empty protocol",
        "unknown protocol as it is written", "path alone", "UDP has none", "Local, UDP too", "Local with annotations",
        "Local with a path alone", "Local with tcp", "Local that is not allocated",
    ],
)  # fmt: skip
def test_probes(given: Service, expected: tuple[str, ...]) -> None:
    assert expected == READ["probes"](derive(given, OLD))


def test_each_rule_has_a_probe_of_its_own() -> None:
    found = balancer(derive(local(None, port(80), port(443)), OLD))
    assert [f"{NAME}-TCP-80", f"{NAME}-TCP-443"] == [probe.name.value for probe in found.probes]
    assert ["numberOfProbes"] * 2 == [probe.threshold_field for probe in found.probes]


def test_numbers_cannot_be_set() -> None:
    given = service({"azure-load-balancer-health-probe-interval": "x", "port_80_health-probe_interval": "10"})
    assert ((5, 2),) == READ["every"](derive(given, OLD))


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (service(None, port(80), udp(53)), OLD, ("Tcp 80 to 80", "Udp 53 to 53")),
        (service(HA_PORTS, udp(53), port(80)), OLD, ("All 0 to 0",)),
        (service(HA_PORTS, udp(53), port(80)), OLD_BASIC, ("Udp 53 to 53", "Tcp 80 to 80")),
        (service(INTERNAL, port(80), port(90, protocol=SCTP), port(100)), OLD, ("Tcp 80 to 80", "All 0 to 0")),
        (service(INTERNAL, port(90, protocol=SCTP)), OLD_BASIC, ("All 90 to 90",)),
        (service({**HA_PORTS, "azure-load-balancer-internal": "True"}), OLD, ("Tcp 80 to 80",)),
    ],
    ids=[
        "plain", "HA ports end the list", "Basic has none", "SCTP takes all ports and ends the list", "SCTP on Basic",
        "internal in this spelling only",
    ],
)  # fmt: skip
def test_rules(given: Service, cluster: Cluster, expected: tuple[str, ...]) -> None:
    assert expected == READ["rules"](derive(given, cluster))


def test_rule_of_all_ports_says_why() -> None:
    ha_ports = rule(service(HA_PORTS), OLD)
    sctp = rule(service(INTERNAL, port(90, protocol=SCTP)), OLD)
    assert (keys.HA_PORTS, "spec.ports[0].protocol") == (ha_ports.protocol.origin.path, sctp.protocol.origin.path)
    assert (keys.HA_PORTS, keys.HA_PORTS) == (ha_ports.frontend_port.origin.path, ha_ports.backend_port.origin.path)


@pytest.mark.parametrize(
    ("cluster", "expected"), [(OLD, (True, True)), (OLD_BASIC, (None, None))], ids=["Standard", "Basic"]
)
def test_tcp_reset_is_on_udp_rules_too(cluster: Cluster, expected: tuple[bool | None, ...]) -> None:
    assert expected == READ["tcp_reset"](derive(service(None, port(80), udp(53)), cluster))


@pytest.mark.parametrize(
    ("annotations", "expected"), [({}, (None, None)), ({IDLE: "30"}, (30, None)), ({IDLE: "+4"}, (4, None))]
)
def test_idle_timeout_of_tcp_only_if_it_is_set(annotations: dict[str, str], expected: tuple[int | None, ...]) -> None:
    assert expected == READ["idle"](derive(service(annotations, port(80), udp(53)), OLD))


WHOLE = "idle timeout value must be a whole number representing minutes between 4 and 30"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("3", WHOLE),
        ("31", WHOLE),
        (" 5", f'error parsing idle timeout value: strconv.ParseInt: parsing " 5": invalid syntax: {WHOLE}'),
        ("", f'error parsing idle timeout value: strconv.ParseInt: parsing "": invalid syntax: {WHOLE}'),
    ],
    ids=["short", "long", "not trimmed", "empty"],
)
def test_idle_timeout_is_refused_before_a_public_ip_is_made(value: str, message: str) -> None:
    derivation = derive(service({IDLE: value}), OLD)
    assert derivation.refusal is not None
    assert (message, ()) == (derivation.refusal.message, derivation.public_ips)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (service(None, port(80, protocol=SCTP)), "SCTP is only supported on internal LoadBalancer"),
        (service(None, port(80, protocol="DCCP")), "only TCP, UDP and SCTP are supported for Azure LoadBalancers"),
    ],
)
def test_protocols_that_are_refused(given: Service, message: str) -> None:
    found = refusal(given, OLD)
    assert (message, "spec.ports[0].protocol") == (found.message, found.origin.path)


def test_idle_timeout_beyond_32_bits_is_out_of_range() -> None:
    message = f'error parsing idle timeout value: strconv.ParseInt: parsing "2147483648": value out of range: {WHOLE}'
    assert message == refused(service({IDLE: "2147483648"}), OLD)
