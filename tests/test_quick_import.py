"""Our modules are found as Python finds them, and whatever is not as usual is left to Python."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

from kubectl_akslb.quick_import import QuickFinder

ROOT = Path(__file__).parents[1]
NAME = "kubectl_akslb.one"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a module that is compiled, and a package that is."""
    (tmp_path / "one.py").write_text("VALUE = 1\n")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "__init__.py").write_text("VALUE = 2\n")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPYCACHEPREFIX"}
    subprocess.run([sys.executable, "-m", "compileall", "-q", tmp_path], check=True, env=environment)
    return tmp_path


@pytest.mark.parametrize("name", [NAME, "kubectl_akslb.two"])
def test_finds_what_python_finds(folder: Path, name: str) -> None:
    ours, pythons = QuickFinder.find_spec(name, [str(folder)]), PathFinder.find_spec(name, [str(folder)])
    assert ours is not None and pythons is not None and ours.loader is not None and pythons.loader is not None
    for attribute in ("name", "origin", "cached", "has_location", "parent", "submodule_search_locations"):
        assert getattr(ours, attribute) == getattr(pythons, attribute)
    assert ours.loader.get_code(name) == pythons.loader.get_code(name)  # type: ignore[attr-defined]
    assert ours.loader.get_source(name) == pythons.loader.get_source(name)  # type: ignore[attr-defined]


def _compiled(folder: Path) -> Path:
    return next((folder / "__pycache__").glob("one.*.pyc"))


def _edited(folder: Path) -> None:
    (folder / "one.py").write_text("VALUE = 100\n")


def _edited_to_the_same_length(folder: Path) -> None:
    (folder / "one.py").write_text("VALUE = 3\n")
    os.utime(folder / "one.py", (1, 1))


def _of_another_python(folder: Path) -> None:
    found = _compiled(folder)
    found.write_bytes(b"\0\0\r\n" + found.read_bytes()[4:])


def _by_its_hash(folder: Path) -> None:
    found = _compiled(folder).read_bytes()
    _compiled(folder).write_bytes(found[:4] + b"\1\0\0\0" + found[8:])


def _cut(folder: Path) -> None:
    _compiled(folder).write_bytes(_compiled(folder).read_bytes()[:10])


def _not_compiled(folder: Path) -> None:
    _compiled(folder).unlink()


def _without_source(folder: Path) -> None:
    (folder / "one.py").unlink()


CHANGES = [
    _edited, _edited_to_the_same_length, _of_another_python, _by_its_hash, _cut, _not_compiled, _without_source,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_leaves_the_unusual_to_python(folder: Path, change: Callable[[Path], None]) -> None:
    change(folder)
    assert QuickFinder.find_spec(NAME, [str(folder)]) is None


@pytest.mark.parametrize("name", ["json", "kubectl_akslb_more.one", "kubectl_akslb.none"])
def test_finds_nothing_else(folder: Path, name: str) -> None:
    assert QuickFinder.find_spec(name, [str(folder)]) is None


STARTED = """\
import sys
from kubectl_akslb import __main__ as program
sys.argv = ["kubectl-akslb", "version"]
program._main()
print("found by", type(sys.modules["kubectl_akslb.cli.version"].__loader__).__name__, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("flags", "variables", "loader"),
    [
        ((), {}, "_Loader"),
        (("-O",), {}, "SourceFileLoader"),
        ((), {"PYTHONPYCACHEPREFIX": "somewhere"}, "SourceFileLoader"),
    ],
)
def test_a_start_takes_it_where_python_compiles_beside_the_source(
    tmp_path: Path, flags: tuple[str, ...], variables: dict[str, str], loader: str
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {name: str(tmp_path / value) for name, value in variables.items()}
    for _ in range(2):  # the first start compiles, if nobody has yet
        done = subprocess.run(
            [sys.executable, *flags, "-c", STARTED],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stderr == f"found by {loader}\n"
    assert done.stdout.startswith("kubectl-akslb ")
