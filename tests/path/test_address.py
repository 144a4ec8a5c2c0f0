"""The address that a Service asks for, where no frontend gets it."""

from typing import Any

import pytest

from kubectl_akslb.path.address import address_hop
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import last
from tests.given.services import INTERNAL, on, service
from tests.given.workloads import beside

V4, V6 = "azure-load-balancer-ipv4", "azure-load-balancer-ipv6"
BOTH = {"ip_families": ("IPv4", "IPv6"), "ip_family_policy": "RequireDualStack"}


@pytest.mark.parametrize(
    ("annotations", "fields", "version", "used"),
    [
        ({}, {}, str(NEWEST), True),
        ({}, {"load_balancer_ip": "10.224.0.9"}, str(NEWEST), True),
        ({}, {"load_balancer_ip": "2001:db8::1"}, str(NEWEST), False),
        ({}, {"load_balancer_ip": "10.224.0"}, str(NEWEST), False),
        ({V4: "10.224.0.9"}, {}, str(NEWEST), True),
        ({V6: "fd00::9"}, {}, str(NEWEST), False),
        ({V6: "fd00::9"}, BOTH, str(NEWEST), True),
        ({V4: "10.224.0.9"}, {"load_balancer_ip": "2001:db8::1"}, str(NEWEST), True),
        ({V4: "10.224.0.9"}, {}, "1.23.2", False),
        ({}, {"load_balancer_ip": "10.224.0.9"}, "1.23.2", True),
    ],
)
def test_an_address_that_is_not_used(
    annotations: dict[str, str], fields: dict[str, Any], version: str, used: bool
) -> None:
    cluster = on(version)
    given = service({**INTERNAL, **annotations}, **fields)
    found = address_hop(last(cluster, given), cluster, beside())
    expected = (Outcome.PASS, Cause.HAS_ADDRESS) if used else (Outcome.DEPENDS, Cause.ADDRESS_NOT_USED)
    assert expected == (found.outcome, found.because[0].cause)
