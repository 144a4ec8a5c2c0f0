"""Record what well-known programs answer on the paths that a probe may ask: python -m lab.workloads.

The programs come from package registries (lab/packages.py). Debian's packages are laid over /usr, /etc and /var in a mount
namespace, so that nothing is installed; all of them are started in a network namespace that has nothing but the loopback
interface. It needs root, apt, Go, Maven and pip.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kubectl_akslb.errors import AkslbError
from lab import alone
from lab.packages import Debian
from lab.programs import PROGRAMS, Program

Json = dict[str, Any]

RECORDING = Path(__file__).parent / "workloads.jsonl"
_START_SECONDS = 1200
_SILENT = "no answer"
_PROBES = ("/", "/healthz", "/livez", "/readyz", "/health", "/ping", "/metrics")


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask all programs, and write a line for each port and path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only programs whose name contains this; the rest is left as it is")
    options = parser.parse_args(arguments)
    if os.geteuid():
        print("error: this needs root\nhint: sudo", file=sys.stderr)
        return 1
    chosen = [program for program in PROGRAMS if options.only in program.package.name]
    try:
        if not alone.is_alone():
            for program in chosen:
                program.package.brought()  # here, where the network is
            return alone.run_alone("lab.workloads", sys.argv[1:] if arguments is None else arguments)
        _prepare()
        answers = {_key(program): asked(program) for program in chosen}
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    known = {} if len(chosen) == len(PROGRAMS) else _by_program()
    lines = [line for program in PROGRAMS for line in answers.get(_key(program), known.get(_key(program), []))]
    RECORDING.write_text("".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines))
    print(f"{len(lines)} answers of {len(PROGRAMS)} programs")
    return 0


def _prepare() -> None:
    """Loopback, and a /run of its own, in which everything lies that is written."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)


def _key(program: Program) -> tuple[str, str]:
    return program.package.name, program.setting


def _by_program() -> dict[tuple[str, str], list[Json]]:
    found: dict[tuple[str, str], list[Json]] = {}
    for line in recorded():
        found.setdefault((line["package"], line["setting"]), []).append(line)
    return found


def asked(program: Program) -> list[Json]:
    """The answers of one program."""
    paths = dict.fromkeys((*_PROBES, *program.paths))
    with _started(program):
        return [
            {
                "package": program.package.name,
                "version": program.package.version,
                "setting": program.setting,
                "port": port,
                "scheme": scheme,
                "path": path,
                "status": status(port, scheme, path),
            }
            for port, scheme in program.ports
            for path in paths
        ]


@contextlib.contextmanager
def _started(program: Program) -> Iterator[None]:
    files = program.package.brought()
    folder = Path(tempfile.mkdtemp(prefix="lab-", dir="/run"))
    mounted = []
    (folder / "empty").mkdir()
    folder.chmod(0o755)
    # What it writes to these goes to the folder that is removed again.
    below = (
        {Path("/", name): files / name for name in ("usr", "etc", "var")} if isinstance(program.package, Debian) else {}
    )
    if files.is_dir() and not below:
        below = {files: files}
    try:
        for number, (place, lower) in enumerate(below.items()):
            if lower.exists():
                upper, work = folder / "upper" / str(number), folder / "work" / str(number)
                upper.mkdir(parents=True)
                work.mkdir(parents=True)
                lowers = dict.fromkeys((str(lower), str(place)))
                layers = f"lowerdir={':'.join(lowers)},upperdir={upper},workdir={work}"
                subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, str(place)], check=True)
                mounted.append(place)
        made = {"FOLDER": str(folder), "PROGRAM": str(files)}
        for name, text in program.files:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(_filled(text, made))
        command = [_filled(part, made) for part in program.command]
        own = {name: _filled(value, made) for name, value in program.environment}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **own}, cwd=folder)
        try:
            _wait(program, process, folder / "log")
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        for path in reversed(mounted):
            subprocess.run(["umount", "-l", path], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def _filled(text: str, made: Mapping[str, str]) -> str:
    for name, value in made.items():
        text = text.replace(name, value)
    return text


def _wait(program: Program, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while any(status(port, scheme, "/") == "refused" for port, scheme in program.ports):
        if process.poll() is not None or time.monotonic() > until:
            said = log.read_text(errors="replace")[-600:]
            raise AkslbError(
                f"{program.package.name} ({program.setting}) does not start: {said}", hint="see lab/programs.py"
            )
        time.sleep(0.3)


def status(port: int, scheme: str, path: str) -> str:
    """The status of GET, as a probe of Azure reads it: no redirect is followed, no certificate is looked at.

    Who says nothing in time is asked again, because the first answer of a program may be slow on a busy machine.
    """
    answers = (_answer(port, scheme, path, patience) for patience in (5, 30, 60))
    return next((answer for answer in answers if answer is not None), _SILENT)


def _answer(port: int, scheme: str, path: str, patience: int) -> str | None:
    """The answer of one request; None where nothing came."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    made = (
        http.client.HTTPSConnection("127.0.0.1", port, timeout=patience, context=context)
        if scheme == "https"
        else http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    )
    try:
        made.request("GET", path, headers={"Host": f"10.224.0.4:{port}"})
        return str(made.getresponse().status)
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return None
    except (OSError, http.client.HTTPException):
        return _SILENT
    finally:
        made.close()


def recorded() -> list[Json]:
    """The lines in the repository."""
    return [json.loads(line) for line in RECORDING.read_text().splitlines()]


if __name__ == "__main__":
    sys.exit(main())
