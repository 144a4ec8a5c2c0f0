"""Public IPs: which one a Service gets, who may have it, and what is written on it."""

from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import BASIC, Cluster, ExistingPublicIP
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE, PUBLIC_IP_STAGE
from kubectl_akslb.model.network import PublicIPAddress
from kubectl_akslb.model.provenance import ANNOTATION, CLUSTER_SETTING, DEFAULT, PROVIDER, SPEC, Placeholder
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import bare, frontend, last, outcome, public_ip, reasons, refusal, tags_of
from tests.given.services import BOTH_ADDRESSES, NAME, dual, ipv6, on, other, port, service

OWN = f"kubernetes-{NAME}"
PIPS = (
    ExistingPublicIP("pip", "20.1.2.3"),
    ExistingPublicIP("six", "2603::1", "IPv6"),
    ExistingPublicIP("far", "20.1.2.4", resource_group="net"),
)
KNOWN = on(existing_public_ips=PIPS)
PREFIX = "/providers/Microsoft.Network/publicIPPrefixes/web"
MANAGED = {"k8s-azure-cluster-name": "kubernetes", "k8s-azure-service": "shop/web"}


def name_of(given: Service, cluster: Cluster = KNOWN) -> object:
    return bare(frontend(given, cluster).public_ip_address)


# Which one


@pytest.mark.parametrize(
    ("annotations", "address", "expected", "winner"),
    [
        ({}, "", OWN, "metadata.uid"),
        ({"azure-pip-name": "pip"}, "", "pip", keys.PIP_NAME),
        ({"azure-pip-name": "pip", "azure-pip-prefix-id": PREFIX}, "20.9.9.9", "pip", keys.PIP_NAME),
        ({"azure-pip-prefix-id": PREFIX}, "20.1.2.3", f"{OWN}-web", keys.PIP_PREFIX_ID),
        ({"azure-load-balancer-ipv4": "20.1.2.3"}, "20.9.9.9", "pip", keys.IPV4),
        ({}, "20.1.2.3", "pip", "spec.loadBalancerIP"),
        ({"azure-pip-name": ""}, "20.1.2.3", "pip", "spec.loadBalancerIP"),
        ({"azure-load-balancer-ipv4": ""}, "20.1.2.3", "pip", "spec.loadBalancerIP"),
        ({"azure-pip-name-ipv6": "six"}, "", OWN, "metadata.uid"),
        ({"azure-load-balancer-ipv6": "2603::1"}, "", OWN, "metadata.uid"),
        ({"azure-pip-name": "far", "azure-load-balancer-resource-group": " net "}, "", "far", keys.PIP_NAME),
        ({"azure-load-balancer-resource-group": "NET"}, "20.1.2.4", "far", "spec.loadBalancerIP"),
    ],
    ids=[
        "generated", "by name", "name wins", "prefix wins over the address", "annotation wins over loadBalancerIP",
        "by loadBalancerIP", "empty name", "empty address", "name of the other family", "address of the other family",
        "resource group, trimmed", "resource group in any case",
    ],
)  # fmt: skip
def test_which(annotations: dict[str, str], address: str, expected: str, winner: str) -> None:
    found = frontend(service(annotations, load_balancer_ip=address), KNOWN).public_ip_address
    assert found is not None
    assert (expected, winner) == (found.value, found.origin.path)


def test_all_ways_are_considered() -> None:
    found = frontend(service({"azure-pip-name": "pip"}, load_balancer_ip="20.1.2.3"), KNOWN).public_ip_address
    assert found is not None
    assert [
        (keys.PIP_NAME, "pip"), (keys.PIP_PREFIX_ID, None), (keys.IPV4, None), ("spec.loadBalancerIP", "20.1.2.3"),
        ("address", ""), ("metadata.uid", "8f3c9b1e-1234-4cde-9abc-0123456789ab"),
    ] == reasons(found)[2]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "version", "expected"),
    [
        (ipv6({"azure-pip-name": "six"}), str(NEWEST), "six"),
        (ipv6({"azure-pip-name": "pip", "azure-pip-name-ipv6": "six"}), str(NEWEST), "six"),
        (ipv6({"azure-pip-name": "six", "azure-pip-name-ipv6": ""}), str(NEWEST), "six"),
        (ipv6({"azure-pip-name": "six", "azure-pip-name-ipv6": "pip"}), "1.30.15", "six"),
        (ipv6({"azure-load-balancer-ipv4": "20.1.2.3"}), str(NEWEST), OWN),
        (ipv6({"azure-load-balancer-ipv4": "20.1.2.3"}), "1.26.22", "pip"),
        (ipv6({"azure-pip-name-ipv6": "six", "azure-pip-name": "pip"}), "1.26.22", "pip"),
    ],
)
def test_which_of_a_single_stack_ipv6_service(given: Service, version: str, expected: str) -> None:
    assert expected == name_of(given, on(version, existing_public_ips=PIPS))


