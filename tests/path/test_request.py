"""What Azure's probes ask of each node, as requests, and what explain expects of them."""

from typing import Any

import pytest

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.request import ProbeRequest, Requests, requests_of
from tests.given.objects import Object, node, piece
from tests.given.objects import endpoint as at_node
from tests.given.on_nodes import Given

NODE_PORT: Object = {"port": 80, "targetPort": 8080, "nodePort": 30080, "protocol": "TCP"}
HTTP = {"port_80_health-probe_protocol": "http", "port_80_health-probe_request-path": "/ready"}
LOCAL: dict[str, Any] = {"externalTrafficPolicy": "Local", "healthCheckNodePort": 32000}
OWN_PORT = {"port_80_health-probe_port": "80"}
BOTH = piece(at_node("web-1", "n1"))


def asked(*objects: Object, annotations: Object | None = None, ports: Any = (NODE_PORT,), **spec: Any) -> Requests:
    given = Given(*(objects or (node("n1"), node("n2"), BOTH)), annotations=annotations, ports=list(ports), **spec)
    return requests_of(given.context)


def only(found: Requests, name: str = "n1") -> ProbeRequest:
    (one,) = [one for one in found.asked if one.node == name]
    return one


@pytest.mark.parametrize(
    ("annotations", "spec", "expected"),
    [
        ({}, {}, ("TCP", 30080, "", 5)),
        ({"azure-load-balancer-health-probe-interval": "40"}, {}, ("TCP", 30080, "", 40)),
        (HTTP, {}, ("HTTP", 30080, "/ready", 5)),
        (HTTP | {"azure-load-balancer-health-probe-interval": "40"}, {}, ("HTTP", 30080, "/ready", 30)),
        (HTTP | {"azure-load-balancer-health-probe-interval": "20"}, {}, ("HTTP", 30080, "/ready", 20)),
        ({}, LOCAL, ("HTTP", 32000, "/healthz", 5)),
    ],
)
def test_what_is_asked(annotations: Object, spec: dict[str, Any], expected: tuple[Any, ...]) -> None:
    request = only(asked(annotations=annotations, **spec)).request
    assert expected == (request.scheme, request.number, request.path, request.seconds)


@pytest.mark.parametrize(
    ("annotations", "spec", "local", "meant_out"),
    [({}, {}, False, False), ({}, LOCAL, False, True), (OWN_PORT, LOCAL, True, False), (OWN_PORT, {}, False, False)],
)
def test_where_an_answer_proves_nothing(
    annotations: Object, spec: dict[str, Any], local: bool, meant_out: bool
) -> None:
    found = asked(annotations=annotations, **spec)
    assert {(local, meant_out)} == {(one.local, one.meant_out) for one in found.asked}
    assert {"n1", "n2"} == {one.node for one in found.asked}


@pytest.mark.parametrize(("node_port", "cause"), [({"nodePort": 30080}, None), ({}, Cause.PORT_NOT_ALLOCATED)])
def test_a_port_that_is_not_there_is_not_asked(node_port: Object, cause: Cause | None) -> None:
    found = asked(ports=[{"port": 80, "targetPort": 8080, **node_port}])
    assert {cause} - {None} == {one.because.cause for one in found.left_out}
    assert (cause is None) is bool(found.asked)


def test_nodes_are_asked_at_the_address_of_the_family() -> None:
    dual = node("n1")
    dual["status"]["addresses"] = [{"type": "InternalIP", "address": one} for one in ("10.224.0.4", "fd01::4")]
    four = only(asked(dual, BOTH))
    assert "10.224.0.4" == four.request.host
    six = asked(dual, node("n2"), BOTH, ipFamilies=["IPv6"])
    assert "fd01::4" == only(six).request.host
    assert {("n2", Cause.NODE_HAS_NO_ADDRESS)} == {(one.node, one.because.cause) for one in six.left_out}


def test_what_is_expected_of_a_node_without_a_pod() -> None:
    found = asked(**LOCAL)
    here, away = only(found).expected, only(found, "n2").expected
    assert (True, 200) == (here.answers, here.status)
    assert (False, 503, Cause.NO_LOCAL_ENDPOINT) == (away.answers, away.status, away.because.cause)


def test_ports_that_ask_the_same_are_one_request() -> None:
    second = {"port": 443, "targetPort": 8080, "nodePort": 30443, "protocol": "TCP"}
    assert [(80, 443)] == sorted({one.ports for one in asked(ports=[NODE_PORT, second], **LOCAL).asked})
    assert [(80,), (443,)] == [one.ports for one in asked(ports=[NODE_PORT, second]).asked if one.node == "n1"]
