"""A command line that is read without typer means what typer makes of it; for all others typer is asked."""

from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from kubectl_akslb.arguments import COMMANDS
from kubectl_akslb.arguments.parse import as_kubectl_takes_them
from kubectl_akslb.cli import run
from kubectl_akslb.cli.app import words_for_typer
from kubectl_akslb.cli.commands import PLAIN
from kubectl_akslb.cli.declarations import Declared
from tests.given.command import akslb

BY_NAME = {one.name: one for one in PLAIN}
VALUES = [
    "json", "text", "yaml", "error", "never", "always", "x", "svc/web", "web.yaml", "-", "", "5", "-1", "+5", " 5", "5 ",
    "1_0", "\u0665", "9" * 20, "a=b", "=", "true", "--", "---", "-h", "--help", "--no-such", "-x", "-vR", "-v=6", "-Rv",
    "caf\u00e9", "two words", "\udc80", "help",
]  # fmt: skip


def by_typer(one: Declared, words: list[str]) -> dict[str, Any] | None:
    """The values that typer gives to the function of the command; None where it gives none."""
    found: list[dict[str, Any]] = []

    def keep(values: dict[str, Any]) -> int:
        found.append(values)
        return 0

    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command(one.name)(one.function(keep))
    app.command("another")(lambda: None)
    app(args=words_for_typer([one.name, *words]), standalone_mode=False)
    return found[0] if found else None


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """A command and words behind it: mostly its own flags, with and without values, in every spelling."""
    one = draw(st.sampled_from(PLAIN))
    flags = st.sampled_from([flag for option in one.options for flag in option.flags])
    values = st.sampled_from(VALUES)
    spelt = st.one_of(
        flags.map(lambda flag: [flag]),
        st.tuples(flags, values).map(list),
        st.tuples(flags, values).map(lambda pair: ["=".join(pair)]),
        st.tuples(flags, values).map(lambda pair: ["".join(pair)]),
        values.map(lambda value: [value]),
    )
    return [one.name, *(word for words in draw(st.lists(spelt, max_size=5)) for word in words)]


@settings(max_examples=400, deadline=None)
@given(command_lines())
def test_what_is_read_without_typer_is_what_typer_reads(line: list[str]) -> None:
    values = run.plain(line)
    if values is None:
        return
    assert by_typer(BY_NAME[line[0]], line[1:]) == run.arguments_of(line[0], values)._asdict()


@pytest.mark.parametrize(
    "line",
    [
        "explain -f x.yaml", "explain -f-", "explain -f - -o json", "explain svc/web -n shop", "explain -A --context=prod",
        "explain -n=x web", "explain --all-namespaces=true", "explain --why", "explain x.yaml --why probes[0]", "explain",
        "lint x.yaml -o sarif --fail-on warning", "lint -R deploy --nodes 3", "fix -nshop -f x.yaml -o diff", "krm",
        "explain -A -n x", "explain -k overlays/prod", "profile --aks group/name", "explain --zones= -f x",
    ],
)  # fmt: skip
def test_common_calls_do_without_typer(line: str) -> None:
    words = line.split()
    values = run.plain(words)
    assert values is not None
    assert by_typer(BY_NAME[words[0]], words[1:]) == run.arguments_of(words[0], values)._asdict()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "explain -h",
        "explain --help",
        "explain --no-such",
        "explain -o nope",
        "explain --nodes x",
        "explain -f",
        "rules",
    ],
)
def test_what_needs_words_is_left_to_typer(line: str) -> None:
    assert run.plain(line.split()) is None


SWITCHES = ("-A", "--all-namespaces", "-R")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["-n=x"], ["-n", "x"]),
        (["--all-namespaces=true", "-A=false", "-R=T"], ["--all-namespaces", "-R"]),
        (["-o=json", "--", "-n=x"], ["-o", "json", "--", "-n=x"]),
        (["--namespace=x", "--why"], ["--namespace=x", "--why=all"]),
        (["--why"], ["--why=all"]),
        (["--why", "-o", "json"], ["--why=all", "-o", "json"]),
        (["--why", "probes[0]", "-f", "x"], ["--why", "probes[0]", "-f", "x"]),
        (["--why", "--why", "x"], ["--why=all", "--why", "x"]),
        (["--why=x"], ["--why=x"]),
        ([], []),
    ],
)
def test_arguments_as_kubectl_takes_them(given: list[str], expected: list[str]) -> None:
    assert expected == as_kubectl_takes_them(given, SWITCHES, ("--why",))


@pytest.mark.parametrize("one", PLAIN, ids=lambda one: one.name)
def test_help_is_written_by_typer(one: Declared) -> None:
    ran = akslb(one.name, "--help", environ={"COLUMNS": "200"})
    assert (0, "") == (ran.code, ran.err)
    assert all(flag in ran.out for option in one.options for flag in option.flags)


def test_every_command_that_is_declared_is_read_without_typer() -> None:
    assert sorted(BY_NAME) == sorted(COMMANDS)
