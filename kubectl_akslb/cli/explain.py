"""``kubectl akslb explain``."""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from kubectl_akslb.cli import inputs as given
from kubectl_akslb.cli import live as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.render.terminal import Terminal

if TYPE_CHECKING:
    from kubectl_akslb.pipeline import Explanation


class Format(str, Enum):
    """What ``-o`` takes."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"
    MARKDOWN = "markdown"
    MERMAID = "mermaid"
    SVG = "svg"


def explain(  # noqa: PLR0913 - typer makes an option of each argument
    service: given.Targets = None,
    filename: opt.Files = None,
    form: Annotated[Format, typer.Option("--output", "-o", help="How to print it.")] = Format.TEXT,
    why: Annotated[
        list[str] | None,
        typer.Option(
            "--why", metavar="[PATH]",
            help="Print the full trail of a value, such as probes[0].port; of every value without PATH. Repeatable.",
        ),
    ] = None,
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
    namespace: on.Namespace = None,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every Service in detail: flows, names, access, outbound.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Look again and again, and tell what changes.")] = False,
    interval: Annotated[
        float, typer.Option("--interval", metavar="SECONDS", help="With --watch: seconds between two looks.")
    ] = 5.0,
    color: opt.Color = output.Colours.AUTO,
    recursive: given.Recursive = False,
    kustomize: given.Kustomize = None,
    all_namespaces: on.AllNamespaces = False,
    selector: on.Selector = None,
    context: on.Context = None,
    kubeconfig: on.Kubeconfig = None,
    cluster: on.ClusterName = None,
    user: on.User = None,
    as_user: on.AsUser = None,
    as_group: on.AsGroups = None,
    request_timeout: on.RequestTimeout = None,
    az: on.Az = False,
    aks: on.Aks = None,
) -> None:  # fmt: skip
    """Explain what Azure builds for a Service of type LoadBalancer, and why.

    For every Service: does it work, the flow and the probe of each port, who can reach it, how its pods get out. With
    -f of files, and nothing is asked of a cluster; else of the cluster, with its ready endpoints and last events.
    """
    if why and form is not Format.TEXT:
        raise output.WrongUsageError(f"--why cannot go with -o {form.value}", hint="-o json holds every reason by path")
    if watch:
        _check_watch(form, why, interval)
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
    connection = Connection(
        namespace,
        all_namespaces,
        selector,
        context,
        kubeconfig,
        cluster,
        user,
        as_user,
        tuple(as_group or ()),
        request_timeout,
    )
    live = on.LiveOptions(connection, az, aks)
    named = given.told_apart(service, filename, kustomize, recursive=recursive)
    if watch:
        if named.manifests:
            raise output.WrongUsageError(
                "--watch asks the cluster, and files do not change", hint="leave out the files"
            )
        _watch(named.services, live, described, output.Colours(color), interval, verbose=verbose)
        return
    with Progress("reading") as progress:
        if named.manifests:
            on.no_cluster(live, named.services)
            result = _explained(named, described, progress)
        else:
            progress.now("asking the cluster")
            result = on.explain_cluster(named.services, live, described)
        progress.now("writing")
        text = rendered(result, form, why or [], output.terminal(color), verbose=verbose)
    if why:
        _check(why, result)
    (output.show if form is Format.TEXT else output.write)(text)
    output.report_all(result.problems)
    if result.problems:
        raise typer.Exit(output.EXIT_INPUT)


def _check_watch(form: Format, why: list[str] | None, interval: float) -> None:
    """Refuse what cannot be looked at again and again."""
    from kubectl_akslb.cli.watch import SHORTEST  # noqa: PLC0415 - only for --watch

    if form is not Format.TEXT or why:
        what = "--why" if why else f"-o {form.value}"
        raise output.WrongUsageError(f"--watch cannot go with {what}", hint="leave out one of them")
    if not interval >= SHORTEST:
        raise output.WrongUsageError(f"--interval is {SHORTEST:g} second or more", hint="5 is what is taken without it")


def _watch(
    names: Sequence[str], live: on.LiveOptions, described: opt.ClusterOptions, color: output.Colours,
    interval: float, *, verbose: bool,
) -> None:  # fmt: skip
    from kubectl_akslb.cli.watch import Watch, watch  # noqa: PLC0415 - only for --watch

    azure = on.ask_azure(live)
    waiting: list[Progress] = [Progress("asking the cluster")]

    def look() -> "Explanation":
        if not waiting:
            return on.explain_cluster(names, live, described, azure)
        with waiting.pop():
            return on.explain_cluster(names, live, described, azure)

    def show(result: "Explanation", terminal: Terminal) -> str:
        return rendered(result, Format.TEXT, [], terminal, verbose=verbose)

    watch(Watch(look, show, interval, lambda: output.terminal(color)))


def _explained(named: given.Named, described: opt.ClusterOptions, progress: Progress) -> "Explanation":
    from kubectl_akslb.pipeline import explain  # noqa: PLC0415 - where a cluster is asked, kubectl starts before it

    chosen = opt.cluster_of(described)
    inputs, problems = given.read(named)
    progress.now("deriving what Azure builds")
    result = explain(inputs, chosen.cluster, chosen.notices)
    return result._replace(problems=(*problems, *result.problems))


def _check(why: list[str], result: "Explanation") -> None:
    """Every path after ``--why`` must name a value, unless something could not be read: it might stand there."""
    from kubectl_akslb.render.why import unmatched  # noqa: PLC0415 - each format costs only its own import

    missing = unmatched(result, why)
    if missing and result.services and not result.problems:
        names = ", ".join(missing)
        raise output.WrongUsageError(f"no value matches {names}", hint="--why alone lists every value with its path")


def rendered(result: "Explanation", form: Format, why: list[str], terminal: Terminal, *, verbose: bool = False) -> str:
    """The explanation in the format that was asked for."""
    if form is Format.TEXT:
        from kubectl_akslb.render.text import (  # noqa: PLC0415 - each format costs only its own import
            Detail,
            explanation,
        )

        return explanation(result, terminal, Detail(verbose, why))
    if form is Format.MARKDOWN:
        from kubectl_akslb.render.markdown import markdown  # noqa: PLC0415

        return markdown(result)
    if form is Format.MERMAID:
        from kubectl_akslb.render.mermaid import MOST_TEXT, mermaid  # noqa: PLC0415

        text = mermaid(result)
        if len(text) > MOST_TEXT:
            output.note([f"Mermaid draws no more than {MOST_TEXT:,} characters by default: choose fewer Services"])
        return text
    if form is Format.SVG:
        from kubectl_akslb.render.svg import svg  # noqa: PLC0415

        return svg(result)
    from kubectl_akslb.render.document import document, json_text  # noqa: PLC0415

    body = document(result)
    if form is Format.YAML:
        from kubectl_akslb.manifest.block import block_text  # noqa: PLC0415

        return block_text(body)
    return json_text(body)
