"""The registry and the dated behaviours as pages in a terminal."""

import pytest

from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.annotations import ANNOTATIONS
from kubectl_akslb.provider.behaviours import BEHAVIOURS, listed
from kubectl_akslb.provider.version import NEWEST, OLDEST
from kubectl_akslb.render.reference import annotation_page, annotation_table, changes_page
from kubectl_akslb.render.terminal import Terminal

WIDE = Terminal(120)


def test_every_annotation_is_in_the_table_once() -> None:
    lines = annotation_table(WIDE).splitlines()
    assert sorted(f"  {row.short}" for row in ANNOTATIONS) == sorted(
        line for line in lines if line.startswith("  ") and line[2] != " "
    )


@pytest.mark.parametrize("row", ANNOTATIONS)
def test_a_page_says_all_that_is_known(row: str) -> None:
    found = next(annotation for annotation in ANNOTATIONS if annotation == row)
    page = " ".join(annotation_page(found, Terminal(80)).split())
    assert page.startswith(f"{found} meaning ")
    for fact in (found.meaning, found.reading, found.default or "default none", listed(found.since)):
        assert " ".join(fact.split()) in page


def test_lines_fit_into_the_terminal() -> None:
    pages = [annotation_table(Terminal(80)), changes_page(None, None, Terminal(80))]
    pages += [annotation_page(row, Terminal(80)) for row in ANNOTATIONS]
    # Names and dates are lines of their own, for people who search.
    long = [line for page in pages for line in page.splitlines() if len(line) > 80 and line.startswith(" ")]
    assert [] == long


def test_without_versions_every_change_is_listed() -> None:
    page = changes_page(None, None, WIDE)
    found = [line.split()[:2] for line in page.splitlines() if line[2:3].strip()]
    assert sorted(str(row) for row in BEHAVIOURS) == sorted(name for _, name in found)
    releases = [version(release) for release, _ in found]
    assert releases == sorted(releases, key=lambda one: one or OLDEST)
    assert "no longer" not in page


def names(first: str | None, last: str | None) -> list[str]:
    page = changes_page(version(first), version(last), WIDE)
    return [line.split()[1] for line in page.splitlines() if line[:3].strip()]


def version(text: str | None) -> ProviderVersion | None:
    return ProviderVersion(*(int(part) for part in text.split("."))) if text is not None else None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("1.29.10", "1.29.11", ["aggregated-ranges"]),
        ("1.29.11", "1.29.10", ["aggregated-ranges"]),
        ("1.28.10", "1.28.11", ["changed"]),
        (str(NEWEST), None, ["changed"]),
        (None, "1.23.0", ["changed"]),
        (None, "1.23.4", ["probe-code-of-1.23.4"]),
    ],
)
def test_between_two_versions_stands_what_differs(first: str | None, last: str | None, expected: list[str]) -> None:
    assert expected == names(first, last)


def test_one_end_alone_means_the_oldest_or_the_newest() -> None:
    assert changes_page(OLDEST, ProviderVersion(1, 27, 9), WIDE) == changes_page(None, ProviderVersion(1, 27, 9), WIDE)
    assert changes_page(ProviderVersion(1, 27, 9), NEWEST, WIDE) == changes_page(ProviderVersion(1, 27, 9), None, WIDE)


def test_gained_and_lost() -> None:
    up, down = (changes_page(version(a), version(b), WIDE) for a, b in (("1.28.14", "1.29.0"), ("1.29.0", "1.28.14")))
    assert "               security rules are named k8s-azure-lb_*" in up
    assert "               no longer: allow rules are numbered by name" in up
    assert "               no longer: security rules are named k8s-azure-lb_*" in down


def test_a_change_stands_at_the_release_that_makes_it_on_the_way() -> None:
    assert "  1.30.1 " in changes_page(version("1.30.0"), version("1.30.1"), WIDE)
    page = changes_page(version("1.29.14"), version("1.30.7"), WIDE)
    assert not [line for line in page.splitlines() if line.startswith("  1.29")]


def test_functions_of_the_provider_are_named_in_detail_only() -> None:
    first, last = version("1.28.14"), version("1.29.0")
    assert ".go:" not in changes_page(first, last, WIDE)
    assert "decided by securitygroup/securitygroup.go: RuleHelper" in changes_page(first, last, WIDE, verbose=True)


def test_a_breaking_change_is_marked() -> None:
    page = changes_page(version("1.28.14"), version("1.29.0"), WIDE)
    assert "  1.29.0       shared-nsg-rules  breaks\n" in page
