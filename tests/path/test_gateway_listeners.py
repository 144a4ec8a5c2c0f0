"""The ports that gateways of Istio open: by their Gateways, where these are in the same files."""

from typing import Any

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.pod import pod_hop
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import Object, files, piece, pod, read, service_object, workload
from tests.given.services import on

LABELS = {"istio": "ingressgateway", "app": "gateway"}
STATUS, HTTP = {"name": "status-port", "port": 15021}, {"name": "http2", "port": 80, "targetPort": 8080}
CLOSED = (Outcome.DEPENDS, Cause.GATEWAY_OPENS_NO_PORT)


def gateway(*numbers: object, selector: Any = LABELS, version: str = "networking.istio.io/v1") -> Object:
    servers = [{"port": {"number": number, "name": "x", "protocol": "HTTP"}, "hosts": ["*"]} for number in numbers]
    return {"apiVersion": version, "kind": "Gateway", "metadata": {"name": "web"}, "spec": {"selector": selector, "servers": servers}}  # fmt: skip


def listeners(*numbers: int) -> Object:
    spec = {"gatewayClassName": "istio", "listeners": [{"name": "x", "port": one} for one in numbers]}
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "own"}, "spec": spec}


PROXIES = workload(labels=LABELS)
RUNNING = (piece(), {**pod(), "metadata": {"name": "web-1", "labels": LABELS}})


@pytest.mark.parametrize(
    ("beside", "ports", "expected"),
    [
        ([PROXIES, gateway(443)], [HTTP], CLOSED),
        ([PROXIES, gateway(80)], [HTTP], None),
        ([PROXIES, gateway(8080)], [HTTP], None),
        ([PROXIES, gateway(443), gateway(80)], [HTTP], None),
        ([PROXIES, gateway(443), gateway(80, selector={"istio": "other"})], [HTTP], CLOSED),
        ([PROXIES, gateway(443), gateway(80, selector={**LABELS, "version": "1"})], [HTTP], None),
        ([PROXIES, gateway(443, selector={**LABELS, "version": "1"})], [HTTP], None),
        ([PROXIES, gateway(443, selector={})], [HTTP], CLOSED),
        ([PROXIES, gateway(443), listeners(80)], [HTTP], None),
        ([PROXIES, listeners(443)], [HTTP], None),
        ([PROXIES, gateway(443)], [STATUS], None),
        ([PROXIES, gateway("443")], [HTTP], CLOSED),
        ([PROXIES, gateway(443, version="gateway.networking.k8s.io/v1")], [HTTP], None),
        ([PROXIES], [HTTP], None),
        ([gateway(443)], [HTTP], None),
        ([*RUNNING[1:], gateway(443)], [HTTP], CLOSED),
    ],
)
def test_a_port_that_no_gateway_names(beside: list[Object], ports: list[Object], expected: object) -> None:
    service = service_object(selector=LABELS, ports=ports)
    own = read(service)
    found = pod_hop(Context(own, on(str(NEWEST))), files(service, *beside), own.ports[0])
    said = (found.outcome, found.because[0].cause)
    assert expected == (said if said == CLOSED else None)


def test_other_programs_open_their_ports_by_themselves() -> None:
    service = service_object(selector={"app": "web"}, ports=[HTTP])
    own = read(service)
    found = pod_hop(Context(own, on(str(NEWEST))), files(service, workload(), gateway(443, selector={})), own.ports[0])
    assert Cause.GATEWAY_OPENS_NO_PORT is not found.because[0].cause
