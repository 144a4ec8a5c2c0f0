"""Which provider an AKS release stands for."""

import pytest

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile, load_profile
from kubectl_akslb.provider.aks_releases import READ_ON, first_of, lag_of, provider_at
from kubectl_akslb.provider.version import choose


@pytest.mark.parametrize(
    ("released", "minor", "announced", "announced_on", "prepared", "prepared_on"),
    [
        ("2026-01-04", 34, "1.34.2", "2026-01-04", None, ""),
        ("v20260130", 34, "1.34.2", "2026-01-04", "1.34.3", "2026-01-13"),
        ("2026-06-19", 36, "1.36.2", "2026-06-19", "1.36.1", "2026-06-08"),
        ("2026-08-21", 36, "1.36.2", "2026-06-19", "1.36.5", "2026-08-10"),
        ("2025-03-07", 32, "1.31.1", "2025-03-06", "1.32.1", ""),  # a provider of the minor before
        ("2022-01-01", 23, None, "", None, ""),
        ("2026-01-04", 99, None, "", None, ""),
    ],
)
def test_what_is_known(
    released: str, minor: int, announced: str | None, announced_on: str, prepared: str | None, prepared_on: str
) -> None:
    found = provider_at(released, minor)
    assert (announced, announced_on) == (str(found.announced) if found.announced else None, found.announced_on)
    if prepared_on or prepared is None:
        assert (prepared, prepared_on) == (str(found.prepared) if found.prepared else None, found.prepared_on)


def test_nothing_is_newer_than_the_table() -> None:
    assert provider_at(READ_ON, 36) == provider_at("2999-12-31", 36)


@pytest.mark.parametrize("text", ["", "x", "2026", "2026-13-01", "2026-01-04-1", "v2026010"])
def test_no_release(text: str) -> None:
    with pytest.raises(AkslbError, match="is not an AKS release"):
        provider_at(text, 34)


def test_the_notice_says_what_may_differ() -> None:
    chosen = choose(kubernetes="1.34", aks_release="2026-01-30")
    assert ProviderVersion(1, 34, 2) == chosen.version
    assert "announced 2026-01-04; AKS was preparing 1.34.3 on 2026-01-13: they do the same" in chosen.notice
    differs = choose(kubernetes="1.33", aks_release="2026-03-05").notice
    assert "AKS was preparing 1.33.8 on 2026-03-04: they differ in " in differs
    assert "shared-frontends-are-ipv4" in differs
    assert choose(kubernetes="1.23", aks_release="2020-01-01").notice.startswith("nothing is known of AKS 2020-01-01")


def test_before_the_first_release_of_a_minor_that_one_is_assumed() -> None:
    chosen = choose(kubernetes="1.33", aks_release="2020-01-01")
    first = first_of(33)
    assert (ProviderVersion(1, 33, 0), first.announced) == (chosen.version, chosen.version)
    assert "nothing is known of AKS 2020-01-01" in chosen.notice
    assert first.announced_on in chosen.notice
    assert first_of(99).announced is None


@pytest.mark.parametrize(("released", "told"), [("2026-08-21", False), ("2026-08-22", True), ("v20300101", True)])
def test_a_release_after_the_table_is_told(released: str, told: bool) -> None:
    chosen = choose(kubernetes="1.33", aks_release=released)
    assert ProviderVersion(1, 33, 14) == chosen.version
    assert told is (f"read on {READ_ON}" in chosen.notice)


def test_a_cluster_of_aks_has_what_was_announced() -> None:
    """And no release that AKS has never said to carry."""
    chosen = choose(kubernetes="1.34.3", aks=True)
    assert ProviderVersion(1, 34, 11) == chosen.version
    assert chosen.notice.startswith(
        "Kubernetes 1.34 in AKS: provider 1.34.11, announced 2026-06-19; AKS was preparing "
    )
    assert ProviderVersion(1, 34, 2) == choose("1.34.2", "1.34.3", aks=True).version
    assert "newer than any known" in choose(kubernetes="1.99", aks=True).notice
    loaded = load_profile(b'{"currentKubernetesVersion": "1.34.3", "networkProfile": {}, "id": "/x"}', "aks.json")
    assert ProviderVersion(1, 34, 11) == loaded.cluster.provider_version


@pytest.mark.parametrize(
    ("manager", "newest"),
    [("1.33.2", "1.33.14"), ("1.30.8", "1.30.14"), ("1.34.8", ""), ("1.36.1", ""), ("1.31.8", "")],
)
def test_the_node_manager_lagged_behind_until_april_2026(manager: str, newest: str) -> None:
    """What makes no difference is not told."""
    told = lag_of(ProviderVersion.parse(manager))
    assert bool(newest) == bool(told)
    assert newest in told


def test_an_exact_version_wins() -> None:
    assert ProviderVersion(1, 30, 4) == choose("1.30.4", aks_release="2026-01-30").version


def test_a_minor_is_needed() -> None:
    with pytest.raises(AkslbError, match="a provider for each minor"):
        with_flags(default_profile(), aks_release="2026-01-30")


def test_the_profile_says_the_minor() -> None:
    head = "apiVersion: akslb.dev/v1alpha1\nkind: ClusterProfile\n"
    loaded = load_profile(f'{head}spec: {{kubernetesVersion: "1.34"}}\n'.encode(), "p")
    found = with_flags(loaded, aks_release="2026-01-30")
    assert (ProviderVersion(1, 34, 2), "--aks-release") == (
        found.cluster.provider_version,
        found.sources["provider_version"],
    )
