"""The workflow of GitHub Actions: the real actionlint reads it, and its own steps are run as a runner does."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import tool
from tests.e2e.recipes.conftest import Ran, Shop, documents

pytestmark = pytest.mark.e2e

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {type: LoadBalancer, ports: [{port: 443%s}]}\n"
INSTALL = "Install"


def steps(shop: Shop) -> list[dict[str, Any]]:
    """The steps with commands, but for the one that installs this program."""
    (workflow,) = documents((shop.folder / "github-actions" / "akslb.yaml").read_text())
    found = [one for one in workflow["jobs"]["services"]["steps"] if "run" in one and one["name"] != INSTALL]
    assert {"KUBERNETES": "1.30"} == workflow["env"]
    return found


@pytest.fixture
def ran(shop: Shop, tmp_path: Path) -> list[Ran]:
    """All steps in the repository of the recipe: two files, one of them with a finding, and a chart."""
    (shop.folder / "deploy").mkdir()
    (shop.folder / "deploy" / "a.yaml").write_text(SERVICE % ("a", ""))
    (shop.folder / "deploy" / "b.yaml").write_text(SERVICE % ("b", ", protocol: SCTP"))
    environment = {"KUBERNETES": "1.30", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "GITHUB_ACTIONS": "true"}
    return [shop.run("bash", "-e", "-c", one["run"], **environment) for one in steps(shop)]


def test_actionlint(shop: Shop) -> None:
    done = shop.run(tool("actionlint"), "-no-color", "github-actions/akslb.yaml")
    assert (0, "") == (done.code, done.out)


def test_lines_are_annotated(ran: list[Ran]) -> None:
    assert 1 == ran[0].code
    assert "::error file=deploy/b.yaml,line=" in ran[0].out
    assert "title=sctp-" in ran[0].out


def test_the_chart_is_looked_at(ran: list[Ran], tmp_path: Path) -> None:
    assert (0, "") == (ran[1].code, ran[1].out)
    assert "http-probe-on-unknown-workload" in (tmp_path / "summary.md").read_text()


def test_code_scanning(ran: list[Ran], shop: Shop) -> None:
    assert (0, "") == (ran[2].code, ran[2].out)
    (run,) = json.loads((shop.folder / "akslb.sarif").read_text())["runs"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
    assert {"deploy/a.yaml", "deploy/b.yaml"} == set(places)
