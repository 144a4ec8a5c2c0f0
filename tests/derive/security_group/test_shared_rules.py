"""The security group since 1.29.0: names by content, rules that Services share, priorities, and what is cleaned up."""

from collections.abc import Mapping
from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.derive.security_group.shared_rules import allow_rule_name
from kubectl_akslb.model.cluster import NODE_IP, Cluster, ExistingPublicIP, Node
from kubectl_akslb.model.derivation import SECURITY_GROUP_STAGE
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.provenance import ANNOTATION, PROVIDER, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, SCTP, IPFamily, Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import last, outcome, reasons, security_rules
from tests.given.services import (
    BOTH_ADDRESSES,
    INTERNAL,
    NAME,
    OTHER_ADDRESS,
    PUBLIC_ADDRESS,
    dual,
    on,
    other,
    port,
    service,
    udp,
)

NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
SHARED_BEFORE = {"azure-shared-securityrule": "true"}
DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
NODES = (Node("n1", ("10.0.0.4", "fd00::4")), Node("n2", ("10.0.0.5",)))
BOTH = on(addresses=BOTH_ADDRESSES, nodes=NODES)
PIP = {"azure-pip-name": "pip"}
ONE_ADDRESS = on(existing_public_ips=(ExistingPublicIP("pip", "20.1.2.3"),), nodes=NODES)
TCP_80 = "k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77"
TCP_80_443 = "k8s-azure-lb_allow_IPv4_556f7044ec033071ec0dfcf7cd85bc93"


def group(cluster: Cluster, *services: Service) -> Mapping[str, SecurityRule]:
    return outcome(cluster, *services).azure.security_rules


def shown(rule: SecurityRule) -> str:
    """A rule as ``500 Allow Tcp Internet > 20.0.0.1:80``."""
    parts = (rule.sources.value, rule.destinations.value, rule.destination_ports.value)
    sources, destinations, ports = (",".join(part) for part in parts)
    return f"{rule.priority.value} {rule.access.value} {rule.protocol.value} {sources} > {destinations} : {ports}"


def written(cluster: Cluster, *services: Service) -> list[str]:
    return [shown(rule) for rule in group(cluster, *services).values()]


# Names


@pytest.mark.parametrize(
    ("protocol", "family", "sources", "ports", "name"),
    [
        ("Tcp", IPV4, ("Internet",), ("80", "443"), TCP_80_443),
        ("Tcp", IPV6, ("Internet",), ("80", "443"), "k8s-azure-lb_allow_IPv6_556f7044ec033071ec0dfcf7cd85bc93"),
        ("Tcp", IPV4, ("Internet",), ("80",), TCP_80),
        ("Udp", IPV4, ("Internet",), ("53",), "k8s-azure-lb_allow_IPv4_eacf5e21d4ad7b5345009ad51af9d388"),
        ("Tcp", IPV4, ("192.168.0.0/16", "10.0.0.0/8"), ("443",), "k8s-azure-lb_allow_IPv4_7462e4897a4aa356e879012239f036bf"),
        ("Tcp", IPV4, ("AzureCloud",), ("443",), "k8s-azure-lb_allow_IPv4_fc9452f963d21d02450793d2be16b88f"),
    ],
)  # fmt: skip
def test_names_are_hashes_of_the_content(
    protocol: str, family: IPFamily, sources: tuple[str, ...], ports: tuple[str, ...], name: str
) -> None:  # fmt: skip
    assert name == allow_rule_name(protocol, family, sources, ports)


def test_name_does_not_need_the_uid() -> None:
    assert [TCP_80_443] == [rule.name.value for rule in security_rules(service(None, port(80), port(443), uid=None))]


# Rules


