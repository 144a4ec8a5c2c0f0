"""Probe protocol that Azure does not know."""

from collections.abc import Iterator

from kubectl_akslb.derive.readers import trim
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, UNSAFE, WARNING, Applicability, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, PROBES, set_value
from kubectl_akslb.lint.keys import short
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.provenance import ANNOTATION


def check(context: ServiceContext) -> Iterator[Finding]:
    """Annotations that decided a protocol with a word that is none."""
    seen = set()
    for _, probe, _ in context.probed:
        origin = probe.protocol.origin
        raw = trim(origin.raw or "")
        if origin.kind != ANNOTATION or origin.path in seen or raw.lower() in ("http", "https", "tcp"):
            continue
        seen.add(origin.path)
        steps = (*ANNOTATIONS, origin.path)
        fallback = probe.protocol.value == "Tcp"
        becomes = "the probe is Tcp" if fallback else "Azure gets it as it is"
        safety: Applicability = SAFE if fallback else UNSAFE
        yield Finding(
            f"{short(origin.path)} is {origin.raw!r}, which is no probe protocol: {becomes}",
            steps,
            hint="Write http, https or tcp.",
            fix=set_value(context, steps, "tcp", "write tcp", safety, () if fallback else PROBES),
        )


RULES = (
    Rule(
        "unknown-probe-protocol", "Probe protocol that Azure does not know",
        Group.PROBES, WARNING, RuleEffect.SURPRISES, SAFE, check=check,
    ),
)  # fmt: skip
