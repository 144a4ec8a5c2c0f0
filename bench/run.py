#!/usr/bin/env python3
"""Measure start-up, derivations per second and the cost of large files, as ratios within one run.

All candidates of a comparison take turns, and the median of each is compared: a machine that is busy for a while slows
all of them. Standard library only. With --check, exits 1 where a limit is missed; --quick takes fewer turns.
"""

import gc
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import process_time

ROOT = Path(__file__).resolve().parents[1]
# The package beside this folder, also where it is not installed.
sys.path.insert(0, str(ROOT))

from bench.postrender import compile_package
from kubectl_akslb.derive.reconcile import derive, derive_all
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.manifest.load import load
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST

#: Processor time of a whole process for one Service, in starts of kubectl.
MAX_STARTUP_RATIO = 1.5
#: Seconds of processor time for the overview of 10,000 Services.
MAX_LARGEST = 3.0
MIN_PER_SECOND = 1000
#: How much dearer a Service may be in the largest file than in the cheapest.
MAX_GROWTH = 1.5
#: What pip (25.1 and later) and pipx make of the entry point.
PROGRAM = (sys.executable, "-c", "import sys; from kubectl_akslb.__main__ import main; sys.exit(main())")
EXPLAIN = (*PROGRAM, "explain", "-f")
LINT = (*PROGRAM, "lint", "-f")
_ABOUT_COMPILING = frozenset({"PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"})
SIZES = (10, 100, 1000, 10_000)

MANIFEST = """\
apiVersion: v1
kind: Service
metadata:
  name: web-{number}
  namespace: shop
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "{internal}"
    service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /healthz
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
spec:
  type: LoadBalancer
  ports:
  - name: http
    port: 80
    targetPort: 8080
    appProtocol: http
  - name: https
    port: 443
    targetPort: 8443
    appProtocol: https
---
"""


def manifests(count: int) -> bytes:
    """A file with *count* Services, the first and every fourth of them public.

    The provider refuses a public Service when 4,000 addresses stand in the security group.
    """
    return "".join(
        MANIFEST.format(number=number, internal="true" if number % 4 else "false") for number in range(count)
    ).encode()


def services(data: bytes) -> list[Service]:
    """The Services in a file, as the API server would store them."""
    return [with_defaults(found.service) for found in load(data).services]


def derived(found: list[Service], cluster: Cluster) -> None:
    """Derive all Services in order; a refused one would be cheap and prove nothing."""
    outcome = derive_all(found, cluster)
    if any(one.refusal is not None or one.ignored is not None for one in outcome.derivations):
        message = "a Service of the benchmark is refused or ignored"
        raise AssertionError(message)


def of_processes() -> float:
    """A clock of the processor time that ended processes took: another one that is busy does not slow it."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def medians(
    candidates: Mapping[str, Callable[[], object]], turns: int, clock: Callable[[], float] = process_time
) -> dict[str, float]:
    """The median seconds of each candidate, all of them taking turns; the first turn only warms up.

    The default clock counts the time of this process alone; other processes need of_processes or perf_counter.
    """
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for turn in range(turns + 1):
        for name, run in candidates.items():
            start = clock()
            run()
            if turn:
                seconds[name].append(clock() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def fastest(candidates: Mapping[str, Callable[[], object]], turns: int, clock: Callable[[], float]) -> dict[str, float]:
    """The fastest turn of each candidate in seconds, all of them taking turns: a busy machine only ever adds."""
    found = dict.fromkeys(candidates, float("inf"))
    for turn in range(turns + 1):
        for name, run in candidates.items():
            start = clock()
            run()
            if turn:
                found[name] = min(found[name], clock() - start)
    return found


def run_process(*command: str) -> int:
    """Run a command to its end, as an installed program runs."""
    done = subprocess.run(
        command, cwd=ROOT, env=installed(), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode


def installed() -> dict[str, str]:
    """The environment without what makes Python compile elsewhere, or not at all."""
    return {name: value for name, value in os.environ.items() if name not in _ABOUT_COMPILING}


def process(*command: str) -> Callable[[], object]:
    """A candidate that runs a command to its end."""
    return partial(run_process, *command)


def explains(path: str) -> bool:
    """Whether there is an explain command that succeeds on the file."""
    return run_process(*EXPLAIN, path) == 0


class Report:
    """What was measured, line by line, and whether all limits hold."""

    def __init__(self) -> None:
        self.failed = False

    def line(self, what: str, measured: str, limit: str = "", *, holds: bool = True) -> None:
        """One measurement, with its limit where it has one."""
        self.failed |= not holds
        verdict = f"  limit {limit}: {'ok' if holds else 'MISSED'}" if limit else ""
        print(f"  {what:<44} {measured:>16}{verdict}")


def startup(report: Report, folder: Path, turns: int) -> None:
    """The whole process for one Service against kubectl's shortest, and a bare interpreter for reference."""
    print("whole process, one Service (processor time, fastest turns)")
    file = folder / "one.yaml"
    file.write_bytes(manifests(1))
    candidates = {"python -c pass": process(sys.executable, "-c", "pass")}
    kubectl = shutil.which("kubectl")
    if kubectl:
        candidates["kubectl version --client"] = process(kubectl, "version", "--client")
    if explains(str(file)):
        candidates["explain -f"] = process(*EXPLAIN, str(file))
        candidates["lint -f"] = process(*LINT, str(file))
    found = fastest(candidates, turns, of_processes)
    for name, seconds in found.items():
        report.line(name, f"{seconds * 1000:.1f} ms")
    for name in ("explain -f", "lint -f") if kubectl and "explain -f" in found else ():
        ratio = found[name] / found["kubectl version --client"]
        report.line(f"{name} / kubectl", f"{ratio:.2f}", f"{MAX_STARTUP_RATIO}", holds=ratio <= MAX_STARTUP_RATIO)
    if not kubectl or "explain -f" not in found:
        print(f"  not compared: {'no explain command' if kubectl else 'no kubectl'}")


