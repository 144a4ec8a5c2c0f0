"""The frozen build: a folder with this program and its own Python, for the platform that it is built on."""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from release.archive import ROOT, epoch
from release.notices import notices

NAME = "kubectl-akslb"
WINDOWS = sys.platform == "win32"
PROGRAM = f"{NAME}.exe" if WINDOWS else NAME
COMPLETION = "kubectl_complete-akslb"

_OS = {"win32": "windows", "darwin": "darwin"}
_ARCH = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_COMPLETION_TEXT = '#!/bin/sh\nexec kubectl akslb __complete "$@"\n'
_ELF = b"\x7fELF"


def this_platform() -> str:
    """This machine in krew's words, such as ``linux-amd64``."""
    machine = platform.machine().lower()
    return f"{_OS.get(sys.platform, 'linux')}-{_ARCH.get(machine, machine)}"


def archive_name(of: str) -> str:
    """The archive for a platform: Windows unpacks a .zip without further tools."""
    return f"{NAME}-{of}{'.zip' if of.startswith('windows') else '.tar.gz'}"


def freeze(work: Path) -> Path:
    """Build into *work*; returns the folder, complete with licences and the file for completion."""
    if work.exists():
        shutil.rmtree(work)
    # Sets are ordered by hashes, and their order gets into the modules.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(epoch())}
    flags = ["--noconfirm", "--clean", "--log-level", "WARN", "--distpath", str(work), "--workpath", str(work / "work")]
    command = [sys.executable, "-m", "PyInstaller", *flags, str(ROOT / "release" / "frozen.spec")]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    shutil.rmtree(work / "work")
    folder = work / NAME
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    (folder / "THIRD-PARTY-LICENSES").write_bytes(notices(folder / PROGRAM).encode())
    if not WINDOWS:
        (folder / COMPLETION).write_text(_COMPLETION_TEXT)
        (folder / COMPLETION).chmod(0o755)
    return folder


def glibc_floor(folder: Path) -> tuple[int, int]:
    """The oldest glibc that everything in *folder* runs with: the newest version of a symbol that a file asks for."""
    found = {(2, 0)}
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        if data.startswith(_ELF):
            found |= {(int(major), int(minor)) for major, minor in re.findall(rb"\0GLIBC_(\d+)\.(\d+)", data)}
    return max(found)
