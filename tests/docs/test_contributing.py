"""The table of CONTRIBUTING that tells where to change what is true of the tree."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_files_where_to_change_something_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("## Where to change")[2].partition("\n## ")[0]
    named = re.findall(r"`(kubectl_akslb/[^`]*)`", table)
    assert len(named) >= 9
    assert [] == [name for name in named if not (ROOT / name).exists()]
