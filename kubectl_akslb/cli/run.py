"""Run a command line, the common calls without typer, and tell every error."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from kubectl_akslb.arguments import COMMANDS
from kubectl_akslb.arguments.parse import SWITCH, NotPlainError, as_kubectl_takes_them, parse
from kubectl_akslb.cli import output
from kubectl_akslb.edge.streams import discard
from kubectl_akslb.errors import AkslbError


def run(arguments: list[str]) -> int:
    """Run a command and give its exit code; 3 for input that cannot be read, 2 for wrong usage."""
    return output.ended(_run(arguments))


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:], "--help"]
    try:
        arguments = _command_first(arguments)
        given = plain(arguments)
        if given is not None:
            return call(arguments[0], given)
        from kubectl_akslb.cli.app import by_typer

        return by_typer(arguments)
    except AkslbError as error:
        output.report(error, output.colours_in(arguments))
        return output.exit_code(error)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else output.EXIT_FINDING
    except OSError as error:  # typer's own help
        discard()
        output.tell(f"error: cannot write: {error.strerror}\n")
        return output.EXIT_INPUT
    except Exception as error:  # noqa: BLE001 - whatever it is, it ends with a sentence and an exit code
        from kubectl_akslb.edge.internal import internal_error

        output.report(internal_error(error))
        return output.EXIT_INTERNAL


def _command_first(arguments: list[str]) -> list[str]:
    """The command before its options: kubectl takes ``-n shop`` in front of a command, too."""
    if not arguments or not arguments[0].startswith("-") or arguments[0] in {"-h", "--help", "--version"}:
        return arguments
    flags = _table("explain").FLAGS  # every command names a cluster by the same flags
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        _, kind, _ = flags.get(arguments[at], ("", SWITCH, ()))
        at += 1 if kind == SWITCH else 2
    return [*arguments[at : at + 1], *arguments[:at], *arguments[at + 1 :]]


def plain(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The values of a command line that is read without typer; None where typer has to."""
    table = _table(arguments[0]) if arguments else None
    if table is None:
        return None
    switches = [flag for flag, row in table.FLAGS.items() if row[1] == SWITCH]
    try:
        return parse(as_kubectl_takes_them(arguments[1:], switches, table.BARE), table.FLAGS, table.POSITIONAL)
    except NotPlainError:
        return None


def call(name: str, given: Mapping[str, Any]) -> int:
    """Run a command of cli/commands.py with values by the names of its options; what is missing has its default."""
    return _body(name)(arguments_of(name, given))


def arguments_of(name: str, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - each command has its own Arguments
    """The values as the command takes them."""
    return _table(name).Arguments(**given)


def _table(name: str) -> Any:  # noqa: ANN401 - a module; they are alike, and each has its own Arguments
    """What is generated of the command line of a command, None where nothing is; each costs only its own import."""
    return import_module(f"kubectl_akslb.arguments.{name}") if name in COMMANDS else None


def _body(name: str) -> Callable[[Any], int]:
    """The function of a command, which stands in the file of its name."""
    body: Callable[[Any], int] = getattr(import_module(f"kubectl_akslb.cli.{name}"), name)
    return body
