"""``kubectl akslb krm``: a function for kustomize and whoever else speaks KRM Functions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output

if TYPE_CHECKING:
    from kubectl_akslb.arguments.krm import Arguments
    from kubectl_akslb.model.cluster import Cluster


def krm(given: "Arguments") -> int:
    """Work as a KRM function, on standard input and output; returns the exit code."""
    from kubectl_akslb.fix.krm import run

    described = opt.described_by(given)

    def cluster_of(flags: Mapping[str, str]) -> "Cluster":
        wanted = described
        if "kubernetes-version" in flags or "provider-version" in flags:
            versions = flags.get("kubernetes-version"), flags.get("provider-version")
            wanted = wanted._replace(kubernetes_version=versions[0], provider_version=versions[1])
        if "probe-mode" in flags:
            wanted = wanted._replace(probe_mode=flags["probe-mode"])
        return opt.cluster_of(wanted).cluster

    outcome = run(opt.read_file("-"), cluster_of)
    output.write_whole(outcome.output)
    output.tell("".join(f"{_line(one)}\n" for one in outcome.results if one["severity"] != "info"))
    return outcome.code


def _line(result: Mapping[str, Any]) -> str:
    """A result for a person: runners show standard error, and few of them the results."""
    from kubectl_akslb.edge.escape import clean

    about = result.get("resourceRef") or {}
    name = "/".join(str(about[key]) for key in ("namespace", "name") if about.get(key))
    where = f" {about.get('kind')} {name}" if about else ""
    return clean(f"[{result['severity']}]{where}: {result['message']}")
