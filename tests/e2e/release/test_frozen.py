"""The frozen build does what the program does that pip installs, and it does it anywhere."""

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from kubectl_akslb import __version__
from release.archive import digest
from release.frozen import COMPLETION, NAME, PROGRAM, this_platform
from release.smoke import ADDED, smoke
from tests.e2e.conftest import program_folder
from tests.e2e.release.conftest import DIST, ROOT
from tests.given.command_lines import COMMANDS, NGINX, WEB

pytestmark = pytest.mark.e2e

STREAM = (ROOT / NGINX).read_bytes()

#: Anchors and tags are declined by our own reader.
RUAMEL = b"""\
{apiVersion: v1, kind: Service, metadata: &m {name: web}, spec: {type: !!str LoadBalancer, ports: [{port: 80}]}}
"""


def run(
    program: Path, *arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None, given: bytes = STREAM
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([program, *arguments], cwd=cwd, env=env, input=given, capture_output=True, check=False)


@pytest.mark.parametrize("command", [command for command in COMMANDS if not command.startswith("doctor ")])
def test_it_does_what_pip_installs(program: Path, command: str) -> None:
    installed = run(program_folder() / NAME, *command.split())
    frozen = run(program, *command.split())
    assert (installed.returncode, installed.stdout, installed.stderr) == (
        frozen.returncode,
        frozen.stdout,
        frozen.stderr,
    )


def test_doctor_looks_at_the_program_that_runs(program: Path) -> None:
    reports = [
        json.loads(run(each, "doctor", "install", "-o", "json").stdout) for each in (program_folder() / NAME, program)
    ]
    assert [str(program_folder() / NAME), str(program)] == [report["program"]["file"] for report in reports]
    said = [(report["kubectl"], [finding["id"] for finding in report["findings"]]) for report in reports]
    assert said[0] == said[1]


def test_yaml_that_only_ruamel_reads(program: Path) -> None:
    done = run(program, "explain", "-f", "-", "-o", "json", given=RUAMEL)
    assert (0, "web") == (done.returncode, json.loads(done.stdout)["services"][0]["name"])


@pytest.mark.parametrize(
    "environment",
    [{}, {"LANG": "C", "LC_ALL": "C"}, {"HOME": "/nonexistent"}, {"PYTHONHOME": "/nonexistent", "PYTHONPATH": "/etc"}],
    ids=["empty", "LANG=C", "no home", "somebody else's Python"],
)
def test_any_environment(program: Path, environment: dict[str, str]) -> None:
    done = run(program, "post-render", env=environment)
    assert (0, b"") == (done.returncode, done.stderr)
    assert ADDED in done.stdout
    shown = run(program, "explain", "-f", str(ROOT / WEB), cwd=Path("/"), env=environment)
    assert (0, b"") == (shown.returncode, shown.stderr)


def test_all_that_a_release_must_do(program: Path) -> None:
    smoke(program)


def test_through_a_link(program: Path, tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(program)
    (tmp_path / "relative").symlink_to(os.path.relpath(program, tmp_path))
    for link in (tmp_path / NAME, tmp_path / "relative"):
        assert ADDED in run(link, "post-render", cwd=tmp_path).stdout
    # As kubectl starts a plugin: by its bare name from the PATH.
    done = subprocess.run(
        [NAME, "--version"], env={"PATH": str(tmp_path)}, cwd="/", capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"kubectl-akslb {__version__} (Python ")


def test_programs_that_it_starts_get_the_environment_as_it_was(program: Path, tmp_path: Path) -> None:
    # az is Python: with the libraries of the frozen build it would start with another Python than its own.
    kubectl = tmp_path / "kubectl"
    kubectl.write_text(f'#!/bin/sh\necho "<$LD_LIBRARY_PATH>" >> {tmp_path}/seen\nexit 1\n')
    kubectl.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    run(program, "explain", "svc/web", env={"PATH": path})
    assert {"<>"} == set((tmp_path / "seen").read_text().split())
    (tmp_path / "seen").unlink()
    run(program, "explain", "svc/web", env={"PATH": path, "LD_LIBRARY_PATH": "/opt/lib"})
    assert {"</opt/lib>"} == set((tmp_path / "seen").read_text().split())


def test_the_archive_is_one_that_krew_takes(archive: Path) -> None:
    assert archive.stat().st_size <= 15_000_000
    with tarfile.open(archive) as tar:
        entries = {one.name: one for one in tar}
    assert all(one.isreg() for one in entries.values())
    assert {NAME} == {name.partition("/")[0] for name in entries}
    assert {f"{NAME}/LICENSE", f"{NAME}/THIRD-PARTY-LICENSES"} <= set(entries)
    assert {0o755} == {entries[f"{NAME}/{name}"].mode for name in (PROGRAM, COMPLETION)}


def test_the_licences_of_all_that_is_in_it(program: Path) -> None:
    text = (program.parent / "THIRD-PARTY-LICENSES").read_text()
    heads = {line.split()[1] for line in text.splitlines() if line.startswith("==== ")}
    assert {"Python", "typer", "ruamel.yaml", "pyinstaller"} <= heads  # of the last, what starts the program
    assert {"rich", "pytest", "kubectl-akslb"}.isdisjoint(heads)
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in text


def test_the_bill_of_materials(archive: Path) -> None:
    bill = json.loads((DIST / f"{NAME}-{this_platform()}.cdx.json").read_text())
    assert ("CycloneDX", "1.6") == (bill["bomFormat"], bill["specVersion"])
    (own,) = bill["metadata"]["component"]["hashes"]
    assert digest(archive) == own["content"]
    names = {one["name"] for one in bill["components"]}
    assert {"python", "typer", "ruamel.yaml"} <= names
    assert {"rich", "pytest"}.isdisjoint(names)


def tree(root: Path) -> dict[str, tuple[int, int, int]]:
    """Everything below a folder, with what a write would change."""
    found = {}
    for path in (root, *root.rglob("*")):
        state = path.lstat()
        found[str(path)] = (state.st_mode, state.st_size, state.st_mtime_ns)
    return found


def bare_root(program: Path, root: Path) -> None:
    """A root with the frozen build and the libraries of the system that it names, and nothing else."""
    build = root / "opt" / NAME
    shutil.copytree(program.parent, build)
    files = [build / PROGRAM, *(build / "_internal").rglob("*.so*")]
    said = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout
    words = {word for line in said.splitlines() for word in line.split() if word.startswith("/")}
    libraries = [word for word in words if not word.endswith(":") and not Path(word).is_relative_to(build)]
    for name in libraries:
        (root / name.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(name, root / name.lstrip("/"))


def chroot() -> list[str]:
    """The command that changes the root; the test is skipped where nobody is allowed to."""
    if os.geteuid() == 0:
        return ["chroot"]
    for command in (["unshare", "--user", "--map-root-user", "chroot"], ["sudo", "-n", "chroot"]):
        if not subprocess.run([*command, "/", "true"], capture_output=True, check=False).returncode:
            return command
    pytest.skip("neither root, nor user namespaces, nor sudo: a root without Python cannot be entered")


def test_a_root_without_python_and_nothing_is_written(program: Path, tmp_path: Path) -> None:
    enter = [*chroot(), str(tmp_path), f"/opt/{NAME}/{PROGRAM}"]
    bare_root(program, tmp_path)
    assert [] == [name for name in tree(tmp_path) if name.endswith(("/python3", "/sh"))]
    before = tree(tmp_path)
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}  # for chroot itself
    wanted = {"post-render": ADDED, "explain -f -": b"GET / gets 404", "--version": b"knows cloud-provider"}
    for command, text in wanted.items():
        done = subprocess.run(
            [*enter, *command.split()], env=environment, input=STREAM, capture_output=True, check=False
        )
        assert (0, b"") == (done.returncode, done.stderr)
        assert text in done.stdout
    assert before == tree(tmp_path)
