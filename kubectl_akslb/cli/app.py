"""The command line: one typer app, and the way out for errors."""

from typing import Annotated, Any

import typer

from kubectl_akslb.cli import output
from kubectl_akslb.cli.completion import completion
from kubectl_akslb.cli.doctor import doctor
from kubectl_akslb.cli.examples import epilog
from kubectl_akslb.cli.explain import explain
from kubectl_akslb.cli.fix import fix
from kubectl_akslb.cli.krm import krm
from kubectl_akslb.cli.lint import lint, rules
from kubectl_akslb.cli.postrender import post_render
from kubectl_akslb.cli.profile import profile
from kubectl_akslb.cli.reference import annotations, changes
from kubectl_akslb.cli.snat import snat
from kubectl_akslb.cli.trace import trace
from kubectl_akslb.cli.version import version_line
from kubectl_akslb.edge.streams import discard
from kubectl_akslb.errors import AkslbError


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


app = _empty()
# What the list of commands says of each; in one line of 80 characters, or it would be cut.
app.command(short_help="Explain what Azure builds for a Service, and why.")(explain)
app.command(short_help="Follow the packets of one client, hop by hop.")(trace)
app.command(short_help="Find what is wrong with Services, and mend it.")(lint)
app.command(short_help="Print mended manifests, or the patches that mend them.")(fix)
app.command(short_help="List the rules of lint, or print the page of one.")(rules)
app.command(short_help="Patch what Helm renders, so that health probes are answered.")(post_render)
app.command(short_help="Be a function of kustomize: mend or lint the items.")(krm)
app.command(short_help="Print what can be seen of the cluster, for use without it.")(profile)
app.command(short_help="List the annotations that Azure reads, or explain one.")(annotations)
app.command(short_help="List what changed in the provider from release to release.")(changes)
app.command(short_help="Calculate whether SNAT ports fit, and what to set.")(snat)
app.command(short_help="Print the script by which kubectl completes words.")(completion)
app.add_typer(doctor, name="doctor", short_help="Find what is wrong with the installation.")


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback
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


def run(arguments: list[str]) -> int:
    """Run a command and give its exit code; 3 for input that cannot be read, 2 for wrong usage."""
    return output.ended(_run(arguments))


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:], "--help"]
    try:
        code = _with_only(arguments[:1])(
            args=as_kubectl_takes_them(arguments), prog_name="kubectl akslb", standalone_mode=False
        )
    except AkslbError as error:
        output.report(error)
        return output.exit_code(error)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else output.EXIT_FINDING
    except OSError as error:  # typer's own help
        discard()
        output.tell(f"error: cannot write: {error.strerror}\n")
        return output.EXIT_INPUT
    except Exception as error:  # noqa: BLE001 - whatever it is, it ends with a sentence and an exit code
        if isinstance(error, _USAGE_ERROR):
            output.report(_usage(error))
            return output.EXIT_USAGE
        from kubectl_akslb.edge.internal import internal_error  # noqa: PLC0415 - it should never be needed

        output.report(internal_error(error))
        return output.EXIT_INTERNAL
    return code if isinstance(code, int) else output.EXIT_OK


_USAGE_ERROR = typer.BadParameter.__bases__[0]
"""What typer raises for a wrong command line; it exports no name for it."""


def _usage(error: Any) -> AkslbError:  # noqa: ANN401 - as above
    """What typer says of a wrong command line, as we say it."""
    message, _, hint = error.format_message().strip().partition(". ")
    message, _, options = message.partition(" (Possible options: ")
    close = f"did you mean {options.rstrip(')').replace(', ', ' or ')}?" if options else hint[:1].lower() + hint[1:]
    path = error.ctx.command_path if error.ctx is not None else "kubectl akslb"
    return AkslbError(message[:1].lower() + message[1:].rstrip("."), hint=close or f"{path} -h lists all there is")


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


def as_kubectl_takes_them(arguments: list[str]) -> list[str]:
    """What kubectl knows and typer does not: ``-n=x``, ``--all-namespaces=true``; and ``--why`` without a path."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    found: list[str] = []
    for word in arguments[:end]:
        flag, equals, value = word.partition("=")
        if flag in _SWITCHES and equals and value.lower() in _SAID:
            found += [flag] if _SAID[value.lower()] else []
        elif equals and len(flag) == 2 and flag[0] == "-" and flag[1].isalpha():
            found += [flag, value]
        else:
            found.append(word)
    return [*with_bare_why(found), *arguments[end:]]


_SWITCHES = frozenset({"-A", "--all-namespaces", "-R", "--recursive"})
_SAID = {"true": True, "1": True, "t": True, "false": False, "0": False, "f": False}


def with_bare_why(arguments: list[str]) -> list[str]:
    """``--why`` without a path means every value: typer knows no option whose value may be left out."""
    found = []
    for index, argument in enumerate(arguments):
        following = arguments[index + 1] if index + 1 < len(arguments) else "-"
        bare = argument == "--why" and following.startswith("-")
        found.append("--why=all" if bare else argument)
    return found


def _give_examples(group: typer.Typer, before: str = "") -> None:
    """Every command's help ends with its examples; those of a group have the names of both."""
    for command in group.registered_commands:
        name = command.name or getattr(command.callback, "__name__", "").replace("_", "-")
        command.epilog = epilog(before + name)
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            _give_examples(inner.typer_instance, f"{before}{inner.name} ")


_give_examples(app)
