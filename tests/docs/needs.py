"""What the commands of the documentation need, and those that cannot be run here."""

import re
from typing import NamedTuple

#: Things that a test can be given, by what a command looks like. All of them are real, and are skipped where missing.
KUBECTL = "kubectl"
CLUSTER = "cluster"
HELM = "helm"
PYPI = "pypi"


class NotRun(NamedTuple):
    """Commands that look like *pattern* are not run, for a reason."""

    pattern: str
    why: str


NOT_RUN = (
    NotRun(r"\.venv/bin/python -m pytest -q -n auto --dist loadfile", "it is what runs this test"),
    NotRun(r"--aks |--az\b|^az ", "needs az and a cluster in Azure"),
    NotRun(r"explain .*--watch", "runs until somebody ends it; tests/e2e watches a real API server"),
    NotRun(r"kubectl krew ", "needs the public index; tests/e2e runs krew itself"),
    NotRun(r"--old git:", "needs a repository with that revision; tests/cli/test_diff.py makes one"),
    NotRun(r"akslb verify ", "needs a kubelet to run its pod; tests/e2e/apiserver/test_live_verify.py plays one"),
    NotRun(r"akslb drift .*--azure lb\.json", "needs what az prints of the node resource group of that cluster"),
    NotRun(r"explain gateway/", "needs a Gateway; tests/e2e/apiserver/test_live_producers.py makes one"),
    NotRun(r"trace pod/", "needs a pod; tests/e2e/apiserver/test_live_trace.py makes one"),
    NotRun(r"PLATFORM|SHA256SUMS|kubectl-akslb\.pyz|akslb-[\d.]+tgz", "needs the files of a release"),
    NotRun(r"https://github\.com/", "needs GitHub and a release; tests/e2e runs the same on what is built here"),
)

_NEEDS = (
    (HELM, r"(^|[|&;(] *)helm "),
    (CLUSTER, r"(^|[|&;(] *)helm (upgrade|install) "),
    (
        CLUSTER,
        r"kubectl akslb (?!.*(-f|--filename|-h|--help|\.yaml)\b)(explain|lint|fix|trace|capacity|upgrade|drift)\b",
    ),
    (CLUSTER, r"kubectl akslb diff (?!.*(--old|-h|--help))"),
    (CLUSTER, r"kubectl akslb compare (?!-h|--help)(?!\S*\.yaml\S* \S*\.yaml)"),
    (CLUSTER, r"kubectl akslb profile\b(?! (-h|--help))"),
    (CLUSTER, r"kubectl (get|describe|create|apply|annotate|debug|run|delete|auth) "),
    (KUBECTL, r"kubectl (plugin|kustomize|completion|version|config) "),
    (PYPI, r"^(pipx|uvx?) |\bpip (install|download|uninstall) "),
)


def not_run(text: str) -> NotRun | None:
    """The row that keeps a command from being run."""
    return next((row for row in NOT_RUN if re.search(row.pattern, text, re.MULTILINE)), None)


def needs(text: str) -> set[str]:
    """What a command needs beyond this program and the examples."""
    return {need for need, looks in _NEEDS if re.search(looks, text, re.MULTILINE)}


def helm_of(text: str) -> str:
    """The Helm that a command is meant for: a comment in it says so, else it is the newest."""
    return "helm-3.22" if "# Helm 3" in text else "helm-4.3"
