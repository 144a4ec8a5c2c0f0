"""Who gets in, through the security group and past kube-proxy, and whom the Service means to serve."""

from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.service import Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.verdict import ClientPath
from kubectl_akslb.path.walk import clients, deciding
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import ALONE
from tests.given.services import INTERNAL, on, service

TAGS = "azure-allowed-service-tags"
ALLOWED = "azure-allowed-ip-ranges"
NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
TEN: dict[str, Any] = {"load_balancer_source_ranges": ("10.0.0.0/8",)}
NET, VNET, PODS = "the internet", "the virtual network and peered ones", "pods of the cluster"
YES, NO, PARTLY = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS


def asked(given: Service, version: str = str(NEWEST)) -> dict[str, ClientPath]:
    cluster = on(version)
    return {one.name: one for one in clients(PathContext(derive(given, cluster), cluster, ALONE))}


def before_the_policies(one: ClientPath) -> Outcome:
    """What becomes of a client up to the node: nothing is known of policies here, and that is another hop's."""
    return deciding(one._replace(hops=one.hops[:2])).outcome


@pytest.mark.parametrize(
    ("given", "version", "expected", "intended"),
    [
        (service(), str(NEWEST), {NET: YES, VNET: YES}, {NET}),
        (service(INTERNAL), str(NEWEST), {NET: NO, VNET: YES}, {VNET}),
        (service({**INTERNAL, ALLOWED: "0.0.0.0/0"}), str(NEWEST), {NET: NO, "0.0.0.0/0": YES, VNET: YES}, {"0.0.0.0/0"}),
        (service({**INTERNAL, ALLOWED: "20.0.0.0/8"}), str(NEWEST), {NET: NO, "20.0.0.0/8": PARTLY, VNET: YES}, {"20.0.0.0/8"}),
        (service({**INTERNAL, ALLOWED: "10.0.0.0/8"}), str(NEWEST), {NET: NO, "10.0.0.0/8": YES, VNET: YES}, {"10.0.0.0/8"}),
        (service({**INTERNAL, TAGS: "Sql"}), str(NEWEST), {NET: NO, "Sql": PARTLY, VNET: YES}, {"Sql"}),
        (service({**INTERNAL, TAGS: "VirtualNetwork"}), str(NEWEST), {NET: NO, "VirtualNetwork": YES}, {"VirtualNetwork"}),
        (service({"azure-load-balancer-internal": "True"}), str(NEWEST), {NET: NO, VNET: NO, PODS: YES}, {NET}),
        (service({"azure-disable-load-balancer-nsg-rule": "true"}), str(NEWEST), {NET: PARTLY, VNET: PARTLY, PODS: YES}, {NET}),
        (service(**TEN), str(NEWEST), {NET: NO, "10.0.0.0/8": PARTLY, VNET: NO, PODS: PARTLY}, {"10.0.0.0/8"}),
        (service(**TEN), "1.24.22", {NET: NO, "10.0.0.0/8": PARTLY, VNET: NO, PODS: PARTLY}, {"10.0.0.0/8"}),
        (service({ALLOWED: "10.0.0.0/8"}), str(NEWEST), {NET: NO, "10.0.0.0/8": PARTLY, VNET: NO, PODS: YES}, {"10.0.0.0/8"}),
        (service({ALLOWED: "20.0.0.0/8"}), str(NEWEST), {NET: NO, "20.0.0.0/8": YES, VNET: PARTLY, PODS: YES}, {"20.0.0.0/8"}),
        (service({ALLOWED: "20.0.0.0/8", **DENY}), str(NEWEST), {NET: NO, "20.0.0.0/8": YES, VNET: PARTLY, PODS: YES}, {"20.0.0.0/8"}),
        (service({TAGS: "Sql"}), str(NEWEST), {NET: NO, "Sql": YES, VNET: PARTLY}, {"Sql"}),
        (service({TAGS: "storage.WestEurope"}), str(NEWEST), {"storage.WestEurope": YES}, {"storage.WestEurope"}),
        (service({TAGS: "Internet,Sql"}), str(NEWEST), {NET: YES, "Sql": YES}, {NET, "Sql"}),
        (service({TAGS: "Storag"}), str(NEWEST), {NET: NO, "Storag": PARTLY, VNET: PARTLY}, {"Storag"}),
        (service({TAGS: "Sql"}, **TEN), str(NEWEST), {NET: NO, "10.0.0.0/8": YES, "Sql": NO, VNET: NO}, {"Sql", "10.0.0.0/8"}),
        (service({TAGS: "Sql"}, load_balancer_source_ranges=("20.0.0.0/8",)), str(NEWEST), {"Sql": PARTLY}, {"Sql", "20.0.0.0/8"}),
        (service({TAGS: ""}), str(NEWEST), {NET: NO, "''": NO, VNET: NO}, {"''"}),
        (service({TAGS: "AzureLoadBalancer"}), str(NEWEST), {NET: NO, "AzureLoadBalancer": NO, VNET: NO}, {NET}),
        (service({**INTERNAL, TAGS: "AzureLoadBalancer"}), str(NEWEST), {"AzureLoadBalancer": NO, VNET: YES}, {VNET}),
        (service({TAGS: "a/b"}), str(NEWEST), {NET: NO, "a/b": NO, VNET: NO}, {"a/b"}),
        (service(DENY, **TEN), str(NEWEST), {NET: NO, "10.0.0.0/8": PARTLY, VNET: NO, PODS: PARTLY}, {"10.0.0.0/8"}),
        (service({ALLOWED: "10.0.0.1/8"}), str(NEWEST), {NET: NO, "'10.0.0.1/8'": NO, VNET: NO}, {"'10.0.0.1/8'"}),
        (service({TAGS: "Internet"}, **TEN), str(NEWEST), {NET: NO, "10.0.0.0/8": PARTLY}, {NET, "10.0.0.0/8"}),
        (service(None, load_balancer_source_ranges=("0.0.0.0/0",)), str(NEWEST), {NET: YES, "0.0.0.0/0": YES}, {NET, "0.0.0.0/0"}),
    ],
    ids=[
        "public", "internal", "internal, open to all", "internal, for a public range",
        "internal, for a private range", "internal, for a tag of public addresses", "internal, for the tag of the network",
        "internal in another case", "no rule of the provider", "ranges",
        "pods outside the ranges leave the node before 1.25", "ranges of the NSG only",
        "public ranges", "public ranges and deny-all", "tag", "tag of a region", "Internet before another tag",
        "tag that Azure does not document", "tag beside private ranges",
        "tag beside public ranges", "empty tag", "tag of the probes", "tag of the probes, internal", "no tag", "deny-all", "host bits", "Internet as a tag beside ranges",
        "everything",
    ],
)  # fmt: skip
def test_who_gets_in(given: Service, version: str, expected: dict[str, Outcome], intended: set[str]) -> None:
    found = asked(given, version)
    assert expected == {name: before_the_policies(found[name]) for name in expected}
    assert intended == {one.name for one in found.values() if one.intended}


