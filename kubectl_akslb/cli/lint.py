"""``kubectl akslb lint`` and ``kubectl akslb rules``."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import inputs as given
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.job import (
    FINDINGS,
    ConfigFile,
    FailOn,
    Ignore,
    Job,
    Select,
    config_of,
    job,
    live_job,
    rule_options,
)
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.errors import AkslbError

if TYPE_CHECKING:
    from kubectl_akslb.fix.fixer import FixResult
    from kubectl_akslb.lint.engine import LintResult
    from kubectl_akslb.render.terminal import Terminal


class Format(str, Enum):
    """What ``-o`` takes."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"
    MARKDOWN = "markdown"


def lint(  # noqa: PLR0913 - typer makes an option of each argument
    service: given.Targets = None,
    filename: opt.Files = None,
    form: Annotated[Format, typer.Option("--output", "-o", help="How to print it.")] = Format.TEXT,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", rich_help_panel=FINDINGS,
                       help="The least severity that makes the exit code 1. [default: error]")] = None,
    config: ConfigFile = None,
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Make the fixes that change only what they name.")] = False,
    unsafe_fixes: Annotated[bool, typer.Option("--unsafe-fixes", help="Make the other fixes as well.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Print what would be fixed, and write nothing.")] = False,
    color: opt.Color = output.Colours.AUTO,
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
    """Find what is wrong with Services of type LoadBalancer, and mend it.

    With -f of files; else of the cluster, where nothing is changed.

    A finding names its rule: 'rules RULE' tells why it matters. To silence one, say why on the Service itself:
    akslb.dev/ignore: "RULE: reason". Fixed files are written in place; standard input goes to standard output.
    """
    named = given.told_apart(service, filename, kustomize, recursive=recursive)
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
    if diff and form is not Format.TEXT:
        raise output.WrongUsageError(f"--diff cannot go with -o {form.value}", hint="leave out one of them")
    connection = Connection(
        namespace, all_namespaces, selector, context, kubeconfig, cluster, user, as_user, tuple(as_group or ()),
        request_timeout,
    )  # fmt: skip
    live = on.LiveOptions(connection, az, aks)
    settings = config_of(config, named.files)
    options = rule_options(select, ignore, fail_on, settings)
    mend = fix or unsafe_fixes or diff
    if named.manifests:
        on.no_cluster(live, named.services)
        work = job(named, described, settings, options)
        if mend and work.problems:
            raise work.problems[0]  # Services share addresses: without one file others would be mended otherwise
    else:
        if mend:
            hint = "fix the manifest that they come from: -f FILE"
            raise output.WrongUsageError("Services of a cluster are not changed", hint=hint)
        work = live_job(named.services, live, described, settings, options)
    terminal = output.terminal(color)
    code = _mend(work, form, terminal, unsafe=unsafe_fixes, only_show=diff) if mend else _judge(work, form, terminal)
    if code:
        raise typer.Exit(code)


def _judge(work: Job, form: Format, terminal: "Terminal") -> int:
    from kubectl_akslb.lint.engine import exit_code, lint  # noqa: PLC0415 - the rules cost start-up time
    from kubectl_akslb.render.diagnostics_formats import rendered  # noqa: PLC0415

    with Progress("deriving what Azure builds, and looking for faults"):
        result = lint(work.inputs, work.cluster, work.options)
    result = result._replace(problems=(*result.problems, *work.problems)).on(work.connection)
    _assumed(work, result, form)
    (output.show if form is Format.TEXT else output.write)(rendered(result, form.value, terminal))
    output.report_all(result.problems)
    return exit_code(result, work.options.fail_on)


def _mend(work: Job, form: Format, terminal: "Terminal", *, unsafe: bool, only_show: bool) -> int:
    """Fix the files, then tell what was done: on standard error where the fixed stream is on standard output."""
    from kubectl_akslb.fix.fixer import fix  # noqa: PLC0415
    from kubectl_akslb.lint.engine import exit_code  # noqa: PLC0415 - the rules cost start-up time

    if not only_show:
        _check_files(work)
    result = fix(work.inputs, work.cluster, work.options, unsafe=unsafe)
    if only_show:
        from kubectl_akslb.render.diff import diff  # noqa: PLC0415

        text = diff(result.files, terminal)
        if terminal.colours:
            output.write(text)  # every line of it is fit for a terminal
        else:
            output.write_whole(text.encode("utf-8", "surrogateescape"))
        output.report_all(result.remaining.problems)
        would_change = any(file.after != file.before for file in result.files)
        return output.EXIT_INPUT if result.remaining.problems else int(would_change)
    _write_files(result)
    _assumed(work, result.remaining, form)
    _tell(result, form, terminal, piped=any(file.path.startswith("<") for file in result.files))
    output.report_all(result.remaining.problems)
    return exit_code(result.remaining, work.options.fail_on)


def _check_files(work: Job) -> None:
    """AkslbError before anything is done where one of the files must not be written."""
    from kubectl_akslb.edge.replace import check_replaceable  # noqa: PLC0415 - only where files are written

    for path, _ in work.inputs:
        if not path.startswith("<"):
            check_replaceable(path)


def _write_files(result: "FixResult") -> None:
    """The new bytes of every file that changed, each in one step: a crash leaves the old file or the new one."""
    from kubectl_akslb.edge.replace import replace_file  # noqa: PLC0415 - only where files are written

    for file in result.files:
        if not file.path.startswith("<") and file.after != file.before:
            replace_file(file.path, file.before, file.after)


def _tell(result: "FixResult", form: Format, terminal: "Terminal", *, piped: bool) -> None:
    from kubectl_akslb.render.diagnostics_formats import rendered_fix  # noqa: PLC0415

    if not piped:
        (output.show if form is Format.TEXT else output.write)(rendered_fix(result, form.value, terminal))
        return
    output.write_whole(*(file.after for file in result.files if file.path.startswith("<")))
    output.tell(rendered_fix(result, form.value, terminal._replace(colours=False)))


def _assumed(work: Job, result: "LintResult", form: Format) -> None:
    """What was assumed about the cluster, where a person reads it and something was judged by it."""
    if form is Format.TEXT and result.services:
        output.note(work.notices)


def rules(
    rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help="The id of a rule.")] = None,
    *,
    color: opt.Color = output.Colours.AUTO,
) -> None:
    """List the rules of lint, or print the page of one: why it matters, an example, what to do, is the fix safe."""
    from kubectl_akslb.render.diagnostics_rules import rule_named, rule_page, rule_table  # noqa: PLC0415

    terminal = output.terminal(color)
    if rule is None:
        output.write(rule_table(terminal))
        return
    try:
        found = rule_named(rule)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    output.write(rule_page(found, terminal))
