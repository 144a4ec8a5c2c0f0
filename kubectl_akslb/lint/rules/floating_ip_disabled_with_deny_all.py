"""Deny-all rule on the addresses of the nodes."""

from collections.abc import Iterator

from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, remove
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """A deny rule whose destination is the nodes."""
    denied = any(rule.access.value == "Deny" for rule in context.settled.security_rules)
    if not denied or not floating_ip_disabled(context.asked):
        return
    linked = keys.PLS_CREATE in context.service.annotations
    yield Finding(
        "the deny-all rule closes every port of the nodes, to Azure's health probes too",
        (*ANNOTATIONS, keys.DISABLE_FLOATING_IP),
        True,
        "Keep the floating IP, or do without deny-all.",
        None if linked else remove(context, keys.DISABLE_FLOATING_IP, applicability=UNSAFE, intended=("*",)),
        Confidence.DOCUMENTED,
    )


RULES = (
    Rule(
        "floating-ip-disabled-with-deny-all", "Deny-all rule on the addresses of the nodes",
        Group.RULES, ERROR, RuleEffect.STOPS, UNSAFE, check=check,
    ),
)  # fmt: skip
