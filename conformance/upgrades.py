"""Record what becomes of Services when the release changes: python -m conformance.upgrades [v1.23.30>v1.24.0 …].

The steps of a case are taken by the old release. Then the new one starts, as the cloud controller manager does after an
upgrade: it finds what stands in Azure, and every Service that is still there is ensured again as it is, in the order in
which they were made. Everything that stands then is recorded, and what each Service is refused for.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conformance import vectors
from conformance.cases import all_cases
from conformance.cases.case import Case
from conformance.outcome import KEPT, canonical, compared, without_order_of_ranges
from conformance.record import Recorder, built
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import ACCESS_CONTROL, behaviours_of

Json = dict[str, Any]

FOLDER = vectors.FOLDER / "upgrades"
#: Across each minor, and across the dated behaviours that break something; then some leaps.
UPGRADES = (
    "v1.28.9>v1.29.4 v1.29.4>v1.30.4 v1.30.4>v1.31.0 v1.31.0>v1.32.4 v1.32.4>v1.33.2 v1.33.2>v1.34.3 v1.34.3>v1.35.3"
    " v1.35.3>v1.36.5 v1.27.11>v1.28.9 v1.23.30>v1.24.4 v1.24.4>v1.25.5 v1.25.5>v1.26.22 v1.26.22>v1.27.11"
    " v1.31.0>v1.33.2 v1.28.9>v1.36.5 v1.33.2>v1.33.6 v1.28.4>v1.28.5 v1.28.0>v1.28.4 v1.23.2>v1.23.30"
    " v1.25.5>v1.25.24 v1.29.3>v1.29.4 v1.28.5>v1.28.9 v1.35.3>v1.36.2"
)
#: Of the cases that both releases answer differently when nothing stands, about so many; of the others fewer.
_MOST = 200
_FEW = 50


class Upgrade(NamedTuple):
    """From one release of the provider to another; as text ``v1.28.9>v1.29.4``."""

    old: str
    new: str

    def __str__(self) -> str:
        """Both releases."""
        return f"{self.old}>{self.new}"

    @classmethod
    def parse(cls, text: str) -> "Upgrade":
        """The upgrade of that name."""
        old, _, new = text.partition(">")
        return cls(old, new)


class Vector(NamedTuple):
    """One case by its name and content, and for each different outcome of it the upgrades that gave it."""

    id: str
    digest: str
    outcomes: tuple[tuple[Json, tuple[str, ...]], ...]


def upgrades() -> tuple[Upgrade, ...]:
    """The upgrades that are recorded."""
    return tuple(map(Upgrade.parse, UPGRADES.split()))


def cases(upgrade: Upgrade) -> dict[str, Json]:
    """The cases whose Services are upgraded, by name: of those that the two releases answer differently most."""
    recorded = vectors.read()
    different: list[Case] = []
    alike: list[Case] = []
    for case in all_cases():
        vector = recorded.get(case.id)
        if vector is None:
            continue
        before, after = (vector.outcome_of(release) for release in upgrade)
        if before is not None and after is not None:
            (alike if before == after else different).append(case)
    chosen = (*_spread(different, _MOST), *_spread(alike, _FEW))
    return {case.id: case.as_json() for case in chosen}


def _spread(found: list[Case], most: int) -> list[Case]:
    """At most so many of them, evenly."""
    return found[:: -(-len(found) // most)] if found else []


def digest(case: Json) -> str:
    """A short text that tells whether a case has changed."""
    return hashlib.sha256(json.dumps(case, sort_keys=True).encode()).hexdigest()[:16]


def standing(case: Json) -> list[Json]:
    """The Services that are there after the steps of a case, as they are, in the order in which they were made."""
    found: dict[str, Json] = {}
    for step in case.get("steps") or [{"ensure": case["service"]}]:
        service = step.get("ensure") or step.get("update") or step.get("delete")
        name = f"{service['metadata']['namespace']}/{service['metadata']['name']}"
        if "delete" in step:
            found.pop(name, None)
        else:
            found[name] = service
    return list(found.values())


def nodes_after(case: Json) -> list[Json]:
    """The nodes after the last step."""
    changed = [step["nodes"] for step in case.get("steps") or () if "nodes" in step]
    nodes: list[Json] = changed[-1] if changed else case["nodes"]
    return nodes


def record(upgrade: Upgrade, asked: Mapping[str, Json]) -> dict[str, Json]:
    """What becomes of the cases; those with which one of the releases does not start are left out."""
    old, new = built(upgrade.old), built(upgrade.new)
    before = _answers(old, [{**case, "keep": True, "whole": True} for case in asked.values()])
    after = []
    for name, case in asked.items():
        services = standing(case)
        if "state" in before[name] and services:
            steps = [{"ensure": service} for service in services]
            given = {"id": name, "config": case["config"], "nodes": nodes_after(case), "state": before[name]["state"]}
            after.append({**given, "steps": steps, "whole": True})
    answers = _answers(new, after)
    return {name: settled(answer, upgrade) for name, answer in answers.items() if "errors" in answer}


def _answers(recorder: Recorder, asked: Sequence[Json]) -> dict[str, Json]:
    lines = recorder("".join(f"{json.dumps(case)}\n" for case in asked))
    return {answer["id"]: answer for answer in map(json.loads, lines.splitlines())}


def settled(answer: Json, upgrade: Upgrade) -> Json:
    """The part of an answer that is compared, without what chance decides in these releases."""
    body: Json = canonical({key: answer.get(key) or [] for key in KEPT if key != "events"})
    body["errors"] = answer["errors"]
    ordered = ACCESS_CONTROL in behaviours_of(ProviderVersion.parse(upgrade.old))
    return body if ordered else {**compared_rules(body), "errors": answer["errors"]}


def compared_rules(body: Json) -> Json:
    """The body with the priorities of one port's ranges put in order."""
    return {
        key: value
        for key, value in compared(without_order_of_ranges({**body, "error": None})).items()
        if key != "events"
    }


