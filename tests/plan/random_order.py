"""What the provider decides at random: until 1.28 it compares the addresses of several nodes in the order of a Go map.

Where they differ in order it takes a rule for another one, and numbers all rules anew; asked six times it answers both ways.
"""

from typing import Any

from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.annotations import DISABLE_FLOATING_IP
from kubectl_akslb.provider.behaviours import RENUMBERED_NSG_PRIORITIES, behaviours_of

Json = dict[str, Any]


def settled(body: Json, services: list[Json], release: str) -> Json:
    """What stands, without the numbers of security rules where chance decides them."""
    on_nodes = any(str(DISABLE_FLOATING_IP) in (one["metadata"].get("annotations") or {}) for one in services)
    if not on_nodes or RENUMBERED_NSG_PRIORITIES not in behaviours_of(ProviderVersion.parse(release)):
        return body
    rules = [{key: value for key, value in rule.items() if key != "priority"} for rule in body["securityRules"]]
    return {**body, "securityRules": rules}
