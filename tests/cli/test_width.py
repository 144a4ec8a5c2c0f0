"""No screen has a line over the width of the terminal, or a broken word, but for what is pasted in one piece."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from kubectl_akslb.completion.table import RULES
from kubectl_akslb.render.diagnostics_rules import rule_named, rule_page
from kubectl_akslb.render.terminal import Terminal, cells
from tests.given.command import akslb

ROOT = Path(__file__).resolve().parents[2]
WIDTHS = (80, 100, 120, 200)

SEVERAL = "examples/web.yaml examples/ingress-nginx.yaml examples/istio-gateway.yaml examples/troubleshooting"
NSG = "-f examples/web.yaml --azure examples/azure/nsg.json --azure examples/azure/public-ip.json"
DIFF = "diff -f examples/diff/after.yaml --old examples/diff/before.yaml"
DRIFT = "drift -f examples/drift.yaml --azure examples/azure/drift.json --complete"
SCREENS = (
    f"explain {SEVERAL}",
    f"explain -v {SEVERAL}",
    "explain examples/ingress-nginx.yaml examples/istio-gateway.yaml --why",
    "explain examples/troubleshooting --why",
    "explain examples/ingress-nginx.yaml",
    "explain examples/migration examples/gateway.yaml -v",
    "explain examples/drift.yaml --azure examples/azure/drift.json -v",
    "explain examples/web.yaml --what-if service-gateway -v",
    f"lint {SEVERAL}",
    "lint examples/migration examples/diff/before.yaml examples/compare",
    "upgrade examples/upgrade.yaml --from 1.31 --to 1.34",
    "upgrade examples/ingress-nginx.yaml examples/troubleshooting/some-clients.yaml --from 1.23 --to 1.24 -v",
    DIFF,
    f"{DIFF} -v",
    "compare examples/compare/ingress.yaml examples/gateway.yaml",
    DRIFT,
    f"{DRIFT} -v --why",
    "trace internet svc/shop -f examples/web.yaml",
    "trace vnet svc/shop -f examples/web.yaml -v",
    f"trace 203.0.0.0/16 svc/shop {NSG} -v",
    "capacity -f examples/web.yaml --azure examples/azure/usages.json --add examples/ingress-nginx.yaml",
    "snat --nodes 60 --ips 2 --ports 1000",
    "snat --nodes 3 --max-nodes 15 --ips 1 --ports 7104 --max-surge 1",
    "annotations",
    "annotations azure",
    "changes -v",
    "rules",
)
PASTED = re.compile(
    r" *(?:(?:fix|remove|verify|settle|command):? +)?(?:[+-] |kubectl |az )[^\n]*"  # a command, or a line of a manifest
    r"| *(?:[a-z]+:? +)?\S+"  # one word, with its label
)
BRIEF = re.compile(r"  [A-Z]+ ")
EXAMPLE = re.compile(r" {4}.*")
"""What stands in the examples of a rule's page, as in a manifest."""


def check(shown: Mapping[int, str], *, pasted: re.Pattern[str] = PASTED) -> None:
    """Every line has room, and every word of a narrow screen stands in a wide one.

    But for the table of an overview, whose causes are said in brief where they have no room, and what is cut.
    """
    widest = set(shown[max(WIDTHS)].split())
    for width, screen in shown.items():
        assert screen
        wide = [line for line in screen.splitlines() if cells(line) > width]
        assert [] == [line for line in wide if not pasted.fullmatch(line)], width
        words = {word for line in screen.splitlines() if not BRIEF.match(line) for word in line.split()}
        assert [] == [word for word in words - widest if "…" not in word and word.strip("^")], width


@pytest.mark.parametrize("command", SCREENS)
def test_the_screen_of_a_command(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    ran = {width: akslb(*command.split(), environ={"COLUMNS": str(width)}) for width in WIDTHS}
    assert {one.code for one in ran.values()} <= {0, 1}
    check({width: one.out for width, one in ran.items()})


@pytest.mark.parametrize("rule", RULES)
def test_the_page_of_a_rule(rule: str) -> None:
    found = rule_named(rule)
    check({width: rule_page(found, Terminal(width)) for width in WIDTHS}, pasted=EXAMPLE)
