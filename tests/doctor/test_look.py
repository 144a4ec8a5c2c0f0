"""What is seen of a machine that a test has set up: folders, links, scripts, archives, and programs that answer."""

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from kubectl_akslb import __version__
from kubectl_akslb.doctor.collect import look as module
from kubectl_akslb.doctor.collect.helm import plugins
from kubectl_akslb.doctor.collect.look import look
from kubectl_akslb.doctor.collect.program import program
from kubectl_akslb.doctor.installation import Executable, HelmPlugin, Installation, Program, Tool
from tests.given.programs import Answer, FakeProgram

RAN = "should-not-have-run"
SCRIPT = f"#!/bin/sh\ntouch {RAN}\n"
V1 = """apiVersion: v1
type: postrenderer/v1
name: akslb
version: 0.1.0
runtime: subprocess
runtimeConfig:
  platformCommand:
"""


def script(path: Path, text: str = SCRIPT, mode: int = 0o755) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def seen(home: Path, *folders: Path, file: str = "/nowhere", **environ: str) -> Installation:
    path = os.pathsep.join(map(str, folders))
    return look(Program("9.9.9", file, "3.12.0"), {"HOME": str(home), "PATH": path, **environ})


def test_nothing_at_all(tmp_path: Path) -> None:
    found = seen(tmp_path, tmp_path / "missing", Path("relative"))
    assert ((str(tmp_path / "missing"),), (), (), ()) == (found.path, found.copies, found.helms, found.plugins)
    assert found.kubectl is None
    assert not found.krew.installed


def test_copies_in_the_order_of_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = script(tmp_path / "own" / "kubectl-akslb")
    stored = script(tmp_path / ".krew/store/akslb/v0.3.0/kubectl-akslb")
    link = tmp_path / ".krew/bin/kubectl-akslb"
    link.parent.mkdir()
    link.symlink_to(stored)
    (tmp_path / ".krew/receipts").mkdir()
    (tmp_path / ".krew/receipts/akslb.yaml").write_text("spec: {}\n")
    from_pip = script(
        tmp_path / "venv/bin/kubectl-akslb", "#!/venv/bin/python\nfrom kubectl_akslb.__main__ import main\n"
    )
    (tmp_path / "venv/lib/python3.12/site-packages/kubectl_akslb-0.2.0.dist-info").mkdir(parents=True)
    plain = script(tmp_path / "plain/kubectl-akslb", mode=0o644)
    other = script(tmp_path / "plain/kubectl-akslb-lint")
    completes = script(tmp_path / "plain/kubectl_complete-akslb")
    found = seen(
        tmp_path, own.parent, link.parent, from_pip.parent, plain.parent, plain.parent, file=str(own)
    )  # fmt: skip
    assert [
        (str(own), "9.9.9", True),
        (str(link), "0.3.0", True),
        (str(from_pip), "0.2.0", True),
        (str(plain), "", False),
    ] == [(one.path, one.version, one.runnable) for one in found.copies]
    assert str(stored) == found.copies[1].target
    assert [str(other)] == [one.path for one in found.extensions]
    assert [str(completes)] == [one.path for one in found.completions]
    assert found.krew.installed
    assert not (tmp_path / RAN).exists(), "nothing but kubectl and helm may run"


def test_two_versions_beside_one_script_tell_nothing(tmp_path: Path) -> None:
    one = script(tmp_path / "bin/kubectl-akslb")
    for python, version in (("3.11", "0.1.0"), ("3.12", "0.2.0")):
        (tmp_path / f"lib/python{python}/dist-packages/kubectl_akslb-{version}.dist-info").mkdir(parents=True)
    assert [""] == [copy.version for copy in seen(tmp_path, one.parent).copies]


def archive(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w") as made:
            made.writestr("kubectl_akslb/__init__.py", text)
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("text", "expected"), [('__version__ = "0.4.0"\n', "0.4.0"), ("x", ""), ('__version__ = "1"' + " " * 70000, "")]
)
def test_the_version_of_an_archive(tmp_path: Path, text: str, expected: str) -> None:
    one = archive(tmp_path / "bin/kubectl-akslb", text)
    assert [Executable(str(one), str(one), True, "#!/usr/bin/env python3\n", expected)] == [
        copy._replace(head=copy.head.partition("PK")[0]) for copy in seen(tmp_path, one.parent).copies
    ]


def test_a_truncated_archive_tells_nothing(tmp_path: Path) -> None:
    one = archive(tmp_path / "bin/kubectl-akslb", '__version__ = "0.4.0"\n')
    one.write_bytes(one.read_bytes()[:60])
    assert [""] == [copy.version for copy in seen(tmp_path, one.parent).copies]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer([], json.dumps({"clientVersion": {"gitVersion": "v1.30.2"}})), "v1.30.2"),
        (Answer([], json.dumps({"clientVersion": None})), ""),
        (Answer([], "{"), ""),
        (Answer([], "", "no such flag", 1), ""),
    ],
)
def test_kubectl_is_asked_for_its_version(tmp_path: Path, answer: Answer, expected: str) -> None:
    kubectl = FakeProgram(tmp_path, "kubectl")
    kubectl.answers(answer)
    file = str(kubectl.folder / "kubectl")
    assert Tool("kubectl", file, expected) == seen(tmp_path, kubectl.folder).kubectl
    assert [["version", "--client", "-o", "json"]] == kubectl.calls


