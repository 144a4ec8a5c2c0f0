"""Names of what the provider creates: what they are made of, where they are cut, and when they end in -IPv6."""

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import frontend_name, load_balancer_name, names, public_ip_name, rule_name
from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.provenance import ANNOTATION, PROVIDER, SPEC, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import balancer, reasons
from tests.given.services import INTERNAL, NAME, OTHER_NAME, OTHER_UID, UID, dual, ipv6, on, other, port, service, udp


def in_subnet(subnet: str, internal: str = "true") -> dict[str, str]:
    return {"azure-load-balancer-internal": internal, "azure-load-balancer-internal-subnet": subnet}


# The prefix


@pytest.mark.parametrize(
    ("uid", "prefix"),
    [
        (UID, NAME),
        (OTHER_UID, OTHER_NAME),
        ("8f3c9b1e", "a8f3c9b1e"),
        ("", "a"),
        (None, "a<uid of shop/web>"),
    ],
    ids=["a and 31 digits of the UID", "another", "short", "empty", "not known"],
)
def test_prefix(uid: str | None, prefix: str) -> None:
    assert prefix == names(service(uid=uid), on()).prefix


def test_prefix_has_32_characters() -> None:
    assert 32 == len(NAME) == len(OTHER_NAME)


# Rules and probes


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (service(None, port(80), udp(53)), on(), [f"{NAME}-TCP-80", f"{NAME}-UDP-53"]),
        (service(in_subnet("apps")), on(), [f"{NAME}-apps-TCP-80"]),
        (service(in_subnet(" apps ")), on(), [f"{NAME}- apps -TCP-80"]),
        (service(in_subnet("  ")), on(), [f"{NAME}-TCP-80"]),
        (service(in_subnet("apps", "True")), on(), [f"{NAME}-TCP-80"]),
        (service(in_subnet("s" * 35)), on(), [f"{NAME}-{'s' * 35}-TCP-80"]),
        (service(in_subnet("s" * 36)), on(), [f"{NAME}-{'s' * 35}-TCP-80"]),
        (service(in_subnet("s" * 36), port(50000)), on(), [f"{NAME}-{'s' * 32}-TCP-50000"]),
        (service(in_subnet("s" * 41)), on("1.26.22"), [f"{NAME}-{'s' * 40}-TCP-80"]),
        (ipv6(), on(), [f"{NAME}-TCP-80"]),
        (dual(), on(), [f"{NAME}-TCP-80", f"{NAME}-TCP-80-IPv6"]),
        (dual(ip_families=("IPv6", "IPv4")), on(), [f"{NAME}-TCP-80", f"{NAME}-TCP-80-IPv6"]),
        (dual(in_subnet("s" * 36)), on(), [f"{NAME}-{'s' * 35}-TCP-80", f"{NAME}-{'s' * 35}-TCP-80-IPv6"]),
        (dual(), on("1.27.7"), [f"{NAME}-TCP-80"]),
    ],
    ids=[
        "prefix, protocol, port", "subnet", "subnet is not trimmed", "blank subnet", "subnet of a public Service",
        "subnet that fits", "subnet cut to 75 characters", "the longer the port, the shorter the subnet",
        "80 characters before 1.27.0", "single-stack IPv6 has no suffix", "dual stack", "IPv4 comes first",
        "suffix after the cut", "one family before dual stack",
    ],
)  # fmt: skip
def test_rule_names(given: Service, cluster: Cluster, expected: list[str]) -> None:
    assert expected == [rule.name.value for rule in balancer(derive(given, cluster)).load_balancing_rules]


def test_probe_is_named_like_its_rule() -> None:
    found = balancer(derive(dual(in_subnet("apps"), port(80), port(443)), on()))
    assert [rule.name for rule in found.load_balancing_rules] == [probe.name for probe in found.probes]
    assert [rule.name for rule in found.load_balancing_rules] == [rule.probe for rule in found.load_balancing_rules]


def test_name_of_a_rule_comes_from_uid_and_subnet() -> None:
    name = rule_name(names(service(in_subnet("apps")), on()), "TCP", 80, IPV4)
    assert (SPEC, "metadata.uid", [("metadata.uid", UID), (keys.INTERNAL_SUBNET, "apps")]) == reasons(name)


# Frontends


@pytest.mark.parametrize(
    ("subnet", "version", "expected"),
    [
        ("apps", str(NEWEST), "apps"),
        ("s" * 42, str(NEWEST), "s" * 42),
        ("s" * 43, str(NEWEST), "s" * 42),
        ("s" * 41 + "-tail", str(NEWEST), "s" * 41 + "_"),
        ("s" * 41 + "1tail", str(NEWEST), "s" * 41 + "_"),
        ("s" * 41 + "_tail", str(NEWEST), "s" * 41 + "_"),
        ("s" * 41 + "-", str(NEWEST), "s" * 41 + "-"),
        ("s" * 46 + "-tail", "1.26.22", "s" * 46 + "_"),
        ("s" * 46 + "-tail", "1.23.8", "s" * 46 + "-"),
    ],
    ids=[
        "whole", "fits", "cut to 75", "no dash at the cut", "no digit at the cut", "underscore at the cut",
        "dash at its own end", "cut to 80 before 1.27.0", "any ending before 1.23.9",
    ],
)  # fmt: skip
def test_frontend_in_a_subnet(subnet: str, version: str, expected: str) -> None:
    parts = names(service(in_subnet(subnet)), on(version))
    assert f"{NAME}-{expected}" == frontend_name(parts, IPV4).value


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (service(), [NAME]),
        (ipv6(), [NAME]),
        (dual(), [NAME, f"{NAME}-IPv6"]),
        (dual(in_subnet("apps")), [f"{NAME}-apps", f"{NAME}-apps-IPv6"]),
    ],
    ids=["IPv4", "IPv6 alone has no suffix", "dual stack", "dual stack in a subnet"],
)
def test_frontend_names(given: Service, expected: list[str]) -> None:
    found = balancer(derive(given, on())).frontend_ip_configurations
    assert expected == [frontend.name.value for frontend in found]


