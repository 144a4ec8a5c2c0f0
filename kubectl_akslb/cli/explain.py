"""``kubectl akslb explain``."""

from typing import TYPE_CHECKING

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.inputs import Named, read, told_apart
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.render.terminal import Terminal

if TYPE_CHECKING:
    from kubectl_akslb.arguments.explain import Arguments
    from kubectl_akslb.pipeline import Explanation


def explain(given: "Arguments") -> int:
    """Explain what the arguments name; returns the exit code."""
    why = given.why or []
    if why and given.form != "text":
        raise output.WrongUsageError(f"--why cannot go with -o {given.form}", hint="-o json holds every reason by path")
    described = opt.described_by(given)
    named = told_apart(given)
    live = on.live_options(given._replace(namespace=None) if named.manifests else given)
    with Progress("reading") as progress:
        if named.manifests:
            on.no_cluster(live, named.services)
            result = _explained(named, described, given.namespace or "", progress)
        else:
            progress.now("asking the cluster")
            result = on.explain_cluster(named.services, live, described)
        progress.now("writing")
        text = rendered(result, given.form, why, output.terminal(given.color), verbose=given.verbose)
    if why:
        _check(why, result)
    (output.show if given.form == "text" else output.write)(text)
    output.report_all(result.problems)
    return output.EXIT_INPUT if result.problems else output.EXIT_OK


def _explained(named: Named, described: opt.ClusterOptions, namespace: str, progress: Progress) -> "Explanation":
    from kubectl_akslb.pipeline import explain  # noqa: PLC0415 - where a cluster is asked, kubectl starts before it

    chosen = opt.cluster_of(described)
    inputs, problems = read(named)
    progress.now("deriving what Azure builds")
    result = explain(inputs, chosen.cluster, chosen.notices, namespace)
    return result._replace(problems=(*problems, *result.problems))


def _check(why: list[str], result: "Explanation") -> None:
    """Every path after ``--why`` must name a value, unless something could not be read: it might stand there."""
    from kubectl_akslb.render.why import unmatched  # noqa: PLC0415 - each format costs only its own import

    missing = unmatched(result, why)
    if missing and result.services and not result.problems:
        names = ", ".join(missing)
        raise output.WrongUsageError(f"no value matches {names}", hint="--why alone lists every value with its path")


def rendered(result: "Explanation", form: str, why: list[str], terminal: Terminal, *, verbose: bool = False) -> str:
    """The explanation in the format that was asked for."""
    if form == "text":
        from kubectl_akslb.render.text import (  # noqa: PLC0415 - each format costs only its own import
            Detail,
            explanation,
        )

        return explanation(result, terminal, Detail(verbose, why))
    if form == "markdown":
        from kubectl_akslb.render.markdown import markdown  # noqa: PLC0415

        return markdown(result)
    if form == "mermaid":
        from kubectl_akslb.render.mermaid import mermaid  # noqa: PLC0415

        return mermaid(result)
    from kubectl_akslb.render.document import document, json_text  # noqa: PLC0415

    body = document(result)
    if form == "yaml":
        from kubectl_akslb.manifest.block import block_text  # noqa: PLC0415

        return block_text(body)
    return json_text(body)
