"""The recordings in the repository: each case once, each different outcome of it once, with the kube-proxies that gave it."""

import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "recordings"


class Vector(NamedTuple):
    """One case, and for each different outcome of it the kube-proxies that gave it: release and mode, oldest first."""

    case: Json
    outcomes: tuple[tuple[Json, tuple[str, ...]], ...]

    @property
    def id(self) -> str:
        """The name of the case."""
        return str(self.case["id"])

    def outcome_of(self, proxy: str) -> Json | None:
        """What this kube-proxy did; None where it was not asked."""
        return next((outcome for outcome, proxies in self.outcomes if proxy in proxies), None)


def order(proxy: str) -> tuple[tuple[int, ...], str]:
    """Oldest first: "v1.36.1 iptables"."""
    version, _, mode = proxy.partition(" ")
    return tuple(int(part) for part in version[1:].split(".")), mode


def merged(
    known: Mapping[str, Vector], proxy: str, cases: Iterable[Json], answers: Mapping[str, Json]
) -> dict[str, Vector]:
    """The recordings with these answers; a case that has changed loses what others said of it before."""
    found = dict(known)
    for case in cases:
        old = known.get(case["id"])
        outcomes = old.outcomes if old is not None and old.case == case else ()
        bodies = {name: body for body, names in outcomes for name in names}
        bodies.pop(proxy, None)
        if case["id"] in answers:
            bodies[proxy] = answers[case["id"]]
        groups: dict[str, tuple[Json, list[str]]] = {}
        for name in sorted(bodies, key=order):
            groups.setdefault(json.dumps(bodies[name], sort_keys=True), (bodies[name], []))[1].append(name)
        found[case["id"]] = Vector(case, tuple((body, tuple(names)) for body, names in groups.values()))
    return found


def read(folder: Path = FOLDER) -> dict[str, Vector]:
    """All vectors by the name of their case."""
    return {vector.id: vector for path in sorted(folder.glob("*.jsonl.gz")) for vector in _lines(path)}


def _lines(path: Path) -> Iterator[Vector]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            body = json.loads(line)
            yield Vector(body["case"], tuple((one["outcome"], tuple(one["proxies"])) for one in body["outcomes"]))


def write(vectors: Iterable[Vector], folder: Path = FOLDER) -> None:
    """Replace what is recorded, one file for each area; files of areas that are gone are removed."""
    areas: dict[str, list[Vector]] = {}
    for vector in vectors:
        areas.setdefault(vector.id.partition("/")[0], []).append(vector)
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.jsonl.gz"):
        if path.name.removesuffix(".jsonl.gz") not in areas:
            path.unlink()
    for area, found in areas.items():
        lines = "".join(f"{_line(vector)}\n" for vector in sorted(found, key=lambda vector: vector.id))
        buffer = io.BytesIO()
        # No time and no name in it: the bytes depend on nothing but what is recorded.
        with gzip.GzipFile("", "wb", 9, buffer, mtime=0) as stream:
            stream.write(lines.encode())
        (folder / f"{area}.jsonl.gz").write_bytes(buffer.getvalue())


def _line(vector: Vector) -> str:
    outcomes = [{"outcome": outcome, "proxies": list(proxies)} for outcome, proxies in vector.outcomes]
    return json.dumps({"case": vector.case, "outcomes": outcomes}, sort_keys=True, separators=(",", ":"))


def versions_of(vectors: Mapping[str, Vector]) -> list[str]:
    """The recorded releases, oldest first."""
    found = {name for vector in vectors.values() for _, names in vector.outcomes for name in names}
    return list(dict.fromkeys(name.partition(" ")[0] for name in sorted(found, key=order)))
