"""Proxy protocol with an http probe."""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import probes_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.cause import Cause


def check(context: ServiceContext) -> Iterator[Finding]:
    """Probes that get a header which they do not expect."""
    return probes_found(context, {Cause.PROXY_HEADER_TO_KUBE_PROXY, Cause.PROXY_HEADER_TO_PODS})


RULES = (
    Rule(
        "pls-proxy-protocol-with-http-probe", "Proxy protocol with an http probe",
        Group.PROBES, WARNING, RuleEffect.STOPS, SAFE, check=check, probes_of="Service",
    ),
)  # fmt: skip
