"""Record what releases of the provider do with the cases: python -m conformance.record [v1.36.5 …].

Without a release all that are recorded are recorded again. Each release is asked twice, because two answers that differ
would make the recording random; what chance decides in old releases is put in order first.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance import vectors
from conformance.cases import all_cases
from conformance.outcome import compared, differences, field_of, without_order_of_ranges
from conformance.vectors import Vector
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import ACCESS_CONTROL, behaviours_of

Json = dict[str, Any]
#: Answers the lines of cases that it is given with lines of outcomes.
Recorder = Callable[[str], str]

_NO_START = "the provider does not start: "
BUILD = Path(__file__).parent / "build"
_WITHOUT_CHECKSUMS = "AKSLB_WITHOUT_CHECKSUM_DATABASE"
_AT_ONCE = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the releases that are named, or all again; 1 where one could not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", nargs="*", help="a release, such as v1.36.5; none: all that are recorded")
    parser.add_argument("--into", type=Path, default=vectors.FOLDER, help="the folder of the recordings")
    parser.add_argument("--only", metavar="AREA", default="", help="the cases of this area alone; the others stay")
    parser.add_argument(
        "--without-checksum-database",
        action="store_true",
        help="trust the module server for the provider's modules: the checksum database does not know some old ones",
    )
    options = parser.parse_args(arguments)
    cases = [case.as_json() for case in all_cases() if case.id.startswith(options.only)]
    known = vectors.read(options.into)
    if not cases:
        parser.error(f"no case is in area {options.only!r}")
    if options.without_checksum_database:
        os.environ[_WITHOUT_CHECKSUMS] = "1"
    try:
        for version in [tag(text) for text in options.version] or vectors.versions_of(known):
            answers = answers_of(built(version), version, cases)
            kept = {name: vector for name, vector in known.items() if not name.startswith(options.only)}
            known = {**kept, **merged(known, version, cases, answers)}
            vectors.write(known.values(), options.into)
            print(f"{version}: {len(answers)} cases recorded")
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    return 0


def tag(text: str) -> str:
    """The tag of a release: v1.36.5, also for 1.36.5; AkslbError for text that is no release."""
    try:
        return f"v{ProviderVersion.parse(text)}"
    except ValueError as error:
        raise AkslbError(str(error), hint="write it as v1.36.5") from None


def built(version: str) -> Recorder:
    """The recorder with this release in it; builds it where that has not been done."""
    done = subprocess.run([BUILD, version], stdout=subprocess.PIPE, text=True, check=False)
    program = done.stdout.strip()
    if done.returncode or not program:
        message = f"the recorder of {version} was not built"
        hint = "what Go says stands above; where it cannot verify a module: --without-checksum-database"
        raise AkslbError(message, hint=hint)
    return lambda lines: "".join(_run(program, part) for part in _parts(lines.splitlines(keepends=True), version))


def _parts(lines: Sequence[str], version: str) -> Iterator[str]:
    """So many cases at once that progress is seen, and that the provider's caches of the cases before take no memory."""
    for start in range(0, len(lines), _AT_ONCE):
        print(f"{version}: {start} of {len(lines)} cases", end="\r", file=sys.stderr)
        yield "".join(lines[start : start + _AT_ONCE])


def _run(program: str, lines: str) -> str:
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{program} failed: {done.stderr.strip()[-600:]}"
        raise AkslbError(message, hint="run it with the case alone; the provider's log is on standard error")
    return re.sub(r"https://127\.0\.0\.1:[0-9]+/", "https://management.azure.com/", done.stdout)


def answers_of(recorder: Recorder, version: str, cases: Sequence[Json]) -> dict[str, Json]:
    """What this release does with each case; AkslbError where it answers at random."""
    lines = "".join(f"{json.dumps(case)}\n" for case in cases)
    first, second = (_read(recorder(lines), version) for _ in range(2))
    missing = sorted({case["id"] for case in cases} ^ first.keys())
    if missing:
        message = f"{version} gave no answer, or one too many, to {', '.join(missing[:5])}"
        raise AkslbError(message, hint="run the recorder with the case alone; its log is on standard error")
    failed = [answer.get("error", "") for answer in first.values()]
    if failed and all(error.startswith(_NO_START) for error in failed):
        message = f"{version} does not start: {failed[0].removeprefix(_NO_START)}"
        raise AkslbError(message, hint="what the recorder gives the provider at its start is in conformance/recorder")
    random = [name for name in first if first[name] != second[name]]
    if random:
        fields = sorted({field_of(path) for name in random for path, *_ in differences(first[name], second[name])})
        message = f"{version} answers at random to {', '.join(random[:5])}: {', '.join(fields[:5])}"
        raise AkslbError(message, hint="take what chance decides out of the case, or put it in order in outcome.py")
    return first


def _read(lines: str, version: str) -> dict[str, Json]:
    answers = map(json.loads, lines.splitlines())
    return {answer["id"]: settled(answer, version) for answer in answers}


def settled(outcome: Json, version: str) -> Json:
    """The part of an outcome that is compared, without what chance decides in this release."""
    body = compared(outcome)
    return body if is_ordered(version) else compared(without_order_of_ranges(body))


def is_ordered(version: str) -> bool:
    """Whether this release gives priorities in an order; before, chance decides about those of ranges."""
    return ACCESS_CONTROL in behaviours_of(ProviderVersion.parse(version))


def merged(
    known: Mapping[str, Vector], version: str, cases: Iterable[Json], answers: Mapping[str, Json]
) -> dict[str, Vector]:
    """The recordings with these answers; a case that has changed loses what other releases said of it before."""
    found = {}
    for case in cases:
        old = known.get(case["id"])
        vector = old if old is not None and old.case == case else Vector(case, ())
        found[case["id"]] = vector.with_outcomes(version, answers[case["id"]])
    return found


if __name__ == "__main__":
    sys.exit(main())