def test_which_of_a_dual_stack_service() -> None:
    given = dual({"azure-pip-name": "pip", "azure-pip-prefix-id-ipv6": PREFIX})
    derivation = derive(given, KNOWN)
    assert derivation.load_balancer is not None, derivation.refusal
    found = [bare(each.public_ip_address) for each in derivation.load_balancer.frontend_ip_configurations]
    assert ["pip", f"{OWN}-web-IPv6"] == found


@pytest.mark.parametrize(("sku", "prefix"), [("standard", PREFIX), (BASIC, None)])
def test_prefix_is_for_standard_only(sku: str, prefix: str | None) -> None:
    found = public_ip(service({"azure-pip-prefix-id": PREFIX}), on(load_balancer_sku=sku))
    assert prefix == bare(found.prefix_id)


# What is refused


@pytest.mark.parametrize(
    ("annotations", "address", "version", "message"),
    [
        ({"azure-pip-name": "no"}, "", str(NEWEST), "PublicIP from annotation azure-pip-name(-IPv6)=no for service shop/web doesn't exist"),
        ({"azure-pip-name": "no"}, "", "1.27.7", "PublicIP from annotation azure-pip-name=no for service shop/web doesn't exist"),
        ({"azure-pip-name": " pip"}, "", str(NEWEST), "PublicIP from annotation azure-pip-name(-IPv6)= pip for service shop/web doesn't exist"),
        ({"azure-pip-name": "far"}, "", str(NEWEST), "PublicIP from annotation azure-pip-name(-IPv6)=far for service shop/web doesn't exist"),
        ({}, "20.9.9.9", "1.33.13", "findMatchedPIPByLoadBalancerIP: cannot find public IP with IP address 20.9.9.9 in resource group rg"),
        ({}, "20.9.9.9", "1.33.14", "findMatchedPIPByLoadBalancerIP: cannot find public IP with IP address 20.9.9.9 in resource group rg: getExpectedPIPFromListByIPAddress: cannot find public IP with IP address 20.9.9.9"),
        ({"azure-load-balancer-resource-group": "net"}, "20.1.2.3", "1.33.13", "findMatchedPIPByLoadBalancerIP: cannot find public IP with IP address 20.1.2.3 in resource group net"),
        ({"azure-load-balancer-ipv4": " "}, "", str(NEWEST), 'external Service "shop/web" has invalid LoadBalancer IP " "'),
        ({"azure-load-balancer-ipv4": "20.1.2.3/32"}, "", str(NEWEST), 'external Service "shop/web" has invalid LoadBalancer IP "20.1.2.3/32"'),
    ],
    ids=["E-10", "E-10 before dual stack", "not trimmed", "other resource group", "E-12", "E-12 from 1.33.14", "E-12 elsewhere", "E-14 blank", "E-14 range"],
)  # fmt: skip
def test_refused(annotations: dict[str, str], address: str, version: str, message: str) -> None:
    given = service(annotations, load_balancer_ip=address)
    found = refusal(given, on(version, existing_public_ips=PIPS))
    assert (message, LOAD_BALANCER_STAGE) == (found.message, found.stage)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255",  # noqa: S104 - nothing binds to it
        "100.64.0.0", "100.127.255.255", "168.63.129.16", "127.0.0.0", "127.255.255.255", "169.254.0.0",
        "169.254.255.255", "224.0.0.0", "239.255.255.255", "255.255.255.255", "::ffff:10.0.0.4",
    ],
)  # fmt: skip
def test_e13_private_address(address: str) -> None:
    message = (
        f'external Service "shop/web" cannot use non-public LoadBalancer IP "{address}"; use an internal LoadBalancer'
        " annotation or a valid Azure Public IP address"
    )
    found = refusal(service({"azure-load-balancer-ipv4": address}), KNOWN)
    assert (message, keys.IPV4) == (found.message, found.origin.path)


