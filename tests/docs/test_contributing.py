"""What CONTRIBUTING tells of the tree is true of it: where to change what, the files of the recipes, what a rule touches."""

import re
from pathlib import Path

import pytest

from kubectl_akslb.lint.rule_files import RULES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TABLE = TEXT.partition("## Where to change")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("walk", "where"),
    [
        ("the path that a probe asks for", "kubectl_akslb/derive/load_balancer/probes.py"),
        ("who answers a probe", "kubectl_akslb/path/probe.py"),
        ("a new well-known workload", "kubectl_akslb/provider/workloads.py"),
        ("a new form of security rules", "kubectl_akslb/derive/security_group/shared_rules.py"),
        ("a new text of an event", "kubectl_akslb/provider/events.py"),
        ("a new format of the output", "kubectl_akslb/render/"),
    ],
)
def test_a_newcomer_is_led_to_the_file(walk: str, where: str) -> None:
    (row,) = [line for line in TABLE.splitlines() if line.startswith(f"| {walk}")]
    assert where in row


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"`((?:kubectl_akslb|tests|conformance|lab|bench|docs|examples|release)/[^`<> ]*)`", TEXT))
    assert len(named) >= 60
    assert [] == sorted(name for name in named if not (ROOT / name).exists())


#: What may name a rule beside its file: a refusal or a cause that it explains, the probes that a policy decides about.
BESIDE = frozenset({
    "azure/refusals.py", "provider/refusals.py", "path/cause.py", "render/diagnostics.py",
    "lint/rules/refused_by_azure.py",
})  # fmt: skip
MADE = frozenset({"completion/table.py", "lint/rule_files.py"})


def test_a_rule_is_one_file_and_its_page() -> None:
    """So the recipe comes to these two and a line of the CHANGELOG: nothing that is written by hand lists the rules."""
    package = ROOT / "kubectl_akslb"
    files = {path.relative_to(package).as_posix(): path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    found = {}
    for rule in RULES:
        naming = {name for name, text in files.items() if f'"{rule.id}"' in text} - MADE
        own = {name for name in naming if name.startswith("lint/rules/")} - BESIDE
        assert (package / "lint" / "rules" / f"{rule.id}.md").exists(), rule.id
        if len(own) > 1 or naming - own - BESIDE:
            found[rule.id] = sorted(naming)
    assert {} == found
