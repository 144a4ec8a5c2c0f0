"""What is the same on every platform: the zipapp, Helm's plugin with it, the wheel and the sdist."""

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from kubectl_akslb import __version__
from release.plugin import plugin_yaml
from release.smoke import ADDED
from tests.e2e.conftest import program_folder
from tests.e2e.release.conftest import ROOT, artefact
from tests.e2e.release.test_frozen import RUAMEL

pytestmark = pytest.mark.e2e

WEB = "examples/web.yaml"
STREAM = (ROOT / "examples" / "ingress-nginx.yaml").read_bytes()
#: Python alone: no site-packages, no PYTHON* variables.
ALONE = (sys.executable, "-I", "-S")


def run(*command: object, given: bytes = STREAM, code: int = 0) -> bytes:
    done = subprocess.run([str(one) for one in command], cwd=ROOT, input=given, capture_output=True, check=False)
    assert code == done.returncode, done.stderr.decode()
    return done.stdout or done.stderr


@pytest.fixture(scope="module")
def zipapp() -> Path:
    return artefact("kubectl-akslb.pyz")


@pytest.mark.parametrize(
    "command",
    [
        "--help",
        "--version",
        f"explain -f {WEB}",
        "lint -f examples/ingress-nginx.yaml -o sarif",
        "post-render",
        "rules",
    ],
)
def test_the_zipapp_needs_nothing_but_python(zipapp: Path, command: str) -> None:
    installed = subprocess.run(
        [program_folder() / "kubectl-akslb", *command.split()], cwd=ROOT, input=STREAM, capture_output=True, check=False
    )
    ours = subprocess.run([*ALONE, zipapp, *command.split()], cwd=ROOT, input=STREAM, capture_output=True, check=False)
    program = zipapp.name.encode()
    assert installed.stdout.replace(b"kubectl-akslb [", program + b" [") == ours.stdout.replace(
        b"kubectl-akslb [", program + b" ["
    )
    assert (installed.returncode, installed.stderr) == (ours.returncode, ours.stderr)


def test_the_zipapp_reads_yaml_that_only_ruamel_reads(zipapp: Path) -> None:
    assert b"default/web" in run(*ALONE, zipapp, "explain", "-f", "-", given=RUAMEL)


def test_the_zipapp_is_compiled_and_falls_back_to_source(zipapp: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(zipapp) as file:
        names = set(file.namelist())
        sources = {name for name in names if name.endswith(".py")} - {"__main__.py"}
        assert {f"{name}c" for name in sources} <= names
        assert {"rich", "pygments"}.isdisjoint(name.partition("/")[0] for name in names)
        assert {"LICENSE", "licenses/typer/LICENSE"} <= names
        # Another Python has another magic number.
        with zipfile.ZipFile(tmp_path / "other.pyz", "w") as other:
            for name in names:
                data = file.read(name)
                other.writestr(name, b"\x01\x02\r\n" + data[4:] if name.endswith(".pyc") else data)
    assert ADDED in run(*ALONE, tmp_path / "other.pyz", "post-render")
    assert run(*ALONE, zipapp, "explain", "-f", WEB) == run(*ALONE, tmp_path / "other.pyz", "explain", "-f", WEB)


def test_an_old_python_is_told(zipapp: Path) -> None:
    code = "import runpy, sys; sys.version_info = (3, 9, 18); runpy.run_path(sys.argv[1], run_name='__main__')"
    said = run(*ALONE, "-c", code, zipapp, code=1).decode()
    assert said.startswith("kubectl-akslb needs Python 3.10 or later, and this is Python 3.9. ")
    assert 1 == said.count("\n")


def test_the_plugin_for_helm(zipapp: Path, tmp_path: Path) -> None:
    with tarfile.open(artefact("akslb-*.tgz")) as tar:
        assert {"akslb/plugin.yaml", "akslb/kubectl-akslb.pyz", "akslb/LICENSE"} == set(tar.getnames())
        tar.extractall(tmp_path, filter="data")
    folder = tmp_path / "akslb"
    assert plugin_yaml((ROOT / "plugin.yaml").read_text()) == (folder / "plugin.yaml").read_text()
    packed, built = ((one / zipapp.name).read_bytes() for one in (folder, zipapp.parent))
    assert hashlib.sha256(built).digest() == hashlib.sha256(packed).digest()
    done = run(*ALONE, folder / zipapp.name, "post-render", "--errors-on-stdout")
    assert ADDED in done


def tracked() -> set[str]:
    """The files of the package that are in the repository."""
    asked = ["git", "ls-files", "kubectl_akslb"]
    return set(subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())


def test_the_wheel_is_complete() -> None:
    with zipfile.ZipFile(artefact("*.whl")) as wheel:
        names = set(wheel.namelist())
        info = f"kubectl_akslb-{__version__}.dist-info"
        entries = wheel.read(f"{info}/entry_points.txt").decode()
    assert tracked() == {name for name in names if not name.startswith(info)}
    assert f"{info}/licenses/LICENSE" in names
    assert "kubectl-akslb = kubectl_akslb.__main__:main" in entries
    assert "kubectl_complete-akslb = kubectl_akslb.completion.complete:main" in entries


def test_the_sdist_is_complete() -> None:
    with tarfile.open(artefact(f"kubectl_akslb-{__version__}.tar.gz")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert tracked() | {"README.md", "LICENSE", "CHANGELOG.md", "plugin.yaml", "pyproject.toml"} <= names


def test_uvx_runs_the_wheel(tmp_path: Path) -> None:
    # uv beside us comes with the group "dist"; typer and ruamel.yaml come from PyPI.
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        pytest.skip(f"{uv} is missing: run {sys.executable} -m pip install --group dist")
    wheel = artefact("*.whl")
    environment = {**os.environ, "UV_CACHE_DIR": str(tmp_path), "UV_PYTHON": sys.executable}
    command = [str(uv), "tool", "run", "--no-config", "--from", str(wheel), "kubectl-akslb", "explain", "-f", WEB]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False)
    assert 0 == done.returncode, done.stderr.decode()
    assert run(program_folder() / "kubectl-akslb", "explain", "-f", WEB) == done.stdout
