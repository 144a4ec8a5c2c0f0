"""Archives that depend on nothing but what is in them: order, times, owners and modes are the same on every machine."""

import gzip
import hashlib
import io
import os
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import gmtime

ROOT = Path(__file__).resolve().parents[1]
CHECKSUMS = "SHA256SUMS"

_EARLIEST = 315532800  # 1980: a zip knows nothing before


def epoch() -> int:
    """The time of everything in a release: SOURCE_DATE_EPOCH, else that of the commit, else 1980."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, check=False)
        given = asked.stdout.decode().strip()
    return max(int(given or 0), _EARLIEST)


def pack(folder: Path, archive: Path, *, executable: Sequence[str] = ()) -> Path:
    """Pack *folder* with its own name into *archive*, whose suffix says how.

    Links are followed, as krew refuses them. Executable is what has the bit; Windows has none, so that *executable*
    names such files too, by their path in the folder.
    """
    entries = [(path, f"{folder.name}/{inner}", _mode(path, inner in executable)) for path, inner in _files(folder)]
    archive.parent.mkdir(parents=True, exist_ok=True)
    if archive.suffix == ".zip":
        _zip(entries, archive)
    else:
        _tar(entries, archive)
    return archive


def checksums(folder: Path) -> Path:
    """Write the SHA-256 of every file in *folder*, as sha256sum does and checks."""
    lines = [
        f"{digest(path)}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != CHECKSUMS
    ]
    written = folder / CHECKSUMS
    written.write_bytes("".join(lines).encode())
    return written


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files below *folder* by their path in it, in order; links to folders are followed."""
    found = [
        (Path(place, name), Path(place, name).relative_to(folder).as_posix())
        for place, _, names in os.walk(folder, followlinks=True)
        for name in names
    ]
    return iter(sorted(found, key=lambda one: one[1]))


def _mode(path: Path, named: bool) -> int:
    return 0o755 if named or path.stat().st_mode & stat.S_IXUSR else 0o644


def _tar(entries: Sequence[tuple[Path, str, int]], archive: Path) -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, name, mode in entries:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = path.stat().st_size, mode, epoch()
            with path.open("rb") as file:
                tar.addfile(entry, file)
    # gzip notes its own time and the name of its file, unless it is told otherwise.
    with archive.open("wb") as target, gzip.GzipFile("", "wb", 9, target, mtime=0) as packed:
        packed.write(inner.getvalue())


def _zip(entries: Sequence[tuple[Path, str, int]], archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for path, name, mode in entries:
            entry = zipfile.ZipInfo(name, gmtime(epoch())[:6])
            entry.create_system = 3  # Unix, where the mode below has a meaning
            entry.external_attr = (stat.S_IFREG | mode) << 16
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