def test_every_helm_is_asked_for_its_version(tmp_path: Path) -> None:
    helm, helm3 = FakeProgram(tmp_path, "helm"), FakeProgram(tmp_path, "helm3")
    helm.answers(Answer([], "v4.1.4+g12345\n"))
    # What Helm 3 says with a plugin for Helm 4 in its folder.
    helm3.answers(Answer([], "v3.17.3\n", 'failed to load plugins: json: unknown field "apiVersion"\n'))
    found = seen(tmp_path, helm.folder, helm3.folder).helms
    assert [("helm", "v4.1.4", (4, 1)), ("helm3", "v3.17.3", (3, 17))] == [
        (one.name, one.version, one.release) for one in found
    ]


def test_a_program_that_does_not_end_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.5)
    helm = FakeProgram(tmp_path, "helm")
    helm.answers(Answer([], "v4.1.4\n", seconds=60))
    assert [""] == [one.version for one in seen(tmp_path, helm.folder).helms]


def test_a_file_that_is_no_program_is_no_crash(tmp_path: Path) -> None:
    script(tmp_path / "bin/helm", "\x00\x01")
    assert [""] == [one.version for one in seen(tmp_path, tmp_path / "bin").helms]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("    - command: kubectl-akslb\n", HelmPlugin("", "akslb", "0.1.0", True, "kubectl-akslb", "{bin}/kubectl-akslb")),
        ("    - command: nope\n", HelmPlugin("", "akslb", "0.1.0", True, "nope")),
        (
            '    - command: kubectl-akslb\n      args: ["${HELM_PLUGIN_DIR}/kubectl-akslb.pyz", "post-render"]\n',
            HelmPlugin("", "akslb", "0.1.0", True, "{pyz}", "{pyz}", True, "0.4.0"),
        ),
        (
            "    - command: $HELM_PLUGIN_DIR/gone\n",
            HelmPlugin("", "akslb", "0.1.0", True, "{plugin}/gone", "", True),
        ),
        (
            "    - command: any\n    - {os: windows, command: w}\n    - {os: linux, arch: arm64, command: a}\n"
            "    - {os: linux, command: kubectl-akslb}\n    - {os: darwin, command: m}\n",
            HelmPlugin("", "akslb", "0.1.0", True, "kubectl-akslb", "{bin}/kubectl-akslb"),
        ),
        ("    - 1\n", HelmPlugin("", "akslb", "0.1.0", True)),
    ],
)  # fmt: skip
def test_what_a_plugin_starts(tmp_path: Path, command: str, expected: HelmPlugin) -> None:
    places = {"bin": str(tmp_path / "bin"), "plugin": str(tmp_path / "p/akslb")}
    places["pyz"] = str(archive(tmp_path / "p/akslb/kubectl-akslb.pyz", '__version__ = "0.4.0"\n'))
    script(tmp_path / "bin/kubectl-akslb")
    (tmp_path / "p/akslb/plugin.yaml").write_text(V1 + command)
    wanted = expected._replace(
        folder=places["plugin"],
        command=expected.command.format(**places),
        found=expected.found.format(**places),
    )
    assert [wanted] == list(plugins([str(tmp_path / "p")], [places["bin"]], "linux", "x86_64"))


def test_a_folder_that_may_not_be_entered_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, is_file = tmp_path / "locked", Path.is_file

    def refuse(path: Path) -> bool:
        if locked in path.parents:
            raise PermissionError
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refuse)
    script(locked / "kubectl-akslb")
    script(locked / "akslb/plugin.yaml", V1)
    found = seen(tmp_path, locked, HELM_PLUGINS=str(locked), KREW_ROOT=str(locked))
    assert ((), (), None, False) == (found.copies, found.plugins, found.kubectl, found.krew.installed)


def test_plugins_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    for name, text in {
        "deep": "[" * 60000,
        "a": "{",
        "b": "- x",
        "c": "name: akslb\nname: akslb\n",
        "d": "#" * 70000,
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "plugin.yaml").write_text(text)
    (tmp_path / "e").mkdir()
    os.mkfifo(tmp_path / "e/plugin.yaml")
    (tmp_path / "f").write_text("no folder")
    (tmp_path / "g").mkdir()
    (tmp_path / "g/plugin.yaml").write_bytes(b"\xff\xfe")
    assert [] == list(plugins([str(tmp_path)], [], "linux", "x86_64"))


def test_a_link_is_seen(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "plugin.yaml").write_text("name: akslb\nversion: 0.1.0\ncommand: x\n")
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "akslb").symlink_to(checkout)
    (found,) = plugins([str(folder)], [], "linux", "x86_64")
    assert (True, False) == (found.is_link, found.modern)


def test_this_program(monkeypatch: pytest.MonkeyPatch) -> None:
    found = program(("explain",))
    assert (__version__, sys.executable, ("explain",)) == (found.version, found.interpreter, found.commands)
    assert ">=3.10" == found.wanted_python
    assert {"typer", "ruamel-yaml"} == {one.name.replace(".", "-") for one in found.packages}
    assert all(one.version and one.wanted for one in found.packages)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert str(Path(sys.executable).resolve()) == program(()).file
