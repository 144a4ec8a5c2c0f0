#!/usr/bin/env python3
"""Measure what each way of installing costs at every start, as ratios within one run.

What pip installs, the frozen build that krew installs, and the zipapp: --version, explain of one Service, post-render
of 30 KB, against `kubectl version --client` and a Python that does nothing. All take turns, and the fastest turn of
each is compared: a busy machine only ever adds. Builds are looked for in .cache/dist and dist; what is missing is left
out, with --check it is a failure. --check also exits 1 where a limit is missed; --quick takes fewer turns.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.postrender import PYTHON, TOOLS, Report, compile_package, fastest, small
from release.frozen import NAME, archive_name, this_platform
from release.smoke import unpack

DISTS = [Path(os.environ["AKSLB_DIST"])] if "AKSLB_DIST" in os.environ else [ROOT / ".cache" / "dist", ROOT / "dist"]
BUILD = "run python -m release.build --out .cache/dist"
SERVICE = ROOT / "examples" / "ingress-nginx.yaml"
#: What pip (25.1 and later) and pipx make of the entry point.
PIP = (*PYTHON, "import sys; from kubectl_akslb.__main__ import main; sys.exit(main())")
VERSION, EXPLAIN, RENDER = "--version", "explain -f", "post-render"
#: How many times as long as kubectl the frozen build may take.
LIMITS = {("frozen", RENDER): 2.5, ("frozen", EXPLAIN): 3.5}
REFERENCES = ("kubectl version --client", "python -c pass")


class Way(NamedTuple):
    """A way of installing: how the program is started, or what to do where it is not there."""

    name: str
    program: Sequence[str]
    missing: str = ""


def built(name: str) -> Path | None:
    """A file that a build has left."""
    return next((folder / name for folder in DISTS if (folder / name).exists()), None)


def ways(folder: Path) -> list[Way]:
    """The ways of installing, those that are not there too."""
    archive, zipapp = built(archive_name(this_platform())), built(f"{NAME}.pyz")
    frozen = (str(unpack(archive, folder)),) if archive else ()
    portable = (sys.executable, str(zipapp)) if zipapp else ()
    return [
        Way("pip", PIP),
        Way("frozen", frozen, "" if frozen else f"{archive_name(this_platform())} is not there: {BUILD}"),
        Way("pyz", portable, "" if portable else f"{NAME}.pyz is not there: {BUILD}"),
    ]


def measure(report: Report, found: Sequence[Way], kubectl: str, stream: Path, turns: int) -> None:
    """Run everything in turns, and print it."""
    commands: dict[str, Sequence[str]] = dict(
        zip(REFERENCES, ((kubectl, "version", "--client"), (*PYTHON, "pass")), strict=True)
    )
    for way in found:
        commands[f"{way.name} {VERSION}"] = (*way.program, VERSION)
        commands[f"{way.name} {EXPLAIN}"] = (*way.program, "explain", "-f", str(SERVICE))
        commands[f"{way.name} {RENDER}"] = (*way.program, RENDER)
    taken = fastest(commands, stream, turns)
    base, python = (taken[name] for name in REFERENCES)
    print(f"     kubectl version --client {base * 1000:.0f} ms, python -c pass {python * 1000:.0f} ms")
    for way in found:
        for command in (VERSION, EXPLAIN, RENDER):
            seconds = taken[f"{way.name} {command}"]
            text = f"{way.name} {command} ({seconds * 1000:.0f} ms, {seconds / python:.1f} per python) per kubectl"
            limit = LIMITS.get((way.name, command))
            if limit is None:
                print(f"     {text}: {seconds / base:.2f}")
            else:
                report.line(text, seconds / base, limit)


def main(arguments: Sequence[str]) -> int:
    """Measure all ways that are there."""
    compile_package()
    report = Report()
    kubectl = shutil.which("kubectl") or shutil.which("kubectl", path=str(TOOLS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = ways(folder)
        for way in found:
            if way.missing:
                report.missing(way.missing)
        if kubectl is None:
            report.missing("kubectl is not there: put it on the PATH, or run tests/e2e/apiserver/build.sh")
        else:
            stream = folder / "small.yaml"
            stream.write_bytes(small())
            measure(report, [way for way in found if way.program], kubectl, stream, 5 if "--quick" in arguments else 20)
    return 1 if report.missed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
