"""``kubectl akslb annotations`` and ``kubectl akslb changes``: the tables as pages in the terminal."""

from typing import Annotated

import typer

from kubectl_akslb.cli import declarations as declared
from kubectl_akslb.cli import output
from kubectl_akslb.errors import AkslbError, did_you_mean
from kubectl_akslb.provider.annotations import ANNOTATIONS
from kubectl_akslb.provider.version import ChosenVersion, choose
from kubectl_akslb.render.reference import annotation_page, annotation_table, changes_page


def annotations(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="An annotation, in full or in part.")] = None,
    *,
    color: declared.Color = "auto",
) -> None:
    """List the annotations that Azure reads, or explain one."""
    terminal = output.terminal(color)
    if name is None:
        output.write(annotation_table(terminal))
        return
    found = [row for row in ANNOTATIONS if _letters(name) in _letters(row)]
    exact = [row for row in found if name in {row, row.short}]
    if not found:
        hint = did_you_mean(name, [row.short for row in ANNOTATIONS]) or "kubectl akslb annotations lists all"
        raise output.WrongUsageError(f"no annotation is called {name!r}", hint=hint)
    output.write("\n".join(annotation_page(row, terminal) for row in exact or found))


def _letters(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def changes(
    since: Annotated[str | None, typer.Option("--from", metavar="VERSION", help="Only what changed after it.")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="VERSION", help="Only what changed up to it.")] = None,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also the provider's functions that decide.")
    ] = False,
    color: declared.Color = "auto",
) -> None:
    """List what changed in the provider's behaviour from release to release."""
    first, last = _chosen(since), _chosen(until)
    if first is not None and last is not None and last.version < first.version:
        message = f"--to {last.version} is older than --from {first.version}"
        raise output.WrongUsageError(message, hint="--from is what runs now, --to is what comes")
    terminal = output.terminal(color)
    notices = [chosen.notice for chosen in (first, last) if chosen is not None and chosen.notice]
    notes = [line for notice in notices for line in terminal.labelled(0, "note", notice, len("note  "), "dim")]
    page = changes_page(first.version if first else None, last.version if last else None, terminal, verbose=verbose)
    output.write(page + "".join(f"{line}\n" for line in ["", *notes] if notes))


def _chosen(version: str | None) -> ChosenVersion | None:
    try:
        return choose(version) if version is not None else None
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
