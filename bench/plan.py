#!/usr/bin/env python3
"""Measure ``upgrade``, ``drift`` and ``diff`` of 1,000 Services, in processor time beyond the start of the command.

An upgrade is measured of Services that are all alike, and of a fleet with 40 shapes of them; from a patch that is said,
and from a minor, so that its oldest patch is tried too. ``--all`` adds a fleet in which each Service is its own, and
releases between which each gets other security rules: these take minutes.
The start is the same command on one Service; the fastest turn of each counts, because a machine that is busy only ever
adds. With --check, exits 1 where a limit is missed; ``--turns N`` takes more than one.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
# The package beside this folder, also where it is not installed.
sys.path.insert(0, str(ROOT))

from bench.fleet import fleet
from bench.run import PROGRAM, manifests, of_processes, run_process, services
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST
from tests.conformance.adapter import state
from tests.plan.az_output import files, resources

#: Seconds beyond the start.
MAX_UPGRADE = 1.0
MAX_DRIFT = 3.0
SERVICES = 1000
SHAPES = 40
#: What az answers holds the load balancers of other clusters, too.
ANSWER = 20 * 1024 * 1024
#: The exit codes of a command that has done its work: ``diff`` says by 1 that something differs.
DONE = (0, 1)


class Measured(NamedTuple):
    """A command for 1,000 Services and the same for one, with its limit in seconds; None where there is none."""

    what: str
    command: tuple[str, ...]
    start: tuple[str, ...]
    limit: float | None


def stored(count: int) -> bytes:
    """The manifests of run.py as a cluster has them: with node ports, and UIDs that differ from the first digits on."""
    numbers, uids = iter(range(30000, 32768)), iter(range(count))
    lines = []
    for line in manifests(count).decode().splitlines(keepends=True):
        if line.startswith("    appProtocol:"):
            lines.append(f"    nodePort: {next(numbers)}\n")
        elif line.startswith("  annotations:"):
            lines.append(f"  uid: {next(uids):08x}-0000-4000-8000-000000000000\n")
        lines.append(line)
    return "".join(lines).encode()


def az_answers(count: int, size: int, folder: Path) -> list[str]:
    """What az says of so many Services, as options; as large as *size* by load balancers of others."""
    cluster = Cluster(NEWEST, behaviours_of(NEWEST))
    stands = state(derive_all(services(stored(count)), cluster).azure)
    options = []
    for name, data in files(resources(stands, {})):
        answer = json.loads(data)
        text = json.dumps(answer, indent=2)
        if name.startswith("loadBalancers"):
            others = [
                text.replace("/rg/", f"/rg-{n}/").replace("kubernetes", f"team-{n}") for n in range(size // len(text))
            ]
            text = json.dumps([one for part in (text, *others) for one in json.loads(part)], indent=2)
        path = folder / f"{count}-{name}"
        path.write_text(text)
        options += ["--azure", str(path)]
    return options


def written(path: Path, data: bytes) -> str:
    """The path of a file with this content."""
    path.write_bytes(data)
    return str(path)


def upgrades(folder: Path, *, every: bool) -> Iterator[Measured]:
    """Upgrades of few and of many shapes."""
    pairs = [("1.30.4", "1.34", 1), ("1.30", "1.34", 1), ("1.30.4", "1.34", SHAPES), ("1.30", "1.34", SHAPES)]
    if every:
        pairs += [("1.30", "1.34", SERVICES), ("1.28.9", "1.31", SHAPES)]
    one = written(folder / "one.yaml", fleet(1, 1))
    for old, new, shapes in pairs:
        head = (*PROGRAM, "upgrade", "--from", old, "--to", new, "--fail-on", "never", "-f")
        file = written(folder / f"{shapes}.yaml", fleet(SERVICES, shapes))
        shown = "1 shape" if shapes == 1 else f"{shapes} shapes"
        yield Measured(f"upgrade {old} to {new}, {shown}", (*head, file), (*head, one), MAX_UPGRADE)


def drift(folder: Path) -> Measured:
    """What stands of 1,000 Services against what they ask for."""
    head = (*PROGRAM, "drift", "--complete", "--fail-on", "never", "--provider-version", str(NEWEST))
    commands = [
        (*head, *az_answers(count, size, folder), "-f", written(folder / f"stored-{count}.yaml", stored(count)))
        for count, size in ((SERVICES, ANSWER), (1, 0))
    ]
    answered = sum(path.stat().st_size for path in folder.glob(f"{SERVICES}-*.json")) / 1e6
    return Measured(f"drift, {answered:.0f} MB of az", commands[0], commands[1], MAX_DRIFT)


def diff(folder: Path) -> Measured:
    """An edit of each of 1,000 Services."""
    head = (*PROGRAM, "diff", "--provider-version", str(NEWEST))

    def edit(count: int) -> tuple[str, ...]:
        old = fleet(count, min(count, SHAPES))
        new = old.replace(b"  type: LoadBalancer\n", b"  type: LoadBalancer\n  sessionAffinity: ClientIP\n")
        files_of_it = (written(folder / f"{name}-{count}.yaml", data) for name, data in (("old", old), ("new", new)))
        return (*head, "--old", next(files_of_it), "-f", next(files_of_it))

    return Measured("diff, each is edited", edit(SERVICES), edit(1), None)


def seconds(command: tuple[str, ...], turns: int) -> float:
    """The processor time of the fastest turn."""
    found = float("inf")
    for _ in range(turns):
        begun = of_processes()
        if (code := run_process(*command)) not in DONE:
            message = f"ends with {code}: {' '.join(command[len(PROGRAM) :])}"
            raise SystemExit(message)
        found = min(found, of_processes() - begun)
    return found


def main() -> int:
    """Measure all of it, and print each figure as it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 where a limit is missed")
    parser.add_argument("--all", action="store_true", help="what takes minutes, too")
    parser.add_argument("--turns", type=int, default=1, metavar="N")
    given = parser.parse_args()
    holds = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = [*upgrades(folder, every=given.all), drift(folder), diff(folder)]
        run_process(*measured[0].start)  # what is compiled once counts nowhere
        for one in measured:
            start = min(seconds(one.start, 1) for _ in range(max(given.turns, 2)))
            took = seconds(one.command, given.turns) - start
            within = one.limit is None or took <= one.limit
            told = f"limit {one.limit:g} s: {'ok' if within else 'MISSED'}" if one.limit is not None else ""
            print(f"  {one.what:<36} {took:6.2f} s  {told}".rstrip(), flush=True)
            holds = holds and within
    return 1 if given.check and not holds else 0


if __name__ == "__main__":
    sys.exit(main())
