"""Whether kubectl is there, and completes the words of this program."""

from collections.abc import Iterator

from kubectl_akslb.doctor import shell
from kubectl_akslb.doctor.check_result import INFO, WARNING, CheckResult
from kubectl_akslb.doctor.checks.copies import copy_text
from kubectl_akslb.doctor.installation import COMPLETION, WINDOWS, Installation
from kubectl_akslb.doctor.origin import origin
from kubectl_akslb.doctor.places import join
from kubectl_akslb.model.confidence import Confidence

FIRST_WITH_COMPLETION = (1, 26)
"""The first kubectl that asks a plugin what a word can become."""


def no_kubectl(seen: Installation) -> Iterator[CheckResult]:
    """There is no kubectl, or it does not answer."""
    if seen.kubectl is None:
        yield CheckResult(
            "no-kubectl",
            WARNING,
            "kubectl is not on the PATH",
            (),
            "'kubectl akslb' needs it, and so does whatever asks a cluster; files and Helm pipelines do not:"
            " kubectl-akslb explain -f FILE",
            ("az aks install-cli",),
        )
    elif not seen.kubectl.version:
        yield CheckResult(
            "kubectl-silent",
            WARNING,
            "kubectl does not tell its version",
            (seen.kubectl.path,),
            "what asks a cluster is going to fail",
            ("kubectl version --client",),
            Confidence.ASSUMED,
        )


def kubectl_too_old(seen: Installation) -> Iterator[CheckResult]:
    """This kubectl is from before the completion of plugins."""
    kubectl = seen.kubectl
    if kubectl is not None and kubectl.release and kubectl.release < FIRST_WITH_COMPLETION:
        yield CheckResult(
            "kubectl-too-old",
            INFO,
            f"kubectl {kubectl.version} does not complete the words of plugins",
            (kubectl.path,),
            "that came with kubectl 1.26; everything else works",
            ("az aks install-cli",),
        )


def no_completion(seen: Installation) -> Iterator[CheckResult]:
    """The file that kubectl asks for completion is missing."""
    first = seen.first
    if first is None or seen.kubectl is None or seen.completions:
        return
    folder = first.path[: max(first.path.rfind("/"), first.path.rfind("\\"))]
    file = join(seen.system, folder, COMPLETION)
    yield CheckResult(
        "no-completion",
        INFO,
        "the Tab key completes nothing behind 'kubectl akslb'",
        (),
        f"kubectl asks a program called {COMPLETION}; pip, pipx and uv bring it along, krew cannot",
        (_make_completion(file, seen.system),),
    )


def _make_completion(file: str, system: str) -> str:
    if system == WINDOWS:
        return f"kubectl akslb completion > {shell.quoted(f'{file}.cmd', system)}"
    name = shell.quoted(file, system)
    return f"kubectl akslb completion > {name} && chmod +x {name}"


def completion_of_another(seen: Installation) -> Iterator[CheckResult]:
    """Completion comes from another installation than the program."""
    first = seen.first
    script = next((one for one in seen.completions if one.runnable), None)
    if first is None or script is None or "__complete" in script.head:
        return
    if origin(first, seen.system).environment != origin(script, seen.system).environment:
        yield CheckResult(
            "completion-of-another",
            WARNING,
            "completion comes from another installation than the program",
            (copy_text(first, seen.system), script.path),
            "what the Tab key offers may not be what this version knows; the script of 'kubectl akslb completion' asks"
            " the program itself",
            (shell.remove_file(script.path, seen.system),),
        )