@pytest.mark.parametrize("address", ["::", "::1", "fe80::", "febf::1", "fc00::", "fdff::1", "ff00::", "ffff::1"])
def test_e13_private_ipv6_address(address: str) -> None:
    assert "non-public" in refusal(ipv6({"azure-load-balancer-ipv6": address}), KNOWN).message


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "223.255.255.255",
        "240.0.0.0",
        "255.255.255.254",
        "::2",
        "::fffe:a00:4",
        "2603::2",
        "fbff::1",
        "fe00::1",
        "fe7f::1",
        "fec0::1",
        "feff::1",
    ],
)
def test_public_address_is_looked_for(address: str) -> None:
    which = ipv6 if ":" in address else service
    assert "cannot find public IP" in refusal(which(load_balancer_ip=address), KNOWN).message


def test_e11_name_in_another_case() -> None:
    found = refusal(service({"azure-pip-name": "PIP"}), KNOWN)
    assert ("reconcilePublicIP for service(shop/web): pip(PIP) not found", PUBLIC_IP_STAGE) == (
        found.message,
        found.stage,
    )


# A new one


def sent(found: PublicIPAddress) -> dict[str, object]:
    fields = found._asdict()
    plain = {key: bare(value) for key, value in fields.items() if key not in {"tags", "managed"}}
    return {**{key: value for key, value in plain.items() if value is not None}, "tags": tags_of(found)}


NEW = {
    "name": OWN, "ip_address": "20.0.0.1", "version": "IPv4", "allocation_method": "Static", "sku": "Standard",
    "zones": ("1", "2", "3"), "tags": MANAGED,
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "settings", "changed"),
    [
        (service(), {}, {}),
        (service(), {"zones": ()}, {"zones": None}),
        (service(), {"zones": None}, {"zones": ("<every zone of the region>",)}),
        (service(), {"addresses": {}}, {"ip_address": f"<address of {OWN}>"}),
        (service(ingress_ips=("20.7.7.7",)), {"addresses": {}}, {"ip_address": "20.7.7.7"}),
        (service(), {"load_balancer_sku": BASIC}, {"sku": None, "zones": None}),
        (ipv6(), {"load_balancer_sku": BASIC}, {"sku": None, "zones": None, "version": "IPv6", "allocation_method": "Dynamic"}),
        (ipv6(), {}, {"version": "IPv6"}),
        (service({"azure-dns-label-name": "web"}), {}, {"domain_name_label": "web", "tags": {**MANAGED, "k8s-azure-dns-label-service": "shop/web"}}),
        (service({"azure-dns-label-name": ""}), {}, {}),
        (service({"azure-pip-ip-tags": "b=2,a=1,x,a=3=4, c = d "}), {}, {"ip_tags": (("a", "1"), ("b", "2"), ("c", "d"))}),
        (service({"azure-pip-ip-tags": ""}), {}, {"ip_tags": ()}),
    ],
    ids=[
        "new", "region without zones", "unknown region", "unknown address", "address of the status", "Basic",
        "IPv6 on Basic", "IPv6", "DNS label", "empty DNS label", "IP tags", "no IP tags",
    ],
)  # fmt: skip
def test_new(given: Service, settings: dict[str, Any], changed: dict[str, object]) -> None:
    expected = {key: value for key, value in {**NEW, **changed}.items() if value is not None}
    found = public_ip(given, on(**settings))
    assert expected == sent(found)
    assert found.managed


def test_new_tells_where_its_parts_come_from() -> None:
    found = public_ip(service(), on(addresses={}))
    assert found.sku is not None
    assert found.zones is not None
    assert found.tags is not None
    assert [PROVIDER, SPEC, DEFAULT, DEFAULT, CLUSTER_SETTING, DEFAULT, SPEC] == [
        derived.origin.kind
        for derived in (
            found.ip_address,
            found.version,
            found.allocation_method,
            found.sku,
            found.zones,
            *found.tags.values(),
        )
    ]
    assert isinstance(found.ip_address.value, Placeholder)
    assert ("Azure assigns it",) == found.ip_address.notes


# Tags


@pytest.mark.parametrize(
    ("value", "settings", "added"),
    [
        ("a=b,c = d ", {}, {"a": "b", "c": "d"}),
        ("a,=b,c=d=e,,f=", {}, {"f": ""}),
        ("", {}, {}),
        ("a=1,a=2", {}, {"a": "2"}),
        ("a= NULL ", {}, {"a": " NULL "}),
        ("team=web", {"tags": {"Team": "infra", "env": "prod"}}, {"Team": "web", "env": "prod"}),
        ("team=INFRA", {"tags": {"team": "infra"}}, {"team": "infra"}),
        ("k8s-azure-service=mine", {}, {}),
    ],
    ids=[
        "pairs", "what is no pair", "empty", "last wins", "null keeps its blanks", "wins over the cluster's in any case",
        "same value in another case", "not over the provider's own",
    ],
)  # fmt: skip
def test_tags(value: str, settings: dict[str, Any], added: dict[str, str]) -> None:
    assert {**MANAGED, **added} == tags_of(public_ip(service({"azure-pip-tags": value}), on(**settings)))


