#!/usr/bin/env python3
"""Measure ``upgrade`` and ``drift`` of 1,000 Services, in processor time beyond the start of the same command.

An upgrade is measured of a fleet with 40 shapes of Services, and of one in which each has its own; from a release whose
patch is not said, so that the oldest one is tried too.
The start is the same command on one Service; the two take turns, and the fastest turn of each counts, because a machine
that is busy only ever adds. With --check, exits 1 where a limit is missed; --quick takes fewer turns.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The package beside this folder, also where it is not installed.
sys.path.insert(0, str(ROOT))

from bench.fleet import fleet
from bench.run import PROGRAM, fastest, manifests, of_processes, process, run_process, services
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
UPGRADE = (*PROGRAM, "upgrade", "--from", "1.30", "--to", "1.34", "--fail-on", "never", "-f")
DRIFT = (*PROGRAM, "drift", "--complete", "--fail-on", "never", "--provider-version", str(NEWEST))


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


def judged(what: str, seconds: float, limit: float) -> bool:
    """Print a figure with its limit, and say whether it holds."""
    holds = seconds <= limit
    print(f"  {what:<44} {seconds:6.2f} s  limit {limit:g} s: {'ok' if holds else 'MISSED'}")
    return holds


def main(arguments: Sequence[str]) -> int:
    """Measure both."""
    turns = 1 if "--quick" in arguments else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands: dict[str, tuple[str, ...]] = {}
        for count, shapes in ((1, 1), (SERVICES, SHAPES), (SERVICES, SERVICES)):
            file = folder / f"{count}-{shapes}.yaml"
            file.write_bytes(fleet(count, shapes))
            commands[f"upgrade {count} {shapes}"] = (*UPGRADE, str(file))
        for count, size in ((1, 0), (SERVICES, ANSWER)):
            file = folder / f"{count}.yaml"
            file.write_bytes(stored(count))
            commands[f"drift {count}"] = (*DRIFT, *az_answers(count, size, folder), "-f", str(file))
        for what, command in commands.items():
            if code := run_process(*command):
                print(f"  {what} ends with {code}", file=sys.stderr)
                return 2
        candidates = {what: process(*command) for what, command in commands.items()}
        found = fastest(candidates, turns, of_processes)
        answered = sum(path.stat().st_size for path in folder.glob(f"{SERVICES}-*.json")) / 1e6
    upgrades = {shapes: found[f"upgrade {SERVICES} {shapes}"] - found["upgrade 1 1"] for shapes in (SHAPES, SERVICES)}
    drift = found[f"drift {SERVICES}"] - found["drift 1"]
    good = [
        *(judged(f"upgrade, {SERVICES} Services of {one} shapes", upgrades[one], MAX_UPGRADE) for one in upgrades),
        judged(f"drift, {SERVICES} Services, {answered:.0f} MB of az", drift, MAX_DRIFT),
    ]
    return 1 if not all(good) and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
