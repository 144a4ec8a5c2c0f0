"""Frontends: a Service's own, or the one it shares, and the port conflicts on it."""

from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import BASIC, Cluster, ExistingPublicIP
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.provenance import ANNOTATION, DEFAULT
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import refusals
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import balancer, frontend, last, outcome, reasons, refusal, snapshot
from tests.given.services import BOTH_ADDRESSES, INTERNAL, NAME, NOW, OTHER_NAME, dual, ipv6, on, other, port, service

PIPS = (ExistingPublicIP("pip", "20.1.2.3"), ExistingPublicIP("six", "2603::1", "IPv6"))
SHARED = {"azure-pip-name": "pip"}


def bare(found: FrontendIPConfiguration) -> dict[str, object]:
    """What is sent of a frontend, without its name."""
    sent = {
        "public": found.public_ip_address, "subnet": found.subnet, "address": found.private_ip_address,
        "method": found.private_ip_allocation_method, "version": found.private_ip_address_version, "zones": found.zones,
    }  # fmt: skip
    return {key: derived.value for key, derived in sent.items() if derived is not None}


PRIVATE = {"subnet": "subnet", "method": "Dynamic", "zones": ("1", "2", "3")}


@pytest.mark.parametrize(
    ("given", "settings", "expected"),
    [
        (service(), {}, {"public": f"kubernetes-{NAME}"}),
        (service(INTERNAL), {}, PRIVATE),
        (service(INTERNAL), {"subnet_name": "nodes"}, {**PRIVATE, "subnet": "nodes"}),
        (service(INTERNAL), {"zones": ()}, {"subnet": "subnet", "method": "Dynamic"}),
        (service(INTERNAL), {"zones": None}, {**PRIVATE, "zones": ("<every zone of the region>",)}),
        (service(INTERNAL), {"load_balancer_sku": BASIC}, {"subnet": "subnet", "method": "Dynamic"}),
        (service({**INTERNAL, "azure-load-balancer-internal-subnet": " apps"}), {}, {**PRIVATE, "subnet": " apps"}),
        (service(INTERNAL, load_balancer_ip="10.0.0.9"), {}, {**PRIVATE, "address": "10.0.0.9", "method": "Static"}),
        (service({**INTERNAL, "azure-load-balancer-ipv4": "10.0.0.8"}, load_balancer_ip="10.0.0.9"), {}, {**PRIVATE, "address": "10.0.0.8", "method": "Static"}),
        (service({**INTERNAL, "azure-load-balancer-ipv6": "fd00::8"}), {}, PRIVATE),
        (service(INTERNAL, load_balancer_ip="fd00::8"), {}, PRIVATE),
        (service({**INTERNAL, "azure-load-balancer-ipv4": " 10.0.0.8"}), {}, {**PRIVATE, "address": " 10.0.0.8", "method": "Static"}),
        (ipv6(INTERNAL), {}, {**PRIVATE, "version": "IPv6"}),
        (ipv6({**INTERNAL, "azure-load-balancer-ipv6": "fd00::8"}), {}, {**PRIVATE, "version": "IPv6", "address": "fd00::8", "method": "Static"}),
        (service({"azure-load-balancer-internal": "True"}), {}, {"public": f"kubernetes-{NAME}"}),
        (service({"azure-load-balancer-internal-subnet": "apps"}), {}, {"public": f"kubernetes-{NAME}"}),
    ],
    ids=[
        "public", "internal", "subnet of the cluster", "no zones", "unknown zones", "Basic", "subnet is not trimmed",
        "loadBalancerIP", "annotation wins", "address of the other family", "loadBalancerIP of the other family",
        "address is not trimmed", "IPv6", "IPv6 address", "internal in this spelling only", "subnet of a public Service",
    ],
)  # fmt: skip
def test_frontend(given: Service, settings: dict[str, Any], expected: dict[str, object]) -> None:
    assert expected == bare(frontend(given, on(**settings)))


def test_dual_stack_has_one_of_each_family() -> None:
    given = dual({**INTERNAL, "azure-load-balancer-ipv4": "10.0.0.8", "azure-load-balancer-ipv6": "fd00::8"})
    found = balancer(derive(given, on())).frontend_ip_configurations
    assert ["10.0.0.8", "fd00::8"] == [bare(each)["address"] for each in found]


def test_frontend_tells_where_subnet_and_address_come_from() -> None:
    found = frontend(service({**INTERNAL, "azure-load-balancer-ipv4": "10.0.0.8"}, load_balancer_ip="10.0.0.9"))
    assert found.subnet is not None
    assert found.private_ip_address is not None
    assert (DEFAULT, "subnetName", [(keys.INTERNAL_SUBNET, None), ("subnetName", "subnet")]) == reasons(found.subnet)
    considered = [(keys.IPV4, "10.0.0.8"), ("spec.loadBalancerIP", "10.0.0.9"), ("address", "")]
    assert (ANNOTATION, keys.IPV4, considered) == reasons(found.private_ip_address)
    found = frontend(service({**INTERNAL, "azure-load-balancer-internal-subnet": "apps"}))
    assert found.subnet is not None
    assert (ANNOTATION, keys.INTERNAL_SUBNET) == (found.subnet.origin.kind, found.subnet.origin.path)


