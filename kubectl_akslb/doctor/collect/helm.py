"""The plugins of Helm, read from their folders."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kubectl_akslb.doctor.collect.files import found_on, is_file, listed, zip_version
from kubectl_akslb.doctor.installation import HelmPlugin
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data

_FILE = "plugin.yaml"
_MAX = 64 * 1024
"""A longer plugin.yaml is none."""

_FOLDER = "HELM_PLUGIN_DIR"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}


def plugins(folders: Sequence[str], path: Sequence[str], system: str, machine: str) -> Iterator[HelmPlugin]:
    """Every plugin in *folders* whose plugin.yaml can be read; its command is looked for on *path*."""
    for home in (home for folder in folders for home in listed(folder)):
        described = _read(home / _FILE)
        if described is not None:
            yield _plugin(home, described, path, (system, architecture(machine)))


def architecture(machine: str) -> str:
    """What Go, and so Helm, calls this kind of processor."""
    return _ARCHITECTURES.get(machine.lower(), machine.lower())


def _read(file: Path) -> dict[str, Any] | None:
    if not is_file(file):
        return None
    try:
        with file.open("rb") as stream:
            data = stream.read(_MAX + 1)
        _, found = parse_data(Source(data[:_MAX].decode()))
    except (OSError, UnicodeDecodeError, AkslbError):
        return None
    return found if isinstance(found, dict) and len(data) <= _MAX else None


def _plugin(folder: Path, described: Mapping[str, Any], path: Sequence[str], here: tuple[str, str]) -> HelmPlugin:
    plugin = HelmPlugin(
        str(folder),
        str(described.get("name", "")),
        str(described.get("version", "")),
        modern="apiVersion" in described,
        is_link=folder.is_symlink(),
    )
    words = _words(described, here)
    if not words:
        return plugin
    command, *arguments = (_expanded(word, str(folder)) for word in words)
    own = tuple(f"{folder}{separator}" for separator in "/\\")
    carried = next((word for word in (command, *arguments) if word.startswith(own)), "")
    return plugin._replace(
        command=carried or command,
        found=_file(command, carried, path, here[0]),
        carried=bool(carried),
        carried_version=zip_version(Path(carried)) if carried else "",
    )


def _file(command: str, carried: str, path: Sequence[str], system: str) -> str:
    """The file that runs in the end, or "" if any of what is needed is missing."""
    program = Path(command) if {"/", os.sep} & set(command) else found_on(command, path, system)
    if program is None or not is_file(program) or (carried and not is_file(Path(carried))):
        return ""
    return carried or str(program)


def _words(described: Mapping[str, Any], here: tuple[str, str]) -> list[str]:
    """The command for this system and processor, as Helm 4 chooses it: both named, the system named, neither."""
    config = described.get("runtimeConfig")
    rows = config.get("platformCommand") if isinstance(config, dict) else None
    best: list[str] = []
    rank = -1
    for row in rows if isinstance(rows, list) else []:
        wanted = (str(row.get("os") or ""), str(row.get("arch") or "")) if isinstance(row, dict) else ("?", "")
        fit = 2 if wanted == here else 1 if wanted == (here[0], "") else 0 if wanted == ("", "") else -1
        if fit > rank:
            arguments = row.get("args")
            best = [
                *str(row.get("command", "")).split(" "),
                *map(str, arguments if isinstance(arguments, list) else ()),
            ]
            rank = fit
    return best


def _expanded(word: str, folder: str) -> str:
    return re.sub(rf"\$(?:\{{{_FOLDER}\}}|{_FOLDER}\b)", lambda _: folder, word)
