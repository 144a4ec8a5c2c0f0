"""The rules as a reference."""

import pytest

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.lint.registry import ALL_RULES, by_group
from kubectl_akslb.lint.rule import Rule
from kubectl_akslb.render.diagnostics_rules import blocks, markdown_pages, plain, rule_named, rule_page, rule_table
from kubectl_akslb.render.terminal import Terminal

NARROW = Terminal(60)


def test_the_table_names_every_rule_once() -> None:
    lines = rule_table(Terminal(200)).split("\n")
    named = [line.split()[0] for line in lines if line.startswith("  ")]
    assert [rule.id for rule in ALL_RULES] == named
    assert [title for title, _ in by_group()] == [line for line in lines if line and not line.startswith(" ")]


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_the_table_fits_into_every_terminal(width: int) -> None:
    lines = rule_table(Terminal(width)).splitlines()
    assert not [line for line in lines if len(line) > width]
    words = {word for line in lines for word in line.split()}
    assert words >= {word for rule in ALL_RULES for word in (rule.id, *plain(rule.title).split())}, "no word is broken"


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.id)
def test_a_page_has_all_of_its_text(rule: Rule) -> None:
    page = rule_page(rule, NARROW)
    for example in rule.examples:
        assert "".join(f"    {line}\n" for line in example.text.rstrip("\n").split("\n")) in page
    assert "```" not in page
    prose = [block for block in blocks(rule.page) if not block.startswith(("```", "## "))]
    words = " ".join(plain(block) for block in prose).split()
    assert [] == [word for word in words if word not in page]


def test_prose_is_wrapped() -> None:
    page = rule_page(rule_named("two-kinds-of-ranges"), NARROW)
    assert max(len(line) for line in page.split("\n") if not line.startswith("    ")) <= 60  # examples keep their lines


@pytest.mark.parametrize(
    ("name", "hint"), [("no-node-port", "Did you mean no-node-ports?"), ("xyz", "kubectl akslb rules lists all")]
)
def test_a_rule_that_does_not_exist(name: str, hint: str) -> None:
    with pytest.raises(AkslbError, match=name) as caught:
        rule_named(name)
    assert hint == caught.value.hint


def test_blocks() -> None:
    page = "## A\n\none\ntwo\n\n```yaml\na: b\n\nc: d\n```\n\nthree\n"
    assert ["## A", "one\ntwo", "```yaml\na: b\n\nc: d\n```", "three"] == blocks(page)


def test_markdown_pages_link_to_each_other() -> None:
    pages = markdown_pages("<!-- made -->")
    assert all(text.startswith("<!-- made -->\n\n# ") for text in pages.values())
    assert all(f"({name})" in pages["README.md"] for name in pages if name != "README.md")
