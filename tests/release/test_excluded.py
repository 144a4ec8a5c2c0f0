"""What the frozen build leaves out, no command needs: every command runs where these modules cannot be imported."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from kubectl_akslb.cli.app import app
from tests.given.command_lines import COMMANDS

ROOT = Path(__file__).parents[2]
SPEC = (ROOT / "release" / "frozen.spec").read_text()
#: Runs each command in turn and prints the faults, as the exit code of a fault of the program tells them.
CODE = """\
import io, json, sys
excluded, commands = json.loads(sys.argv[1])
sys.frozen = True
for name in [*excluded, *(name for name in sys.modules if name.partition(".")[0] in excluded)]:
    sys.modules[name] = None
from kubectl_akslb.cli.run import run
stream = open("examples/ingress-nginx.yaml", "rb").read()
faults = []
for command in commands:
    words = command.split()
    out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stream)), out, err
    if words[0] == "post-render":
        from kubectl_akslb.postrender.main import main
        code = main(words[1:])
    elif words[0] == "__complete":
        from kubectl_akslb.completion.complete import main as complete
        code = complete(words[1:])
    else:
        code = run(words)
    if code == 4:
        faults.append([command, err.buffer.getvalue().decode()])
sys.__stdout__.write(json.dumps(faults))
"""


def excluded() -> list[str]:
    """The modules that the frozen build does not have."""
    match = re.search(r"^EXCLUDED = (\[.*?^\])", SPEC, re.MULTILINE | re.DOTALL)
    assert match is not None
    return [str(name) for name in ast.literal_eval(match[1])]


@pytest.mark.parametrize("module", ["email", "ssl", "rich"])
def test_the_list_is_read(module: str) -> None:
    assert module in excluded()


def test_no_command_needs_them() -> None:
    given = json.dumps([[*excluded(), "ctypes"], COMMANDS])
    done = subprocess.run([sys.executable, "-c", CODE, given], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def names(group: typer.Typer, before: str = "") -> Iterator[str]:
    """The commands of the command line, in groups too."""
    for command in group.registered_commands:
        yield before + (command.name or getattr(command.callback, "__name__", "").replace("_", "-"))
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            yield from names(inner.typer_instance, f"{inner.name} ")


@pytest.mark.parametrize("name", list(names(app)))
def test_every_command_is_among_them(name: str) -> None:
    assert any(command == name or command.startswith(f"{name} ") for command in COMMANDS)
