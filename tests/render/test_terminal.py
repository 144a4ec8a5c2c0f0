"""Lines for a terminal."""

import pytest

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.render.terminal import Terminal, cells, cut, excerpt, table, wrap
from tests.given.screens import NASTY


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("one two", 10, ["one two"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("a-very-long-word b", 5, ["a-very-long-word", "b"]),
        ("b a-very-long-word", 5, ["b", "a-very-long-word"]),
        ("ask: kubectl get nodes -o wide; or do not", 20, ["ask:", "kubectl get nodes -o wide;", "or do not"]),
        (
            "say az aks show --name x && kubectl get nodes -w",
            9,
            ["say", "az aks show --name x && kubectl get nodes -w"],
        ),
        ("'kubectl akslb fix' prints them", 12, ["'kubectl akslb fix'", "prints them"]),
        ("kubectl describe shows it", 12, ["kubectl", "describe", "shows it"]),
        ("a kubectl get x -n y, and a-word", 10, ["a", "kubectl get x -n y,", "and a-word"]),
    ],
)
def test_wrapping(text: str, width: int, expected: list[str]) -> None:
    assert expected == wrap(text, width)


@pytest.mark.parametrize(
    ("line", "column", "length", "expected"),
    [
        ("a: b", 4, 1, ("a: b", "   ^")),
        ("a: b", 9, 3, ("a: b", "    ^")),
        ("", 1, 1, ("", "^")),
        ("    a-long-key: and-its-value", 5, 10, ("a-long-key: and-its…", "^" * 10)),
        ("    a-long-key: and-its-value", 17, 13, ("…: and-its-value", "   " + "^" * 13)),
        ("x" * 50, 25, 30, ("…" + "x" * 18 + "…", "   " + "^" * 16)),
        ("\u65e5" * 20, 1, 2, ("\u65e5" * 9 + "…", "^^^^")),
    ],
)
def test_a_line_of_input_and_its_carets(line: str, column: int, length: int, expected: tuple[str, str]) -> None:
    found = excerpt(line, column, length, 20)
    assert expected == found
    assert 20 >= max(map(cells, found))


@pytest.mark.parametrize("text", NASTY)
def test_nothing_acts_on_a_terminal(text: str) -> None:
    assert clean(text).isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("caf\u00e9 \u65e5\u672c", "caf\u00e9 \u65e5\u672c"),
        ("\x1b[1m", r"\x1b[1m"),
        ("\u202e", r"\u202e"),
        ("\ud800", r"\ud800"),
    ],
)
def test_cleaning_keeps_what_can_be_read(text: str, expected: str) -> None:
    assert expected == clean(text)


def test_styles_only_where_colours_are_wanted() -> None:
    assert "x" == Terminal(80).paint("x", "bold", "red")
    assert "\x1b[1;31mx\x1b[0m" == Terminal(80, colours=True).paint("x", "bold", "red")
    assert "" == Terminal(80, colours=True).paint("", "bold")


def test_a_label_and_its_text_line_up() -> None:
    lines = Terminal(30).labelled(2, "label", "one two three four five", 10)
    assert ["  label   one two three four", "          five"] == lines


def test_without_a_label_the_text_begins_at_its_column() -> None:
    assert ["  one"] == Terminal(40).labelled(2, "", "one", 2)


def test_a_text_to_copy_stays_in_one_line() -> None:
    assert f"  fix  {'x' * 200}" == Terminal(40).verbatim(2, "fix", "x" * 200, 7)


def test_the_placeholder_of_the_uid_is_short() -> None:
    assert "a<uid>-TCP-80" == Terminal(uid="<uid of shop/web>").shorten("a<uid of shop/web>-TCP-80")


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("GET / gets 404", 14, "GET / gets 404"),
        ("GET / gets 404", 13, "GET / gets …"),
        ("GET / gets 404", 12, "GET / gets …"),
        ("GET / gets 404", 11, "GET / …"),
        ("one, two, three", 12, "one, two …"),
        ("frontend-port-taken", 12, "frontend-po…"),
        ("frontend-port-taken", 1, "…"),
    ],
)
def test_a_text_in_one_line_is_cut_between_its_words(text: str, room: int, expected: str) -> None:
    assert expected == cut(text, room)


def test_a_wide_cell_does_not_widen_its_column() -> None:
    rows = [("a", "1"), ("bcd", "2"), ("wider", "3")]
    assert ["a    1", "bcd  2", "wider  3"] == table(rows, 0, widest=3)
    assert ["  a      1", "  bcd    2", "  wider  3"] == table(rows, 2, widest=5)
