"""Load-balancing rules: ports, floating IP, idle timeout, TCP reset, HA ports, and what they are refused for."""

from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import BASIC, Cluster
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE
from kubectl_akslb.model.provenance import ANNOTATION, CLUSTER_SETTING, DEFAULT, PROVIDER, SPEC, Placeholder
from kubectl_akslb.model.service import SCTP, Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.version import NEWEST
from tests.conformance.adapter import bare
from tests.given.derived import READ, probe, reasons, refusal, refused, rule
from tests.given.services import INTERNAL, NAME, dual, ipv6, local, on, port, service, udp

NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
HA = {"azure-load-balancer-enable-high-availability-ports": "true"}
HA_PORTS = {**INTERNAL, **HA}
IDLE = "azure-load-balancer-tcp-idle-timeout"
BASIC_CLUSTER = on(load_balancer_sku=BASIC)


def rules(given: Service, cluster: Cluster | None = None) -> object:
    """The rules as ``Tcp 80 to 80``."""
    return READ["rules"](derive(given, cluster or on()))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (service(), ("Tcp 80 to 80",)),
        (service(None, port(80), udp(53), port(443)), ("Tcp 80 to 80", "Udp 53 to 53", "Tcp 443 to 443")),
        (service(INTERNAL, port(80, protocol=SCTP)), ("All 80 to 80",)),
        (service({"azure-load-balancer-internal": "TRUE"}, port(80, protocol=SCTP)), ("All 80 to 80",)),
        (service({"port_80_no_lb_rule": "true"}, port(80), udp(80), port(443)), ("Tcp 443 to 443",)),
        (service({"port_80_no_lb_rule": "true "}), ("Tcp 80 to 80",)),
        (service(NO_FLOATING_IP, port(80), udp(53)), ("Tcp 80 to 30080", "Udp 53 to 30053")),
        (ipv6(), ("Tcp 80 to 80",)),
        (ipv6(INTERNAL), ("Tcp 80 to 30080",)),
        (ipv6({"azure-load-balancer-internal": "True"}), ("Tcp 80 to 30080",)),
        (dual(INTERNAL), ("Tcp 80 to 80", "Tcp 80 to 30080")),
        (service(None, port(80)._replace(target_port=8080)), ("Tcp 80 to 80",)),
        (service({"port_80_no_lb_rule": "true"}), ()),
    ],
    ids=[
        "one port", "in the order of the Service", "SCTP", "SCTP reads internal in any case", "no rule for TCP and UDP",
        "booleans are not trimmed", "no floating IP", "public IPv6", "internal IPv6", "internal IPv6 in any case",
        "internal dual stack", "targetPort does not count", "none left",
    ],
)  # fmt: skip
def test_rules(given: Service, expected: tuple[str, ...]) -> None:
    assert expected == rules(given)


def test_a_rule_and_where_it_comes_from() -> None:
    found = rule(service())
    assert (NAME, "kubernetes", "Default", False, f"{NAME}-TCP-80") == (
        found.frontend.value,
        found.backend_pool.value,
        bare(found.load_distribution),
        bare(found.disable_outbound_snat),
        found.probe.value if found.probe else None,
    )
    assert (SPEC, "spec.ports[0].protocol", [("spec.ports[0].protocol", "TCP")]) == reasons(found.protocol)
    assert (SPEC, "spec.ports[0].port", [("spec.ports[0].port", "80")]) == reasons(found.frontend_port)
    assert found.load_distribution is not None
    assert (SPEC, "spec.sessionAffinity", [("spec.sessionAffinity", "None")]) == reasons(found.load_distribution)
    assert ("shop/web", 0) == (found.service, found.service_port)


# Floating IP


@pytest.mark.parametrize(
    ("given", "floating", "kind", "path"),
    [
        (service(), True, DEFAULT, "floating IP"),
        (service({"azure-disable-load-balancer-floating-ip": "no"}), True, DEFAULT, "floating IP"),
        (service(NO_FLOATING_IP), False, ANNOTATION, keys.DISABLE_FLOATING_IP),
        (ipv6(INTERNAL), False, ANNOTATION, keys.INTERNAL),
    ],
    ids=["default", "annotation without effect", "annotation", "internal IPv6"],
)
def test_floating_ip(given: Service, floating: bool, kind: str, path: str) -> None:
    found = rule(given).enable_floating_ip
    assert (floating, kind, path) == (found.value, found.origin.kind, found.origin.path)


def test_annotation_without_effect_is_among_what_was_considered() -> None:
    found = rule(service({"azure-disable-load-balancer-floating-ip": "no"})).enable_floating_ip
    assert [(keys.DISABLE_FLOATING_IP, "no"), ("floating IP", "true")] == reasons(found)[2]


def test_backend_port_tells_why_it_is_the_node_port() -> None:
    found = rule(service(NO_FLOATING_IP)).backend_port
    considered = [(keys.DISABLE_FLOATING_IP, "true"), ("spec.ports[0].nodePort", "30080"), ("spec.ports[0].port", "80")]
    assert (SPEC, "spec.ports[0].nodePort", considered) == reasons(found)
    assert (behaviours.INTERNAL_IPV6_NODE_PORT.note,) == rule(ipv6(INTERNAL)).backend_port.notes


