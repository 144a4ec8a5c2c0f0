"""Try an archive of the frozen build as it is: ``python -m release.smoke dist/kubectl-akslb-linux-amd64.tar.gz``.

It is unpacked where people unpack things: below a path with spaces and letters that are not ASCII.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from kubectl_akslb.cli.version import version_line
from release.archive import ROOT
from release.frozen import NAME, PROGRAM

FOLDER = "Tür auf, 端口"
STREAM = ROOT / "examples" / "ingress-nginx.yaml"
ADDED = b"azure-load-balancer-health-probe-request-path: /healthz"


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack *archive* into *folder*; returns the program."""
    if archive.suffix == ".zip":
        shutil.unpack_archive(archive, folder)
    else:
        subprocess.run(["tar", "-xzf", str(archive), "-C", str(folder)], check=True)
    return folder / NAME / PROGRAM


def said_by(program: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What the *program* writes to standard output; it has to succeed."""
    done = subprocess.run([str(program), *arguments], input=given, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    return done.stdout


def smoke(program: Path) -> None:
    """Run what every release must be able to do; SystemExit where it cannot."""
    wanted = {
        "--version": version_line().split(" (")[0].encode() in said_by(program, "--version"),
        "--help": b"post-render" in said_by(program, "--help"),
        "explain": b"DOWN" in said_by(program, "explain", "-f", str(STREAM), "--kubernetes-version", "1.30"),
        "lint": b"[" in said_by(program, "lint", "-f", str(STREAM), "-o", "json", "--fail-on", "never"),
        "post-render": ADDED in said_by(program, "post-render", given=STREAM.read_bytes()),
        "rules": b"Example" in said_by(program, "rules", "open-to-the-internet"),
    }
    failed = [name for name, good in wanted.items() if not good]
    if failed:
        message = f"{program}: {', '.join(failed)}: not what was expected"
        raise SystemExit(message)


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        place = Path(os.path.realpath(name), FOLDER)
        place.mkdir()
        smoke(unpack(Path(sys.argv[1]), place))
    print(f"{sys.argv[1]} works")
