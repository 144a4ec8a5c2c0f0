"""Every rule's page is true: its first manifest raises the rule and nothing else, the fix makes the second one of it."""

import re
from pathlib import Path

import pytest

from kubectl_akslb.lint.diagnostic import ERROR, SAFE, SEVERITIES, UNSAFE, RuleEffect
from kubectl_akslb.lint.engine import LintOptions
from kubectl_akslb.lint.registry import ALL_RULES, IDS
from kubectl_akslb.lint.rule import Rule, RuleExample
from kubectl_akslb.lint.suppress import suppressions
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import explain
from kubectl_akslb.provider.behaviours import BEHAVIOURS
from tests.given.manifests import EVERYWHERE, after, cluster, linted, mended

DOCS = Path(__file__).parents[2] / "docs" / "rules"
DATA = Path(__file__).parents[2] / "kubectl_akslb" / "lint" / "rules"
HEADINGS = ["What it is", "Why is it bad", "Example", "Use instead", "Fix safety"]
SILENT = "When it is silent"
RULES = [pytest.param(rule, id=rule.id) for rule in ALL_RULES]


@pytest.mark.parametrize("rule", RULES)
def test_the_example_raises_exactly_this_rule(rule: Rule) -> None:
    bad, *_ = rule.examples
    found = [one for one in linted(bad.text, cluster(bad.cluster)).diagnostics if one.rule in (rule.id, *_others(rule))]
    assert [rule.id] == [one.rule for one in found]
    assert (rule.severity, True) == (found[0].severity, found[0].line > 0)


@pytest.mark.parametrize("rule", RULES)
def test_the_better_example_does_not_raise_it(rule: Rule) -> None:
    _, good, *_ = rule.examples
    result = linted(good.text, cluster(good.cluster))
    assert rule.id not in {one.rule for one in result.diagnostics}
    assert () == result.problems


@pytest.mark.parametrize("rule", [rule for rule in RULES if len(rule.values[0].examples) > 2])  # type: ignore[union-attr]
def test_it_is_silent_on_the_further_examples(rule: Rule) -> None:
    for example in rule.examples[2:]:
        assert rule.id not in {one.rule for one in linted(example.text, cluster(example.cluster)).diagnostics}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.values[0].fix])  # type: ignore[union-attr]
def test_the_fix_makes_the_better_example_byte_for_byte(rule: Rule) -> None:
    bad, good, *_ = rule.examples
    silenced = re.search(r'akslb.dev/ignore: "?([^"\n]*)', bad.text)
    ran = (rule.id, *(one.rule for one in suppressions(silenced[1] if silenced else "")))
    on = cluster(bad.cluster)
    result = mended(bad.text, on, LintOptions(select=ran), unsafe=rule.fix == UNSAFE)
    assert good.text == after(result)
    assert {rule.fix} == {one.fix.applicability for one in result.applied if one.fix is not None}
    if rule.fix == UNSAFE:
        assert bad.text == after(mended(bad.text, on, LintOptions(select=ran)))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_without_a_fix_offers_none(rule: Rule) -> None:
    bad, *_ = rule.examples
    offered = {one.fix.applicability for one in linted(bad.text, cluster(bad.cluster)).diagnostics
               if one.fix is not None and one.rule == rule.id}  # fmt: skip
    assert ({rule.fix} if rule.fix else set()) == offered


@pytest.mark.parametrize("rule", RULES)
def test_the_page_is_complete(rule: Rule) -> None:
    assert HEADINGS == [one for one in re.findall(r"^## (.*)$", rule.page, re.MULTILINE) if one != SILENT]
    assert rule.severity in SEVERITIES
    assert rule.fix in {"", SAFE, UNSAFE}
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
    assert not rule.title.endswith(".")


#: Releases as prose lists them, one minor each.
LISTED = re.compile(r"1\.[23]\d\.\d+(?:(?:,\s|\sand\s)1\.[23]\d\.\d+)*")
DATES = [frozenset(map(str, dates)) for row in BEHAVIOURS for dates in (row.since, row.until)]


@pytest.mark.parametrize("rule", RULES)
def test_dates_are_those_of_a_row(rule: Rule) -> None:
    """A page is prose, so it repeats the dates of a dated behaviour; all that it lists together are of one."""
    prose = re.sub(r"```.*?```", "", rule.page, flags=re.DOTALL)
    lists = [re.findall(r"[\d.]+\d", found) for found in LISTED.findall(prose)]
    assert [] == [one for one in lists if not any(dates.issuperset(one) for dates in DATES)]


def test_ids_are_unique() -> None:
    assert len(ALL_RULES) == len(IDS)


def test_there_is_a_page_for_each_rule_and_no_other() -> None:
    assert {f"{rule}.md" for rule in IDS} == {path.name for path in DATA.glob("*.md")}
    assert {"README.md", *(f"{rule}.md" for rule in IDS)} == {path.name for path in DOCS.iterdir()}


#: What one fault of the provider does to the other Service of an example is a finding too, and what is left of ranges.
BESIDE = {
    "lets-in-more-than-asked": {"lets-in-less-than-asked"},
    "host-bits-in-range": {"ranges-hold-no-client"},
}


def _others(rule: Rule) -> frozenset[str]:
    return IDS - {rule.id, EVERYWHERE, *BESIDE.get(rule.id, ())}


def _kinds(example: RuleExample) -> set[VerdictKind]:
    """The verdicts on the Services of an example."""
    found = explain([("x.yaml", example.text.encode())], cluster(example.cluster))
    return {one.path.verdict.kind for one in found.services}


@pytest.mark.parametrize("rule", RULES)
def test_explain_says_of_no_service_that_it_works_where_lint_has_an_error(rule: Rule) -> None:
    for example in rule.examples:
        wrong = {
            one.service for one in linted(example.text, cluster(example.cluster)).diagnostics if one.severity == ERROR
        }
        found = explain([("x.yaml", example.text.encode())], cluster(example.cluster)).services
        works = {one.derivation.service.full_name for one in found if one.path.verdict.kind is VerdictKind.WORKS}
        assert not wrong or not works  # also of none beside it, so that nobody takes one for the other


STOPPING = [rule for rule in RULES if rule.values[0].effect is RuleEffect.STOPS]  # type: ignore[union-attr]


@pytest.mark.parametrize("rule", STOPPING)
def test_what_stops_traffic_is_never_said_to_work(rule: Rule) -> None:
    bad, *_ = rule.examples
    assert VerdictKind.WORKS not in _kinds(bad)


@pytest.mark.parametrize("rule", STOPPING)
def test_what_is_to_be_used_instead_works(rule: Rule) -> None:
    _, good, *_ = rule.examples
    assert _kinds(good) <= {VerdictKind.WORKS}