def test_tags_come_from_annotation_and_cluster() -> None:
    found = public_ip(service({"azure-pip-tags": "a=b"}), on(tags={"env": "prod"})).tags
    assert found is not None
    assert (ANNOTATION, CLUSTER_SETTING) == (found["a"].origin.kind, found["env"].origin.kind)


def test_tags_of_the_next_reconcile_replace_those_of_the_last() -> None:
    services = service({"azure-pip-tags": "A=1,b=2"}), service({"azure-pip-tags": "a=3,b=2"})
    assert {**MANAGED, "A": "3", "b": "2"} == tags_of(last(on(), *services).public_ips[0])


# DNS labels

CONSUMED = (
    "ensurePublicIPExists for service(shop/other): failed to reconcileDNSSettings: ensurePublicIPExists for"
    f" service(shop/other): pip({OWN}) - there is an existing service shop/web consuming the DNS label on the public IP,"
    " so the service cannot set the DNS label annotation with this value"
)


@pytest.mark.parametrize("label", ["web", "other", ""])
def test_e15_label_of_another_service(label: str) -> None:
    first = service({"azure-dns-label-name": "web"})
    second = other({"azure-pip-name": OWN, "azure-dns-label-name": label}, port(443))
    found = refusal(second, on(), first)
    assert (CONSUMED, keys.DNS_LABEL) == (found.message, found.origin.path)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("one", "two"), "two"),
        (("one", "ONE"), "one"),
        (("one", ""), None),
        (("one", None), "one"),
    ],
    ids=["overwritten", "same in another case", "removed by an empty one", "left alone without annotation"],
)
def test_label_of_the_next_reconcile(values: tuple[str | None, ...], expected: str | None) -> None:
    services = [service({} if value is None else {"azure-dns-label-name": value}) for value in values]
    assert expected == bare(last(on(), *services).public_ips[0].domain_name_label)


def test_label_of_a_public_ip_that_a_person_made() -> None:
    found = public_ip(service({"azure-pip-name": "pip", "azure-dns-label-name": "web"}), KNOWN)
    assert ("web", {}, False) == (bare(found.domain_name_label), tags_of(found), found.managed)
    again = service({"azure-pip-name": "pip", "azure-dns-label-name": "web"})
    assert "web" == bare(last(KNOWN, again, again).public_ips[0].domain_name_label)


# Whose it is


def test_sharing_services_stand_in_the_tag() -> None:
    azure = outcome(on(addresses=BOTH_ADDRESSES), service(), other(None, port(443), load_balancer_ip="20.0.0.1")).azure
    assert [{**MANAGED, "k8s-azure-service": "shop/web,shop/other"}] == [
        tags_of(each) for each in azure.public_ips.values()
    ]


def test_existing_one_of_another_family_becomes_one_of_this() -> None:
    found = public_ip(ipv6({"azure-pip-name": "pip"}), KNOWN)
    assert ("IPv6", "Static") == (found.version.value, found.allocation_method.value)


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("1.24.13", "reconcilePublicIP for service(ns/web): pip( mine) not found"),
        ("1.24.14", "PublicIP from annotation azure-pip-name= mine for service ns/web doesn't exist"),
        ("1.26.3", "reconcilePublicIP for service(ns/web): pip( mine) not found"),
    ],
)
def test_name_with_blanks_was_found_first_and_missed_later(version: str, message: str) -> None:
    cluster = on(version, existing_public_ips=(ExistingPublicIP("mine", "20.9.0.1"),))
    refusal = derive(service({"azure-pip-name": " mine"}), cluster).refusal
    assert refusal is not None
    assert message == refusal.message.replace(service().full_name, "ns/web")


@pytest.mark.parametrize(("version", "family"), [("1.24.4", "IPv6"), ("1.24.5", "IPv4")])
def test_ipv6_address_of_an_ipv4_service_was_left_alone(version: str, family: str) -> None:
    cluster = on(version, existing_public_ips=(ExistingPublicIP("mine", "2001:db8::1", "IPv6"),))
    (address,) = derive(service({"azure-pip-name": "mine"}), cluster).public_ips
    assert family == address.version.value
