"""Status or health port open to the internet."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import set_annotations
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.path.walk import service_port_of
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

#: Health and administration ports of Envoy, Istio, ingress-nginx and kube-proxy.
_NUMBERS = frozenset({9901, 10254, 10256, 15000, 15004, 15014, 15020, 15021, 15090})
_NAMES = frozenset({"status", "status-port", "health", "healthz", "metrics", "prometheus", "http-metrics"})


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports with a rule that everybody can reach, and nobody outside needs."""
    if not context.lets_in(ClientGroup.INTERNET):
        return
    served = {port.index: port for rule in context.rules if (port := service_port_of(context.service, rule))}
    status = [port for port in served.values() if port.port in _NUMBERS or port.name in _NAMES]
    for port in status if len(status) < len(served) else ():
        key = keys.NO_LB_RULE.for_port(port.port)
        fix = None
        if context.cluster.has(behaviours.PORT_ANNOTATIONS):
            intended = ("load_balancer.load_balancing_rules", "load_balancer.probes")
            fix = set_annotations(context, ((key, "true"),), "do without a rule for it", UNSAFE, intended)
        yield Finding(
            f"port {port.port}{f' ({port.name})' if port.name else ''} is open to everybody on the internet",
            ("spec", "ports", port.index),
            hint="Take it out of the Service if you can: without a rule the security group still opens it.",
            fix=fix,
        )


RULES = (
    Rule(
        "status-port-published", "Status or health port open to the internet",
        Group.ACCESS, WARNING, RuleEffect.EXPOSES, UNSAFE, check=check, said_of_gateway=True,
    ),
)  # fmt: skip
