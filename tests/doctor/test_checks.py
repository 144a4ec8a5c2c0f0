"""Each check on a machine where it speaks, and all of them on machines where nothing is wrong."""

from typing import Any

import pytest

from kubectl_akslb.doctor.check_result import ERROR, INFO, WARNING
from kubectl_akslb.doctor.diagnose import CHECKS, diagnose, is_wrong
from kubectl_akslb.doctor.installation import Executable, HelmPlugin, Krew, Package, Tool
from kubectl_akslb.render.installation import installation_text
from kubectl_akslb.render.terminal import Terminal
from tests.given.machine import ASKS, HEALTHY, HELM_3, HELM_4, KREW, PIP, PIPX, PLAIN, PLUGIN, PLUGINS, PROGRAM, UV

NO_KREW = Krew("/home/jane/.krew")
REINSTALL = "helm plugin uninstall akslb && helm plugin install https://github.com/akslb/kubectl-akslb --version"


def test_a_healthy_machine() -> None:
    assert () == diagnose(HEALTHY)


@pytest.mark.parametrize(
    "changes",
    [
        {"helms": (), "plugins": ()},
        {"helms": (HELM_3,), "plugins": ()},
        {"helms": (HELM_3,), "plugins": (HelmPlugin(f"{PLUGINS}/diff", "diff", "3.9.0", modern=False),)},
        {"plugins": (PLUGIN, HelmPlugin(f"{PLUGINS}/other", "other"))},
        {"plugins": (PLUGIN._replace(found="/usr/bin/python3", command="/x/a.pyz", carried=True),)},
        {"plugins": (PLUGIN, PLUGIN._replace(folder="/elsewhere/akslb"))},
        {"copies": (KREW, KREW._replace(path="/usr/local/bin/kubectl-akslb"))},
        {"extensions": (Executable("/usr/bin/kubectl-akslb-mine", "/usr/bin/kubectl-akslb-mine"),)},
        {"extensions": (Executable("/usr/bin/kubectl-akslb-lint", "/x", runnable=False),)},
        {"program": PROGRAM._replace(packages=(Package("typer", "0.28.0", "<0.29,>=0.20"),))},
        {"program": PROGRAM._replace(python="3.10.0", wanted_python=">=3.10")},
        {"copies": (PIP,), "completions": (ASKS,), "program": PROGRAM._replace(file=PIP.target), "plugins": ()},
    ],
    ids=str,
)
def test_what_is_not_wrong(changes: dict[str, Any]) -> None:
    assert () == diagnose(HEALTHY._replace(**changes))


