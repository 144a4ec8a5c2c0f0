"""What stands in Azure between two Services: load balancers with their indexes, public IPs, and their addresses."""

import sys

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.reconcile import derive_on
from kubectl_akslb.derive.security_group.shared_rules import allow_rule_name
from kubectl_akslb.derive.state.azure import Azure, assigned_address
from kubectl_akslb.model.cluster import Cluster, ExistingPublicIP, Node
from kubectl_akslb.model.provenance import CLUSTER_SETTING, PROVIDER, SPEC, Placeholder
from kubectl_akslb.model.service import IPV4, Service
from tests.given.derived import outcome, reasons, snapshot
from tests.given.services import BOTH_ADDRESSES, INTERNAL, NAME, OTHER_NAME, on, other, port, service

CLUSTER = on(addresses=BOTH_ADDRESSES)
PIPS = (ExistingPublicIP("Pip", "20.1.2.3"), ExistingPublicIP("far", "20.1.2.3", resource_group="Net"))


# Load balancers


def test_rules_are_found_by_frontend_protocol_and_port() -> None:
    state = outcome(CLUSTER, service(None, port(80)), other(None, port(443))).azure.load_balancers["kubernetes"]
    found = [state.rule_on(NAME, protocol, number) for protocol, number in (("TCP", 80), ("UDP", 80), ("TCP", 443))]
    assert [f"{NAME}-TCP-80", None, None] == [rule.name.value if rule else None for rule in found]
    assert [f"{OTHER_NAME}-TCP-443"] == [rule.name.value for rule in state.rules_of(OTHER_NAME)]
    assert [OTHER_NAME] == [frontend.name.value for frontend in state.frontends_of(OTHER_NAME)]
    assert ([], []) == (state.rules_of("nobody"), state.frontends_of("nobody"))


def test_frontend_is_found_by_its_public_ip_and_the_group_of_that() -> None:
    state = outcome(CLUSTER, service()).azure.load_balancers["kubernetes"]
    group, name = CLUSTER.resource_group.lower(), f"kubernetes-{NAME}"
    found = [state.frontend_of(key) for key in ((group, name), (group, "other"), ("other", name))]
    assert [NAME, None, None] == [frontend.name.value if frontend else None for frontend in found]


def test_frontend_that_is_taken_off_takes_its_rules_along() -> None:
    azure = outcome(CLUSTER, service(), other(None, port(443))).azure
    state = azure.load_balancers["kubernetes"]
    state.remove_frontend(state.frontends[NAME])
    assert ([OTHER_NAME], [f"{OTHER_NAME}-TCP-443"]) == (list(state.frontends), list(state.rules))
    assert state.rule_on(NAME, "TCP", 80) is None
    assert [] == state.frontends_of(NAME)
    derive_on(service(None, port(8080)), CLUSTER, azure)
    assert [f"{OTHER_NAME}-TCP-443", f"{NAME}-TCP-8080"] == list(state.rules)


def test_snapshot_holds_everything() -> None:
    found = snapshot(outcome(CLUSTER, service(), other(None, port(443))).azure.load_balancers["kubernetes"])
    assert [NAME, OTHER_NAME] == [frontend.name.value for frontend in found.frontend_ip_configurations]
    assert ("kubernetes", "Standard", 1, 2, 2) == (
        found.name.value, found.sku.value, len(found.backend_pools), len(found.probes), len(found.load_balancing_rules),
    )  # fmt: skip


def test_load_balancers_are_listed_by_name() -> None:
    azure = outcome(CLUSTER, service(INTERNAL), other()).azure
    assert ["kubernetes-internal", "kubernetes"] == list(azure.load_balancers)
    assert ["kubernetes", "kubernetes-internal"] == [state.name.value for state in azure.listed()]


# Public IPs


def test_existing_public_ips_are_there_from_the_start_and_not_written() -> None:
    azure = Azure(on(existing_public_ips=PIPS))
    assert ([("rg", "pip"), ("net", "far")], {}) == (list(azure.public_ips), azure.touched)
    found = azure.public_ip("RG", "PIP")
    assert found is not None
    assert (False, None, "Standard") == (found.managed, found.tags, found.sku.value if found.sku else None)
    assert (CLUSTER_SETTING, "existing public IP Pip") == reasons(found.name)[:2]


@pytest.mark.parametrize(
    ("group", "address", "name"), [("rg", "20.1.2.3", "Pip"), ("NET", "20.1.2.3", "far"), ("rg", "20.9.9.9", None)]
)
def test_public_ip_by_address(group: str, address: str, name: str | None) -> None:
    found = Azure(on(existing_public_ips=PIPS)).public_ip_at(group, address)
    assert name == (found.name.value if found else None)


def test_deleted_public_ip_is_gone_by_name_and_by_address() -> None:
    azure = Azure(on(existing_public_ips=(*PIPS, ExistingPublicIP("twin", "20.1.2.3"))))
    azure.delete_public_ip(("rg", "twin"), by="rg")
    assert azure.public_ip_at("rg", "20.1.2.3") == azure.public_ip("rg", "pip")
    azure.delete_public_ip(("rg", "pip"), by="rg")
    assert (None, None) == (azure.public_ip("rg", "pip"), azure.public_ip_at("rg", "20.1.2.3"))


