"""The examples on the page of a command, with what the program prints."""

from docs.session import printed_here
from kubectl_akslb.cli.examples import EXAMPLES, Example

ELLIPSIS = "…"


def examples(command: str) -> list[str]:
    """The section of a command's page; nothing where the command has no examples."""
    rows = EXAMPLES.get(command, ())
    return ["## Examples", *(_example(row) for row in rows)] if rows else []


def _example(row: Example) -> str:
    shown = [f"$ {row.command}"] if row.lines else [row.command]
    if row.lines:
        lines = _printed(row.command).split("\n")
        shown += lines[: row.lines]
        shown += [ELLIPSIS] if len(lines) > row.lines else []
    block = "\n".join(line.rstrip() for line in shown)
    return f"{row.what}{'' if row.what.endswith('?') else ':'}\n\n```console\n{block}\n```"


def _printed(command: str) -> str:
    words, _, file = command.partition(" <")
    return printed_here(words.removeprefix("kubectl akslb "), file).rstrip("\n")
