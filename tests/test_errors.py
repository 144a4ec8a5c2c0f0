"""Did you mean."""

import pytest

from kubectl_akslb.errors import did_you_mean, nearest

WORDS = ["probe-interval", "pip-name", "ClusterProfile"]


@pytest.mark.parametrize(
    ("word", "found"),
    [("probe-intervall", "probe-interval"), ("PIP-NAME", "pip-name"), ("clusterprofil", "ClusterProfile"), ("zzz", "")],
)
def test_the_nearest_word(word: str, found: str) -> None:
    assert ((found,) if found else ()) == nearest(word, WORDS)
    assert (f"Did you mean {found}?" if found else "") == did_you_mean(word, WORDS)