@pytest.mark.parametrize(
    ("given", "settings", "expected"),
    [
        (service(None, port(80), port(443), udp(53)), {}, [
            "500 Allow Tcp Internet > 20.0.0.1 : 443,80", "501 Allow Udp Internet > 20.0.0.1 : 53",
        ]),
        (service(None, udp(53), port(80)), {}, [
            "500 Allow Tcp Internet > 20.0.0.1 : 80", "501 Allow Udp Internet > 20.0.0.1 : 53",
        ]),
        (service({**INTERNAL, "azure-allowed-ip-ranges": "0.0.0.0/0"}, port(80, protocol=SCTP)), {"addresses": {NAME: "10.0.0.9"}}, [
            "500 Allow * 0.0.0.0/0 > 10.0.0.9 : 80",
        ]),
        (service({"port_80_no_lb_rule": "true"}), {}, ["500 Allow Tcp Internet > 20.0.0.1 : 80"]),
        (service({"azure-load-balancer-enable-high-availability-ports": "true", **INTERNAL, "azure-allowed-ip-ranges": "0.0.0.0/0"}), {"addresses": {NAME: "10.0.0.9"}}, [
            "500 Allow Tcp 0.0.0.0/0 > 10.0.0.9 : 80",
        ]),
        (service({"azure-additional-public-ips": "20.7.7.7,2603::7"}), {}, [
            "500 Allow Tcp Internet > 20.0.0.1,20.7.7.7 : 80", "501 Allow Tcp Internet > 2603::7 : 80",
        ]),
        (service(DENY, load_balancer_source_ranges=("10.0.0.0/8",)), {}, [
            "500 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 80", "4095 Deny * * > 20.0.0.1 : *",
        ]),
        (service({"azure-allowed-service-tags": "Sql,Storage"}, load_balancer_source_ranges=("10.0.0.0/8", "172.16.0.0/12")), {}, [
            "500 Allow Tcp Sql > 20.0.0.1 : 80", "501 Allow Tcp Storage > 20.0.0.1 : 80",
            "502 Allow Tcp 10.0.0.0/8,172.16.0.0/12 > 20.0.0.1 : 80",
        ]),
        (service(NO_FLOATING_IP), {"nodes": NODES}, [
            "500 Allow Tcp Internet > 10.0.0.4,10.0.0.5 : 30080", "501 Allow Tcp Internet > fd00::4 : 30080",
        ]),
        (service(NO_FLOATING_IP), {"nodes": NODES, "pool_type": NODE_IP}, [
            "500 Allow Tcp Internet > 10.0.0.4,10.0.0.5 : 30080",
        ]),
        (service(NO_FLOATING_IP), {"nodes": ()}, []),
        (service(NO_FLOATING_IP), {}, [
            "500 Allow Tcp Internet > <private IPv4 addresses of the nodes> : 30080",
            "501 Allow Tcp Internet > <private IPv6 addresses of the nodes> : 30080",
        ]),
        (service(NO_FLOATING_IP), {"pool_type": NODE_IP}, ["500 Allow Tcp Internet > <private IPv4 addresses of the nodes> : 30080"]),
        (service(None, uid=None), {"addresses": {}}, ["500 Allow Tcp Internet > <address of kubernetes-a<uid of shop/web>> : 80"]),
        (service({"azure-disable-load-balancer-nsg-rule": "true", **DENY}, load_balancer_source_ranges=("10.0.0.0/8",)), {}, []),
        (service({**INTERNAL, "azure-load-balancer-ipv4": "10.0.0.400", "azure-allowed-ip-ranges": "0.0.0.0/0"}), {}, []),
    ],
    ids=[
        "one rule per protocol, ports as text", "TCP first", "SCTP is any protocol", "no_lb_rule does not close the port",
        "HA ports opens only the Service's ports", "additional addresses", "deny-all", "one rule per tag and one for all ranges",
        "nodes without floating IP", "families that have a pool", "no nodes", "unknown nodes", "unknown nodes of a pool",
        "unknown address", "no rules asked for", "address that cannot be read",
    ],
)  # fmt: skip
def test_rules(given: Service, settings: dict[str, Any], expected: list[str]) -> None:
    assert expected == written(on(**settings), given)


