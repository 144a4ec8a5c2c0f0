"""Which releases of the provider are known, and what a person's version means among them."""

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.provider.aks_releases import AksRelease

#: The newest patch of each minor that the tables were checked against.
NEWEST_PATCH = {
    23: 30, 24: 22, 25: 24, 26: 22, 27: 21, 28: 14, 29: 15, 30: 18, 31: 14, 32: 20, 33: 17, 34: 13, 35: 8, 36: 5,
}  # fmt: skip
OLDEST = ProviderVersion(1, 23, 0)
NEWEST = ProviderVersion(1, *max(NEWEST_PATCH.items()))


class ChosenVersion(NamedTuple):
    """A provider version, and the sentence that says how it was chosen ("" where it was given exactly)."""

    version: ProviderVersion
    notice: str


def choose(provider: str = "", kubernetes: str = "", aks_release: str = "", *, aks: bool = False) -> ChosenVersion:
    """The provider version that a provider version, a Kubernetes version or an AKS release stands for.

    The provider's minor follows Kubernetes' minor. AKS says of its releases which patch they carry, and of a cluster it
    does not: so a Kubernetes version means the newest known patch of its minor, with an AKS release the newest that was
    announced by then, and of a cluster that is known to be AKS the newest that was announced at all. AkslbError for
    text that is no version, and for releases before 1.23.0.
    """
    if provider:
        return _exact(_parse(provider, "provider version"))
    if aks_release:
        return _of_aks_release(kubernetes, aks_release)
    if kubernetes and aks:
        return _of_aks(_parse(kubernetes, "Kubernetes version"))
    if kubernetes:
        return _newest_of_minor(_parse(kubernetes, "Kubernetes version"))
    return ChosenVersion(NEWEST, f"no version given: assuming the newest known provider, {NEWEST}")


def _parse(text: str, what: str) -> tuple[int, int, int | None]:
    core = text.strip().removeprefix("v").partition("-")[0].partition("+")[0]
    parts = core.split(".")
    if 2 <= len(parts) <= 3 and all(part.isascii() and part.isdigit() and len(part) < 9 for part in parts):
        return int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) == 3 else None
    message = f"{text!r} is not a {what}"
    raise AkslbError(message, hint="write it as 1.30 or 1.30.4")


def _too_old(text: str) -> AkslbError:
    return AkslbError(
        f"{text} is older than {OLDEST}, the oldest provider version that is known",
        hint="use 1.23.0 or later; earlier providers lived inside Kubernetes and behave differently",
    )


def _exact(given: tuple[int, int, int | None]) -> ChosenVersion:
    major, minor, patch = given
    if patch is None:
        return _newest_of_minor(given)
    version = ProviderVersion(major, minor, patch)
    if version < OLDEST:
        raise _too_old(str(version))
    if version > NEWEST or patch > NEWEST_PATCH.get(minor, 0):
        known = _newest_known(minor)
        what = "newer than any known one" if version > NEWEST else f"not known, the newest of 1.{minor} is {known}"
        return ChosenVersion(known, f"provider {version} is {what}: explained as {known}")
    return ChosenVersion(version, "")


def _of_aks_release(kubernetes: str, aks_release: str) -> ChosenVersion:
    """What AKS had announced by the date of a release."""
    from kubectl_akslb.provider.aks_releases import READ_ON, first_of, is_later, provider_at

    if not kubernetes:
        message = "an AKS release has a provider for each minor of Kubernetes"
        raise AkslbError(message, hint="say which: --kubernetes-version 1.33")
    given = _parse(kubernetes, "Kubernetes version")
    known = provider_at(aks_release, given[1])
    first = first_of(given[1])
    if known.announced is None and first.announced is not None:
        text = (
            f"nothing is known of AKS {aks_release} with Kubernetes 1.{given[1]}: assuming the first provider that was"
        )
        return ChosenVersion(first.announced, f"{text} announced for it, {first.announced} of {first.announced_on}")
    if known.announced is None:
        chosen = _newest_of_minor(given)
        return ChosenVersion(chosen.version, f"nothing is known of AKS {aks_release}: {chosen.notice}")
    chosen = _announced(known, f"AKS {aks_release}, Kubernetes 1.{given[1]}")
    if is_later(aks_release):
        text = f"; AKS' change log was read on {READ_ON}, and may have named a later one by then"
        return chosen._replace(notice=chosen.notice + text)
    return chosen


def _of_aks(given: tuple[int, int, int | None]) -> ChosenVersion:
    """The newest provider that AKS has announced for a minor of Kubernetes."""
    from kubectl_akslb.provider.aks_releases import provider_of

    known = provider_of(given[1])
    if known.announced is None or given[0] != 1:
        return _newest_of_minor(given)
    return _announced(known, f"Kubernetes 1.{given[1]} in AKS")


def _announced(known: "AksRelease", what: str) -> ChosenVersion:
    """The newest provider that was announced, and where the cluster's may be newer already."""
    from kubectl_akslb.provider.behaviours import behaviours_of

    if known.announced is None:
        raise ValueError(known)
    version = _exact((known.announced.major, known.announced.minor, known.announced.patch)).version
    notice = f"{what}: provider {version}, announced {known.announced_on}"
    if known.prepared is not None and known.prepared > known.announced:
        later = behaviours_of(known.prepared) ^ behaviours_of(known.announced)
        differs = f"they differ in {', '.join(sorted(later))}" if later else "they do the same"
        notice += f"; AKS was preparing {known.prepared} on {known.prepared_on}: {differs}"
    return ChosenVersion(version, notice)


def _newest_of_minor(given: tuple[int, int, int | None]) -> ChosenVersion:
    major, minor, _ = given
    if (major, minor) < (1, 23):
        raise _too_old(f"{major}.{minor}")
    known = _newest_known(minor) if major == 1 else NEWEST
    if major > 1 or minor > NEWEST.minor:
        return ChosenVersion(known, f"Kubernetes {major}.{minor} is newer than any known one: explained as {known}")
    return ChosenVersion(known, f"Kubernetes {major}.{minor}: assuming the newest known provider of it, {known}")


def _newest_known(minor: int) -> ProviderVersion:
    return ProviderVersion(1, minor, NEWEST_PATCH[minor]) if minor in NEWEST_PATCH else NEWEST
