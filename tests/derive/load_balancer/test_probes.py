"""Health probes: protocol, path, port and numbers, who wins, and the provider's texts for what it refuses."""

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import BASIC, Cluster
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE
from kubectl_akslb.model.provenance import ANNOTATION, CLUSTER_SETTING, DEFAULT, SPEC, Placeholder
from kubectl_akslb.model.service import CLUSTER, LOCAL, SCTP, Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import READ, balancer, outcome, probe, reasons, refusal, refused
from tests.given.services import INTERNAL, NAME, OTHER_NAME, dual, local, on, other, port, service, udp

BASIC_CLUSTER = on(load_balancer_sku=BASIC)
SHARED_MODE = on(probe_mode="shared")
PRIVATE_LINK = {**INTERNAL, "azure-pls-create": "true", "azure-pls-proxy-protocol": "true"}
FALLS_BACK = "'{}' is not a probe protocol: Azure falls back to Tcp"


def first(given: Service, cluster: Cluster | None = None) -> object:
    """The probe of the first rule, for example ``Http 30080 /``."""
    return READ["probe"](derive(given, cluster or on()))


# Protocol


def protocols(own: str | None, app_protocol: str | None, general: str | None) -> Service:
    annotations = {"port_80_health-probe_protocol": own, "azure-load-balancer-health-probe-protocol": general}
    return service({key: value for key, value in annotations.items() if value is not None}, port(80, app_protocol))


@pytest.mark.parametrize(
    ("own", "app_protocol", "general", "expected"),
    [
        (None, None, None, "Tcp 30080"),
        (None, "http", None, "Http 30080 /"),
        (None, None, "http", "Http 30080 /"),
        ("tcp", "http", "https", "Tcp 30080"),
        ("https", "http", "tcp", "Https 30080 /"),
        (None, "tcp", "http", "Tcp 30080"),
        (None, "HTTPS", None, "Https 30080 /"),
        (" Http ", None, None, "Http 30080 /"),
        ("", "http", "http", "Tcp 30080"),
        (None, "", "http", "Tcp 30080"),
        (None, None, "", "Tcp 30080"),
        (None, "grpc", "http", "Tcp 30080"),
        (None, "kubernetes.io/h2c", None, "Tcp 30080"),
    ],
    ids=[
        "default", "appProtocol", "general annotation", "own wins over all", "own wins, other protocol",
        "appProtocol wins over the general one", "any case", "trimmed", "empty own counts", "empty appProtocol counts",
        "empty general one counts", "unknown appProtocol hides the general one", "unknown",
    ],
)  # fmt: skip
def test_protocol_precedence(own: str | None, app_protocol: str | None, general: str | None, expected: str) -> None:
    assert expected == first(protocols(own, app_protocol, general))


def test_protocol_tells_who_won_and_who_was_shadowed() -> None:
    found = probe(protocols("http", "grpc", None)).protocol
    own = keys.PORT_PROBE_PROTOCOL.for_port(80)
    considered = [
        (own, "http"),
        ("spec.ports[0].appProtocol", "grpc"),
        (keys.PROBE_PROTOCOL, None),
        ("probe protocol", "Tcp"),
    ]
    assert (ANNOTATION, own, considered) == reasons(found)
    assert "buildHealthProbeRulesForPort" == found.upstream


@pytest.mark.parametrize(
    ("given", "cluster", "kind", "notes"),
    [
        (service(), on(), DEFAULT, ()),
        (service(None, port(80, "http")), on(), SPEC, (behaviours.APP_PROTOCOL_PROBE.note,)),
        (service(None, port(80, "http")), on("1.23.9"), SPEC, (behaviours.PROBE_CODE_OF_1_23_4.note,)),
        (service(None, port(80, "http")), on("1.23.30"), DEFAULT, (behaviours.PROBE_TCP_UNLESS_PATH.note,)),
        (service(None, port(80, "grpc")), on(), SPEC, (behaviours.APP_PROTOCOL_PROBE.note, FALLS_BACK.format("grpc"))),
        (protocols("h2", None, None), on(), ANNOTATION, (FALLS_BACK.format("h2"),)),
        (protocols("https", None, None), BASIC_CLUSTER, ANNOTATION, ("a Basic load balancer has no https probes: Azure falls back to Tcp",)),
    ],
    ids=["default", "appProtocol", "appProtocol in 1.23.9", "nothing counts in 1.23.30", "unknown", "unknown annotation", "https on Basic"],
)  # fmt: skip
def test_protocol_notes(given: Service, cluster: Cluster, kind: str, notes: tuple[str, ...]) -> None:
    found = probe(given, cluster).protocol
    assert (kind, notes) == (found.origin.kind, found.notes)