def test_dual_stack_has_rules_for_both_families() -> None:
    cluster = on(addresses={f"kubernetes-{NAME}": PUBLIC_ADDRESS, f"kubernetes-{NAME}-IPv6": "2603::1"})
    given = dual(DENY, load_balancer_source_ranges=("10.0.0.0/8", "2001:db8::/32"))
    assert [
        "500 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 80", "501 Allow Tcp 2001:db8::/32 > 2603::1 : 80",
        "4095 Deny * * > 20.0.0.1 : *", "4094 Deny * * > 2603::1 : *",
    ] == written(cluster, given)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "version", "forms"),
    [
        (service(), str(NEWEST), (True, True, False)),
        (service(), "1.29.6", (True, False, False)),
        (service({"azure-additional-public-ips": "20.7.7.7"}), str(NEWEST), (True, False, False)),
        (service(load_balancer_source_ranges=("10.0.0.0/8", "172.16.0.0/12")), str(NEWEST), (False, True, False)),
    ],
    ids=["one of each", "destinations were always a list", "two destinations", "two sources"],
)
def test_single_or_plural_fields(given: Service, version: str, forms: tuple[bool, bool, bool]) -> None:
    rule = security_rules(given, on(version))[0]
    assert forms == (rule.single_source, rule.single_destination, rule.single_port)


def test_deny_rule_has_a_single_port() -> None:
    rule = security_rules(service(DENY, load_balancer_source_ranges=("10.0.0.0/8",)))[1]
    assert ("k8s-azure-lb_deny-all_IPv4", True, True) == (rule.name.value, rule.single_port, rule.single_source)


def test_rules_tell_where_they_come_from() -> None:
    rule = security_rules(service({"azure-allowed-service-tags": "Sql"}, port(80), port(443)))[0]
    assert (ANNOTATION, keys.ALLOWED_SERVICE_TAGS) == (rule.sources.origin.kind, rule.sources.origin.path)
    ports = rule.destination_ports.origin
    assert ("spec.ports[0].port, spec.ports[1].port", "443, 80") == (ports.path, ports.raw)
    assert (PROVIDER, "destinations") == (rule.destinations.origin.kind, rule.destinations.origin.path)
    assert (behaviours.SHARED_NSG_RULES.note,) == rule.name.notes
    assert rule.priority.notes
    nodes = security_rules(service(NO_FLOATING_IP))[0].destinations
    assert (ANNOTATION, keys.DISABLE_FLOATING_IP, [(keys.DISABLE_FLOATING_IP, "true")]) == reasons(nodes)
    assert isinstance(nodes.value[0], Placeholder)


# Sequences of Services


def test_services_with_the_same_ports_and_sources_share_a_rule() -> None:
    rules = group(BOTH, service(), other())
    assert ["500 Allow Tcp Internet > 20.0.0.1,20.0.0.2 : 80"] == [shown(rule) for rule in rules.values()]
    assert ("shop/web", "shop/other") == rules[TCP_80].services
    assert not rules[TCP_80].single_destination


def test_other_ports_or_sources_get_a_rule_of_their_own() -> None:
    assert [
        "500 Allow Tcp Internet > 20.0.0.1 : 80",
        "501 Allow Tcp Internet > 20.0.0.2 : 443",
    ] == written(BOTH, service(), other(None, port(443)))


def test_deny_all_is_shared_too() -> None:
    closed: dict[str, Any] = {"load_balancer_source_ranges": ("10.0.0.0/8",)}
    assert [
        "500 Allow Tcp 10.0.0.0/8 > 20.0.0.1,20.0.0.2 : 80",
        "4095 Deny * * > 20.0.0.1,20.0.0.2 : *",
    ] == written(BOTH, service(DENY, **closed), other(DENY, **closed))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (str(NEWEST), ["500 Allow Tcp Internet > 20.1.2.3 : 80", "501 Allow Tcp Internet > 20.1.2.3 : 443"]),
        ("1.29.4", ["501 Allow Tcp Internet > 20.1.2.3 : 443"]),
    ],
)
def test_service_on_the_same_address_keeps_its_ports(version: str, expected: list[str]) -> None:
    cluster = on(version, existing_public_ips=(ExistingPublicIP("pip", "20.1.2.3"),), nodes=NODES)
    assert expected == written(cluster, service(PIP), other(PIP, port(443)))


