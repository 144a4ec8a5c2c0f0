"""Dual-stack Service opened for one IP family only."""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import allows_all
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.ranges import control
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.provenance import ANNOTATION
from kubectl_akslb.model.service import IPV4, IPV6
from kubectl_akslb.provider import behaviours


def check(context: ServiceContext) -> Iterator[Finding]:
    """A range of /0 without its counterpart."""
    access = control(context)
    if access is None or len(context.service.ip_families) < 2:
        return
    if not context.cluster.has(behaviours.NO_INTERNET_BESIDE_ANY):
        return
    families = {prefix.family for prefix in access.prefixes}
    if len(families) != 1 or not allows_all(access.prefixes):
        return
    ranges = next(ranges for ranges in access.all_ranges if ranges.prefixes)
    closed = IPV4 if IPV6 in families else IPV6
    missing = closed.whole
    fix = None
    if ranges.origin.kind == ANNOTATION:
        steps = (*ANNOTATIONS, ranges.origin.path)
        fix = set_value(context, steps, f"{ranges.origin.raw},{missing}", f"add {missing}", UNSAFE, ("security_rules",))
    yield Finding(
        f"{closed} is closed: the range of every address opens one family only",
        steps_of(ranges.origin),
        hint=f"Add {missing}.",
        fix=fix,
    )


RULES = (
    Rule(
        "open-range-of-one-family", "Dual-stack Service opened for one IP family only",
        Group.ACCESS, WARNING, RuleEffect.EXPOSES, UNSAFE, check=check,
    ),
)  # fmt: skip
