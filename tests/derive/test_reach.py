"""Who can reach a Service, through the security group and through kube-proxy."""

from typing import Any

import pytest

from kubectl_akslb.derive.reach import KUBE_PROXY, NETWORK, NSG, reach
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.reach import CERTAIN, DOCUMENTED, Client, Reach
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import annotations as keys
from tests.derive.given import INTERNAL
from tests.doc_rows.row import on, service

TAGS = "azure-allowed-service-tags"
ALLOWED = "azure-allowed-ip-ranges"
NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
TEN: dict[str, Any] = {"load_balancer_source_ranges": ("10.0.0.0/8",)}
VNET = "the virtual network and peered ones"
PROBES = "Azure's health probes (168.63.129.16)"
PODS = "pods of the cluster"


def asked(given: Service, version: str = "1.36.5") -> Reach:
    cluster = on(version)
    return reach(derive(given, cluster), cluster)


def brief(found: Reach) -> list[tuple[str, bool | None]]:
    """Each client and whether it gets through."""
    return [(client.name, client.verdict.value) for client in found.clients]


def client(given: Service, name: str, version: str = "1.36.5") -> Client:
    return next(each for each in asked(given, version).clients if each.name == name)


@pytest.mark.parametrize(
    ("given", "version", "summary", "clients"),
    [
        (service(), "1.36.5", "everybody on the internet", [("the internet", True), (VNET, True)]),
        (service(INTERNAL), "1.36.5", "the virtual network and what is peered with it", [("the internet", False), (VNET, True)]),
        (service({**INTERNAL, ALLOWED: "0.0.0.0/0"}), "1.36.5", "only 0.0.0.0/0, and the virtual network", [("the internet", False), ("0.0.0.0/0", True), (VNET, True)]),
        (service({"azure-load-balancer-internal": "True"}), "1.36.5", "nobody outside the virtual network", [("the internet", False), (VNET, True)]),
        (service({"azure-disable-load-balancer-nsg-rule": "true"}), "1.36.5", "nobody outside the virtual network", [("the internet", False), (VNET, True)]),
        (service(**TEN), "1.36.5", "only 10.0.0.0/8", [("the internet", False), ("10.0.0.0/8", True), (VNET, None), (PODS, None)]),
        (service(**TEN), "1.24.22", "only 10.0.0.0/8", [("the internet", False), ("10.0.0.0/8", True), (VNET, None)]),
        (service({ALLOWED: "10.0.0.0/8"}), "1.36.5", "only 10.0.0.0/8, and the virtual network", [("the internet", False), ("10.0.0.0/8", True), (VNET, True)]),
        (service({TAGS: "Sql"}), "1.36.5", "only Sql, and the virtual network", [("the internet", False), ("Sql", True), (VNET, True)]),
        (service({TAGS: "Sql"}, **TEN), "1.36.5", "only 10.0.0.0/8", [("the internet", False), ("10.0.0.0/8", True), ("Sql", None), (VNET, None), (PODS, None)]),
        (service({TAGS: ""}), "1.36.5", "nobody outside the virtual network", [("the internet", False), ("(empty service tag)", False), (VNET, True)]),
        (service({TAGS: "a/b"}), "1.36.5", "nobody outside the virtual network", [("the internet", False), ("a/b", False), (VNET, True)]),
        (service(DENY, **TEN), "1.36.5", "only 10.0.0.0/8", [("the internet", False), ("10.0.0.0/8", True), (VNET, None), (PODS, None)]),
        (service({**DENY, **NO_FLOATING_IP}, **TEN), "1.36.5", "only 10.0.0.0/8", [("the internet", False), ("10.0.0.0/8", True), (VNET, None), (PROBES, False)]),
        (service(None, load_balancer_source_ranges=("10.0.0.1/8",)), "1.36.5", "nobody outside the cluster", [("the internet", False), (VNET, False), (PODS, None)]),
        (service({TAGS: "Internet"}, **TEN), "1.36.5", "only 10.0.0.0/8", [("the internet", False), ("10.0.0.0/8", True), (VNET, None), (PODS, None)]),
        (service(None, load_balancer_source_ranges=("0.0.0.0/0",)), "1.36.5", "everybody on the internet", [("the internet", True), ("0.0.0.0/0", True), (VNET, True)]),
        (service({ALLOWED: "10.0.0.0/8,11.0.0.0/24,12.0.0.0/24,13.0.0.0/24,14.0.0.0/24"}), "1.36.5", "only 10.0.0.0/8, 11.0.0.0/24, 12.0.0.0/24 and 2 more, and the virtual network", None),
    ],
    ids=[
        "public", "internal", "internal, open to all", "internal in another case", "no rule of the provider", "ranges",
        "pods were not filtered before 1.25", "ranges of the NSG only", "tag", "tag and ranges", "empty tag", "no tag",
        "deny-all", "deny-all on the nodes", "host bits", "Internet as a tag beside ranges", "everything", "many",
    ],
)  # fmt: skip
def test_reach(given: Service, version: str, summary: str, clients: list[tuple[str, bool | None]] | None) -> None:
    found = asked(given, version)
    assert summary == found.summary
    assert clients is None or clients == brief(found)


