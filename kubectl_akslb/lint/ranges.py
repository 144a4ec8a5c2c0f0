"""The items of ranges and service tags that are wrong, each with the place where it stands."""

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from kubectl_akslb.derive.addresses import AddressError, parse_network, parse_prefix
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.readers import is_true, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group.source_ranges import AccessControl, access_control, source_ranges_origin
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.lint.context import SOURCE_RANGES, ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, Fix
from kubectl_akslb.lint.fixes import ANNOTATIONS, remove, set_value
from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.model.provenance import Origin
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.api_server import faults
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

Kind: TypeAlias = Literal["empty", "host bits", "invalid"]
EMPTY: Final = "empty"
HOST_BITS: Final = "host bits"
INVALID: Final = "invalid"


class BadItem(NamedTuple):
    """An item of a list of ranges: *text* as the provider reads it, and what is wrong with it.

    *instead* is the range that is probably meant, or "". *others*: there are ranges beside it that are none of these.
    """

    origin: Origin
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    text: str
    kind: Kind
    instead: str = ""
    others: bool = True

    @property
    def steps(self) -> Path:
        """The way to it from the Service."""
        if self.origin.path == SOURCE_RANGES:
            return ("spec", "loadBalancerSourceRanges", self.index)
        return (*ANNOTATIONS, self.origin.path)


def opens_nothing(context: Context) -> bool:
    """Whether the provider writes no security rules for the Service. Upstream: reconcileSecurityGroup."""
    if serves(context.cluster):
        return True
    return context.has(behaviours.DISABLE_NSG_RULE) and is_true(annotation(context.service, keys.DISABLE_NSG_RULE))


def control(context: ServiceContext) -> AccessControl | None:
    """The access control of the Service; None for versions that know none, and where it is refused."""
    if not context.handled or not context.cluster.has(behaviours.ACCESS_CONTROL):
        return None
    try:
        return access_control(Context(context.settled.service, context.cluster))
    except Refused:
        return None


def bad_items(context: ServiceContext, kind: Kind) -> Iterator[BadItem]:
    """The items of one kind in every list of ranges that this version reads."""
    if not context.handled or not context.cluster.has(behaviours.ACCESS_CONTROL) or serves(context.cluster):
        return
    trimmed = context.cluster.has(behaviours.TRIMMED_RANGES)
    for origin, items in _lists(context, trimmed=trimmed):
        judged = [_judged(origin, index, trim(item) if trimmed else item) for index, item in enumerate(items)]
        for found in judged:
            strict = context.cluster.has(behaviours.DENY_INVALID_RANGES)
            if found is not None and found.kind == kind and (kind != HOST_BITS or strict):
                yield found._replace(others=None in judged)


def consequence(context: ServiceContext, item: BadItem) -> str:
    """What becomes of a bad item in this version: the API server sees it first, where it looks at such a list."""
    first = any(reason.origin == item.origin for reason in faults(context.asked))
    refused = "the API server refuses the Service; of one that is stored already, " if first else ""
    if not context.cluster.has(behaviours.DENY_INVALID_RANGES):
        return f"{refused}the Service stays pending"
    silent = ", and no event says so" if context.cluster.has(behaviours.SILENT_RANGE_WARNINGS) else ""
    others = " to all but the other ranges" if item.others else ""
    return f"{refused}it is dropped, and a deny-all rule closes the Service{others}{silent}"


def without_empty(context: ServiceContext, key: str) -> Fix | None:
    """Take empty items out of a list in an annotation, or the annotation where there are no others."""
    items = [trim(item) for item in (context.annotation(key) or "").split(",")]
    kept = [item for item in items if item]
    if not kept:
        return remove(context, key, applicability=UNSAFE, intended=("*",))
    return set_value(context, (*ANNOTATIONS, key), ",".join(kept), "remove the empty items", UNSAFE, ("*",))


def replaced(context: ServiceContext, item: BadItem) -> Fix | None:
    """Write the range that is meant in place of a bad one."""
    if not item.instead:
        return None
    value = item.instead
    if item.origin.path != SOURCE_RANGES:
        parts = (item.origin.raw or "").split(",")
        parts[item.index] = parts[item.index].replace(item.text, item.instead)
        value = ",".join(parts)
    return set_value(context, item.steps, value, f"write {item.instead}", UNSAFE, ("*",))


def _lists(context: ServiceContext, *, trimmed: bool) -> Iterator[tuple[Origin, tuple[str, ...]]]:
    service = context.service
    if service.load_balancer_source_ranges:
        yield source_ranges_origin(service), service.load_balancer_source_ranges
    names = [keys.ALLOWED_IP_RANGES]
    if trimmed or not service.load_balancer_source_ranges:
        names.append(keys.SOURCE_RANGES)
    for name in names:
        origin = annotation(service, name)
        if origin.raw is not None:
            yield origin, tuple(origin.raw.split(","))


def _judged(origin: Origin, index: int, text: str) -> BadItem | None:
    if not text.strip():
        return BadItem(origin, index, text, EMPTY)
    try:
        parse_network(text)
    except AddressError:
        pass
    else:
        return None
    try:
        prefix = parse_prefix(text)
    except AddressError:
        return BadItem(origin, index, text, INVALID)
    return BadItem(origin, index, text, HOST_BITS, str(prefix.masked))