def test_rule_that_another_service_needs_in_part_is_split() -> None:
    """Port 80 of the rule for 80 and 443 is needed by the first Service, which has no load-balancing rule for it."""
    first = other({**PIP, "port_80_no_lb_rule": "true"})
    services = first, service(PIP, port(80), port(443)), service(PIP, port(443))
    assert [
        "500 Allow Tcp Internet > 20.1.2.3 : 80",
        "502 Allow Tcp Internet > 20.1.2.3 : 443",
    ] == written(ONE_ADDRESS, *services)


def test_rule_of_tags_is_split_too() -> None:
    tagged = {**PIP, "azure-allowed-service-tags": "Sql"}
    first = other({**PIP, "port_80_no_lb_rule": "true"})
    services = first, service(tagged, port(80), port(443)), service(PIP, port(443))
    assert [
        "500 Allow Tcp Internet > 20.1.2.3 : 80",
        "502 Allow Tcp Sql > 20.1.2.3 : 80",
        "503 Allow Tcp Internet > 20.1.2.3 : 443",
    ] == written(ONE_ADDRESS, *services)


def test_nodes_ports_of_other_services_without_floating_ip_stay_open() -> None:
    first, second = service(NO_FLOATING_IP), other(NO_FLOATING_IP, port(443))
    single = BOTH._replace(nodes=(Node("n1", ("10.0.0.4",)),))
    assert [
        "500 Allow Tcp Internet > 10.0.0.4 : 30080", "501 Allow Tcp Internet > 10.0.0.4 : 30443",
    ] == written(single, first, second)  # fmt: skip


@pytest.mark.parametrize("version", ["1.28.9", "1.29.4", str(NEWEST)])
@pytest.mark.parametrize("annotations", [{}, SHARED_BEFORE])
def test_unknown_node_ports_of_several_services_are_not_one(version: str, annotations: dict[str, str]) -> None:
    """Each Service gets what it gets where its node ports are written, and they differ."""
    asked = NO_FLOATING_IP | annotations
    cluster = on(version, addresses=BOTH_ADDRESSES, nodes=NODES)
    known = written(cluster, service(asked), other(asked, port()._replace(node_port=30081)))
    unallocated = port()._replace(node_port=None)
    unknown = written(cluster, service(asked, unallocated), other(asked, unallocated))
    assert known == [
        text.replace("<nodePort of 80 of shop/web>", "30080").replace("<nodePort of 80 of shop/other>", "30081")
        for text in unknown
    ]


def test_service_that_changes_its_sources_leaves_the_old_rule() -> None:
    closed = service(load_balancer_source_ranges=("10.0.0.0/8",))
    # The rule that lost its last destination goes at the end: until then it keeps its priority.
    assert ["501 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 80"] == written(BOTH, service(), closed)
    assert [
        "500 Allow Tcp Internet > 20.0.0.2 : 80", "501 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 80",
    ] == written(BOTH, service(), other(), closed)  # fmt: skip


def test_service_that_denies_no_longer_leaves_the_deny_rule() -> None:
    closed: dict[str, Any] = {"load_balancer_source_ranges": ("10.0.0.0/8",)}
    assert ["500 Allow Tcp 10.0.0.0/8 > 20.0.0.1 : 80"] == written(BOTH, service(DENY, **closed), service(**closed))


def test_service_that_comes_back_is_listed_once() -> None:
    rules = group(BOTH, service(), other(), service())
    assert [("shop/web", "shop/other")] == [rule.services for rule in rules.values()]


