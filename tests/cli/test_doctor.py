"""``doctor install`` as a person runs it."""

import json
from pathlib import Path

import pytest

from tests.given.command import akslb
from tests.given.programs import Answer, FakeProgram


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A machine with kubectl, Helm 3, and the plugin for Helm 4 in the folder of both."""
    kubectl, helm = FakeProgram(tmp_path, "kubectl"), FakeProgram(tmp_path, "helm")
    kubectl.answers(Answer([], json.dumps({"clientVersion": {"gitVersion": "v1.36.1"}})))
    helm.answers(Answer([], "v3.17.3\n"))
    plugin = tmp_path / ".local/share/helm/plugins/kubectl-akslb"
    plugin.mkdir(parents=True)
    (plugin / "plugin.yaml").write_text(
        "apiVersion: v1\nname: akslb\nversion: 0.1.0\nruntimeConfig:\n  platformCommand:\n  - command: kubectl-akslb\n"
    )
    program = tmp_path / "bin/kubectl-akslb"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return {"PATH": f"{program.parent}:{kubectl.folder}:{helm.folder}", "HOME": str(tmp_path), "HELM_PLUGINS": "", "HELM_DATA_HOME": "", "XDG_DATA_HOME": "", "KREW_ROOT": ""}  # fmt: skip


@pytest.mark.parametrize("arguments", [("doctor",), ("doctor", "install")])
def test_what_is_wrong_is_told_with_the_command_that_mends_it(
    machine: dict[str, str], arguments: tuple[str, ...]
) -> None:
    code, out, err = akslb(*arguments, environ=machine)
    assert (1, "") == (code, err)
    folder = f"{machine['HOME']}/.local/share/helm/plugins/kubectl-akslb"
    assert f"\n  kubectl      {machine['HOME']}/kubectl-bin/kubectl (v1.36.1)\n" in out
    assert f"\n  Helm plugin  {folder} (0.1.0), starts kubectl-akslb\n" in out
    error = "error helm v3.17.3 cannot load any plugin, because the one for Helm 4 is in its folder [helm-3-plugin]"
    assert error in " ".join(out.split())
    assert f"\n    run        rm -rf {folder}\n" in out
    assert out.endswith("\n1 error, 2 info\n")


def test_after_that_nothing_is_wrong(machine: dict[str, str]) -> None:
    (Path(machine["HOME"]) / ".local/share/helm/plugins/kubectl-akslb/plugin.yaml").unlink()
    code, out, err = akslb("doctor", environ=machine)
    assert (0, "") == (code, err)
    assert "[no-completion]" in out
    assert out.endswith("\nnothing is wrong; 2 info\n")


@pytest.mark.parametrize("arguments", [("doctor", "-o", "json"), ("doctor", "install", "--output=json")])
def test_the_same_for_machines(machine: dict[str, str], arguments: tuple[str, ...]) -> None:
    code, out, err = akslb(*arguments, environ=machine)
    assert (1, "") == (code, err)
    report = json.loads(out)
    assert ("akslb.dev/v1alpha1", "InstallationReport") == (report["apiVersion"], report["kind"])
    assert {"path": f"{machine['HOME']}/helm-bin/helm", "version": "v3.17.3"} == report["helm"][0]
    (finding,) = (one for one in report["findings"] if one["severity"] == "error")
    assert ("helm-3-plugin", "certain") == (finding["id"], finding["confidence"])
    assert [f"rm -rf {machine['HOME']}/.local/share/helm/plugins/kubectl-akslb"] == finding["commands"]


def test_an_empty_environment_is_no_crash() -> None:
    empty = dict.fromkeys(("PATH", "HOME", "HELM_PLUGINS", "HELM_DATA_HOME", "XDG_DATA_HOME", "KREW_ROOT"), "")
    code, out, err = akslb("doctor", environ=empty)
    assert (1, "") == (code, err)
    assert "no kubectl-akslb is on the PATH" in out


def test_a_command_that_there_is_not() -> None:
    code, out, err = akslb("doctor", "instal")
    assert (2, "") == (code, out)
    assert "error: no such command 'instal'\n  hint: Did you mean install?\n" == err


def test_a_path_cannot_act_on_the_terminal(machine: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "\x1b[31mred"
    folder.mkdir()
    (folder / "kubectl-akslb").write_text("#!/bin/sh\n")
    out = akslb("doctor", environ={**machine, "PATH": f"{machine['PATH']}:{folder}"}).out
    assert "\x1b" not in out
    assert "\\x1b[31mred" in out
