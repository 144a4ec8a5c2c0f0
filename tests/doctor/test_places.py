"""Where Helm and krew look, ranges of versions, and command lines for each shell."""

import pytest

from kubectl_akslb.doctor import shell
from kubectl_akslb.doctor.installation import Executable
from kubectl_akslb.doctor.origin import CopyOrigin, origin
from kubectl_akslb.doctor.places import helm_plugin_folders, krew_root
from kubectl_akslb.doctor.version_range import fits


@pytest.mark.parametrize(
    ("environ", "home", "system", "expected"),
    [
        ({}, "/home/jane", "linux", ("/home/jane/.local/share/helm/plugins",)),
        ({}, "/Users/jane", "darwin", ("/Users/jane/Library/helm/plugins",)),
        ({"APPDATA": "C:\\A"}, "C:\\Users\\jane", "windows", ("C:\\A\\helm\\plugins",)),
        ({}, "", "linux", ()),
        ({"XDG_DATA_HOME": "/xdg"}, "/home/jane", "darwin", ("/xdg/helm/plugins",)),
        ({"HELM_DATA_HOME": "/data", "XDG_DATA_HOME": "/xdg"}, "/home/jane", "linux", ("/data/plugins",)),
        ({"HELM_PLUGINS": "/a:/b", "HELM_DATA_HOME": "/data"}, "/home/jane", "linux", ("/a", "/b")),
        ({"HELM_PLUGINS": "C:\\a;D:\\b"}, "C:\\Users\\jane", "windows", ("C:\\a", "D:\\b")),
    ],
)
def test_where_helm_looks(environ: dict[str, str], home: str, system: str, expected: tuple[str, ...]) -> None:
    assert expected == helm_plugin_folders(environ, home, system)


def test_where_krew_is() -> None:
    assert "/home/jane/.krew" == krew_root({}, "/home/jane", "linux")
    assert "/opt/krew" == krew_root({"KREW_ROOT": "/opt/krew"}, "/home/jane", "linux")
    assert "" == krew_root({}, "", "linux")


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("0.28.0", ">=0.20,<0.29", True),
        ("0.29.0", "<0.29,>=0.20", False),
        ("0.19.9", ">=0.20,<0.29", False),
        ("1.0", "==1.0.0", True),
        ("1.0", "!=1", False),
        ("2.0rc1", ">=2", True),
        ("1.2", ">1.2", False),
        ("1.2", "<=1.2", True),
        ("1.2", "~=1.1", True),
        ("unknown", ">=9", True),
        ("1.2", "", True),
    ],
)
def test_ranges(version: str, wanted: str, expected: bool) -> None:
    assert expected is fits(version, wanted)


@pytest.mark.parametrize(
    ("path", "system", "file", "folder"),
    [
        ("/a/b", "linux", "rm /a/b", "rm -rf /a/b"),
        ("/a b/$(c)", "darwin", "rm '/a b/$(c)'", "rm -rf '/a b/$(c)'"),
        ("C:\\a b", "windows", 'del "C:\\a b"', 'cmd /c rmdir /s /q "C:\\a b"'),
    ],
)
def test_commands_to_copy(path: str, system: str, file: str, folder: str) -> None:
    assert file == shell.remove_file(path, system)
    assert folder == shell.remove_folder(path, system)


LONG = """#!/bin/sh
'''exec' "/a folder/with blanks/bin/python3" "$0" "$@"
' '''
import sys
from kubectl_akslb.__main__ import main
"""


@pytest.mark.parametrize(
    ("one", "system", "expected"),
    [
        (
            Executable("/b/kubectl-akslb", "/b/kubectl-akslb", head=LONG),
            "linux",
            CopyOrigin("pip", "/b", "'/a folder/with blanks/bin/python3' -m pip uninstall kubectl-akslb"),
        ),
        (
            Executable("/b/kubectl-akslb", "/b/kubectl-akslb", head="#!/usr/bin/env python3\nPK\x03\x04kubectl_akslb/"),
            "linux",
            CopyOrigin("file", "/b", "rm /b/kubectl-akslb"),
        ),
        (
            Executable("C:\\venv\\Scripts\\kubectl-akslb.exe", "C:\\venv\\Scripts\\kubectl-akslb.exe"),
            "windows",
            CopyOrigin("pip", "C:/venv/Scripts", '"C:/venv/python.exe" -m pip uninstall kubectl-akslb'),
        ),
        (
            Executable("/k/bin/kubectl-akslb", "/k/store/akslb/v1.2.3/kubectl-akslb"),
            "linux",
            CopyOrigin("krew", "/k/store/akslb/v1.2.3", "kubectl krew uninstall akslb"),
        ),
    ],
)
def test_how_a_copy_was_installed(one: Executable, system: str, expected: CopyOrigin) -> None:
    assert expected == origin(one, system)
