#!/usr/bin/env python3
"""Measure the post-renderer beside the tools that could do its work, as ratios within one run.

All candidates of a comparison take turns, and the fastest turn of each is compared: a busy machine only ever adds.
Needs kubectl on the PATH and yq of tests/e2e/tools/build.sh; what is missing is left out, with --check it is a failure.
Standard library only. With --check, exits 1 where a limit is missed; --quick takes fewer turns.
"""

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(os.environ.get("AKSLB_TOOLS", ROOT / ".cache" / "bin"))

MIN_TIMES_FASTER = 10.0
MAX_MEMORY_FACTOR = 3
MAX_MEMORY_BASE = 40 * 1024 * 1024
MAX_IDLE_RATIO = 2.0
MAX_SMALL_RATIO = 1.2

LARGE = 10 * 1024 * 1024
SMALL = 30 * 1024
SERVICES = 20
PATH_KEY = "service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path"

PYTHON = (sys.executable, "-c")
#: What pip (25.1 and later) and pipx make of the entry point; older ones import re first, for 5 ms.
PROGRAM = (*PYTHON, "import sys; from kubectl_akslb.__main__ import main; sys.exit(main())", "post-render")
#: Runs the post-renderer and prints what it held at most; rusage would count what the parent held before exec.
MEASURED = """\
import sys
from kubectl_akslb.postrender.main import main
code = main([])
status = open("/proc/self/status").read()
print(status.partition("VmHWM:")[2].split()[0], file=sys.stderr)
sys.exit(code)
"""

DEFINITION = """\
---
# Source: large/crds/things{number}.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things{number}.example.com
  annotations:
    controller-gen.kubebuilder.io/version: v0.17.1
spec:
  group: example.com
  names:
    kind: Thing{number}
    listKind: Thing{number}List
    plural: things{number}
    singular: thing{number}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        description: A thing{exposed}.
        properties:
"""
PROPERTY = """\
          field{number}:
            description: |-
              Field {number} says how the thing is made. A name that begins with "example" asks for a thing of that
              kind, and everything below it is handed on to each part of it.

              More info: https://example.com/docs/things#field{number}
            enum:
            - Example
            - None
            pattern: ^[a-z]([-a-z0-9]*[a-z0-9])?(\\.[a-z]*)?$
            nullable: true
            type: string
"""
SERVICE = """\
---
# Source: large/templates/service{number}.yaml
apiVersion: v1
kind: Service
metadata:
  name: edge-{number}
  labels:
    app.kubernetes.io/name: ingress-nginx
    app.kubernetes.io/instance: edge-{number}
  annotations:
    example.com/owner: team-{number}
spec:
  type: LoadBalancer
  ports:
  - name: http
    port: 80
    targetPort: http
    appProtocol: http
  - name: https
    port: 443
    targetPort: https
    appProtocol: https
  selector:
    app.kubernetes.io/name: ingress-nginx
    app.kubernetes.io/instance: edge-{number}
"""
SETTINGS = """\
---
# Source: small/templates/settings{number}.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-{number}
data:
  page.html: |
    <p>Nothing to see here: {number}</p>
"""


def definitions(size: int) -> str:
    """CustomResourceDefinitions of together *size* characters, as an operator's chart has them."""
    parts: list[str] = []
    length = 0
    number = 0
    while length < size:
        exposed = ", which a Service of type LoadBalancer can expose" if number % 10 == 0 else ""
        part = DEFINITION.format(number=number, exposed=exposed) + "".join(
            PROPERTY.format(number=field) for field in range(200)
        )
        parts.append(part)
        length += len(part)
        number += 1
    return "".join(parts)


def large(services: int) -> bytes:
    """A stream of 10 MB with some Services at its end, where Helm puts them behind the definitions."""
    return (definitions(LARGE) + "".join(SERVICE.format(number=number) for number in range(services))).encode()


