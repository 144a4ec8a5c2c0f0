"""The address that a Service asks for, where no frontend gets it."""

from typing import Any

import pytest

from kubectl_akslb.path.address import address_hop
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import last
from tests.given.services import INTERNAL, on, service
from tests.given.workloads import beside

V4, V6, NAME = "azure-load-balancer-ipv4", "azure-load-balancer-ipv6", "azure-pip-name"
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
    found = address_hop(PathContext(last(cluster, given), cluster, beside()))
    expected = (Outcome.PASS, Cause.HAS_ADDRESS) if used else (Outcome.DEPENDS, Cause.ADDRESS_NOT_USED)
    assert expected == (found.outcome, found.because[0].cause)


def test_beside_the_name_of_a_public_ip_an_address_is_not_looked_at_in_any_release() -> None:
    for version in ("1.23.30", "1.24.4", str(NEWEST)):
        cluster = on(version)
        given = service({NAME: "ours", V4: "20.1.2.3"})
        found = address_hop(PathContext(last(cluster, given), cluster, beside()))
        assert (Outcome.PASS, Cause.HAS_ADDRESS) == (found.outcome, found.because[0].cause), version


@pytest.mark.parametrize(
    ("annotations", "fields", "version", "is_read"),
    [
        ({V4: "10.224.0.9"}, {}, "1.23.2", False),
        ({V6: "fd00::9"}, {}, str(NEWEST), True),
        ({}, {"load_balancer_ip": "10.224.0"}, str(NEWEST), True),
    ],
)
def test_what_to_write_instead_depends_on_what_the_release_reads(
    annotations: dict[str, str], fields: dict[str, Any], version: str, is_read: bool
) -> None:
    cluster = on(version)
    found = address_hop(PathContext(last(cluster, service({**INTERNAL, **annotations}, **fields)), cluster, beside()))
    assert is_read is ("spec.loadBalancerIP" not in str(found.because[0].facts["instead"]))


ASKED = (Outcome.DEPENDS, Cause.INTERNAL_ASKED_ELSEWHERE)
PUBLIC = (Outcome.PASS, Cause.HAS_ADDRESS)
AWS, GKE = "service.beta.kubernetes.io/aws-load-balancer-", "networking.gke.io/load-balancer-type"


@pytest.mark.parametrize(
    ("annotations", "labels", "expected"),
    [
        ({f"{AWS}internal": "true"}, {}, ASKED),
        ({f"{AWS}internal": "0.0.0.0/0"}, {}, ASKED),
        ({f"{AWS}internal": "false"}, {}, PUBLIC),
        ({f"{AWS}scheme": "internal"}, {}, ASKED),
        ({f"{AWS}scheme": "internet-facing"}, {}, PUBLIC),
        ({GKE: "Internal"}, {}, ASKED),
        ({GKE: "External"}, {}, PUBLIC),
        ({"service.kubernetes.io/azure-load-balancer-internal": "true"}, {}, ASKED),
        ({"azure-loadbalancer-internal": "True"}, {}, ASKED),
        ({"example.com/my-load-balancer-internals": "true"}, {}, PUBLIC),
        ({}, {keys.INTERNAL: "true"}, ASKED),
        ({}, {keys.INTERNAL: "false"}, PUBLIC),
        ({f"{AWS}internal": "true", keys.INTERNAL: "true"}, {}, PUBLIC),
        ({f"{AWS}internal": "true", keys.INTERNAL: "false"}, {}, PUBLIC),
    ],
)
def test_an_internal_address_that_is_not_asked_of_azure(
    annotations: dict[str, str], labels: dict[str, str], expected: object
) -> None:
    cluster = on(str(NEWEST))
    given = service(None, labels=labels)._replace(annotations=annotations)
    found = address_hop(PathContext(last(cluster, given), cluster, beside()))
    assert expected == (found.outcome, found.because[0].cause)


@pytest.mark.parametrize(
    ("annotations", "labels", "key", "origin"),
    [
        ({GKE: "Internal"}, {}, GKE, GKE),
        ({}, {keys.INTERNAL: "true"}, f"the label {keys.INTERNAL}", keys.INTERNAL),
    ],
)
def test_a_label_is_called_one(annotations: dict[str, str], labels: dict[str, str], key: str, origin: str) -> None:
    cluster = on(str(NEWEST))
    given = service(None, labels=labels)._replace(annotations=annotations)
    (reason,) = address_hop(PathContext(last(cluster, given), cluster, beside())).because
    assert reason.origin is not None
    assert (key, origin) == (reason.facts["key"], reason.origin.path)