def test_many_services_on_the_nodes_are_listed_once_each() -> None:
    """Each splits the rules that others need in part, and the parts go to rules that stand."""
    unnumbered = [port(number)._replace(node_port=None) for number in (443, 9090, 9000, 80)]
    chosen = [unnumbered[:3], unnumbered[1:3], unnumbered[3:], unnumbered[1:]]
    services = [
        service(NO_FLOATING_IP, *chosen[number % 4], name=f"web-{number}", uid=f"{number:08x}") for number in range(16)
    ]
    for rule in group(on(), *services).values():
        assert len(rule.services) == len(set(rule.services))


def test_address_that_no_finished_service_has_is_removed() -> None:
    unfinished = service({"azure-pls-create": "true"})
    assert ["500 Allow Tcp Internet > 20.0.0.2 : 80"] == written(BOTH, unfinished, other())
    older = on("1.30.18", addresses=BOTH_ADDRESSES)
    assert ["500 Allow Tcp Internet > 20.0.0.1,20.0.0.2 : 80"] == written(older, unfinished, other())


def test_a_rule_for_all_ports_stays_where_a_service_beside_it_needs_its_protocol() -> None:
    """The provider takes no destination out of a rule for "*", as soon as a port of its protocol is needed there."""
    shared = {**INTERNAL, "azure-load-balancer-ipv4": "10.0.0.9"}
    closed = {**shared, **DENY, "azure-allowed-ip-ranges": "10.0.0.0/8"}
    sctp = other({**shared, "azure-load-balancer-enable-high-availability-ports": "true"}, port(5000, protocol="SCTP"))
    deny = "4095 Deny * * > 10.0.0.9 : *"
    assert deny in written(on(), sctp, service(closed))
    assert [deny] == written(on(), sctp, service(closed), service(shared))
    assert deny not in written(on(), service(closed), service(shared))


# Limits


def many(count: int) -> Service:
    return service(
        load_balancer_source_ranges=tuple(f"10.{index // 128}.{index % 128 * 2}.0/24" for index in range(count))
    )


def test_e19_too_many_sources() -> None:
    assert 4000 == len(security_rules(many(4000))[0].sources.value)
    derivation = derive(many(4001), on())
    assert derivation.refusal is not None
    head = "unable to apply access control configuration to security group: exceeds the maximum number of"
    assert (f"{head} source IP addresses (4001 > 4000)", SECURITY_GROUP_STAGE) == (
        derivation.refusal.message,
        derivation.refusal.stage,
    )


def test_e19_too_many_rules() -> None:
    derivation = derive(service({"azure-allowed-service-tags": ",".join(f"T{n}" for n in range(1001))}), on())
    assert derivation.refusal is not None
    assert derivation.refusal.message.endswith("exceeds the maximum number of rules (1001 > 1000)")


def test_e19_too_many_destinations() -> None:
    addresses = ",".join(f"30.{n // 250}.{n % 250}.1" for n in range(4001))
    derivation = derive(service({"azure-additional-public-ips": addresses}), on())
    assert derivation.refusal is not None
    assert derivation.refusal.message.endswith("exceeds the maximum number of destination IP addresses (4002 > 4000)")


def test_e19_priorities_run_out() -> None:
    derivation = derive(service({"azure-allowed-service-tags": ",".join(f"T{n}" for n in range(3597))}), on())
    assert derivation.refusal is not None
    assert "security rule priority exhausted" == derivation.refusal.message


def test_refused_group_stays_as_it_was() -> None:
    found = last(BOTH, service(), many(4001)._replace(name="other", uid="b"))
    assert found.refusal is not None
    assert () == found.security_rules
    assert ["500 Allow Tcp Internet > 20.0.0.1 : 80"] == written(
        BOTH, service(), many(4001)._replace(name="o", uid="b")
    )
    assert OTHER_ADDRESS not in str(group(BOTH, service()))
