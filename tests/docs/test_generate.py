"""The reference pages say what the tables say."""

from pathlib import Path

import pytest

from docs import generate


@pytest.mark.parametrize("name", generate.PAGES)
def test_page_is_up_to_date(name: str) -> None:
    assert "" == generate.drift().get(name, ""), "run `make docs`"


def test_a_stale_page_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "HERE", tmp_path)
    assert 0 == generate.main([])
    page = tmp_path / "changes.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("| `shared-probe` |", "| `shard-probe` |"), encoding="utf-8"
    )
    capsys.readouterr()
    assert 1 == generate.main(["--check"])
    captured = capsys.readouterr()
    assert "-| `shard-probe` |" in captured.out
    assert "+| `shared-probe` |" in captured.out
    assert "docs: changes.md out of date; run `make docs`\n" == captured.err


def test_a_cell_holds_no_markup() -> None:
    assert r"a\|b \<i\> \*c\* \_d\_" == generate.cell("a|b <i> *c* _d_")