def throughput(report: Report, turns: int) -> None:
    """Derivations per second with all reasons, in one process."""
    print("derivations in one process (median)")
    cluster = Cluster(NEWEST, behaviours_of(NEWEST))
    (service,) = services(manifests(1))
    derived([service], cluster)
    batch = 200
    found = medians({"derive": lambda: [derive(service, cluster) for _ in range(batch)]}, turns)
    rate = batch / found["derive"]
    report.line("derivations per second", f"{rate:.0f}", f"{MIN_PER_SECOND}", holds=rate >= MIN_PER_SECOND)


def growth(report: Report, folder: Path, turns: int) -> None:
    """The cost per Service of files with more and more Services; the same at every size if it is linear."""
    cluster = Cluster(NEWEST, behaviours_of(NEWEST))
    data = {size: manifests(size) for size in SIZES}
    found = {size: services(data[size]) for size in SIZES}
    print("one file, cost per Service (medians)")
    per_service(report, "read", lambda size: load(data[size]), turns)
    per_service(report, "derive", lambda size: derived(found[size], cluster), turns)
    whole_process(report, folder, turns)


def per_service(report: Report, what: str, run: Callable[[int], object], turns: int) -> None:
    """The cost per Service at each size, the sizes taking turns, the small ones often enough to be measured."""
    rounds = {size: max(1, 1000 // size) for size in SIZES}
    candidates = {str(size): partial(repeat, run, size, rounds[size]) for size in SIZES}
    seconds = medians(candidates, max(3, turns // 5))
    costs = {size: seconds[str(size)] / size / rounds[size] for size in SIZES}
    for size, cost in costs.items():
        report.line(f"{what}, {size} Services", f"{cost * 1e6:.0f} us")
    ratio = costs[SIZES[-1]] / min(costs.values())
    report.line(f"{what}, largest / cheapest", f"{ratio:.2f}", f"{MAX_GROWTH}", holds=ratio <= MAX_GROWTH)


def repeat(run: Callable[[int], object], size: int, rounds: int) -> None:
    """Run a size several times, without the collector, which the program does not let run either."""
    gc.disable()
    try:
        for _ in range(rounds):
            run(size)
    finally:
        gc.enable()


def whole_process(report: Report, folder: Path, turns: int) -> None:
    """What explain takes per Service beyond its start-up."""
    files = {}
    for size in (1, *SIZES):
        files[size] = folder / f"{size}.yaml"
        files[size].write_bytes(manifests(size))
    if not explains(str(files[1])):
        return
    candidates = {str(size): process(*EXPLAIN, str(path)) for size, path in files.items()}
    found = medians(candidates, max(3, turns // 5), of_processes)
    largest = found[str(SIZES[-1])]
    report.line(
        f"explain -f, {SIZES[-1]} Services", f"{largest:.1f} s", f"{MAX_LARGEST} s", holds=largest <= MAX_LARGEST
    )
    for size in SIZES[1:]:  # ten Services drown in the start-up
        seconds = (found[str(size)] - found["1"]) / (size - 1)
        report.line(f"explain -f, {size} Services", f"{seconds * 1e6:.0f} us")


def main(arguments: list[str]) -> int:
    """Measure everything; 1 with --check where a limit is missed, 2 for unknown arguments."""
    if not set(arguments) <= {"--check", "--quick"}:
        print("usage: python bench/run.py [--check] [--quick]", file=sys.stderr)
        return 2
    turns = 5 if "--quick" in arguments else 15
    compile_package()
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        startup(report, folder, turns)
        throughput(report, turns)
        growth(report, folder, turns)
    return 1 if report.failed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
