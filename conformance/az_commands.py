"""What az takes of the commands that this program and its documentation print, read from az's own command table.

Run it with a Python that has azure-cli (``pip install azure-cli`` in an environment of its own):

    PYTHON -m conformance.az_commands [FILE]

It writes az-commands.json: the version of az, all its groups and commands, and of each command that is printed anywhere
its options and those that are required. tests/test_az_commands.py holds every printed command against it.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "conformance" / "az-commands.json"

_MENTION = re.compile(r"(?<![\w./-])az (?=[a-z])([^\n`;|<>]*)")
_WORD = re.compile(r"[a-z][a-z0-9-]*\Z")
_OPTION = re.compile(r"(--?[a-z][a-z0-9-]*)(?:=.*)?\Z")


class Mention(NamedTuple):
    """A place that names an az command: the words behind ``az`` as far as they may be its name, and its options."""

    place: str
    words: tuple[str, ...]
    options: tuple[str, ...]
    text: str


def mentions(root: Path = ROOT) -> Iterator[Mention]:
    """All of them, in the package, in the documentation and in the README."""
    for path in sorted((root / "kubectl_akslb").rglob("*.py")):
        for line, text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
            yield from _in(f"{path.relative_to(root)}:{line}", text)
    pages = (*(root / "docs").rglob("*.md"), *(root / "kubectl_akslb").rglob("*.md"), root / "README.md")
    for path in sorted(pages):
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield from _in(f"{path.relative_to(root)}:{number}", row.replace("\\|", "or"))


def _in(place: str, text: str) -> Iterator[Mention]:
    for match in _MENTION.finditer(text):
        said = str(re.split(r"[,)&]|[.:?] |[.:?]$| or | and | then ", match[1])[0]).strip()
        parts = said.split()
        words: list[str] = []
        for part in parts:
            if not _WORD.match(part.strip(".,:'\"…")) or part.startswith("-"):
                break
            words.append(part.strip(".,:'\"…"))
        options = tuple(found[1] for part in parts if (found := _OPTION.match(part.strip("[]'\".,…"))))
        yield Mention(place, tuple(words), options, f"az {said}")


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts of the source, and commands that are lists of words, each as one line; docstrings are none."""
    nodes = tuple(ast.walk(tree))
    told = {id(one.value) for one in nodes if isinstance(one, ast.Expr)}
    inside = {id(part) for one in nodes if isinstance(one, ast.JoinedStr) for part in one.values}
    for node in nodes:
        if isinstance(node, (ast.Call, ast.Tuple)):
            words = list(_words(node.args if isinstance(node, ast.Call) else node.elts))
            if "az" in words[:1]:
                yield node.lineno, " ".join(words)
        elif isinstance(node, ast.JoinedStr):
            parts = (str(one.value) if isinstance(one, ast.Constant) else "GAP" for one in node.values)
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (told | inside):
            yield node.lineno, node.value


def _words(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "flag" and node.args:
            name = node.args[0]
            yield f"{name.value!s}=GAP" if isinstance(name, ast.Constant) else "GAP"
        else:
            yield "GAP"


def command_of(words: tuple[str, ...], known: "set[str] | dict[str, Any]") -> str:
    """The longest beginning of *words* that is in *known*; "" where none is."""
    names = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    return next((name for name in names if name in known), "")


def _table() -> dict[str, Any]:
    from azure.cli.core import __version__, get_default_cli  # type: ignore[import-not-found]
    from azure.cli.core.file_util import create_invoker_and_load_cmds_and_args  # type: ignore[import-not-found]

    cli = get_default_cli()
    create_invoker_and_load_cmds_and_args(cli)
    table = cli.invocation.commands_loader.command_table
    printed = sorted({name for one in mentions() if (name := command_of(one.words, table))})
    groups = {name.rpartition(" ")[0] for name in table}
    groups |= {" ".join(name.split()[:count]) for name in groups for count in range(1, len(name.split()))}
    return {
        "version": __version__,
        "groups": sorted(groups - {""}),
        "top": sorted({name.split()[0] for name in table}),
        "commands": {name: _options(table[name]) for name in printed},
    }


_EVERYWHERE = ["--output", "-o", "--query", "--only-show-errors", "--subscription", "--debug", "--verbose", "--help"]


def _options(command: Any) -> dict[str, Any]:
    options, required = set(_EVERYWHERE), []
    for argument in command.arguments.values():
        settings = argument.type.settings
        names = [str(getattr(one, "target", one)) for one in settings.get("options_list") or ()]
        options |= set(names)
        if settings.get("required") and names:
            required.append(sorted(names, key=len, reverse=True))
    return {"options": sorted(options), "required": sorted(required)}


if __name__ == "__main__":
    Path(sys.argv[1] if sys.argv[1:] else TABLE).write_text(json.dumps(_table(), indent=1) + "\n", encoding="utf-8")
