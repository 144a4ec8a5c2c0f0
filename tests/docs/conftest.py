"""Where the commands of the documentation are run: a folder with the examples, and the real tools."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.docs.needs import CLUSTER, HELM, KUBECTL, PYPI, helm_of
from tests.docs.pages import ROOT, Block
from tests.docs.shell import path
from tests.e2e.apiserver.conftest import running_server
from tests.e2e.apiserver.server import ApiServer, kubectl
from tests.e2e.conftest import PROGRAM, program_folder, tool

#: The folders and files of the repository that a reader of the documentation has at hand.
AT_HAND = ("examples", "plugin.yaml")
PROGRAMS = (PROGRAM, "kubectl_complete-akslb")


class Surroundings:
    """What a block is given: made once, where a block asks for it."""

    def __init__(self, request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> None:
        self._request = request
        self._factory = factory
        self._made: dict[str, Path] = {}

    def folder(self, needed: set[str]) -> Path:
        """A new folder with the examples, a profile, a chart, and the checkout; where it is built, only a copy of that."""
        folder = self._factory.mktemp("page")
        if PYPI in needed:
            _checkout(folder)
            return folder
        (folder / "docs").symlink_to(ROOT / "docs")  # of these nothing is changed
        for name in AT_HAND:
            source = ROOT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, folder / name)
        shutil.copy(ROOT / "examples" / "cluster.yaml", folder)
        if HELM in needed:
            _chart(folder / "ingress-nginx" / "ingress-nginx")
            (folder / PROGRAM).symlink_to(ROOT)
        return folder

    def environment(self, block: Block, needed: set[str]) -> dict[str, str]:
        """The environment; the test is skipped, with what to do about it, where something is missing."""
        home = self._factory.mktemp("home")
        (home / ".krew" / "bin").mkdir(parents=True)
        folders = [self._programs()]
        found = {"HOME": str(home), "COLUMNS": "80", "KUBECONFIG": os.devnull}
        if KUBECTL in needed and kubectl() is None:
            pytest.skip("no kubectl: run tests/e2e/apiserver/build.sh (needs Go, takes minutes), or install one")
        if CLUSTER in needed:
            given = self._request.getfixturevalue("server").environment()
            found |= {"KUBECONFIG": given["KUBECONFIG"], "KUBECACHEDIR": given["KUBECACHEDIR"]}
        if HELM in needed:
            text = "\n".join(one.text for one in block.commands)
            made = self._helm(helm_of(text))
            folders.insert(0, made)
            found |= _helm_home(made, self._factory.mktemp("helm"), with_plugin="helm plugin install" not in text)
        if PYPI in needed:
            made = self._pypi()
            folders = [home / ".local" / "bin", made / "venv" / "bin", *folders]
            found |= _index(made)
        return found | {"PATH": path(*folders)}

    def _programs(self) -> Path:
        """A folder with this program, and with kubectl: the real one, or a stand-in that only starts plugins."""
        if "programs" not in self._made:
            installed = program_folder()
            folder = self._made["programs"] = self._factory.mktemp("bin")
            for name in PROGRAMS:
                (folder / name).symlink_to(installed / name)
            real = kubectl()
            if real is not None:
                (folder / "kubectl").symlink_to(real)
            else:
                stand_in = '#!/bin/sh\n[ "$1" = akslb ] || exit 127\nshift\nexec kubectl-akslb "$@"\n'
                (folder / "kubectl").write_text(stand_in)
                (folder / "kubectl").chmod(0o755)
        return self._made["programs"]

    def _helm(self, name: str) -> Path:
        """A folder with a Helm; and for Helm 4 with a home where the plugin of this checkout is installed."""
        if name not in self._made:
            helm = tool(name)
            folder = self._made[name] = self._factory.mktemp(name)
            (folder / "helm").symlink_to(helm)
            if name.startswith("helm-4"):
                environment = {**os.environ, "HOME": str(folder), "HELM_DATA_HOME": str(folder / "data")}
                _quiet([folder / "helm", "plugin", "install", ROOT], environment)
        return self._made[name]

    def _pypi(self) -> Path:
        """A folder with installers of Python packages, and with the wheel of this checkout, as if it were on PyPI."""
        if os.environ.get("CI") != "true":
            pytest.skip("installs packages from PyPI: run with CI=true")
        if "pypi" not in self._made:
            folder = self._made["pypi"] = self._factory.mktemp("pypi")
            source = self._factory.mktemp("source")
            _checkout(source)
            _quiet([sys.executable, "-m", "venv", folder / "venv"])
            pip: list[str | Path] = [folder / "venv" / "bin" / "python", "-m", "pip", "--cache-dir", folder / "pip"]
            _quiet([*pip, "install", "pipx", "uv"])
            _quiet([*pip, "wheel", "--no-deps", "--wheel-dir", folder / "wheels", source])
        return self._made["pypi"]


def _helm_home(made: Path, home: Path, *, with_plugin: bool) -> dict[str, str]:
    """A home of Helm that a block may change."""
    if with_plugin and (made / "data").exists():
        shutil.copytree(made / "data", home / "data", symlinks=True)
    return {f"HELM_{kind}_HOME": str(home / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE")}


def _index(made: Path) -> dict[str, str]:
    """Where pip and uv find the wheel, and keep what they have fetched; uv trusts what the system trusts."""
    return {
        "PIP_FIND_LINKS": str(made / "wheels"),
        "PIP_CACHE_DIR": str(made / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_FIND_LINKS": str(made / "wheels"),
        "UV_CACHE_DIR": str(made / "uv"),
        "UV_SYSTEM_CERTS": "true",
    }


def _quiet(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(command, check=True, capture_output=True, env=environment)


def _checkout(folder: Path) -> None:
    """A copy of the repository without what is built in it."""
    ignored = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
    shutil.copytree(ROOT, folder, dirs_exist_ok=True, ignore=ignored)


def _chart(folder: Path) -> None:
    """A chart under the name of the public one, which renders to the example of it."""
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: ingress-nginx\nversion: 4.11.3\n")
    text = (ROOT / "examples" / "ingress-nginx.yaml").read_text()
    (folder / "templates" / "service.yaml").write_text(text.replace("  namespace: ingress\n", ""))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    yield from running_server(tmp_path_factory)


@pytest.fixture(scope="session")
def surroundings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Surroundings:
    return Surroundings(request, tmp_path_factory)
