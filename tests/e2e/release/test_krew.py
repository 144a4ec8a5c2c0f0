"""The real krew with the archive built here: install, run through the real kubectl, upgrade, uninstall, validate."""

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from release.archive import ROOT, digest, pack
from release.frozen import COMPLETION, NAME, archive_name, this_platform
from release.krew import TEMPLATE, UNKNOWN, known, render
from release.smoke import ADDED
from tests.e2e.conftest import tool

pytestmark = pytest.mark.e2e

RELEASES = "https://github.com/akslb/kubectl-akslb/releases/download"
GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main")
WEB = str(ROOT / "examples" / "web.yaml")
PLATFORMS = ("linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64")


class Kubectl(NamedTuple):
    """A real kubectl that has krew as a plugin, with a home and a KREW_ROOT of its own."""

    home: Path
    environment: dict[str, str]

    def __call__(self, *arguments: str, code: int = 0, given: bytes = b"") -> str:
        """Run it; the exit code has to be *code*. Returns both outputs."""
        done = subprocess.run(
            ["kubectl", *arguments],
            env=self.environment,
            cwd=self.home,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        text = done.stdout.decode()
        assert code == done.returncode, text
        return text


def publish(index: Path, text: str) -> None:
    """Commit the manifest to krew's index."""
    (index / "plugins" / "akslb.yaml").write_text(text)
    subprocess.run([*GIT, "add", "-A"], cwd=index, check=True)
    subprocess.run([*GIT, "commit", "-qm", "release"], cwd=index, check=True)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A repository that krew takes for its index."""
    made = tmp_path / "index"
    (made / "plugins").mkdir(parents=True)
    subprocess.run([*GIT, "init", "-q"], cwd=made, check=True)
    publish(made, (ROOT / "krew" / "akslb.yaml").read_text())
    return made


@pytest.fixture
def kubectl(tmp_path: Path, index: Path) -> Kubectl:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "kubectl").symlink_to(tool("kubectl"))
    (programs / "kubectl-krew").symlink_to(tool("krew"))
    home = tmp_path / "home"
    home.mkdir()
    path = [programs, home / "krew" / "bin", Path("/usr/local/bin"), Path("/usr/bin"), Path("/bin")]
    made = Kubectl(
        home,
        {
            "PATH": os.pathsep.join(map(str, path)),
            "HOME": str(home),
            "KREW_ROOT": str(home / "krew"),
            "KREW_DEFAULT_INDEX_URI": f"file://{index}",
            "KREW_NO_UPGRADE_CHECK": "1",
            "KUBECONFIG": os.devnull,
        },
    )
    made("krew", "update")
    return made


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def releases(tmp_path: Path, archive: Path) -> Iterator[str]:
    """The address of a server with the releases v0.1.0 and v0.2.0, each with the archive of this platform."""
    for tag in ("v0.1.0", "v0.2.0"):
        folder = tmp_path / "releases" / tag
        folder.mkdir(parents=True)
        (folder / archive.name).symlink_to(archive)
    handler = partial(_Quiet, directory=str(tmp_path / "releases"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def manifest(tag: str, checksum: Callable[[str], str], base: str = RELEASES) -> str:
    return render(TEMPLATE.read_text(), tag, checksum).replace(RELEASES, base)


def only(archive: Path) -> Callable[[str], str]:
    """The checksum of the one archive that is here."""
    return lambda name: digest(archive) if name == archive.name else f'"{UNKNOWN}"'


def test_install_run_and_uninstall(kubectl: Kubectl, archive: Path, program: Path, tmp_path: Path) -> None:
    file = tmp_path / "akslb.yaml"
    file.write_text(manifest("v0.1.0", only(archive)))
    said = kubectl("krew", "install", f"--manifest={file}", f"--archive={archive}")
    assert "Installed plugin: akslb" in said
    assert COMPLETION in said  # the caveats
    ours = subprocess.run([program, "explain", "-f", WEB], stdout=subprocess.PIPE, check=True).stdout.decode()
    assert ours == kubectl("akslb", "explain", "-f", WEB)
    stream = (ROOT / "examples" / "ingress-nginx.yaml").read_bytes()
    assert ADDED.decode() in kubectl("akslb", "post-render", given=stream)
    assert "missing.yaml" in kubectl("akslb", "explain", "-f", "missing.yaml", code=3)
    assert "Uninstalled plugin: akslb" in kubectl("krew", "uninstall", "akslb")
    assert "unknown command" in kubectl("akslb", "--version", code=1)


def test_completion_as_the_caveats_say(kubectl: Kubectl, archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "akslb.yaml"
    file.write_text(manifest("v0.1.0", only(archive)))
    said = kubectl("krew", "install", f"--manifest={file}", f"--archive={archive}")
    lines = (line.lstrip(" |\\") for line in said.splitlines())
    commands = [line for line in lines if line.startswith(("printf", "chmod"))]
    assert 2 == len(commands)
    place = kubectl.home / ".local" / "bin"
    place.mkdir(parents=True)
    for command in commands:
        subprocess.run(["sh", "-c", command], env=kubectl.environment, check=True)
    kubectl.environment["PATH"] += f"{os.pathsep}{place}"
    words = kubectl("__complete", "akslb", "lint", "--fi")
    assert re.search(r"^--fix\t", words, re.MULTILINE)
    # The archive carries the same file.
    (packed,) = (kubectl.home / "krew").rglob(COMPLETION)
    assert (place / COMPLETION).read_text() == packed.read_text()


def test_an_archive_that_is_not_the_one_of_the_manifest(kubectl: Kubectl, archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "akslb.yaml"
    file.write_text((ROOT / "krew" / "akslb.yaml").read_text())
    assert "checksum does not match" in kubectl("krew", "install", f"--manifest={file}", f"--archive={archive}", code=1)


def test_from_the_address_of_a_manifest(kubectl: Kubectl, archive: Path, releases: str, tmp_path: Path) -> None:
    text = manifest("v0.1.0", only(archive), releases)
    (tmp_path / "releases" / "v0.1.0" / "akslb.yaml").write_text(text)
    kubectl("krew", "install", f"--manifest-url={releases}/v0.1.0/akslb.yaml")
    assert "knows cloud-provider-azure up to" in kubectl("akslb", "--version")


def test_from_an_index_with_upgrade(kubectl: Kubectl, index: Path, archive: Path, releases: str) -> None:
    store = kubectl.home / "krew" / "store" / "akslb"
    publish(index, manifest("v0.1.0", only(archive), releases))
    kubectl("krew", "update")
    assert "Explain what Azure makes of a LoadBalancer Service" in kubectl("krew", "search", "akslb")
    kubectl("krew", "install", "akslb")
    assert "akslb" in kubectl("krew", "list").split()
    assert ["v0.1.0"] == [path.name for path in store.iterdir()]
    publish(index, manifest("v0.2.0", only(archive), releases))
    assert "Upgraded plugin: akslb" in kubectl("krew", "upgrade", "akslb")
    assert ["v0.2.0"] == [path.name for path in store.iterdir()]
    assert "knows cloud-provider-azure up to" in kubectl("akslb", "--version")
    kubectl("krew", "uninstall", "akslb")
    assert not store.exists()


def test_the_validator_of_the_index(kubectl: Kubectl, releases: str, tmp_path: Path) -> None:
    # krew only unpacks and links what is of another platform: there the archives hold stand-ins in the same places.
    folder = tmp_path / "releases" / "v0.2.0"
    for platform in PLATFORMS:
        if platform != this_platform():
            made = tmp_path / platform / NAME
            made.mkdir(parents=True)
            (made / "LICENSE").write_text("licence")
            name = f"{NAME}.exe" if platform.startswith("windows") else NAME
            (made / name).write_text(platform)
            pack(made, folder / archive_name(platform), executable=(name,))
    file = tmp_path / "akslb.yaml"
    file.write_text(manifest("v0.2.0", known(folder), releases))
    done = subprocess.run(
        [tool("validate-krew-manifest"), "-manifest", str(file)],
        env=kubectl.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    assert "all 5 spec.platforms installed fine" in done.stderr
