"""What the provider decides at random: until 1.28 it compares the addresses of several nodes in the order of a Go map.

Where they differ in order it takes a rule for another one, and numbers all rules anew; asked six times it answers both ways.
So it numbers the ranges of a port until access control came: which number is left of a pair is chance, where an upgrade drops
the other one.
"""

from typing import Any

from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.annotations import DISABLE_FLOATING_IP
from kubectl_akslb.provider.behaviours import ACCESS_CONTROL, RENUMBERED_NSG_PRIORITIES, behaviours_of

Json = dict[str, Any]


def settled_upgrade(body: Json, services: list[Json], old: str, new: str) -> Json:
    """What stands after an upgrade, with the order of security rules for their numbers where chance decides them."""
    body = settled(body, services, new)
    before, after = (behaviours_of(ProviderVersion.parse(release)) for release in (old, new))
    if ACCESS_CONTROL in before or ACCESS_CONTROL not in after:
        return body
    places = {number: place for place, number in enumerate(sorted(_numbers(body)))}
    rules = [
        {**rule, "priority": places[rule["priority"]]} if "priority" in rule else rule for rule in body["securityRules"]
    ]
    return {**body, "securityRules": rules}


def _numbers(body: Json) -> set[int]:
    return {rule["priority"] for rule in body["securityRules"] if "priority" in rule}


def settled(body: Json, services: list[Json], release: str) -> Json:
    """What stands, without the numbers of security rules where chance decides them."""
    on_nodes = any(str(DISABLE_FLOATING_IP) in (one["metadata"].get("annotations") or {}) for one in services)
    if not on_nodes or RENUMBERED_NSG_PRIORITIES not in behaviours_of(ProviderVersion.parse(release)):
        return body
    rules = [{key: value for key, value in rule.items() if key != "priority"} for rule in body["securityRules"]]
    return {**body, "securityRules": rules}
