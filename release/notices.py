"""What of other people's work is in the frozen build: names, versions, licences."""

import os
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

_OWN = "kubectl-akslb"
#: No module of it is there, but its bootloader is what starts.
_STARTER = "pyinstaller"
_PYTHON_LICENCE = "https://docs.python.org/3/license.html"
_PLACES = ("LICENSE.txt", "LICENSE")


class Part(NamedTuple):
    """A distribution of which modules are in the build."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]


def modules(program: Path) -> tuple[str, ...]:
    """The names of all modules that PyInstaller put into *program*."""
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(program))
    return tuple(sorted(archive.open_embedded_archive("PYZ.pyz").toc))


def parts(names: tuple[str, ...]) -> tuple[Part, ...]:
    """The distributions that modules of these *names* come from, but for our own; and what starts them."""
    found = {
        one.metadata["Name"]: one
        for one in distributions()
        if one.metadata["Name"] == _STARTER or not _provides(one).isdisjoint(names)
    }
    found.pop(_OWN, None)
    return tuple(_part(found[name]) for name in sorted(found, key=str.lower))


def _provides(one: Distribution) -> set[str]:
    """The modules that a distribution installs."""
    sources = (Path(str(path)) for path in one.files or () if path.suffix == ".py")
    dotted = (".".join(path.with_suffix("").parts) for path in sources)
    return {name.removesuffix(".__init__") for name in dotted}


def _part(one: Distribution) -> Part:
    metadata = one.metadata.json
    licence = str(metadata.get("license_expression") or metadata.get("license") or "")
    texts = [path.read_text() for path in one.files or () if path.name.upper().startswith(("LICENSE", "COPYING"))]
    return Part(one.metadata["Name"], one.version, licence, tuple(texts))


def python_licence() -> str:
    """The licence of this Python, or where it can be read."""
    library = Path(os.__file__).parent
    for place in (*(library / name for name in _PLACES), *(Path(sys.base_prefix, name) for name in _PLACES)):
        if place.exists():
            return place.read_text(encoding="utf-8")
    return f"The licence of Python: {_PYTHON_LICENCE}\n"


def notices(program: Path) -> str:
    """The licences of all that is in the build besides ourselves."""
    return "\n".join(_notices(program))


def _notices(program: Path) -> Iterator[str]:
    python = ".".join(str(number) for number in sys.version_info[:3])
    yield "This archive holds, besides kubectl-akslb itself, the following. Each stands under its own licence.\n"
    yield f"==== Python {python}\n\n{python_licence()}"
    for part in parts(modules(program)):
        if not part.texts:
            message = f"{part.name} {part.version} has no licence file; look at its metadata"
            raise SystemExit(message)
        yield f"==== {part.name} {part.version} ({part.licence})\n"
        yield from part.texts
