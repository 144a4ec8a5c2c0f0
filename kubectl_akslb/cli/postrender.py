"""``kubectl akslb post-render`` as help and completion see it: the command itself starts without typer."""

from enum import Enum
from inspect import Parameter, Signature
from typing import Annotated, Any

import typer

from kubectl_akslb.postrender.arguments import OPTIONS


def post_render(**given: Any) -> None:  # noqa: ANN401 - the options of the table
    """Patch the Services of a Helm chart with annotations that keep Azure's health probes answered.

    Reads manifests from standard input and writes them to standard output, byte for byte but for the annotations. Helm
    3: --post-renderer kubectl-akslb --post-renderer-args post-render. Helm 4: install the plugin, then --post-renderer
    akslb.
    """
    from kubectl_akslb.postrender.main import main  # noqa: PLC0415 - not for help

    raise typer.Exit(main([word for option in OPTIONS for word in _words(option[0], given.get(_field(option[0])))]))


def _words(flag: str, value: Any) -> list[str]:  # noqa: ANN401 - as above
    """How the option stands on the command line."""
    if not value:
        return []
    return [flag] if value is True else [f"{flag}={getattr(value, 'value', value)}"]


def _field(flag: str) -> str:
    return flag.removeprefix("--").replace("-", "_")


def _parameter(flag: str, short: str, metavar: str, words: tuple[str, ...], text: str) -> Parameter:
    option = typer.Option(
        *filter(None, (flag, short)), help=f"{text[:1].upper()}{text[1:]}.", metavar=None if words else metavar or None
    )
    kind: Any = Enum(metavar.title(), [(word, word) for word in words]) if words else str
    annotation = Annotated[kind | None, option] if metavar else Annotated[bool, option]
    default = None if metavar else False
    return Parameter(_field(flag), Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


post_render.__signature__ = Signature(  # type: ignore[attr-defined]
    [_parameter(*row) for row in OPTIONS if row[0] != "--help"]
)
