"""Every link from one page to another, or to a heading, leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, all_pages, fenced

_LINK = re.compile(r"(?<!`)!?\[[^]]*]\(([^)\s]+)\)")
_HTML = re.compile(r'(?:src|href)="([^"]+)"')
_HEADING = re.compile(r"^#{1,6} +(.*)$", re.MULTILINE)


def prose(page: Path) -> str:
    """The text of a page without its fenced blocks."""
    text = page.read_text(encoding="utf-8")
    for _, _, lines in fenced(text):
        text = text.replace("\n".join(lines), "", 1) if any(lines) else text
    return text


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub names them in links."""
    found: set[str] = set()
    for title in _HEADING.findall(prose(page)):
        text = re.sub(r"\[([^]]*)]\([^)]*\)", r"\1", title)
        name = re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-")
        count = sum(1 for one in found if re.fullmatch(rf"{re.escape(name)}(-\d+)?", one))
        found.add(f"{name}-{count}" if count else name)
    return found


def dead(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    text = prose(page)
    found = []
    for link in [*_LINK.findall(text), *_HTML.findall(text)]:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert [] == dead(page)


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# One `two`, three\n\n## Again\n\n## Again\n")
    page = tmp_path / "a.md"
    page.write_text("[x](b.md#one-two-three) [x](b.md#again-1) [x](b.md#four) [x](c.md) [x](https://example.com/d)\n")
    assert ["b.md#four", "c.md"] == dead(page)


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = [(page.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(prose(page))]
        waiting += [target for target in targets if target.suffix == ".md" and target.exists()]
    assert set() == set((ROOT / "docs").rglob("*.md")) - reached
