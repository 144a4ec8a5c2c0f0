"""Selector that matches no pod."""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import HopName


def check(context: ServiceContext) -> Iterator[Finding]:
    """A selector beside workloads that it does not match."""
    for one in context.port_paths[:1]:
        hop = one.hop(HopName.POD)
        if any(reason.cause in _NOTHING for reason in hop.because):
            yield finding_of(hop, ("spec", "selector"), "Compare the selector with the labels of the pod template.")


_NOTHING = frozenset({Cause.SELECTOR_MATCHES_NOTHING, Cause.PODS_ELSEWHERE, Cause.PODS_END, Cause.NO_REPLICAS})


RULES = (
    Rule(
        "selector-matches-no-pod", "Selector that matches no pod",
        Group.PODS, WARNING, RuleEffect.STOPS, check=check,
    ),
)  # fmt: skip
