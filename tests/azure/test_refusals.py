"""What Azure refuses: each row where it comes, and beside it the nearest state where it does not."""

from typing import Any

import pytest

from kubectl_akslb.azure.refusals import _CHECKS, AzureRefusal, Sent
from kubectl_akslb.azure.refused.sent import DOCUMENTED, INFERRED, OBSERVED
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.model.cluster import BASIC, Cluster, ExistingPublicIP, Node
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE, PRIVATE_LINK_STAGE, SECURITY_GROUP_STAGE
from kubectl_akslb.model.outbound_profile import UNKNOWN, USER_DEFINED_ROUTING, OutboundProfile
from kubectl_akslb.model.service import SCTP, Service
from kubectl_akslb.provider.events import ROWS
from tests.given.services import INTERNAL, dual, ipv6, on, other, port, service

NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
HA = {**INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"}
SUBNETS = {"subnet": ("10.224.0.0/24", "fd00::/64"), "apps": ("10.225.0.0/29",)}
PLS = {**INTERNAL, "azure-pls-create": "true"}
LABEL = {"azure-dns-label-name": "web"}
UDR = OutboundProfile(outbound_type=USER_DEFINED_ROUTING)
NODES = tuple(Node(f"n{index}", (f"10.224.1.{index}", f"fd00::{index:x}")) for index in range(1, 5))
OTHER: dict[str, Any] = {"name": "other", "uid": "b" * 32}
SHARED_V6 = on("1.34.1", existing_public_ips=(ExistingPublicIP("pip", "2603::1", "IPv6"),))
UNKNOWN_NODE_PORT = port()._replace(node_port=None)
PREFIX_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/publicIPPrefixes/p"


def at(address: str, **annotations: str) -> Service:
    """An internal Service with a private address."""
    return service({**INTERNAL, "azure-load-balancer-ipv4": address, **annotations})


def ranges(*found: str) -> Service:
    return service(load_balancer_source_ranges=found)


def tagged(count: int) -> dict[str, str]:
    return {"azure-pip-tags": ",".join(f"t{index}=v" for index in range(count))}


def many(count: int, *, name: str, **fields: Any) -> list[Service]:
    """Services with one port each."""
    return [
        service(name=f"{name}{index}", uid=f"{index:08d}-0000-4000-8000-000000000000", **fields)
        for index in range(count)
    ]


def found(cluster: Cluster, *services: Service) -> tuple[AzureRefusal, ...]:
    """Azure's refusals of the last Service."""
    result = derive_all(services, cluster)
    return Sent(result.azure, cluster).refusals(result.derivations[-1])


REFUSED: list[Any] = [
    pytest.param("R-1", SECURITY_GROUP_STAGE, OBSERVED, on("1.29.10"), (ranges("10.0.0.0/8", "10.1.0.0/16"),), id="R-1"),
    pytest.param("R-1", SECURITY_GROUP_STAGE, OBSERVED, on("1.31.0"), (ranges("10.1.0.0/16", "10.0.0.0/8"),), id="R-1 other order"),
    pytest.param("R-2", SECURITY_GROUP_STAGE, OBSERVED, on("1.28.5"), (ranges("10.0.0.1/24"),), id="R-2 host bits"),
    pytest.param("R-2", SECURITY_GROUP_STAGE, INFERRED, on(), (service({"azure-allowed-service-tags": ""}),), id="R-2 empty tag"),
    pytest.param("R-2", SECURITY_GROUP_STAGE, INFERRED, on("1.29.3"), (service({"azure-allowed-service-tags": "Sql, Storage"}),), id="R-2 blank"),
    pytest.param("R-5", SECURITY_GROUP_STAGE, INFERRED, on("1.26.0", addresses={}), (ipv6(load_balancer_source_ranges=("10.0.0.0/8",), ingress_ips=("2603::1",)),), id="R-5"),
    pytest.param("R-6", SECURITY_GROUP_STAGE, OBSERVED, on("1.28.14"), (ranges(*(f"10.{i >> 8}.{i & 255}.0/24" for i in range(1001))),), id="R-6"),
    pytest.param("R-7", SECURITY_GROUP_STAGE, OBSERVED, on("1.28.14", nodes=tuple(Node(f"n{i}", (f"10.1.{i >> 8}.{i & 255}",)) for i in range(900))), (service(NO_FLOATING_IP, *(port(80 + i) for i in range(5))),), id="R-7"),
    pytest.param("R-10", LOAD_BALANCER_STAGE, OBSERVED, on(), (service(INTERNAL), ipv6(HA, port(81), name="third", uid="c" * 32), ipv6(HA, port(82), name="other", uid="b" * 32)), id="R-10"),
    pytest.param("R-11", LOAD_BALANCER_STAGE, OBSERVED, on(), (service({**HA, "azure-load-balancer-ipv4": "10.224.0.9"}), other({**HA, "azure-load-balancer-ipv4": "10.224.0.9"}, port(81))), id="R-11"),
    pytest.param("R-15", LOAD_BALANCER_STAGE, OBSERVED, on(), (service(None, UNKNOWN_NODE_PORT, allocate_load_balancer_node_ports=False),), id="R-15 probe"),
    pytest.param("R-15", LOAD_BALANCER_STAGE, INFERRED, on(), (service({**NO_FLOATING_IP, "port_80_no_probe_rule": "true"}, port()._replace(node_port=0), allocate_load_balancer_node_ports=False),), id="R-15 rule"),
    pytest.param("R-16", LOAD_BALANCER_STAGE, DOCUMENTED, on(), (service({**HA, "azure-load-balancer-internal": "True"}),), id="R-16"),
    pytest.param("R-16", LOAD_BALANCER_STAGE, DOCUMENTED, on(), (service(INTERNAL, port(80, protocol=SCTP)),), id="R-16 SCTP"),
    pytest.param("R-17", LOAD_BALANCER_STAGE, INFERRED, on(load_balancer_sku=BASIC), (service({"azure-load-balancer-tcp-idle-timeout": "31"}),), id="R-17"),
    pytest.param("R-28", LOAD_BALANCER_STAGE, OBSERVED, on(), (ipv6(INTERNAL),), id="R-28 internal"),
    pytest.param("R-28", LOAD_BALANCER_STAGE, OBSERVED, on(outbound=UDR), (ipv6(),), id="R-28 no outbound frontend"),
    pytest.param("R-32", LOAD_BALANCER_STAGE, DOCUMENTED, on(subnets=SUBNETS), (at("10.224.1.9"),), id="R-32"),
    pytest.param("R-32", LOAD_BALANCER_STAGE, DOCUMENTED, on(subnets=SUBNETS), (at("10.224.0.9", **{"azure-load-balancer-internal-subnet": "Apps"}),), id="R-32 other subnet"),
    pytest.param("R-32", LOAD_BALANCER_STAGE, INFERRED, on(), (at("web"),), id="R-32 no address"),
    pytest.param("R-32", LOAD_BALANCER_STAGE, INFERRED, on(), (at("fd00::9"),), id="R-32 other family"),
    pytest.param("R-34", LOAD_BALANCER_STAGE, DOCUMENTED, on(subnets=SUBNETS), (at("10.224.0.3"),), id="R-34 first"),
    pytest.param("R-34", LOAD_BALANCER_STAGE, DOCUMENTED, on(subnets=SUBNETS), (at("10.225.0.7", **{"azure-load-balancer-internal-subnet": "apps"}),), id="R-34 last"),
    pytest.param("R-44", LOAD_BALANCER_STAGE, OBSERVED, on(existing_public_ips=(ExistingPublicIP("out", "20.1.1.1"),), outbound=OutboundProfile(effective_ips=("/x/out",))), (service({"azure-pip-name": "out"}),), id="R-44 outbound"),
    pytest.param("R-50", LOAD_BALANCER_STAGE, DOCUMENTED, on(), (service(LABEL), other(LABEL, port(81))), id="R-50"),
    pytest.param("R-51", LOAD_BALANCER_STAGE, OBSERVED, on(), (service({"azure-dns-label-name": "Web"}),), id="R-51"),
    pytest.param("R-53", LOAD_BALANCER_STAGE, OBSERVED, on(), (service({"azure-pip-tags": "a/b=c"}),), id="R-53"),
    pytest.param("R-53", LOAD_BALANCER_STAGE, DOCUMENTED, on(), (service(tagged(49)),), id="R-53 count"),
    pytest.param("R-54", LOAD_BALANCER_STAGE, INFERRED, on(), (service({"azure-pip-prefix-id": "my-prefix"}),), id="R-54"),
    pytest.param("R-57", PRIVATE_LINK_STAGE, OBSERVED, on(pool_type="nodeIP"), (service(PLS),), id="R-57"),
    pytest.param("R-60", PRIVATE_LINK_STAGE, DOCUMENTED, on(), (*many(8, name="s", annotations=PLS), service(PLS)), id="R-60"),
]  # fmt: skip

#: The nearest state that Azure takes.
TAKEN: list[Any] = [
    pytest.param(on("1.29.11"), (ranges("10.0.0.0/8", "10.1.0.0/16"),), id="R-1 merged"),
    pytest.param(on("1.28.14"), (ranges("10.0.0.0/8", "10.1.0.0/16"),), id="R-1 a rule for each"),
    pytest.param(on("1.29.10"), (ranges("10.0.0.0/16", "10.1.0.0/16"),), id="R-1 beside each other"),
    pytest.param(on(), (service({"azure-allowed-service-tags": "AzureFrontDoor.Backend"}),), id="R-2 a tag"),
    pytest.param(on(), (dual(NO_FLOATING_IP),), id="R-5 from 1.29 on"),
    pytest.param(on(), (service(HA), other(HA)), id="R-11 two addresses"),
    pytest.param(on(), (service({**HA, "azure-load-balancer-ipv4": "10.224.0.9"}), other({**INTERNAL, "azure-load-balancer-ipv4": "10.224.0.9"}, port(81))), id="R-11 one of them"),
    pytest.param(on(), (service(NO_FLOATING_IP, UNKNOWN_NODE_PORT), other(NO_FLOATING_IP, UNKNOWN_NODE_PORT)), id="R-10 node ports that are not known"),
    pytest.param(on(probe_mode="shared"), (service(None, UNKNOWN_NODE_PORT, allocate_load_balancer_node_ports=False),), id="R-15 shared probe"),
    pytest.param(on(), (service({"port_80_health-probe_port": "30080"}, UNKNOWN_NODE_PORT, allocate_load_balancer_node_ports=False),), id="R-15 a port of the node"),
    pytest.param(on(), (service({**HA}, port(80, protocol=SCTP)),), id="R-16 SCTP with HA ports"),
    pytest.param(on(), (service({"azure-load-balancer-tcp-idle-timeout": "100"}),), id="R-17 Standard"),
    pytest.param(on(), (ipv6(),), id="R-28 beside AKS' outbound frontend"),
    pytest.param(on(outbound=UDR), (service(), ipv6(name="other", uid="b" * 32)), id="R-28 beside an IPv4 Service"),
    pytest.param(on(outbound=UDR), (dual(),), id="R-28 dual-stack"),
    pytest.param(SHARED_V6, (ipv6({"azure-pip-name": "pip"}),), id="F3 alone"),
    pytest.param(on(subnets=SUBNETS), (at("10.224.0.4"),), id="R-32 in the subnet"),
    pytest.param(on(subnets={"subnet": ("20.1.0.0/16",)}), (at("20.1.2.3"),), id="R-32 a subnet with public addresses"),
    pytest.param(on(), (at("10.99.0.1"),), id="R-32 nobody knows the subnet"),
    pytest.param(on(subnets={"subnet": ()}), (at("10.99.0.1"),), id="R-32 no range"),
    pytest.param(on(), (service(LABEL), other({"azure-dns-label-name": "api"}, port(81))), id="R-50 another label"),
    pytest.param(on(), (dual(LABEL),), id="R-50 both families"),
    pytest.param(on(), (service(tagged(48)),), id="R-53 fifty with the provider's"),
    pytest.param(on(), (service({"azure-pip-prefix-id": PREFIX_ID}),), id="R-54 an id"),
    pytest.param(on(), (*many(7, name="s", annotations=PLS), service(PLS)), id="R-60 eight"),
    pytest.param(on(), (service(type="ClusterIP"),), id="no load balancer"),
    pytest.param(on(), (service({"azure-load-balancer-health-probe-interval": "1"}),), id="refused by the provider"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "stage", "evidence", "cluster", "services"), REFUSED)
def test_refused(row: str, stage: str, evidence: str, cluster: Cluster, services: tuple[Service, ...]) -> None:
    (refusal,) = found(cluster, *services)
    assert (row, stage, evidence, "") == (refusal.row, refusal.stage, refusal.evidence, refusal.unless)
    assert refusal.because
    assert refusal.remedy
    assert refusal.origin.path


@pytest.mark.parametrize(("cluster", "services"), TAKEN)
def test_taken(cluster: Cluster, services: tuple[Service, ...]) -> None:
    assert () == found(cluster, *services)


def test_codes_are_those_of_the_events() -> None:
    (refusal,) = found(on("1.29.10"), ranges("10.0.0.0/8", "10.1.0.0/16"))
    assert "OverlappingSubnetsNotPermittedInSecurityRule" == refusal.code
    assert refusal.confirm.startswith("az network nsg rule list")
    assert {"R-1", "R-28", "R-32"} <= {row.id for row in ROWS}


def test_who_brought_the_outbound_frontend_is_not_known() -> None:
    (refusal,) = found(on(outbound=OutboundProfile(outbound_type=UNKNOWN)), ipv6())
    assert ("R-28", "load balancer kubernetes has an IPv4 frontend, for outbound traffic for example") == (
        refusal.row,
        refusal.unless,
    )


def test_a_public_address_for_an_internal_frontend() -> None:
    (refusal,) = found(on(), at("20.1.2.3"))
    assert ("R-32", "subnet subnet has 20.1.2.3 in its range") == (refusal.row, refusal.unless)


def test_the_one_that_came_first_is_taken() -> None:
    cluster = on()
    result = derive_all((service(LABEL), other(LABEL, port(81))), cluster)
    sent = Sent(result.azure, cluster)
    assert [0, 1] == [len(sent.refusals(each)) for each in result.derivations]


def test_a_shared_ipv6_address_that_is_taken_for_ipv4() -> None:
    public = (ipv6({"azure-pip-name": "pip"}), dual({"azure-pip-name-ipv6": "pip"}, port(81), **OTHER))
    assert ["F3", "R-44"] == [refusal.row for refusal in found(SHARED_V6, *public)]
    assert [] == [refusal.row for refusal in found(SHARED_V6._replace(behaviours=on().behaviours), *public)]
    static = {**INTERNAL, "azure-load-balancer-ipv6": "fd00::9"}
    private = (dual(static), dual(static, port(81), **OTHER))
    assert ["F3", "R-36"] == [refusal.row for refusal in found(on("1.34.1"), *private)]
    assert [] == [refusal.row for refusal in found(on("1.34.2"), *private)]


def test_the_299_rules_of_a_card() -> None:
    ports = tuple(port(number) for number in range(1000, 1299))
    assert () == found(on(), service(None, *ports))
    (refusal,) = found(on(), service(None, *ports), other(INTERNAL))
    assert ("R-19", "each node would take part in 300 load-balancing rules; 299 are the most") == (
        refusal.row,
        refusal.because,
    )


def test_the_600_frontends_with_the_outbound_ones() -> None:
    cluster = on(outbound=OutboundProfile(managed_ip_count=2))
    result = derive_all(many(599, name="s", annotations={"port_80_no_lb_rule": "true"}), cluster)
    rows = [[each.row for each in Sent(result.azure, cluster).refusals(one)] for one in result.derivations[-2:]]
    assert [[], ["R-21"]] == rows


def test_the_rules_of_a_basic_load_balancer() -> None:
    ports = tuple(port(number) for number in range(1000, 1251))
    assert ["R-20"] == [each.row for each in found(on(load_balancer_sku=BASIC), service(None, *ports))]


_BY_HAND = "comes of what a person has changed in Azure by hand: drift shows that"
_DELETION = "comes when something is deleted, and what is deleted is not asked for"
_ELSEWHERE = "depends on what else stands in Azure, which no manifest tells"
_PASSES = "comes of other writers, throttling or faults of Azure, and passes"
_RIGHTS = "depends on rights, locks, policies, quotas or the subscription"
#: The rows that are told from events alone, each with the reason.
NOT_BEFOREHAND = {
    **dict.fromkeys(("R-3", "R-4", "R-26"), _BY_HAND),
    **dict.fromkeys(("R-25", "R-27", "R-40", "R-52", "R-58", "R-59"), _DELETION),
    **dict.fromkeys(
        (
            "R-12", "R-22", "R-23", "R-30", "R-31", "R-33", "R-35", "R-37", "R-38", "R-41", "R-42", "R-43", "R-45", "R-49",
            "R-55", "R-56", "R-79",
        ),
        _ELSEWHERE,
    ),
    **dict.fromkeys(
        ("R-46", "R-47", "R-61", "R-62", "R-63", "R-64", "R-65", "R-74", "R-75", "R-76", "R-77"), _PASSES
    ),
    "R-80": "Azure's own words for anything that is no name or id: what is known of them are R-51 to R-54",
    **dict.fromkeys(("R-48", "R-66", "R-67", "R-68", "R-69", "R-70", "R-71", "R-72", "R-73", "R-78"), _RIGHTS),
}  # fmt: skip


def test_every_row_is_told_beforehand_or_has_a_reason() -> None:
    beforehand = {check.row for check in _CHECKS}
    assert not beforehand & NOT_BEFOREHAND.keys()
    rows = {row.id for row in ROWS if row.id.startswith("R-")}
    assert rows <= beforehand | NOT_BEFOREHAND.keys(), rows - beforehand - NOT_BEFOREHAND.keys()
    assert NOT_BEFOREHAND.keys() <= rows
