"""The cluster that the options describe, and the files that they name."""

from typing import TYPE_CHECKING

from kubectl_akslb.arguments.groups import (
    ClusterOptions as ClusterOptions,  # noqa: PLC0414 - commands say opt.ClusterOptions
)
from kubectl_akslb.cli.output import WrongUsageError
from kubectl_akslb.edge import files
from kubectl_akslb.edge.streams import MAX_BYTES, read_in, tell
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.named_tuple import NamedTuple

if TYPE_CHECKING:
    from kubectl_akslb.model.cluster import Cluster
    from kubectl_akslb.profile.settings import LoadedProfile

STDIN_NAME = "<stdin>"
"""What standard input is called where a file has its path."""


def described_by(given: object) -> ClusterOptions:
    """What the arguments of a command say about the cluster; nothing where it has no such options."""
    return ClusterOptions(*(getattr(given, name, None) for name in ClusterOptions._fields))


class ChosenCluster(NamedTuple):
    """The cluster, and the sentences that say what was assumed."""

    cluster: "Cluster"
    notices: tuple[str, ...]


def cluster_of(options: ClusterOptions) -> ChosenCluster:
    """The cluster of a profile file and flags; flags win."""
    loaded = flagged(base_profile(options), options)
    return ChosenCluster(loaded.cluster, loaded.notices)


def base_profile(options: ClusterOptions) -> "LoadedProfile":
    """The cluster of the profile file, or the one that is assumed without."""
    from kubectl_akslb.profile.load import MAX_BYTES as PROFILE_BYTES
    from kubectl_akslb.profile.load import default_profile, load_profile

    if options.profile is None:
        return default_profile()
    return load_profile(read_file(options.profile, PROFILE_BYTES), options.profile)


def flagged(loaded: "LoadedProfile", options: ClusterOptions) -> "LoadedProfile":
    """*loaded* with what the flags say."""
    from kubectl_akslb.profile.flags import with_flags

    try:
        return with_flags(
            loaded,
            provider_version=options.provider_version,
            kubernetes_version=options.kubernetes_version,
            aks_release=options.aks_release,
            sku=options.sku,
            probe_mode=options.probe_mode,
            backend_pool_type=options.backend_pool_type,
            outbound_type=options.outbound_type,
            nodes=options.nodes,
            what_if=options.what_if,
            zones=None if options.zones is None else tuple(filter(None, options.zones.split(","))),
        )
    except AkslbError as error:
        raise WrongUsageError(error.message, error.hint) from None


_PATIENCE = 2.0
"""Seconds after which somebody who waits is told for what."""


def _tell_if_silent() -> None:
    """A sentence for whoever wonders, where nothing comes from standard input for a while."""
    import sys
    from select import select

    try:
        if sys.stdin is not None and not sys.stdin.isatty() and not select([sys.stdin.fileno()], [], [], _PATIENCE)[0]:
            tell("waiting for a manifest on standard input\n")
    except (OSError, ValueError):
        return  # nothing that can be waited for: reading it tells


def read_file(path: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file, or of standard input for ``-``; AkslbError where there are more than *limit*."""
    if path != "-":
        return files.read_file(path, limit)
    _tell_if_silent()
    data = read_in(limit)
    if data is None:
        raise WrongUsageError(
            "nothing is piped into standard input", hint="pipe a manifest in, or name a file after -f"
        )
    if not data.strip():
        tell("note: standard input is empty\n")  # what should have written to it may have failed
    return data
