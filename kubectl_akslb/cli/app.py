"""The command line: one typer app, and what it says of a wrong one."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from kubectl_akslb.arguments.parse import as_kubectl_takes_them
from kubectl_akslb.cli import output
from kubectl_akslb.cli.commands import (
    CAPACITY,
    COMMANDS,
    COMPARE,
    DIFF,
    EXPLAIN,
    FIX,
    KRM,
    LINT,
    POST_RENDER,
    PROFILE,
    TRACE,
    UPGRADE,
    VERIFY,
)
from kubectl_akslb.cli.completion import completion
from kubectl_akslb.cli.declarations import Declared
from kubectl_akslb.cli.doctor import doctor
from kubectl_akslb.cli.examples import epilog
from kubectl_akslb.cli.postrender import post_render
from kubectl_akslb.cli.reference import annotations, changes
from kubectl_akslb.cli.rules import rules
from kubectl_akslb.cli.run import call
from kubectl_akslb.cli.snat import snat
from kubectl_akslb.cli.version import version_line


def _empty() -> typer.Typer:
    return typer.Typer(
        name="kubectl-akslb",
        help="Explain, lint and fix what Azure makes of a Kubernetes Service of type LoadBalancer.",
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _add(one: Declared, run: Callable[[dict[str, Any]], int] | None = None) -> None:
    app.command(one.name, short_help=one.short_help)(one.function(run or partial(call, one.name)))


app = _empty()
# What the list of commands says of each; in one line of 80 characters, or it would be cut.
_add(EXPLAIN)
_add(TRACE)
_add(VERIFY)
_add(LINT)
_add(FIX)
app.command(short_help="List the rules of lint, or print the page of one.")(rules)
_add(POST_RENDER, post_render)
_add(KRM)
_add(PROFILE)
app.command(short_help="List the annotations that Azure reads, or explain one.")(annotations)
app.command(short_help="List what changed in the provider from release to release.")(changes)
_add(UPGRADE)
_add(DIFF)
_add(COMPARE)
_add(CAPACITY)
app.command(short_help="Calculate whether SNAT ports fit, and what to set.")(snat)
app.command(short_help="Print the script by which kubectl completes words.")(completion)
app.add_typer(doctor, name="doctor", short_help="Find what is wrong with the installation.")


def _version(wanted: bool) -> None:
    if wanted:
        output.write(version_line())
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print versions.")
    ] = False,
) -> None:
    """Explain, lint and fix what Azure makes of a Kubernetes Service of type LoadBalancer."""
    del version
    if ctx.invoked_subcommand is None:
        output.write(ctx.get_help() + "\n")  # as kubectl does, and like kubectl with exit code 0


def by_typer(arguments: list[str]) -> int:
    """Have typer read a command line and run its command; WrongUsageError for what it does not understand."""
    app = _with_only(arguments[:1])
    try:
        code = app(args=words_for_typer(arguments), prog_name="kubectl akslb", standalone_mode=False)
    except _USAGE_ERROR as error:
        raise _usage(error) from None
    return code if isinstance(code, int) else output.EXIT_OK


_USAGE_ERROR: Any = typer.BadParameter.__bases__[0]
"""What typer raises for a wrong command line; it exports no name for it."""


def _usage(error: Any) -> output.WrongUsageError:  # noqa: ANN401 - as above
    """What typer says of a wrong command line, as we say it."""
    message, _, hint = error.format_message().strip().partition(". ")
    message, _, options = message.partition(" (Possible options: ")
    close = f"did you mean {options.rstrip(')').replace(', ', ' or ')}?" if options else hint[:1].lower() + hint[1:]
    path = error.ctx.command_path if error.ctx is not None else "kubectl akslb"
    hint = close or f"{path} -h lists all there is"
    return output.WrongUsageError(message[:1].lower() + message[1:].rstrip("."), hint)


def _with_only(named: list[str]) -> typer.Typer:
    """The app with no other command than the one that is *named*: typer would make the options of all of them."""
    found = [
        one for one in app.registered_commands if one.callback and one.callback.__name__.replace("_", "-") in named
    ]
    if not found:
        return app
    small = _empty()
    small.callback()(root)
    small.registered_commands = found
    return small


def words_for_typer(arguments: list[str]) -> list[str]:
    """The words as typer takes them; which of them are switches, its own declarations say."""
    command = _DECLARED.get(arguments[0]) if arguments else None
    options = command.options if command is not None else []
    switches = [flag for one in options if one.type is bool for flag in one.flags]
    bare = [flag for one in options if one.may_be_bare for flag in one.flags]
    return as_kubectl_takes_them(arguments, switches, bare)


_DECLARED = {one.name: one for one in COMMANDS}


def _give_examples(group: typer.Typer, before: str = "") -> None:
    """Every command's help ends with its examples; those of a group have the names of both."""
    for command in group.registered_commands:
        name = command.name or getattr(command.callback, "__name__", "").replace("_", "-")
        command.epilog = epilog(before + name)
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            _give_examples(inner.typer_instance, f"{before}{inner.name} ")


_give_examples(app)
