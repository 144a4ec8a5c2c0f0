"""This program under the real kubectl: found as a plugin, its words completed, its exit codes passed on."""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e.conftest import PROGRAM, ROOT, program_folder, tool
from tests.e2e.terminal import Session

pytestmark = pytest.mark.e2e

COMPLETION = "kubectl_complete-akslb"
#: The package bash-completion, and the only function of it that kubectl's script needs, but for words with a =.
PACKAGE = Path("/usr/share/bash-completion/bash_completion")
WORDS = """_get_comp_words_by_ref() {
  cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
}"""


class Kubectl(NamedTuple):
    """The real kubectl and one copy of this program in a PATH of their own; *folder* is that of the copy."""

    folder: Path
    environment: dict[str, str]

    def __call__(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run it; the exit code has to be *code*."""
        done = subprocess.run(
            ["kubectl", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
        assert code == done.returncode, done.stderr
        return done


def installed(tmp_path: Path, names: Sequence[str]) -> Kubectl:
    """The scripts of these names, as pipx puts them on the PATH: as links."""
    kubectl, program = tool("kubectl"), program_folder()
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(program / name)
    own = tmp_path / "kubectl"
    own.mkdir()
    (own / "kubectl").symlink_to(kubectl)
    path = os.pathsep.join([str(folder), str(own), "/usr/bin", "/bin"])
    environment = {"PATH": path, "HOME": str(tmp_path), "KUBECONFIG": os.devnull, "TERM": "dumb", "COLUMNS": "80"}
    return Kubectl(folder, environment)


@pytest.fixture
def kubectl(tmp_path: Path) -> Kubectl:
    """As pip, pipx and uv install it."""
    return installed(tmp_path, (PROGRAM, COMPLETION))


@pytest.fixture
def krew_like(tmp_path: Path) -> Kubectl:
    """As krew installs it: one program, and no more."""
    return installed(tmp_path, (PROGRAM,))


def test_it_is_a_plugin_without_warnings(kubectl: Kubectl) -> None:
    done = kubectl("plugin", "list")
    assert str(kubectl.folder / PROGRAM) in done.stdout.split()
    assert "" == done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["explain", "-f", "examples/web.yaml"], 0),
        (["lint", "-f", "examples/ingress-nginx.yaml"], 1),
        (["explan"], 2),
        (["explain", "-f", "nope.yaml"], 3),
    ],
)
def test_the_exit_code_is_passed_on(kubectl: Kubectl, arguments: list[str], code: int) -> None:
    kubectl("akslb", *arguments, code=code)


def test_kubectl_completes_commands_and_flags(kubectl: Kubectl) -> None:
    assert ["explain\tExplain what Azure builds for a Service, and why.", ":4"] == kubectl(
        "__complete", "akslb", "ex"
    ).stdout.splitlines()
    assert ["json", ":4"] == kubectl("__complete", "akslb", "explain", "-o", "j").stdout.splitlines()
    assert ["json", ":4"] == kubectl("__complete", "akslb", "explain", "--output=j").stdout.splitlines()
    assert [":0"] == kubectl("__complete", "akslb", "lint", "-f", "").stdout.splitlines()


def test_without_the_script_kubectl_completes_nothing(krew_like: Kubectl) -> None:
    assert [":0"] == krew_like("__complete", "akslb", "ex").stdout.splitlines()


def test_the_printed_script_completes_the_same(krew_like: Kubectl) -> None:
    script = krew_like.folder / COMPLETION
    script.write_text(krew_like("akslb", "completion").stdout)
    script.chmod(0o755)
    words = krew_like("__complete", "akslb", "explain", "-o", "").stdout.splitlines()
    assert ["text", "json", "yaml", "markdown", "mermaid", "svg", ":4"] == words


def findings(kubectl: Kubectl, code: int) -> dict[str, dict[str, Any]]:
    """What doctor finds, started as a plugin."""
    return {
        one["id"]: one for one in json.loads(kubectl("akslb", "doctor", "-o", "json", code=code).stdout)["findings"]
    }


def test_doctor_finds_nothing_wrong(kubectl: Kubectl) -> None:
    assert {} == findings(kubectl, 0)
    assert kubectl("akslb", "doctor").stdout.endswith("\nnothing is wrong\n")


def test_doctor_tells_how_to_complete(krew_like: Kubectl) -> None:
    found = findings(krew_like, 0)
    assert {"no-completion"} == found.keys()
    (command,) = found["no-completion"]["commands"]
    subprocess.run(["sh", "-euc", command], env=krew_like.environment, check=True, cwd=ROOT)
    assert "explain\t" in krew_like("__complete", "akslb", "ex").stdout
    assert {} == findings(krew_like, 0)


def test_of_two_copies_doctor_names_the_one_that_kubectl_starts(kubectl: Kubectl, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / PROGRAM).write_text("#!/bin/sh\necho second\n")
    (second / PROGRAM).chmod(0o755)
    behind = {**kubectl.environment, "PATH": f"{kubectl.environment['PATH']}{os.pathsep}{second}"}
    both = kubectl._replace(environment=behind)
    assert f"{second / PROGRAM} is overshadowed by a similarly named plugin" in both("plugin", "list", code=1).stderr
    found = findings(both, 1)
    assert {"several-copies"} == found.keys()
    assert f"2 installations are on the PATH: {kubectl.folder / PROGRAM} wins" == found["several-copies"]["message"]
    assert [f"rm {second / PROGRAM}"] == found["several-copies"]["commands"]
    before = {**kubectl.environment, "PATH": f"{second}{os.pathsep}{kubectl.environment['PATH']}"}
    assert "second\n" == kubectl._replace(environment=before)("akslb", "explain").stdout


def test_a_longer_name_takes_a_command(kubectl: Kubectl) -> None:
    other = kubectl.folder / "kubectl-akslb-post_render"
    other.write_text("#!/bin/sh\necho other\n")
    other.chmod(0o755)
    assert "other\n" == kubectl("akslb", "post-render").stdout
    found = findings(kubectl, 1)
    assert {"takes-a-command"} == found.keys()
    assert "'kubectl akslb post-render' does not reach this program" == found["takes-a-command"]["message"]


def test_what_may_not_be_run_is_passed_over(kubectl: Kubectl, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / PROGRAM).write_text("#!/bin/sh\n")
    before = {**kubectl.environment, "PATH": f"{second}{os.pathsep}{kubectl.environment['PATH']}"}
    both = kubectl._replace(environment=before)
    assert "it is not executable" in both("plugin", "list", code=1).stderr
    assert {"not-executable"} == findings(both, 1).keys()


#: How each shell is started without anything of the user's, and what makes it ready for completion.
SHELLS = {
    "bash": (("--norc", "--noprofile", "-i"), f"source {PACKAGE}" if PACKAGE.exists() else WORDS),
    "zsh": (("-f", "-i"), "autoload -Uz compinit; compinit -u -D"),
    "fish": (("--no-config", "-i"), "function fish_prompt; echo -n 'ready$ '; end"),
}
SOURCED = {"bash": "source <({})", "zsh": "source <({})", "fish": "{} | source"}
#: bash is everywhere; the others are asked where they are, for nothing of ours can bring them.
INSTALLED = [name for name in SHELLS if name == "bash" or shutil.which(name)]


@pytest.fixture(params=INSTALLED)
def shell(request: pytest.FixtureRequest, kubectl: Kubectl) -> Iterator[tuple[str, Session]]:
    """Each shell in turn, with its name, in a folder with files."""
    name = str(request.param)
    flags, ready = SHELLS[name]
    session = Session([shutil.which(name) or name, *flags], {**kubectl.environment, "PS1": "ready$ "})
    session.type(f"cd {shlex.quote(str(ROOT))}\r{ready}\r", until="ready$ ")
    yield name, session
    session.close()


def test_tab_behind_kubectl(shell: tuple[str, Session]) -> None:
    name, session = shell
    session.type(f"{SOURCED[name].format(f'kubectl completion {name}')}; echo sour''ced\r", until="sourced")
    session.type("kubectl akslb ex\t", until="plain ")
    session.type("-o js\t", until="on ")
    if name != "bash" or PACKAGE.exists():
        session.type("--color=al\t", until="ways ")


def test_tab_behind_its_own_name(shell: tuple[str, Session]) -> None:
    name, session = shell
    session.type(f"{SOURCED[name].format(f'{PROGRAM} completion {name}')}; echo sour''ced\r", until="sourced")
    session.type(f"{PROGRAM} ex\t", until="plain ")
    session.type("--output=js\t", until="on ")
    session.type("-f LICEN\t", until="SE")
    session.type("\x15", until="")
    session.type(f"{PROGRAM} trace po\t", until="d/")


def test_a_kustomization_is_built_as_kubectl_builds_it(kubectl: Kubectl, tmp_path: Path) -> None:
    folder = tmp_path / "kustomization"
    folder.mkdir()
    shutil.copy(ROOT / "examples" / "ingress-nginx.yaml", folder)
    (folder / "kustomization.yaml").write_text("namePrefix: east-\nresources: [ingress-nginx.yaml]\n")
    done = kubectl("akslb", "explain", "-k", str(folder), "-o", "json")
    (service,) = json.loads(done.stdout)["services"]
    assert ("east-edge-ingress-nginx-controller", "down") == (service["name"], service["verdict"]["kind"])
    assert kubectl("akslb", "explain", "-k", str(tmp_path), code=3).stdout == ""
