"""What runs this program: its Python, and the packages that it was installed with."""

import platform
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from kubectl_akslb import __version__
from kubectl_akslb.doctor.installation import PROGRAM, Package, Program

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*\(?(?P<range>[^;)]*)\)?\s*(?P<rest>;.*)?")


def program(commands: Sequence[str]) -> Program:
    """The program that runs now. A build that carries its packages knows nothing of how they were installed."""
    python, packages = ("", ()) if _is_frozen() else _installed()
    return Program(
        __version__,
        str(_started_file().resolve()),
        platform.python_version(),
        sys.executable,
        python,
        packages,
        tuple(commands),
    )


def _is_frozen() -> bool:
    return bool(getattr(sys, "frozen", False))


def _installed() -> tuple[str, tuple[Package, ...]]:
    """Which Python the program wants, and its packages."""
    from importlib import metadata

    try:
        return metadata.metadata(PROGRAM)["Requires-Python"] or "", _packages(metadata.requires(PROGRAM) or ())
    except metadata.PackageNotFoundError:
        return "", ()


def _packages(requirements: Sequence[str]) -> tuple[Package, ...]:
    found = []
    for text in requirements:
        match = _REQUIREMENT.fullmatch(text)
        if match is not None and not match["rest"]:
            found.append(Package(match["name"], _version(match["name"]), match["range"].replace(" ", "")))
    return tuple(found)


def _version(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _started_file() -> Path:
    """The file that was started: a script, an archive, or a build that carries its Python."""
    if _is_frozen():
        return Path(sys.executable)
    started = Path(sys.argv[0])
    if started.name == "__main__.py":  # python -m kubectl_akslb: the script that pip made for this Python
        script = Path(sys.executable).parent / PROGRAM
        return script if script.is_file() else started
    found = shutil.which(sys.argv[0]) if started.parent == Path() else None
    return Path(found) if found else started