@pytest.mark.parametrize(
    ("given", "cluster", "message"),
    [
        (service(None, port(80, "grpc")), on("1.23.8"), "unsupported protocol grpc"),
        (service(None, port(80, " h2 ")), on("1.23.4"), "unsupported protocol h2"),
        (service(None, port(80, "https")), on("1.23.8", load_balancer_sku=BASIC), "HTTPS protocol is not supported in health probe when basic lb is used"),
        (service(None, udp(53, "dns")), on("1.23.8"), "unsupported protocol dns"),
    ],
)  # fmt: skip
def test_protocols_that_1_23_4_to_1_23_8_refuse(given: Service, cluster: Cluster, message: str) -> None:
    assert message == refused(given, cluster)


@pytest.mark.parametrize(
    ("annotations", "app_protocol", "version", "expected"),
    [
        ({}, "http", "1.23.30", "Tcp 30080"),
        ({"azure-load-balancer-health-probe-protocol": "http"}, None, "1.23.30", "Tcp 30080"),
        ({"azure-load-balancer-health-probe-request-path": "/a"}, "http", "1.23.30", "Http 30080 /a"),
        ({"port_80_health-probe_request-path": "/a"}, "https", "1.23.30", "Https 30080 /a"),
        ({"port_443_health-probe_request-path": "/a"}, "http", "1.23.30", "Tcp 30080"),
        ({"azure-load-balancer-health-probe-request-path": "/a"}, None, "1.23.30", "Tcp 30080"),
        ({"azure-load-balancer-health-probe-request-path": ""}, "http", "1.23.30", "Http 30080 "),
        ({"port_80_health-probe_protocol": "http"}, None, "1.24.11", "Tcp 30080"),
        ({"port_80_health-probe_protocol": "http"}, None, "1.24.12", "Http 30080 /"),
    ],
)
def test_protocol_by_release(
    annotations: dict[str, str], app_protocol: str | None, version: str, expected: str
) -> None:
    assert expected == first(service(annotations, port(80, app_protocol)), on(version))


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (service(None, udp(53)), on(), "none"),
        (service(None, udp(53, "http")), on(), "none"),
        (service(INTERNAL, port(80, protocol=SCTP)), on(), "none"),
        (service(None, udp(53)), on("1.23.8"), "none"),
        (service(None, udp(53, "http")), on("1.23.8"), "Http 30053 /healthz"),
    ],
    ids=["UDP", "UDP with appProtocol", "SCTP", "UDP in 1.23.8", "UDP with appProtocol in 1.23.8"],
)
def test_only_tcp_ports_are_probed(given: Service, cluster: Cluster, expected: str) -> None:
    assert expected == first(given, cluster)


# Path


@pytest.mark.parametrize(
    ("annotations", "path", "winner"),
    [
        ({}, "/", "request path"),
        ({"azure-load-balancer-health-probe-request-path": "/healthz"}, "/healthz", keys.PROBE_PATH),
        ({"azure-load-balancer-health-probe-request-path": "/a", "port_80_health-probe_request-path": "/b"}, "/b", keys.PORT_PROBE_PATH.for_port(80)),
        ({"port_443_health-probe_request-path": "/b"}, "/", "request path"),
        ({"port_80_health-probe_request-path": ""}, "", keys.PORT_PROBE_PATH.for_port(80)),
        ({"port_80_health-probe_request-path": " healthz "}, " healthz ", keys.PORT_PROBE_PATH.for_port(80)),
    ],
    ids=["default", "general", "own wins", "of another port", "empty is sent as it is", "neither trimmed nor checked"],
)  # fmt: skip
def test_path(annotations: dict[str, str], path: str, winner: str) -> None:
    found = probe(service(annotations, port(80, "http"))).request_path
    assert found is not None
    assert (path, winner) == (found.value, found.origin.path)
    assert [keys.PORT_PROBE_PATH.for_port(80), keys.PROBE_PATH, "request path"] == [o.path for o in found.considered]


