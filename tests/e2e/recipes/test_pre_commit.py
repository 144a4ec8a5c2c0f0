"""The hooks, by the real pre-commit: it clones this repository and installs it from there."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.conftest import ROOT
from tests.e2e.recipes.conftest import RECIPES, documents

pytestmark = pytest.mark.e2e

BETA = "service.beta.kubernetes.io/"
WEB = f"""\
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    {BETA}azure-load-balancer-tcp-idle-timeout: 10
spec:
  type: LoadBalancer
  ports: [{{port: 443}}]
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


class Hooks(NamedTuple):
    """A repository with the files of this checkout as they are, its commit, and where pre-commit keeps what it makes."""

    repository: Path
    revision: str
    environment: dict[str, str]


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("home")), "GIT_CONFIG_GLOBAL": os.devnull}
    repository = tmp_path_factory.mktemp("checkout")
    listed = git(ROOT, environment, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, repository / name)
    git(repository, environment, "init", "-q")
    git(repository, environment, "add", ".")
    git(repository, environment, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "a")
    return Hooks(repository, git(repository, environment, "rev-parse", "HEAD").strip(), environment)


def git(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def run(hooks: Hooks, tmp_path: Path) -> Run:
    """Run a hook of this checkout in a repository of its own that has a web.yaml, and a template of Helm, which is no YAML."""
    (tmp_path / "web.yaml").write_text(WEB)
    (tmp_path / "template.yml").write_text("{{ if .Values.web }}\na: [\n{{ end }}\n")
    git(tmp_path, hooks.environment, "init", "-q")
    git(tmp_path, hooks.environment, "add", ".")
    config = tmp_path.parent / f"{tmp_path.name}.yaml"

    def hook(name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        one = {"id": name, "args": arguments}
        config.write_text(
            json.dumps({"repos": [{"repo": str(hooks.repository), "rev": hooks.revision, "hooks": [one]}]})
        )
        command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--config", str(config)]
        return subprocess.run(
            command, cwd=tmp_path, env=hooks.environment, capture_output=True, text=True, check=False, timeout=600
        )

    return hook


@pytest.mark.slow  # pip installs this program, into an environment of the hooks
def test_lint_fails_and_fix_mends(run: Run, tmp_path: Path) -> None:
    linted = run("akslb-lint")
    assert 1 == linted.returncode, linted.stderr
    assert "web.yaml:6:70: error[unquoted-annotation-value]: 10 is not a string" in linted.stdout
    assert "template.yml" not in linted.stdout
    mended = run("akslb-fix")
    assert 1 == mended.returncode, mended.stderr
    assert "files were modified by this hook" in mended.stdout
    assert WEB.replace(": 10\n", ': "10"\n') == (tmp_path / "web.yaml").read_text()
    for hook in ("akslb-fix", "akslb-lint"):
        again = run(hook)
        assert 0 == again.returncode, again.stdout
    strict = run("akslb-lint", "--kubernetes-version=1.30", "--fail-on=info")
    assert 1 == strict.returncode
    assert "info[open-to-the-internet]" in strict.stdout


def test_the_configuration_of_the_recipe_is_valid() -> None:
    path = RECIPES / "pre-commit" / ".pre-commit-config.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config", str(path)], capture_output=True, check=False
    )
    assert 0 == done.returncode, done.stdout
    hooks = {one["id"] for one in documents((ROOT / ".pre-commit-hooks.yaml").read_text())[0]}
    assert hooks == {one["id"] for one in documents(path.read_text())[0]["repos"][0]["hooks"]}
