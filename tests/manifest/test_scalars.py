"""What the API server makes of plain scalars: measured with sigs.k8s.io/yaml v1.6.0."""

import pytest

from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse
from kubectl_akslb.manifest.scalars import NotPlainDataError, plain, reads_as_string, resolve

TRUE = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]
FALSE = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]
NULL = ["", "~", "null", "Null", "NULL"]
STRINGS = [
    *["tRUE", "yEs", "nULL", "yes1", "1:20", "2001-01-01", "2001-01-01T00:00:00Z", "0b2", "0o8", "0xg", "1.2.3", "_1"],
    *["-", "--", ".", "1e", "+a", "=", "<<", "1e400", "0x1p3", "inf", "nan", "Infinity", "\u0661", "10.0.0.0/8", ".5e"],
]
NUMBERS = [
    ("80", 80),
    ("+80", 80),
    ("-0x10", -16),
    ("0777", 511),
    ("0o17", 15),
    ("08", 8),
    ("0b11", 3),
    ("1_000", 1000),
    ("1__0_", 10),
    ("80.0", 80),
    ("1e3", 1000),
    ("1.5", 1.5),
    (".5", 0.5),
    (".5_1", 0.51),
    ("-.5e1", -5),
    ("1e20", 10**20),
    ("9.99e20", 999 * 10**18),
    ("1e21", 1e21),
    ("18446744073709551615", 2**64 - 1),
    ("123456789012345678901234", 123456789012345678901234.0),
]


@pytest.mark.parametrize("text", TRUE)
def test_true(text: str) -> None:
    assert resolve(text) is True


@pytest.mark.parametrize("text", FALSE)
def test_false(text: str) -> None:
    assert resolve(text) is False


@pytest.mark.parametrize("text", NULL)
def test_null(text: str) -> None:
    assert resolve(text) is None


@pytest.mark.parametrize("text", STRINGS)
def test_strings(text: str) -> None:
    assert text == resolve(text)
    assert reads_as_string(text)


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_numbers(text: str, expected: float) -> None:
    value = resolve(text)
    assert (expected, type(expected)) == (value, type(value))
    assert not reads_as_string(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 'yes'\nb: \"80\"\nc: |\n  80\n", {"a": "yes", "b": "80", "c": "80\n"}),
        ("80: x\n1.5: x\n'80 ': x\n", {"80": "x", "1.5": "x", "80 ": "x"}),
        ("yes: x\noff: x\n", {"true": "x", "false": "x"}),
        ("a: !!str 80\nb: !!int '80'\nc: !own yes\nd: !!bool yes\n", {"a": "80", "b": 80, "c": "yes", "d": True}),
        ("a: !!float 8\nb: !!null ''\nc: !!binary aGk=\n", {"a": 8, "b": None, "c": "hi"}),
        ("a: !!binary YeKCYg==\n", {"a": "a\ufffd\ufffdb"}),
        ("a: &x {b: 1}\nc: *x\n", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: &x {b: 1, c: 1}\nd: {<<: *x, b: 2}\n", {"a": {"b": 1, "c": 1}, "d": {"b": 2, "c": 1}}),
        ("a: &x {b: 1}\nd: {b: 2, <<: *x}\n", {"a": {"b": 1}, "d": {"b": 1}}),
        ("'<<': {b: 1}\n", {"<<": {"b": 1}}),
        ("a: {}\nb: []\nc: ~\nd:\n", {"a": {}, "b": [], "c": None, "d": None}),
    ],
)
def test_plain_data(text: str, expected: object) -> None:
    assert expected == plain(parse(Source(text)))


@pytest.mark.parametrize(
    "text",
    ["null: x\n", "a: !!int x\n", "a: !!binary '*'\n", "<<: 1\n", "<<: [1]\n", "yes: 1\ntrue: 2\n", "80: 1\n0x50: 2\n"],
)
def test_what_json_cannot_hold(text: str) -> None:
    with pytest.raises(NotPlainDataError):
        plain(parse(Source(text)))
