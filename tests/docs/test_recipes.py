"""The page of recipes leads to every file of them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([^)]+)\)", PAGE)


def test_links_lead_somewhere() -> None:
    headings = {line.removeprefix("## ").lower().replace(" ", "-") for line in PAGE.splitlines() if line[:3] == "## "}
    for link in LINKS:
        path, _, anchor = link.partition("#")
        if not link.startswith("https://"):
            assert path == "" or (ROOT / "docs" / path).exists(), link
            assert path != "" or anchor in headings, link


def test_every_recipe_has_a_section() -> None:
    linked = {link.split("/")[3] for link in LINKS if link.startswith("../examples/recipes/")}
    assert {path.name for path in (ROOT / "examples" / "recipes").iterdir()} - {"chart"} == linked
