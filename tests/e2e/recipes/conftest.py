"""What the recipes run with: their files in a folder of their own, and tools under the names that they use."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from tests.e2e.conftest import ROOT, program_folder, tool

RECIPES = ROOT / "examples" / "recipes"
ADDED = {"shop-web": {"service.beta.kubernetes.io/port_80_health-probe_protocol": "tcp"}}


class Ran(NamedTuple):
    """What a program did."""

    code: int
    out: str
    err: str


class Shop(NamedTuple):
    """A folder with all recipes, and the environment to run them in."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str | Path, below: str = "", stdin: str = "", **environment: str) -> Ran:
        """Run a command in the folder *below*."""
        done = subprocess.run(
            command, cwd=self.folder / below, env={**self.environment, **environment}, input=stdin,
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The recipes, with Helm 3 as ``helm`` and this program on the PATH."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "helm").symlink_to(tool("helm-3.22"))
    path = os.pathsep.join([str(programs), str(program_folder()), os.environ["PATH"]])
    shutil.copytree(RECIPES, tmp_path / "recipes")
    return Shop(tmp_path / "recipes", {"PATH": path, "HOME": str(tmp_path), "KUBECONFIG": os.devnull})


def documents(text: str) -> list[Any]:
    """The documents of a stream."""
    return list(YAML(typ="safe", pure=True).load_all(text))


def annotations(text: str) -> dict[str, dict[str, str]]:
    """The annotations of each Service of a stream."""
    found = [one for one in documents(text) if one and one["kind"] == "Service"]
    return {one["metadata"]["name"]: one["metadata"].get("annotations", {}) for one in found}
