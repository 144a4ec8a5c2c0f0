"""What pages show of the program is written anew, and what they leave out stays left out."""

import pytest

from docs.screens import aligned
from tests.docs.pages import printed_as


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("one\ntwo", "1\n2\n3\n", "1\n2\n3"),
        ("head line\n…\nthe end of it", "new head line\na\nb\nthe end of it all\n", "new head line\n…\nthe end of it all"),
        ("…\n  fix  do this\n…", "a\n  fix  do that\nb\n", "…\n  fix  do that\n…"),
        ("…\n  fix  do this\n       and that\n…", "a\n  fix  do it\n       and that\nb\n", "…\n  fix  do it\n       and that\n…"),
        ("3 of 4 …\n\nkept", "3 of 4 and 5\n\nkeeps\n", "3 of 4 …\n\nkeeps"),
        ("head\nof it all\n…", "head\nof something\nelse\n\nmore\n", "head\nof something\nelse\n…"),
        ("…\nwhat nobody prints\n…", "a\nb\n", None),
        ("first\n…", "other first\nmore\n", "other first\n…"),
    ],
    ids=["whole", "middle left out", "a line", "two lines", "gap in a line", "a paragraph", "gone", "only the beginning"],
)  # fmt: skip
def test_what_is_shown_is_found_again(shown: str, printed: str, expected: str | None) -> None:
    found = aligned(shown, printed)
    assert expected == found
    assert found is None or printed_as(found, printed)
