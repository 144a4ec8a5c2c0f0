"""The steps of one reconcile and of several: what is ignored, where it stops, and what stands then."""

import pytest

from kubectl_akslb.derive.precedence import default, first_of
from kubectl_akslb.derive.reconcile import derive, derive_all, ignored
from kubectl_akslb.model.cluster import BASIC, Cluster
from kubectl_akslb.model.derivation import (
    LOAD_BALANCER_STAGE,
    PRIVATE_LINK_STAGE,
    PUBLIC_IP_STAGE,
    SECURITY_GROUP_STAGE,
    STATUS_STAGE,
)
from kubectl_akslb.model.provenance import CLUSTER_SETTING, SPEC, Derived, Origin, Placeholder
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import balancer, outcome, reasons, refused, text_of
from tests.given.services import BOTH_ADDRESSES, INTERNAL, NAME, on, other, port, service


@pytest.mark.parametrize(
    ("given", "reason", "path"),
    [
        (service(type="ClusterIP"), "type is ClusterIP, not LoadBalancer", "spec.type"),
        (service(type="loadbalancer"), "type is loadbalancer, not LoadBalancer", "spec.type"),
        (service(load_balancer_class=""), "loadBalancerClass '' hands the Service to another controller", "spec.loadBalancerClass"),
    ],
)  # fmt: skip
def test_ignored(given: Service, reason: str, path: str) -> None:
    derivation = derive(given, on())
    assert derivation.ignored is not None
    assert (reason, path) == (derivation.ignored.value, derivation.ignored.origin.path)
    assert (None, (), (), None, ()) == derivation[2:7]


def test_service_of_this_provider_is_not_ignored() -> None:
    assert ignored(service()) is None


@pytest.mark.parametrize(
    ("annotations", "stage", "load_balancer", "security_rules"),
    [
        ({"azure-load-balancer-tcp-idle-timeout": "1"}, LOAD_BALANCER_STAGE, False, False),
        ({"azure-additional-public-ips": ""}, STATUS_STAGE, True, False),
        ({"azure-allowed-service-tags": ",".join(map(str, range(1001)))}, SECURITY_GROUP_STAGE, True, False),
        ({"azure-pls-create": "true"}, PRIVATE_LINK_STAGE, True, True),
    ],
)
def test_steps_before_a_refusal_stand(
    annotations: dict[str, str], stage: str, load_balancer: bool, security_rules: bool
) -> None:  # fmt: skip
    derivation = derive(service(annotations), on())
    assert derivation.refusal is not None
    assert (stage, load_balancer, security_rules) == (
        derivation.refusal.stage,
        derivation.load_balancer is not None,
        bool(derivation.security_rules),
    )
    assert 1 == len(derivation.public_ips), "a public IP is made first"


def test_stages_are_told_apart() -> None:
    stages = (LOAD_BALANCER_STAGE, STATUS_STAGE, SECURITY_GROUP_STAGE, PRIVATE_LINK_STAGE, PUBLIC_IP_STAGE)
    assert 5 == len(set(stages))


@pytest.mark.parametrize(
    ("value", "item"),
    [
        ("", ""),
        ("20.7.7.7, 20.7.7.8", " 20.7.7.8"),
        ("20.7.7.7,", ""),
        ("x", "x"),
        ("20.7.7.7/32", "20.7.7.7/32"),
    ],
)
def test_e18_additional_addresses(value: str, item: str) -> None:
    text = refused(service({"azure-additional-public-ips": value}))
    assert text.startswith(
        f"invalid service annotation {keys.ADDITIONAL_IPS}:{value}: invalid CIDR `{item}`: ParseAddr("
    )


def test_all_events_of_a_refused_service_are_kept() -> None:
    derivation = derive(service({"azure-pls-create": "true"}, load_balancer_source_ranges=("x",)), on())
    assert ["InvalidSourceRanges"] == [event.reason for event in derivation.events]


# Several Services


def test_refused_service_leaves_the_load_balancer_of_others_alone() -> None:
    azure = outcome(on(addresses=BOTH_ADDRESSES), service(), other({"azure-load-balancer-tcp-idle-timeout": "1"})).azure
    assert [NAME] == list(azure.load_balancers["kubernetes"].frontends)
    assert 2 == len(azure.public_ips)


def test_service_that_is_built_again_replaces_its_rules_and_probes() -> None:
    services = service(None, port(80), port(443)), service(None, port(8080))
    state = outcome(on(), *services).azure.load_balancers["kubernetes"]
    assert [f"{NAME}-TCP-8080"] == list(state.rules) == list(state.probes)


def test_services_of_both_kinds_have_two_load_balancers() -> None:
    assert ["kubernetes", "kubernetes-internal"] == list(outcome(on(), service(), other(INTERNAL)).azure.load_balancers)


def test_derivations_come_in_the_order_of_the_services() -> None:
    given = service(), service(type="ClusterIP", name="inside"), other()
    assert ["web", "inside", "other"] == [each.service.name for each in derive_all(given, on()).derivations]


def test_nothing_is_derived_of_nothing() -> None:
    assert ((), {}) == (derive_all((), on()).derivations, derive_all((), on()).azure.load_balancers)


@pytest.mark.parametrize(
    ("sku", "expected"), [("standard", "Standard"), ("Standard", "Standard"), (BASIC, "Basic"), ("", "Basic")]
)
def test_sku_of_the_load_balancer(sku: str, expected: str) -> None:
    found = balancer(derive(service(), on(load_balancer_sku=sku))).sku
    assert (expected, CLUSTER_SETTING) == (found.value, found.origin.kind)


def test_cluster_without_a_given_setting_says_default() -> None:
    cluster = Cluster(NEWEST, on().behaviours)
    found = balancer(derive(service(), cluster))
    assert ("default", "loadBalancerSku", [("loadBalancerSku", "standard")]) == reasons(found.sku)


# The parts of an explanation


def test_first_source_that_is_set_wins_and_all_are_remembered() -> None:
    missing, empty, last = Origin(SPEC, "a", None), Origin(SPEC, "b", ""), default("c", "x")
    found = first_of(missing, empty, last)
    assert ("", empty, (missing, empty, last)) == (found.value, found.origin, found.considered)


def test_last_source_must_be_a_default() -> None:
    text = text_of(lambda: first_of(Origin(SPEC, "a", None)), AssertionError)
    assert "the last source must be a default" == text


def test_derived_keeps_its_reasons() -> None:
    one = Derived("80", Origin(SPEC, "port", "80"), notes=("first",), upstream="f")
    two = one.then(int, "second")
    assert (80, one.origin, one.considered, ("first", "second"), "f") == (
        two.value,
        two.origin,
        two.considered,
        two.notes,
        two.upstream,
    )
    assert Derived(81, two.origin, considered=two.considered, notes=two.notes, upstream="f") == two.with_value(81)
    assert ("first", "third") == one.noting("third").notes
    assert "g" == one.by("g").upstream
    assert "Derived('80' from spec port)" == repr(one)


def test_derived_is_equal_in_value_and_reasons() -> None:
    one = Derived(1, Origin(SPEC, "port", "1"))
    assert one == Derived(1, Origin(SPEC, "port", "1"))
    assert hash(one) == hash(Derived(1, Origin(SPEC, "port", "1")))
    assert one not in (1, Derived(2, one.origin), Derived(1, Origin(SPEC, "other", "1")), one.by("f"))


def test_placeholder_says_what_it_stands_for() -> None:
    assert "<nodePort of 80>" == Placeholder("nodePort of 80")
