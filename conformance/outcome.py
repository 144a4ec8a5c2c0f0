"""Outcomes as they are stored and compared: what the provider built, or the text of its error."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

KEPT = ("loadBalancers", "securityRules", "publicIPs", "events")
#: What only some cases ask for.
ASKED = ("members", "errors", "privateLinkServices")
NAMED = {
    "loadBalancers", "securityRules", "publicIPs", "loadBalancingRules", "probes", "frontendIPConfigurations",
    "privateLinkServices", "ipConfigurations",
}  # fmt: skip
#: Events about which node joins which load balancer, which no Service decides.
ABOUT_NODES = {"FailedToFindLoadBalancerForNode"}
UNORDERED = {"ipTags", "backendPools", "destinationAddressPrefixes", "sourceAddressPrefixes", "destinationPortRanges"}


def canonical(value: Any, key: str = "") -> Any:
    """The value without absent fields and without the order of named things, which ARM does not keep."""
    if isinstance(value, dict):
        return {name: canonical(item, name) for name, item in sorted(value.items()) if item is not None}
    if isinstance(value, list):
        items = [canonical(item) for item in value]
        if key in NAMED:
            return sorted(items, key=lambda item: (str(item["name"]), str(item.get("resourceGroup"))))
        return sorted(items, key=str) if key in UNORDERED else items
    return value


def compared(outcome: Json) -> Json:
    """What is compared: of a refused Service the error text, of any other everything that stands in Azure."""
    if outcome.get("error"):
        return {"error": outcome["error"]}
    body: Json = canonical({key: outcome.get(key) or [] for key in KEPT})
    body |= {key: canonical(outcome[key], key) for key in ASKED if key in outcome}
    body["events"] = [event for event in body["events"] if event["reason"] not in ABOUT_NODES]
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


def differences(theirs: Any, ours: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place where two outcomes differ: its path, and what stands there; None where nothing does."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted({*theirs, *ours}):
            yield from differences(theirs.get(key), ours.get(key), f"{path}.{key}" if path else key)
    elif isinstance(theirs, list) and isinstance(ours, list) and _all_named((*theirs, *ours)):
        yield from _named_differences(theirs, ours, path)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for index, (one, other) in enumerate(zip(theirs, ours, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif theirs != ours:
        yield path, theirs, ours


def _all_named(items: tuple[Any, ...]) -> bool:
    return bool(items) and all(isinstance(item, dict) and "name" in item for item in items)


def _named_differences(theirs: list[Json], ours: list[Json], path: str) -> Iterator[tuple[str, Any, Any]]:
    """Named things are compared with those of the same name."""
    left, right = ({item["name"]: item for item in items} for items in (theirs, ours))
    for name in sorted({*left, *right}):
        yield from differences(left.get(name), right.get(name), f"{path}[{name}]")


def field_of(path: str) -> str:
    """A path without the names in it, to group what differs: ``securityRules[…].priority``."""
    return re.sub(r"\[[^]]*\]", "[]", path)
