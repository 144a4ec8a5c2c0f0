"""The workflow that comments on a pull request: actionlint reads it, and its steps are run on a real merge commit."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ROOT, tool
from tests.e2e.recipes.conftest import Ran, Shop, documents

pytestmark = pytest.mark.e2e

GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
GH = """\
#!/bin/sh
echo "$@" >> "$HOME/gh.log"
case "$*" in *--paginate*) cat "$HOME/comments" ;; esac
"""


def steps(shop: Shop) -> dict[str, str]:
    (workflow,) = documents((shop.folder / "github-actions" / "diff.yaml").read_text())
    found: list[dict[str, Any]] = workflow["jobs"]["diff"]["steps"]
    return {one["name"]: one["run"] for one in found if "run" in one and one["name"] != "Install"}


@pytest.fixture
def merged(shop: Shop) -> Shop:
    """A repository in which a pull request is merged into main, as it is checked out for one."""
    folder = shop.folder / "repository"
    (folder / "deploy").mkdir(parents=True)

    def git(*words: str) -> None:
        subprocess.run((*GIT, *words), cwd=folder, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    shutil.copy(ROOT / "examples/diff/before.yaml", folder / "deploy/shop.yaml")
    git("add", "-A")
    git("commit", "-qm", "before")
    git("checkout", "-qb", "change")
    shutil.copy(ROOT / "examples/diff/after.yaml", folder / "deploy/shop.yaml")
    (folder / "comment.md").write_text("of the pull request\n")
    git("add", "-A")
    git("commit", "-qm", "after")
    git("checkout", "-q", "main")
    git("merge", "-q", "--no-ff", "-m", "merge", "change")
    gh = shop.folder.parent / "bin" / "gh"
    gh.write_text(GH)
    gh.chmod(0o755)
    return shop


def run(shop: Shop, name: str) -> Ran:
    home = Path(shop.environment["HOME"])
    environment = {"KUBERNETES": "1.34", "GITHUB_STEP_SUMMARY": str(home / "summary.md"), "GITHUB_REPOSITORY": "o/r",
                   "NUMBER": "7", "RUNNER_TEMP": str(home)}  # fmt: skip
    return shop.run("bash", "-e", "-c", steps(shop)[name], below="repository", **environment)


def test_actionlint(shop: Shop) -> None:
    done = shop.run(tool("actionlint"), "-no-color", "github-actions/diff.yaml")
    assert (0, "") == (done.code, done.out)


@pytest.mark.parametrize(("known", "sent"), [("", "repos/o/r/issues/7/comments"), ("41\n42\n", "-X PATCH")])
def test_one_comment_says_what_changes(known: str, sent: str, merged: Shop) -> None:
    home = Path(merged.environment["HOME"])
    (home / "comments").write_text(known)
    compared = run(merged, "Compare")
    assert 0 == compared.code, compared.err
    text = (home / "comment.md").read_text()
    assert text.startswith("<!-- akslb diff -->\n")
    assert "| BREAKS | shop/web |" in text
    assert text in (home / "summary.md").read_text()
    assert (merged.folder / "repository/comment.md").read_text() == "of the pull request\n"
    done = run(merged, "Comment")
    assert 0 == done.code, done.err
    calls = (home / "gh.log").read_text().splitlines()
    assert 2 == len(calls)
    assert sent in calls[1]
    assert ("comments/42" in calls[1]) is bool(known)


def test_it_fails_where_clients_would_notice(merged: Shop) -> None:
    assert 1 == run(merged, "Fail where clients would notice").code
