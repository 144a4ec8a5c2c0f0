"""This program under the real kubectl: found as a plugin, its words completed, its exit codes passed on."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.conftest import PROGRAM, ROOT, program_folder, tool
from tests.e2e.terminal import Session

pytestmark = pytest.mark.e2e

COMPLETION = "kubectl_complete-akslb"
#: The only function of the package bash-completion that kubectl's script needs.
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
    assert [":0"] == kubectl("__complete", "akslb", "lint", "-f", "").stdout.splitlines()


def test_without_the_script_kubectl_completes_nothing(krew_like: Kubectl) -> None:
    assert [":0"] == krew_like("__complete", "akslb", "ex").stdout.splitlines()


def test_the_printed_script_completes_the_same(krew_like: Kubectl) -> None:
    script = krew_like.folder / COMPLETION
    script.write_text(krew_like("akslb", "completion").stdout)
    script.chmod(0o755)
    words = krew_like("__complete", "akslb", "explain", "-o", "").stdout.splitlines()
    assert ["text", "json", "yaml", "markdown", "mermaid", ":4"] == words


@pytest.fixture
def bash(kubectl: Kubectl) -> Iterator[Session]:
    """A bash of its own; the test is skipped where there is none."""
    program = shutil.which("bash")
    if program is None:
        pytest.skip("bash is missing: install it to test completion in it")
    session = Session([program, "--norc", "--noprofile", "-i"], {**kubectl.environment, "PS1": "ready$ "})
    session.type("", until="ready$ ")
    yield session
    session.close()


def test_tab_in_bash(bash: Session) -> None:
    bash.type(f"{WORDS}\rsource <(kubectl completion bash); echo sour''ced\r", until="sourced")
    assert "kubectl akslb explain " in bash.type("kubectl akslb ex\t", until="explain ")
    bash.type("-o js\t", until="json ")


def test_tab_in_bash_behind_its_own_name(bash: Session) -> None:
    bash.type(f"cd {shlex.quote(str(ROOT))}; source <({PROGRAM} completion bash); echo sour''ced\r", until="sourced")
    bash.type(f"{PROGRAM} ex\t", until="explain ")
    bash.type("--output=js\t", until="json ")
    bash.type("-f LICEN\t", until="LICENSE")