@pytest.mark.parametrize("given", [service(NO_FLOATING_IP), ipv6(INTERNAL)], ids=["annotation", "internal IPv6"])
def test_backend_port_that_nobody_knows(given: Service) -> None:
    unallocated = given._replace(ports=(port(80)._replace(node_port=None),))
    assert Placeholder("nodePort of 80") == rule(unallocated).backend_port.value


@pytest.mark.parametrize(
    ("families", "cluster_ips", "expected"),
    [
        (("IPv6",), ("fd00::1",), "Tcp 80 to 30080"),
        (("IPv6",), (), "Tcp 80 to 80"),
        (("IPv4", "IPv6"), ("10.1.0.1", "fd00::1"), "Tcp 80 to 80"),
    ],
)
def test_internal_ipv6_was_seen_by_the_cluster_ip(
    families: tuple[str, ...], cluster_ips: tuple[str, ...], expected: str
) -> None:
    given = service(INTERNAL, ip_families=families, cluster_ips=cluster_ips)
    assert (expected,) == rules(given, on("1.26.22"))


# Idle timeout


@pytest.mark.parametrize(
    ("value", "version", "minutes", "notes"),
    [
        (None, str(NEWEST), 4, ()),
        ("4", str(NEWEST), 4, ()),
        (" 30 ", str(NEWEST), 30, ()),
        ("+31", str(NEWEST), 31, (behaviours.IDLE_TIMEOUT_100.note,)),
        ("100", str(NEWEST), 100, (behaviours.IDLE_TIMEOUT_100.note,)),
        ("30", "1.25.16", 30, ()),
    ],
)
def test_idle_timeout(value: str | None, version: str, minutes: int, notes: tuple[str, ...]) -> None:
    found = rule(service({} if value is None else {IDLE: value}), on(version)).idle_timeout_in_minutes
    assert found is not None
    assert (minutes, notes) == (found.value, found.notes)
    assert (DEFAULT if value is None else ANNOTATION) == found.origin.kind
    assert [(keys.IDLE_TIMEOUT, value), ("idle timeout in minutes", "4")] == reasons(found)[2]


def test_idle_timeout_is_on_the_rules_of_udp_too() -> None:
    assert (15, 15) == READ["idle"](derive(service({IDLE: "15"}, port(80), udp(53)), on()))


E7 = f"error parsing idle timeout key: {keys.IDLE_TIMEOUT}, err: "
HA_MODE = "error generate lb rule for ha mod loadbalancer. err: "
BETWEEN = "error parsing value: idle timeout value must be a whole number representing minutes between 4 and"


@pytest.mark.parametrize(
    ("value", "version", "message"),
    [
        ("3", str(NEWEST), f"{BETWEEN} 100, actual value: 3"),
        ("101", str(NEWEST), f"{BETWEEN} 100, actual value: 101"),
        ("31", "1.25.16", f"{BETWEEN} 30, actual value: 31"),
        (
            "x",
            str(NEWEST),
            'error value: strconv.ParseInt: parsing "x": invalid syntax: x value must be a whole number',
        ),
        ("", str(NEWEST), 'error value: strconv.ParseInt: parsing "": invalid syntax:  value must be a whole number'),
    ],
)
def test_e7_idle_timeout(value: str, version: str, message: str) -> None:
    found = refusal(service({IDLE: value}), on(version))
    assert HA_MODE + E7 + message == found.message
    assert (LOAD_BALANCER_STAGE, keys.IDLE_TIMEOUT, value) == (found.stage, found.origin.path, found.origin.raw)


def test_e7_says_it_twice_with_ha_ports() -> None:
    assert HA_MODE + HA_MODE + E7 + f"{BETWEEN} 100, actual value: 3" == refused(service({**HA_PORTS, IDLE: "3"}))


# TCP reset


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (service(None, port(80), udp(53)), on(), (True, None)),
        (service({"azure-load-balancer-disable-tcp-reset": "True"}), on(), (False,)),
        (service({"azure-load-balancer-disable-tcp-reset": "yes"}), on(), (True,)),
        (service({"azure-load-balancer-disable-tcp-reset": "true"}), BASIC_CLUSTER, (None,)),
        (service(HA_PORTS, udp(53)), on(), (True,)),
        (service({**HA_PORTS, "azure-load-balancer-disable-tcp-reset": "true"}), on(), (False,)),
    ],
    ids=["TCP only", "disabled", "bad value", "Basic sends nothing", "HA ports of UDP", "HA ports, disabled"],
)
def test_tcp_reset(given: Service, cluster: Cluster, expected: tuple[bool | None, ...]) -> None:
    assert expected == READ["tcp_reset"](derive(given, cluster))


# What the cluster and the affinity say


@pytest.mark.parametrize(
    ("affinity", "expected"), [("ClientIP", "SourceIP"), ("None", "Default"), ("", "Default"), ("clientip", "Default")]
)
def test_load_distribution(affinity: str, expected: str) -> None:
    assert expected == bare(rule(service(session_affinity=affinity)).load_distribution)


