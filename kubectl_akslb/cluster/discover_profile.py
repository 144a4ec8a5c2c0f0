"""The profile of the cluster that kubectl talks to: its API, az where it is asked, a file, in one."""

from typing import TYPE_CHECKING

from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.discover import Discovered, Seen, discover, overlay
from kubectl_akslb.cluster.reading import Reading, read_version
from kubectl_akslb.profile.load import default_profile
from kubectl_akslb.profile.settings import LoadedProfile

if TYPE_CHECKING:
    from kubectl_akslb.cluster.az_answer import AzureAnswer


def profile_of(
    reading: Reading, connection: Connection, azure: "AzureAnswer | None", file: LoadedProfile | None
) -> tuple[LoadedProfile, Discovered]:
    """The profile: *file* or what az says, and where neither says anything, what the API shows."""
    found = discover(Seen(reading.nodes, reading.daemon_sets, reading.kubernetes_version))
    from_az, notices = azure.profile(found) if azure is not None else (None, ())
    base = file or from_az or default_profile()
    if not found.provider_version and not found.kubernetes_version and "provider_version" not in base.sources:
        version = read_version(connection)
        found = discover(Seen(reading.nodes, reading.daemon_sets, version)) if version else found
    loaded = overlay(base, found)
    return loaded._replace(notices=(*loaded.notices, *notices)), found