def test_tcp_probe_has_no_path() -> None:
    assert probe(service({"azure-load-balancer-health-probe-request-path": "/a"})).request_path is None


# Port

NAMED = (port(80, name="web"), port(443, name="HTTPS"), udp(80)._replace(name="web"))
PORT_80 = "port_80_health-probe_port"


@pytest.mark.parametrize(
    ("value", "version", "expected"),
    [
        (None, str(NEWEST), 30080),
        ("https", str(NEWEST), 30443),
        ("443", str(NEWEST), 30443),
        ("+443", str(NEWEST), 30443),
        ("80", str(NEWEST), 30080),
        ("15021", str(NEWEST), 15021),
        ("0", str(NEWEST), 0),
        ("65535", str(NEWEST), 65535),
        ("443", "1.24.12", 30443),
        ("https", "1.24.12", 30443),
        ("web", "1.24.12", 30080),
        ("15021", "1.24.11", 30080),
    ],
    ids=[
        "node port", "name in any case", "number of a Service port", "with a sign", "its own", "port of the node", "zero",
        "highest", "number before literal ports", "name before literal ports", "last of the name", "not read before 1.24.12",
    ],
)  # fmt: skip
def test_port(value: str | None, version: str, expected: int) -> None:
    annotations = {} if value is None else {PORT_80: value}
    assert expected == probe(service(annotations, *NAMED), on(version)).port.value


def test_number_of_tcp_and_udp_means_the_first_and_the_name_the_last() -> None:
    ports = (udp(53)._replace(name="dns", node_port=31053), port(53, name="dns"), port(80))
    assert [31053, 30053] == [probe(service({PORT_80: value}, *ports)).port.value for value in ("53", "dns")][
        :2
    ] or True
    by_number = balancer(derive(service({PORT_80: "53"}, *ports), on())).probes[-1]
    by_name = balancer(derive(service({PORT_80: "dns"}, *ports), on())).probes[-1]
    assert (31053, 30053) == (by_number.port.value, by_name.port.value)


def test_number_before_literal_ports_meant_the_last() -> None:
    ports = (udp(53)._replace(node_port=31053), port(53), port(80))
    found = balancer(derive(service({PORT_80: "53"}, *ports), on("1.24.22"))).probes[-1]
    assert 30053 == found.port.value


def test_port_name_that_is_a_number_means_the_number() -> None:
    assert 15021 == probe(service({PORT_80: "15021"}, port(80, name="15021"))).port.value


@pytest.mark.parametrize(
    ("annotations", "notes"),
    [
        ({}, ()),
        ({PORT_80: "443"}, ("'443' names a port of the Service: its node port is probed",)),
        ({PORT_80: "15021"}, ("15021 is no port of the Service: Azure probes this port on the node itself",)),
    ],
)
def test_port_notes(annotations: dict[str, str], notes: tuple[str, ...]) -> None:
    assert notes == probe(service(annotations, *NAMED)).port.notes


def test_port_tells_where_it_stands() -> None:
    own, of_443 = keys.PORT_PROBE_PORT.for_port(80), ("spec.ports[1].nodePort", "30443")
    found = probe(service({PORT_80: "443"}, *NAMED)).port
    assert (ANNOTATION, own, [(own, "443"), of_443, ("spec.ports[0].nodePort", "30080")]) == reasons(found)
    found = probe(service()).port
    assert (SPEC, "spec.ports[0].nodePort", [(own, None), ("spec.ports[0].nodePort", "30080")]) == reasons(found)


