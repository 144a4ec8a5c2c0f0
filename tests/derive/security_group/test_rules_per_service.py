"""The security group before 1.29.0: one rule per port and source, named after the Service."""

from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive, derive_on
from kubectl_akslb.model.cluster import Node
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.service import SCTP, Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from tests.given.derived import outcome, reasons, security_rules
from tests.given.services import (
    BOTH_ADDRESSES,
    INTERNAL,
    NAME,
    OTHER_NAME,
    PUBLIC_ADDRESS,
    dual,
    ipv6,
    on,
    other,
    port,
    service,
    udp,
)

NODES = (Node("n1", ("10.0.0.4", "fd00::4")), Node("n2", ("10.0.0.5",)))
NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
SHARED = {"azure-shared-securityrule": "true"}
RANGE: dict[str, Any] = {"load_balancer_source_ranges": ("10.0.0.0/8",)}


def shown(rule: SecurityRule) -> str:
    parts = (rule.sources.value, rule.destinations.value, rule.destination_ports.value)
    sources, destinations, ports = (",".join(part) for part in parts)
    return f"{rule.priority.value} {rule.name.value} {rule.access.value} {rule.protocol.value} {sources} > {destinations} : {ports}"


def written(version: str, *services: Service, **settings: Any) -> list[str]:
    cluster = on(version, **{"addresses": BOTH_ADDRESSES, **settings})
    return [shown(rule) for rule in outcome(cluster, *services).azure.security_rules.values()]


@pytest.mark.parametrize(
    ("given", "version", "settings", "expected"),
    [
        (service(None, port(80), udp(53)), "1.28.4", {}, [
            f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.1 : 80",
            f"501 {NAME}-UDP-53-Internet Allow Udp Internet > 20.0.0.1 : 53",
        ]),
        (service({**INTERNAL}, port(80, protocol=SCTP), load_balancer_ip="10.0.0.9", **RANGE), "1.28.4", {}, [
            f"500 {NAME}-SCTP-80-10.0.0.0_8 Allow * 10.0.0.0/8 > 10.0.0.9 : 80",
        ]),
        (service(DENY, port(80), port(443), **RANGE), "1.28.4", {}, [
            f"500 {NAME}-TCP-80-10.0.0.0_8 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 80",
            f"501 {NAME}-TCP-443-10.0.0.0_8 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 443",
            f"502 {NAME}-TCP-80-deny_all Deny Tcp * > 20.0.0.1 : 80",
            f"503 {NAME}-TCP-443-deny_all Deny Tcp * > 20.0.0.1 : 443",
        ]),
        (service(DENY, port(80), port(443), **RANGE), "1.28.14", {}, [
            f"500 {NAME}-TCP-443-10.0.0.0_8 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 443",
            f"501 {NAME}-TCP-80-10.0.0.0_8 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 80",
            f"4096 {NAME}-TCP-443-deny_all Deny Tcp * > 20.0.0.1 : 443",
            f"4095 {NAME}-TCP-80-deny_all Deny Tcp * > 20.0.0.1 : 80",
        ]),
        (service({"azure-allowed-service-tags": "Sql"}, **RANGE), "1.28.4", {}, [
            f"500 {NAME}-TCP-80-10.0.0.0_8 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 80",
            f"501 {NAME}-TCP-80-Sql Allow Tcp Sql > 20.0.0.1 : 80",
        ]),
        (service(NO_FLOATING_IP), "1.28.4", {"nodes": NODES}, [
            f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > 10.0.0.4,10.0.0.5 : 30080",
        ]),
        (service({**NO_FLOATING_IP, "azure-additional-public-ips": "20.7.7.7"}), "1.28.4", {"nodes": NODES}, [
            f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.1,20.7.7.7 : 30080",
        ]),
        (service({"azure-additional-public-ips": " 20.7.7.7, ,2603::7"}), "1.28.4", {}, [
            f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.1,20.7.7.7 : 80",
        ]),
        (service({"azure-additional-public-ips": "20.7.7.7,2603::7"}), "1.27.7", {}, [
            f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.1,20.7.7.7,2603::7 : 80",
        ]),
        (ipv6(NO_FLOATING_IP), "1.27.7", {"nodes": NODES, "addresses": {f"kubernetes-{NAME}": "2603::1"}}, [
            f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > fd00::4 : 30080",
        ]),
        (service(SHARED), "1.28.4", {}, ["500 shared-TCP-80-Internet Allow Tcp Internet > 20.0.0.1 : 80"]),
        (service({"azure-shared-securityrule": "True"}), "1.28.4", {}, [
            f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.1 : 80",
        ]),
    ],
    ids=[
        "one per port", "SCTP is any protocol", "deny-all per port", "renumbered by name", "one per source",
        "nodes without floating IP", "nodes only for a single destination", "additional addresses of the family",
        "of every family before dual stack", "IPv6 nodes", "shared", "shared in this spelling only",
    ],
)  # fmt: skip
def test_rules(given: Service, version: str, settings: dict[str, Any], expected: list[str]) -> None:
    assert expected == written(version, given, **settings)