def read(folder: Path = FOLDER) -> dict[str, Vector]:
    """All vectors by the name of their case."""
    found = {}
    for line in vectors.lines(folder):
        outcomes = tuple((one["outcome"], tuple(one["upgrades"])) for one in line["outcomes"])
        found[line["id"]] = Vector(line["id"], line["digest"], outcomes)
    return found


def write(found: Iterable[Vector], folder: Path = FOLDER) -> None:
    """Replace what is recorded."""
    vectors.write_lines(_lines(found), folder)


def written(found: Iterable[Vector]) -> dict[str, bytes]:
    """The files by their names, as they would be written."""
    return {f"{area}.jsonl.gz": vectors.packed(bodies) for area, bodies in _lines(found).items()}


def _lines(found: Iterable[Vector]) -> dict[str, list[Json]]:
    lines: dict[str, list[Json]] = {}
    for vector in sorted(found, key=lambda one: one.id):
        outcomes = [{"outcome": outcome, "upgrades": list(names)} for outcome, names in vector.outcomes]
        body = {"id": vector.id, "digest": vector.digest, "outcomes": outcomes}
        lines.setdefault(vector.id.partition("/")[0], []).append(body)
    return lines


def merged(
    known: Mapping[str, Vector], upgrade: Upgrade, asked: Mapping[str, Json], answers: Mapping[str, Json]
) -> dict[str, Vector]:
    """The recordings with these answers; a case that has changed loses what was recorded of it before."""
    found = dict(known)
    for name, answer in answers.items():
        current, old = digest(asked[name]), known.get(name)
        outcomes = old.outcomes if old is not None and old.digest == current else ()
        bodies = {one: body for body, names in outcomes for one in names}
        bodies[str(upgrade)] = answer
        groups: dict[str, tuple[Json, list[str]]] = {}
        for one in sorted(bodies):
            groups.setdefault(json.dumps(bodies[one], sort_keys=True), (bodies[one], []))[1].append(one)
        found[name] = Vector(name, current, tuple((body, tuple(names)) for body, names in groups.values()))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the upgrades that are named, or all; 1 where one could not be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("upgrade", nargs="*", help="such as 'v1.28.9>v1.29.4'; none: all")
    parser.add_argument("--into", type=Path, default=FOLDER, help="the folder of the recordings")
    options = parser.parse_args(arguments)
    known = read(options.into)
    try:
        for upgrade in [Upgrade.parse(text) for text in options.upgrade] or upgrades():
            asked = cases(upgrade)
            answers = record(upgrade, asked)
            known = merged(known, upgrade, asked, answers)
            write(known.values(), options.into)
            print(f"{upgrade}: {len(answers)} cases recorded")
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
