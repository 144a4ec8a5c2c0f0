"""Probe path that does not begin with a slash."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, PROBES, set_value
from kubectl_akslb.lint.keys import short
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import ANNOTATION


def check(context: ServiceContext) -> Iterator[Finding]:
    """Paths in use that are not absolute."""
    seen = set()
    for _, probe, _ in context.probed:
        path = probe.request_path
        if path is None or path.origin.kind != ANNOTATION or path.value.startswith("/") or path.origin.path in seen:
            continue
        seen.add(path.origin.path)
        steps = (*ANNOTATIONS, path.origin.path)
        wanted = "/" + path.value.strip().lstrip("/")
        yield Finding(
            f"{short(path.origin.path)} is {path.value!r}: a path begins with /",
            steps,
            hint="Azure's answer to such a path is not documented.",
            fix=set_value(context, steps, wanted, f"write {wanted}", UNSAFE, PROBES),
            confidence=Confidence.ASSUMED,
        )


RULES = (
    Rule(
        "probe-path-not-absolute", "Probe path that does not begin with a slash",
        Group.PROBES, WARNING, RuleEffect.SURPRISES, UNSAFE, check=check,
    ),
)  # fmt: skip
