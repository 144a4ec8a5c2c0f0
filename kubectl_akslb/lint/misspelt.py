"""Which annotation a key means that the provider does not know."""

import re
from collections.abc import Iterable
from functools import lru_cache

from kubectl_akslb.lint.keys import lookup
from kubectl_akslb.lint.spelling import edits, fewest_edits
from kubectl_akslb.provider import annotations as keys

_DOMAIN = keys.PREFIX.rstrip("/")
#: What people write in place of the domain.
_DOMAINS = frozenset(
    {
        _DOMAIN, "", "service.kubernetes.io", "service.alpha.kubernetes.io", "beta.kubernetes.io", "kubernetes.io",
        "services.beta.kubernetes.io", "service.beta.kubernetes.azure.com", "kubernetes.azure.com",
        "service.beta.kubernetes", "azure.microsoft.com", "cloud.azure.com",
    }
)  # fmt: skip
_PORT = r"port[-_]?([1-9][0-9]{0,4})[-_](.+)"
#: Shortened names that are too far from the real ones to be found by letters.
_SHORTENED = {
    "azure-load-balancer-health-probe-path": keys.PROBE_PATH,
    "azure-load-balancer-health-probe-count": keys.PROBE_COUNT,
    "azure-load-balancer-idle-timeout": keys.IDLE_TIMEOUT,
    "azure-load-balancer-subnet": keys.INTERNAL_SUBNET,
    "azure-load-balancer-source-ranges": keys.ALLOWED_IP_RANGES,
    "azure-load-balancer-allowed-ip-ranges": keys.ALLOWED_IP_RANGES,
    "azure-load-balancer-allowed-service-tags": keys.ALLOWED_SERVICE_TAGS,
    "azure-load-balancer-dns-label-name": keys.DNS_LABEL,
    "azure-load-balancer-ip": keys.IPV4,
    "azure-load-balancer-pip-name": keys.PIP_NAME,
}


def meant(key: str) -> str:
    """The annotation that *key* probably means; "" where it is known, or like none."""
    domain, slash, name = key.rpartition("/")
    if lookup(key) is not None or not _like(domain, _DOMAINS):
        return ""
    ported = re.compile(_PORT, re.IGNORECASE).fullmatch(name)
    if ported:
        tail = _tail(ported[2])
        return f"{keys.PREFIX}port_{ported[1]}_{tail}" if tail else ""
    plain = name.lower().replace("_", "-")
    if not slash and not plain.startswith("azure-"):
        return ""
    if plain in _SHORTENED:
        return str(_SHORTENED[plain])
    for candidate in (plain, "azure-" + plain):
        if candidate in _names():
            return keys.PREFIX + candidate
    found = fewest_edits(plain, _names()) if edits(plain[:6], "azure-", 3) <= 2 else ""
    return keys.PREFIX + found if found else ""


def _like(domain: str, known: Iterable[str]) -> bool:
    return domain in known or edits(domain, _DOMAIN, 3) <= 2


def _tail(text: str) -> str:
    """The end of the key of a port's annotation."""
    tails = {row.tail.removeprefix("_"): row for row in keys.ANNOTATIONS if isinstance(row, keys.PortAnnotation)}
    plain = {tail.replace("_", "-"): tail for tail in tails}
    wanted = text.lower().replace("_", "-")
    if wanted == "health-probe-path":
        wanted = "health-probe-request-path"
    return plain.get(wanted) or plain.get(fewest_edits(wanted, plain), "")


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(row.short for row in keys.ANNOTATIONS if not isinstance(row, keys.PortAnnotation))
