"""All checks of an installation, in the order in which their findings are told."""

from collections.abc import Callable, Iterator

from kubectl_akslb.doctor.check_result import ERROR, INFO, WARNING, CheckResult
from kubectl_akslb.doctor.checks import copies, helm, kubectl, python
from kubectl_akslb.doctor.installation import Installation

Check = Callable[[Installation], Iterator[CheckResult]]

CHECKS: tuple[Check, ...] = (
    copies.not_on_path,
    copies.krew_bin_not_on_path,
    copies.not_executable,
    copies.several_copies,
    copies.another_copy_runs,
    copies.takes_a_command,
    kubectl.no_kubectl,
    kubectl.kubectl_too_old,
    kubectl.no_completion,
    kubectl.completion_of_another,
    helm.helm_3,
    helm.two_plugins,
    helm.plugin_without_program,
    helm.other_version,
    python.python_too_old,
    python.packages_out_of_range,
)

_ORDER = {ERROR: 0, WARNING: 1, INFO: 2}


def diagnose(seen: Installation) -> tuple[CheckResult, ...]:
    """All findings, the worst first."""
    found = [finding for check in CHECKS for finding in check(seen)]
    return tuple(sorted(found, key=lambda one: _ORDER[one.severity]))


def is_wrong(findings: tuple[CheckResult, ...]) -> bool:
    """Whether anything is wrong: what could only be better does not count."""
    return any(one.severity != INFO for one in findings)
