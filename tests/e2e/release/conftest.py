"""What a release holds, as ``python -m release.build --out .cache/dist`` has built it: .ci/run does so."""

import os
import subprocess
from pathlib import Path

import pytest

from release.frozen import archive_name, this_platform
from release.smoke import FOLDER, unpack

ROOT = Path(__file__).parents[3]
DIST = Path(os.environ.get("AKSLB_DIST", ROOT / ".cache" / "dist"))
BUILD = "python -m release.build --out .cache/dist"
SOURCES = ("kubectl_akslb", "release", "pyproject.toml", "plugin.yaml")


def artefact(pattern: str) -> Path:
    """The one file in the build of that name; the test is skipped where it is missing or older than the sources."""
    found = sorted(DIST.glob(pattern))
    if not found:
        pytest.skip(f"{DIST / pattern} is missing: run `{BUILD}` (needs `pip install --group dist`, takes a minute)")
    (one,) = found
    asked = ["git", "ls-files", "--", *SOURCES]
    names = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    newest = max((ROOT / name).stat().st_mtime for name in names if (ROOT / name).exists())
    if one.stat().st_mtime < newest:
        pytest.skip(f"{one} is older than the sources: run `{BUILD}`")
    return one


@pytest.fixture(scope="session")
def archive() -> Path:
    """The archive of the frozen build for this platform."""
    return artefact(archive_name(this_platform()))


@pytest.fixture(scope="session")
def program(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen program, unpacked below a path with spaces and letters that are not ASCII."""
    place = tmp_path_factory.mktemp("frozen") / FOLDER
    place.mkdir()
    return unpack(archive, place)
