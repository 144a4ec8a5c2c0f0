"""What ``-h`` prints: the whole of it, under the name that a person types."""

import pytest

from kubectl_akslb.completion.table import COMMANDS
from tests.given.command import Ran, akslb


def test_the_commands_are_listed() -> None:
    code, out, err = akslb("-h")
    assert (0, "") == (code, err)
    listed = out.partition("Commands:\n")[2].splitlines()
    assert [name for name in COMMANDS if " " not in name] == [line.split()[0] for line in listed]


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_has_help(command: str, flag: str) -> None:
    code, out, err = akslb(*command.split(), flag)
    assert (0, "") == (code, err)
    assert out.startswith(f"Usage: kubectl akslb {command}".rstrip())
    assert 80 >= max(map(len, out.splitlines()))
    assert "..." not in out.partition("Commands:\n")[2]  # a list of commands is not cut


@pytest.mark.parametrize("words", [[], ["explain"], ["doctor"], ["doctor", "install"]])
def test_help_is_also_a_word(words: list[str]) -> None:
    assert akslb(*words, "-h") == akslb("help", *words)


def test_nothing_at_all_is_help() -> None:
    assert akslb("-h") == akslb(stdin=None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["lnt"], "error: no such command 'lnt'\n  hint: Did you mean lint?\n"),
        (
            ["explain", "-o", "jsn"],
            "error: --output must be one of text, json, yaml, markdown, mermaid, svg, but it is 'jsn'\n"
            "  hint: Did you mean json?\n",
        ),
        (
            ["lint", "--fail-on=warnings"],
            "error: --fail-on must be one of error, warning, info, never, but it is 'warnings'\n"
            "  hint: Did you mean warning?\n",
        ),
        (
            ["snat", "--nodes", "0"],
            "error: --nodes must be a whole number, 1 or more, but it is '0'\n"
            "  hint: kubectl akslb snat -h lists all there is\n",
        ),
        (
            ["snat", "--nodes", "3", "--max-surge", "x"],
            "error: --max-surge cannot be 'x'\n"
            "  hint: Give a number of nodes, such as 1, or a percentage, such as 33%.\n",
        ),
        (["lint", "-f"], "error: -f needs a value\n  hint: kubectl akslb lint -h lists all there is\n"),
        (
            ["rules", "a", "b"],
            "error: these words are too many: b\n  hint: kubectl akslb rules -h lists all there is\n",
        ),
        (["explain", "svcs/web"], "error: 'svcs/web' is no Service, and no file\n  hint: Did you mean svc?\n"),
        (
            ["explain", "deploy/web"],
            "error: 'deploy/web' is no Service, and no file\n"
            "  hint: name a file that is there, a Service, svc/NAME, or what a controller makes one of: gateway/NAME\n",
        ),
        (
            ["explain", "--namespac", "x"],
            "error: no such option: --namespac\n  hint: Did you mean --namespace?\n",
        ),
    ],
)
def test_a_slip_is_met_with_a_suggestion(words: list[str], expected: str) -> None:
    assert Ran(2, "", expected) == akslb(*words)
