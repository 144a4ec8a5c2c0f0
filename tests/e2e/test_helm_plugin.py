"""The plugin for Helm 4, installed in every way that there is, and what becomes of it under Helm 3."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipapp
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml

import kubectl_akslb
from kubectl_akslb import __version__
from tests.e2e.conftest import HELM_3, HELM_4, PROGRAM, ROOT, Helm, new_helm, program_folder
from tests.e2e.test_helm import BETA

pytestmark = pytest.mark.e2e

RENDERED = f"{BETA}port_8081_health-probe_protocol: "
FILES = ("plugin.yaml", "LICENSE", "README.md")
BUNDLED = """\
apiVersion: v1
type: postrenderer/v1
name: akslb
version: {version}
runtime: subprocess
runtimeConfig:
  platformCommand:
    - command: python3
      args: ["${{HELM_PLUGIN_DIR}}/kubectl-akslb.pyz", "post-render", "--errors-on-stdout"]
"""
CLAIM = 'two plugins claim the name "akslb"'
UNUSABLE = 'json: unknown field "apiVersion"'


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


def new_release(checkout: Path, version: str) -> None:
    """The next commit, which raises the plugin's version, and its tag."""
    file = checkout / "plugin.yaml"
    file.write_text(file.read_text().replace(listed_version(file), version))
    git(checkout, "commit", "--all", "--message", version)
    git(checkout, "tag", f"v{version}")


def listed_version(file: Path) -> str:
    """The version in a plugin.yaml."""
    return next(line for line in file.read_text().splitlines() if line.startswith("version: ")).split()[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clean clone, as a user has it."""
    folder = tmp_path / PROGRAM
    folder.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    git(folder, "init", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--message", "First")
    return folder


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a plugin that brings its program along: a zip archive that any Python 3.10 runs."""
    work = tmp_path_factory.mktemp("bundle")
    content = work / "content"
    no_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(str(kubectl_akslb.__file__)).parent, content / "kubectl_akslb", ignore=no_caches)
    shutil.copytree(Path(str(ruamel.yaml.__file__)).parent, content / "ruamel/yaml", ignore=no_caches)
    folder = work / "akslb"
    folder.mkdir()
    zipapp.create_archive(content, folder / "kubectl-akslb.pyz", main="kubectl_akslb.__main__:main")
    (folder / "plugin.yaml").write_text(BUNDLED.format(version=__version__))
    return folder


@pytest.fixture(params=HELM_4)
def helm_4(request: pytest.FixtureRequest, tmp_path: Path) -> Helm:
    """Each Helm 4 with nothing installed."""
    return new_helm(request.param, tmp_path / "home", program_folder())


@pytest.fixture(params=HELM_3)
def helm_3(request: pytest.FixtureRequest, tmp_path: Path) -> Helm:
    """Each Helm 3 with a plugin of somebody else, which says hello."""
    made = new_helm(request.param, tmp_path / "home", program_folder())
    hello = plugin_folder(made) / "hello"
    hello.mkdir(parents=True)
    (hello / "plugin.yaml").write_text('name: hello\nversion: 0.1.0\ncommand: "echo hello"\n')
    return made


def plugin_folder(helm: Helm) -> Path:
    return Path(helm.environment["HELM_DATA_HOME"]) / "plugins"


def plugins(helm: Helm) -> dict[str, str]:
    """What 'helm plugin list' prints: name and version."""
    lines = helm("plugin", "list").stdout.splitlines()[1:]
    return {line.split()[0]: line.split()[1] for line in lines}


def doctor(helm: Helm, tmp_path: Path) -> list[dict[str, Any]]:
    """What 'doctor install' finds of Helm, where this one is the helm of the PATH."""
    folder = tmp_path / "helm-bin"
    folder.mkdir(exist_ok=True)
    if not (folder / "helm").is_symlink():
        (folder / "helm").symlink_to(helm.path)
    done = subprocess.run(
        [sys.executable, "-m", "kubectl_akslb", "doctor", "install", "-o", "json"],
        env={**helm.environment, "PATH": os.pathsep.join([str(folder), helm.environment["PATH"]])},
        capture_output=True, text=True, check=False, timeout=60, cwd=ROOT,
    )  # fmt: skip
    assert "" == done.stderr
    found = json.loads(done.stdout)["findings"]
    assert any(one["severity"] != "info" for one in found) is bool(done.returncode)
    return [one for one in found if "helm" in one["id"]]


def run(command: str, tmp_path: Path) -> None:
    """A command that doctor has printed, in a shell, as a person pastes it."""
    assert str(tmp_path) in command
    subprocess.run(["sh", "-euc", command], check=True)


def test_a_checkout_is_linked(helm_4: Helm, checkout: Path, tmp_path: Path) -> None:
    helm_4("plugin", "install", str(checkout))
    assert {"akslb": __version__} == plugins(helm_4)
    assert RENDERED in helm_4.rendered("template", "rel", "shop").stdout
    assert [] == doctor(helm_4, tmp_path)
    helm_4("plugin", "uninstall", "akslb")
    assert {} == plugins(helm_4)
    assert (checkout / "plugin.yaml").exists()


