"""``make dist``: everything that a release holds, for the platform that this runs on.

``python -m release.build [--out DIR] [--only frozen|portable] [--glibc 2.28]``
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from release import frozen, plugin, pyz
from release.archive import ROOT, checksums, epoch, pack
from release.sbom import sbom

MAX_ARCHIVE = 15_000_000


def main(arguments: Sequence[str]) -> int:
    """Build what is asked for into a folder, with checksums; 1 where the result is not fit for a release."""
    asked = _arguments(arguments)
    out: Path = asked.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    work = ROOT / "build"
    if asked.only != "portable":
        build_frozen(work, out, asked.glibc)
    if asked.only != "frozen":
        build_portable(work, out)
    checksums(out)
    for path in sorted(out.iterdir()):
        print(f"{path.stat().st_size:>10,}  {path.name}")
    return 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m release.build", description="Build what a release holds.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="the folder for the results")
    parser.add_argument("--only", choices=("frozen", "portable"), help="what is of this platform, or what is of all")
    parser.add_argument("--glibc", default="", help="fail where the frozen build needs a newer glibc than this")
    return parser.parse_args(arguments)


def build_frozen(work: Path, out: Path, glibc: str = "") -> Path:
    """The archive of the frozen build of this platform, and its bill of materials; returns the folder."""
    folder = frozen.freeze(work / "frozen")
    archive = pack(
        folder, out / frozen.archive_name(frozen.this_platform()), executable=(frozen.PROGRAM, frozen.COMPLETION)
    )
    bill = sbom(folder, folder / frozen.PROGRAM, archive)
    (out / f"{frozen.NAME}-{frozen.this_platform()}.cdx.json").write_bytes(bill.encode())
    size = archive.stat().st_size
    if size > MAX_ARCHIVE:
        message = f"{archive} has {size:,} bytes, more than {MAX_ARCHIVE:,}: see what came in, in {folder}"
        raise SystemExit(message)
    if sys.platform == "linux":
        floor = frozen.glibc_floor(folder)
        print(f"runs with glibc {floor[0]}.{floor[1]} and later")
        if glibc and floor > tuple(int(number) for number in glibc.split(".")):
            message = f"that is newer than {glibc}: build on an older system, see release/README.md"
            raise SystemExit(message)
    return folder


def build_portable(work: Path, out: Path) -> None:
    """What is the same on all platforms: zipapp, Helm's plugin, sdist and wheel."""
    for stale in (*out.glob("kubectl_akslb-*"), *out.glob(f"{plugin.PLUGIN}-*")):  # of another version
        stale.unlink()
    zipapp = pyz.build(out / pyz.NAME)
    plugin.build(zipapp, work, out)
    # The wheel is built from the sdist: what the sdist lacks cannot get into it.
    shutil.rmtree(work / "package", ignore_errors=True)
    command = [sys.executable, "-m", "build", "--outdir", str(work / "package")]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}, check=True)
    for path in (work / "package").iterdir():
        shutil.copy(path, out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