# Public IPs

PREFIX = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/publicIPPrefixes/"


@pytest.mark.parametrize(
    ("given", "settings", "expected"),
    [
        (service(), {}, f"kubernetes-{NAME}"),
        (service(), {"cluster_name": "prod"}, f"prod-{NAME}"),
        (service(), {"cluster_name": "prod", "load_balancer_name": "lb"}, f"prod-{NAME}"),
        (service({"azure-pip-prefix-id": PREFIX + "web"}), {}, f"kubernetes-{NAME}-web"),
        (service({"azure-pip-prefix-id": PREFIX}), {}, f"kubernetes-{NAME}"),
        (service({"azure-pip-prefix-id": ""}), {}, f"kubernetes-{NAME}"),
        (service({"azure-pip-prefix-id": PREFIX + "w" * 40}), {}, f"kubernetes-{NAME}-{'w' * 31}"),
        (service(), {"cluster_name": "c" * 60}, f"{'c' * 60}-{NAME[:14]}"),
        (service(), {"cluster_name": "c" * 90}, "c" * 75),
        (service(uid=None), {}, "kubernetes-a<uid of shop/web>"),
        (service(uid=None), {"cluster_name": "c" * 60}, f"{'c' * 60}-a<uid of shop/web>"),
    ],
    ids=[
        "cluster and prefix", "another cluster", "not the load balancer", "prefix", "prefix without a name",
        "empty prefix", "cut to 75", "cut of a long cluster", "cluster that is too long by itself", "unknown UID",
        "no cut of an unknown UID",
    ],
)  # fmt: skip
def test_public_ip_names(given: Service, settings: dict[str, str], expected: str) -> None:
    source = annotation(given, keys.PIP_PREFIX_ID)
    cluster = on(**settings)
    assert expected == public_ip_name(names(given, cluster), cluster, source, IPV4).value


@pytest.mark.parametrize(
    ("given", "version", "expected"),
    [
        (dual(), str(NEWEST), f"kubernetes-{NAME}-IPv6"),
        (ipv6(), str(NEWEST), f"kubernetes-{NAME}"),
        (ipv6(), "1.27.1", f"kubernetes-{NAME}-IPv6"),
        (dual(), "1.27.0", f"kubernetes-{NAME}-IPv6"),
        (dual(), "1.26.22", f"kubernetes-{NAME}"),
    ],
)
def test_public_ip_names_of_ipv6(given: Service, version: str, expected: str) -> None:
    assert expected == public_ip_name(names(given, on(version)), on(version), None, IPV6).value


def test_suffix_comes_after_the_cut() -> None:
    cluster = on(cluster_name="c" * 60)
    name = public_ip_name(names(dual(), cluster), cluster, None, IPV6).value
    assert (80, "-IPv6") == (len(name), name[-5:])


# Load balancers and pools


@pytest.mark.parametrize(
    ("value", "settings", "expected", "notes"),
    [
        (None, {}, "kubernetes", ()),
        ("false", {}, "kubernetes", ()),
        ("true", {}, "kubernetes-internal", ()),
        ("true", {"load_balancer_name": "lb"}, "lb-internal", ()),
        (None, {"load_balancer_name": "lb"}, "lb", ()),
        ("True", {}, "kubernetes", ("'True' is not exactly 'true': Azure builds a public load balancer",)),
        (" true", {}, "kubernetes", ("' true' is not exactly 'true': Azure builds a public load balancer",)),
        ("yes", {}, "kubernetes", ()),
    ],
)
def test_load_balancer_names(
    value: str | None, settings: dict[str, str], expected: str, notes: tuple[str, ...]
) -> None:
    given = service({} if value is None else {"azure-load-balancer-internal": value})
    name = load_balancer_name(Context(given, on(**settings)))
    assert (expected, notes) == (name.value, name.notes)


def test_load_balancer_comes_from_the_annotation_even_where_it_does_not_count() -> None:
    kinds = [
        load_balancer_name(Context(service(which), on())).origin.kind for which in ({}, INTERNAL, in_subnet("", "True"))
    ]
    assert [PROVIDER, ANNOTATION, ANNOTATION] == kinds


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (service(), ["kubernetes"]),
        (service(INTERNAL), ["kubernetes"]),
        (ipv6(), ["kubernetes-IPv6"]),
        (dual(), ["kubernetes", "kubernetes-IPv6"]),
    ],
    ids=["IPv4", "internal", "IPv6", "dual stack"],
)
def test_backend_pools_are_those_of_the_cluster(given: Service, expected: list[str]) -> None:
    assert expected == [pool.value for pool in balancer(derive(given, on())).backend_pools]


def test_names_of_a_manifest_without_uid_are_placeholders() -> None:
    found = balancer(derive(other(uid=None), on()))
    assert "a<uid of shop/other>-TCP-80" == found.load_balancing_rules[0].name.value
    assert "a<uid of shop/other>" == found.frontend_ip_configurations[0].name.value
    assert "a" + Placeholder("uid of shop/other") == found.frontend_ip_configurations[0].name.value
