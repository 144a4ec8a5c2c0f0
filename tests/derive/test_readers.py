"""The provider's ways to read a value, which are Go's."""

import pytest

from kubectl_akslb.derive.readers import equal_fold, go_integer, int32, is_true, quote, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.provenance import ANNOTATION, Origin


def annotation(raw: str | None) -> Origin:
    return Origin(ANNOTATION, "key", raw)


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [
        ("  a b\t\n", "a b"),
        ("\u00a0\u2003a\u3000", "a"),
        ("\u0085a\u2028", "a"),
        ("\x1fa\x1c", "\x1fa\x1c"),
        ("\u200ba", "\u200ba"),
        ("", ""),
        (" ", ""),
    ],
    ids=["ascii", "unicode spaces", "next line", "separators are no space in Go", "zero width", "empty", "blank"],
)
def test_trim(text: str, trimmed: str) -> None:
    assert trimmed == trim(text)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("true", "TRUE", True),
        ("", "", True),
        ("true", "true ", False),
        ("http\u017f", "https", True),
        ("\u212a", "k", True),
        ("stra\u00dfe", "strasse", False),
        ("\u0130", "i\u0307", False),
    ],
    ids=["case", "empty", "blank", "long s", "Kelvin", "full folding", "dotted I"],
)
def test_equal_fold(one: str, other: str, equal: bool) -> None:
    assert equal == equal_fold(one, other) == equal_fold(other, one)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("true", True), ("True", True), ("TRUE", True),
        (None, False), ("", False), ("true ", False), (" true", False), ("1", False), ("yes", False), ("false", False),
    ],
)  # fmt: skip
def test_is_true_in_any_case_and_not_trimmed(raw: str | None, expected: bool) -> None:
    assert expected == is_true(annotation(raw))


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("a b", '"a b"'),
        ('"\\', '"\\"\\\\"'),
        ("\a\b\f\n\r\t\v", '"\\a\\b\\f\\n\\r\\t\\v"'),
        ("\x00\x1f\x7f\x80", '"\\x00\\x1f\\x7f\\u0080"'),
        ("\u00e9\u4e16\U0001f600", '"\u00e9\u4e16\U0001f600"'),
        ("\u0085\u00a0\u200b\ufeff", '"\\u0085\\u00a0\\u200b\\ufeff"'),
        ("\U000e0001\U0010ffff", '"\\U000e0001\\U0010ffff"'),
    ],
    ids=["plain", "quotes", "letters", "bytes", "printable", "not printable", "beyond 16 bits"],
)
def test_quote(text: str, quoted: str) -> None:
    assert quoted == quote(text)


@pytest.mark.parametrize(
    ("text", "bits", "number"),
    [
        ("5", 32, 5),
        ("+5", 32, 5),
        ("-5", 32, -5),
        ("007", 32, 7),
        ("-0", 32, 0),
        ("0" * 30 + "7", 32, 7),
        ("2147483647", 32, 2147483647),
        ("-2147483648", 32, -2147483648),
        ("2147483648", 32, None),
        ("-2147483649", 32, None),
        ("2147483648", 64, 2147483648),
        ("9223372036854775807", 64, 9223372036854775807),
        ("9223372036854775808", 64, None),
        ("9" * 5000, 64, None),
        ("", 32, None),
        ("+", 32, None),
        ("+-5", 32, None),
        ("1_0", 32, None),
        ("0x10", 32, None),
        ("5.0", 32, None),
        ("1e2", 32, None),
        (" 5", 32, None),
        ("\u0663", 32, None),
        ("\u00b2", 32, None),
    ],
)
def test_go_integer(text: str, bits: int, number: int | None) -> None:
    assert number == go_integer(text, bits)


def test_go_integer_of_more_zeros_than_python_reads() -> None:
    assert 7 == go_integer("0" * 5000 + "7", 32)


@pytest.mark.parametrize(("raw", "number"), [("5", 5), (" 5\n", 5), ("+5", 5), ("-1", -1)])
def test_int32_is_trimmed(raw: str, number: int) -> None:
    assert number == int32(annotation(raw))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("five", 'error value: strconv.ParseInt: parsing "five": invalid syntax: five value must be a whole number'),
        (" 5 s ", 'error value: strconv.ParseInt: parsing "5 s": invalid syntax: 5 s value must be a whole number'),
        ("", 'error value: strconv.ParseInt: parsing "": invalid syntax:  value must be a whole number'),
        ("5.0", 'error value: strconv.ParseInt: parsing "5.0": invalid syntax: 5.0 value must be a whole number'),
        ("2147483648", 'error value: strconv.ParseInt: parsing "2147483648": value out of range: 2147483648 value must be a whole number'),
        ("-2147483649", 'error value: strconv.ParseInt: parsing "-2147483649": value out of range: -2147483649 value must be a whole number'),
    ],
)  # fmt: skip
def test_int32_refuses_with_the_text_of_go(raw: str, message: str) -> None:
    with pytest.raises(Refused) as caught:
        int32(annotation(raw))
    assert (message, annotation(raw)) == (caught.value.message, caught.value.origin)
