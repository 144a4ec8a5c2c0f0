"""Our derivation against recordings of the real provider, for every recorded release and every Service.

The recordings are not in the repository; where they are missing, the test is skipped.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import ACCESS_CONTROL, behaviours_of
from tests.conformance.adapter import answer

Json = dict[str, Any]

RECORDINGS = Path(__file__).parents[3] / "shared" / "conformance"
SHOWN = 5
NAMED = {"loadBalancers", "securityRules", "publicIPs", "loadBalancingRules", "probes", "frontendIPConfigurations"}
UNORDERED = {"backendPools", "destinationAddressPrefixes", "sourceAddressPrefixes", "destinationPortRanges"}


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


def canonical(value: Any, key: str = "") -> Any:
    """The value without absent fields and without the order of named things, which ARM does not keep."""
    if isinstance(value, dict):
        return {name: canonical(item, name) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        items = [canonical(item) for item in value]
        if key in NAMED:
            return sorted(items, key=lambda item: str(item.get("name")))
        return sorted(items, key=str) if key in UNORDERED else items
    return value


def compared(outcome: Json) -> Json:
    """What is compared: of a refused Service the error text, of any other everything that stands in Azure."""
    if outcome.get("error"):
        return {"error": outcome["error"]}
    kept = ("loadBalancers", "securityRules", "publicIPs", "events")
    body: Json = canonical({key: outcome.get(key) or [] for key in kept})
    return body


def without_order_of_ranges(outcome: Json) -> Json:
    """The outcome with the priorities of one port's ranges put in the order of the ranges.

    Before access control the provider walks the ranges of a Service in the random order of a Go map. The rules for the
    ranges of one Service and port take consecutive turns, so they share a set of priorities; which of them gets which
    is chance. Everything else is not: the order of Services, of ports, of service tags after ranges, of denials.
    """
    groups: dict[str, list[Json]] = defaultdict(list)
    for rule in outcome.get("securityRules", []):
        if "/" in rule.get("sourceAddressPrefix", ""):
            groups["-".join(rule["name"].split("-")[:3])].append(rule)
    order: dict[str, int] = {}
    for rules in groups.values():
        priorities = sorted(rule["priority"] for rule in rules)
        order.update(zip((rule["name"] for rule in rules), priorities, strict=True))
    if not order:
        return outcome
    rules = [{**rule, "priority": order.get(rule["name"], rule["priority"])} for rule in outcome["securityRules"]]
    return {**outcome, "securityRules": rules}


@pytest.mark.shared_conformance
@pytest.mark.skipif(not RECORDINGS.exists(), reason="no recordings of the provider beside the repository")
@pytest.mark.parametrize("version", versions())
def test_says_what_the_provider_did(version: str) -> None:
    ordered = ACCESS_CONTROL in behaviours_of(ProviderVersion.parse(version))
    wrong = []
    for question, outcome in recorded()[version]:
        expected, actual = compared(outcome), compared(answer(question))
        if not ordered:
            expected, actual = without_order_of_ranges(expected), without_order_of_ranges(actual)
        if expected != actual:
            wrong.append({"case": question["id"], "provider": expected, "ours": actual})
    assert [] == wrong[:SHOWN], f"{len(wrong)} of {len(recorded()[version])} cases differ"


def test_only_the_order_of_ranges_is_forgiven() -> None:
    def rules(*priorities: int) -> Json:
        names = ("auid-TCP-80-10.0.0.0_8", "auid-TCP-80-192.0.2.0_24", "auid-TCP-443-10.0.0.0_8", "auid-TCP-80-Sql")
        sources = ("10.0.0.0/8", "192.0.2.0/24", "10.0.0.0/8", "Sql")
        return {
            "securityRules": [
                {"name": name, "sourceAddressPrefix": source, "priority": priority}
                for name, source, priority in zip(names, sources, priorities, strict=True)
            ]
        }

    expected = without_order_of_ranges(rules(500, 501, 503, 502))
    assert expected == without_order_of_ranges(rules(501, 500, 503, 502)), "two ranges of one port"
    assert expected != without_order_of_ranges(rules(500, 503, 501, 502)), "another port's turn"
    assert expected != without_order_of_ranges(rules(500, 502, 503, 501)), "a service tag before a range"