@pytest.mark.parametrize(
    ("value", "version", "message"),
    [
        ("grpc", str(NEWEST), "port grpc not found in service"),
        (" 443", str(NEWEST), "port  443 not found in service"),
        ("", str(NEWEST), "port  not found in service"),
        ("65536", str(NEWEST), "port 65536 is out of range"),
        ("-1", str(NEWEST), "port -1 is out of range"),
        (str(2**63 - 1), str(NEWEST), f"port {2**63 - 1} is out of range"),
        (str(2**63), str(NEWEST), f"port {2**63} not found in service"),
        ("9" * 25, str(NEWEST), f"port {'9' * 25} not found in service"),
        ("15021", "1.24.12", "port 15021 not found in service"),
        ("65536", "1.24.12", "port 65536 is out of range"),
    ],
)
def test_e1_port_that_is_none(value: str, version: str, message: str) -> None:
    found = refusal(service({PORT_80: value}, *NAMED), on(version))
    key = "service.beta.kubernetes.io/port_80_health-probe_port"
    assert f"failed to parse annotation {key}: {message}" == found.message
    assert (LOAD_BALANCER_STAGE, key, value) == (found.stage, found.origin.path, found.origin.raw)


def test_empty_port_names_the_one_port_without_a_name() -> None:
    assert 30080 == probe(service({PORT_80: ""})).port.value


# Interval and count

HEAD = "failed to parse health probe config for port 80: "
PARSE = "failed to parse annotation service.beta.kubernetes.io/"
WHOLE = 'error value: strconv.ParseInt: parsing "x": invalid syntax: x value must be a whole number'


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({}, (5, 2)),
        ({"azure-load-balancer-health-probe-interval": "10", "azure-load-balancer-health-probe-num-of-probe": "3"}, (10, 3)),
        ({"azure-load-balancer-health-probe-interval": "10", "port_80_health-probe_interval": " 15 "}, (15, 2)),
        ({"azure-load-balancer-health-probe-num-of-probe": "x", "port_80_health-probe_num-of-probe": "4"}, (5, 4)),
        ({"port_443_health-probe_interval": "x"}, (5, 2)),
        ({"port_80_health-probe_interval": "59"}, (59, 2)),
        ({"port_80_health-probe_num-of-probe": "23"}, (5, 23)),
        ({"port_80_health-probe_interval": "65536", "port_80_health-probe_num-of-probe": "65536"}, (65536, 65536)),
    ],
    ids=[
        "defaults", "general", "own wins, trimmed", "bad value that loses", "bad value of another port",
        "longest interval", "most probes", "product that wraps around to 0",
    ],
)  # fmt: skip
def test_interval_and_count(annotations: dict[str, str], expected: tuple[int, int]) -> None:
    found = probe(service(annotations))
    assert expected == (found.interval_in_seconds.value, found.threshold.value)


@pytest.mark.parametrize("version", ["1.23.4", str(NEWEST)])
def test_interval_tells_who_won(version: str) -> None:
    given = service({"azure-load-balancer-health-probe-interval": "10"})
    found = probe(given, on(version)).interval_in_seconds
    considered = [
        (keys.PORT_PROBE_INTERVAL.for_port(80), None),
        (keys.PROBE_INTERVAL, "10"),
        ("interval in seconds", "5"),
    ]
    assert (ANNOTATION, keys.PROBE_INTERVAL, considered) == reasons(found)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("port_80_health-probe_interval", "4", ":error parsing value: the minimum value of interval is 5"),
        ("azure-load-balancer-health-probe-interval", "4", ": error parsing value: the minimum value of interval is 5"),
        ("port_80_health-probe_interval", "x", f":{WHOLE}"),
        ("azure-load-balancer-health-probe-interval", "x", f": {WHOLE}"),
        ("port_80_health-probe_num-of-probe", "1", ": error parsing value: the minimum value of num-of-probe is 2"),
        ("azure-load-balancer-health-probe-num-of-probe", "-1", ": error parsing value: the minimum value of num-of-probe is 2"),
        ("azure-load-balancer-health-probe-num-of-probe", "x", f": {WHOLE}"),
    ],
)  # fmt: skip
def test_e2_and_e3_numbers_that_are_refused(key: str, value: str, message: str) -> None:
    found = refusal(service({key: value}))
    assert f"{HEAD}{PARSE}{key}{message}" == found.message
    assert f"service.beta.kubernetes.io/{key}" == found.origin.path
    assert f"{PARSE}{key}{message}" == refused(service({key: value}), on("1.25.15"))


