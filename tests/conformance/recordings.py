"""Recordings of the real provider that are not in the repository."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from kubectl_akslb.model.version import ProviderVersion

Json = dict[str, Any]
RECORDINGS = Path(__file__).parents[3] / "shared" / "conformance"


def _lines(name: str) -> Iterator[Json]:
    with gzip.open(RECORDINGS / name, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


@lru_cache(maxsize=1)
def recorded() -> dict[str, list[tuple[Json, Json]]]:
    """Per provider version, the cases and what the provider made of each."""
    cases = {case["id"]: case for case in _lines("cases.jsonl.gz")}
    outcomes = defaultdict(list)
    for entry in _lines("expected.jsonl.gz"):
        for outcome in entry["outcomes"]:
            for version in outcome["versions"]:
                outcomes[version].append((_question(cases[entry["id"]], version, outcome), outcome))
    return dict(outcomes)


def _question(case: Json, version: str, outcome: Json) -> Json:
    """The case with what ARM assigned to it, which no derivation can know."""
    question = {**case, "providerVersion": version}
    if outcome.get("status"):
        ingress = [{"ip": address} for address in outcome["status"]]
        question["service"] = {**case["service"], "status": {"loadBalancer": {"ingress": ingress}}}
    if "assigned" in outcome:
        question["assigned"] = outcome["assigned"]
    return question


def versions() -> list[str]:
    """The recorded releases, oldest first; one that is skipped where there are no recordings."""
    if not RECORDINGS.exists():
        return ["no recordings"]
    return sorted(recorded(), key=ProviderVersion.parse)
