"""The release workflow builds what krew's manifest offers, and hands out no right that is not needed."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from release.frozen import archive_name

ROOT = Path(__file__).parents[2]


def read(path: str) -> Any:
    return YAML(typ="safe", pure=True).load(ROOT / path)


RELEASE = read(".github/workflows/release.yml")
JOBS = RELEASE["jobs"]
BUILT = [row["platform"] for row in JOBS["frozen"]["strategy"]["matrix"]["include"]]
MANIFEST = read("krew/akslb.yaml")["spec"]["platforms"]


def steps(job: str, word: str) -> list[Any]:
    return [step for step in JOBS[job]["steps"] if word in step.get("run", "") + step.get("uses", "")]


def test_every_platform_of_the_manifest_is_built() -> None:
    offered = {"{os}-{arch}".format(**one["selector"]["matchLabels"]): one["uri"] for one in MANIFEST}
    assert sorted(BUILT) == sorted(offered)
    assert {name: archive_name(name) for name in BUILT} == {
        name: uri.rpartition("/")[2] for name, uri in offered.items()
    }


def test_each_archive_is_tried_where_it_is_built() -> None:
    (built,) = steps("frozen", "release.build")
    (tried,) = steps("frozen", "release.smoke")
    (kept,) = steps("frozen", "upload-artifact")
    order = JOBS["frozen"]["steps"]
    assert order.index(built) < order.index(tried) < order.index(kept)
    # The names that the shell is given are those that the build makes.
    for name in BUILT:
        pattern = re.search(r"dist/(.+)\.\*\[zp\]$", tried["run"])
        assert pattern is not None
        stem = pattern[1].replace("${{ matrix.platform }}", name)
        assert re.fullmatch(rf"{re.escape(stem)}\..*[zp]", archive_name(name))
        assert not re.fullmatch(rf"{re.escape(stem)}\..*[zp]", f"kubectl-akslb-{name}.cdx.json")


def test_nothing_is_published_before_all_is_built() -> None:
    assert ["frozen", "portable"] == JOBS["publish"]["needs"]
    assert ("publish", "publish") == (JOBS["pypi"]["needs"], JOBS["krew"]["needs"])


def test_rights() -> None:
    assert {"contents": "read"} == RELEASE["permissions"]
    assert {name: job["permissions"] for name, job in JOBS.items() if "permissions" in job} == {
        "publish": {"contents": "write", "id-token": "write", "attestations": "write"},
        "pypi": {"id-token": "write"},
    }


def test_no_expression_gets_into_a_script() -> None:
    # What the names of tags and branches hold would be run; the platforms of the matrix are our own words.
    scripts = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
    used = {found for script in scripts for found in re.findall(r"\$\{\{.*?\}\}", script)}
    assert {"${{ matrix.platform }}"} == used


@pytest.mark.parametrize("workflow", sorted(path.name for path in (ROOT / ".github" / "workflows").iterdir()))
def test_actions_are_pinned(workflow: str) -> None:
    for job in read(f".github/workflows/{workflow}")["jobs"].values():
        for step in job["steps"]:
            name, _, version = step.get("uses", "none@v1").partition("@")
            assert re.fullmatch(r"(release/)?v\d+(\.\d+)*", version), name


def test_the_bot_fills_the_template() -> None:
    (bot,) = steps("krew", "krew-release-bot")
    assert (ROOT / bot["with"]["krew_template_file"]).exists()
