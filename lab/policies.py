"""Record which packets NetworkPolicies let through: python -m lab.policies. It needs Go, and nothing else.

The engine is that of sigs.k8s.io/kube-network-policies, in lab/engine; which source it is given is the question of the
node, not its own.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kubectl_akslb.errors import AkslbError
from lab import vectors
from lab.cases import policies

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "policies"
_SOURCE = Path(__file__).parent / "engine"
_PROGRAM = Path(__file__).parents[1] / ".cache" / "lab" / "engine"


def main(arguments: Sequence[str] | None = None) -> int:
    """Record all cases; with --check say whether they are answered as recorded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, and fail where an answer differs")
    options = parser.parse_args(arguments)
    try:
        cases = list(policies.cases())
        found = vectors.merged({}, engine(), cases, answers(cases))
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    if options.check:
        return 0 if found == vectors.read(FOLDER) else 1
    vectors.write(found.values(), FOLDER)
    print(f"{engine()}: {len(cases)} cases")
    return 0


def recorded(area: str) -> dict[str, vectors.Vector]:
    """What was recorded of one side: "policy", what pods are sent, or "egress", what they send."""
    return {name: vector for name, vector in vectors.read(FOLDER).items() if name.startswith(f"{area}/")}


def engine() -> str:
    """The engine and its release, as go.mod has it."""
    line = next(line for line in (_SOURCE / "go.mod").read_text().splitlines() if "kube-network-policies v" in line)
    return " ".join(reversed(line.removeprefix("require").split()[0:2])).replace("sigs.k8s.io/", "")


def answers(cases: Iterable[Json]) -> dict[str, Json]:
    """What the engine says of each case."""
    _PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["go", "build", "-trimpath", "-o", str(_PROGRAM), "."], cwd=_SOURCE, check=True)
    lines = "".join(f"{json.dumps(case)}\n" for case in cases)
    done = subprocess.run([str(_PROGRAM)], input=lines, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AkslbError(
            f"the policy engine failed: {done.stderr.strip()[-600:]}", hint="run lab/engine with the case alone"
        )
    found = map(json.loads, done.stdout.splitlines())
    return {answer["id"]: {"allowed": answer["allowed"]} for answer in found}


if __name__ == "__main__":
    sys.exit(main())
