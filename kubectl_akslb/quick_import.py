"""Import our own modules in half the time: a start imports more than two hundred of them.

Python asks one finder after the other, lists folders, and looks for files of four kinds; here a module is the file of
its name. What Python has compiled is taken where it is of that file as it is now, by Python's own test: its time and
length. Whatever is not as usual, such as an archive, a file that is not compiled yet, or another place for what is
compiled, is left to Python.
"""

import os
import sys
from collections.abc import Sequence
from importlib._bootstrap_external import MAGIC_NUMBER
from importlib.machinery import ModuleSpec, SourceFileLoader
from marshal import loads
from types import CodeType, ModuleType

_PACKAGE = f"{__package__}."
_ENDING = f".{sys.implementation.cache_tag}.pyc"
#: How a compiled file begins that tells the time and the length of its source, as all do that Python writes unasked.
_HEAD = MAGIC_NUMBER + bytes(4)
_HEAD_LENGTH = 16
_ENOUGH = 1 << 15
"""Most compiled files are shorter: they are read by one call of the system, where Python's own reading takes six."""
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)  # Windows has it


class _Loader(SourceFileLoader):
    """Python's own, which has the code already."""

    code: CodeType

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - a loader is of one module
        """What the finder has found."""
        return self.code


class QuickFinder:
    """Finds modules of this package that are compiled files."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """The module with its code; None where Python has to look for it."""
        if path is None or not name.startswith(_PACKAGE):
            return None
        tail = name.rpartition(".")[2]
        own = f"{path[0]}/{tail}"
        return _found(name, path[0], tail) or _found(name, own, "__init__", [own])


def _found(name: str, folder: str, file: str, inside: list[str] | None = None) -> ModuleSpec | None:
    source, cached = f"{folder}/{file}.py", f"{folder}/__pycache__/{file}{_ENDING}"
    try:
        now = os.stat(source)  # noqa: PTH116 - pathlib would cost more than is saved here
        data = _read(cached)
    except OSError:
        return None
    time, length = int(now.st_mtime) & 0xFFFFFFFF, now.st_size & 0xFFFFFFFF
    head = _HEAD + time.to_bytes(4, "little") + length.to_bytes(4, "little")
    if data[:_HEAD_LENGTH] != head:
        return None
    loader = _Loader(name, source)
    loader.code = loads(memoryview(data)[_HEAD_LENGTH:])  # noqa: S302 - what Python itself would load here
    spec = ModuleSpec(name, loader, origin=source)
    spec.has_location = True
    spec.cached, spec.submodule_search_locations = cached, inside
    return spec


def _read(path: str) -> bytes:
    opened = os.open(path, _READ)
    try:
        data = part = os.read(opened, _ENOUGH)
        while len(part) == _ENOUGH:
            part = os.read(opened, _ENOUGH)
            data += part
        return data
    finally:
        os.close(opened)


def install() -> None:
    """Let our modules be found so from here on, where Python itself would take them from such files."""
    from_files = type(__spec__.loader) is SourceFileLoader and sys.pycache_prefix is None and not sys.flags.optimize
    if from_files and sys.implementation.cache_tag is not None:
        sys.meta_path.insert(0, QuickFinder)
