"""The recordings in the repository: each case once, each different outcome of it once, with the kube-proxies that gave it.

They are files as those of ``conformance/``, of release and mode ("v1.36.1 iptables") where those have a release.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from conformance import vectors
from conformance.vectors import Json, Vector, grouped

__all__ = ["FOLDER", "Json", "Vector", "merged", "order", "read", "versions_of", "write"]

FOLDER = Path(__file__).parent / "recordings"
_WHO = "proxies"


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
        bodies = {name: body for body, names in outcomes for name in names if name != proxy}
        if case["id"] in answers:
            bodies[proxy] = answers[case["id"]]
        found[case["id"]] = Vector(case, grouped(bodies, order))
    return found


def read(folder: Path = FOLDER) -> dict[str, Vector]:
    """All vectors by the name of their case."""
    return vectors.read(folder, _WHO)


def write(found: Iterable[Vector], folder: Path = FOLDER) -> None:
    """Replace what is recorded, one file for each area; files of areas that are gone are removed."""
    vectors.write(found, folder, _WHO)


def versions_of(found: Mapping[str, Vector]) -> list[str]:
    """The recorded releases, oldest first."""
    names = {name for vector in found.values() for _, proxies in vector.outcomes for name in proxies}
    return list(dict.fromkeys(name.partition(" ")[0] for name in sorted(names, key=order)))
