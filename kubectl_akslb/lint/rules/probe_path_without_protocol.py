"""Probe path that no probe asks for."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import PROBES, set_annotations
from kubectl_akslb.lint.ineffective import NoEffect, idle
from kubectl_akslb.lint.ineffective import finding as finding_of
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours


def check(context: ServiceContext) -> Iterator[Finding]:
    """Path annotations beside Tcp probes."""
    for one in idle(context, NoEffect.TCP_PROBE):
        ports = [port for port, _, _ in context.probed if one.known.port in (None, port.port)]
        pairs = [
            (keys.PORT_PROBE_PROTOCOL.for_port(port.port), "https" if port.port in (443, 8443) else "http")
            for port in ports
        ]
        fix = None
        free = all(key not in context.service.annotations for key, _ in pairs)
        if free and context.cluster.has(behaviours.PORT_ANNOTATIONS):
            fix = set_annotations(context, pairs, "probe over http(s)", UNSAFE, PROBES)
        wanted = " and ".join(f"{key}: {value}" for key, value in pairs) if free else ""
        hint = f"Remove the path, or set {wanted}." if wanted and fix is not None else "Remove the path."
        yield finding_of(context, one, hint, offer=False)._replace(fix=fix)


RULES = (
    Rule(
        "probe-path-without-protocol", "Probe path that no probe asks for",
        Group.PROBES, WARNING, RuleEffect.IGNORED, UNSAFE, check=check,
    ),
)  # fmt: skip
