"""What the end-to-end tests run: tools that tests/e2e/tools/build.sh made, and this program on the PATH."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.discovery import discovery

ROOT = Path(__file__).parents[2]
TOOLS = Path(os.environ.get("AKSLB_TOOLS", ROOT / ".cache" / "bin"))
CHARTS = Path(__file__).parent / "charts"
PROGRAM = "kubectl-akslb"


def tool(name: str) -> Path:
    """The tool of that name; the test is skipped, with what to do about it, where it is missing."""
    path = TOOLS / name
    if not path.exists():
        pytest.skip(f"{path} is missing: run tests/e2e/tools/build.sh {name} (needs Go and the network, takes minutes)")
    return path


def program_folder() -> Path:
    """Where pip put kubectl-akslb; the test is skipped where it is not installed."""
    folder = Path(sys.executable).parent
    if not shutil.which(PROGRAM, path=str(folder)):
        pytest.skip(f"{PROGRAM} is not installed: run {sys.executable} -m pip install --editable {ROOT}")
    return folder


class Helm(NamedTuple):
    """One Helm with a home of its own: *render* are the arguments that put the post-renderer in."""

    path: Path
    major: int
    environment: dict[str, str]
    render: tuple[str, ...]

    def __call__(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run it; the exit code has to be *code*."""
        done = subprocess.run(
            [self.path, *arguments], env=self.environment, cwd=CHARTS, capture_output=True, timeout=60, check=False
        )
        text = subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
        assert code == text.returncode, text.stderr
        return text

    def install(self, server: str, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Show what would be installed; Helm 3 asks the API *server* for its kinds even so."""
        flags = ["--dry-run=client", "--disable-openapi-validation"] if self.major == 3 else ["--dry-run=client"]
        server_flags = ["--kube-apiserver", server] if self.major == 3 else []
        return self.rendered("install", *flags, *server_flags, *arguments, code=code)

    def rendered(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run it with the post-renderer; arguments behind ``--`` go to the post-renderer."""
        cut = arguments.index("--") if "--" in arguments else len(arguments)
        own, extra = arguments[:cut], arguments[cut + 1 :]
        passed = [word for one in extra for word in ("--post-renderer-args", one)]
        return self(*own, *self.render, *passed, code=code)


HELM_3 = ("helm-3.17", "helm-3.22")
HELM_4 = ("helm-4.1", "helm-4.2", "helm-4.3")


def new_helm(name: str, home: Path, *folders: Path) -> Helm:
    """The Helm of that name with nothing installed in *home* yet; *folders* come first on its PATH."""
    path = tool(name)
    environment = {
        "PATH": os.pathsep.join([*map(str, folders), os.environ["PATH"]]),
        "HOME": str(home),
        "HELM_DATA_HOME": str(home / "data"),
        "HELM_CONFIG_HOME": str(home / "config"),
        "HELM_CACHE_HOME": str(home / "cache"),
        "KUBECONFIG": os.devnull,
    }
    if name in HELM_3:
        return Helm(path, 3, environment, ("--post-renderer", PROGRAM, "--post-renderer-args", "post-render"))
    return Helm(path, 4, environment, ("--post-renderer", "akslb"))


@pytest.fixture(scope="session", params=[*HELM_3, *HELM_4])
def helm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Helm:
    """Each Helm in turn; Helm 4 with the plugin installed from this checkout."""
    made = new_helm(request.param, tmp_path_factory.mktemp(request.param), program_folder())
    if made.major == 4:
        made("plugin", "install", str(ROOT))
    return made


@pytest.fixture(scope="session")
def api_server() -> Iterator[str]:
    """The address of an API server that knows the kinds of the charts."""
    with discovery() as address:
        yield address