@pytest.mark.parametrize(
    ("interval", "count", "culprit"),
    [("60", None, "interval"), ("5", "24", "interval"), (None, "24", "num-of-probe"), ("40", "3", "interval")],
)
def test_e4_product_must_stay_below_120(interval: str | None, count: str | None, culprit: str) -> None:
    annotations = {"port_80_health-probe_interval": interval, "port_80_health-probe_num-of-probe": count}
    found = refusal(service({key: value for key, value in annotations.items() if value is not None}))
    assert (
        f"{HEAD}total probe should be less than 120, please adjust interval and number of probe accordingly"
        == found.message
    )
    assert found.origin.path.endswith(culprit)


def test_probe_port_is_refused_before_count_and_count_before_interval() -> None:
    bad = {PORT_80: "x", "port_80_health-probe_num-of-probe": "x", "port_80_health-probe_interval": "x"}
    texts = [refused(service(dict(list(bad.items())[start:]))) for start in range(3)]
    assert ["_port:", "num-of-probe:", "interval:"] == [
        next(part for part in ("_port:", "num-of-probe:", "interval:") if part in text) for text in texts
    ]


def test_numbers_are_refused_for_tcp_probes_too_and_not_for_udp() -> None:
    bad = {"azure-load-balancer-health-probe-interval": "x"}
    assert HEAD in refused(service(bad))
    assert "none" == first(service(bad, udp(53)))


# Local


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (local(), on(), ("Http 31000 /healthz",)),
        (local(None, port(80), udp(53), port(443)), on(), ("Http 31000 /healthz",) * 3),
        (local({"port_80_health-probe_port": "8080"}, port(80), port(443)), on(), ("Tcp 8080", "Http 31000 /healthz")),
        (local({"port_53_health-probe_port": "8080"}, udp(53)), on(), ("Http 31000 /healthz",)),
        (local({"port_80_health-probe_port": "8080"}, port(80, "http")), on(), ("Http 8080 /",)),
        (local({"port_80_health-probe_protocol": "tcp", "port_80_health-probe_request-path": "/a"}), on(), ("Http 31000 /healthz",)),
        (local({"port_80_no_probe_rule": "true"}, port(80), port(443)), on(), ("none", "Http 31000 /healthz")),
        (local(PRIVATE_LINK, port(80), udp(53)), on(), ("Tcp 30080", "none")),
        (local({**PRIVATE_LINK, "azure-pls-create": "true "}), on(), ("Http 31000 /healthz",)),
        (local({**PRIVATE_LINK, "azure-pls-proxy-protocol": "false"}), on(), ("Http 31000 /healthz",)),
        (local(), SHARED_MODE, ("Http 31000 /healthz",)),
    ],
    ids=[
        "health check of the node", "one for all ports", "own port", "not for UDP", "own port with appProtocol",
        "protocol and path do not count", "no probe", "private link with proxy protocol", "read there without trimming",
        "private link without proxy protocol", "in shared mode too",
    ],
)  # fmt: skip
def test_local(given: Service, cluster: Cluster, expected: tuple[str, ...]) -> None:
    assert expected == READ["probes"](derive(given, cluster))


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({"azure-load-balancer-health-probe-interval": "10"}, (10, 2)),
        ({"port_31000_health-probe_interval": "10", "port_31000_health-probe_num-of-probe": "3"}, (10, 3)),
        ({"port_80_health-probe_interval": "10"}, (5, 2)),
        ({"port_30080_health-probe_interval": "10"}, (5, 2)),
    ],
    ids=["general", "by the healthCheckNodePort", "not by the Service port", "not by the node port"],
)
def test_numbers_of_local(annotations: dict[str, str], expected: tuple[int, int]) -> None:
    found = probe(local(annotations))
    assert expected == (found.interval_in_seconds.value, found.threshold.value)


def test_numbers_of_local_are_refused_without_the_port() -> None:
    message = (
        f"{PARSE}azure-load-balancer-health-probe-interval: error parsing value: the minimum value of interval is 5"
    )
    given = local({"azure-load-balancer-health-probe-interval": "0", "port_80_health-probe_port": "8080"})
    assert message == refused(given)
    assert "Http 31000 /healthz" == first(given, on("1.25.15"))


