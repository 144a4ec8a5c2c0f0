"""Private link services: the provider's texts for those that it refuses."""

import pytest

from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import PRIVATE_LINK_STAGE
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import annotations as keys
from tests.given.derived import last, refusal
from tests.given.services import INTERNAL, dual, ipv6, on, service

CREATE = {"azure-pls-create": "true"}
PRIVATE = {**INTERNAL, **CREATE}
NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
COUNT = "azure-pls-ip-configuration-ip-address-count"
ADDRESSES = "azure-pls-ip-configuration-ip-address"
MUST = "reconcilePrivateLinkService for service(shop/web): service requiring private link service must"


def private(**annotations: str) -> Service:
    named = {"count": COUNT, "addresses": ADDRESSES}
    return service({**PRIVATE, **{named[key]: value for key, value in annotations.items()}})


@pytest.mark.parametrize(
    ("given", "cluster"),
    [
        (service(PRIVATE), on()),
        (service({**CREATE, **NO_FLOATING_IP}), on()),
        (dual(PRIVATE), on()),
        (service({"azure-pls-create": "yes"}), on()),
        (service(CREATE), on("1.23.11")),
        (ipv6(PRIVATE), on("1.27.7")),
        (private(count="8"), on()),
        (private(count=" 2 ", addresses="10.0.0.8  10.0.0.9"), on()),
        (private(addresses="10.0.0.8 10.0.0.8"), on()),
        (private(addresses=""), on()),
    ],
    ids=[
        "internal", "public without floating IP", "the IPv6 half of dual stack is left out", "not asked for",
        "not read before 1.23.12", "IPv6 before dual stack", "most addresses", "as many as static ones",
        "the same address twice", "no static address",
    ],
)  # fmt: skip
def test_accepted(given: Service, cluster: Cluster) -> None:
    assert last(cluster, given).refusal is None


@pytest.mark.parametrize(
    ("given", "cluster", "message", "path"),
    [
        (service(CREATE), on(), f"{MUST} be internal or disable floating ip", keys.PLS_CREATE),
        (service({"azure-pls-create": " TRUE "}), on(), f"{MUST} be internal or disable floating ip", keys.PLS_CREATE),
        (service({**CREATE, **NO_FLOATING_IP}), on("1.23.15"), f"{MUST} be internal", keys.PLS_CREATE),
        (ipv6(PRIVATE), on(), "IPv6 is not supported for private link service", "spec.ipFamilies"),
        (private(count="0"), on(), "error parsing value: minimum number of private link service ipConfig is 1, 0 provided", keys.PLS_IP_COUNT),
        (private(count="9"), on(), "error parsing value: maximum number of private link service ipConfig is 8, 9 provided", keys.PLS_IP_COUNT),
        (private(count="two"), on(), 'error value: strconv.ParseInt: parsing "two": invalid syntax: two value must be a whole number', keys.PLS_IP_COUNT),
        (private(addresses="10.0.0.8 10.0.0.9"), on(), "checkAndUpdatePLSIPConfigs: ipConfigCount(1) must be no smaller than number of static IPs specified(2)", keys.PLS_IP_ADDRESSES),
        (private(addresses="10.0.0.8,10.0.0.9"), on(), "getPLSStaticIPs: 10.0.0.8,10.0.0.9 is not a valid IP address", keys.PLS_IP_ADDRESSES),
        (private(addresses="fd00::8"), on(), "getPLSStaticIPs: private link service ip config only supports IPv4, fd00::8 provided", keys.PLS_IP_ADDRESSES),
    ],
    ids=[
        "public", "trimmed and in any case", "public before 1.23.16", "IPv6", "too few", "too many", "no number",
        "fewer than static ones", "commas", "IPv6 address",
    ],
)  # fmt: skip
def test_e24_refused(given: Service, cluster: Cluster, message: str, path: str) -> None:
    found = refusal(given, cluster)
    assert (message, PRIVATE_LINK_STAGE, path) == (found.message, found.stage, found.origin.path)


@pytest.mark.parametrize(
    ("given", "primary"),
    [
        (private(count="3"), [True, False, False]),
        (private(count="3", addresses="10.0.0.8 10.0.0.9"), [True, False, False]),
        (private(addresses="10.0.0.8"), [True]),
    ],
    ids=["dynamic ones alone", "static ones first", "static ones alone"],
)
def test_the_first_address_is_the_primary_one(given: Service, primary: list[bool]) -> None:
    (found,) = last(on(), given).private_link_services
    assert primary == [one.primary.value for one in found.addresses]


@pytest.mark.parametrize(("later", "written"), [("b.com a.com", ("a.com", "b.com")), ("a.com", ("a.com",))])
def test_a_list_in_another_order_stays_as_it_was_written(later: str, written: tuple[str, ...]) -> None:
    first, then = (service({**PRIVATE, "azure-pls-fqdns": listed}) for listed in ("a.com b.com", later))
    (found,) = last(on(), first, then).private_link_services
    assert found.fqdns is not None
    assert written == found.fqdns.value


def test_load_balancer_and_security_rules_stand_already() -> None:
    derivation = last(on(), service(CREATE))
    assert derivation.load_balancer is not None
    assert 1 == len(derivation.security_rules)
