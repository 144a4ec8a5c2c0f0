"""A Service that is reconciled again after an edit: what it had is changed, moved or given up."""

import pytest

from kubectl_akslb.model.derivation import Event
from kubectl_akslb.provider import refusals
from tests.given.derived import outcome
from tests.given.services import BOTH_ADDRESSES, INTERNAL, NAME, on, port, service

CLUSTER = on(addresses=BOTH_ADDRESSES)
SUBNET = {**INTERNAL, "azure-load-balancer-internal-subnet": "apps"}


def test_service_that_turns_internal_leaves_the_public_load_balancer_and_its_public_ip() -> None:
    azure = outcome(CLUSTER, service(), service(INTERNAL)).azure
    assert ["kubernetes-internal"] == list(azure.load_balancers)
    assert {} == azure.public_ips


def test_service_that_turns_public_leaves_the_internal_load_balancer() -> None:
    azure = outcome(CLUSTER, service(INTERNAL), service()).azure
    assert ["kubernetes"] == list(azure.load_balancers)


def test_other_subnet_makes_a_new_frontend_that_keeps_its_address() -> None:
    cluster = on(addresses={NAME: "10.0.0.8"})
    (frontend,) = (
        outcome(cluster, service(INTERNAL), service(SUBNET))
        .azure.load_balancers["kubernetes-internal"]
        .frontends.values()
    )
    assert frontend.private_ip_allocation_method is not None
    assert (f"{NAME}-apps", "Static") == (frontend.name.value, frontend.private_ip_allocation_method.value)
    assert frontend.private_ip_address is not None
    assert "10.0.0.8" == frontend.private_ip_address.value


def test_address_was_not_kept_before_1_23_6() -> None:
    cluster = on("1.23.5", addresses={NAME: "10.0.0.8"})
    (frontend,) = (
        outcome(cluster, service(INTERNAL), service(SUBNET))
        .azure.load_balancers["kubernetes-internal"]
        .frontends.values()
    )
    assert frontend.private_ip_address is None


def test_other_ip_tags_replace_the_public_ip_and_its_frontend_goes_with_it() -> None:
    first, second = ({"azure-pip-ip-tags": f"RoutingPreference={value}"} for value in ("Internet", "Other"))
    azure = outcome(CLUSTER, service(first), service(second)).azure
    assert {} == azure.load_balancers["kubernetes"].frontends
    (address,) = azure.public_ips.values()
    assert address.ip_tags is not None
    assert (("RoutingPreference", "Other"),) == address.ip_tags.value


@pytest.mark.parametrize(("version", "probes"), [("1.32.3", 1), ("1.32.4", 0)])
def test_shared_probe_goes_with_the_last_service_that_turns_local(version: str, probes: int) -> None:
    cluster = on(version, probe_mode="shared", addresses=BOTH_ADDRESSES)
    local = service(external_traffic_policy="Local", health_check_node_port=32000)
    azure = outcome(cluster, service(), local).azure
    names = [name for name in azure.load_balancers["kubernetes"].probes if name.startswith("cluster")]
    assert probes == len(names)


def test_rule_that_changes_loses_its_priority_before_1_29() -> None:
    cluster = on("1.25.23", addresses=BOTH_ADDRESSES)
    first = service({}, port(80), port(443))
    azure = outcome(cluster, first, service({}, port(443), port(80), load_balancer_source_ranges=("10.0.0.0/8",))).azure
    assert {f"{NAME}-TCP-443-10.0.0.0_8": 500, f"{NAME}-TCP-80-10.0.0.0_8": 501} == {
        name: rule.priority.value for name, rule in azure.security_rules.items()
    }


def test_edit_that_changes_nothing_sends_nothing_back() -> None:
    azure = outcome(on(addresses={NAME: "10.0.0.8"}), service(INTERNAL), service(INTERNAL)).azure
    (frontend,) = azure.load_balancers["kubernetes-internal"].frontends.values()
    assert frontend.private_ip_address is None


def test_bad_additional_address_is_refused_before_anything_changes() -> None:
    result = outcome(CLUSTER, service(), service({"azure-additional-public-ips": "x"}, port(81)))
    refusal = result.derivations[-1].refusal
    assert refusal is not None
    assert "invalid CIDR `x`" in refusal.message
    assert [f"{NAME}-TCP-80"] == list(result.azure.load_balancers["kubernetes"].rules)


def test_nothing_is_built_for_a_service_without_families_before_1_30_13() -> None:
    bare = service(ip_families=(), cluster_ips=())
    before = outcome(on("1.30.12"), bare)
    assert {} == before.azure.load_balancers
    refusal = before.derivations[-1].refusal
    assert refusal is not None
    assert refusals.NO_ADDRESS_FOR_SECURITY_RULES is refusal.code
    assert {} == outcome(on("1.30.13"), bare).azure.load_balancers["kubernetes"].pools


def test_no_event_where_nobody_else_needs_the_frontend() -> None:
    events: tuple[Event, ...] = outcome(CLUSTER, service(), service(INTERNAL)).derivations[-1].events
    assert () == events


@pytest.mark.parametrize(("version", "minutes"), [("1.23.3", None), ("1.23.4", 10)])
def test_idle_timeout_that_is_added_is_not_sent_before_1_23_4(version: str, minutes: int | None) -> None:
    cluster = on(version, addresses=BOTH_ADDRESSES)
    azure = outcome(cluster, service(), service({"azure-load-balancer-tcp-idle-timeout": "10"})).azure
    (rule,) = azure.load_balancers["kubernetes"].rules.values()
    found = rule.idle_timeout_in_minutes
    assert minutes == (found.value if found is not None else None)


@pytest.mark.parametrize(("version", "probe"), [("1.23.7", f"{NAME}-TCP-80"), ("1.23.8", f"{NAME}-TCP-32000")])
def test_rule_follows_its_probe_from_1_23_8_on(version: str, probe: str) -> None:
    cluster = on(version, addresses=BOTH_ADDRESSES)
    azure = outcome(cluster, service(), service(external_traffic_policy="Local", health_check_node_port=32000)).azure
    (rule,) = azure.load_balancers["kubernetes"].rules.values()
    assert rule.probe is not None
    assert probe == rule.probe.value
