"""Whether a word may hide behind an escape, as looking for each escape would tell."""

from hypothesis import given
from hypothesis import strategies as st

from kubectl_akslb.postrender import outline

ESCAPES = (b"\\x", b"\\u00", b"\\U0000", b"\\\n", b"\\\r", b"!binary", b"!!", b"!<", b"%TAG")
PIECES = (b"\\", b"!", b"%", b"x", b"u0", b"U00", b"0", b"\n", b"\r", b"binary", b"bin", b"<", b"TAG", b"a ")


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join), st.integers(0, 8), st.integers(0, 40))
def test_an_escape_is_found_where_it_stands(data: bytes, start: int, end: int) -> None:
    expected = any(data.find(escape, start, end) >= 0 for escape in ESCAPES)
    assert expected == outline._is_escaped(data, start, end)


def test_many_that_are_none_are_passed_over() -> None:
    many = b"\\a!a%a" * 3000
    assert not outline._is_escaped(many, 0, len(many))
    assert outline._is_escaped(many + b"\\x41", 0, len(many) + 4)