def small() -> bytes:
    """A stream of 30 KB with one Service: what the chart of an ingress controller renders."""
    parts = [SETTINGS.format(number=number) for number in range(SMALL // len(SETTINGS))]
    return ("".join(parts) + SERVICE.format(number=0)).encode()


def compile_package() -> None:
    """Compile the package beside its files, as pip does: else Python would at each start, or look elsewhere for it."""
    compileall.compile_dir(str(ROOT / "kubectl_akslb"), quiet=1)


def run(command: Sequence[str], given: Path) -> float:
    """Seconds that a command takes with a file as its input."""
    with given.open("rb") as file, open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - it is no path
        start = perf_counter()
        subprocess.run(command, stdin=file, stdout=nowhere, cwd=ROOT, check=True)
        return perf_counter() - start


def processor(command: Sequence[str], given: Path) -> float:
    """Seconds of processor time that a command takes: others that are busy do not slow it."""
    before = getrusage(RUSAGE_CHILDREN)
    run(command, given)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def fastest(
    commands: Mapping[str, Sequence[str]],
    given: Path,
    turns: int,
    measure: Callable[[Sequence[str], Path], float] = run,
) -> dict[str, float]:
    """The fastest turn of each command in seconds; they take turns."""
    found = dict.fromkeys(commands, float("inf"))
    for _ in range(turns):
        for name, command in commands.items():
            found[name] = min(found[name], measure(command, given))
    return found


def rivals(folder: Path, stream: Path) -> dict[str, Sequence[str]]:
    """Other tools that set the same annotation on the same Services."""
    found: dict[str, Sequence[str]] = {}
    if kubectl := shutil.which("kubectl"):
        (folder / "stream.yaml").write_bytes(stream.read_bytes())
        patch = f"{{kind: Service, apiVersion: v1, metadata: {{name: any, annotations: {{{PATH_KEY}: /healthz}}}}}}"
        (folder / "kustomization.yaml").write_text(
            f"resources: [stream.yaml]\npatches:\n- target: {{kind: Service}}\n  patch: '{patch}'\n"
        )
        found["kubectl kustomize"] = (kubectl, "kustomize", str(folder))
    if (yq := TOOLS / "yq-4").exists():
        select = 'select(.kind == "Service" and .spec.type == "LoadBalancer")'
        found["yq"] = (str(yq), f'({select} | .metadata.annotations["{PATH_KEY}"]) = "/healthz"', "-")
    return found


class Report:
    """Prints each comparison with its limit, and remembers whether one was missed."""

    def __init__(self) -> None:
        self.missed = False

    def line(self, text: str, value: float, limit: float, *, at_least: bool = False) -> None:
        """One measure."""
        good = value >= limit if at_least else value <= limit
        self.missed = self.missed or not good
        word = "at least" if at_least else "at most"
        print(f"{'ok  ' if good else 'MISS'} {text}: {value:.2f} ({word} {limit:.2f})")

    def missing(self, what: str) -> None:
        """Something that could not be measured."""
        self.missed = True
        print(f"MISS {what}")


def compare_large(report: Report, folder: Path, turns: int) -> None:
    """10 MB with 20 Services: against other tools, and how much memory it takes."""
    stream = folder / "large.yaml"
    stream.write_bytes(large(SERVICES))
    others = rivals(folder, stream)
    ours = fastest({"kubectl akslb": PROGRAM}, stream, turns)["kubectl akslb"]
    print(f"     10 MB, {SERVICES} Services: {ours * 1000:.0f} ms")
    for name in ("kubectl kustomize", "yq"):
        if name not in others:
            report.missing(f"{name} is not there: put kubectl on the PATH, run tests/e2e/tools/build.sh yq-4")
            continue
        taken = fastest({name: others[name]}, stream, 1 if turns < 10 else 2)[name]
        report.line(f"times faster than {name} ({taken:.1f} s)", taken / ours, MIN_TIMES_FASTER, at_least=True)
    with stream.open("rb") as file:
        done = subprocess.run([*PYTHON, MEASURED], stdin=file, capture_output=True, cwd=ROOT, check=True, text=False)
    if done.stdout.count(PATH_KEY.encode()) != SERVICES:
        report.missing("not every Service has got its annotation")
    size = stream.stat().st_size
    limit = (MAX_MEMORY_FACTOR * size + MAX_MEMORY_BASE) / 1e6
    report.line("peak memory in MB", int(done.stderr.split()[-1]) * 1024 / 1e6, limit)


def compare_idle(report: Report, folder: Path, turns: int) -> None:
    """10 MB without a Service: against Python that does nothing, and Python that reads."""
    stream = folder / "idle.yaml"
    stream.write_bytes(large(0))
    read = "import sys; sys.stdin.buffer.read()"
    commands = {"ours": PROGRAM, "pass": (*PYTHON, "pass"), "read": (*PYTHON, read)}
    found = fastest(commands, stream, turns, processor)
    limit = MAX_IDLE_RATIO * found["pass"] + max(found["read"] - found["pass"], 0)
    text = f"nothing to do, ms (python -c pass {found['pass'] * 1000:.0f}, reading {found['read'] * 1000:.0f})"
    report.line(text, found["ours"] * 1000, limit * 1000)


def compare_small(report: Report, folder: Path, turns: int) -> None:
    """30 KB with one Service: the whole process against the start of kubectl, in processor time."""
    kubectl = shutil.which("kubectl")
    if not kubectl:
        report.missing("kubectl is not there")
        return
    stream = folder / "small.yaml"
    stream.write_bytes(small())
    found = fastest({"ours": PROGRAM, "kubectl": (kubectl, "version", "--client")}, stream, turns, processor)
    text = f"30 KB, one Service ({found['ours'] * 1000:.0f} ms) per kubectl version ({found['kubectl'] * 1000:.0f} ms)"
    report.line(text, found["ours"] / found["kubectl"], MAX_SMALL_RATIO)


def main(arguments: Sequence[str]) -> int:
    """Run all comparisons."""
    turns = 5 if "--quick" in arguments else 20
    compile_package()
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compare_small(report, folder, turns)
        compare_idle(report, folder, turns)
        compare_large(report, folder, turns)
    return 1 if report.missed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
