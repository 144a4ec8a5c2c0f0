"""The commands for a Service itself, as what they change; tests/e2e/apiserver runs them."""

import json

import pytest

from kubectl_akslb.model.service import Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason
from kubectl_akslb.path.remedy_command import remedy_command
from kubectl_akslb.provider import annotations as keys
from tests.given.services import port, service

RANGES = "azure-allowed-ip-ranges"
TEN = ("10.0.0.0/8", "192.0.2.0/24")


def patch(given: Service, cause: Cause, **facts: object) -> object:
    """The patch that is printed, None where there is no command."""
    found = remedy_command(given, Reason(cause, facts))
    if found is None:
        return None
    (text,) = (word for word in found.words if isinstance(word, str) and word.startswith("--patch="))
    return json.loads(text.removeprefix("--patch="))


@pytest.mark.parametrize(
    ("given", "moved"),
    [
        (service(load_balancer_source_ranges=TEN), True),
        (service({RANGES: "20.0.0.0/8"}, load_balancer_source_ranges=TEN), False),
        (service(), False),
    ],
)
def test_ranges_move_to_where_kube_proxy_does_not_read_them(given: Service, moved: bool) -> None:
    by_annotation = {"annotations": {str(keys.ALLOWED_IP_RANGES): ",".join(TEN)}}
    expected = {"metadata": by_annotation, "spec": {"loadBalancerSourceRanges": None}}
    assert (expected if moved else None) == patch(given, Cause.TAG_BESIDE_SOURCE_RANGES)


@pytest.mark.parametrize(
    ("given", "facts", "number"),
    [
        (service(None, port(80)), {"port": 80, "numbers": (8080,)}, 8080),
        (service(None, port(80), port(443)), {"port": 443, "numbers": (8443,)}, 8443),
        (service(None, port(80)), {"port": 80, "numbers": (8080, 8081)}, None),
        (service(None, port(80)), {"port": 80, "numbers": ()}, None),
        (service(None, port(80)), {"port": 81, "numbers": (8080,)}, None),
        (service(None, port(53), port(53, protocol="UDP")), {"port": 53, "numbers": (5353,)}, None),
    ],
)
def test_a_port_leads_to_the_one_that_the_pods_declare(
    given: Service, facts: dict[str, object], number: int | None
) -> None:
    found = patch(given, Cause.NOT_IN_ENDPOINT_SLICES, **facts)
    ports = [{"port": facts["port"], "protocol": "TCP", "targetPort": number}]
    assert (None if number is None else {"spec": {"ports": ports}}) == found


@pytest.mark.parametrize(
    ("annotations", "removed"),
    [
        ({"port_80_no_lb_rule": "true"}, ["port_80_no_lb_rule"]),
        ({"port_80_no_lb_rule": "true", "port_80_no_probe_rule": "true", RANGES: ""}, ["port_80_no_lb_rule"]),
        ({}, []),
    ],
)
def test_ports_get_their_rules_again(annotations: dict[str, str], removed: list[str]) -> None:
    found = remedy_command(service(annotations), Reason(Cause.NO_RULE))
    assert removed == [
        str(word).removesuffix("-").rpartition("/")[2]
        for word in (found.words if found else ())
        if str(word).endswith("-")
    ]
