"""Items of lists of ranges that are none: a row for each way to be wrong."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import SOURCE_RANGES, ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Finding, RuleEffect
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.ranges import EMPTY, HOST_BITS, INVALID, bad_items, consequence, replaced, without_empty
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider import behaviours

_WRITE = (
    "Write ranges such as 198.51.100.0/24, for one address 198.51.100.7/32; tags go to"
    " service.beta.kubernetes.io/azure-allowed-service-tags."
)


def _empty(context: ServiceContext) -> Iterator[Finding]:
    """Lists with an item that is not there; one finding for each list."""
    seen = set()
    for item in bad_items(context, EMPTY):
        if item.origin.path in seen:
            continue
        seen.add(item.origin.path)
        fix = without_empty(context, item.origin.path) if item.origin.path != SOURCE_RANGES else None
        hint = "Remove the comma too many; leave the annotation out for a Service without ranges."
        yield Finding(f"an item of the list is empty: {consequence(context, item)}", item.steps, hint=hint, fix=fix)


def _host_bits(context: ServiceContext) -> Iterator[Finding]:
    """Ranges that are dropped because of their host bits."""
    for item in bad_items(context, HOST_BITS):
        hint = f"Write {item.instead} for the network, or /32 (/128 for IPv6) for the one address."
        message = f"{item.text} has host bits: {consequence(context, item)}"
        yield Finding(message, item.steps, hint=hint, fix=replaced(context, item))


def _invalid(context: ServiceContext) -> Iterator[Finding]:
    """Items that are dropped or refused."""
    for item in bad_items(context, INVALID):
        yield Finding(f"{item.text!r} is no range: {consequence(context, item)}", item.steps, hint=_WRITE)
    if not context.cluster.has(behaviours.ACCESS_CONTROL):
        for refusal in context.refused("invalid-source-range"):
            yield Finding(f"the Service stays pending: {refusal.message}", steps_of(refusal.origin), hint=_WRITE)


RULES = (
    Rule("empty-range-item", "Empty item in a list of ranges", Group.ACCESS, ERROR, RuleEffect.STOPS, UNSAFE, _empty),
    Rule("host-bits-in-range", "Range with host bits", Group.ACCESS, ERROR, RuleEffect.STOPS, UNSAFE, _host_bits),
    Rule("invalid-source-range", "Range that is none", Group.ACCESS, ERROR, RuleEffect.STOPS, check=_invalid),
)