@pytest.mark.parametrize(
    ("addresses", "ingress", "expected"),
    [
        ({}, (), f"<address of {NAME}>"),
        ({}, ("10.0.0.7",), "10.0.0.7"),
        ({}, ("fd00::7",), f"<address of {NAME}>"),
        ({NAME: "10.0.0.6"}, ("10.0.0.7",), "10.0.0.6"),
    ],
    ids=["not known", "from the status", "other family", "told"],
)
def test_address_of_a_dynamic_frontend(addresses: dict[str, str], ingress: tuple[str, ...], expected: str) -> None:
    assert expected == frontend(service(INTERNAL, ingress_ips=ingress), on(addresses=addresses)).address


def test_dynamic_address_is_sent_along_once_azure_assigned_it() -> None:
    azure = outcome(on(addresses={NAME: "10.0.0.7"}), service(INTERNAL), other(INTERNAL, port(443))).azure
    first, second = snapshot(azure.load_balancers["kubernetes-internal"]).frontend_ip_configurations
    assert {**PRIVATE, "address": "10.0.0.7"} == bare(first)
    assert PRIVATE == bare(second)
    azure = outcome(on(), service(INTERNAL), other(INTERNAL, port(443))).azure
    first, _ = snapshot(azure.load_balancers["kubernetes-internal"]).frontend_ip_configurations
    assert f"<address of {NAME}>" == bare(first)["address"]


# Families


@pytest.mark.parametrize(
    ("families", "cluster_ips", "version", "expected"),
    [
        (("IPv4", "IPv6"), (), str(NEWEST), [NAME, f"{NAME}-IPv6"]),
        (("IPv6", "IPv4"), (), str(NEWEST), [NAME, f"{NAME}-IPv6"]),
        ((), (), str(NEWEST), [NAME]),
        ((), (), "1.30.12", []),
        (("IPv6",), ("10.1.0.1",), "1.27.7", [NAME]),
        (("IPv6",), (), "1.27.7", [NAME]),
        ((), (), "1.27.7", [NAME]),
    ],
    ids=["dual stack", "IPv4 first", "none", "none before 1.30.13", "by the cluster IP", "by the first family", "none before dual stack"],
)  # fmt: skip
def test_families(families: tuple[str, ...], cluster_ips: tuple[str, ...], version: str, expected: list[str]) -> None:
    given = service(ip_families=families, cluster_ips=cluster_ips)
    found = balancer(derive(given, on(version))).frontend_ip_configurations
    assert expected == [each.name.value for each in found]


@pytest.mark.parametrize(
    ("families", "cluster_ips", "expected"),
    [
        (("IPv6",), (), "IPv6"), (("IPv6", "IPv4"), (), "IPv6"), (("IPv4", "IPv6"), (), "IPv4"), ((), (), "IPv4"),
        (("IPv6",), ("10.1.0.1", "fd00::1"), "IPv4"), (("IPv4",), ("fd00::1", "10.1.0.1"), "IPv6"),
    ],
)  # fmt: skip
def test_before_dual_stack_the_first_cluster_ip_decides_else_the_first_family(
    families: tuple[str, ...], cluster_ips: tuple[str, ...], expected: str
) -> None:
    given = service(INTERNAL, ip_families=families, cluster_ips=cluster_ips)
    assert expected == bare(frontend(given, on("1.27.7"))).get("version", "IPv4")


# Shared addresses

SHARED_CLUSTER = on(existing_public_ips=PIPS, addresses=BOTH_ADDRESSES)


