"""What a recorded security group does with a packet: Azure's evaluation, read off the recording alone.

It knows neither our derivation nor our reading of annotations, so that the deviations can be held against it.
"""

import ipaddress
from collections.abc import Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]
PREFIX = "service.beta.kubernetes.io/"
_PRIVATE = [
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
]
#: A client on the internet and one in the virtual network that no case names, by "is IPv6".
SOMEBODY = {False: "8.8.8.8", True: "2600::8"}
INSIDE = {False: "172.31.255.1", True: "fd12::1"}


class Asked(NamedTuple):
    """Whom a Service names, as its fields say it; None where a value is one that needs interpretation."""

    sources: tuple[str, ...]
    denies: bool


def asked_of(body: Json, *, ipv6: bool) -> Asked | None:
    """The ranges of one family, service tags, or the internet; and whether all others are denied."""
    annotations = {key.removeprefix(PREFIX): value for key, value in body["metadata"].get("annotations", {}).items()}
    listed = body["spec"].get("loadBalancerSourceRanges") or []
    items = [*listed, *_listed(annotations, "azure-allowed-ip-ranges")]
    tags = _listed(annotations, "azure-allowed-service-tags")
    if any("/" not in item for item in items) or "load-balancer-source-ranges" in annotations:
        return None
    if any(
        key in annotations
        for key in ("azure-disable-load-balancer-floating-ip", "azure-disable-load-balancer-nsg-rule")
    ):
        return None
    try:
        ranges = [ipaddress.ip_network(item) for item in items]
    except ValueError:
        return None
    if any(one.prefixlen == 0 for one in ranges) or any(tag != tag.strip() or not tag for tag in tags):
        return None
    inside = annotations.get("azure-load-balancer-internal", "")
    if inside not in ("", "true", "false"):
        return None
    own = [str(one) for one in ranges if (one.version == 6) == ipv6] + tags
    anybody = [] if ranges or tags or inside == "true" else ["Internet"]
    denies = annotations.get("azure-deny-all-except-load-balancer-source-ranges", "") == "true"
    return Asked(tuple(own or anybody), denies and bool(ranges or tags or listed))


def _listed(annotations: Json, key: str) -> list[str]:
    return annotations[key].split(",") if key in annotations else []


def allowed(outcome: Json, source: str, address: str, protocol: str, port: int) -> bool:
    """Whether a packet gets in: the rules by priority, then Azure's own default rules."""
    for rule in sorted(outcome["securityRules"], key=lambda rule: rule["priority"]):
        if (
            rule["direction"] == "Inbound"
            and rule["protocol"] in ("*", protocol)
            and {str(port), "*"} & set(_all(rule, "destinationPortRange"))
            and {address, "*"} & set(_all(rule, "destinationAddressPrefix"))
            and any(_matches(source, one) for one in _all(rule, "sourceAddressPrefix"))
        ):
            return str(rule["access"]) == "Allow"
    return _is_private(source)  # AllowVnetInBound, DenyAllInBound


def _all(rule: Json, key: str) -> Iterator[str]:
    if rule.get(key):
        yield rule[key]
    yield from rule.get(f"{key}es" if key.endswith("Prefix") else f"{key}s") or ()


def _matches(source: str, by: str) -> bool:
    if by in ("*", source):
        return True
    if by == "Internet":
        return _address(source) is not None and not _is_private(source)
    try:
        network = ipaddress.ip_network(by)
    except ValueError:
        return False
    own = _address(source)
    return own is not None and own.version == network.version and own in network


def _address(source: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_network(source)[0]
    except ValueError:
        return None


def _is_private(source: str) -> bool:
    own = _address(source)
    return own is not None and any(own.version == one.version and own in one for one in _PRIVATE)
