"""Record what the kubelet's own probes make of answers: python -m lab.prober [v1.37.1]. It needs Go."""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kubectl_akslb.errors import AkslbError

Json = dict[str, Any]

RECORDING = Path(__file__).parent / "probes.jsonl"
NEWEST = "v1.37.1"
_BUILD = Path(__file__).parent / "build"


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask the probes of one release, and write a line for each answer of a server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", nargs="?", default=NEWEST, help="a release of Kubernetes")
    options = parser.parse_args(arguments)
    try:
        lines = asked(options.version)
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    RECORDING.write_text("".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines))
    print(f"{options.version}: {len(lines)} answers")
    return 0


def asked(version: str) -> list[Json]:
    """What the probes of a release say of each answer."""
    built = subprocess.run([_BUILD, version, "prober"], stdout=subprocess.PIPE, text=True, check=False)
    if built.returncode:
        raise AkslbError(f"the prober of {version} was not built", hint="what Go says stands above")
    done = subprocess.run([built.stdout.strip()], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AkslbError(f"the prober failed: {done.stderr.strip()[-600:]}", hint=f"run {built.stdout.strip()}")
    return [{**json.loads(line), "kubernetes": version} for line in done.stdout.splitlines()]


def recorded() -> list[Json]:
    """The lines in the repository."""
    return [json.loads(line) for line in RECORDING.read_text().splitlines()]


if __name__ == "__main__":
    sys.exit(main())
