"""SECURITY.md promises nothing that has no test."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    line.strip("|").split("|") for line in (ROOT / "SECURITY.md").read_text().splitlines() if line.startswith("| ")
][2:]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip()[:40])
def test_a_promise_has_its_tests(row: list[str]) -> None:
    _, how, tests = row
    named = re.findall(r"`((?:tests|bench)/[^` ]*)", tests)
    assert named
    for path in named:
        assert (ROOT / path).exists(), path
    for path in re.findall(r"`([a-z]+/[a-z_]+\.py)`", how):
        assert (ROOT / "kubectl_akslb" / path).exists(), path