def test_a_repository_is_cloned_and_updated(helm_4: Helm, checkout: Path) -> None:
    url = checkout.as_uri()
    refused = helm_4("plugin", "install", url, code=1)
    assert "plugin source does not support verification. Use --verify=false to skip verification" in refused.stderr
    helm_4("plugin", "install", url, "--verify=false")
    assert RENDERED in helm_4.rendered("template", "rel", "shop").stdout
    new_release(checkout, "0.9.1")
    helm_4("plugin", "update", "akslb")
    assert {"akslb": "0.9.1"} == plugins(helm_4)


def test_an_update_keeps_to_the_tag_that_was_installed(helm_4: Helm, checkout: Path) -> None:
    url = checkout.as_uri()
    new_release(checkout, "0.9.1")
    helm_4("plugin", "install", url, "--version", "v0.9.1", "--verify=false")
    new_release(checkout, "0.9.2")
    assert "Updated plugin: akslb" in helm_4("plugin", "update", "akslb").stdout
    assert {"akslb": "0.9.1"} == plugins(helm_4)
    helm_4("plugin", "uninstall", "akslb")
    helm_4("plugin", "install", url, "--version", "v0.9.2", "--verify=false")
    assert {"akslb": "0.9.2"} == plugins(helm_4)


def test_an_archive_finds_the_program_on_the_path(helm_4: Helm, checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / ".git")  # or it would be packed too
    helm_4("plugin", "package", str(checkout), "--sign=false", "--destination", str(tmp_path))
    archive = str(tmp_path / f"akslb-{__version__}.tgz")
    refused = helm_4("plugin", "install", archive, code=1)
    assert "plugin verification failed: no provenance file (.prov) found" in refused.stderr
    helm_4("plugin", "install", archive, "--verify=false")
    assert {"akslb": __version__} == plugins(helm_4)
    assert RENDERED in helm_4.rendered("template", "rel", "shop").stdout
    assert "cannot get information about plugin source" in helm_4("plugin", "update", "akslb", code=1).stderr


@pytest.fixture
def only_python(helm_4: Helm, tmp_path: Path) -> Helm:
    """Each Helm 4 where python3 is the only program on the PATH, without this package."""
    folder = tmp_path / "python-bin"
    folder.mkdir()
    (folder / "python3").symlink_to(Path(sys.executable).resolve())
    return helm_4._replace(environment={**helm_4.environment, "PATH": str(folder)})


def test_an_archive_that_brings_the_program(only_python: Helm, bundle: Path, tmp_path: Path) -> None:
    only_python("plugin", "package", str(bundle), "--sign=false", "--destination", str(tmp_path))
    only_python("plugin", "install", str(tmp_path / f"akslb-{__version__}.tgz"), "--verify=false")
    assert RENDERED in only_python.rendered("template", "rel", "shop").stdout
    assert RENDERED in only_python.rendered("install", "rel", "shop", "--dry-run=client").stdout
    failed = only_python.rendered("template", "rel", "shop", "--", "--unknown=fail", code=1)
    assert "the command line says to fail then" in failed.stderr
    assert [] == doctor(only_python, tmp_path)
    installed = plugin_folder(only_python) / "akslb" / "kubectl-akslb.pyz"
    installed.unlink()
    (found,) = doctor(only_python, tmp_path)
    assert ("helm-plugin-without-program", f"the Helm plugin starts {installed}, which is not there") == (
        found["id"],
        found["message"],
    )


@pytest.fixture(scope="session")
def keys() -> Iterator[Path]:
    """A folder with the two halves of a key that is thrown away: secret.gpg and public.gpg."""
    if shutil.which("gpg") is None:
        pytest.skip("gpg is missing: apt-get install gnupg")
    with tempfile.TemporaryDirectory(prefix="akslb-") as home:  # a short path: gpg's socket has to fit into 107 bytes
        environment = {"PATH": os.environ["PATH"], "GNUPGHOME": home}

        def gpg(*arguments: str) -> bytes:
            command = ["gpg", "--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback", *arguments]
            return subprocess.run(command, env=environment, check=True, capture_output=True).stdout

        gpg("--quick-generate-key", "akslb test <test@example.com>", "rsa2048", "sign", "never")
        Path(home, "secret.gpg").write_bytes(gpg("--export-secret-keys"))
        Path(home, "public.gpg").write_bytes(gpg("--export"))
        yield Path(home)
        subprocess.run(["gpgconf", "--kill", "all"], env=environment, check=False)


