"""Which release of the provider AKS runs: AKS does not say it of a cluster, only what its releases carry.

AKS announces its releases by date; a release note names the controller (``ccm``), the node manager (``cnm``), or
nothing. The provider's own README had a table until 2025-06 (``readme``), AKS' documentation has one (``docs``). Node
images hold the node manager that AKS prepares next (``image``): the provider is not newer than that. A release reaches
a region up to four weeks after its date, and a cluster at its next maintenance.
"""

from datetime import date

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple

#: When the table was read: AKS' change log, node image notes, and the documentation of components.
READ_ON = "2026-08-21"
#: The newest release whose note was there then.
LAST_NOTE = "2026-07-17"

#: The date, what says so, and the releases. ``1.32=1.31.1`` is Kubernetes 1.32 with a provider of the minor before.
_TABLE = """\
2022-01-19 image 1.23.1
2022-02-15 image 1.23.2
2022-03-20 image 1.23.5
2022-03-23 image 1.23.6
2022-04-27 image 1.23.9
2022-05-01 ccm 1.23.11
2022-05-22 ccm 1.23.12
2022-05-24 image 1.23.11 1.24.0
2022-06-17 readme 1.23.13 1.24.1
2022-06-19 ccm 1.23.14 1.24.2
2022-07-14 readme 1.23.15 1.24.3
2022-07-18 image 1.24.3
2022-08-26 readme 1.23.17 1.24.4
2022-09-11 ccm 1.23.18 1.24.5 1.25.0
2022-09-25 ccm 1.23.20 1.24.7
2023-01-06 readme 1.23.25 1.24.12 1.25.6 1.26.2
2023-01-10 image 1.23.24 1.24.11 1.25.5 1.26.0
2023-04-05 image 1.23.30 1.24.17 1.25.11 1.26.7
2023-04-16 ccm 1.23.30 1.24.17 1.25.11 1.26.7
2023-05-08 image 1.24.18 1.25.12 1.26.8 1.27.1
2023-05-18 readme 1.23.30 1.24.19 1.25.13 1.26.9 1.27.3
2023-06-01 image 1.24.20 1.25.14 1.26.10 1.27.4
2023-06-07 readme 1.24.21 1.25.15 1.26.11 1.27.5
2023-06-13 image 1.24.21 1.25.15 1.26.11 1.27.5
2023-06-18 cnm 1.24.21 1.25.15 1.26.11 1.27.5
2023-07-23 ccm 1.24.22 1.25.16 1.26.12 1.27.6
2023-08-06 ccm 1.25.17 1.26.13 1.27.7
2023-08-22 readme 1.25.18 1.26.14 1.27.8 1.28.0
2023-08-27 ccm 1.25.18 1.26.14 1.27.8 1.28.0
2023-08-28 image 1.25.18 1.26.14 1.27.8 1.28.0
2023-09-25 readme 1.25.19 1.26.15 1.27.9 1.28.1
2023-10-22 ccm 1.25.20 1.26.16 1.27.10 1.28.2
2023-11-01 readme 1.25.21 1.26.17 1.27.11 1.28.3
2023-11-05 ccm 1.25.22 1.26.17 1.27.11
2024-01-23 ccm 1.25.24 1.26.19 1.27.13 1.28.5
2024-01-29 readme 1.25.24 1.26.19 1.27.13 1.28.5 1.29.0
2024-02-07 image 1.25.24 1.26.19 1.27.13 1.28.5 1.29.0
2024-03-31 ccm 1.26.22 1.27.16 1.28.8 1.29.3
2024-04-01 image 1.26.22 1.27.16 1.28.8 1.29.3
2024-05-03 image 1.27.17 1.28.9 1.29.4 1.30.0
2024-05-13 cnm 1.27.17 1.28.9 1.29.4 1.30.0
2024-07-10 readme 1.27.18 1.28.10 1.29.8 1.30.4
2024-08-11 readme 1.27.18 1.28.10 1.29.8 1.30.4
2024-08-27 ccm 1.27.19 1.28.11 1.29.9 1.30.5
2024-08-27 image 1.27.20 1.28.11 1.29.9 1.30.5
2024-09-09 image 1.31.0
2024-10-06 ccm 1.28.13 1.29.11 1.30.7 1.31.1
2024-10-27 image 1.27.21 1.28.13 1.29.11 1.30.7 1.31.1
2025-02-26 image 1.28.14 1.29.12 1.30.8 1.31.2
2025-03-06 readme 1.27.21 1.28.13 1.29.11 1.30.7 1.31.1 1.32=1.31.1
2025-03-13 image 1.29.13 1.30.10 1.31.4 1.32.3
2025-03-16 ccm 1.30.10 1.31.4 1.32.3
2025-04-21 readme 1.29.14 1.30.11 1.31.5 1.32.4
2025-04-27 ccm 1.29.14 1.30.11 1.31.5 1.32.4
2025-05-11 readme 1.28.14 1.29.15 1.30.12 1.31.6 1.32.5 1.33.0
2025-05-14 image 1.29.15 1.30.12 1.31.6 1.32.5 1.33.0
2025-05-19 ccm 1.31.6
2025-05-19 cnm 1.32.5
2025-06-13 readme 1.30.13 1.31.7 1.32.6 1.33.1
2025-07-15 image 1.30.13 1.31.7 1.32.6 1.33.1
2025-07-20 ccm 1.30.13 1.31.7 1.32.6 1.33.1
2025-07-29 cnm 1.32.5 1.33.0
2025-08-08 ccm 1.30.14 1.31.8 1.32.7 1.33.2
2025-11-18 cnm 1.33.3 1.34.0
2026-01-04 ccm 1.34.2
2026-01-13 image 1.31.9 1.31.12 1.32.8 1.32.11 1.33.3 1.33.6 1.34.3
2026-03-04 image 1.32.13 1.33.8 1.34.5
2026-03-18 image 1.32.14 1.33.9 1.34.6
2026-03-23 docs 1.34.6 1.35.1
2026-03-30 image 1.30.15 1.35.1
2026-04-02 ccm 1.35.1
2026-04-24 image 1.32.16 1.33.11 1.34.8 1.35.3
2026-04-28 ccm 1.32.16 1.33.11 1.34.8 1.35.3
2026-05-29 ccm 1.36.1
2026-06-08 image 1.33.13 1.34.10 1.35.5 1.36.1
2026-06-16 docs 1.35.5 1.36.1
2026-06-19 ccm 1.33.14 1.34.11 1.35.6 1.36.2
2026-07-02 image 1.33.14 1.34.11 1.35.6 1.36.2
2026-07-09 image 1.33.15 1.34.12 1.35.7 1.36.3
2026-07-16 image 1.33.15 1.34.12 1.35.7 1.36.3
2026-08-01 image 1.33.16 1.34.13 1.35.8 1.36.4
2026-08-10 image 1.36.5
2026-08-19 image 1.33.17
"""

