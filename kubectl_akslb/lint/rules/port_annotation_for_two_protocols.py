"""Annotation that means two ports of the same number."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.keys import lookup, short
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.service import TCP
from kubectl_akslb.provider.annotations import NO_LB_RULE, PORT_PROBE_PORT


def check(context: ServiceContext) -> Iterator[Finding]:
    """Annotations that hit a port they were hardly meant for."""
    for key, value in context.service.annotations.items():
        known = lookup(key)
        if not context.handled or known is None or not known.row.is_read(context.cluster.provider_version):
            continue
        if known.row == NO_LB_RULE and value.lower() == "true":
            protocols = _protocols(context, str(known.port))
            if len(set(protocols)) > 1:
                text = f"{short(key)} takes away the rules for {' and '.join(protocols)}"
                yield Finding(text, (*ANNOTATIONS, key), True, "Give one of them a Service of its own.")
        elif known.row == PORT_PROBE_PORT:
            protocols = _protocols(context, value)
            if TCP in protocols and protocols[0] != TCP:
                text = f"{value} means the {protocols[0]} port here, where no connection is accepted"
                yield Finding(text, (*ANNOTATIONS, key), hint="Write the name of the TCP port.")


def _protocols(context: ServiceContext, number: str) -> list[str]:
    return [port.protocol for port in context.service.ports if str(port.port) == number]


RULES = (
    Rule(
        "port-annotation-for-two-protocols", "Annotation that means two ports of the same number",
        Group.RULES, WARNING, RuleEffect.SURPRISES, check=check,
    ),
)  # fmt: skip
