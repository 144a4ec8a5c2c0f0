"""What a Service takes away at the end of its reconcile: frontends and public IPs that it selects but does not want."""

import pytest

from kubectl_akslb.model.derivation import Event
from tests.given.derived import last, outcome
from tests.given.services import BOTH_ADDRESSES, INTERNAL, NAME, OTHER_NAME, on, other, port, service

CLUSTER = on(addresses=BOTH_ADDRESSES)


def test_internal_service_with_the_address_of_a_public_one_takes_its_public_ip_away() -> None:
    azure = outcome(
        CLUSTER, service({"port_80_no_lb_rule": "true"}), other(INTERNAL, port(443), load_balancer_ip="20.0.0.1")
    ).azure
    assert ["kubernetes-internal"] == list(azure.load_balancers), "a load balancer goes with its last frontend"
    assert [] == list(azure.public_ips)


def test_frontend_that_has_rules_of_others_stays_and_an_event_says_so() -> None:
    taker = other(INTERNAL, port(443), load_balancer_ip="20.0.0.1")
    azure = outcome(CLUSTER, service(), taker).azure
    assert [NAME] == list(azure.load_balancers["kubernetes"].frontends)
    message = (
        "isFrontendIPConfigUnsafeToDelete: frontend IP configuration with ID /subscriptions/subscription/resourceGroups/rg"
        f"/providers/Microsoft.Network/loadBalancers/kubernetes/frontendIPConfigurations/{NAME} on LB kubernetes cannot"
        " be deleted because it is being referenced by load balancing rules of other services"
    )
    assert (Event("Warning", "DeletingFrontendIPConfiguration", message),) == last(CLUSTER, service(), taker).events


def test_internal_service_with_an_address_of_its_own_takes_nothing() -> None:
    azure = outcome(CLUSTER, service(), other(INTERNAL, port(443), load_balancer_ip="10.0.0.9")).azure
    assert [NAME] == list(azure.load_balancers["kubernetes"].frontends)
    assert [f"kubernetes-{NAME}"] == [name for _, name in azure.public_ips]


def test_service_with_a_prefix_drops_the_public_ip_whose_address_it_asks_for() -> None:
    """The prefix wins over the address, so that the public IP of that address is one the Service does not want."""
    given = other({"azure-pip-prefix-id": "/prefixes/p"}, port(443), load_balancer_ip="20.0.0.1")
    azure = outcome(CLUSTER, service(), given).azure
    assert [f"kubernetes-{OTHER_NAME}-p"] == [name for _, name in azure.public_ips]


@pytest.mark.parametrize(("version", "left"), [("1.33.0", []), ("1.33.1", ["kubernetes-internal"])])
def test_an_internal_service_with_a_private_link_service_that_becomes_public(version: str, left: list[str]) -> None:
    """Since 1.33.1 the provider stops after the private link service, and what it stood on stays."""
    azure = outcome(on(version), service({**INTERNAL, "azure-pls-create": "true"}), service()).azure
    assert left == [name for name in azure.load_balancers if name != "kubernetes"]
    assert not azure.private_links
