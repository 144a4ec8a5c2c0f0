"""What the provider refuses, so that the Service stays pending: a row for each error that has a rule of its own."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from kubectl_akslb.derive.addresses import is_address
from kubectl_akslb.derive.readers import go_integer, trim
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, UNSAFE, Finding, Fix, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_annotations, set_value
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.derivation import Refusal
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider.refusals import GENERIC

_SECONDS = r"\s*([0-9]{1,9})(?:\.0+)?\s*(?:s|sec|secs|second|seconds)?\s*"
_MINUTES = r"\s*([0-9]{1,9})(?:\.0+)?\s*(?:m|min|mins|minute|minutes)?\s*"


class _Row(NamedTuple):
    """A rule. *hint* "" means what the refusal advises; *value* is a good one for the annotation that is refused."""

    id: str
    title: str
    group: Group
    hint: str = ""
    value: Callable[[Refusal], str | None] | None = None
    on_key: bool = False


def _check(row: _Row, context: ServiceContext) -> Iterator[Finding]:
    """The refusals of one row."""
    for refusal in context.refused(GENERIC if row.id == "refused-by-provider" else row.id):
        remedy = refusal.code.remedy
        hint = row.hint or (f"{remedy[:1].upper()}{remedy[1:]}." if remedy else "")
        steps = steps_of(refusal.origin)
        yield Finding(
            f"the Service stays pending: {refusal.message}", steps, row.on_key, hint, _fix(row, context, refusal)
        )


def _fix(row: _Row, context: ServiceContext, refusal: Refusal) -> Fix | None:
    value = row.value(refusal) if row.value is not None else None
    if value is None:
        return None
    return set_value(context, (*ANNOTATIONS, refusal.origin.path), value, f"set it to {value}", SAFE)


def _timeout(refusal: Refusal) -> str:
    return "30" if (go_integer(trim(refusal.origin.raw or ""), 32) or 0) > 4 else "4"


def _number(refusal: Refusal) -> str | None:
    unit = _MINUTES if refusal.origin.path == keys.IDLE_TIMEOUT else _SECONDS
    found = re.fullmatch(unit, refusal.origin.raw or "", re.IGNORECASE)
    return found[1] if found else None


def _addresses(refusal: Refusal) -> str | None:
    items = [item for part in (refusal.origin.raw or "").split(",") if (item := part.strip())]
    return ",".join(items) if items and all(is_address(item) for item in items) else None


def _private_address(context: ServiceContext) -> Iterator[Finding]:
    """Addresses that no public IP can have."""
    for found in _check(_PRIVATE_ADDRESS, context):
        fix = None
        if keys.INTERNAL not in context.service.annotations:
            fix = set_annotations(context, ((keys.INTERNAL, "true"),), "make it internal", UNSAFE, ("*",))
        yield found._replace(fix=fix)


_PRIVATE_ADDRESS = _Row(
    "private-address-on-public-service", "Private address on a public Service", Group.ADDRESSES,
    'Add service.beta.kubernetes.io/azure-load-balancer-internal: "true", or name the address of a public IP.',
)  # fmt: skip
_ROWS = (
    _Row(
        "idle-timeout-out-of-range", "Idle timeout that is refused", Group.RULES,
        "Azure's pages allow 4 to 30 minutes.", _timeout,
    ),
    _Row(
        "malformed-additional-addresses", "Blanks or empty items among additional addresses", Group.ADDRESSES,
        "Separate addresses by a comma alone.", _addresses,
    ),
    _Row(
        "not-a-whole-number", "Number annotation that is no whole number", Group.KEYS, "Write digits only.", _number,
    ),
    _Row(
        "probe-count-too-low", "Fewer than two failed probes", Group.PROBES,
        "A node leaves after two failed probes or more.", lambda _: "2",
    ),
    _Row(
        "probe-interval-too-short", "Probe interval below 5 seconds", Group.PROBES,
        "Azure probes every 5 seconds or less often.", lambda _: "5",
    ),
    _Row(
        "probe-window-too-long", "Probe interval times count of 120 or more", Group.PROBES,
        "A node that fails leaves after interval times count seconds: keep that below 120.",
    ),
    _Row(
        "sctp-not-internal", "SCTP on a public Service", Group.RULES,
        "Make the Service internal, with HA ports, on a Standard load balancer.",
    ),
    _Row(
        "two-kinds-of-ranges", "loadBalancerSourceRanges together with a range annotation", Group.ACCESS,
        "Keep one: kube-proxy enforces spec.loadBalancerSourceRanges too, the annotation is for the NSG only.",
        on_key=True,
    ),
    _Row("refused-by-provider", "Service that the provider refuses", Group.KEYS),
)  # fmt: skip

RULES = (
    *(
        Rule(row.id, row.title, row.group, ERROR, RuleEffect.STOPS, SAFE if row.value else "", partial(_check, row))
        for row in _ROWS
    ),
    Rule(*_PRIVATE_ADDRESS[:3], ERROR, RuleEffect.STOPS, UNSAFE, _private_address),
)