ONE_MORE = ExistingPublicIP("late", "20.4.4.4")
#: A release that deletes a public IP by its group in lower case, and keeps what it has listed of a group.
KEEPING = "1.35.3"


def listing(*groups: str, version: str = KEEPING) -> Azure:
    """An Azure whose provider has listed the public IPs of a group by these spellings."""
    azure = Azure(on(version, existing_public_ips=(*PIPS, ONE_MORE)), at_once=True)
    for group in groups:
        azure.list_public_ips(group)
    return azure


@pytest.mark.parametrize(
    ("listed", "by", "asked", "seen"),
    [
        (("RG",), "rg", "RG", True),
        (("RG",), "RG", "RG", False),
        (("RG", "rg"), "rg", "rg", False),
        (("rg",), "rg", "RG", False),
        ((), "rg", "RG", False),
        (("NET",), "rg", "RG", False),
    ],
    ids=["kept", "forgotten", "other spelling", "listed later", "never listed", "another group"],
)
def test_a_deleted_public_ip_is_seen_in_the_lists_of_other_spellings(
    listed: tuple[str, ...], by: str, asked: str, seen: bool
) -> None:
    azure = listing(*listed)
    azure.delete_public_ip(("rg", "late"), by=by)
    assert seen is (azure.public_ip(asked, "Late") is not None)
    assert seen is (azure.public_ip_at(asked, "20.4.4.4") is not None)
    assert ("rg", "late") not in azure.public_ips


def test_a_missing_public_ip_is_looked_for_anew() -> None:
    azure = listing("RG")
    found = azure.public_ip("RG", "late")
    assert found is not None
    azure.delete_public_ip(("rg", "late"), by="rg")
    azure.put_public_ip("rg", found._replace(name=found.name.with_value("new")))
    assert azure.public_ip("RG", "new") is not None, "which lists the group again"
    assert azure.public_ip("RG", "late") is None


@pytest.mark.parametrize(("version", "at_once"), [("1.25.5", True), (KEEPING, False)])
def test_what_is_not_kept_is_what_stands(version: str, at_once: bool) -> None:
    azure = Azure(on(version, existing_public_ips=PIPS), at_once=at_once)
    azure.list_public_ips("RG")
    azure.delete_public_ip(("rg", "pip"), by="rg")
    assert azure.public_ip("RG", "pip") is None


# Addresses

OWN = f"kubernetes-{NAME}"
ADDITIONAL = {"azure-additional-public-ips": "20.7.7.7, 20.7.7.8"}


@pytest.mark.parametrize(
    ("given", "version", "addresses", "expected", "kind"),
    [
        (service(ingress_ips=("20.5.5.5",)), "IPv4", {OWN: "20.0.0.1"}, "20.0.0.1", CLUSTER_SETTING),
        (service(ingress_ips=("2603::5", "20.5.5.5")), "IPv4", {}, "20.5.5.5", SPEC),
        (service(ingress_ips=("20.5.5.5", "2603::5")), "IPv6", {}, "2603::5", SPEC),
        (service(ADDITIONAL, ingress_ips=("20.7.7.7", "20.7.7.8", "20.5.5.5")), "IPv4", {}, "20.5.5.5", SPEC),
        (service(ingress_ips=("2603::5",)), "IPv4", {}, Placeholder(f"address of {OWN}"), PROVIDER),
    ],
    ids=["told", "status", "status of the family", "not an additional one", "not known"],
)
def test_assigned_address(given: Service, version: str, addresses: dict[str, str], expected: str, kind: str) -> None:
    found = assigned_address(Context(given, on(addresses=addresses)), OWN, version)
    assert (expected, kind) == (found.value, found.origin.kind)


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [(on(nodes=(Node("n", ("10.0.0.4",)),)), 1), (on(), 0), (on(nodes=()), 0)],
    ids=["nodes", "unknown nodes", "no nodes"],
)
def test_addresses_of_nodes_are_claimed(cluster: Cluster, expected: int) -> None:
    assert expected == Azure(cluster).claims_on("10.0.0.4")


def test_who_has_an_address_is_asked_of_the_last_status() -> None:
    azure, given = Azure(on()), service()
    azure.store(given, shares_nodes=True)
    azure.finish(given, ("20.0.0.1",))
    azure.finish(given, ("20.0.0.2",))
    assert ([], [given]) == (azure.services_at(["20.0.0.1"]), azure.services_at(["20.0.0.2"]))
    assert [0, 1] == [azure.claims_on(address) for address in ("20.0.0.1", "20.0.0.2")]
    azure.forget(given)
    assert ([], []) == (azure.services_at(["20.0.0.2"]), azure.services_on_nodes())


def test_names_do_not_need_the_digest_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = allow_rule_name("Tcp", family=IPV4, sources=("Internet",), ports=("80",))
    monkeypatch.setitem(sys.modules, "_md5", None)
    assert expected == allow_rule_name("Tcp", family=IPV4, sources=("Internet",), ports=("80",))
