"""How a copy of this program was installed, told by where it stands, and the command that removes it."""

import re
from typing import Final, Literal, TypeAlias

from kubectl_akslb.doctor import shell
from kubectl_akslb.doctor.installation import PLUGIN, PROGRAM, WINDOWS, Executable
from kubectl_akslb.named_tuple import NamedTuple

Kind: TypeAlias = Literal["krew", "pipx", "uv", "pip", "file"]
KREW: Final = "krew"
PIPX: Final = "pipx"
UV: Final = "uv"
PIP: Final = "pip"
FILE: Final = "file"

_FOLDERS: tuple[tuple[str, Kind, str], ...] = (
    (f"/store/{PLUGIN}/", KREW, f"kubectl krew uninstall {PLUGIN}"),
    (f"/pipx/venvs/{PROGRAM}/", PIPX, f"pipx uninstall {PROGRAM}"),
    (f"/uv/tools/{PROGRAM}/", UV, f"uv tool uninstall {PROGRAM}"),
)
"""What the path of a copy holds, and what that means."""

_SCRIPT = re.compile(
    r"#!(?:(?P<plain>[^\n]*python[^\n]*)|/bin/sh\n'''exec' \"?(?P<long>[^\"\n]*python[^\" \n]*)[^\n]*)\n"
    r"(?s:.*)\bfrom kubectl_akslb"
)
"""A script as pip and uv write it; where the way to Python is long or has blanks, a shell starts it."""


class CopyOrigin(NamedTuple):
    """How a copy was installed; two copies of one *environment* come from one installation."""

    kind: Kind
    environment: str
    removal: str


def origin(one: Executable, system: str) -> CopyOrigin:
    """How *one* was installed."""
    target = one.target.replace("\\", "/")
    for part, kind, removal in _FOLDERS:
        before, found, after = target.partition(part)
        if found:
            version = after.partition("/")[0] if kind == KREW else ""
            return CopyOrigin(kind, before + part + version, removal)
    folder = target.rpartition("/")[0]
    python = interpreter(one)
    if python or (system == WINDOWS and folder.endswith("/Scripts")):
        command = python or f"{folder.rpartition('/')[0]}/python.exe"
        return CopyOrigin(PIP, folder, f"{shell.quoted(command, system)} -m pip uninstall {PROGRAM}")
    return CopyOrigin(FILE, folder, shell.remove_file(one.path, system))


def interpreter(one: Executable) -> str:
    """The Python that the script starts with, where pip wrote it; "" for any other file."""
    match = _SCRIPT.match(one.head)
    return (match["plain"] or match["long"]).strip() if match is not None else ""


def krew_version(one: Executable) -> str:
    """The version that krew keeps a copy under, without its v; "" for a copy that is not of krew."""
    _, found, after = one.target.replace("\\", "/").partition(_FOLDERS[0][0])
    return after.partition("/")[0].removeprefix("v") if found else ""