@pytest.mark.parametrize(
    ("settings", "expected", "kind"),
    [
        ({}, False, DEFAULT),
        ({"disable_outbound_snat": True}, True, CLUSTER_SETTING),
        ({"disable_outbound_snat": True, "load_balancer_sku": BASIC}, False, CLUSTER_SETTING),
    ],
)
def test_outbound_snat(settings: dict[str, Any], expected: bool, kind: str) -> None:
    found = rule(service(), on(**settings)).disable_outbound_snat
    assert found is not None
    assert (expected, kind) == (found.value, found.origin.kind)


# HA ports


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (service(HA_PORTS, udp(53), port(80)), on(), ("All 0 to 0",)),
        (service({**HA, "azure-load-balancer-internal": "True"}), on(), ("All 0 to 0",)),
        (service(HA), on(), ("Tcp 80 to 80",)),
        (service(HA_PORTS), BASIC_CLUSTER, ("Tcp 80 to 80",)),
        (service({**HA_PORTS, "port_80_no_lb_rule": "true"}), on(), ("All 0 to 0",)),
        (service({**HA_PORTS, **NO_FLOATING_IP}), on(), ("All 0 to 0",)),
        (dual(HA_PORTS), on(), ("All 0 to 0", "All 0 to 0")),
    ],
    ids=["internal and Standard", "public by the spelling", "public", "Basic", "no_lb_rule", "floating IP", "dual stack"],
)  # fmt: skip
def test_ha_ports(given: Service, cluster: Cluster, expected: tuple[str, ...]) -> None:
    assert expected == rules(given, cluster)


def test_ha_rule_is_named_after_the_first_port_and_keeps_its_floating_ip() -> None:
    found = rule(service({**HA_PORTS, **NO_FLOATING_IP}, udp(53), port(80)))
    assert (f"{NAME}-UDP-53", True, -1) == (found.name.value, found.enable_floating_ip.value, found.service_port)
    considered = [(keys.HA_PORTS, "true"), ("protocol of the HA ports rule", "All")]
    assert (PROVIDER, "protocol of the HA ports rule", considered) == reasons(found.protocol)


def test_ha_rule_of_internal_ipv6_has_no_floating_ip() -> None:
    found = rule(ipv6(HA_PORTS)).enable_floating_ip
    assert (False, (behaviours.INTERNAL_IPV6_NODE_PORT.note,)) == (found.value, found.notes)


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (service(HA_PORTS, udp(53), port(80, "http")), on(), ("Http 30080 /",)),
        (service({**HA_PORTS, "port_80_health-probe_interval": "x"}, port(80), port(443)), on(), ("Tcp 30443",)),
        (service({**HA_PORTS, "azure-load-balancer-health-probe-interval": "x"}), on(), ("none",)),
        (service({**HA_PORTS, "port_80_no_probe_rule": "true"}), on(), ("Tcp 30080",)),
        (service(HA_PORTS, udp(53)), on(), ("none",)),
        (local(HA_PORTS), on(), ("Http 31000 /healthz",)),
        (local({**HA_PORTS, "azure-pls-create": "true", "azure-pls-proxy-protocol": "true"}), on(), ("Tcp 30080",)),
        (service(HA_PORTS, udp(53)), on(probe_mode="shared"), ("Http 10256 /healthz",)),
    ],
    ids=[
        "first TCP port", "faulty ports are passed over", "no port is left", "no_probe_rule does not count", "UDP only",
        "Local", "Local behind a private link", "shared mode",
    ],
)  # fmt: skip
def test_probe_of_ha_ports(given: Service, cluster: Cluster, expected: tuple[str, ...]) -> None:
    assert expected == READ["probes"](derive(given, cluster))


def test_probe_of_ha_ports_has_the_name_of_the_rule() -> None:
    assert f"{NAME}-UDP-53" == probe(service(HA_PORTS, udp(53), port(80))).name.value


# Refusals


@pytest.mark.parametrize(
    ("given", "cluster", "message"),
    [
        (service(None, port(80, protocol=SCTP)), on(), "SCTP is only supported on standard loadbalancer in internal mode"),
        (service(INTERNAL, port(80, protocol=SCTP)), BASIC_CLUSTER, "SCTP is only supported on standard loadbalancer in internal mode"),
        (service(None, port(80, protocol="")), on(), "failed to parse transport protocol: only TCP, UDP and SCTP are supported for Azure LoadBalancers"),
        (service(None, port(80, protocol="tcp")), on(), "failed to parse transport protocol: only TCP, UDP and SCTP are supported for Azure LoadBalancers"),
    ],
    ids=["E-5 public", "E-5 Basic", "E-8 none", "E-8 other case"],
)  # fmt: skip
def test_protocols_that_are_refused(given: Service, cluster: Cluster, message: str) -> None:
    found = refusal(given, cluster)
    assert (message, "spec.ports[0].protocol") == (found.message, found.origin.path)


def test_port_without_rule_is_refused_for_nothing() -> None:
    assert () == rules(service({"port_80_no_lb_rule": "true", IDLE: "x"}, port(80, protocol=SCTP)), on())
