"""The reference pages say what the tables say."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from docs import generate


@pytest.fixture(scope="module")
def drift() -> dict[str, str]:
    """What differs on each page; all of them are made together, once."""
    return generate.drift()


@pytest.mark.parametrize("name", generate.PAGES)
def test_page_is_up_to_date(name: str, drift: dict[str, str]) -> None:
    assert "" == drift.get(name, ""), "run `make docs`"


def test_a_stale_page_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "HERE", tmp_path)
    monkeypatch.setattr(generate, "PAGES", {name: generate.PAGES[name] for name in ("changes.md", "annotations.md")})
    monkeypatch.setattr(generate, "renew_screens", lambda: ([], []))  # in pages by hand, which are elsewhere
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


@pytest.mark.parametrize("name", generate.commands())
def test_every_command_has_examples(name: str) -> None:
    assert "\n## Examples\n" in generate.command_page(name), f"add {name!r} to kubectl_akslb/cli/examples.py"


def test_the_picture_is_what_the_program_prints() -> None:
    picture = generate.PAGES["terminal.svg"]()
    assert 'fill="#ff7b72" font-weight="bold">DOWN</text>' in picture
    assert 'fill="#56d364" font-weight="bold">WORKS</text>' in picture
    assert "https://" not in picture
    assert "svg" == ET.fromstring(picture).tag.partition("}")[2]  # noqa: S314 - it is ours
