"""The command line: one typer app, and the way out for errors."""

import sys
from typing import Annotated

import typer

from kubectl_akslb import __version__
from kubectl_akslb.cli import output
from kubectl_akslb.cli.examples import epilog
from kubectl_akslb.cli.explain import explain
from kubectl_akslb.cli.lint import lint, rules
from kubectl_akslb.cli.postrender import post_render
from kubectl_akslb.cli.profile import profile
from kubectl_akslb.cli.reference import annotations, changes
from kubectl_akslb.cli.snat import snat
from kubectl_akslb.errors import AkslbError

app = typer.Typer(
    name="kubectl-akslb",
    help="Explain, lint and fix what Azure makes of a Kubernetes Service of type LoadBalancer.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(explain)
app.command()(lint)
app.command()(rules)
app.command()(post_render)
app.command()(profile)
app.command()(annotations)
app.command()(changes)
app.command()(snat)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback
    if wanted:
        from kubectl_akslb.provider.version import NEWEST  # noqa: PLC0415

        python = ".".join(str(part) for part in sys.version_info[:3])
        output.write(f"kubectl-akslb {__version__} (Python {python}, knows cloud-provider-azure up to {NEWEST})\n")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print versions.")
    ] = False,
) -> None:
    """Explain, lint and fix what Azure makes of a Kubernetes Service of type LoadBalancer."""
    del version


def run(arguments: list[str]) -> int:
    """Run a command and give its exit code; 3 for input that cannot be read, 2 for wrong usage."""
    try:
        app(args=with_bare_why(arguments), standalone_mode=True)
    except AkslbError as error:
        output.report(error)
        return output.exit_code(error)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else output.EXIT_FINDING
    return output.EXIT_OK


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
