"""The command line: one typer app, and what it says of a wrong one."""

import re
from collections.abc import Callable, Sequence
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
    DRIFT,
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
from kubectl_akslb.cli.grouped_help import GroupedCommand
from kubectl_akslb.cli.postrender import post_render
from kubectl_akslb.cli.reference import annotations, changes
from kubectl_akslb.cli.rules import rules
from kubectl_akslb.cli.run import call
from kubectl_akslb.cli.snat import snat
from kubectl_akslb.cli.version import version_line
from kubectl_akslb.errors import did_you_mean


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
    app.command(one.name, cls=GroupedCommand, short_help=one.short_help)(one.function(run or partial(call, one.name)))


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
_add(DRIFT)
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
        code = app(args=words_for_typer(arguments), prog_name=_PROGRAM, standalone_mode=False)
    except _USAGE_ERROR as error:
        raise _usage(error, arguments) from None
    return code if isinstance(code, int) else output.EXIT_OK


_PROGRAM = "kubectl akslb"


_USAGE_ERROR: Any = typer.BadParameter.__bases__[0]
"""What typer raises for a wrong command line; it exports no name for it."""


def _usage(error: Any, arguments: Sequence[str]) -> output.WrongUsageError:  # noqa: ANN401 - as above
    """What typer says of a wrong command line, as we say it, with what may have been meant."""
    typed = f"{_PROGRAM} {arguments[0]}" if arguments and arguments[0] in _NAMES else _PROGRAM
    path = error.ctx.command_path if error.ctx is not None else typed
    message, hint = _wrong_word(error)
    return output.WrongUsageError(message, hint or f"{path} -h lists all there is")


def _wrong_word(error: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
    """The error in one clause, and the question what was meant, "" where nothing is near."""
    said = error.message.partition(". Did you mean")[0].rstrip(".")
    command = error.ctx.command if error.ctx is not None else None
    quoted = _QUOTED.search(said)
    word = (quoted[1] or quoted[0].strip("'")) if quoted is not None else ""
    if said.startswith("No such option"):
        flags = [flag for one in command.params for flag in one.opts] if command is not None else []
        return f"no such option: {error.option_name}", did_you_mean(error.option_name, flags)
    if said.startswith("No such command"):
        return f"no such command {word!r}", did_you_mean(word, getattr(command, "commands", ()))
    if said.startswith("Option ") and said.endswith("requires an argument"):
        return f"{word} needs a value", ""
    if said.startswith("Got unexpected extra argument"):
        return f"these words are too many: {said.partition('(s) ')[2].strip('()') or word}", ""
    if getattr(error, "param", None) is not None and word:
        return _wrong_value(error.param, word)
    message: str = error.format_message().strip().rstrip(".")
    return message[:1].lower() + message[1:], ""


def _wrong_value(param: Any, word: str) -> tuple[str, str]:  # noqa: ANN401 - as above
    """A value that an option or an argument does not take."""
    name = max(param.opts, key=len) if param.param_type_name == "option" else "the argument"
    choices = getattr(param.type, "choices", None)
    if choices is None:
        least = getattr(param.type, "min", None)
        what = "a whole number" if least is None else f"a whole number, {least} or more"
        return f"{name} must be {what}, but it is {word!r}", ""
    words = [str(getattr(one, "value", one)) for one in choices]
    return f"{name} must be one of {', '.join(words)}, but it is {word!r}", did_you_mean(word, words)


_QUOTED = re.compile(r"'([^']*)'|^-?[0-9]+(?= is not)")


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
_NAMES = {*_DECLARED, *(one.callback.__name__ for one in app.registered_commands if one.callback), "doctor"}


def _give_examples(group: typer.Typer, before: str = "") -> None:
    """Every command's help ends with its examples; those of a group have the names of both."""
    for command in group.registered_commands:
        name = command.name or getattr(command.callback, "__name__", "").replace("_", "-")
        command.epilog = epilog(before + name)
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            _give_examples(inner.typer_instance, f"{before}{inner.name} ")


_give_examples(app)
