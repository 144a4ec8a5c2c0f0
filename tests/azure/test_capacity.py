"""What counts against Azure's limits: derived, as it stands, and with what is to come."""

import json
from typing import Any

import pytest

from kubectl_akslb.azure import capacity as limits
from kubectl_akslb.azure.az_output import read_resources
from kubectl_akslb.azure.capacity import Capacity, capacity
from kubectl_akslb.azure.resources import Resources
from kubectl_akslb.lint.assume import with_assumed_addresses
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import IPV4, IPV6, Service, ServicePort
from tests.given import az
from tests.given.streams import on

INTERNAL = {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"}


def service(name: str, *ports: int, **fields: Any) -> Service:
    made = tuple(ServicePort(index, f"p{port}", "TCP", port) for index, port in enumerate(ports or (80,)))
    return Service(
        name, "shop", None, "LoadBalancer", fields.pop("annotations", {}), made, **{"ip_families": (IPV4,), **fields}
    )


def services(count: int, *ports: int, **fields: Any) -> list[Service]:
    return [service(f"web-{number}", *ports, **fields) for number in range(count)]


def standing(*contents: Any) -> Resources:
    return read_resources((str(index), json.dumps(one).encode()) for index, one in enumerate(contents))


def now(found: Capacity) -> dict[tuple[str, str], int]:
    return {(row.code, row.scope): row.now for row in found.rows if row.now}


CARD, PUBLIC, IPV4S = (limits.CARD_RULES, ""), "kubernetes", (limits.PUBLIC_IPS, "IPv4")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([service("web", 80, 443)], {CARD: 2, (limits.RULES, PUBLIC): 2, (limits.FRONTENDS, PUBLIC): 2, IPV4S: 2}),
        ([service("web", ip_families=(IPV4, IPV6), ip_family_policy="RequireDualStack")], {CARD: 2, (limits.FRONTENDS, PUBLIC): 3, IPV4S: 2, (limits.PUBLIC_IPS, "IPv6"): 1}),
        ([service("web", annotations=INTERNAL)], {CARD: 1, (limits.RULES, "kubernetes-internal"): 1, (limits.FRONTENDS, "kubernetes-internal"): 1, IPV4S: 1}),
        ([service("a"), service("b", annotations=INTERNAL)], {CARD: 2, (limits.RULES, PUBLIC): 1, (limits.RULES, "kubernetes-internal"): 1}),
        ([], {IPV4S: 1}),
    ],
)  # fmt: skip
def test_what_counts(given: list[Service], expected: dict[tuple[str, str], int]) -> None:
    found = now(capacity(given, (), on()))
    assert expected == {key: found.get(key) for key in expected}


@pytest.mark.parametrize(
    ("given", "added", "cluster", "over"),
    [
        (services(299), [], on(), []),
        (services(300), [], on(), [limits.CARD_RULES]),
        (services(298), [service("new")], on(), []),
        (services(298), [service("new", 80, 443)], on(), [limits.CARD_RULES]),
        (services(200), [], on(sku="basic"), []),
        (services(201), [], on(sku="basic"), [limits.FRONTENDS]),
        (services(200, 80, 443), [], on(sku="basic"), [limits.CARD_RULES, limits.RULES]),
        ([service("web")], [], on(nodes=5001), [limits.POOL]),
    ],
)
def test_what_is_exceeded(given: list[Service], added: list[Service], cluster: Cluster, over: list[str]) -> None:
    found = capacity(given, added, cluster)
    assert over == [row.code for row in found.exceeded if row.code != limits.SNAT_PORTS]


def test_how_many_more_fit_and_what_comes_first() -> None:
    found = capacity(services(10), services(0), on())
    assert (289, limits.CARD_RULES) == (found.room, found.first.code if found.first else "")
    tight = capacity([service("web")], (), on(), standing([az.usage("IPv4StandardSkuPublicIpAddresses", 9, 10)]))
    assert (1, limits.PUBLIC_IPS) == (tight.room, tight.first.code if tight.first else "")


def test_what_stands_counts_instead_of_what_is_derived() -> None:
    nsg = az.nsg("aks-nsg", *(az.rule(f"r{number}", 100 + number) for number in range(7)))
    found = capacity((), [service("new")], on(), standing(az.load_balancer(), nsg))
    rows = {(row.code, row.scope): (row.now, row.total) for row in found.rows}
    assert (1, 2) == rows[CARD]
    assert (1, 2) == rows[limits.RULES, "kubernetes"]
    assert (1, 2) == rows[limits.FRONTENDS, "kubernetes"]
    assert (7, 8) == rows[limits.SECURITY_RULES, ""]
    assert found.services is None


def test_rules_of_several_load_balancers_meet_on_a_card() -> None:
    """A card that is behind two of them takes part in the rules of both, and the fullest card decides."""
    public, internal = az.load_balancer(), az.load_balancer() | {"name": "kubernetes-internal", "id": f"{az.NETWORK}/loadBalancers/kubernetes-internal"}  # fmt: skip
    other = az.load_balancer() | {"name": "third", "id": f"{az.NETWORK}/loadBalancers/third"}
    other["backendAddressPools"][0]["backendIPConfigurations"] = [{"id": f"{az.CARD}-other/ipConfigurations/ipconfig1"}]
    found = capacity((), (), on(), standing([public, internal, other]))
    assert 2 == now(found)[CARD]


def test_services_that_share_an_address_share_a_frontend() -> None:
    shared = {"service.beta.kubernetes.io/azure-pip-name": "mine"}
    both = [service("a", 80, annotations=shared), service("b", 81, annotations=shared)]
    found = now(capacity(both, (), with_assumed_addresses(both, on())))
    assert (2, 2) == (found[CARD], found[limits.FRONTENDS, PUBLIC])