V6: dict[str, Any] = {"ip_families": ("IPv6",), "cluster_ips": ("fd00::1",)}


def ranges(*items: str) -> dict[str, Any]:
    return {"load_balancer_source_ranges": items}


@pytest.mark.parametrize("version", ["1.24.22", "1.27.10", "1.28.5", str(NEWEST)])
@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (service(**ranges("2001:db8::/32")), NO),
        (service(**ranges("203.0.113.0/24"), **V6), NO),
        (service(**ranges("203.0.113.0/24", "2001:db8::/32")), YES),
    ],
)
def test_ranges_of_a_family_that_it_has_no_address_of_let_nobody_in(
    given: Service, outcome: Outcome, version: str
) -> None:
    """Old releases write them into a rule, and newer ones leave them out."""
    meant = [one for one in asked(given, version).values() if one.intended]
    assert {outcome} == {before_the_policies(one) for one in meant}
    assert len(meant) == 1


def test_all_of_the_other_family_is_not_the_internet() -> None:
    found = asked(service(**ranges("::/0")), "1.27.10")
    assert (NO, True) == (before_the_policies(found[NET]), found[NET].intended)
    assert "::/0" not in found


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("VirtualNetwork", {"VirtualNetwork": PARTLY, NET: NO}),
        ("virtualnetwork", {"virtualnetwork": PARTLY}),
        ("VirtualNetwork,AzureLoadBalancer", {"VirtualNetwork": PARTLY, "AzureLoadBalancer": NO}),
        ("VirtualNetwork,Sql", {"VirtualNetwork": YES, "Sql": YES}),
        ("VirtualNetwork,Internet", {NET: YES}),
    ],
)
def test_nobody_comes_to_a_public_address_with_one_of_the_virtual_network(tags: str, expected: Any) -> None:
    found = asked(service({TAGS: tags}))
    assert expected == {name: before_the_policies(found[name]) for name in expected}


