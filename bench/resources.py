"""How time and memory grow with the input: curves of what once grew faster, and the bounds that hold.

Each measurement is a process of its own, and its memory the most that the process had. ``bench/resources.py`` prints a
table; with ``--check`` it fails where a bound is not kept. The bound of memory is 20 times the input and 40 MB, and for
lint and fix 60 KB for each Service.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
#: Runs the program and writes what it held at most; rusage would count what the parent held before exec.
MEASURED = """\
import os, sys
from kubectl_akslb.__main__ import main
sys.argv[0] = "kubectl-akslb"
def told(code):
    status = open("/proc/self/status").read()
    open(os.environ["AKSLB_BENCH"], "w").write(status.partition("VmHWM:")[2].split()[0])
    return ended(code)
ended, os._exit = os._exit, told
try:
    main()
except SystemExit as leaving:
    told(leaving.code or 0)
"""
PROGRAM = [sys.executable, "-c", MEASURED]
MEGABYTE = 1024 * 1024
HEAD = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"
SPEC = "spec:\n  type: LoadBalancer\n  selector: {app: web}\n  ports:\n  - {port: 80, appProtocol: http}\n"
POLICY = """apiVersion: akslb.dev/v1alpha1
kind: AnnotationPolicy
spec:
  rules:
  - match: {name: '*'}
    set:
      service.beta.kubernetes.io/azure-load-balancer-internal: "true"
      service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
"""


def service(number: int) -> str:
    """A Service with a selector of its own."""
    return HEAD.replace("web", f"web-{number}") + SPEC.replace("web", f"web-{number}")


def deployment(number: int) -> str:
    """A Deployment whose pods one Service selects."""
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web-{number}}}\nspec:\n  template:\n"
        f"    metadata: {{labels: {{app: web-{number}}}}}\n    spec:\n      containers:\n      - name: c\n"
        f"        image: c:{number}\n"
        "        ports: [{containerPort: 80}]\n"
    )


def item(text: str) -> str:
    """An object as an item of a List."""
    return "- " + text.replace("\n", "\n  ").rstrip(" ")


def listed(count: int, *, anchored: bool = False) -> str:
    """A List of Services; *anchored*: each has an annotation that a policy wants another value of, with an anchor."""
    items = [item(service(number)) for number in range(count)]
    if anchored:
        key = "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout"
        given = '    annotations:\n      {}: &a{} "7"\n'
        items = [one.replace("  spec:", given.format(key, number) + "  spec:") for number, one in enumerate(items)]
    return "apiVersion: v1\nkind: List\nitems:\n" + "".join(items)


def beside(count: int) -> str:
    """Services, each with its Deployment."""
    return "---\n".join(one(number) for number in range(count) for one in (service, deployment))


def filled(what: str) -> Callable[[int], str]:
    """A Service with so many megabytes of *what* in its metadata."""
    return lambda size: HEAD + what * (size * MEGABYTE // len(what)) + SPEC


def scalar(before: str, what: str, behind: str) -> Callable[[int], str]:
    """A Service with a scalar of so many megabytes of *what*."""
    return lambda size: HEAD + before + what * (size * MEGABYTE // len(what)) + behind + SPEC


class Curve(NamedTuple):
    """A kind of input in several sizes; *most* is the time that the largest one may take.

    *each* are the bytes that one Service may take beside: what is derived from it is larger than its text.
    """

    name: str
    arguments: tuple[str, ...]
    sizes: tuple[int, ...]
    make: Callable[[int], str]
    most: float
    each: int = 0


WITH_POLICY = ("post-render", "--policy", "POLICY")
MEGABYTES = (1, 5, 10)
DERIVED = 60 * 1024
CURVES = (
    Curve("blank lines, MB", ("post-render",), MEGABYTES, filled("\n"), 20),
    Curve("comment lines, MB", ("post-render",), MEGABYTES, filled("  # c\n"), 20),
    Curve("an escaped scalar, MB", ("post-render",), MEGABYTES, scalar('  x: "', "\\n", '"\n'), 20),
    Curve("an anchored scalar, MB", ("post-render",), (1, 3), scalar("  x: &a ", "b", "\n"), 20),
    Curve("Services and Deployments", ("post-render",), (500, 1000, 2000, 4000), beside, 12),
    Curve("Services and Deployments, lint", ("lint", "-f", "-"), (250, 500, 1000), beside, 30, DERIVED),
    Curve("a List with a policy", WITH_POLICY, (50, 100, 200, 400), lambda n: listed(n, anchored=True), 25),
    Curve("a List, lint", ("lint", "-f", "-"), (100, 200, 400, 800), listed, 20, DERIVED),
    Curve("a List, fix", ("fix", "-f", "-"), (100, 200, 400), listed, 60, DERIVED),
)


class Measured(NamedTuple):
    """What a run took: seconds of the processor, and the most memory in bytes."""

    seconds: float
    memory: int
    code: int


def measure(arguments: tuple[str, ...], text: str, root: Path = ROOT) -> Measured:
    """Run the program with *text* as its standard input."""
    policy = Path("/tmp/akslb-bench-policy.yaml")  # noqa: S108 - a file of this benchmark
    policy.write_text(POLICY)
    words = [str(policy) if word == "POLICY" else word for word in arguments]
    source = Path("/tmp/akslb-bench-input.yaml")  # noqa: S108 - as above
    source.write_text(text)
    held = Path("/tmp/akslb-bench-held")  # noqa: S108 - as above
    held.write_text("0")
    with source.open("rb") as stdin:
        process = subprocess.Popen(
            [*PROGRAM, *words], stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=root,
            env={**os.environ, "PYTHONPATH": str(root), "AKSLB_BENCH": str(held)},
            preexec_fn=_bounded,  # noqa: PLW1509 - there are no threads
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(used.ru_utime + used.ru_stime, int(held.read_text()) * 1024, process.returncode)


def _bounded() -> None:
    """A curve that is lost shall not take the machine along."""
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))


def main() -> int:
    """Print the table."""
    check = "--check" in sys.argv
    root = next((Path(word) for word in sys.argv[1:] if not word.startswith("-")), ROOT)
    lost = 0
    for curve in CURVES:
        for size in curve.sizes:
            text = curve.make(size)
            found = measure(curve.arguments, text, root)
            bound = 20 * len(text) + 40 * MEGABYTE + curve.each * size
            kept = found.memory <= bound and found.seconds <= curve.most and found.code in {0, 1}
            lost += not kept
            memory = f"{found.memory / MEGABYTE:8.0f} MB of {bound / MEGABYTE:5.0f}"
            verdict = f"exit {found.code}{'' if kept else '  LOST'}"
            print(
                f"{curve.name:31} {size:5} {len(text) / MEGABYTE:5.1f} MB in {found.seconds:7.2f} s {memory}  {verdict}"
            )
            sys.stdout.flush()
    return int(check and lost > 0)


if __name__ == "__main__":
    sys.exit(main())
