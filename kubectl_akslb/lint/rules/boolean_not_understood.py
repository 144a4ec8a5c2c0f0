"""Switch that is neither "true" nor "false"."""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Finding, RuleEffect
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.lint.keys import BOOLEANS, lookup, short
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.provider.annotations import INTERNAL

_YES = frozenset({"yes", "y", "on", "1", "t", "enable", "enabled"})
_PLAIN = frozenset({"true", "false", "no", "n", "off", "0", "f", "disable", "disabled", "none", ""})


def check(context: ServiceContext) -> Iterator[Finding]:
    """Switches that are not on, although they look as if they were."""
    for key, value in context.service.annotations.items():
        known, word = lookup(key), value.strip().lower()
        if not context.handled or known is None or known.row == INTERNAL or known.row.reading not in BOOLEANS:
            continue
        if word in _PLAIN or not known.row.is_read(context.cluster.provider_version):
            continue
        steps = (*ANNOTATIONS, key)
        fix = set_value(context, steps, "true", 'write "true"', UNSAFE, ("*",)) if word in _YES else None
        yield Finding(
            f"{short(key)} is {value!r}, which counts as false", steps, hint='Only "true" switches it on.', fix=fix
        )


RULES = (
    Rule(
        "boolean-not-understood", 'Switch that is neither "true" nor "false"',
        Group.KEYS, WARNING, RuleEffect.IGNORED, UNSAFE, check=check,
    ),
)  # fmt: skip