@pytest.mark.parametrize(
    ("first", "second", "version", "shared"),
    [
        (service(SHARED), other(SHARED, port(443)), str(NEWEST), True),
        (service(SHARED), other({"azure-pip-name": "PIP"}, port(443)), "1.25.21", True),
        (service(SHARED), other(SHARED, port(443)), "1.25.15", False),
        (service(SHARED), other({"azure-load-balancer-ipv4": "20.1.2.3"}, port(443)), str(NEWEST), True),
        (service(SHARED), other(None, port(443), load_balancer_ip="20.1.2.3"), "1.23.0", True),
        (service(), other(None, port(443), load_balancer_ip="20.0.0.1"), str(NEWEST), True),
        (service(), other(None, port(443)), str(NEWEST), False),
        (service(INTERNAL, load_balancer_ip="10.0.0.9"), other(INTERNAL, port(443), load_balancer_ip="10.0.0.9"), str(NEWEST), True),
        (service(INTERNAL, load_balancer_ip="10.0.0.9"), other({**INTERNAL, "azure-load-balancer-ipv4": "10.0.0.9"}, port(443)), str(NEWEST), True),
        (service(INTERNAL, load_balancer_ip="10.0.0.9"), other(INTERNAL, port(443), load_balancer_ip="10.0.0.8"), str(NEWEST), False),
        (service(INTERNAL), other(INTERNAL, port(443)), str(NEWEST), False),
    ],
    ids=[
        "public IP by name", "name in another case, refused later", "by name before 1.25.16", "by annotation",
        "by loadBalancerIP", "of a managed public IP", "nothing asked for", "private address", "private by annotation",
        "another private address", "internal without address",
    ],
)  # fmt: skip
def test_services_that_ask_for_the_same_address_share_a_frontend(
    first: Service, second: Service, version: str, shared: bool
) -> None:  # fmt: skip
    cluster = on(version, existing_public_ips=PIPS, addresses=BOTH_ADDRESSES)
    found = balancer(last(cluster, first, second))
    assert [NAME if shared else OTHER_NAME] == [each.name.value for each in found.frontend_ip_configurations]
    assert [f"{OTHER_NAME}-TCP-443"] == [rule.name.value for rule in found.load_balancing_rules]


def test_public_ips_of_one_name_in_two_groups_are_two() -> None:
    elsewhere = {**SHARED, "azure-load-balancer-resource-group": "other"}
    twins = (PIPS[0], ExistingPublicIP("pip", "20.1.2.4", resource_group="OTHER"))
    found = outcome(on(existing_public_ips=twins), service(SHARED), other(elsewhere)).derivations
    assert [None, None] == [each.refusal for each in found]
    served = [(each.name.value, each.address) for one in found for each in balancer(one).frontend_ip_configurations]
    assert [(NAME, "20.1.2.3"), (OTHER_NAME, "20.1.2.4")] == served


def test_dual_stack_shares_family_by_family() -> None:
    cluster = on(existing_public_ips=PIPS)
    first = ipv6({"azure-pip-name-ipv6": "six"})
    second = dual(
        {"azure-pip-name": "pip", "azure-pip-name-ipv6": "six"},
        port(443),
        name="other",
        uid="b1111111-1111-4111-8111-111111111111",
    )
    found = balancer(last(cluster, first, second)).frontend_ip_configurations
    assert [OTHER_NAME, NAME] == [each.name.value for each in found]


CONFLICT = (
    "checkLoadBalancerResourcesConflicts: service port web is trying to consume the port 80 which is being referenced by"
    f" an existing loadBalancing rule {NAME}-TCP-80 with the same protocol Tcp and frontend IP config with ID"
    " /subscriptions/subscription/resourceGroups/rg/providers/Microsoft.Network/loadBalancers/kubernetes"
    f"/frontendIPConfigurations/{NAME}"
)


@pytest.mark.parametrize(
    "annotations", [SHARED, {**SHARED, "port_80_no_lb_rule": "true"}], ids=["same port", "even without a rule"]
)
def test_e6_port_that_another_service_has(annotations: dict[str, str]) -> None:
    found = refusal(other(annotations, port(443), port(80, name="web")), SHARED_CLUSTER, service(SHARED))
    assert (CONFLICT, LOAD_BALANCER_STAGE, "spec.ports[1].port") == (found.message, found.stage, found.origin.path)


@pytest.mark.parametrize(
    ("version", "asked", "frontend_of_rules"),
    [(NOW, 443, NAME), ("1.32.8", 443, OTHER_NAME), (NOW, 80, None), ("1.32.8", 80, OTHER_NAME)],
)
def test_a_public_ip_that_turns_ipv6_takes_the_rules_along(
    version: str, asked: int, frontend_of_rules: str | None
) -> None:
    """The new frontend of an IPv6 Service makes the public IP of an IPv4 one IPv6: then it shares that frontend."""
    cluster = on(version, existing_public_ips=PIPS, addresses=BOTH_ADDRESSES)
    before, after = (
        ipv6(named, port(asked), name="other", uid="b1111111-1111-4111-8111-111111111111") for named in (None, SHARED)
    )
    found = last(cluster, service(SHARED), before, after)
    if frontend_of_rules is None:
        assert found.refusal is not None
        assert found.refusal.code is refusals.FRONTEND_PORT_TAKEN
        return
    assert [frontend_of_rules] == [rule.frontend.value for rule in balancer(found).load_balancing_rules]


@pytest.mark.parametrize(
    ("second", "cluster"),
    [
        (other(SHARED, port(80, protocol="UDP")), SHARED_CLUSTER),
        (other(SHARED, port(81)), SHARED_CLUSTER),
        (service(SHARED, port(80)), SHARED_CLUSTER),
        (other(None, port(80)), SHARED_CLUSTER),
    ],
    ids=["other protocol", "other port", "the same Service again", "other frontend"],
)
def test_no_conflict(second: Service, cluster: Cluster) -> None:
    assert last(cluster, service(SHARED), second).refusal is None
