"""The options that several commands share, and the cluster they describe."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from kubectl_akslb.cli.output import Colours, WrongUsageError
from kubectl_akslb.edge import files
from kubectl_akslb.edge.streams import MAX_BYTES, read_in, tell
from kubectl_akslb.errors import AkslbError

if TYPE_CHECKING:
    from kubectl_akslb.model.cluster import Cluster
    from kubectl_akslb.profile.settings import LoadedProfile

_CLUSTER = "Cluster"
STDIN_NAME = "<stdin>"
"""What standard input is called where a file has its path."""

Files = Annotated[
    list[str] | None,
    typer.Option("--filename", "-f", metavar="FILE", help="A manifest, or - for standard input. Repeatable."),
]
Profile = Annotated[
    str | None,
    typer.Option("--profile", metavar="FILE", rich_help_panel=_CLUSTER,
                 help="A cluster profile, or the output of 'az aks show -o json'."),
]  # fmt: skip
KubernetesVersion = Annotated[
    str | None,
    typer.Option("--kubernetes-version", metavar="VERSION", rich_help_panel=_CLUSTER,
                 help="Kubernetes version; means the newest known provider of that minor."),
]  # fmt: skip
ProviderVersion = Annotated[
    str | None,
    typer.Option("--provider-version", metavar="VERSION", rich_help_panel=_CLUSTER,
                 help="Version of cloud-provider-azure, 1.23.0 or later."),
]  # fmt: skip
AksRelease = Annotated[
    str | None,
    typer.Option("--aks-release", metavar="DATE", rich_help_panel=_CLUSTER,
                 help="AKS release, such as 2026-01-04; means the provider that was announced by then."),
]  # fmt: skip
Sku = Annotated[
    str | None,
    typer.Option("--sku", metavar="SKU", rich_help_panel=_CLUSTER, help="Load balancer SKU: standard or basic."),
]
ProbeMode = Annotated[
    str | None,
    typer.Option("--probe-mode", metavar="MODE", rich_help_panel=_CLUSTER,
                 help="Health probe mode of the cluster: servicenodeport or shared."),
]  # fmt: skip
BackendPoolType = Annotated[
    str | None,
    typer.Option("--backend-pool-type", metavar="TYPE", rich_help_panel=_CLUSTER,
                 help="nodeIPConfiguration or nodeIP."),
]  # fmt: skip
OutboundType = Annotated[
    str | None,
    typer.Option("--outbound-type", metavar="TYPE", rich_help_panel=_CLUSTER,
                 help="AKS outbound type, such as loadBalancer or userDefinedRouting."),
]  # fmt: skip
Nodes = Annotated[int | None, typer.Option("--nodes", metavar="N", rich_help_panel=_CLUSTER, help="Number of nodes.")]
Zones = Annotated[
    str | None,
    typer.Option("--zones", metavar="1,2,3", rich_help_panel=_CLUSTER, help="Zones of the region, '' for none."),
]


Color = Annotated[Colours, typer.Option("--color", help="Colours: auto is on a terminal, unless NO_COLOR is set.")]


class ClusterOptions(NamedTuple):
    """What the command line says about the cluster."""

    profile: str | None = None
    kubernetes_version: str | None = None
    provider_version: str | None = None
    sku: str | None = None
    probe_mode: str | None = None
    backend_pool_type: str | None = None
    outbound_type: str | None = None
    nodes: int | None = None
    zones: str | None = None
    aks_release: str | None = None


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
    from kubectl_akslb.profile.load import MAX_BYTES as PROFILE_BYTES  # noqa: PLC0415 - kubectl starts before it
    from kubectl_akslb.profile.load import default_profile, load_profile  # noqa: PLC0415 - kubectl starts before it

    if options.profile is None:
        return default_profile()
    return load_profile(read_file(options.profile, PROFILE_BYTES), options.profile)


def flagged(loaded: "LoadedProfile", options: ClusterOptions) -> "LoadedProfile":
    """*loaded* with what the flags say."""
    from kubectl_akslb.profile.flags import with_flags  # noqa: PLC0415 - kubectl starts before it

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
            zones=None if options.zones is None else tuple(filter(None, options.zones.split(","))),
        )
    except AkslbError as error:
        raise WrongUsageError(error.message, error.hint) from None


_PATIENCE = 2.0
"""Seconds after which somebody who waits is told for what."""


def _tell_if_silent() -> None:
    """A sentence for whoever wonders, where nothing comes from standard input for a while."""
    import sys  # noqa: PLC0415 - as below
    from select import select  # noqa: PLC0415 - only for a pipe

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
    return data