_AT_LEAST = ("ccm", "cnm", "docs", "readme")
_AT_MOST = ("image",)


class AksRelease(NamedTuple):
    """What is known of the provider of one Kubernetes minor at a date.

    *announced* is the newest release that was said to be in AKS by then: a cluster has it, or gets it within weeks.
    *prepared* is the newest that AKS was preparing: no cluster has a newer one. Each with its date; None where nothing
    is known.
    """

    announced: ProviderVersion | None
    announced_on: str
    prepared: ProviderVersion | None
    prepared_on: str


def announcements() -> list[tuple[str, str]]:
    """The dates on which AKS announced releases of the provider, newest first, each with those releases."""
    rows = (line.split(" ", 2) for line in reversed(_TABLE.splitlines()))
    return [(day, versions) for day, kind, versions in rows if kind in _AT_LEAST]


def provider_at(released: str, minor: int) -> AksRelease:
    """What AKS ran for Kubernetes 1.*minor* at the AKS release of a date, such as ``2026-01-04``."""
    day = _day(released)
    return AksRelease(*_newest(day, minor, _AT_LEAST), *_newest(day, minor, _AT_MOST))


def provider_of(minor: int) -> AksRelease:
    """What is known of the provider that AKS runs now for Kubernetes 1.*minor*."""
    return AksRelease(*_newest(READ_ON, minor, _AT_LEAST), *_newest(READ_ON, minor, _AT_MOST))


def first_of(minor: int) -> AksRelease:
    """The first provider that AKS announced for Kubernetes 1.*minor*, and when."""
    days = sorted({line.partition(" ")[0] for line in _TABLE.splitlines()})
    at = ((_newest(day, minor, _AT_LEAST), _newest(day, minor, _AT_MOST)) for day in days)
    none = AksRelease(None, "", None, "")
    return next((AksRelease(*announced, *prepared) for announced, prepared in at if announced[0]), none)


def is_later(released: str) -> bool:
    """Whether the AKS release of a date is later than the table was read."""
    return _day(released) > READ_ON


def lag_of(manager: ProviderVersion) -> str:
    """What a node manager of this version leaves open about the provider beside it; "" where nothing.

    Since April 2026 AKS ships both in one version; before that the node manager lagged behind.
    """
    from kubectl_akslb.provider.behaviours import behaviours_of

    newest = provider_of(manager.minor).announced
    if newest is None or newest <= manager or manager >= _ONE_VERSION_SINCE.get(manager.minor, newest):
        return ""
    if manager.minor > max(_ONE_VERSION_SINCE):
        return ""
    later = behaviours_of(newest) ^ behaviours_of(manager)
    if not later:
        return ""
    return (
        f"with AKS before April 2026 the provider may be up to {newest}:"
        f" 'changes --from {manager} --to {newest}' lists {len(later)} differences"
    )


#: The first release of each minor whose note names the two together; later minors never had two versions.
_ONE_VERSION_SINCE = {
    minor: ProviderVersion(1, minor, patch) for minor, patch in ((32, 16), (33, 11), (34, 8), (35, 3))
}


def _day(text: str) -> str:
    """An AKS release: its date, also as its name ``v20260104``."""
    digits = text.strip().removeprefix("v").replace("-", "")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).isoformat() if len(digits) == 8 else _no(text)
    except ValueError:
        return _no(text)


def _no(text: str) -> str:
    message = f"{text[:40]!r} is not an AKS release"
    raise AkslbError(
        message, hint="AKS releases are dates, such as 2026-01-04 or v20260104: github.com/Azure/AKS/releases"
    )


def _newest(day: str, minor: int, evidence: tuple[str, ...]) -> tuple[ProviderVersion | None, str]:
    found: tuple[ProviderVersion | None, str] = (None, "")
    for line in _TABLE.splitlines():
        on, kind, *versions = line.split(" ")
        if on > day or kind not in evidence:
            continue
        for text in versions:
            kubernetes, _, provider = text.rpartition("=")
            version = ProviderVersion.parse(provider)
            of = int(kubernetes.rpartition(".")[2]) if kubernetes else version.minor
            if of == minor and (found[0] is None or version >= found[0]):
                found = version, on
    return found