@pytest.mark.parametrize(
    ("given", "name", "hop", "cause"),
    [
        (service(), NET, HopName.SECURITY_GROUP, Cause.OPEN),
        (service(INTERNAL), NET, HopName.SECURITY_GROUP, Cause.PRIVATE_ADDRESS),
        (service({"azure-load-balancer-internal": "TRUE"}), NET, HopName.SECURITY_GROUP, Cause.NOT_EXACTLY_INTERNAL),
        (service(**TEN), NET, HopName.SECURITY_GROUP, Cause.NO_SECURITY_RULE),
        (service({TAGS: "Sql"}, **TEN), "Sql", HopName.NODE, Cause.TAG_BESIDE_SOURCE_RANGES),
        (service({TAGS: "a/b"}), "a/b", HopName.SECURITY_GROUP, Cause.NO_RANGE_OR_TAG),
        (service(**TEN), VNET, HopName.SECURITY_GROUP, Cause.SEEN_AS_PUBLIC),
        (service(INTERNAL, **TEN), VNET, HopName.NODE, Cause.SOME_IN_SOURCE_RANGES),
        (service({**INTERNAL, **DENY}, **TEN), VNET, HopName.SECURITY_GROUP, Cause.DENIED_BUT_RANGES),
        (service({**INTERNAL, ALLOWED: "10.0.0.1/8"}), VNET, HopName.SECURITY_GROUP, Cause.DENIED),
        (service(), PODS, HopName.RULE, Cause.BESIDE_LOAD_BALANCER),
        (service({**INTERNAL, **DENY, ALLOWED: "20.0.0.0/8"}), PODS, HopName.RULE, Cause.BESIDE_LOAD_BALANCER),
    ],
)
def test_which_hop_decides(given: Service, name: str, hop: HopName, cause: Cause) -> None:
    one = asked(given)[name]
    found = deciding(one._replace(hops=one.hops[:2])) if before_the_policies(one) is not YES else one.hops[0]
    assert (hop, cause) == (found.name, found.because[0].cause)


@pytest.mark.parametrize(
    ("ranges", "tag", "outcome"),
    [
        (("20.0.0.0/8",), "20.1.0.0/16", YES),
        (("20.1.0.0/16",), "20.0.0.0/8", PARTLY),
        (("20.1.0.0/16",), "21.0.0.0/8", NO),
    ],
    ids=["within", "wider", "outside"],
)
def test_a_range_of_the_security_group_against_those_of_kube_proxy(
    ranges: tuple[str, ...], tag: str, outcome: Outcome
) -> None:
    """Ranges cannot differ between the two, but a service tag may be written as a range."""
    assert outcome is before_the_policies(asked(service({TAGS: tag}, load_balancer_source_ranges=ranges))[tag])


@pytest.mark.parametrize(
    "given",
    [service({"azure-load-balancer-tcp-idle-timeout": "1"}), service(type="ClusterIP")],
    ids=["refused", "ignored"],
)
def test_nobody_reaches_what_is_not_built(given: Service) -> None:
    assert {} == asked(given)


@pytest.mark.parametrize(
    ("families", "ranges", "version", "outcome", "family"),
    [
        (("IPv4", "IPv6"), "0.0.0.0/0", str(NEWEST), PARTLY, "IPv6"),
        (("IPv4", "IPv6"), "::/0", str(NEWEST), PARTLY, "IPv4"),
        (("IPv4", "IPv6"), "0.0.0.0/0,::/0", str(NEWEST), YES, None),
        (("IPv4", "IPv6"), None, str(NEWEST), YES, None),
        (("IPv4",), "0.0.0.0/0", str(NEWEST), YES, None),
    ],
)
def test_a_range_of_everybody_is_one_of_its_family(
    families: tuple[str, ...], ranges: str | None, version: str, outcome: Outcome, family: str | None
) -> None:
    given = service({ALLOWED: ranges} if ranges else None, ip_families=families, cluster_ips=())
    hop = asked(given, version)[NET].hops[0]
    assert (outcome, family) == (hop.outcome, hop.because[0].facts.get("family"))
