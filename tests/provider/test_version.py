"""Which provider release a version stands for, and what is said about it."""

import pytest

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.version import NEWEST, NEWEST_PATCH, OLDEST, choose


@pytest.mark.parametrize(
    ("provider", "kubernetes", "version", "notice"),
    [
        ("", "", str(NEWEST), f"no version given: assuming the newest known provider, {NEWEST}"),
        ("1.28.5", "", "1.28.5", ""),
        ("v1.28.5", "", "1.28.5", ""),
        (" 1.28.5 ", "1.30", "1.28.5", ""),
        ("1.28", "", "1.28.14", "Kubernetes 1.28: assuming the newest known provider of it, 1.28.14"),
        ("1.23.0", "", "1.23.0", ""),
        (
            "1.28.99",
            "",
            "1.28.14",
            "provider 1.28.99 is not known, the newest of 1.28 is 1.28.14: explained as 1.28.14",
        ),
        ("1.40.0", "", str(NEWEST), f"provider 1.40.0 is newer than any known one: explained as {NEWEST}"),
        ("2.0.0", "", str(NEWEST), f"provider 2.0.0 is newer than any known one: explained as {NEWEST}"),
        ("2.28.0", "", "1.28.14", "provider 2.28.0 is newer than any known one: explained as 1.28.14"),
        ("", "1.30", "1.30.18", "Kubernetes 1.30: assuming the newest known provider of it, 1.30.18"),
        ("", "v1.30.4", "1.30.18", "Kubernetes 1.30: assuming the newest known provider of it, 1.30.18"),
        ("", "1.30.4-gke.1", "1.30.18", "Kubernetes 1.30: assuming the newest known provider of it, 1.30.18"),
        ("", "1.30.4+k3s1", "1.30.18", "Kubernetes 1.30: assuming the newest known provider of it, 1.30.18"),
        ("", "1.37", str(NEWEST), f"Kubernetes 1.37 is newer than any known one: explained as {NEWEST}"),
        ("", "2.1", str(NEWEST), f"Kubernetes 2.1 is newer than any known one: explained as {NEWEST}"),
    ],
)
def test_choose(provider: str, kubernetes: str, version: str, notice: str) -> None:
    chosen = choose(provider, kubernetes)
    assert (version, notice) == (str(chosen.version), chosen.notice)


@pytest.mark.parametrize(
    ("provider", "kubernetes", "message"),
    [
        ("1.22.9", "", "1.22.9 is older than 1.23.0, the oldest provider version that is known"),
        ("1.22", "", "1.22 is older than 1.23.0, the oldest provider version that is known"),
        ("", "1.21.3", "1.21 is older than 1.23.0, the oldest provider version that is known"),
        ("0.40.0", "", "0.40.0 is older than 1.23.0, the oldest provider version that is known"),
        ("newest", "", "'newest' is not a provider version"),
        ("1", "", "'1' is not a provider version"),
        ("1.2.3.4", "", "'1.2.3.4' is not a provider version"),
        ("1.x", "", "'1.x' is not a provider version"),
        ("1.\u0662", "", "'1.\u0662' is not a provider version"),
        ("", "1.", "'1.' is not a Kubernetes version"),
    ],
)
def test_no_version(provider: str, kubernetes: str, message: str) -> None:
    with pytest.raises(AkslbError) as caught:
        choose(provider, kubernetes)
    assert message == caught.value.message
    assert caught.value.hint


def test_version_of_too_many_digits() -> None:
    with pytest.raises(AkslbError):
        choose("1." + "9" * 5000)


def test_newest_patches_are_of_every_minor() -> None:
    assert list(NEWEST_PATCH) == list(range(OLDEST.minor, NEWEST.minor + 1))
    assert NEWEST.patch == NEWEST_PATCH[NEWEST.minor]


@pytest.mark.parametrize(("text", "version"), [("1.28.5", (1, 28, 5)), ("v1.28.5", (1, 28, 5)), (" 1.2.3 ", (1, 2, 3))])
def test_parse(text: str, version: tuple[int, int, int]) -> None:
    assert version == ProviderVersion.parse(text)


@pytest.mark.parametrize("text", ["1.28", "1.28.5.1", "1.28.x", "", "1.28.-5"])
def test_parse_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a version of the form 1\.28\.5"):
        ProviderVersion.parse(text)


def test_versions_are_ordered_as_releases_are() -> None:
    assert ProviderVersion(1, 28, 9) < ProviderVersion(1, 28, 10) < ProviderVersion(1, 29, 0)
