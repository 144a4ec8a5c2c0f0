"""``kubectl akslb krm``: a function for kustomize and whoever else speaks KRM Functions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output

if TYPE_CHECKING:
    from kubectl_akslb.model.cluster import Cluster


def krm(  # noqa: PLR0913 - typer makes an option of each argument
    profile: opt.Profile = None,
    kubernetes_version: opt.KubernetesVersion = None,
    provider_version: opt.ProviderVersion = None,
    aks_release: opt.AksRelease = None,
    sku: opt.Sku = None,
    probe_mode: opt.ProbeMode = None,
    backend_pool_type: opt.BackendPoolType = None,
    outbound_type: opt.OutboundType = None,
    nodes: opt.Nodes = None,
    zones: opt.Zones = None,
) -> None:
    """Work as a KRM function: read a ResourceList from standard input, write it mended and with results.

    kustomize starts it. It does what 'fix' does; with mode: lint it changes nothing and fails where lint would.

    functionConfig is an AnnotationPolicy, or a ConfigMap with these keys, all optional: mode (fix or lint), fail-on
    (error, warning, info or never), known, unknown (as in a policy), select, ignore (rules), provider-version,
    kubernetes-version, probe-mode. What it says wins over the flags.

    The exit code is 1 where a result is not to be let through, and 3 where standard input is no ResourceList.
    """
    from kubectl_akslb.fix.krm import run  # noqa: PLC0415 - the rules cost start-up time

    described = opt.ClusterOptions(
        profile,
        kubernetes_version,
        provider_version,
        sku,
        probe_mode,
        backend_pool_type,
        outbound_type,
        nodes,
        zones,
        aks_release,
    )

    def cluster_of(flags: Mapping[str, str]) -> "Cluster":
        given = described
        if "kubernetes-version" in flags or "provider-version" in flags:
            versions = flags.get("kubernetes-version"), flags.get("provider-version")
            given = given._replace(kubernetes_version=versions[0], provider_version=versions[1])
        if "probe-mode" in flags:
            given = given._replace(probe_mode=flags["probe-mode"])
        return opt.cluster_of(given).cluster

    outcome = run(opt.read_file("-"), cluster_of)
    output.write_whole(outcome.output)
    output.tell("".join(f"{_line(one)}\n" for one in outcome.results if one["severity"] != "info"))
    if outcome.code:
        raise typer.Exit(outcome.code)


def _line(result: Mapping[str, Any]) -> str:
    """A result for a person: runners show standard error, and few of them the results."""
    from kubectl_akslb.edge.escape import clean  # noqa: PLC0415 - only where there is a result

    about = result.get("resourceRef") or {}
    name = "/".join(str(about[key]) for key in ("namespace", "name") if about.get(key))
    where = f" {about.get('kind')} {name}" if about else ""
    return clean(f"[{result['severity']}]{where}: {result['message']}")
