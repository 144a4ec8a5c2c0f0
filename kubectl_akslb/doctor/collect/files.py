"""Files on the PATH, and what can be told of them without running them."""

import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from kubectl_akslb.doctor.installation import WINDOWS, Executable
from kubectl_akslb.doctor.origin import krew_version

_HEAD = 1024
_SITES = ("lib/python*/site-packages", "lib/python*/dist-packages", "Lib/site-packages", "site-packages")
_VERSION = re.compile(r'^__version__ = "([^"]+)"', re.MULTILINE)
_INIT = "kubectl_akslb/__init__.py"
_MAX_INIT = 64 * 1024
_ENDINGS = ".com;.exe;.bat;.cmd"


def path_folders(path: str) -> tuple[str, ...]:
    """The folders of the PATH, each once; Go, in which kubectl and Helm are written, takes no relative ones."""
    return tuple(dict.fromkeys(one.rstrip("/") or one for one in path.split(os.pathsep) if Path(one).is_absolute()))


def named(prefixes: tuple[str, ...], folders: Sequence[str], system: str) -> Iterator[tuple[str, Path]]:
    """Name and path of each file of the folders whose name begins with one of *prefixes*, in the order of the PATH."""
    for folder in folders:
        for path in listed(folder):
            stem = _stem(path, system)
            if stem.startswith(prefixes) and is_file(path):
                yield stem, path


def listed(folder: str) -> list[Path]:
    """What is in a folder; nothing, where it is not there or not ours to read."""
    try:
        return sorted(Path(folder).iterdir())
    except OSError:
        return []


def is_file(path: Path) -> bool:
    """Whether a file is there; not, where it may not even be looked for."""
    try:
        return path.is_file()
    except OSError:
        return False


def found_on(name: str, folders: Sequence[str], system: str) -> Path | None:
    """The first file of that name that can be run."""
    endings = ("", *_endings()) if system == WINDOWS else ("",)
    candidates = (Path(folder, name + ending) for folder in folders for ending in endings)
    return next((one for one in candidates if _runnable(one, system)), None)


def executable(path: Path, system: str, own: str, version: str) -> Executable:
    """What can be told of a file; *own* is the file of the program that runs, and *version* its version."""
    target = path.resolve()
    one = Executable(str(path), str(target), _runnable(path, system), _head(path))
    told = version if one.target == own else krew_version(one) or zip_version(path) or _package_version(target)
    return one._replace(version=told)


def zip_version(path: Path) -> str:
    """The version of a zip archive of this program, or ""."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(_INIT).file_size > _MAX_INIT:
                return ""
            match = _VERSION.search(archive.read(_INIT).decode("utf-8", "replace"))
    except (OSError, ValueError, KeyError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return ""  # no such archive
    return match[1] if match is not None else ""


def _package_version(target: Path) -> str:
    """The version of the package whose script *target* is, if the folders beside it hold exactly one."""
    prefix = target.parent.parent
    found = {
        folder.name.split("-")[1] for site in _SITES for folder in prefix.glob(f"{site}/kubectl_akslb-*.dist-info")
    }
    return found.pop().removesuffix(".dist") if len(found) == 1 else ""


def _head(path: Path) -> str:
    """The beginning of a script, or ""."""
    try:
        with path.open("rb") as file:
            begin = file.read(_HEAD)
    except OSError:
        return ""
    return begin.decode("utf-8", "replace") if begin[:1] in (b"#", b"@") else ""


def _runnable(path: Path, system: str) -> bool:
    return is_file(path) and (system == WINDOWS or os.access(path, os.X_OK))


def _endings() -> list[str]:
    return os.environ.get("PATHEXT", _ENDINGS).lower().split(";")


def _stem(path: Path, system: str) -> str:
    """The name that a program is called by."""
    if system != WINDOWS:
        return path.name
    return path.stem.lower() if path.suffix.lower() in _endings() else ""
