"""The cluster that is assumed where nobody says anything, without what it takes to read a profile."""

from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import choose


def assumed_cluster() -> tuple[Cluster, tuple[str, ...]]:
    """The provider's newest release with its defaults, and the notice that says so."""
    version, notice = choose()
    return Cluster(version, behaviours_of(version), provider_assumed=True), (notice,)