@pytest.mark.parametrize(
    ("changes", "severity", "identity", "commands"),
    [
        (
            {"copies": (), "krew": NO_KREW, "plugins": ()},
            ERROR, "not-on-path",
            ('export PATH=/home/jane/.krew/store/akslb/v0.1.0:"$PATH"',),
        ),
        (
            {"copies": (), "krew": NO_KREW, "plugins": (), "program": PROGRAM._replace(file="/data/it's/akslb.pyz")},
            ERROR, "not-on-path",
            ("""ln -s '/data/it'"'"'s/akslb.pyz' /home/jane/.krew/bin/kubectl-akslb""",),
        ),
        (
            {"copies": (), "path": ("/usr/bin",), "plugins": ()},
            ERROR, "krew-bin-not-on-path",
            ('export PATH=/home/jane/.krew/bin:"$PATH"',),
        ),
        (
            {"copies": (KREW, Executable("/x y/kubectl-akslb", "/x y/kubectl-akslb", runnable=False))},
            WARNING, "not-executable",
            ("chmod +x '/x y/kubectl-akslb'", "rm '/x y/kubectl-akslb'"),
        ),
        ({"copies": (KREW._replace(runnable=False),)}, ERROR, "not-executable", (f"chmod +x {KREW.path}", f"rm {KREW.path}")),
        (
            {"copies": (KREW, PIP, PIPX, UV, PLAIN)},
            WARNING, "several-copies",
            (
                "/opt/venv/bin/python3 -m pip uninstall kubectl-akslb",
                "pipx uninstall kubectl-akslb",
                "uv tool uninstall kubectl-akslb",
                "rm /usr/local/bin/kubectl-akslb",
            ),
        ),
        (
            {"copies": (PIP, KREW), "completions": (ASKS,)},
            WARNING, "several-copies",
            ("kubectl krew uninstall akslb",),
        ),
        (
            {"program": PROGRAM._replace(file="/build/kubectl-akslb")},
            INFO, "another-copy-runs",
            ("kubectl akslb doctor install",),
        ),
        (
            {"extensions": (Executable("/usr/bin/kubectl-akslb-post_render", "/x"),)},
            WARNING, "takes-a-command",
            ("rm /usr/bin/kubectl-akslb-post_render",),
        ),
        (
            {"extensions": (Executable("/usr/bin/kubectl-akslb-explain-svc", "/x"),)},
            WARNING, "takes-a-command",
            ("rm /usr/bin/kubectl-akslb-explain-svc",),
        ),
        ({"kubectl": None}, WARNING, "no-kubectl", ("az aks install-cli",)),
        ({"kubectl": Tool("kubectl", "/usr/bin/kubectl")}, WARNING, "kubectl-silent", ("kubectl version --client",)),
        (
            {"kubectl": Tool("kubectl", "/usr/bin/kubectl", "v1.25.9")},
            INFO, "kubectl-too-old",
            ("az aks install-cli",),
        ),
        (
            {"completions": ()},
            INFO, "no-completion",
            (
                "kubectl akslb completion > /home/jane/.krew/bin/kubectl_complete-akslb"
                " && chmod +x /home/jane/.krew/bin/kubectl_complete-akslb",
            ),
        ),
        (
            {"completions": (PIP._replace(path="/opt/venv/bin/kubectl_complete-akslb"),)},
            WARNING, "completion-of-another",
            ("rm /opt/venv/bin/kubectl_complete-akslb",),
        ),
        ({"helms": (HELM_3,), "plugins": (PLUGIN._replace(found=""),)}, ERROR, "helm-3-plugin", (f"rm -rf {PLUGINS}/akslb",)),
        ({"helms": (HELM_3,)}, ERROR, "helm-3-plugin", (f"rm -rf {PLUGINS}/akslb",)),
        ({"helms": (HELM_4, HELM_3._replace(name="helm3"))}, ERROR, "helm-3-plugin", (f"rm -rf {PLUGINS}/akslb",)),
        ({"helms": (HELM_3._replace(version=""),)}, WARNING, "helm-3-plugin", (f"rm -rf {PLUGINS}/akslb",)),
        ({"helms": ()}, INFO, "helm-3-plugin", (f"rm -rf {PLUGINS}/akslb",)),
        (
            {"plugins": (PLUGIN, PLUGIN._replace(folder=f"{PLUGINS}/kubectl-akslb"))},
            ERROR, "two-helm-plugins",
            (f"rm -rf {PLUGINS}/kubectl-akslb",),
        ),
        (
            {"plugins": (PLUGIN._replace(found=""),)},
            ERROR, "helm-plugin-without-program",
            ("kubectl krew install akslb", "pipx install kubectl-akslb"),
        ),
        (
            {"plugins": (PLUGIN._replace(found="", command=f"{PLUGINS}/akslb/kubectl-akslb.pyz", carried=True),)},
            ERROR, "helm-plugin-without-program",
            ("helm plugin uninstall akslb",),
        ),
        (
            {"plugins": (PLUGIN._replace(found="", command=""),)},
            ERROR, "helm-plugin-without-program",
            ("helm plugin uninstall akslb",),
        ),
        ({"plugins": (PLUGIN._replace(found="", command="py"),)}, ERROR, "helm-plugin-without-program", ()),
        (
            {"plugins": (PLUGIN._replace(version="0.2.0"),)},
            WARNING, "helm-plugin-version",
            ("kubectl krew upgrade akslb",),
        ),
        (
            {"plugins": (PLUGIN._replace(version="0.0.9"),)},
            WARNING, "helm-plugin-version",
            (f"{REINSTALL} v0.1.0 --verify=false",),
        ),
        ({"plugins": (PLUGIN._replace(version="0.0.9", is_link=True),)}, WARNING, "helm-plugin-version", ()),
        (
            {"plugins": (PLUGIN._replace(found="/x.pyz", carried=True, carried_version="0.0.9"),)},
            WARNING, "helm-plugin-version",
            (f"{REINSTALL} v0.0.9 --verify=false",),
        ),
        (
            {"program": PROGRAM._replace(python="3.9.18", wanted_python=">=3.10")},
            ERROR, "python-version",
            ("pipx install --python python3.12 kubectl-akslb", "uv tool install kubectl-akslb"),
        ),
        (
            {"program": PROGRAM._replace(interpreter="/opt/venv/bin/python3", packages=(Package("typer", "0.30.1", "<0.29,>=0.20"),))},
            WARNING, "package-version",
            ("/opt/venv/bin/python3 -m pip install 'typer<0.29,>=0.20'",),
        ),
        (
            {"program": PROGRAM._replace(interpreter="/opt/venv/bin/python3", packages=(Package("ruamel.yaml", "", ">=0.18.6"),))},
            ERROR, "package-version",
            ("/opt/venv/bin/python3 -m pip install 'ruamel.yaml>=0.18.6'",),
        ),
        (
            {"program": PROGRAM._replace(file=PIPX.target, packages=(Package("typer", "0.1", ">=0.20"),)), "copies": (PIPX,), "plugins": ()},
            WARNING, "package-version",
            ("pipx reinstall kubectl-akslb",),
        ),
        (
            {"program": PROGRAM._replace(file=UV.target, packages=(Package("typer", "0.1", ">=0.20"),)), "copies": (UV,), "plugins": ()},
            WARNING, "package-version",
            ("uv tool install --reinstall kubectl-akslb",),
        ),
    ],
)  # fmt: skip
def test_what_is_wrong(changes: dict[str, Any], severity: str, identity: str, commands: tuple[str, ...]) -> None:
    found = diagnose(HEALTHY._replace(**changes))
    assert [(severity, identity, commands)] == [(one.severity, one.id, one.commands) for one in found]
    assert (severity != INFO) is is_wrong(found)