def test_dual_stack() -> None:
    addresses = {f"kubernetes-{NAME}": PUBLIC_ADDRESS, f"kubernetes-{NAME}-IPv6": "2603::1"}
    assert [
        f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.1 : 80",
        f"501 {NAME}-TCP-80-Internet-IPv6 Allow Tcp Internet > 2603::1 : 80",
    ] == written("1.28.4", dual(), addresses=addresses)


@pytest.mark.parametrize(
    ("given", "forms"),
    [
        (service(), (True, True)),
        (service({"azure-additional-public-ips": "20.7.7.7"}), (False, True)),
        (service(NO_FLOATING_IP), (False, True)),
        (service(SHARED), (False, True)),
    ],
    ids=["one destination", "two destinations", "nodes", "shared"],
)
def test_single_or_plural_fields(given: Service, forms: tuple[bool, bool]) -> None:
    rule = security_rules(given, on("1.28.4", nodes=NODES))[0]
    assert forms == (rule.single_destination, rule.single_port)


@pytest.mark.parametrize(("annotations", "single"), [({}, True), ({"azure-additional-public-ips": "20.7.7.7"}, False)])
def test_a_denial_has_the_form_of_what_it_denies(annotations: dict[str, str], single: bool) -> None:
    allow, deny = security_rules(service({**DENY, **annotations}, **RANGE), on("1.28.4"))
    assert ("Allow", "Deny") == (allow.access.value, deny.access.value)
    assert (single, single) == (allow.single_destination, deny.single_destination)
    assert (True, True) == (allow.single_port, deny.single_port)


def test_a_rule_in_the_other_form_is_written_anew() -> None:
    azure = outcome(on("1.28.4"), service()).azure
    (rule,) = azure.security_rules.values()
    azure.security_group.put(rule._replace(single_destination=False))
    assert derive_on(service(), on("1.28.4"), azure).security_rules[0].single_destination


def test_name_of_a_shared_rule_comes_from_the_annotation() -> None:
    found = security_rules(service(SHARED), on("1.28.4"))[0].name
    assert [keys.SHARED_SECURITY_RULE, "metadata.uid"] == [path for path, _ in reasons(found)[2]]
    assert "metadata.uid" == security_rules(service(), on("1.28.4"))[0].name.origin.path


def test_priorities_say_how_they_were_found() -> None:
    note = "the lowest free priority from 500 on; rules that others added take theirs first"
    given = service(None, port(80), port(443))
    assert (note,) == security_rules(given, on("1.28.4"))[0].priority.notes
    assert (behaviours.RENUMBERED_NSG_PRIORITIES.note,) == security_rules(given, on("1.28.14"))[0].priority.notes


# Sequences


def test_services_take_the_next_priorities() -> None:
    assert [
        f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.1 : 80",
        f"501 {OTHER_NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.2 : 80",
    ] == written("1.28.4", service(), other())


def test_shared_rule_collects_destinations() -> None:
    assert ["500 shared-TCP-80-Internet Allow Tcp Internet > 20.0.0.1,20.0.0.2 : 80"] == written(
        "1.28.4", service(SHARED), other(SHARED), service(SHARED)
    )


def test_service_that_comes_back_replaces_its_rules() -> None:
    assert [
        f"501 {OTHER_NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.2 : 80",
        f"500 {NAME}-TCP-80-10.0.0.0_8 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 80",
    ] == written("1.28.4", service(), other(), service(**RANGE))


def test_one_rule_is_not_renumbered() -> None:
    assert [f"500 {NAME}-TCP-80-Internet Allow Tcp Internet > 20.0.0.1 : 80"] == written("1.28.14", service())


# Refusals


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (service({"azure-additional-public-ips": "x"}), "x is not a valid IP address"),
        (service({"azure-allowed-service-tags": ",".join(f"T{n}" for n in range(3597))}), "securityGroup priorities are exhausted"),
        (service({"port_80_no_lb_rule": "true"}, port(80, protocol="DCCP")), "only TCP, UDP and SCTP are supported for Azure LoadBalancers"),
    ],
)  # fmt: skip
def test_refused(given: Service, message: str) -> None:
    derivation = derive(given, on("1.28.4"))
    assert derivation.refusal is not None
    assert message == derivation.refusal.message


def test_protocol_without_a_rule_is_refused_by_the_newer_group_too() -> None:
    derivation = derive(service({"port_80_no_lb_rule": "true"}, port(80, protocol="DCCP")), on())
    assert derivation.refusal is not None
    assert ("unsupported protocol DCCP", "spec.ports[0].protocol") == (
        derivation.refusal.message,
        derivation.refusal.origin.path,
    )


@pytest.mark.parametrize(("version", "nodes"), [("1.24.4", ("10.0.0.4", "fd00::4")), ("1.24.5", ("10.0.0.4",))])
def test_without_floating_ip_the_nodes_of_both_families_were_opened(version: str, nodes: tuple[str, ...]) -> None:
    cluster = on(version, nodes=(Node("one", ("10.0.0.4", "fd00::4")),))
    (rule,) = security_rules(service({"azure-disable-load-balancer-floating-ip": "true"}), cluster)
    assert nodes == rule.destinations.value
