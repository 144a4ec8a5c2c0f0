"""Compare the recorder with recordings that somebody else has made: python -m conformance.agree FOLDER [v1.36.5 …].

FOLDER holds cases.jsonl.gz and expected.jsonl.gz. Without a release, all that both can record are compared.
"""

import argparse
import gzip
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from conformance.outcome import differences
from conformance.record import built, settled, tag
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion

Json = dict[str, Any]

_SHOWN = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how many outcomes agree in each release, and the first that do not; 1 where one does not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("version", nargs="*")
    options = parser.parse_args(arguments)
    cases = {case["id"]: case for case in _lines(options.folder / "cases.jsonl.gz")}
    expected = _expected(options.folder / "expected.jsonl.gz")
    wrong = 0
    for version in [tag(text) for text in options.version] or sorted(expected, key=ProviderVersion.parse):
        try:
            wrong += _compare(cases, expected[version], version)
        except (AkslbError, subprocess.SubprocessError) as error:
            print(f"{version}: not compared: {error}")
    return 1 if wrong else 0


def _lines(path: Path) -> Iterator[Json]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _expected(path: Path) -> dict[str, dict[str, Json]]:
    found: dict[str, dict[str, Json]] = defaultdict(dict)
    for entry in _lines(path):
        for outcome in entry["outcomes"]:
            for version in outcome["versions"]:
                found[version][entry["id"]] = outcome
    return found


def _compare(cases: dict[str, Json], expected: dict[str, Json], version: str) -> int:
    """How many outcomes of a release differ."""
    lines = "".join(f"{json.dumps(cases[name])}\n" for name in expected)
    answers = {answer["id"]: settled(answer, version) for answer in map(json.loads, built(version)(lines).splitlines())}
    theirs = {name: settled(outcome, version) for name, outcome in expected.items()}
    wrong = [name for name in theirs if theirs[name] != answers.get(name)]
    print(f"{version}: {len(theirs) - len(wrong)} of {len(theirs)} agree")
    for name in wrong[:_SHOWN]:
        path, said, recorded = next(differences(theirs[name], answers.get(name)))
        print(f"  {name}: {path}\n    theirs {json.dumps(said)[:300]}\n    ours   {json.dumps(recorded)[:300]}")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
