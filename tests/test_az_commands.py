"""Every az command that is printed anywhere is one that az takes, by az's own table (conformance/az_commands.py)."""

import json
from functools import cache
from typing import Any

import pytest

from conformance.az_commands import TABLE, Mention, command_of, mentions

KNOWN: dict[str, Any] = json.loads(TABLE.read_text())
GROUPS = frozenset(KNOWN["groups"])
#: What stands behind "az" in a sentence about az itself.
PROSE = frozenset({"cannot", "describe", "finds", "for", "gave", "is", "knows", "may", "prints", "was", "wrote"})  # fmt: skip
#: These say in which form az prints, not what is asked: "the output of az aks show -o json".
FORM = frozenset({"-o", "--output", "--only-show-errors"})


@cache
def printed() -> tuple[Mention, ...]:
    """Every mention; not before a test asks, since each worker reads this file."""
    return tuple(mentions())


def fault(one: Mention) -> str:
    """What az would say against a command, "" where it would run it."""
    if not one.words or one.words[0] in PROSE:
        return ""
    name = command_of(one.words, KNOWN["commands"])
    if not name:
        rest = one.words[len(command_of(one.words, set(GROUPS)).split()) :]
        return "" if not set(one.options) - FORM and not rest else "no such command"
    row = KNOWN["commands"][name]
    unknown = [option for option in one.options if option not in row["options"]]
    if unknown:
        return f"no such option: {unknown[0]}"
    asks = set(one.options) - FORM
    missing = [names[0] for names in row["required"] if not asks & set(names)]
    return f"needs {missing[0]}" if asks and missing else ""


def test_every_printed_command_of_az() -> None:
    found = [f"{one.place}: {one.text}: {why}" for one in printed() if (why := fault(one))]
    assert found == []


def test_they_are_found() -> None:
    """Lists of words, texts and pages are all read."""
    places = {one.place.partition(":")[0] for one in printed()}
    assert {"kubectl_akslb/path/security_rules.py", "kubectl_akslb/provider/events.py", "docs/trace.md"} <= places
    assert 25 <= len({command_of(one.words, KNOWN["commands"]) for one in printed()})
    assert ("2", True) == (KNOWN["version"][0], "aks show" in KNOWN["commands"])


@pytest.mark.parametrize(
    ("words", "options", "expected"),
    [
        ("aks show", (), ""),
        ("aks show says", (), ""),
        ("aks show", ("-g", "-n", "--query"), ""),
        ("aks show", ("--resource-group", "--name"), ""),
        ("aks show", ("-o",), ""),
        ("aks show", ("--query",), "needs --name"),
        ("aks show", ("-g", "-n", "--nonsense"), "no such option: --nonsense"),
        ("aks shwo", ("-g", "-n"), "no such command"),
        ("netwrok lb list", (), "no such command"),
        ("network lb lsit", (), "no such command"),
        ("network", (), ""),
        ("is not installed", (), ""),
    ],
)
def test_what_az_would_refuse(words: str, options: tuple[str, ...], expected: str) -> None:
    assert expected == fault(Mention("", tuple(words.split()), options, words))


def test_each_command_of_the_table_is_still_printed() -> None:
    still = {command_of(one.words, KNOWN["commands"]) for one in printed()}
    assert set(KNOWN["commands"]) <= still, "run conformance/az_commands.py anew"
