"""``kubectl akslb explain``."""

from contextlib import nullcontext
from typing import TYPE_CHECKING, Literal, TypeAlias

from kubectl_akslb.arguments.parse import ALL
from kubectl_akslb.cli import azure_files, output
from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.inputs import NamedInputs, read, told_apart
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.edge.files import MANIFESTS
from kubectl_akslb.render.terminal import Terminal

if TYPE_CHECKING:
    from kubectl_akslb.arguments.explain import Arguments
    from kubectl_akslb.pipeline import Explanation


def explain(given: "Arguments") -> int:
    """Explain what the arguments name; returns the exit code."""
    given = _why_of_all(given)
    why = given.why or []
    if why and given.form != "text":
        raise output.WrongUsageError(f"--why cannot go with -o {given.form}", hint="-o json holds every reason by path")
    described = opt.described_by(given)
    named = told_apart(given)
    live = on.live_options(given._replace(namespace=None) if named.manifests else given)
    standing = azure_files.AzureStanding(given.azure, az=live.az or live.aks is not None)
    if given.watch:
        return _watch(given, named, live, described, standing)
    with Progress("reading") as progress:
        if named.manifests:
            on.no_cluster(live, named.services)
            result = _explained(named, described, given.namespace or "", standing, progress)
        else:
            progress.now("asking the cluster")
            result = on.explain_cluster(named.services, live, described, standing=standing)
        progress.now("writing")
        text = rendered(result, given.form, why, output.terminal(given.color), verbose=given.verbose)
    if why:
        _check(why, result)
    output.print_in(given.form, text)
    output.report_all(result.problems, given.color)
    return output.EXIT_INPUT if result.problems else output.EXIT_OK


def _why_of_all(given: "Arguments") -> "Arguments":
    """``--why web.yaml`` means every value of that file: no path of a value looks like a file or an object."""
    why = given.why or []
    meant = [word for word in why if "/" in word or word.endswith(MANIFESTS)]
    if not meant:
        return given
    kept = [ALL if word in meant else word for word in why]
    return given._replace(why=kept, service=[*(given.service or ()), *meant])


def _watch(
    given: "Arguments",
    named: NamedInputs,
    live: on.LiveOptions,
    described: opt.ClusterOptions,
    standing: azure_files.AzureStanding,
) -> int:
    """Look again and again, at Azure once; refuse what cannot be looked at so."""
    if given.form != "text" or given.why:
        what = "--why" if given.why else f"-o {given.form}"
        raise output.WrongUsageError(f"--watch cannot go with {what}", hint="leave out one of them")
    if given.interval < 1:
        raise output.WrongUsageError("--interval is 1 second or more", hint="without it, 5 seconds")
    if named.manifests:
        raise output.WrongUsageError("--watch asks the cluster, and files do not change", hint="leave out the files")
    from kubectl_akslb.cli.watch import Watch, watch

    azure = on.ask_azure(live)
    waiting = [Progress("asking the cluster")]

    def look() -> "Explanation":
        with waiting.pop() if waiting else nullcontext():
            return on.explain_cluster(named.services, live, described, azure, standing=standing)

    def show(result: "Explanation", terminal: Terminal) -> str:
        return rendered(result, "text", [], terminal, verbose=given.verbose)

    watch(Watch(look, show, given.interval, lambda: output.terminal(given.color)))
    return output.EXIT_OK


def _explained(
    named: NamedInputs,
    described: opt.ClusterOptions,
    namespace: str,
    standing: azure_files.AzureStanding,
    progress: Progress,
) -> "Explanation":
    from kubectl_akslb.cli.job import templates_of
    from kubectl_akslb.pipeline import explain

    chosen = opt.cluster_of(described)
    inputs, problems = read(named)
    progress.now("deriving what Azure builds")
    templates = templates_of(named.files)
    result = explain(inputs, chosen.cluster, chosen.notices, namespace, standing.around(None), templates)
    return result._replace(problems=(*problems, *result.problems))


def _check(why: list[str], result: "Explanation") -> None:
    """Every path after ``--why`` must name a value, unless something could not be read: it might stand there."""
    from kubectl_akslb.render.why import unmatched

    missing = unmatched(result, why)
    if missing and result.services and not result.problems:
        names = ", ".join(missing)
        raise output.WrongUsageError(f"no value matches {names}", hint="--why alone lists every value with its path")


Form: TypeAlias = Literal["text", "json", "yaml", "markdown", "mermaid", "svg"]


def rendered(result: "Explanation", form: Form, why: list[str], terminal: Terminal, *, verbose: bool = False) -> str:
    """The explanation in the format that was asked for."""
    if form == "text":
        from kubectl_akslb.render.text import Detail, explanation

        return explanation(result, terminal, Detail(verbose, why))
    if form == "markdown":
        from kubectl_akslb.render.markdown import markdown

        return markdown(result)
    if form == "mermaid":
        from kubectl_akslb.render.mermaid import MOST_TEXT, mermaid

        text = mermaid(result)
        if len(text) > MOST_TEXT:
            output.note([f"Mermaid draws no more than {MOST_TEXT:,} characters by default: choose fewer Services"])
        return text
    if form == "svg":
        from kubectl_akslb.render.svg import svg

        return svg(result)
    from kubectl_akslb.render.document import document
    from kubectl_akslb.render.json_text import in_form

    return in_form(document(result), form)
