"""What the provider does when a Service is deleted, and trying it on a copy of the state."""

from typing import Any

import pytest

from kubectl_akslb.derive.context import Reconciliation
from kubectl_akslb.derive.deletion import delete_on, stands
from kubectl_akslb.derive.reconcile import derive_on
from kubectl_akslb.derive.state.azure import Azure, services_of
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.provider import refusals
from tests.given.derived import snapshot
from tests.given.services import BOTH_ADDRESSES, INTERNAL, OTHER_NAME, PUBLIC_ADDRESS, on, other, port, service

CLUSTER = on(addresses=BOTH_ADDRESSES)
BEFORE_SHARED_RULES = on("1.28.14", addresses=BOTH_ADDRESSES)


def content(azure: Azure) -> tuple[Any, ...]:
    """All that stands, as values that can be compared."""
    balancers = {name: snapshot(state) for name, state in azure.load_balancers.items()}
    return balancers, dict(azure.public_ips), dict(azure.security_rules), dict(azure.services)


@pytest.mark.parametrize("cluster", [CLUSTER, BEFORE_SHARED_RULES], ids=["1.36", "1.28"])
@pytest.mark.parametrize("annotations", [{}, INTERNAL], ids=["public", "internal"])
def test_the_last_service_leaves_nothing(cluster: Cluster, annotations: dict[str, str]) -> None:
    azure = Azure(cluster)
    derive_on(service(annotations), cluster, azure)
    assert (None, ()) == delete_on(service(annotations), cluster, azure)
    assert ({}, {}, {}) == (azure.load_balancers, azure.public_ips, azure.services)
    assert not [rule for rule in azure.security_rules.values() if rule.destinations.value]


def test_another_service_keeps_what_is_its_own() -> None:
    alone, both = Azure(CLUSTER), Azure(CLUSTER)
    derive_on(service(), CLUSTER, alone)
    derive_on(service(), CLUSTER, both)
    derive_on(other(None, port(443)), CLUSTER, both)
    delete_on(other(None, port(443)), CLUSTER, both)
    assert list(alone.load_balancers["kubernetes"].frontends) == list(both.load_balancers["kubernetes"].frontends)
    assert alone.public_ips.keys() == both.public_ips.keys()


def test_a_deletion_that_is_refused_leaves_the_service() -> None:
    azure = Azure(CLUSTER)
    given = service({"azure-additional-public-ips": "x"})
    derive_on(given, CLUSTER, azure)
    refused, _ = delete_on(given, CLUSTER, azure)
    assert refused is not None
    assert refusals.INVALID_ADDITIONAL_ADDRESS is refused.code
    assert given.full_name in azure.services


def test_what_is_tried_on_a_copy_leaves_the_state_alone() -> None:
    azure = Azure(CLUSTER)
    derive_on(service(), CLUSTER, azure)
    before = content(azure)
    tried = azure.copy()
    derive_on(other(None, port(443)), CLUSTER, tried)
    delete_on(service(), CLUSTER, tried)
    assert before == content(azure)
    assert [f"kubernetes-{OTHER_NAME}"] == [address.name.value for address in tried.public_ips.values()]
    assert [OTHER_NAME] == list(tried.load_balancers["kubernetes"].frontends)


@pytest.mark.parametrize(
    ("version", "left"), [("1.23.0", "x"), ("1.30.7", "x"), ("1.31.1", "x"), ("1.30.8", None), ("1.32.0", None)]
)
def test_a_tag_that_names_a_service_kept_the_public_ip(version: str, left: str | None) -> None:
    """While it has the tag of its Services the annotation does not win; what remains without them is that of nobody."""
    cluster, given = on(version, addresses=BOTH_ADDRESSES), service({"azure-pip-tags": "k8s-azure-service=x"})
    azure = Azure(cluster)
    derive_on(given, cluster, azure)
    assert [(given.full_name,)] == [services_of(address) for address in azure.public_ips.values()]
    delete_on(given, cluster, azure)
    assert ([] if left is None else [(left,)]) == [services_of(address) for address in azure.public_ips.values()]


@pytest.mark.parametrize(
    ("annotations", "stands_there"),
    [
        ({}, True),
        ({"azure-additional-public-ips": "20.0.0.9"}, True),
        ({"azure-additional-public-ips": "no address"}, False),
    ],
)
def test_an_error_is_a_service_on_no_load_balancer(annotations: dict[str, str], stands_there: bool) -> None:
    """Upstream: shouldUpdateLoadBalancer."""
    azure = Azure(CLUSTER)
    assert not stands(Reconciliation(service(), CLUSTER, azure))
    derive_on(service(), CLUSTER, azure)
    assert stands_there is stands(Reconciliation(service(annotations), CLUSTER, azure))


def test_a_rule_that_services_share_goes_with_the_last_of_them() -> None:
    shared = {"azure-shared-securityrule": "true"}
    azure = Azure(BEFORE_SHARED_RULES)
    for one in (service(shared), other(shared)):
        derive_on(one, BEFORE_SHARED_RULES, azure)
    left = []
    for one in (other(shared), service(shared)):
        delete_on(one, BEFORE_SHARED_RULES, azure)
        left.append([rule.destinations.value for rule in azure.security_rules.values()])
    assert [[(PUBLIC_ADDRESS,)], []] == left
