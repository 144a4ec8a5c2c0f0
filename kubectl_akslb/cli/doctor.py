"""``kubectl akslb doctor``: what is wrong with the installation."""

from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from kubectl_akslb.cli import declarations as declared
from kubectl_akslb.cli import output
from kubectl_akslb.errors import assert_never

Format = Literal["text", "json"]
"""What ``-o`` takes."""


class _Doctor(TyperGroup):
    """The group, which without a subcommand runs the only one that needs nothing."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer exports no type for it
        asks_help = any(word in ctx.help_option_names for word in args)
        bare = not args or (args[0].startswith("-") and not asks_help)
        return super().parse_args(ctx, ["install", *args] if bare else args)


doctor = typer.Typer(cls=_Doctor, rich_markup_mode=None, add_completion=False)


@doctor.callback()
def group() -> None:
    """Find what is wrong with the installation, and say how to mend it."""


@doctor.command(short_help="Look at the PATH, kubectl, krew, Helm and Python.")
def install(
    ctx: typer.Context,
    form: Annotated[Format, typer.Option("--output", "-o", help="How to print it.")] = "text",
    *,
    color: declared.Color = "auto",
) -> None:
    """Find what is wrong with the installation: copies on the PATH, kubectl, krew, Helm and its plugin, Python.

    Nothing is changed, and nothing runs but kubectl and helm, to tell their versions. Without a subcommand, doctor runs
    this. Exits with 1 where something is wrong, and 0 where it could only be better.
    """
    import os

    from kubectl_akslb.doctor.collect.look import look
    from kubectl_akslb.doctor.collect.program import program
    from kubectl_akslb.doctor.diagnose import diagnose, is_wrong
    from kubectl_akslb.render.installation import installation_document, installation_text

    commands = getattr(ctx.find_root().command, "commands", ())
    seen = look(program(tuple(commands)), os.environ)
    findings = diagnose(seen)
    if form == "json":
        from json import dumps

        output.write(dumps(installation_document(seen, findings), indent=2) + "\n")
    elif form == "text":
        output.write(installation_text(seen, findings, output.terminal(color)))
    else:
        assert_never(form)
    if is_wrong(findings):
        raise typer.Exit(output.EXIT_FINDING)
