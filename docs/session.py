"""What the program prints, for the pages that show it."""

import os
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def printed(arguments: str, folder: Path, file: str = "", *, columns: int = 80, colours: bool = False) -> str:
    """What ``kubectl akslb`` prints on both streams for *arguments* and standard input from *file*, run in *folder*."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    environment = {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "FORCE_COLOR": "1" if colours else ""}
    command = [sys.executable, "-m", "kubectl_akslb", *shlex.split(arguments)]
    given = (folder / file).read_text(encoding="utf-8") if file else ""
    done = subprocess.run(
        command, cwd=folder, env=environment, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        check=False, encoding="utf-8",
    )  # fmt: skip
    if done.returncode not in (0, 1):
        message = f"kubectl akslb {arguments} ends with {done.returncode}: {done.stdout}"
        raise RuntimeError(message)
    return done.stdout


@cache
def printed_here(arguments: str, file: str = "") -> str:
    """What it prints in the repository; it must not write there."""
    return printed(arguments, ROOT, file)
