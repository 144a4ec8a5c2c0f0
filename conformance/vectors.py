"""The recordings in the repository: each case once, each different outcome of it once, with the releases that gave it.

One compressed file for each area of the cases, one line for each case. The bytes depend on nothing but what is recorded:
lines are in the order of the cases' names, keys are sorted, and the compression has no time in it.
"""

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kubectl_akslb.model.version import ProviderVersion

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "vectors"


class Vector(NamedTuple):
    """One case, and for each different outcome of it the releases that gave it, oldest first."""

    case: Json
    outcomes: tuple[tuple[Json, tuple[str, ...]], ...]

    @property
    def id(self) -> str:
        """The name of the case."""
        return str(self.case["id"])

    def outcome_of(self, version: str) -> Json | None:
        """What this release did; None where it was not asked."""
        return next((outcome for outcome, versions in self.outcomes if version in versions), None)

    def with_outcomes(self, version: str, outcome: Json | None) -> "Vector":
        """The vector with another answer of this release, or with none."""
        answers = {old: body for body, versions in self.outcomes for old in versions if old != version}
        if outcome is not None:
            answers[version] = outcome
        return Vector(self.case, grouped(answers))


def grouped(
    answers: Mapping[str, Json], order: Callable[[str], Any] = ProviderVersion.parse
) -> tuple[tuple[Json, tuple[str, ...]], ...]:
    """The different answers of the releases, each once, in the *order* of their names."""
    found: dict[str, tuple[Json, list[str]]] = {}
    for version in sorted(answers, key=order):
        body = answers[version]
        found.setdefault(json.dumps(body, sort_keys=True), (body, []))[1].append(version)
    return tuple((body, tuple(versions)) for body, versions in found.values())


def read(folder: Path = FOLDER, who: str = "versions") -> dict[str, Vector]:
    """All vectors by the name of their case; *who* is the key of those who gave an answer."""
    found = (
        Vector(body["case"], tuple((o["outcome"], tuple(o[who])) for o in body["outcomes"])) for body in lines(folder)
    )
    return {vector.id: vector for vector in found}


def lines(folder: Path) -> Iterator[Json]:
    """The lines of all files of a folder."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            yield from map(json.loads, stream)


def write(vectors: Iterable[Vector], folder: Path = FOLDER, who: str = "versions") -> None:
    """Replace what is recorded; files of areas that are gone are removed."""
    areas: dict[str, list[Vector]] = {}
    for vector in vectors:
        areas.setdefault(vector.id.partition("/")[0], []).append(vector)
    write_lines({area: [_body(one, who) for one in _sorted(found)] for area, found in areas.items()}, folder)


def write_lines(areas: Mapping[str, Iterable[Json]], folder: Path) -> None:
    """Write one file for each area, and remove those of areas that are gone."""
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.jsonl.gz"):
        if path.name.removesuffix(".jsonl.gz") not in areas:
            path.unlink()
    for area, bodies in areas.items():
        (folder / f"{area}.jsonl.gz").write_bytes(packed(bodies))


def compressed(vectors: Iterable[Vector]) -> bytes:
    """The bytes of one file."""
    return packed(_body(one, "versions") for one in _sorted(vectors))


def _sorted(vectors: Iterable[Vector]) -> list[Vector]:
    return sorted(vectors, key=lambda vector: vector.id)


def packed(bodies: Iterable[Json]) -> bytes:
    """The bytes of one file of these lines."""
    text = "".join(
        f"{json.dumps(body, sort_keys=True, separators=(',', ':'), ensure_ascii=False)}\n" for body in bodies
    )
    buffer = io.BytesIO()
    # gzip.compress writes another header in each release of Python.
    with gzip.GzipFile("", "wb", 9, buffer, mtime=0) as stream:
        stream.write(text.encode())
    return buffer.getvalue()


def _body(vector: Vector, who: str) -> Json:
    outcomes = [{"outcome": outcome, who: list(names)} for outcome, names in vector.outcomes]
    return {"case": vector.case, "outcomes": outcomes}


def versions_of(vectors: Mapping[str, Vector]) -> list[str]:
    """The recorded releases, oldest first."""
    found = {version for vector in vectors.values() for _, versions in vector.outcomes for version in versions}
    return sorted(found, key=ProviderVersion.parse)