@pytest.mark.parametrize(
    ("given", "name", "layer", "path", "because", "confidence"),
    [
        (service(), "the internet", NSG, "sources", "rule k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77", CERTAIN),
        (service(INTERNAL), "the internet", NETWORK, keys.INTERNAL, "the address is private", CERTAIN),
        (service({"azure-load-balancer-internal": "TRUE"}), "the internet", NSG, keys.INTERNAL, "no rule lets it in: the address is public, but the security rules take 'TRUE' for internal", CERTAIN),
        (service({"azure-disable-load-balancer-nsg-rule": "true"}), "the internet", NSG, keys.DISABLE_NSG_RULE, "the provider writes no rule; only rules of your own can let it in", CERTAIN),
        (service(**TEN), "the internet", NSG, "spec.loadBalancerSourceRanges", "no rule lets it in", CERTAIN),
        (service({TAGS: "Internet"}, **TEN), "the internet", KUBE_PROXY, "spec.loadBalancerSourceRanges", "the security group lets it in, but kube-proxy drops all but spec.loadBalancerSourceRanges", CERTAIN),
        (service({TAGS: "Sql"}, **TEN), "Sql", KUBE_PROXY, keys.ALLOWED_SERVICE_TAGS, "kube-proxy drops what of it is not in spec.loadBalancerSourceRanges", CERTAIN),
        (service({TAGS: "a/b"}), "a/b", NSG, keys.ALLOWED_SERVICE_TAGS, "neither a range nor a service tag: Azure refuses the rule", DOCUMENTED),
        (service({TAGS: ""}), "(empty service tag)", NSG, keys.ALLOWED_SERVICE_TAGS, "an empty service tag: Azure refuses the rule", DOCUMENTED),
        (service(), VNET, NSG, "default rule", "the default rule AllowVnetInBound passes it; no rule of the provider denies it", DOCUMENTED),
        (service(**TEN), VNET, KUBE_PROXY, "spec.loadBalancerSourceRanges", "the default rule AllowVnetInBound passes it, then kube-proxy drops what is not in the ranges", DOCUMENTED),
        (service(DENY, **TEN), VNET, NSG, keys.DENY_ALL, "only from the ranges let in: rule k8s-azure-lb_deny-all_IPv4", CERTAIN),
        (service({**DENY, **NO_FLOATING_IP}, **TEN), PROBES, NSG, keys.DENY_ALL, "rule k8s-azure-lb_deny-all_IPv4 denies every port of the nodes, the health probes of Azure too", DOCUMENTED),
    ],
)  # fmt: skip
def test_why(given: Service, name: str, layer: str, path: str, because: str, confidence: str) -> None:
    found = client(given, name)
    assert (layer, path, because, confidence) == (
        found.layer,
        found.verdict.origin.path,
        found.because,
        found.confidence,
    )


@pytest.mark.parametrize(
    ("ranges", "tag", "verdict", "because"),
    [
        (("10.0.0.0/8",), "10.1.0.0/16", True, "rule "),
        (("10.1.0.0/16",), "10.0.0.0/8", None, "kube-proxy lets only a part of it through"),
        (("10.1.0.0/16",), "11.0.0.0/8", False, "kube-proxy drops it: it is not in spec.loadBalancerSourceRanges"),
    ],
    ids=["within", "wider", "outside"],
)
def test_range_of_the_security_group_against_those_of_kube_proxy(
    ranges: tuple[str, ...], tag: str, verdict: bool | None, because: str  # noqa: FBT001
) -> None:  # fmt: skip
    """Ranges cannot differ between the two, but a service tag may be written as a range."""
    found = client(service({TAGS: tag}, load_balancer_source_ranges=ranges), tag)
    assert (verdict, True) == (found.verdict.value, found.because.startswith(because))


@pytest.mark.parametrize(
    "given",
    [service({"azure-load-balancer-tcp-idle-timeout": "1"}), service(type="ClusterIP")],
    ids=["refused", "ignored"],
)
def test_nobody_reaches_what_is_not_built(given: Service) -> None:
    assert Reach("nobody: the reconcile does not get as far as the security rules", ()) == asked(given)


def test_service_that_is_refused_after_its_rules_can_be_reached() -> None:
    assert "everybody on the internet" == asked(service({"azure-pls-create": "true"})).summary


def test_kube_proxy_reads_ranges_without_host_bits_and_passes_over_nonsense() -> None:
    given = service({TAGS: "Sql"}, load_balancer_source_ranges=("10.0.0.1/8", "x"))
    assert (None, KUBE_PROXY) == (client(given, "Sql").verdict.value, client(given, "Sql").layer)
