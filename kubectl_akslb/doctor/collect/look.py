"""Look at the machine: files are listed and read, kubectl and Helm are asked for their versions, nothing else runs."""

import json
import platform
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from kubectl_akslb.doctor.collect.files import executable, found_on, is_file, named, path_folders
from kubectl_akslb.doctor.collect.helm import plugins
from kubectl_akslb.doctor.installation import COMPLETION, PLUGIN, PROGRAM, WINDOWS, Installation, Krew, Program, Tool
from kubectl_akslb.doctor.places import helm_plugin_folders, krew_root
from kubectl_akslb.edge.process import Running
from kubectl_akslb.errors import AkslbError

SECONDS = 10.0
"""A program that takes longer to tell its version is not waited for."""

_HELMS = ("helm", "helm3", "helm4")
_VERSION = re.compile(r"^v\d+\.\d+\.\d+\S*", re.MULTILINE)


def look(program: Program, environ: Mapping[str, str]) -> Installation:
    """Everything that concerns the installation of *program*."""
    system = platform.system().lower()
    home = environ.get("USERPROFILE" if system == WINDOWS else "HOME", "")
    path = path_folders(environ.get("PATH", ""))
    found = [
        (name, executable(file, system, program.file, program.version))
        for name, file in named((PROGRAM, COMPLETION), path, system)
    ]
    folders = helm_plugin_folders(environ, home, system)
    kubectl, *helms = _tools(("kubectl", *_HELMS), path, system)
    root = krew_root(environ, home, system)
    return Installation(
        program,
        system,
        home,
        path,
        copies=tuple(one for name, one in found if name == PROGRAM),
        completions=tuple(one for name, one in found if name == COMPLETION),
        extensions=tuple(one for name, one in found if name.startswith(f"{PROGRAM}-")),
        kubectl=kubectl,
        helms=tuple(filter(None, helms)),
        plugin_folders=folders,
        plugins=tuple(plugins(folders, path, system, platform.machine())),
        krew=Krew(root, bool(root) and is_file(Path(root, "receipts", f"{PLUGIN}.yaml"))),
    )


def _tools(names: Sequence[str], path: Sequence[str], system: str) -> list[Tool | None]:
    """The first program of each name on the PATH, with what it says of its version; all are asked side by side."""
    files = [found_on(name, path, system) for name in names]
    running = [_started(file, name) for file, name in zip(files, names, strict=True)]
    return [
        Tool(name, str(file), _version(one)) if file else None
        for name, file, one in zip(names, files, running, strict=True)
    ]


def _started(file: Path | None, name: str) -> Running | None:
    if file is None:
        return None
    arguments = ("version", "--client", "-o", "json") if name == "kubectl" else ("version", "--short")
    try:
        return Running((str(file), *arguments))
    except AkslbError:
        return None


def _version(running: Running | None) -> str:
    """What it says of its version, or "" where it fails or takes too long."""
    if running is None:
        return ""
    done = running.finished(SECONDS)
    text = done.out.decode("utf-8", "replace")
    if done.code != 0:
        return ""
    if text.lstrip().startswith("{"):
        try:
            text = str(json.loads(text)["clientVersion"]["gitVersion"])
        except (ValueError, LookupError, TypeError):
            return ""
    match = _VERSION.search(text)
    return match[0].partition("+")[0] if match is not None else ""
