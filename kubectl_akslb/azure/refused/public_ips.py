"""What Azure refuses of public IPs: labels, tags, prefixes."""

import re
from collections.abc import Iterator

from kubectl_akslb.azure import limits
from kubectl_akslb.azure.refused.sent import DOCUMENTED, INFERRED, OBSERVED, Objection, SentState
from kubectl_akslb.model.derivation import (
    Derivation,
)

_LABEL = r"[a-z][a-z0-9-]{1,61}[a-z0-9]"
_PREFIX_ID = r"(?i:/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/publicIPPrefixes/[\w.-]+)"
_NOT_IN_TAG_NAMES = frozenset("<>%&\\?/")


def bad_dns_label(_: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A DNS label with other characters than a label has."""
    for address in derivation.public_ips:
        label = address.domain_name_label
        if label is not None and not re.fullmatch(_LABEL, label.value):
            yield Objection(f"{label.value!r} is no label", label.origin, OBSERVED)


def dns_label_taken(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A DNS label that another public IP has."""
    for address in derivation.public_ips:
        label = address.domain_name_label
        for other in sent.labels.get(label.value.lower(), ()) if label is not None else ():
            if other.name.value == address.name.value:
                break
            # The two addresses of a dual-stack Service share their label.
            if label is not None and other.version.value == address.version.value:
                because = f"public IP {other.name.value} has the label {label.value} already"
                yield Objection(because, label.origin, DOCUMENTED)
                break


def bad_tags(_: SentState, derivation: Derivation) -> Iterator[Objection]:
    """Tags with names, values or a number that Azure does not take."""
    for address in derivation.public_ips:
        tags = address.tags or {}
        for name, value in tags.items():
            if _NOT_IN_TAG_NAMES & set(name):
                yield Objection(f"the tag name {name!r} has one of < > % & \\ ? /", value.origin, OBSERVED)
                return
            if len(name) > limits.TAG_NAME_LENGTH or len(value.value) > limits.TAG_VALUE_LENGTH:
                because = f"tag {name[:40]!r} is too long: names have 512 characters, values 256"
                yield Objection(because, value.origin, DOCUMENTED)
                return
        if len(tags) > limits.TAGS:
            because = f"{len(tags)} tags; {limits.TAGS} are the most"
            yield Objection(because, next(iter(tags.values())).origin, DOCUMENTED)


def bad_prefix_id(_: SentState, derivation: Derivation) -> Iterator[Objection]:
    """What is no id of a public IP prefix."""
    for address in derivation.public_ips:
        prefix = address.prefix_id
        if prefix is not None and not re.fullmatch(_PREFIX_ID, prefix.value):
            yield Objection(f"{prefix.value!r} is not the id of a public IP prefix", prefix.origin, INFERRED)