def test_a_signed_archive_is_verified(helm_4: Helm, bundle: Path, keys: Path, tmp_path: Path) -> None:
    helm_4(
        "plugin", "package", str(bundle), "--destination", str(tmp_path),
        "--key", "akslb test", "--keyring", str(keys / "secret.gpg"),
    )  # fmt: skip
    archive = tmp_path / f"akslb-{__version__}.tgz"
    keyring = ("--keyring", str(keys / "public.gpg"))
    assert "Signed by: akslb test" in helm_4("plugin", "verify", str(archive), *keyring).stdout
    helm_4("plugin", "install", str(archive), *keyring)
    assert "signed" in helm_4("plugin", "list").stdout.split()
    assert RENDERED in helm_4.rendered("template", "rel", "shop").stdout
    helm_4("plugin", "uninstall", "akslb")
    archive.write_bytes(archive.read_bytes() + b"\0")
    assert "sha256 sum does not match" in helm_4("plugin", "verify", str(archive), *keyring, code=1).stderr
    helm_4("plugin", "install", str(archive), *keyring, code=1)
    assert {} == plugins(helm_4)


def test_two_plugins_of_one_name(helm_4: Helm, checkout: Path, tmp_path: Path) -> None:
    helm_4("plugin", "install", str(checkout))
    second = plugin_folder(helm_4) / "second"
    shutil.copytree(checkout, second)
    for command in (["list"], ["uninstall", "akslb"]):
        assert CLAIM in helm_4("plugin", *command, code=1).stderr
    assert CLAIM in helm_4.rendered("template", "rel", "shop", code=1).stderr
    (found,) = doctor(helm_4, tmp_path)
    assert "two-helm-plugins" == found["id"]
    run(found["commands"][0], tmp_path)
    assert not second.exists()
    assert RENDERED in helm_4.rendered("template", "rel", "shop").stdout


def test_helm_4_installs_elsewhere_than_helm_plugins_says(helm_4: Helm, checkout: Path, tmp_path: Path) -> None:
    elsewhere = helm_4._replace(environment={**helm_4.environment, "HELM_PLUGINS": str(tmp_path / "elsewhere")})
    elsewhere("plugin", "install", str(checkout))
    assert {} == plugins(elsewhere)
    assert {"akslb": __version__} == plugins(helm_4)


def test_another_version_of_the_program(helm_4: Helm, checkout: Path, tmp_path: Path) -> None:
    new_release(checkout, "0.0.1")
    helm_4("plugin", "install", checkout.as_uri(), "--verify=false")
    (found,) = doctor(helm_4, tmp_path)
    assert ("helm-plugin-version", f"the Helm plugin is of version 0.0.1, what it starts of {__version__}") == (
        found["id"],
        found["message"],
    )


@pytest.mark.parametrize("way", ["folder", "repository"])
def test_helm_3_loads_no_plugin_after_the_accident(helm_3: Helm, checkout: Path, tmp_path: Path, way: str) -> None:
    assert "hello\n" == helm_3("hello").stdout
    source = str(checkout) if way == "folder" else checkout.as_uri()
    accident = helm_3("plugin", "install", source, code=1)
    assert "plugin is installed but unusable" in accident.stderr
    assert UNUSABLE in accident.stderr
    assert 'unknown command "hello"' in helm_3("hello", code=1).stderr
    for command in (["list"], ["uninstall", "akslb"], ["uninstall", PROGRAM], ["update", "akslb"]):
        assert UNUSABLE in helm_3("plugin", *command, code=1).stderr
    # What needs no plugin goes on, with a complaint each time.
    still = helm_3.rendered("template", "rel", "shop")
    assert RENDERED in still.stdout
    assert (
        f'failed to load plugins: failed to load plugin at "{plugin_folder(helm_3)}/{PROGRAM}/plugin.yaml"'
        in still.stderr
    )

    (found,) = doctor(helm_3, tmp_path)
    assert ("helm-3-plugin", "certain") == (found["id"], found["confidence"])
    assert [f"rm -rf {shlex.quote(str(plugin_folder(helm_3) / PROGRAM))}"] == found["commands"]
    run(found["commands"][0], tmp_path)
    assert "hello\n" == helm_3("hello").stdout
    assert {"hello": "0.1.0"} == plugins(helm_3)
    assert "" == helm_3.rendered("template", "rel", "shop").stderr
    assert [] == doctor(helm_3, tmp_path)
    assert (checkout / "plugin.yaml").exists()


def test_helm_3_refuses_the_archive(helm_3: Helm, bundle: Path, tmp_path: Path) -> None:
    helm = new_helm(HELM_4[0], tmp_path / "packs")
    helm("plugin", "package", str(bundle), "--sign=false", "--destination", str(tmp_path))
    refused = helm_3("plugin", "install", str(tmp_path / f"akslb-{__version__}.tgz"), code=1)
    assert "expected plugin to be a folder" in refused.stderr
    assert {"hello": "0.1.0"} == plugins(helm_3)


def test_helm_4_beside_helm_3_with_a_folder_of_its_own(helm_3: Helm, checkout: Path, tmp_path: Path) -> None:
    helm_4 = new_helm(HELM_4[-1], tmp_path / "home", program_folder())
    own = {"HELM_DATA_HOME": str(tmp_path / "home/data-of-helm-4")}
    helm_4 = helm_4._replace(environment={**helm_4.environment, **own})
    helm_4("plugin", "install", str(checkout))
    assert RENDERED in helm_4.rendered("template", "rel", "shop").stdout
    assert {"hello": "0.1.0"} == plugins(helm_3)
