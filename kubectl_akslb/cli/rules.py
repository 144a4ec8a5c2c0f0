"""``kubectl akslb rules``."""

from typing import Annotated

import typer

from kubectl_akslb.cli import output
from kubectl_akslb.cli.declarations import Color
from kubectl_akslb.errors import AkslbError


def rules(
    rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help="The id of a rule.")] = None,
    *,
    color: Color = "auto",
) -> None:
    """List the rules of lint, or print the page of one: why it matters, an example, what to do, is the fix safe."""
    from kubectl_akslb.render.diagnostics_rules import rule_named, rule_page, rule_table

    terminal = output.terminal(color)
    if rule is None:
        output.write(rule_table(terminal))
        return
    try:
        found = rule_named(rule)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    output.write(rule_page(found, terminal))
