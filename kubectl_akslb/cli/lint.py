"""``kubectl akslb lint``."""

from typing import TYPE_CHECKING

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.inputs import told_apart
from kubectl_akslb.cli.job import Job, config_of, job, live_job, rule_options
from kubectl_akslb.cli.progress import Progress

if TYPE_CHECKING:
    from kubectl_akslb.arguments.lint import Arguments
    from kubectl_akslb.fix.fixer import FixResult
    from kubectl_akslb.lint.engine import LintResult
    from kubectl_akslb.render.diagnostics_formats import Format
    from kubectl_akslb.render.terminal import Terminal


def lint(given: "Arguments") -> int:
    """Look for faults in what the arguments name, and mend them where that is asked for; returns the exit code."""
    named = told_apart(given)
    described = opt.described_by(given)
    if given.diff and given.form != "text":
        raise output.WrongUsageError(f"--diff cannot go with -o {given.form}", hint="leave out one of them")
    live = on.live_options(given._replace(namespace=None) if named.manifests else given)
    settings = config_of(given.config, named.files)
    options = rule_options(given.select, given.ignore, given.fail_on, settings)
    mend = given.fix or given.unsafe_fixes or given.diff
    if named.manifests:
        on.no_cluster(live, named.services)
        with Progress("reading"):
            work = job(named, described, settings, options._replace(namespace=given.namespace or ""))
        if mend and work.problems:
            raise work.problems[0]  # Services share addresses: without one file others would be mended otherwise
    else:
        if mend:
            hint = "fix the manifest that they come from: -f FILE"
            raise output.WrongUsageError("Services of a cluster are not changed", hint=hint)
        with Progress("asking the cluster"):
            work = live_job(named.services, live, described, settings, options)
    terminal = output.terminal(given.color)
    if mend:
        return _mend(work, given, terminal)
    return _judge(work, given, terminal)


def _judge(work: Job, given: "Arguments", terminal: "Terminal") -> int:
    from kubectl_akslb.lint.engine import exit_code, lint
    from kubectl_akslb.render.diagnostics_formats import rendered

    with Progress("deriving what Azure builds, and looking for faults"):
        result = lint(work.inputs, work.cluster, work.options)
    result = result._replace(problems=(*result.problems, *work.problems)).on(work.connection)
    _assumed(work, result, given.form)
    output.print_in(given.form, rendered(result, given.form, terminal))
    output.report_all(result.problems, given.color)
    return exit_code(result, work.options.fail_on)


def _mend(work: Job, given: "Arguments", terminal: "Terminal") -> int:
    """Fix the files, then tell what was done: on standard error where the fixed stream is on standard output."""
    from kubectl_akslb.fix.fixer import fix
    from kubectl_akslb.lint.engine import exit_code

    if not given.diff:
        _check_files(work)
    with Progress("mending, and proving that nothing else changes"):
        result = fix(work.inputs, work.cluster, work.options, unsafe=given.unsafe_fixes)
    if given.diff:
        from kubectl_akslb.render.diff import diff

        text = diff(result.files, terminal)
        if terminal.colours:
            output.write(text)  # every line of it is fit for a terminal
        else:
            output.write_whole(text.encode("utf-8", "surrogateescape"))
        output.report_all(result.remaining.problems, given.color)
        would_change = any(file.after != file.before for file in result.files)
        return output.EXIT_INPUT if result.remaining.problems else int(would_change)
    _write_files(result)
    _assumed(work, result.remaining, given.form)
    _tell(result, given.form, terminal, piped=any(file.path.startswith("<") for file in result.files))
    output.report_all(result.remaining.problems, given.color)
    return exit_code(result.remaining, work.options.fail_on)


def _check_files(work: Job) -> None:
    """AkslbError before anything is done where one of the files must not be written."""
    from kubectl_akslb.edge.replace import check_replaceable

    for path, _ in work.inputs:
        if not path.startswith("<"):
            check_replaceable(path)


def _write_files(result: "FixResult") -> None:
    """The new bytes of every file that changed, each in one step: a crash leaves the old file or the new one."""
    from kubectl_akslb.edge.replace import replace_file

    for file in result.files:
        if not file.path.startswith("<") and file.after != file.before:
            replace_file(file.path, file.before, file.after)


def _tell(result: "FixResult", form: "Format", terminal: "Terminal", *, piped: bool) -> None:
    from kubectl_akslb.render.diagnostics_formats import rendered_fix

    if not piped:
        output.print_in(form, rendered_fix(result, form, terminal))
        return
    output.write_whole(*(file.after for file in result.files if file.path.startswith("<")))
    output.tell(rendered_fix(result, form, terminal._replace(colours=False)))


def _assumed(work: Job, result: "LintResult", form: "Format") -> None:
    """What was assumed about the cluster, where a person reads it and something was judged by it."""
    if form == "text" and result.services:
        output.note(work.notices)
