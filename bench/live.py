#!/usr/bin/env python3
"""Measure explain on a running cluster against the kubectl calls it needs: a real API server, 1,000 Services.

All candidates of a comparison take turns. The limits are checked against the best turn of each, because a machine that
is busy slows the turns that it happens to hit; the medians are printed beside it, and the processor time, which does
not depend on what else is running. With --check, exits 1 where a limit is missed; --quick takes fewer turns.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.postrender import compile_package
from kubectl_akslb.cluster import reading
from kubectl_akslb.cluster.connection import Connection
from tests.e2e.apiserver.server import ApiServer, kubectl, missing
from tests.given import aks as make

MAX_MORE_MS = 150
MAX_RATIO = 1.5
MAX_JSON_RATIO = 2.0
SERVICES = 1000
NAMESPACE = "shop"
EXPLAIN = (sys.executable, "-m", "kubectl_akslb", "explain")


class Turn(NamedTuple):
    """One turn of a candidate: seconds by the clock, and of processor time with all its processes."""

    wall: float
    processor: float


class Measured(NamedTuple):
    """All turns of a candidate."""

    turns: tuple[Turn, ...]

    @property
    def best(self) -> float:
        """The shortest turn."""
        return min(turn.wall for turn in self.turns)

    @property
    def median(self) -> float:
        """The turn in the middle."""
        return statistics.median(turn.wall for turn in self.turns)

    @property
    def processor(self) -> float:
        """The processor time of the turn in the middle."""
        return statistics.median(turn.processor for turn in self.turns)


def fill(server: ApiServer) -> None:
    """A small cluster with many Services, each with endpoints."""
    server.create("/api/v1/namespaces", make.namespace(NAMESPACE))
    (node, *_) = server.create("/api/v1/nodes", *(make.node(number) for number in range(3)))
    server.create("/apis/apps/v1/namespaces/kube-system/daemonsets", make.cloud_node_manager("v1.30.8"))
    internal = {f"{make.PREFIX}azure-load-balancer-internal": "true"}
    path = f"/namespaces/{NAMESPACE}"
    for number in range(SERVICES):
        name = f"web-{number:04}"
        ip = f"10.224.{number // 250}.{number % 250}"
        server.create(f"/api/v1{path}/services", make.service(name, ip=ip, annotations=internal))
        piece = make.endpoint_slice(name, (f"{name}-1", node["metadata"]["name"], True))
        server.create(f"/apis/discovery.k8s.io/v1{path}/endpointslices", piece)


def together(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> None:
    """Run commands side by side to their end."""
    started = [
        subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=ROOT)
        for command in commands
    ]
    for process in started:
        process.communicate()
        if process.returncode:
            message = f"{process.args!r} ended with {process.returncode}"
            raise RuntimeError(message)


def measured(candidates: Mapping[str, Callable[[], None]], turns: int) -> dict[str, Measured]:
    """All candidates in turns; the first turn only warms up."""
    found: dict[str, list[Turn]] = {name: [] for name in candidates}
    for turn in range(turns + 1):
        for name, run in candidates.items():
            before, start = getrusage(RUSAGE_CHILDREN), perf_counter()
            run()
            wall, after = perf_counter() - start, getrusage(RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            if turn:
                found[name].append(Turn(wall, used))
    return {name: Measured(tuple(values)) for name, values in found.items()}


def show(found: Mapping[str, Measured]) -> None:
    """One line for each candidate."""
    for name, one in found.items():
        figures = (("best", one.best), ("median", one.median), ("processor", one.processor))
        print(f"  {name:<42} {'  '.join(f'{label} {seconds * 1000:5.0f} ms' for label, seconds in figures)}")


def judge(what: str, value: float, limit: float, unit: str) -> bool:
    """Print a figure with its limit, and say whether it holds."""
    holds = value <= limit
    print(f"  {what:<42} {value:6.2f}{unit}  limit {limit:g}{unit}: {'ok' if holds else 'MISSED'}")
    return holds


def main(arguments: Sequence[str]) -> int:
    """Start the server, fill it, measure."""
    lacking = missing()
    if lacking:
        print(f"not measured: {lacking}", file=sys.stderr)
        return 1
    turns = 5 if "--quick" in arguments else 15
    program = kubectl() or "kubectl"
    with tempfile.TemporaryDirectory() as folder, ApiServer(Path(folder)) as server:
        fill(server)
        compile_package()
        environment = {**server.environment(), "PYTHONPATH": str(ROOT)}
        environment["PATH"] = f"{Path(program).parent}{os.pathsep}{environment['PATH']}"
        calls = reading.commands(("web-0000",), Connection())
        print("one Service")
        one = measured(
            {
                "kubectl get service": lambda: together([calls[0]], environment),
                "the kubectl calls it needs, side by side": lambda: together(calls, environment),
                "explain svc/web-0000": lambda: together([(*EXPLAIN, "svc/web-0000")], environment),
            },
            turns,
        )
        show(one)
        single, needed, explain = one.values()
        holds = judge("more than the calls it needs", (explain.best - needed.best) * 1000, MAX_MORE_MS, " ms")
        print(f"  {'more than kubectl get service alone':<42} {(explain.best - single.best) * 1000:6.2f} ms")
        print(f"{SERVICES:,} Services of all namespaces")
        bare = (program, "get", "services", "-A", "-o", "json")
        many = measured(
            {
                "kubectl get services -A -o json": lambda: together([bare], environment),
                "explain -A": lambda: together([(*EXPLAIN, "-A")], environment),
                "explain -A -o json": lambda: together([(*EXPLAIN, "-A", "-o", "json")], environment),
            },
            max(turns // 2, 4),
        )
        show(many)
        get, explain, as_json = many.values()
        holds &= judge("explain -A", explain.best / get.best, MAX_RATIO, "x")
        holds &= judge("explain -A -o json", as_json.best / get.best, MAX_JSON_RATIO, "x")
    return int("--check" in arguments and not holds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
