"""NetworkPolicy that lets in only pods."""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.walk import deciding


def check(context: ServiceContext) -> Iterator[Finding]:
    """Clients that are meant to get in, and that policies keep from the pods, all of them or some."""
    for client in context.clients:
        hop = deciding(client)
        if client.intended and hop.name is HopName.POLICY and hop.outcome in {Outcome.DROP, Outcome.DEPENDS}:
            hint = "Add an ipBlock to from: the clients' ranges with Local, those of the nodes with Cluster."
            yield finding_of(hop, ("spec", "ports", 0), hint)
            return


RULES = (
    Rule(
        "network-policy-lets-in-only-pods", "NetworkPolicy that lets in only pods",
        Group.PROBES, WARNING, RuleEffect.STOPS, check=check,
    ),
)  # fmt: skip