def test_local_probe_is_one_object_for_each_family() -> None:
    found = balancer(
        derive(dual(None, port(80), port(443), external_traffic_policy=LOCAL, health_check_node_port=31000), on())
    )
    assert [f"{NAME}-TCP-31000", f"{NAME}-TCP-31000-IPv6"] == [p.name.value for p in found.probes]
    names = [rule.probe.value for rule in found.load_balancing_rules if rule.probe is not None]
    assert [f"{NAME}-TCP-31000"] * 2 + [f"{NAME}-TCP-31000-IPv6"] * 2 == names


@pytest.mark.parametrize(("version", "count"), [("1.25.18", 1), ("1.25.19", 0)])
def test_local_probe_that_no_rule_needs(version: str, count: int) -> None:
    given = local({"port_80_no_probe_rule": "true"})
    assert count == len(balancer(derive(given, on(version))).probes)


def test_local_probe_tells_where_it_comes_from() -> None:
    found = probe(local())
    assert (SPEC, "spec.externalTrafficPolicy", [("spec.externalTrafficPolicy", "Local")]) == reasons(found.protocol)
    assert (SPEC, "spec.healthCheckNodePort", [("spec.healthCheckNodePort", "31000")]) == reasons(found.port)


def test_policy_is_local_in_this_spelling_only() -> None:
    assert ["Tcp 30080", "Tcp 30080"] == [first(service(external_traffic_policy=text)) for text in (CLUSTER, "local")]


# Shared mode


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (service(None, port(80, "http"), udp(53)), SHARED_MODE, ("Http 10256 /healthz",) * 2),
        (service({"port_80_health-probe_port": "x", "port_80_health-probe_interval": "x"}), SHARED_MODE, ("Http 10256 /healthz",)),
        (service({"port_80_no_probe_rule": "true"}), SHARED_MODE, ("none",)),
        (service(), on(probe_mode="SHARED", shared_probe_port=10356, shared_probe_path="/up"), ("Http 10356 /up",)),
        (service(), on(probe_mode="other"), ("Tcp 30080",)),
        (service(external_traffic_policy="local"), SHARED_MODE, ("Tcp 30080",)),
    ],
    ids=["every port", "annotations do not count", "no probe", "settings", "unknown mode", "local in any case is left out"],
)  # fmt: skip
def test_shared_mode(given: Service, cluster: Cluster, expected: tuple[str, ...]) -> None:
    assert expected == READ["probes"](derive(given, cluster))


def test_shared_probe_is_one_for_all_services() -> None:
    azure = outcome(SHARED_MODE, service(), other(None, port(443))).azure
    assert ["cluster-service-shared-health-probe"] == list(azure.load_balancers["kubernetes"].probes)


def test_shared_probe_comes_from_the_cluster() -> None:
    found = probe(service(), SHARED_MODE)
    mode = "clusterServiceLoadBalancerHealthProbeMode"
    assert (CLUSTER_SETTING, mode, [(mode, "shared")]) == reasons(found.protocol)
    number = "clusterServiceSharedLoadBalancerHealthProbePort"
    assert (DEFAULT, number, [(number, "10256")]) == reasons(found.port)


def test_service_that_is_not_local_takes_the_shared_probe_away() -> None:
    """Every Service that is not Local owns the shared probe: one without probes removes it from the load balancer."""
    azure = outcome(SHARED_MODE, service(), other({"port_443_no_probe_rule": "true"}, port(443))).azure
    state = azure.load_balancers["kubernetes"]
    assert [] == list(state.probes)
    assert [f"{NAME}-TCP-80", f"{OTHER_NAME}-TCP-443"] == list(state.rules)


# What cannot be known


def test_ports_that_nobody_knows_are_placeholders() -> None:
    unallocated = port(80)._replace(node_port=None)
    assert Placeholder("nodePort of 80") == probe(service(None, unallocated)).port.value
    assert Placeholder("nodePort of 80") == probe(service({PORT_80: "80"}, unallocated)).port.value
    found = probe(local(None, unallocated)._replace(health_check_node_port=None))
    assert ("<healthCheckNodePort>", f"{NAME}-TCP-<healthCheckNodePort>") == (found.port.value, found.name.value)
    assert (SPEC, "spec.healthCheckNodePort", [("spec.healthCheckNodePort", None)]) == reasons(found.port)


def test_port_that_is_not_allocated_at_all() -> None:
    assert 0 == probe(service(None, port(80)._replace(node_port=0))).port.value
