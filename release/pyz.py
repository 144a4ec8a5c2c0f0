"""The zipapp: one file for every platform that has Python; slim, and compiled for the Python that builds it.

zipimport knows no __pycache__: the compiled module stands beside its source, and another Python takes the source.
"""

import io
import py_compile
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from time import gmtime

from release.archive import ROOT, epoch

NAME = "kubectl-akslb.pyz"
START = b"#!/usr/bin/env python3\n"
#: typer needs rich, but only with what cli/app.py turns off; the C parts of ruamel.yaml are another distribution.
DISTRIBUTIONS = ("annotated-doc", "ruamel.yaml", "shellingham", "typer")

#: An older Python has to understand this much, so that it can say what is wrong.
MAIN = b"""\
import sys

if sys.version_info < (3, 10):
    sys.exit("kubectl-akslb needs Python 3.10 or later, and this is Python %d.%d. Run it with a later one, such as"
             " python3.12, or take the build for your platform, which has its own." % tuple(sys.version_info[:2]))
from kubectl_akslb.__main__ import main

main()
"""


def build(target: Path) -> Path:
    """Write the zipapp to *target*."""
    target.parent.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, data in sorted(_content().items()):
            entry = zipfile.ZipInfo(name, gmtime(epoch())[:6])
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            file.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    target.write_bytes(START + packed.getvalue())
    target.chmod(0o755)
    return target


def _content() -> dict[str, bytes]:
    # ruamel is a namespace, a folder without __init__.py, and zipimport finds only those that have an entry.
    found = {"__main__.py": MAIN, "LICENSE": (ROOT / "LICENSE").read_bytes(), "ruamel/": b""}
    with TemporaryDirectory() as folder:
        for name, path in _files():
            found[name] = path.read_bytes()
            if name.endswith(".py"):
                found[f"{name}c"] = _compiled(name, path, Path(folder))
    return found


def _files() -> Iterator[tuple[str, Path]]:
    """The files of our package and of what it needs, by their name in the zipapp."""
    package = ROOT / "kubectl_akslb"
    for path in package.rglob("*"):
        if path.suffix in (".py", ".json", ".md"):
            yield path.relative_to(ROOT).as_posix(), path
    for name in DISTRIBUTIONS:
        for file in distribution(name).files or ():
            parts = file.parts
            if file.suffix == ".py" and ".." not in parts:
                yield file.as_posix(), Path(str(file.locate()))
            elif "licenses" in parts:
                yield f"licenses/{name}/{file.name}", Path(str(file.locate()))


def _compiled(name: str, path: Path, folder: Path) -> bytes:
    """A module as Python stores it, not to be compared with its source; tracebacks name it as in the zipapp."""
    stored = folder / "module.pyc"
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(path), str(stored), f"{NAME}/{name}", doraise=True, invalidation_mode=mode)
    return stored.read_bytes()
