"""The guide by symptom: a screen for each, and what it says of events is what the program knows of them."""

import re
from pathlib import Path

import pytest

from kubectl_akslb.provider.events import explained
from kubectl_akslb.provider.refusals import REFUSALS
from tests.docs.pages import ROOT

PAGES = sorted((ROOT / "docs" / "troubleshooting").glob("*.md"))
MOST_LINES = 60
_GUIDE = (ROOT / "docs" / "troubleshooting" / "refused-by-azure.md").read_text(encoding="utf-8")
_TABLE = _GUIDE.partition("| In the event | What it is |\n| --- | --- |\n")[2].partition("\n\n")[0]
EVENTS = [text for row in _TABLE.splitlines() for text in re.findall(r"`([^`]+)`", row.split("|")[1])]


@pytest.mark.parametrize("text", EVENTS)
def test_every_event_that_the_guide_names_has_a_remedy(text: str) -> None:
    of_the_provider = any(text in row.template for row in REFUSALS)  # the guide quotes only a part of these
    found = explained("SyncLoadBalancerFailed", text)
    assert of_the_provider or (found is not None and "" != found.remedy)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_symptom_has_one_screen_and_is_listed(page: Path) -> None:
    assert MOST_LINES >= len(page.read_text(encoding="utf-8").splitlines())
    assert f"(troubleshooting/{page.name})" in (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")


def test_the_guide_names_events() -> None:
    assert len(EVENTS) > 15
