"""What Azure refuses of security rules."""

import re
from collections.abc import Iterator
from itertools import pairwise

from kubectl_akslb.azure import limits
from kubectl_akslb.azure.refused.sent import INFERRED, OBSERVED, Objection, SentState, prefix_of
from kubectl_akslb.model.derivation import (
    Derivation,
)


def overlapping_ranges(_: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A security rule that lists a range inside another."""
    for rule in derivation.security_rules:
        prefixes = [prefix for text in rule.sources.value if (prefix := prefix_of(text)) is not None]
        ordered = sorted(prefixes, key=lambda each: (each.address.bits, each.masked.address.value, each.length))
        for outer, inner in pairwise(ordered):
            if outer.contains(inner):
                because = f"rule {rule.name.value} lists {inner} and {outer}, which holds it"
                yield Objection(because, rule.sources.origin, OBSERVED)
                break


_SERVICE_TAG = r"[A-Za-z][A-Za-z0-9._-]*"


def invalid_source(_: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A source that is neither a range nor looks like a service tag."""
    for rule in derivation.security_rules:
        for text in rule.sources.value:
            prefix = prefix_of(text)
            if prefix is not None and prefix != prefix.masked:
                because = f"{text} has host bits; its network is {prefix.masked}"
                yield Objection(because, rule.sources.origin, OBSERVED)
            elif prefix is None and text not in {"", "*", "Internet"} and not re.compile(_SERVICE_TAG).fullmatch(text):
                because = f"{text!r} is neither a range nor a service tag"
                yield Objection(because, rule.sources.origin, INFERRED)


def empty_tag(_: SentState, derivation: Derivation) -> Iterator[Objection]:
    """An empty source."""
    for rule in derivation.security_rules:
        if "" in rule.sources.value:
            because = f"rule {rule.name.value} has an empty service tag for its source"
            yield Objection(because, rule.sources.origin, INFERRED)


def families_in_one_rule(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A security rule with addresses of both IP families."""
    for rule in derivation.security_rules:
        if len(sent.families(rule)) == 2:
            because = f"rule {rule.name.value} has sources or destinations of both IP families"
            yield Objection(because, rule.sources.origin, INFERRED)


_NONE = (0, 0, 0)


def too_many_security_rules(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """More rules than a security group has."""
    for rule in derivation.security_rules:
        count, _, _ = sent.security_up_to.get(rule.name.value, _NONE)
        if count > limits.SECURITY_RULES:
            because = f"the security group would have {count:,} rules; {limits.SECURITY_RULES:,} are the most"
            yield Objection(because, rule.sources.origin, OBSERVED)
            return


def too_many_prefixes(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """More sources or destinations than a security group has."""
    for rule in derivation.security_rules:
        _, sources, destinations = sent.security_up_to.get(rule.name.value, _NONE)
        for what, count in (("sources", sources), ("destinations", destinations)):
            if count > limits.SECURITY_PREFIXES:
                because = f"the security group would have {count:,} {what}; {limits.SECURITY_PREFIXES:,} are the most"
                yield Objection(because, rule.destinations.origin, OBSERVED)
                return