def test_every_check_speaks_somewhere() -> None:
    (table,) = (mark for mark in test_what_is_wrong.pytestmark if mark.name == "parametrize")
    spoken = {check for changes, *_ in table.args[1] for check in CHECKS if list(check(HEALTHY._replace(**changes)))}
    assert set(CHECKS) == spoken


def test_the_first_copy_wins_and_each_is_named_with_its_version() -> None:
    (found,) = diagnose(HEALTHY._replace(copies=(KREW, PIP)))
    assert "2 installations are on the PATH: /home/jane/.krew/bin/kubectl-akslb wins" == found.message
    assert (f"{KREW.path} (0.1.0, by krew)", f"{PIP.path} (0.2.0, by pip)") == found.where


def test_helm_3_and_helm_4_side_by_side() -> None:
    (found,) = diagnose(HEALTHY._replace(helms=(HELM_4, HELM_3._replace(name="helm3"))))
    assert "helm3 v3.17.3 cannot load any plugin, because the one for Helm 4 is in its folder" == found.message
    assert "helm v4.2.3 shares the folder: give it one of its own, with HELM_DATA_HOME" in found.why


@pytest.mark.parametrize(
    ("helms", "expected"),
    [((HELM_3,), "certain"), ((HELM_3._replace(version=""),), "assumed"), ((), "assumed")],
)
def test_what_is_not_certain_is_said(helms: tuple[Tool, ...], expected: str) -> None:
    (found,) = diagnose(HEALTHY._replace(helms=helms))
    assert expected == found.confidence.value


def test_other_plugins_for_helm_4_alone_are_named() -> None:
    others = (PLUGIN, HelmPlugin(f"{PLUGINS}/x", "secrets"), HelmPlugin(f"{PLUGINS}/y", "diff", modern=False))
    (found,) = diagnose(HEALTHY._replace(helms=(HELM_3,), plugins=others))
    assert "to be removed for Helm 3 as well: secrets" in found.why


def test_whether_one_command_is_enough() -> None:
    several = diagnose(HEALTHY._replace(copies=(KREW, PIP, PLAIN)))
    missing = diagnose(HEALTHY._replace(plugins=(PLUGIN._replace(found=""),)))
    text = installation_text(HEALTHY, [*several, *missing], Terminal())
    assert "\n    run        /opt/venv/bin/python3 -m pip uninstall kubectl-akslb\n    and        rm /usr/local" in text
    assert "\n    run        kubectl krew install akslb\n    or         pipx install kubectl-akslb\n" in text


def test_errors_come_first() -> None:
    found = diagnose(HEALTHY._replace(completions=(), kubectl=Tool("kubectl", "/k"), helms=(HELM_3,)))
    assert [ERROR, WARNING, INFO] == [one.severity for one in found]
